"""Does review pay: errors found per answer read, what retraining on them gives, and wrong labels found.

python -P tests/benchmarks/review.py --work FOLDER [--train-files 4] [--without-lexicon] [--draws 3] [--found-only]
python -P tests/benchmarks/review.py --labels [--seeds 5]

The scheme `af` and its annotated answers, with what people decided in the place of the reviewer. A round is two files;
the model has learned from the files before them, and from neither of the two nor from the third files, on which
retrained models are scored. Rounds take turns over the seven neighbouring pairs. An error is a category that the people
did not give and the model did, or the other way round. FOLDER keeps what the models said, which takes long to make.

With `--labels`, one label in twenty of the annotated statements is replaced by another category of the question at
random; how many of the first fifty answers that `review labels` shows hold such a label?
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from samorsak.annotations import Annotation, categories_of
from samorsak.coded import CodedAnswer, StatementRow
from samorsak.encode import load_encoder
from samorsak.pipeline.annotated import read_lessons
from samorsak.pipeline.deciding import Decision, Statement, decide
from samorsak.pipeline.doubting import Coding, second_opinion
from samorsak.pipeline.fitting import Heads, fit_question
from samorsak.pipeline.mapped import known_of
from samorsak.pipeline.material import Material, gather
from samorsak.pipeline.review_labels import doubt_labels
from samorsak.pipeline.reviewing import choose_answers
from samorsak.pipeline.training import entries_of, read_entries, to_gold
from samorsak.review import low_margin
from samorsak.scheme import NO_CAUSE, read_scheme

ANNOTATIONS = Path(__file__).parents[2] / "annotations" / "af"
SIZES = (50, 100)
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rotation:
    """Files to learn from, the two that are the round, and those that retrained models are scored on."""

    train: tuple[int, ...]
    pair: tuple[int, int]
    thirds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said of answers, and from which probability on it gives a category."""

    threshold: float
    decisions: list[Decision]


class Survey:
    """The annotated answers of a scheme, and models of some of them."""

    def __init__(self, work: Path, train_files: int, lexicon: bool) -> None:
        self.scheme = read_scheme("af")
        self.lexicon = read_entries("af", self.scheme, []) if lexicon else []
        self.encoder = load_encoder("sv-static")
        self.annotations = read_lessons([ANNOTATIONS], self.scheme)
        self.files = sorted({a.source for a in self.annotations})
        self.work = work / ("lexicon" if lexicon else "bare")
        self.train_files = train_files
        self.own = {q: [a for a in self.annotations if a.question == q] for q in self.scheme.questions}
        self.entries = {q: entries_of(self.scheme, q, self.lexicon) for q in self.own}
        self._material: dict[str, Material] = {}
        self._known: dict[str, dict[frozenset[int], Heads]] = {q: {} for q in self.own}

    def rotations(self) -> Iterator[Rotation]:
        n = len(self.files)
        for i in range(n):
            train = tuple(sorted((i - 1 - j) % n for j in range(self.train_files)))
            pair = (i, (i + 1) % n)
            yield Rotation(train, pair, tuple(f for f in range(n) if f not in (*train, *pair)))

    def material(self, question: str) -> Material:
        if question not in self._material:
            gold = [to_gold(a) for a in self.own[question]]
            outcomes = (*self.scheme.outcomes(question), NO_CAUSE)
            self._material[question] = gather(outcomes, gold, self.entries[question], self.scheme.language)
        return self._material[question]

    def of(self, question: str, files: Sequence[int]) -> list[Annotation]:
        """Give the answers of some files, file by file."""
        return [a for f in files for a in self.own[question] if a.source == self.files[f]]

    def said(
        self,
        rotation: Rotation,
        question: str,
        name: str = "",
        extra: Sequence[str] = (),
        suggested: bool = False,
    ) -> Said:
        """Say what a model says of the round and the third files; `extra` are answers it also learned from."""
        out = self.work / f"{question}.{''.join(map(str, rotation.train))}{name}.json"
        asked = self.of(question, (*rotation.pair, *rotation.thirds))
        if not out.exists():
            material = self.material(question)
            groups, learned, known = material.groups.copy(), set(rotation.train), self._known[question]
            if extra:
                reviewed = set(extra)
                new = len(self.files)
                also = np.array([a.answer_id in reviewed for a in self.own[question]])
                groups[also] = new
                if suggested:
                    material = replace(material, suggested=also)
                learned.add(new)
            model = fit_question(replace(material, groups=groups), 0, frozenset(learned), known)
            for files in [files for files in known if len(self.files) in files]:
                del known[files]  # of these extra answers only
            found = decide(model, [a.text for a in asked], self.scheme.language)
            told = [
                [
                    list(d.categories),
                    [[getattr(s, n) for n in Statement.__slots__] for s in d.statements],
                    d.probabilities,
                ]
                for d in found
            ]
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(json.dumps([model.calibration.threshold, told]), encoding="utf-8")
        threshold, told = json.loads(out.read_text(encoding="utf-8"))
        return Said(
            threshold,
            [Decision(tuple(c), tuple(Statement(*s) for s in st), tuple(p)) for c, st, p in told],
        )

    def codings(self, rotation: Rotation) -> list[Coding]:
        """Lay the round out as it would come from a run folder."""
        found = []
        for q in self.scheme.questions:
            said, answers = self.said(rotation, q), self.of(q, rotation.pair)
            decisions = said.decisions[: len(answers)]
            coded = [
                CodedAnswer(a.answer_id, a.round, q, d.categories, a.text, {})
                for a, d in zip(answers, decisions, strict=True)
            ]
            rows = [
                StatementRow(a.answer_id, number, s.start, s.end, a.text[s.start : s.end], *rest(s))
                for a, d in zip(answers, decisions, strict=True)
                for number, s in enumerate(d.statements, 1)
            ]
            probability = np.array([d.probabilities for d in decisions])
            coding = Coding(coded, rows, (*self.scheme.outcomes(q), NO_CAUSE), probability, said.threshold)
            known = known_of(q, self.scheme, self.lexicon, self.of(q, rotation.train))
            found.append(replace(coding, second=second_opinion(coding, known, self.encoder)))
        return found

    def counts(self, question: str, decisions: Sequence[Decision], asked: Sequence[Annotation]) -> Ints:
        """Count categories that are right, given in error and missing, shape (3,)."""
        total = np.zeros(3, np.int64)
        for a, d in zip(asked, decisions, strict=True):
            gold, given = set(categories_of(a)) - {NO_CAUSE}, set(d.categories) - {NO_CAUSE}
            total += [len(gold & given), len(given - gold), len(gold - given)]
        return total


