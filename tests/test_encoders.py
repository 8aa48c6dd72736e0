"""The transformer road, with a tiny transformer that the test builds: no hub, no downloaded weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from samorsak.encode import load_encoder
from samorsak.errors import ModelError


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers with random weights, saved as a sentence-transformers folder."""
    import torch
    from sentence_transformers import SentenceTransformer, models
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyzåäö"]
    pieces = {piece: i for i, piece in enumerate([*words, *(f"##{c}" for c in words[5:])])}
    tokenizer = Tokenizer(WordPiece(pieces, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertModel(config).save_pretrained(folder / "bert")
    fast.save_pretrained(folder / "bert")
    transformer = models.Transformer(str(folder / "bert"))
    whole = SentenceTransformer(modules=[transformer, models.Pooling(16)], device="cpu")
    whole.save(str(folder / "encoder"))
    return folder / "encoder"


def test_vectors_have_unit_length_and_one_row_per_text(tiny: Path) -> None:
    vectors = load_encoder(tiny).encode(["mål", "möten", "mål"])
    assert vectors.shape == (3, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert abs(float(vectors[0] @ vectors[1])) < 0.9999


def test_composed_and_decomposed_letters_are_the_same_text(tiny: Path) -> None:
    one, other = load_encoder(tiny).encode(["mål", "ma\u030al"])
    np.testing.assert_array_equal(one, other)


def test_prefix_stands_before_every_text(tiny: Path) -> None:
    plain = load_encoder(tiny).encode(["query mål"])
    np.testing.assert_allclose(load_encoder(tiny, prefix="query ").encode(["mål"]), plain, atol=1e-6)


def test_no_text_gives_no_row(tiny: Path) -> None:
    assert load_encoder(tiny).encode([]).shape == (0, 16)


def test_a_hub_id_needs_permission() -> None:
    with pytest.raises(ModelError) as error:
        load_encoder("some/model")
    assert str(error.value) == (
        "some/model: no such folder; give the folder of an encoder, or allow the network for a hub model's id"
    )


def test_a_folder_that_is_no_encoder(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as error:
        load_encoder(tmp_path)
    assert str(error.value) == f"{tmp_path}: no modules.json in it, expected a sentence-transformers folder"


def test_a_damaged_folder(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded as an encoder"):
        load_encoder(tmp_path)
