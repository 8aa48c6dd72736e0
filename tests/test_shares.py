"""Counts into shares."""

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from samorsak.shares import competition_ranks, count_shares, roll_up

MATRICES = arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))

FOUR = np.array(
    [
        [True, True, False],
        [True, False, False],
        [True, False, True],
        [False, False, False],
    ]
)


def test_causes_are_counted_of_all_pairs():
    found = count_shares(FOUR, "causes")
    assert found.n.tolist() == [3, 1, 1]
    assert found.of == 5
    assert found.share.tolist() == [0.6, 0.2, 0.2]


def test_answers_are_counted_with_those_without_a_cause():
    found = count_shares(FOUR, "answers")
    assert found.of == 4
    assert found.share.tolist() == [0.75, 0.25, 0.25]


@pytest.mark.parametrize("base", ["causes", "answers"])
def test_an_empty_base_gives_zero_shares(base):
    found = count_shares(np.zeros((0, 3), dtype=bool), base)
    assert (found.n.tolist(), found.of, found.share.tolist()) == ([0, 0, 0], 0, [0.0, 0.0, 0.0])


def test_answers_without_causes_are_a_base_of_their_own():
    nothing = np.zeros((2, 2), dtype=bool)
    assert (count_shares(nothing, "causes").of, count_shares(nothing, "answers").of) == (0, 2)


def test_shares_are_plain_quotients():
    assert float(count_shares(np.array([[True, False], [True, True]]), "causes").share[1]) == 1 / 3


@pytest.mark.parametrize(
    ("n", "ranks"),
    [([], []), ([0, 0], [1, 1]), ([7, 7, 7, 1], [1, 1, 1, 4]), ([1, 5, 3, 3, 2], [5, 1, 2, 2, 4])],
)
def test_ties_share_the_lowest_rank(n, ranks):
    assert competition_ranks(np.array(n, dtype=np.int64)).tolist() == ranks


@drawn(st.lists(st.integers(0, 9), max_size=20))
def test_a_rank_is_one_more_than_the_number_of_those_above(n):
    assert competition_ranks(np.array(n, dtype=np.int64)).tolist() == [1 + sum(b > a for b in n) for a in n]


def test_an_answer_counts_once_per_line():
    first_two_together = np.array([[True, False], [True, False], [False, True]])
    assert roll_up(FOUR, first_two_together).tolist() == [
        [True, False],
        [True, False],
        [True, True],
        [False, False],
    ]


@drawn(MATRICES)
def test_a_line_for_each_category_changes_nothing(given):
    assert roll_up(given, np.eye(given.shape[1], dtype=bool)).tolist() == given.tolist()


@drawn(MATRICES)
def test_one_line_for_all_counts_the_answers_with_a_cause(given):
    one = roll_up(given, np.ones((given.shape[1], 1), dtype=bool))
    assert count_shares(one, "answers").n.tolist() == [sum(any(row) for row in given.tolist())]


@drawn(MATRICES, st.randoms())
def test_the_order_of_answers_changes_nothing(given, random):
    rows = given.tolist()
    random.shuffle(rows)
    for base in ("causes", "answers"):
        before, after = count_shares(given, base), count_shares(np.array(rows, dtype=bool), base)
        assert (before.n.tolist(), before.of) == (after.n.tolist(), after.of)


@drawn(MATRICES)
def test_shares_of_causes_add_up_to_one(given):
    found = count_shares(given, "causes")
    assert found.share.sum() == pytest.approx(1.0 if given.any() else 0.0)
    assert found.n.sum() == found.of
