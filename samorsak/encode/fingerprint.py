"""Which encoder it is: a check sum of what it computes with."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from samorsak.encode.encoders import Encoder, TransformerEncoder
from samorsak.encode.static import StaticEncoder


def fingerprint(encoder: Encoder) -> str:
    """Hash an encoder's weights, however the files they came from are laid out.

    Parameters
    ----------
    encoder : StaticEncoder or TransformerEncoder
        As `samorsak.encode.load_encoder` gives it.

    Returns
    -------
    str
        SHA-256, in hexadecimal digits.

    Raises
    ------
    TypeError
        Another kind of encoder: nothing is known of its weights.
    """
    found = hashlib.sha256()
    for name, array in sorted(_arrays(encoder).items()):
        found.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def _arrays(encoder: Encoder) -> dict[str, npt.NDArray[Any]]:
    if isinstance(encoder, StaticEncoder):
        tokens = "\n".join(encoder.places).encode("utf-8")
        return {"embedding": encoder.embedding, "tokens": np.frombuffer(tokens, np.uint8)}
    if isinstance(encoder, TransformerEncoder):
        return encoder.weights()
    raise TypeError(f"{type(encoder).__name__} has no weights to hash, expected an encoder of load_encoder")
