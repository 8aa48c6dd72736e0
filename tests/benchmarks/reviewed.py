"""Do intervals hold when doubtful answers have been decided, in a simulation whose truth is known?

    python tests/benchmarks/reviewed.py

Answers have a score for each category that says how sure the machine is; it errs where scores are near to the
border. The trial is of such answers, too. Then the least sure are decided, or as many at random. `as rest`
takes the trial's rates for what is left, as `estimate_modelled` does with `known`; `reviewed` is
`estimate_reviewed`.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from samorsak.shares import Estimate, Trial, estimate_modelled, estimate_reviewed

Flags = NDArray[np.bool_]
SHARES = np.array([0.25, 0.15, 0.1, 0.06, 0.03])


def answers(rng: Generator, n: int, shares: NDArray[np.float64]) -> tuple[Flags, Flags, NDArray[np.float64]]:
    """Give gold and labels, shape (n, k), and how sure the machine is of each answer."""
    gold = rng.random((n, len(shares))) < shares
    score = np.where(gold, 1.5, -2.4) + rng.normal(size=gold.shape) * 1.3
    return gold, score > 0, np.abs(score).min(axis=1)


def one_run(seed: int, n: int, of_trial: int, decided: int, chosen: bool) -> dict[str, list[float]]:
    rng = np.random.default_rng(seed)
    trial_gold, trial_labels, _ = answers(rng, of_trial, SHARES)
    trial = Trial(trial_labels, trial_gold)
    gold, labels, sure = answers(rng, n, SHARES * np.exp(0.3 * rng.normal(size=len(SHARES))))
    known = np.zeros(n, bool)
    known[(np.argsort(sure) if chosen else rng.permutation(n))[:decided]] = True
    best = np.where(known[:, None], gold, labels)
    truth = gold.sum(axis=0)
    found = {
        "before": estimate_modelled(labels, trial, draws=1000, seed=seed),
        "as rest": estimate_modelled(best, trial, known=known, draws=1000, seed=seed),
        "reviewed": estimate_reviewed(labels, gold, known, trial, draws=1000, seed=seed),
    }
    return {name: _told(estimate, truth, n) for name, estimate in found.items()}


def _told(estimate: Estimate, truth: NDArray[np.int64], n: int) -> list[float]:
    low, high = (end * n for end in estimate.interval("answers"))
    held = (low - 0.5 <= truth) & (truth <= high + 0.5)
    error = np.abs(estimate.number - truth)
    return [float(held.mean()), 100 * float((high - low).mean()) / n, 100 * float(error.mean()) / n]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=150)
    runs = range(parser.parse_args().runs)
    print("| answers | trial | decided | how | intervals | hold | width, points | error, points |")
    print("|---|---|---|---|---|---|---|---|")
    for n, of_trial, decided in ((400, 600, 50), (400, 600, 200), (3000, 1500, 300), (3000, 1500, 1000)):
        for chosen in (True, False):
            found = [one_run(seed, n, of_trial, decided, chosen) for seed in runs]
            for name in found[0]:
                held, width, error = np.mean([run[name] for run in found], axis=0)
                how = "doubtful" if chosen else "at random"
                row = (f"{n:,}", f"{of_trial:,}", f"{decided:,}", how, name)
                print(f"| {' | '.join(row)} | {held:.3f} | {width:.2f} | {error:.2f} |", flush=True)


if __name__ == "__main__":
    main()
