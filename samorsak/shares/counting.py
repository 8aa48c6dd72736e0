"""Counts into shares: arrays in, arrays out.

Throughout, `given` is a boolean matrix of shape (n, k): answer i gives a cause of category j.
An answer without a cause is a row of only False.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Base = Literal["causes", "answers"]
"""What a share is a share of: of the causes given, or of the answers."""

BASES: tuple[Base, ...] = get_args(Base)

Given = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shares:
    """How often each of k categories was given, and of what.

    Attributes
    ----------
    n : ndarray of int64, shape (k,)
        Distinct (answer, category) pairs.
    of : int
        The base, in pairs or in answers.
    share : ndarray of float64, shape (k,)
        ``n / of``, a fraction; 0 where the base is empty.
    """

    n: Counts
    of: int
    share: NDArray[np.float64]


def count_shares(given: Given, base: Base = "causes") -> Shares:
    """Count the categories and divide by the base.

    Parameters
    ----------
    given : ndarray of bool, shape (n, k)
        Which answer gives which category.
    base : {"causes", "answers"}
        ``"causes"``: of all (answer, category) pairs, as the published reports count.
        ``"answers"``: of all n answers, those without a cause too; such shares may add up to more than 1.

    Examples
    --------
    >>> given = np.array([[True, True], [True, False], [False, False]])
    >>> count_shares(given, "causes").share
    array([0.66666667, 0.33333333])
    >>> count_shares(given, "answers").share
    array([0.66666667, 0.33333333])
    >>> count_shares(given[:1], "answers").share
    array([1., 1.])
    """
    n = given.sum(axis=0, dtype=np.int64)
    of = int(n.sum()) if base == "causes" else given.shape[0]
    return Shares(n, of, n / of if of else np.zeros(n.shape))


def competition_ranks(n: Counts) -> Counts:
    """Rank from the most frequent; ties share the lowest rank (1, 2, 2, 4).

    Parameters
    ----------
    n : ndarray of int64, shape (k,)

    Returns
    -------
    ndarray of int64, shape (k,)

    Examples
    --------
    >>> competition_ranks(np.array([5, 9, 5, 1]))
    array([2, 1, 2, 4])
    """
    ascending = np.sort(n)
    return (1 + n.size - np.searchsorted(ascending, n, side="right")).astype(np.int64)


def roll_up(given: Given, line: NDArray[np.bool_]) -> Given:
    """Count categories under a report's lines; an answer counts once per line.

    Parameters
    ----------
    given : ndarray of bool, shape (n, k)
    line : ndarray of bool, shape (k, l)
        Category j is counted under line h.

    Returns
    -------
    ndarray of bool, shape (n, l)

    Examples
    --------
    >>> roll_up(np.array([[True, True, False]]), np.array([[True, False], [True, False], [False, True]]))
    array([[ True, False]])
    """
    rolled: Given = given @ line  # the product of booleans is "any of", so nothing counts twice
    return rolled
