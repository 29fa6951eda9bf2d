"""What can be configured: frozen values, and the only place of the defaults. Pure.

Every class forbids unknown keys when `config.py` validates a file into it. Durations carry their unit in the name.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

_FORBID = {"extra": "forbid"}

CANARIES = ("https://example.com/", "https://www.wikipedia.org/", "https://www.ietf.org/", "https://www.kernel.org/")
"""Four addresses on unrelated networks that have answered for decades and can bear one visit a night."""


MOST_TITLES = 500
"""What MediaWiki takes in one question from an account with a bot flag; from others it is 50."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PerHost:
    __pydantic_config__: ClassVar = _FORBID
    concurrency: int = 2
    delay_s: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    __pydantic_config__: ClassVar = _FORBID
    connect_s: float = 10.0
    read_s: float = 20.0
    total_s: float = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    __pydantic_config__: ClassVar = _FORBID
    user_agent: str | None = None
    contact: str | None = None
    concurrency: int = 256
    per_host: PerHost = field(default_factory=PerHost)
    per_address: int = 16
    timeouts: Timeouts = field(default_factory=Timeouts)
    max_body_bytes: int = 1_048_576
    max_redirects: int = 10
    max_wait_s: float = 120.0
    retries: int = 2
    retry_after_s: tuple[float, ...] = (10.0, 60.0)
    robots: Literal["ignore", "obey"] = "ignore"
    proxy: str | None = None
    ca_file: str | None = None
    allow_networks: tuple[str, ...] = ()
    resolve: dict[str, str] = field(default_factory=dict)
    resolver: Literal["aiodns", "system"] = "aiodns"
    name_servers: tuple[str, ...] = ()
    second_resolver: str | None = None
    canaries: tuple[str, ...] = CANARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class HostOverride:
    """What one host needs otherwise than `web.per_host`; `why` is required, because someone will ask."""

    __pydantic_config__: ClassVar = _FORBID
    why: str
    concurrency: int | None = None
    delay_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    __pydantic_config__: ClassVar = _FORBID
    confirmations: float = 3
    min_days_between: float = 3
    min_span_days: float = 14
    recheck_live_days: float = 7
    refused_span_days: float = 28
    weights: dict[str, float] = field(default_factory=lambda: {"http-410": 1.5, "domain-vanished": 1.5})
    count_archive_witness: bool = False
    vantage: str | None = None
    signatures: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Soft404:
    __pydantic_config__: ClassVar = _FORBID
    probes: Literal["on-sign", "never"] = "on-sign"
    probe_days: float = 30
    cluster: int = 3
    cluster_days: float = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    __pydantic_config__: ClassVar = _FORBID
    rdap: Literal["on-sign", "never"] = "on-sign"
    rdap_url: str = "https://rdap.org/domain/{domain}"
    name_servers: Literal["on-sign", "never"] = "on-sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    __pydantic_config__: ClassVar = _FORBID
    playback_per_min: float = 480
    index_per_min: float = 24
    save_per_min: float = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """One archive to ask. `wayback` needs base_url; `memento` a timegate or timemap with `{url}`; `cdx` an endpoint; `local` none.

    `local` is the imported index. It is asked first, and whether it is listed or not.
    """

    __pydantic_config__: ClassVar = _FORBID
    name: str
    kind: Literal["wayback", "memento", "cdx", "local"]
    base_url: str | None = None
    api_url: str | None = None
    timegate: str | None = None
    timemap: str | None = None
    endpoint: str | None = None
    dialect: Literal["ia", "pywb"] = "ia"
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveKeys:
    """The keys of an account that may save pages. They come from the environment and are never shown."""

    __pydantic_config__: ClassVar = _FORBID
    access: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Captures:
    __pydantic_config__: ClassVar = _FORBID
    search: Literal["all", "missing", "dead", "never"] = "all"
    verify: Literal["needed", "all", "never"] = "needed"
    max_minutes: float = 30
    saves_per_day: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    __pydantic_config__: ClassVar = _FORBID
    contexts: tuple[str, ...] = ("reference", "general", "external-link", "inline", "infobox", "parameter")
    sides: tuple[str, ...] = ("added", "kept", "removed")
    namespaces: tuple[int, ...] = (0,)
    max_bytes: int = 8_388_608


LISTS_AGE_DAYS, PERENNIAL_AGE_DAYS = 365.0, 90.0
"""A list is told as old after this; the list of perennial sources is edited every day."""

ListKind = Literal[
    "rsp", "citeunseen", "nppsg", "csv", "tsv", "liftwing", "spamlist", "pc1", "mbfc", "iffy", "upsd", "retractionwatch"
]


