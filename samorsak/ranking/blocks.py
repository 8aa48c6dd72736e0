"""What a ranked list is made of: answers of a round, question and group, and what they are counted in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samorsak.coded import CodedAnswer, answers_where, background_column, natural_order
from samorsak.errors import InputError, TooFewError, collected
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.shares import Given, roll_up

SCHEME_LINES = "scheme"
"""The name of the lines that are the scheme's own categories; other lines are named after their report."""


@dataclass(frozen=True, slots=True)
class Block:
    """The n answers of one round, question and group: the material of its lists.

    Attributes
    ----------
    answers : tuple of CodedAnswer
    given : ndarray of bool, shape (n, k)
        Which answer gives which outcome of the scheme, without `no_cause`.
    weight : ndarray of float64, shape (n,), or None
    """

    round: str
    question: str
    group_by: str
    group: str
    answers: tuple[CodedAnswer, ...]
    given: Given
    weight: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True)
class Columns:
    """What answers are counted in: the scheme's categories, or a report's lines.

    Attributes
    ----------
    lines : str
    ids, labels : tuple of str, length l
    line : ndarray of bool, shape (k, l), or None
        Which outcome counts under which line; None where the columns are the outcomes themselves.
    """

    lines: str
    ids: tuple[str, ...]
    labels: tuple[str, ...]
    line: Given | None

    def count(self, given: Given) -> Given:
        """Count outcomes, shape (n, k), in these columns, shape (n, l)."""
        return given if self.line is None else roll_up(given, self.line)


def blocks(
    coded: Sequence[CodedAnswer],
    scheme: Scheme,
    *,
    by: str | None = None,
    where: Sequence[str] = (),
    weight: str | None = None,
    question: str | None = None,
) -> Iterator[Block]:
    """Sort answers into blocks; a question or group that the conditions leave empty keeps its empty block.

    Parameters
    ----------
    coded, scheme, by, where, weight, question
        As for `samorsak.ranking.rank`.

    Raises
    ------
    InputError
        As for `samorsak.ranking.rank`.
    """
    if question is not None:
        coded = _answers_to(question, coded)
    group_by = "" if by is None else background_column(by, coded, "by")
    weighted = None if weight is None else _weights(weight, coded)
    order = {name: place for place, name in enumerate(scheme.questions)}
    asked = {(answer.round, answer.question) for answer in coded}
    if unknown := sorted({name for _, name in asked} - set(order)):
        raise InputError(f"question is {unknown[0]!r}, the scheme has: {', '.join(order)}")
    answers: dict[tuple[str, str, str], list[CodedAnswer]] = {}
    for answer in answers_where(coded, where):
        group = answer.background.get(group_by, "") if group_by else ""
        answers.setdefault((answer.round, answer.question, group), []).append(answer)
    for round_, name in sorted(asked, key=lambda pair: (natural_order(pair[0]), order[pair[1]])):
        groups = {group for r, _, group in answers if r == round_} if group_by else {""}
        for group in sorted(groups, key=lambda value: (not value, natural_order(value))):
            own = tuple(answers.get((round_, name, group), []))
            weights = None if weighted is None else np.array([weighted[a.answer_id] for a in own])
            if weights is not None and own and not weights.any():
                told = f" of {group_by} {group!r}" if group_by else ""
                raise TooFewError(
                    f"weight: answers{told} to {name!r} all weigh 0, expected one that does not"
                )
            yield Block(round_, name, group_by, group, own, given_by(own, name, scheme), weights)


def given_by(answers: Sequence[CodedAnswer], question: str, scheme: Scheme) -> Given:
    """Say which answer gives which category: a matrix of shape (n, k), without `no_cause`.

    Raises
    ------
    InputError
        A category that the scheme does not have.
    """
    column = {category: place for place, category in enumerate(scheme.outcomes(question))}
    given = np.zeros((len(answers), len(column)), dtype=np.bool_)
    for i, answer in enumerate(answers):
        for category in answer.categories:
            if category in column:
                given[i, column[category]] = True
            elif category != NO_CAUSE:
                raise InputError(
                    f"answer {answer.answer_id!r}: category is {category!r}, question {question!r} "
                    f"of the scheme has: {', '.join((*column, NO_CAUSE))}"
                )
    return given


def columns_of(lines: str, question: str, scheme: Scheme, lang: str = "sv") -> Columns:
    """Give the columns of a question by the scheme or a report.

    Raises
    ------
    SchemeError
        `lines` is no report of the scheme.

    Examples
    --------
    >>> from samorsak.scheme import read_scheme
    >>> columns_of("2024", "missed", read_scheme("af")).labels[0]
    'Låg efterfrågan på arbetskraft'
    """
    outcomes = scheme.outcomes(question)
    if lines == SCHEME_LINES:
        return Columns(lines, outcomes, tuple(scheme.label(question, c, lang) for c in outcomes), None)
    ids = scheme.report_lines(question, lines)
    labels = tuple(scheme.line_label(question, line, lines, lang) for line in ids)
    line = np.array([[scheme.line_of(question, c, lines) == name for name in ids] for c in outcomes])
    return Columns(lines, ids, labels, line)


def _answers_to(question: str, coded: Sequence[CodedAnswer]) -> list[CodedAnswer]:
    chosen = [answer for answer in coded if answer.question == question]
    if not chosen:
        known = ", ".join(dict.fromkeys(answer.question for answer in coded))
        raise InputError(f"question is {question!r}, the answers have: {known}")
    return chosen


def _weights(name: str, coded: Sequence[CodedAnswer]) -> dict[str, float]:
    """Read the weights of answers, by their ids; a decimal comma is understood."""
    column = background_column(name, coded, "weight")
    weights: dict[str, float] = {}
    problems = []
    for answer in coded:
        written = answer.background.get(column, "")
        try:
            found = float(written.strip().replace(",", "."))
        except ValueError:
            found = math.nan
        if not (math.isfinite(found) and found >= 0):
            problems.append(
                f"weight: {column!r} is {written!r} in answer {answer.answer_id!r}, expected a number from 0"
            )
        weights[answer.answer_id] = found
    if problems:
        raise InputError(collected(problems, "bad weights"))
    return weights
