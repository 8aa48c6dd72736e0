"""Excel workbooks: the sheet with the answers is found, its cells become text."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

from samorsak.answers.cells import cell_text
from samorsak.answers.columns import Columns, column_name, quoted
from samorsak.answers.sniff import HEADER_WITHIN
from samorsak.answers.table import Row, Table, blank, headed
from samorsak.errors import InputError

_LARGEST = 2**30  # bytes unpacked
_SUSPECT = 2**26  # bytes from which the ratio is looked at
_RATIO = 250  # spreadsheets full of repeated labels reach some 50
_ESCAPED = re.compile(r"_x00(09|0A|0B|0C|0D)_")  # how Excel writes breaks that XML would lose


def read_workbook(raw: bytes, name: str, columns: Columns, sheet: str | None) -> Table:
    """Read the sheet that holds the required columns.

    Parameters
    ----------
    raw : bytes
        The whole file.
    name : str
        File name, for messages.
    columns : Columns
        What the header has to hold.
    sheet : str or None
        Title of the sheet; found when None.

    Returns
    -------
    Table
        Rows numbered as in Excel.

    Raises
    ------
    InputError
        When the file is no workbook, or no or several sheets fit.
    """
    check_archive(raw, name)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions it passes over; none of them holds an answer
            warnings.simplefilter("ignore", UserWarning)
            found = _choose(_load(raw, formulas=True), name, columns, sheet)
            where = f"{name} sheet {found.title!r}"
            rows = _with_formula_results(raw, found.title, _rows(found))
            header, body = headed(rows, columns, where, "row", ragged=True)
    except InputError:
        raise
    except Exception as error:  # whatever openpyxl meets in a damaged file: the file is to blame
        raise InputError(
            f"{name}: damaged workbook ({type(error).__name__}); open it in Excel and save it again as .xlsx"
        ) from error
    return Table(name, where, "xlsx", "row", header, body, sheet=found.title)


def check_archive(
    raw: bytes, name: str, largest: int = _LARGEST, too_large: str = "a round holds; save it as .csv"
) -> None:
    """See that a workbook is one, and does not unpack to more than it should, before any of it is unpacked.

    Parameters
    ----------
    raw : bytes
        The whole file.
    name : str
        For messages.
    largest : int
        Bytes it may unpack to.
    too_large : str
        How the message ends that it unpacks to more than ...

    Raises
    ------
    InputError
        It is no zip archive, or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError):
        raise InputError(
            f"{name}: not an Excel workbook (.xlsx), or protected by a password; "
            "open it in Excel and save it again as .xlsx without one"
        ) from None
    if unpacked > largest or (unpacked > _SUSPECT and unpacked > _RATIO * len(raw)):
        raise InputError(f"{name}: unpacks from {len(raw)} to {unpacked} bytes, more than {too_large}")


def _load(raw: bytes, *, formulas: bool) -> Any:
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=not formulas, keep_links=False)


def _choose(book: Any, name: str, columns: Columns, sheet: str | None) -> Any:
    """Return the sheet that was named, else the one that holds the columns or comes nearest."""
    if sheet is not None:
        for candidate in book.worksheets:
            if candidate.title == sheet:
                return candidate
        titles = quoted([candidate.title for candidate in book.worksheets])
        raise InputError(f"{name}: no sheet {sheet!r}; found {titles}; name one of them with --sheet")
    visible = [candidate for candidate in book.worksheets if candidate.sheet_state == "visible"]
    fits = [(_fit(candidate, columns), candidate) for candidate in visible or book.worksheets]
    whole = [candidate for (held, _), candidate in fits if held == len(columns.required)]
    if len(whole) > 1:
        titles = quoted([candidate.title for candidate in whole])
        raise InputError(f"{name}: the columns stand in more than one sheet, {titles}; name one with --sheet")
    if not fits:
        raise InputError(f"{name}: a workbook without sheets, expected a header and a row per answer")
    return max(fits, key=lambda fit: fit[0])[1]


def _fit(sheet: Any, columns: Columns) -> tuple[int, int]:
    """Count required columns and filled cells in the row near the top that has most of them."""
    filled = (cells for _, cells in _rows(sheet) if not all(map(blank, cells)))
    heads = [set(map(column_name, cells)) - {""} for cells in islice(filled, HEADER_WITHIN)]
    return max(((len(set(columns.required) & head), len(head)) for head in heads), default=(0, 0))


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # some programs write a wrong extent, which would cut rows off
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, str):
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value) if "_x00" in value else value
    if type(value) is int and set(cell.number_format) == {"0"}:
        return str(value).zfill(len(cell.number_format))  # a format such as 0000 shows leading zeros
    if cell.data_type == "f":
        return getattr(value, "text", None) or "="  # an array formula or a data table
    return cell_text(value)


def _with_formula_results(raw: bytes, title: str, rows: Iterator[Row]) -> Iterator[Row]:
    """Put the stored results in the place of formulas.

    A formula without a stored result stays as it is written: programs that write workbooks take a text
    that begins with ``=`` for one, and the text must not be lost.
    """
    kept = list(rows)
    formulas = {number for number, cells in kept if any(cell.startswith("=") for cell in cells)}
    if not formulas:
        return iter(kept)
    sheet = _load(raw, formulas=False)[title]
    sheet.reset_dimensions()
    results = {number: cells for number, cells in enumerate(sheet.iter_rows(), start=1) if number in formulas}
    return (
        (number, [_result(*pair) for pair in zip(cells, results[number], strict=True)])
        if number in formulas
        else (number, cells)
        for number, cells in kept
    )


def _result(text: str, cell: Any) -> str:
    # Excel marks an empty text that a formula yielded as "str"; without a result there is no type
    stored = cell.value is not None or cell.data_type == "str"
    return _text(cell) if text.startswith("=") and stored else text
