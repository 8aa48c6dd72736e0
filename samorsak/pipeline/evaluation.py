"""How good a model is on authors it has not seen: leave files out, fit all on the rest, score what was left.

Vocabulary, heads, path, calibration and threshold are all fitted without the files they are scored on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from samorsak.encode import Encoder
from samorsak.errors import TooFewError
from samorsak.evaluate import Scores, StretchScores, calibration_error, score, stretch_scores
from samorsak.pipeline.annotated import read_lessons
from samorsak.pipeline.deciding import Decision, decide
from samorsak.pipeline.encoding import remember
from samorsak.pipeline.fitting import Heads, fit_question
from samorsak.pipeline.material import Entry, Gold, gather
from samorsak.pipeline.training import entries_of, read_entries, to_gold
from samorsak.scheme import NO_CAUSE, Scheme, read_scheme

MOST = 35
"""At most this many sets of training files are tried; of more, every so-manieth."""


@dataclass(frozen=True, slots=True)
class Round:
    """Scores of one file left out, under one set of training files."""

    trained_on: tuple[str, ...]
    file: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class Point:
    """Scores of a question for one number of training files.

    Attributes
    ----------
    train_files : int
    rounds : tuple of Round
        One for each set of training files and each file left out of it.
    pooled : Scores
        All left-out answers together.
    stretches : StretchScores or None
        Agreement with marked stretches, where answers were marked.
    calibration_error : float
        Of the probability of each written cause statement against 'the answer gives that category', ten bins
        of equal mass, left-out files pooled.
    calibration_error_all : float
        The same with the statements of no cause among them.
    """

    train_files: int
    rounds: tuple[Round, ...]
    pooled: Scores
    stretches: StretchScores | None
    calibration_error: float
    calibration_error_all: float

    def mean(self, figure: str) -> float:
        """Mean of a figure of `Scores` over the left-out files."""
        return float(np.mean([getattr(r.scores, figure) for r in self.rounds]))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Points of the learning curve by question, fewest training files first.

    A question with too few files of annotated answers is not among them.
    """

    scheme: Scheme
    questions: dict[str, tuple[Point, ...]]


def evaluate_scheme(
    scheme: str | Path,
    *,
    lexicon: Sequence[Path] = (),
    annotations: Sequence[Path],
    audits: Sequence[Path] = (),
    train_files: int | None = None,
    encoder: str | Path | None = None,
    prefix: str = "",
    allow_network: bool = False,
    seed: int = 0,
    say: Callable[[str], None] | None = None,
) -> Evaluation:
    """Evaluate what `train_model` would make, honestly.

    Parameters
    ----------
    scheme, lexicon, annotations, audits, encoder, prefix, allow_network, seed
        As for `samorsak.pipeline.training.train_model`.
    train_files : int, optional
        Train on this many files and score the others, averaged over the sets there are (at most 35). Where
        not given: none, two, and all but one.

    Raises
    ------
    TooFewError
        Fewer files than are needed to leave one out, for every question.
    ModelError
        The encoder cannot be loaded.
    """
    found = read_scheme(scheme)
    entries = read_entries(scheme, found, lexicon)
    annotated = read_lessons(annotations, found, audits, say)
    files = sorted({a.source for a in annotated})
    if len(files) < 2 or (train_files is not None and not 0 <= train_files < len(files)):
        needed = max(2, (train_files or 0) + 1)
        raise TooFewError(
            f"annotations: {len(files)} files, expected {needed} or more, one of them to be left out;"
            " split the annotations by author or by round"
        )
    vectors = None if encoder is None else remember(encoder, prefix=prefix, allow_network=allow_network)
    questions = {}
    with threadpool_limits(1):
        for question in found.questions:
            gold = [to_gold(a) for a in annotated if a.question == question]
            told = entries_of(found, question, entries)
            sizes = _sizes(len({g.group for g in gold}), train_files)
            if sizes:
                questions[question] = tuple(_points(found, question, gold, told, sizes, vectors, seed, say))
            elif say:
                say(f"{question}: too few files with annotated answers to leave one out, not evaluated")
    if not questions:
        raise TooFewError(
            f"annotations: no question has answers in {(train_files or 0) + 1} files, expected one that has;"
            " set --train-files lower, or split the annotations by author or by round"
        )
    return Evaluation(found, questions)


def _sizes(files: int, train_files: int | None) -> list[int]:
    """Give the numbers of training files to try, each of which leaves one file out or more."""
    tried = {0, min(2, files - 1), files - 1} if train_files is None else {train_files}
    return sorted(size for size in tried if 0 <= size < files)


