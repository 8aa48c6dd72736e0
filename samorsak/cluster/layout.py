"""A map of statements: each a point in the plane, near to what says the same."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.cluster.reduction import REDUCED_FROM, reduce_vectors


def lay_out(vectors: NDArray[Any], seed: int = 0) -> NDArray[np.float64]:
    """Place statements in the plane, so that those that say the same lie together.

    From 50 statements on by UMAP (McInnes, Healy and Melville, arXiv:1802.03426), below by their two main
    directions. A picture only: nothing is computed from it.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
        Of unit length, one for each distinct statement.
    seed : int

    Returns
    -------
    ndarray of float64, shape (m, 2)
        Rounded to four decimals.

    Examples
    --------
    >>> lay_out(np.eye(3)[:2]).shape
    (2, 2)
    """
    if len(vectors) >= REDUCED_FROM:
        found: NDArray[np.float64] = reduce_vectors(vectors, seed, dimensions=2, apart=0.1).astype(np.float64)
        return found.round(4)
    points = np.zeros((len(vectors), 2))
    if len(vectors) > 1:
        centred = np.asarray(vectors, np.float64) - np.mean(vectors, axis=0, dtype=np.float64)
        left, scale, _ = np.linalg.svd(centred, full_matrices=False)
        shown = min(2, len(scale))
        sign = np.where(left[np.abs(left).argmax(axis=0), range(left.shape[1])] < 0, -1.0, 1.0)
        points[:, :shown] = (left * sign * scale)[:, :shown]
    return points.round(4) + 0.0
