"""Documents of every kind, written by small writers: real-looking, with known citations, and no binary file in the repository."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document, and the addresses that a reader of it would say it cites."""

    name: str
    kind: str
    body: bytes
    cites: tuple[str, ...]
    references: int = 0


def packed(parts: Mapping[str, str | bytes], *, stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            package.writestr(name, part, compress_type=how)
    return held.getvalue()


def pdf(*pages: tuple[list[str], list[str]]) -> bytes:
    """A PDF of pages, each with its lines of text and the addresses of its link annotations."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines, links in pages:
        drawn = b"BT /F1 10 Tf 14 TL 40 800 Td " + b" ".join(b"(%s) Tj T*" % line.encode("latin-1") for line in lines) + b" ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        content = len(objects)
        marks = []
        for link in links:
            objects.append(
                b"<< /Type /Annot /Subtype /Link /Rect [40 700 200 712] /A << /S /URI /URI (%s) >> >>" % link.encode("latin-1")
            )
            marks.append(b"%d 0 R" % len(objects))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R /Annots [%s] >>"
            % (content, b" ".join(marks))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    body, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % at for at in places)
    return body + table + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))


def warc(*pages: tuple[str, str]) -> bytes:
    held = io.BytesIO()
    writer = WARCWriter(held, gzip=True)
    for address, page in pages:
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        record = writer.create_warc_record(address, "response", payload=io.BytesIO(page.encode()), http_headers=headers)
        writer.write_record(record)
        record.raw_stream.close()
    return held.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELATION = '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="{to}" TargetMode="External"/>'
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
DOCX = {
    "[Content_Types].xml": "<Types/>",
    "word/document.xml": (
        f"<w:document {W}><w:body><w:p><w:r><w:t>See </w:t></w:r><w:hyperlink r:id='rId1'><w:r><w:t>the harbour</w:t></w:r></w:hyperlink>"
        "<w:r><w:footnoteReference w:id='2'/></w:r></w:p><w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> HYPERLINK "
        "\"https://field.example/a\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>the field</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p><w:p><w:r><w:t>Bare https://bare.exam</w:t></w:r><w:r><w:t>ple/x.</w:t></w:r></w:p>"
        "</w:body></w:document>"
    ),
    "word/_rels/document.xml.rels": RELATIONS.format(inner=RELATION.format(id="rId1", to="https://harbour.example/?a=1&amp;b=2")),
    "word/footnotes.xml": (
        f"<w:footnotes {W}><w:footnote w:type='separator' w:id='0'/><w:footnote w:id='2'><w:p><w:hyperlink r:id='rId1'><w:r><w:t>a note</w:t>"
        "</w:r></w:hyperlink></w:p></w:footnote></w:footnotes>"
    ),
    "word/_rels/footnotes.xml.rels": RELATIONS.format(inner=RELATION.format(id="rId1", to="https://note.example/")),
}
ODT = {
    "mimetype": "application/vnd.oasis.opendocument.text",
    "content.xml": (
        "<office:document-content xmlns:office='urn:o' xmlns:text='urn:t' xmlns:xlink='http://www.w3.org/1999/xlink'><office:body><office:text>"
        "<text:p>See <text:a xlink:href='https://a.example/'>A</text:a><text:note text:id='n1'><text:note-body><text:p>"
        "<text:a xlink:href='https://note.example/'>N</text:a></text:p></text:note-body></text:note> and https://bare.example/x.</text:p>"
        "</office:text></office:body></office:document-content>"
    ),
}
EPUB = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    "OPS/book.opf": (
        '<package><metadata><dc:title>Harbours</dc:title></metadata><manifest><item id="b" href="two.xhtml"/><item id="a" href="one.xhtml"/>'
        '<item id="n" href="nav.xhtml" properties="nav"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    ),
    "OPS/one.xhtml": "<html><body><p><a href='https://one.example/'>One</a> <a href='two.xhtml'>next</a></p></body></html>",
    "OPS/two.xhtml": (
        "<html xmlns:epub='e'><body><p>Two</p><aside epub:type='footnote' id='f1'><a href='https://foot.example/'>F</a></aside></body></html>"
    ),
    "OPS/nav.xhtml": "<html><body><nav><a href='https://nav.example/'>n</a></nav></body></html>",
}
HTML = """<!DOCTYPE html><html lang="en"><head><title>Harbours</title><link rel="canonical" href="https://me.example/harbours">
<script type="application/ld+json">{"citation": [{"name": "Dredging", "url": "https://ld.example/"}]}</script></head><body>
<header><a href="https://me.example/">Home</a></header><nav><a href="https://menu.example/">Menu</a></nav>
<article><p><a href="https://a.example/?x=1&amp;y=2">A page</a> <a href="/other">Other</a> <a href="#top">top</a>
<a href="javascript:void(0)">js</a> <a href="mailto:x@a.example">mail</a> <a href="https://me.example/harbours#here">here</a></p>
<blockquote cite="https://quoted.example/"><p>Quoted</p></blockquote>
<ol class="footnotes"><li id="fn1">See <a href="https://note.example/">the note</a> <a href="#r1" class="footnote-backref">back</a></li></ol>
</article><footer><a href="https://imprint.example/">Imprint</a></footer></body></html>
"""
WIKI = """<!DOCTYPE html><html lang="en"><head><meta name="generator" content="MediaWiki 1.45"></head><body><h1>Marrowby</h1>
<div class="mw-parser-output"><p>Text<sup><a href="#cite_note-eel-1">[1]</a></sup> <a href="/wiki/Eel">eel</a></p>
<table class="infobox"><tr><td><a class="external" href="https://official.example/">official</a></td></tr></table>
<ol class="references"><li id="cite_note-eel-1"><span class="mw-cite-backlink"><a href="#a">a</a> <a href="#b">b</a></span>
<span class="reference-text"><cite class="citation web cs1"><a class="external text"
href="https://web.archive.org/web/20200101000000/https://eel.example/1">"Eels"</a>. Archived from
<a class="external text" href="https://eel.example/1">the original</a><span class="reference-accessdate">. Retrieved 3 May 2020</span>.</cite>
<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft.atitle=Eels&amp;rft.date=2019-05-01&amp;rft_id=https%3A%2F%2Feel.example%2F1"></span>
</span></li><li id="cite_note-lost-2"><span class="mw-cite-backlink">^</span> <span class="error mw-ext-cite-error">Cite error: The named
reference lost was invoked but never defined</span></li></ol></div></body></html>
"""
MARKDOWN = """# Harbours

See [a page](https://a.example/x "t"), [b][ref] and <https://auto.example/>, or https://bare.example/y.
`[no](https://code.example/)` [^1]

    [no](https://code2.example/)

[ref]: https://ref.example/
[unused]: https://unused.example/
[^1]: The note: <https://note.example/>.
"""
REST = """
Harbours
========

See `a page <https://a.example/x>`_, ref_ and https://bare.example/ [1]_, :doi:`10.1234/x`, :ref:`other`.

.. _ref: https://ref.example/
.. include:: /etc/hostname
.. toctree::
   :maxdepth: 2

.. [1] The note: https://note.example/
"""
BIBTEX = r"""@string{acme = "Acme"}
@misc{eel, title={The {\"U}ber Eel}, publisher = acme # " Press", url={https://eel.example/a\_1?b=c%20d}, urldate={2020-01-02}, year=2019}
@article{broken, title={Never closed, url = {https://broken.example/}
@online{mole, title="Mole", howpublished={\url{https://mole.example/}}}
@article{paper, title={Paper}, doi={https://doi.org/10.1234/abc}}
"""
LATEX = r"""\documentclass{article}\title{Harbours}
\begin{document} See \url{https://a.example/50%25/x_y} and \href{https://b.example/\#p}{the \emph{B}}. % \url{https://comment.example/}
\verb|\url{https://verbatim.example}| \cite{one,two}\footnote{\nolinkurl{https://c.example/}}
\begin{thebibliography}{9}
\bibitem{one} Eel. \url{https://one.example/}
\end{thebibliography}
\end{document}
"""
CSL = [
    {"id": "a", "type": "webpage", "title": "Eels", "URL": "https://a.example/", "accessed": {"date-parts": [[2020, 1, 2]]}},
    {"id": "b", "type": "article-journal", "title": "Moles", "DOI": "10.1234/x", "issued": {"date-parts": [["2019"]]}},
]
RIS = "TY  - JOUR\r\nTI  - Eels\r\nUR  - https://a.example/\r\nL1  - https://b.example/x.pdf\r\nY2  - 2020/01/02/\r\nER  - \r\nTY  - BOOK\r\nTI  - Half\r\n"
JATS = """<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.3//EN" "JATS.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta><title-group><article-title>Harbours</article-title></title-group>
</article-meta></front><body><p>See <ext-link ext-link-type="uri" xlink:href="https://loose.example/">x</ext-link> <xref rid="r1">1</xref></p>
</body><back><ref-list><ref id="r1"><element-citation><person-group><name><surname>Quay</surname><given-names>A</given-names></name>
</person-group><article-title>Eels</article-title><source>Journal of Eels</source><year>2019</year>
<ext-link xlink:href="https://eel.example/">link</ext-link><pub-id pub-id-type="doi">10.1234/x</pub-id></element-citation></ref>
<ref id="r2"><mixed-citation>Mole B. Moles. Available from: https://mole.example/a.</mixed-citation></ref></ref-list></back></article>
"""
TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Harbours</title></titleStmt></fileDesc></teiHeader>
<text><body><p>See <ref target="https://loose.example/">x</ref> <ptr target="#b1"/></p></body><back><listBibl>
<biblStruct xml:id="b1"><analytic><title>Eels</title><ptr target="https://eel.example/"/><idno type="DOI">10.1234/x</idno></analytic>
<monogr><title>Journal</title><imprint><date when="2019-05-01"/></imprint></monogr></biblStruct></listBibl></back></text></TEI>
"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Harbours</title><entry><title>Eels</title>
<link href="https://eel.example/"/><link rel="via" href="https://via.example/"/><updated>2020-01-02T00:00:00Z</updated>
<content type="html">&lt;a href="https://inside.example/"&gt;x&lt;/a&gt;</content></entry></feed>
"""
NOTEBOOK = {
    "nbformat": 4,
    "cells": [
        {"cell_type": "markdown", "source": ["# Harbours\n", "See [a](https://a.example/)"]},
        {"cell_type": "code", "source": "get('https://code.example/')", "outputs": []},
        {"cell_type": "markdown", "source": "and https://b.example/"},
    ],
}
PAGES = [
    (["See https://text.example/a and", "https://long.example/very/long/", "path/to/page.html for more.", "Linked https://linked.example/x"], ["https://linked.example/x"]),
    (["The second page"], ["https://second.example/", "https://second.example/"]),
]  # fmt: skip

PAPERS = (
    Paper(name="a.html", kind="html", body=HTML.encode(), references=1, cites=("https://note.example/", "https://a.example/?x=1&y=2", "https://me.example/other", "https://quoted.example/", "https://ld.example/")),
    Paper(name="w.html", kind="wiki-page", body=WIKI.encode(), references=2, cites=("https://eel.example/1", "https://official.example/")),
    Paper(name="a.md", kind="markdown", body=MARKDOWN.encode(), references=1, cites=("https://note.example/", "https://a.example/x", "https://ref.example/", "https://auto.example/", "https://bare.example/y")),
    Paper(name="a.rst", kind="rst", body=REST.encode(), references=1, cites=("https://note.example/", "https://a.example/x", "https://ref.example/", "https://bare.example/", "doi 10.1234/x")),
    Paper(name="a.bib", kind="bibtex", body=BIBTEX.encode(), cites=("https://eel.example/a_1?b=c%20d", "https://broken.example/", "https://mole.example/", "doi 10.1234/abc")),
    Paper(name="a.tex", kind="latex", body=LATEX.encode(), references=2, cites=("https://one.example/", "https://a.example/50%25/x_y", "https://b.example/#p", "https://c.example/")),
    Paper(name="a.json", kind="csl-json", body=json.dumps(CSL).encode(), cites=("https://a.example/", "doi 10.1234/x")),
    Paper(name="a.ris", kind="ris", body=RIS.encode(), cites=("https://a.example/", "https://b.example/x.pdf", "Half")),
    Paper(name="a.xml", kind="jats", body=JATS.encode(), references=2, cites=("https://eel.example/", "https://mole.example/a", "https://loose.example/")),
    Paper(name="b.xml", kind="tei", body=TEI.encode(), references=1, cites=("https://eel.example/", "https://loose.example/")),
    Paper(name="c.xml", kind="feed", body=ATOM.encode(), cites=("https://eel.example/", "https://via.example/", "https://inside.example/")),
    Paper(name="a.ipynb", kind="notebook", body=json.dumps(NOTEBOOK).encode(), cites=("https://a.example/", "https://b.example/")),
    Paper(name="a.pdf", kind="pdf", body=pdf(*PAGES), cites=("https://linked.example/x", "https://text.example/a", "https://long.example/very/long/path/to/page.html", "https://second.example/")),
    Paper(name="a.docx", kind="docx", body=packed(DOCX), references=1, cites=("https://note.example/", "https://harbour.example/?a=1&b=2", "https://field.example/a", "https://bare.example/x")),
    Paper(name="a.odt", kind="odt", body=packed(ODT), references=1, cites=("https://note.example/", "https://a.example/", "https://bare.example/x")),
    Paper(name="a.epub", kind="epub", body=packed(EPUB), references=1, cites=("https://foot.example/", "https://one.example/")),
)  # fmt: skip
