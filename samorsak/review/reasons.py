"""Reasons to look at an answer again, each a function of arrays with strengths from 0 to 1.

Small named reasons after doubtlab (Warmerdam 2021): each can be read, tested and left out by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEAREST = 5
"""Examples whose categories are set against the classifier's."""

ALIKE = 0.9
"""Cosine from which on two statements say the same."""

FEW = 5
"""A category with fewer examples than this is rare."""

_AT_ONCE = 2048


def low_margin(probability: Floats, threshold: float) -> Floats:
    """Say how near the category nearest to the threshold is to it.

    Parameters
    ----------
    probability : ndarray, shape (n, k)
        That the answer gives the category.
    threshold : float
        From which probability on a category is given.

    Returns
    -------
    ndarray, shape (n,)
        1 at the threshold, 0 where every category is certain.

    Examples
    --------
    >>> low_margin(np.array([[0.5, 0.0], [1.0, 0.0]]), 0.5).tolist()
    [1.0, 0.0]
    """
    if not probability.shape[1]:
        return np.zeros(len(probability))
    room = np.where(probability >= threshold, 1 - threshold, threshold)
    away = np.abs(probability - threshold) / np.maximum(room, 1e-9)
    nearest: Floats = 1 - np.clip(away.min(1), 0, 1)
    return nearest


def high_entropy(probability: Floats) -> Floats:
    """Say how many sets of categories are open: one minus one over the perplexity of the set.

    The categories are taken as independent, so that the entropy of the set is the sum of theirs.

    Parameters
    ----------
    probability : ndarray, shape (n, k)

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> high_entropy(np.array([[0.5, 0.5], [0.5, 0.0], [1.0, 0.0]])).tolist()
    [0.75, 0.5, 0.0]
    """
    p = np.stack([probability, 1 - probability])
    bits = -(p * np.log2(np.where(p > 0, p, 1))).sum((0, 2))
    return np.asarray(1 - 2.0**-bits, np.float64)


def close_categories(probability: Floats, following: Floats, both: Flags) -> Floats:
    """Say of each statement how near its next category comes to its own.

    Parameters
    ----------
    probability, following : ndarray, shape (m,)
        Of the category given and of the one that came next.
    both : ndarray of bool, shape (m,)
        The answer gives the next one, too: then the two do not compete.

    Returns
    -------
    ndarray, shape (m,)
        The smaller as a part of the larger.

    Examples
    --------
    >>> close_categories(np.array([0.8, 0.8]), np.array([0.4, 0.4]), np.array([False, True])).tolist()
    [0.5, 0.0]
    """
    large = np.maximum(np.maximum(probability, following), 1e-9)
    return np.where(both, 0.0, np.minimum(probability, following) / large)


def far_from_examples(vectors: NDArray[Any], examples: NDArray[Any], group: Ints) -> Floats:
    """Say of each statement how much farther it is from every example than examples are from each other.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
        Of unit length; a row of zeros is of what the encoder knows no word of.
    examples : ndarray, shape (e, d)
    group : ndarray of int64, shape (e,)
        Examples of one author: how far examples are is seen across authors, as a new round has new ones.

    Returns
    -------
    ndarray, shape (m,)
        The share of the examples that are nearer to an example of another group, 0 where there is no other
        group: one half on average for statements like the examples.

    Examples
    --------
    >>> said = np.eye(3)[[0, 1, 0, 1]]
    >>> far_from_examples(np.eye(3)[[0, 2]], said, np.array([0, 0, 1, 1])).tolist()
    [0.0, 1.0]
    """
    if len(np.unique(group)) < 2 or not len(vectors):
        return np.zeros(len(vectors))
    usual = np.sort(_nearest_elsewhere(examples, group))
    nearest = np.concatenate([(rows @ examples.T).max(1) for rows in _parts(vectors)])
    no_nearer = np.searchsorted(usual, nearest + 1e-6, side="right")
    return np.asarray(1 - no_nearer / len(usual), np.float64)


def _nearest_elsewhere(examples: NDArray[Any], group: Ints) -> Floats:
    """Give each example's cosine to the nearest one of another group, shape (e,)."""
    found = np.zeros(len(examples))
    for one in np.unique(group).tolist():
        own = group == one
        rest = examples[~own]
        found[own] = np.concatenate([(rows @ rest.T).max(1) for rows in _parts(examples[own])])
    return found


def _parts(vectors: NDArray[Any]) -> list[NDArray[Any]]:
    return [vectors[begin : begin + _AT_ONCE] for begin in range(0, len(vectors), _AT_ONCE)]


