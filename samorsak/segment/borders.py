"""Candidate borders: where an answer may be cut into statements.

spaCy's blank tokenizer (no model, no download) finds the words; rules over its tokens find sentence ends,
line breaks, bullets and numbers of lists, commas, dashes, slashes and conjunctions. The stretches between
two neighbouring candidates are *pieces*; a statement is a run of pieces (`samorsak.segment.lattice`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samorsak.segment.tokens import (
    ABBREVIATION,
    BULLET,
    COMMA,
    DASH,
    JOIN,
    NEWLINE,
    NUMBER,
    NUMBERED,
    STOP,
    WORDS,
    Tokens,
    find_tokens,
)
from samorsak.text import nfc

type_ints = npt.NDArray[np.int64]
type_flags = npt.NDArray[np.bool_]

START, SENTENCE, LINE, PUNCTUATION, CONJUNCTION, END = range(6)
"""Kinds of border, from the strongest to the weakest, and the end of the answer."""

LEADING = frozenset(
    (
        *("och", "samt", "men", "att", "utan", "o", "å", "plus", "dessutom", "dels"),
        *("and", "but", "that", "also", "besides"),
    )
)
"""Conjunctions that are left out where a statement would begin with one."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The words and pieces of a batch of `n` answers, as flat arrays in reading order.

    Attributes
    ----------
    n : int
        Number of answers.
    words : ndarray of uint64, shape (w,)
        spaCy's hash of each word (tokens with a letter or digit), lower case.
    word_start, word_end, word_answer : ndarray of int64, shape (w,)
        Offsets of each word in its answer as it was given, and which answer that is.
    lexemes : dict of int to str
        The lower-case form behind each hash in `words`.
    answer : ndarray of int64, shape (p,)
        The answer each piece belongs to.
    start, end : ndarray of int64, shape (p,)
        Code point offsets in the answer as it was given.
    trimmed : ndarray of int64, shape (p,)
        `start` moved past leading conjunctions: where a statement that begins with this piece begins.
    composed : ndarray of int64, shape (p, 2)
        Start and end in the composed answer, so that a length is the same in both forms.
    first, last : ndarray of int64, shape (p,)
        Half-open range of the piece's words in `words`.
    before : ndarray of int64, shape (p,)
        Kind of the border before the piece.
    sentence : ndarray of int64, shape (p,)
        Number of the sentence or line, counted over the batch.
    """

    n: int
    words: npt.NDArray[np.uint64]
    word_start: type_ints
    word_end: type_ints
    word_answer: type_ints
    lexemes: dict[int, str]
    answer: type_ints
    start: type_ints
    end: type_ints
    trimmed: type_ints
    composed: type_ints
    first: type_ints
    last: type_ints
    before: type_ints
    sentence: type_ints


def find_pieces(texts: Sequence[str], language: str = "sv") -> Pieces:
    r"""Cut answers at every candidate border.

    Parameters
    ----------
    texts : sequence of str, length n
        Answers as they were given; models see them composed (NFC), offsets count the given form.
    language : str
        ISO code; decides spaCy's tokenizer and the conjunctions.

    Returns
    -------
    Pieces
        An answer without a letter or digit has no piece.

    Examples
    --------
    >>> text = "- Tydliga mål, och fasta möten\n- Samma lokal"
    >>> found = find_pieces([text])
    >>> [text[a:b] for a, b in zip(found.trimmed, found.end)]
    ['Tydliga mål', 'fasta möten', 'Samma lokal']
    """
    composed = [nfc(text) for text in texts]
    tokens = find_tokens(composed, language)
    cut, skip = _cuts(tokens)
    pieces = _assemble(tokens, cut, skip)
    for i, (given, seen) in enumerate(zip(texts, composed, strict=True)):
        if given != seen:
            _carry_back(pieces, i, _offsets(given))
    return pieces


def _cuts(t: Tokens) -> tuple[type_ints, type_flags]:
    """Find the border before each token (0 where there is none) and the tokens that belong to no piece."""
    size = len(t.kind)
    cut = np.zeros(size + 1, np.int64)
    skip = np.zeros(size, bool)
    if not size:
        return cut[:0], skip
    opens = np.concatenate([[True], t.answer[1:] != t.answer[:-1]])
    # the end of an answer is like a line break: what follows in the batch is another answer's
    following = np.where(
        np.concatenate([opens[1:], [True]]), NEWLINE, np.concatenate([t.kind[1:], [NEWLINE]])
    )
    newline = t.kind == NEWLINE
    spaced = t.spaced | (following == NEWLINE)
    next_upper = np.concatenate([t.upper[1:], [False]])

    def put(after: type_flags, kind: int) -> None:
        """Place a border after tokens, unless a stronger one stands there."""
        at = np.flatnonzero(after) + 1
        cut[at] = np.where((cut[at] == 0) | (cut[at] > kind), kind, cut[at])

    marks = _marks(t, opens, following)
    skip |= marks | newline
    put(newline | marks, LINE)
    stops = (t.kind == STOP) & spaced & ~marks
    skip |= stops
    put(stops, SENTENCE)
    put(np.isin(t.kind, (ABBREVIATION, NUMBERED)) & ~marks & next_upper & spaced, SENTENCE)
    commas = (t.kind == COMMA) | (((t.kind == DASH) | (t.kind == BULLET)) & spaced & ~opens)
    skip |= commas & ~marks
    put(commas & ~marks, PUNCTUATION)
    joins = np.flatnonzero((t.kind == JOIN) & ~opens)
    cut[joins] = np.where(cut[joins] == 0, CONJUNCTION, cut[joins])
    return np.where(opens, SENTENCE, cut[:-1]), skip


def _marks(t: Tokens, opens: type_flags, following: type_ints) -> type_flags:
    """Find the bullets, dashes and numbers that open an item of a list."""
    fresh = opens | np.concatenate([[False], t.kind[:-1] == NEWLINE])
    numbered = fresh & (t.kind == NUMBER) & np.isin(following, (STOP, COMMA)) & ~t.spaced
    numbered &= t.end - t.start <= 2
    second = np.concatenate([[False], numbered[:-1]])
    marks: type_flags = (fresh & np.isin(t.kind, (DASH, BULLET, NUMBERED))) | numbered | second
    return marks


def _assemble(t: Tokens, cut: type_ints, skip: type_flags) -> Pieces:
    """Gather tokens between borders into pieces; groups without a word fall away, their borders stay."""
    group = np.cumsum(cut > 0)
    strong = np.cumsum((cut == SENTENCE) | (cut == LINE))
    word_at = np.flatnonzero(np.isin(t.kind, WORDS) & ~skip)
    word_group = group[word_at]
    with_word = np.unique(word_group)
    first = np.searchsorted(word_group, with_word, "left")
    last = np.searchsorted(word_group, with_word, "right")
    # the first and last token that is not skipped, of every group that holds a word
    kept = np.flatnonzero(~skip)
    first_token = kept[np.searchsorted(group[kept], with_word, "left")]
    last_token = kept[np.searchsorted(group[kept], with_word, "right") - 1]
    answer = t.answer[first_token]
    start, end = t.start[first_token], t.end[last_token]
    return Pieces(
        n=t.n,
        words=t.lower[word_at],
        word_start=t.start[word_at],
        word_end=t.end[word_at],
        word_answer=t.answer[word_at],
        lexemes=t.lexemes,
        answer=answer,
        start=start,
        end=end,
        trimmed=_trimmed(t, word_at, first, last, first_token),
        composed=np.column_stack([start, end]),
        first=first,
        last=last,
        before=_strongest(cut, answer, first_token, last_token),
        sentence=strong[first_token],
    )


def _trimmed(
    t: Tokens, word_at: type_ints, first: type_ints, last: type_ints, first_token: type_ints
) -> type_ints:
    """Give each piece's start, past at most two leading conjunctions ("och att")."""
    if not len(first):
        return np.zeros(0, np.int64)
    leading = [h for h, form in t.lexemes.items() if form in LEADING]
    joins = (t.kind == JOIN) & np.isin(t.lower, leading)
    lead = np.zeros(len(first), np.int64)
    for step in range(2):
        at = word_at[np.minimum(first + step, len(word_at) - 1)]
        lead += (lead == step) & (first + step < last - 1) & joins[at]
    # a piece opens with its first word unless it opens with a quotation mark or the like
    return np.where(
        lead > 0, t.start[word_at[np.minimum(first + lead, len(word_at) - 1)]], t.start[first_token]
    )


