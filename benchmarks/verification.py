"""`python benchmarks/verification.py [PAGES]`: opened copies are read and judged, beside two parsers that only get the plain text.

A thousand pages of 30 to 110 KB, as newspapers serve them: scripts, styles, navigation, comments of readers, and the story between
them. A third is cited by a quotation, a third by its title, a third by the title of another page, which takes every rule there
is. Both sides get the same bytes in one process, in turns; medians of the rounds, in milliseconds of one processor for each page.

2026-11-25, two cores, Python 3.11, pages of 78 KiB in the median: ours 2.2 ms, selectolax 0.35 ms (6 x), lxml 0.80 ms (2.7 x). Two
thirds are for reading the page: the tree, its text, and the marks of walls and parking services, looked for in one pass.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import lxml.html
from selectolax.lexbor import LexborHTMLParser

from audit import captures
from audit.archives import playing
from audit.archives.replies import Reply
from audit.model import CitedAs

PAGES, ROUNDS = 1_000, 5
AT = datetime(2015, 6, 1, 12, tzinfo=UTC)
SYLLABLES = ("ba", "ker", "din", "lo", "mar", "ten", "vi", "sol", "ur", "quen", "ash", "gro", "pel", "sti", "mon", "fay")
QUOTED_WORDS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One page of the corpus: its bytes, how it is cited, and what the check is to say."""

    url: str
    body: bytes
    cited: CitedAs
    expected: captures.Support


def corpus(count: int) -> list[Kept]:
    chance = random.Random(11)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(9_000)]
    return [_kept(number, chance, words) for number in range(count)]


def _kept(number: int, chance: random.Random, words: Sequence[str]) -> Kept:
    title = " ".join(chance.choices(words, k=8)).capitalize()
    story = [" ".join(chance.choices(words, k=chance.randint(30, 90))) for _ in range(chance.randint(8, 24))]
    quote = " ".join(story[len(story) // 2].split()[:QUOTED_WORDS])
    other = " ".join(chance.choices(words, k=9))
    cited, expected = (
        (CitedAs(titles=(other,), quotes=(quote,)), captures.Support.VERIFIED),
        (CitedAs(titles=(title,)), captures.Support.LIKELY),
        (CitedAs(titles=(other,)), captures.Support.UNVERIFIED),
    )[number % 3]
    body = _page(title, story, chance, words).encode()
    return Kept(url=f"https://paper{number % 40}.example/{number}", body=body, cited=cited, expected=expected)


def _page(title: str, story: Sequence[str], chance: random.Random, words: Sequence[str]) -> str:
    """The story between what a newspaper puts around it; the scripts and the navigation weigh more than the words."""
    links = "".join(
        f'<li class="menu-item level-{at % 3}"><a href="/{chance.choice(words)}/{at}" data-track="nav-{at}">{chance.choice(words)}</a></li>'
        for at in range(chance.randint(120, 320))
    )
    script = "".join(
        f'window.q=window.q||[];q.push(["set","{chance.choice(words)}",{at}]);' for at in range(chance.randint(80, 700))
    )
    style = "".join(f".c{at}{{margin:{at}px;color:#{at:06x}}}" for at in range(chance.randint(50, 400)))
    said = "".join(
        f'<div class="comment"><b>{chance.choice(words)}</b><p>{" ".join(chance.choices(words, k=25))}</p></div>'
        for _ in range(chance.randint(0, 40))
    )
    text = "".join(f'<p class="body-text">{part.capitalize()}. <a href="#">{part[:12]}</a></p>' for part in story)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Paper</title><style>{style}</style>'
        f'<meta property="og:title" content="{title}"><script>{script}</script></head><body><nav><ul>{links}</ul></nav>'
        f"<main><article><h1>{title}</h1>{text}</article><section>{said}</section></main><footer>{links}</footer></body></html>"
    )


def ours(page: Kept) -> object:
    """As after a request to an archive: the reply is read, and what it shows is compared with what was cited."""
    headers = {"content-type": "text/html; charset=utf-8", "memento-datetime": "Mon, 01 Jun 2015 12:00:00 GMT"}
    reply = Reply(address=page.url, asked_at=AT, http_status=200, headers=headers, body=page.body)
    shown = playing.playback(reply, archive="wayback", url=page.url, memento_url=page.url)
    return captures.support(shown, cited=page.cited)[0]


def selectolax(page: Kept) -> object:
    tree = LexborHTMLParser(page.body)
    tree.strip_tags(["script", "style"])
    return tree.body.text(separator=" ") if tree.body else ""


def lxml_alone(page: Kept) -> object:
    return lxml.html.document_fromstring(page.body).text_content()


def cost_ms(work: Callable[[Kept], object], pages: Sequence[Kept]) -> float:
    begun = time.process_time()
    for page in pages:
        work(page)
    return (time.process_time() - begun) / len(pages) * 1_000


def main() -> None:
    pages = corpus(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
    wrong = [page.url for page in pages if ours(page) is not page.expected]
    programs = {"ours": ours, "selectolax, text only": selectolax, "lxml, text only": lxml_alone}
    rounds: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, work in programs.items():
            rounds[name].append(cost_ms(work, pages))
    medians = {name: statistics.median(costs) for name, costs in rounds.items()}
    kib = statistics.median(len(page.body) for page in pages) / 1024
    print(f"{len(pages)} pages, median {kib:.0f} KiB; {len(wrong)} judged otherwise than they were made")
    for name, median in medians.items():
        print(f"{name:24} {median:6.2f} ms per page   ours is {medians['ours'] / median:.1f} x")


if __name__ == "__main__":
    main()
