"""Heads against what they must be, calibration against slopes that are known."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.linear_model import LogisticRegression

from samorsak.classify import (
    ITERATIONS,
    STRENGTH,
    THRESHOLDS,
    Calibration,
    Head,
    best_threshold,
    fit_calibration,
    fit_head,
    fit_whole_head,
    log_odds,
)

ROWS = sp.csr_matrix(np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 1]], np.float32))


def test_a_head_by_hand() -> None:
    head = Head(np.array([[1, 0], [0, 2], [-1, 0]], np.float32), np.array([0.5, 0], np.float32))
    evidence = head.evidence(ROWS)
    assert evidence.dtype == np.float64
    assert evidence.tolist() == [[1.5, 0], [1.5, 2], [0.5, 2], [-0.5, 2], [-0.5, 0], [0.5, 0]]
    odds = np.exp(evidence)
    np.testing.assert_allclose(
        np.exp(head.log_probabilities(ROWS)), odds / odds.sum(1, keepdims=True), rtol=1e-12
    )


@given(arrays(np.float32, (3, 4), elements=st.floats(-1e4, 1e4, width=32)))
def test_probabilities_add_up_to_one(weights: np.ndarray) -> None:
    log_p = Head(weights, np.zeros(4, np.float32)).log_probabilities(ROWS)
    assert (log_p <= 0).all()
    np.testing.assert_allclose(np.exp(log_p).sum(1), 1, rtol=1e-12)


@pytest.mark.parametrize("k", [2, 3, 4])
def test_a_head_is_a_weighted_logistic_regression(k: int) -> None:
    outcome = np.array([0, 0, 1, 1, 0, 1]) if k == 2 else np.array([0, 0, 1, 1, 2, 2])
    weight = np.array([1, 0.5, 1, 1, 0.5, 2])
    head = fit_head(ROWS, outcome, weight, k)
    present = np.unique(outcome)
    mass = np.array([weight[outcome == c].sum() for c in present])
    raised = weight * np.sqrt(weight.sum() / len(present) / mass)[outcome]
    model = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS).fit(ROWS, outcome, sample_weight=raised)
    np.testing.assert_allclose(
        np.exp(head.log_probabilities(ROWS))[:, present], model.predict_proba(ROWS), atol=1e-5
    )
    absent = np.setdiff1d(np.arange(k), present)
    assert (head.log_probabilities(ROWS)[:, absent] < -15).all()


def test_one_outcome_is_certain() -> None:
    head = fit_head(ROWS, np.full(6, 1), np.ones(6), 3)
    assert np.exp(head.log_probabilities(ROWS))[:, 1] == pytest.approx(np.ones(6), abs=1e-8)


def test_what_is_rare_is_raised_by_the_root_of_its_scarcity() -> None:
    # nothing to see but how often an outcome stands: 1 of 9 and 8 of 9 become 1 : sqrt(8)
    blank = sp.csr_matrix(np.zeros((9, 1), np.float32))
    head = fit_head(blank, np.array([0, *[1] * 8]), np.ones(9), 2)
    p = np.exp(head.log_probabilities(blank[:1]))[0]
    assert p[1] / p[0] == pytest.approx(8**0.5, rel=1e-3)


def test_a_whole_head_is_one_regression_per_category() -> None:
    gives = np.array([[1, 0, 1], [1, 0, 1], [0, 0, 1], [0, 0, 1], [0, 0, 1], [1, 0, 1]], bool)
    head = fit_whole_head(ROWS, gives)
    model = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS, class_weight={0: 1, 1: 1}).fit(
        ROWS, gives[:, 0]
    )
    np.testing.assert_allclose(head.evidence(ROWS)[:, 0], model.decision_function(ROWS), atol=1e-5)
    assert head.evidence(ROWS)[:, 1] == pytest.approx(np.full(6, np.log(0.5 / 6.5)), rel=1e-6)  # nobody
    assert head.evidence(ROWS)[:, 2] == pytest.approx(np.full(6, np.log(6.5 / 0.5)), rel=1e-6)  # everybody


def test_log_odds() -> None:
    assert log_odds(np.array([0.5, 0.75])) == pytest.approx([0, np.log(3)])
    assert log_odds(np.array([0.0, 1.0])) == pytest.approx([-np.log(999_999), np.log(999_999)])


@given(arrays(float, 5, elements=st.floats(1e-5, 1 - 1e-5)))
def test_log_odds_are_undone_by_calibration(p: np.ndarray) -> None:
    plain = Calibration(np.ones(1), 0.0, 0.5)
    np.testing.assert_allclose(plain.probabilities(log_odds(p)[:, None]), p, rtol=1e-9)


def test_calibration_finds_the_slopes_that_were_used() -> None:
    rng = np.random.default_rng(1)
    evidence = rng.normal(0, 2, (8000, 5, 2))
    known = Calibration(np.array([0.8, 0.3]), -0.5, 0.5)
    gives = rng.random((8000, 5)) < known.probabilities(evidence)
    found = fit_calibration(evidence, gives)
    assert found.slopes == pytest.approx([0.8, 0.3], abs=0.03)
    assert found.intercept == pytest.approx(-0.5, abs=0.04)
    p = found.probabilities(evidence)
    for low in np.arange(0, 1, 0.1):  # of what is given a probability of about 0.3, about 30 % holds
        chosen = (p >= low) & (p < low + 0.1)
        assert gives[chosen].mean() == pytest.approx(p[chosen].mean(), abs=0.03)


@pytest.mark.parametrize("gives", [np.ones((3, 2), bool), np.zeros((3, 2), bool), np.zeros((0, 2), bool)])
def test_with_nothing_to_tell_apart_the_first_evidence_is_taken_as_it_is(gives: np.ndarray) -> None:
    found = fit_calibration(np.zeros((*gives.shape, 2)), gives)
    assert (found.slopes.tolist(), found.intercept, found.threshold) == ([1, 0], 0, 0.5)


def f1(p: np.ndarray, told: np.ndarray, threshold: float) -> float:
    given_ = p >= threshold
    return 2 * (given_ & told).sum() / max(given_.sum() + told.sum(), 1)


def test_the_threshold_is_the_best_there_is() -> None:
    rng = np.random.default_rng(2)
    p = rng.random(5000)
    told = rng.random(5000) < p
    scores = [f1(p, told, t) for t in THRESHOLDS]
    # with true probabilities the best threshold is half the best F1 (Lipton et al. 2014)
    assert best_threshold(p, told) == pytest.approx(max(scores) / 2, abs=0.05)
    assert f1(p, told, best_threshold(p, told)) == pytest.approx(max(scores), abs=0.003)


def test_the_threshold_keeps_away_from_single_rows() -> None:
    p, told = np.array([0.1, 0.3, 0.6, 0.9]), np.array([False, False, True, True])
    found = best_threshold(p, told)
    assert 0.3 + 0.04 < found <= 0.6 - 0.04
    assert f1(p, told, found) == 1


def test_thresholds_tried() -> None:
    assert (THRESHOLDS[0], THRESHOLDS[-1], len(THRESHOLDS)) == (0.2, 0.69, 50)


@given(
    st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).random(30)),
    arrays(bool, 30),
)
def test_a_threshold_is_one_of_those_tried(p: np.ndarray, told: np.ndarray) -> None:
    assert best_threshold(p, told) in THRESHOLDS
