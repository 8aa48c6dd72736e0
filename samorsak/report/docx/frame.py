"""What a text document has around its content: styles, settings, properties, header, footer, its file."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Any

import docx
from docx.document import Document as Docx
from docx.oxml import parse_xml

from samorsak.report.delimited import replacing
from samorsak.report.document import Document
from samorsak.report.docx.markup import add, add_field, add_paragraph, add_run
from samorsak.report.docx.words import CULTURES, WORDS
from samorsak.report.page import TEMPLATES
from samorsak.report.page.markup import clean
from samorsak.report.sheets import zip_entry

_MARGIN, _NARROW, _SHORT_SIDE, _LONG_SIDE = 1418, 1134, 11906, 16838  # A4, in twentieths of a point
_UNUSED = {"/word/stylesWithEffects.xml", "/customXml/item1.xml", "/docProps/thumbnail.jpeg"}
_MADE = datetime(2000, 1, 1)


def begin(document: Document) -> Docx:
    """Make a document without content, with the look of a report."""
    made = docx.Document()
    own = {"lang": CULTURES[document.lang], "decimal": "," if document.lang == "sv" else "."}
    parts = made.part
    for part, name in (
        (parts._styles_part, "report-styles.xml"),
        (parts.numbering_part, "report-numbering.xml"),
        (parts._settings_part, "report-settings.xml"),
    ):
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        part._element = parse_xml(Template(text).substitute(own))
    for holder in (parts, parts.package):
        for name, relation in list(holder.rels.items()):
            if not relation.is_external and str(relation.target_part.partname) in _UNUSED:
                del holder.rels[name]
    made.element.body.clear()
    _describe(made, document)
    return made


def _describe(made: Docx, document: Document) -> None:
    """Write the properties; none of them is of the clock or of whoever runs it."""
    own = made.core_properties
    own.title, own.subject = clean(document.title)[:255], clean(document.subtitle)[:255]
    own.author = own.last_modified_by = "samorsak"
    own.language = CULTURES[document.lang]
    own.comments = own.keywords = own.category = ""
    own.created = own.modified = _MADE
    own.revision = 1


def end(made: Docx, document: Document) -> None:
    """Add the last section, an upright one; then the header and footer, which all sections share."""
    add_layout(made.element.body, lying=False)
    first = made.sections[0]
    first.different_first_page_header_footer = True
    header, footer, cover = first.header, first.footer, first.first_page_footer
    for part in (header, footer, cover, first.first_page_header):
        part.is_linked_to_previous = False
        part._element.clear()
    add_paragraph(first.first_page_header._element, "Header")
    add_paragraph(header._element, "Header", document.title)
    for part in (footer, cover):
        _add_page_number(part._element, WORDS[document.lang]["page"])


def _add_page_number(parent: Any, said: str) -> None:
    before, between, _ = said.split("{}")
    paragraph = add_paragraph(parent, "Footer", before)
    add_field(paragraph, "PAGE", "1")
    add_run(paragraph, between)
    add_field(paragraph, "NUMPAGES", "1")


def add_layout(parent: Any, *, lying: bool) -> None:
    """End a section of pages, in the properties of its last paragraph or, the last one, in the body."""
    own = add(parent, "sectPr")
    if lying:
        add(own, "pgSz", w=_LONG_SIDE, h=_SHORT_SIDE, orient="landscape")
    else:
        add(own, "pgSz", w=_SHORT_SIDE, h=_LONG_SIDE)
    sides = dict.fromkeys(("top", "right", "bottom", "left"), _NARROW if lying else _MARGIN)
    add(own, "pgMar", **sides, header=709, footer=709, gutter=0)


def save(made: Docx, path: Path) -> None:
    """Write the file; its bytes depend on nothing but its content.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    file = BytesIO()
    made.save(file)
    with zipfile.ZipFile(file) as saved, replacing(path) as part, zipfile.ZipFile(part, "w") as archive:
        for name in saved.namelist():
            archive.writestr(zip_entry(name), saved.read(name))
