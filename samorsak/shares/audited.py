"""Shares from a random audit and the machine's labels: post-stratified, for a round of known size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from samorsak.errors import TooFewError
from samorsak.shares.counting import Given
from samorsak.shares.estimate import DRAWS, Estimate
from samorsak.shares.pooling import draw_priors
from samorsak.shares.sample import CUT, Audit, machine_strata
from samorsak.shares.weighing import effective, scaled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENOUGH = 200
"""From this many audited answers on there are three strata."""


def estimate_audited(
    audit: Audit, *, machine: bool = True, cut: float = CUT, draws: int = DRAWS, seed: int = 0
) -> Estimate:
    """Estimate how many answers give each category.

    Each category is post-stratified by the machine's label: given or not, and from 200 audited answers on, if
    probabilities are there, not given but doubtful. The point estimate is the stratified one (Cochran,
    "Sampling techniques", 3rd ed. 1977, section 5A.9), sum of N_s x_s / n_s; a stratum without an audited
    answer takes its mean from the prior.

    The audited answers are known; the rest of a stratum, N_s - n_s answers, is drawn. A rate has a Beta
    posterior, its prior pooled over the categories (`samorsak.shares.pooling.draw_priors`), or Jeffreys'
    (Brown, Cai and DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16, 2001,
    section 3.1.2) where the machine tells no answers apart; the number in the rest is binomial, as a
    population of known size asks for (beta-binomial prediction; Ghosh and Meeden, "Bayesian methods for
    finite population sampling", 1997, chapter 2).

    The dependence between categories is that of the audited answers: each gets one exponential weight per
    draw (Rubin, "The Bayesian bootstrap", Annals of Statistics 9, 1981, section 2), and sums of these weights
    are just the gamma variables that a Beta variable is made of. The binomial step is drawn for each category
    alone and put into the order of the rates (Iman and Conover, "A distribution-free approach to inducing
    rank correlation among input variables", Communications in Statistics B 11, 1982). Weighted answers enter
    with Kish's effective number (sum w)^2 / sum w^2 ("Survey sampling", 1965, section 11.7).

    Parameters
    ----------
    audit : Audit
    machine : bool
        Use the machine's labels; without them this is the audit alone.
    cut : float
        As for `machine_strata`.
    draws : int
    seed : int
        Rounds and questions that are compared may share it. The order of the answers changes nothing.

    Returns
    -------
    Estimate

    Raises
    ------
    TooFewError
        No audited answer with a weight above zero, while there are answers to estimate.

    Examples
    --------
    >>> given = np.zeros((40, 1), bool)
    >>> given[:10] = True
    >>> e = estimate_audited(Audit(given, np.arange(0, 40, 2), given[::2]))
    >>> e.share("answers").tolist()
    [0.25]
    >>> low, high = e.interval("answers")
    >>> bool(0.15 < low[0] < 0.25 < high[0] < 0.35)
    True
    """
    frame = _frame(audit, machine, cut)
    if not len(frame.gold) and (len(frame.rest_weight) or not len(audit.given)):
        raise TooFewError("audit: no audited answer with a weight above zero, expected one or more")
    rng = np.random.default_rng(seed)
    strata = [s for s in (_stratum(frame, number) for number in range(3)) if s.size.any()]
    rates = _rates(strata, len(frame.gold), draws, rng)
    return Estimate(
        frame.known + _point(strata, rates, audit.given.shape[1]),
        frame.known + _numbers(strata, rates, (draws, audit.given.shape[1]), rng),
        float(len(audit.given)),
        "audited" if machine else "audit alone",
        len(audit.rows),
        audit.gold.sum(axis=0, dtype=np.int64),
        np.zeros(audit.given.shape[1], bool),
    )


class _Frame(NamedTuple):
    """The answers sorted by what they hold, so that their order on file changes nothing."""

    audited_weight: Floats  # (a,)
    audited_strata: Ints  # (a, k)
    gold: Given  # (a, k)
    rest_weight: Floats  # (r,)
    rest_strata: Ints  # (r, k)
    known: Floats  # (k,)


def _frame(audit: Audit, machine: bool, cut: float) -> _Frame:
    n, k = audit.given.shape
    weight = scaled(audit.weight, n)
    known = np.zeros(n, bool) if audit.known is None else audit.known
    probability = audit.probability if len(audit.rows) >= ENOUGH else None
    strata = machine_strata(audit.given, probability, cut) if machine else np.zeros((n, k), np.int64)
    heavy = weight[audit.rows] > 0
    rows, gold = audit.rows[heavy], audit.gold[heavy]
    rest = ~known & (weight > 0)
    rest[rows] = False
    in_audit = _by_content(weight[rows], strata[rows], gold)
    in_rest = _by_content(weight[rest], strata[rest])
    return _Frame(
        weight[rows][in_audit],
        strata[rows][in_audit],
        gold[in_audit],
        weight[rest][in_rest],
        strata[rest][in_rest],
        (np.sort(weight[known, None] * audit.given[known], axis=0)).sum(axis=0),
    )


def _by_content(weight: Floats, *columns: NDArray[np.generic]) -> Ints:
    order: Ints = np.lexsort((*np.concatenate(columns, axis=1).T, weight))
    return order


class _Stratum(NamedTuple):
    """One stratum of each category. Weighted numbers of answers have shape (k,)."""

    given: bool  # by the machine
    pro: NDArray[np.float32]  # (a, k): weights of the audited answers that give the category, 0 elsewhere
    con: NDArray[np.float32]  # (a, k): of those that do not
    positive: Floats  # audited answers that give it
    audited: Floats
    effective: Floats  # what the audited answers are worth
    rest: Floats  # answers not audited
    rest_effective: Ints

    @property
    def size(self) -> Floats:
        return self.audited + self.rest


def _stratum(frame: _Frame, number: int) -> _Stratum:
    members, weight = frame.audited_strata == number, frame.audited_weight
    others, other_weight = frame.rest_strata == number, frame.rest_weight
    audited, rest = weight @ members, other_weight @ others
    return _Stratum(
        number == 1,
        (weight[:, None] * (members & frame.gold)).astype(np.float32),
        (weight[:, None] * (members & ~frame.gold)).astype(np.float32),
        weight @ (members & frame.gold),
        audited,
        effective(audited, weight**2 @ members),
        rest,
        np.rint(effective(rest, other_weight**2 @ others)).astype(np.int64),
    )


def _rates(strata: Sequence[_Stratum], a: int, draws: int, rng: Generator) -> list[Floats]:
    """Draw the share of each stratum that gives each category, shape (b, k)."""
    own = rng.standard_exponential((draws, a), dtype=np.float32)
    sizes = np.array([s.size for s in strata])
    told_apart = (sizes > 0).sum(axis=0) > 1
    given = sum((s.size for s in strata if s.given), np.zeros(sizes.shape[1:]))
    odds = (given + 0.5) / (sizes.sum(axis=0) - given + 0.5)
    rates = []
    for s in strata:
        scale = np.divide(s.effective, s.audited, out=np.zeros_like(s.audited), where=s.audited > 0)
        pooled = told_apart & (s.size > 0)
        a_pro, a_con = np.full((2, draws, len(odds)), 0.5)  # Jeffreys
        if pooled.any():
            x = (s.positive * scale)[pooled]
            a_pro[:, pooled], a_con[:, pooled] = draw_priors(s.effective[pooled], x, odds[pooled], draws, rng)
        pro = rng.standard_gamma(a_pro) + own @ s.pro * scale
        con = rng.standard_gamma(a_con) + own @ s.con * scale
        # both may be too small for a number where nothing was audited
        rates.append(np.divide(pro, pro + con, out=a_pro / (a_pro + a_con), where=pro + con > 0))
    return rates


def _point(strata: Sequence[_Stratum], rates: Sequence[Floats], k: int) -> Floats:
    number = np.zeros(k)
    for s, rate in zip(strata, rates, strict=True):
        mean = np.divide(s.positive, s.audited, out=rate.mean(axis=0), where=s.audited > 0)
        number += s.positive + s.rest * mean
    return number


def _numbers(
    strata: Sequence[_Stratum], rates: Sequence[Floats], shape: tuple[int, int], rng: Generator
) -> Floats:
    """Draw how many answers of the frame give each category, shape (b, k)."""
    drawn, order = np.zeros(shape), np.zeros(shape)
    positive, rest, unit = np.zeros((3, shape[1]))
    for s, rate in zip(strata, rates, strict=True):
        drawn += rng.binomial(s.rest_effective, rate) * (s.rest / np.maximum(s.rest_effective, 1))
        order += s.rest * rate
        positive += s.positive
        rest += s.rest
        unit += s.rest_effective
    # whole numbers are spread over their unit, else the intervals hold too much (as with mid-p values)
    drawn += rng.uniform(-0.5, 0.5, shape) * (rest / np.maximum(unit, 1))
    return positive + _ordered(np.clip(drawn, 0, rest), order)


def _ordered(drawn: Floats, order: Floats) -> Floats:
    """Put each column of draws into the order of another."""
    place = order.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    ordered: Floats = np.take_along_axis(np.sort(drawn, axis=0), place, axis=0)
    return ordered
