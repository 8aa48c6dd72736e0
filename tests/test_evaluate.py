"""Scores against gold, worked out by hand."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sklearn.metrics import f1_score

from samorsak.errors import TooFewError
from samorsak.evaluate import (
    CategoryScore,
    Interval,
    StretchScores,
    bootstrap,
    calibration_error,
    given_matrix,
    macro_f1,
    micro_f1,
    rank_correlation,
    sample_f1,
    score,
    share_error_pp,
    stretch_scores,
)

GOLD = [{"a"}, {"a", "b"}, {"b"}, {"no_cause"}, {"c"}, {"a"}]
PREDICTED = [{"a"}, {"a"}, {"b", "c"}, set(), {"no_cause"}, {"b"}]


def test_scores_worked_out_by_hand():
    found = score(GOLD, PREDICTED)
    assert found.n == 6
    assert found.micro_f1 == 8 / 14  # 4 right, 3 too many, 3 missing
    assert found.macro_f1 == pytest.approx((0.8 + 0.5 + 0 + 2 / 3) / 4, abs=1e-15)
    assert found.exact == 2 / 6
    assert found.sample_f1 == pytest.approx((1 + 2 / 3 + 2 / 3 + 1) / 6, abs=1e-15)
    # of the causes 3/6, 2/6, 1/6 against 2/5, 2/5, 1/5
    assert found.share_error_pp == pytest.approx(100 * (1 / 10 + 1 / 15 + 1 / 30) / 3, abs=1e-12)
    # ranks 1, 2, 3 against 1.5, 1.5, 3
    assert found.rank_correlation == pytest.approx(3**0.5 / 2, abs=1e-15)
    assert found.categories == (
        CategoryScore("a", precision=1.0, recall=2 / 3, f1=0.8, support=3, predicted=2),
        CategoryScore("b", precision=0.5, recall=0.5, f1=0.5, support=2, predicted=2),
        CategoryScore("c", precision=0.0, recall=0.0, f1=0.0, support=1, predicted=1),
        CategoryScore("no_cause", precision=0.5, recall=1.0, f1=2 / 3, support=1, predicted=2),
    )


def test_all_right():
    found = score(GOLD, GOLD)
    assert (found.micro_f1, found.macro_f1, found.exact, found.sample_f1) == (1.0, 1.0, 1.0, 1.0)
    assert (found.share_error_pp, found.rank_correlation) == (0.0, 1.0)


def test_nothing_but_no_cause():
    found = score([set(), set()], [set(), {"no_cause"}])
    assert (found.micro_f1, found.exact, found.share_error_pp, found.rank_correlation) == (1.0, 1.0, 0.0, 0.0)
    assert [c.category for c in found.categories] == ["no_cause"]


def test_no_cause_predicted_throughout():
    found = score([{"a"}, {"b"}], [set(), set()])
    assert (found.micro_f1, found.macro_f1, found.rank_correlation) == (0.0, 0.0, 0.0)
    assert found.share_error_pp == 50.0


def test_too_little_to_score():
    with pytest.raises(TooFewError) as caught:
        score([], [])
    assert str(caught.value) == "no answers to score, expected one or more"
    with pytest.raises(ValueError, match=r"^1 predictions for 2 answers$"):
        score([{"a"}, {"b"}], [{"a"}])


def test_a_category_without_a_column():
    with pytest.raises(KeyError):
        given_matrix([{"x"}], ["a"])


def plainly(gold, predicted):
    """The same in loops over sets."""
    pairs = [(g or {"no_cause"}, p or {"no_cause"}) for g, p in zip(gold, predicted, strict=True)]
    names = sorted(set().union(*(g | p for g, p in pairs)))
    right = {c: sum(c in g & p for g, p in pairs) for c in names}
    wrong = {c: sum(c in g ^ p for g, p in pairs) for c in names}
    f1 = [2 * right[c] / (2 * right[c] + wrong[c]) for c in names]
    micro = 2 * sum(right.values()) / (2 * sum(right.values()) + sum(wrong.values()))
    causes = [c for c in names if c != "no_cause"]
    counts = [[sum(c in pair[side] for pair in pairs) for c in causes] for side in (0, 1)]
    shares = [[n / (sum(side) or 1) for n in side] for side in counts]
    error = sum(abs(a - b) for a, b in zip(*shares, strict=True)) / max(1, len(causes))
    ranks = [[sum(v > x for v in n) + (sum(v == x for v in n) + 1) / 2 for x in n] for n in counts]
    a, b = ([x - sum(r) / len(r) for x in r] for r in ranks)
    rho = sum(x * y for x, y in zip(a, b, strict=True))
    rho /= (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5 or 1
    return micro, sum(f1) / len(f1), sum(g == p for g, p in pairs) / len(pairs), 100 * error, rho


ANSWERS = st.sets(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=3).map(
    lambda found: found or {"no_cause"}
)
PAIRS = st.lists(st.tuples(ANSWERS, ANSWERS), min_size=1, max_size=30)


@given(PAIRS)
def test_scores_are_those_of_plain_loops(pairs):
    gold, predicted = zip(*pairs, strict=True)
    found = score(gold, predicted)
    scores = (found.micro_f1, found.macro_f1, found.exact, found.share_error_pp, found.rank_correlation)
    assert scores == pytest.approx(plainly(gold, predicted), abs=1e-12)


@given(PAIRS, st.randoms())
def test_gold_and_predicted_change_places_and_order_says_nothing(pairs: list, chance: random.Random):
    one = score(*zip(*pairs, strict=True))
    other = score(*list(zip(*pairs, strict=True))[::-1])
    assert (one.micro_f1, one.macro_f1, one.exact) == (other.micro_f1, other.macro_f1, other.exact)
    assert one.sample_f1 == other.sample_f1
    assert one.share_error_pp == other.share_error_pp
    assert one.rank_correlation == pytest.approx(other.rank_correlation, abs=1e-12)
    assert [(c.precision, c.recall) for c in one.categories] == [
        (c.recall, c.precision) for c in other.categories
    ]
    chance.shuffle(pairs)
    again = score(*zip(*pairs, strict=True))
    assert again.categories == one.categories
    assert (again.micro_f1, again.share_error_pp) == (one.micro_f1, one.share_error_pp)


MATRICES = arrays(bool, array_shapes(min_dims=3, max_dims=3, min_side=2, max_side=8))


@given(MATRICES)
def test_f1_is_as_scikit_learn_has_it(drawn):
    gold, predicted = drawn[0], drawn[-1]
    for ours, average in ((micro_f1, "micro"), (macro_f1, "macro"), (sample_f1, "samples")):
        theirs = f1_score(gold.astype(int), predicted.astype(int), average=average, zero_division=0)
        assert ours(gold, predicted) == pytest.approx(theirs, abs=1e-12)


def test_matrices_without_rows_or_columns():
    nothing = np.zeros((0, 0), dtype=bool)
    found = [measure(nothing, nothing) for measure in (micro_f1, macro_f1, sample_f1, share_error_pp)]
    assert found == [0.0, 0.0, 0.0, 0.0]
    assert rank_correlation(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)) == 0.0


@pytest.mark.parametrize(
    ("gold", "predicted", "rho"),
    [
        ([3, 2, 1], [9, 8, 7], 1.0),
        ([3, 2, 1], [1, 2, 3], -1.0),
        ([3, 2, 1], [5, 5, 5], 0.0),
        ([4], [4], 0.0),
        ([5, 5, 1, 0], [5, 4, 1, 1], 4 / 4.5),  # ranks 1.5 1.5 3 4 against 1 2 3.5 3.5
    ],
)
def test_rank_correlation(gold, predicted, rho):
    assert rank_correlation(np.array(gold), np.array(predicted)) == pytest.approx(rho, abs=1e-12)


@pytest.mark.parametrize(
    ("probability", "correct", "bins", "error"),
    [
        ([0.1, 0.3, 0.6, 0.8], [0, 1, 1, 1], 2, 0.3),  # .2 against .5, .7 against 1
        ([0.8, 0.1, 0.6, 0.3], [1, 0, 1, 1], 2, 0.3),
        ([0.2, 0.4, 0.9], [0, 1, 0], 2, 1.3 / 3),  # two rows off by .2, one by .9
        ([0.2, 0.4, 0.9], [0, 1, 0], 10, 1.7 / 3),  # more bins than rows: a bin for each
        ([0.5, 0.5, 0.5, 0.5], [1, 1, 0, 0], 2, 0.0),  # cut in two where they stand, they would be off by .5
        ([1.0], [0], 10, 1.0),
        ([0.0, 1.0], [0, 1], 1, 0.0),
    ],
)
def test_calibration_error_by_hand(probability, correct, bins, error):
    found = calibration_error(np.array(probability), np.array(correct, dtype=bool), bins)
    assert found == pytest.approx(error, abs=1e-12)


def test_twenty_rows_in_ten_bins():
    probability = np.linspace(0.025, 0.975, 20)
    correct = np.arange(20) >= 10
    # bins of two hold .05, .15 ... .95; half of them are all wrong, half all right
    assert calibration_error(probability, correct) == pytest.approx(0.25, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 8)), min_size=1, max_size=12), st.integers(1, 12))
def test_perfectly_calibrated(groups, bins):
    probability, correct = [], []
    for right, size in groups:
        right = min(right, size)
        probability += [right / size] * size
        correct += [True] * right + [False] * (size - right)
    assert calibration_error(np.array(probability), np.array(correct), bins) == pytest.approx(0, abs=1e-12)


@given(
    st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=1, max_size=40),
    st.integers(1, 12),
    st.randoms(),
)
def test_calibration_error_does_not_depend_on_the_order(rows, bins, chance: random.Random):
    def error():
        return calibration_error(np.array([p / 10 for p, _ in rows]), np.array([c for _, c in rows]), bins)

    before = error()
    chance.shuffle(rows)
    assert error() == pytest.approx(before, abs=1e-12)
    means = abs(sum(p / 10 - c for p, c in rows)) / len(rows)
    assert means - 1e-12 <= before <= 1


@pytest.mark.parametrize("probability", [[1.1], [-0.1], [np.nan]])
def test_what_is_no_probability(probability):
    with pytest.raises(ValueError, match=r"^a probability is not between 0 and 1$"):
        calibration_error(np.array(probability), np.array([True]))


def test_too_little_to_judge():
    with pytest.raises(TooFewError) as caught:
        calibration_error(np.zeros(0), np.zeros(0, dtype=bool))
    assert str(caught.value) == "no probabilities to judge, expected one or more"
    with pytest.raises(ValueError, match=r"^\(1,\) probabilities for \(2,\) rows$"):
        calibration_error(np.zeros(1), np.zeros(2, dtype=bool))


EIGHT_OF_TEN = np.array([1.0] * 8 + [0.0] * 2)


@pytest.mark.parametrize(("level", "low", "high"), [(0.95, 0.5, 1.0), (0.5, 0.7, 0.9)])
def test_bootstrap_of_a_share_has_the_quantiles_of_the_binomial(level, low, high):
    found = bootstrap(lambda rows: EIGHT_OF_TEN[rows].sum() / 10, 10, draws=4000, seed=3, level=level)
    assert found == Interval(estimate=0.8, low=low, high=high, level=level, draws=4000)


def test_bootstrap_is_a_matter_of_the_seed():
    values = np.arange(30.0)

    def interval(seed):
        return bootstrap(lambda rows: float(values[rows].mean()), 30, draws=50, seed=seed)

    assert interval(1) == interval(1)
    assert interval(1) != interval(2)


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=12), st.integers(0, 5))
def test_bootstrap_stays_within_what_there_is(values, seed):
    found = bootstrap(lambda rows: float(np.array(values)[rows].mean()), len(values), draws=20, seed=seed)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found.estimate == pytest.approx(np.mean(values))


def test_nothing_to_draw_from():
    with pytest.raises(TooFewError) as caught:
        bootstrap(lambda rows: 0.0, 0)
    assert str(caught.value) == "no answers to draw from, expected one or more"


def test_stretches_by_hand():
    gold = [
        [(0, 10, "a"), (12, 20, "b"), (25, 30, "b")],
        [(0, 5, "a"), (6, 10, "c")],
        [(0, 5, "a"), (5, 9, "a")],
        [],
    ]
    predicted = [
        [(0, 10), (11, 20), (22, 27), (27, 40)],  # found, 8/9, and one in two pieces: 2/8 and 3/15
        [(0, 10)],  # 5/10 and 4/10, and two categories
        [(0, 9)],  # 5/9 and 4/9, one category
        [(0, 3)],
    ]
    assert stretch_scores(gold, predicted) == StretchScores(
        statements=7, pieces=7, exact=1 / 7, half=4 / 7, cut_apart=1 / 7, two_categories=1 / 7
    )


def test_stretches_that_only_touch_share_nothing():
    assert stretch_scores([[(0, 5, "a"), (5, 9, "b")]], [[(0, 5), (5, 9)]]) == StretchScores(
        statements=2, pieces=2, exact=1.0, half=1.0, cut_apart=0.0, two_categories=0.0
    )


def test_no_pieces_and_no_statements():
    assert stretch_scores([[(0, 5, "a")]], [[]]) == StretchScores(1, 0, 0.0, 0.0, 0.0, 0.0)
    with pytest.raises(TooFewError) as caught:
        stretch_scores([[]], [[(0, 5)]])
    assert str(caught.value) == "no marked statements to score, expected one or more"
    with pytest.raises(ValueError, match="zip"):
        stretch_scores([[(0, 5, "a")]], [])


BORDERS = st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True).map(sorted)


@given(BORDERS, BORDERS)
def test_stretches_agree_with_themselves(one, other):
    def stretches(borders):
        return list(pairwise(borders))

    gold = [[(start, end, f"c{start}") for start, end in stretches(one)]]
    found = stretch_scores(gold, [stretches(one)])
    assert (found.exact, found.half, found.cut_apart, found.two_categories) == (1.0, 1.0, 0.0, 0.0)
    against = stretch_scores(gold, [stretches(other)])
    assert against.exact <= against.half
    # counted on the other side: what one cuts apart, the other holds together
    swapped = stretch_scores([[(s, e, f"c{s}") for s, e in stretches(other)]], [stretches(one)])
    assert against.cut_apart == pytest.approx(swapped.two_categories)
    assert against.two_categories == pytest.approx(swapped.cut_apart)
