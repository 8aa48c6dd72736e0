"""What nothing covers, set apart from a tree of statements; every vector is constructed."""

import sys
from dataclasses import replace

import numpy as np
import pytest
from test_cluster import around, once

from samorsak.cluster import Clusters, find_clusters, set_apart
from samorsak.cluster.branches import uncovered_branches

COVERED, PLANTED = 0.6, slice(36, 46)


def planted(label: list[int], repeated: bool = False) -> tuple[np.ndarray, Clusters]:
    """Two groups of 16 and 20, and ten statements by themselves beside the second; clustered as labelled."""
    beside = around([1], 10, 0.02, 1)
    beside[:, 2] += 0.45
    beside /= np.linalg.norm(beside, axis=1, keepdims=True)
    vectors = np.concatenate([around([0], 16), around([1], 20, seed=2), beside])
    if repeated:
        vectors = np.concatenate([vectors, vectors[40:41]])
    given = np.array(label)
    persistence = np.arange(1.0, given.max() + 2) / 10
    strength = np.where(given >= 0, 0.7, 0.0)
    found = find_clusters(vectors, once(vectors))
    return vectors, replace(found, label=given, strength=strength, persistence=persistence)


def apart(vectors: np.ndarray, found: Clusters) -> tuple[Clusters, frozenset[int]]:
    """Set apart where all but the planted statements are typical of a category."""
    typical, claimed = np.zeros((len(vectors), 2)), np.zeros((len(vectors), 2))
    typical[:, 0] = COVERED
    typical[PLANTED, 0] = 0.0
    return set_apart(found, vectors, once(vectors), typical, claimed)


def test_what_nothing_covers_becomes_a_cluster() -> None:
    vectors, before = planted([1] * 16 + [0] * 30)
    found, uncovered = apart(vectors, before)
    assert found.label.tolist() == [1] * 16 + [0] * 20 + [2] * 10
    assert uncovered == {2}
    assert np.array_equal(found.persistence, [0.1, 0.2, np.nan], equal_nan=True)
    assert found.strength[:36].tolist() == [0.7] * 36
    assert ((found.strength[PLANTED] > 0.9) & (found.strength[PLANTED] <= 1)).all()
    assert found.core is before.core and found.tree is before.tree


def test_what_was_in_no_cluster_becomes_one() -> None:
    found, uncovered = apart(*planted([1] * 16 + [0] * 20 + [-1] * 10))
    assert (found.label.tolist(), uncovered) == ([1] * 16 + [0] * 20 + [2] * 10, {2})


def test_clusters_keep_their_order_from_the_largest_on() -> None:
    found, uncovered = apart(*planted([1] * 8 + [-1] * 8 + [0] * 20 + [-1] * 10))
    assert found.label.tolist() == [2] * 8 + [-1] * 8 + [0] * 20 + [1] * 10
    assert uncovered == {1}
    assert np.array_equal(found.persistence, [0.1, np.nan, 0.2], equal_nan=True)


def test_a_cluster_that_is_left_too_small_is_none() -> None:
    found, uncovered = apart(*planted([0] * 16 + [2] * 4 + [-1] * 16 + [2] * 9 + [1]))
    assert found.label.tolist() == [0] * 16 + [-1] * 20 + [1] * 10
    assert found.strength[16:36].tolist() == [0.0] * 20
    assert uncovered == {1}
    assert np.array_equal(found.persistence, [0.1, np.nan], equal_nan=True)


def test_statements_of_the_same_vector_go_together() -> None:
    vectors, before = planted([1] * 16 + [0] * 20 + [-1] * 11, repeated=True)
    found, uncovered = apart(vectors, before)
    assert found.label.tolist() == [1] * 16 + [0] * 20 + [2] * 11
    assert uncovered == {2}


def test_where_nothing_lacks_cover_nothing_changes() -> None:
    vectors, before = planted([1] * 16 + [0] * 30)
    every = np.full((46, 2), COVERED)
    assert set_apart(before, vectors, once(vectors), every, np.zeros((46, 2))) == (before, frozenset())
    none = np.zeros((46, 0))
    assert set_apart(before, vectors, once(vectors), none, none) == (before, frozenset())


