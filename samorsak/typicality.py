"""How typical a statement is of each category: conformal p-values, and through them what nothing covers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAREST = 3
"""Known texts of a category whose mean cosine says how near a statement is to it."""

PENALTY = 5.0
"""Of the ridge regression, in units of texts."""

FEWEST = 5
"""Held-out examples of a category without which nothing is typical of it."""

_AT_ONCE = 4096


def fit_scores(vectors: NDArray[Any], known: NDArray[Any], kind: Ints, k: int) -> tuple[Floats, Floats]:
    """Score how well each statement fits each category, in two ways that err differently.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
        Of unit length.
    known : ndarray, shape (t, d)
        Of texts whose category is known.
    kind : ndarray of int64, shape (t,)
    k : int
        How many categories.

    Returns
    -------
    apart, near : ndarray of float64, shape (m, k)
        What a ridge regression of "is of this category" gives, which weighs what sets categories apart; and
        the mean cosine to the three nearest known texts, -1 where a category has fewer.

    Examples
    --------
    >>> apart, near = fit_scores(np.eye(2), np.repeat(np.eye(2), 3, axis=0), np.array([0, 0, 0, 1, 1, 1]), 2)
    >>> apart.round(2).tolist(), near.tolist()
    ([[0.51, 0.13], [0.13, 0.51]], [[1.0, 0.0], [0.0, 1.0]])
    """
    known, vectors = np.asarray(known, np.float64), np.asarray(vectors, np.float64)
    columns = np.c_[known, np.ones(len(known))]
    gram = columns.T @ columns + PENALTY * np.eye(columns.shape[1])
    weights = np.linalg.solve(gram, columns.T @ np.eye(k)[kind])
    near = np.full((len(vectors), k), -1.0)
    for category in range(k):
        own = known[kind == category]
        if len(own) >= NEAREST:
            for begin in range(0, len(vectors), _AT_ONCE):
                cosines = vectors[begin : begin + _AT_ONCE] @ own.T
                nearest = np.partition(cosines, -NEAREST, axis=1)[:, -NEAREST:]
                near[begin : begin + _AT_ONCE, category] = nearest.mean(axis=1)
    return np.c_[vectors, np.ones(len(vectors))] @ weights, near


def typicality(
    vectors: NDArray[Any],
    known: tuple[NDArray[Any], Ints],
    examples: tuple[NDArray[Any], Ints],
    group: Ints,
    k: int,
) -> Floats:
    """Say how typical each statement is of each category.

    The share of a category's examples that fit it no better than the statement does, each scored by what is
    known without its own group: a class-conditional conformal p-value (Vovk, Gammerman and Shafer 2005,
    section 4.5; for statements that fit no class, Guan and Tibshirani, JRSS B 84:524, 2022), here the mean of
    one for each of the two scores of `fit_scores`. Of statements like the examples of a category it is one
    half on average, of others less.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
    known : pair of ndarrays, shapes (t, d) and (t,)
        Vectors of definitions and lexicon entries, which are not like statements, and their categories.
    examples : pair of ndarrays, shapes (e, d) and (e,)
        Vectors of statements whose category is known, and their categories.
    group : ndarray of int64, shape (e,)
        Examples that are held out together carry the same number, from 0. One of -1 is compared with, but
        nothing is learned from it: its category is not certain.
    k : int

    Returns
    -------
    ndarray of float64, shape (m, k)
        Between 0 and 1; 0 for a category with fewer than five examples.

    Examples
    --------
    >>> angle = np.concatenate([np.linspace(0, 0.3, 12), np.linspace(1.2, 1.5, 12)])
    >>> said, kind = np.c_[np.cos(angle), np.sin(angle)], np.repeat([0, 1], 12)
    >>> found = typicality(said[[3, 15]], (said[:0], kind[:0]), (said, kind), np.arange(24) % 3, 2)
    >>> (found > 0.4).tolist()
    [[True, False], [False, True]]
    """
    texts, kind = np.concatenate([known[0], examples[0]]), np.concatenate([known[1], examples[1]])
    own = np.concatenate([np.full(len(known[1]), -2), group])  # -2 is always learned from
    held = np.zeros((2, len(group), k))
    for one in np.unique(group[group >= 0]).tolist():
        learned = (own != one) & (own != -1)
        held[:, group == one] = fit_scores(examples[0][group == one], texts[learned], kind[learned], k)
    unsure = group == -1
    together = np.concatenate([vectors, examples[0][unsure]])
    scored = np.stack(fit_scores(together, texts[own != -1], kind[own != -1], k))
    scores, held[:, unsure] = scored[:, : len(vectors)], scored[:, len(vectors) :]
    apart, near = (_p_values(old, examples[1], new) for old, new in zip(held, scores, strict=True))
    return (apart + near) / 2


def _p_values(held: Floats, kind: Ints, scores: Floats) -> Floats:
    found = np.zeros(scores.shape)
    for category in range(scores.shape[1]):
        own = np.sort(held[kind == category, category])
        if len(own) >= FEWEST:
            below = np.searchsorted(own, scores[:, category], side="right")
            found[:, category] = (below + 1) / (len(own) + 1)
    return found
