"""Sources on wikis -> texts, each page once, and only what has changed since it was read last. I/O."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from audit.errors import DocumentError, WikiError
from audit.wiki import answers, naming
from audit.wiki.answers import Page, Site
from audit.wiki.client import Wiki
from audit.wiki.naming import (
    CategoryNamed,
    CitingHost,
    ContributionsOf,
    Named,
    PageNamed,
    PageNumbered,
    PairNamed,
    PrefixNamed,
    RevisionNumbered,
    Unclear,
    WatchlistOf,
)
from audit.wiki.wire import Wire

log = logging.getLogger(__name__)

MOST_LIST_BYTES = 64 * 1024 * 1024
"""A list of titles: a million of them."""

WEB_LIST = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The wikitext of one page or revision. `before` is the older revision of a pair, whose text is empty when there is none."""

    source: str
    title: str
    wiki: str
    language: str | None
    revision: int
    revised_at: datetime | None
    text: str
    before: "Text | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A page whose newest revision was read before."""

    source: str


Found = Text | Unchanged | DocumentError

Known = Callable[[Sequence[str]], Mapping[str, str]]
"""Sources -> the revision that was read last, of those that were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of a list counts, and what a person holds: `watchlist_token` shares a watch list."""

    namespaces: tuple[int, ...] = (0,)
    watchlist_token: str | None = None


@dataclass(slots=True)
class _Asked:
    """One wiki during one reading."""

    wiki: Wiki
    site: Site
    name: str | None
    seen: set[int] = field(default_factory=set)
    listed: int = 0

    def source(self, title: str) -> str:
        return f"{self.name}:{title}" if self.name else self.site.address(title)


async def texts(named: Iterable[Named], *, wire: Wire, known: Known, wanted: Wanted | None = None) -> AsyncGenerator[Found]:
    """Read what the names stand for; what cannot be read is yielded as an error, and the others go on."""
    reading = _Reading(wire, known, wanted or Wanted())
    for each in named:
        try:
            async with aclosing(reading.read(each)) as found:
                async for one in found:
                    yield one
        except WikiError as fault:
            yield DocumentError(each.source, str(fault))


