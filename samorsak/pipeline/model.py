"""A fitted model: what each question's heads, path and calibration know, and how they read answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from samorsak.classify import Calibration, Head, log_odds
from samorsak.encode.ngrams import Ngrams, Words, find_words
from samorsak.scheme import NO_CAUSE, OTHER, Scheme
from samorsak.segment import (
    Lattice,
    PathWeights,
    Pieces,
    find_pieces,
    find_runs,
    presence,
    traits,
    weigh,
)
from samorsak.shares import Trial

type_floats = npt.NDArray[np.float64]
type_ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class QuestionModel:
    """All that is learned for one question.

    Attributes
    ----------
    outcomes : tuple of str
        The scheme's categories, `other` where it has it, `no_cause` last.
    ngrams : Ngrams
    head : Head
        Which outcome a stretch states.
    whole : Head or None
        Which categories an answer gives as a whole; None where no annotated answer was there to learn from.
    path : PathWeights
    calibration : Calibration
    trial : Trial or None
        How it did on answers it had not learned from; None where that was not tried.
    """

    outcomes: tuple[str, ...]
    ngrams: Ngrams
    head: Head
    whole: Head | None
    path: PathWeights
    calibration: Calibration
    trial: Trial | None = None

    @property
    def other(self) -> int | None:
        """Column of `other`, None where the scheme has none."""
        return self.outcomes.index(OTHER) if OTHER in self.outcomes else None


@dataclass(frozen=True, slots=True)
class Model:
    """A scheme and a fitted model for each of its questions."""

    scheme: Scheme
    questions: Mapping[str, QuestionModel]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of `n` answers with its candidates, before any model has seen it.

    Attributes
    ----------
    form : ndarray, shape (c, t)
        Traits of the candidates.
    spans : tuple of two ndarrays of int64, shape (c,)
        First and one past the last word of each candidate.
    bounds : tuple of two ndarrays of int64, shape (n,)
        The same of each answer.
    """

    pieces: Pieces
    words: Words
    lattice: Lattice
    form: type_floats
    spans: tuple[type_ints, type_ints]
    bounds: tuple[type_ints, type_ints]

    @classmethod
    def of(cls, texts: Sequence[str], language: str) -> Batch:
        """Segment answers into candidates."""
        pieces = find_pieces(texts, language)
        runs = find_runs(pieces)
        sizes = np.bincount(pieces.word_answer, minlength=pieces.n)
        stop = np.cumsum(sizes)
        return cls(
            pieces=pieces,
            words=find_words(pieces.words, pieces.lexemes),
            lattice=Lattice.of(runs),
            form=traits(pieces, runs),
            spans=(pieces.first[runs.first], pieces.last[runs.last]),
            bounds=(stop - sizes, stop),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model makes of a batch.

    Attributes
    ----------
    weighed : ndarray, shape (c, k)
        Log weight of every candidate with every outcome.
    probability : ndarray, shape (n, k)
        That the answer gives the category; the last column is that it gives no cause.
    """

    batch: Batch
    weighed: type_floats
    probability: type_floats


def evidence_of(lattice: Lattice, weighed: type_floats, whole: type_floats | None) -> type_floats:
    """Lay the kinds of evidence side by side, in log odds, shape (n, k - 1, e); `no_cause` has none."""
    kinds = [log_odds(presence(lattice, weighed))[:, :-1]]
    if whole is not None:
        kinds.append(np.clip(whole, -12, 12))
    return np.stack(kinds, -1)


def read_batch(model: QuestionModel, batch: Batch) -> Reading:
    """Weigh every candidate of a batch and give each answer its probabilities."""
    count = len(batch.spans[0])
    first, last = map(np.concatenate, zip(batch.spans, batch.bounds, strict=True))
    features = model.ngrams.transform(batch.words, first, last)
    log_p = model.head.log_probabilities(features)[:count]
    weighed = weigh(log_p, batch.form, model.path, len(model.outcomes) - 1, model.other)
    whole = None
    if model.whole is not None:
        whole = model.whole.evidence(features[count:])
    gives = model.calibration.probabilities(evidence_of(batch.lattice, weighed, whole))
    return Reading(batch, weighed, np.concatenate([gives, (1 - gives).prod(1, keepdims=True)], 1))


_ARRAYS = ("terms", "grams", "term_idf", "gram_idf", "weights", "intercept", "path", "calibration")


def to_arrays(model: Model) -> dict[str, npt.NDArray[np.generic]]:
    """Give a model's numbers by name: ``missed/weights`` and so on."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name, q in model.questions.items():
        c = q.calibration
        values: tuple[npt.NDArray[Any], ...] = (
            q.ngrams.terms.view(np.int64),
            q.ngrams.grams.view(np.int64),
            q.ngrams.term_idf,
            q.ngrams.gram_idf,
            q.head.weights,
            q.head.intercept,
            q.path.packed(),
            np.array([c.threshold, c.intercept, *c.slopes]),
        )
        arrays |= {f"{name}/{key}": value for key, value in zip(_ARRAYS, values, strict=True)}
        if q.whole is not None:
            arrays |= {f"{name}/whole_weights": q.whole.weights, f"{name}/whole_intercept": q.whole.intercept}
        if q.trial is not None:
            arrays |= {f"{name}/trial_given": q.trial.given, f"{name}/trial_gold": q.trial.gold}
    return arrays


def from_arrays(arrays: Mapping[str, npt.NDArray[np.generic]], scheme: Scheme) -> Model:
    """Rebuild a model from `to_arrays`; a missing array is a KeyError."""
    questions = {}
    for name in scheme.questions:
        if f"{name}/weights" not in arrays:
            continue
        terms, grams, term_idf, gram_idf, weights, intercept, path, calibration = (
            np.asarray(arrays[f"{name}/{key}"]) for key in _ARRAYS
        )
        whole = None
        if f"{name}/whole_weights" in arrays:
            whole = Head(arrays[f"{name}/whole_weights"], arrays[f"{name}/whole_intercept"])  # type: ignore[arg-type]
        trial = None
        if f"{name}/trial_given" in arrays:
            trial = Trial(*(np.asarray(arrays[f"{name}/trial_{side}"], bool) for side in ("given", "gold")))
        threshold, constant, *slopes = (float(v) for v in calibration)
        questions[name] = QuestionModel(
            outcomes=(*scheme.outcomes(name), NO_CAUSE),
            ngrams=Ngrams(terms.view(np.uint64), grams.view(np.uint64), term_idf, gram_idf),
            head=Head(weights, intercept),
            whole=whole,
            path=PathWeights.unpacked(path),
            calibration=Calibration(np.array(slopes), constant, threshold),
            trial=trial,
        )
    return Model(scheme, questions)
