"""The nouns of the pipeline, from the document to the score. Pure.

Facts (`Fetch`, `CaptureSearch`, `Playback`) are what the world said at one moment and never change.
Judgements (`Verdict`, `Finding`, `PublisherScore`) are computed from facts and can be dropped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    """Where in a diff something stands: only the old revision, only the new one, both."""

    ADDED = "added"
    REMOVED = "removed"
    KEPT = "kept"


class Place(StrEnum):
    """Where in a document a citation stands (the `context` of inputs.md)."""

    REFERENCE = "reference"
    GENERAL = "general"
    EXTERNAL_LINK = "external-link"
    INFOBOX = "infobox"
    INLINE = "inline"
    PARAMETER = "parameter"


class LinkState(StrEnum):
    LIVE = "live"
    SUSPECT = "suspect"
    DEAD = "dead"
    USURPED = "usurped"
    DRIFTED = "drifted"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


class Sign(StrEnum):
    """What one check means. The order is the order of strength: the best of its attempts speaks for a check."""

    OK = "ok"
    TAKEN = "taken"
    DRIFTING = "drifting"
    WALLED = "walled"
    GONE = "gone"
    FAILING = "failing"
    DOUBTFUL = "doubtful"
    ODD = "odd"
    VOID = "void"


class Failure(StrEnum):
    """Why a fetch has no usable HTTP answer; `Fetch.detail` and `Fetch.phase` carry the rest."""

    DNS = "dns"
    REFUSED = "refused"
    RESET = "reset"
    TIMEOUT = "timeout"
    TLS = "tls"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    BAD_RESPONSE = "bad-response"
    BLOCKED_ADDRESS = "blocked-address"
    ROBOTS = "robots"
    OTHER = "other"


class Archived(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class SearchFailure(StrEnum):
    """Why an archive could not say yes or no. Never "no captures"."""

    RATE_LIMITED = "rate-limited"
    UNAVAILABLE = "unavailable"
    NETWORK = "network"
    BAD_RESPONSE = "bad-response"
    MALFORMED_URL = "malformed-url"
    EXCLUDED = "excluded"
    UNCONFIRMED = "unconfirmed"
    PRIVATE = "private"
    """Not asked: the address names a machine or a secret of its owner."""


class SaveOutcome(StrEnum):
    """What became of a request to save a page. After `requested` and `unknown` nobody can say whether the archive took it."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    SAVED = "saved"
    UNKNOWN = "unknown"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    QUOTA = "quota"
    QUOTA_ALL = "quota-all"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    RANGE = "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedDate:
    """A date as an editor wrote it. `value` is the first day of the period, None when the text cannot be read."""

    text: str
    value: date | None = None
    precision: Precision | None = None

    @property
    def day(self) -> date | None:
        """The date, only if it was given to the day."""
        return self.value if self.precision is Precision.DAY else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the source text. Offsets in characters from 0, `end` exclusive; line and column from 1."""

    start: int
    end: int
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A maintenance tag (`{{dead link}}`, `{{failed verification}}` ...): a claim of the editors."""

    code: str
    name: str
    parameters: tuple[tuple[str, str], ...] = ()
    side: Side | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One citation template, bibliography entry or link. `url` is as written, None when the source shows none.

    `position` counts the citations of a document from 0 in reading order: with the document's source it is the identity.
    `parameters` are the template's, every one as written. `place_detail` names the parameter for `Place.PARAMETER`.
    `side` is given where it is not that of the reference: outside references, and where a kept reference got another address.
    """

    position: int
    url: str | None
    template: str | None = None
    title: str | None = None
    publisher: str | None = None
    work: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    quote: str | None = None
    archive_url: str | None = None
    archive_date: CitedDate | None = None
    access_date: CitedDate | None = None
    published_date: CitedDate | None = None
    url_status: str | None = None
    tags: tuple[Tag, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    text: str | None = None
    bare: bool = False
    place: Place = Place.REFERENCE
    place_detail: str | None = None
    line: int | None = None
    column: int | None = None
    span: Span | None = None
    url_span: Span | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One entry of the reference list: a `<ref>` (perhaps used many times, perhaps never defined), or a list item.

    `uses` counts its `<ref>` tags (definitions included), or the back-links of an entry that only the rendered list shows.
    `definitions` counts the tags with a body. `entry` is the number in the rendered list. `body` is the text inside the tag.
    `in_wikitext` is False for an entry that only the rendered list shows. `rendered` is False where MediaWiki shows no entry: an
    unclosed tag, one it refuses, one that only a list defines. `template` is the template that makes it (`sfn`, `efn` ...).
    """

    position: int
    name: str | None
    group: str | None = None
    defined: bool = True
    uses: int = 1
    definitions: int = 1
    side: Side | None = None
    line: int | None = None
    section: str | None = None
    entry: int | None = None
    body: str | None = None
    span: Span | None = None
    in_wikitext: bool = True
    confirmed_undefined: bool = False
    rendered: bool = True
    template: str | None = None
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something a reader noticed about the source itself; becomes a finding of the same code."""

    code: str
    detail: str
    severity: Severity = Severity.NOTE
    line: int | None = None
    side: Side | None = None
    reference: int | None = None
    citation: int | None = None
    advice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing that cites. `revised_at` is the moment its dates are judged at, when the source tells it.

    `citations` are those outside references (external links, infobox, general bibliography); `tags` those on no citation.
    """

    source: str
    kind: str
    title: str | None = None
    revision: str | None = None
    language: str | None = None
    wiki: str | None = None
    sha256: str = ""
    revised_at: datetime | None = None
    references: tuple[Reference, ...] = ()
    citations: tuple[Citation, ...] = ()
    tags: tuple[Tag, ...] = ()
    problems: tuple[Problem, ...] = ()

    def every_citation(self) -> tuple[Citation, ...]:
        """All citations, those in references first."""
        return tuple(citation for _, citation in self.sided_citations())

    def sided_citations(self) -> Iterator[tuple[Side | None, Citation]]:
        """All citations with their sides, in the same order."""
        for reference in self.references:
            yield from ((citation.side or reference.side, citation) for citation in reference.citations)
        yield from ((citation.side, citation) for citation in self.citations)


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpMark:
    """How far a dump is read: `position` is where to go on, `fingerprint` tells the very same file, read the same way."""

    dump: str
    fingerprint: str
    position: int = 0
    pages: int = 0
    documents: int = 0
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedUrl:
    """The resource that is cited. `url` is normalised and is the identity; `problem` is a reason code when it cannot be fetched.

    `host` is lower case, A-labels; `domain` is the publisher key and `section` the section key of scoring.md.
    `urlkey` (SURT) only matches captures.
    """

    url: str
    urlkey: str
    host: str
    domain: str
    section: str
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveUrl:
    """An address inside a web archive, taken apart (archives.md, 4)."""

    archive: str
    timestamp: str | None
    captured_at: datetime | None
    precision: str | None
    original: str | None
    flag: str | None = None
    short_id: str | None = None
    problems: tuple[str, ...] = ()
    nested: "ArchiveUrl | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect: the address asked, what it answered, and where it pointed. `kind` is http, refresh, meta or script."""

    url: str
    http_status: int | None
    location: str | None
    kind: str = "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One walk from an address to a final answer or failure: a fact, stored whole.

    `url` is the cited URL it is about; `requested_url` what was asked (a repaired spelling, another scheme, a probe).
    `role` is `attempt`, `probe`, `root`, `rdap` or `robots`; only attempts speak for the URL. `check_id` joins what one check did.
    `headers` holds the telling ones, names in lower case. `sketch` is the bottom-64 sketch of word 4-grams.
    `flags`: `password-field form frames scripts app-root needs-js cut ...` as html.py finds them. `tls` names a certificate
    defect (`expired`, `wrong-host`, `self-signed`, `legacy` ...). `magic` names the file type its first bytes show.
    """

    url: str
    fetched_at: datetime
    check_id: str
    attempt: int = 1
    role: str = "attempt"
    requested_url: str
    method: str = "get"
    hops: tuple[Hop, ...] = ()
    final_url: str | None = None
    failure: Failure | None = None
    phase: str | None = None
    detail: str | None = None
    http_status: int | None = None
    content_type: str | None = None
    charset: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    cookie_names: tuple[str, ...] = ()
    address: str | None = None
    tls: str | None = None
    title: str | None = None
    og_title: str | None = None
    h1: str | None = None
    description: str | None = None
    canonical: str | None = None
    robots: str | None = None
    language: str | None = None
    word_count: int | None = None
    text_length: int | None = None
    flags: frozenset[str] = frozenset()
    magic: str | None = None
    body_bytes: int | None = None
    body_sha256: str | None = None
    text_simhash: int | None = None
    sketch: tuple[int, ...] = ()
    sample: str | None = None
    elapsed_ms: int = 0
    shared_from: str | None = None
    vantage: str | None = None

    def header(self, name: str) -> str | None:
        """The first stored header of that name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """All attempts and probes for one URL in one run. Only a check counts in the history."""

    check_id: str
    url: str
    fetches: tuple[Fetch, ...]

    @property
    def attempts(self) -> tuple[Fetch, ...]:
        return tuple(fetch for fetch in self.fetches if fetch.role == "attempt")

    @property
    def checked_at(self) -> datetime:
        return min(fetch.fetched_at for fetch in self.fetches)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFact:
    """What a check taught about a host: do not ask before `gate_at`, and keep `delay_s` seconds between requests."""

    host: str
    gate_at: datetime | None = None
    delay_s: float | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueUrl:
    """One URL that is due, with what the fetch needs to know of its citations. `failed_before`: its last check failed."""

    url: str
    language: str | None = None
    titles: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    failed_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HostBatch:
    """The unit of work that engines hand out: a host and its due URLs.

    `probed` are the path shapes that a probe spoke for lately, `root_asked` whether its front page was asked lately,
    `registered` the domain if its registry was: what they showed is in the store, so none is asked again.
    """

    host: str
    due: tuple[DueUrl, ...]
    delay_s: float | None = None
    gate_at: datetime | None = None
    probed: frozenset[str] = frozenset()
    root_asked: bool = False
    registered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The facts of one check and what was learned about hosts. Holds no judgement. `deferred` says why nothing was asked."""

    url: str
    check_id: str
    fetches: tuple[Fetch, ...] = ()
    hosts: tuple[HostFact, ...] = ()
    deferred: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    archive: str
    url: str
    memento_url: str
    captured_at: datetime
    http_status: int | None = None
    mimetype: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureSearch:
    """What one archive answered about one URL. Captures: yes. Empty and no failure: no. Failure: unknown."""

    archive: str
    url: str
    asked_at: datetime
    captures: tuple[Capture, ...] = ()
    failure: SearchFailure | None = None
    detail: str | None = None
    near: datetime | None = None
    witnesses: tuple[str, ...] = ()


SAVE_REQUESTED, SAVE_FAILED = "save-requested", "save-failed"
"""Witnesses of our own: an archive was asked to save the page, or said that it did not. Neither says what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """One request to an archive to save a page: written before it is sent, finished when the outcome is known.

    `code` is the archive's own word for an error, without `error:`; `detail` its sentence.
    """

    archive: str
    url: str
    requested_at: datetime
    outcome: SaveOutcome = SaveOutcome.REQUESTED
    job_id: str | None = None
    code: str | None = None
    detail: str | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """What a memento showed when it was opened."""

    archive: str
    url: str
    memento_url: str
    played_at: datetime
    captured_at: datetime | None = None
    http_status: int | None = None
    hops: tuple[Hop, ...] = ()
    failure: SearchFailure | None = None
    detail: str | None = None
    mimetype: str | None = None
    title: str | None = None
    og_title: str | None = None
    h1: str | None = None
    word_count: int | None = None
    text_simhash: int | None = None
    sketch: tuple[int, ...] = ()
    flags: frozenset[str] = frozenset()
    sample: str | None = None
    body_bytes: int | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One cited URL whose captures are to be looked up, with the moments its citations want, most wanted first.

    `archive_urls` are the copies that citations name already; `state` is the newest verdict, None before the first, `doubted` a
    live page that shows nothing of what was cited; `searches` are what archives answered about it before, `playbacks` what the copies
    that were opened before showed.
    """

    url: str
    near: tuple[datetime, ...] = ()
    state: LinkState | None = None
    archive_urls: tuple[str, ...] = ()
    cited: "CitedAs | None" = None
    searches: tuple[CaptureSearch, ...] = ()
    doubted: bool = False
    playbacks: tuple[Playback, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The standing of one allowance of one archive (archives.md, 1.3); a row of `archive_pools`."""

    archive: str
    pool: str
    next_free_at: datetime | None = None
    slow_factor: int = 1
    refusals: int = 0
    refused_at: datetime | None = None
    open_until: datetime | None = None
    last_http_status: int | None = None
    last_retry_after_s: float | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlFacts:
    """Everything stored that a verdict about one URL is computed from. `previous` is the verdict that stands."""

    cited_url: CitedUrl
    fetches: tuple[Fetch, ...] = ()
    searches: tuple[CaptureSearch, ...] = ()
    playbacks: tuple[Playback, ...] = ()
    cited: "CitedAs | None" = None
    around: "Surroundings | None" = None
    overrides: "tuple[Override, ...]" = ()
    previous: "Verdict | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why: the dotted id of a rule (`wall.cloudflare`, `history.span`), what it saw, and how strongly it speaks (0 to 1)."""

    rule: str
    detail: str
    strength: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One check, judged: its sign, the reason code, and the evidence. `strength` is how sure the sign is (0 to 1).

    `vantage` names the network it came from, `archive:NAME` a capture that counts as a check.
    """

    check_id: str
    checked_at: datetime
    sign: Sign
    reason: str
    strength: float
    evidence: tuple[Evidence, ...] = ()
    vantage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One check in the history of a URL, and what stood after it. `counted`: it is one of those that a death is counted from."""

    signed: Signed
    counted: bool
    state: LinkState
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedAs:
    """What the citations of one URL say it is: the expectations a page is compared with."""

    titles: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    first_access_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the store knows beside the URL's own facts.

    `siblings` are the newest fetches of other URLs of its registrable domain (last 60 days), `probes` those of its host and
    path shape, `root` the front page of its domain, `registration` what its registry said, `playbacks` the captures that were
    opened.
    """

    siblings: tuple[Fetch, ...] = ()
    sibling_titles: Mapping[str, str] = field(default_factory=dict)
    probes: tuple[Fetch, ...] = ()
    root: Fetch | None = None
    registration: Fetch | None = None
    playbacks: tuple[Playback, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A person's correction: for this URL this rule is wrong, or the state is `state`, until `expires_at`, because `note`."""

    url: str
    rule: str | None = None
    state: LinkState | None = None
    author: str
    note: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What we decided about a cited URL at `decided_at`, from its facts alone. `failures` counts the checks in the open chain."""

    url: str
    state: LinkState
    reason: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    failing_since: datetime | None = None
    last_live_at: datetime | None = None
    decided_at: datetime
    failures: int = 0
    checks: int = 0
    next_check_at: datetime | None = None
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The capture that supports one citation best, and why."""

    capture: Capture
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to tell about a citation, a reference or the document. `citation` and `reference` are positions in it."""

    code: str
    severity: Severity
    detail: str
    advice: str | None = None
    url: str | None = None
    citation: int | None = None
    reference: int | None = None
    reference_name: str | None = None
    line: int | None = None
    side: Side | None = None
    capture: Capture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRule:
    """One rule of one list: see scoring.md, 4.1."""

    list_id: str
    family: str
    kind: str = "host"
    key: str
    path: str = ""
    excluded: tuple[str, ...] = ()
    category: str
    flags: frozenset[str] = frozenset()
    topic: str | None = None
    author: str | None = None
    work: str | None = None
    language: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    as_of: date | None = None
    entry: str | None = None
    url: str | None = None
    revision: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingOverride:
    """A person's correction: what this list says of `key` (a host, or host and path) is set aside until `expires_at`.

    `category` is what stands instead; None is no rating. The list's own rows stay visible.
    """

    list_id: str
    key: str
    category: str | None = None
    author: str
    note: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedBy:
    """One list behind an `Editorial`: who says it, in which words, as of when. Nothing is shown without it."""

    list_id: str
    family: str
    category: str
    word: str
    entry: str | None = None
    as_of: date | None = None
    revision: str | None = None
    licence: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Editorial:
    """What the loaded lists say of one cited URL, families pooled (scoring.md, 4.4).

    `value` is 0 to 1 and exists for sorting; None where lists speak and no number may come of it (another language, suppressed).
    `category` is the word that all families share, `mixed` where rows or families differ. `caps` holds `d` and `blacklisted`,
    `notes` holds `old platform-level other-language suppressed override`.
    """

    value: float | None
    sd: float = 0.0
    category: str
    word: str
    mixed: bool = False
    disputed: bool = False
    caps: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    language: str | None = None
    lists: tuple[RatedBy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a score is what it is: `text` is made from `numbers`, `points` is what stands at stake."""

    code: str
    numbers: Mapping[str, Any]
    text: str
    points: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHistory:
    """One distinct cited URL as survival data. Ages in years of 365.25 days since it began to be cited."""

    publisher: str
    section: str
    alive_until_years: float
    dead_by_years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """What the scorer knows of one distinct cited URL, before ages are reckoned. `archived` is None while unknown.

    `gone_date` is the day on which an editor tagged it as gone, `captured_date` that of a capture that shows the cited page.
    """

    url: str
    publisher: str
    section: str
    state: LinkState
    reason: str
    entry_date: date | None = None
    entry_from: str | None = None
    first_seen_at: datetime
    first_checked_at: datetime | None = None
    last_checked_at: datetime | None = None
    last_live_at: datetime | None = None
    failing_since: datetime | None = None
    access_date: date | None = None
    gone_date: date | None = None
    captured_date: date | None = None
    archived: bool | None = None
    archive_verified: bool = False
    editorial: Editorial | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFit:
    """What all scores of a corpus share until it is fitted anew: base rate, assumed age, prior of archive coverage.

    `standard_error` is that of the logarithm of `lambda0`; `survival` is the share of all links that still work, by years.
    """

    lambda0: float
    standard_error: float
    links: int
    publishers: int
    assumed_age_years: float
    archive_a: float
    archive_b: float
    survival: tuple[tuple[float, float], ...] = ()
    model_version: str
    fitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherScore:
    """What we compute of a publisher; probabilities are in per cent (0 to 100) where the contract's view shows them so."""

    publisher: str
    display_name: str = ""
    score: float | None
    low: float | None
    high: float | None
    grade: str | None
    basis: str
    durability: float | None
    durability_low: float | None
    durability_high: float | None
    editorial: str | None
    editorial_value: float | None = None
    editorial_low: float | None = None
    editorial_high: float | None = None
    links_rated: int = 0
    scope_language: str | None = None
    archive_coverage: float | None
    links: int
    live: int
    rotten: int
    blocked: int
    unknown: int
    suspect: int = 0
    resolved: int = 0
    dead_hard: int = 0
    dead_soft: int = 0
    live5: float | None = None
    live5_low: float | None = None
    live5_high: float | None = None
    live5_if_unknown_live: float | None = None
    live5_if_unknown_dead: float | None = None
    half_life_years: float | None = None
    half_life_low: float | None = None
    half_life_high: float | None = None
    lambda0: float | None = None
    age_assumed: int = 0
    archive_checked: int = 0
    archive_verified: int = 0
    reasons: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()
    list_versions: tuple[str, ...] = ()
    model_version: str
    policy_version: str
    psl_version: str
    tenants_version: str
    inputs_sha256: str
    scored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionScore:
    """What was measured of one section of a publisher; lists rate citations, so that nothing editorial stands here."""

    publisher: str
    section: str
    durability: float
    durability_low: float
    durability_high: float
    archive_coverage: float | None
    links: int
    live: int
    rotten: int
    blocked: int
    unknown: int
    suspect: int
    resolved: int
    dead_hard: int
    dead_soft: int
    live5: float
    live5_low: float
    live5_high: float
    archive_checked: int
    model_version: str
    inputs_sha256: str
    scored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What one scoring brought: the publishers whose inputs are new, their sections, and the fit. `unchanged` counts the others."""

    publishers: tuple[PublisherScore, ...]
    sections: tuple[SectionScore, ...]
    fit: ScoreFit
    unchanged: int = 0


Row = Mapping[str, Any]
"""One row of a view for people: column -> value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run, as `run_history` shows it. `outcome` is `audited`, `partial`, `offline`, `interrupted`, `failed` or `running`."""

    run: str
    started_at: datetime
    finished_at: datetime | None = None
    command: str
    outcome: str = "running"
    urls_due: int = 0
    urls_fetched: int = 0
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything a report prints, from the database alone. Rows carry the columns of the view they are named for.

    `edits` has one row per diff document with the counts of inputs.md 1.5; `notes` are sentences for the reader (what bounded
    the run, what is missing, what to do about it). `totals` counts `documents citations links live suspect dead usurped
    drifted blocked unknown archived findings errors warnings notes undefined_references publishers`, whatever the lists hold;
    `noted` counts the findings that are notes by code in the same way.
    `archive` is the standing of the capture pass: `answered yes no unknown pending` in cited URLs and, while an allowance is
    closed, its `pool open_until last_http_status`. `course` holds the scores over time of the one publisher it is about.
    """

    schema: str
    made_at: datetime
    version: str
    run: Row | None = None
    totals: Row
    documents: tuple[Row, ...] = ()
    edits: tuple[Row, ...] = ()
    links: tuple[Row, ...] = ()
    citations: tuple[Row, ...] = ()
    findings: tuple[Row, ...] = ()
    undefined: tuple[Row, ...] = ()
    publishers: tuple[Row, ...] = ()
    course: tuple[Row, ...] = ()
    archive: Row | None = None
    notes: tuple[str, ...] = ()
    noted: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that is stored about one URL, for `explain`: rows of current_links, current_citations and current_findings.

    `steps` are its checks as the rules of today read them, in order of time; `ratings` is what each loaded list says, in sentences;
    `course` the scores of its publisher over time.
    """

    facts: UrlFacts
    steps: tuple[Step, ...] = ()
    ratings: tuple[str, ...] = ()
    link: Row | None = None
    citations: tuple[Row, ...] = ()
    findings: tuple[Row, ...] = ()
    course: tuple[Row, ...] = ()
