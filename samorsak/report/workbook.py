"""The coded round as a workbook for people: ranking, answers, statements, and a sheet that explains them."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from samorsak.coded import CodedAnswer, StatementRow, background_columns
from samorsak.ranking import COUNTED, SCHEME_LINES, RankedRow
from samorsak.report.intervals import DASH, HIDDEN, place
from samorsak.report.phrases import phrases
from samorsak.report.sheets import MAX_ROWS, Cell, Column, Sheet, shortened, write_workbook
from samorsak.scheme import NO_CAUSE, OTHER, Scheme
from samorsak.wording import Lang

About = Sequence[tuple[str, str]]
"""What a reader should know of how the file was made: pairs for the sheet 'Läs mig'."""


def write_coded_workbook(
    path: Path,
    coded: Sequence[CodedAnswer],
    statements: Sequence[StatementRow],
    ranking_rows: Sequence[RankedRow],
    about: About,
    scheme: Scheme,
    lang: Lang = "sv",
) -> None:
    """Write coded.xlsx: what ranking.csv, answers.csv and statements.csv hold, with labels beside the ids.

    The same input gives the same bytes. A sheet longer than Excel's 1,048,576 rows goes on in another, and a
    text longer than a cell holds is cut with a mark; 'Läs mig' says so.

    Raises
    ------
    InputError
        The file cannot be written, for example because it is open in Excel.
    """
    words = phrases(lang)
    contents = [
        _ranking_sheet(ranking_rows, words),
        _answers_sheet(coded, scheme, words, lang),
        _statements_sheet(statements, coded, scheme, words, lang),
    ]
    cut = sum(shortened(answer.text) != answer.text for answer in coded)
    cut += sum(shortened(row.text) != row.text for row in statements)
    notes = [(words["cut"], words["about_cut"].format(n=cut))] if cut else []
    questions = {answer.question for answer in coded}
    own = [*_explained(words, scheme, questions, ranking_rows, lang, with_coding=True), *notes]
    _write(path, contents, own, about, words)


def write_ranking_workbook(
    path: Path,
    rows: Sequence[RankedRow],
    about: About,
    scheme: Scheme,
    lang: Lang = "sv",
) -> None:
    """Write ranked lists alone as a workbook, with groups where they are split.

    Raises
    ------
    InputError
        The file cannot be written, for example because it is open in Excel.
    """
    words = phrases(lang)
    questions = {row.question for row in rows}
    own = _explained(words, scheme, questions, rows, lang, with_coding=False)
    _write(path, [_ranking_sheet(rows, words)], own, about, words)


def _write(path: Path, contents: Sequence[Sheet], own: About, about: About, words: Mapping[str, str]) -> None:
    parts = [part for sheet in contents for part in sheet.parts(MAX_ROWS)]
    whole = {sheet.name for sheet in contents}
    more = words["about_part"].format(n=MAX_ROWS)
    continued = [(part.name, more) for part in parts if part.name not in whole]
    columns = [Column(words["what"], 30), Column(words["explained"], 100)]
    read_me = Sheet(words["read_me"], columns, [*own, *continued, *about], filtered=False)
    write_workbook(path, [read_me, *parts], words["title"])


def _explained(
    words: Mapping[str, str],
    scheme: Scheme,
    questions: Container[str],
    rows: Sequence[RankedRow],
    lang: Lang,
    with_coding: bool,
) -> list[tuple[str, str]]:
    """Say what each sheet and column is, and how the questions were put."""
    asked = [
        (f"{words['question']} {name}", question.wording(name, lang))
        for name, question in scheme.questions.items()
        if name in questions
    ]
    some = next(iter(scheme.questions))
    other = [(scheme.label(some, OTHER, lang), words["about_other"])] if scheme.has_other(some) else []
    coding = [
        (words["answers_sheet"], words["about_answers"]),
        (words["statements_sheet"], words["about_statements"]),
    ]
    return [
        (words["ranking_sheet"], words["about_ranking"]),
        *(coding if with_coding else []),
        (words["share"], words["about_share"]),
        (words["lines"], words["about_lines"]),
        (words["rank"], words["about_rank"]),
        *_about_intervals(rows, words),
        *other,
        (scheme.label(some, NO_CAUSE, lang), words["about_no_cause"]),
        *([(words["probability"], words["about_probability"])] if with_coding else []),
        *asked,
    ]


def _about_intervals(rows: Sequence[RankedRow], words: Mapping[str, str]) -> list[tuple[str, str]]:
    if not _sure(rows):
        return [(words["interval"], words["about_no_interval"])]
    return [(words["interval"], words["about_interval"]), (words["places"], words["about_places"])]


def _sure(rows: Sequence[RankedRow]) -> bool:
    return any(row.method != COUNTED for row in rows)


_SURENESS: Sequence[tuple[str, Column]] = [
    ("low", Column("", 11, "share")),
    ("high", Column("", 11, "share")),
    ("rank_low", Column("", 11, "integer")),
    ("rank_high", Column("", 11, "integer")),
    ("places", Column("", 11)),
    ("top_three", Column("", 14, "probability")),
    ("method", Column("", 30)),
    ("audited", Column("", 11, "integer")),
    ("remark", Column("", 18)),
]


def _sure_cells(row: RankedRow, words: Mapping[str, str]) -> list[Cell]:
    shared = place(row) if DASH in place(row) else ""
    top = None if row.top_three is None else round(row.top_three, 6)
    method = words.get(f"method_{row.method}", row.method)
    remark = words["few_positives"] if row.few_positives else ""
    return [row.low, row.high, row.rank_low, row.rank_high, shared, top, method, row.audited, remark]


def _ranking_sheet(rows: Sequence[RankedRow], words: Mapping[str, str]) -> Sheet:
    grouped, weighted, sure = any(row.group_by for row in rows), any(row.weight for row in rows), _sure(rows)
    columns = [
        Column(words["round"]),
        Column(words["question"], 18),
        Column(words["base"], 12),
        Column(words["lines"], 22),
        Column(words["rank"], 9, "integer"),
        Column(words["category"], 26),
        Column(words["label"], 50),
        Column(words["n"], 9, "integer"),
        Column(words["of"], 9, "integer"),
        Column(words["share"], 9, "share"),
        *([replace(column, heading=words[name]) for name, column in _SURENESS] if sure else []),
        *([Column(words["weight"], 18)] if weighted else []),
        *([Column(words["group_by"], 24), Column(words["group"], 24)] if grouped else []),
    ]

    def cells(row: RankedRow) -> list[Cell]:
        scheme_lines = row.lines == SCHEME_LINES
        lines = words["scheme_lines"] if scheme_lines else words["report_lines"].format(row.lines)
        where: list[Cell] = [row.round, row.question, words[row.base], lines]
        counts: list[Cell] = [row.rank, row.category, row.label, *map(_shown, (row.n, row.of, row.share))]
        counts += _sure_cells(row, words) if sure else []
        counts += [row.weight] if weighted else []
        return [*where, *counts, *([row.group_by, row.group or words["no_group"]] if grouped else [])]

    return Sheet(words["ranking_sheet"], columns, rows, cells)


def _shown(value: float | None) -> Cell:
    return HIDDEN if value is None else value


def _answers_sheet(
    coded: Sequence[CodedAnswer], scheme: Scheme, words: Mapping[str, str], lang: Lang
) -> Sheet:
    label = cache(lambda question, category: scheme.label(question, category, lang))
    background = [(column, *_typed(column, coded)) for column in background_columns(coded)]
    columns = [
        Column(words["answer_id"], 18),
        Column(words["round"]),
        Column(words["question"], 18),
        Column(words["categories"], 26),
        Column(words["labels"], 40),
        Column(words["text"], 80),
        *(shown for _, shown, _ in background),
    ]

    def cells(answer: CodedAnswer) -> list[Cell]:
        labels = "; ".join([label(answer.question, category) for category in answer.categories])
        categories = ";".join(answer.categories)
        own = [answer.answer_id, answer.round, answer.question, categories, labels, answer.text]
        return [*own, *(typed(answer.background.get(column, "")) for column, _, typed in background)]

    return Sheet(words["answers_sheet"], columns, coded, cells)


def _statements_sheet(
    statements: Sequence[StatementRow],
    coded: Sequence[CodedAnswer],
    scheme: Scheme,
    words: Mapping[str, str],
    lang: Lang,
) -> Sheet:
    question = {answer.answer_id: answer.question for answer in coded}
    label = cache(lambda question, category: scheme.label(question, category, lang) if category else "")
    columns = [
        Column(words["answer_id"], 18),
        Column(words["statement"], 11, "integer"),
        Column(words["start"], 9, "integer"),
        Column(words["end"], 9, "integer"),
        Column(words["statement_text"], 80),
        Column(words["category"], 26),
        Column(words["label"], 40),
        Column(words["probability"], 13, "probability"),
        Column(words["next_category"], 26),
        Column(words["next_label"], 40),
        Column(words["next_probability"], 13, "probability"),
    ]

    def cells(row: StatementRow) -> list[Cell]:
        asked = question[row.answer_id]
        given: list[Cell] = [row.category, label(asked, row.category), round(row.probability, 6)]
        following: list[Cell] = [row.next_category, label(asked, row.next_category)]
        where: list[Cell] = [row.answer_id, row.statement, row.start, row.end, row.text]
        return [*where, *given, *following, round(row.next_probability, 6)]

    return Sheet(words["statements_sheet"], columns, statements, cells)


_WHOLE = re.compile("0|[1-9][0-9]{0,14}")  # no leading zero, and no more digits than Excel keeps


def _typed(column: str, coded: Sequence[CodedAnswer]) -> tuple[Column, Callable[[str], Cell]]:
    """Find how a background column is shown: as numbers where every value is a whole one, else as text."""
    values = {answer.background.get(column, "") for answer in coded} - {""}
    longest = max((len(value) for value in values), default=0)
    width = min(max(12, longest + 2, len(column) // 2), 40)
    if values and all(_WHOLE.fullmatch(value) for value in values):
        return Column(column, width, "integer"), lambda value: int(value) if value else None
    return Column(column, width), str
