"""What clusters say of the categories of a scheme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from samorsak.mapping.judging import Verdict

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CategoryKind = Literal["supported", "split", "border", "unsupported", "thin"]
"""What a category is to the clusters."""


def judge_categories(
    statements: Mapping[str, int], verdicts: Sequence[Verdict], smallest: int
) -> dict[str, tuple[CategoryKind, int]]:
    """Say of each category what the clusters make of it, and how many clusters speak of it.

    *supported*: one cluster is covered by it. *split*: several are parts of it. *border*: only clusters
    between it and another one speak of it. *unsupported*: none does, although it has statements enough for
    a cluster. *thin*: none does, and none could.

    Parameters
    ----------
    statements : mapping of str to int
        How many statements each category was given.
    verdicts : sequence of Verdict, length c
        Of each cluster.
    smallest : int
        The size of the smallest possible cluster.

    Examples
    --------
    >>> judge_categories({"rain": 9, "snow": 8, "hail": 2}, [Verdict("covered", ("rain",))], 5)
    {'rain': ('supported', 1), 'snow': ('unsupported', 0), 'hail': ('thin', 0)}
    """
    found: dict[str, tuple[CategoryKind, int]] = {}
    for category, n in statements.items():
        own = sum(v.kind in ("covered", "part") and category in v.categories for v in verdicts)
        shared = sum(v.kind == "between" and category in v.categories for v in verdicts)
        if own:
            found[category] = ("split" if own > 1 else "supported", own)
        elif shared:
            found[category] = ("border", shared)
        else:
            found[category] = ("unsupported" if n >= smallest else "thin", 0)
    return found


def tightness(vectors: NDArray[Any], kind: Ints, k: int) -> Floats:
    """Give the mean cosine between every two statements of each category, shape (k,); NaN under two.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
        Of unit length, or of zeros; those of zeros do not count.
    kind : ndarray of int64, shape (m,)
        The category of each.

    Examples
    --------
    >>> tightness(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), np.array([0, 0, 1]), 2).tolist()
    [0.0, nan]
    """
    known = np.linalg.norm(vectors, axis=1) > 0
    n = np.bincount(kind[known], minlength=k).astype(np.float64)
    total = np.zeros((k, vectors.shape[1]))
    np.add.at(total, kind[known], vectors[known].astype(np.float64))
    # the squared length of a sum of unit vectors holds each pair's cosine twice, and each vector's own
    pairs = (total**2).sum(axis=1) - n
    found = np.full(k, np.nan)
    np.divide(pairs, n * (n - 1), out=found, where=n > 1)
    return found
