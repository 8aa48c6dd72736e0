"""Do the intervals of associations hold, and how long do all tables of closed questions take? Printed as tables.

python tests/benchmarks/associations.py [--runs 300] [--sizes 370 29000]

First, tables drawn from a known truth: two scales of five levels, and yes or no (15 percent yes) along a scale of
five, with no association, a weak and a strong one. How often the interval of 95 percent holds the truth, and how
often the test calls the association one at 5 percent (without an association it should be 5 or fewer in 100).
Then the closed questions of the demo round with respondents drawn anew from it, with all default tables: processor
time without and with small numbers hidden.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from samorsak.coded import CodedAnswer
from samorsak.pipeline.closed import closed_tables
from samorsak.pipeline.demo import run_demo
from samorsak.pipeline.respondents import read_closed, write_closed
from samorsak.report.files import read_coded, write_coded
from samorsak.tables import associate, tau_b
from samorsak.tables.association import Measure

SIZES = (60, 180, 600)
STRENGTHS = {"none": 0.0, "weak": 0.5, "strong": 1.5}
SCALE = np.linspace(-1, 1, 5)
YES = np.array([0.85, 0.15])


def truth(rows: int, strength: float) -> np.ndarray:
    """Give the probabilities of a table, uneven in its columns."""
    found = np.exp(strength * np.outer(np.linspace(-1, 1, rows), SCALE)) * np.array(
        [0.15, 0.35, 0.25, 0.15, 0.1]
    )
    found = found * YES[:, None] if rows == 2 else found
    return found / found.sum()


def value_of(measure: Measure, probability: np.ndarray) -> float:
    if measure == "tau_b":
        return float(tau_b((probability * 1e9).round().astype(np.int64)[None])[0])
    margins = np.outer(probability.sum(axis=1), probability.sum(axis=0))
    return float(np.sqrt(max(0.0, (probability**2 / margins).sum() - 1) / (min(probability.shape) - 1)))


def coverage(runs: int) -> Iterator[str]:
    rng = np.random.default_rng(0)
    yield "| table | association | n | tau-b held, % | called, % | V held, % | called, % |\n|---|---|---|---|---|---|---|"
    for rows, kind in ((5, "5 × 5"), (2, "yes or no × 5")):
        for name, strength in STRENGTHS.items():
            probability = truth(rows, strength)
            for n in SIZES:
                drawn = rng.multinomial(n, probability.ravel(), size=runs).reshape(runs, rows, 5)
                cells = []
                measures: tuple[Measure, Measure] = ("tau_b", "cramers_v")
                for measure in measures:
                    exact = value_of(measure, probability)
                    found = [associate(table, measure, i) for i, table in enumerate(drawn)]
                    ends = [
                        (one.low, one.high) for one in found if one.low is not None and one.high is not None
                    ]
                    held = np.mean([low - 1e-9 <= exact <= high + 1e-9 for low, high in ends])
                    called = np.mean([one.p is not None and one.p < 0.05 for one in found])
                    cells += [f"{100 * held:.1f}", f"{100 * called:.1f}"]
                yield f"| {kind} | {name} | {n} | {' | '.join(cells)} |"


def grown(demo: Path, folder: Path, n: int) -> int:
    """Write a run of n respondents drawn from the demo's, and count its answers."""
    closed = read_closed(demo)
    assert closed is not None
    by_respondent: dict[str, list[CodedAnswer]] = {}
    for answer in read_coded(demo):
        by_respondent.setdefault(answer.answer_id.partition("/")[0], []).append(answer)
    drawn = np.random.default_rng(0).integers(len(closed.respondents), size=n)
    own = [closed.respondents[i] for i in drawn]
    respondents = tuple(replace(one, respondent_id=str(i)) for i, one in enumerate(own))
    answers = [
        replace(answer, answer_id=f"{i}/{answer.question}", background={**answer.background, "Löpnr": str(i)})
        for i, one in enumerate(own)
        for answer in by_respondent.get(one.respondent_id, [])
    ]
    folder.mkdir()
    for name in ("run.json", "scheme.json", "trial.csv"):
        (folder / name).write_bytes((demo / name).read_bytes())
    write_coded(folder / "answers.csv", answers)
    write_closed(folder, replace(closed, respondents=respondents))
    return len(answers)


def speed(sizes: list[int]) -> Iterator[str]:
    yield "| respondents | answers | all tables, s | small numbers hidden, s |\n|---|---|---|---|"
    with TemporaryDirectory() as place:
        demo = run_demo(Path(place) / "demo")
        for n in sizes:
            answers = grown(demo, Path(place) / str(n), n)
            seconds = []
            for below in (None, 5):
                begun = time.process_time()
                closed_tables(Path(place) / str(n), suppress_below=below)
                seconds.append(time.process_time() - begun)
            yield f"| {n:,} | {answers:,} | {seconds[0]:.1f} | {seconds[1]:.1f} |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--sizes", type=int, nargs="+", default=[370, 29_000])
    asked = parser.parse_args()
    for line in speed(asked.sizes):
        print(line, flush=True)
    print()
    for line in coverage(asked.runs):
        print(line, flush=True)
