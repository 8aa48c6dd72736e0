"""Shares where people decided answers that were chosen: fixed values, from which nothing is estimated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import InputError
from samorsak.shares.counting import Given
from samorsak.shares.estimate import DRAWS, Estimate
from samorsak.shares.modelled import Trial, drawn_rates, estimate_modelled, plain_rates
from samorsak.shares.weighing import scaled

Floats = NDArray[np.float64]


def estimate_reviewed(
    machine: Given,
    gold: Given,
    known: Given,
    trial: Trial,
    *,
    weight: Floats | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Estimate:
    """Estimate how many answers give each category, if some have been decided that looked doubtful.

    Such answers hold more than their part of the machine's errors, and the rest fewer: the rates of a trial
    are those of the whole round, not of the rest. So the round is estimated from the machine's labels alone
    (`estimate_modelled`), which says how many errors of each kind to expect; those that people have found are
    taken from these, and what is left, never less than none, is corrected in the rest. Taking the trial's
    rates for the rest instead left the truth out of half of the intervals where a third of 3,000 answers
    were chosen so (`python tests/benchmarks/reviewed.py`).

    Parameters
    ----------
    machine : ndarray of bool, shape (n, k)
        The machine's labels of all answers, those decided too.
    gold : ndarray of bool, shape (n, k)
        What people decided; rows that are not `known` are not looked at.
    known : ndarray of bool, shape (n,)
        Which answers were decided, however they were chosen.
    trial : Trial
    weight : ndarray of float64, shape (n,), optional
    draws, seed : int

    Returns
    -------
    Estimate
        Marked ``"reviewed"``. Exact where all answers are decided. What is refused is as for
        `estimate_modelled`: in the rest there is anything from none to all.

    Raises
    ------
    InputError
        Shapes do not agree, or weights are not what `samorsak.shares.weighing.scaled` expects.
    TooFewError
        The trial has no answer, or there is none to estimate.

    Examples
    --------
    >>> machine = np.arange(100)[:, None] < 30
    >>> gold = np.arange(100)[:, None] < 28
    >>> known = np.arange(100) >= 25
    >>> estimate_reviewed(machine, gold, known, Trial(machine, machine)).share("answers").tolist()
    [0.28]
    """
    if gold.shape != machine.shape or known.shape != machine.shape[:1]:
        raise InputError(f"gold, known: shapes are {gold.shape} and {known.shape}, expected {machine.shape}")
    whole = estimate_modelled(machine, trial, weight=weight, draws=draws, seed=seed)
    weight = scaled(weight, len(machine))
    done, rest = np.where(known, weight, 0), np.where(known, 0, weight)
    missed, wrong = done @ (gold & ~machine), done @ (machine & ~gold)
    labels, labels_in_rest, size = weight @ machine, rest @ machine, rest.sum()

    def number(total: Floats, sensitivity: Floats) -> Floats:
        to_miss = np.maximum(total * (1 - sensitivity), total - labels)
        to_be_wrong = labels - total + to_miss
        left = np.clip(to_miss - missed, 0, size - labels_in_rest)
        extra = np.clip(to_be_wrong - wrong, 0, labels_in_rest)
        found: Floats = done @ gold + labels_in_rest + left - extra
        return found

    # the same seed gives the rates that the whole round was estimated by
    sensitivity, _ = drawn_rates(trial, draws, np.random.default_rng(seed))
    anything = done @ gold + size * whole.draws / whole.of
    return replace(
        whole,
        number=np.where(
            whole.refused, done @ gold + labels_in_rest, number(whole.number, plain_rates(trial)[0])
        ),
        draws=np.where(whole.refused, anything, number(whole.draws, sensitivity)),
        method="reviewed",
        refused=whole.refused & (size > 0),
    )
