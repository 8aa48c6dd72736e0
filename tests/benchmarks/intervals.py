"""Do the intervals hold? Rounds and audits simulated from the project's own answers, printed as tables.

python tests/benchmarks/intervals.py [--runs 1000] [--processes 1] [--keep predictions.npz] [--unannotated]

Machine labels and probabilities of ``annotations/af`` come from models that have not seen the file (leave one file
out), so the errors are real; with ``--unannotated`` from a model that has learned from scheme and lexicon alone,
which errs more. A run draws rounds of 320 answers per question with replacement, the mix as it was (`none`), and with
each category in turn made twice or half as frequent (`double`, `half`: answers that give it are drawn more or less
often); of each round it draws an audit of 50, 100 and 200 answers. The truth is the share in that very round. Where
one category is shifted, it is told apart from the others.

A figure is a mean over the cells (question, category and shift) of a band; a cell's band is by its expected share of
the answers. The change is that from a round with the mix as it was. With 1,000 runs this takes an hour on one core.
Last, the time of one estimate of 10,000 draws.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from samorsak.compare import change_draws
from samorsak.pipeline.annotated import read_masked_annotations
from samorsak.pipeline.deciding import decide
from samorsak.pipeline.fitting import Heads, fit_question
from samorsak.pipeline.material import Gold, Material, gather
from samorsak.pipeline.model import Batch, read_batch
from samorsak.pipeline.training import entries_of, read_entries, to_gold
from samorsak.scheme import NO_CAUSE, read_scheme
from samorsak.shares import BASES, Audit, count_shares, ends, estimate_audited, rank_intervals

ROOT = Path(__file__).parents[2]
ROUND = 320
SIZES = (50, 100, 200)
BANDS = ((0.02, 0.05), (0.05, 0.10), (0.10, 1.0))
DRAWS = 600
KINDS = ("none", "double", "half")
FIGURES = ("covered", "width", "change covered", "change width", "error", "square", "counting error",
           "counting square", "alone covered", "alone width", "alone square", "held")  # fmt: skip


@dataclass(frozen=True)
class Predicted:
    """A question's answers: the machine's labels and probabilities, and the gold, each of shape (n, k)."""

    label: np.ndarray
    probability: np.ndarray
    gold: np.ndarray


def predict(annotated_too: bool) -> dict[str, Predicted]:
    """Code every file of the annotations by a model of the others, or of none."""
    scheme = read_scheme("af")
    entries = read_entries("af", scheme, ())
    annotated = read_masked_annotations([ROOT / "annotations" / "af"], scheme)
    found = {}
    for question in scheme.questions:
        gold = [to_gold(a) for a in annotated if a.question == question]
        told = entries_of(scheme, question, entries)
        outcomes = (*scheme.outcomes(question), NO_CAUSE)
        material = gather(outcomes, gold, told, scheme.language)
        found[question] = _predicted(material, gold, annotated_too)
        print(f"{question}: predicted", flush=True)
    return found


def _predicted(material: Material, gold: list[Gold], annotated_too: bool) -> Predicted:
    files = sorted({g.group for g in gold})
    known: dict[frozenset[int], Heads] = {}
    model = None if annotated_too else fit_question(material, 0, frozenset(), known)
    parts = []
    for left, file in enumerate(files):
        if annotated_too:
            model = fit_question(material, 0, frozenset(range(len(files))) - {left}, known)
        own = [g for g in gold if g.group == file]
        texts = [g.text for g in own]
        given = [d.categories for d in decide(model, texts, material.language)]
        probability = read_batch(model, Batch.of(texts, material.language)).probability[:, :-1]
        gives = [g.categories for g in own]
        parts.append((_matrix(given, material.outcomes), probability, _matrix(gives, material.outcomes)))
    return Predicted(*(np.concatenate(p) for p in zip(*parts, strict=True)))


def _matrix(given, outcomes) -> np.ndarray:
    return np.array([[c in row for c in outcomes[:-1]] for row in given])


def settings(gold: np.ndarray) -> Iterator[tuple[str, int, np.ndarray]]:
    """Yield each shift: its kind, the category (-1 for none), and the probability of drawing each answer."""
    n, k = gold.shape
    yield "none", -1, np.full(n, 1 / n)
    share = gold.mean(0)
    for kind, factor in (("double", 2.0), ("half", 0.5)):
        for j in range(k):
            p = np.where(gold[:, j], factor, (1 - factor * share[j]) / (1 - share[j]))
            yield kind, j, p / n


def run(number: int, asked: Predicted, alone_every: int) -> np.ndarray:
    """Simulate one run; gives figures of shape (settings, sizes, bases, k, FIGURES)."""
    rng = np.random.default_rng([7, number])
    n = len(asked.gold)
    first = _audited(rng, asked, np.full(n, 1 / n), alone=False)
    return np.stack(
        [
            np.stack(
                [
                    np.stack([_figures(*later, base, *earlier[:2]) for base in BASES])
                    for later, earlier in zip(
                        _audited(rng, asked, p, alone=number % alone_every == 0), first, strict=True
                    )
                ]
            )
            for _, _, p in settings(asked.gold)
        ]
    )


def _audited(rng, asked, p, alone):
    """Draw a round and audit it; for each size of audit the gold, the labels and the estimates."""
    drawn = rng.choice(len(p), ROUND, p=p)
    label, probability, gold = asked.label[drawn], asked.probability[drawn], asked.gold[drawn]
    order = rng.permutation(ROUND)
    found = []
    for size in SIZES:
        rows = order[:size]
        audit = Audit(label, rows, gold[rows], probability)
        seed = int(rng.integers(2**32))
        found.append(
            (
                gold,
                estimate_audited(audit, draws=DRAWS, seed=seed),
                label,
                estimate_audited(audit, machine=False, draws=DRAWS, seed=seed) if alone else None,
            )
        )
    return found


def _figures(gold, estimate, label, alone, base, old_gold, old) -> np.ndarray:
    truth, old_truth = count_shares(gold, base).share, count_shares(old_gold, base).share
    share, drawn = estimate.share(base), estimate.share_draws(base)
    low, high = ends(drawn, share)
    change_low, change_high = ends(change_draws(old.share_draws(base), drawn), share - old.share(base))
    error, counting = share - truth, count_shares(label, base).share - truth
    none = np.full_like(truth, np.nan)
    found = [
        _holds(low, truth, high), high - low,
        _holds(change_low, truth - old_truth, change_high), change_high - change_low,
        error, error**2, counting, counting**2, none, none, none, truth,
    ]  # fmt: skip
    if alone is not None:
        point = alone.share(base)
        low, high = ends(alone.share_draws(base), point)
        found[8:11] = _holds(low, truth, high), high - low, (point - truth) ** 2
    return np.stack([np.asarray(f, float) for f in found], axis=-1)


def _holds(low, truth, high):
    return (low <= truth + 1e-9) & (truth <= high + 1e-9)


def simulate(asked: Predicted, runs: int, processes: int) -> np.ndarray:
    """Average the figures over runs; those of the audit alone over every fourth."""
    one = partial(run, asked=asked, alone_every=4)
    total, counted = 0.0, 0
    with threadpool_limits(1):
        if processes == 1:
            results = map(one, range(runs))
            for figures in results:
                total, counted = total + np.nan_to_num(figures), counted + ~np.isnan(figures)
        else:
            with ProcessPoolExecutor(processes) as pool:
                for figures in pool.map(one, range(runs), chunksize=5):
                    total, counted = total + np.nan_to_num(figures), counted + ~np.isnan(figures)
    return total / counted


@dataclass(frozen=True)
class Cell:
    """The figures of one question, shift, category, size of audit and base, as means over the runs."""

    question: str
    kind: str
    shifted: bool
    category: int
    of: int
    size: int
    base: str
    share: float
    figures: dict[str, float]

    @property
    def group(self) -> str:
        return self.kind if self.kind == "none" else f"{self.kind}, {'itself' if self.shifted else 'others'}"

    @property
    def band(self) -> int:
        return next((b for b, (low, high) in enumerate(BANDS) if low <= self.share < high), -1)


def cells(question: str, asked: Predicted, means: np.ndarray) -> Iterator[Cell]:
    """Take the means apart."""
    for s, (kind, shifted, p) in enumerate(settings(asked.gold)):
        share = p @ asked.gold
        for a, size in enumerate(SIZES):
            for b, base in enumerate(BASES):
                for j in range(len(share)):
                    figures = dict(zip(FIGURES, means[s, a, b, j].tolist(), strict=True))
                    yield Cell(question, kind, j == shifted, j, shifted, size, base, float(share[j]), figures)


GROUPS = ("none", "double, itself", "double, others", "half, itself", "half, others")


def mean_of(chosen: list[Cell], figure: str) -> float:
    return float(np.mean([c.figures[figure] for c in chosen])) if chosen else float("nan")


def print_tables(found: list[Cell], runs: int) -> None:
    """Print coverage by audit, base, shift and band; the worst cells; widths; errors."""
    held: dict[tuple[int, str, str, int], list[float]] = {}
    for figure in ("covered", "change covered"):
        print(f"\n{figure}, per cent of {runs} runs (asked: 93-98 in every field)\n")
        print("| audited | base | shift | 2-5 % | 5-10 % | over 10 % |\n|---|---|---|---|---|---|")
        for size, base, group in product(SIZES, BASES, GROUPS):
            own = [c for c in found if (c.size, c.base, c.group) == (size, base, group)]
            bands = [100 * mean_of([c for c in own if c.band == b], figure) for b in range(len(BANDS))]
            print(f"| {size} | {base} | {group} | {' | '.join(map(_shown, bands))} |")
            for b, value in enumerate(bands):
                held.setdefault((size, base, figure, b), []).append(value)
        print_worst(found, figure)
    print("\nthe same from the lowest to the highest over the shifts: shares, then changes\n")
    print(
        "| audited | base | 2-5 % | 5-10 % | over 10 % | 2-5 % | 5-10 % | over 10 % |\n|---|---|---|---|---|---|---|---|"
    )
    for size, base in product(SIZES, BASES):
        ranges = [
            f"{_shown(np.nanmin(held[size, base, figure, b]))}-{_shown(np.nanmax(held[size, base, figure, b]))}"
            for figure in ("covered", "change covered")
            for b in range(len(BANDS))
        ]
        print(f"| {size} | {base} | {' | '.join(ranges)} |")
    print_widths(found)


def _shown(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.1f}"


def print_worst(found: list[Cell], figure: str) -> None:
    """Print the cells that hold least often."""
    worst = sorted((c for c in found if c.size * c.share >= 5), key=lambda c: c.figures[figure])
    below = sum(c.figures[figure] < 0.9 for c in worst)
    print(f"\ncells with 5 or more expected audited positives below 90 per cent: {below} of {len(worst)}")
    for c in worst[:5]:
        print(
            f"  {100 * c.figures[figure]:.1f}: {c.question}, category {c.category} ({100 * c.share:.1f} %), "
            f"{c.kind} of {c.of}, {c.size} audited, {c.base}"
        )


def print_widths(found: list[Cell]) -> None:
    """Print how wide the intervals are, and how far the estimates and counts are from the truth."""
    print("\nwidth of the intervals and error (root mean square), percentage points\n")
    print(
        "| audited | base | width | audit alone | narrower by | its coverage | error | audit alone | counting |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for size in SIZES:
        for base in BASES:
            own = [c for c in found if (c.size, c.base) == (size, base)]
            width, alone = mean_of(own, "width"), mean_of(own, "alone width")
            errors = [np.sqrt(mean_of(own, f)) for f in ("square", "alone square", "counting square")]
            print(
                f"| {size} | {base} | {100 * width:.2f} | {100 * alone:.2f} | {100 * (1 - width / alone):.0f} % | "
                f"{100 * mean_of(own, 'alone covered'):.1f} | "
                + " | ".join(f"{100 * e:.2f}" for e in errors) + " |"
            )  # fmt: skip
    print("\nbias in the shifted settings where that of counting is above one percentage point\n")
    print(
        "| audited | base | cells | counting, mean | corrected, mean | corrected, largest |\n|---|---|---|---|---|---|"
    )
    for size in SIZES:
        for base in BASES:
            own = [c for c in found if (c.size, c.base) == (size, base) and c.kind != "none"]
            own = [c for c in own if abs(c.figures["counting error"]) > 0.01]
            counting = [abs(c.figures["counting error"]) for c in own]
            corrected = [abs(c.figures["error"]) for c in own]
            print(
                f"| {size} | {base} | {len(own)} | {100 * np.mean(counting):.2f} | "
                f"{100 * np.mean(corrected):.2f} | {100 * max(corrected):.2f} |"
            )


def print_speed() -> None:
    """Time the estimate of a round of 640 answers and 25 categories, both bases and ranks with it."""
    rng = np.random.default_rng(0)
    gold = rng.random((640, 25)) < np.linspace(0.02, 0.3, 25)
    label = gold ^ (rng.random(gold.shape) < 0.02)
    for size in SIZES:
        rows = rng.permutation(640)[:size]
        begun = time.perf_counter()
        estimate = estimate_audited(Audit(label, rows, gold[rows], np.where(label, 0.9, 0.02)))
        for base in BASES:
            estimate.interval(base)
        rank_intervals(estimate.draws, estimate.number)
        print(
            f"\n640 answers, 25 categories, {size} audited, {len(estimate.draws)} draws: "
            f"{time.perf_counter() - begun:.2f} s (asked: 2 s)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="read the predictions from here, or write them there")
    parser.add_argument("--unannotated", action="store_true", help="learn from scheme and lexicon alone")
    parser.add_argument("--question", action="append", help="only this question")
    asked = parser.parse_args()
    if asked.keep and asked.keep.exists():
        held = np.load(asked.keep)
        questions = dict.fromkeys(key.partition("/")[0] for key in held)
        predicted = {
            q: Predicted(*(held[f"{q}/{part}"] for part in ("label", "probability", "gold")))
            for q in questions
        }
    else:
        with threadpool_limits(1):
            predicted = predict(not asked.unannotated)
        if asked.keep:
            parts = {f"{q}/{name}": part for q, p in predicted.items() for name, part in vars(p).items()}
            np.savez_compressed(asked.keep, **parts)
    found: list[Cell] = []
    for question, p in predicted.items():
        if asked.question and question not in asked.question:
            continue
        found += cells(question, p, simulate(p, asked.runs, asked.processes))
    print_tables(found, asked.runs)
    print_speed()


if __name__ == "__main__":
    main()
