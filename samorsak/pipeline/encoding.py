"""The encoder a model learns with, and the same one again when the model is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from samorsak.encode import Encoder, load_encoder
from samorsak.encode.fingerprint import fingerprint
from samorsak.errors import ModelError
from samorsak.places import find_place

SHOWN = 12
"""Digits of a check sum that a message shows."""


@dataclass(frozen=True, slots=True)
class Named:
    """An encoder and what a model's card says of it.

    Attributes
    ----------
    encoder : Encoder
    about : dict
        `name` (a hub id, or a folder's own name without the way there), `dimensions`, `prefix`, and `sha256`,
        the check sum of its weights.
    """

    encoder: Encoder
    about: dict[str, Any]


def open_encoder(name: str | Path, *, prefix: str = "", allow_network: bool = False) -> Named:
    """Load an encoder by its folder, its name in `models/` or in the package, or its hub id.

    Raises
    ------
    ModelError
        As `samorsak.encode.load_encoder` does.
    """
    loaded = load_encoder(name, allow_network=allow_network, prefix=prefix)
    place = find_place(name)
    about = {
        "name": str(name) if place is None else place.resolve().name,
        "dimensions": int(loaded.encode(["a"]).shape[1]),
        "prefix": prefix,
        "sha256": fingerprint(loaded),
    }
    return Named(loaded, about)


def reopen_encoder(
    card: Mapping[str, Any], model: Path, place: str | Path | None = None, *, allow_network: bool = False
) -> Encoder | None:
    """Load the encoder that a model learned with; None where it learned without.

    Parameters
    ----------
    card : mapping
        The model's card.
    model : Path
        Where the model lies, for messages.
    place : str or Path, optional
        Where the encoder lies here, if not where its name says.

    Raises
    ------
    ModelError
        It is not here or is another one, or `place` is given and the model learned without an encoder.
    """
    wanted = card.get("encoder")
    if wanted is None:
        if place is not None:
            raise ModelError(
                f"{model}: learned without an encoder, {place} is not needed; leave --encoder out"
            )
        return None
    try:
        found = open_encoder(place or wanted["name"], prefix=wanted["prefix"], allow_network=allow_network)
    except ModelError as error:
        if place is not None:
            raise
        raise ModelError(
            f"{model}: learned with an encoder, which is needed here, too; say where it lies with --encoder"
            f" ({error})"
        ) from None
    if found.about["sha256"] != wanted["sha256"]:
        theirs, own = (about["sha256"][:SHOWN] for about in (found.about, wanted))
        raise ModelError(
            f"{place or wanted['name']}: another encoder (check sum {theirs}) than {model} learned with"
            f" ({own}); say where that one lies with --encoder, or train the model again"
        )
    return found.encoder


class Remembering:
    """An encoder that encodes each text once, however often it is asked.

    Parameters
    ----------
    encoder : Encoder
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Give one vector of unit length per text, shape (m, d)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        vectors = self._encoder.encode(new)
        self._known |= zip(new, vectors, strict=True)
        if not len(texts):
            return vectors
        return np.stack([self._known[text] for text in texts])


def remember(name: str | Path, *, prefix: str = "", allow_network: bool = False) -> Encoder:
    """Load an encoder for a learning curve, where the same answers are encoded again and again."""
    return Remembering(open_encoder(name, prefix=prefix, allow_network=allow_network).encoder)
