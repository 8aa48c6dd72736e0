"""Reasons, expected errors and the order to read in, on small arrays."""

from __future__ import annotations

import numpy as np
import pytest

from samorsak.review import (
    close_categories,
    doubtful_border,
    expected_errors,
    far_from_examples,
    high_entropy,
    in_order,
    label_doubts,
    look_ahead,
    low_margin,
    neighbours_disagree,
    other_cluster,
    pool_opinions,
    rare_category,
    twins_differ,
)

NOTHING = np.zeros((0, 3))
NO_INTS = np.zeros(0, np.int64)
SAME = np.tile(np.eye(3)[0], (4, 1))


def test_an_empty_round_has_no_doubts() -> None:
    assert low_margin(NOTHING, 0.5).shape == (0,)
    assert high_entropy(NOTHING).shape == (0,)
    assert expected_errors(NOTHING, NOTHING > 0).shape == (0,)
    assert far_from_examples(NOTHING, np.eye(3), np.arange(3)).shape == (0,)
    assert neighbours_disagree(NOTHING, NO_INTS, np.eye(3), np.arange(3), 3)[0].shape == (0,)
    assert twins_differ(NOTHING, NO_INTS, NO_INTS)[0].shape == (0,)
    assert other_cluster(NOTHING, 0.5).shape == (0,)
    assert label_doubts(NOTHING, NO_INTS)[0].shape == (0,)
    assert rare_category(NO_INTS, np.zeros(3, int)).shape == (0,)
    assert in_order(np.zeros(0), NOTHING, 5).tolist() == []
    assert look_ahead(np.zeros(0), NO_INTS).at_random == 0


@pytest.mark.parametrize("seed", range(5))
def test_every_strength_lies_between_0_and_1(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p, threshold = rng.random((20, 4)), rng.uniform(0.2, 0.7)
    vectors = rng.normal(size=(20, 6))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    examples, kind, group = vectors[:12], rng.integers(0, 4, 12), rng.integers(0, 3, 12)
    given = rng.integers(0, 4, 20)
    for strength in (
        low_margin(p, threshold),
        high_entropy(p),
        close_categories(p[:, 0], p[:, 1], given == 0),
        far_from_examples(vectors, examples, group),
        neighbours_disagree(vectors, given, examples, kind, 4)[0],
        twins_differ(vectors, given, np.arange(20))[0],
        doubtful_border(p[:, 0]),
        other_cluster(vectors, 0.3),
        rare_category(given, np.bincount(kind, minlength=4)),
        label_doubts(p / p.sum(1, keepdims=True), given)[0],
    ):
        assert strength.shape == (20,)
        assert (strength >= 0).all() and (strength <= 1).all()


def test_the_margin_is_to_the_threshold_on_both_sides() -> None:
    p = np.array([[0.39, 0.0], [0.41, 0.0], [0.0, 0.0], [1.0, 1.0], [0.2, 0.7]])
    assert low_margin(p, 0.4).round(3).tolist() == [0.975, 0.983, 0.0, 0.0, 0.5]


def test_a_question_without_categories_but_no_cause_has_no_margin() -> None:
    assert low_margin(np.zeros((2, 0)), 0.4).tolist() == [0, 0]
    assert high_entropy(np.zeros((2, 0))).tolist() == [0, 0]


def test_a_statement_like_an_example_of_another_author_is_not_far() -> None:
    examples, group = np.eye(4)[[0, 0, 1, 1, 2, 3]], np.array([0, 1, 0, 1, 0, 1])
    far = far_from_examples(np.eye(4)[[0, 2]], examples, group)
    assert far.tolist() == [0, 0]  # nearer than any: no example is nearer to one of the other author
    between = np.array([[0.6, 0.8, 0, 0]])
    assert far_from_examples(between, examples, group).round(3).tolist() == [round(4 / 6, 3)]


def test_one_author_gives_no_measure_of_what_is_far() -> None:
    assert far_from_examples(np.eye(3), np.eye(3), np.zeros(3, int)).tolist() == [0, 0, 0]


def test_neighbours_count_by_how_near_they_are() -> None:
    examples = np.array([[1.0, 0, 0], [0.6, 0.8, 0], [0, 0, 1.0]])
    strength, says = neighbours_disagree(SAME[:1], np.array([0]), examples, np.array([0, 1, 1]), 2)
    assert strength.round(3).tolist() == [round(0.6 / 1.6, 3)]
    assert says.tolist() == [0]


def test_without_examples_or_words_in_common_nobody_disagrees() -> None:
    strength, says = neighbours_disagree(SAME, np.zeros(4, int), NOTHING, NO_INTS, 2)
    assert (strength.tolist(), says.tolist()) == ([0] * 4, [-1] * 4)
    strength, says = neighbours_disagree(SAME[:1], np.zeros(1, int), np.eye(3)[1:], np.array([1, 1]), 2)
    assert (strength.tolist(), says.tolist()) == ([0], [-1])


def test_twins_in_one_answer_are_none() -> None:
    given = np.array([0, 1, 1, 0])
    strength, twin = twins_differ(SAME, given, np.array([0, 0, 1, 1]))
    assert strength.tolist() == [1, 1, 1, 1]
    assert twin.tolist() == [2, 3, 0, 1]
    assert twins_differ(SAME, given, np.zeros(4, int))[1].tolist() == [-1] * 4
    assert twins_differ(SAME, np.zeros(4, int), np.arange(4))[0].tolist() == [0] * 4


def test_two_others_alike_are_no_cluster() -> None:
    assert other_cluster(SAME[:2], 0.9).tolist() == [0, 0]
    assert other_cluster(SAME, float("nan")).tolist() == [0] * 4
    assert other_cluster(SAME, 0.9).round(3).tolist() == [0.6] * 4


def test_labels_of_a_category_the_model_is_never_sure_of_are_not_doubted_for_that() -> None:
    p = np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.6, 0.4]])
    strength, instead = label_doubts(p, np.array([0, 0, 1, 1]))
    assert strength.tolist() == [0] * 4  # .6 is less than what rows of the first label have on average
    assert instead.tolist() == [0, 0, 1, 1]


