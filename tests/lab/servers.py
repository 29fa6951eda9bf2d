"""Servers that break the rules of HTTP, of redirects, encodings and character sets, and show their page all the same.

A browser would show the page. The truth of each: live; or, of one table, that nobody can tell.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace

import brotli  # type: ignore[import-untyped]  # ships no stubs
from backports import zstd

from audit.demo.sites import Answer
from tests.lab.situation import GOOD, LIVE, PATH, TITLE, UNKNOWN, Scenario, document, html, made, raw, to

ALIVE = frozenset({LIVE})
PAGE = GOOD.body
LENGTH = str(len(PAGE))
OTHER = f"/archive{PATH}"

HEADS = {
    "three equal lengths": f"HTTP/1.1 200 OK\nContent-Length: {LENGTH}\nContent-Length: {LENGTH}\nContent-Length: {LENGTH}\n",
    "equal lengths in one field": f"HTTP/1.1 200 OK\nContent-Length: {LENGTH}, {LENGTH}\n",
    "two lengths, the first too small": f"HTTP/1.1 200 OK\nContent-Length: 12\nContent-Length: {LENGTH}\n",
    "two lengths, the last too small": f"HTTP/1.1 200 OK\nContent-Length: {LENGTH}\nContent-Length: 12\n",
    "two lengths, one of them nothing": f"HTTP/1.1 200 OK\nContent-Length: 0\nContent-Length: {LENGTH}\n",
    "a negative length": "HTTP/1.1 200 OK\nContent-Length: -1\n",
    "a length with a plus": f"HTTP/1.1 200 OK\nContent-Length: +{LENGTH}\n",
    "a length with a fraction": f"HTTP/1.1 200 OK\nContent-Length: {LENGTH}.0\n",
    "a length in hexadecimal": f"HTTP/1.1 200 OK\nContent-Length: {len(PAGE):#x}\n",
    "a length with a unit": f"HTTP/1.1 200 OK\nContent-Length: {LENGTH} bytes\n",
    "a length in quotation marks": f'HTTP/1.1 200 OK\nContent-Length: "{LENGTH}"\n',
    "a length of forty digits": f"HTTP/1.1 200 OK\nContent-Length: {'9' * 40}\n",
    "a length of nineteen digits": "HTTP/1.1 200 OK\nContent-Length: 9223372036854775807\n",
    "a length with leading zeros": f"HTTP/1.1 200 OK\nContent-Length: 000{LENGTH}\n",
    "a length with blanks around": f"HTTP/1.1 200 OK\nContent-Length:    {LENGTH}   \n",
    "a length with a tab": f"HTTP/1.1 200 OK\nContent-Length:\t{LENGTH}\n",
    "a length far too large": "HTTP/1.1 200 OK\nContent-Length: 99999999\n",
    "a length and identity": f"HTTP/1.1 200 OK\nContent-Length: {LENGTH}\nTransfer-Encoding: identity\n",
    "identity alone": "HTTP/1.1 200 OK\nTransfer-Encoding: identity\n",
    "an unknown transfer encoding": "HTTP/1.1 200 OK\nTransfer-Encoding: utf-8\n",
    "an empty transfer encoding": f"HTTP/1.1 200 OK\nTransfer-Encoding:\nContent-Length: {LENGTH}\n",
    "chunked said of a plain page with a length": f"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Length: {LENGTH}\n",
    "a folded field": "HTTP/1.1 200 OK\nX-Long: one\n  two\n\tthree\n",
    "a fold before the first field": "HTTP/1.1 200 OK\n  lost\nX-One: 1\n",
    "a blank in a field name": f"HTTP/1.1 200 OK\nContent Length: {LENGTH}\nX One: 1\n",
    "a field without a name": "HTTP/1.1 200 OK\n: nothing\n",
    "a field name beyond ASCII": "HTTP/1.1 200 OK\nX-Caf\xe9: 1\n",
    "a field name with a slash": "HTTP/1.1 200 OK\nX/One: 1\n",
    "a field name in brackets": "HTTP/1.1 200 OK\n[X-One]: 1\n",
    "a field name with a parenthesis": "HTTP/1.1 200 OK\nX(One): 1\n",
    "a field value beyond ASCII": "HTTP/1.1 200 OK\nX-City: Gr\xfcnau\n",
    "a field value with control characters": "HTTP/1.1 200 OK\nX-Odd: a\x01b\x7fc\n",
    "a field value with an escape sequence": "HTTP/1.1 200 OK\nX-Odd: \x1b[31mred\n",
    "a blank before a field": "HTTP/1.1 200 OK\n X-One: 1\n",
    "a status line among the fields": "HTTP/1.1 200 OK\nHTTP/1.1 200 OK\n",
    "a script's warning among the fields": "HTTP/1.1 200 OK\nPHP Warning:  date() in /srv/a.php on line 4\n",
    "a script's trace among the fields": "HTTP/1.1 200 OK\nTraceback (most recent call last):\n  File a.cgi, line 3\n",
    "a field of 20 kB": f"HTTP/1.1 200 OK\nX-Long: {'y' * 20_000}\n",
    "a field of 90 kB": f"HTTP/1.1 200 OK\nX-Long: {'y' * 90_000}\n",
    "a reason phrase of 20 kB": f"HTTP/1.1 200 {'y' * 20_000}\n",
    "200 fields": "HTTP/1.1 200 OK\n" + "".join(f"X-{n}: y\n" for n in range(200)),
    "700 fields": "HTTP/1.1 200 OK\n" + "".join(f"X-{n}: y\n" for n in range(700)),
    "60 cookies": "HTTP/1.1 200 OK\n" + "".join(f"Set-Cookie: c{n}={'v' * 900}; Path=/\n" for n in range(60)),
    "cookies that are none": "HTTP/1.1 200 OK\nSet-Cookie: =\nSet-Cookie: ;;;\nSet-Cookie: a=b=c; expires=soon; path\n",
    "no phrase and no blank": "HTTP/1.1 200\n",
    "no phrase but a blank": "HTTP/1.1 200 \n",
    "two blanks before the status": "HTTP/1.1  200  OK\n",
    "a tab before the status": "HTTP/1.1\t200\tOK\n",
    "a blank before the status line": " HTTP/1.1 200 OK\n",
    "a phrase beyond ASCII": "HTTP/1.1 200 Tr\xe8s bien\n",
    "a phrase glued to the status": "HTTP/1.1 200OK\n",
    "a phrase after a hyphen": "HTTP/1.1 200-OK\n",
    "a phrase that tells of another error": "HTTP/1.1 200 404 Not Found\n",
    "HTTP/1.0": "HTTP/1.0 200 OK\n",
    "HTTP/1.0 kept alive": f"HTTP/1.0 200 OK\nConnection: keep-alive\nContent-Length: {LENGTH}\n",
    "HTTP/0.9 in a status line": "HTTP/0.9 200 OK\n",
    "HTTP/1.2": "HTTP/1.2 200 OK\n",
    "HTTP/1": "HTTP/1 200 OK\n",
    "HTTP/1.01": "HTTP/1.01 200 OK\n",
    "HTTP/1.10": "HTTP/1.10 200 OK\n",
    "HTTP/2.0": "HTTP/2.0 200 OK\n",
    "HTTP/3.0": "HTTP/3.0 200 OK\n",
    "HTTP without a version": "HTTP 200 OK\n",
    "HTTPS in the status line": "HTTPS/1.1 200 OK\n",
    "a word in place of the version": "HTTP/x.y 200 OK\n",
    "mixed case in the status line": "Http/1.1 200 Ok\n",
    "ICY": "ICY 200 OK\n",
    "a proxy that says it is connected": "HTTP/1.1 200 Connection established\nVia: 1.1 gate\n",
    "an upgrade that nobody asked for": "HTTP/1.1 200 OK\nUpgrade: h2,h2c\nConnection: Upgrade, close\n",
    "a connection field full of nonsense": "HTTP/1.1 200 OK\nConnection: nonsense, close, close\nKeep-Alive: timeout=, max=\n",
    "a date that is none": "HTTP/1.1 200 OK\nDate: yesterday\nLast-Modified: 0\nExpires: -1\n",
    "a range that nobody asked for": f"HTTP/1.1 206 Partial Content\nContent-Range: bytes 0-{len(PAGE) - 1}/{LENGTH}\n",
    "trailers announced that never come": f"HTTP/1.1 200 OK\nTrailer: X-Sum\nContent-Length: {LENGTH}\n",
}
"""Answers whose head is odd; the page follows plainly."""

HELD = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {LENGTH}\r\n\r\n".encode()
OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
CHUNKED = OPEN + b"Transfer-Encoding: chunked\r\n"
HALF = len(PAGE) // 2


def chunks(*pieces: bytes, end: bytes = b"0\r\n\r\n", size: str = "{:x}", line: bytes = b"\r\n") -> bytes:
    return b"".join(size.format(len(each)).encode() + line + each + line for each in pieces) + end


WHOLE = {
    "only line feeds in the head": HELD.replace(b"\r\n", b"\n") + PAGE,
    "line feeds, then a proper end": HELD.replace(b"\r\n", b"\n").removesuffix(b"\n") + b"\r\n" + PAGE,
    "proper lines, then a bare end": HELD.removesuffix(b"\r\n") + b"\n" + PAGE,
    "two carriage returns a line": HELD.replace(b"\r\n", b"\r\r\n") + PAGE,
    "blank lines before the head": b"\r\n\r\n" + HELD + PAGE,
    "line feeds before the head": b"\n\n\n" + HELD + PAGE,
    "a byte order mark before the head": b"\xef\xbb\xbf" + HELD + PAGE,
    "bytes after the page": HELD + PAGE + b"\r\n<!-- served in 3 ms -->\r\n",
    "another answer after the page": HELD + PAGE + b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    "100 before the answer": b"HTTP/1.1 100 Continue\r\n\r\n" + HELD + PAGE,
    "100 twice before the answer": b"HTTP/1.1 100 Continue\r\n\r\n" * 2 + HELD + PAGE,
    "102 before the answer": b"HTTP/1.1 102 Processing\r\n\r\n" + HELD + PAGE,
    "103 before the answer": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + HELD + PAGE,
    "103 before an answer that only the lenient read": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    + HELD.replace(b"HTTP/1.1", b"ICY", 1)
    + PAGE,
    "a chunk extension": CHUNKED + b"\r\n" + chunks(PAGE, size="{:x};name=value"),
    "a chunk extension in quotation marks": CHUNKED + b"\r\n" + chunks(PAGE, size='{:x} ; name="a;b"'),
    "blanks after a chunk size": CHUNKED + b"\r\n" + chunks(PAGE, size="{:x}   "),
    "blanks before a chunk size": CHUNKED + b"\r\n" + chunks(PAGE, size="  {:x}"),
    "a chunk size with zeros": CHUNKED + b"\r\n" + chunks(PAGE, size="{:08x}"),
    "a chunk size with 0x": CHUNKED + b"\r\n" + chunks(PAGE, size="0x{:x}"),
    "a chunk size in capitals": CHUNKED + b"\r\n" + chunks(PAGE, size="{:X}"),
    "chunks with line feeds": CHUNKED + b"\r\n" + chunks(PAGE[:HALF], PAGE[HALF:], line=b"\n", end=b"0\n\n"),
    "chunks without an end": CHUNKED + b"\r\n" + chunks(PAGE[:HALF], PAGE[HALF:], end=b""),
    "chunks with half an end": CHUNKED + b"\r\n" + chunks(PAGE, end=b"0\r\n"),
    "chunks that stop inside one": CHUNKED + b"\r\n" + chunks(PAGE, end=b"")[:-900],
    "chunks with a trailer": CHUNKED + b"\r\n" + chunks(PAGE, end=b"0\r\nX-Sum: 1\r\n\r\n"),
    "chunks with a broken trailer": CHUNKED + b"\r\n" + chunks(PAGE, end=b"0\r\nno colon here\r\n\r\n"),
    "chunks and bytes after them": CHUNKED + b"\r\n" + chunks(PAGE) + b"more\r\n",
    "chunks one larger than they are": CHUNKED + b"\r\n" + f"{len(PAGE) + 1:x}".encode() + b"\r\n" + PAGE + b"\r\n0\r\n\r\n",
    "chunks one smaller than they are": CHUNKED + b"\r\n" + f"{len(PAGE) - 1:x}".encode() + b"\r\n" + PAGE + b"\r\n0\r\n\r\n",
    "a chunk and then plain text": CHUNKED + b"\r\n" + chunks(PAGE[:HALF], end=b"") + PAGE[HALF:],
    "chunks and a length": CHUNKED + f"Content-Length: {LENGTH}\r\n\r\n".encode() + chunks(PAGE),
    "chunks and a length of nothing": CHUNKED + b"Content-Length: 0\r\n\r\n" + chunks(PAGE),
    "chunked said twice": CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n" + chunks(PAGE),
    "chunked, chunked": CHUNKED.replace(b": chunked", b": chunked, chunked") + b"\r\n" + chunks(PAGE),
    "Chunked with a capital": CHUNKED.replace(b": chunked", b": Chunked") + b"\r\n" + chunks(PAGE),
    "identity, chunked": CHUNKED.replace(b": chunked", b": identity, chunked") + b"\r\n" + chunks(PAGE),
    "gzip, chunked as a transfer encoding": CHUNKED.replace(b": chunked", b": gzip, chunked")
    + b"\r\n"
    + chunks(gzip.compress(PAGE)),
    "chunked with a blank before the colon": CHUNKED.replace(b"Encoding:", b"Encoding :") + b"\r\n" + chunks(PAGE),
    "chunked under HTTP/1.0": CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n" + chunks(PAGE),
    "chunked and gzip": CHUNKED + b"Content-Encoding: gzip\r\n\r\n" + chunks(gzip.compress(PAGE)),
    "chunked and gzip, without an end": CHUNKED + b"Content-Encoding: gzip\r\n\r\n" + chunks(gzip.compress(PAGE), end=b""),
    "a page of one chunk a byte": CHUNKED + b"\r\n" + chunks(*(bytes([byte]) for byte in PAGE)),
    "the head said twice": HELD + HELD + PAGE,
    "a second head from a script": OPEN + b"\r\nContent-Type: text/html\r\nX-Powered-By: PHP/4.4\r\n\r\n" + PAGE,
    "white space before the page": OPEN + b"\r\n" + b"\r\n" * 400 + PAGE,
    "a script's notice before the page": OPEN + b"\r\n<br />\n<b>Notice</b>: Undefined index in /srv/x.php<br />\n" + PAGE,
}
"""Answers byte for byte."""


def deflated(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


ENCODED = {
    "zlib called deflate": ("deflate", zlib.compress(PAGE)),
    "raw deflate called gzip": ("gzip", deflated(PAGE)),
    "raw deflate cut short": ("deflate", deflated(PAGE)[:-6]),
    "zlib cut short": ("deflate", zlib.compress(PAGE)[:-6]),
    "zlib without its sum": ("deflate", zlib.compress(PAGE)[:-4]),
    "zlib with a wrong sum": ("deflate", zlib.compress(PAGE)[:-4] + b"\0\0\0\0"),
    "gzip with a wrong sum": ("gzip", gzip.compress(PAGE)[:-8] + b"\0" * 8),
    "gzip cut short": ("gzip", gzip.compress(PAGE)[:-30]),
    "gzip and bytes after it": ("gzip", gzip.compress(PAGE) + b"\r\n\r\n"),
    "gzip in two members": ("gzip", gzip.compress(PAGE[:HALF]) + gzip.compress(PAGE[HALF:])),
    "gzip twice, said once": ("gzip", gzip.compress(gzip.compress(PAGE))),
    "gzip twice, said twice": ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
    "gzip once, said twice": ("gzip, gzip", gzip.compress(PAGE)),
    "gzip called x-gzip": ("x-gzip", gzip.compress(PAGE)),
    "gzip in capitals": ("GZIP", gzip.compress(PAGE)),
    "gzip called br": ("br", gzip.compress(PAGE)),
    "gzip called identity": ("identity", gzip.compress(PAGE)),
    "gzip called utf-8": ("utf-8", gzip.compress(PAGE)),
    "gzip called nothing": (None, gzip.compress(PAGE)),
    "gzip called none": ("none", gzip.compress(PAGE)),
    "gzip with a parameter": ("gzip;q=1.0", gzip.compress(PAGE)),
    "gzip in quotation marks": ('"gzip"', gzip.compress(PAGE)),
    "br": ("br", brotli.compress(PAGE)),
    "br called gzip": ("gzip", brotli.compress(PAGE)),
    "br called nothing": (None, brotli.compress(PAGE)),
    "br cut short": ("br", brotli.compress(PAGE)[:-8]),
    "zstd": ("zstd", zstd.compress(PAGE)),
    "zstd called gzip": ("gzip", zstd.compress(PAGE)),
    "zstd called nothing": (None, zstd.compress(PAGE)),
    "zstd in two frames": ("zstd", zstd.compress(PAGE[:HALF]) + zstd.compress(PAGE[HALF:])),
    "plain called br": ("br", PAGE),
    "plain called zstd": ("zstd", PAGE),
    "plain called deflate": ("deflate", PAGE),
    "plain called utf-8": ("utf-8", PAGE),
    "plain called UTF-8, gzip": ("UTF-8, gzip", PAGE),
    "plain called 8bit": ("8bit", PAGE),
    "plain called text/html": ("text/html", PAGE),
    "plain called compress": ("compress", PAGE),
    "plain with an empty encoding": ("", PAGE),
    "an empty gzip stream before the page": ("gzip", gzip.compress(b"") + gzip.compress(PAGE)),
    "white space before gzip": ("gzip", b"\r\n" + gzip.compress(PAGE)),
    "a byte order mark inside gzip": ("gzip", gzip.compress(b"\xef\xbb\xbf" + PAGE)),
    "plain letters beyond ASCII called gzip": ("gzip", "Ünïcödé ".encode() + PAGE),
    "plain Latin-1 called gzip": ("gzip", "Ünïcödé ".encode("latin-1") + PAGE),
}
"""What `Content-Encoding` says, and what is sent."""

RUSSIAN = "Старый мост через реку был перестроен в камне"
JAPANESE = "古い橋は石で再建された町の歴史"
CHINESE = "河上的旧桥被改建为石桥的历史"
FRENCH = "Le pont de Vellham reconstruit en pierre après l'été"
GREEK = "Η παλιά γέφυρα ξαναχτίστηκε με πέτρα"


def written(title: str, charset: str, *, meta: str = "", lang: str = "en") -> bytes:
    """A page in a character set, with what its own markup says about it."""
    return document(title, body=f"{title}. " * 30, head=meta, lang=lang).decode().encode(charset)


CHARSETS = {
    "windows-1251 said in the head": ("text/html; charset=windows-1251", written(RUSSIAN, "cp1251"), RUSSIAN),
    "windows-1251 said in the page": (
        "text/html",
        written(RUSSIAN, "cp1251", meta='<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
        RUSSIAN,
    ),
    "windows-1251 said nowhere": ("text/html", written(RUSSIAN, "cp1251", lang="ru"), RUSSIAN),
    "KOI8-R": ("text/html; charset=koi8-r", written(RUSSIAN, "koi8-r"), RUSSIAN),
    "KOI8-R said nowhere": ("text/html", written(RUSSIAN, "koi8-r", lang="ru"), RUSSIAN),
    "Shift_JIS": ("text/html; charset=Shift_JIS", written(JAPANESE, "cp932"), JAPANESE),
    "Shift_JIS called x-sjis": ("text/html", written(JAPANESE, "cp932", meta="<meta charset=x-sjis>"), JAPANESE),
    "Shift_JIS said nowhere": ("text/html", written(JAPANESE, "cp932", lang="ja"), JAPANESE),
    "EUC-JP": ("text/html; charset=euc-jp", written(JAPANESE, "euc-jp"), JAPANESE),
    "ISO-2022-JP": ("text/html; charset=iso-2022-jp", written(JAPANESE, "iso-2022-jp"), JAPANESE),
    "GB 18030 called gb2312": ("text/html; charset=gb2312", written(CHINESE, "gb18030"), CHINESE),
    "Big5": ("text/html; charset=big5", written("石橋重建的歷史與故事", "big5"), "石橋重建的歷史與故事"),
    "EUC-KR": ("text/html; charset=euc-kr", written("돌로 다시 지은 다리의 역사", "cp949"), "돌로 다시 지은 다리의 역사"),
    "Greek": ("text/html; charset=iso-8859-7", written(GREEK, "iso-8859-7"), GREEK),
    "UTF-16 with a mark": ("text/html", written(FRENCH, "utf-16"), FRENCH),
    "UTF-16 big-endian with a mark": ("text/html", b"\xfe\xff" + written(FRENCH, "utf-16-be"), FRENCH),
    "UTF-16 without a mark, said in the head": ("text/html; charset=utf-16le", written(FRENCH, "utf-16-le"), FRENCH),
    "UTF-16 without a mark, said nowhere": ("text/html", written(FRENCH, "utf-16-le"), FRENCH),
    "UTF-8 that says it is UTF-16": ("text/html", written(FRENCH, "utf-8", meta='<meta charset="utf-16">'), FRENCH),
    "UTF-8 under a Latin-1 head and a mark": (
        "text/html; charset=iso-8859-1",
        b"\xef\xbb\xbf" + written(FRENCH, "utf-8"),
        FRENCH,
    ),
    "UTF-8 under a Latin-1 head": ("text/html; charset=iso-8859-1", written(FRENCH, "utf-8"), FRENCH),
    "Latin-1 under a UTF-8 head": ("text/html; charset=utf-8", written(FRENCH, "latin-1"), FRENCH),
    "windows-1252 called ISO-8859-1": (
        "text/html; charset=ISO-8859-1",
        written("A bridge – “rebuilt” in stone at Vellham", "cp1252"),
        "A bridge – “rebuilt” in stone at Vellham",
    ),
    "the charset after three kilobytes": (
        "text/html",
        written(RUSSIAN, "cp1251", meta="<!--" + "x" * 3000 + '--><meta charset="windows-1251">'),
        RUSSIAN,
    ),
    "a charset nobody knows": ("text/html; charset=none", written(FRENCH, "utf-8"), FRENCH),
    "a charset in quotation marks": ("text/html; charset='utf-8'", written(FRENCH, "utf-8"), FRENCH),
    "a charset called utf8": ("text/html;charset=utf8", written(FRENCH, "utf-8"), FRENCH),
    "two charsets in the head": ("text/html; charset=utf-8; charset=iso-8859-1", written(FRENCH, "utf-8"), FRENCH),
    "an xml declaration": (
        "application/xhtml+xml",
        b'<?xml version="1.0" encoding="windows-1251"?>' + written(RUSSIAN, "cp1251"),
        RUSSIAN,
    ),
}
"""Content type, body, and the cited title, which stands on the page."""

TYPES = {
    "text/plain": "text/plain",
    "text/plain with a charset": "text/plain; charset=utf-8",
    "octet-stream": "application/octet-stream",
    "an empty type": "",
    "a type said twice": "text/html text/html",
    "a type with a comma": "text/html, text/html; charset=utf-8",
    "a type without a slash": "html",
    "a type in quotation marks": '"text/html"',
    "a type in capitals": "TEXT/HTML",
    "a type with a blank before the parameter": "text/html ;charset=utf-8",
    "a star": "*/*",
    "an image": "image/jpeg",
    "a server's name for scripts": "application/x-httpd-php",
    "the type of a download": "application/force-download",
    "XML": "text/xml",
    "XHTML": "application/xhtml+xml",
    "a type nobody knows": "magnus-internal/cgi",
    "unknown": "unknown",
    "a document of WAP": "application/vnd.wap.xhtml+xml",
}
"""What an HTML page is called."""

TARGETS = {
    "a location without a scheme": "//{host}" + OTHER,
    "a location of a query only": "?to=there",
    "a location of two dots": "../../../archive" + PATH,
    "a location of one dot": "./the-bridge-at-vellham-was-rebuilt/x",
    "a location with backslashes": OTHER.replace("/", "\\"),
    "a location with a scheme and backslashes": "http:\\\\{host}" + OTHER.replace("/", "\\"),
    "a location with one slash after the scheme": "http:/" + OTHER.removeprefix("/"),
    "a location with three slashes": "http:///{host}" + OTHER,
    "a location in quotation marks": '"' + OTHER + '"',
    "a location with a raw blank": "/archive copy" + PATH,
    "a location with raw UTF-8": "/arch\xc3\xa9" + PATH,
    "a location with raw Latin-1": "/arch\xe9" + PATH,
    "a location with a tab inside": "/arch\tive" + PATH,
    "a location with an entity": "/archive" + PATH + "?a=1&amp;b=2",
    "a location with user information": "http://reader@{host}" + OTHER,
    "a location with the port": "http://{host}:80" + OTHER,
    "a location with an empty port": "http://{host}:" + OTHER,
    "a location in capitals": "HTTP://{HOST}" + OTHER,
    "a location with a final dot in the host": "http://{host}." + OTHER,
    "a location at www": "http://www.{host}" + OTHER,
    "a location with a percent sign alone": "/100%" + PATH,
    "a location with brackets": OTHER + "?a[]=1|2^{3}",
    "a location with two slashes in its path": "//{host}//archive" + PATH,
    "a location with a fragment of a script": OTHER + "#!/page/1",
}
"""Where a redirect leads; every path but the cited one shows the page."""

STATUSES = {
    "a 200 with a location": Answer(headers=(("Location", "/"),), body=PAGE),
    "a 201 with a location": Answer(http_status=201, headers=(("Location", "/elsewhere"),), body=PAGE),
    "a 202 with the page": Answer(http_status=202, body=PAGE),
    "a 206 nobody asked for": Answer(http_status=206, body=PAGE),
    "a 226": Answer(http_status=226, body=PAGE),
    "a 218 that means fine": Answer(http_status=218, body=PAGE),
    "a 299": Answer(http_status=299, body=PAGE),
}

REFRESHES = {
    "in the usual spelling": "0; url={to}",
    "in capitals": "0;URL={to}",
    "with blanks around the sign": "0; url = {to}",
    "with a comma": "0, url={to}",
    "in single quotation marks": "0; url='{to}'",
    "in double quotation marks": '0; url="{to}"',
    "with a quotation mark that is never closed": "0; url='{to}",
    "without the word": "0; {to}",
    "without the sign between": "0 url={to}",
    "with a fraction": "0.5; url={to}",
    "with no number before the point": ".1; url={to}",
    "with a blank before": " 3 ; url={to}",
    "after ten seconds": "10; url={to}",
    "with a semicolon at the end": "0; url={to};",
    "with a whole address": "1; url=http://{host}{to}",
}
SCRIPTS = {
    "location": 'location = "{to}"',
    "window.location": "window.location='{to}'",
    "window.location.href": "window.location.href = '{to}';",
    "window.location.replace": "window.location.replace('{to}')",
    "window.location.assign": "window.location.assign( '{to}' );",
    "location.href": "location.href='{to}'",
    "location.replace": 'location.replace( "{to}" )',
    "self.location": "self.location='{to}'",
    "self.location.replace": "self.location.replace('{to}')",
    "top.location": "top.location='{to}'",
    "top.location.href": "top.location.href='{to}'",
    "parent.location.href": "parent.location.href='{to}'",
    "document.location": "document.location='{to}'",
    "document.location.href": 'document.location.href = "{to}"',
    "document.location.replace": "document.location.replace('{to}');",
    "top.location.replace": "top.location.replace('{to}')",
    "window.top.location": "window.top.location = '{to}'",
    "window.top.location.href": "window.top.location.href='{to}'",
    "window.parent.location": "window.parent.location='{to}'",
    "window.self.location": "window.self.location.href='{to}'",
    "window.document.location": "window.document.location='{to}'",
    "self.document.location": "self.document.location='{to}'",
    "globalThis.location": "globalThis.location.href='{to}'",
    "window['location']": "window['location']='{to}'",
    "window['location']['href']": "window['location']['href']='{to}'",
    "location in a template string": "location.href=`{to}`",
    "location with escaped slashes": "location.href='{escaped}'",
    "location in a timer": "setTimeout(function(){ location.href='{to}' }, 500)",
    "location in a timer of text": "setTimeout(\"location.href='{to}'\", 100)",
    "location in an onload": "window.onload = function() { window.location = '{to}' }",
    "location in an old comment": "<!--\nwindow.location='{to}'\n//-->",
    "location twice, the same": "try { top.location.replace('{to}') } catch (e) { location.href = '{to}' }",
}


NOTHING = {
    "the page and nothing before it": Answer(raw=PAGE),
    "NUL bytes in the head": Answer(raw=HELD.replace(b"\r\n", b"\r\nX-Odd: \0\0\r\n", 1) + PAGE),
    "a status of four digits": Answer(raw=HELD.replace(b"200", b"2000", 1) + PAGE),
    "a status of two digits": Answer(raw=HELD.replace(b"200", b"20", 1) + PAGE),
    "a status of letters": Answer(raw=HELD.replace(b"200", b"abc", 1) + PAGE),
    "a status of zeros": Answer(raw=HELD.replace(b"200", b"000", 1) + PAGE),
    "the banner of a mail server": Answer(raw=b"220 mail.vellham.example ESMTP\r\n"),
    "the banner of a file server": Answer(raw=b"220 (vsFTPd 3.0.3)\r\n530 Please login with USER and PASS.\r\n"),
    "the banner of a news server": Answer(raw=b"200 news.vellham.example InterNetNews ready\r\n"),
    "the answer of a database": Answer(raw=b"J\0\0\0\n5.7.9\0"),
    "the answer of a secure port": Answer(raw=b"\x15\x03\x01\0\x02\x02F"),
    "the answer of a telephone": Answer(raw=b"SIP/2.0 200 OK\r\nCSeq: 0\r\n\r\n"),
    "a 300 without a location": Answer(http_status=300, body=PAGE),
    "a 302 without a location and the page": Answer(http_status=302, body=PAGE),
    "a 302 with an empty location": Answer(http_status=302, headers=(("Location", ""),), body=PAGE),
    "a 302 whose location is no address": to("http://[::1/x"),
    "a 302 whose location has no host": to("http://"),
    "a 302 into an app": to("intent://open/#Intent;end"),
    "a 302 to a script": to("javascript:void(0)"),
    "a 304": Answer(http_status=304),
    "a 305": Answer(http_status=305, headers=(("Location", "http://proxy.vellham.example/"),)),
    "a 306": Answer(http_status=306, body=PAGE),
    "bytes that nothing decodes": Answer(body=bytes(range(128, 256)) * 9, headers=(("Content-Encoding", "gzip"),)),
}
"""What a browser would not show as the page; the request or the server may be at fault, so nobody can tell."""

STORY = "/2019/05/the-bridge-at-vellham"
SPELLINGS = {
    "a full stop at the end": (f"{STORY}.html.", f"{STORY}.html", "url.trailing-punctuation"),
    "a comma at the end": (f"{STORY}.html,", f"{STORY}.html", "url.trailing-punctuation"),
    "a semicolon at the end": (f"{STORY}.html;", f"{STORY}.html", "url.trailing-punctuation"),
    "a colon at the end": (f"{STORY}:", STORY, "url.trailing-punctuation"),
    "an exclamation mark at the end": (f"{STORY}!", STORY, "url.trailing-punctuation"),
    "an apostrophe at the end": (f"{STORY}'", STORY, "url.trailing-punctuation"),
    "an acute accent at the end": (f"{STORY}%C2%B4", STORY, "url.trailing-punctuation"),
    "a hyphen at the end": (f"{STORY}-", STORY, "url.trailing-punctuation"),
    "a dash at the end": (f"{STORY}%E2%80%93", STORY, "url.trailing-punctuation"),
    "an ellipsis at the end": (f"{STORY}%E2%80%A6", STORY, "url.trailing-punctuation"),
    "three full stops at the end": (f"{STORY}...", STORY, "url.trailing-punctuation"),
    "a closing quotation mark at the end": (f"{STORY}%E2%80%9D", STORY, "url.trailing-punctuation"),
    "a closing guillemet at the end": (f"{STORY}%C2%BB", STORY, "url.trailing-punctuation"),
    "a closing bracket at the end": (f"{STORY})", STORY, "url.trailing-punctuation"),
    "a bracket and a full stop at the end": (f"{STORY}).", STORY, "url.trailing-punctuation"),
    "a bracket and a comma at the end": (f"{STORY}.htm),", f"{STORY}.htm", "url.trailing-punctuation"),
    "a bracket too many at the end": (f"{STORY}_(old))", f"{STORY}_(old)", "url.trailing-punctuation"),
    "an escaped quotation mark at the end": (f"{STORY}%22", STORY, "url.trailing-punctuation"),
    "an escaped curly quotation mark at the end": (f"{STORY}%E2%80%9D", STORY, "url.trailing-punctuation"),
    "an escaped bracket at the end": (f"{STORY}%5D", STORY, "url.lone-bracket"),
    "an escaped full stop at the end": (f"{STORY}%2E", STORY, "url.trailing-punctuation"),
    "an escaped comma at the end": (f"{STORY}%2C", STORY, "url.trailing-punctuation"),
    "an escaped blank at the end": (f"{STORY}%20", STORY, "url.trailing-punctuation"),
    "an escaped no-break space at the end": (f"{STORY}%C2%A0", STORY, "url.trailing-punctuation"),
    "a letter twice in html": (f"{STORY}.htmll", f"{STORY}.html", "url.doubled-letter"),
    "a letter twice in htm": (f"{STORY}.hhtm", f"{STORY}.htm", "url.doubled-letter"),
    "a letter twice in pdf": (f"{STORY}.ppdf", f"{STORY}.pdf", "url.doubled-letter"),
    "a letter twice in aspx": (f"{STORY}.asppx", f"{STORY}.aspx", "url.doubled-letter"),
    "a letter twice in php before its query": (f"{STORY}.phpp?id=7", f"{STORY}.php?id=7", "url.doubled-letter"),
    "escapes escaped": (f"{STORY}%252Cold", f"{STORY}%2Cold", "url.double-encoding"),
    "escaped letters escaped": ("/2019/caf%25C3%25A9-at-the-bridge", "/2019/caf%C3%A9-at-the-bridge", "url.double-encoding"),
    "a full stop after the query": (f"{STORY}?id=7.", f"{STORY}?id=7", "url.trailing-punctuation"),
}
"""What is cited and answers 404; what shows the page; the advice."""


def servers() -> Iterator[Scenario]:
    """All of them."""
    for name, head in HEADS.items():
        yield _alive(f"head: {name}", raw(f"{head}Content-Type: text/html\n", PAGE))
    for name, whole in WHOLE.items():
        yield _alive(f"answer: {name}", Answer(raw=whole))
    for name, (announced, body) in ENCODED.items():
        said = (("Content-Encoding", announced),) if announced is not None else ()
        yield _alive(f"encoding: {name}", Answer(body=body, headers=said))
    for name, (kind, body, title) in CHARSETS.items():
        yield _alive(f"charset: {name}", Answer(body=body, content_type=kind), title=title)
    for name, kind in TYPES.items():
        yield _alive(f"type: {name}", Answer(body=PAGE, content_type=kind))
    yield _alive("type: none at all", raw(f"HTTP/1.1 200 OK\nContent-Length: {LENGTH}\n", PAGE))
    for name, answer in STATUSES.items():
        yield _alive(f"status: {name}", answer)
    yield from _moved()
    for name, (cited, shown, advice) in SPELLINGS.items():
        yield made("live", f"spelling: {name}", None, states=ALIVE, path=cited, pages={shown: GOOD}, proof=advice)
    for name, nothing in NOTHING.items():
        yield made("odd", f"answer: {name}", nothing, states=frozenset({UNKNOWN}), weeks=frozenset({UNKNOWN}))


def _moved() -> Iterator[Scenario]:
    """Answers that send their reader on, in every spelling."""
    for name, written in TARGETS.items():
        yield _sent(f"redirect: {name}", lambda to: raw(f"HTTP/1.1 302 Found\nLocation: {to}\nContent-Length: 0\n", b""), written)
    for name, written in REFRESHES.items():
        yield _sent(f"refresh header: {name}", lambda to: Answer(body=b"<p>Moved</p>", headers=(("Refresh", to),)), written)
        if '"' not in written:
            yield _sent(f"meta refresh: {name}", _refreshing, written)
    for name, code in SCRIPTS.items():
        yield _sent(f"script: {name}", lambda to: Answer(body=f"<html><head><script>{to}</script></head></html>".encode()), code)


def _refreshing(written: str) -> Answer:
    return html("Moved", body="", head=f'<meta http-equiv="Refresh" content="{written}">')


def _alive(name: str, answer: Answer, *, title: str = TITLE) -> Scenario:
    return made("live", name, answer, states=ALIVE, title=title, proof="content.matches")


def _sent(name: str, answer: Callable[[str], Answer], written: str) -> Scenario:
    """The cited path answers with what `answer` makes of the target; all others show the page."""
    here = made("live", name, None, states=ALIVE, otherwise=GOOD, proof="content.matches")
    host = here.site.host
    for mark, meaning in {"{host}": host, "{HOST}": host.upper(), "{to}": OTHER, "{escaped}": OTHER.replace("/", "\\/")}.items():
        written = written.replace(mark, meaning)
    return replace(here, site=replace(here.site, pages={PATH: answer(written), f"{PATH}?to=there": GOOD}))
