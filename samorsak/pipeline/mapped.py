"""What is known of the categories of a question, set against the clusters of its statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.annotations import Annotation
from samorsak.coded import CodedAnswer, StatementRow
from samorsak.encode import Encoder
from samorsak.mapping import Evidence, fall_in, nearness_to, usual_nearness, weigh_evidence
from samorsak.privacy import KINDS
from samorsak.scheme import NO_CAUSE, LexiconEntry, Scheme
from samorsak.text import nfc

Ints = NDArray[np.int64]

_MASK = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")
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
    definitions, lexicon, examples : tuple of pairs
        Of the scheme, of its lexicon, and what people annotated.
    """

    outcomes: tuple[str, ...]
    definitions: tuple[tuple[str, int], ...]
    lexicon: tuple[tuple[str, int], ...]
    examples: tuple[tuple[str, int], ...]


def known_of(
    question: str, scheme: Scheme, entries: Sequence[LexiconEntry], annotations: Sequence[Annotation]
) -> Known:
    """Gather what is known of a question's outcomes; of annotations the marked statements."""
    outcomes = (*scheme.outcomes(question), NO_CAUSE)
    place = {name: i for i, name in enumerate(outcomes)}
    categories = scheme.question(question).categories
    return Known(
        outcomes,
        tuple((c.definition, place[name]) for name, c in categories.items() if c.definition),
        tuple((entry.text, place[entry.category]) for entry in entries if entry.question == question),
        tuple(
            (_unmasked(a.text)[s.start : s.end], place[s.category])
            for a in annotations
            if a.question == question
            for s in a.statements or ()
        ),
    )


def evidence_for(
    rows: Sequence[StatementRow], distinct: Distinct, label: Ints, known: Known, encoder: Encoder
) -> Evidence:
    """Set clusters against what is known.

    Parameters
    ----------
    rows : sequence of StatementRow, length m
    label : ndarray of int64, shape (u,)
        The cluster of each distinct statement.
    """
    k, texts = len(known.outcomes), (*known.definitions, *known.lexicon)
    references, kind = encoder.encode([text for text, _ in texts]), _places(texts)
    defined = len(known.definitions)
    near = usual_nearness(references, kind)
    of = distinct.of
    return weigh_evidence(
        label[of],
        np.array([known.outcomes.index(row.category) for row in rows], np.int64),
        np.array([row.probability for row in rows], np.float64),
        nearness_to(distinct.vectors, references, kind, k)[of],
        known.outcomes,
        near,
        definition=nearness_to(distinct.vectors, references[:defined], kind[:defined], k)[of],
        examples=(_fallen(known.examples, distinct, label, near, encoder), _places(known.examples)),
    )


def _fallen(
    examples: Sequence[tuple[str, int]], distinct: Distinct, label: Ints, near: float, encoder: Encoder
) -> Ints:
    """Say in which cluster each annotated statement falls; one that stands in the round where it stands."""
    vectors = encoder.encode([text for text, _ in examples])
    found = fall_in(vectors, distinct.vectors, label, near)
    for i, (text, _) in enumerate(examples):
        if (place := distinct.places.get(_same(text))) is not None:
            found[i] = label[place]
    return found


def _places(texts: Sequence[tuple[str, int]]) -> Ints:
    return np.array([place for _, place in texts], np.int64)
