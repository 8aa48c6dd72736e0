"""An encoder that looks vectors up: a text is the sum of its tokens' rows, scaled to unit length.

The folder is an ordinary one of sentence-transformers (`StaticEmbedding` and `Normalize`); its tokens are
those of `tokenizers.models.WordPiece`: words, and pieces of the words that have no row. Here the same few
lines without torch and without a tokenizer library, each distinct word cut once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from safetensors import SafetensorError
from safetensors.numpy import load, save

from samorsak.errors import ModelError
from samorsak.text import nfc

type_floats = npt.NDArray[np.float32]

FORMAT = "samorsak-static-encoder"
FORMAT_VERSION = 2

WEIGHTS = "model.safetensors"
ROWS = "embedding.weight"
TOKENIZER = "tokenizer.json"
MODULES = "modules.json"
CONFIG = "config_sentence_transformers.json"
CARD = "card.json"
README = "README.md"

UNKNOWN = "[UNK]"
"""The first token: its row is zeros."""

INSIDE = "##"
"""Before a piece that does not begin a word."""

LONGEST_WORD = 100
"""A longer word is unknown."""

# Lighter than the tokens of `segment`, and fixed with the format: a model must split as it was trained.
_WORD = re.compile(r"\w+")

# The same for the library tokenizers.
_SPLIT = {
    "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"}]},
    "pre_tokenizer": {
        "type": "Split",
        "pattern": {"Regex": r"[\p{L}\p{N}_]+"},
        "behavior": "Removed",
        "invert": True,
    },
}


def split_words(text: str) -> list[str]:
    """Split a text into lower-case words: runs of letters, digits and underscores.

    Examples
    --------
    >>> split_words("AMA-reglerna, 2024!")
    ['ama', 'reglerna', '2024']
    """
    return _WORD.findall(nfc(text).lower())


def cut_word(word: str, places: Mapping[str, int], *, whole: bool = True) -> list[int]:
    """Cut a word into known tokens, the longest first (WordPiece, Wu et al. 2016, section 4.1).

    Parameters
    ----------
    places : mapping of str to int
        The row of each token; a piece inside a word begins with ``##``.
    whole : bool
        Whether the word may be a token itself.

    Returns
    -------
    list of int
        Rows of the tokens; ``[0]``, the unknown token, where a part of the word is none.

    Examples
    --------
    >>> places = {"[UNK]": 0, "mål": 1, "##en": 2, "må": 3}
    >>> cut_word("målen", places), cut_word("målet", places)
    ([1, 2], [0])
    """
    if len(word) > LONGEST_WORD:
        return [0]
    rows: list[int] = []
    begin, prefix, longest = 0, "", len(word) if whole else len(word) - 1
    while begin < len(word):
        for end in range(longest, begin, -1):
            row = places.get(prefix + word[begin:end])
            if row is not None:
                rows.append(row)
                begin, prefix, longest = end, INSIDE, len(word)
                break
        else:
            return [0]
    return rows


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
    tokens : sequence of str, length v
        The first is `UNKNOWN`.
    embedding : ndarray of float32, shape (v, d)
    about : mapping
        What `card.json` says besides: language, seed, sources.
    """

    def __init__(self, tokens: Sequence[str], embedding: type_floats, about: Mapping[str, Any]) -> None:
        self.places = {token: row for row, token in enumerate(tokens)}
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

    def encode(self, texts: Sequence[str]) -> type_floats:
        """Give one vector per text, shape (m, d).

        Returns
        -------
        ndarray of float32
            Of unit length; a text in which no token is known gets zeros.
        """
        split = [split_words(text) for text in texts]
        distinct = {
            word: i for i, word in enumerate(dict.fromkeys(word for words in split for word in words))
        }
        members = _bags([[distinct[word] for word in words] for words in split], len(distinct))
        tokens = _bags([cut_word(word, self.places) for word in distinct], len(self.embedding))
        return unit_rows(np.asarray(members @ (tokens @ self.embedding), np.float32))


