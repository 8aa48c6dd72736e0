"""`samorsak annotations agreement`: who decided the same answers, and how far they agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from samorsak.annotations import (
    Annotation,
    Carrier,
    QueueRow,
    Reason,
    Store,
    Suggestion,
    categories_of,
    write_queue,
)
from samorsak.annotations.reading import annotation_files, read_decisions
from samorsak.evaluate import (
    Agreement,
    CategoryAgreement,
    StretchAgreement,
    category_agreement,
    disagreements,
    krippendorff_alpha,
    masi,
    stretch_agreement,
)
from samorsak.pipeline.annotated import text_sha256
from samorsak.report.delimited import write_rows
from samorsak.scheme import Scheme, read_scheme

DISAGREEMENT = "disagreement"
"""What the reason is called for which a row stands in the queue that `write_disagreements` writes."""

_COLUMNS = ("round", "question", "answer_id", "category", "given_by", "not_given_by")

Key = tuple[str, str, str]
"""Question, round and answer_id."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How far the decisions of one kind agree.

    Attributes
    ----------
    of : str
        ``"all"``, ``"blind"``, ``"suggested"``, two annotators (``"kl, mn"``), or one who read answers twice
        unawares (``"kl again"``).
    nominal, sets : Agreement
        Krippendorff's alpha: whether all categories of an answer are the same, and with MASI, which gives
        credit for some of them.
    stretches : StretchAgreement
    """

    of: str
    nominal: Agreement
    sets: Agreement
    stretches: StretchAgreement


@dataclass(frozen=True, slots=True)
class QuestionAgreement:
    """How far the annotators of one question agree.

    Attributes
    ----------
    annotators : tuple of str
    answers : int
        Answers that two or more of them decided.
    other_texts : int
        Answers left out, as they were decided on different texts.
    measured : tuple of Measured
        All first; those of pairs where there are more than two annotators.
    repeats : tuple of Measured
        Of each annotator who decided answers twice, with herself.
    categories : tuple of CategoryAgreement
    disputed : tuple of tuple of Annotation
        The decisions on each answer whose categories differ, in the order of the annotators.
    settled : int
        Such answers on which it is settled what holds; not among `disputed`.
    """

    question: str
    annotators: tuple[str, ...]
    answers: int
    other_texts: int
    measured: tuple[Measured, ...]
    repeats: tuple[Measured, ...]
    categories: tuple[CategoryAgreement, ...]
    disputed: tuple[tuple[Annotation, ...], ...]
    settled: int


def measure_agreement(
    paths: Sequence[Path], scheme: str | Path | Scheme, *, draws: int = 1000, seed: int = 0
) -> tuple[QuestionAgreement, ...]:
    """Measure how far annotators agree who decided the same answers.

    Of each annotator the last decision counts; one that settles a disagreement counts for nobody, as it was
    made with the others' in view.

    Parameters
    ----------
    paths : sequence of Path
        Logs, hand-made files of one annotator each, or folders of them.
    scheme : str, Path or Scheme
    draws, seed : int
        Of the bootstrap over answers.

    Returns
    -------
    tuple of QuestionAgreement
        In the order of the scheme, without questions that nobody decided.

    Raises
    ------
    AnnotationError
        A path that is not there, or rows that are no annotations.
    SchemeError
        There is no such scheme.
    """
    scheme = scheme if isinstance(scheme, Scheme) else read_scheme(scheme)
    found = [a for a in _read(paths, scheme) if a.decided]
    of_question = {q: [a for a in found if a.question == q] for q in scheme.questions}
    return tuple(_of_question(q, own, draws, seed) for q, own in of_question.items() if own)


def _read(paths: Sequence[Path], scheme: Scheme) -> Iterator[Annotation]:
    """Give every decision in the order of time: of logs with repeats, of hand-made rows as they stand."""
    files = list(dict.fromkeys(annotation_files(paths)))
    for folder in dict.fromkeys(file.parent for file in files):
        names = {file.stem for file in files if file.parent == folder}
        logged = [found.annotation for found in Store(folder, scheme).history()]
        yield from (a for a in logged if a.source in names)
    for file in files:
        own = read_decisions([file], scheme, undecided_ok=True, carrier=Carrier(scheme))
        yield from (found.annotation for found in own.found if not found.id)


def _name(annotation: Annotation) -> str:
    return annotation.annotator or annotation.source


def _key(annotation: Annotation) -> Key:
    return annotation.question, annotation.round, annotation.answer_id


def _of_question(question: str, found: Sequence[Annotation], draws: int, seed: int) -> QuestionAgreement:
    names = tuple(sorted({_name(a) for a in found}))
    last: dict[Key, dict[str, Annotation]] = {}
    again: dict[str, list[tuple[Annotation, Annotation]]] = {}
    settled: set[Key] = set()
    for a in found:
        own = last.setdefault(_key(a), {})
        if "settled" in a.flags:
            settled.add(_key(a))
        elif "repeat" not in a.flags:
            own[_name(a)] = a
        elif _name(a) in own:
            again.setdefault(_name(a), []).append((own[_name(a)], a))
    shared = {key: own for key, own in last.items() if len(own) > 1}
    rows = [own for own in shared.values() if len({text_sha256(a.text) for a in own.values()}) == 1]
    table = [[own.get(name) for name in names] for own in rows]
    apart = [row for row in table if len({categories_of(a) for a in row if a}) > 1]
    open_ = [row for row in apart if _key(next(filter(None, row))) not in settled]
    return QuestionAgreement(
        question,
        names,
        len(rows),
        len(shared) - len(rows),
        tuple(_kinds(table, names, draws, seed)),
        tuple(_measured(f"{name} again", pairs, draws, seed) for name, pairs in sorted(again.items())),
        category_agreement(_sets(table)),
        tuple(tuple(a for a in row if a) for row in open_),
        len(apart) - len(open_),
    )


_Table = Sequence[Sequence[Annotation | None]]


def _kinds(table: _Table, names: Sequence[str], draws: int, seed: int) -> Iterator[Measured]:
    """Measure all, then by whether a suggestion was seen, then each pair."""
    yield _measured("all", table, draws, seed)
    if any(a and a.origin == "suggested" for row in table for a in row):
        for origin in ("blind", "suggested"):
            own = [[a if a and a.origin == origin else None for a in row] for row in table]
            yield _measured(origin, own, draws, seed)
    if len(names) > 2:
        for one, other in combinations(range(len(names)), 2):
            pair = [(row[one], row[other]) for row in table]
            yield _measured(f"{names[one]}, {names[other]}", pair, draws, seed)


def _measured(of: str, table: _Table, draws: int, seed: int) -> Measured:
    sets = _sets(table)
    return Measured(
        of,
        krippendorff_alpha(sets, draws=draws, seed=seed),
        krippendorff_alpha(sets, masi, draws=draws, seed=seed),
        stretch_agreement([[_marks(a) for a in row] for row in table], draws=draws, seed=seed),
    )


def _sets(table: _Table) -> list[list[frozenset[str] | None]]:
    return [[None if a is None else categories_of(a) for a in row] for row in table]


def _marks(annotation: Annotation | None) -> list[tuple[int, int, str]] | None:
    if annotation is None or annotation.statements is None:
        return None
    return [(m.start, m.end, m.category) for m in annotation.statements]


def disputed_rows(found: Iterable[QuestionAgreement]) -> tuple[QueueRow, ...]:
    """Make a queue of the answers that annotators disagree on, the farthest apart first.

    Each annotator's version is a reason; what all of them marked alike is suggested. What is then decided
    has the flag ``settled``.
    """
    rows = [_queue_row(decisions) for one in found for decisions in one.disputed]
    return tuple(sorted(rows, key=lambda row: -max(reason.strength for reason in row.reasons)))


def _queue_row(decisions: Sequence[Annotation]) -> QueueRow:
    first = decisions[0]
    apart = float(np.mean([masi(categories_of(a), categories_of(b)) for a, b in combinations(decisions, 2)]))
    alike = set.intersection(*({*(a.statements or ())} for a in decisions))
    shared = sorted(alike, key=lambda mark: mark.start)
    return QueueRow(
        answer_id=first.answer_id,
        round=first.round,
        question=first.question,
        text=first.text,
        statements=tuple(
            Suggestion(start=m.start, end=m.end, category=m.category, probability=1.0) for m in shared
        ),
        reasons=tuple(Reason(name=DISAGREEMENT, strength=apart, says=_version(a)) for a in decisions),
    )


def _version(a: Annotation) -> str:
    """Say what one annotator decided, in ids and offsets: ``kl: rain 0-11, snow 13-20``."""
    marks = [f"{m.category} {m.start}-{m.end}" for m in a.statements or ()]
    return f"{_name(a)}: {', '.join(marks or sorted(categories_of(a)))}"


def write_disagreements(
    found: Sequence[QuestionAgreement], queue: Path | None = None, table: Path | None = None
) -> Iterator[str]:
    """Write the disagreements as a queue to be settled, and as a table of who disagreed where.

    Yields
    ------
    str
        A line on each file that is written.

    Raises
    ------
    AnnotationError, InputError
        A file cannot be written.
    """
    if queue is not None:
        rows = disputed_rows(found)
        write_queue(queue, rows)
        yield f"{len(rows)} answers to be settled: {queue}"
    if table is not None:
        write_rows(table, _COLUMNS, _cells(found))
        yield f"written: {table}"


def _cells(found: Iterable[QuestionAgreement]) -> Iterator[list[str]]:
    for decisions in (row for one in found for row in one.disputed):
        first = decisions[0]
        for d in disagreements([[categories_of(a) for a in decisions]]):
            who = [";".join(_name(decisions[i]) for i in places) for places in (d.given, d.not_given)]
            yield [first.round, first.question, first.answer_id, d.category, *who]
