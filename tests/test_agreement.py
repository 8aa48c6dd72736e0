"""Agreement of people, against published examples and by hand."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from samorsak.evaluate import (
    category_agreement,
    cohen_kappa,
    disagreements,
    krippendorff_alpha,
    masi,
    stretch_agreement,
)

# Hayes and Krippendorff 2007, table 1: five observers of forty newspaper articles, each 0 to 3, `.` missing.
HAYES = [
    "1 1 2 . 0 0 1 1 2 2 . 0 1 3 1 1 2 1 1 0 0 0 2 0 1 0 0 1 1 1 1 2 2 3 2 2 2 2 2 1",
    "1 1 3 0 0 0 0 . 2 1 1 0 2 3 1 1 1 2 1 0 0 0 3 0 2 1 0 2 1 1 1 1 2 2 2 2 2 2 2 1",
    "2 0 3 0 0 0 2 2 2 1 0 0 2 2 1 1 2 3 0 0 1 . 3 0 . 1 0 1 2 2 0 2 . 2 2 3 2 . 2 1",
    ". 1 3 . . . . 0 . 1 0 0 2 2 . . . 3 1 . 1 0 3 0 2 1 1 2 2 . . 1 2 2 . . . 1 2 .",
    "2 . . 0 0 0 1 . 2 . . . . 3 1 1 2 . . 0 . 0 . . 2 . 0 . . 2 0 . 2 . 2 2 2 2 . 1",
]

# Krippendorff, "Computing Krippendorff's alpha-reliability", 2011, sections A to C.
BINARY = ["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"]
TWO = ["a a b b d c c c e d d a", "b a b b b c c c e d d d"]
FOUR = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]


def by_unit(observers: list[str]) -> list[list[str | None]]:
    rows = zip(*(observer.split() for observer in observers), strict=True)
    return [[None if value == "." else value for value in row] for row in rows]


@pytest.mark.parametrize(
    ("observers", "published", "pairable"),
    [(BINARY, 0.095, 10), (TWO, 0.692, 12), (FOUR, 0.743, 11), (HAYES, 0.4765, 40)],
)
def test_alpha_is_the_published_one(observers, published, pairable):
    """Of Hayes and Krippendorff's data .4765 is what their macro KALPHA gives at the nominal level."""
    found = krippendorff_alpha(by_unit(observers), draws=20)
    assert found.found.estimate == pytest.approx(published, abs=10.0 ** -len(str(published)[2:]) * 0.6)
    assert (found.answers, found.undefined) == (pairable, "")


def test_alpha_with_another_distance_is_the_published_one():
    """Krippendorff 2011, section E: interval .849, ratio .797 of the same four observers."""
    values = [[None if v is None else int(v) for v in row] for row in by_unit(FOUR)]
    interval = krippendorff_alpha(values, lambda a, b: float((a - b) ** 2), draws=1)
    ratio = krippendorff_alpha(values, lambda a, b: ((a - b) / (a + b)) ** 2, draws=1)
    assert round(interval.found.estimate, 3) == 0.849
    assert round(ratio.found.estimate, 3) == 0.797


def test_alpha_of_ordered_values_is_the_published_one():
    """Hayes and Krippendorff 2007, table 1 and the text below it: ordinal alpha .7598."""
    values = [[None if v is None else int(v) for v in row] for row in by_unit(HAYES)]
    number = np.bincount([v for row in values for v in row if v is not None])

    def ordered(one: int, other: int) -> float:
        low, high = min(one, other), max(one, other)
        return float(number[low : high + 1].sum() - (number[low] + number[high]) / 2) ** 2

    assert round(krippendorff_alpha(values, ordered, draws=1).found.estimate, 4) == 0.7598


@pytest.mark.parametrize(
    ("pairs", "mean"),
    [([("y", "yz"), ("x", "xz"), ("", "xy")], 2 / 9), ([("y", ""), ("x", "z"), ("", "y")], 0)],
)
def test_masi_of_the_published_figures(pairs, mean):
    """Passonneau 2006, figures 2 and 3, with the means that she has confirmed to be meant."""
    assert np.mean([1 - masi({*one}, {*other}) for one, other in pairs]) == pytest.approx(mean)


def test_masi_of_the_four_cases():
    """Passonneau 2006, section 3: equal, one in the other, overlapping, apart."""
    cases = [
        ("abc", "abc", 0),
        ("ab", "abcd", 1 - 2 / 3 / 2),
        ("abc", "bcde", 1 - 2 / 5 / 3),
        ("ab", "cd", 1),
    ]
    for one, other, distance in cases:
        assert masi({*one}, {*other}) == masi({*other}, {*one}) == pytest.approx(distance)


def test_partial_agreement_counts_with_masi_only():
    """Two of four answers differ by one category more; by hand, N = 8, sets a, b, ab."""
    decided = [[{"a"}, {"a", "b"}], [{"b"}, {"b"}], [{"a"}, {"a"}], [{"b"}, {"a", "b"}]]
    decided = [[frozenset(found) for found in row] for row in decided]
    counts = {"a": 3, "b": 3, "ab": 2}
    for distance, step in ((None, 1.0), (masi, 1 - 1 / 3)):
        found = krippendorff_alpha(decided, *([distance] if distance else []), draws=1).found.estimate
        chance = 2 * (counts["a"] * counts["b"] + 2 * 3 * 2 * step) / 7
        assert found == pytest.approx(1 - 4 * step / chance)


