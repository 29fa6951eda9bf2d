<?php
// What the tests add to the settings that the installer wrote. `X-Wiki-...` headers change the wiki for one request.
$header = static fn ( $name ) => $_SERVER['HTTP_X_WIKI_' . $name] ?? null;

$wgServer = 'http://' . ( $_SERVER['HTTP_HOST'] ?? '127.0.0.1' );
$wgScriptPath = '/w';
$wgArticlePath = '/wiki/$1';
$wgUsePathInfo = true;
$wgCacheDirectory = getenv( 'WIKI_CACHE' );
$wgUploadDirectory = getenv( 'WIKI_DATA' );
$wgLocalisationCacheConf['store'] = 'array';
$wgLanguageCode = $header( 'LANGUAGE' ) ?: 'en';

// Nothing runs later and nothing is remembered: an answer shows what the pages say now.
$wgJobRunRate = 0;
$wgMainCacheType = $wgParserCacheType = $wgMessageCacheType = CACHE_NONE;
$wgSessionCacheType = CACHE_DB;
$wgEnableSidebarCache = $wgUseFileCache = false;
$wgInvalidateCacheOnLocalSettingsChange = false;

// Real articles: up to 8 MiB of text, 400 citations through Lua.
$wgMaxArticleSize = 8192;
$wgDiffEngine = 'wikidiff2';
$wgScribuntoDefaultEngine = 'luastandalone';
$wgScribuntoEngineConf['luastandalone']['luaPath'] = '/usr/bin/lua5.1';
$wgScribuntoEngineConf['luastandalone']['cpuLimit'] = 60;
$wgScribuntoEngineConf['luastandalone']['memoryLimit'] = 512 * 1024 * 1024;
$wgAPIMaxResultSize = (int)( $header( 'RESULT_SIZE' ) ?: 8 * 1024 * 1024 );

// CS1 wants this tag; its extension is not packaged. Nothing of it is shown.
$wgHooks['ParserFirstCallInit'][] = static fn ( $parser ) => $parser->setHook( 'templatestyles', static fn () => '' ) ?: true;

if ( $header( 'READONLY' ) ) {
	$wgReadOnly = $header( 'READONLY' );
}
if ( $header( 'RATELIMIT' ) ) {
	$wgRateLimits['edit'] = [ '&can-bypass' => false, 'user' => [ 0, 3600 ], 'ip' => [ 0, 3600 ], 'newbie' => [ 0, 3600 ] ];
}
if ( $header( 'PRIVATE' ) ) {
	$wgGroupPermissions['*']['read'] = false;
}
if ( $header( 'ERROR' ) ) {
	// Any error of the API by its code, in the wiki's own way.
	$wgHooks['ApiCheckCanExecute'][] = static function ( $module, $user, &$message ) use ( $header ) {
		$message = ApiMessage::create( 'apierror-ratelimited', $header( 'ERROR' ) );
		return false;
	};
}
if ( $header( 'CRASH' ) ) {
	$wgHooks['ApiCheckCanExecute'][] = static function () {
		throw new RuntimeException( 'asked to crash' );
	};
}
if ( $header( 'ECHO' ) ) {
	// A template that this wiki lacks returns its arguments: what is cited inside it is rendered.
	$wgHooks['BeforeParserFetchTemplateRevisionRecord'][] = static function ( $context, $title, &$skip, &$revision ) {
		if ( !$title || $title->isExternal() || $title->inNamespaces( NS_MEDIAWIKI, 828 ) || $title->exists() ) {
			return true;
		}
		$revision = new MediaWiki\Revision\MutableRevisionRecord( $title );
		$revision->setContent( MediaWiki\Revision\SlotRecord::MAIN, new WikitextContent( '{{#invoke:Echo|main}}' ) );
		return true;
	};
}
