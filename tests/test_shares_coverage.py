"""Do the intervals hold? A small version of tests/benchmarks/intervals.py, on constructed predictions.

Scores are binormal (a normal variable, moved where the answer gives the category), probabilities calibrated for the
mix as it was. Fixed seeds; the tolerance is three standard errors of a binomial share.
"""

from functools import cache

import numpy as np
import pytest

from samorsak.compare import change_draws
from samorsak.shares import BASES, Audit, Base, Estimate, count_shares, ends, estimate_audited

RUNS, N, DRAWS = 80, 320, 300
SHARES = np.array([0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.18, 0.2, 0.22, 0.25])
APART = 2.9  # area under the curve .98, F1 about .9, as on annotations/af


def audited(
    rng: np.random.Generator, share: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray, Estimate]:
    gold = rng.random((N, len(share))) < share
    score = rng.normal(size=gold.shape) + APART * gold
    odds = APART * score - APART**2 / 2 + np.log(SHARES / (1 - SHARES))
    probability = 1 / (1 + np.exp(-odds))
    label = probability >= 0.4
    rows = rng.permutation(N)[:size]
    seed = int(rng.integers(2**32))
    return gold, label, estimate_audited(Audit(label, rows, gold[rows], probability), draws=DRAWS, seed=seed)


@cache
def simulated(size: int, kind: str) -> dict[str, np.ndarray]:
    """Simulate rounds in which one category is shifted; what is found has shape (runs, bases, k)."""
    factor = {"none": 1, "double": 2, "half": 0.5}[kind]
    found = []
    for number in range(RUNS):
        rng = np.random.default_rng([size, number])
        itself = np.arange(len(SHARES)) == number % len(SHARES)
        old_gold, _, old = audited(rng, SHARES, size)
        gold, label, new = audited(rng, SHARES * np.where(itself, factor, 1), size)
        found.append([figures(gold, label, new, old_gold, old, base) | {"itself": itself} for base in BASES])
    return {name: np.array([[f[name] for f in run] for run in found]) for name in found[0][0]}


def figures(
    gold: np.ndarray, label: np.ndarray, new: Estimate, old_gold: np.ndarray, old: Estimate, base: Base
) -> dict[str, np.ndarray]:
    truth, point, drawn = count_shares(gold, base).share, new.share(base), new.share_draws(base)
    change, change_point = truth - count_shares(old_gold, base).share, point - old.share(base)
    return {
        "share": holds(truth, drawn, point),
        "change": holds(change, change_draws(old.share_draws(base), drawn), change_point),
        "error": point - truth,
        "counting": count_shares(label, base).share - truth,
    }


def holds(truth: np.ndarray, drawn: np.ndarray, point: np.ndarray) -> np.ndarray:
    low, high = ends(drawn, point)
    return (low <= truth + 1e-9) & (truth <= high + 1e-9)


@pytest.mark.parametrize("size", [50, 100])
@pytest.mark.parametrize("kind", ["none", "double", "half"])
@pytest.mark.parametrize("figure", ["share", "change"])
@pytest.mark.parametrize("base", [0, 1])
def test_nineteen_intervals_in_twenty_hold(size, kind, figure, base):
    found = simulated(size, kind)
    for chosen in (found["itself"][:, base], ~found["itself"][:, base]):
        held = found[figure][:, base][chosen]
        slack = 3 * np.sqrt(0.05 * 0.95 / held.size)
        assert 0.93 - slack <= held.mean() <= 0.98 + slack


def test_the_correction_has_no_bias_where_counting_has():
    found = simulated(100, "double")
    itself = found["itself"][:, BASES.index("answers")]
    corrected, counted = (found[name][:, BASES.index("answers")][itself] for name in ("error", "counting"))
    assert abs(counted.mean()) > 0.01
    assert abs(corrected.mean()) < 0.005


def test_labels_narrow_the_interval():
    widths = []
    for number in range(20):
        rng = np.random.default_rng(number)
        gold = rng.random((N, len(SHARES))) < SHARES
        score = rng.normal(size=gold.shape) + APART * gold
        rows = rng.permutation(N)[:100]
        audit = Audit(score > APART / 2, rows, gold[rows])
        for machine in (True, False):
            low, high = estimate_audited(audit, machine=machine, draws=DRAWS).interval("answers")
            widths.append((high - low).mean())
    with_labels, alone = np.reshape(widths, (-1, 2)).mean(axis=0)
    assert with_labels < 0.85 * alone
