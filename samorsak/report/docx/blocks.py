"""Sections of a report as the body of a text document.

Where what stands: the heading of section n has the bookmark ``section_n``, the caption of table n ``table_n``
and that of picture n ``picture_n``, n counted from 1 through the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docx.document import Document as Docx
from docx.shared import Inches

from samorsak.report.document import Bullets, Document, Note, Paragraph, Picture, Section, Table, Verbatims
from samorsak.report.docx.chart import INCHES, chart_png
from samorsak.report.docx.frame import add_layout
from samorsak.report.docx.markup import (
    add,
    add_bookmarked,
    add_field,
    add_paragraph,
    add_run,
    begin_field,
    end_field,
)
from samorsak.report.docx.tables import WIDE, WIDTH, add_table, is_wide
from samorsak.report.docx.words import WORDS as OWN_WORDS
from samorsak.report.page.charts import is_empty
from samorsak.report.page.markup import clean
from samorsak.report.page.words import WORDS

TABLE, PICTURE, SECTION, BASIS = "table_", "picture_", "section_", "basis"
"""How the names of bookmarks begin; `BASIS` is one."""


class Body:
    """The body of a text document, while it is written."""

    def __init__(self, made: Docx, document: Document) -> None:
        self.made, self.document = made, document
        self.element = made.element.body
        self.words: Mapping[str, str] = {**WORDS[document.lang], **OWN_WORDS[document.lang]}
        self.bookmarks = self.tables = self.pictures = 0
        self.lying = False

    def add_title(self) -> None:
        """Add title, subtitle, what a public report leaves out, and the contents; then a new page."""
        add_paragraph(self.element, "Title", self.document.title)
        add_paragraph(self.element, "Subtitle", self.document.subtitle)
        if self.document.public:
            add_paragraph(self.element, "Note", self.words["public"])
        self._add_contents()

    def _add_contents(self) -> None:
        """Add the contents as links in a field, which programs give page numbers when asked to update it."""
        add_paragraph(self.element, "TOCHeading", self.words["contents"])
        entries = [
            (f"{SECTION}{number}", one.heading, one.level)
            for number, one in enumerate(self.document.sections, 1)
        ]
        entries.append((BASIS, self.words["basis"], 1))
        for place, (anchor, heading, level) in enumerate(entries):
            paragraph = add_paragraph(self.element, f"TOC{min(level, 2)}")
            if place == 0:
                begin_field(paragraph, r'TOC \o "1-2" \h \z \u')
            add_run(add(paragraph, "hyperlink", anchor=anchor, history=1), heading)
            if place == len(entries) - 1:
                end_field(paragraph)

    def add_section(self, number: int, one: Section) -> None:
        """Add a heading and what stands under it."""
        tables = [block for block in one.blocks if isinstance(block, Table)]
        pictures = any(isinstance(block, Picture) for block in one.blocks)
        all_lying = bool(tables) and not pictures and all(map(is_wide, tables))
        self._turn(all_lying)
        heading = self._add_heading(f"{SECTION}{number}", one.heading, one.level)
        if number == 1:
            add(heading.pPr, "pageBreakBefore")
        for block in one.blocks:
            self._turn(all_lying or (isinstance(block, Table) and is_wide(block)))
            if isinstance(block, Paragraph):
                add_paragraph(self.element, "Normal", block.text)
            elif isinstance(block, Bullets):
                self._add_bullets(block)
            elif isinstance(block, Note):
                paragraph = add_paragraph(self.element, "Note")
                add_run(paragraph, self.words["note"], "Strong")
                add_run(paragraph, f" {block.text}")
            elif isinstance(block, Picture):
                self._add_picture(block)
            elif isinstance(block, Table):
                self._add_table(block)

    def _turn(self, lying: bool) -> None:
        """Go on with pages that lie, or that stand upright; a page is begun where that is another way."""
        if lying != self.lying:
            add_layout(add_paragraph(self.element, "AfterTable").pPr, lying=self.lying)
            self.lying = lying

    def add_basis(self) -> None:
        """Add what the report rests on, and where the answers are."""
        self._turn(False)
        self._add_heading(BASIS, self.words["basis"], 1)
        add_paragraph(self.element, "Normal", self.words["rests"])
        for name, checked in self.document.runs:
            paragraph = add_paragraph(self.element, "ListBullet", f"{name}: ")
            add_run(paragraph, checked, "CheckSum")
        blocks = [block for one in self.document.sections for block in one.blocks]
        if self.document.public:
            add_paragraph(self.element, "Normal", self.words["public"])
        elif any(isinstance(block, Verbatims) for block in blocks):
            add_paragraph(self.element, "Normal", self.words["no_verbatims"])

    def _add_heading(self, bookmark: str, text: str, level: int) -> Any:
        paragraph = add_paragraph(self.element, f"Heading{min(level, 3)}", text)
        self._mark(paragraph, bookmark)
        return paragraph

    def _mark(self, paragraph: Any, bookmark: str) -> None:
        self.bookmarks += 1
        add_bookmarked(paragraph, bookmark, self.bookmarks)

    def _add_bullets(self, block: Bullets) -> None:
        if block.lead:
            add(add_paragraph(self.element, "Normal", block.lead).pPr, "keepNext")
        for item in block.items:
            add_paragraph(self.element, "ListBullet", item)

    def _add_caption(self, kind: str, number: int, caption: str) -> None:
        """Add a caption numbered by a field, as Word numbers its own."""
        label, after = self.words[kind].split(" {}")
        paragraph = add_paragraph(self.element, "Caption", f"{label} ")
        add_field(paragraph, rf"SEQ {label} \* ARABIC", str(number))
        add_run(paragraph, f"{after} {caption}")
        self._mark(paragraph, f"{TABLE if kind == 'table' else PICTURE}{number}")

    def _add_picture(self, block: Picture) -> None:
        self.pictures += 1
        self._add_caption("picture", self.pictures, block.caption)
        if is_empty(block.chart):
            add_paragraph(self.element, "Normal", self.words["nothing"])
            return
        png = BytesIO(chart_png(block.chart, self.document.lang))
        drawn = self.made.part.new_pic_inline(png, width=Inches(INCHES))
        name = self.words["picture"].format(self.pictures).rstrip(".")
        drawn.docPr.set("name", name)
        drawn.docPr.set("descr", clean(block.alt))
        for side in "TBLR":
            drawn.set(f"dist{side}", "0")
        add(add(add_paragraph(self.element, "Chart"), "r"), "drawing").append(drawn)

    def _add_table(self, block: Table) -> None:
        self.tables += 1
        self._add_caption("table", self.tables, block.caption)
        if block.rows:
            add_table(self.element, block, WIDE if self.lying else WIDTH)
        else:
            add_paragraph(self.element, "TableNote", self.words["nothing"])
        for note in block.notes:
            add_paragraph(self.element, "TableNote", note)
        add_paragraph(self.element, "AfterTable")
