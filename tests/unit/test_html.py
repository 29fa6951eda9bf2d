"""Pages as browsers read them: character sets, names, redirects, marks, and caps that hostile markup cannot pass."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from audit import html

MEGABYTE = 1_048_576


def page(body: str | bytes, content_type: str | None = "text/html", **options: Any) -> html.Page:
    return html.page(body.encode() if isinstance(body, str) else body, content_type=content_type, **options)


BRIDGE = "\u041c\u043e\u0441\u0442 \u0447\u0435\u0440\u0435\u0437 \u0440\u0435\u043a\u0443, \u0434\u043b\u0438\u043d\u043d\u0430\u044f \u0438\u0441\u0442\u043e\u0440\u0438\u044f"
CHARSETS = {
    "byte order mark before the header": ("\u00e9".encode("utf-8-sig"), "text/html; charset=koi8-r", "\u00e9", "utf-8"),
    "UTF-16 by its mark": ("\u00e9".encode("utf-16"), None, "\u00e9", "utf-16-le"),
    "UTF-16, big end first": (b"\xfe\xff" + "\u00e9".encode("utf-16-be"), None, "\u00e9", "utf-16-be"),
    "header": (BRIDGE.encode("koi8-r"), "text/html; charset=KOI8-R", BRIDGE, "koi8-r"),
    "header in quotation marks": (BRIDGE.encode("cp1251"), "text/html;charset='windows-1251'", BRIDGE, "windows-1251"),
    "header before the meta element": (b'<meta charset="koi8-r">\xe9', "text/html; charset=latin1", "\u00e9", "windows-1252"),
    "meta element": (b'<meta charset="windows-1251">' + BRIDGE.encode("cp1251"), "text/html", BRIDGE, "windows-1251"),
    "old meta element": (
        b'<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">' + "\u6a4b\u2460".encode("cp932"),
        "text/html",
        "\u6a4b\u2460",
        "cp932",
    ),
    "meta element that cannot mean UTF-16": ('<meta charset="utf-16">\u00e9'.encode(), "text/html", "\u00e9", "utf-8"),
    "Latin-1 is what Windows makes of it": (b"\x93a\x94", "text/html; charset=iso-8859-1", "\u201ca\u201d", "windows-1252"),
    "no label, UTF-8": ("\u00e9".encode(), "text/html", "\u00e9", "utf-8"),
    "no label, a guess": ((BRIDGE * 9).encode("cp1251"), "text/html", BRIDGE * 9, "windows-1251"),
    "a label nobody knows": ("\u00e9".encode(), "text/html; charset=nonsense", "\u00e9", "utf-8"),
    "a codec of Python that is no web encoding": (b"caf\\u00e9", "text/html; charset=unicode_escape", "caf\\u00e9", "utf-8"),
    "a codec of Python that is no text": (b"616263", "text/html; charset=hex", "616263", "utf-8"),
    "bytes that cannot be read": (b"a\xffb", "text/html; charset=utf-8", "a\ufffdb", "utf-8"),
}


@pytest.mark.parametrize(("body", "content_type", "text", "charset"), CHARSETS.values(), ids=CHARSETS.keys())
def test_the_character_set_is_the_one_a_browser_takes(body: bytes, content_type: str | None, text: str, charset: str) -> None:
    shown = page(body, content_type)

    assert (shown.text, shown.charset) == (text, charset)


def test_a_character_set_that_is_known_from_elsewhere_comes_first() -> None:
    shown = page(BRIDGE.encode("koi8-r"), "text/html; charset=windows-1251", charset="koi8-r")

    assert shown.text == BRIDGE


def test_a_page_shows_its_names() -> None:
    shown = page(
        "<html lang=de><base href=/b/><title> A\n long <b>story</title><meta name=Description content='A bridge'>"
        "<meta property='og:title' content='A story'><meta property='og:title' content='Another'>"
        "<link rel='alternate CANONICAL' href=/c><meta name=robots content=noindex><h1>A <i>very</i> long story</h1>"
    )

    assert (shown.title, shown.og_title, shown.h1) == ("A long <b>story", "A story", "A very long story")
    assert (shown.description, shown.canonical, shown.robots) == ("A bridge", "/c", "noindex")
    assert (shown.language, shown.base) == ("de", "/b/")


def test_what_is_not_there_is_none() -> None:
    shown = page("<title> </title><h1></h1><link rel=canonical>")

    assert (shown.title, shown.h1, shown.canonical, shown.description, shown.refresh) == (None,) * 5


def test_the_title_of_a_picture_is_not_the_title_of_the_page() -> None:
    shown = page("<body><svg><title>Logo</title></svg><title>Bridges</title>")

    assert shown.title == "Bridges"


def test_the_text_is_what_a_reader_sees_and_words_of_navigation_do_not_count() -> None:
    shown = page(
        "<title>T</title><header>Paper <nav>Home News</nav></header><p>Three plain words</p><script>no()</script><style>no</style>"
        "<template>no</template><noscript>no</noscript><iframe>no</iframe><footer>Imprint</footer>"
    )

    assert shown.text == "Paper Home News Three plain words Imprint"
    assert shown.word_count == 3


def test_a_page_that_is_nothing_without_scripts_says_so() -> None:
    shown = page("<noscript>Please enable JavaScript to view this site.</noscript><div id=root></div><script src=a.js></script>")

    assert shown.text == "Please enable JavaScript to view this site."
    assert {"needs-js", "app-root", "scripts"} <= shown.flags


REFRESHES = {
    "plain": ("0;url=/next", (0.0, "/next")),
    "capitals and spaces": (" 5 ; URL = /next ", (5.0, "/next")),
    "in quotation marks": ("0; url='/next' and more", (0.0, "/next")),
    "comma": ("3,/next", (3.0, "/next")),
    "only a space": ("3 /next", (3.0, "/next")),
    "part of a second": (".5;url=/next", (0.5, "/next")),
    "semicolon and quotation mark in the address": ('0;url=/next?a;b"c', (0.0, '/next?a;b"c')),
    "a page that begins like the word": ("0;urls.html", (0.0, "urls.html")),
    "no address": ("30", (30.0, "")),
    "empty address": ("0;url=", (0.0, "")),
    "no seconds": ("url=/next", None),
    "less than nothing": ("-1;url=/next", None),
    "seconds run into the address": ("5next", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("written", "target"), REFRESHES.values(), ids=REFRESHES.keys())
def test_a_refresh_has_seconds_and_an_address(written: str, target: tuple[float, str] | None) -> None:
    found = html.refresh_target(written)

    assert found == target


def test_the_first_refresh_that_leads_somewhere_counts() -> None:
    shown = page("<meta http-equiv=refresh content=60><meta http-equiv=' Refresh ' content='5;url=/next'>")

    assert shown.refresh == (5.0, "/next")


@pytest.mark.parametrize("place", ["<head>{}</head><body>", "<body>{}"], ids=["head", "body"])
def test_a_refresh_for_readers_without_scripts_is_ignored(place: str) -> None:
    shown = page(place.format("<noscript><meta http-equiv=refresh content='0;url=/no-script'></noscript>"))

    assert shown.refresh is None


def test_a_refresh_in_a_comment_is_ignored() -> None:
    shown = page("<!-- <meta http-equiv=refresh content='0;url=/next'> -->")

    assert shown.refresh is None


SCRIPTS = {
    "location": ("location = '/next'", "/next"),
    "window.location.href": ('window.location.href="/next";', "/next"),
    "document.location": ("document.location='/next'", "/next"),
    "replace": ("location.replace( '/next' )", "/next"),
    "assign": ("top.location.assign('/next')", "/next"),
    "in a timer": ("setTimeout(\"location='/next'\", 5)", "/next"),
    "the same twice": ("location='/next'; location.href='/next'", "/next"),
    "through the window": ("window.top.location.href = '/next'", "/next"),
    "by its name": ("window['location']['href']='/next'", "/next"),
    "escaped slashes": ("location='\\/next'", "/next"),
    "a template string": ("location = `/next`", "/next"),
    "beside a line comment": ("// location = '/before'\nlocation = '/next'", "/next"),
    "only in a line comment": ("  // location = '/next'", None),
    "only in a block comment": ("/* location =\n '/a'; location = '/next' */", None),
    "a variable of that name": ("var location = 'Vellham'", None),
    "a template string with a gap": ("location = `/next/${here}`", None),
    "two addresses": ("if (a) location='/one'; else location='/two'", None),
    "comparison": ("if (location.href == '/next') a()", None),
    "another variable": ("mylocation = '/next'; the.location = '/next'", None),
    "built from parts": ("location = '/next?from=' + here", None),
    "not a literal": ("location = next", None),
}


@pytest.mark.parametrize(("script", "target"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_a_script_redirect_is_one_literal_that_becomes_the_location(script: str, target: str | None) -> None:
    shown = page(f"<script>{script}</script>")

    assert shown.script_location == target


def test_a_page_with_text_of_its_own_is_not_a_script_redirect() -> None:
    shown = page("<script>location='/next'</script>" + "<p>Many words of a long story about bridges. " * 20)

    assert shown.script_location is None


FLAGS = {
    "password-field": "<input type=password>",
    "form": "<form></form>",
    "frames": "<iframe></iframe>",
    "scripts": "<script></script>",
    "images": "<picture></picture>",
    "app-root": "<div id=__next></div>",
    "captcha": "<div class=g-recaptcha></div>",
    "not-free": '<script type="application/ld+json">{"isAccessibleForFree": false}</script>',
    "mark:cf-challenge": "<script>window._cf_chl_opt={}</script>",
    "mark:parking-key": "<html data-adblockkey=x>",
    "mark:parking-ads": '<script src="https://www.google.com/adsense/domains/caf.js"></script>',
    "mark:lander": '<script>window.location.href="/lander"</script>',
}


@pytest.mark.parametrize(("flag", "body"), FLAGS.items())
def test_a_mark_in_the_markup_is_recorded(flag: str, body: str) -> None:
    shown = page(body)

    assert flag in shown.flags


MARKUP = {
    "letters of both cases": "<INPUT Type=PassWord>",
    "quotation marks and gaps": "<input\n type = 'password' >",
    "beside other things": '<input class=x id=y type="password"/>',
}


@pytest.mark.parametrize("body", MARKUP.values(), ids=MARKUP.keys())
def test_a_mark_is_recorded_however_its_element_is_written(body: str) -> None:
    assert "password-field" in page(body).flags


@pytest.mark.parametrize(("mark", "selector"), [(name, each) for name, chosen, _ in html.MARKS for each in chosen.split(", ")])
def test_every_element_that_a_mark_stands_for_is_seen(mark: str, selector: str) -> None:
    """The tree is searched only for what the markup can hold."""
    kind, name = selector[:1], selector.strip("#.[]")
    tag, inside = selector.rstrip("]").partition("[")[::2]
    body = {"#": f"<div id={name}>", ".": f"<div class={name}>"}.get(kind, f"<{tag or 'div'} {inside}>")

    shown = page(f"<frameset>{body}" if tag == "frame" else body)

    assert mark in shown.flags


def test_a_plain_page_has_no_marks() -> None:
    shown = page("<title>Bridges</title><p>Words about passwords, captcha and Cloudflare.")

    assert shown.flags == frozenset()


NOT_FREE = (
    '<script type="application/ld+json">{"isAccessibleForFree" : false}</script>',
    '<script type="application/ld+json">{"isAccessibleForFree":"False"}</script>',
    '<script type="application/ld+json">{"isAccessibleForFree":\n  false}</script>',
    '<meta itemprop="isAccessibleForFree" content="false">',
    '<meta property="article:content_tier" content="locked">',
)


@pytest.mark.parametrize("body", NOT_FREE)
def test_a_page_says_in_many_ways_that_it_is_not_free(body: str) -> None:
    assert "not-free" in page(body).flags


@pytest.mark.parametrize("body", ['<script>{"isAccessibleForFree": true}</script>', "<p>isAccessibleForFree is false here."])
def test_a_page_that_is_free_does_not_say_otherwise(body: str) -> None:
    assert "not-free" not in page(body).flags


RELOADS = {"0": True, "5": True, "10.5 ": True, "300": False, "0; url=/next": False}


@pytest.mark.parametrize(("content", "expected"), RELOADS.items())
def test_a_page_that_has_itself_asked_for_again_at_once_reloads(content: str, *, expected: bool) -> None:
    shown = page(f'<meta http-equiv="Refresh" content="{content}"><p>Wait')

    assert ("reloads" in shown.flags) is expected


def test_what_scripts_do_with_cookies_is_recorded_only_where_nothing_else_is_shown() -> None:
    script = "<script>document.cookie='a=1';location.reload()</script>"

    assert {"mark:sets-cookie", "mark:starts-again"} <= page(script).flags
    assert page(script + "<p>Bridges carry people over water. " * 40).flags == {"scripts"}


MAGIC = {
    "pdf": b"%PDF-1.7",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff\xe0",
    "gif": b"GIF89a",
    "webp": b"RIFF\x10\0\0\0WEBPVP8 ",
    "zip": b"PK\x03\x04",
    "gzip": b"\x1f\x8b\x08",
    "mp4": b"\0\0\0\x18ftypmp42",
    "mp3": b"ID3\x03\0",
    "bmp": b"BM\x36\0\1\0\0\0\0\0",
    "xml": b"\n<?xml version='1.0'?>",
    "html": b"\xef\xbb\xbf <!-- a --> <!-- b -->\n<!DOCTYPE html>",
}


@pytest.mark.parametrize(("name", "body"), MAGIC.items())
def test_the_first_bytes_show_the_type_of_a_file(name: str, body: bytes) -> None:
    shown = html.magic(body)

    assert shown == name


@pytest.mark.parametrize(
    "body", [b"", b"plain words", b"BMW builds cars", b"ID3 tags explained", b"<3 hearts", b"RIFF raff", b"pdf"]
)
def test_words_are_no_file_type(body: bytes) -> None:
    shown = html.magic(body)

    assert shown is None


def test_comments_before_a_page_cannot_be_divided_in_many_ways() -> None:
    shown = html.magic(b"<!---->" * 500 + b"x")

    assert shown is None


def test_only_the_first_part_of_a_body_is_read() -> None:
    shown = page("<p>" + "word " * MEGABYTE, limit=1_003)

    assert shown.word_count == 200


def test_a_tag_that_runs_on_is_cut_and_its_end_is_not_taken_for_text() -> None:
    shown = page(f"<p>before <img src='data:{'A' * 100_000}'> after")

    assert shown.text == "before after"


def test_a_lone_angle_in_a_long_script_does_not_swallow_the_page() -> None:
    shown = page(f"<script>if(a<b){{{'c();' * 30_000}}}</script><p>The story")

    assert shown.text == "The story"


def test_a_tag_without_an_end_ends_the_page() -> None:
    shown = page("<p>before <a " + "b " * 90_000)

    assert shown.text == "before"


@pytest.mark.parametrize("tag", ["div", "nav", "span", "blockquote", "x-y", "svg"])
def test_no_page_nests_deeper_than_in_a_browser(tag: str) -> None:
    flat = html._flattened(f"<{tag} class=a>" * 20_000 + "words")

    assert flat.count(f"<{tag}") == html.MOST_DEPTH
    assert flat.endswith("words")


def test_a_page_of_many_tags_that_do_not_nest_stays_as_it_is() -> None:
    rows = "<tr><td>a<td><b>b</b><p>c<br><img src=d><li>e" * 2_000

    flat = html._flattened(rows)

    assert flat == rows


def test_what_stands_below_the_depth_is_still_read() -> None:
    shown = page("<div>" * 5_000 + "The story" + "</div>" * 5_000 + "<h1>And its end</h1>")

    assert (shown.text, shown.h1) == ("The story And its end", "And its end")


HOSTILE = {
    "angles": b"<",
    "tags without an end": b"<a ",
    "tags in a value": b'<a href="',
    "attributes": b"<a b=c d ",
    "comments": b"<!--",
    "empty comments": b"<!---->",
    "blocks": b"<div>",
    "navigation": b"<nav>menu ",
    "formatting": b"<a><b><i><p>",
    "tables": b"<table><td>",
    "headings": b"<h1>",
    "refreshes": b"<div><meta http-equiv=refresh content=x>",
    "titles of pictures": b"<svg><title></title>",
    "readers without scripts": b"<noscript>words ",
    "entities": b"&amp",
    "templates": b"<template>",
    "zeros": b"\0",
    "noise": bytes(range(256)),
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_megabyte_of_hostile_markup_costs_no_more_than_twice_its_half(unit: bytes) -> None:
    half, whole = (steps((unit * (size // len(unit) + 1))[:size]) for size in (MEGABYTE // 8, MEGABYTE // 4))
    capped = steps((unit * (MEGABYTE // len(unit) + 1))[:MEGABYTE])

    assert whole <= 2.2 * half + 2_000
    assert capped == whole


def steps(body: bytes) -> int:
    """Lines of the room that reading a page runs through."""
    count = 0

    def line(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    def call(frame: FrameType, _: str, __: Any) -> Any:
        return line if frame.f_code.co_filename == html.__file__ else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        page(body)
    finally:
        sys.settrace(before)
    return count


def test_a_refresh_padded_with_spaces_is_read_once() -> None:
    found = html.refresh_target("5" + " " * MEGABYTE + "x'x")

    assert found == (5.0, "")


def test_the_room_is_the_only_one_that_knows_an_html_parser() -> None:
    rooms = Path(html.__file__).parent.rglob("*.py")

    knowing = {room.name for room in rooms if "import selectolax" in (text := room.read_text()) or "from selectolax" in text}

    assert knowing == {"html.py"}


@pytest.mark.parametrize(
    "markup",
    [
        '<p>My page loads <a href="https://img.sedoparking.com/x">sedoparking.com</a> and google.com/adsense/domains/caf.js now.',
        '<a href="/lander">The lander</a>',
    ],
)
def test_what_a_page_links_to_or_writes_about_is_no_mark_of_its_own(markup: str) -> None:
    shown = html.page(markup.encode(), content_type="text/html")

    assert not any(flag.startswith("mark:") for flag in shown.flags)
