"""Where statements lie densely: clusters of their vectors, found without a scheme."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.extras import extra

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALLEST = 5
"""Statements that a cluster has at least, where there are few; see `smallest_cluster`."""

REDUCED_FROM = 50
"""Distinct statements from which on vectors are reduced: neighbourhoods of fewer say too little."""

DIMENSIONS, NEIGHBOURS, CORE = 5, 15, 3
"""UMAP's dimensions and neighbours, and HDBSCAN's `min_samples`."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """What `find_clusters` found, the largest cluster first.

    Attributes
    ----------
    label : ndarray of int64, shape (m,)
        The cluster of each statement, from 0; -1 in none.
    strength : ndarray of float64, shape (m,)
        How firmly it belongs there, between 0 and 1; 0 in none.
    outlier : ndarray of float64, shape (m,)
        GLOSH outlier score, between 0 and 1.
    stability : ndarray of float64, shape (c,)
        HDBSCAN's persistence of each cluster, between 0 and 1; NaN for a statement that is a cluster by its
        repetitions alone.
    """

    label: Ints
    strength: Floats
    outlier: Floats
    stability: Floats

    def __len__(self) -> int:
        """Count the clusters."""
        return len(self.stability)


def smallest_cluster(distinct: int) -> int:
    """Give the size from which on statements are a cluster: a fourth of the root of their number, at least 5.

    Examples
    --------
    >>> smallest_cluster(300), smallest_cluster(50_000)
    (5, 55)
    """
    return max(SMALLEST, isqrt(distinct) // 4)


def find_clusters(vectors: NDArray[Any], repeats: Ints, seed: int = 0) -> Clusters:
    """Cluster distinct statements by their vectors.

    From 50 statements on, UMAP (McInnes, Healy and Melville, arXiv:1802.03426) reduces the vectors to five
    dimensions; below, they are used as they are. HDBSCAN (Campello, Moulavi and Sander 2013) finds what lies
    densely; how often a statement is repeated, or another has the same vector, plays no part, as repetitions
    would be a dense place by themselves. A statement outside that is repeated as often as the smallest
    cluster is large becomes a cluster of its own. A vector of zeros, of which the encoder knew no word,
    belongs nowhere.

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
    label, strength, outlier = found.label[place], found.strength[place], found.outlier[place]
    return _by_size(Clusters(label, strength, outlier, found.stability), repeats)


def distinct_vectors(vectors: NDArray[Any]) -> tuple[Ints, Ints]:
    """Say which vectors are the same one, in the order in which they are met, and where each is met first."""
    places: dict[bytes, int] = {}
    rows = [row.tobytes() for row in np.ascontiguousarray(vectors) + 0.0]  # -0.0 is 0.0
    place = np.array([places.setdefault(row, len(places)) for row in rows], np.int64)
    return place, np.unique(place, return_index=True)[1]


def _by_density(vectors: NDArray[Any], repeats: Ints, seed: int) -> Clusters:
    smallest = smallest_cluster(len(vectors))
    label = np.full(len(vectors), -1, np.int64)
    strength, outlier = np.zeros(len(vectors)), np.ones(len(vectors))
    stability: list[float] = []
    known = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    if len(known) >= smallest:
        points = reduce_vectors(vectors[known], seed)
        fitted = fit_clusterer(points, clusterer_settings(smallest))
        label[known] = fitted.labels_
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # division by zero, where statements share one place
            outlier[known] = np.nan_to_num(fitted.outlier_scores_, nan=0.0)
        strength[known] = np.nan_to_num(fitted.probabilities_, nan=1.0)
        stability = np.nan_to_num(fitted.cluster_persistence_, nan=1.0).tolist()
    for alone in known[(label[known] < 0) & (repeats[known] >= smallest)]:
        label[alone], strength[alone] = len(stability), 1.0
        stability.append(float("nan"))
    return Clusters(label, strength, outlier, np.array(stability, np.float64))


def reduce_vectors(
    vectors: NDArray[Any], seed: int, *, dimensions: int = DIMENSIONS, apart: float = 0.0
) -> NDArray[Any]:
    """Reduce vectors of unit length by UMAP, on one thread, as its seed asks for; fewer than 50 stay."""
    if len(vectors) < REDUCED_FROM:
        return vectors
    points: NDArray[Any] = fit_reducer(vectors, reducer_settings(seed, dimensions, apart)).embedding_
    return points


def reducer_settings(seed: int, dimensions: int = DIMENSIONS, apart: float = 0.0) -> dict[str, Any]:
    """Give what UMAP is called with; JSON can hold it."""
    return {
        "n_components": dimensions,
        "n_neighbors": NEIGHBOURS,
        "min_dist": apart,
        "metric": "cosine",
        "random_state": seed,
        "n_jobs": 1,
    }


def clusterer_settings(smallest: int) -> dict[str, Any]:
    """Give what HDBSCAN is called with; JSON can hold it."""
    return {"min_cluster_size": smallest, "min_samples": CORE, "core_dist_n_jobs": 1}


def fit_reducer(vectors: NDArray[Any], settings: Mapping[str, Any]) -> Any:
    """Fit UMAP to vectors of unit length, shape (m, d)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a seed means one thread
        return load_library("umap").UMAP(**settings).fit(vectors)


def fit_clusterer(points: NDArray[Any], settings: Mapping[str, Any]) -> Any:
    """Fit HDBSCAN to points, shape (m, d)."""
    hdbscan = load_library("hdbscan")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # division by zero, where statements share one place
        return hdbscan.HDBSCAN(**settings).fit(points.astype(np.float64))


def load_library(name: str) -> Any:
    """Import a library of the extra; for the first time, umap compiles for seconds."""
    from importlib import import_module

    with extra("discovery", "discovery"):
        return import_module(name)


def _by_size(found: Clusters, repeats: Ints) -> Clusters:
    """Give clusters their numbers from the largest on; of two alike the one that is met first."""
    sizes = np.bincount(found.label[found.label >= 0], repeats[found.label >= 0], len(found))
    first = [int(np.argmax(found.label == c)) for c in range(len(found))]
    order = sorted(range(len(found)), key=lambda c: (-sizes[c], first[c]))
    place = np.empty(len(found) + 1, np.int64)
    place[order], place[-1] = np.arange(len(found)), -1
    return Clusters(place[found.label], found.strength, found.outlier, found.stability[order])
