"""Does discovery find a cause that the scheme has never heard of?

python -P tests/benchmarks/hidden.py --work FOLDER [--corpus FILE] [--all-pairs] [--without-annotations]

Each of the categories of the scheme `af` in turn is taken out of the scheme, its lexicon and the annotated answers
(every answer that gives it); an encoder is built without its lexicon entries, a model trained, and the statements of
two left-out files are clustered: does a cluster come up as uncovered of whose statements more than half are the hidden
category's? Categories take turns over the seven neighbouring pairs of files; `--all-pairs` tries each with every pair.
With nothing hidden, whatever comes up is a false alarm. FOLDER keeps encoders and coded answers, which take hours, for
the next run; with CORPUS the encoders are made as the one in the package is.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from threadpoolctl import threadpool_limits

from samorsak.annotations import Annotation, categories_of
from samorsak.coded import StatementRow
from samorsak.encode import load_encoder
from samorsak.pipeline.annotated import read_lessons
from samorsak.pipeline.clustering import cluster_question
from samorsak.pipeline.deciding import Statement, decide
from samorsak.pipeline.encoder import build_encoder
from samorsak.pipeline.fitting import fit_question
from samorsak.pipeline.mapped import known_of
from samorsak.pipeline.material import gather
from samorsak.pipeline.training import entries_of, read_entries, to_gold
from samorsak.report.clusters import Discovery, FoundCluster
from samorsak.scheme import NO_CAUSE, OTHER, LexiconEntry, Scheme, read_scheme

ANNOTATIONS = Path(__file__).parents[2] / "annotations" / "af"
FEW = 8
"""Statements of a hidden category in a pair, below which it is told apart."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """A question without a category (None: nothing is hidden), on the answers of two files."""

    question: str
    category: str | None
    pair: Pair

    @property
    def name(self) -> str:
        return f"{self.question}.{self.category}.{''.join(self.pair)}"


@dataclass(frozen=True, slots=True)
class Proposed:
    """An uncovered cluster: its size, and the shares of its statements that are the hidden category's and `other`."""

    size: int
    hidden: float
    other: float


class Survey:
    """The scheme `af`, its lexicon and annotated answers, with and without a category."""

    def __init__(self, work: Path, corpus: Path | None) -> None:
        self.work, self.corpus = work, corpus
        self.scheme = read_scheme("af")
        self.entries = read_entries("af", self.scheme, [])
        self.annotations = read_lessons([ANNOTATIONS], self.scheme)
        files = sorted({a.source for a in self.annotations})
        self.pairs = [(file, files[(i + 1) % len(files)]) for i, file in enumerate(files)]

    def trials(self, every_pair: bool) -> Iterator[Trial]:
        named = [[(q, c) for c in own.categories] for q, own in self.scheme.questions.items()]
        for i, (q, c) in enumerate(found for found in chain(*zip_longest(*named)) if found):
            for pair in self.pairs if every_pair else [self.pairs[i % len(self.pairs)]]:
                yield Trial(q, c, pair)
        yield from (Trial(q, None, pair) for q in self.scheme.questions for pair in self.pairs)

    def scheme_without(self, trial: Trial) -> Scheme:
        found = self.scheme.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        found["questions"][trial.question]["categories"].pop(trial.category, None)
        return Scheme.model_validate(found)

    def entries_without(self, trial: Trial) -> list[LexiconEntry]:
        return [e for e in self.entries if (e.question, e.category) != (trial.question, trial.category)]

    def known(self, trial: Trial) -> list[Annotation]:
        """Give the annotated answers that a model may learn from."""
        return [
            a
            for a in self.annotations
            if a.question == trial.question
            and a.source not in trial.pair
            and trial.category not in categories_of(a)
        ]

    def asked(self, trial: Trial) -> list[Annotation]:
        return [a for a in self.annotations if a.question == trial.question and a.source in trial.pair]

    def encoder(self, trial: Trial) -> str:
        """Build the encoder that has not seen the category's entries."""
        if trial.category is None:
            return "sv-static"
        out = self.work / "encoders" / f"{trial.question}.{trial.category}"
        if not out.exists():
            with TemporaryDirectory() as folder:
                lexicon = Path(folder) / "lexicon.jsonl"
                lines = [json.dumps({"text": e.text}) for e in self.entries_without(trial)]
                lexicon.write_text("\n".join(lines), encoding="utf-8")
                build_encoder(self.corpus, Path(folder) / "encoder", lexicon=[lexicon])
                out.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(str(Path(folder) / "encoder"), out)
        return str(out)

    def coded(self, trial: Trial) -> list[list[Statement]]:
        """Code the left-out answers by a model that does not know the category."""
        out = self.work / "coded" / f"{trial.name}.json"
        if not out.exists():
            scheme = self.scheme_without(trial)
            gold = [to_gold(a) for a in self.known(trial)]
            entries = entries_of(scheme, trial.question, self.entries_without(trial))
            outcomes = (*scheme.outcomes(trial.question), NO_CAUSE)
            model = fit_question(gather(outcomes, gold, entries, scheme.language))
            found = decide(model, [a.text for a in self.asked(trial)], scheme.language)
            out.parent.mkdir(parents=True, exist_ok=True)
            told = [[[getattr(s, name) for name in Statement.__slots__] for s in d.statements] for d in found]
            out.write_text(json.dumps(told), encoding="utf-8")
        return [[Statement(*s) for s in own] for own in json.loads(out.read_text(encoding="utf-8"))]

    def discover(self, trial: Trial, annotated: bool, seed: int = 0) -> tuple[Discovery, list[str]]:
        """Cluster the left-out statements; with what each is to the annotators."""
        rows, texts, gold = [], [], []
        asked = self.asked(trial)
        for answer, statements in zip(asked, self.coded(trial), strict=True):
            for number, s in enumerate(statements, 1):
                text = answer.text[s.start : s.end]
                more = (s.category, s.probability, s.next_category, s.next_probability)
                rows.append(StatementRow(answer.answer_id, number, s.start, s.end, text, *more))
                texts.append(text)
                gold.append(said_in(answer, s))
        scheme = self.scheme_without(trial)
        entries = self.entries_without(trial)
        known = known_of(trial.question, scheme, entries, self.known(trial) if annotated else [])
        ids = [a.answer_id for a in asked]
        encoder = load_encoder(self.encoder(trial))
        found, _ = cluster_question(rows, texts, ids, trial.question, scheme, known, encoder, seed, "sv")
        return found, gold


