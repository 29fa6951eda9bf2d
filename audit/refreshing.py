"""Rating lists that are due, read anew: from their files, or page by page from a wiki. Shell."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from audit import loading
from audit.errors import ConfigError, RatingsError, WikiError
from audit.loading import Fetched
from audit.settings import RatingList, Settings
from audit.store.opening import Store
from audit.wiki import Wiki, sites

PROJECT = 4
PERENNIAL, CITE_UNSEEN = "Reliable sources/Perennial sources", "Cite Unseen/sources/"
SUBPAGES: Mapping[str, tuple[int, str, str]] = {
    "rsp": (PROJECT, f"{PERENNIAL}/", f"Project:{PERENNIAL}"),
    "citeunseen": (0, CITE_UNSEEN, "Cite Unseen/sources"),
    "nppsg": (0, f"{CITE_UNSEEN}enNPPSG", "Cite Unseen/sources/enNPPSG"),
}
"""Kind of list -> namespace and beginning of its subpages, and the page that held it all before."""

PAGES: Mapping[str, tuple[str, ...]] = {
    "spamlist": (
        "MediaWiki:Spam-blacklist",
        "MediaWiki:Spam-whitelist",
        "MediaWiki:BlockedExternalDomains.json",
        "Spam blacklist",
    )
}
"""Kind of list -> its pages; a wiki has those that it has. The last one is that of Meta."""


def api_of(source: str, settings: Settings) -> str | None:
    """The api.php of a wiki that a source names (`enwiki`, one of `wiki.sites`, or the address of an api.php); None for a file."""
    if source.startswith(("http://", "https://")):
        return source if source.endswith("api.php") else None
    return None if Path(source).exists() else sites.api_of(source, sites=settings.wiki.sites)


async def from_wiki(chosen: RatingList, api: str, *, settings: Settings) -> Fetched:
    """The pages of a list as a wiki holds them now, each with its revision. Raises RatingsError, WikiError."""
    if chosen.kind not in {*SUBPAGES, *PAGES}:
        known = ", ".join([*SUBPAGES, *PAGES])
        raise RatingsError(chosen.name, f"a list of the kind {chosen.kind} is read from a file; from a wiki: {known}")
    async with Wiki(api, web=settings.web, rules=settings.wiki) as wiki:
        held = [page async for page in wiki.pages(await _titles(wiki, chosen.kind)) if page.text is not None]
        site = await wiki.site()
    if not held:
        raise RatingsError(chosen.name, f"{api} has no page of such a list")
    pages = [
        {
            "title": page.title,
            "revisions": [
                {
                    "revid": page.revision,
                    "timestamp": page.revised_at.isoformat() if page.revised_at else None,
                    "slots": {"main": {"content": page.text}},
                }
            ],
        }
        for page in held
    ]
    return Fetched(
        body=json.dumps({"query": {"pages": pages}}).encode("utf-8", "replace"),
        source=chosen.source,
        as_of=max((page.revised_at for page in held if page.revised_at), default=None),
        url=f"{api.removesuffix('api.php').removesuffix('/').removesuffix('/w')}/wiki/",
        language=site.language if chosen.kind == "rsp" else None,
    )


async def _titles(wiki: Wiki, kind: str) -> list[str]:
    if kind in PAGES:
        return list(PAGES[kind])
    namespace, prefix, before = SUBPAGES[kind]
    return [page.title async for page in wiki.all_pages(namespace=namespace, prefix=prefix)] or [before]


async def fetch(chosen: RatingList, *, settings: Settings, sources: Sequence[str] = ()) -> Fetched:
    """The bytes of a list, from its wiki or its files. Raises RatingsError, WikiError."""
    api = None if len(sources) > 1 else api_of(chosen.source, settings)
    return (
        await from_wiki(chosen, api, settings=settings) if api else loading.from_files(chosen.name, sources or (chosen.source,))
    )


async def refresh(store: Store, settings: Settings, *, now: datetime) -> list[str]:
    """Read every configured list that is due. A list that fails stops nothing: it is told, and the old one stays."""
    told = []
    for each in loading.due(store, settings, now=now):
        try:
            loading.load(store, each, await fetch(each, settings=settings), now=now)
        except (RatingsError, WikiError, ConfigError) as fault:
            told.append(f"rating list not read: {fault}")
    return told
