"""How far a probability or a score can be trusted: calibration error and bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import TooFewError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]


def calibration_error(probability: Floats, correct: Flags, bins: int = 10) -> float:
    """Measure the expected calibration error (ECE), with bins of equal mass.

    Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017, equation 3, for
    one probability per row and with as many rows in every bin.

    Parameters
    ----------
    probability : ndarray of float64, shape (m,)
        Between 0 and 1.
    correct : ndarray of bool, shape (m,)
        Whether what the probability was given to holds.
    bins : int
        Their sizes differ by at most one. Rows with the same probability share what is correct among them, so
        that their order says nothing.

    Returns
    -------
    float
        Mean over the bins, by size, of the distance between mean probability and share correct.

    Raises
    ------
    TooFewError
        There is no row.

    Examples
    --------
    >>> calibration_error(np.array([0.5, 0.5, 1.0, 1.0]), np.array([True, False, True, True]), bins=2)
    0.0
    >>> calibration_error(np.array([0.75, 0.75]), np.array([True, False]))
    0.25
    """
    if probability.shape != correct.shape:
        raise ValueError(f"{probability.shape} probabilities for {correct.shape} rows")
    if not probability.size:
        raise TooFewError("no probabilities to judge, expected one or more")
    if not ((probability >= 0) & (probability <= 1)).all():
        raise ValueError("a probability is not between 0 and 1")
    order = np.argsort(probability, kind="stable")
    _, group = np.unique(probability, return_inverse=True)
    share = (np.bincount(group, weights=correct) / np.bincount(group))[group]
    distance = (probability - share)[order]
    return float(sum(abs(part.sum()) for part in np.array_split(distance, bins)) / distance.size)


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its bootstrap interval.

    Attributes
    ----------
    estimate, low, high : float
    level : float
        How much of the draws lies between low and high: 0.95.
    draws : int
    """

    estimate: float
    low: float
    high: float
    level: float
    draws: int


def bootstrap(
    metric: Callable[[Rows], float], n: int, draws: int = 1000, seed: int = 0, level: float = 0.95
) -> Interval:
    """Bootstrap a figure over answers, with the percentiles of the draws as interval.

    Efron and Tibshirani, "An introduction to the bootstrap", 1993, section 13.3 (the percentile interval).

    Parameters
    ----------
    metric : callable
        Takes row numbers, an ndarray of int64 of shape (n,), and gives the figure of those answers.
    n : int
        Answers.
    draws : int
    seed : int
    level : float

    Raises
    ------
    TooFewError
        There is no answer.

    Examples
    --------
    >>> right = np.array([1.0] * 8 + [0.0] * 2)
    >>> found = bootstrap(lambda rows: float(right[rows].mean()), n=10, draws=200)
    >>> found.estimate, found.low < 0.8 < found.high
    (0.8, True)
    """
    if n < 1:
        raise TooFewError("no answers to draw from, expected one or more")
    random = np.random.default_rng(seed)
    found = [metric(random.integers(0, n, n)) for _ in range(draws)]
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Interval(metric(np.arange(n)), float(low), float(high), level, draws)
