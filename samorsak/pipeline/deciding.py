"""From a model's reading of a batch to categories and statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samorsak.encode.encoders import Encoder
from samorsak.pipeline.model import Batch, QuestionModel, Reading, read_batch
from samorsak.scheme import NO_CAUSE

type_floats = npt.NDArray[np.float64]
type_ints = npt.NDArray[np.int64]
type_flags = npt.NDArray[np.bool_]

ROOM = 1_000_000
"""Most characters of a batch, every answer counted as long as the longest: what bounds the memory."""

_FORCED = 1e6
"""Added to a candidate that must be on the path: more than any path weighs."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of an answer and what it states, with the probability that the answer gives that category."""

    start: int
    end: int
    category: str
    probability: float
    next_category: str
    next_probability: float


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer's categories, in the order of the scheme, and its statements, in reading order.

    `probabilities` has that of each outcome but `no_cause`, to six decimals.
    """

    categories: tuple[str, ...]
    statements: tuple[Statement, ...]
    probabilities: tuple[float, ...]


def decide(
    model: QuestionModel, texts: Sequence[str], language: str, encoder: Encoder | None = None
) -> list[Decision]:
    """Code a batch of answers to one question.

    Parameters
    ----------
    texts : sequence of str, length n
        Masked already.
    encoder : Encoder, optional
        The one that the model learned with, where it did with one.

    Returns
    -------
    list of Decision, length n
        An answer gives the categories whose probability reaches the threshold; the best path over its
        candidates, with only those categories and `no_cause` to choose from, gives the statements.
    """
    decided: dict[int, Decision] = {}
    for alike in alike_in_length(texts):
        decided |= zip(alike, _decide(model, [texts[i] for i in alike], language, encoder), strict=True)
    return [decided[i] for i in range(len(texts))]


def alike_in_length(texts: Sequence[str]) -> Iterator[list[int]]:
    """Deal answers into batches of like length: a batch takes room by its longest."""
    batch: list[int] = []
    for i in sorted(range(len(texts)), key=lambda i: len(texts[i])):
        if batch and len(texts[i]) * (len(batch) + 1) > ROOM:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _decide(
    model: QuestionModel, texts: Sequence[str], language: str, encoder: Encoder | None
) -> list[Decision]:
    reading = read_batch(model, Batch.of(texts, language, encoder))
    none = len(model.outcomes) - 1
    gives = given_outcomes(reading.probability, model.calibration.threshold)
    rows, columns = _statements(reading, gives, none)
    statements = _placed(reading, model, rows, columns)
    wordless = np.array([not found for found in statements], bool)
    probability = np.where(wordless[:, None], 0.0, np.round(reading.probability[:, :-1], 6)).tolist()
    decisions = []
    for i, text in enumerate(texts):
        found = statements[i] or [_silent(text)]
        given = {s.category for s in found} - {NO_CAUSE}
        categories = tuple(c for c in model.outcomes if c in given) or (NO_CAUSE,)
        decisions.append(Decision(categories, tuple(found), tuple(probability[i])))
    return decisions


def given_outcomes(probability: type_floats, threshold: float) -> type_flags:
    """Say which outcomes each answer may be given, shape (n, k); `no_cause` always.

    Where no category reaches the threshold, the likeliest is given if it is likelier than no cause at all.
    """
    gives = probability >= threshold
    top = probability[:, :-1].argmax(1)
    rows = np.arange(len(top))
    likelier = ~gives[:, :-1].any(1) & (probability[rows, top] > probability[:, -1])
    gives[rows[likelier], top[likelier]] = True
    gives[:, -1] = True
    return gives


def _silent(text: str) -> Statement:
    """Cover an answer without a letter or digit."""
    start = len(text) - len(text.lstrip())
    return Statement(start, max(start, len(text.rstrip())), NO_CAUSE, 1.0, "", 0.0)


def _statements(reading: Reading, gives: type_flags, none: int) -> tuple[type_ints, type_ints]:
    """Choose the runs and their outcomes so that every category an answer gives has a statement.

    Returns
    -------
    tuple of ndarrays of int64, shape (s,)
        Candidates and outcome columns, by answer and place.
    """
    runs = reading.batch.lattice.runs
    open_to = np.where(gives[runs.answer], reading.weighed, -np.inf)
    chosen = reading.batch.lattice.best(open_to.max(1, initial=-np.inf))
    columns = open_to[chosen].argmax(1) if len(chosen) else chosen
    missing = _missing(runs.answer[chosen], columns, gives, none)
    if not len(missing):
        return chosen, columns
    # the stretch that speaks most for a category without a statement must be one
    by_answer = np.searchsorted(runs.answer, np.arange(runs.n + 1))
    regret = reading.weighed - reading.weighed.max(1, keepdims=True)
    forced = [
        (by_answer[i] + int(regret[by_answer[i] : by_answer[i + 1], c].argmax()), c)
        for i, c in missing.tolist()
    ]
    for row, c in forced:
        open_to[row, c] += _FORCED
    chosen = reading.batch.lattice.best(open_to.max(1))
    columns = open_to[chosen].argmax(1)
    # two categories may speak from the same words: then the stretch is stated twice
    still = {tuple(pair) for pair in _missing(runs.answer[chosen], columns, gives, none).tolist()}
    extra = [(row, c) for row, c in forced if (int(runs.answer[row]), c) in still]
    lost = sorted(still - {(int(runs.answer[row]), c) for row, c in extra})
    extra += [(by_answer[i] + int(regret[by_answer[i] : by_answer[i + 1], c].argmax()), c) for i, c in lost]
    chosen = np.concatenate([chosen, np.array([row for row, _ in extra], np.int64)])
    columns = np.concatenate([columns, np.array([c for _, c in extra], np.int64)])
    order = np.lexsort((columns, runs.last[chosen], runs.first[chosen]))
    return chosen[order], columns[order]


def _missing(answer: type_ints, columns: type_ints, gives: type_flags, none: int) -> type_ints:
    """List (answer, category) pairs that are given but have no statement, shape (x, 2)."""
    stated = np.zeros(gives.shape, bool)
    stated[answer, columns] = True
    lacking = gives & ~stated
    lacking[:, none] = False
    with_runs = np.zeros(len(gives), bool)
    with_runs[answer] = True
    found: type_ints = np.argwhere(lacking & with_runs[:, None])
    return found


def _placed(
    reading: Reading, model: QuestionModel, rows: type_ints, columns: type_ints
) -> list[list[Statement]]:
    """Give runs their offsets, probabilities and next-best categories; neighbours that agree become one."""
    runs, pieces = reading.batch.lattice.runs, reading.batch.pieces
    others = reading.weighed[rows].copy()
    others[np.arange(len(rows)), columns] = -np.inf
    second = others.argmax(1)
    answer = runs.answer[rows]
    p = np.round(reading.probability, 6)
    out: list[list[Statement]] = [[] for _ in range(pieces.n)]
    previous = (-1, -1, -1)
    for row, column, next_column, i in zip(
        rows.tolist(), columns.tolist(), second.tolist(), answer.tolist(), strict=True
    ):
        first, last = int(runs.first[row]), int(runs.last[row])
        start = int(pieces.trimmed[first])
        if previous == (i, column, int(pieces.sentence[first])) and model.outcomes[column] != NO_CAUSE:
            start = out[i].pop().start
        out[i].append(
            Statement(
                start,
                int(pieces.end[last]),
                model.outcomes[column],
                float(p[i, column]),
                model.outcomes[next_column],
                float(p[i, next_column]),
            )
        )
        previous = (i, column, int(pieces.sentence[first]))
    return out
