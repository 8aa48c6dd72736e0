"""Clusters of statements set against the categories of a scheme: the evidence, and a verdict on each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from samorsak.scheme import NO_CAUSE, OTHER

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Kind = Literal["covered", "part", "between", "uncovered", "no_cause"]
"""What a cluster is to the scheme."""

HALF = 0.5
"""A category holds a cluster from this share of its statements on, and at this mean probability."""

QUARTER = 0.25
"""A cluster is between two categories that have this share of its statements each."""

FAR = 0.25
"""A cluster is far from a category if it is less near than all but this part of its texts to each other."""

_AT_ONCE = 4096


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
        Mean cosine of a statement to the nearest known text of the category; NaN where it has none.
    near : float
        From which nearness on a cluster is not far; NaN where no known texts say.
    """

    outcomes: tuple[str, ...]
    share: Floats
    probability: Floats
    nearness: Floats
    near: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a cluster is to the scheme, and to which categories of it."""

    kind: Kind
    categories: tuple[str, ...] = ()


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


def weigh_evidence(
    label: Ints,
    given: Ints,
    probability: Floats,
    nearness: Floats,
    outcomes: Sequence[str],
    near: float = float("nan"),
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
    near : float
        As `usual_nearness` gives it.
    """
    c, k = int(label.max(initial=-1)) + 1, len(outcomes)
    inside = label >= 0
    sizes = np.bincount(label[inside], minlength=c)[:, None]
    counts, sums = np.zeros((c, k)), np.zeros((c, k))
    np.add.at(counts, (label[inside], given[inside]), 1.0)
    np.add.at(sums, (label[inside], given[inside]), probability[inside])
    close = np.zeros((c, k))
    np.add.at(close, label[inside], nearness[inside])
    mean = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    return Evidence(tuple(outcomes), counts / sizes, mean, close / sizes, near)


def judge_clusters(evidence: Evidence) -> list[Verdict]:
    """Say of each cluster what it is to the scheme; the first rule that holds decides.

    1. *no_cause*: half of its statements or more are called no cause, and some known text is near.
    2. *covered*: half or more are given one category, at a mean probability of one half or more, and its
       known texts are near. *part* if several clusters are covered by that category.
    3. *between*: two categories (or one and no cause) have a fourth or more each, and one of them is near.
    4. *uncovered*: all others, among them clusters of `other` and those far from everything known.

    Near is from the lower quartile on of what known texts are to each other (`usual_nearness`). The
    thresholds are round numbers that were not fitted to annotated answers.
    """
    found = [_judged(evidence, c) for c in range(len(evidence.share))]
    holds = Counter(verdict.categories for verdict in found if verdict.kind == "covered")
    return [
        Verdict("part", v.categories) if v.kind == "covered" and holds[v.categories] > 1 else v for v in found
    ]


def _judged(evidence: Evidence, c: int) -> Verdict:
    names, share = evidence.outcomes, evidence.share[c]
    reached = evidence.nearness[c] >= evidence.near
    unknown = np.isnan(evidence.nearness[c]) | np.isnan(evidence.near)
    near = reached | unknown  # what is not known to be far is not
    order = [j for j in np.argsort(-share, kind="stable").tolist() if names[j] != OTHER]
    first = order[0]
    if names[first] == NO_CAUSE and share[first] >= HALF:
        return Verdict("no_cause", (NO_CAUSE,)) if reached.any() or unknown.all() else Verdict("uncovered")
    if share[first] >= HALF and evidence.probability[c, first] >= HALF and near[first]:
        return Verdict("covered", (names[first],))
    two = order[:2]
    if len(two) == 2 and share[two[1]] >= QUARTER and near[two].any():
        return Verdict("between", tuple(names[j] for j in two))
    return Verdict("uncovered")
