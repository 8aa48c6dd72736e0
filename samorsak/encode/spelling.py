"""Words as bags of features, for training: the word itself and the character n-grams inside it, hashed.

Words that look alike share features, so that what is learned of one is learned of its inflections and
compounds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from samorsak.encode.ngrams import Words, find_words
from samorsak.encode.static import split_words

type_floats = npt.NDArray[np.float32]
type_hashes = npt.NDArray[np.uint64]
type_ints = npt.NDArray[np.int64]

RARE_WORD, RARE_GRAM = 2, 4
"""Features found in fewer texts get no row."""

GRAM_WEIGHT = 0.3
"""What an n-gram weighs beside a word: there are some twenty of them in each."""

_AT_ONCE = 5000  # texts; all at once would not fit in memory


@dataclass(frozen=True, slots=True)
class Spelled:
    """The words of a batch of texts.

    Attributes
    ----------
    words : Words
        The distinct words, hashed.
    bounds : ndarray of int64, shape (m + 1,)
        Text i is ``words.flow[bounds[i]:bounds[i + 1]]``.
    """

    words: Words
    bounds: type_ints

    @property
    def members(self) -> sp.csr_matrix:
        """How often each distinct word stands in each text, shape (m, u)."""
        shape = (len(self.bounds) - 1, len(self.words.hashes))
        counts = sp.csr_matrix(
            (np.ones(len(self.words.flow), np.float32), self.words.flow, self.bounds), shape=shape
        )
        counts.sum_duplicates()
        return counts


def spell(texts: Sequence[str]) -> Spelled:
    """Split texts into words and hash them, each distinct word once."""
    split = [split_words(text) for text in texts]
    keys = {word: _key(word) for word in dict.fromkeys(word for words in split for word in words)}
    flow = np.array([keys[word] for words in split for word in words], np.uint64)
    words = find_words(flow, {key: word for word, key in keys.items()})
    return Spelled(words, np.cumsum([0, *map(len, split)]))


def _key(word: str) -> int:
    """Hash a word to 64 bits, the same on every machine and in every run."""
    raw = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Features:
    """The features that have a row, in the order of the rows: words first, n-grams after them.

    Attributes
    ----------
    words, grams : ndarray of uint64, sorted, shapes (v,) and (g,)
        Hashes, as `find_words` gives them.
    weights : ndarray of float32, shape (v + g,)
        What each counts: its idf, an n-gram's much reduced.
    """

    words: type_hashes
    grams: type_hashes
    weights: type_floats

    def counts(self, words: Words) -> sp.csr_matrix:
        """Give the weighted features of each distinct word, shape (u, v + g)."""
        rows = np.concatenate([np.arange(len(words.hashes)), words.owner])
        columns = np.concatenate([_places(self.words, words.hashes), _places(self.grams, words.grams)])
        columns[len(words.hashes) :][columns[len(words.hashes) :] >= 0] += len(self.words)
        known = columns >= 0
        shape = (len(words.hashes), len(self.weights))
        return sp.csr_matrix((self.weights[columns[known]], (rows[known], columns[known])), shape=shape)


def _places(known: type_hashes, keys: type_hashes) -> type_ints:
    """Find keys among sorted ones; -1 where there is none."""
    if not len(known):
        return np.full(len(keys), -1)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[at] == keys, at, -1).astype(np.int64)


def choose_features(spelled: Spelled, most_words: int, most_grams: int) -> Features:
    """Choose the words and n-grams found in most texts, and weigh them by how few that is (idf)."""
    words = spelled.words
    present = spelled.members
    present.data[:] = 1
    rows = present.shape[0]
    hashes, place = np.unique(words.grams, return_inverse=True)
    spelling = sp.csr_matrix(
        (np.ones(len(place), np.float32), (words.owner, place)), shape=(len(words.hashes), len(hashes))
    )
    whole = _most(words.hashes, np.asarray(present.sum(axis=0)).ravel(), most_words, RARE_WORD)
    parts = _most(hashes, _texts_with(present, spelling), most_grams, RARE_GRAM)
    idf = [np.log((1 + rows) / (1 + counts)) for _, counts in (whole, parts)]
    return Features(whole[0], parts[0], np.concatenate([idf[0], idf[1] * GRAM_WEIGHT]).astype(np.float32))


def _texts_with(present: sp.csr_matrix, spelling: sp.csr_matrix) -> type_floats:
    """Count the texts that hold each n-gram."""
    counts = np.zeros(spelling.shape[1], np.float32)
    for first in range(0, present.shape[0], _AT_ONCE):
        found = (present[first : first + _AT_ONCE] @ spelling).tocsr()
        counts += np.bincount(found.indices, minlength=len(counts)).astype(np.float32)
    return counts


def _most(hashes: type_hashes, counts: type_floats, limit: int, rare: int) -> tuple[type_hashes, type_floats]:
    """Keep the most frequent, by hash where they are equally frequent; sorted by hash."""
    order = np.lexsort((hashes, -counts))[:limit]
    kept = order[counts[order] >= rare]
    kept = kept[np.argsort(hashes[kept])]
    return hashes[kept], counts[kept].astype(np.float32)