def neighbours_disagree(
    vectors: NDArray[Any], given: Ints, examples: NDArray[Any], kind: Ints, k: int
) -> tuple[Floats, Ints]:
    """Say of each statement how much of its nearest examples is of another category.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
    given : ndarray of int64, shape (m,)
        Column of the category that each statement was given.
    examples : ndarray, shape (e, d)
    kind : ndarray of int64, shape (e,)
    k : int

    Returns
    -------
    strength : ndarray, shape (m,)
        The part of the five nearest examples' cosines that is other categories', by how near they are:
        0 without examples, or where none has a word in common.
    says : ndarray of int64, shape (m,)
        The category that most of them are of; -1 where there is none.

    Examples
    --------
    >>> neighbours_disagree(np.eye(2), np.array([0, 0]), np.eye(2), np.array([0, 1]), 2)[0].tolist()
    [0.0, 1.0]
    """
    strength, says = np.zeros(len(vectors)), np.full(len(vectors), -1)
    if not len(examples):
        return strength, says
    most = min(NEAREST, len(examples))
    at = 0
    for rows in _parts(vectors):
        cosine = np.clip(rows @ examples.T, 0, None).astype(np.float64)
        top = np.argsort(-cosine, axis=1, kind="stable")[:, :most]
        near = np.take_along_axis(cosine, top, 1)
        near[near < 1e-6] = 0
        votes = np.zeros((len(rows), k))
        for column in range(most):
            votes[np.arange(len(rows)), kind[top[:, column]]] += near[:, column]
        total = votes.sum(1)
        own = votes[np.arange(len(rows)), given[at : at + len(rows)]]
        part = 1 - own / np.maximum(total, 1e-9)
        strength[at : at + len(rows)] = np.where(total > 0, part * near.max(1), 0)
        says[at : at + len(rows)] = np.where(total > 0, votes.argmax(1), -1)
        at += len(rows)
    return np.clip(strength, 0, 1), says


def twins_differ(vectors: NDArray[Any], given: Ints, owner: Ints) -> tuple[Floats, Ints]:
    """Say of each statement whether another answer says the same and was given another category.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
    given : ndarray of int64, shape (m,)
    owner : ndarray of int64, shape (m,)
        The answer of each statement.

    Returns
    -------
    strength : ndarray, shape (m,)
        The cosine to the nearest of them, where it is .9 or more.
    twin : ndarray of int64, shape (m,)
        Its place; -1 where there is none.

    Examples
    --------
    >>> vectors = np.eye(2)[[0, 0, 1]]
    >>> twins_differ(vectors, np.array([0, 1, 0]), np.arange(3))[1].tolist()
    [1, 0, -1]
    """
    strength, twin = np.zeros(len(vectors)), np.full(len(vectors), -1)
    at = 0
    for rows in _parts(vectors):
        own = slice(at, at + len(rows))
        cosine = (rows @ vectors.T).astype(np.float64)
        same = (given[own][:, None] == given[None]) | (owner[own][:, None] == owner[None])
        cosine[same] = -1
        best = cosine.argmax(1)
        top = cosine[np.arange(len(rows)), best]
        strength[own] = np.where(top >= ALIKE - 1e-6, np.clip(top, 0, 1), 0)
        twin[own] = np.where(top >= ALIKE - 1e-6, best, -1)
        at += len(rows)
    return strength, twin


def doubtful_border(on_path: Floats) -> Floats:
    """Say of each statement how much of the weight of all ways to cut its answer cuts it otherwise.

    Parameters
    ----------
    on_path : ndarray, shape (m,)
        Posterior probability that just this stretch is a statement.

    Examples
    --------
    >>> doubtful_border(np.array([1.0, 0.25])).tolist()
    [0.0, 0.75]
    """
    return np.clip(1 - on_path, 0, 1)


def other_cluster(vectors: NDArray[Any], near: float) -> Floats:
    """Say of each statement that was given `other` whether more of them say the same.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
    near : float
        Cosine from which on two are about the same thing.

    Returns
    -------
    ndarray, shape (m,)
        0 for one alone, 1/2 for three, towards 1 for many.

    Examples
    --------
    >>> other_cluster(np.eye(2)[[0, 0, 0, 1]], 0.5).tolist()
    [0.5, 0.5, 0.5, 0.0]
    """
    if not len(vectors):
        return np.zeros(0)
    fellows = np.concatenate([((rows @ vectors.T) >= near).sum(1) for rows in _parts(vectors)])
    fellows = np.maximum(fellows - 1, 0)
    return np.asarray(np.where(fellows >= 2, fellows / (fellows + 2), 0), np.float64)


def rare_category(given: Ints, known: Ints) -> Floats:
    """Say of each statement how few examples there are of the category that it was given.

    Parameters
    ----------
    given : ndarray of int64, shape (m,)
    known : ndarray of int64, shape (k,)
        Examples of each category.

    Returns
    -------
    ndarray, shape (m,)
        1 without examples, 0 from five on.

    Examples
    --------
    >>> rare_category(np.array([0, 1]), np.array([0, 9])).tolist()
    [1.0, 0.0]
    """
    scarce: Floats = np.clip(1 - known / FEW, 0, 1)
    return scarce[given]
