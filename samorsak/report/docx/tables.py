"""Tables of a report in a text document: heads repeated on each page, rows whole, widths by content."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from samorsak.report.document import Cell, Table
from samorsak.report.docx.markup import add, add_paragraph, add_run

WIDTH, WIDE = 9070, 14570
"""Between the margins of a page upright and of one lying, in twentieths of a point."""

_LETTER, _DIGIT, _BOLD, _PADDING = (
    122,
    134,
    134,
    190,
)  # of 9.5 points, in wide typefaces; of a cell, both sides
_BREAKS = re.compile("[ -]")
_FIRST = (1900, 4200)  # the least and the most that a column of words needs
_SHORT = 12
"""A table of so many rows stays on one page."""


def is_wide(block: Table) -> bool:
    """Say whether a table needs a page that lies."""
    needed = _needed(block)
    return sum(needed[1:]) + min(needed[0], _FIRST[0]) > WIDTH if needed else False


def add_table(parent: Any, block: Table, width: int) -> None:
    """Add a table that has rows; whoever does not see it is told its caption."""
    table = add(parent, "tbl")
    look = add(table, "tblPr")
    add(look, "tblStyle", val="ReportTable")
    add(look, "tblW", w=width, type="dxa")
    add(look, "tblLayout", type="fixed")
    add(look, "tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=0, noVBand=1)
    add(look, "tblCaption", val=block.caption)
    if block.notes:
        add(look, "tblDescription", val=" ".join(block.notes))
    widths = _widths(block, width)
    grid = add(table, "tblGrid")
    for one in widths:
        add(grid, "gridCol", w=one)
    figures = _figures(block)
    head = _row(table, widths, block.heads, figures, together=True)
    add(head, "tblHeader")
    short = len(block.rows) <= _SHORT
    for place, row in enumerate(block.rows, 1):
        together = short and (place < len(block.rows) or bool(block.notes))
        _row(table, widths, [cell.text for cell in row], figures, together)


def _row(
    table: Any, widths: Sequence[int], texts: Sequence[str], figures: Sequence[bool], together: bool
) -> Any:
    """Add a row; give its properties."""
    row = add(table, "tr")
    look = add(row, "trPr")
    add(look, "cantSplit")
    for text, width, figure in zip(texts, widths, figures, strict=True):
        cell = add(row, "tc")
        add(add(cell, "tcPr"), "tcW", w=width, type="dxa")
        paragraph = add_paragraph(cell, "TableFigure" if figure else "TableText")
        if together:
            add(paragraph.pPr, "keepNext")
        if text:
            add_run(paragraph, text)
    return look


def _figures(block: Table) -> list[bool]:
    """Tell columns of numbers, which stand to the right, from columns of words."""
    return [place > 0 and any(map(_is_figure, column)) for place, column in enumerate(_columns(block))]


def _is_figure(cell: Cell) -> bool:
    return cell.kind != "text" or cell.text[:1].isdigit()


def _columns(block: Table) -> list[tuple[Cell, ...]]:
    return list(zip(*block.rows, strict=True)) if block.rows else [()] * len(block.heads)


def _needed(block: Table) -> list[int]:
    """Give the least width of each column: its longest word, and its numbers whole."""
    least = []
    for head, column in zip(block.heads, _columns(block), strict=True):
        whole = [len(cell.text) * _DIGIT for cell in column if _is_figure(cell)]
        texts = [cell.text for cell in column if not _is_figure(cell)]
        words = [len(word) * _LETTER for text in texts for word in _BREAKS.split(text)]
        heads = [len(word) * _BOLD for word in _BREAKS.split(head)]
        least.append(max((*words, *heads, *whole)) + _PADDING)
    return least


def _widths(block: Table, width: int) -> list[int]:
    """Share the width: each column has what it needs, what is left goes to those with most text."""
    least = _needed(block)
    if sum(least) > width:
        return [one * width // sum(least) for one in least]
    more = [
        0 if figure else max(len(cell.text) for cell in (Cell(head), *column)) * _LETTER + _PADDING - own
        for head, column, figure, own in zip(
            block.heads, _columns(block), _figures(block), least, strict=True
        )
    ]
    left = width - sum(least)
    given = [own + left * extra // max(sum(more), left, 1) for own, extra in zip(least, more, strict=True)]
    given[0] += width - sum(given)
    return given
