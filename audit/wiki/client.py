"""One wiki, asked by its API: pages, revisions, pairs of revisions, lists of pages. I/O."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

from audit.errors import WikiError
from audit.settings import Web, WikiSettings
from audit.wiki import answers
from audit.wiki.answers import Json, Merging, Page, Pair, Site
from audit.wiki.wire import Wire

TEXT = {"prop": "revisions", "rvslots": "main", "rvprop": "ids|timestamp|content|sha1|size|contentmodel"}
HEAD = {"prop": "info"}
SITE = {"action": "query", "meta": "siteinfo", "siprop": "general|namespaces|namespacealiases|specialpagealiases"}
MOST_ANSWERS = 100_000
"""Of one question that continues: a wiki that hands out new places for ever is left at some time."""

SEPARATOR = "\x1f"
"""Between values that may hold a `|`; the API takes it at the start of a list (MediaWiki 1.27 and later)."""

Item = TypeVar("Item")
Parameters = Mapping[str, str | int]


class Wiki:
    """A wiki by the address of its api.php; open while its `async with` lasts. With a `wire` it shares another one's session."""

    def __init__(self, api: str, *, web: Web | None = None, rules: WikiSettings | None = None, wire: Wire | None = None) -> None:
        self.api = api
        self._rules = rules or (wire.rules if wire else WikiSettings())
        self._own = None if wire else Wire(web or Web(), rules=self._rules)
        self._wire = wire or self._own
        self._stack = AsyncExitStack()
        self._site: Site | None = None

    async def __aenter__(self) -> Self:
        if self._own:
            await self._stack.enter_async_context(self._own)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        await self._stack.aclose()

    async def ask(self, parameters: Parameters) -> Json:
        """One request. Raises WikiError."""
        assert self._wire is not None
        return await self._wire.ask(self.api, parameters)

    async def site(self) -> Site:
        """The wiki's own words, asked once."""
        if self._site is None:
            self._site = answers.site(await self.ask(SITE))
        return self._site

    async def continued(self, parameters: Parameters) -> AsyncGenerator[Json]:
        """Every answer of a question, each asked with all that the one before told to continue with."""
        more: dict[str, str | int] = {}
        for _ in range(MOST_ANSWERS):
            told = await self.ask({**parameters, **more})
            yield told
            following = {str(key): str(value) for key, value in told.get("continue", {}).items()}
            if not following:
                return
            if following == more:
                raise WikiError(self.api, "continues where it was; this wiki's answers cannot be read to their end")
            more = dict(following)

    async def _pages(self, parameters: Parameters) -> AsyncGenerator[Page]:
        merging = Merging()
        async for told in self.continued({"action": "query", **parameters}):
            for page in merging.take(told):
                yield page
        for page in merging.rest():
            yield page

    # ---- pages by name

    async def heads(self, titles: Iterable[str], *, follow: bool = True) -> AsyncGenerator[Page]:
        """Title, page and newest revision of each, without text; one request for 50."""
        async for page in self._batched("titles", titles, {**HEAD, **_following(follow)}):
            yield page

    async def heads_by_id(self, page_ids: Iterable[int]) -> AsyncGenerator[Page]:
        async for page in self._batched("pageids", map(str, page_ids), {**HEAD}):
            yield page

    async def pages(self, titles: Iterable[str], *, follow: bool = True) -> AsyncGenerator[Page]:
        """The newest text of each page."""
        async for page in self._batched("titles", titles, {**TEXT, **_following(follow)}):
            yield page

    async def revisions(self, ids: Iterable[int]) -> AsyncGenerator[Page]:
        """The text of each revision."""
        async for page in self._batched("revids", map(str, ids), TEXT):
            yield page

    async def _batched(self, name: str, values: Iterable[str], parameters: Parameters) -> AsyncGenerator[Page]:
        """So many batches at a time as may be open; the batches come in the order asked, their pages in the wiki's."""
        waiting: deque[asyncio.Task[list[Page]]] = deque()
        try:
            for batch in batches(values, size=self._rules.batch):
                waiting.append(asyncio.ensure_future(self._batch({**parameters, name: _joined(batch)})))
                if len(waiting) >= self._rules.concurrency:
                    for page in await waiting.popleft():
                        yield page
            while waiting:
                for page in await waiting.popleft():
                    yield page
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _batch(self, parameters: Parameters) -> list[Page]:
        return [page async for page in self._pages(parameters)]

    # ---- pairs

    async def pair(self, old: int | str, new: int | str) -> Pair:
        """The revisions of a pair of which one is a number: `prev` and `next` are seen from it, `cur` is its page's newest.

        The wiki's own diff is never read: it leaves out what did not change.
        """
        if isinstance(old, int) and isinstance(new, int):
            return Pair(old=old, new=new)
        known, relative = (old, str(new)) if isinstance(old, int) else (int(new), str(old))
        asked: dict[str, str | int] = {
            "action": "compare",
            "fromrev": known,
            "torelative": relative,
            "prop": "ids|title|timestamp|comment",
        }
        told = (await self.ask(asked)).get("compare", {})
        before, after = told.get("fromrevid"), told.get("torevid")
        if relative == "prev":
            return Pair(old=before, new=after or known)
        return Pair(old=before or known, new=after or known)

    # ---- lists of pages, without text

    async def category(self, title: str, *, depth: int) -> AsyncGenerator[Page]:
        """The pages of a category and of its subcategories down to a depth; a category that holds itself is seen once."""
        seen, waiting = {title}, deque([(title, depth)])
        while waiting:
            name, left = waiting.popleft()
            asked = {**HEAD, "generator": "categorymembers", "gcmtitle": name, "gcmtype": "page|subcat", "gcmlimit": "max"}
            async for page in self._pages(asked):
                if page.namespace != CATEGORY:
                    yield page
                elif left > 0 and page.title not in seen:
                    seen.add(page.title)
                    waiting.append((page.title, left - 1))

    async def all_pages(self, *, namespace: int = 0, prefix: str = "", redirects: bool = False) -> AsyncGenerator[Page]:
        """Every page of a namespace whose title (without the namespace) begins so, in order."""
        shown = "all" if redirects else "nonredirects"
        asked: dict[str, str | int] = {
            "generator": "allpages",
            "gapnamespace": namespace,
            "gapfilterredir": shown,
            "gaplimit": "max",
        }
        async for page in self._pages({**HEAD, **asked, **({"gapprefix": prefix} if prefix else {})}):
            yield page

    async def watchlist(self, *, owner: str, token: str) -> AsyncGenerator[Page]:
        """The pages that a user watches and whose list they share by its token."""
        asked = {"generator": "watchlistraw", "gwrowner": owner, "gwrtoken": token, "gwrlimit": "max"}
        async for page in self._pages({**HEAD, **asked}):
            yield page

    async def edited_by(self, user: str, *, namespaces: Sequence[int]) -> AsyncGenerator[Page]:
        """The pages that a user has edited, each once, the last edited first."""
        asked = {"action": "query", "list": "usercontribs", "ucuser": user, "ucprop": "ids|title", "uclimit": "max"}
        seen: dict[int, None] = {}
        async for told in self.continued({**asked, "ucnamespace": _joined([str(each) for each in namespaces])}):
            fresh = [int(each["pageid"]) for each in told.get("query", {}).get("usercontribs", ()) if each.get("pageid")]
            new = [page_id for page_id in dict.fromkeys(fresh) if page_id not in seen]
            seen |= dict.fromkeys(new)
            async for page in self.heads_by_id(new):
                yield page

    async def citing(self, pattern: str, *, namespaces: Sequence[int]) -> AsyncGenerator[Page]:
        """The pages with an external link to a host (`*.example.org` takes its subdomains too), by http or https."""
        scheme, _, host = pattern.rpartition("://")
        seen: set[int] = set()
        for protocol in (scheme,) if scheme else ("https", "http"):
            asked = {"generator": "exturlusage", "geuquery": host, "geuprotocol": protocol, "geulimit": "max"}
            async for page in self._pages({**HEAD, **asked, "geunamespace": _joined([str(each) for each in namespaces])}):
                if page.page_id not in seen:
                    seen.add(page.page_id)
                    yield page


CATEGORY = 14


def _following(follow: bool) -> dict[str, str]:  # noqa: FBT001 - one word of a request
    return {"redirects": "1"} if follow else {}


def _joined(values: Sequence[str]) -> str:
    r"""Values of one parameter.

    >>> _joined(["A", "B"]), _joined(["A|B"])
    ('A|B', '\x1fA|B')
    """
    if any("|" in value for value in values):
        return SEPARATOR + SEPARATOR.join(values)
    return "|".join(values)


def batches(values: Iterable[Item], *, size: int) -> Iterator[list[Item]]:
    """Parts of at most so many.

    >>> list(batches("abcde", size=2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    batch: list[Item] = []
    for value in values:
        batch.append(value)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
