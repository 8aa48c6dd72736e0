"""What says which statements are near each other, where a person has not said which encoder to take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from samorsak.encode import Encoder, load_encoder


class Letters:
    """Character n-grams as vectors of unit length, for languages that no encoder of ours knows.

    Examples
    --------
    >>> near, far = Letters().encode(["rain again", "too cold"]) @ Letters().encode(["rain"])[0]
    >>> bool(near > far)
    True
    """

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give one vector of unit length per text, shape (m, 1024); of zeros where there is no letter."""
        from sklearn.feature_extraction.text import HashingVectorizer

        hashing = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=1024, dtype=np.float32)
        return np.asarray(hashing.transform(texts).toarray(), np.float32)


def encoder_for(language: str, name: str | Path | None = None) -> Encoder:
    """Load the encoder that was named; if none was, `sv-static` for Swedish, and else character n-grams.

    Raises
    ------
    ModelError
        As `samorsak.encode.load_encoder` does.
    """
    if name is None and language != "sv":
        return Letters()
    return load_encoder(name or "sv-static")
