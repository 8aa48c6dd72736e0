"""The tokens of answers: spaCy's, laid flat, each of one of the few kinds that the rules for borders know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from spacy.language import Language

type_ints = npt.NDArray[np.int64]
type_flags = npt.NDArray[np.bool_]

# What can stand between two causes without punctuation. Other languages are cut at punctuation only.
CONJUNCTIONS: dict[str, frozenset[str]] = {
    "sv": frozenset(
        (
            *(
                "och",
                "samt",
                "men",
                "utan",
                "plus",
                "sen",
                "sedan",
                "dessutom",
                "o",
                "å",
                "eftersom",
                "medan",
            ),
            *("liksom", "däremot", "även", "fast", "så", "ihop", "då", "när", "där", "som", "att", "för"),
            *("därtill", "vidare", "likaså", "dels", "eller"),
        )
    ),
    "en": frozenset(
        (
            *("and", "but", "also", "plus", "because", "since", "while", "as", "so", "that", "which", "who"),
            *("then", "or", "besides", "moreover"),
        )
    ),
}

_BULLETS = frozenset("•*·●▪◦‣■□➢➤►▶✓✔→»>#~")

(WORD, NEWLINE, STOP, COMMA, DASH, BULLET, OTHER, NUMBER, NUMBERED, ABBREVIATION, JOIN, SPACE) = range(12)
"""Kinds of token."""

WORDS = (WORD, NUMBER, NUMBERED, ABBREVIATION, JOIN)
"""Those with a letter or digit."""

REMEMBERED = 500_000
"""Of how many stretches without spaces the tokens are kept."""

_NUMBER_MARK = re.compile(r"\d{1,2}[.)]")

# Where spaCy gets a text in parts: after a mark of a list that is typed without a space ("-Mål", "1.Mål"),
# and in what is too long for it to see at once. It strips signs from a word one by one and looks at all that
# is left each time: 20,000 of them take a minute.
_MARK = rf"^[ \t]*(?:[-–—{''.join(sorted(_BULLETS))}]|\d{{1,2}}[.)])(?=[^\W\d_]{{2}})"
_PART = re.compile(rf"{_MARK}|(?:[^\w\s]|_){{50}}|\S{{1000}}", re.M)


@cache
def tokenizer(language: str) -> Language:
    """Load spaCy's blank pipeline for a language; one that spaCy lacks gets the multi-language rules."""
    import spacy
    from spacy.attrs import LOWER

    blank: Any
    try:
        blank = spacy.blank(language)
    except ImportError:
        blank = spacy.blank("xx")
    # Nothing but its lower-case form is asked of a word; its shape, likeness to a number and so on would take
    # longer than finding it. How a stretch without spaces is cut is remembered for more than 10,000 of them.
    blank.vocab.lex_attr_getters = {LOWER: blank.vocab.lex_attr_getters[LOWER]}
    split = blank.tokenizer
    if hasattr(split, "infix_finditer"):  # not in languages that are written without spaces
        split.max_cache_size = REMEMBERED
        split.prefix_search = _unless_letters(split.prefix_search, None)
        split.suffix_search = _unless_letters(split.suffix_search, None)
        split.infix_finditer = _unless_letters(split.infix_finditer, ())
        split.url_match = _unless_letters(split.url_match, None)
    return cast("Language", blank)


def _unless_letters(find: Callable[[str], Any] | None, nothing: Any) -> Callable[[str], Any] | None:
    """Spare a word of letters alone the search for signs in it: half of the time that a new word takes."""
    return find and (lambda text: nothing if text.isalpha() else find(text))


