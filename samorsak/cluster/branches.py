"""Branches of the tree of statements that nothing covers: what a scheme lacks, set apart as clusters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.cluster.density import Clusters, by_size, distinct_known, distinct_vectors, smallest_cluster

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COVERED = 0.4
"""How typical covered statements are on average, at least, each of the category it is most typical of."""

MISSING = 0.75
"""Statements that a branch is short of being covered, at least: its size times what its mean lacks."""

CLAIMED = 0.35
"""Mean probability from which on the classifier's category has a branch."""

TIGHT = 0.25
"""Mean cosine between the vectors of a branch, at least: what is about many things is no candidate."""

LARGEST = 0.25
"""Share of all statements that a branch has at most."""


def uncovered_branches(
    tree: Floats, typical: Floats, claimed: Floats, vectors: NDArray[Any], repeats: Ints, least: int
) -> Ints:
    """Cut a tree where its branches are covered worst.

    Of a branch's statements, each is typical of one category most; a branch lacks its size times what the
    mean of that falls short of `COVERED`. From the branches that are large, tight and unclaimed enough, those
    are taken whose lacks sum up highest and that do not hold each other: the selection of HDBSCAN (Campello,
    Moulavi and Sander 2013, section 5), with the lack of cover in place of stability.

    Parameters
    ----------
    tree : ndarray of float64, shape (p - 1, 4)
        As scipy's linkages are.
    typical : ndarray of float64, shape (p, k)
        How typical each statement is of each category, see `samorsak.typicality.typicality`; without the
        outcomes that cover nothing.
    claimed : ndarray of float64, shape (p, q)
        What probability the classifier gives each cause.
    vectors : ndarray, shape (p, d)
        Of unit length.
    repeats : ndarray of int64, shape (p,)
    least : int
        Distinct statements of a branch.

    Returns
    -------
    ndarray of int64, shape (p,)
        The branch of each statement, from 0; -1 in none.

    Examples
    --------
    >>> tree = np.array([[0, 1, 0.1, 2], [4, 2, 0.2, 3], [5, 3, 0.9, 4]])
    >>> typical, repeats = np.array([[0.0], [0.0], [0.0], [0.5]]), np.array([3, 3, 3, 30])
    >>> uncovered_branches(tree, typical, np.zeros((4, 1)), np.ones((4, 1)), repeats, 3).tolist()
    [0, 0, 0, -1]
    """
    p = len(tree) + 1
    label = np.full(p, -1, np.int64)
    if p < 2 or not typical.shape[1]:
        return label
    size = _up(tree, repeats[:, None].astype(np.float64))[:, 0]
    best = typical.max(axis=1, keepdims=True)
    cover, claim = (_up(tree, part * repeats[:, None]) / size[:, None] for part in (best, claimed))
    distinct = _up(tree, np.ones((p, 1)))[:, 0]
    whole = _up(tree, np.asarray(vectors, np.float64))
    # of n vectors of unit length, the squared length of the sum is n plus the cosines of all ordered pairs
    cosine = ((whole**2).sum(axis=1) - distinct) / np.maximum(distinct * (distinct - 1), 1)
    lack = size * (COVERED - cover[:, 0])
    fit = (distinct >= least) & (size <= LARGEST * repeats.sum()) & (cosine >= TIGHT)
    fit &= (claim.max(axis=1, initial=0.0) < CLAIMED) & (lack >= MISSING)
    for number, node in enumerate(_best(tree, np.where(fit, lack, 0.0))):
        label[_leaves(tree, node)] = number
    return label


def _up(tree: Floats, values: Floats) -> Floats:
    """Sum values of leaves, shape (p, x), up the tree, shape (2 p - 1, x)."""
    p = len(values)
    found = np.concatenate([values, np.zeros((len(tree), values.shape[1]))])
    for i, (a, b) in enumerate(tree[:, :2].astype(np.int64).tolist()):
        found[p + i] = found[a] + found[b]
    return found


def _best(tree: Floats, worth: Floats) -> list[int]:
    """Choose the nodes of the highest total worth of which none lies in another."""
    p = len(tree) + 1
    total = worth.tolist()
    chosen = [own > 0 for own in total]
    pairs = tree[:, :2].astype(np.int64).tolist()
    for i, (a, b) in enumerate(pairs, p):
        below = total[a] + total[b]
        chosen[i] = total[i] > 0 and total[i] >= below
        total[i] = max(total[i], below)
    found, waiting = [], [2 * p - 2]
    while waiting:
        node = waiting.pop()
        if chosen[node]:
            found.append(node)
        elif node >= p and total[node] > 0:
            waiting.extend(pairs[node - p])
    return sorted(found)


def _leaves(tree: Floats, node: int) -> list[int]:
    p = len(tree) + 1
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop()
        if one < p:
            found.append(one)
        else:
            waiting.extend(tree[one - p, :2].astype(np.int64).tolist())
    return found


def set_apart(
    found: Clusters, vectors: NDArray[Any], repeats: Ints, typical: Floats, claimed: Floats
) -> tuple[Clusters, frozenset[int]]:
    """Make clusters of the branches that nothing covers; other clusters keep what is left of them.

    Parameters
    ----------
    found : Clusters
        Of the statements.
    vectors, repeats
        As `find_clusters` had them, shapes (m, d) and (m,).
    typical, claimed
        As for `uncovered_branches`, of m statements.

    Returns
    -------
    Clusters
        The largest first; an older cluster that is left too small is none.
    frozenset of int
        Which of them nothing covers.
    """
    place, first = distinct_vectors(vectors)
    leaves = distinct_known(vectors)
    if len(found.tree) != len(leaves) - 1:
        return found, frozenset()
    together = np.bincount(place, repeats, len(first)).astype(np.int64)
    least = smallest_cluster(len(first))
    branch = np.full(len(vectors), -1, np.int64)
    branch[leaves] = uncovered_branches(
        found.tree, typical[leaves], claimed[leaves], vectors[leaves], together[place[leaves]], least
    )
    branch = branch[first[place]]  # those of the same vector go together
    if (branch < 0).all():
        return found, frozenset()
    label = np.where(branch >= 0, branch + len(found), found.label)
    sizes = np.bincount(label[label >= 0], repeats[label >= 0], int(label.max()) + 1)
    kept = np.flatnonzero(sizes >= least)
    number = np.full(len(sizes) + 1, -1, np.int64)
    number[kept] = np.arange(len(kept))
    label, order = by_size(number[label], repeats, len(kept))
    persistence = np.r_[found.persistence, np.full(int(branch.max()) + 1, np.nan)][kept][order]
    strength = np.where(branch >= 0, _to_middle(vectors, branch), np.where(label >= 0, found.strength, 0.0))
    apart = np.unique(label[branch >= 0]).tolist()
    return replace(found, label=label, strength=strength, persistence=persistence), frozenset(apart)


def _to_middle(vectors: NDArray[Any], label: Ints) -> Floats:
    """Give the cosine of each statement in a branch to the branch's middle, at least 0."""
    cosine = np.zeros(len(vectors))
    for c in range(int(label.max()) + 1):
        own = np.asarray(vectors[label == c], np.float64)
        middle = own.mean(axis=0)
        cosine[label == c] = np.clip(own @ middle / np.linalg.norm(middle), 0.0, 1.0)
    return cosine
