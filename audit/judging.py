"""Stored facts -> stored judgements: verdicts, findings with the chosen captures, publisher scores. Shell; sends no request.

`run` calls this on what is new, `rejudge` on everything: the same code, so a replay cannot differ from the night it replays.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

from audit import captures, citing, domains, editorial, findings, scores, verdicts
from audit.findings import Rated
from audit.model import (
    Archived,
    Choice,
    Citation,
    CitedUrl,
    Document,
    Editorial,
    Fetch,
    LinkState,
    Playback,
    RatingOverride,
    Step,
    UrlFacts,
    Verdict,
)
from audit.settings import Settings
from audit.store import reads, writes
from audit.store.opening import Store

log = logging.getLogger(__name__)

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


def find(
    store: Store, *, now: datetime, settings: Settings, sources: Iterable[str] | None = None, shelf: "Lists | None" = None
) -> int:
    """Write the findings and the chosen capture of every citation of the documents; returns the number of findings.

    `shelf` are the rating lists of `now`, from a caller that has them at hand.
    """
    with store.read() as conn:
        names = list(reads.sources(conn)) if sources is None else list(sources)
        shelf = lists(conn, now=now, settings=settings) if shelf is None else shelf
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
                said=rated(document, shelf, fetches=what.fetches, verdicts=what.verdicts),
            )
            with store.write() as conn:
                writes.replace_findings(conn, document.source, found)
                writes.replace_choices(conn, document.source, what.choices)
            count += len(found)
    return count


def score(store: Store, *, now: datetime, settings: Settings) -> int:
    """Score every publisher from the current states; an unchanged publisher adds no row. Returns the number of publishers."""
    regroup(store)
    with store.read() as conn:
        said = editorials(conn, now=now, settings=settings)
        kept, known = reads.score_fit(conn, at=now), reads.score_inputs(conn, at=now)
        facts = [replace(each, editorial=said.get(each.url)) for each in reads.link_facts(conn)]
    scored = scores.publisher_scores(facts, now=now, settings=settings.scoring, kept=kept, known=known)
    with store.write() as conn:
        writes.write_scored(conn, scored)
        writes.write_ratings(conn, dict(scores.rated(facts)))
    return len(scored.publishers) + scored.unchanged


def regroup(store: Store) -> int:
    """Group the cited URLs anew when the suffix list or the table of platforms is another than at the newest score."""
    versions = domains.psl_version(), domains.tenants_version()
    with store.read() as conn:
        before = reads.score_versions(conn)
        if before is None or before == versions:
            return 0
        changed = [
            {"url_key": key, "publisher": publisher, "section": section}
            for key, url, *stands in reads.grouped_urls(conn)
            if [publisher := domains.publisher_key(url), section := domains.section_key(url)] != stands
        ]
    with store.write() as conn:
        writes.regroup(conn, changed)
    log.warning(
        "suffix list %s and platforms %s in place of %s and %s: every publisher is scored anew, %d cited URLs changed their publisher",
        *versions,
        *before,
        len(changed),
    )
    return len(changed)


# ---- what rating lists say


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The rating lists as they stood at a moment, ready to be asked; false when there were none."""

    index: editorial.Index
    corrections: tuple[RatingOverride, ...]
    now: datetime
    personal_labels: bool
    languages: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.index.families)


def lists(conn: sa.Connection, *, now: datetime, settings: Settings) -> Lists:
    """The rating lists that stood at `now`."""
    return Lists(
        index=editorial.Index(reads.rating_rules_of(conn, now=now)),
        corrections=tuple(reads.rating_corrections(conn)),
        now=now,
        personal_labels=settings.scoring.personal_labels,
        languages=settings.scoring.editorial.languages,
    )


def rated(document: Document, shelf: Lists, *, fetches: Mapping[str, Fetch], verdicts: Mapping[str, Verdict]) -> dict[int, Rated]:
    """What the lists say of each citation of a document, by its position."""
    found: dict[int, Rated] = {}
    if not shelf:
        return found
    for citation in document.every_citation():
        resource = citing.resource(citation)
        if resource is None:
            continue
        verdict, fetch = verdicts.get(resource.url), fetches.get(resource.url)
        landed = fetch.final_url if fetch and verdict and verdict.state is LinkState.LIVE else None
        rating = rate(citation, resource, shelf, language=document.language, landed=landed)
        if rating.said:
            found[citation.position] = rating
    return found


def rate(citation: Citation, resource: CitedUrl, shelf: Lists, *, language: str | None, landed: str | None = None) -> Rated:
    """What the lists say of one citation; of an identifier or short link also by the page it leads to (scoring.md, 1.2)."""
    said = shelf.index.look_up(editorial.subject(citation, resource.url, language=language))
    url = resource.url
    if not said and landed and resource.domain.startswith(POINTERS):
        url = landed
        said = shelf.index.look_up(editorial.subject(citation, url, language=language, via="final_url"))
    said = editorial.corrected(said, shelf.corrections, url=url, now=shelf.now)
    labelled = shelf.personal_labels or "personal" not in domains.publisher_flags(url)
    together = editorial.pooled(
        said, today=shelf.now.date(), loaded=shelf.index.families, personal=not labelled, languages=shelf.languages
    )
    return Rated(said=said, together=together, labelled=labelled)


def sayings(conn: sa.Connection, facts: UrlFacts, *, now: datetime, settings: Settings) -> tuple[str, ...]:
    """What each list says of one URL as it is cited, in sentences; that nothing is said of one person's page is said."""
    shelf = lists(conn, now=now, settings=settings)
    url = facts.cited_url.url
    landed = facts.fetches[-1].final_url if facts.fetches and facts.previous and facts.previous.state is LinkState.LIVE else None
    told: dict[str, None] = {}
    if not shelf:
        return ()
    for citation in reads.citations_of_url(conn, url):
        rating = rate(citation, facts.cited_url, shelf, language=None, landed=landed)
        shown = rating.said if rating.labelled else [each for each in rating.said if each.platform_level]
        told |= dict.fromkeys(editorial.sentence(each) for each in shown)
        if len(shown) < len(rating.said):
            told[editorial.SUPPRESSED] = None
    return tuple(told)


POINTERS = ("doi:", "hdl:", "ark:", "short:")
"""Publisher keys of what only leads to a page: it dies with its resolver, and is rated by where it leads."""


def editorials(conn: sa.Connection, *, now: datetime, settings: Settings) -> dict[str, Editorial]:
    """What the lists say of each cited URL that they speak of, over all citations of it."""
    shelf = lists(conn, now=now, settings=settings)
    found: dict[str, list[Editorial]] = {}
    if not shelf:
        return {}
    for name in reads.sources(conn):
        for document in reads.documents(conn, [name]):
            facts = {each.cited_url.url: each for each in reads.facts(conn, _urls(document), slim=True)}
            verdicts = {url: each.previous for url, each in facts.items() if each.previous}
            fetches = {url: each.fetches[-1] for url, each in facts.items() if each.fetches}
            resources = {citation.position: citing.resource(citation) for citation in document.every_citation()}
            for position, rating in rated(document, shelf, fetches=fetches, verdicts=verdicts).items():
                resource = resources[position]
                if rating.together is not None and resource is not None:
                    found.setdefault(resource.url, []).append(rating.together)
    return {url: editorial.agreed(some) for url, some in found.items()}


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
