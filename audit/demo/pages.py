"""The pages of the demo: invented texts, and what sites wrap around them."""

from html import escape
from importlib.resources import files

FOLDER = files("audit.demo") / "pages"


def title(slug: str) -> str:
    """The title of a text: its first line."""
    return _read(slug).partition("\n")[0]


def text(slug: str) -> str:
    """A text without its title."""
    return _read(slug).partition("\n")[2]


def article() -> bytes:
    """The wikitext of the article that the demo audits."""
    return (files("audit.demo") / "article.wiki").read_bytes()


def html(slug: str, *, site: str, head: str = "") -> bytes:
    """A text as its site shows it."""
    paragraphs = "".join(f"<p>{escape(one.strip())}</p>\n" for one in text(slug).split("\n\n"))
    return frame(f"{title(slug)} | {site}", f"<h1>{escape(title(slug))}</h1>\n{paragraphs}", site=site, head=head)


def frame(heading: str, body: str, *, site: str, head: str = "") -> bytes:
    """Anything as a page of a site."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(heading)}</title>\n{head}</head>\n'
        f'<body>\n<nav><a href="/">{escape(site)}</a></nav>\n<main>\n{body}\n</main>\n</body>\n</html>\n'
    ).encode()


def pdf(slug: str) -> bytes:
    """A text as a PDF of one page, as small as PDF allows."""
    shown = title(slug).replace("(", "").replace(")", "").encode("ascii", "replace")
    content = b"BT /F1 14 Tf 60 760 Td (%s) Tj ET" % shown
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + end


def _read(slug: str) -> str:
    return (FOLDER / f"{slug}.txt").read_text(encoding="utf-8")