@pytest.mark.parametrize(
    ("decided", "answers", "why"),
    [
        ([], 0, "no answer was read by two"),
        ([["a"], ["b"]], 0, "no answer was read by two"),
        ([["a", None], [None, "a"]], 0, "no answer was read by two"),
        (
            [["a", "a"], ["a", "a"]],
            2,
            "everyone decided the same of every answer, so chance would give the same",
        ),
    ],
)
def test_what_has_no_alpha_says_why(decided, answers, why):
    found = krippendorff_alpha(decided)
    assert (found.found, found.answers, found.undefined) == (None, answers, why)


def test_the_interval_is_over_answers_and_shrinks_with_them():
    values = by_unit(FOUR[1:3])
    few, many = (krippendorff_alpha(values * times, draws=300).found for times in (1, 20))
    assert few.low < few.estimate < few.high
    assert many.high - many.low < (few.high - few.low) / 3
    assert krippendorff_alpha(values, draws=300, seed=0) == krippendorff_alpha(values, draws=300, seed=0)


@settings(max_examples=50)
@given(
    st.lists(st.lists(st.sampled_from([None, "a", "b", "c"]), min_size=3, max_size=3), max_size=8),
    st.randoms(),
)
def test_who_is_called_what_makes_no_difference(decided, random):
    found = krippendorff_alpha(decided, draws=1)
    order = list(permutations(range(3)))[random.randrange(6)]
    names = {"a": "x", "b": "y", "c": "z", None: None}
    other = krippendorff_alpha([[names[row[i]] for i in order] for row in decided], draws=1)
    assert (found.answers, found.undefined) == (other.answers, other.undefined)
    if found.found is not None:
        assert found.found.estimate == pytest.approx(other.found.estimate)
        assert found.found.estimate <= 1


@settings(max_examples=50)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_kappa_is_that_of_scikit_learn(pairs):
    one, other = np.array(pairs).T
    found = cohen_kappa(one, other)
    if found is None:
        assert len({*one.tolist(), *other.tolist()}) == 1
    else:
        assert found == pytest.approx(cohen_kappa_score(one, other))


def test_kappa_of_cohens_kind_by_hand():
    """Fifty applications, 20 both yes, 15 both no, 5 and 10 apart: .7 observed, .5 by chance."""
    one = np.array([True] * 25 + [False] * 25)
    other = np.array([True] * 20 + [False] * 5 + [True] * 10 + [False] * 15)
    assert cohen_kappa(one, other) == pytest.approx(0.4)
    assert cohen_kappa(one[:0], other[:0]) is None


def test_categories_of_three_annotators_with_gaps():
    decided = [
        [{"x"}, {"x"}, None],
        [{"x", "y"}, {"x"}, {"x"}],
        [{"y"}, {"y"}, {"x"}],
        [set(), {"y"}, set()],
        [{"z"}, None, None],
    ]
    found = {c.category: c for c in category_agreement(decided)}
    assert list(found) == ["no_cause", "x", "y"]  # z is of an answer that one alone read
    assert (found["x"].given, found["x"].apart) == (6, 1)
    pairs = [([1, 1, 0, 0], [1, 1, 0, 0]), ([1, 0, 0], [1, 1, 0]), ([1, 0, 0], [1, 1, 0])]
    kappas = [cohen_kappa_score(*pair) for pair in pairs]
    assert found["x"].kappa == pytest.approx(np.mean(kappas))
    assert (found["no_cause"].given, found["no_cause"].apart) == (2, 1)


def test_a_category_that_all_give_to_every_answer_has_no_kappa():
    found = category_agreement([[{"x"}, {"x"}], [{"x"}, {"x"}]])[0]
    assert (found.kappa, found.alpha, found.given, found.apart) == (None, None, 4, 0)
    assert found.undefined == "each pair gave it to all or to none of its answers"
    assert category_agreement([]) == () == category_agreement([[{"x"}, None]])


def test_stretches_by_hand():
    one = [(0, 10, "a"), (12, 20, "b"), (30, 34, "c")]
    other = [(0, 10, "a"), (14, 20, "b"), (40, 50, "c")]
    found = stretch_agreement([[one, other], [None, one]], draws=50)
    assert (found.stretches, found.answers) == (6, 1)
    assert found.exact.estimate == pytest.approx(1 / 3)
    assert found.half.estimate == pytest.approx(2 / 3)
    assert found.same_category == 1.0


def test_stretches_of_three_are_those_of_the_pairs():
    marks = [[(0, 4, "a")], [(0, 4, "b")], [(8, 9, "a")]]
    found = stretch_agreement([marks], draws=1)
    assert (found.stretches, found.exact.estimate, found.same_category) == (6, pytest.approx(1 / 3), 0.0)


@pytest.mark.parametrize(
    ("decided", "why"),
    [
        ([[[(0, 4, "a")], None]], "no answer was marked by two"),
        ([[[], []]], "nothing was marked in answers that two marked"),
    ],
)
def test_stretches_that_nobody_marked_twice(decided, why):
    found = stretch_agreement(decided)
    assert (found.exact, found.half, found.same_category, found.undefined) == (None, None, None, why)


def test_a_stretch_that_only_one_of_two_marked_counts_against_them():
    found = stretch_agreement([[[(0, 4, "a")], []]], draws=10)
    assert (found.exact.estimate, found.half.estimate, found.same_category) == (0.0, 0.0, None)


def test_who_disagreed_where():
    found = disagreements([[{"a"}, {"a"}], [{"a", "b"}, {"b"}], [set(), {"a"}], [{"a"}, None]])
    told = [(d.answer, d.category, d.given, d.not_given) for d in found]
    assert told == [(1, "a", (0,), (1,)), (2, "a", (1,), (0,)), (2, "no_cause", (0,), (1,))]
