"""MediaWiki 1.39 on loopback, from Debian's packages: the peer of our API client, and the judge of what a page cites.

    from tests.real.mediawiki import MediaWiki

    def test_something(wiki: MediaWiki):         the session's wiki, a fixture of conftest.py; or `with mediawiki.running() as wiki`

    wiki.save({"Title": "text", ...})            edits by the API, as a bot; the ids of the new revisions by title
    wiki.save({...}, by=wiki.other)              the second account
    wiki.ask({"action": "query", ...})           the JSON of one request; headers={"X-Wiki-Readonly": "why"} and so on change
                                                 the wiki for that request alone (see wiki/settings.php)
    wiki.render(text, language="de")             what the page shows: entries, undefined names, external links (the oracle)

The packages lie unpacked in `.mediawiki` (`CI=true sh tests/run` puts them there; SOURCE_AUDIT_MEDIAWIKI names another place), an
installed empty wiki beside them. Each session works on a copy of it in a folder of its own.
"""

import hashlib
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

HERE = Path(__file__).parent / "wiki"
PLACE = Path(os.environ.get("SOURCE_AUDIT_MEDIAWIKI") or Path(__file__).parent.parent.parent / ".mediawiki").resolve()
CODE = PLACE / "root" / "usr" / "share" / "mediawiki"
EXTENSIONS = "Cite,ParserFunctions,Poem,Scribunto,TemplateData,ImageMap,SyntaxHighlight_GeSHi,Math"
PASSWORD = "a-long-pass-word-of-nobody"
BOT_PASSWORD = "0123456789abcdefghijklmnopqrstuv"
GRANTS = "basic,editpage,createeditmovepage,highvolume,viewmywatchlist,editmywatchlist"
ACCOUNTS = ("Admin", "Other")
WORKERS = 4
READY_S = 60
PORTS = 3
GROUP = re.compile(r"group\s*=\s*(?:\"([^\">]*)\"|'([^'>]*)'|([^\s\"'/>|}]+))", re.IGNORECASE)
LABEL = re.compile(r"\[(.*?)[\s\u00a0]*(\d+)\]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One numbered entry of a rendered list of references. `number` is None when nothing on the page shows it."""

    group: str
    number: int | None
    uses: int
    text: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What MediaWiki shows of a page. `links` are all external addresses as written into the HTML, in order."""

    entries: tuple[Entry, ...]
    undefined: tuple[str, ...]
    links: tuple[str, ...]
    errors: tuple[str, ...]
    html: str

    def per_group(self) -> dict[str, int]:
        return {
            group: sum(entry.group == group for entry in self.entries) for group in dict.fromkeys(e.group for e in self.entries)
        }


class Account:
    """One logged-in user: cookies and a token. Edits of one account on itself never conflict, so there are two."""

    def __init__(self, url: str, name: str) -> None:
        self.url = url
        self.name = name
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        token = self.ask({"action": "query", "meta": "tokens", "type": "login"})["query"]["tokens"]["logintoken"]
        login = {"action": "login", "lgname": f"{name}@audit", "lgpassword": BOT_PASSWORD, "lgtoken": token}
        told = self.ask(login)
        assert told["login"]["result"] == "Success", told
        self.token = self.ask({"action": "query", "meta": "tokens"})["query"]["tokens"]["csrftoken"]

    def ask(self, parameters: Mapping[str, object], *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return _post(self._opener, self.url, parameters, headers=headers)

    def write(self, parameters: Mapping[str, object], *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self.ask({"token": self.token} | dict(parameters), headers=headers)


def _post(
    opener: urllib.request.OpenerDirector, url: str, parameters: Mapping[str, object], *, headers: Mapping[str, str] | None
) -> dict[str, Any]:
    body = urllib.parse.urlencode({"format": "json", "formatversion": 2} | dict(parameters)).encode()
    with opener.open(urllib.request.Request(url, data=body, headers=dict(headers or {})), timeout=300) as answer:
        return dict(json.load(answer))


class MediaWiki:
    """The running wiki. `api` is its api.php; `url` its root: `/wiki/Title`, `/w/index.php`, `/w/rest.php` lie there."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.api = f"{self.url}/w/api.php"
        self.bot, self.other = (Account(self.api, name) for name in ACCOUNTS)

    def ask(self, parameters: Mapping[str, object], *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self.bot.ask(parameters, headers=headers)

    def stranger(self, parameters: Mapping[str, object], *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The answer to somebody who is not logged in."""
        return _post(urllib.request.build_opener(), self.api, parameters, headers=headers)

    def save(self, pages: Mapping[str, str], *, by: Account | None = None, **more: object) -> dict[str, int]:
        """Edit the pages; the id of each newest revision by title. An edit that changes nothing keeps the old one."""
        account = by or self.bot
        return {title: self._edited(account, title, text, **more) for title, text in pages.items()}

    def _edited(self, account: Account, title: str, text: str, **more: object) -> int:
        told = account.write({"action": "edit", "title": title, "text": text, "bot": 1, **more})
        edit = told.get("edit", {})
        assert edit.get("result") == "Success", told
        return int(edit["newrevid"]) if "newrevid" in edit else self.newest(title)

    def newest(self, title: str) -> int:
        told = self.ask({"action": "query", "prop": "info", "titles": title})
        return int(told["query"]["pages"][0]["lastrevid"])

    def delete(self, title: str) -> None:
        assert "delete" in self.bot.write({"action": "delete", "title": title})

    def render(self, text: str, *, language: str = "en", title: str = "Oracle") -> Rendered:
        """What the page shows where every template that the wiki lacks returns its arguments, with a list for every group.

        `language` is the wiki's: its names of namespaces, parser functions and digits hold.
        """
        whole = text + "\n\n" + "\n".join(f'<references group="{group}"/>' for group in groups(text)) + "\n<references/>\n"
        asked = {"action": "parse", "text": whole, "title": title, "contentmodel": "wikitext", "prop": "text", "uselang": "en"}
        asked |= {"disablelimitreport": "1", "disableeditsection": "1", "disabletoc": "1"}
        told = self.ask(asked, headers={"X-Wiki-Echo": "1", "X-Wiki-Language": language})
        assert "parse" in told, told
        return rendered(told["parse"]["text"])


def groups(text: str) -> list[str]:
    """The names of groups that the text uses, in order.

    >>> groups('<ref group=n>a</ref><ref group="my notes">b</ref>{{#tag:ref|c|group=n}}')
    ['n', 'my notes']
    """
    named = (next(filter(None, found.groups()), "") for found in GROUP.finditer(text))
    return [group for group in dict.fromkeys(" ".join(name.split()) for name in named) if group]


def rendered(html: str) -> Rendered:
    """Read a page's HTML. A space before a colon is shown as a no-break space: white space in names is folded here."""
    tree = LexborHTMLParser(html)
    errors = [" ".join(node.text().split()) for node in tree.css(".mw-ext-cite-error")]
    undefined = [
        " ".join(told.css("code")[-1].text().split())
        for told in tree.css(".mw-ext-cite-error")
        if "no text was provided for" in told.text()
    ]
    return Rendered(
        entries=tuple(_entries(tree)),
        undefined=tuple(dict.fromkeys(undefined)),
        links=_links(tree.css("a.external")),
        errors=tuple(errors),
        html=html,
    )


def _entries(tree: LexborHTMLParser) -> Iterator[Entry]:
    labels = dict(_labels(tree))
    for row in tree.css("ol.references"):
        items = [item for item in row.css("li") if (item.attributes.get("id") or "").startswith("cite_note")]
        shared = next((labels[item.attributes["id"]][0] for item in items if item.attributes["id"] in labels), "")
        for item in items:
            group, number = labels.get(item.attributes["id"], (shared, None))
            text = item.css_first(".reference-text")
            yield Entry(
                group=group,
                number=number,
                uses=len(item.css(".mw-cite-backlink a")),
                text=text.text() if text else "",
                links=_links(item.css("a.external")),
            )


def _labels(tree: LexborHTMLParser) -> Iterator[tuple[str | None, tuple[str, int]]]:
    """Where a marker leads to and what it shows: `[group 3]`."""
    for marker in tree.css("sup.reference a"):
        shown = LABEL.search(marker.text())
        if shown:
            yield (marker.attributes.get("href") or "").lstrip("#"), (shown[1], int(shown[2]))


def _links(nodes: Iterable[LexborNode]) -> tuple[str, ...]:
    return tuple(node.attributes.get("href") or "" for node in nodes)


@contextmanager
def running() -> Iterator[MediaWiki]:
    """A fresh wiki on a free port. Skips when the packages are missing; with CI=true that is a failure."""
    _required()
    folder = Path(tempfile.mkdtemp(prefix="source-audit-mediawiki-"))
    try:
        shutil.copytree(_installed() / "data", folder, dirs_exist_ok=True)
        for _ in range(PORTS):
            port = _free_port()
            process = _start(folder, port)
            try:
                if _ready(process, port):
                    yield MediaWiki(port)
                    return
            finally:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=10)
        pytest.fail(f"MediaWiki did not start: {(folder / 'log').read_text()[-2000:]}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _required() -> None:
    missing = [
        str(part) for part in ("php", "/usr/bin/lua5.1", CODE / "api.php") if not shutil.which(part) and not Path(part).exists()
    ]
    if not missing:
        return
    reason = f"MediaWiki is not installed: {', '.join(missing)} (on Debian 12 as root: CI=true sh tests/run)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _installed() -> Path:
    """An installed wiki with two accounts, kept for the next session. It is made again when our settings change."""
    ours = str(HERE).encode() + b"".join(path.read_bytes() for path in (*sorted(HERE.iterdir()), Path(__file__)))
    place = PLACE / f"installed-{hashlib.sha256(ours).hexdigest()[:12]}"
    if not place.exists():
        building = Path(tempfile.mkdtemp(prefix="building-", dir=PLACE))
        _install(building)
        try:
            building.rename(place)
        except OSError:  # another session was quicker
            shutil.rmtree(building)
    return place


def _install(place: Path) -> None:
    (place / "data").mkdir()
    _php(
        *("install.php", "--dbtype=sqlite", f"--dbpath={place / 'data'}", "--dbname=testwiki", "--server=http://127.0.0.1"),
        *("--scriptpath=/w", f"--pass={PASSWORD}", f"--confpath={place}", f"--extensions={EXTENSIONS}", "--skins=Vector"),
        *("Testwiki", ACCOUNTS[0]),
    )
    written = (place / "LocalSettings.php").read_text().replace(f'"{place / "data"}"', "getenv( 'WIKI_DATA' )")
    (place / "data" / "LocalSettings.php").write_text(f"{written}\nrequire {json.dumps(str(HERE / 'settings.php'))};\n")
    _php("createAndPromote.php", "--force", "--bot", ACCOUNTS[0], PASSWORD, data=place / "data")
    _php("createAndPromote.php", ACCOUNTS[1], PASSWORD + "-too", data=place / "data")
    for name in ACCOUNTS:
        _php("createBotPassword.php", "--appid=audit", f"--grants={GRANTS}", name, BOT_PASSWORD, data=place / "data")
    (place / "Module:Echo").write_text((HERE / "Echo.lua").read_text())
    _php("importTextFiles.php", "--user=Admin", str(place / "Module:Echo"), data=place / "data")


def _php(script: str, *arguments: str, data: Path | None = None) -> None:
    command = ["php", "-d", "memory_limit=512M", str(CODE / "maintenance" / script), *arguments]
    ended = subprocess.run(command, cwd=CODE, env=_environment(data), capture_output=True, text=True, check=False, timeout=120)
    if ended.returncode:
        pytest.fail(f"{script}: {ended.stdout[-1500:]}{ended.stderr[-1500:]}")


def _environment(data: Path | None) -> dict[str, str]:
    if data is None:
        return dict(os.environ)
    cache = PLACE / "cache"
    cache.mkdir(exist_ok=True)
    ours = {"MW_CONFIG_FILE": str(data / "LocalSettings.php"), "WIKI_DATA": str(data), "WIKI_CACHE": str(cache)}
    return os.environ | ours | {"PHP_CLI_SERVER_WORKERS": str(WORKERS)}


def _start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """In a process group of its own: its workers outlive the first process."""
    limits = ("memory_limit=1G", "max_execution_time=300", "post_max_size=64M", "upload_max_filesize=64M")
    given = [part for limit in limits for part in ("-d", limit)]
    command = ["php", *given, "-S", f"127.0.0.1:{port}", "-t", str(CODE), str(HERE / "router.php")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=CODE, env=_environment(folder), stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )


def _ready(process: subprocess.Popen[bytes], port: int) -> bool:
    until = time.monotonic() + READY_S
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/w/api.php?action=query&meta=siteinfo&format=json", timeout=60
            ) as answer:
                if json.load(answer)["query"]["general"]["wikiid"] == "testwiki":
                    return True
        except OSError:
            time.sleep(0.1)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.stdout.write(f"{_installed()}\n")