@cache
def token_kind(token: str, language: str) -> int:
    """Sort a token, seen alone, into a kind.

    Examples
    --------
    >>> [token_kind(token, "sv") for token in ("mål", "och", "...", "–")] == [WORD, JOIN, STOP, DASH]
    True
    """
    if "\n" in token:
        return NEWLINE
    if token.isspace():
        return SPACE
    if any(c.isalnum() for c in token):
        if token.isdigit():
            return NUMBER
        if _NUMBER_MARK.fullmatch(token):
            return NUMBERED
        if token.endswith(".") and len(token) > 1:
            return ABBREVIATION
        return JOIN if token.lower() in CONJUNCTIONS.get(language, ()) else WORD
    if token.strip(".!?…‼⁇‽。！？") == "":
        return STOP
    if token in {"-", "–", "—", "―", "--", "−"}:
        return DASH
    if token.strip(",;:/+&→=>|()[]{}、；，") == "":
        return COMMA
    return BULLET if token[0] in _BULLETS or unicodedata.category(token[0]) == "So" else OTHER


@dataclass(frozen=True, slots=True)
class Tokens:
    """Flat token arrays of a batch of `n` answers, spaces left out, shape (t,) each.

    Attributes
    ----------
    answer, start, end : ndarray of int64
        The answer a token stands in, and its offsets there.
    kind : ndarray of int64
    spaced, upper : ndarray of bool
        Whether a space follows, and whether it begins with a capital.
    lower : ndarray of uint64
        spaCy's hash of the lower-case form.
    lexemes : dict of int to str
        The form behind each hash.
    """

    n: int
    answer: type_ints
    start: type_ints
    end: type_ints
    kind: type_ints
    spaced: type_flags
    upper: type_flags
    lower: npt.NDArray[np.uint64]
    lexemes: dict[int, str]


def find_tokens(texts: Sequence[str], language: str) -> Tokens:
    """Tokenize answers with spaCy.

    Parameters
    ----------
    texts : sequence of str, length n
        Composed (NFC).
    """
    from spacy.attrs import LENGTH, LOWER, ORTH, SPACY

    split: Any = tokenizer(language).tokenizer
    parts = [(i, *part) for i, text in enumerate(texts) for part in _parts(text)]
    owner, offset = np.array([part[:2] for part in parts], np.int64).reshape(-1, 2).T
    docs = list(split.pipe([part[2] for part in parts]))
    strings = docs[0].vocab.strings if docs else None
    arrays = [doc.to_array([ORTH, LOWER, LENGTH, SPACY]).reshape(-1, 4) for doc in docs]
    flat = np.concatenate(arrays) if docs else np.zeros((0, 4), np.uint64)
    sizes = np.array([len(doc) for doc in docs], np.int64)
    answer = np.repeat(owner, sizes)
    width = (flat[:, 2] + flat[:, 3]).astype(np.int64)
    stop = np.cumsum(width)
    base = np.concatenate([[0], stop])[np.cumsum(sizes) - sizes] - offset
    start = stop - width - np.repeat(base, sizes)
    orth, inverse = np.unique(flat[:, 0], return_inverse=True)
    forms = [strings[int(o)] for o in orth] if strings is not None else []
    kind = np.array([token_kind(form, language) for form in forms], np.int64)[inverse]
    upper = np.array([form[:1].isupper() for form in forms], bool)[inverse]
    lower = flat[:, 1]
    lexemes = {int(h): strings[int(h)] for h in np.unique(lower)} if strings is not None else {}
    spaced = flat[:, 3].astype(bool)
    keep = kind != SPACE
    # a space token after another makes that one spaced
    spaced[:-1] |= ~keep[1:] & (answer[:-1] == answer[1:])
    end = start + flat[:, 2].astype(np.int64)
    columns = (answer[keep], start[keep], end[keep], kind[keep], spaced[keep], upper[keep], lower[keep])
    return Tokens(len(texts), *columns, lexemes)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Cut a text where spaCy would not, or not in time; yields offsets and parts."""
    begin = 0
    for found in _PART.finditer(text):
        yield begin, text[begin : found.end()]
        begin = found.end()
    if begin < len(text):
        yield begin, text[begin:]
