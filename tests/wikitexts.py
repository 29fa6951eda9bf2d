"""Pages of wikitext put together at random from everything that cites, for readers that must agree about them."""

import random

SCRIPTS = ("bridge", "Brücke", "мост", "橋を渡る", "جسر", "גשר", "पुल", "สะพาน", "γέφυρα", "híd")
LANGUAGES = ("en", "de", "fr", "es", "ru", "ja", "ar", "he", "fa", "pl", "sv", "it", "zh", "ko", "tr", "uk", "sr")
NAMES = ("a", "A", "b c", "B. C.", "Ünal 2001", "мост", "x:y", "n_1", "橋", "q&amp;r")
GROUPS = ("", "", "", "n", "my notes", "注")
TEMPLATES = (
    "cite web", "Cite_news", "Internetquelle", "Lien web", "Cita web", "Webbref", "استشهاد ويب", "يادکرد وب", "웹 인용", "Cytuj", "Verkkoviite",
    "Nobody knows", "Литература", "Infobox x", "Kilde www", "Ref-web", "יادکرد", "Цитат уеб",
)  # fmt: skip
KEYS = (
    "url",
    "title",
    "Osoite",
    "lien",
    "date",
    "quote",
    "id",
    "page",
    "مسار",
    "website",
    "archive-url",
    "chapter-url",
    "ref",
    "1",
)
TAILS = (
    "",
    "",
    ".",
    ",",
    ");",
    ":",
    "!",
    "?",
    "…",
    "。",
    "）",
    "، ",
    "''x''",
    "&nbsp;z",
    "&lt;b",
    "&amp;c=1",
    "|d",
    "}",
    "-",
    "(e)",
    "(e",
    "#f:~:text=g,h",
)