def rest(s: Statement) -> tuple[str, float, str, float]:
    return s.category, s.probability, s.next_category, s.next_probability


def errors_of(survey: Survey, codings: Sequence[Coding]) -> Ints:
    """Count the wrong categories of every answer of a round."""
    gold = {(a.question, a.answer_id): set(categories_of(a)) - {NO_CAUSE} for a in survey.annotations}
    return np.array(
        [
            len(gold[a.question, a.answer_id] ^ (set(a.categories) - {NO_CAUSE}))
            for coding in codings
            for a in coding.answers
        ]
    )


def micro_f1(counts: Ints) -> float:
    right, false, missing = counts.tolist()
    return 2 * right / max(2 * right + false + missing, 1)


def by_queue(codings: Sequence[Coding], n: int) -> Ints:
    return choose_answers(codings, load_encoder("sv-static"), n)[0]


def by_margin(codings: Sequence[Coding], n: int) -> Ints:
    margin = np.concatenate([low_margin(c.probability, c.threshold) for c in codings])
    return np.argsort(-margin, kind="stable")[:n]


ARMS: dict[str, Callable[[Sequence[Coding], int], Ints]] = {"queue": by_queue, "margin": by_margin}


def found(survey: Survey) -> None:
    """Print how many errors each order finds, and how many are left in the round."""
    print(
        f"{'round':<8}{'answers':>8}{'errors':>8}{'read':>6}{'at random':>11}"
        + "".join(f"{a:>9}" for a in ARMS)
    )
    total: dict[tuple[str, int], list[float]] = {}
    for rotation in survey.rotations():
        codings = survey.codings(rotation)
        errors = errors_of(survey, codings)
        name = "".join(survey.files[f] for f in rotation.pair)
        for n in SIZES:
            chance = errors.mean() * n
            caught = {arm: int(errors[order(codings, n)].sum()) for arm, order in ARMS.items()}
            best = np.sort(errors)[::-1][:n].sum()
            for arm, own in {"random": chance, **caught, "best": best, "all": errors.sum()}.items():
                total.setdefault((arm, n), []).append(float(own))
            shown = "".join(f"{own:>9}" for own in caught.values())
            print(f"{name:<8}{len(errors):>8}{errors.sum():>8}{n:>6}{chance:>11.1f}{shown}", flush=True)
    for n in SIZES:
        chance, every = sum(total["random", n]), sum(total["all", n])
        for arm in (*ARMS, "best"):
            own = sum(total[arm, n])
            print(
                f"after {n}, {arm}: {own / chance:.2f} times as many errors found as at random;"
                f" left in the round {1 - own / every:.3f} of all (at random {1 - chance / every:.3f})"
            )


