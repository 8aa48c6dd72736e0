"""Fold trained features into tokens: a row for each frequent word, and rows of pieces for all the others.

What a word means is the sum of its features; a frequent word keeps that as one row. The rows of the pieces
are those that, summed, come nearest to the known words they are cut into (ridge regression, Hoerl & Kennard
1970, eq. 2.3), so that a word never seen is put together from parts that have been.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from samorsak.encode.static import INSIDE, UNKNOWN, cut_word

type_floats = npt.NDArray[np.float32]

LONGEST_START, LONGEST_PIECE = 14, 12
"""Letters of a piece that begins a word, and of one inside it."""

PENALTY = 1.0
ROUNDS = 60
"""Steps of the conjugate gradient at most; it is done far earlier."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What gets a row.

    Attributes
    ----------
    words : list of str
        Whole words, the most frequent first; they begin longer words too.
    pieces : list of str
        Beginnings of words, and with ``##`` before them what stands inside or at the end.
    """

    words: list[str]
    pieces: list[str]


def choose_tokens(frequency: Mapping[str, float], most_words: int, starts: int, inner: int) -> Tokens:
    """Choose tokens for a language of which some words are known.

    Parameters
    ----------
    frequency : mapping of str to float
        Known words and how often each was met.
    most_words, starts, inner : int
        How many tokens of each kind; every letter is a piece besides.

    Examples
    --------
    >>> tokens = choose_tokens({"mål": 3, "målet": 2, "mötet": 1}, 1, 1, 1)
    >>> tokens.words, [piece for piece in tokens.pieces if len(piece.strip("#")) > 1]
    (['mål'], ['måle', '##ålet'])
    """
    words = sorted(frequency, key=lambda word: (-frequency[word], word))[:most_words]
    known = set(words)
    begin: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for word in sorted(frequency):
        weight = np.log1p(frequency[word])
        for end in range(2, min(len(word), LONGEST_START + 1)):
            begin[word[:end]] += weight
        for first in range(1, len(word) - 1):
            for end in range(first + 2, min(len(word), first + LONGEST_PIECE) + 1):
                inside[word[first:end]] += weight
    letters = sorted({letter for word in frequency for letter in word})
    first_pieces = [piece for piece in _best(begin, frequency) if piece not in known][:starts]
    pieces = [*(letter for letter in letters if letter not in known), *first_pieces]
    return Tokens(words, pieces + [INSIDE + piece for piece in [*letters, *_best(inside, frequency)[:inner]]])


def _best(counts: Counter[str], words: Mapping[str, float]) -> list[str]:
    """Order pieces by how many letters they stand for; one that is a word tells more than one that is not."""

    def worth(piece: str) -> tuple[float, str]:
        share = 3 if len(piece) > 3 and piece in words else 1
        return -counts[piece] * (len(piece) - 0.5) * share, piece

    return sorted(counts, key=worth)


def fold(tokens: Tokens, words: Sequence[str], vectors: type_floats) -> tuple[list[str], type_floats]:
    """Give the tokens and their rows.

    Parameters
    ----------
    words : sequence of str, length u
        Known words; those of `tokens` come first, in the same order.
    vectors : ndarray of float32, shape (u, d)
        What each known word means.

    Returns
    -------
    tokens : list of str, length v
        The unknown token first.
    rows : ndarray of float32, shape (v, d)
    """
    order = [UNKNOWN, *tokens.words, *tokens.pieces]
    whole = 1 + len(tokens.words)
    places = {token: row for row, token in enumerate(order)}
    rows = np.zeros((len(order), vectors.shape[1]), np.float32)
    rows[1:whole] = vectors[: len(tokens.words)]
    cuts = [cut_word(word, places, whole=False) for word in words]
    bounds = np.cumsum([0, *map(len, cuts)])
    columns = np.array([row for cut in cuts for row in cut], np.int64)
    parts = sp.csr_matrix(
        (np.ones(len(columns), np.float32), columns, bounds), shape=(len(words), len(order))
    )
    rows[whole:] = _ridge(parts[:, whole:].tocsr(), vectors - parts[:, :whole] @ rows[:whole])
    return order, rows


def _ridge(parts: sp.csr_matrix, wanted: type_floats) -> type_floats:
    """Find rows X so that parts @ X comes near what is wanted.

    Conjugate gradients (Hestenes & Stiefel 1952, section 3) on the normal equations, all columns at once.
    """
    squared = (parts.T @ parts + PENALTY * sp.identity(parts.shape[1], dtype=np.float32)).tocsr()
    found = np.zeros((parts.shape[1], wanted.shape[1]), np.float32)
    left = np.asarray(parts.T @ wanted, np.float32)
    toward = left.copy()
    size = _squares(left)
    enough = size.max(initial=0) * 1e-8
    for _ in range(ROUNDS):
        if size.max(initial=0) <= enough:
            break
        ahead = squared @ toward
        step = size / np.maximum(np.einsum("ij,ij->j", toward, ahead), np.float32(1e-30))
        found += step * toward
        left -= step * ahead
        before, size = size, _squares(left)
        toward = (left + size / np.maximum(before, np.float32(1e-30)) * toward).astype(np.float32)
    return found


def _squares(rows: type_floats) -> type_floats:
    squares: type_floats = np.einsum("ij,ij->j", rows, rows)
    return squares
