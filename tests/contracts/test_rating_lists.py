"""The contract of every importer: bytes become rules and counts, or one error for people; nothing else, whatever the bytes."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies

from audit import ratings
from audit.errors import RatingsError
from audit.ratings import KINDS, ListFacts, RatingList

CASES = Path(__file__).parent.parent / "cases" / "ratings"
FACTS = ListFacts(name="a-list", words={"Deprecated": "d"})
SAMPLES: dict[str, bytes] = {
    "rsp": (CASES / "perennial_1.wiki").read_bytes(),
    "citeunseen": (CASES / "cite_unseen.wiki").read_bytes(),
    "nppsg": (CASES / "cite_unseen.wiki").read_bytes(),
    "csv": b"host,category\na.example,gr\nb.example,gu\n",
    "tsv": b"host\tcategory\na.example\tgr\nb.example\tgu\n",
    "liftwing": json.dumps({"references": [{"domain": "a.example", "ps_label_local": "Deprecated"}]}).encode(),
    "spamlist": (CASES / "spam.txt").read_bytes(),
    "pc1": b"domain,pc1\na.example,0.5\nb.example,0.6\n",
    "mbfc": json.dumps({"sources": [{"domain": "a.example", "reporting": "HIGH"}]}).encode(),
    "iffy": b"Domain,MBFC Fact\na.example,VL\nb.example,L\n",
    "upsd": (CASES / "upsd.js").read_bytes(),
    "retractionwatch": (CASES / "retractions.csv").read_bytes(),
}
every_kind = pytest.mark.parametrize("reader", KINDS, ids=lambda reader: reader.kind)


def outcome(reader: RatingList, body: bytes) -> str:
    """What comes of some bytes: rules, or the error for people."""
    try:
        return "rules" if ratings.read(reader.kind, body, facts=FACTS).rules else "nothing"
    except RatingsError:
        return "refused"


@every_kind
def test_the_true_form_gives_rules_with_their_list_and_counts(reader: RatingList) -> None:
    listing = ratings.read(reader.kind, SAMPLES[reader.kind], facts=FACTS)

    assert listing.rules
    assert all(rule.list_id and rule.family and rule.category for rule in listing.rules)
    assert listing.counts["rules"] == len(listing.rules)
    assert all(
        ".example" in rule.key or ".test" in rule.key or rule.kind != "host" or rule.key.endswith(".") for rule in listing.rules
    )


@every_kind
def test_a_web_page_in_place_of_the_list_is_refused(reader: RatingList) -> None:
    assert outcome(reader, b"\n<!DOCTYPE html><html><body>503 Service Unavailable</body></html>") == "refused"


@every_kind
@pytest.mark.parametrize(
    "body", [b"", b"\0", b"\xff\xfe\x00", b"{", b"[[[[", b"[1, null, [], {}]", b'{"query": {"pages": [1]}}'], ids=repr
)
def test_rubbish_is_refused(reader: RatingList, body: bytes) -> None:
    assert outcome(reader, body) == "refused"


@every_kind
def test_a_torn_list_raises_nothing_else(reader: RatingList) -> None:
    sample, dice = SAMPLES[reader.kind], random.Random(5)

    for _ in range(60):
        at, reach = dice.randrange(len(sample)), dice.randrange(40)
        torn = sample[:at] + bytes(dice.choices(b"{}[]|=<>'\"\\/\n,*#-x", k=dice.randrange(12))) + sample[at + reach :]
        assert outcome(reader, torn) in {"rules", "refused"}


@every_kind
@settings(max_examples=40, deadline=None)
@given(noise=strategies.text(alphabet=strategies.sampled_from("{}[]|=<>'\"\\/\n,*#-: .aA1\u2013\u0130"), max_size=300))
def test_noise_raises_nothing_else(reader: RatingList, noise: str) -> None:
    assert outcome(reader, noise.encode()) in {"rules", "refused"}


@every_kind
@pytest.mark.parametrize(
    "piece", ["{{", "{|\n|-\n", "<!--", "<nowiki>", "[[", "(", "a=", "| a=b", "=== a ===\n", '"', "\\b(", "'''''"], ids=repr
)
def test_repetition_ends_soon(reader: RatingList, piece: str) -> None:
    sample = SAMPLES[reader.kind]

    assert outcome(reader, sample + (piece * 20_000).encode()) in {"rules", "refused"}
