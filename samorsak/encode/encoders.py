"""Sentence encoders: texts in, vectors out.

Heavy libraries stay behind the door: nothing here imports torch or sentence-transformers before an encoder
that needs them is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from samorsak.encode.static import StaticEncoder, is_static
from samorsak.errors import ModelError
from samorsak.text import nfc

type_vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    def encode(self, texts: Sequence[str]) -> type_vectors:
        """Give one vector of unit length per text, shape (m, d)."""


class TransformerEncoder:
    """A sentence-transformers model behind the protocol.

    Parameters
    ----------
    model : SentenceTransformer
    prefix : str
        Put before every text (multilingual E5 wants ``"query: "``).
    """

    def __init__(self, model: Any, prefix: str = "") -> None:
        self._model = model
        self._prefix = prefix

    def encode(self, texts: Sequence[str]) -> type_vectors:
        """Give one vector of unit length per text; each distinct text is encoded once."""
        seen = [self._prefix + nfc(text) for text in texts]
        distinct = list(dict.fromkeys(seen))
        place = {text: i for i, text in enumerate(distinct)}
        if not distinct:
            return np.zeros((0, self._model.encode(["a"]).shape[1]), np.float32)
        vectors = self._model.encode(distinct, normalize_embeddings=True, show_progress_bar=False)
        rows: type_vectors = np.asarray(vectors, np.float32)[[place[text] for text in seen]]
        return rows


def load_encoder(name: str | Path, *, allow_network: bool = False, prefix: str = "") -> Encoder:
    """Load a sentence encoder.

    Parameters
    ----------
    name : str or Path
        A sentence-transformers folder, or the id of a hub model.
    allow_network : bool
        Whether a hub id may be fetched; nothing is fetched without it.
    prefix : str
        Put before every text; the static encoder of this package was trained without and takes none.

    Returns
    -------
    Encoder
        A `StaticEncoder`, without torch, where `modules.json` names its module only.

    Raises
    ------
    ModelError
        There is no such folder and the network is not allowed, the folder is no encoder, or
        sentence-transformers is not installed.
    """
    folder = Path(name)
    if not folder.is_dir() and not allow_network:
        raise ModelError(
            f"{name}: no such folder; give the folder of an encoder,"
            " or allow the network for a hub model's id"
        )
    if folder.is_dir() and not (folder / "modules.json").is_file():
        raise ModelError(f"{name}: no modules.json in it, expected a sentence-transformers folder")
    if is_static(folder):
        return StaticEncoder.load(folder)
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise ModelError(
            f"{name}: needs sentence-transformers, which is not installed; pip install 'samorsak[encoders]'"
        ) from None
    try:
        model = SentenceTransformer(str(name), device="cpu", local_files_only=not allow_network)
    except Exception as error:  # whatever a damaged folder or a closed network raises in there
        raise ModelError(f"{name}: cannot be loaded as an encoder ({type(error).__name__})") from error
    return TransformerEncoder(model, prefix)