def said_in(answer: Annotation, statement: Statement) -> str:
    """Give the category of the marked stretch that shares most with a statement; no cause where none shares enough.

    Half of the shorter of the two has to lie in the other.
    """
    best, category = 0, NO_CAUSE
    for marked in answer.statements or ():
        both = min(marked.end, statement.end) - max(marked.start, statement.start)
        shorter = min(marked.end - marked.start, statement.end - statement.start)
        if both > best and both * 2 >= shorter:
            best, category = both, marked.category
    return category


def proposed(found: Discovery, gold: Sequence[str], hidden: str | None) -> list[Proposed]:
    """Say what each uncovered cluster holds."""

    def of(cluster: FoundCluster) -> Proposed:
        own = [said for said, s in zip(gold, found.statements, strict=True) if s.cluster == cluster.cluster]
        return Proposed(len(own), own.count(hidden or "") / len(own), own.count(OTHER) / len(own))

    return [of(c) for c in found.clusters if c.verdict == "uncovered"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row for each trial, and what they come to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--all-pairs", action="store_true")
    parser.add_argument("--without-annotations", action="store_true")
    asked = parser.parse_args(arguments)
    survey = Survey(asked.work, asked.corpus)
    results: list[tuple[Trial, int, list[Proposed]]] = []
    print(
        f"{'question':<10}{'hidden':<26}{'pair':<6}{'statements':>10}  uncovered clusters: size (share hidden)"
    )
    for trial in survey.trials(asked.all_pairs):
        with threadpool_limits(1):
            found, gold = survey.discover(trial, not asked.without_annotations)
        own = proposed(found, gold, trial.category)
        there = gold.count(trial.category or "")
        results.append((trial, there, own))
        told = ", ".join(f"{p.size} ({p.hidden:.2f})" for p in own) or "-"
        hidden = trial.category or "(nothing)"
        print(f"{trial.question:<10}{hidden:<26}{''.join(trial.pair):<6}{there:>10}  {told}", flush=True)
    print(summary(results))


def summary(results: Sequence[tuple[Trial, int, list[Proposed]]]) -> str:
    """Sum up: what was found, how many proposals were right, and what came up although nothing was hidden."""
    lines = [""]
    hidden = [(there, own) for trial, there, own in results if trial.category]
    groups = {
        "all": hidden,
        f"at least {FEW} statements": [(n, own) for n, own in hidden if n >= FEW],
        f"fewer than {FEW} statements": [(n, own) for n, own in hidden if n < FEW],
    }
    for name, group in groups.items():
        right = [sum(p.hidden > 0.5 for p in own) for _, own in group]
        count = sum(len(own) for _, own in group)
        other = sum(p.other > 0.5 for _, own in group for p in own)
        precision = f"{sum(right) / count:.2f}" if count else "-"
        lines.append(
            f"{name}: {np.count_nonzero(right)} of {len(group)} found; {count} proposals, {sum(right)} right"
            f" (precision {precision}), {other} mostly causes that are 'other' to the annotators"
        )
    for question in dict.fromkeys(trial.question for trial, _, _ in results):
        alarms = [own for trial, _, own in results if trial.category is None and trial.question == question]
        counts = [len(own) for own in alarms]
        other = sum(p.other > 0.5 for own in alarms for p in own)
        if counts:
            lines.append(
                f"nothing hidden, {question}: {np.mean(counts):.1f} false alarms a pair, {max(counts)} at most"
                f" ({other} of {sum(counts)} mostly 'other')"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
