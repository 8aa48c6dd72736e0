"""Candidate borders: where an answer may be cut into statements.

spaCy's blank tokenizer (no model, no download) finds the words; rules over its tokens find sentence ends, line
breaks, bullets and numbers of lists, commas, dashes, slashes and conjunctions. The stretches between two
neighbouring candidates are *pieces*; a statement is a run of pieces (`samorsak.segment.paths` chooses which).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from samorsak.text import nfc

if TYPE_CHECKING:
    from spacy.language import Language

type_ints = npt.NDArray[np.int64]

START, SENTENCE, LINE, PUNCTUATION, CONJUNCTION, END = range(6)
"""Kinds of border, from the strongest to the weakest, and the end of the answer."""

# What can stand between two causes without punctuation. Other languages are cut at punctuation only.
CONJUNCTIONS: dict[str, frozenset[str]] = {
    "sv": frozenset(
        "och samt men utan plus sen sedan dessutom o å eftersom medan liksom däremot även fast så ihop då när där"
        " som att för därtill vidare likaså dels eller".split()
    ),
    "en": frozenset("and but also plus because since while as so that which who then or besides moreover".split()),
}

LEADING = frozenset("och samt men att utan o å plus dessutom dels and but that also besides".split())
"""Conjunctions that are left out where a statement would begin with one."""

_BULLETS = frozenset("•*·●▪◦‣■□➢➤►▶✓✔→»>#~")

(_WORD, _NEWLINE, _STOP, _COMMA, _DASH, _BULLET, _OTHER, _NUMBER, _NUMBERED, _ABBREVIATION, _JOIN, _SPACE) = range(12)

_NUMBER_MARK = re.compile(r"\d{1,2}[.)]")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The tokens and pieces of a batch of `n` answers, as flat arrays in reading order.

    Attributes
    ----------
    n : int
        Number of answers.
    words : ndarray of uint64, shape (w,)
        spaCy's hash of each word (tokens with a letter or digit), lower case.
    lexemes : dict of int to str
        The lower-case form behind each hash in `words`.
    answer : ndarray of int64, shape (p,)
        The answer each piece belongs to.
    start, end : ndarray of int64, shape (p,)
        Code point offsets in the answer as it was given.
    trimmed : ndarray of int64, shape (p,)
        `start` moved past leading conjunctions: where a statement that begins with this piece begins.
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
    first: type_ints
    last: type_ints
    before: type_ints
    sentence: type_ints


@cache
def tokenizer(language: str) -> Language:
    """Load spaCy's blank pipeline for a language; one that spaCy lacks gets the multi-language rules."""
    import spacy

    try:
        return spacy.blank(language)
    except ImportError:
        return spacy.blank("xx")


@cache
def _token_kind(token: str, language: str) -> int:
    """Sort a token, seen alone, into one of the kinds that the rules below speak of."""
    if "\n" in token:
        return _NEWLINE
    if token.isspace():
        return _SPACE
    if any(c.isalnum() for c in token):
        if token.isdigit():
            return _NUMBER
        if _NUMBER_MARK.fullmatch(token):
            return _NUMBERED
        if token.endswith(".") and len(token) > 1:
            return _ABBREVIATION
        return _JOIN if token.lower() in CONJUNCTIONS.get(language, ()) else _WORD
    if token.strip(".!?…‼⁇‽。！？") == "":
        return _STOP
    if token in {"-", "–", "—", "―", "--", "−"}:
        return _DASH
    if token.strip(",;:/+&→=>|()[]{}、；，") == "":
        return _COMMA
    return _BULLET if token[0] in _BULLETS or unicodedata.category(token[0]) == "So" else _OTHER


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
    docs = list(tokenizer(language).tokenizer.pipe(composed))
    tokens = _Tokens.of(docs, language)
    cut, skip = _cuts(tokens)
    return _assemble(tokens, cut, skip, texts, composed)


@dataclass(frozen=True, slots=True)
class _Tokens:
    """Flat token arrays of a batch, spaces left out."""

    n: int
    answer: type_ints
    start: type_ints
    end: type_ints
    kind: type_ints
    spaced: npt.NDArray[np.bool_]
    upper: npt.NDArray[np.bool_]
    lower: npt.NDArray[np.uint64]
    lexemes: dict[int, str]

    @classmethod
    def of(cls, docs: Sequence[Any], language: str) -> _Tokens:
        from spacy.attrs import LENGTH, LOWER, ORTH, SPACY

        strings = docs[0].vocab.strings if docs else None
        parts = [doc.to_array([ORTH, LOWER, LENGTH, SPACY]).reshape(-1, 4) for doc in docs]
        flat = np.concatenate(parts) if parts else np.zeros((0, 4), np.uint64)
        sizes = np.array([len(doc) for doc in docs], np.int64)
        answer = np.repeat(np.arange(len(docs)), sizes)
        width = (flat[:, 2] + flat[:, 3]).astype(np.int64)
        stop = np.cumsum(width)
        base = np.concatenate([[0], stop])[np.cumsum(sizes) - sizes]
        start = stop - width - np.repeat(base, sizes)
        orth, inverse = np.unique(flat[:, 0], return_inverse=True)
        forms = [strings[int(o)] for o in orth] if strings is not None else []
        kind = np.array([_token_kind(form, language) for form in forms], np.int64)[inverse]
        upper = np.array([form[:1].isupper() for form in forms], bool)[inverse]
        lower = flat[:, 1]
        lexemes = {int(h): strings[int(h)] for h in np.unique(lower)} if strings is not None else {}
        spaced = flat[:, 3].astype(bool)
        keep = kind != _SPACE
        # a space token after another makes that one spaced
        spaced[:-1] |= ~keep[1:] & (answer[:-1] == answer[1:])
        return cls(
            len(docs),
            answer[keep],
            start[keep],
            (start + flat[:, 2].astype(np.int64))[keep],
            kind[keep],
            spaced[keep],
            upper[keep],
            lower[keep],
            lexemes,
        )


