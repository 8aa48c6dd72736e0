"""A map of statements: each a point in the plane, near to what says the same."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.cluster.density import distinct_vectors
from samorsak.cluster.reduction import REDUCED_FROM, reduce_vectors

APART = 0.1
"""UMAP's `min_dist`: how closely points may lie; with 0, as for clusters, they cover each other."""

BELOW = 0.08
"""How far below the others lies what the encoder knows no word of, as a part of the map's height."""


def lay_out(vectors: NDArray[Any], seed: int = 0) -> NDArray[np.float64]:
    """Place statements in the plane, so that those that say the same lie together.

    From 50 different vectors on by UMAP (McInnes, Healy and Melville, arXiv:1802.03426), below by their two
    main directions. Statements of the same vector share a place. Vectors of zeros, of which the encoder knew
    no word, are near to nothing: they share a place below all others. A picture only: nothing is computed
    from it.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
        Of unit length or zero, one for each distinct statement.
    seed : int

    Returns
    -------
    ndarray of float64, shape (m, 2)
        Rounded to four decimals.

    Examples
    --------
    >>> lay_out(np.array([[1, 0], [0, 1], [1, 0]])).tolist()
    [[0.7071, 0.0], [-0.7071, 0.0], [0.7071, 0.0]]
    """
    place, first = distinct_vectors(vectors)
    different = np.asarray(vectors)[first]
    known = np.flatnonzero(different.any(axis=1))
    points = np.zeros((len(different), 2))
    if len(known):
        reduced = len(known) >= REDUCED_FROM
        own = _by_umap(different[known], seed) if reduced else _by_directions(different[known])
        low, high = own.min(axis=0), own.max(axis=0)
        points[:] = (low[0] + high[0]) / 2, low[1] - BELOW * (high[1] - low[1] or 1.0)
        points[known] = own
    return points[place].round(4) + 0.0  # -0.0 is 0.0


def _by_umap(vectors: NDArray[Any], seed: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = reduce_vectors(vectors, seed, dimensions=2, apart=APART).astype(np.float64)
    return found


def _by_directions(vectors: NDArray[Any]) -> NDArray[np.float64]:
    """Give the first two principal components, each with the sign that makes its largest entry positive."""
    points = np.zeros((len(vectors), 2))
    centred = np.asarray(vectors, np.float64) - np.mean(vectors, axis=0, dtype=np.float64)
    left, scale, _ = np.linalg.svd(centred, full_matrices=False)
    shown = min(2, len(scale))
    largest = np.abs(left).round(6).argmax(axis=0)  # of two alike, the first
    sign = np.where(left[largest, range(left.shape[1])] < 0, -1.0, 1.0)
    points[:, :shown] = (left * sign * scale)[:, :shown]
    return points
