"""How surely clusters are there; every vector is constructed."""

import numpy as np
from test_cluster import around, once

from samorsak.cluster import UNSTABLE, Clusters, cluster_stability, find_clusters


def found_as(vectors: np.ndarray, label: np.ndarray) -> Clusters:
    """Clusters by these labels, whatever lies densely."""
    c, m = int(label.max()) + 1, len(label)
    score = np.zeros(m)
    points = vectors.astype(np.float64)
    return Clusters(label, score, score, np.full(c, np.nan), points, label, np.zeros((0, 4)))


def test_tight_groups_are_found_in_every_round() -> None:
    vectors = around([0, 1, 2], 14, 0.02)
    found = find_clusters(vectors, once(vectors))
    assert len(found) == 3
    assert (cluster_stability(found, vectors) > 0.95).all()


def test_groups_drawn_by_lot_are_unstable() -> None:
    rng = np.random.default_rng(0)
    vectors = around([0, 1, 2], 40, 0.3)
    label = rng.integers(0, 4, len(vectors))
    stability = cluster_stability(found_as(vectors, label), vectors)
    assert (stability > 0).all()
    assert (stability < UNSTABLE).all()


def test_one_loose_group_beside_tight_ones_is_the_unstable_one() -> None:
    vectors = around([0, 1], 14, 0.02)
    loose = around([2, 3, 4, 5, 6, 7, 8], 2, 0.4, 3)
    label = np.repeat([0, 1, 2], 14)
    both = np.concatenate([vectors, loose])
    stability = cluster_stability(found_as(both, label), both)
    assert (stability[:2] > 0.95).all()
    assert stability[2] < UNSTABLE


def test_a_statement_that_is_a_cluster_by_its_repetitions_has_none() -> None:
    vectors = np.concatenate([around([0, 1], 12, 0.02), around([5], 1)])
    repeats = once(vectors)
    repeats[-1] = 30
    found = find_clusters(vectors, repeats)
    assert (len(found), found.label[-1]) == (3, 0)
    stability = cluster_stability(found, vectors)
    assert np.isnan(stability).tolist() == [True, False, False]
    assert (stability[1:] > 0.9).all()


def test_it_is_of_the_seed_and_of_nothing_else() -> None:
    vectors = around([0, 1, 2], 10, 0.3)
    found = found_as(vectors, np.repeat([0, 1, 2], 10))
    one, again, other = (cluster_stability(found, vectors, seed) for seed in (4, 4, 5))
    assert one.tobytes() == again.tobytes() != other.tobytes()


def test_no_clusters_have_no_stability() -> None:
    for vectors in (around([0], 3), np.zeros((0, 12), np.float32), np.zeros((4, 12), np.float32)):
        assert cluster_stability(find_clusters(vectors, once(vectors)), vectors).shape == (0,)
    lone = around([0], 1)
    assert np.isnan(cluster_stability(find_clusters(lone, np.array([9])), lone)).tolist() == [True]
