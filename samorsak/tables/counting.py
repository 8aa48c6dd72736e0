"""Answers to closed questions, as numbers, into counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def cross(rows: Ints, by: Ints, r: int, c: int) -> Ints:
    """Count respondents by two questions of one choice.

    Parameters
    ----------
    rows, by : ndarray of int64, shape (n,)
        The level each respondent chose, from 0; -1 where there is none.
    r, c : int
        How many levels there are.

    Returns
    -------
    ndarray of int64, shape (r, c)
        Only those who answered both.

    Examples
    --------
    >>> cross(np.array([0, 1, 1, -1]), np.array([0, 0, 1, 1]), 2, 2).tolist()
    [[1, 0], [1, 1]]
    """
    both = (rows >= 0) & (by >= 0)
    return np.bincount(rows[both] * c + by[both], minlength=r * c).reshape(r, c)


def cross_chosen(chosen: Mask, answered: Mask, by: Ints, c: int) -> tuple[Ints, Ints]:
    """Count who chose each of several options, or gave each of several causes, in each group.

    Parameters
    ----------
    chosen : ndarray of bool, shape (n, k)
    answered : ndarray of bool, shape (n,)
        Who answered the question at all; the others count nowhere.
    by : ndarray of int64, shape (n,)
        The group of each respondent, -1 where there is none.
    c : int
        How many groups there are.

    Returns
    -------
    counts : ndarray of int64, shape (k, c)
    base : ndarray of int64, shape (c,)
        Who answered, in each group.

    Examples
    --------
    >>> chosen = np.array([[True, False], [True, True], [False, False]])
    >>> counts, base = cross_chosen(chosen, np.array([True, True, True]), np.array([0, 1, 1]), 2)
    >>> counts.tolist(), base.tolist()
    ([[1, 1], [0, 1]], [1, 2])
    """
    kept = answered & (by >= 0)
    group = np.eye(c, dtype=np.int64)[by[kept]]
    return chosen[kept].astype(np.int64).T @ group, group.sum(axis=0)
