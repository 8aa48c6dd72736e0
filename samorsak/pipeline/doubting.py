"""The reasons to doubt a coded round, one question at a time: from rows to arrays, and to strengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samorsak.classify import fit_head
from samorsak.coded import CodedAnswer, StatementRow
from samorsak.encode import Encoder
from samorsak.mapping import usual_nearness
from samorsak.pipeline.deciding import alike_in_length
from samorsak.pipeline.mapped import Known, unmasked_text
from samorsak.pipeline.model import Batch, QuestionModel, read_batch
from samorsak.review import (
    close_categories,
    doubtful_border,
    expected_errors,
    far_from_examples,
    high_entropy,
    low_margin,
    neighbours_disagree,
    other_cluster,
    pool_opinions,
    rare_category,
    twins_differ,
)
from samorsak.scheme import OTHER
from samorsak.segment import Lattice, log_sum

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason for all statements of a question, or for all its answers.

    Attributes
    ----------
    strength : ndarray, shape (m,) or (n,)
    of_statements : bool
    says : tuple of str, length m or n
        What each is about, in English; empty where the reason's name says it all.
    """

    name: str
    strength: Floats
    of_statements: bool
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coding:
    """The answers of a question as they were coded.

    Attributes
    ----------
    answers : sequence of CodedAnswer, length n
    rows : sequence of StatementRow, length m
    outcomes : tuple of str, length k + 1
        `no_cause` last.
    probability : ndarray, shape (n, k)
    threshold : float
    second : ndarray, shape (n, k), or None
        What another one says of the same answers, see `second_opinion`.
    """

    answers: Sequence[CodedAnswer]
    rows: Sequence[StatementRow]
    outcomes: tuple[str, ...]
    probability: Floats
    threshold: float
    second: Floats | None = None

    @property
    def expected(self) -> Floats:
        """Expected number of wrong categories of each answer, shape (n,).

        Their sum is what the calibrated probabilities say; which answers they are in, both opinions.
        """
        own = expected_errors(self.probability, self.given)
        if self.second is None or not own.sum():
            return own
        both = expected_errors(pool_opinions(self.probability, self.second), self.given)
        scaled: Floats = both * (own.sum() / both.sum())
        return scaled

    @property
    def owner(self) -> Ints:
        """Place of each statement's answer, shape (m,)."""
        place = {answer.answer_id: i for i, answer in enumerate(self.answers)}
        return np.array([place[row.answer_id] for row in self.rows], np.int64)

    @property
    def kind(self) -> Ints:
        """Column of each statement's category, shape (m,)."""
        return np.array([self.outcomes.index(row.category) for row in self.rows], np.int64)

    @property
    def given(self) -> Flags:
        """Which categories each answer was given, shape (n, k)."""
        found = np.zeros((len(self.answers), len(self.outcomes)), bool)
        for i, answer in enumerate(self.answers):
            found[i, [self.outcomes.index(category) for category in answer.categories]] = True
        return found[:, :-1]


def second_opinion(coding: Coding, known: Known, encoder: Encoder) -> Floats | None:
    """Let what is known of the categories judge the statements once more, by their vectors alone.

    Returns
    -------
    ndarray, shape (n, k), or None
        The highest probability of each category among the statements of an answer; None where examples,
        lexicon and definitions are of fewer than two outcomes.
    """
    pairs = (*known.definitions, *known.lexicon, *known.examples)
    kind = np.array([place for _, place in pairs], np.int64)
    if len(np.unique(kind)) < 2:
        return None
    texts = {answer.answer_id: answer for answer in coding.answers}
    vectors = encoder.encode([text for text, _ in pairs])
    head = fit_head(vectors, kind, np.ones(len(kind)), len(coding.outcomes))
    said = encoder.encode([unmasked_text(row, texts[row.answer_id]) for row in coding.rows])
    found = np.zeros((len(coding.answers), len(coding.outcomes)))
    np.maximum.at(found, coding.owner, np.exp(head.log_probabilities(said)))
    return found[:, :-1]


def doubts_of(coding: Coding, known: Known, encoder: Encoder) -> list[Doubt]:
    """Give every reason that the coding itself and examples have.

    Parameters
    ----------
    known : Known
        Examples, lexicon and definitions of the question.
    encoder : Encoder
        Says what is near what.
    """
    texts = {answer.answer_id: answer for answer in coding.answers}
    vectors = encoder.encode([unmasked_text(row, texts[row.answer_id]) for row in coding.rows])
    found = [*_of_answers(coding), _close(coding), *_of_examples(coding, vectors, known, encoder)]
    found += [_twins(coding, vectors), _others(coding, vectors, known, encoder)]
    return found


