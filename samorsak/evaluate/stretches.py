"""Marked stretches: borders that were found against those people marked, and people against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import TooFewError
from samorsak.evaluate.certainty import Interval, bootstrap

Stretch = tuple[int, int]
Marks = Sequence[Sequence[tuple[int, int, str]] | None]


@dataclass(frozen=True, slots=True)
class StretchScores:
    """How well the borders of statements were found.

    Attributes
    ----------
    statements, pieces : int
        Marked in the gold, and predicted.
    exact : float
        Share of the statements that a piece matches to the character.
    half : float
        Share of the statements that some piece shares at least half with (intersection over union >= 0.5).
    cut_apart : float
        Share of the statements that lie in more than one piece.
    two_categories : float
        Share of the pieces that hold statements of more than one category, or parts of them.
    """

    statements: int
    pieces: int
    exact: float
    half: float
    cut_apart: float
    two_categories: float


def stretch_scores(
    gold: Sequence[Sequence[tuple[int, int, str]]], predicted: Sequence[Sequence[Stretch]]
) -> StretchScores:
    """Score predicted pieces against marked statements.

    Parameters
    ----------
    gold : sequence of sequence of (int, int, str)
        Start, end and category of each answer's statements.
    predicted : sequence of sequence of (int, int)
        Start and end of each answer's pieces.

    Raises
    ------
    TooFewError
        There is no statement.

    Examples
    --------
    >>> stretch_scores([[(0, 10, "a"), (10, 20, "b")]], [[(0, 10), (10, 14), (14, 20)]])
    StretchScores(statements=2, pieces=3, exact=0.5, half=1.0, cut_apart=0.5, two_categories=0.0)
    """
    statements, pieces = sum(map(len, gold)), sum(map(len, predicted))
    if not statements:
        raise TooFewError("no marked statements to score, expected one or more")
    exact = half = cut_apart = two_categories = 0
    for marked, found in zip(gold, predicted, strict=True):
        for start, end, _ in marked:
            shared = [likeness((start, end), piece) for piece in found]
            exact += 1.0 in shared
            half += max(shared, default=0.0) >= 0.5
            cut_apart += sum(like > 0 for like in shared) > 1
        for piece in found:
            held = {category for start, end, category in marked if likeness((start, end), piece) > 0}
            two_categories += len(held) > 1
    shares = (exact / statements, half / statements, cut_apart / statements, two_categories / max(pieces, 1))
    return StretchScores(statements, pieces, *shares)


def likeness(one: Stretch, other: Stretch) -> float:
    """Intersection over union of two stretches, in characters.

    Examples
    --------
    >>> likeness((0, 10), (5, 10))
    0.5
    """
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(shared, 0) / (one[1] - one[0] + other[1] - other[0] - max(shared, 0))


@dataclass(frozen=True, slots=True)
class StretchAgreement:
    """How far the stretches agree that people marked in the same answers.

    Each is an F measure over all pairs of annotators: the share of the stretches of both that have their like
    with the other. That is what kappa comes to where what nobody marked cannot be counted (Hripcsak and
    Rothschild, "Agreement, the F-measure, and reliability in information retrieval", Journal of the American
    Medical Informatics Association 12, 2005).

    Attributes
    ----------
    exact : Interval or None
        Their like: the same stretch to the character. None where nothing was marked by two.
    half : Interval or None
        Their like: a stretch that shares at least half (intersection over union).
    same_category : float or None
        Share of the latter whose like has the same category.
    stretches, answers : int
        Marked, of answers that two or more people marked; an answer counts with each pair.
    undefined : str
    """

    exact: Interval | None
    half: Interval | None
    same_category: float | None
    stretches: int
    answers: int
    undefined: str = ""


def stretch_agreement(decided: Sequence[Marks], *, draws: int = 1000, seed: int = 0) -> StretchAgreement:
    """Measure how far marked stretches agree.

    Parameters
    ----------
    decided : sequence of sequence of stretches or None, shape (n, a)
        A stretch is start, end and category; those of one annotator in one answer never overlap.
    draws, seed : int
        Of the bootstrap over answers.

    Examples
    --------
    >>> found = stretch_agreement([[[(0, 10, "a"), (12, 20, "b")], [(0, 10, "a"), (14, 20, "c")]]])
    >>> found.exact.estimate, found.half.estimate, found.same_category
    (0.5, 1.0, 0.5)
    """
    rows = [own for row in decided if len(own := [marks for marks in row if marks is not None]) > 1]
    counted = np.array([_counterparts(row) for row in rows], float).reshape(-1, 4)
    stretches = int(counted[:, 0].sum())
    if not stretches:
        why = "nothing was marked in answers that two marked" if rows else "no answer was marked by two"
        return StretchAgreement(None, None, None, 0, len(rows), why)

    def share(column: int) -> Interval:
        def of(drawn: NDArray[np.int64]) -> float:
            total = counted[drawn, 0].sum()
            return float(counted[drawn, column].sum() / total) if total else 1.0

        return bootstrap(of, len(counted), draws, seed)

    half = counted[:, 2].sum()
    same = float(counted[:, 3].sum() / half) if half else None
    return StretchAgreement(share(1), share(2), same, stretches, len(rows))


def _counterparts(row: Sequence[Sequence[tuple[int, int, str]]]) -> list[int]:
    """Count stretches, and those with an equal, a half equal, and a half equal one of the same category."""
    counts = [0, 0, 0, 0]
    for pair in combinations(row, 2):
        for own, others in (pair, pair[::-1]):
            for start, end, category in own:
                like = [(likeness((start, end), (s, e)), c) for s, e, c in others]
                near = [c for share, c in like if share >= 0.5]
                found = (True, any(share == 1 for share, _ in like), bool(near), category in near)
                counts = [n + hit for n, hit in zip(counts, found, strict=True)]
    return counts
