"""Shares from a random audit and the machine's labels: post-stratified, with the finite population in view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from samorsak.errors import InputError, TooFewError
from samorsak.shares.counting import Given, roll_up
from samorsak.shares.estimate import DRAWS, Estimate
from samorsak.shares.pooling import draw_priors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CUT = 0.1
"""Not given, but with a probability from here on: the third stratum."""

ENOUGH = 200
"""From this many audited answers on there are three strata."""


@dataclass(frozen=True, slots=True)
class Audit:
    """A round to one question with the answers of it that were audited.

    Columns are the scheme's categories, or a report's lines (see `under`).

    Attributes
    ----------
    given : ndarray of bool, shape (n, k)
        The machine's labels as of the draw; in rows of `known`, what a person decided.
    rows : ndarray of int64, shape (a,)
        The audited answers, a simple random sample without replacement of those not `known`.
    gold : ndarray of bool, shape (a, k)
        What they give.
    probability : ndarray of float64, shape (n, k), optional
        The machine's, as of the draw; needed for three strata.
    known : ndarray of bool, shape (n,), optional
        Answers decided before the draw: they leave the frame and are counted as they are.
    weight : ndarray of float64, shape (n,), optional
        Of each answer; only their proportions matter.

    Raises
    ------
    InputError
        Shapes do not agree, an audited row is out of range, audited twice or known before, a weight is
        negative or not finite, or all weights are zero.
    """

    given: Given
    rows: Ints
    gold: Given
    probability: Floats | None = None
    known: Given | None = None
    weight: Floats | None = None

    def __post_init__(self) -> None:
        """Check the shapes and what the arrays hold."""
        n, k = self.given.shape
        _same("gold", self.gold, (len(self.rows), k))
        if self.probability is not None:
            _same("probability", self.probability, (n, k))
        if len(self.rows) and not (0 <= self.rows.min() and self.rows.max() < n):
            raise InputError(f"audit: row {self.rows.max()} is audited, the round has {n} answers")
        if len(np.unique(self.rows)) < len(self.rows):
            raise InputError("audit: an answer is audited twice, expected each once")
        if self.known is not None:
            _same("known", self.known, (n,))
            if self.known[self.rows].any():
                raise InputError("audit: an answer decided before the draw is audited, expected it left out")
        if self.weight is not None:
            _same("weight", self.weight, (n,))
            if not (np.isfinite(self.weight) & (self.weight >= 0)).all():
                raise InputError("weights: one is negative or not a number, expected 0 or more")
            if not self.weight.any():
                raise InputError("weights: all are zero, expected one above zero")

    def under(self, line: Given) -> Audit:
        """Roll categories up to a report's lines, shape (k, l); an answer counts once per line.

        A line's probability is that of any of its categories, as if they were independent.
        """
        probability = self.probability
        if probability is not None:
            with np.errstate(divide="ignore"):
                probability = -np.expm1(np.log1p(-probability) @ line.astype(float))
        lines, gold = roll_up(self.given, line), roll_up(self.gold, line)
        return Audit(lines, self.rows, gold, probability, self.known, self.weight)

    def among(self, members: Given) -> Audit:
        """Keep a group of the answers, shape (n,); those audited in it are a random sample of it."""
        kept = members[self.rows]
        place = np.cumsum(members) - 1
        parts = (
            part if part is None else part[members] for part in (self.probability, self.known, self.weight)
        )
        return Audit(self.given[members], place[self.rows[kept]], self.gold[kept], *parts)


def machine_strata(given: Given, probability: Floats | None = None, cut: float = CUT) -> Ints:
    """Sort each answer by what the machine said of each category.

    Parameters
    ----------
    given : ndarray of bool, shape (n, k)
    probability : ndarray of float64, shape (n, k), optional
    cut : float
        Fixed before the audit is drawn.

    Returns
    -------
    ndarray of int64, shape (n, k)
        0 not given, 1 given, 2 not given but with a probability from `cut` on.

    Examples
    --------
    >>> machine_strata(np.array([[True, False, False]]), np.array([[0.9, 0.2, 0.05]])).tolist()
    [[1, 2, 0]]
    """
    strata = given.astype(np.int64)
    if probability is not None:
        strata[~given & (probability >= cut)] = 2
    return strata


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

    The dependence between categories is that of the audited answers: each gets one exponential weight per draw
    (Rubin, "The Bayesian bootstrap", Annals of Statistics 9, 1981, section 2), and sums of these weights are
    just the gamma variables that a Beta variable is made of. The binomial step is drawn for each category
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
    if not len(frame.audited_weight) and frame.rest_weight.any():
        raise TooFewError("audit: no audited answer with a weight above zero, expected one or more")
    rng = np.random.default_rng(seed)
    shares = rng.standard_exponential((draws, len(frame.gold)), dtype=np.float32)
    k = audit.given.shape[1]
    strata = [_stratum(frame, s) for s in range(3)]
    told_apart = sum((s.size > 0).astype(int) for s in strata) > 1
    odds = (strata[1].size + 0.5) / (strata[0].size + strata[2].size + 0.5)
    number, order, drawn = frame.known.copy(), np.zeros((draws, k)), np.zeros((draws, k))
    for s in strata:
        if not s.size.any():
            continue
        rate = _rates(s, shares, told_apart, odds, rng)
        mean = np.divide(s.positive, s.audited, out=rate.mean(axis=0), where=s.audited > 0)
        number += s.positive + s.rest * mean
        order += s.rest * rate
        drawn += s.rest * rng.binomial(s.rest_n, rate) / np.maximum(s.rest_n, 1)
    rest, rest_n = sum(s.rest for s in strata), sum(s.rest_n for s in strata)
    # whole numbers are spread over their unit, or the ends of an interval would hold too much (as mid-p does)
    drawn += rng.uniform(-0.5, 0.5, drawn.shape) * (rest / np.maximum(rest_n, 1))
    drawn = np.clip(drawn, 0, rest) + frame.known + sum(s.positive for s in strata)
    return Estimate(
        number,
        _ordered(drawn, order),
        float(len(audit.given)),
        "audited" if machine else "audit alone",
        len(audit.rows),
        audit.gold.sum(axis=0, dtype=np.int64),
        np.zeros(k, bool),
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
    weight = np.ones(n) if audit.weight is None else audit.weight * (n / audit.weight.sum())
    known = np.zeros(n, bool) if audit.known is None else audit.known
    probability = audit.probability if len(audit.rows) >= ENOUGH else None
    strata = machine_strata(audit.given, probability, cut) if machine else np.zeros((n, k), np.int64)
    rest = ~known & (weight > 0)
    rest[audit.rows] = False
    in_rest = _by_content(weight[rest], strata[rest])
    heavy = weight[audit.rows] > 0
    rows, gold = audit.rows[heavy], audit.gold[heavy]
    in_audit = _by_content(weight[rows], strata[rows], gold)
    return _Frame(
        weight[rows][in_audit],
        strata[rows][in_audit],
        gold[in_audit],
        weight[rest][in_rest],
        strata[rest][in_rest],
        (weight[known, None] * audit.given[known]).sum(axis=0),
    )


def _by_content(weight: Floats, *columns: NDArray[np.generic]) -> Ints:
    order: Ints = np.lexsort((*np.concatenate(columns, axis=1).T, weight))
    return order


class _Stratum(NamedTuple):
    """Weighted and effective numbers of one stratum, each of shape (k,) but `members`, (a, k)."""

    members: Given
    positives: Given
    weight: Floats
    scale: Floats  # from weights to effective numbers
    audited: Floats
    positive: Floats
    rest: Floats
    rest_n: Ints

    @property
    def size(self) -> Floats:
        return self.audited + self.rest


def _stratum(frame: _Frame, s: int) -> _Stratum:
    members = frame.audited_strata == s
    audited, square = frame.audited_weight @ members, frame.audited_weight**2 @ members
    rest_in = frame.rest_strata == s
    rest, rest_square = frame.rest_weight @ rest_in, frame.rest_weight**2 @ rest_in
    return _Stratum(
        members,
        members & frame.gold,
        frame.audited_weight,
        np.divide(audited, square, out=np.zeros_like(audited), where=square > 0),
        audited,
        frame.audited_weight @ (members & frame.gold),
        rest,
        np.rint(np.divide(rest**2, rest_square, out=np.zeros_like(rest), where=rest > 0)).astype(np.int64),
    )


def _rates(
    s: _Stratum, shares: NDArray[np.float32], told_apart: Given, odds: Floats, rng: Generator
) -> Floats:
    """Draw the share of a stratum that gives each category, shape (b, k)."""
    size, k = len(shares), len(odds)
    pro, con = np.full((size, k), 0.5), np.full((size, k), 0.5)
    pooled = told_apart & (s.size > 0)
    if pooled.any():
        n, x = (s.scale * s.audited)[pooled], (s.scale * s.positive)[pooled]
        pro[:, pooled], con[:, pooled] = draw_priors(n, x, odds[pooled], size, rng)
    mean = pro / (pro + con)
    weight = s.weight[:, None].astype(np.float32)
    pro = rng.standard_gamma(pro) + shares @ (weight * s.positives) * s.scale
    con = rng.standard_gamma(con) + shares @ (weight * (s.members & ~s.positives)) * s.scale
    rate: Floats = np.divide(pro, pro + con, out=mean, where=pro + con > 0)
    return rate


def _ordered(drawn: Floats, order: Floats) -> Floats:
    """Put each column of draws into the order of another."""
    place = order.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    ordered: Floats = np.take_along_axis(np.sort(drawn, axis=0), place, axis=0)
    return ordered


def _same(name: str, found: NDArray[np.generic], expected: tuple[int, ...]) -> None:
    if found.shape != expected:
        raise InputError(f"{name}: shape is {found.shape}, expected {expected}")
