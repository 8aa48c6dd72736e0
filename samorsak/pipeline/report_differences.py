"""What a report should show beside what its files show: every figure compared, form by form."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from xml.etree.ElementTree import ParseError

from samorsak.errors import InputError
from samorsak.pipeline.reporting import PAGE, TABLES, TEXT
from samorsak.report.document import Document, Table
from samorsak.report.document.shown import BASIS, FRONT, Shown, bare, expected_texts, figures
from samorsak.report.docx import printed
from samorsak.report.docx.reading import read_docx_figures
from samorsak.report.page.reading import HELD, expected_charts, expected_counts, read_page_figures
from samorsak.report.page.words import WORDS
from samorsak.report.tables_reading import Figure, read_tables_figures
from samorsak.report.tables_workbook import WORDS as WORKBOOK_WORDS
from samorsak.report.tables_workbook import metadata_rows


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that does not stand in a file as the runs give it.

    Attributes
    ----------
    file : str
    where : str
        Name of a section or table.
    row, column : str
        Of a table; else empty.
    found, expected : str
        Empty where there is nothing.
    """

    file: str
    where: str
    row: str
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Say it in a line."""
        row = f" row {self.row!r}" if self.row else ""
        column = f" column {self.column!r}" if self.column else ""
        place = f"{self.file} {self.where}{row}{column}"
        return f"{place}: {self.found or 'nothing'!r}, expected {self.expected or 'nothing'!r}"


def compare_document(document: Document, folder: Path) -> tuple[list[Difference], list[str]]:
    """Compare every figure of a report with what the files in a folder show.

    In a page these are the cells of tables, all numbers in texts, the charts and the statements; in a text
    document cells and numbers (its charts are pictures, of which the alternative texts are read); in the
    workbook cells, values behind them, numbers in texts, and what the report was made of.

    Parameters
    ----------
    document : Document
    folder : Path

    Returns
    -------
    list of Difference
    list of str
        The files that were read.

    Raises
    ------
    InputError
        There is none of the files, or one cannot be read.
    """
    found: list[Difference] = []
    read = [name for name in (PAGE, TEXT, TABLES) if (folder / name).is_file()]
    if not read:
        raise InputError(f"{folder}: no {PAGE}, {TEXT} or {TABLES} in it; expected the folder of a report")
    compared: Mapping[str, Callable[[Document, Path], Iterator[Difference]]] = {
        PAGE: _in_page,
        TEXT: _in_text,
        TABLES: _in_workbook,
    }
    for name in read:
        try:
            found += compared[name](document, folder / name)
        except (OSError, KeyError, ValueError, ParseError, zipfile.BadZipFile) as error:
            fault = f"{type(error).__name__}: {error}".splitlines()[0]
            raise InputError(
                f"{folder / name}: cannot be read ({fault}); expected it as 'samorsak report' wrote it"
            ) from None
    return found, read


def _in_page(document: Document, path: Path) -> Iterator[Difference]:
    shown = read_page_figures(path)
    expected = _texts(document) | {"(head)": [document.title], HELD: expected_counts(document)}
    yield from _differ_in_texts(path.name, shown, expected)
    yield from _differ_in_tables(path.name, shown, document)
    charts = expected_charts(document)
    for name in dict.fromkeys((*charts, *shown.charts)):
        if charts.get(name, "") != shown.charts.get(name, ""):
            yield _first_difference(path.name, name, shown.charts.get(name, ""), charts.get(name, ""))


def _in_text(document: Document, path: Path) -> Iterator[Difference]:
    document = printed(document)
    sections = [one.name for one in document.sections]
    shown = read_docx_figures(path, sections, [block.name for block in tables_of(document)])
    yield from _differ_in_texts(path.name, shown, _texts(document) | {"(head)": [document.title]})
    yield from _differ_in_tables(path.name, shown, document)


def _in_workbook(document: Document, path: Path) -> Iterator[Difference]:
    shown, rows, about = read_tables_figures(path, [one.name for one in document.sections], document.lang)
    yield from _differ_in_texts(path.name, shown, expected_texts(document))
    for found, expected in zip_longest(rows, _rows(document)):
        yield from _differ_in_figure(path.name, found, expected)
    metadata = [list(row) for row in metadata_rows(document)]
    for own, wanted in zip_longest(about, metadata, fillvalue=["", ""]):
        if list(map(bare, own)) != list(map(bare, wanted)):
            row = bare(wanted[0] or own[0])
            yield Difference(path.name, "metadata", row, "", bare(" ".join(own)), bare(" ".join(wanted)))


def _texts(document: Document) -> dict[str, list[str]]:
    """Give the texts that pages and text documents show, title, contents and what they rest on among them."""
    headings = [one.heading for one in document.sections]
    runs = [text for run in document.runs for text in run]
    own = {
        FRONT: [document.title, document.subtitle, *headings],
        BASIS: [WORDS[document.lang]["rests"], *runs],
    }
    return expected_texts(document) | own


def tables_of(document: Document) -> list[Table]:
    """Give the tables of a report in order."""
    return [block for one in document.sections for block in one.blocks if isinstance(block, Table)]


def _differ_in_texts(file: str, shown: Shown, expected: Mapping[str, Sequence[str]]) -> Iterator[Difference]:
    for name in dict.fromkeys((*expected, *shown.texts)):
        own = figures([bare(text) for text in shown.texts.get(name, ())])
        wanted = figures([bare(text) for text in expected.get(name, ())])
        if own == wanted:
            continue
        for kind, a, b, c, d in SequenceMatcher(None, own, wanted, autojunk=False).get_opcodes():
            if kind != "equal":
                yield Difference(file, name, "", "", " ".join(own[a:b]), " ".join(wanted[c:d]))


def _differ_in_tables(file: str, shown: Shown, document: Document) -> Iterator[Difference]:
    wanted = {
        one.name: [list(one.heads), *([cell.text for cell in row] for row in one.rows)]
        for one in tables_of(document)
    }
    for name in dict.fromkeys((*wanted, *shown.tables)):
        rows, expected = shown.tables.get(name, []), wanted.get(name, [])
        if len(expected) == 1 and not rows:  # a text document shows no heads without rows
            continue
        heads = expected[0] if expected else []
        nothing: list[str] = []
        for own, line in zip_longest(rows, expected, fillvalue=nothing):
            for place, (cell, right) in enumerate(zip_longest(own, line, fillvalue="")):
                if bare(cell) != bare(right):
                    head = heads[place] if place < len(heads) else ""
                    label = (line or own)[0]
                    yield Difference(file, name, bare(label), bare(head), bare(cell), bare(right))


def _rows(document: Document) -> Iterator[Figure]:
    units = WORKBOOK_WORDS[document.lang]
    for one in document.sections:
        for block in (block for block in one.blocks if isinstance(block, Table)):
            for number, (first, *others) in enumerate(block.rows, 1):
                for head, cell in zip(block.heads[1:], others, strict=True):
                    where = (one.heading, block.name, block.caption, str(number), first.text, head)
                    yield Figure(*where, cell.value, units[f"kind_{cell.kind}"], cell.text)


def _differ_in_figure(file: str, found: Figure | None, expected: Figure | None) -> Iterator[Difference]:
    where = expected or found
    if where is None:
        return
    for part in ("section", "table", "caption", "number", "row", "column", "unit", "text"):
        own, wanted = getattr(found, part, ""), getattr(expected, part, "")
        if bare(own) != bare(wanted):
            yield Difference(file, where.table, bare(where.row), bare(where.column), bare(own), bare(wanted))
    own, wanted = getattr(found, "value", None), getattr(expected, "value", None)
    if not _equal(own, wanted):
        said = ["" if value is None else str(value) for value in (own, wanted)]
        yield Difference(file, where.table, bare(where.row), bare(where.column), *said)


def _equal(found: object, expected: float | None) -> bool:
    """Compare values; a program that saves a workbook keeps 15 digits."""
    if found is None or expected is None or not isinstance(found, int | float):
        return found is None and expected is None
    return math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-15)


def _first_difference(file: str, name: str, found: str, expected: str) -> Difference:
    """Show where two drawings part; nothing of the statements, which are answers."""
    if name == HELD:
        return Difference(file, name, "", "", "other statements", "those of the runs")
    pairs = enumerate(zip(found, expected, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(found), len(expected)))
    around = slice(max(at - 12, 0), at + 12)
    return Difference(file, f"chart {name}", "", "", found[around], expected[around])
