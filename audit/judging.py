"""Stored facts -> stored judgements: verdicts, findings with the chosen captures, publisher scores. Shell; sends no request.

`run` calls this on what is new, `rejudge` on everything: the same code, so a replay cannot differ from the night it replays.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from audit import captures, citing, findings, scores, verdicts
from audit.model import Archived, Choice, Citation, CitedUrl, Document, Fetch, Playback, Step, UrlFacts, Verdict
from audit.settings import Settings
from audit.store import reads, writes
from audit.store.opening import Store

SPREADING = frozenset({"soft404.cluster", "soft404.probe", "takeover.domain"})
"""Rules by which one URL convicts its neighbours: those that were judged before it was known are judged again."""

URLS_AT_ONCE = 200
"""Facts of so many URLs are held at a time: samples and sketches included, about 10 MB."""


def judge(store: Store, urls: Iterable[str], *, now: datetime, settings: Settings) -> int:
    """Decide every URL of `urls` anew from its stored facts, and those that stand in their light; returns how many of `urls` there were."""
    count, asked = 0, dict.fromkeys(urls)
    spreading: list[str] = []
    for decided in _decided(store, asked, now=now, settings=settings):
        count += len(decided)
        spreading += [verdict.url for verdict in decided if not SPREADING.isdisjoint(each.rule for each in verdict.evidence)]
    if spreading:
        with store.read() as conn:
            others = [url for url in reads.live_neighbours(conn, spreading) if url not in asked]
        for _ in _decided(store, others, now=now, settings=settings):
            pass
    return count


def _decided(store: Store, urls: Iterable[str], *, now: datetime, settings: Settings) -> Iterator[list[Verdict]]:
    # Neighbours are read once per chunk: addresses of one host together.
    for some in _chunks(sorted(urls, key=lambda url: url.partition("://")[2]), URLS_AT_ONCE):
        with store.read() as conn:
            decided = [decide(facts, now=now, settings=settings) for facts in reads.facts(conn, some)]
        with store.write() as conn:
            writes.write_verdicts(conn, decided)
        yield decided


def decide(facts: UrlFacts, *, now: datetime, settings: Settings) -> Verdict:
    """The verdict about one URL, from what is stored of it."""
    return verdicts.decide(
        facts.cited_url.url,
        facts.fetches,
        facts.searches,
        now=now,
        settings=settings.verdicts,
        cited=facts.cited,
        around=facts.around,
        overrides=facts.overrides,
        urlkey=facts.cited_url.urlkey,
        problem=facts.cited_url.problem,
        soft404=settings.soft404,
    )


def retrace(facts: UrlFacts, *, now: datetime, settings: Settings) -> tuple[Step, ...]:
    """The checks of one URL as the rules of today read them."""
    return verdicts.retrace(
        facts.cited_url.url,
        facts.fetches,
        facts.searches,
        now=now,
        settings=settings.verdicts,
        cited=facts.cited,
        around=facts.around,
        overrides=facts.overrides,
        soft404=settings.soft404,
    )


def find(store: Store, *, now: datetime, sources: Iterable[str] | None = None) -> int:
    """Write the findings and the chosen capture of every citation of the documents; returns the number of findings."""
    with store.read() as conn:
        names = list(reads.sources(conn)) if sources is None else list(sources)
    count = 0
    for name in names:
        with store.read() as conn:
            documents = list(reads.documents(conn, [name]))
            known = [
                _known(document, reads.facts(conn, urls, slim=True), reads.shared_digests(conn, urls), now=now)
                for document in documents
                for urls in (reads.touched(conn, _urls(document)),)
            ]
        for document, what in zip(documents, known, strict=True):
            found = findings.findings(
                document,
                now=now,
                verdicts=what.verdicts,
                archived=what.archived,
                choices=what.choices,
                fetches=what.fetches,
                opened=what.opened,
                excluded=what.excluded,
            )
            with store.write() as conn:
                writes.replace_findings(conn, document.source, found)
                writes.replace_choices(conn, document.source, what.choices)
            count += len(found)
    return count


def score(store: Store, *, now: datetime, settings: Settings) -> int:
    """Score every publisher from the current states; an unchanged publisher adds no row. Returns the number of publishers."""
    with store.read() as conn:
        scored = scores.publisher_scores(reads.link_facts(conn), now=now, settings=settings.scoring)
    with store.write() as conn:
        writes.write_scores(conn, scored)
    return len(scored)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store knows about the citations of one document."""

    verdicts: Mapping[str, Verdict]
    archived: Mapping[str, Archived]
    choices: Mapping[int, Choice]
    fetches: Mapping[str, Fetch]
    opened: Mapping[int, Playback]
    excluded: frozenset[str]


def _known(document: Document, facts: Iterable[UrlFacts], shared: frozenset[str], *, now: datetime) -> _Known:
    by_url = {each.cited_url.url: each for each in facts}
    resources = {citation.position: citing.resource(citation) for citation in document.every_citation()}
    return _Known(
        verdicts={url: each.previous for url, each in by_url.items() if each.previous},
        archived=dict.fromkeys(_urls(document), Archived.UNKNOWN)
        | {url: captures.archived(each.searches, now=now) for url, each in by_url.items()},
        choices={
            citation.position: choice
            for citation in document.every_citation()
            if (choice := _choice(citation, resources[citation.position], by_url, shared=shared))
        },
        fetches={url: each.fetches[-1] for url, each in by_url.items() if each.fetches},
        opened={
            citation.position: playback
            for citation in document.every_citation()
            if (playback := _opened(citation, resources[citation.position], by_url))
        },
        excluded=frozenset(url for url, each in by_url.items() if captures.excluded(each.searches)),
    )


def _opened(citation: Citation, resource: CitedUrl | None, by_url: Mapping[str, UrlFacts]) -> Playback | None:
    """What the copy that a citation names showed when it was opened last."""
    facts = by_url.get(resource.url) if resource else None
    named = {citation.archive_url, citation.url}
    return next((each for each in reversed(facts.playbacks) if each.memento_url in named), None) if facts else None


def _choice(
    citation: Citation, resource: CitedUrl | None, by_url: Mapping[str, UrlFacts], *, shared: frozenset[str]
) -> Choice | None:
    """The capture that supports this citation: nearest to what its editor saw, not after the link began to fail."""
    facts = by_url.get(resource.url) if resource else None
    if facts is None:
        return None
    return captures.best(
        facts.searches,
        near=citing.near(citation),
        cited_url=facts.cited_url.url,
        failing_since=facts.previous.failing_since if facts.previous else None,
        published=citation.published_date.day if citation.published_date else None,
        playbacks=facts.playbacks,
        cited=citing.cited_as([citation]),
        shared=shared,
    )


def _urls(document: Document) -> list[str]:
    resources = (citing.resource(citation) for citation in document.every_citation())
    return list(dict.fromkeys(resource.url for resource in resources if resource))


def _chunks(urls: Iterable[str], size: int) -> Iterator[list[str]]:
    source = iter(urls)
    while some := list(islice(source, size)):
        yield some
