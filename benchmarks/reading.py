"""How fast articles are read, beside the libraries that bots use: python benchmarks/reading.py [articles]

Articles of 270 KB with 500 references, made at random. Ours reads them to nouns (references, citations, dates, tags, places); the peers
parse and list templates with their parameters, links and `<ref>` tags, and so do less. Medians, one after the other in one process.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable

import mwparserfromhell
import wikitextparser

from audit.documents import wikitext_page

WORDS = (
    "bridge",
    "river",
    "council",
    "opened",
    "stone",
    "history",
    "of",
    "the",
    "and",
    "in",
    "city",
    "museum",
    "archive",
    "railway",
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
REFERENCES, CHARACTERS = 500, 270_000


def article(seed: int) -> str:
    dice = random.Random(seed)

    def prose(words: int) -> str:
        return " ".join(dice.choice(WORDS) for _ in range(words))

    def reference(number: int) -> str:
        url = f"https://www.site{number % 97}.example/{dice.randint(2000, 2023)}/{number}-{seed}"
        day = f"{dice.randint(1, 28)} {dice.choice(MONTHS)} {dice.randint(2001, 2023)}"
        name = f' name="n{number}"' if number % 3 == 0 else ""
        if number % 10 == 9:
            return f"<ref{name}>[{url} {prose(5)}], {prose(3)}, {day}</ref>"
        copy = f" |archive-url=https://web.archive.org/web/20200102030405/{url} |archive-date={day}" if number % 2 else ""
        said = f"last=Alder |first=Ann |date={day} |title={prose(7)} |url={url} |website=[[{prose(2)}]] |access-date={day}{copy}"
        return f"<ref{name}>{{{{Cite web |{said} |language=en}}}}</ref>"

    parts = ["{{Infobox\n" + "\n".join(f"| key{number} = {prose(3)}" for number in range(40)) + "\n}}\n"]
    for number in range(REFERENCES):
        tag = reference(number)
        parts.append(f"{prose(max(5, (CHARACTERS // REFERENCES - len(tag)) // 7))} [[{prose(2)}]] ''{prose(2)}''. {tag}")
        parts.append(f"\n\n== {prose(2)} ==\n" if number % 25 == 0 else " ")
    return "".join((*parts, "\n== References ==\n{{reflist}}\n"))


def ours(text: str) -> int:
    return len(wikitext_page.read("article", text, language="en").references)


def by_mwparserfromhell(text: str) -> int:
    code = mwparserfromhell.parse(text, skip_style_tags=True)
    for template in code.filter_templates():
        [(str(each.name), str(each.value)) for each in template.params]
    code.filter_external_links()
    return sum(str(tag.tag).lower() == "ref" for tag in code.filter_tags())


def by_wikitextparser(text: str) -> int:
    code = wikitextparser.parse(text)
    for template in code.templates:
        [(each.name, each.value) for each in template.arguments]
    len(code.external_links)
    return len(code.get_tags("ref"))


def median_s(read: Callable[[str], int], texts: list[str]) -> float:
    taken = []
    for text in texts:
        started = time.perf_counter()
        if read(text) != REFERENCES:
            raise SystemExit(f"{read.__name__} did not find {REFERENCES} references")
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    texts = [article(seed) for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5)]
    base = median_s(ours, texts)
    print(f"{'ours':<18}{1 / base:7.1f} articles a second")
    for read in (by_mwparserfromhell, by_wikitextparser):
        taken = median_s(read, texts)
        print(f"{read.__name__:<18}{1 / taken:7.1f} articles a second, {taken / base:.1f} times our time")


if __name__ == "__main__":
    main()
