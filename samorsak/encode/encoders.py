"""Sentence encoders: texts in, vectors out.

Heavy libraries stay behind the door: nothing here imports torch or sentence-transformers before an encoder
that needs them has a text to encode that is not in the cache.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from samorsak.encode import hub
from samorsak.encode.cache import VectorCache, cache_file
from samorsak.encode.static import StaticEncoder, is_static
from samorsak.errors import ModelError
from samorsak.extras import extra
from samorsak.places import find_place
from samorsak.text import nfc

type_vectors = npt.NDArray[np.float32]

MODULES = "modules.json"
NAMESPACE = "sentence_transformers."
"""Modules from elsewhere would be code that the folder chooses."""

LIBRARIES = ("sentence-transformers", "transformers", "tokenizers", "torch")
"""Another version of one may give other vectors."""

KEPT_AT_ONCE = 1024
"""Texts encoded before their vectors go to the cache: what an interruption loses, at most."""


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    def encode(self, texts: Sequence[str]) -> type_vectors:
        """Give one vector of unit length per text, shape (m, d)."""


class TransformerEncoder:
    """A folder of sentence-transformers behind the protocol, loaded when there is something to encode.

    Parameters
    ----------
    folder : Path
        On this machine, whole.
    name, revision : str
        What the user calls it, and which version that is: a commit of the hub, or a check sum.
    prefix : str
        Put before every text (multilingual E5 wants ``"query: "``).
    cache : VectorCache, optional
        Where vectors are kept between runs.
    """

    def __init__(
        self, folder: Path, name: str, revision: str, prefix: str = "", cache: VectorCache | None = None
    ) -> None:
        self.name = name
        self.revision = revision
        self.prefix = prefix
        self._folder = folder
        self._cache = cache

    def encode(self, texts: Sequence[str]) -> type_vectors:
        """Give one vector of unit length per text, shape (m, d); each distinct text is encoded once.

        The same texts in one call give the same vectors. The last bits of a vector depend on the texts beside
        it, as they share matrix products; one from the cache is as it was first encoded.

        Raises
        ------
        ModelError
            The folder is damaged, or is no encoder's after all.
        """
        if not texts:
            return self.encode(["a"])[:0]
        whole = [_encodable(text) for text in texts]
        distinct = list(dict.fromkeys(whole))
        found = self._cache.find(distinct) if self._cache else {}
        missing = [text for text in distinct if text not in found]
        for start in range(0, len(missing), KEPT_AT_ONCE):
            some = missing[start : start + KEPT_AT_ONCE]
            fresh = dict(zip(some, self._vectors(some), strict=True))
            if self._cache:
                self._cache.keep(fresh)
            found |= fresh
        return np.stack([found[text] for text in whole])

    def _vectors(self, texts: Sequence[str]) -> type_vectors:
        # scaled here, as a model in half precision gives lengths that are only nearly 1
        raw = self._model.encode([self.prefix + text for text in texts], show_progress_bar=False)
        vectors: type_vectors = np.asarray(raw, np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        vectors /= lengths
        return vectors

    def weights(self) -> dict[str, npt.NDArray[Any]]:
        """Give the model's arrays by name, those of lower precision as float32.

        Raises
        ------
        ModelError
            As for `encode`.
        """
        return {name: tensor.cpu().float().numpy() for name, tensor in self._model.state_dict().items()}

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer

        try:
            with hub.no_network():
                return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except Exception as error:  # whatever a damaged folder raises in there
            raise ModelError(
                f"{self.name}: cannot be loaded as an encoder ({type(error).__name__}); get its files again"
            ) from error


def load_encoder(
    name: str | Path,
    *,
    allow_network: bool = False,
    prefix: str = "",
    cache: bool = True,
    say: Callable[[str], None] | None = None,
) -> Encoder:
    """Load a sentence encoder; the network is not touched unless allowed.

    Parameters
    ----------
    name : str or Path
        ``"sv-static"``, a folder of sentence-transformers, the name of one in `models`, or the id of a hub
        model, with ``@revision`` if need be.
    allow_network : bool
        Whether a hub model may be fetched, and its newest version asked for. Without, only the copy that was
        fetched before is used.
    prefix : str
        Put before every text, where the encoder was trained so: ``"query: "`` for multilingual E5.
    cache : bool
        Whether vectors are kept on disk between runs (see `samorsak.encode.cache`); never those of
        "sv-static", which are quicker made than read.
    say : callable, optional
        Told in one line if the cache cannot be used.

    Returns
    -------
    Encoder
        "sv-static" and its kind work without torch; others load it when they meet the first new text.

    Raises
    ------
    ModelError
        There is no such encoder on this machine and none could be fetched, it is none, it wants to run code
        of its own, it takes no prefix, or sentence-transformers is not installed.

    Examples
    --------
    >>> vectors = load_encoder("sv-static").encode(["varsel", "ingen anställer"])
    >>> len(vectors)
    2
    """
    folder = find_place(name)
    if folder is not None and is_static(folder):
        if prefix:
            raise ModelError(f"{name}: takes no prefix, found {prefix!r}; leave it out")
        return StaticEncoder.load(folder)
    if folder is not None:
        known, revision = "", None
    else:
        folder = _hub_folder(str(name), allow_network)
        known, revision = str(name).partition("@")[0], folder.name
    _check_modules(str(name), folder)
    versions = _versions(str(name))
    revision = revision or _check_sum(folder)
    file = cache_file() if cache else None
    kept = VectorCache(file, [known, revision, prefix, "unit length", *versions], say) if file else None
    return TransformerEncoder(folder, str(name), revision, prefix, kept)


def _hub_folder(name: str, allow_network: bool) -> Path:
    """Find or fetch a hub model; its folder is called after its commit."""
    repository, _, revision = name.partition("@")
    if allow_network:
        _versions(name)
        try:
            return hub.fetch(repository, revision or None)
        except Exception as error:  # whatever the hub, the network or a bad id raises in there
            raise ModelError(
                f"{name}: no such folder, and not fetched from the hub ({type(error).__name__}); "
                "check the id and the connection, or give the folder of an encoder"
            ) from error
    copy = hub.find_copy(repository, revision or None)
    if copy is None:
        raise ModelError(
            f"{name or 'encoder'}: no such encoder on this machine; give sv-static or the folder of one, "
            "or allow the network (--allow-network) for the id of a hub model"
        )
    return copy


def _check_modules(name: str, folder: Path) -> None:
    """See that a folder is of sentence-transformers and names no code of its own."""
    expected = "expected a folder of sentence-transformers"
    if not (folder / MODULES).is_file():
        raise ModelError(f"{name}: no {MODULES} in it, {expected}; give another")
    try:
        types = [str(module["type"]) for module in json.loads((folder / MODULES).read_bytes())]
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        raise ModelError(f"{name}: its {MODULES} is damaged, {expected}; get its files again") from None
    for module in types:
        if not module.startswith(NAMESPACE):
            raise ModelError(f"{name}: wants to run code of its own ({module}), never run here; give another")


def _versions(name: str) -> list[str]:
    """Give the versions of the libraries that vectors depend on, without importing them."""
    with extra("encoders", f"{name}:", ModelError):
        return [f"{library} {version(library)}" for library in LIBRARIES]


def _check_sum(folder: Path) -> str:
    """Hash the files of a folder with their names; hidden ones are not read."""
    total = hashlib.sha256()
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name in sorted(names):
        if not any(part.startswith(".") for part in name.split("/")):
            with names[name].open("rb") as file:
                inside = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{inside} {name}\n".encode())
    return total.hexdigest()


def _encodable(text: str) -> str:
    """Compose characters; half a surrogate pair, which no tokenizer takes, becomes a question mark."""
    return nfc(text).encode("utf-8", "replace").decode("utf-8")
