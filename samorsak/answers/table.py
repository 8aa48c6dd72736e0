"""A file as rows of strings under a header: what every format is brought to first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from samorsak.answers.columns import Columns, column_name, quoted
from samorsak.answers.sniff import HEADER_WITHIN
from samorsak.errors import InputError, collected

Row = tuple[int, list[str]]
"""Number of the line or row in the file, and the cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of strings under a header.

    Parameters
    ----------
    name : str
        File name.
    where : str
        How messages begin: the file name, for a workbook with the sheet.
    format : str
        The suffix without its point.
    unit : {'line', 'row'}
        What the numbers of the rows count.
    header : tuple of str
        Distinct names, none empty.
    rows : list of Row
        Not wholly empty, as wide as the header.
    encoding, delimiter, sheet : str or None
        As found or named; None where the format has none.
    """

    name: str
    where: str
    format: str
    unit: str
    header: tuple[str, ...]
    rows: list[Row]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def blank(cell: str) -> bool:
    """Whether a cell is empty or only white space."""
    return not cell or cell.isspace()


def headed(
    rows: Iterable[Row], columns: Columns, where: str, unit: str, *, ragged: bool = False
) -> tuple[tuple[str, ...], list[Row]]:
    """Find the header among the rows and bring the rows below it to its width.

    Parameters
    ----------
    rows : iterable of Row
        From the top of the file; wholly empty rows are passed over.
    columns : Columns
        What the header has to hold. It is the first row that holds all of it, within the first 20.
    where, unit : str
        For messages.
    ragged : bool
        True where short and long rows are normal (a sheet does not store empty cells); False where they
        mean damage (a delimited file).

    Returns
    -------
    header : tuple of str
    rows : list of Row

    Raises
    ------
    InputError
        For a file without content, without rows, with missing or duplicate columns, or with rows of
        another width.
    """
    filled = [(number, cells) for number, cells in rows if not all(map(blank, cells))]
    if not filled:
        raise InputError(f"{where}: empty, expected a header and a row per answer")
    heads = [[column_name(cell) for cell in cells] for _, cells in filled[:HEADER_WITHIN]]
    at = next((i for i, head in enumerate(heads) if set(columns.required) <= set(head)), 0)
    header, body = heads[at], filled[at + 1 :]
    columns.require([name for name in header if name], where)
    if not body:
        raise InputError(f"{where}: a header but no rows, expected a row per answer")
    if ragged:
        header += [""] * (max(len(cells) for _, cells in body) - len(header))
    else:
        _refuse_uneven(header, body, where, unit)
    body = [(number, (cells + [""] * (len(header) - len(cells)))[: len(header)]) for number, cells in body]
    return _named(header, body, where)


def _refuse_uneven(header: Sequence[str], body: Sequence[Row], where: str, unit: str) -> None:
    least = max(i for i, name in enumerate(header, start=1) if name)  # a header may end in empty cells
    problems = [
        f"{where} {unit} {number}: {len(cells)} fields, expected {least}"
        for number, cells in body
        if len(cells) < least or not all(map(blank, cells[len(header) :]))
    ]
    if problems:
        raise InputError(collected(problems, "rows of another width than the header"))


def _named(header: Sequence[str], body: list[Row], where: str) -> tuple[tuple[str, ...], list[Row]]:
    """Name the nameless columns that hold something, leave out those that do not, refuse duplicates."""
    kept = [i for i, name in enumerate(header) if name or not all(blank(cells[i]) for _, cells in body)]
    names = tuple(header[i] or f"column {i + 1}" for i in kept)
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise InputError(
            f"{where}: more than one column is named {quoted(twice)}; rename them, a name may stand once"
        )
    if len(kept) == len(header):
        return names, body
    return names, [(number, [cells[i] for i in kept]) for number, cells in body]