@pytest.mark.parametrize("n", [0, 1, 4, 6])
@pytest.mark.parametrize("known", [0.0, 1.0])
def test_of_few_statements_none_are_set_apart(n: int, known: float) -> None:
    vectors = around([0], 6)[:n] * np.float32(known)
    before = find_clusters(vectors, once(vectors))
    nothing = np.zeros((n, 2))
    assert set_apart(before, vectors, once(vectors), nothing, nothing) == (before, frozenset())


def chain(*groups: int) -> np.ndarray:
    """Join the leaves of each group one after the other, then the groups, as scipy writes a tree."""
    p, rows, ends, leaf = sum(groups), [], [], 0
    for size in groups:
        node = leaf
        for i in range(1, size):
            rows.append([node, leaf + i, 0.1, i + 1])
            node = p + len(rows) - 1
        ends.append((node, size))
        leaf += size
    (node, held), *others = ends
    for other, size in others:
        held += size
        rows.append([node, other, 0.9, held])
        node = p + len(rows) - 1
    return np.array(rows, np.float64)


def cut(
    *, typical: float | np.ndarray = 0.0, claimed: float = 0.0, loose: bool = False, least: int = 5, rest=18
) -> list[int]:
    """Cut a tree of six statements and others that are covered; gives the branch of the six."""
    p = 6 + rest
    vectors = np.repeat(np.eye(3)[:1], p, axis=0)
    if loose:
        vectors[:6] = np.concatenate([np.eye(3), -np.eye(3)])[[0, 3, 1, 4, 2, 5]]
    cover, claims = np.full((p, 2), COVERED), np.full((p, 1), 0.9)
    cover[:6], claims[:6] = typical, claimed
    found = uncovered_branches(chain(6, rest), cover, claims, vectors, np.ones(p, np.int64), least)
    assert (found[6:] == -1).all()
    return found[:6].tolist()


TAKEN, LEFT = [0] * 6, [-1] * 6


def test_a_branch_is_uncovered_by_how_typical_its_statements_are() -> None:
    assert cut(typical=0.27) == TAKEN
    assert cut(typical=0.28) == LEFT  # 6 (.4 - .28) < .75
    halves = np.repeat(np.eye(2), 3, axis=0)
    assert cut(typical=0.27 * halves) == TAKEN
    assert cut(typical=0.6 * halves) == LEFT  # each is covered, if not by the same category


def test_a_branch_that_the_classifier_claims_is_covered() -> None:
    assert cut(claimed=0.34) == TAKEN
    assert cut(claimed=0.36) == LEFT


def test_a_loose_branch_is_no_candidate() -> None:
    assert (cut(), cut(loose=True)) == (TAKEN, LEFT)


def test_a_branch_is_neither_too_small_nor_too_large() -> None:
    assert cut(least=6) == TAKEN
    assert cut(least=7) == LEFT
    assert cut(least=6, rest=17) == LEFT  # more than a quarter
    assert cut(least=5, rest=17) == [0] * 5 + [-1]  # what it holds is not


def test_the_worst_covered_branches_are_taken_and_none_within_another() -> None:
    tree, p = chain(8, 8, 48), 64
    cover = np.full((p, 1), COVERED)
    cover[:16] = 0.0
    found = uncovered_branches(tree, cover, np.zeros((p, 1)), np.ones((p, 1)), np.ones(p, np.int64), 5)
    assert found.tolist() == [0] * 16 + [-1] * 48  # both together, as they are no worse covered
    cover[3] = 0.0
    cover[16:] = 0.0
    cover[8:16] = COVERED
    found = uncovered_branches(tree, cover, np.zeros((p, 1)), np.ones((p, 1)), np.ones(p, np.int64), 5)
    assert set(found[8:16]) == {-1}
    assert sorted(set(found.tolist())) == [-1, 0, 1]
    assert (found[:8] == 0).all() and np.flatnonzero(found == 1).tolist() == list(range(16, 32))


def test_a_tree_that_is_one_long_chain_is_cut() -> None:
    p = 5000
    assert sys.getrecursionlimit() < p
    cover = np.full((p, 1), COVERED)
    cover[:40] = 0.0
    found = uncovered_branches(chain(p), cover, np.zeros((p, 1)), np.ones((p, 1)), np.ones(p, np.int64), 23)
    assert np.flatnonzero(found == 0).tolist() == list(range(40))
    assert (found[40:] == -1).all()
