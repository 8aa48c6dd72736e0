"""What an estimator says: a point and draws for every category, and from them shares with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from samorsak.shares.counting import Base, Given

Floats = NDArray[np.float64]

Method = Literal["audited", "audit alone", "modelled", "reviewed"]
"""How an estimate was made: by an audit and the machine's labels, by the audit alone, or by the errors of a
cross-validation, which holds only as far as the answers are like the annotated ones; the same where people
have decided answers that were chosen for them, not drawn."""

BY_TRIAL = ("modelled", "reviewed")
"""Methods whose intervals hold only as far as the answers are like the annotated ones."""

DRAWS = 10_000
LEVEL = 0.95

FEW_POSITIVES = 5
"""With fewer audited answers of a category than this, its estimate is flagged."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many answers give each of k categories, as far as is known.

    Attributes
    ----------
    number : ndarray of float64, shape (k,)
        Point estimate of the answers that give the category; weighted answers where weights are given, scaled
        so that they add up to the number of answers.
    draws : ndarray of float64, shape (b, k)
        Equally likely numbers, jointly over the categories.
    of : float
        All answers.
    method : {"audited", "audit alone", "modelled", "reviewed"}
    audited : int
        Audited answers it rests on; 0 for ``"modelled"`` and ``"reviewed"``.
    positives : ndarray of int64, shape (k,)
        Audited answers that give the category.
    refused : ndarray of bool, shape (k,)
        The errors of the category are too many to say anything: its interval is (nearly) everything.
    """

    number: Floats
    draws: Floats
    of: float
    method: Method
    audited: int
    positives: NDArray[np.int64]
    refused: Given

    @property
    def by_audit(self) -> bool:
        """Say whether a random sample corrects the count: its point estimate is what is shown."""
        return self.method not in BY_TRIAL

    @property
    def few_positives(self) -> Given:
        """Say which categories have fewer than five audited answers, shape (k,)."""
        few: Given = self.positives < FEW_POSITIVES
        return few

    def share(self, base: Base) -> Floats:
        """Give the point estimates as fractions of the causes given or of the answers, shape (k,)."""
        return _of(self.number, base, self.of)

    def share_draws(self, base: Base) -> Floats:
        """Give the draws as fractions, shape (b, k); of the causes given, each row adds up to one.

        The share of the causes is a ratio of two unknowns, so each draw of a category is divided by the sum
        of the same draw over all categories.
        """
        return _of(self.draws, base, self.of)

    def interval(self, base: Base, level: float = LEVEL) -> tuple[Floats, Floats]:
        """Give the ends of the central interval of the draws, two arrays of shape (k,).

        The point estimate always lies in it.

        Examples
        --------
        >>> draws = np.array([[10.0, 30.0], [20.0, 20.0], [30.0, 10.0]])
        >>> none = np.zeros(2, bool)
        >>> e = Estimate(np.array([20.0, 20.0]), draws, 50.0, "audited", 9, np.array([6, 3]), none)
        >>> low, high = e.interval("causes", 0.5)
        >>> low.tolist(), high.tolist()
        ([0.375, 0.375], [0.625, 0.625])
        >>> e.few_positives.tolist()
        [False, True]
        """
        return ends(self.share_draws(base), self.share(base), level)


def ends(draws: Floats, point: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Cut equal tails off draws of shape (b, ...); the point, shape (...), stays inside."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return np.minimum(low, point), np.maximum(high, point)


def _of(number: Floats, base: Base, answers: float) -> Floats:
    if base == "answers":
        return number / answers
    causes = number.sum(axis=-1, keepdims=True)
    share: Floats = np.divide(number, causes, out=np.zeros_like(number), where=causes > 0)
    return share