def _strongest(cut: type_ints, answer: type_ints, first: type_ints, last: type_ints) -> type_ints:
    """Give the strongest border between each piece's first token and the piece before it."""
    if not len(first):
        return np.zeros(0, np.int64)
    ranked = np.where(cut > 0, cut, END)
    since = np.concatenate([[0], last[:-1] + 1])
    # reduceat over the interleaved ranges since..first; the odd ranges in between are thrown away
    bounds = np.column_stack([since, first + 1]).ravel()
    before = np.minimum.reduceat(np.append(ranked, END), bounds)[::2]
    return np.where(np.concatenate([[True], answer[1:] != answer[:-1]]), START, before)


def _carry_back(pieces: Pieces, i: int, at: type_ints) -> None:
    """Change the offsets of one answer from those in its composed form to those given in `at`."""
    own = slice(*np.searchsorted(pieces.answer, [i, i + 1]))
    for values in (pieces.start, pieces.end, pieces.trimmed):
        values[own] = at[values[own]]
    own = slice(*np.searchsorted(pieces.word_answer, [i, i + 1]))
    for values in (pieces.word_start, pieces.word_end):
        values[own] = at[values[own]]


def _offsets(given: str) -> type_ints:
    """Map each offset in the composed form of a text to its offset in the text as given."""
    at = [0]
    begin = 0
    for end in range(1, len(given) + 1):
        if end == len(given) or not _joins(given[begin:end], given[end]):
            size = len(nfc(given[begin:end]))
            at.extend([*(min(begin + k, end) for k in range(1, size)), end])
            begin = end
    return np.array(at)


def _joins(before: str, char: str) -> bool:
    """Say whether a character composes, or changes places, with what stands before it."""
    if char.isascii():
        return False
    if unicodedata.combining(unicodedata.normalize("NFD", char)[0]):
        return True
    return nfc(before + char) != nfc(before) + nfc(char)