def oldest_days(kind: str) -> float:
    """Days after which a list of that kind is told as old, unless its configuration says otherwise."""
    return PERENNIAL_AGE_DAYS if kind == "rsp" else LISTS_AGE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class WikiSettings:
    """How wikis are asked. `sites` names those outside Wikimedia: database name -> address of its api.php."""

    __pydantic_config__: ClassVar = _FORBID
    sites: dict[str, str] = field(default_factory=dict)
    concurrency: int = 3
    batch: int = 50
    maxlag: int = 5
    category_depth: int = 1

    def __post_init__(self) -> None:
        """Raises ValueError for what no wiki could be asked with."""
        for name, api in self.sites.items():
            if not api.startswith(("http://", "https://")):
                raise ValueError(f"sites.{name} must be the address of an api.php, like https://wiki.example.org/w/api.php")
        if self.concurrency < 1 or not 1 <= self.batch <= MOST_TITLES:
            raise ValueError(f"concurrency begins at 1, and batch is 1 to {MOST_TITLES}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingList:
    """One rating list. `source` is a file or a wiki (`enwiki`); `map` brings the list's own words to gr, m, nc, gu, d, b, mixed."""

    __pydantic_config__: ClassVar = _FORBID
    name: str
    kind: ListKind
    source: str
    family: str | None = None
    licence: str | None = None
    language: str | None = None
    refresh_days: float = 7
    max_age_days: float | None = None
    map: dict[str, str] = field(default_factory=dict)

    @property
    def oldest_days(self) -> float:
        """Days after which reports warn of its age."""
        return self.max_age_days or oldest_days(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    __pydantic_config__: ClassVar = _FORBID
    min_resolved: int = 5
    max_half_width: float = 15


SMALLEST_SIGMA, LARGEST_SIGMA = 0.05, 2.0
"""The grid of the model reaches four units to either side: two standard deviations of the largest."""
MOST_YEARS, MOST_DEATHS = 100, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sigma:
    __pydantic_config__: ClassVar = _FORBID
    publisher: float = 1.0
    section: float = 1.0

    def __post_init__(self) -> None:
        """Raises ValueError for a spread that is none."""
        if not (SMALLEST_SIGMA <= self.publisher <= LARGEST_SIGMA and SMALLEST_SIGMA <= self.section <= LARGEST_SIGMA):
            raise ValueError(f"publisher and section must be from {SMALLEST_SIGMA} to {LARGEST_SIGMA}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorialSettings:
    """`languages`: lists of which communities count: `document` is that of the document, `*` all, else codes like `de`."""

    __pydantic_config__: ClassVar = _FORBID
    languages: tuple[str, ...] = ("document",)
    anchors: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    __pydantic_config__: ClassVar = _FORBID
    horizon_years: float = 5
    lambda0: Literal["fit"] | float = "fit"
    sigma: Sigma = field(default_factory=Sigma)
    assumed_age_years: Literal["auto"] | float = "auto"
    drift_is_death: bool = True
    editor_dates: bool = True
    suffix_list: str | None = None
    tenants: tuple[str, ...] = ()
    personal_labels: bool = False
    editorial: EditorialSettings = field(default_factory=EditorialSettings)
    grade: Grade = field(default_factory=Grade)

    def __post_init__(self) -> None:
        """Raises ValueError for a number that no model can take."""
        if not 0 < self.horizon_years <= MOST_YEARS:
            raise ValueError(f"horizon_years must be above 0 and at most {MOST_YEARS}")
        if not isinstance(self.lambda0, str) and not 0 < self.lambda0 <= MOST_DEATHS:
            raise ValueError(f"lambda0 must be fit, or above 0 and at most {MOST_DEATHS}")
        if not isinstance(self.assumed_age_years, str) and not 0 <= self.assumed_age_years <= MOST_YEARS:
            raise ValueError(f"assumed_age_years must be auto, or from 0 to {MOST_YEARS}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSettings:
    __pydantic_config__: ClassVar = _FORBID
    links: int = 50
    findings: int = 100
    publishers: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    __pydantic_config__: ClassVar = _FORBID
    kind: Literal["local"] = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration."""

    __pydantic_config__: ClassVar = _FORBID
    database: str = "sqlite:///audit.db"
    sources: tuple[str, ...] = ()
    state_dir: str | None = None
    metrics_file: str | None = None
    web: Web = field(default_factory=Web)
    hosts: dict[str, HostOverride] = field(default_factory=dict)
    verdicts: Verdicts = field(default_factory=Verdicts)
    soft404: Soft404 = field(default_factory=Soft404)
    takeover: Takeover = field(default_factory=Takeover)
    archives: tuple[ArchiveSettings, ...] = (
        ArchiveSettings(name="wayback", kind="wayback", base_url="https://web.archive.org", api_url="https://archive.org"),
    )
    captures: Captures = field(default_factory=Captures)
    documents: Documents = field(default_factory=Documents)
    wiki: WikiSettings = field(default_factory=WikiSettings)
    ratings: tuple[RatingList, ...] = ()
    scoring: Scoring = field(default_factory=Scoring)
    report: ReportSettings = field(default_factory=ReportSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
