"""CSV, TSV and other delimited text files."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from samorsak.answers.columns import Columns
from samorsak.answers.sniff import csv_reader, decode, find_delimiter, line_of
from samorsak.answers.table import Row, Table, headed
from samorsak.errors import InputError

_SEP_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
_TAB = ("tab", r"\t")


def read_delimited(
    raw: bytes, name: str, suffix: str, columns: Columns, encoding: str | None, delimiter: str | None
) -> Table:
    """Read a delimited text file.

    Parameters
    ----------
    raw : bytes
        The whole file.
    name, suffix : str
        File name, and its suffix without the point.
    columns : Columns
        What the header has to hold.
    encoding, delimiter : str or None
        What the user named; found when None. ``tab`` stands for a tab.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        When the file cannot be decoded, a quotation mark is not closed, or a row does not fit the header.
    """
    text, used = decode(raw, name, encoding)
    spoken = _SEP_LINE.match(text)  # Excel's own first line that names the delimiter
    if delimiter is not None:
        delimiter = _single(delimiter, name)
    else:
        delimiter = spoken[1] if spoken else find_delimiter(text, columns.required)
    rows = _records(text, name, delimiter)
    if spoken:
        next(rows)
    header, body = headed(rows, columns, name, "line")
    return Table(name, name, suffix, "line", header, body, encoding=used, delimiter=delimiter)


def _single(delimiter: str, name: str) -> str:
    delimiter = "\t" if delimiter.lower() in _TAB else delimiter
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise InputError(f"{name}: delimiter {delimiter!r}, expected one character, or the word tab")
    return delimiter


def _records(text: str, name: str, delimiter: str) -> Iterator[Row]:
    """Yield each record with the number of the line it begins on."""
    reader = csv_reader(text, delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        line = line_of(text, _bad_quote(text, delimiter))
        if "end of data" in str(error):
            found = "a quotation mark opens a cell and is never closed"
        else:
            found = "a cell that opens with a quotation mark goes on after the closing one"
        raise InputError(f"{name} line {line}: {found}; close it, and double the marks inside it") from None


def _bad_quote(text: str, delimiter: str) -> int:
    """Return the position of the first cell that opens with a quotation mark and does not close as it should.

    The csv module only knows where it gave up, which for a missing quotation mark is far below.
    """
    end = rf"(?:{re.escape(delimiter)}|\r\n|\r|\n|\Z)"
    cell = re.compile(rf'(?:"[^"]*+(?:""[^"]*+)*+"|(?!")[^{re.escape(delimiter)}\r\n]*+){end}')
    position = 0
    while (match := cell.match(text, position)) and match.end() > position:
        position = match.end()
    return position
