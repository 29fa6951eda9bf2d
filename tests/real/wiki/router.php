<?php
// The paths of a Wikimedia wiki over PHP's own server: /w/x.php, /x.php, /wiki/Title, /rest.php/... and /w/rest.php/...
$path = rawurldecode( parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
if ( preg_match( '~^/wiki(/.*)?$~s', $path, $parts ) ) {
	$script = 'index.php';
	$rest = '';
} elseif ( preg_match( '~^(?:/w)?/(api|index|load|rest)\.php(/.*)?$~s', $path, $parts ) ) {
	$script = $parts[1] . '.php';
	$rest = $parts[2] ?? '';
} else {
	http_response_code( $path === '/' ? 302 : 404 );
	header( $path === '/' ? 'Location: /wiki/' : 'Content-Type: text/plain' );
	return true;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = "/w/$script";
$_SERVER['SCRIPT_FILENAME'] = $_SERVER['DOCUMENT_ROOT'] . "/$script";
unset( $_SERVER['PATH_INFO'], $_SERVER['ORIG_PATH_INFO'] );
if ( $rest !== '' ) {
	$_SERVER['PATH_INFO'] = $rest;
}
chdir( $_SERVER['DOCUMENT_ROOT'] );
require $_SERVER['SCRIPT_FILENAME'];
