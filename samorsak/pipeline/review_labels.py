"""Which decisions of people look wrong: annotated answers as a queue, by models that had not seen them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from samorsak.annotations import Annotation, QueueRow, Reason, Suggestion, categories_of
from samorsak.classify import fit_head
from samorsak.encode import Encoder
from samorsak.errors import TooFewError
from samorsak.pipeline.annotated import read_lessons
from samorsak.pipeline.nearness import encoder_for
from samorsak.pipeline.training import entries_of, read_entries
from samorsak.review import label_doubts
from samorsak.scheme import NO_CAUSE, read_scheme

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PARTS = 6
"""Of the answers, where all are of one file."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement that a person marked, or an answer and one of the categories that it was coded with.

    Attributes
    ----------
    answer : int
        Place of its annotation.
    start, end : int
    category : str
    """

    answer: int
    start: int
    end: int
    category: str


def doubt_labels(
    scheme: str | Path,
    annotations: Sequence[str | Path],
    n: int = 50,
    *,
    lexicon: Sequence[Path] = (),
    encoder: str | Path | None = None,
    question: str | None = None,
    seed: int = 0,
    say: Callable[[str], None] | None = None,
) -> tuple[QueueRow, ...]:
    """Choose the annotated answers of which a label looks wrong, the most doubtful first.

    Each file is judged by what definitions, lexicon and the other files say; answers of a single file are
    dealt into six parts.

    Parameters
    ----------
    scheme, lexicon
        As for `samorsak.train_model`.
    annotations : sequence of str or Path
        Files or folders. Rows of an audit are refused, as they must not be learned from.
    n : int
        At most so many answers.
    encoder : str or Path, optional
        As for `build_queue`.
    question : str, optional
        Only this question.
    seed : int
        Deals the answers of a single file.
    say : callable, optional
        As for `samorsak.pipeline.annotated.read_lessons`.

    Returns
    -------
    tuple of QueueRow
        Their statements are what the person marked, each with the probability of its category and the one
        that speaks against it. `expected` is not given: how many labels are wrong is not known.

    Raises
    ------
    SchemeError, AnnotationError, ModelError
        As the readers do.
    TooFewError
        No question has labels of two categories in two answers.
    """
    found = read_scheme(scheme)
    if question is not None:
        found.question(question)
    entries = read_entries(scheme, found, lexicon)
    lessons = [a for a in read_lessons([Path(p) for p in annotations], found, say=say) if a.decided]
    opened = encoder_for(found.language, encoder)
    doubted: list[tuple[float, QueueRow]] = []
    judged = False
    with threadpool_limits(1):  # with more, sums are taken in another order and the last bits differ
        for name in found.questions:
            own = [a for a in lessons if a.question == name and question in (None, name)]
            labelled = list(_labelled(own))
            if len({a.category for a in labelled}) < 2 or len({a.answer for a in labelled}) < 2:
                continue
            judged = True
            told = [(e.text, e.category) for e in entries_of(found, name, entries)]
            p = held_out(own, labelled, told, (*found.outcomes(name), NO_CAUSE), opened, seed)
            doubted += _rows(own, labelled, p, (*found.outcomes(name), NO_CAUSE))
    if not judged:
        raise TooFewError(
            "annotations: no question has labels of two categories in two answers, expected one that has; "
            "annotate more answers"
        )
    doubted.sort(key=lambda one: -one[0])
    return tuple(row for _, row in doubted[:n])


def _labelled(annotations: Sequence[Annotation]) -> Iterator[Labelled]:
    """List what was labelled; in an answer coded as a whole, each of its categories."""
    for i, a in enumerate(annotations):
        if a.statements is not None:
            yield from (Labelled(i, m.start, m.end, m.category) for m in a.statements)
        if a.statements is None or not a.statements:
            start = len(a.text) - len(a.text.lstrip())
            end = max(start, len(a.text.rstrip()))
            for category in sorted(categories_of(a)):
                yield Labelled(i, start, end, category)


def held_out(
    annotations: Sequence[Annotation],
    labelled: Sequence[Labelled],
    told: Sequence[tuple[str, str]],
    outcomes: tuple[str, ...],
    encoder: Encoder,
    seed: int,
) -> Floats:
    """Give each label's text the probability of every outcome, by what was learned from other files.

    Parameters
    ----------
    told : sequence of pairs of text and category
        Definitions and lexicon, which are always learned from.

    Returns
    -------
    ndarray, shape (m, k)
        Of an answer coded as a whole, its other categories are left out of account.
    """
    column = {name: c for c, name in enumerate(outcomes)}
    kind = np.array([column[one.category] for one in labelled], np.int64)
    vectors = encoder.encode([annotations[one.answer].text[one.start : one.end] for one in labelled])
    entries = encoder.encode([text for text, _ in told])
    of_entries = np.array([column[category] for _, category in told], np.int64)
    part = _parts(annotations, seed)[[one.answer for one in labelled]]
    found = np.zeros((len(labelled), len(outcomes)))
    for one in np.unique(part).tolist():
        rest = part != one
        known = np.concatenate([entries, vectors[rest]])
        head = fit_head(known, np.concatenate([of_entries, kind[rest]]), np.ones(len(known)), len(outcomes))
        found[~rest] = np.exp(head.log_probabilities(vectors[~rest]))
    for i, one in enumerate(labelled):
        whole = annotations[one.answer].categories or ()
        found[i, [column[c] for c in whole if c != one.category]] = 0
    sums = found.sum(1, keepdims=True)
    return np.asarray(found / np.where(sums > 0, sums, 1), np.float64)


def _parts(annotations: Sequence[Annotation], seed: int) -> Ints:
    names = sorted({a.source for a in annotations})
    if len(names) > 1:
        return np.array([names.index(a.source) for a in annotations], np.int64)
    order: Ints = np.random.default_rng(seed).permutation(np.arange(len(annotations)) % PARTS)
    return order


def _rows(
    annotations: Sequence[Annotation], labelled: Sequence[Labelled], p: Floats, outcomes: tuple[str, ...]
) -> Iterator[tuple[float, QueueRow]]:
    """Make a row of every answer with a doubted label."""
    kind = np.array([outcomes.index(one.category) for one in labelled], np.int64)
    strength, instead = label_doubts(p, kind)
    of_answer: dict[int, list[int]] = {}
    for at, one in enumerate(labelled):
        of_answer.setdefault(one.answer, []).append(at)
    for i, places in of_answer.items():
        reasons = [
            Reason(
                name="label_doubted",
                strength=round(float(strength[at]), 6),
                statement=number,
                says=f"{labelled[at].category}, rather {outcomes[instead[at]]}",
            )
            for number, at in enumerate(places, 1)
            if strength[at] > 0
        ]
        if not reasons:
            continue
        reasons.sort(key=lambda reason: -reason.strength)
        a = annotations[i]
        row = QueueRow(
            answer_id=a.answer_id,
            round=a.round,
            question=a.question,
            text=a.text,
            statements=tuple(
                Suggestion(
                    start=labelled[at].start,
                    end=labelled[at].end,
                    category=labelled[at].category,
                    probability=round(float(p[at, kind[at]]), 6),
                    next_category=outcomes[instead[at]] if strength[at] > 0 else "",
                    next_probability=round(float(p[at, instead[at]]), 6) if strength[at] > 0 else 0.0,
                )
                for at in places
            ),
            reasons=tuple(reasons),
        )
        yield reasons[0].strength, row
