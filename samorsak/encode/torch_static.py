"""The static encoder as a module of sentence-transformers, which `modules.json` names. Needs torch.

In place of `samorsak.encode.StaticEncoder` only where a `SentenceTransformer` is wanted: to train it further,
or to hand it to a library that knows nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from samorsak.encode.static import StaticEncoder, spell


class StaticModule(torch.nn.Module):
    """A bag of features, summed and scaled to unit length.

    Parameters
    ----------
    encoder : StaticEncoder
    """

    save_in_root = True
    modalities = ("text",)

    def __init__(self, encoder: StaticEncoder) -> None:
        super().__init__()
        self.features = encoder.features
        self.about = encoder.about
        weights = torch.from_numpy(encoder.embedding.astype(np.float32))
        self.embedding = torch.nn.EmbeddingBag.from_pretrained(weights, freeze=False, mode="sum")

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **kwargs: Any
    ) -> dict[str, torch.Tensor]:
        """Find the features of texts: their rows, how often each counts, and where each text begins."""
        spelled = spell([(prompt or "") + text for text in inputs])
        counts = (spelled.members @ self.features.counts(spelled.words)).tocsr()
        return {
            "input_ids": torch.from_numpy(counts.indices.astype(np.int64)),
            "weights": torch.from_numpy(counts.data.astype(np.float32)),
            "offsets": torch.from_numpy(counts.indptr[:-1].astype(np.int64)),
        }

    # sentence-transformers 5 calls it so
    tokenize = preprocess

    def forward(self, features: dict[str, torch.Tensor], **kwargs: Any) -> dict[str, torch.Tensor]:
        """Add `sentence_embedding`, shape (m, d), to the features of `preprocess`."""
        summed = self.embedding(
            features["input_ids"], features["offsets"], per_sample_weights=features["weights"]
        )
        features["sentence_embedding"] = torch.nn.functional.normalize(summed, dim=1)
        return features

    def get_embedding_dimension(self) -> int:
        """Give the length of a vector."""
        return int(self.embedding.embedding_dim)

    # sentence-transformers 5 calls it so
    get_sentence_embedding_dimension = get_embedding_dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Write the module's two files; sentence-transformers writes the others."""
        weights = self.embedding.weight.detach().cpu().numpy()
        StaticEncoder(self.features, weights, self.about).save(output_path)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **kwargs: Any) -> StaticModule:
        """Read the module from a folder on this machine."""
        return cls(StaticEncoder.load(Path(model_name_or_path) / subfolder))
