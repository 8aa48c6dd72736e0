"""Clusters kept as arrays and parameters: fitted again, and new statements set into them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.cluster.density import (
    Clusters,
    clusterer_settings,
    distinct_known,
    distinct_vectors,
    fit_clusterer,
    middles_of,
    smallest_cluster,
)
from samorsak.cluster.reduction import load_library, nearest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PLACED_BY = 5
"""Kept statements by whose places a new one is placed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What clusters can be made from again.

    Attributes
    ----------
    vectors : ndarray of float32, shape (m, d)
        Of unit length, one for each distinct statement.
    repeats : ndarray of int64, shape (m,)
    label : ndarray of int64, shape (m,)
        The cluster of each, as it was named in the end; -1 in none.
    strength : ndarray of float64, shape (m,)
    points, core
        As in `Clusters`.
    settings : mapping
        What HDBSCAN was called with; empty where there were too few vectors.
    """

    vectors: NDArray[Any]
    repeats: Ints
    label: Ints
    strength: Floats
    points: NDArray[Any]
    core: Ints
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Assigned:
    """Where new statements fall.

    Attributes
    ----------
    label : ndarray of int64, shape (m,)
        -1 in no cluster.
    strength : ndarray of float64, shape (m,)
    rebuilt : bool
        Whether the clusters came out again as they were kept.
    """

    label: Ints
    strength: Floats
    rebuilt: bool


def keep_clusters(vectors: NDArray[Any], repeats: Ints, found: Clusters) -> Kept:
    """Keep what `find_clusters` was given and what it found."""
    distinct = len(distinct_vectors(vectors)[1])
    fitted = len(distinct_known(vectors)) >= smallest_cluster(distinct)
    settings = clusterer_settings(distinct) if fitted else {}
    return Kept(vectors, repeats, found.label, found.strength, found.points, found.core, settings)


def same_kind(settings: Mapping[str, Any]) -> bool:
    """Say whether settings name what this version sets, and as numbers: nothing else is called."""
    ours = clusterer_settings(1)
    return not settings or (
        settings.keys() == ours.keys() and all(type(settings[key]) is type(ours[key]) for key in ours)
    )


def assign_statements(kept: Kept, vectors: NDArray[Any]) -> Assigned:
    """Set new statements into clusters that were found before, without changing these.

    A statement with a vector that was there goes where that one is. Another is placed among the five nearest
    that were there, weighed by their cosines; HDBSCAN, fitted again to the points that were kept, says in
    which cluster that place lies (`hdbscan.approximate_predict`); of a cluster that HDBSCAN alone did not
    find the nearest statement says it. A statement farther from the cluster's middle than all of its own is
    in none. Statements that were clustered lie inside more often than new ones do, so shares of the two
    cannot be compared.

    Parameters
    ----------
    kept : Kept
    vectors : ndarray, shape (m, d)
        Of unit length.

    Raises
    ------
    InputError
        The extra is not installed.

    Examples
    --------
    >>> from samorsak.cluster import find_clusters
    >>> angle = np.r_[np.linspace(0, 0.1, 6), np.linspace(1.5, 1.6, 7)]
    >>> vectors, once = np.c_[np.cos(angle), np.sin(angle)], np.ones(13, np.int64)
    >>> kept = keep_clusters(vectors, once, find_clusters(vectors, once))
    >>> assign_statements(kept, np.array([[1.0, 0.001], [0.0, 1.0], [0.0, -1.0]])).label.tolist()
    [1, 0, -1]
    """
    label, strength = np.full(len(vectors), -1, np.int64), np.zeros(len(vectors))
    places = {row.tobytes(): i for i, row in enumerate(_plain(kept.vectors))}
    rows = _plain(vectors.astype(kept.vectors.dtype, copy=False))
    there = np.array([places.get(row.tobytes(), -1) for row in rows], np.int64)
    again = there >= 0
    label[again], strength[again] = kept.label[there[again]], kept.strength[there[again]]
    if not kept.settings:
        return Assigned(label, strength, True)
    known = distinct_known(kept.vectors)
    clusterer = fit_clusterer(kept.points[known], kept.settings)
    rebuilt = np.array_equal(clusterer.labels_, kept.core[known])
    new = np.flatnonzero(~again & (np.linalg.norm(vectors, axis=1) > 0))
    if len(new) and (kept.label >= 0).any():
        label[new], strength[new] = _predict(kept, known, clusterer, vectors[new])
    return Assigned(label, strength, rebuilt)


def _plain(vectors: NDArray[Any]) -> NDArray[Any]:
    found: NDArray[Any] = np.ascontiguousarray(vectors) + 0.0  # -0.0 is 0.0
    return found


def _predict(kept: Kept, known: Ints, clusterer: Any, vectors: NDArray[Any]) -> tuple[Ints, Floats]:
    own = kept.vectors[known]
    near, distance = nearest(own, vectors, min(PLACED_BY, len(own)))
    weight = np.maximum(1 - distance.astype(np.float64), 1e-9)
    weight /= weight.sum(axis=1, keepdims=True)
    points = (kept.points[known][near] * weight[:, :, None]).sum(axis=1)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of no clusters, of division by zero
        clusterer.generate_prediction_data()
        found, firm = load_library("hdbscan").approximate_predict(clusterer, points)
    names = _names(clusterer.labels_, kept.label[known])
    # HDBSCAN does not know of what was set apart, or is a cluster by repetition: there the nearest decides
    beside = kept.label[known][near[:, 0]]
    label = np.where((beside >= 0) & ~np.isin(beside, names), beside, names[found])
    middles, edge = middles_of(own, kept.label[known], 0.0)
    far = (label < 0) | ((vectors * middles[label]).sum(axis=1) < edge[label])
    return np.where(far, -1, label), np.where(far, 0.0, np.nan_to_num(firm.astype(np.float64), nan=1.0))


def _names(raw: Ints, label: Ints) -> Ints:
    """Find what most of each of HDBSCAN's clusters is called; what is in none, -1, comes last."""
    name = np.full(int(raw.max(initial=-1)) + 2, -1, np.int64)
    for i in range(len(name) - 1):
        own = label[(raw == i) & (label >= 0)]
        name[i] = np.bincount(own).argmax() if len(own) else -1
    return name
