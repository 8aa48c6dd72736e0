"""The tables of a report as a workbook: a summary, every figure on a row of its own, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from samorsak import __version__
from samorsak.report.document import Bullets, Document, Note, Paragraph, Picture, Section, Table
from samorsak.report.page.words import WORDS as PAGE_WORDS
from samorsak.report.phrases import by_language
from samorsak.report.sheets import MAX_ROWS, Cell, Column, Sheet, write_workbook

_SAID = {  # Swedish, English
    "summary": ("Sammanfattning", "Summary"),
    "data": ("Data", "Data"),
    "metadata": ("Metadata", "Metadata"),
    "section": ("Avsnitt", "Section"),
    "part": ("Del", "Part"),
    "content": ("Innehåll", "Content"),
    "title": ("Rubrik", "Title"),
    "text": ("Text", "Text"),
    "bullet": ("Punkt", "Bullet"),
    "note": ("Observera", "Note"),
    "below": ("Fotnot", "Footnote"),
    "table": ("Tabell", "Table"),
    "picture": ("Diagram", "Figure"),
    "alt": ("Diagrammet i ord", "The figure in words"),
    "name": ("Tabellnamn", "Table name"),
    "caption": ("Tabellrubrik", "Table caption"),
    "row_number": ("Radnr", "Row no."),
    "row": ("Rad", "Row"),
    "column": ("Kolumn", "Column"),
    "value": ("Värde", "Value"),
    "kind": ("Enhet", "Unit"),
    "shown": ("Visas som", "Shown as"),
    "kind_text": ("text", "text"),
    "kind_count": ("antal", "count"),
    "kind_share": ("andel (0–1)", "share (0–1)"),
    "kind_points": ("skillnad mellan andelar (−1–1)", "difference of shares (−1–1)"),
    "kind_measure": ("mått", "measure"),
    "field": ("Uppgift", "Item"),
    "subtitle": ("Underrubrik", "Subtitle"),
    "language": ("Språk", "Language"),
    "version": ("Version", "Version"),
    "run": ("Omgång, SHA-256 av run.json", "Round, SHA-256 of its run.json"),
    "setting": ("Inställning", "Setting"),
    "explained": ("Bladet Data", "The sheet Data"),
    "about_data": (
        "En rad för varje cell i rapportens tabeller. Värde är talet bakom cellen, inte avrundat: andelar "
        "går från 0 till 1. Det är tomt där cellen är text eller talet är dolt. Visas som är cellen i "
        "rapporten.",
        "A row for each cell of the report's tables. Value is the number behind the cell, not rounded: "
        "shares go from 0 to 1. It is empty where the cell is text or the number is withheld. Shown as is "
        "the cell as it stands in the report.",
    ),
}
WORDS = by_language(_SAID)


def sheet_names(lang: str) -> tuple[str, str, str]:
    """Give what the three sheets are called: summary, data, metadata."""
    words = WORDS[lang]
    return words["summary"], words["data"], words["metadata"]


def write_tables(path: Path, document: Document) -> None:
    """Write tabeller.xlsx: the report's text, its figures one to a row, and what it was made of.

    Texts are written as text whatever they begin with. The same document gives the same bytes.

    Parameters
    ----------
    path : Path
    document : Document

    Raises
    ------
    InputError
        The file cannot be written.
    """
    summary, data, metadata = sheet_names(document.lang)
    words = WORDS[document.lang]
    wide = [Column(words["section"], 34), Column(words["part"], 18), Column(words["content"], 95)]
    sheets = [
        Sheet(summary, wide, list(_summary(document, words))),
        *Sheet(data, _data_columns(words), list(_figures(document, words))).parts(MAX_ROWS),
        Sheet(
            metadata,
            [Column(words["field"], 34), Column(words["value"], 90)],
            list(metadata_rows(document)),
            filtered=False,
        ),
    ]
    write_workbook(path, sheets, document.title)


def _summary(document: Document, words: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give the report's text: section, kind of part, text."""
    tables = pictures = 0
    for one in document.sections:
        yield one.heading, words["title"], one.heading
        for block in one.blocks:
            parts: Sequence[tuple[str, str]] = ()
            if isinstance(block, Paragraph):
                parts = [(words["text"], block.text)]
            elif isinstance(block, Bullets):
                parts = [(words["text"], block.lead)] if block.lead else []
                parts = [*parts, *((words["bullet"], item) for item in block.items)]
            elif isinstance(block, Note):
                parts = [(words["note"], block.text)]
            elif isinstance(block, Picture):
                pictures += 1
                parts = [(f"{words['picture']} {pictures}", block.caption), (words["alt"], block.alt)]
            elif isinstance(block, Table):
                tables += 1
                parts = [(f"{words['table']} {tables}", block.caption)]
                parts += [(words["below"], note) for note in block.notes]
            for part, text in parts:
                yield one.heading, part, text


def _data_columns(words: Mapping[str, str]) -> list[Column]:
    return [
        Column(words["section"], 30),
        Column(words["name"], 22),
        Column(words["caption"], 40),
        Column(words["row_number"], 8, "integer"),
        Column(words["row"], 44),
        Column(words["column"], 26),
        Column(words["value"], 14),
        Column(words["kind"], 16),
        Column(words["shown"], 24),
    ]


def _figures(document: Document, words: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    for one in document.sections:
        for block in one.blocks:
            if isinstance(block, Table):
                yield from _of_table(one, block, words)


def _of_table(one: Section, block: Table, words: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    for number, (first, *others) in enumerate(block.rows, 1):
        for head, cell in zip(block.heads[1:], others, strict=True):
            where = (one.heading, block.name, block.caption, number, first.text, head)
            yield (*where, cell.value, words[f"kind_{cell.kind}"], cell.text)


def metadata_rows(document: Document) -> Iterator[tuple[str, str]]:
    """Give the rows of the sheet that says what the report was made of."""
    words = WORDS[document.lang]
    yield words["title"], document.title
    yield words["subtitle"], document.subtitle
    yield words["language"], document.lang
    for name, checked in document.runs:
        yield f"{words['run']}: {name}", checked
    for name, value in document.settings.items():
        yield f"{words['setting']}: {name}", "" if value is None else str(value)
    yield words["version"], f"samorsak {__version__}"
    if document.public:
        yield words["note"], PAGE_WORDS[document.lang]["public"]
    yield words["explained"], words["about_data"]
