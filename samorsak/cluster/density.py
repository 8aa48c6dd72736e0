"""Where statements lie densely: clusters of their vectors, found without a scheme."""

from __future__ import annotations

import warnings
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

LAYOUTS, EPOCHS = 8, 100
"""Reductions that are set side by side, and the epochs of each: together those of less than two of UMAP's."""

LARGE = 10_000
"""Distinct statements from which on neighbours are sought approximately, and one reduction has to do."""

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
    dimensions, eight times, set side by side: what chance has done to one reduction the others outweigh.
    From 10,000 on once has to do; below 50, vectors are used as they are. HDBSCAN (Campello, Moulavi and
    Sander 2013) finds what lies densely; how often a statement is repeated, or another has the same vector,
    plays no part, as repetitions would be a dense place by themselves. A statement outside that is repeated
    as often as the smallest cluster is large becomes a cluster of its own; one that is as near to the middle
    of a cluster as nine of ten of its own joins it. A vector of zeros, of which the encoder knew no word,
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
    place, first = _distinct(vectors)
    together = np.bincount(place, repeats, len(first)).astype(np.int64)
    found = _by_density(vectors[first], together, seed)
    label, strength, outlier = found.label[place], found.strength[place], found.outlier[place]
    return _by_size(Clusters(label, strength, outlier, found.stability), repeats)


def _distinct(vectors: NDArray[Any]) -> tuple[Ints, Ints]:
    """Say which vectors are the same one, in the order in which they are met, and where each is met first."""
    places: dict[bytes, int] = {}
    rows = [row.tobytes() for row in np.ascontiguousarray(vectors) + 0.0]  # -0.0 is 0.0
    place = np.array([places.setdefault(row, len(places)) for row in rows], np.int64)
    return place, np.unique(place, return_index=True)[1]


def _by_density(vectors: NDArray[Any], repeats: Ints, seed: int) -> Clusters:
    hdbscan = load_library("hdbscan")
    smallest = smallest_cluster(len(vectors))
    label = np.full(len(vectors), -1, np.int64)
    strength, outlier = np.zeros(len(vectors)), np.ones(len(vectors))
    stability: list[float] = []
    known = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    if len(known) >= smallest:
        points = _reduce_often(vectors[known], seed)
        fitted = hdbscan.HDBSCAN(min_cluster_size=smallest, min_samples=CORE, core_dist_n_jobs=1)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # division by zero, where statements share one place
            label[known] = fitted.fit_predict(points.astype(np.float64))
            outlier[known] = np.nan_to_num(fitted.outlier_scores_, nan=0.0)
        strength[known] = np.nan_to_num(fitted.probabilities_, nan=1.0)
        stability = np.nan_to_num(fitted.cluster_persistence_, nan=1.0).tolist()
    for alone in known[(label[known] < 0) & (repeats[known] >= smallest)]:
        label[alone], strength[alone] = len(stability), 1.0
        stability.append(float("nan"))
    label[known] = _join(vectors[known], label[known], len(stability))
    return Clusters(label, strength, outlier, np.array(stability, np.float64))


def _join(vectors: NDArray[Any], label: Ints, count: int) -> Ints:
    """Let those outside join the cluster of the nearest middle, where they are as near as most of its own."""
    outside = np.flatnonzero(label < 0)
    if not count or not len(outside):
        return label
    members = [np.flatnonzero(label == c) for c in range(count)]
    middles = np.stack([vectors[own].mean(axis=0, dtype=np.float64) for own in members])
    middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    edge = np.array([np.quantile(vectors[own] @ middles[c], OUTER) for c, own in enumerate(members)])
    cosine = vectors[outside] @ middles.T
    nearest = cosine.argmax(axis=1)
    joined = label.copy()
    joined[outside] = np.where(cosine.max(axis=1) >= edge[nearest], nearest, -1)
    return joined


def reduce_vectors(
    vectors: NDArray[Any], seed: int, *, dimensions: int = DIMENSIONS, apart: float = 0.0
) -> NDArray[Any]:
    """Reduce vectors of unit length by UMAP, on one thread, as its seed asks for; fewer than 50 stay."""
    if len(vectors) < REDUCED_FROM:
        return vectors
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a seed means one thread
        umap = load_library("umap")
        reducer = umap.UMAP(
            n_components=dimensions,
            n_neighbors=NEIGHBOURS,
            min_dist=apart,
            metric="cosine",
            random_state=seed,
            n_jobs=1,
        )
        points: NDArray[Any] = reducer.fit_transform(vectors)
    return points


def _reduce_often(vectors: NDArray[Any], seed: int) -> NDArray[Any]:
    """Set reductions from one graph side by side: the root of the mean of their squared distances counts."""
    if not REDUCED_FROM <= len(vectors) < LARGE:
        return reduce_vectors(vectors, seed)
    umap = load_library("umap.umap_")
    rng = np.random.RandomState(seed)
    # UMAP itself would compare fewer than 4,096 pair by pair in Python, for most of its time
    place, distance = _neighbours(vectors)
    graph = umap.fuzzy_simplicial_set(
        vectors, NEIGHBOURS, rng, "cosine", knn_indices=place, knn_dists=distance
    )[0]
    a, b = umap.find_ab_params(1.0, 0.0)
    found = [
        umap.simplicial_set_embedding(
            vectors,
            graph,
            n_components=DIMENSIONS,
            initial_alpha=1.0,
            a=a,
            b=b,
            gamma=1.0,
            negative_sample_rate=5,
            n_epochs=EPOCHS,
            init="spectral",
            random_state=rng,
            metric="cosine",
            metric_kwds={},
            densmap=False,
            densmap_kwds={},
            output_dens=False,
        )[0]
        for _ in range(LAYOUTS)
    ]
    return np.hstack(found) / np.float32(np.sqrt(LAYOUTS))


def _neighbours(vectors: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Give each one's nearest, itself first, and their cosine distances."""
    from sklearn.neighbors import NearestNeighbors

    found = NearestNeighbors(n_neighbors=NEIGHBOURS, algorithm="brute").fit(vectors)
    distance, place = found.kneighbors(vectors)
    return place.astype(np.int32), (distance**2 / 2).astype(np.float32)  # of vectors of unit length


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
