"""A prior for the error rates of one category, learned from the errors in all of them.

An audit of fifty answers says next to nothing about a category that four of them give; but the machine's
errors are alike enough between categories that together they say much.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST = 32.0
"""What the other categories say weighs at most as much as this many audited answers."""

ODD = 0.2
"""Prior probability that a category is unlike the others; it then has Jeffreys' prior."""

TILT = 0.5
"""Between 0, a rate is the same whatever the category's share, and 1, its odds are as those of the share."""

_LEVELS = np.linspace(-7.0, 7.0, 25)
_WEIGHTS = np.geomspace(1.0, MOST, 6)


def draw_priors(n: Floats, x: Floats, odds: Floats, size: int, rng: Generator) -> tuple[Floats, Floats]:
    """Draw the parameters of each category's Beta prior, given the audit of one stratum.

    Rate j has the prior Beta(w m_j, w (1 - m_j)) with logit m_j = l + TILT (log odds_j - their mean): a
    hierarchical model with unknown level l (its prior the arcsine law) and weight w (log-uniform up to MOST),
    both on a grid (Gelman et al., "Bayesian data analysis", 3rd ed. 2013, section 5.3). The tilt stands
    half-way between equal predictive values and equal likelihood ratios: where a category is given twice as
    often, misses among the answers not given it rise and false alarms fall (label shift; Saerens, Latinne and
    Decaestecker, "Adjusting the outputs of a classifier to new a priori probabilities", Neural Computation
    14, 2002, equation 2.4). With probability ODD a category has Jeffreys' Beta(1/2, 1/2) instead, so that one
    whose audit contradicts the others goes its own way (robust mixture; Schmidli et al., "Robust
    meta-analytic-predictive priors in clinical trials with historical control information", Biometrics 70,
    2014, section 2.3).

    Parameters
    ----------
    n, x : ndarray of float64, shape (k,)
        Audited answers in the stratum, and those of them that give the category (effective numbers).
    odds : ndarray of float64, shape (k,)
        Odds of the machine giving the category, above 0.
    size : int
        Number of draws, b.

    Returns
    -------
    tuple of two ndarrays of float64, shape (b, k)
        Pseudo-counts for and against.
    """
    from scipy.special import betaln, expit  # here, as it is heavy and counting does without it

    tilted = TILT * (np.log(odds) - np.log(odds).mean())
    level, weight = (grid.ravel() for grid in np.meshgrid(_LEVELS, _WEIGHTS))
    mean = expit(level[:, None] + tilted)
    a, b = weight[:, None] * mean, weight[:, None] * (1 - mean)
    alike = np.log(1 - ODD) + betaln(x + a, n - x + b) - betaln(a, b)
    odd = np.log(ODD) + betaln(x + 0.5, n - x + 0.5) - betaln(0.5, 0.5)
    either = np.logaddexp(alike, odd)
    log_p = either.sum(axis=1) + np.log(expit(level) * expit(-level)) / 2
    p = np.exp(log_p - log_p.max())
    chosen = rng.choice(len(p), size, p=p / p.sum())
    own = rng.random((size, len(n))) < np.exp(odd - either)[chosen]
    return np.where(own, 0.5, a[chosen]), np.where(own, 0.5, b[chosen])
