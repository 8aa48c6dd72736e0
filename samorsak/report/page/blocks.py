"""Sections of a report as elements of a page.

Where what stands: a section is ``section#NAME`` with its heading, a table ``table#table-NAME``, a picture
``figure#picture-NAME``; paragraphs, lists and notes have the classes ``paragraph``, ``bullets`` and ``note``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from samorsak.report.document import (
    Bullets,
    Document,
    Note,
    Paragraph,
    Picture,
    Section,
    Table,
    Verbatims,
)
from samorsak.report.page.charts import draw_chart, is_empty
from samorsak.report.page.markup import add, element
from samorsak.report.page.verbatims import Held, add_panel
from samorsak.report.page.words import WORDS
from samorsak.wording import Lang

SHORT = 15
"""A table of so many rows is not split over two printed pages."""

MANY = 8
"""A table of more columns is printed across the paper."""


def build_sections(document: Document, held: Held | None) -> list[Element]:
    """Make the sections of level 1, each with those of level 2 inside it.

    The verbatims of a section stand at its end, in one panel.
    """
    numbers = _numbers(document)
    top: list[Element] = []
    for one in document.sections:
        made = _section(one, document, held, numbers)
        if one.level == 1 or not top:
            top.append(made)
        else:
            top[-1].append(made)
    return top


def _numbers(document: Document) -> Mapping[tuple[type, str], int]:
    """Give each picture and each table its number, each kind by itself."""
    blocks = [block for one in document.sections for block in one.blocks]
    return {
        (kind, name): number
        for kind in (Picture, Table)
        for number, name in enumerate((b.name for b in blocks if isinstance(b, kind)), 1)
    }


def _section(
    one: Section, document: Document, held: Held | None, numbers: Mapping[tuple[type, str], int]
) -> Element:
    made = element("section", id=one.name, aria_labelledby=f"heading-{one.name}")
    add(made, f"h{one.level + 1}", one.heading, id=f"heading-{one.name}")
    words = WORDS[document.lang]
    said = [b for b in one.blocks if isinstance(b, Verbatims) and b.rows and held]
    for block in one.blocks:
        if isinstance(block, Paragraph):
            add(made, "p", block.text, class_="paragraph")
        elif isinstance(block, Bullets):
            _add_bullets(made, block)
        elif isinstance(block, Note):
            _add_note(made, block, words)
        elif isinstance(block, Picture):
            _add_picture(made, block, numbers[Picture, block.name], document.lang)
        elif isinstance(block, Table):
            behind = {verbatims.label: verbatims.name for verbatims in said}
            _add_table(made, block, numbers[Table, block.name], behind, words)
    if said and held:
        add_panel(made, one, said, held, document.lang)
    return made


def _add_bullets(parent: Element, block: Bullets) -> None:
    own = add(parent, "div", class_="bullets")
    if block.lead:
        add(own, "p", block.lead)
    listed = add(own, "ul")
    for item in block.items:
        add(listed, "li", item)


def _add_note(parent: Element, block: Note, words: Mapping[str, str]) -> None:
    own = add(parent, "p", class_="note", role="note")
    add(own, "strong", words["note"]).tail = " "
    add(own, "span", block.text)


def _add_caption(parent: Element, tag: str, number: str, caption: str, name: str) -> None:
    own = add(add(parent, tag, id=name), "span", class_="whole")
    add(own, "span", number, class_="number").tail = " "
    add(own, "span", caption, class_="caption")


def _add_picture(parent: Element, block: Picture, number: int, lang: Lang) -> None:
    """Add a chart in two widths, of which the style sheet shows the one there is room for."""
    own = add(parent, "figure", id=f"picture-{block.name}")
    words, name = WORDS[lang], f"caption-picture-{block.name}"
    _add_caption(own, "figcaption", words["picture"].format(number), block.caption, name)
    if is_empty(block.chart):
        add(own, "p", words["nothing"])
        return
    for wide in (True, False):
        own.append(draw_chart(block.chart, block.alt, lang, wide))


def _add_table(
    parent: Element, block: Table, number: int, behind: Mapping[str, str], words: Mapping[str, str]
) -> None:
    """Add a table; the head of a row leads to the statements behind it, where there are any."""
    name = f"caption-table-{block.name}"
    kinds = ["table", *["short"] * (len(block.rows) <= SHORT), *["many"] * (len(block.heads) > MANY)]
    own = add(parent, "div", class_=" ".join(kinds))
    scroll = add(own, "div", class_="scroll", role="group", aria_labelledby=name, tabindex="0")
    table = add(scroll, "table", id=f"table-{block.name}")
    _add_caption(table, "caption", words["table"].format(number), block.caption, name)
    looks = _looks(block)
    heads = add(add(table, "thead"), "tr")
    for head, look in zip(block.heads, looks, strict=True):
        if head:
            add(heads, "th", head, scope="col", class_=look)
        else:
            add(heads, "td")
    body = add(table, "tbody")
    for row in block.rows:
        line = add(body, "tr")
        first, *others = row
        if first.text in behind:
            add(add(line, "th", scope="row"), "a", first.text, href=f"#verbatims-{behind[first.text]}")
        else:
            add(line, "th", first.text, scope="row")
        for cell, look in zip(others, looks[1:], strict=True):
            add(line, "td", cell.text, class_=look)
    if not block.rows:
        add(own, "p", words["nothing"], class_="below")
    for note in block.notes:
        add(own, "p", note, class_="below")


def _looks(block: Table) -> Sequence[str | None]:
    """Tell columns of numbers, which stand to the right, from columns of words."""
    columns = zip(*block.rows, strict=True) if block.rows else ((),) * len(block.heads)
    return [
        "figure" if place and any(cell.kind != "text" for cell in column) else None
        for place, column in enumerate(columns)
    ]
