"""Second opinions on an audited round: other people's estimators on the same audit, beside ours."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import InputError, TooFewError
from samorsak.extras import extra
from samorsak.shares import LEVEL, Audit, Estimate, Given

Floats = NDArray[np.float64]

RESAMPLES = 200
"""Bootstrap samples for QuaPy's interval."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an estimator says of the shares of answers; each array of shape (k,).

    Attributes
    ----------
    name : str
    share, low, high : ndarray of float64
        NaN where it has nothing to say.
    """

    name: str
    share: Floats
    low: Floats
    high: Floats


def second_opinions(audit: Audit, ours: Estimate, seed: int = 0) -> tuple[Opinion, ...]:
    """Estimate the shares of answers by ours, PPI++ and QuaPy's adjusted count.

    PPI++ takes the machine's labels as predictions (Angelopoulos, Duchi and Zrnic, "PPI++: efficient
    prediction-powered inference", arXiv:2311.01453, section 2); always two-sided, as ppi-python 0.2.3 forgets
    `alternative` where it chooses `lam` itself. The adjusted count takes sensitivity and specificity from the
    audit (`quapy.method.aggregative.ACC`; Forman, "Quantifying counts and costs via classification", Data
    Mining and Knowledge Discovery 17, 2008); its interval is a percentile bootstrap of audit and labels,
    drawn here as QuaPy 0.2.3's own fails where the classifier is fitted before. Neither knows that the round
    is of known size, so their intervals may be wider.

    Parameters
    ----------
    audit : Audit
        Without weights.
    ours : Estimate
    seed : int
        Of the bootstrap.

    Raises
    ------
    InputError
        The extra is not installed, or answers are weighted.
    TooFewError
        Fewer than two answers are audited, or all of them.
    """
    with extra("crosscheck", "a second opinion"):
        import ppi_py
        import quapy.method.aggregative as quapy
    if audit.weight is not None:
        raise InputError("weight: second opinions know no weights; leave it out")
    known = np.zeros(len(audit.given), bool) if audit.known is None else audit.known
    rest = ~known
    rest[audit.rows] = False
    if len(audit.rows) < 2 or not rest.any():
        raise TooFewError(
            f"audit: {len(audit.rows)} answers audited and {rest.sum()} not, expected two and one or more"
        )
    frame = (int(known.sum()), audit.given[known].sum(axis=0), len(audit.given))
    low, high = ours.interval("answers")
    return (
        Opinion("samorsak", ours.share("answers"), low, high),
        _of_all(*_by_ppi(ppi_py, audit, rest), frame, "PPI++"),
        _of_all(*_by_quapy(quapy, audit, ~known, seed), frame, "QuaPy ACC"),
    )


def disagrees(ours: Opinion, other: Opinion) -> Given:
    """Say where two opinions contradict each other, shape (k,).

    They do where neither share lies in the other's interval: a wide interval alone is no contradiction, nor
    is a share that is a little off.

    Examples
    --------
    >>> one = Opinion("a", np.array([0.1, 0.1]), np.array([0.05, 0.05]), np.array([0.15, 0.15]))
    >>> two = Opinion("b", np.array([0.2, 0.2]), np.array([0.12, 0.05]), np.array([0.3, 0.3]))
    >>> disagrees(one, two).tolist()
    [True, False]
    """
    outside = [(b.share < a.low) | (b.share > a.high) for a, b in ((ours, other), (other, ours))]
    return outside[0] & outside[1]


def _of_all(share: Floats, low: Floats, high: Floats, frame: tuple[int, Any, int], name: str) -> Opinion:
    """Put the answers that were decided before the draw to a share of the others."""
    decided, giving, n = frame
    return Opinion(name, *((giving + (n - decided) * part) / n for part in (share, low, high)))


def _by_ppi(ppi_py: Any, audit: Audit, rest: Given) -> tuple[Floats, Floats, Floats]:
    gold, labels = audit.gold.astype(float), audit.given[audit.rows].astype(float)
    others = audit.given[rest].astype(float)
    found = np.full((3, gold.shape[1]), np.nan)
    for j in range(gold.shape[1]):  # one at a time, so that each is tuned for itself
        data = gold[:, j], labels[:, j], others[:, j]
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            point = ppi_py.ppi_mean_pointestimate(*data)
            low, high = ppi_py.ppi_mean_ci(*data, alpha=1 - LEVEL)
        found[:, j] = [np.ravel(x)[0] for x in (point, low, high)]
    share, low, high = np.clip(found, 0, 1)
    return share, low, high


def _by_quapy(quapy: Any, audit: Audit, frame: Given, seed: int) -> tuple[Floats, Floats, Floats]:
    from sklearn.dummy import DummyClassifier

    labels, gold = audit.given[audit.rows].astype(int), audit.gold.astype(int)
    everyone = audit.given[frame].astype(int)
    rng = np.random.default_rng(seed)
    a, n = len(gold), len(everyone)
    fitted = DummyClassifier().fit([[0], [1]], [0, 1])  # says which classes there are; asked for nothing else
    counted = quapy.ACC(fitted, fit_classifier=False, val_split=None, solver="exact-cc")

    def estimate(audited: NDArray[np.int64], answers: NDArray[np.int64]) -> Floats:
        shares = np.empty(gold.shape[1])
        for j in range(len(shares)):
            counted.aggregation_fit(labels[audited, j], gold[audited, j])
            shares[j] = counted.aggregate(everyone[answers, j])[1]
        return shares

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        share = estimate(np.arange(a), np.arange(n))
        drawn = [estimate(rng.integers(a, size=a), rng.integers(n, size=n)) for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return share, low, high