class Pages:
    """A supply of pages; the same seed gives the same pages."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.count = 0

    def some(self, options: tuple[str, ...]) -> str:
        return self.dice.choice(options)

    def word(self) -> str:
        return self.some(SCRIPTS)

    def url(self) -> str:
        self.count += 1
        host = self.some(
            ("one.test", "two.test:8080", "www.three.test", "[2001:db8::1]", "bücher.test", "a\u00adb.test", "user@four.test")
        )
        path = self.some(
            (
                "/",
                "",
                "/a/b",
                "/%D0%BC",
                "/мост",
                "/a_(b)",
                "/x;y",
                "/~z",
                "/a%20b",
                "/q?r=1&s=2",
                "/q?r=%26&copy=1",
                "/%e2%82%ac",
            )
        )
        scheme = self.some(("http://", "https://", "https://", "HTTP://", "ftp://"))
        return f"{scheme}{host}{path}{'' if path.startswith('/q') else '/'}{self.count}"

    def link(self) -> str:
        url = self.url()
        return self.some((
            url + self.some(TAILS), f"[{url}]", f"[{url} {self.word()}]", f"[{url} ''{self.word()}'' [[{self.word()}|x]] y]", f"({url})",
            f"[{url}{self.some(TAILS)} {self.word()}]", f"[[{url} {self.word()}]]", f"[{url}\n{self.word()}]", f"<{url}>", f'"{url}"',
            f"[//{url.partition('//')[2]} {self.word()}]", f"[ {url} {self.word()}]", f"{self.word()}{url}", f"[{url}{{{{!}}}}x y]", f"{url}<!-- c -->k",
            f"'''{url}'''", f"[mailto:a{self.count}@one.test m]", f"{url}<br>{self.word()}", f"{url}<nowiki/>x", f"[{url}<nowiki>]</nowiki> y]",
f"[[File:A.jpg|thumb|{url}|{self.word()}]]", f"[[File:A.jpg|thumb|{self.word()} [{url} z]]]",
            f"\n* {url}\n# [{self.url()} {self.word()}]\n", f"<gallery>\nFile:A.jpg|[{url} z] x\n</gallery>", f"<poem>\n{url}\n</poem>", f"\n== {self.word()} ==\n",
            f"{url}\u3000{self.word()}", f"{url}\u00a0{self.word()}", f'<span title="x">{url}</span>', f" -{{{url}}}- ", f"{{{{{{p|{url}}}}}}} ",
        ))  # fmt: skip

    def attributes(self) -> str:
        name, group = self.some(NAMES), self.some(GROUPS)
        quote = self.some(('"', "'", '"'))
        given = [f"name{self.some(('=', ' = ', '=', '= '))}{quote}{name}{quote}"] if self.dice.random() < 0.7 else []
        if given and " " not in name and name and self.dice.random() < 0.3:
            given = [f"name={name}"]
        if group:
            given.append(f'group="{group}"' if " " in group or self.dice.random() < 0.5 else f"group={group}")
        if self.dice.random() < 0.05:
            given.append(
                self.some(
                    (
                        'name="late"',
                        "follow=a",
                        "NAME=upper",
                        "odd",
                        'odd="x"',
                        "dir=rtl",
                        'name="two\nlines"',
                        "name='unclosed",
                        'name="a&#98;c"',
                    )
                )
            )
        self.dice.shuffle(given)
        return "".join(f"{self.some((' ', ' ', chr(10), '  '))}{each}" for each in given)

    def reference(self, depth: int = 0) -> str:
        given, tag = self.attributes(), self.some(("ref", "ref", "ref", "REF", "Ref"))
        kind = self.dice.random()
        if kind < 0.25:
            return f"<{tag}{given}{self.some((' /', '/', ' /'))}>"
        if kind < 0.30:
            return (
                f"<{tag}{given}{self.some(('', ' '))}>{self.some(('', ' ', '<!-- c -->'))}</{tag}{self.some(('', ' ', chr(10)))}>"
            )
        if kind < 0.36 and depth < 2:
            label = self.some(NAMES[:5])
            return f"{{{{#tag:ref|{self.word()} {self.text(depth + 2)}|name={label}{self.some(('', '|group=n'))}}}}}"
        return f"<{tag}{given}>{self.text(depth + 1, plain=True)}</{tag}{self.some(('', '', ' '))}>"

    def template(self, depth: int, *, plain: bool = False) -> str:
        arguments: list[str] = []
        for _ in range(self.dice.randint(0, 5)):
            key = self.some(KEYS)
            value = self.url() if "url" in key or key in {"Osoite", "lien", "مسار"} else self.text(depth + 1, plain=plain)
            if self.dice.random() < 0.15:
                value = self.url() + self.some(TAILS[:8])
            arguments.append(
                self.some(
                    (
                        f"{key}={value}",
                        f" {key} = {value} ",
                        f"\n{key}={value}\n",
                        f"{key}={value}",
                        f"{len(arguments) + 1}={value}",
                    )
                )
            )
        name = self.some(TEMPLATES) + self.some(("", "", " ", "\n", "<!-- c -->"))
        return "{{" + "|".join((name, *arguments)) + "}}"

    def text(self, depth: int = 0, *, plain: bool = False) -> str:
        parts = []
        for _ in range(self.dice.randint(1, 3)):
            kind = self.dice.random()
            if kind < 0.3 or depth > 3:
                parts.append(self.word())
            elif kind < 0.55:
                parts.append(self.link())
            elif kind < 0.75:
                parts.append(self.template(depth, plain=plain))
            elif kind < 0.9 and not plain:
                parts.append(self.reference(depth))
            else:
                parts.append(self.hidden(depth, plain=plain))
        return " ".join(parts)

    def hidden(self, depth: int, *, plain: bool) -> str:
        inner = self.url() if depth > 2 else self.text(depth + 1, plain=plain)
        return self.some((
            f"<!-- {inner} -->", f"<nowiki>{inner}</nowiki>", f"<pre>{inner}</pre>", f"<includeonly>{inner}</includeonly>", f"<noinclude>{inner}</noinclude>",
            f'<syntaxhighlight lang="c">{inner}</syntaxhighlight>', "<nowiki/>", f"<onlyinclude>{inner}</onlyinclude>", "<br />", "'''", "''", "{{!}}", "]]", " __TOC__ ", "~", "&amp;",
        ))  # fmt: skip

    def page(self) -> str:
        parts = [
            self.some(
                (
                    self.text(),
                    self.reference(),
                    self.reference(),
                    self.link(),
                    self.template(0),
                    "\n\n",
                    f"\n== {self.word()} ==\n",
                )
            )
            for _ in range(self.dice.randint(2, 9))
        ]
        if self.dice.random() < 0.3:
            parts.append(self.listing())
        if self.dice.random() < 0.2:
            parts += [self.reference(), self.listing()]
        if self.dice.random() < 0.3:
            parts.append(f"\n{{|\n|-\n| {self.url()} || [{self.url()} {self.word()}]{self.reference(2)}\n|}}\n")
        return "".join(parts)

    def listing(self) -> str:
        group = self.some(GROUPS)
        given = f' group="{group}"' if group else ""
        if self.dice.random() < 0.5:
            return f"\n<references{given} />\n"
        inside = "".join(
            f'\n<ref name="{self.some(NAMES[:6])}">{self.text(2, plain=True)}</ref>' for _ in range(self.dice.randint(0, 3))
        )
        return f"\n<references{given}>{inside}\n</references>\n"
