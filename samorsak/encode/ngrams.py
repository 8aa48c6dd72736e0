"""Lexical features: words, pairs of words and the character n-grams inside words, weighted by tf-idf.

What `sklearn.feature_extraction.text` does with `analyzer="word"` and `"char_wb"`, made for many overlapping
stretches of the same text: a word's n-grams are found once, a stretch is the sum of its words. Features are
known by 64-bit hashes (no vocabulary of strings: a model folder holds no words of an answer).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

type_hashes = npt.NDArray[np.uint64]
type_ints = npt.NDArray[np.int64]
type_floats32 = npt.NDArray[np.float32]

SHORTEST, LONGEST = 2, 5
"""Lengths of character n-grams, word boundary counted as a character."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


def _scramble(values: type_hashes) -> type_hashes:
    """Spread the bits of a rolling hash (the finaliser of SplitMix64, Steele et al. 2014)."""
    out = (values ^ (values >> np.uint64(30))) * _MIX
    mixed: type_hashes = (out ^ (out >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch, each distinct one once.

    Attributes
    ----------
    flow : ndarray of int64, shape (w,)
        Every word in reading order, as an index of the distinct ones.
    hashes : ndarray of uint64, shape (u,)
        A hash of each distinct word.
    grams : ndarray of uint64, shape (g,)
        Hashes of the character n-grams of all distinct words, one word after the other.
    owner : ndarray of int64, shape (g,)
        The distinct word each n-gram stands in.
    """

    flow: type_ints
    hashes: type_hashes
    grams: type_hashes
    owner: type_ints


def find_words(flow: type_hashes, lexemes: dict[int, str]) -> Words:
    """Hash the distinct words of a batch and the n-grams inside them.

    Parameters
    ----------
    flow : ndarray of uint64, shape (w,)
        A key of each word in reading order.
    lexemes : dict of int to str
        The word behind each key.
    """
    distinct, index = np.unique(flow, return_inverse=True)
    forms = [f" {lexemes[int(key)]} " for key in distinct]
    codes = np.frombuffer("".join(forms).encode("utf-32-le"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(forms)), [len(form) for form in forms])
    rolled = codes + np.uint64(1)
    grams, owners = [], []
    with np.errstate(over="ignore"):
        for size in range(2, LONGEST + 1):
            rolled = rolled[:-1] * _BASE + codes[size - 1 :]
            if size < SHORTEST or not len(rolled):
                continue
            inside = owner[: len(rolled)] == owner[size - 1 :]
            grams.append(_scramble(rolled[inside] * np.uint64(31) + np.uint64(size)))
            owners.append(owner[: len(rolled)][inside])
        hashes = _scramble(distinct)
    order = np.argsort(np.concatenate(owners), kind="stable") if owners else np.zeros(0, np.int64)
    flat = np.concatenate(grams)[order] if grams else np.zeros(0, np.uint64)
    return Words(index.astype(np.int64), hashes, flat, np.concatenate(owners)[order] if owners else order)


def _spread(first: type_ints, last: type_ints) -> tuple[type_ints, type_ints]:
    """Expand half-open ranges: positions, one range after the other, and where each range begins (indptr)."""
    size = last - first
    bounds = np.concatenate([[0], np.cumsum(size)])
    return np.arange(bounds[-1]) - np.repeat(bounds[:-1] - first, size), bounds


def _lookup(vocabulary: type_hashes, keys: type_hashes) -> type_ints:
    """Find keys in a sorted vocabulary; -1 where there is none.

    Hashes are spread evenly, so that the first bits of a key say nearly where it stands: ten times as fast as
    a binary search.
    """
    if not len(vocabulary):
        return np.full(len(keys), -1)
    bits = len(vocabulary).bit_length() + 1
    shift = np.uint64(64 - bits)
    sizes = np.bincount((vocabulary >> shift).view(np.int64), minlength=1 << bits)
    at = (np.cumsum(sizes) - sizes)[(keys >> shift).view(np.int64)]
    padded = np.append(vocabulary, np.uint64(2**64 - 1))
    behind = np.flatnonzero(padded[at] < keys)
    while behind.size:
        at[behind] += 1
        behind = behind[padded[at[behind]] < keys[behind]]
    at = np.minimum(at, len(vocabulary) - 1)
    return np.where(vocabulary[at] == keys, at, -1)


def _pairs(words: Words) -> type_hashes:
    """Hash each word of the flow together with the next one, shape (w - 1,)."""
    hashes = words.hashes[words.flow]
    with np.errstate(over="ignore"):
        return _scramble(hashes[:-1] * np.uint64(3) + hashes[1:] * _BASE)


def _counted(rows: int, indptr: type_ints, columns: type_ints, width: int) -> sp.csr_matrix:
    """Count columns per row; columns below 0 are left out."""
    known = columns >= 0
    kept = np.concatenate([[0], np.cumsum(known)])[indptr]
    data = np.ones(int(kept[-1]), np.float32)
    counts = sp.csr_matrix((data, columns[known], kept), shape=(rows, width))
    counts.sum_duplicates()
    return counts


@dataclass(frozen=True, slots=True)
class Ngrams:
    """A fitted tf-idf vocabulary of words and character n-grams.

    Attributes
    ----------
    terms, grams : ndarray of uint64, sorted, shapes (v,) and (g,)
        Hashes of words and word pairs, and of character n-grams.
    term_idf, gram_idf : ndarray of float32
        Inverse document frequencies, smoothed as in scikit-learn.
    """

    terms: type_hashes
    grams: type_hashes
    term_idf: type_floats32
    gram_idf: type_floats32

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.terms) + len(self.grams)

    def counts(self, words: Words, first: type_ints, last: type_ints) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        """Count known terms and n-grams in stretches, half-open ranges of the flow."""
        rows = len(first)
        at, bounds = _spread(first, last)
        single = _lookup(self.terms, words.hashes)[words.flow]
        pair_at, pair_bounds = _spread(first, np.maximum(last - 1, first))
        pairs = _lookup(self.terms, _pairs(words)) if len(words.flow) > 1 else np.zeros(0, np.int64)
        terms = _counted(rows, bounds, single[at], len(self.terms)) + _counted(
            rows, pair_bounds, pairs[pair_at], len(self.terms)
        )
        spelled = _counted(
            len(words.hashes),
            np.searchsorted(words.owner, np.arange(len(words.hashes) + 1)),
            _lookup(self.grams, words.grams),
            len(self.grams),
        )
        members = sp.csr_matrix(
            (np.ones(len(at), np.float32), words.flow[at], bounds), shape=(rows, len(words.hashes))
        )
        return terms, members @ spelled

    def transform(self, words: Words, first: type_ints, last: type_ints) -> sp.csr_matrix:
        """Give the features of stretches.

        Parameters
        ----------
        first, last : ndarray of int64, shape (r,)
            Half-open ranges of `words.flow`.

        Returns
        -------
        csr_matrix of float32, shape (r, width)
            The block of terms and the block of n-grams, each of unit length (or zero).
        """
        terms, grams = self.counts(words, first, last)
        blocks = [_weighted(terms, self.term_idf), _weighted(grams, self.gram_idf)]
        return sp.hstack(blocks, format="csr", dtype=np.float32)


def _weighted(counts: sp.csr_matrix, idf: type_floats32) -> sp.csr_matrix:
    """Apply 1 + log(count), idf and unit length, in place."""
    data = counts.data
    many = np.flatnonzero(data > 1)
    data[many] = 1 + np.log(data[many])
    data *= idf.take(counts.indices)
    sizes = np.diff(counts.indptr)
    filled = sizes > 0
    squares = np.zeros(len(sizes), np.float32)
    squares[filled] = np.add.reduceat(data * data, counts.indptr[:-1][filled]) if len(data) else 0
    data /= np.repeat(np.sqrt(np.maximum(squares, 1e-12)), sizes)
    return counts


def fit_ngrams(words: Words, first: type_ints, last: type_ints, rare: int = 2) -> Ngrams:
    """Learn a vocabulary from stretches.

    Parameters
    ----------
    rare : int
        A feature that stands in fewer stretches is left out; with few stretches every one is kept.
    """
    rows = len(first)
    everything = Ngrams(
        np.unique(np.concatenate([words.hashes, _pairs(words)])) if len(words.flow) else words.hashes,
        np.unique(words.grams),
        np.zeros(0, np.float32),
        np.zeros(0, np.float32),
    )
    kept: list[tuple[type_hashes, type_floats32]] = []
    least = rare if rows >= 100 else 1
    for keys, counts in zip(
        (everything.terms, everything.grams), everything.counts(words, first, last), strict=True
    ):
        frequency = np.bincount(counts.indices, minlength=len(keys))
        keep = frequency >= least
        idf = np.log((1 + rows) / (1 + frequency[keep])) + 1
        kept.append((keys[keep], idf.astype(np.float32)))
    return Ngrams(kept[0][0], kept[1][0], kept[0][1], kept[1][1])
