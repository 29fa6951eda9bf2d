"""Lists that come as JSON. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from audit.editorial import BLACKLISTED, FALLBACK
from audit.errors import RatingsError
from audit.model import RatingRule
from audit.ratings.keys import host_and_path
from audit.ratings.listing import ListFacts, Listing, Tally, text_of

LABELS = {
    "generally reliable": "gr",
    "no consensus": "nc",
    "generally unreliable": "gu",
    "deprecated": "d",
    "blacklisted": "b",
}
"""What Lift Wing calls the statuses of the perennial sources list."""

LEVELS = {"very high", "high", "mostly factual", "mixed", "low", "very low"}
MOST_ANSWERS = 100_000


class LiftWing:
    """Answers of the reference-risk model of Lift Wing, several joined: of a revision (`references`) or of a domain."""

    kind = "liftwing"

    def read(self, body: bytes, *, facts: ListFacts) -> Listing:
        tally = Tally(facts)
        told = False
        for answer in documents(text_of(body, facts.name), facts.name):
            told = told or (isinstance(answer, dict) and ("references" in answer or "domain_metadata" in answer))
            for reference in _references(answer):
                tally.counts["rows"] += 1
                _read_reference(reference, answer, tally)
        if not told:
            raise RatingsError(
                facts.name, "neither `references` nor `domain_metadata`: the answer has another form, or is an error"
            )
        family = facts.family or "enwiki-community"
        return tally.listing(as_of=facts.as_of, family=family, licence=facts.licence, language=facts.language)


def documents(text: str, name: str) -> Iterator[Any]:
    """The JSON documents of a text, one behind the other, or one per line; those of a list singly."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(MOST_ANSWERS):
        at = len(text) - len(text[at:].lstrip())
        if at == len(text):
            return
        try:
            answer, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as fault:
            raise RatingsError(name, f"no JSON at character {at} ({type(fault).__name__})") from fault
        yield from answer if isinstance(answer, list) else (answer,)


def _references(answer: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(answer, dict):
        return
    held = answer.get("references")
    if isinstance(held, list):
        yield from (each for each in held if isinstance(each, dict))
    elif "domain_metadata" in answer:
        yield answer


def _read_reference(reference: dict[str, Any], answer: Any, tally: Tally) -> None:
    known = reference.get("domain_metadata")
    known = known if isinstance(known, dict) else reference
    written = next((value for name in ("domain", "domain_name", "url") if isinstance(value := reference.get(name), str)), "")
    key = host_and_path(written.partition("//")[2].partition("/")[0] if "//" in written else written)
    label = next((value for name in ("ps_label_local", "ps_label_enwiki") if isinstance(value := known.get(name), str)), None)
    if key is None:
        tally.bad("malformed", f"{written[:80]!r} names no host")
        return
    if label is None:
        tally.counts["unlabelled"] += 1
        return
    if label.strip().lower() not in LABELS:
        tally.unknown_word(label, key[0])
        return
    ratio = known.get("survival_ratio")
    accepted = f"acceptance by editors {ratio:.2f}" if isinstance(ratio, int | float) else None
    version = answer.get("model_version")
    category = LABELS[label.strip().lower()]
    tally.rules.add(
        _rule(tally, key, category, entry=accepted, revision=str(version) if version else None, flags=frozenset({FALLBACK}))
    )


def _rule(
    tally: Tally,
    key: tuple[str, str],
    category: str,
    *,
    family: str = "enwiki-community",
    entry: str | None,
    revision: str | None = None,
    flags: frozenset[str] = frozenset(),
) -> RatingRule:
    facts = tally.facts
    return RatingRule(
        list_id=facts.name,
        family=facts.family or family,
        key=key[0],
        path=key[1],
        category=category,
        flags=flags | ({BLACKLISTED} if category == "b" else frozenset()),
        language=facts.language,
        as_of=facts.as_of,
        entry=entry or key[0],
        url=facts.url,
        revision=revision or facts.revision,
        licence=facts.licence,
    )


class MediaBiasFactCheck:
    """The file of Media Bias/Fact Check, which the user supplies: `sources` with `domain` and `reporting`. `bias` is not read."""

    kind = "mbfc"

    def read(self, body: bytes, *, facts: ListFacts) -> Listing:
        tally = Tally(facts)
        held: list[Any] = []
        for answer in documents(text_of(body, facts.name), facts.name):
            some = answer.get("sources") if isinstance(answer, dict) and "sources" in answer else [answer]
            held += some if isinstance(some, list) else []
        if not any(isinstance(each, dict) and "domain" in each and "reporting" in each for each in held):
            raise RatingsError(facts.name, "no source with `domain` and `reporting`: the form of the file changed")
        for source in held:
            tally.counts["rows"] += 1
            _read_source(source, tally)
        return tally.listing(as_of=facts.as_of, family=facts.family or "mbfc", licence=facts.licence, language=facts.language)


def _read_source(source: Any, tally: Tally) -> None:
    values = source if isinstance(source, dict) else {}
    written, reporting = values.get("domain"), values.get("reporting")
    key = host_and_path(written) if isinstance(written, str) else None
    if key is None:
        tally.bad("malformed", f"{str(written)[:80]!r} names no host")
        return
    if not reporting:
        tally.counts["unlabelled"] += 1
        return
    level = " ".join(str(reporting).replace("_", " ").replace("-", " ").lower().split())
    if level not in LEVELS:
        tally.unknown_word(str(reporting)[:80], key[0])
        return
    name = values.get("name")
    tally.rules.add(_rule(tally, key, level.replace(" ", "-"), family="mbfc", entry=name if isinstance(name, str) else None))
