"""How surely a cluster is there: whether it would be found among other statements like these."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from samorsak.cluster.density import Clusters, clusterer_settings, distinct_known, fit_clusterer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UNSTABLE = 0.6
"""Stability below which a cluster should not be trusted (Hennig 2008, section 4)."""

ROUNDS, FEWEST_ROUNDS, WORK = 20, 5, 100_000
"""Bootstrap rounds, and how many statements are clustered in all: many statements have fewer rounds."""


def cluster_stability(found: Clusters, vectors: NDArray[np.float32], seed: int = 0) -> Floats:
    """Bootstrap the clusters.

    As many statements are drawn as there are, with replacement; those drawn several times count once, as
    repetitions would be a dense place by themselves. HDBSCAN's tree is made anew, and of each cluster the
    branch is taken that shares most with what was drawn of it (Jaccard's coefficient). The mean over the
    rounds is the clusterwise stability of Hennig (Computational Statistics & Data Analysis 52:258, 2007). The
    reduction is not made anew: what it has done to all statements shows in no round.

    Parameters
    ----------
    found : Clusters
    vectors : ndarray, shape (m, d)
        As `find_clusters` had them.
    seed : int

    Returns
    -------
    ndarray of float64, shape (c,)
        Between 0 and 1; NaN where a cluster has one distinct statement only.

    Examples
    --------
    >>> from samorsak.cluster import find_clusters
    >>> angle = np.r_[np.linspace(0, 0.1, 12), np.linspace(1.5, 1.6, 12)]
    >>> vectors = np.c_[np.cos(angle), np.sin(angle)]
    >>> cluster_stability(find_clusters(vectors, np.ones(24, np.int64)), vectors).tolist()
    [1.0, 1.0]
    """
    leaves = distinct_known(vectors)
    points, label = found.points[leaves], found.label[leaves]
    sizes = np.bincount(label[label >= 0], minlength=len(found))
    total, rounds = np.zeros(len(found)), np.zeros(len(found))
    rng = np.random.default_rng(seed)
    for _ in range(max(FEWEST_ROUNDS, min(ROUNDS, WORK // max(1, len(leaves))))):
        drawn = np.unique(rng.integers(0, max(1, len(leaves)), len(leaves)))
        there = np.bincount(label[drawn][label[drawn] >= 0], minlength=len(found)) > 0
        if len(drawn) > 2:
            total[there] += _best_branches(points[drawn], label[drawn], len(found))[there]
            rounds[there] += 1
    mean = np.divide(total, rounds, out=np.zeros(len(found)), where=rounds > 0)
    return np.where(sizes > 1, mean, np.nan)


def _best_branches(points: NDArray[np.float64], label: Ints, clusters: int) -> Floats:
    """Give the best Jaccard coefficient of each cluster with any branch of the tree of the points."""
    settings = {**clusterer_settings(len(points)), "min_samples": 1}  # as what is set apart is found
    tree = fit_clusterer(points, settings).single_linkage_tree_.to_numpy()
    p = len(points)
    size = np.bincount(label[label >= 0], minlength=clusters).astype(np.float64)
    shared = np.zeros((2 * p - 1, clusters))
    inside = np.flatnonzero(label >= 0)
    shared[inside, label[inside]] = 1.0
    for i, (a, b) in enumerate(tree[:, :2].astype(np.int64).tolist(), p):
        shared[i] = shared[a] + shared[b]
    own = np.r_[np.ones(p), tree[:, 3]][:, None]
    jaccard = shared / (own + size - shared)
    best: Floats = jaccard.max(axis=0)
    return best
