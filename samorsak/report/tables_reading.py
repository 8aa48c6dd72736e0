"""What the workbook of a report's tables shows, read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samorsak.report.document.shown import Shown
from samorsak.report.tables_workbook import WORDS, sheet_names
from samorsak.wording import Lang


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the sheet of figures."""

    section: str
    table: str
    caption: str
    number: str
    row: str
    column: str
    value: float | str | None
    unit: str
    text: str


def read_tables_figures(
    path: Path, sections: Sequence[str], lang: Lang
) -> tuple[Shown, list[Figure], list[list[str]]]:
    """Read the three sheets: texts by section, figures, what the report was made of.

    Parameters
    ----------
    path : Path
    sections : sequence of str
        Names in the order of the report; the workbook has them by their headings.
    lang : {"sv", "en"}

    Raises
    ------
    Exception
        Whatever openpyxl raises for a file that is no workbook; KeyError where a sheet is missing.
    """
    import openpyxl

    summary, data, metadata = sheet_names(lang)
    book = openpyxl.load_workbook(path, read_only=True, data_only=False)
    try:
        texts: dict[str, list[str]] = {}
        own: list[str] = []
        names = iter(sections)
        for section, part, content in _rows(book[summary], 3):
            if part == WORDS[lang]["title"]:
                own = texts.setdefault(next(names, f"(more) {section}"), [])
            own.append(f"{part} {_said(content)}")
        parts = [name for name in book.sheetnames if name == data or name.startswith(f"{data} ")]
        if not parts:
            raise KeyError(data)
        figures = [_figure(row) for name in parts for row in _rows(book[name], 9)]
        about = [[_said(cell) for cell in row] for row in _rows(book[metadata], 2)]
    finally:
        book.close()
    return Shown(texts), figures, about


def _figure(row: Sequence[Any]) -> Figure:
    section, table, caption, number, label, column = map(_said, row[:6])
    return Figure(section, table, caption, number, label, column, row[6], _said(row[7]), _said(row[8]))


def _rows(sheet: Any, columns: int) -> Iterator[tuple[Any, ...]]:
    """Give the rows below the header, each with so many cells."""
    for row in sheet.iter_rows(min_row=2, max_col=columns, values_only=True):
        if any(cell is not None for cell in row):
            yield (*row, *(None,) * (columns - len(row)))


def _said(cell: Any) -> str:
    return "" if cell is None else str(cell)
