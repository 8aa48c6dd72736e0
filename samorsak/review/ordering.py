"""The order to read in: most expected errors first, and not one thing over and over."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def in_order(expected: Floats, vectors: NDArray[Any], n: int, alike: float = 0.9) -> Ints:
    """Choose answers by their expected errors; one that says what a chosen one says waits for the others.

    Parameters
    ----------
    expected : ndarray, shape (n,)
    vectors : ndarray, shape (n, d)
        Of the answers, of unit length.
    n : int
        How many; all where there are fewer.
    alike : float
        Cosine from which on two say the same. Each answer alike that was chosen halves what is expected of
        the next: what is learned of the one is learned of the other.

    Returns
    -------
    ndarray of int64, shape (q,)
        Places of the answers, in the order to read them. Ties in the order in which they stand.

    Examples
    --------
    >>> in_order(np.array([1.0, 0.9, 0.6, 0.1]), np.eye(2)[[0, 0, 1, 1]], 3).tolist()
    [0, 2, 1]
    """
    worth = np.asarray(expected, np.float64).copy()
    chosen: list[int] = []
    for _ in range(min(n, len(worth))):
        best = int(worth.argmax())
        chosen.append(best)
        worth[vectors @ vectors[best] >= alike - 1e-6] /= 2
        worth[best] = -1
    return np.array(chosen, np.int64)