def _of_answers(coding: Coding) -> list[Doubt]:
    p, n = coding.probability, len(coding.answers)
    nearest = np.abs(p - coding.threshold).argmin(1) if p.size else np.zeros(n, np.int64)
    says = tuple(
        f"{coding.outcomes[c]} at {p[i, c]:.2f}, given from {coding.threshold:.2f}"
        for i, c in enumerate(nearest.tolist())
    )
    return [
        Doubt("low_margin", low_margin(p, coding.threshold), False, says),
        Doubt("high_entropy", high_entropy(p), False, ("",) * n),
    ]


def _close(coding: Coding) -> Doubt:
    own = np.array([row.probability for row in coding.rows], float)
    following = np.array([row.next_probability for row in coding.rows], float)
    given = [coding.answers[i].categories for i in coding.owner.tolist()]
    both = np.array([row.next_category in c for row, c in zip(coding.rows, given, strict=True)], bool)
    says = tuple(f"{row.category} or {row.next_category}" for row in coding.rows)
    return Doubt("close_categories", close_categories(own, following, both), True, says)


def _of_examples(coding: Coding, vectors: NDArray[np.float32], known: Known, encoder: Encoder) -> list[Doubt]:
    """Set statements against examples; where nobody annotated any, against lexicon and definitions."""
    kind, k = coding.kind, len(coding.outcomes)
    annotated = encoder.encode([text for text, _ in known.examples])
    pairs = known.examples or (*known.lexicon, *known.definitions)
    texts = annotated if known.examples else encoder.encode([text for text, _ in pairs])
    of = np.array([place for _, place in pairs], np.int64)
    away, instead = neighbours_disagree(vectors, kind, texts, of, k)
    far = far_from_examples(vectors, annotated, known.group)
    count = np.bincount(of, minlength=k)
    says = tuple("" if c < 0 else f"the nearest are mostly {coding.outcomes[c]}" for c in instead.tolist())
    rare = np.where(kind == k - 1, 0, rare_category(kind, count))
    of_rare = tuple(f"{coding.outcomes[c]}: {count[c]} known" for c in kind.tolist())
    none = ("",) * len(kind)
    return [
        Doubt("neighbours_disagree", away, True, says),
        Doubt("far_from_examples", far, True, none),
        Doubt("rare_category", rare, True, of_rare),
    ]


def _twins(coding: Coding, vectors: NDArray[np.float32]) -> Doubt:
    strength, twin = twins_differ(vectors, coding.kind, coding.owner)
    says = tuple(
        "" if t < 0 else f"{coding.rows[t].category} in answer {coding.rows[t].answer_id}"
        for t in twin.tolist()
    )
    return Doubt("twins_differ", strength, True, says)


def _others(coding: Coding, vectors: NDArray[np.float32], known: Known, encoder: Encoder) -> Doubt:
    """Look for what several answers give that no category covers."""
    strength = np.zeros(len(coding.rows))
    told = (*known.lexicon, *known.definitions) or known.examples
    if OTHER in coding.outcomes and told:
        own = np.flatnonzero(coding.kind == coding.outcomes.index(OTHER))
        references = encoder.encode([text for text, _ in told])
        near = usual_nearness(references, np.array([place for _, place in told], np.int64))
        strength[own] = other_cluster(vectors[own], near)
    return Doubt("other_cluster", strength, True, ("",) * len(strength))


def border_doubt(
    coding: Coding, model: QuestionModel, language: str, encoder: Encoder | None = None
) -> Doubt:
    """Ask the model that coded a round how sure it is of where its statements begin and end.

    Parameters
    ----------
    model : QuestionModel
    encoder : Encoder, optional
        The one that the model learned with, where it did with one.
    """
    sure = np.ones(len(coding.rows))
    by_answer: dict[int, list[int]] = {}
    for row, i in enumerate(coding.owner.tolist()):
        by_answer.setdefault(i, []).append(row)
    texts = [answer.text for answer in coding.answers]
    for alike in alike_in_length(texts):
        batch = Batch.of([texts[i] for i in alike], language, encoder)
        begins, ends = _borders(batch.lattice, log_sum(read_batch(model, batch).weighed, 1))
        p = batch.pieces
        starts = {(a, at): begins[j] for j, (a, at) in enumerate(zip(p.answer, p.trimmed, strict=True))}
        stops = {(a, at): ends[j] for j, (a, at) in enumerate(zip(p.answer, p.end, strict=True))}
        for a, i in enumerate(alike):
            for row in by_answer.get(i, []):
                place = coding.rows[row]
                sure[row] = min(starts.get((a, place.start), 1.0), stops.get((a, place.end), 1.0))
    return Doubt("doubtful_border", doubtful_border(sure), True, ("",) * len(sure))


def _borders(lattice: Lattice, weights: Floats) -> tuple[Floats, Floats]:
    """Give the posterior probability that a run begins, and ends, with each piece."""
    runs, on_path = lattice.runs, lattice.posteriors(weights)[1]
    pieces = int(runs.sizes.sum())
    begins = np.bincount(runs.first, weights=on_path, minlength=pieces).astype(np.float64)
    ends = np.bincount(runs.last, weights=on_path, minlength=pieces).astype(np.float64)
    return begins, ends
