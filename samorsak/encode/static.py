"""An encoder that looks vectors up: a text is the sum of its words, a word the sum of its features' rows.

Features are the words themselves and the character n-grams inside them, known by 64-bit hashes. What a
feature weighs (its idf) lies in its row already. Needs neither torch nor a tokenizer library.

The folder is one of sentence-transformers', too: `modules.json` names `samorsak.encode.torch_static`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from safetensors import SafetensorError
from safetensors.numpy import load, save

from samorsak.encode.ngrams import Words, find_words
from samorsak.errors import ModelError
from samorsak.text import nfc

type_floats = npt.NDArray[np.float32]
type_rows = npt.NDArray[np.floating[Any]]
type_hashes = npt.NDArray[np.uint64]
type_ints = npt.NDArray[np.int64]

FORMAT = "samorsak-static-encoder"
FORMAT_VERSION = 1
MODULE = "samorsak.encode.torch_static.StaticModule"

WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
MODULES = "modules.json"
CONFIG = "config_sentence_transformers.json"
README = "README.md"

# Lighter than the tokens of `segment`, and fixed with the format: a model must split as it was trained.
_WORD = re.compile(r"\w+")


def split_words(text: str) -> list[str]:
    """Split a text into lower-case words: runs of letters, digits and underscores.

    Examples
    --------
    >>> split_words("AMA-reglerna, 2024!")
    ['ama', 'reglerna', '2024']
    """
    return _WORD.findall(nfc(text).lower())


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
    """

    words: type_hashes
    grams: type_hashes

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.words) + len(self.grams)

    def counts(self, words: Words) -> sp.csr_matrix:
        """Count the known features of each distinct word, shape (u, width)."""
        rows = np.concatenate([np.arange(len(words.hashes)), words.owner])
        columns = np.concatenate([_places(self.words, words.hashes), _places(self.grams, words.grams)])
        columns[len(words.hashes) :][columns[len(words.hashes) :] >= 0] += len(self.words)
        known = columns >= 0
        data = np.ones(int(known.sum()), np.float32)
        shape = (len(words.hashes), self.width)
        return sp.csr_matrix((data, (rows[known], columns[known])), shape=shape)


def _places(known: type_hashes, keys: type_hashes) -> type_ints:
    """Find keys among sorted ones; -1 where there is none."""
    if not len(known):
        return np.full(len(keys), -1)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[at] == keys, at, -1).astype(np.int64)


def unit_rows(rows: type_floats) -> type_floats:
    """Scale rows to length 1; a row of zeros stays one.

    Examples
    --------
    >>> unit_rows(np.array([[3, 4], [0, 0]], np.float32)).round(3).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    scaled: type_floats = (rows / np.where(lengths > 0, lengths, 1)[:, None]).astype(np.float32)
    return scaled


class StaticEncoder:
    """Vectors looked up in one matrix.

    Parameters
    ----------
    features : Features
    embedding : ndarray of float16 or float32, shape (features.width, d)
    about : mapping
        What `tokenizer.json` says besides: language, seed, sources.
    """

    def __init__(self, features: Features, embedding: type_rows, about: Mapping[str, Any]) -> None:
        self.features = features
        self.embedding = embedding
        self.about = dict(about)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.embedding.shape[1])

    @classmethod
    def load(cls, folder: str | Path) -> StaticEncoder:
        """Read an encoder's folder and check that it is whole.

        Raises
        ------
        ModelError
            A file is missing or damaged, or of another format.
        """
        return cls(*_read_folder(Path(folder)))

    def save(self, folder: str | Path) -> None:
        """Write `model.safetensors` (float16) and `tokenizer.json`; the same encoder gives the same bytes."""
        place = Path(folder)
        arrays: dict[str, npt.NDArray[Any]] = {
            "embedding": self.embedding.astype(np.float16),
            "words": self.features.words,
            "grams": self.features.grams,
        }
        raw = save(arrays)
        own = {"format": FORMAT, "format_version": FORMAT_VERSION}
        about = {**own, **self.about, "sha256": {WEIGHTS: hashlib.sha256(raw).hexdigest()}}
        place.mkdir(parents=True, exist_ok=True)
        (place / WEIGHTS).write_bytes(raw)
        _write_json(place / TOKENIZER, about)

    def encode(self, texts: Sequence[str]) -> type_floats:
        """Give one vector per text, shape (m, d).

        Returns
        -------
        ndarray of float32
            Of unit length; a text in which no feature is known gets zeros.
        """
        spelled = spell(texts)
        counts = self.features.counts(spelled.words)
        # only the rows in use are widened from float16: quicker to load, and small
        used = np.zeros(self.features.width, bool)
        used[counts.indices] = True
        columns = (np.cumsum(used) - 1)[counts.indices]
        rows = self.embedding[used].astype(np.float32)
        spelled_out = sp.csr_matrix((counts.data, columns, counts.indptr), shape=(counts.shape[0], len(rows)))
        return unit_rows(np.asarray(spelled.members @ (spelled_out @ rows), np.float32))


def write_folder(encoder: StaticEncoder, folder: Path, readme: str) -> None:
    """Write an encoder as a sentence-transformers folder with its model card."""
    encoder.save(folder)
    _write_json(folder / MODULES, [{"idx": 0, "name": "0", "path": "", "type": MODULE}])
    config: dict[str, Any] = {"prompts": {}, "default_prompt_name": None, "similarity_fn_name": "cosine"}
    _write_json(folder / CONFIG, config)
    (folder / README).write_bytes(readme.encode("utf-8"))


def is_static(folder: Path) -> bool:
    """Say whether `modules.json` names this encoder's module and nothing else."""
    try:
        modules = json.loads((folder / MODULES).read_bytes())
        return [module["type"] for module in modules] == [MODULE]
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return False


def _write_json(place: Path, content: Any) -> None:
    place.write_bytes((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8"))


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        raise ModelError(f"{place}: missing or unreadable; copy the encoder's whole folder again") from None


def _read_folder(folder: Path) -> tuple[Features, type_rows, dict[str, Any]]:
    place = folder / TOKENIZER
    try:
        about = json.loads(_read(place))
        found = about["format"], about["format_version"]
        expected = about["sha256"][WEIGHTS]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise ModelError(f"{place}: not a static encoder's; copy the encoder's whole folder again") from None
    if found != (FORMAT, FORMAT_VERSION):
        raise ModelError(
            f"{place}: format is {found[0]!r} {found[1]!r}, expected {FORMAT!r} {FORMAT_VERSION}; "
            "use the version of samorsak that made it"
        )
    raw = _read(folder / WEIGHTS)
    damaged = f"{folder / WEIGHTS}: damaged; copy the encoder's whole folder again"
    if hashlib.sha256(raw).hexdigest() != expected:
        raise ModelError(damaged)
    try:
        arrays = load(raw)
        features = Features(arrays["words"], arrays["grams"])
        embedding = arrays["embedding"]
    except (SafetensorError, ValueError, KeyError):
        raise ModelError(damaged) from None
    if embedding.ndim != 2 or len(embedding) != features.width:
        raise ModelError(damaged)
    own = ("format", "format_version", "sha256")
    return features, embedding, {key: value for key, value in about.items() if key not in own}
