"""The encoder that looks vectors up, alone and as a module of sentence-transformers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from samorsak.encode import StaticEncoder, load_encoder
from samorsak.encode.static import Features, spell, split_words, write_folder
from samorsak.errors import ModelError


def made() -> StaticEncoder:
    """Rows for the words `mål` and `möte` and for the three n-grams of `mål`; the rest is unknown."""
    words = {word: spell([word]).words for word in ("mål", "möte")}
    names = sorted(words, key=lambda word: int(words[word].hashes[0]))
    grams = np.sort(words["mål"].grams[[1, 3, 4]])
    rows = {"mål": [2, 0, 0], "möte": [0, 3, 0]}
    embedding = np.array([*(rows[name] for name in names), [0, 0, 1], [0, 0, 2], [0, 0, -1]], np.float32)
    hashes = np.array([words[name].hashes[0] for name in names], np.uint64)
    return StaticEncoder(Features(hashes, grams), embedding, {"language": "sv"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(made(), tmp_path / "small", "# small\n")
    return tmp_path / "small"


def test_words_are_lower_case_and_composed() -> None:
    assert split_words("Ma\u030al – AMA-möte, 3 år!") == ["mål", "ama", "möte", "3", "år"]
    assert split_words(" §!\n") == []


def test_a_text_is_the_sum_of_its_words_scaled_to_unit_length() -> None:
    vectors = made().encode(["möte", "MÅL", "mål möte", "Möte, möte", ""])
    assert vectors.dtype == np.float32
    expected = np.array([[0, 3, 0], [2, 0, 2], [2, 3, 2], [0, 6, 0]])
    expected = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(vectors[:4], expected, rtol=1e-6)
    np.testing.assert_array_equal(vectors[4], [0, 0, 0])


def test_an_unknown_text_and_no_text_at_all() -> None:
    np.testing.assert_array_equal(made().encode(["xyz"]), [[0, 0, 0]])
    assert made().encode([]).shape == (0, 3)


def test_the_folder_gives_the_same_vectors_and_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    loaded = StaticEncoder.load(folder)
    texts = ["mål", "möten", "mål och möte"]
    np.testing.assert_array_equal(loaded.encode(texts), made().encode(texts))
    assert (loaded.about, loaded.dimensions) == ({"language": "sv"}, 3)
    write_folder(loaded, tmp_path / "again", "# small\n")
    for file in folder.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()


def test_sentence_transformers_gives_the_same_vectors(folder: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["mål", "ett möte om mål", "", "xyz", "Möte möte"]
    model = SentenceTransformer(str(folder), device="cpu", trust_remote_code=True)
    np.testing.assert_allclose(model.encode(texts), made().encode(texts), atol=1e-6)
    model.save(str(tmp_path / "saved"))
    saved = load_encoder(tmp_path / "saved")
    assert isinstance(saved, StaticEncoder)
    np.testing.assert_allclose(saved.encode(texts), made().encode(texts), atol=1e-6)
    prompted = model.encode(["mål"], prompt="möte ")
    np.testing.assert_allclose(prompted, made().encode(["möte mål"]), atol=1e-6)


def test_it_is_chosen_only_where_its_module_stands_alone(folder: Path) -> None:
    assert isinstance(load_encoder(folder), StaticEncoder)
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    modules.append({"idx": 1, "name": "1", "path": "", "type": "sentence_transformers.models.Normalize"})
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(ModelError, match=r"wants to run code of its own \(samorsak\."):
        load_encoder(folder)


def test_loading_and_encoding_need_no_torch(folder: Path) -> None:
    script = (
        "import sys; from samorsak.encode import load_encoder; "
        "load_encoder(sys.argv[1]).encode(['mål']); "
        "print([name for name in ('torch', 'spacy', 'sklearn') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script, str(folder)]
    assert subprocess.run(command, capture_output=True, text=True, encoding="utf-8").stdout == "[]\n"


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_file_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError) as caught:
        StaticEncoder.load(folder)
    place = folder / name
    assert str(caught.value) == f"{place}: missing or unreadable; copy the encoder's whole folder again"


def test_the_matrix_is_damaged(folder: Path) -> None:
    place = folder / "model.safetensors"
    place.write_bytes(place.read_bytes()[:-1])
    with pytest.raises(ModelError) as caught:
        StaticEncoder.load(folder)
    assert str(caught.value) == f"{place}: damaged; copy the encoder's whole folder again"


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"format": "x", "format_version": 1, "sha256": {}}'])
def test_the_description_is_not_ours(folder: Path, content: str) -> None:
    place = folder / "tokenizer.json"
    place.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        StaticEncoder.load(folder)
    assert str(caught.value) == f"{place}: not a static encoder's; copy the encoder's whole folder again"


def test_the_format_is_newer(folder: Path) -> None:
    place = folder / "tokenizer.json"
    about = json.loads(place.read_text(encoding="utf-8")) | {"format_version": 2}
    place.write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        StaticEncoder.load(folder)
    assert str(caught.value) == (
        f"{place}: format is 'samorsak-static-encoder' 2, expected 'samorsak-static-encoder' 1; "
        "use the version of samorsak that made it"
    )


def test_rows_and_features_differ_in_number(tmp_path: Path) -> None:
    encoder = made()
    StaticEncoder(encoder.features, encoder.embedding[:-1], {}).save(tmp_path)
    with pytest.raises(ModelError) as caught:
        StaticEncoder.load(tmp_path)
    place = tmp_path / "model.safetensors"
    assert str(caught.value) == f"{place}: damaged; copy the encoder's whole folder again"
