r"""The machine files of a coded round: answers.csv, statements.csv and ranking.csv.

Utf-8 without a mark, comma, decimal point, ``\n`` after each row; strings come back exactly as they were
written, whatever they hold. A file takes its place whole or not at all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

from samorsak.coded import CodedAnswer, StatementRow, background_columns
from samorsak.errors import InputError, collected
from samorsak.ranking import RankedRow
from samorsak.shares import BASES

ANSWERS, STATEMENTS, RANKING = "answers.csv", "statements.csv", "ranking.csv"
"""What the files are called in the folder of a coded round."""

ANSWER_COLUMNS = ("answer_id", "round", "question", "categories", "text")
STATEMENT_COLUMNS = tuple(field.name for field in fields(StatementRow))
GROUP_COLUMNS = ("group_by", "group")
RANKING_COLUMNS = tuple(field.name for field in fields(RankedRow) if field.name not in GROUP_COLUMNS)

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


def answer_columns(background: Sequence[str]) -> tuple[str, ...]:
    """Give the header of answers.csv.

    Raises
    ------
    InputError
        A background column has the name of one of the file's own; to be asked before a long run.

    Examples
    --------
    >>> answer_columns(["Region"])
    ('answer_id', 'round', 'question', 'categories', 'text', 'Region')
    """
    for column in background:
        if column in ANSWER_COLUMNS:
            raise InputError(f"background column {column!r} has the name of a column of {ANSWERS}; rename it")
    return (*ANSWER_COLUMNS, *background)


def write_coded(path: Path, coded: Sequence[CodedAnswer]) -> None:
    """Write answers.csv; a background column that an answer lacks is an empty cell.

    Raises
    ------
    InputError
        The file cannot be written, or a background column has the name of one of the file's own.
    """
    background = background_columns(coded)
    _write(path, answer_columns(background), (_answer_cells(answer, background) for answer in coded))


def write_statements(path: Path, statements: Iterable[StatementRow]) -> None:
    """Write statements.csv; probabilities have six decimals."""
    _write(path, STATEMENT_COLUMNS, map(_statement_cells, statements))


def write_ranking(path: Path, rows: Sequence[RankedRow]) -> None:
    """Write ranking.csv; shares at full precision, columns for the group where the ranking is split."""
    write_text(path, ranking_csv(rows))


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all, in utf-8, line breaks as they are."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="")


def ranking_csv(rows: Sequence[RankedRow]) -> str:
    """Give ranked rows as the text of ranking.csv."""
    columns = (*RANKING_COLUMNS, *GROUP_COLUMNS) if any(row.group_by for row in rows) else RANKING_COLUMNS
    return "".join([_line(columns), *(_line(_ranking_cells(row)[: len(columns)]) for row in rows)])


def read_coded(folder: Path) -> tuple[CodedAnswer, ...]:
    """Read the coded answers of a folder that `samorsak classify` wrote.

    Raises
    ------
    InputError
        No such folder, no answers.csv in it, or a column, id or category that is missing; says where.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; expected one that 'samorsak classify' wrote")
    if not (folder / ANSWERS).is_file():
        raise InputError(f"{folder}: no {ANSWERS} in it; expected a folder that 'samorsak classify' wrote")
    header, rows = _read(folder / ANSWERS, ANSWER_COLUMNS)
    background = [column for column in header if column not in ANSWER_COLUMNS]
    seen: set[str] = set()

    def answer(cells: dict[str, str]) -> CodedAnswer:
        categories = tuple(filter(None, cells["categories"].split(";")))
        answer_id = cells["answer_id"]
        if not categories:
            raise ValueError("categories is empty, expected ids with ';' between them, or 'no_cause'")
        if answer_id in seen:
            raise ValueError(f"answer_id {answer_id!r} stands twice")
        seen.add(answer_id)
        own = {column: cells[column] for column in background}
        return CodedAnswer(answer_id, cells["round"], cells["question"], categories, cells["text"], own)

    return _parsed(folder / ANSWERS, header, rows, answer)


