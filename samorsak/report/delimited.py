r"""Tables for machines: utf-8 without a mark, comma, decimal point, ``\n`` after each row.

Strings come back exactly as they were written, whatever they hold. A file takes its place whole or not at
all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from samorsak.errors import InputError, collected

_LONGEST_CELL = 2**31 - 1  # the csv module stops at 131,072 characters unless told otherwise
_NEEDS_QUOTES = re.compile('[",\r\n]')  # the csv module of Python 3.11 leaves a lone \r bare


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a place beside a file to write to; what stands there at the end takes the file's place at once.

    Raises
    ------
    InputError
        The file cannot be written, for example because it is open in Excel.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        try:
            yield part
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except UnicodeEncodeError:
        raise InputError(f"{path}: half a surrogate pair in a cell, expected text") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        way_out = "close it in other programs, or choose another place"
        raise InputError(f"{path}: cannot be written ({reason}); {way_out}") from None


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all, in utf-8, line breaks as they are."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="")


def line(cells: Iterable[str]) -> str:
    """Write a row, its line break included."""
    return ",".join([_quoted(c) if _NEEDS_QUOTES.search(c) else c for c in cells]) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a header and rows.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.write(line(columns))
        file.writelines(map(line, rows))


Rows = list[tuple[int, list[str]]]
_Row = TypeVar("_Row")
_Number = TypeVar("_Number", int, float)


def read_rows(path: Path, expected: Sequence[str]) -> tuple[list[str], Rows]:
    """Read header and rows, each with the number of the line it begins on.

    Raises
    ------
    InputError
        No such file, not as it was written, or without a column that is expected.
    """
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            rows: Rows = []
            begins = 1
            for cells in reader:
                rows.append((begins, cells))
                begins = reader.line_num + 1
    except OSError:
        raise InputError(f"{path}: no such file, or not readable") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not in utf-8; expected the file as samorsak wrote it") from None
    except csv.Error as error:
        raise InputError(f"{path} line {begins}: {error}; expected the file as samorsak wrote it") from None
    finally:
        csv.field_size_limit(limit)
    header = rows[0][1] if rows else []
    if missing := [column for column in expected if column not in header]:
        raise InputError(f"{path}: column {missing[0]!r} is missing, expected: {', '.join(expected)}")
    if len(set(header)) < len(header):
        twice = next(column for column in header if header.count(column) > 1)
        raise InputError(f"{path}: column {twice!r} stands twice; rename one")
    return header, rows[1:]


def parsed(
    path: Path, header: Sequence[str], rows: Rows, parse: Callable[[dict[str, str]], _Row]
) -> tuple[_Row, ...]:
    """Make each row what it stands for; a ValueError of `parse` is a bad row, and all are said at once.

    Raises
    ------
    InputError
        For the bad rows.
    """
    done: list[_Row] = []
    problems: list[str] = []
    for begins, cells in rows:
        if not cells:
            continue
        try:
            if len(cells) != len(header):
                raise ValueError(f"{len(cells)} cells, expected {len(header)}")
            done.append(parse(dict(zip(header, cells, strict=True))))
        except ValueError as error:
            problems.append(f"{path} line {begins}: {error}")
    if problems:
        raise InputError(collected(problems, "bad rows"))
    return tuple(done)


def number_in(cells: dict[str, str], column: str, kind: Callable[[str], _Number]) -> _Number:
    """Read a number, or raise a ValueError that says what stands there."""
    try:
        return kind(cells[column])
    except ValueError:
        raise ValueError(f"{column} is {cells[column]!r}, expected a number") from None
