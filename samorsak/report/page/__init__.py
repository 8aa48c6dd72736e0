"""A report as a page: one HTML file that needs no network."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from html import escape
from pathlib import Path
from string import Template
from xml.etree.ElementTree import Element

from samorsak.report.delimited import write_text
from samorsak.report.document import Document
from samorsak.report.page.blocks import build_sections
from samorsak.report.page.markup import add, clean, element, html
from samorsak.report.page.verbatims import hold
from samorsak.report.page.words import WORDS

__all__ = ["write_page"]

TEMPLATES = Path(__file__).parent.parent.parent / "templates"


def write_page(path: Path, document: Document) -> None:
    """Write a report as a page that can be read, searched, printed and published as it is.

    It stands in one file and asks for nothing else: its content security policy allows no request, and no
    style or script but its own. Every figure is there without script; the statements behind the categories,
    their search and filters need it. A public report holds no answer at all, whatever its blocks hold. The
    same document gives the same bytes.

    Parameters
    ----------
    path : Path
    document : Document

    Raises
    ------
    InputError
        The file cannot be written.
    """
    held = hold(document)
    words = WORDS[document.lang]
    style = _template("report.css")
    script = _template("report.js") if held else ""
    sections = build_sections(document, held)
    page = Template(_template("report.html")).substitute(
        {key: escape(words[key]) for key in ("skip", "contents")},
        lang=document.lang,
        policy=escape(_policy(style, script)),
        style=style,
        title=escape(clean(document.title)),
        subtitle=escape(clean(document.subtitle)),
        toc=html(_contents(document)),
        public=html(_public(words["public"])) if document.public else "",
        sections="\n".join(map(html, sections)),
        basis=html(_basis(document)),
        scripts=f'<script type="application/json" id="held">{held.json(document.lang)}</script>\n'
        f"<script>{script}</script>"
        if held
        else "",
    )
    write_text(path, page)


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Allow this style and this script, by their check sums, and no request (Content Security Policy 3)."""
    scripts = _sum(script) if script else "'none'"
    return (
        f"default-src 'none'; style-src {_sum(style)}; script-src {scripts}; img-src data:; "
        "require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'"
    )


def _sum(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _contents(document: Document) -> Element:
    """Make the list of contents: the sections, and below each those of level 2."""
    listed = element("ol")
    for one in document.sections:
        into = listed
        if one.level > 1 and len(listed):
            found = listed[-1].find("ol")
            into = add(listed[-1], "ol") if found is None else found
        add(add(into, "li"), "a", one.heading, href=f"#{one.name}")
    return listed


def _public(said: str) -> Element:
    own = element("p", class_="public")
    own.text = said
    return own


def _basis(document: Document) -> Element:
    """Make the part that says which runs the report rests on."""
    words = WORDS[document.lang]
    own = element("div")
    add(own, "h2", words["basis"], id="page-basis")
    add(own, "p", words["rests"])
    listed = add(own, "dl", class_="runs")
    for name, checked in document.runs:
        add(listed, "dt", name)
        add(add(listed, "dd"), "code", checked)
    return own
