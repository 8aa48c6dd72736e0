"""Shares of answers in two rounds, all clusters in view; inputs are tiny and constructed."""

import numpy as np
import pytest
from scipy.stats import fisher_exact

from samorsak.turnover import fates, newcombe, weigh_turnover


def rounds(old: list[int], new: list[int], of_old: int, of_new: int) -> tuple[np.ndarray, np.ndarray]:
    """So many answers of each round that state each cluster, the first ones."""
    place = np.r_[np.arange(of_old), np.arange(of_new)]
    later = np.arange(of_old + of_new) >= of_old
    return place[:, None] < np.where(later[:, None], new, old), later


def test_p_is_that_of_fishers_test() -> None:
    old, new = [0, 3, 10, 25, 40], [6, 3, 2, 30, 0]
    found = weigh_turnover(*rounds(old, new, 40, 55), draws=10)
    assert (found.old.tolist(), found.new.tolist(), found.of_old, found.of_new) == (old, new, 40, 55)
    expected = [fisher_exact([[a, 40 - a], [b, 55 - b]])[1] for a, b in zip(old, new, strict=True)]
    assert found.p == pytest.approx(expected)


def test_one_cluster_alone_is_not_adjusted() -> None:
    found = weigh_turnover(*rounds([3], [12], 60, 60), draws=20_000)
    assert found.p_adjusted == pytest.approx(found.p, abs=0.005)


def test_an_adjusted_p_is_no_smaller_and_keeps_the_order() -> None:
    found = weigh_turnover(*rounds([0, 2, 5, 9, 9], [9, 9, 9, 9, 5], 50, 50))
    assert (found.p_adjusted >= found.p - 0.01).all()
    order = np.argsort(found.p, kind="stable")
    assert (np.diff(found.p_adjusted[order]) >= 0).all()


def test_clusters_too_small_to_change_cost_nothing() -> None:
    few = weigh_turnover(*rounds([2], [13], 60, 60))
    many = weigh_turnover(*rounds([2] + [1] * 30, [13] + [0] * 30, 60, 60))
    assert few.p_adjusted[0] == pytest.approx(many.p_adjusted[0], abs=0.01)


def test_false_changes_are_as_rare_as_promised() -> None:
    """Answers with several correlated clusters each, dealt at random: 95 % of 400 deals show no change."""
    rng = np.random.default_rng(1)
    kind = rng.integers(0, 6, 160)
    stated = rng.random((160, 25)) < np.where(rng.random((6, 25)) < 0.2, 0.4, 0.03)[kind]
    false = [
        (weigh_turnover(stated, rng.permutation(160) < 70, draws=300, seed=run).p_adjusted < 0.05).any()
        for run in range(400)
    ]
    assert 0.01 < np.mean(false) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_the_interval_holds_the_difference_and_is_wider_for_more_clusters() -> None:
    one = weigh_turnover(*rounds([5], [15], 80, 80), draws=10)
    three = weigh_turnover(*rounds([5, 1, 1], [15, 1, 1], 80, 80), draws=10)
    assert one.low[0] < one.difference[0] == 10 / 80 < one.high[0]
    assert three.low[0] < one.low[0] < one.high[0] < three.high[0]


def test_intervals_stay_within_what_can_be() -> None:
    low, high = newcombe(np.array([0, 50]), 50, np.array([50, 0]), 50, 0.999)
    assert (low >= -1).all()
    assert (high <= 1).all()
    assert (low[0] > 0) & (high[1] < 0)


@pytest.mark.parametrize(
    ("old", "new", "fate"),
    [
        (0, 20, "new"),
        (4, 30, "new"),
        (5, 30, "grown"),
        (30, 5, "shrunk"),
        (30, 4, "gone"),
        (9, 9, "unchanged"),
    ],
)
def test_what_became_of_a_cluster(old: int, new: int, fate: str) -> None:
    assert fates(weigh_turnover(*rounds([old], [new], 100, 100)), 5, 5) == (fate,)


def test_no_clusters() -> None:
    found = weigh_turnover(*rounds([], [], 3, 3))
    assert (len(found.p_adjusted), fates(found, 5, 5)) == (0, ())


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = (weigh_turnover(*rounds([3, 8], [9, 2], 50, 50)) for _ in range(2))
    assert first.p_adjusted.tobytes() == second.p_adjusted.tobytes()
