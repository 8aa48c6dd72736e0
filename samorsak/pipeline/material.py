"""What a question's model is learned from, segmented once: marked answers, coded answers, entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt

from samorsak.encode.encoders import Encoder
from samorsak.encode.ngrams import Words, find_words
from samorsak.pipeline.model import Batch, stretches
from samorsak.scheme import NO_CAUSE, OTHER
from samorsak.segment import find_pieces

type_floats = npt.NDArray[np.float64]
type_ints = npt.NDArray[np.int64]
type_flags = npt.NDArray[np.bool_]
type_vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Gold:
    """What an annotator decided about one answer.

    Attributes
    ----------
    marked : tuple of (start, end, category), or None
        Marked stretches, in code points; None where the answer was only coded as a whole.
    categories : frozenset of str
        The categories the answer gives, without `no_cause`.
    group : str
        Answers of one author carry the same.
    suggested : bool
        The annotator saw what a machine suggested; such answers are mostly chosen, as those of a queue are.
    """

    text: str
    marked: tuple[tuple[int, int, str], ...] | None
    categories: frozenset[str]
    group: str
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A text that states a category: a lexicon entry, a definition, a rule."""

    text: str
    category: str
    kind: str


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a question's model is learned from, segmented once.

    Attributes
    ----------
    outcomes : tuple of str, length k
        `no_cause` last.
    batch : Batch
        The annotated answers.
    allowed : ndarray of bool, shape (c, k)
        Which outcomes of which candidates agree with the annotation.
    gives : ndarray of bool, shape (n, k - 1)
    groups : ndarray of int64, shape (n,)
    suggested : ndarray of bool, shape (n,)
    rows : tuple of ndarrays (answer, first word, last word, outcome, weight)
        Stretches to learn from.
    entry_words : Words
    entry_rows : tuple of ndarrays (first word, last word, outcome)
    entries : tuple of Entry
        Those of `entry_rows`: entries without a word are left out.
    encoder : Encoder or None
        None: n-grams are all that is looked at.
    vectors : tuple of two ndarrays of float32, shapes (r, d) and (e, d), or None
        The encoder's, of `rows` and of `entries`.
    """

    language: str
    outcomes: tuple[str, ...]
    batch: Batch
    allowed: type_flags
    gives: type_flags
    groups: type_ints
    suggested: type_flags
    rows: tuple[type_ints, type_ints, type_ints, type_ints, type_floats]
    entry_words: Words
    entry_rows: tuple[type_ints, type_ints, type_ints]
    entries: tuple[Entry, ...]
    encoder: Encoder | None = None
    vectors: tuple[type_vectors, type_vectors] | None = None

    @property
    def other(self) -> int | None:
        """Column of `other`, None where the scheme has none."""
        return self.outcomes.index(OTHER) if OTHER in self.outcomes else None


def gather(
    outcomes: tuple[str, ...],
    gold: Sequence[Gold],
    entries: Sequence[Entry],
    language: str,
    encoder: Encoder | None = None,
) -> Material:
    """Segment, and with an encoder encode, the annotated answers and the entries of one question."""
    column = {outcome: c for c, outcome in enumerate(outcomes)}
    batch = Batch.of([g.text for g in gold], language, encoder)
    owners = [_owners(batch, i, g) for i, g in enumerate(gold)]
    gives = np.zeros((len(gold), len(outcomes) - 1), bool)
    for i, g in enumerate(gold):
        gives[i, [column[c] for c in g.categories]] = True
    names = sorted({g.group for g in gold})
    groups = np.array([names.index(g.group) for g in gold], np.int64)
    pieces = find_pieces([entry.text for entry in entries], language)
    sizes = np.bincount(pieces.word_answer, minlength=len(entries))
    stop = np.cumsum(sizes)
    outcome = np.array([column[entry.category] for entry in entries], np.int64)
    filled = sizes > 0
    rows = _stretches(batch, gold, owners, column)
    told = tuple(compress(entries, filled))
    vectors = None
    if encoder is not None:
        said = stretches([g.text for g in gold], batch.pieces, rows[1], rows[2])
        vectors = (encoder.encode(said), encoder.encode([entry.text for entry in told]))
    return Material(
        language=language,
        outcomes=outcomes,
        batch=batch,
        allowed=_allowed(batch, gold, owners, column),
        gives=gives,
        groups=groups,
        suggested=np.array([g.suggested for g in gold], bool),
        rows=rows,
        entry_words=find_words(pieces.words, pieces.lexemes),
        entry_rows=((stop - sizes)[filled], stop[filled], outcome[filled]),
        entries=told,
        encoder=encoder,
        vectors=vectors,
    )


def _owners(batch: Batch, i: int, gold: Gold) -> list[int]:
    """Give, for each piece of an answer, the marked statement it mostly belongs to, or -1."""
    p = batch.pieces
    at = range(*np.searchsorted(p.answer, [i, i + 1]))
    marked = gold.marked or ()
    shared = np.zeros((len(at), len(marked)))
    for s, (start, end, _) in enumerate(marked):
        for row, j in enumerate(at):
            shared[row, s] = max(0, min(int(p.end[j]), end) - max(int(p.start[j]), start))
    if not len(at) or not marked:
        return [-1] * len(at)
    length = np.array([p.end[j] - p.start[j] for j in at])
    sizes = np.array([end - start for start, end, _ in marked])
    best = shared.argmax(1)
    most = shared.max(1)
    # most of the piece, or most of the statement, lies in the other
    owner = np.where((most * 2 >= length) & (most > 0) | (most >= 0.6 * sizes[best]), best, -1)
    for s in range(len(marked)):
        if s not in owner and owner[(row := int(shared[:, s].argmax()))] == -1:
            owner[row] = s
    return [int(o) for o in owner]


def _allowed(
    batch: Batch, gold: Sequence[Gold], owners: list[list[int]], column: Mapping[str, int]
) -> type_flags:
    """Find which outcomes of which candidates agree with the annotation.

    Where nothing was marked, any that the answer was coded with, and no cause.
    """
    runs = batch.lattice.runs
    allowed = np.zeros((len(runs.first), len(column)), bool)
    size = runs.last - runs.first
    for c, (i, place) in enumerate(zip(runs.answer.tolist(), runs.place.tolist(), strict=True)):
        marked = gold[i].marked
        if marked is None:
            allowed[c, [*(column[x] for x in gold[i].categories), column[NO_CAUSE]]] = True
            continue
        inside = set(owners[i][place : place + int(size[c]) + 1])
        if len(inside) == 1:
            owner = inside.pop()
            allowed[c, column[NO_CAUSE] if owner < 0 else column[marked[owner][2]]] = True
    return allowed


def _stretches(
    batch: Batch, gold: Sequence[Gold], owners: list[list[int]], column: Mapping[str, int]
) -> tuple[type_ints, type_ints, type_ints, type_ints, type_floats]:
    """List the stretches of annotated answers that the head learns from.

    Marked statements as marked; pieces outside them as no cause; an answer that was only coded as a whole
    counts once, shared out over its categories.
    """
    p = batch.pieces
    first_word, last_word = batch.bounds
    rows: list[tuple[int, int, int, int, float]] = []
    for i, g in enumerate(gold):
        lo, hi = int(first_word[i]), int(last_word[i])
        if g.marked is None:
            found = g.categories or {NO_CAUSE}
            rows.extend((i, lo, hi, column[c], 1 / len(found)) for c in sorted(found))
            continue
        for start, end, category in g.marked:
            a = lo + int(np.searchsorted(p.word_start[lo:hi], start))
            b = lo + int(np.searchsorted(p.word_end[lo:hi], end, "right"))
            rows.append((i, a, b, column[category], 1.0))
        at = range(*np.searchsorted(p.answer, [i, i + 1]))
        for j, owner in zip(at, owners[i], strict=True):
            if owner < 0 and not any(s < p.end[j] and p.start[j] < e for s, e, _ in g.marked):
                rows.append((i, int(p.first[j]), int(p.last[j]), column[NO_CAUSE], 1.0))
    rows = [row for row in rows if row[2] > row[1]]
    table = np.array(rows, float).reshape(-1, 5)
    answer, first, last, outcome = table[:, :4].astype(np.int64).T
    return answer, first, last, outcome, table[:, 4]
