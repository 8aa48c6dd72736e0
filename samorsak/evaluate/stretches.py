"""The borders of statements against those that people marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samorsak.errors import TooFewError

Stretch = tuple[int, int]


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
            likeness = [_likeness((start, end), piece) for piece in found]
            exact += 1.0 in likeness
            half += max(likeness, default=0.0) >= 0.5
            cut_apart += sum(like > 0 for like in likeness) > 1
        for piece in found:
            held = {category for start, end, category in marked if _likeness((start, end), piece) > 0}
            two_categories += len(held) > 1
    shares = (exact / statements, half / statements, cut_apart / statements, two_categories / max(pieces, 1))
    return StretchScores(statements, pieces, *shares)


def _likeness(one: Stretch, other: Stretch) -> float:
    """Intersection over union of two stretches, in characters."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(shared, 0) / (one[1] - one[0] + other[1] - other[0] - max(shared, 0))
