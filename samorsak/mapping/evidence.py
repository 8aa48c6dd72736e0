"""What speaks for each category in each cluster: the classifier, annotated examples and known texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAR = 0.25
"""Part of a category's known texts that are farther from each other than what counts as near."""

_AT_ONCE = 4096
_COSINES = 2**22  # at a time, 16 MB


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each category in each cluster; arrays of shape (c, k).

    Attributes
    ----------
    outcomes : tuple of str, length k
        The categories, `other` and `no_cause`.
    share : ndarray of float64
        Of the cluster's statements, those that the classifier gives the category.
    probability : ndarray of float64
        Its mean probability over those; 0 where there are none.
    nearness : ndarray of float64
        Mean cosine of a statement to the nearest known text of the category, definition or lexicon; NaN
        where it has none.
    definition : ndarray of float64
        Mean cosine of a statement to the category's definition; NaN where it has none.
    examples : ndarray of int64
        How many annotated statements of the category fall in the cluster.
    """

    outcomes: tuple[str, ...]
    share: Floats
    probability: Floats
    nearness: Floats
    definition: Floats
    examples: Ints

    @property
    def example_share(self) -> Floats:
        """Of the annotated statements in each cluster, those of each category; NaN where there are none."""
        total = self.examples.sum(axis=1, keepdims=True)
        found = np.full(self.examples.shape, np.nan)
        np.divide(self.examples, total, out=found, where=total > 0)
        return found


def nearness_to(vectors: NDArray[Any], known: NDArray[Any], kind: Ints, k: int) -> Floats:
    """Give the cosine of each vector to the nearest known text of each category, shape (m, k).

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
        Of unit length.
    known : ndarray, shape (t, d)
        Vectors of the categories' definitions and lexicon entries, of unit length.
    kind : ndarray of int64, shape (t,)
        The category of each known text.

    Examples
    --------
    >>> nearness_to(np.eye(2), np.eye(2)[:1], np.array([1]), 2).tolist()
    [[nan, 1.0], [nan, 0.0]]
    """
    order = np.argsort(kind, kind="stable")
    there, starts = np.unique(kind[order], return_index=True)
    found = np.full((len(vectors), k), np.nan)
    if len(there):
        for begin in range(0, len(vectors), _AT_ONCE):
            cosines = vectors[begin : begin + _AT_ONCE] @ known[order].T
            found[begin : begin + _AT_ONCE, there] = np.maximum.reduceat(cosines, starts, axis=1)
    return found


def usual_nearness(known: NDArray[Any], kind: Ints) -> float:
    """Give the nearness that three of four known texts reach to another one of their category.

    Examples
    --------
    >>> usual_nearness(np.array([[1.0, 0.0], [0.6, 0.8]]), np.array([0, 0]))
    0.6
    """
    best = []
    for category in np.unique(kind):
        own = known[kind == category]
        if len(own) > 1:
            cosines = own @ own.T
            np.fill_diagonal(cosines, -np.inf)
            best.append(cosines.max(axis=1))
    return float(np.quantile(np.concatenate(best), FAR)) if best else float("nan")


def fall_in(examples: NDArray[Any], vectors: NDArray[Any], label: Ints, near: float = float("nan")) -> Ints:
    """Say in which cluster annotated statements fall: that of the nearest statement, if it is near enough.

    Parameters
    ----------
    examples : ndarray, shape (e, d)
        Of unit length.
    vectors : ndarray, shape (m, d)
        Of the statements, of unit length.
    label : ndarray of int64, shape (m,)
        Their clusters (-1: none).
    near : float
        The least cosine; NaN for any above zero.

    Returns
    -------
    ndarray of int64, shape (e,)
        -1 in none.

    Examples
    --------
    >>> fall_in(np.eye(3), np.array([[0.6, 0.8, 0.0], [1.0, 0.0, 0.0]]), np.array([1, 0]), 0.7).tolist()
    [0, 1, -1]
    """
    found = np.full(len(examples), -1, np.int64)
    if len(vectors):
        step = max(1, _COSINES // len(vectors))
        for begin in range(0, len(examples), step):
            cosines = examples[begin : begin + step] @ vectors.T
            nearest = cosines.argmax(axis=1)
            best = np.take_along_axis(cosines, nearest[:, None], axis=1)[:, 0]
            enough = (best > 0) & ~(best < near)
            found[begin : begin + step] = np.where(enough, label[nearest], -1)
    return found


def weigh_evidence(
    label: Ints,
    given: Ints,
    probability: Floats,
    nearness: Floats,
    outcomes: Sequence[str],
    *,
    definition: Floats | None = None,
    examples: tuple[Ints, Ints] | None = None,
) -> Evidence:
    """Sum up what is known of the statements of each cluster.

    Parameters
    ----------
    label, given : ndarray of int64, shape (m,)
        The cluster of each statement (-1: none), and the place of the category it was given.
    probability : ndarray of float64, shape (m,)
        Of the category it was given.
    nearness : ndarray of float64, shape (m, k)
        As `nearness_to` gives it.
    outcomes : sequence of str, length k
    definition : ndarray of float64, shape (m, k), optional
        As `nearness_to` gives it for the definitions alone.
    examples : pair of ndarray of int64, shape (e,), optional
        The cluster in which each annotated statement falls, see `fall_in`, and the place of its category.
    """
    c, k = int(label.max(initial=-1)) + 1, len(outcomes)
    inside = label >= 0
    sizes = np.bincount(label[inside], minlength=c)[:, None]
    counts, sums = np.zeros((c, k)), np.zeros((c, k))
    np.add.at(counts, (label[inside], given[inside]), 1.0)
    np.add.at(sums, (label[inside], given[inside]), probability[inside])
    fallen = np.zeros((c, k), np.int64)
    if examples is not None:
        where, kind = (column[examples[0] >= 0] for column in examples)
        np.add.at(fallen, (where, kind), 1)
    return Evidence(
        tuple(outcomes),
        counts / sizes,
        np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0),
        _mean_of_each(nearness, label, sizes),
        np.full((c, k), np.nan) if definition is None else _mean_of_each(definition, label, sizes),
        fallen,
    )


def _mean_of_each(nearness: Floats, label: Ints, sizes: Ints) -> Floats:
    total = np.zeros((len(sizes), nearness.shape[1]))
    np.add.at(total, label[label >= 0], nearness[label >= 0])
    return total / sizes
