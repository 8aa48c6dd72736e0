"""A fitted model: what each question's heads, path and calibration know, and how they read answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from samorsak.classify import Calibration, Head, log_odds
from samorsak.encode.encoders import Encoder
from samorsak.encode.ngrams import Ngrams, Words, find_words
from samorsak.scheme import NO_CAUSE, OTHER, Scheme
from samorsak.segment import (
    Lattice,
    PathWeights,
    Pieces,
    find_pieces,
    find_runs,
    pool_runs,
    presence,
    traits,
    weigh,
)
from samorsak.shares import Trial

type_floats = npt.NDArray[np.float64]
type_ints = npt.NDArray[np.int64]
type_vectors = npt.NDArray[np.float32]


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
    vector_head : Head or None
        Which outcome a stretch states by an encoder's vector; None where the model knows no encoder.
    trial : Trial or None
        How it did on answers it had not learned from; None where that was not tried.
    """

    outcomes: tuple[str, ...]
    ngrams: Ngrams
    head: Head
    whole: Head | None
    path: PathWeights
    calibration: Calibration
    vector_head: Head | None = None
    trial: Trial | None = None

    @property
    def other(self) -> int | None:
        """Column of `other`, None where the scheme has none."""
        return self.outcomes.index(OTHER) if OTHER in self.outcomes else None


@dataclass(frozen=True, slots=True)
class Model:
    """A scheme, a fitted model for each of its questions, and the encoder they learned with, if any."""

    scheme: Scheme
    questions: Mapping[str, QuestionModel]
    encoder: Encoder | None = None


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
    vectors : ndarray of float32, shape (c, d), or None
        Of the candidates, pooled from an encoder's vectors of their pieces; None without an encoder.
    """

    pieces: Pieces
    words: Words
    lattice: Lattice
    form: type_floats
    spans: tuple[type_ints, type_ints]
    bounds: tuple[type_ints, type_ints]
    vectors: type_vectors | None = None

    @classmethod
    def of(cls, texts: Sequence[str], language: str, encoder: Encoder | None = None) -> Batch:
        """Segment answers into candidates."""
        pieces = find_pieces(texts, language)
        runs = find_runs(pieces)
        sizes = np.bincount(pieces.word_answer, minlength=pieces.n)
        stop = np.cumsum(sizes)
        vectors = None
        if encoder is not None:
            vectors = encoder.encode(stretches(texts, pieces, pieces.first, pieces.last))
        return cls(
            pieces=pieces,
            words=find_words(pieces.words, pieces.lexemes),
            lattice=Lattice.of(runs),
            form=traits(pieces, runs),
            spans=(pieces.first[runs.first], pieces.last[runs.last]),
            bounds=(stop - sizes, stop),
            vectors=None if vectors is None else pool_runs(vectors, pieces, runs),
        )


def stretches(texts: Sequence[str], pieces: Pieces, first: type_ints, last: type_ints) -> list[str]:
    """Cut texts out from a first word to one before another, as they are written."""
    begin, end = pieces.word_start[first].tolist(), pieces.word_end[last - 1].tolist()
    owner = pieces.word_answer[first].tolist()
    return [texts[i][a:b] for i, a, b in zip(owner, begin, end, strict=True)]


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


def beside(log_p: type_floats, vector_head: Head | None, batch: Batch) -> type_floats:
    """Put what vectors say beside what n-grams say of a batch's candidates, shape (c, k) to (h, c, k)."""
    if vector_head is None:
        return log_p[None]
    # sparse, as a row's last bits must not hang on the rows beside it: in a dense product they do
    return np.stack([log_p, vector_head.log_probabilities(sp.csr_matrix(batch.vectors))])


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
    log_p = beside(model.head.log_probabilities(features)[:count], model.vector_head, batch)
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
        if q.vector_head is not None:
            v = q.vector_head
            arrays |= {f"{name}/vector_weights": v.weights, f"{name}/vector_intercept": v.intercept}
        if q.trial is not None:
            arrays |= {f"{name}/trial_given": q.trial.given, f"{name}/trial_gold": q.trial.gold}
    return arrays


def from_arrays(
    arrays: Mapping[str, npt.NDArray[np.generic]], scheme: Scheme, encoder: Encoder | None = None
) -> Model:
    """Rebuild a model from `to_arrays`; a missing array is a KeyError."""
    questions = {}
    for name in scheme.questions:
        if f"{name}/weights" not in arrays:
            continue
        terms, grams, term_idf, gram_idf, weights, intercept, path, calibration = (
            np.asarray(arrays[f"{name}/{key}"]) for key in _ARRAYS
        )
        whole, vector_head = (_head(arrays, f"{name}/{key}") for key in ("whole", "vector"))
        trial = None
        if f"{name}/trial_given" in arrays:
            trial = Trial(*(np.asarray(arrays[f"{name}/trial_{side}"], bool) for side in ("given", "gold")))
        threshold, constant, *slopes = (float(v) for v in calibration)
        questions[name] = QuestionModel(
            outcomes=(*scheme.outcomes(name), NO_CAUSE),
            ngrams=Ngrams(terms.view(np.uint64), grams.view(np.uint64), term_idf, gram_idf),
            head=Head(weights, intercept),
            whole=whole,
            path=PathWeights.unpacked(path, 1 if vector_head is None else 2),
            calibration=Calibration(np.array(slopes), constant, threshold),
            vector_head=vector_head,
            trial=trial,
        )
    return Model(scheme, questions, encoder)


def _head(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> Head | None:
    """Read a head that not every model has."""
    if f"{name}_weights" not in arrays:
        return None
    return Head(arrays[f"{name}_weights"], arrays[f"{name}_intercept"])  # type: ignore[arg-type]