def read_statements(path: Path) -> tuple[StatementRow, ...]:
    """Read statements.csv.

    Raises
    ------
    InputError
        No such file, a column is missing, or a cell is no number where one is expected; says where.
    """
    header, rows = _read(path, STATEMENT_COLUMNS)

    def statement(cells: dict[str, str]) -> StatementRow:
        return StatementRow(
            answer_id=cells["answer_id"],
            statement=_number(cells, "statement", int),
            start=_number(cells, "start", int),
            end=_number(cells, "end", int),
            text=cells["text"],
            category=cells["category"],
            probability=_number(cells, "probability", float),
            next_category=cells["next_category"],
            next_probability=_number(cells, "next_probability", float),
        )

    return _parsed(path, header, rows, statement)


def read_ranking(path: Path) -> tuple[RankedRow, ...]:
    """Read ranking.csv.

    Raises
    ------
    InputError
        No such file, a column is missing, or a cell is no number where one is expected; says where.
    """
    header, rows = _read(path, RANKING_COLUMNS)

    def row(cells: dict[str, str]) -> RankedRow:
        base = next((base for base in BASES if base == cells["base"]), None)
        if base is None:
            raise ValueError(f"base is {cells['base']!r}, expected one of: {', '.join(BASES)}")
        return RankedRow(
            round=cells["round"],
            question=cells["question"],
            base=base,
            lines=cells["lines"],
            rank=_number(cells, "rank", int) if cells["rank"] else None,
            category=cells["category"],
            label=cells["label"],
            n=_number(cells, "n", int),
            of=_number(cells, "of", int),
            share=_number(cells, "share", float),
            group_by=cells.get("group_by", ""),
            group=cells.get("group", ""),
        )

    return _parsed(path, header, rows, row)


def _answer_cells(answer: CodedAnswer, background: Sequence[str]) -> list[str]:
    own = [answer.answer_id, answer.round, answer.question, ";".join(answer.categories), answer.text]
    return own + [answer.background.get(column, "") for column in background]


def _statement_cells(row: StatementRow) -> list[str]:
    offsets = [str(row.statement), str(row.start), str(row.end)]
    coding = [row.category, f"{row.probability:.6f}", row.next_category, f"{row.next_probability:.6f}"]
    return [row.answer_id, *offsets, row.text, *coding]


def _ranking_cells(row: RankedRow) -> list[str]:
    place = "" if row.rank is None else str(row.rank)
    counts = [str(row.n), str(row.of), repr(row.share)]
    where = [row.round, row.question, row.base, row.lines]
    return [*where, place, row.category, row.label, *counts, row.group_by, row.group]


def _line(cells: Iterable[str]) -> str:
    return ",".join([_quoted(c) if _NEEDS_QUOTES.search(c) else c for c in cells]) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.write(_line(columns))
        file.writelines(map(_line, rows))


_Rows = list[tuple[int, list[str]]]
_Row = TypeVar("_Row")
_Number = TypeVar("_Number", int, float)


def _read(path: Path, expected: Sequence[str]) -> tuple[list[str], _Rows]:
    """Read header and rows, each with the number of the line it begins on."""
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            rows: _Rows = []
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


def _parsed(
    path: Path, header: Sequence[str], rows: _Rows, parse: Callable[[dict[str, str]], _Row]
) -> tuple[_Row, ...]:
    """Make each row what it stands for; all bad rows are said at once."""
    parsed: list[_Row] = []
    problems: list[str] = []
    for begins, cells in rows:
        if not cells:
            continue
        try:
            if len(cells) != len(header):
                raise ValueError(f"{len(cells)} cells, expected {len(header)}")
            parsed.append(parse(dict(zip(header, cells, strict=True))))
        except ValueError as error:
            problems.append(f"{path} line {begins}: {error}")
    if problems:
        raise InputError(collected(problems, "bad rows"))
    return tuple(parsed)


def _number(cells: dict[str, str], column: str, kind: Callable[[str], _Number]) -> _Number:
    try:
        return kind(cells[column])
    except ValueError:
        raise ValueError(f"{column} is {cells[column]!r}, expected a number") from None