def retrain(survey: Survey, draws: int) -> None:
    """Print micro-F1 on the third files after retraining, and the paired difference to random answers."""
    print(f"\n{'round':<8}{'read':>6}{'before':>9}{'random':>9}" + "".join(f"{a:>9}" for a in ("queue",)))
    differences: dict[int, list[float]] = {n: [] for n in SIZES}
    for number, rotation in enumerate(survey.rotations()):
        codings = survey.codings(rotation)
        before = scored(survey, rotation)
        ids = [a.answer_id for coding in codings for a in coding.answers]
        for n in SIZES:
            queued = scored(survey, rotation, f".review{n}", [ids[i] for i in by_queue(codings, n)], True)
            at_random = []
            for draw in range(draws):
                picked = np.random.default_rng([number, draw]).permutation(len(ids))[:n]
                at_random.append(scored(survey, rotation, f".random{n}.{draw}", [ids[i] for i in picked]))
            differences[n].append(queued - float(np.mean(at_random)))
            name = "".join(survey.files[f] for f in rotation.pair)
            print(f"{name:<8}{n:>6}{before:>9.3f}{np.mean(at_random):>9.3f}{queued:>9.3f}", flush=True)
    for n, own in differences.items():
        low, high = interval(np.array(own))
        print(f"after {n}: queue less random {np.mean(own):+.4f}, 95 % interval {low:+.4f} to {high:+.4f}")


def scored(
    survey: Survey, rotation: Rotation, name: str = "", extra: Sequence[str] = (), suggested: bool = False
) -> float:
    """Give micro-F1 over both questions on the third files."""
    total = np.zeros(3, np.int64)
    for q in survey.scheme.questions:
        asked = survey.of(q, rotation.thirds)
        said = survey.said(rotation, q, name, extra, suggested)
        total += survey.counts(q, said.decisions[-len(asked) :], asked)
    return micro_f1(total)


def interval(own: NDArray[np.float64], draws: int = 10_000) -> tuple[float, float]:
    """Give a bootstrap interval of the mean, rounds drawn with replacement."""
    rng = np.random.default_rng(0)
    means = own[rng.integers(0, len(own), (draws, len(own)))].mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def labels(seeds: int) -> None:
    """Swap labels, and print how many of the first fifty answers shown hold a swapped one."""
    scheme = read_scheme("af")
    rows = [
        (file.name, json.loads(line))
        for file in sorted(ANNOTATIONS.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    places = [(i, j) for i, (_, row) in enumerate(rows) for j in range(len(row["statements"]))]
    print(f"{'seed':<6}{'labels':>8}{'swapped':>9}{'precision in the first 50':>27}")
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        swapped = [places[k] for k in rng.choice(len(places), round(len(places) / 20), replace=False)]
        changed = json.loads(json.dumps([row for _, row in rows]))
        for i, j in swapped:
            mark = changed[i]["statements"][j]
            rest = [c for c in scheme.outcomes(changed[i]["question"]) if c != mark["category"]]
            mark["category"] = str(rng.choice(rest))
        with TemporaryDirectory() as folder:
            for (name, _), row in zip(rows, changed, strict=True):
                with (Path(folder) / name).open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
            queue = doubt_labels("af", [folder], 50)
        wrong = {(changed[i]["answer_id"], j + 1) for i, j in swapped}
        right = np.mean([(row.answer_id, row.reasons[0].statement) in wrong for row in queue])
        print(f"{seed:<6}{len(places):>8}{len(swapped):>9}{right:>27.2f}", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path)
    parser.add_argument("--train-files", type=int, default=4)
    parser.add_argument("--without-lexicon", action="store_true")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--found-only", action="store_true")
    parser.add_argument("--labels", action="store_true")
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args(arguments)
    if asked.labels:
        labels(asked.seeds)
    if asked.work:
        survey = Survey(asked.work, asked.train_files, not asked.without_lexicon)
        with threadpool_limits(1):
            found(survey)
            if not asked.found_only:
                retrain(survey, asked.draws)


if __name__ == "__main__":
    main()
