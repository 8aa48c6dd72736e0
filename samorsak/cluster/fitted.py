"""Clusters kept as arrays and parameters: fitted again, and new statements set into them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.cluster.density import (
    REDUCED_FROM,
    Clusters,
    clusterer_settings,
    distinct_vectors,
    fit_clusterer,
    fit_reducer,
    load_library,
    reducer_settings,
    smallest_cluster,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Settings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What clusters can be made from again, bit for bit with the same versions of the libraries.

    Attributes
    ----------
    vectors : ndarray of float32, shape (m, d)
        Of unit length, one for each distinct statement.
    repeats : ndarray of int64, shape (m,)
    label : ndarray of int64, shape (m,)
        As in `Clusters`.
    strength : ndarray of float64, shape (m,)
    settings : mapping
        What ``umap`` (missing where nothing was reduced) and ``hdbscan`` were called with; empty where there
        were too few vectors.
    """

    vectors: NDArray[Any]
    repeats: Ints
    label: Ints
    strength: Floats
    settings: Settings


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


def keep_clusters(vectors: NDArray[Any], repeats: Ints, found: Clusters, seed: int) -> Kept:
    """Keep what `find_clusters` was given and what it found."""
    places = len(distinct_vectors(vectors)[1])
    return Kept(vectors, repeats, found.label, found.strength, _settings(_known(vectors), places, seed))


def _known(vectors: NDArray[Any]) -> Ints:
    """Give the places of the distinct vectors that are not zero."""
    first = distinct_vectors(vectors)[1]
    found: Ints = first[np.linalg.norm(vectors[first], axis=1) > 0]
    return found


def _settings(known: Ints, distinct: int, seed: int) -> dict[str, dict[str, Any]]:
    smallest = smallest_cluster(distinct)
    if len(known) < smallest:
        return {}
    reducer = {"umap": reducer_settings(seed)} if len(known) >= REDUCED_FROM else {}
    return {**reducer, "hdbscan": clusterer_settings(smallest)}


def same_kind(settings: Settings) -> bool:
    """Say whether settings name what this version sets, in numbers and as text: nothing else is called."""
    ours: Settings = {"umap": reducer_settings(0), "hdbscan": clusterer_settings(1)}
    return all(
        name in ours
        and own.keys() == ours[name].keys()
        and all(type(own[key]) is type(value) for key, value in ours[name].items())
        for name, own in settings.items()
    )


def assign_statements(kept: Kept, vectors: NDArray[Any]) -> Assigned:
    """Set new statements into clusters that were found before, without changing these.

    Reducer and clusterer are fitted again to the vectors that were kept. A statement with a vector that was
    there goes where that one is: so it is with clusters that one repeated statement makes, too. Of another,
    UMAP finds the place and HDBSCAN the cluster (`hdbscan.approximate_predict`). Statements that were
    clustered lie inside more often than new ones do, so shares of the two cannot be compared.

    Parameters
    ----------
    kept : Kept
    vectors : ndarray, shape (m, d)
        Of unit length. UMAP places them together: the same statement among others may lie elsewhere.

    Raises
    ------
    InputError
        The extra is not installed.

    Examples
    --------
    >>> from samorsak.cluster import find_clusters
    >>> angle = np.r_[np.linspace(0, 0.1, 6), np.linspace(1.5, 1.6, 7)]
    >>> vectors, once = np.c_[np.cos(angle), np.sin(angle)], np.ones(13, np.int64)
    >>> kept = keep_clusters(vectors, once, find_clusters(vectors, once), 0)
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
    known = _known(kept.vectors)
    reducer, clusterer = _fit(kept.vectors[known], kept.settings)
    name, rebuilt = _names(clusterer.labels_, kept.label[known], kept.strength[known])
    new = np.flatnonzero(~again & (np.linalg.norm(vectors, axis=1) > 0))
    if len(new):
        found, firm = _predict(reducer, clusterer, vectors[new])
        label[new], strength[new] = name[found], np.where(found < 0, 0.0, firm)
    return Assigned(label, strength, rebuilt)


def _plain(vectors: NDArray[Any]) -> NDArray[Any]:
    found: NDArray[Any] = np.ascontiguousarray(vectors) + 0.0  # -0.0 is 0.0
    return found


def _fit(vectors: NDArray[Any], settings: Settings) -> tuple[Any, Any]:
    if "umap" not in settings:
        return None, fit_clusterer(vectors, settings["hdbscan"])
    reducer = fit_reducer(vectors, settings["umap"])
    return reducer, fit_clusterer(reducer.embedding_, settings["hdbscan"])


def _names(raw: NDArray[Any], label: Ints, strength: Floats) -> tuple[Ints, bool]:
    """Find what each of HDBSCAN's clusters is called among those kept, and whether they are the same.

    Outside of HDBSCAN's there may be clusters of one statement each.
    """
    c = int(raw.max(initial=-1)) + 1
    name = np.full(c + 1, -1, np.int64)  # the last one, of -1, is no cluster
    for i in range(c):
        own = label[(raw == i) & (label >= 0)]
        name[i] = np.bincount(own).argmax() if len(own) else -1
    inside = raw >= 0
    alone = ~inside & (label >= 0)
    there = {x for x in name[:-1].tolist() if x >= 0}
    same = len(there) == c and np.array_equal(name[raw[inside]], label[inside])
    sizes = np.bincount(label[label >= 0], minlength=1)
    return name, bool(same and (sizes[label[alone]] == 1).all() and (strength[alone] == 1).all())


def _predict(reducer: Any, clusterer: Any, vectors: NDArray[Any]) -> tuple[Ints, Floats]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of one thread, of no clusters, of division by zero
        points = vectors if reducer is None else reducer.transform(vectors)
        clusterer.generate_prediction_data()
        hdbscan = load_library("hdbscan")
        label, strength = hdbscan.approximate_predict(clusterer, points.astype(np.float64))
    return label.astype(np.int64), np.nan_to_num(strength.astype(np.float64), nan=1.0)
