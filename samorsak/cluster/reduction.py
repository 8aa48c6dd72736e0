"""Vectors of many dimensions in a few: what lies together stays together."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.extras import extra

REDUCED_FROM = 50
"""Distinct statements from which on vectors are reduced: neighbourhoods of fewer say too little."""

DIMENSIONS, NEIGHBOURS = 5, 15
"""UMAP's dimensions and neighbours."""

LAYOUTS, EPOCHS = 5, 150
"""Reductions that are set side by side, and the epochs of each: together half as many again as UMAP's 500."""

LARGE = 10_000
"""Distinct statements from which on neighbours are sought approximately, and one reduction has to do."""


def reduce_vectors(
    vectors: NDArray[Any], seed: int, *, dimensions: int = DIMENSIONS, apart: float = 0.0
) -> NDArray[Any]:
    """Reduce vectors of unit length by UMAP, on one thread, as its seed asks for; fewer than 50 stay."""
    if len(vectors) < REDUCED_FROM:
        return vectors
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a seed means one thread
        reducer = load_library("umap").UMAP(
            n_components=dimensions,
            n_neighbors=NEIGHBOURS,
            min_dist=apart,
            metric="cosine",
            random_state=seed,
            n_jobs=1,
        )
        points: NDArray[Any] = reducer.fit_transform(vectors)
    return points


def reduce_often(vectors: NDArray[Any], seed: int) -> NDArray[Any]:
    """Set reductions from one graph side by side: the root of the mean of their squared distances counts."""
    if not REDUCED_FROM <= len(vectors) < LARGE:
        return reduce_vectors(vectors, seed)
    umap = load_library("umap").umap_
    rng = np.random.RandomState(seed)
    # UMAP itself would compare fewer than 4,096 pair by pair in Python, for most of its time
    place, distance = nearest(vectors, vectors, NEIGHBOURS)
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


def nearest(
    known: NDArray[Any], vectors: NDArray[Any], count: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Give the nearest known vectors of each, and their cosine distances; all of unit length."""
    from sklearn.neighbors import NearestNeighbors

    found = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(known)
    distance, place = found.kneighbors(vectors)
    return place.astype(np.int32), (distance**2 / 2).astype(np.float32)


def load_library(name: str) -> Any:
    """Import a library of the extra; for the first time, umap compiles for seconds."""
    from importlib import import_module

    with extra("discovery", "discovery"):
        return import_module(name)
