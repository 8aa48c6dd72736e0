"""The statements that show what a cluster holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TYPICAL = 5
"""Typical statements of a cluster, at most."""


def typical_members(
    vectors: NDArray[Any], label: Ints, repeats: Ints, most: int = TYPICAL
) -> list[tuple[int, ...]]:
    """Pick the statements that show what a cluster holds: the medoid, the next to it, and others apart.

    The medoid has the smallest sum of cosine distances to the statements of its cluster. The others are
    picked each as far as possible from those picked before, among the half that is nearest to the middle.

    Returns
    -------
    list of tuple of int, length c
        Places in `vectors`.

    Examples
    --------
    >>> angle = np.array([0.0, 0.1, 0.2, 0.3, 0.9])
    >>> typical_members(np.c_[np.cos(angle), np.sin(angle)], np.zeros(5, int), np.ones(5, int), 3)
    [(3, 2, 1)]
    """
    return [
        _typical(np.asarray(vectors, np.float64), np.flatnonzero(label == c), repeats, most)
        for c in range(int(label.max(initial=-1)) + 1)
    ]


def _typical(vectors: Floats, members: Ints, repeats: Ints, most: int) -> tuple[int, ...]:
    own = vectors[members]
    # for vectors of unit length, the sum of cosines to all members is the product with their sum
    central = own @ (repeats[members] @ own)
    order = np.argsort(-central, kind="stable").tolist()
    picked, others = order[:2], order[2 : max(most, (len(order) + 1) // 2)]
    nearest = (own @ own[picked].T).max(axis=1)
    while len(picked) < most and others:
        picked.append(min(others, key=lambda place: nearest[place]))
        others.remove(picked[-1])
        nearest = np.maximum(nearest, own @ own[picked[-1]])
    return tuple(members[picked].tolist())
