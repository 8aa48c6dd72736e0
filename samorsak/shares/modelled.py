"""Shares without an audit: a machine's counts corrected by the errors of a cross-validation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from samorsak.errors import InputError, TooFewError
from samorsak.shares.counting import Given, roll_up
from samorsak.shares.estimate import DRAWS, Estimate
from samorsak.shares.weighing import effective, scaled

Floats = NDArray[np.float64]

SINGULAR = 0.2
"""Sensitivity and specificity add up to less than one and this: the labels hardly tell anything."""

_LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Trial:
    """A machine's labels of answers it has not learned from, beside what people decided of them.

    Attributes
    ----------
    given, gold : ndarray of bool, shape (m, k)
    """

    given: Given
    gold: Given

    def __post_init__(self) -> None:
        """Check the shapes."""
        if self.given.shape != self.gold.shape:
            raise InputError(f"gold: shape is {self.gold.shape}, expected {self.given.shape}")

    def under(self, line: Given) -> Trial:
        """Roll categories up to a report's lines, shape (k, l); an answer counts once per line."""
        return Trial(roll_up(self.given, line), roll_up(self.gold, line))


def estimate_modelled(
    given: Given,
    trial: Trial,
    *,
    known: Given | None = None,
    weight: Floats | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Estimate:
    """Estimate how many answers give each category, if the machine errs on them as it did in a trial.

    The share is (q + specificity - 1) / (sensitivity + specificity - 1), within [0, 1], where q is the share
    of labels (Rogan and Gladen, "Estimating prevalence from the results of a screening test", American
    Journal of Epidemiology 107, 1978, pp. 71-76). Sensitivity and specificity have Jeffreys posteriors,
    joint over the categories by one exponential weight per answer of the trial, as in `estimate_audited`;
    that the machine errs more or less often in this very round than it does in general is drawn too.

    Parameters
    ----------
    given : ndarray of bool, shape (n, k)
        The machine's labels; in rows of `known`, what a person decided.
    trial : Trial
    known : ndarray of bool, shape (n,), optional
        Must have nothing to do with how easy the answers are; see `estimate_reviewed` for those that were
        chosen.
    weight : ndarray of float64, shape (n,), optional
    draws, seed : int

    Returns
    -------
    Estimate
        Marked ``"modelled"``. A category is refused where sensitivity + specificity - 1 is below 0.2 or not
        surely above zero, so that the division says nothing: its interval is all there could be, its point
        estimate what was counted.

    Raises
    ------
    InputError
        Shapes do not agree, or weights are not what `samorsak.shares.weighing.scaled` expects.
    TooFewError
        The trial has no answer, or there is none to estimate.

    Examples
    --------
    >>> given = np.arange(100)[:, None] < 30
    >>> e = estimate_modelled(given, Trial(given, given))
    >>> e.method, e.share("answers").tolist()
    ('modelled', [0.3])
    """
    n, k = given.shape
    known = np.zeros(n, bool) if known is None else known
    if trial.given.shape[1] != k or known.shape != (n,):
        raise InputError(
            f"trial, known: shapes are {trial.given.shape} and {known.shape}, expected (m, {k}) and ({n},)"
        )
    if not n or not len(trial.gold):
        raise TooFewError(f"trial: {len(trial.gold)} answers for {n}, expected one or more for one or more")
    weight = scaled(weight, n)
    rng = np.random.default_rng(seed)
    plain, drawn = plain_rates(trial), drawn_rates(trial, draws, rng)
    refused: Given = (sum(plain) - 1 < SINGULAR) | (np.quantile(sum(drawn) - 1, 0.025, axis=0) <= 0)
    decided = weight[known] @ given[known]
    frame = weight[~known]
    size = frame.sum()
    q = frame @ given[~known] / size if size else np.zeros(k)
    worth = int(np.rint(effective(size, (frame**2).sum())))
    share = np.where(refused, rng.random((draws, k)), _drawn_share(q, *drawn, worth, rng))
    return Estimate(
        decided + size * np.where(refused, q, _corrected(q, *plain)),
        decided + size * share,
        float(n),
        "modelled",
        0,
        np.zeros(k, np.int64),
        refused,
    )


def _tables(trial: Trial) -> tuple[tuple[Given, Given], tuple[Given, Given]]:
    """Pair right and wrong: of the answers that give a category, and of those that do not."""
    given, gold = trial.given, trial.gold
    return (given & gold, ~given & gold), (~given & ~gold, given & ~gold)


def plain_rates(trial: Trial) -> tuple[Floats, Floats]:
    """Give sensitivity and specificity, shape (k,); 0 where the trial has nothing to say."""
    rates = []
    for right, wrong in _tables(trial):
        of = (right | wrong).sum(axis=0)
        rates.append(np.divide(right.sum(axis=0), of, out=np.zeros(len(of)), where=of > 0))
    return rates[0], rates[1]


def drawn_rates(trial: Trial, draws: int, rng: Generator) -> tuple[Floats, Floats]:
    """Draw sensitivity and specificity, shape (b, k)."""
    k = trial.gold.shape[1]
    shares = rng.standard_exponential((draws, len(trial.gold)), dtype=np.float32)
    rates = []
    for right, wrong in _tables(trial):
        pro = shares @ right.astype(np.float32) + rng.standard_gamma(0.5, (draws, k))
        con = shares @ wrong.astype(np.float32) + rng.standard_gamma(0.5, (draws, k))
        rates.append(pro / (pro + con))
    return rates[0], rates[1]


def _corrected(q: Floats, sensitivity: Floats, specificity: Floats) -> Floats:
    apart = np.maximum(sensitivity + specificity - 1, _LEAST)
    share: Floats = np.clip((q - (1 - specificity)) / apart, 0, 1)
    return share


def _drawn_share(q: Floats, sensitivity: Floats, specificity: Floats, worth: int, rng: Generator) -> Floats:
    """Correct the share of labels by each draw of the rates, then by the luck of the round."""
    share = _corrected(q, sensitivity, specificity)
    if not worth:
        return share
    giving = np.rint(share * worth).astype(np.int64)
    labels = rng.binomial(giving, sensitivity) + rng.binomial(worth - giving, 1 - specificity)
    luck = (labels - giving * sensitivity - (worth - giving) * (1 - specificity)) / worth
    found: Floats = np.clip(share + luck / np.maximum(sensitivity + specificity - 1, _LEAST), 0, 1)
    return found
