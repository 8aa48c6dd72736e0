"""The machine files of a coded round: answers.csv, statements.csv and ranking.csv."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

from samorsak.coded import CodedAnswer, StatementRow, background_columns
from samorsak.errors import InputError
from samorsak.ranking import RankedRow
from samorsak.report.delimited import line, number_in, parsed, read_rows, write_rows, write_text
from samorsak.shares import BASES

ANSWERS, STATEMENTS, RANKING = "answers.csv", "statements.csv", "ranking.csv"
"""What the files are called in the folder of a coded round."""

ANSWER_COLUMNS = ("answer_id", "round", "question", "categories", "text")
STATEMENT_COLUMNS = tuple(field.name for field in fields(StatementRow))
_Number = TypeVar("_Number", int, float)

GROUP_COLUMNS = ("group_by", "group")
WEIGHT_COLUMN = "weight"
RANKING_COLUMNS = tuple(
    field.name for field in fields(RankedRow) if field.name not in (*GROUP_COLUMNS, WEIGHT_COLUMN)
)


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
    write_rows(path, answer_columns(background), (_answer_cells(answer, background) for answer in coded))


def write_statements(path: Path, statements: Iterable[StatementRow]) -> None:
    """Write statements.csv; probabilities have six decimals."""
    write_rows(path, STATEMENT_COLUMNS, map(_statement_cells, statements))


def write_ranking(path: Path, rows: Sequence[RankedRow]) -> None:
    """Write ranking.csv; shares at full precision, columns for the group where the ranking is split."""
    write_text(path, ranking_csv(rows))


def ranking_csv(rows: Sequence[RankedRow]) -> str:
    """Give ranked rows as the text of ranking.csv; columns for groups and weights where they are used."""
    columns = list(RANKING_COLUMNS)
    columns += GROUP_COLUMNS if any(row.group_by for row in rows) else ()
    columns += [WEIGHT_COLUMN] if any(row.weight for row in rows) else []
    return "".join([line(columns), *(line(_ranking_cell(row, name) for name in columns) for row in rows)])


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
    header, rows = read_rows(folder / ANSWERS, ANSWER_COLUMNS)
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

    return parsed(folder / ANSWERS, header, rows, answer)


def read_statements(path: Path) -> tuple[StatementRow, ...]:
    """Read statements.csv.

    Raises
    ------
    InputError
        No such file, a column is missing, or a cell is no number where one is expected; says where.
    """
    header, rows = read_rows(path, STATEMENT_COLUMNS)

    def statement(cells: dict[str, str]) -> StatementRow:
        return StatementRow(
            answer_id=cells["answer_id"],
            statement=number_in(cells, "statement", int),
            start=number_in(cells, "start", int),
            end=number_in(cells, "end", int),
            text=cells["text"],
            category=cells["category"],
            probability=number_in(cells, "probability", float),
            next_category=cells["next_category"],
            next_probability=number_in(cells, "next_probability", float),
        )

    return parsed(path, header, rows, statement)


def read_ranking(path: Path) -> tuple[RankedRow, ...]:
    """Read ranking.csv.

    Raises
    ------
    InputError
        No such file, a column is missing, or a cell is no number where one is expected; says where.
    """
    header, rows = read_rows(path, RANKING_COLUMNS)

    def row(cells: dict[str, str]) -> RankedRow:
        base = next((base for base in BASES if base == cells["base"]), None)
        if base is None:
            raise ValueError(f"base is {cells['base']!r}, expected one of: {', '.join(BASES)}")
        return RankedRow(
            round=cells["round"],
            question=cells["question"],
            base=base,
            lines=cells["lines"],
            rank=_if_any(cells, "rank", int),
            category=cells["category"],
            label=cells["label"],
            n=_if_any(cells, "n", int),
            of=_if_any(cells, "of", int),
            share=_if_any(cells, "share", float),
            low=_if_any(cells, "low", float),
            high=_if_any(cells, "high", float),
            rank_low=_if_any(cells, "rank_low", int),
            rank_high=_if_any(cells, "rank_high", int),
            place_low=_if_any(cells, "place_low", int),
            place_high=_if_any(cells, "place_high", int),
            top_three=_if_any(cells, "top_three", float),
            method=cells["method"],
            audited=number_in(cells, "audited", int),
            few_positives=bool(number_in(cells, "few_positives", int)),
            group_by=cells.get("group_by", ""),
            group=cells.get("group", ""),
            weight=cells.get("weight", ""),
        )

    return parsed(path, header, rows, row)


def _answer_cells(answer: CodedAnswer, background: Sequence[str]) -> list[str]:
    own = [answer.answer_id, answer.round, answer.question, ";".join(answer.categories), answer.text]
    return own + [answer.background.get(column, "") for column in background]


def _statement_cells(row: StatementRow) -> list[str]:
    offsets = [str(row.statement), str(row.start), str(row.end)]
    coding = [row.category, f"{row.probability:.6f}", row.next_category, f"{row.next_probability:.6f}"]
    return [row.answer_id, *offsets, row.text, *coding]


def _ranking_cell(row: RankedRow, column: str) -> str:
    value = getattr(row, column)
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    return str(int(value) if isinstance(value, bool) else value)


def _if_any(cells: dict[str, str], column: str, kind: Callable[[str], _Number]) -> _Number | None:
    return number_in(cells, column, kind) if cells[column] else None