def _points(
    scheme: Scheme,
    question: str,
    gold: Sequence[Gold],
    entries: Sequence[Entry],
    sizes: Sequence[int],
    encoder: Encoder | None,
    seed: int,
    say: Callable[[str], None] | None,
) -> Iterator[Point]:
    """Fit and score for each number of training files; heads are shared between them."""
    outcomes = (*scheme.outcomes(question), NO_CAUSE)
    material = gather(outcomes, gold, entries, scheme.language, encoder)
    authors = sorted({g.group for g in gold})
    known: dict[frozenset[int], Heads] = {}
    for size in sizes:
        chosen = list(combinations(range(len(authors)), size))
        chosen = chosen[:: -(-len(chosen) // MOST)]
        rounds: list[Round] = []
        seen: list[tuple[Gold, Decision]] = []
        for number, train in enumerate(chosen, 1):
            model = fit_question(material, seed, frozenset(train), known)
            for left in sorted(set(range(len(authors))) - set(train)):
                own = [g for g in gold if g.group == authors[left]]
                decisions = decide(model, [g.text for g in own], scheme.language, encoder)
                seen.extend(zip(own, decisions, strict=True))
                rounds.append(Round(tuple(authors[t] for t in train), authors[left], _scores(own, decisions)))
            if say:
                say(f"{question}: {size} training files, {number} of {len(chosen)}")
        yield _point(size, rounds, seen)


def _scores(gold: Sequence[Gold], decisions: Sequence[Decision]) -> Scores:
    return score([g.categories or {NO_CAUSE} for g in gold], [set(d.categories) for d in decisions])


def _point(size: int, rounds: Sequence[Round], seen: Sequence[tuple[Gold, Decision]]) -> Point:
    gold, decisions = [g for g, _ in seen], [d for _, d in seen]
    written = [
        (s.probability, s.category in (g.categories or {NO_CAUSE}), s.category != NO_CAUSE)
        for g, d in seen
        for s in d.statements
    ]
    probability, correct, cause = (np.array(values) for values in zip(*written, strict=True))
    cause = cause.astype(bool)
    marked = [(g.marked, d) for g, d in seen if g.marked is not None]
    stretches = None
    if marked:
        found = [[(s.start, s.end) for s in d.statements if s.category != NO_CAUSE] for _, d in marked]
        stretches = stretch_scores([list(m) for m, _ in marked], found)
    return Point(
        size,
        tuple(rounds),
        _scores(gold, decisions),
        stretches,
        calibration_error(probability[cause], correct[cause]) if cause.any() else float("nan"),
        calibration_error(probability, correct),
    )


def render_evaluation(evaluation: Evaluation) -> str:
    """Lay an evaluation out as text."""
    lines: list[str] = []
    for question, points in evaluation.questions.items():
        lines += [question, "=" * len(question), "", *_curve(points), "", *_categories(points[-1]), ""]
    return "\n".join(lines)


def _curve(points: Sequence[Point]) -> list[str]:
    head = (
        f"{'training files':>14}{'micro-F1':>10}{'macro-F1':>10}{'share error':>13}{'rank corr.':>12}"
        f"{'ECE':>7}{'ECE all':>9}{'exact':>8}{'half':>7}"
    )
    rows = [head]
    for p in points:
        exact, half = (f"{p.stretches.exact:.3f}", f"{p.stretches.half:.3f}") if p.stretches else ("-", "-")
        rows.append(
            f"{p.train_files:>14}{p.mean('micro_f1'):>10.3f}{p.mean('macro_f1'):>10.3f}"
            f"{p.mean('share_error_pp'):>10.2f} pp{p.mean('rank_correlation'):>12.3f}"
            f"{p.calibration_error:>7.3f}{p.calibration_error_all:>9.3f}{exact:>8}{half:>7}"
        )
    n = len({(r.trained_on, r.file) for r in points[-1].rounds})
    return [
        *rows,
        "",
        f"Means over left-out files ({n} in the last row); exact and half: marked stretches found.",
    ]


def _categories(point: Point) -> list[str]:
    width = max(len(c.category) for c in point.pooled.categories) + 2
    rows = [f"{'category':<{width}}{'precision':>10}{'recall':>8}{'F1':>7}{'gold':>6}{'coded':>7}"]
    rows += [
        f"{c.category:<{width}}{c.precision:>10.3f}{c.recall:>8.3f}{c.f1:>7.3f}{c.support:>6}{c.predicted:>7}"
        for c in point.pooled.categories
    ]
    return [f"Per category, {point.train_files} training files, left-out files pooled:", "", *rows]
