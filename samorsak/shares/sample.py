"""An audit: a random sample of the answers of a round, decided by people, beside the machine's labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import InputError
from samorsak.shares.counting import Given, roll_up
from samorsak.shares.weighing import scaled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CUT = 0.1
"""Not given, but with a probability from here on: the third stratum."""


@dataclass(frozen=True, slots=True)
class Audit:
    """A round to one question with the answers of it that were audited.

    Columns are the scheme's categories, or a report's lines (see `under`).

    Attributes
    ----------
    given : ndarray of bool, shape (n, k)
        The machine's labels as of the draw; in rows of `known`, what a person decided.
    rows : ndarray of int64, shape (a,)
        The audited answers, a simple random sample without replacement of those not `known`.
    gold : ndarray of bool, shape (a, k)
        What they give.
    probability : ndarray of float64, shape (n, k), optional
        The machine's, as of the draw; needed for three strata.
    known : ndarray of bool, shape (n,), optional
        Answers decided before the draw: they leave the frame and are counted as they are.
    weight : ndarray of float64, shape (n,), optional
        Of each answer; only their proportions matter.

    Raises
    ------
    InputError
        Shapes do not agree, an audited row is out of range, audited twice or known before, or weights are not
        what `samorsak.shares.weighing.scaled` expects.
    """

    given: Given
    rows: Ints
    gold: Given
    probability: Floats | None = None
    known: Given | None = None
    weight: Floats | None = None

    def __post_init__(self) -> None:
        """Check the shapes and what the arrays hold."""
        n, k = self.given.shape
        _same("gold", self.gold, (len(self.rows), k))
        if self.probability is not None:
            _same("probability", self.probability, (n, k))
        if len(self.rows) and not (self.rows.min() >= 0 and self.rows.max() < n):
            raise InputError(f"audit: row {self.rows.max()} is audited, the round has {n} answers")
        if len(np.unique(self.rows)) < len(self.rows):
            raise InputError("audit: an answer is audited twice, expected each once")
        if self.known is not None:
            _same("known", self.known, (n,))
            if self.known[self.rows].any():
                raise InputError("audit: an answer decided before the draw is audited, expected it left out")
        scaled(self.weight, n)

    def under(self, line: Given) -> Audit:
        """Roll categories up to a report's lines, shape (k, l); an answer counts once per line.

        A line's probability is that of any of its categories, as if they were independent.
        """
        probability = self.probability
        if probability is not None:
            none = np.log1p(-np.clip(probability, 0, 1 - 1e-12)) @ line.astype(float)
            probability = -np.expm1(none)
        lines, gold = roll_up(self.given, line), roll_up(self.gold, line)
        return Audit(lines, self.rows, gold, probability, self.known, self.weight)

    def among(self, members: Given) -> Audit:
        """Keep a group of the answers, shape (n,); those audited in it are a random sample of it."""
        kept = members[self.rows]
        place = np.cumsum(members) - 1
        return Audit(
            self.given[members],
            place[self.rows[kept]],
            self.gold[kept],
            None if self.probability is None else self.probability[members],
            None if self.known is None else self.known[members],
            None if self.weight is None else self.weight[members],
        )


def machine_strata(given: Given, probability: Floats | None = None, cut: float = CUT) -> Ints:
    """Sort each answer by what the machine said of each category.

    Parameters
    ----------
    given : ndarray of bool, shape (n, k)
    probability : ndarray of float64, shape (n, k), optional
    cut : float
        Fixed before the audit is drawn.

    Returns
    -------
    ndarray of int64, shape (n, k)
        0 not given, 1 given, 2 not given but with a probability from `cut` on.

    Examples
    --------
    >>> machine_strata(np.array([[True, False, False]]), np.array([[0.9, 0.2, 0.05]])).tolist()
    [[1, 2, 0]]
    """
    strata = given.astype(np.int64)
    if probability is not None:
        strata[~given & (probability >= cut)] = 2
    return strata


def _same(name: str, found: NDArray[np.generic], expected: tuple[int, ...]) -> None:
    if found.shape != expected:
        raise InputError(f"{name}: shape is {found.shape}, expected {expected}")