def _bags(rows: Sequence[Sequence[int]], width: int) -> sp.csr_matrix:
    """Count columns per row."""
    columns = np.array([column for row in rows for column in row], np.int64)
    bounds = np.cumsum([0, *map(len, rows)])
    return sp.csr_matrix((np.ones(len(columns), np.float32), columns, bounds), shape=(len(rows), width))


def write_folder(encoder: StaticEncoder, folder: Path, readme: str) -> None:
    """Write an encoder as a sentence-transformers folder with its model card.

    The same encoder gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    raw = save({ROWS: np.ascontiguousarray(encoder.embedding, np.float32)}, {"format": "pt"})
    tokenizer = json.dumps(_tokenizer(encoder), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    (folder / WEIGHTS).write_bytes(raw)
    (folder / TOKENIZER).write_bytes(tokenizer)
    (folder / README).write_bytes(readme.encode("utf-8"))
    _write_json(folder / MODULES, _MODULES)
    _write_json(folder / CONFIG, _CONFIG)
    sums = {WEIGHTS: hashlib.sha256(raw).hexdigest(), TOKENIZER: hashlib.sha256(tokenizer).hexdigest()}
    own = {"format": FORMAT, "format_version": FORMAT_VERSION}
    _write_json(folder / CARD, {**own, **encoder.about, "sha256": sums})


_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]
_CONFIG: dict[str, Any] = {"prompts": {}, "default_prompt_name": None, "similarity_fn_name": "cosine"}


def _tokenizer(encoder: StaticEncoder) -> dict[str, Any]:
    """Describe the tokens as the library tokenizers reads them."""
    model = {
        "type": "WordPiece",
        "unk_token": UNKNOWN,
        "continuing_subword_prefix": INSIDE,
        "max_input_chars_per_word": LONGEST_WORD,
        "vocab": encoder.places,
    }
    empty = dict.fromkeys(("truncation", "padding", "post_processor", "decoder"))
    return {"version": "1.0", "added_tokens": [], **empty, **_SPLIT, "model": model}


def is_static(folder: Path) -> bool:
    """Say whether a folder is one that `write_folder` wrote."""
    try:
        return bool(json.loads((folder / CARD).read_bytes())["format"] == FORMAT)
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return False


def _write_json(place: Path, content: Any) -> None:
    place.write_bytes((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8"))


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        raise ModelError(f"{place}: missing or unreadable; copy the encoder's whole folder again") from None


def _read_folder(folder: Path) -> tuple[list[str], type_floats, dict[str, Any]]:
    about = _read_card(folder / CARD)
    raw = {}
    for name in (WEIGHTS, TOKENIZER):
        raw[name] = _read(folder / name)
        if hashlib.sha256(raw[name]).hexdigest() != about["sha256"].get(name):
            raise ModelError(f"{folder / name}: damaged; copy the encoder's whole folder again")
    try:
        embedding = load(raw[WEIGHTS])[ROWS]
        tokens = list(json.loads(raw[TOKENIZER])["model"]["vocab"])
    except (SafetensorError, ValueError, KeyError, TypeError):
        raise ModelError(f"{folder}: not a static encoder's; copy the encoder's whole folder again") from None
    if embedding.ndim != 2 or len(embedding) != len(tokens):
        raise ModelError(f"{folder / WEIGHTS}: damaged; copy the encoder's whole folder again")
    own = ("format", "format_version", "sha256")
    return tokens, embedding, {key: value for key, value in about.items() if key not in own}


def _read_card(place: Path) -> dict[str, Any]:
    try:
        about = json.loads(_read(place))
        found = about["format"], about["format_version"]
        about["sha256"].get(WEIGHTS)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise ModelError(f"{place}: not a static encoder's; copy the encoder's whole folder again") from None
    if found != (FORMAT, FORMAT_VERSION):
        raise ModelError(
            f"{place}: format is {found[0]!r} {found[1]!r}, expected {FORMAT!r} {FORMAT_VERSION}; "
            "use the version of samorsak that made it"
        )
    return dict(about)