def _cuts(t: _Tokens) -> tuple[type_ints, npt.NDArray[np.bool_]]:
    """Find the border before each token (0 where there is none) and the tokens that belong to no piece."""
    size = len(t.kind)
    cut = np.zeros(size + 1, np.int64)
    skip = np.zeros(size, bool)
    if not size:
        return cut[:0], skip
    opens = np.concatenate([[True], t.answer[1:] != t.answer[:-1]])
    closes = np.concatenate([opens[1:], [True]])
    following = np.concatenate([t.kind[1:], [_NEWLINE]])
    newline = t.kind == _NEWLINE
    fresh = opens | np.concatenate([[False], newline[:-1]])
    spaced = t.spaced | closes | (following == _NEWLINE)
    next_upper = np.concatenate([t.upper[1:], [False]])

    def put(after: npt.NDArray[np.bool_], kind: int) -> None:
        """Place a border after tokens, unless a stronger one stands there."""
        at = np.flatnonzero(after) + 1
        cut[at] = np.where((cut[at] == 0) | (cut[at] > kind), kind, cut[at])

    marks = fresh & np.isin(t.kind, (_DASH, _BULLET, _NUMBERED))
    numbered = fresh & (t.kind == _NUMBER) & np.isin(following, (_STOP, _COMMA)) & ~t.spaced
    second = np.concatenate([[False], numbered[:-1]])
    short = (t.end - t.start <= 2) | ~numbered
    marks |= (numbered & short) | (second & np.concatenate([[False], short[:-1]]))
    skip |= marks | newline
    put(newline | marks, LINE)
    stops = (t.kind == _STOP) & spaced & ~marks
    skip |= stops
    put(stops, SENTENCE)
    put(np.isin(t.kind, (_ABBREVIATION, _NUMBERED)) & ~marks & next_upper & spaced, SENTENCE)
    commas = (t.kind == _COMMA) | (((t.kind == _DASH) | (t.kind == _BULLET)) & spaced & ~opens)
    skip |= commas & ~marks
    put(commas & ~marks, PUNCTUATION)
    joins = np.flatnonzero((t.kind == _JOIN) & ~opens)
    cut[joins] = np.where(cut[joins] == 0, CONJUNCTION, cut[joins])
    cut = cut[:-1]
    cut[opens] = START
    return np.where(opens, SENTENCE, cut), skip


def _assemble(
    t: _Tokens, cut: type_ints, skip: npt.NDArray[np.bool_], texts: Sequence[str], composed: Sequence[str]
) -> Pieces:
    """Gather tokens between borders into pieces; groups without a word fall away, their borders stay."""
    is_word = np.isin(t.kind, (_WORD, _NUMBER, _NUMBERED, _ABBREVIATION, _JOIN)) & ~skip
    group = np.cumsum(cut > 0)
    strong = np.cumsum((cut == SENTENCE) | (cut == LINE))
    kept = ~skip
    # the first and last kept token of every group that holds a word
    with_word = np.unique(group[is_word])
    token_group = group[kept]
    index = np.flatnonzero(kept)
    first_token = index[np.searchsorted(token_group, with_word, "left")]
    last_token = index[np.searchsorted(token_group, with_word, "right") - 1]
    word_at = np.flatnonzero(is_word)
    word_group = group[word_at]
    first = np.searchsorted(word_group, with_word, "left")
    last = np.searchsorted(word_group, with_word, "right")
    # a piece opens with its first word unless it opens with a quotation mark or the like
    joins = (t.kind == _JOIN) & np.isin(t.lower, [h for h, form in t.lexemes.items() if form in LEADING])
    lead = np.zeros(len(with_word), np.int64)
    for step in range(2):  # "och att": at most two conjunctions are passed over
        at = word_at[np.minimum(first + step, len(word_at) - 1)] if len(word_at) else lead
        lead += (lead == step) & (first + step < last - 1) & joins[at]
    begin = np.where(lead > 0, t.start[word_at[np.minimum(first + lead, len(word_at) - 1)]], t.start[first_token]) if len(
        with_word
    ) else lead
    answer = t.answer[first_token]
    before = _strongest(cut, answer, first_token, last_token)
    start, end, word_start, word_end = t.start[first_token], t.end[last_token], t.start[word_at], t.end[word_at]
    word_answer = t.answer[word_at]
    for i, (given, seen) in enumerate(zip(texts, composed, strict=True)):
        if len(given) != len(seen):  # offsets of the composed form, carried back to the given one
            at = _offsets(given)
            for values, owner in ((start, answer), (end, answer), (begin, answer), (word_start, word_answer), (word_end, word_answer)):
                values[owner == i] = at[values[owner == i]]
    return Pieces(
        t.n, t.lower[is_word], word_start, word_end, word_answer, t.lexemes,
        answer, start, end, begin, first, last, before, strong[first_token],
    )  # fmt: skip


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


def _offsets(given: str) -> type_ints:
    """Map each offset in the composed form of a text to its offset in the text as given."""
    at = [0]
    begin = 0
    for end in range(1, len(given) + 1):
        if end == len(given) or (unicodedata.combining(given[end]) == 0 and unicodedata.is_normalized("NFC", given[end])):
            at.extend([end] * len(nfc(given[begin:end])))
            begin = end
    return np.array(at)
