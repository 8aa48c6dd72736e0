"""Which clusters came, went, grew or shrank between two rounds, with all of them in view at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

Fate = Literal["new", "grown", "shrunk", "gone", "unchanged"]
"""What became of a cluster; *unchanged* is what shows no certain change."""

LEVEL = 0.95
DRAWS = 10_000

_AT_ONCE = 500
_TIES = 1 + 1e-7  # probabilities that differ by less are the same one, computed in another order


@dataclass(frozen=True, slots=True)
class Turnover:
    """How many answers state something of each of c clusters, in two rounds.

    Attributes
    ----------
    old, new : ndarray of int64, shape (c,)
        Numbers of answers.
    of_old, of_new : int
        Answers of each round, those that state nothing too.
    difference : ndarray of float64, shape (c,)
        Share of the new answers less share of the old ones; a fraction.
    low, high : ndarray of float64, shape (c,)
        Its interval; all of them hold at once.
    p : ndarray of float64, shape (c,)
        Fisher's exact test, two-sided, of each cluster for itself.
    p_adjusted : ndarray of float64, shape (c,)
        The same with all clusters in view.
    """

    old: Ints
    new: Ints
    of_old: int
    of_new: int
    difference: Floats
    low: Floats
    high: Floats
    p: Floats
    p_adjusted: Floats


def weigh_turnover(stated: Flags, later: Flags, *, draws: int = DRAWS, seed: int = 0) -> Turnover:
    """Test for each cluster whether as many answers of two rounds state something of it.

    The null hypothesis is that it does not matter to which round an answer belongs, so the clusters must have
    been found in both rounds together, without regard to it. An answer counts once, however many of its
    statements are in a cluster. P-values are adjusted by dealing the answers anew to the rounds, step-down
    over the smallest p (Westfall and Young, "Resampling-based multiple testing", 1993, algorithm 2.8): the
    probability of one false change or more is at most what a test asks for, and a cluster too small ever to
    change costs the others nothing. Intervals are Newcombe's hybrid scores ("Interval estimation for the
    difference between independent proportions", Statistics in Medicine 17, 1998, method 10) at a level
    divided by the number of clusters (Bonferroni), so they are the more cautious of the two.

    Parameters
    ----------
    stated : ndarray of bool, shape (n, c)
        Which answer has a statement in which cluster.
    later : ndarray of bool, shape (n,)
        Whether an answer is of the new round; there must be some of both.
    draws : int
    seed : int

    Examples
    --------
    >>> later = np.arange(200) >= 100
    >>> stated = np.column_stack([np.arange(200) % 5 == 0, (np.arange(200) % 5 == 0) & later])
    >>> found = weigh_turnover(stated, later)
    >>> found.old.tolist(), found.new.tolist(), (found.p_adjusted < 0.05).tolist()
    ([20, 0], [20, 20], [False, True])
    """
    of_new, n = int(later.sum()), len(later)
    of_old = n - of_new
    new = stated[later].sum(axis=0).astype(np.int64)
    old = stated.sum(axis=0).astype(np.int64) - new
    low, high = newcombe(old, of_old, new, of_new, 1 - (1 - LEVEL) / max(1, stated.shape[1]))
    tables = {k: _fisher(k, of_new, n) for k in set((old + new).tolist())}
    columns = [tables[k] for k in (old + new).tolist()]
    p = np.array([table[x] for table, x in zip(columns, new.tolist(), strict=True)], np.float64)
    adjusted = _step_down(stated, of_new, columns, p, draws, seed)
    return Turnover(old, new, of_old, of_new, new / of_new - old / of_old, low, high, p, adjusted)


def newcombe(old: Ints, of_old: int, new: Ints, of_new: int, level: float) -> tuple[Floats, Floats]:
    """Give an interval for the difference of independent shares, each by its score interval.

    Examples
    --------
    >>> [end.round(4).tolist() for end in newcombe(np.array([48]), 80, np.array([56]), 70, 0.95)]
    [[0.0524], [0.3339]]
    """
    (p, below_p, above_p), (q, below_q, above_q) = _score(old, of_old, level), _score(new, of_new, level)
    low = q - p - np.hypot(q - below_q, above_p - p)
    high = q - p + np.hypot(above_q - q, p - below_p)
    return low, high


def _score(x: Ints, n: int, level: float) -> tuple[Floats, Floats, Floats]:
    """Give a share and its score interval (Wilson)."""
    from scipy.special import ndtri

    z = float(ndtri((1 + level) / 2))
    p = x / n
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2)
    return p, (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def _fisher(k: int, of_new: int, n: int) -> Floats:
    """Give Fisher's two-sided p for each number, from 0 to k, of k answers that are of the new round."""
    from scipy.stats import hypergeom

    probability = hypergeom.pmf(np.arange(k + 1), n, k, of_new)
    order = np.argsort(probability, kind="stable")
    total = np.cumsum(probability[order])
    last = np.searchsorted(probability[order], probability * _TIES, "right") - 1
    found: Floats = np.minimum(1.0, total[last])
    return found


def _step_down(stated: Flags, of_new: int, columns: list[Floats], p: Floats, draws: int, seed: int) -> Floats:
    """Adjust p-values by the smallest ones of rounds dealt at random."""
    from scipy.sparse import csc_array

    n, c = stated.shape
    order = np.argsort(p, kind="stable")
    within: Any = csc_array(stated[:, order].astype(np.float32)).T
    longest = max(map(len, columns), default=1)
    table = np.ones((c, longest))
    for row, j in enumerate(order.tolist()):
        table[row, : len(columns[j])] = columns[j]
    rng = np.random.default_rng(seed)
    reached = np.zeros(c, np.int64)
    for begin in range(0, draws, _AT_ONCE):
        dealt = np.zeros((n, min(_AT_ONCE, draws - begin)), np.float32)
        for column in range(dealt.shape[1]):
            dealt[rng.permutation(n)[:of_new], column] = 1
        counts = (within @ dealt).astype(np.int64)
        drawn = np.take_along_axis(table, counts, axis=1)
        smallest = np.minimum.accumulate(drawn[::-1], axis=0)[::-1]  # of those with as large a p or larger
        reached += (smallest <= p[order][:, None] * _TIES).sum(axis=1)
    adjusted = np.empty(c)
    adjusted[order] = np.maximum.accumulate((reached + 1) / (draws + 1))
    return adjusted


def fates(found: Turnover, least_old: int, least_new: int) -> tuple[Fate, ...]:
    """Say what became of each cluster.

    Parameters
    ----------
    found : Turnover
    least_old, least_new : int
        The smallest cluster of each round; with fewer answers the round alone would not show it.

    Examples
    --------
    >>> later = np.arange(200) >= 100
    >>> some = np.arange(200) % 5 == 0
    >>> stated = np.column_stack([some, some & later, some & ~later])
    >>> fates(weigh_turnover(stated, later), 5, 5)
    ('unchanged', 'new', 'gone')
    """
    return tuple(
        "unchanged"
        if p >= 1 - LEVEL
        else ("new" if old < least_old else "grown")
        if difference > 0
        else ("gone" if new < least_new else "shrunk")
        for p, difference, old, new in zip(
            found.p_adjusted.tolist(),
            found.difference.tolist(),
            found.old.tolist(),
            found.new.tolist(),
            strict=True,
        )
    )