class _Reading:
    def __init__(self, wire: Wire, known: Known, wanted: Wanted) -> None:
        self._wire, self._known, self._wanted = wire, known, wanted
        self._open: dict[str, _Asked] = {}

    async def read(self, named: Named) -> AsyncGenerator[Found]:
        at = await self._at(named)
        if named.list_file is not None:
            yielded = self._listed(named, at)
        else:
            yielded = self._meant(naming.meaning(named, site=at.site), named, at)
        async with aclosing(yielded) as found:
            async for one in found:
                yield one

    async def _at(self, named: Named) -> _Asked:
        """The wiki of a name: the first of its possible addresses where an API answers. Raises WikiError."""
        first: WikiError | None = None
        for api in named.apis:
            if api in self._open:
                return self._open[api]
            wiki = Wiki(api, wire=self._wire)
            try:
                site = await wiki.site()
            except WikiError as fault:
                first = first or fault
                if not fault.code.startswith(("http-404", "redirect", "http-200", "http-400")):
                    raise
                continue
            self._open[api] = _Asked(wiki, site, named.wiki)
            return self._open[api]
        raise first or WikiError(named.source, "names no wiki")

    async def _meant(self, meaning: naming.Meaning, named: Named, at: _Asked) -> AsyncGenerator[Found]:
        match meaning:
            case Unclear(why=why):
                yield DocumentError(named.source, why)
                return
            case RevisionNumbered(revision=revision):
                found = self._revision(revision, named, at)
            case PairNamed():
                found = self._pair(meaning, named, at)
            case PageNamed() | PageNumbered():
                found = self._heads(_named_pages(meaning, at.wiki), at, named=named)
            case _:
                found = self._list(meaning, named, at)
        async with aclosing(found) as some:
            async for one in some:
                yield one

    # ---- pages

    async def _list(
        self, meaning: CategoryNamed | ContributionsOf | WatchlistOf | PrefixNamed | CitingHost, named: Named, at: _Asked
    ) -> AsyncGenerator[Found]:
        if isinstance(meaning, WatchlistOf) and not self._wanted.watchlist_token:
            yield DocumentError(named.source, "needs the token of the watch list; set SOURCE_AUDIT_WATCHLIST_TOKEN to it")
            return
        before = at.listed
        async with aclosing(self._heads(self._members(meaning, at), at)) as found:
            async for one in found:
                yield one
        if at.listed == before:
            yield DocumentError(named.source, "lists no page that counts (see documents.namespaces); check its spelling")

    async def _members(
        self, meaning: CategoryNamed | ContributionsOf | WatchlistOf | PrefixNamed | CitingHost, at: _Asked
    ) -> AsyncGenerator[Page]:
        spaces = self._wanted.namespaces
        match meaning:
            case CategoryNamed(title=title):
                found = at.wiki.category(title, depth=self._wire.rules.category_depth)
            case ContributionsOf(user=user):
                found = at.wiki.edited_by(user, namespaces=spaces)
            case WatchlistOf(owner=owner):
                found = at.wiki.watchlist(owner=owner, token=self._wanted.watchlist_token or "")
            case PrefixNamed(prefix=prefix):
                space, rest = naming.split(prefix, site=at.site)
                found = at.wiki.all_pages(namespace=space, prefix=rest)
                spaces = (space,)
            case CitingHost(pattern=pattern):
                found = at.wiki.citing(pattern, namespaces=spaces)
        async with aclosing(found) as pages:
            async for page in pages:
                if page.namespace in spaces and not page.redirect:
                    at.listed += 1
                    yield page

    async def _listed(self, named: Named, at: _Asked) -> AsyncGenerator[Found]:
        """The pages of a list of titles: a file, a PagePile, a PetScan answer."""
        titles = await self._titles(named, at)
        if not titles:
            yield DocumentError(named.source, "lists no titles; write one a line, or name a PagePile or PetScan answer in JSON")
            return
        async with aclosing(self._heads(at.wiki.heads(titles), at)) as found:
            async for one in found:
                yield one

    async def _titles(self, named: Named, at: _Asked) -> list[str]:
        place = named.list_file or ""
        if place.startswith(WEB_LIST):
            told = await self._wire.fetch(place, {})
            if told.get("wiki", at.name) != at.name:
                raise WikiError(place, f"lists pages of {told['wiki']}, not of {at.name}")
            return answers.titles(json.dumps(told))
        return answers.titles(await asyncio.to_thread(_list_file, place))

    async def _heads(self, heads: AsyncGenerator[Page], at: _Asked, *, named: Named | None = None) -> AsyncGenerator[Found]:
        """Pages with their newest revisions -> the texts of those that were not read before; a batch at a time."""
        batch: list[Page] = []
        async for page in heads:
            if page.missing or page.fault:
                yield DocumentError(named.source if named else at.source(page.title), page.fault or "cannot be read")
            else:
                _tell_redirect(page, at)
                batch += [] if page.page_id in at.seen else [page]
                at.seen.add(page.page_id)
            if len(batch) >= self._wire.rules.batch:
                async for one in self._changed(batch, at):
                    yield one
                batch = []
        async for one in self._changed(batch, at):
            yield one

    async def _changed(self, heads: Sequence[Page], at: _Asked) -> AsyncGenerator[Found]:
        known = self._known([at.source(page.title) for page in heads])
        fresh = [page for page in heads if known.get(at.source(page.title)) != str(page.revision)]
        for page in heads:
            if page not in fresh:
                yield Unchanged(source=at.source(page.title))
        titles = {page.revision: page.title for page in fresh}
        async for page in at.wiki.revisions(titles):
            source = at.source(titles.pop(page.revision, page.title))
            yield self._text(page, at, source=source)
        for title in titles.values():
            yield DocumentError(at.source(title), "came without its text; run again")

    # ---- revisions

    async def _revision(self, number: int, named: Named, at: _Asked) -> AsyncGenerator[Found]:
        if self._known([named.source]).get(named.source) == str(number):
            yield Unchanged(source=named.source)
            return
        async for page in at.wiki.revisions([number]):
            yield self._text(page, at, source=named.source)

    async def _pair(self, meaning: PairNamed, named: Named, at: _Asked) -> AsyncGenerator[Found]:
        old, new = meaning.old, meaning.new
        if isinstance(old, str) and isinstance(new, str):
            page = await anext(aiter(at.wiki.heads([meaning.title])), None)
            if page is None or page.fault:
                yield DocumentError(named.source, page.fault if page and page.fault else "names no page")
                return
            new = page.revision
        pair = await at.wiki.pair(old, new)
        if self._known([named.source]).get(named.source) == str(pair.new):
            yield Unchanged(source=named.source)
            return
        if pair.old == pair.new:
            yield DocumentError(named.source, f"compares revision {pair.new} with itself; name two revisions")
            return
        async for one in self._both(pair, named, at):
            yield one

    async def _both(self, pair: answers.Pair, named: Named, at: _Asked) -> AsyncGenerator[Found]:
        """The texts of both revisions in one request. The first revision of a page is compared with nothing."""
        wanted = [number for number in (pair.old, pair.new) if number is not None]
        found = {page.revision: self._text(page, at, source=named.source) async for page in at.wiki.revisions(wanted)}
        new, old = found.get(pair.new), found.get(pair.old) if pair.old else None
        fault = next((each for each in (new, old) if isinstance(each, DocumentError)), None)
        if fault or not isinstance(new, Text):
            yield fault or DocumentError(named.source, f"revision {pair.new} came without its text; run again")
            return
        if old is None and pair.old:
            yield DocumentError(named.source, f"revision {pair.old} came without its text; run again")
            return
        nothing = Text(
            source=named.source, title=new.title, wiki=new.wiki, language=new.language, revision=0, revised_at=None, text=""
        )
        yield Text(
            source=named.source,
            title=new.title,
            wiki=new.wiki,
            language=new.language,
            revision=new.revision,
            revised_at=new.revised_at,
            text=new.text,
            before=old if isinstance(old, Text) else nothing,
        )

    def _text(self, page: Page, at: _Asked, *, source: str) -> Text | DocumentError:
        if page.fault or page.text is None:
            return DocumentError(source, page.fault or "came without its text; run again")
        return Text(
            source=source,
            title=page.title,
            wiki=at.name or at.site.wiki,
            language=at.site.language,
            revision=page.revision,
            revised_at=page.revised_at,
            text=page.text,
        )


def _list_file(name: str) -> str:
    try:
        with Path(name).open("rb") as stream:
            return stream.read(MOST_LIST_BYTES).decode("utf-8", "replace")
    except OSError as fault:
        raise WikiError(name, f"cannot be read ({fault.strerror})") from fault


def _named_pages(meaning: PageNamed | PageNumbered, wiki: Wiki) -> AsyncGenerator[Page]:
    if isinstance(meaning, PageNumbered):
        return wiki.heads_by_id([meaning.page_id])
    return wiki.heads([meaning.title], follow=meaning.follow)


def _tell_redirect(page: Page, at: _Asked) -> None:
    if page.redirected_from:
        log.warning("%s is a redirect; %s is read instead", at.source(page.redirected_from), at.source(page.title))
