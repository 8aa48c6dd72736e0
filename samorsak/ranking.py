"""Ranked cause lists: per round and question, which causes were given, how often, and of what.

One list is one round, question, base, kind of lines and, where asked for, group. Every category of the scheme
stands in it, also those nobody gave; `other` stands last and has no rank; answers without a cause are no row
but stand in the list's `Total`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeAlias

import numpy as np

from samorsak.coded import CodedAnswer, answers_where, background_column, natural_order
from samorsak.errors import InputError
from samorsak.scheme import NO_CAUSE, OTHER, Scheme
from samorsak.shares import BASES, Base, Given, competition_ranks, count_shares, roll_up

SCHEME_LINES = "scheme"
"""The name of the lines that are the scheme's own categories; other lines are named after their report."""


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One line of a ranked list.

    Attributes
    ----------
    base : {"causes", "answers"}
        What `of` counts: (answer, category) pairs, or answers.
    lines : str
        ``"scheme"``, or the report whose lines are counted: ``"2024"``.
    rank : int or None
        Ties share the lowest; None for `other`.
    n, of : int
        Distinct (answer, category) pairs, and the base.
    share : float
        A fraction, ``n / of``; 0 where the base is empty.
    group_by, group : str
        The column a ranking is split by and its value; empty where it is not split (a group that is empty in
        a split ranking is the answers without a value).
    """

    round: str
    question: str
    base: Base
    lines: str
    rank: int | None
    category: str
    label: str
    n: int
    of: int
    share: float
    group_by: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """How many answers a list rests on, and how many of them give no cause."""

    round: str
    question: str
    answers: int
    without_cause: int
    group_by: str = ""
    group: str = ""


RankedList: TypeAlias = tuple[Total, tuple[RankedRow, ...]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranked lists as flat rows, and one total for each round, question and group.

    Rows are sorted by round, question (in the scheme's order), group, base and lines; in a list by share,
    then in the scheme's order, `other` last.
    """

    rows: tuple[RankedRow, ...]
    totals: tuple[Total, ...]

    def lists(self) -> tuple[RankedList, ...]:
        """Give each list with its total, in the order of the rows."""
        totals = {(t.round, t.question, t.group): t for t in self.totals}
        lists = groupby(self.rows, key=lambda row: (row.round, row.question, row.group, row.base, row.lines))
        return tuple((totals[key[:3]], tuple(rows)) for key, rows in lists)


def rank(
    coded: Sequence[CodedAnswer],
    scheme: Scheme,
    *,
    base: Base = "causes",
    lines: str = SCHEME_LINES,
    by: str | None = None,
    where: Sequence[str] = (),
    question: str | None = None,
    lang: str = "sv",
) -> Ranking:
    """Rank the causes given, per round and question.

    Parameters
    ----------
    coded : sequence of CodedAnswer
        Answers with text, each once.
    scheme : Scheme
        The scheme they are coded by.
    base : {"causes", "answers"}
        Share of the causes given, or of the answers.
    lines : str
        ``"scheme"`` for the scheme's categories, or a report of the scheme; by a report's lines an answer
        counts once per line.
    by : str, optional
        A background column; one list for each of its values.
    where : sequence of str
        Conditions ``"column=value"`` on background columns; all must hold.
    question : str, optional
        Only this question.
    lang : {"sv", "en"}
        Language of the labels.

    Raises
    ------
    InputError
        A base, column, value or question that is not there, a category that the scheme does not have, or no
        answer that meets the conditions. Names what there is.
    SchemeError
        `lines` is no report of the scheme.

    Examples
    --------
    >>> from samorsak.scheme import read_scheme
    >>> answer = CodedAnswer("1", "2024", "missed", ("regulations", "other"), "Lagen, och annat.", {})
    >>> first = rank([answer], read_scheme("af")).rows[0]
    >>> first.rank, first.label, first.n, first.of, first.share
    (1, 'Regelverk och lagstiftning', 1, 2, 0.5)
    """
    if base not in BASES:
        raise InputError(f"base is {base!r}, expected one of: {', '.join(BASES)}")
    if question is not None:
        coded = _answers_to(question, coded)
    return _ranking(_blocks(coded, scheme, by, where), scheme, (base,), (lines,), lang)


def full_table(coded: Sequence[CodedAnswer], scheme: Scheme, lang: str = "sv") -> Ranking:
    """Rank by both bases, the scheme's categories and every report's lines: what `ranking.csv` holds.

    Raises
    ------
    InputError
        A category or question that the scheme does not have.
    """
    return _ranking(_blocks(coded, scheme, None, ()), scheme, BASES, (SCHEME_LINES, *scheme.reports()), lang)


@dataclass(frozen=True, slots=True)
class _Block:
    """The answers of one round, question and group: the material of its lists."""

    round: str
    question: str
    group_by: str
    group: str
    answers: list[CodedAnswer] = field(default_factory=list)


