"""What a situation of the lab is, and the pages that its sites show. Every name, site and text is invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit.demo.sites import Answer, Kept, Site
from audit.model import LinkState

LIVE, SUSPECT, USURPED, BLOCKED, UNKNOWN, DRIFTED = (
    LinkState.LIVE,
    LinkState.SUSPECT,
    LinkState.USURPED,
    LinkState.BLOCKED,
    LinkState.UNKNOWN,
    LinkState.DRIFTED,
)
TITLE = "The bridge at Vellham was rebuilt in stone"
PATH = "/2019/05/the-bridge-at-vellham-was-rebuilt"
BODY = " ".join(
    f"The {number}th arch of the bridge at Vellham stands on oak piles that were driven in the spring." for number in range(12)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One cited URL, what its site does, and the truth. `kind` groups the confusion table; `title` is the cited one."""

    name: str
    kind: str
    states: frozenset[LinkState]
    reason: str | None
    site: Site
    path: str = PATH
    title: str | None = TITLE
    more: tuple[str, ...] = ()
    """Other paths of the same site that documents cite, too."""
    cite: Mapping[str, str] = field(default_factory=dict)
    """Other parameters of its citation: quote, access-date, publisher ..."""
    fragment: str = ""
    """What stands behind its address in the citation, from the `#` on."""
    captures: tuple[Kept, ...] = ()
    """What the archive holds of it."""
    proof: str = ""
    """What must stand in the evidence, so that it is not true by accident: a rule."""
    weeks: frozenset[LinkState] | None = None
    """The truth after five checks in five weeks, where it is not what follows from the first night."""

    @property
    def url(self) -> str:
        return self.at(self.path)

    def at(self, path: str) -> str:
        """The address of a path of its site."""
        scheme = "https" if self.site.port in {"secure", "expired", "stranger"} else "http"
        return f"{scheme}://{self.site.host}{path}"

    @property
    def settled(self) -> frozenset[LinkState]:
        """What five weeks make of it: what fails every time is dead by then."""
        if self.weeks is not None:
            return self.weeks
        return (self.states - {SUSPECT}) | {LinkState.DEAD} if SUSPECT in self.states else self.states


def document(title: str = TITLE, *, h1: str | None = None, body: str = BODY, head: str = "", lang: str = "en") -> bytes:
    heading = title if h1 is None else h1
    return f'<!doctype html><html lang="{lang}"><head><title>{title}</title>{head}</head><body><h1>{heading}</h1><p>{body}</p></body></html>'.encode()


def html(*arguments: str, **more: str) -> Answer:
    return Answer(body=document(*arguments, **more))


GOOD = html()
NOT_FOUND = Answer(http_status=404, body=document("404 Not Found", body="There is nothing at this address."))
HOME = html("The Vellham Courier", body="News of the town. " * 40)


def to(location: str, http_status: int = 302, **headers: str) -> Answer:
    return Answer(http_status=http_status, headers=(("Location", location), *headers.items()), body=b"<p>Moved.</p>")


def raw(text: str, body: bytes) -> Answer:
    return Answer(raw=text.replace("\n", "\r\n").encode("latin-1") + b"\r\n" + body)


_MADE: list[str] = []


def slug(name: str) -> str:
    return "".join(each if each.isalnum() and each.isascii() else "-" for each in name.lower()).strip("-")[:40].strip("-")


def made(
    kind: str,
    name: str,
    answer: Answer | None,
    *,
    states: frozenset[LinkState],
    reason: str | None = None,
    pages: Mapping[str, Answer] | None = None,
    otherwise: Answer | None = None,
    path: str = PATH,
    title: str | None = TITLE,
    port: str = "plain",
    more: tuple[str, ...] = (),
    cite: Mapping[str, str] | None = None,
    captures: tuple[Kept, ...] = (),
    weeks: frozenset[LinkState] | None = None,
    proof: str = "",
) -> Scenario:
    host = f"{kind}-{slug(name)}.vellham-{len(_MADE)}.example"
    _MADE.append(host)
    known = {**({path: answer} if answer else {}), **dict.fromkeys(more, answer or NOT_FOUND), "/": HOME, **(pages or {})}
    site = Site(host=host, name=name, pages=known, otherwise=otherwise, port=port)
    return Scenario(
        name=name,
        kind=kind,
        states=states,
        reason=reason,
        site=site,
        path=path,
        title=title,
        more=more,
        cite=cite or {},
        captures=captures,
        weeks=weeks,
        proof=proof,
    )
