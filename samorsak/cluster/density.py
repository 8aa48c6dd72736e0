"""Where statements lie densely: clusters of their vectors, found without a scheme."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.cluster.reduction import load_library, reduce_often

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALLEST = 5
"""Statements that a cluster has at least, where there are few; see `smallest_cluster`."""

CORE = 3
"""HDBSCAN's `min_samples`, at least; a hundredth of the statements, up to the smallest cluster."""

ROOM = 50
"""Statements that a cluster may always hold; more only up to a fourth of all: what holds more says little."""

OUTER = 0.1
"""Share of a cluster's own that may lie farther from its middle than a statement that joins from outside."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """What `find_clusters` found, the largest cluster first.

    Attributes
    ----------
    label : ndarray of int64, shape (m,)
        The cluster of each statement, from 0; -1 in none.
    strength : ndarray of float64, shape (m,)
        How firmly it belongs there, between 0 and 1; 0 in none, and where it joined from outside.
    outlier : ndarray of float64, shape (m,)
        GLOSH outlier score, between 0 and 1.
    persistence : ndarray of float64, shape (c,)
        HDBSCAN's persistence of each cluster, between 0 and 1; NaN for a statement that is a cluster by its
        repetitions alone.
    points : ndarray, shape (m, r)
        What was clustered: the vectors, reduced; of a vector of zeros zeros.
    core : ndarray of int64, shape (m,)
        HDBSCAN's own clusters, by its numbers, before others joined.
    tree : ndarray of float64, shape (p - 1, 4)
        The single linkage tree of the points of distinct vectors (see `distinct_known`), as scipy writes one.
    """

    label: Ints
    strength: Floats
    outlier: Floats
    persistence: Floats
    points: NDArray[Any] = field(repr=False)
    core: Ints = field(repr=False)
    tree: Floats = field(repr=False)

    def __len__(self) -> int:
        """Count the clusters."""
        return len(self.persistence)


def smallest_cluster(distinct: int) -> int:
    """Give the size from which on statements are a cluster: a third of the root of their number, at least 5.

    Examples
    --------
    >>> smallest_cluster(300), smallest_cluster(50_000)
    (5, 74)
    """
    return max(SMALLEST, isqrt(distinct) // 3)


def find_clusters(vectors: NDArray[Any], repeats: Ints, seed: int = 0) -> Clusters:
    """Cluster distinct statements by their vectors.

    From 50 statements on, UMAP (McInnes, Healy and Melville, arXiv:1802.03426) reduces the vectors to five
    dimensions, five times, set side by side: what chance has done to one reduction the others outweigh. From
    10,000 on once has to do; below 50, vectors are used as they are. HDBSCAN (Campello, Moulavi and Sander
    2013) finds what lies densely, in clusters of a fourth of all statements at most; how often a statement is
    repeated, or another has the same vector, plays no part, as repetitions would be a dense place by
    themselves. A statement outside that is repeated as often as the smallest cluster is large becomes a
    cluster of its own; one that is as near to the middle of a cluster as nine of ten of its own joins it. A
    vector of zeros, of which the encoder knew no word, belongs nowhere.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
        Of unit length, one for each distinct statement.
    repeats : ndarray of int64, shape (m,)
        How many statements read so.
    seed : int

    Raises
    ------
    InputError
        The extra is not installed.

    Examples
    --------
    >>> angle = np.r_[np.linspace(0, 0.1, 6), np.linspace(1.5, 1.6, 7)]
    >>> find_clusters(np.c_[np.cos(angle), np.sin(angle)], np.ones(13, np.int64)).label.tolist()
    [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    """
    place, first = distinct_vectors(vectors)
    together = np.bincount(place, repeats, len(first)).astype(np.int64)
    found = _by_density(vectors[first], together, seed)
    spread = {
        name: getattr(found, name)[place] for name in ("label", "strength", "outlier", "points", "core")
    }
    return _by_size(replace(found, **spread), repeats)


def distinct_vectors(vectors: NDArray[Any]) -> tuple[Ints, Ints]:
    """Say which vectors are the same one, in the order in which they are met, and where each is met first."""
    places: dict[bytes, int] = {}
    rows = [row.tobytes() for row in np.ascontiguousarray(vectors) + 0.0]  # -0.0 is 0.0
    place = np.array([places.setdefault(row, len(places)) for row in rows], np.int64)
    return place, np.unique(place, return_index=True)[1]


def distinct_known(vectors: NDArray[Any]) -> Ints:
    """Give the places of the distinct vectors that are not zero: the leaves of the tree, in its order."""
    first = distinct_vectors(vectors)[1]
    found: Ints = first[np.linalg.norm(vectors[first], axis=1) > 0]
    return found


def clusterer_settings(distinct: int) -> dict[str, Any]:
    """Give what HDBSCAN is called with for so many distinct statements; JSON can hold it."""
    smallest = smallest_cluster(distinct)
    return {
        "min_cluster_size": smallest,
        "max_cluster_size": max(ROOM, distinct // 4),
        "min_samples": min(smallest, max(CORE, distinct // 100)),
        "core_dist_n_jobs": 1,
    }


def fit_clusterer(points: NDArray[Any], settings: Mapping[str, Any]) -> Any:
    """Fit HDBSCAN to points, shape (m, r)."""
    hdbscan = load_library("hdbscan")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # division by zero, where statements share one place
        return hdbscan.HDBSCAN(**settings).fit(points.astype(np.float64))


def _by_density(vectors: NDArray[Any], repeats: Ints, seed: int) -> Clusters:
    smallest = smallest_cluster(len(vectors))
    label, core = np.full(len(vectors), -1, np.int64), np.full(len(vectors), -1, np.int64)
    strength, outlier = np.zeros(len(vectors)), np.ones(len(vectors))
    persistence: list[float] = []
    points, tree = np.zeros((len(vectors), 1)), np.zeros((0, 4))
    known = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    if len(known) >= smallest:
        reduced = reduce_often(vectors[known], seed)
        points = np.zeros((len(vectors), reduced.shape[1]), reduced.dtype)
        points[known] = reduced
        settings = clusterer_settings(len(vectors))
        fitted = fit_clusterer(reduced, settings)
        core[known] = label[known] = fitted.labels_
        tree = fit_clusterer(reduced, {**settings, "min_samples": 1}).single_linkage_tree_.to_numpy()
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # division by zero, where statements share one place
            outlier[known] = np.nan_to_num(fitted.outlier_scores_, nan=0.0)
        strength[known] = np.nan_to_num(fitted.probabilities_, nan=1.0)
        persistence = np.nan_to_num(fitted.cluster_persistence_, nan=1.0).tolist()
    for alone in known[(label[known] < 0) & (repeats[known] >= smallest)]:
        label[alone], strength[alone] = len(persistence), 1.0
        persistence.append(float("nan"))
    label[known] = _join(vectors[known], label[known], len(persistence))
    return Clusters(label, strength, outlier, np.array(persistence, np.float64), points, core, tree)


def _join(vectors: NDArray[Any], label: Ints, count: int) -> Ints:
    """Let those outside join the cluster of the nearest middle, where they are as near as most of its own."""
    outside = np.flatnonzero(label < 0)
    if not count or not len(outside):
        return label
    middles, edge = middles_of(vectors, label, OUTER)
    cosine = vectors[outside] @ middles.T
    nearest = cosine.argmax(axis=1)
    joined = label.copy()
    joined[outside] = np.where(cosine.max(axis=1) >= edge[nearest], nearest, -1)
    return joined


def middles_of(vectors: NDArray[Any], label: Ints, outer: float) -> tuple[Floats, Floats]:
    """Give the middle of each cluster, shape (c, d), and how near to it all but a share of its own are."""
    members = [np.flatnonzero(label == c) for c in range(int(label.max(initial=-1)) + 1)]
    middles = np.stack([vectors[own].mean(axis=0, dtype=np.float64) for own in members])
    middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    edge = [float(np.quantile(vectors[own] @ middles[c], outer)) for c, own in enumerate(members)]
    return middles, np.array(edge)


def _by_size(found: Clusters, repeats: Ints) -> Clusters:
    """Give clusters their numbers from the largest on; of two alike the one that is met first."""
    label, order = by_size(found.label, repeats, len(found))
    return replace(found, label=label, persistence=found.persistence[order])


def by_size(label: Ints, repeats: Ints, count: int) -> tuple[Ints, Ints]:
    """Give clusters new numbers, from the largest on (of two alike the one met first), and the old ones."""
    sizes = np.bincount(label[label >= 0], repeats[label >= 0], count)
    first = [int(np.argmax(label == c)) for c in range(count)]
    order = np.array(sorted(range(count), key=lambda c: (-sizes[c], first[c])), np.int64)
    place = np.full(count + 1, -1, np.int64)
    place[order] = np.arange(count)
    return place[label], order
