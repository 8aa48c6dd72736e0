"""The linked tables of a round's question: every number that ranked lists by group can show, and its sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from samorsak.coded import CodedAnswer
from samorsak.ranking import SCHEME_LINES, columns_of
from samorsak.ranking.blocks import given_by
from samorsak.scheme import Scheme
from samorsak.shares import Given
from samorsak.suppression import Tables, Term
from samorsak.text import nfc

Conditions = tuple[tuple[str, str], ...]
"""What the answers of a group have in common: pairs of column and value, sorted; empty for all answers."""

Cell = tuple[Conditions, str]
"""A group, and which of its numbers: `ANSWERS`, `WITHOUT_CAUSE`, causes ``"2024"`` or one ``"2024/time"``."""

ANSWERS, WITHOUT_CAUSE = "answers", "without_cause"

_DEAR = {ANSWERS: 50.0, WITHOUT_CAUSE: 5.0}  # without its base a list has no shares at all
_BASE, _TOTAL = 50.0, 10.0


def linked_tables(
    answers: Sequence[CodedAnswer],
    question: str,
    scheme: Scheme,
    columns: Sequence[str],
    crossings: Sequence[tuple[str, str]] = (),
) -> tuple[list[Cell], Tables]:
    """Count everything that is shown of the answers of one round to a question.

    Parameters
    ----------
    answers : sequence of CodedAnswer
    question : str
    scheme : Scheme
    columns : sequence of str
        Background columns with a table each.
    crossings : sequence of pairs of str
        Sorted pairs of them with a table each.

    Returns
    -------
    cells : list of Cell
        Groups that have an answer, each with all of its numbers.
    tables : Tables
        The groups of a column add up to all answers, those of a crossing to the groups of its columns, the
        causes of a group to their number; a line has at least as many answers as each of its categories and
        at most as many as all of them.
    """
    given = given_by(answers, question, scheme)
    names, counted, lines = _numbers(given, question, scheme)
    splits: list[tuple[str, ...]] = [(), *((column,) for column in columns), *crossings]
    groups = {split: _members(answers, split) for split in splits}
    value, cells, cost, table = [], [], [], []
    for place, (split, members) in enumerate(groups.items()):
        dear = np.array([_DEAR.get(name, 1.0 if "/" in name else _BASE) for name in names])
        for conditions, rows in members.items():
            value.append(counted[rows].sum(axis=0))
            cells += [(conditions, name) for name in names]
            cost.append(dear * (_TOTAL if not split else 1.0))
            table.append(np.full(len(names), place))
    counts = np.concatenate(value)
    starts = {conditions: len(names) * i for i, conditions in enumerate(chain(*groups.values()))}
    inner, bounds = lines
    sums = [[(start + cell, factor) for cell, factor in row] for start in starts.values() for row in inner]
    sums += _margins(groups.keys(), starts, len(names))
    most = [[(start + cell, factor) for cell, factor in row] for start in starts.values() for row in bounds]
    return cells, Tables(
        counts, sums, most, np.concatenate(cost) * np.maximum(counts, 1), np.concatenate(table)
    )


_Rows = list[list[Term]]


def _numbers(given: Given, question: str, scheme: Scheme) -> tuple[list[str], Given, tuple[_Rows, _Rows]]:
    """Name the numbers of a group, say what an answer adds to each, shape (n, c), and how they hang together.

    To a number of causes an answer adds one for each of its categories or lines.
    """
    without = ~given.any(axis=1)
    names, counted = [ANSWERS, WITHOUT_CAUSE], [np.ones(len(given), np.int64), without.astype(np.int64)]
    sums: _Rows = []
    bounds: _Rows = []
    categories = [2 + 1 + j for j in range(given.shape[1])]
    for kind in (SCHEME_LINES, *scheme.reports()):
        columns = columns_of(kind, question, scheme)
        matrix = columns.count(given).astype(np.int64)
        base = len(names)
        names += [kind, *(f"{kind}/{name}" for name in columns.ids)]
        counted += [matrix.sum(axis=1), *matrix.T]
        sums.append([(base, -1), *((base + 1 + j, 1) for j in range(matrix.shape[1]))])
        if columns.line is None:
            bounds += [[(cell, 1), (1, 1), (0, -1)] for cell in categories]
            bounds.append([(0, 1), (1, -1), (base, -1)])
            continue
        for j, under in enumerate(columns.line.T):
            parts = [categories[place] for place in np.flatnonzero(under)]
            bounds.append([(base + 1 + j, 1), *((part, -1) for part in parts)])
            bounds += [[(part, 1), (base + 1 + j, -1)] for part in parts]
    return names, np.stack(counted, axis=1), (sums, bounds)


def _members(answers: Sequence[CodedAnswer], split: tuple[str, ...]) -> dict[Conditions, list[int]]:
    """Sort answers into groups by some columns."""
    members: dict[Conditions, list[int]] = {} if split else {(): []}
    for row, answer in enumerate(answers):
        conditions = tuple((column, nfc(answer.background.get(column, ""))) for column in split)
        members.setdefault(conditions, []).append(row)
    return dict(sorted(members.items()))


def _margins(splits: Iterable[tuple[str, ...]], starts: dict[Conditions, int], width: int) -> _Rows:
    """Say which groups add up to which, for each of their numbers."""
    sums: _Rows = []
    for split in splits:
        own = [conditions for conditions in starts if tuple(column for column, _ in conditions) == split]
        for left_out in split:
            parts: dict[Conditions, list[Conditions]] = {}
            for conditions in own:
                rest = tuple(pair for pair in conditions if pair[0] != left_out)
                parts.setdefault(rest, []).append(conditions)
            sums += [
                [(starts[whole] + i, -1), *((starts[part] + i, 1) for part in of)]
                for whole, of in parts.items()
                for i in range(width)
            ]
    return sums
