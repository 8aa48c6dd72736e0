"""What draws say of an order: intervals of ranks, who is among the first, which places are settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samorsak.shares.estimate import LEVEL

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOP = 3


@dataclass(frozen=True, slots=True)
class Ranks:
    """Ranks of k categories, 1 the most frequent; each array of shape (k,).

    Attributes
    ----------
    low, high : ndarray of int64
        The interval of the category's rank, for itself.
    top : ndarray of float64
        Probability of rank 3 or better.
    place_low, place_high : ndarray of int64
        The places that a tied group holds together: those within it cannot be told apart surely, but that all
        of them stand before all that follow is as sure as the level.
    """

    low: Ints
    high: Ints
    top: Floats
    place_low: Ints
    place_high: Ints


def rank_intervals(draws: Floats, number: Floats, level: float = LEVEL) -> Ranks:
    """Rank categories in every draw.

    Ranks of drawn parameters as in Goldstein and Spiegelhalter, "League tables and their limitations",
    Journal of the Royal Statistical Society A 159, 1996, section 4. They are the same for both bases.

    Parameters
    ----------
    draws : ndarray of float64, shape (b, k)
        Of the categories that have a rank, so without `other`.
    number : ndarray of float64, shape (k,)
        Point estimates.
    level : float

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> number = np.array([9.0, 30.0, 31.0])
    >>> found = rank_intervals(number + rng.normal(size=(1000, 3)), number)
    >>> found.low.tolist(), found.high.tolist()
    ([3, 1, 1], [3, 2, 2])
    >>> found.place_low.tolist(), found.place_high.tolist()
    ([3, 1, 1], [3, 2, 2])
    """
    point = 1 + (number[:, None] < number).sum(axis=1)
    drawn = np.stack([1 + (draws > own[:, None]).sum(axis=1) for own in draws.T], axis=1)
    tail = (1 - level) / 2
    low = np.quantile(drawn, tail, axis=0, method="inverted_cdf").astype(np.int64)
    high = np.quantile(drawn, 1 - tail, axis=0, method="inverted_cdf").astype(np.int64)
    place_low, place_high = _tied(draws, number, level)
    return Ranks(
        np.minimum(low, point), np.maximum(high, point), (drawn <= TOP).mean(axis=0), place_low, place_high
    )


def _tied(draws: Floats, number: Floats, level: float) -> tuple[Ints, Ints]:
    """Cut the order where all before the cut surely stand before all after it."""
    k = len(number)
    order = np.argsort(-number, kind="stable")
    sorted_draws = draws[:, order]
    least = np.minimum.accumulate(sorted_draws, axis=1)[:, :-1]
    most = np.maximum.accumulate(sorted_draws[:, ::-1], axis=1)[:, ::-1][:, 1:]
    cut = np.flatnonzero((least > most).mean(axis=0) >= level) + 1
    first, last = np.concatenate([[0], cut]), np.concatenate([cut, [k]])
    group = np.searchsorted(cut, np.arange(k), side="right")
    low, high = np.empty(k, np.int64), np.empty(k, np.int64)
    low[order], high[order] = first[group] + 1, last[group]
    return low, high
