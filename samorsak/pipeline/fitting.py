"""One question's model from what there is to learn from: lexicon, definitions, marked answers, coded answers.

The head learns what a stretch states; the path and the calibration learn from heads that have not seen the
answers they are asked about (cross-fitting over groups of answers: files, where each is one author's).
Answers that were decided with a suggestion in view teach the heads, but neither path nor calibration, where
there are enough others: they are mostly those that a queue chose, and how sure a model may be of doubtful
answers holds for no others.

With an encoder there is a second head, on the vectors of stretches, and the path learns what its word counts
beside that of the n-grams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from samorsak.classify import Calibration, Head, fit_calibration, fit_head, fit_whole_head
from samorsak.encode.ngrams import Ngrams, Words, fit_ngrams
from samorsak.pipeline.composing import compose
from samorsak.pipeline.deciding import given_outcomes
from samorsak.pipeline.material import Material, gather
from samorsak.pipeline.model import Batch, QuestionModel, beside, evidence_of
from samorsak.segment import Lattice, Lesson, PathWeights, Runs, learn_paths, weigh
from samorsak.shares import Trial

type_floats = npt.NDArray[np.float64]
type_ints = npt.NDArray[np.int64]
type_flags = npt.NDArray[np.bool_]

GROUPS = 6
"""Parts of the material in cross-fitting, where there is one file only."""

FEW = 40
"""With fewer annotated answers than this, path and calibration are learned from composed answers."""


@dataclass(frozen=True, slots=True)
class Heads:
    """What is fitted on a part of the material."""

    ngrams: Ngrams
    head: Head
    whole: Head | None
    vector_head: Head | None


def fit_heads(material: Material, answers: type_flags, entries: type_flags | None = None) -> Heads:
    """Fit vocabulary and heads on some of the answers and entries.

    Parameters
    ----------
    answers : ndarray of bool, shape (n,)
    entries : ndarray of bool, optional
        All of them where not given.
    """
    answer, first, last, outcome, weight = material.rows
    kept = answers[answer] if len(answer) else np.zeros(0, bool)
    e_first, e_last, e_outcome = material.entry_rows
    if entries is not None:
        e_first, e_last, e_outcome = e_first[entries], e_last[entries], e_outcome[entries]
    ngrams = _fit_vocabulary(material, (first[kept], last[kept]), (e_first, e_last))
    features = sp.vstack(
        [
            ngrams.transform(material.batch.words, first[kept], last[kept]),
            ngrams.transform(material.entry_words, e_first, e_last),
        ],
        format="csr",
    )
    told = np.concatenate([outcome[kept], e_outcome])
    weights = np.concatenate([weight[kept], np.ones(len(e_outcome))])
    head = fit_head(features, told, weights, len(material.outcomes))
    vector_head = None
    if material.vectors is not None:
        of_rows, of_entries = material.vectors
        of_entries = of_entries if entries is None else of_entries[entries]
        seen = np.concatenate([of_rows[kept], of_entries])
        vector_head = fit_head(seen, told, weights, len(material.outcomes))
    whole = None
    if answers.any():
        begin, end = material.batch.bounds
        rows = ngrams.transform(material.batch.words, begin[answers], end[answers])
        whole = fit_whole_head(rows, material.gives[answers])
    return Heads(ngrams, head, whole, vector_head)


def _fit_vocabulary(
    material: Material, own: tuple[type_ints, type_ints], entries: tuple[type_ints, type_ints]
) -> Ngrams:
    """Fit the n-grams over annotated stretches and entries together."""
    a, b = material.batch.words, material.entry_words
    both = Words(
        np.concatenate([a.flow, b.flow + len(a.hashes)]),
        np.concatenate([a.hashes, b.hashes]),
        np.concatenate([a.grams, b.grams]),
        np.concatenate([a.owner, b.owner + len(a.hashes)]),
    )
    shift = len(a.flow)
    return fit_ngrams(
        both, np.concatenate([own[0], entries[0] + shift]), np.concatenate([own[1], entries[1] + shift])
    )


@dataclass(frozen=True, slots=True)
class Held:
    """Answers seen by heads that were fitted without them; `log_p` is of shape (h, c, k)."""

    batch: Batch
    log_p: type_floats
    whole: type_floats | None
    allowed: type_flags
    gives: type_flags


def hold_out(heads: Heads, material: Material, answers: type_ints) -> Held:
    """Let heads look at answers they were not fitted on."""
    batch, allowed = _part(material, answers)
    log_p = heads.head.log_probabilities(heads.ngrams.transform(batch.words, *batch.spans))
    log_p = beside(log_p, heads.vector_head, batch)
    whole = None
    if heads.whole is not None:
        whole = heads.whole.evidence(heads.ngrams.transform(batch.words, *batch.bounds))
    return Held(batch, log_p, whole, allowed, material.gives[answers])


def _part(material: Material, answers: type_ints) -> tuple[Batch, type_flags]:
    """Cut some answers out of the material's batch."""
    batch = material.batch
    runs = batch.lattice.runs
    new = np.full(runs.n, -1)
    new[answers] = np.arange(len(answers))
    kept = new[runs.answer] >= 0
    part = Runs(
        len(answers),
        new[runs.answer[kept]],
        runs.first[kept],
        runs.last[kept],
        runs.place[kept],
        runs.sizes[answers],
    )
    spans = (batch.spans[0][kept], batch.spans[1][kept])
    bounds = (batch.bounds[0][answers], batch.bounds[1][answers])
    vectors = None if batch.vectors is None else batch.vectors[kept]
    cut = Batch(batch.pieces, batch.words, Lattice.of(part), batch.form[kept], spans, bounds, vectors)
    return cut, material.allowed[kept]


