"""What is known of the categories of a question, set against the clusters of its statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.annotations import Annotation
from samorsak.coded import CodedAnswer, StatementRow
from samorsak.encode import Encoder
from samorsak.mapping import Evidence, fall_in, nearness_to, usual_nearness, weigh_evidence
from samorsak.pipeline.material import gather
from samorsak.pipeline.model import stretches
from samorsak.pipeline.training import to_gold
from samorsak.privacy import KINDS
from samorsak.scheme import NO_CAUSE, LexiconEntry, Scheme
from samorsak.text import nfc
from samorsak.typicality import typicality

Ints = NDArray[np.int64]

_MASK = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")
_CUT = re.compile(rf"\[(?:{'|'.join(KINDS)})\]?")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Distinct:
    """Statements, those taken as one that differ in case and punctuation only.

    Attributes
    ----------
    texts : tuple of str, length m
        Of every statement, without masks.
    of : ndarray of int64, shape (m,)
        Which distinct statement each is.
    first : ndarray of int64, shape (u,)
        Where each distinct statement stands first.
    vectors : ndarray, shape (u, d)
    places : dict of str to int
        What the statements of each have in common, and its place.
    """

    texts: tuple[str, ...]
    of: Ints
    first: Ints
    vectors: NDArray[Any]
    places: dict[str, int]


def distinct_statements(texts: Sequence[str], encoder: Encoder) -> Distinct:
    """Encode every distinct statement once."""
    places: dict[str, int] = {}
    of = np.array([places.setdefault(_same(text), len(places)) for text in texts], np.int64)
    first = np.unique(of, return_index=True)[1]
    return Distinct(tuple(texts), of, first, encoder.encode([texts[i] for i in first]), places)


def unmasked_text(row: StatementRow, answer: CodedAnswer) -> str:
    """Give a statement with blanks for what was masked: also where it ends within a mask."""
    return _unmasked(answer.text)[row.start : row.end]


def _unmasked(text: str) -> str:
    return _MASK.sub(lambda mask: " " * len(mask[0]), text)


def without_masks(text: str) -> str:
    """Put blanks in place of the marks of masked personal data; a statement may end within one."""
    return _CUT.sub(" ", text)


def _same(text: str) -> str:
    """Give what two statements share that differ in case and punctuation only."""
    return " ".join(_WORD.findall(nfc(text).casefold())) or text


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the outcomes of a question; each text with the place of its outcome.

    Attributes
    ----------
    outcomes : tuple of str
        The categories, `other` and `no_cause`.
    definitions, lexicon : tuple of pairs
        Of the scheme, and of its lexicon.
    examples : tuple of pairs
        What people annotated: marked statements, and as no cause what lies outside of them.
    group : ndarray of int64, shape (e,)
        Examples of one file carry the same number.
    """

    outcomes: tuple[str, ...]
    definitions: tuple[tuple[str, int], ...]
    lexicon: tuple[tuple[str, int], ...]
    examples: tuple[tuple[str, int], ...]
    group: Ints


def known_of(
    question: str, scheme: Scheme, entries: Sequence[LexiconEntry], annotations: Sequence[Annotation]
) -> Known:
    """Gather what is known of a question's outcomes; answers annotated as a whole are left out."""
    outcomes = (*scheme.outcomes(question), NO_CAUSE)
    place = {name: i for i, name in enumerate(outcomes)}
    categories = scheme.question(question).categories
    marked = [a for a in annotations if a.question == question and a.statements is not None]
    gold = [replace(own, text=_unmasked(own.text)) for own in map(to_gold, marked)]
    material = gather(outcomes, gold, [], scheme.language)
    answer, first, last, kind, _ = material.rows
    said = stretches([g.text for g in gold], material.batch.pieces, first, last)
    return Known(
        outcomes,
        tuple((c.definition, place[name]) for name, c in categories.items() if c.definition),
        tuple((entry.text, place[entry.category]) for entry in entries if entry.question == question),
        tuple(zip(said, kind.tolist(), strict=True)),
        material.groups[answer],
    )


@dataclass(frozen=True, slots=True)
class Encoded:
    """The vectors of what is known, and their outcomes: definitions first, the lexicon, and examples."""

    defined: int
    texts: tuple[NDArray[Any], Ints]
    examples: tuple[NDArray[Any], Ints]

    @classmethod
    def of(cls, known: Known, encoder: Encoder) -> Encoded:
        """Encode what is known."""
        texts = (*known.definitions, *known.lexicon)
        pairs = [(encoder.encode([t for t, _ in own]), _places(own)) for own in (texts, known.examples)]
        return cls(len(known.definitions), pairs[0], pairs[1])


def typicality_of(
    rows: Sequence[StatementRow], distinct: Distinct, known: Known, encoded: Encoded
) -> NDArray[np.float64]:
    """Say how typical each distinct statement is of each outcome, shape (u, k); see `typicality`.

    Compared with annotated examples, where there are two files or more of them; else with the round's own
    statements, by the category that the classifier gives them.
    """
    k = len(known.outcomes)
    if len(np.unique(known.group)) > 1:
        return typicality(distinct.vectors, encoded.texts, encoded.examples, known.group, k)
    given = np.array([known.outcomes.index(row.category) for row in rows], np.int64)
    own = distinct.vectors[distinct.of], given
    return typicality(distinct.vectors, encoded.texts, own, np.full(len(given), -1), k)


def claims_of(
    rows: Sequence[StatementRow], distinct: Distinct, outcomes: Sequence[str]
) -> NDArray[np.float64]:
    """Give the mean probability of each outcome for each distinct statement, shape (u, k)."""
    found = np.zeros((len(distinct.first), len(outcomes)))
    place = {name: i for i, name in enumerate(outcomes)}
    for i, row in zip(distinct.of.tolist(), rows, strict=True):
        found[i, place[row.category]] += row.probability
        if row.next_category in place and row.next_category != row.category:
            found[i, place[row.next_category]] += row.next_probability
    means: NDArray[np.float64] = found / np.bincount(distinct.of, minlength=len(found))[:, None]
    return means


def evidence_for(
    rows: Sequence[StatementRow], distinct: Distinct, label: Ints, known: Known, encoded: Encoded
) -> Evidence:
    """Set clusters against what is known.

    Parameters
    ----------
    rows : sequence of StatementRow, length m
    label : ndarray of int64, shape (u,)
        The cluster of each distinct statement.
    """
    k, (references, kind) = len(known.outcomes), encoded.texts
    defined = slice(encoded.defined)
    near = usual_nearness(references, kind)
    of = distinct.of
    fallen = _fallen(known.examples, encoded.examples[0], distinct, label, near)
    return weigh_evidence(
        label[of],
        np.array([known.outcomes.index(row.category) for row in rows], np.int64),
        np.array([row.probability for row in rows], np.float64),
        nearness_to(distinct.vectors, references, kind, k)[of],
        known.outcomes,
        definition=nearness_to(distinct.vectors, references[defined], kind[defined], k)[of],
        examples=(fallen, encoded.examples[1]),
    )


def _fallen(
    examples: Sequence[tuple[str, int]], vectors: NDArray[Any], distinct: Distinct, label: Ints, near: float
) -> Ints:
    """Say in which cluster each annotated statement falls; one that stands in the round where it stands."""
    found = fall_in(vectors, distinct.vectors, label, near)
    for i, (text, _) in enumerate(examples):
        if (place := distinct.places.get(_same(text))) is not None:
            found[i] = label[place]
    return found


def _places(texts: Sequence[tuple[str, int]]) -> Ints:
    return np.array([place for _, place in texts], np.int64)
