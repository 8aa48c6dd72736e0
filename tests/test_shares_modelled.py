"""Shares from a machine's counts and its errors in a cross-validation."""

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from samorsak.errors import InputError, TooFewError
from samorsak.shares import BASES, Trial, estimate_modelled


def labels(gold: np.ndarray, sensitivity: float, specificity: float, seed: int = 0) -> np.ndarray:
    luck = np.random.default_rng([9, seed]).random(gold.shape)
    return np.where(gold, luck < sensitivity, luck > specificity)


def test_counts_are_corrected_by_sensitivity_and_specificity():
    """Rogan and Gladen: (0.31 + 0.9 - 1) / (0.8 + 0.9 - 1) = 0.3."""
    given = np.arange(100)[:, None] < 31
    gold = np.arange(200)[:, None] < 100
    trial = Trial(np.arange(200)[:, None] % 100 < np.where(gold, 80, 10), gold)
    found = estimate_modelled(given, trial)
    assert found.share("answers").item() == pytest.approx(0.3)
    low, high = (end.item() for end in found.interval("answers"))
    assert 0.1 < low < 0.2 and 0.38 < high < 0.5
    assert (found.method, found.audited, found.refused.tolist()) == ("modelled", 0, [False])


def test_a_perfect_machine_gives_the_plain_share():
    gold = np.random.default_rng(0).random((200, 4)) < 0.3
    found = estimate_modelled(gold, Trial(gold, gold))
    assert found.share("answers").tolist() == pytest.approx(gold.mean(axis=0).tolist(), abs=1e-15)


@pytest.mark.parametrize("sensitivity", [0.3, 0.4])
def test_labels_that_tell_nothing_are_refused(sensitivity):
    gold = np.random.default_rng(0).random((300, 2)) < 0.3
    given = labels(gold, sensitivity, 0.7)
    given[:, 1] = gold[:, 1]
    found = estimate_modelled(given, Trial(given, gold))
    assert found.refused.tolist() == [True, False]
    low, high = found.interval("answers")
    assert low[0] < 0.05 and high[0] > 0.95
    assert found.number[0] == given[:, 0].sum()
    assert high[1] - low[1] < 0.1


def test_a_category_that_the_trial_never_had_is_refused():
    gold = np.zeros((50, 1), bool)
    assert estimate_modelled(gold, Trial(gold, gold)).refused.tolist() == [True]


@settings(max_examples=100, deadline=None)
@drawn(st.data())
def test_an_interval_lies_between_0_and_1(data):
    n, m, k = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 8)), data.draw(st.integers(1, 3))
    trial = Trial(data.draw(arrays(bool, (m, k))), data.draw(arrays(bool, (m, k))))
    weight = data.draw(arrays(float, n, elements=st.sampled_from([0.0, 1.0, 3.0])))
    weight[0] = 1
    found = estimate_modelled(
        data.draw(arrays(bool, (n, k))), trial, known=data.draw(arrays(bool, n)), weight=weight, draws=50
    )
    for base in BASES:
        low, high = found.interval(base)
        assert np.all(
            (low >= 0) & (low <= found.share(base)) & (found.share(base) <= high) & (high <= 1 + 1e-12)
        )


def test_known_answers_are_counted_as_they_are():
    gold = np.random.default_rng(1).random((100, 2)) < 0.4
    found = estimate_modelled(gold, Trial(gold, gold), known=np.ones(100, bool))
    assert found.draws.std(axis=0).tolist() == [0, 0]
    assert found.number.tolist() == gold.sum(axis=0).tolist()


def test_a_round_like_the_trial_is_covered():
    covered = []
    for run in range(100):
        rng = np.random.default_rng(run)
        gold = rng.random((300, 5)) < [0.05, 0.1, 0.2, 0.3, 0.4]
        asked = rng.random((400, 5)) < 0.2
        trial = Trial(labels(asked, 0.85, 0.96, run), asked)
        low, high = estimate_modelled(labels(gold, 0.85, 0.96, 500 + run), trial, draws=400).interval(
            "answers"
        )
        covered.append((low <= gold.mean(axis=0)) & (gold.mean(axis=0) <= high))
    assert abs(np.mean(covered) - 0.95) < 3 * np.sqrt(0.05 * 0.95 / 500)


def test_lines_are_rolled_up():
    gold = np.array([[True, True, False], [False, False, True]])
    line = np.array([[True, False], [True, False], [False, True]])
    assert Trial(gold, gold).under(line).gold.tolist() == [[True, False], [False, True]]


def test_bad_input_is_refused():
    gold = np.zeros((3, 2), bool)
    with pytest.raises(InputError, match=r"^gold: shape is \(3, 2\), expected \(3, 1\)$"):
        Trial(gold[:, :1], gold)
    with pytest.raises(InputError, match=r"^trial, known: shapes are"):
        estimate_modelled(gold[:, :1], Trial(gold, gold))
    with pytest.raises(InputError, match=r"^weights: all are zero, expected one above zero$"):
        estimate_modelled(gold, Trial(gold, gold), weight=np.zeros(3))
    with pytest.raises(TooFewError, match=r"^trial: 0 answers for 3, expected one or more for one or more$"):
        estimate_modelled(gold, Trial(gold[:0], gold[:0]))
