"""Does `discover --against` cry wolf, and does it see what came? Rounds drawn from the project's own answers.

python -P tests/benchmarks/turnover.py [--runs 50] [--splits 1000] [--seeds 3]

``-P`` keeps ``coverage.py`` beside this file from being taken for the package that numba looks for.

The answers of ``annotations/af`` are dealt to an earlier and a later round; their marked statements are taken as
given. Nothing is learned from annotations: vectors are of `sv-static`, and where the alarm needs a classifier a
statement gets the category of the nearest lexicon entry.

- *halves*: all answers dealt at random into two halves, many times. The statements of both together are always the
  same, so they are clustered once.
- *drawn*: 150 and 150 answers, and 240 and 80, drawn anew and clustered anew in each run. *False alarm* is the share
  of runs in which any cluster is called new, grown, shrunk or gone; *alarm* that in which what nothing covers has
  grown. *Old alone* is what would happen otherwise: the earlier round is clustered, the later one's statements are
  set into it (`assign_statements`), and the same test is made; *inside* is the share of statements in a cluster.
- *planted*: halves, and each category's statements taken out of the first one, its lexicon out of both. *Found*: a
  cluster is called new or grown, and more than half of its statements are the category's. *Others* is the
  number of other clusters called anything but unchanged, per run; those that hold some of the category's statements
  did change.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from samorsak.annotations import read_annotations
from samorsak.cluster import Clusters, assign_statements, find_clusters, keep_clusters, smallest_cluster
from samorsak.encode import load_encoder
from samorsak.mapping import nearness_to
from samorsak.pipeline.against import pool, uncovered_statements
from samorsak.pipeline.kept import KeptQuestion
from samorsak.scheme import NO_CAUSE, OTHER, SCHEMES, read_lexicon, read_scheme
from samorsak.turnover import fates, weigh_turnover
from samorsak.typicality import typicality

ROOT = Path(__file__).parents[2]
DRAWS = 1000
SIZES = ((150, 150), (240, 80))
BANDS = ((1, 15), (16, 29), (30, 999))


@dataclass(frozen=True)
class Question:
    """All statements of a question, their gold categories, and the lexicon's vectors."""

    answers: int
    answer: np.ndarray
    gold: np.ndarray
    vectors: np.ndarray
    outcomes: tuple[str, ...]
    known: np.ndarray
    kind: np.ndarray

    def without(self, category: int) -> Question:
        """Take a category's lexicon out."""
        kept = self.kind != category
        return replace(self, known=self.known[kept], kind=self.kind[kept])

    def rounds(self, old: Sequence[int], new: Sequence[int], gone: int = -1) -> tuple[KeptQuestion, ...]:
        """Give two rounds of these answers, the earlier one without the statements of a category."""
        near = nearness_to(self.vectors, self.known, self.kind, len(self.outcomes))
        category, probability = np.nanargmax(near, axis=1), np.clip(np.nanmax(near, axis=1), 0, 1)
        found = []
        for chosen, left_out in ((old, gone), (new, -1)):
            place = np.full(self.answers, -1)
            place[list(chosen)] = np.arange(len(chosen))
            rows = np.flatnonzero((place[self.answer] >= 0) & (self.gold != left_out))
            vectors, first, of = np.unique(self.vectors[rows], axis=0, return_index=True, return_inverse=True)
            nowhere, zero = np.full(len(vectors), -1), np.zeros(len(vectors))
            none = Clusters(nowhere, zero, zero, np.zeros(0), vectors, nowhere, np.zeros((0, 4)))
            kept = keep_clusters(vectors, np.bincount(of, minlength=len(vectors)), none)
            covers = self.covers(self.vectors[rows], category[rows], probability[rows])
            said = self.outcomes, category[rows], probability[rows], *(own[first] for own in covers)
            found.append(KeptQuestion({}, kept, of, place[self.answer[rows]], len(chosen), *said))
        return tuple(found)

    def covers(
        self, vectors: np.ndarray, category: np.ndarray, probability: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Say how typical statements are of each category, as where nothing is annotated, and what claims them."""
        group, k = np.full(len(vectors), -1), len(self.outcomes)
        typical = typicality(vectors, (self.known, self.kind), (vectors, category), group, k)
        claimed = np.zeros((len(vectors), k))
        claimed[np.arange(len(vectors)), category] = probability
        cover = [j for j, name in enumerate(self.outcomes) if name != OTHER]
        return typical[:, cover], claimed[:, [j for j in cover if self.outcomes[j] != NO_CAUSE]]


def read_questions() -> dict[str, Question]:
    scheme, encoder, found = read_scheme("af"), load_encoder("sv-static"), {}
    annotated = read_annotations([ROOT / "annotations" / "af"], scheme)
    entries = read_lexicon(SCHEMES / "af" / "lexicon", scheme)
    for name in scheme.questions:
        outcomes = (*scheme.outcomes(name), NO_CAUSE)
        own = [a for a in annotated if a.question == name]
        said = [
            (i, a.text[s.start : s.end], s.category) for i, a in enumerate(own) for s in a.statements or ()
        ]
        told = [(e.text, e.category) for e in entries if e.question == name]
        found[name] = Question(
            len(own),
            np.array([i for i, _, _ in said]),
            np.array([outcomes.index(category) for _, _, category in said]),
            encoder.encode([text for _, text, _ in said]),
            outcomes,
            encoder.encode([text for text, _ in told]),
            np.array([outcomes.index(category) for _, category in told]),
        )
    return found


def changed(old: KeptQuestion, new: KeptQuestion, seed: int) -> tuple[list[str], np.ndarray, bool]:
    """Give each cluster's verdict, each statement's cluster, and whether the alarm goes."""
    pooled = pool(old, new, seed)
    tested = weigh_turnover(
        pooled.answers_with(pooled.label, pooled.clusters), pooled.later, draws=DRAWS, seed=seed
    )
    least = (smallest_cluster(len(one.clusters.vectors)) for one in (old, new))
    bare = np.where(uncovered_statements(pooled, old, new), 0, -1)
    alarm = weigh_turnover(pooled.answers_with(bare, 1), pooled.later, draws=DRAWS, seed=seed)
    return list(fates(tested, *least)), pooled.label, "grown" in fates(alarm, 0, 0)


def halves(question: Question, splits: int) -> float:
    """Give the share of random halves in which anything changes."""
    rng, half = np.random.default_rng(0), question.answers // 2
    pooled = pool(*question.rounds(range(half), range(half, question.answers)), 0)
    stated = pooled.answers_with(pooled.label, pooled.clusters)
    false = [
        (weigh_turnover(stated, rng.permutation(pooled.later), draws=DRAWS, seed=run).p_adjusted < 0.05).any()
        for run in range(splits)
    ]
    return float(np.mean(false))


def old_alone(old: KeptQuestion, new: KeptQuestion, seed: int) -> tuple[bool, float, float]:
    """Cluster the earlier round and set the later one into it: is anything called changed, and what is inside?"""
    own = old.clusters
    kept = keep_clusters(own.vectors, own.repeats, find_clusters(own.vectors, own.repeats, seed))
    label = kept.label[old.of], assign_statements(kept, new.clusters.vectors).label[new.of]
    stated = np.zeros((old.answers + new.answers, int(kept.label.max(initial=-1)) + 1), bool)
    for answer, own_label, first in ((old.answer, label[0], 0), (new.answer, label[1], old.answers)):
        stated[answer[own_label >= 0] + first, own_label[own_label >= 0]] = True
    later = np.arange(len(stated)) >= old.answers
    tested = weigh_turnover(stated, later, draws=DRAWS, seed=seed)
    return (
        bool((tested.p_adjusted < 0.05).any()),
        float((label[0] >= 0).mean()),
        float((label[1] >= 0).mean()),
    )


def drawn(question: Question, sizes: tuple[int, int], runs: int) -> list[float]:
    rows = []
    for run in range(runs):
        order = np.random.default_rng(run).permutation(question.answers)[: sum(sizes)]
        old, new = question.rounds(np.sort(order[: sizes[0]]), np.sort(order[sizes[0] :]))
        verdicts, _, alarm = changed(old, new, run)
        rows.append((any(v != "unchanged" for v in verdicts), alarm, *old_alone(old, new, run)))
    return [float(x) for x in np.mean(rows, axis=0)]


def planted(question: Question, seeds: Iterable[int]) -> list[tuple[int, bool, int, bool]]:
    """Give, for each category and seed: answers that state it in the later half, found, others, alarm."""
    rows = []
    for category in sorted(set(question.gold.tolist()) - {len(question.outcomes) - 1}):
        own = question.without(category)
        for seed in seeds:
            order = np.random.default_rng(seed).permutation(question.answers)
            first, last = np.sort(order[: len(order) // 2]), np.sort(order[len(order) // 2 :])
            verdicts, label, alarm = changed(*own.rounds(first, last, category), seed)
            held = np.concatenate(
                [
                    question.gold[np.isin(question.answer, first) & (question.gold != category)],
                    question.gold[np.isin(question.answer, last)],
                ]
            )
            mine = [(held[label == c] == category).mean() > 0.5 for c in range(len(verdicts))]
            said = sum(question.answer[question.gold == category].tolist().count(int(i)) > 0 for i in last)
            came = any(v in ("new", "grown") and m for v, m in zip(verdicts, mine, strict=True))
            others = sum(v != "unchanged" and not m for v, m in zip(verdicts, mine, strict=True))
            rows.append((said, came, others, alarm))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--splits", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    questions = read_questions()
    print("| question | halves: false alarm |\n|---|---|")
    for name, question in questions.items():
        print(f"| {name} | {halves(question, asked.splits):.3f} |", flush=True)
    heads = "| question | sizes | false alarm | alarm | old alone: false alarm | inside, old | inside, new |"
    print(f"\n{heads}\n|---|---|---|---|---|---|---|")
    for name, question in questions.items():
        for sizes in SIZES:
            figures = " | ".join(f"{x:.3f}" for x in drawn(question, sizes, asked.runs))
            print(f"| {name} | {sizes[0]} + {sizes[1]} | {figures} |", flush=True)
    print("\n| question | answers that state it | runs | found | others | alarm |\n|---|---|---|---|---|---|")
    for name, question in questions.items():
        rows = planted(question, range(asked.seeds))
        for low, high in BANDS:
            own = [row[1:] for row in rows if low <= row[0] <= high]
            if own:
                found, others, alarm = np.mean(own, axis=0)
                band = f"{low}-{high}" if high < 999 else f"{low} or more"
                print(
                    f"| {name} | {band} | {len(own)} | {found:.2f} | {others:.2f} | {alarm:.2f} |", flush=True
                )


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