def learn_decisions(held: Sequence[Held], none: int, other: int | None) -> tuple[PathWeights, Calibration]:
    """Learn path, calibration and threshold from held-out answers."""
    lessons = [Lesson(h.batch.lattice, h.log_p, h.batch.form, h.allowed) for h in held]
    path = learn_paths(lessons, none, other)
    evidence = [
        evidence_of(h.batch.lattice, weigh(h.log_p, h.batch.form, path, none, other), h.whole) for h in held
    ]
    return path, fit_calibration(np.concatenate(evidence), np.concatenate([h.gives for h in held]))


def fit_question(
    material: Material,
    seed: int = 0,
    authors: frozenset[int] | None = None,
    known: dict[frozenset[int], Heads] | None = None,
    tried: bool = False,
) -> QuestionModel:
    """Fit everything for one question.

    Parameters
    ----------
    authors : frozenset of int, optional
        Learn from these groups of answers only; from all where not given. Entries are always learned from.
    known : dict, optional
        Heads by the groups they were fitted on, kept between calls that share some.
    tried : bool
        Also try the model out on each group of answers (see `try_out`), where they are not too few.
    """
    known = {} if known is None else known
    everyone = frozenset(material.groups.tolist()) if authors is None else authors
    present = np.isin(material.groups, sorted(everyone))

    def heads_of(chosen: frozenset[int]) -> Heads:
        if chosen not in known:
            known[chosen] = fit_heads(material, np.isin(material.groups, sorted(chosen)))
        return known[chosen]

    none = len(material.outcomes) - 1
    heads = heads_of(everyone)
    if present.sum() < FEW:
        path, calibration = decide_from_composed(material, seed)
        return _model(material, heads, None, path, calibration)
    telling = present & ~material.suggested
    if telling.sum() < FEW:
        telling = present
    told = np.unique(material.groups[telling]).tolist()
    if len(told) >= 2:
        held = [
            hold_out(
                heads_of(everyone - {author}), material, np.flatnonzero(telling & (material.groups == author))
            )
            for author in told
        ]
    else:
        part = np.full(len(present), -1)
        part[telling] = np.random.default_rng(seed).permutation(np.arange(telling.sum()) % GROUPS)
        held = [
            hold_out(fit_heads(material, present & (part != k)), material, np.flatnonzero(part == k))
            for k in range(GROUPS)
        ]
    path, calibration = learn_decisions(held, none, material.other)
    trial = try_out(held, none, material.other) if tried else None
    return _model(material, heads, heads.whole, path, calibration, trial)


def _model(
    material: Material,
    heads: Heads,
    whole: Head | None,
    path: PathWeights,
    calibration: Calibration,
    trial: Trial | None = None,
) -> QuestionModel:
    return QuestionModel(
        material.outcomes, heads.ngrams, heads.head, whole, path, calibration, heads.vector_head, trial
    )


def try_out(held: Sequence[Held], none: int, other: int | None) -> Trial:
    """Label each group of held-out answers by heads, path and calibration that have not learned from it.

    The heads that gave the path and the calibration their lessons from the other groups had seen the group;
    to fit them anew for each pair of groups would take several times as long.
    """
    given = []
    for i, h in enumerate(held):
        path, calibration = learn_decisions([*held[:i], *held[i + 1 :]], none, other)
        weighed = weigh(h.log_p, h.batch.form, path, none, other)
        gives = calibration.probabilities(evidence_of(h.batch.lattice, weighed, h.whole))
        nothing = (1 - gives).prod(1, keepdims=True)
        labels = given_outcomes(np.concatenate([gives, nothing], 1), calibration.threshold)[:, :-1]
        labels[np.bincount(h.batch.lattice.runs.answer, minlength=len(labels)) == 0] = False  # without a word
        given.append(labels)
    return Trial(np.concatenate(given), np.concatenate([h.gives for h in held]))


def decide_from_composed(material: Material, seed: int) -> tuple[PathWeights, Calibration]:
    """Learn path and calibration from answers composed of held-out entries."""
    size = len(material.entry_rows[0])
    part = np.random.default_rng(seed).permutation(np.arange(size) % 5)
    held = []
    for k in range(5):
        heads = fit_heads(material, np.zeros(len(material.groups), bool), part != k)
        filled = [e for e, keep in zip(material.entries, part == k, strict=True) if keep]
        composed = compose(filled, material.outcomes, material.language, seed + k)
        other_material = gather(material.outcomes, composed, [], material.language, material.encoder)
        held.append(hold_out(heads, other_material, np.arange(len(composed))))
    return learn_decisions(held, len(material.outcomes) - 1, material.other)
