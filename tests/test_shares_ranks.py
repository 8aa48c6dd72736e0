"""What draws say of an order."""

import numpy as np
import pytest

from samorsak.shares import Audit, estimate_audited, rank_intervals

RNG = np.random.default_rng(0)


def test_ranks_that_are_certain():
    number = np.array([3.0, 9.0, 1.0, 5.0])
    found = rank_intervals(number + RNG.uniform(-0.1, 0.1, (200, 4)), number)
    for ranks in (found.low, found.high, found.place_low, found.place_high):
        assert ranks.tolist() == [3, 1, 4, 2]
    assert found.top.tolist() == [1, 1, 0, 1]


def test_who_cannot_be_told_apart_share_their_places():
    number = np.array([50.0, 49.0, 20.0, 19.5, 19.0, 2.0])
    found = rank_intervals(number + RNG.normal(size=(2000, 6)), number)
    assert found.place_low.tolist() == [1, 1, 3, 3, 3, 6]
    assert found.place_high.tolist() == [2, 2, 5, 5, 5, 6]
    assert found.top[2:5].sum() == pytest.approx(1)
    assert found.low.tolist() == [1, 1, 3, 3, 3, 6]
    assert found.high.tolist() == [2, 2, 5, 5, 5, 6]


def test_a_row_of_neighbours_hangs_together():
    """The first and the last are told apart, but no cut between neighbours is sure."""
    number = np.array([3.0, 2.0, 1.0])
    found = rank_intervals(number + RNG.normal(size=(2000, 3)) * 0.8, number)
    assert found.place_low.tolist() == [1, 1, 1]
    assert found.place_high.tolist() == [3, 3, 3]


def test_equal_draws_are_ties():
    found = rank_intervals(np.ones((10, 3)), np.ones(3))
    assert found.low.tolist() == found.high.tolist() == [1, 1, 1]
    assert found.place_high.tolist() == [3, 3, 3]


def test_the_point_lies_in_its_interval():
    found = rank_intervals(np.tile([1.0, 2.0], (50, 1)), np.array([5.0, 4.0]))
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1], [2, 2])


def test_one_category_is_first():
    found = rank_intervals(np.ones((5, 1)), np.ones(1))
    assert (found.low.item(), found.high.item(), found.top.item(), found.place_high.item()) == (1, 1, 1, 1)


def test_a_settled_place_holds():
    """Of groups called settled at 95 per cent, about as many hold what they say."""
    right = total = 0
    for run in range(60):
        rng = np.random.default_rng(run)
        gold = rng.random((320, 6)) < [0.35, 0.3, 0.2, 0.18, 0.1, 0.04]
        given = gold ^ (rng.random(gold.shape) < 0.03)
        rows = rng.permutation(320)[:100]
        e = estimate_audited(Audit(given, rows, gold[rows]), draws=500, seed=run)
        found = rank_intervals(e.draws, e.number)
        true = 1 + (gold.sum(axis=0)[:, None] < gold.sum(axis=0)).sum(axis=1)
        right += int(((found.place_low <= true) & (true <= found.place_high)).sum())
        total += 6
    assert right / total > 0.95 - 3 * np.sqrt(0.05 * 0.95 / total)