def _blocks(
    coded: Sequence[CodedAnswer], scheme: Scheme, by: str | None, where: Sequence[str]
) -> Iterator[_Block]:
    """Sort answers into blocks; a question or group that the conditions leave empty keeps its empty block."""
    group_by = "" if by is None else background_column(by, coded, "by")
    kept = answers_where(coded, where)
    order = {question: place for place, question in enumerate(scheme.questions)}
    asked = {(answer.round, answer.question) for answer in coded}
    if unknown := sorted({question for _, question in asked} - set(order)):
        raise InputError(f"question is {unknown[0]!r}, the scheme has: {', '.join(order)}")
    answers: dict[tuple[str, str, str], list[CodedAnswer]] = {}
    for answer in kept:
        group = answer.background.get(group_by, "") if group_by else ""
        answers.setdefault((answer.round, answer.question, group), []).append(answer)
    for round_, question in sorted(asked, key=lambda pair: (natural_order(pair[0]), order[pair[1]])):
        groups = {group for r, _, group in answers if r == round_} if group_by else {""}
        for group in sorted(groups, key=lambda value: (not value, natural_order(value))):
            yield _Block(round_, question, group_by, group, answers.get((round_, question, group), []))


def _ranking(
    blocks: Iterator[_Block], scheme: Scheme, bases: Sequence[Base], lines: Sequence[str], lang: str
) -> Ranking:
    rows: list[RankedRow] = []
    totals: list[Total] = []
    for block in blocks:
        given = _given(block, scheme)
        with_cause = int(given.any(axis=1).sum())
        totals.append(
            Total(
                block.round,
                block.question,
                len(given),
                len(given) - with_cause,
                block.group_by,
                block.group,
            )
        )
        counted = [_counted_by(name, block.question, given, scheme, lang) for name in lines]
        for base in bases:
            for columns in counted:
                rows += _ranked(block, base, columns)
    return Ranking(tuple(rows), tuple(totals))


def _given(block: _Block, scheme: Scheme) -> Given:
    """Say which answer gives which category: a matrix of shape (n, k), without `no_cause`."""
    column = {category: place for place, category in enumerate(scheme.outcomes(block.question))}
    given = np.zeros((len(block.answers), len(column)), dtype=np.bool_)
    for i, answer in enumerate(block.answers):
        for category in answer.categories:
            if category in column:
                given[i, column[category]] = True
            elif category != NO_CAUSE:
                raise InputError(
                    f"answer {answer.answer_id!r}: category is {category!r}, question {block.question!r} "
                    f"of the scheme has: {', '.join((*column, NO_CAUSE))}"
                )
    return given


@dataclass(frozen=True, slots=True)
class _Columns:
    """A matrix whose columns have ids and labels: the scheme's categories, or a report's lines."""

    lines: str
    ids: tuple[str, ...]
    labels: tuple[str, ...]
    given: Given


def _counted_by(lines: str, question: str, given: Given, scheme: Scheme, lang: str) -> _Columns:
    outcomes = scheme.outcomes(question)
    if lines == SCHEME_LINES:
        return _Columns(lines, outcomes, tuple(scheme.label(question, c, lang) for c in outcomes), given)
    ids = scheme.report_lines(question, lines)
    labels = tuple(scheme.line_label(question, line, lines, lang) for line in ids)
    counted_under = np.array([[scheme.line_of(question, c, lines) == line for line in ids] for c in outcomes])
    return _Columns(lines, ids, labels, roll_up(given, counted_under))


def _ranked(block: _Block, base: Base, columns: _Columns) -> list[RankedRow]:
    """Make one list: the most frequent first, `other` last and without a rank."""
    shares = count_shares(columns.given, base)
    ranked = np.array([category != OTHER for category in columns.ids])
    ranks = competition_ranks(shares.n[ranked]).tolist()
    rank_of: dict[int, int] = dict(zip(np.flatnonzero(ranked).tolist(), ranks, strict=True))
    n, share = shares.n.tolist(), shares.share.tolist()
    return [
        RankedRow(
            block.round,
            block.question,
            base,
            columns.lines,
            rank_of.get(j),
            columns.ids[j],
            columns.labels[j],
            n[j],
            shares.of,
            share[j],
            block.group_by,
            block.group,
        )
        for j in sorted(range(len(n)), key=lambda j: (not ranked[j], -n[j]))
    ]


def _answers_to(question: str, coded: Sequence[CodedAnswer]) -> list[CodedAnswer]:
    chosen = [answer for answer in coded if answer.question == question]
    if not chosen:
        known = ", ".join(dict.fromkeys(answer.question for answer in coded))
        raise InputError(f"question is {question!r}, the answers have: {known}")
    return chosen