def test_a_label_is_doubted_by_how_little_speaks_for_it() -> None:
    p = np.array([[0.9, 0.1, 0], [0.8, 0.2, 0], [0.95, 0.05, 0], [0.9, 0.1, 0], [0.1, 0.9, 0]])
    strength, instead = label_doubts(p, np.array([0, 0, 1, 1, 1]))
    assert strength.round(3).tolist() == [0, 0, 0.95, 0.9, 0]
    assert instead.tolist() == [0, 0, 0, 0, 1]


def test_one_labelled_row_is_not_doubted() -> None:
    assert label_doubts(np.array([[0.2, 0.8]]), np.array([0]))[0].tolist() == [0]


def test_errors_are_those_given_and_those_missing() -> None:
    p = np.array([[0.9, 0.3, 0.05], [0.2, 0.2, 0.2]])
    given = np.array([[True, False, False], [False, True, False]])
    assert expected_errors(p, given).round(3).tolist() == [0.45, 1.2]


def test_a_certain_opinion_does_not_silence_the_other_for_good() -> None:
    assert pool_opinions(np.array([1.0]), np.array([0.0])).round(6).tolist() == [0.5]
    assert np.isfinite(pool_opinions(np.array([1.0, 0.0]), np.array([1.0, 0.0]))).all()


def test_what_says_the_same_is_spread_out() -> None:
    vectors = np.eye(3)[[0, 0, 0, 1, 2]]
    order = in_order(np.array([1.0, 0.98, 0.96, 0.6, 0.3]), vectors, 5)
    assert order.tolist() == [0, 3, 1, 4, 2]


def test_the_order_is_that_of_the_errors_where_nothing_is_alike() -> None:
    expected = np.array([0.2, 0.9, 0.5])
    assert in_order(expected, np.eye(3), 10).tolist() == [1, 2, 0]
    assert expected.tolist() == [0.2, 0.9, 0.5]  # not changed by it
    assert in_order(np.zeros(3), np.eye(3), 2).tolist() == [0, 1]
    assert in_order(np.array([0.4]), np.eye(3)[:1], 50).tolist() == [0]


def test_what_a_queue_is_worth() -> None:
    ahead = look_ahead(np.array([0.8, 0.1, 0.1, 0.2]), np.array([0]))
    assert (ahead.answers, ahead.queued, ahead.enough) == (4, 1, 1)
    assert (round(ahead.at_random, 3), ahead.found, round(ahead.left, 3)) == (0.3, 0.8, 0.133)
    everything = look_ahead(np.array([0.8, 0.2]), np.array([0, 1]))
    assert everything.left == 0
