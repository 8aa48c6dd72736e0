"""Calibrated probabilities: of a stretch's category, and of an answer giving a category at all.

Arrays in, arrays out. Two linear heads: `Head` says which one category a stretch states (multinomial logistic
regression), `WholeHead` whether an answer as a whole gives each category (one logistic regression each, for
surveys coded per answer). `Calibration` turns their evidence into one probability per answer and category
(Platt, "Probabilistic outputs for support vector machines", 1999, with one slope per kind of evidence).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

type_floats = npt.NDArray[np.float64]
type_floats32 = npt.NDArray[np.float32]
type_ints = npt.NDArray[np.int64]
type_flags = npt.NDArray[np.bool_]

STRENGTH = 10.0
"""Inverse of the penalty on a head's weights (scikit-learn's C)."""

ITERATIONS = 200

_CERTAIN = 1e-6
"""Probabilities are kept this far from 0 and 1, so that their log odds stay finite."""


@dataclass(frozen=True, slots=True)
class Head:
    """A linear map from features to outcomes.

    Attributes
    ----------
    weights : ndarray of float32, shape (v, k)
    intercept : ndarray of float32, shape (k,)
    """

    weights: type_floats32
    intercept: type_floats32

    def evidence(self, features: sp.csr_matrix) -> type_floats:
        """Give the linear scores of rows, shape (r, k)."""
        scores: type_floats = (features @ self.weights).astype(float) + self.intercept
        return scores

    def log_probabilities(self, features: sp.csr_matrix) -> type_floats:
        """Give the log probability of each outcome, shape (r, k); rows sum to one."""
        scores = self.evidence(features)
        scores -= scores.max(1, keepdims=True)
        log_p: type_floats = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        return log_p


def fit_head(
    features: sp.csr_matrix | type_floats32,
    outcome: type_ints,
    weight: type_floats,
    k: int,
    strength: float = STRENGTH,
) -> Head:
    """Fit the head of stretches.

    Parameters
    ----------
    features : csr_matrix or ndarray, shape (r, v)
    outcome : ndarray of int64, shape (r,)
        Column of each row's outcome; columns without a row get a probability near nothing.
    weight : ndarray, shape (r,)
        How much each row counts before rare outcomes are raised (by the root of their scarcity).
    k : int
        Number of outcomes.
    """
    from sklearn.linear_model import LogisticRegression

    mass = np.bincount(outcome, weights=weight, minlength=k)
    present = np.flatnonzero(mass > 0)
    width = features.shape[1]
    weights = np.zeros((width, k), np.float32)
    intercept = np.full(k, -20.0, np.float32)
    if len(present) == 1:
        intercept[present] = 0
        return Head(weights, intercept)
    raised = np.sqrt(mass.sum() / len(present) / mass[outcome]) * weight
    model = LogisticRegression(C=strength, max_iter=ITERATIONS)
    model.fit(features, outcome, sample_weight=raised)
    coefficients, constants = model.coef_, model.intercept_
    if len(present) == 2:  # scikit-learn gives one row for two outcomes
        coefficients = np.concatenate([-coefficients / 2, coefficients / 2])
        constants = np.concatenate([-constants / 2, constants / 2])
    weights[:, present] = coefficients.T
    intercept[present] = constants
    return Head(weights, intercept)


def fit_whole_head(features: sp.csr_matrix, gives: type_flags, strength: float = STRENGTH) -> Head:
    """Fit one yes-or-no regression per category on whole answers.

    Parameters
    ----------
    features : csr_matrix, shape (n, v)
    gives : ndarray of bool, shape (n, k)
        Which answers give which category.
    """
    from sklearn.linear_model import LogisticRegression

    n, k = gives.shape
    weights = np.zeros((features.shape[1], k), np.float32)
    intercept = np.zeros(k, np.float32)
    for c in range(k):
        positive = int(gives[:, c].sum())
        if positive in (0, n):
            intercept[c] = np.log((positive + 0.5) / (n - positive + 0.5))
            continue
        model = LogisticRegression(
            C=strength, max_iter=ITERATIONS, class_weight={0: 1.0, 1: _raise(positive, n)}
        )
        model.fit(features, gives[:, c])
        weights[:, c] = model.coef_[0]
        intercept[c] = model.intercept_[0]
    return Head(weights, intercept)


def _raise(positive: int, n: int) -> float:
    """Weight of a rare category's answers: the root of what would balance it."""
    return float(np.sqrt((n - positive) / positive))


def log_odds(probability: type_floats) -> type_floats:
    """Logit, finite everywhere."""
    p = np.clip(probability, _CERTAIN, 1 - _CERTAIN)
    odds: type_floats = np.log(p) - np.log1p(-p)
    return odds


@dataclass(frozen=True, slots=True)
class Calibration:
    """From kinds of evidence to a probability, the same for every category.

    Attributes
    ----------
    slopes : ndarray, shape (e,)
        One per kind of evidence, in log odds.
    intercept : float
    threshold : float
        An answer gives a category from this probability on.
    """

    slopes: type_floats
    intercept: float
    threshold: float

    def probabilities(self, evidence: type_floats) -> type_floats:
        """Give calibrated probabilities; evidence of shape (..., e)."""
        p: type_floats = 1 / (1 + np.exp(-((evidence * self.slopes).sum(-1) + self.intercept)))
        return p


def fit_calibration(evidence: type_floats, gives: type_flags) -> Calibration:
    """Learn slopes, intercept and threshold from answers that the heads have not seen.

    Parameters
    ----------
    evidence : ndarray, shape (n, k, e)
        Log odds.
    gives : ndarray of bool, shape (n, k)

    Returns
    -------
    Calibration
        Its threshold is the one with the highest micro-F1 on these answers.
    """
    from sklearn.linear_model import LogisticRegression

    flat = evidence.reshape(-1, evidence.shape[-1])
    told = gives.ravel()
    if told.all() or not told.any():
        return Calibration(np.eye(1, flat.shape[1])[0], 0.0, 0.5)
    model = LogisticRegression(C=1e3, max_iter=ITERATIONS).fit(flat, told)
    slopes, intercept = model.coef_[0].astype(float), float(model.intercept_[0])
    draft = Calibration(slopes, intercept, 0.5)
    return Calibration(slopes, intercept, best_threshold(draft.probabilities(flat), told))


THRESHOLDS = np.round(np.arange(0.2, 0.7, 0.01), 2)


def best_threshold(probability: type_floats, told: type_flags) -> float:
    """Find the threshold with the highest F1, smoothed over its neighbours so that one row does not decide.

    Examples
    --------
    >>> best_threshold(np.array([0.1, 0.3, 0.8, 0.9]), np.array([False, False, True, True]))
    0.35
    """
    given = probability[None, :] >= THRESHOLDS[:, None]
    right = (given & told).sum(1)
    f1 = 2 * right / np.maximum(given.sum(1) + told.sum(), 1)
    padded = np.pad(f1, 4, mode="edge")
    smooth = np.convolve(padded, np.ones(9) / 9, mode="valid")
    return float(THRESHOLDS[int(smooth.argmax())])
