"""Source lists of Cite Unseen on Meta: `{{CULink}}` under headings that name the class -> rules. Pure.

One list page holds the lists of one project; several pages make one rating list, and each rule carries the id of its own
(`citeunseen:enVGS`). Kinds of sources (blogs, government, satire ...) are told and never enter a number.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from audit import patterns, templates
from audit.editorial import ANY, CONDITIONAL, KINDS
from audit.errors import RatingsError
from audit.model import RatingRule
from audit.ratings import scopes, wikipages
from audit.ratings.keys import LONGEST_KEY, host_and_path
from audit.ratings.listing import ListFacts, Listing, Tally, stretches
from audit.ratings.wikipages import Page
from audit.templates import Template

LICENCE = "CC BY-SA 4.0"
BASE = "https://meta.wikimedia.org/wiki/"
LISTS = ("enRSP", "enVGS", "enAMS", "enJAPANS", "enKOREAS", "enAS", "enFILMR", "enNPPSG", "enTAMBAYS", "enBGS", "enCHARTS", "enVSAFES",
         "frJVS", "ruAIKI", "zhRSP", "zhVGS", "zhACGS", "viDSNDTC")  # fmt: skip
KIND_NAMES = frozenset({
    "advocacy", "aiGenerated", "aiReferred", "blogs", "books", "community", "editable", "government", "news", "opinions",
    "predatory", "press", "satire", "social", "sponsored", "tabloids", "tvPrograms",
})  # fmt: skip
ENDINGS = {
    "Blacklisted": "b",
    "Deprecated": "d",
    "GenerallyUnreliable": "gu",
    "MarginallyReliable": "nc",
    "Multi": "mixed",
    "GenerallyReliable": "gr",
}
PARAMETERS = {"1", "url_str", "author", "pub", "date", "exclude"}
LONGEST_CONDITION = 200
"""Characters of an author or publisher pattern; what is longer was not written for one publisher."""

_HEADING = re.compile(r"^(={2,6})([^=\n]{1,200})\1[ \t]*$", re.MULTILINE)
_IDS = {name.casefold(): name for name in LISTS}


class CiteUnseen:
    """The pages as the API answers them, or as plain wikitext, several joined."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def read(self, body: bytes, *, facts: ListFacts) -> Listing:
        tally = Tally(facts)
        found = wikipages.pages(body, facts=facts)
        for page in found:
            _read_page(page, tally)
        if not tally.counts["rows"] and not tally.unknown:
            raise RatingsError(
                facts.name, "no {{CULink}} under a heading that names a class: the format changed, or it is another page"
            )
        return tally.listing(
            revisions=tuple((page.known_as("Cite Unseen/sources"), page.revision) for page in found if page.revision),
            as_of=max((page.revised for page in found if page.revised), default=facts.as_of),
            family=facts.family,
            licence=facts.licence or LICENCE,
            language=facts.language,
        )


def _read_page(page: Page, tally: Tally) -> None:
    for heading, section in _sections(wikipages.visible(page.text)):
        links = [each for each in templates.templates(section)[0] if each.name.casefold() == "culink"]
        model = _model(heading, page, tally.facts)
        if model is None and links:
            tally.unknown_word(heading, page.title or "a page")
        for link in links if model else ():
            tally.counts["rows"] += 1
            _read_link(link, model, tally)


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Level-3 headings with what stands under each."""
    for heading, end in stretches(_HEADING, text):
        if len(heading[1]) == 3:
            yield heading[2].strip(), text[heading.end() : end]


def _model(heading: str, page: Page, facts: ListFacts) -> RatingRule | None:
    """The rule that every link under a heading is made from; None for a heading that names no class."""
    where = {
        "as_of": page.revised or facts.as_of,
        "url": wikipages.address(facts.url or BASE, page.known_as("Cite Unseen/sources")),
        "revision": page.revision or facts.revision,
        "licence": facts.licence or LICENCE,
    }
    if heading.partition("/")[0] in KIND_NAMES:
        return RatingRule(list_id="citeunseen:kinds", family=KINDS, key="", category=heading, **where)  # type: ignore[arg-type]  # names are those of RatingRule
    for ending, category in ENDINGS.items():
        name = heading.removesuffix(ending)
        language = name[:2]
        if name != heading and language.isascii() and language.islower() and len(name) > 2:
            return RatingRule(
                list_id=f"citeunseen:{_IDS.get(name.casefold(), name)}",
                family=facts.family or f"{language}wiki-community",
                key="",
                category=category,
                flags=frozenset({"blacklisted"} if category == "b" else ()),
                language=facts.language or language,
                **where,  # type: ignore[arg-type]  # names are those of RatingRule
            )
    return None


def _read_link(link: Template, model: RatingRule | None, tally: Tally) -> None:
    values = {each.key: each.value.strip() for each in link.parameters if each.value.strip()}
    shown = " ".join(f"{key}={value}" for key, value in values.items())[:80]
    for key in sorted(values.keys() - PARAMETERS):
        tally.say("unknown_parameters", f"{shown}: unknown parameter {key[:40]!r}")
    if model is None or not values.keys() & (PARAMETERS - {"exclude", "date"}):
        tally.bad("malformed", f"{shown or 'an empty link'}: names no source")
        return
    for name in ("author", "pub"):
        pattern = values.get(name)
        if pattern is not None and (len(pattern) > LONGEST_CONDITION or patterns.guarded(pattern) is None):
            tally.bad("rejected", f"{shown}: {name} is no pattern that can be used safely")
            return
    keyed = _keyed(values, model)
    if keyed is None:
        tally.bad("rejected", f"{shown}: names no host")
        return
    windows = scopes.windows(values["date"]) if "date" in values else [(None, None)]
    if not windows:
        tally.bad("rejected", f"{shown}: date says no time")
        return
    for first, last in windows:
        tally.rules.add(replace(keyed, valid_from=first, valid_to=last))


def _keyed(values: dict[str, str], model: RatingRule) -> RatingRule | None:
    flags = model.flags | ({CONDITIONAL} if values.keys() & {"author", "pub", "date"} else frozenset())
    scoped = replace(model, flags=flags, author=values.get("author"), work=values.get("pub"))
    excluded = tuple(values.get("exclude", "").split())
    if "1" in values:
        key = host_and_path(values["1"], open_ended=True)
        others = tuple("".join(each) for token in excluded if (each := host_and_path(token, open_ended=True)))
        found = replace(scoped, key=key[0], path=key[1], excluded=others) if key else None
    elif "url_str" in values:
        text = values["url_str"]
        found = replace(scoped, kind="substring", key=text, excluded=excluded) if len(text) <= LONGEST_KEY else None
    else:
        found = replace(scoped, kind=ANY)
    return found and replace(found, entry=values.get("1") or values.get("url_str") or values.get("author") or values.get("pub"))
