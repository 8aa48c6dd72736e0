"""The encoder that looks vectors up, alone and as sentence-transformers loads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.encode import StaticEncoder, load_encoder
from samorsak.encode.static import cut_word, split_words, write_folder
from samorsak.errors import ModelError

TOKENS = ("[UNK]", "mål", "möte", "m", "##et", "##å", "ÿ", "ə")
ROWS = np.array(
    [[0, 0, 0], [2, 0, 0], [0, 3, 0], [0, 0, 5], [0, 0, 1], [1, 1, 1], [0, 1, 1], [1, 0, 1]], np.float32
)


def made() -> StaticEncoder:
    return StaticEncoder(TOKENS, ROWS, {"language": "sv"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(made(), tmp_path / "small", "# small\n")
    return tmp_path / "small"


def test_words_are_lower_case_and_composed() -> None:
    assert split_words("Ma\u030al – AMA-möte, 3 år!") == ["mål", "ama", "möte", "3", "år"]
    assert split_words(" §!\n") == []


def test_a_word_is_cut_into_the_longest_tokens_from_the_left() -> None:
    places = made().places
    assert cut_word("mål", places) == [1]
    assert cut_word("mål", places, whole=False) == [0]  # "##l" is none
    assert cut_word("målet", places) == [1, 4]
    assert cut_word("må", places) == [3, 5]
    assert cut_word("mötx", places) == [0]
    assert cut_word("m" * 101, {**places, "##m": 8}) == [0]


def test_a_text_is_the_sum_of_its_tokens_scaled_to_unit_length() -> None:
    vectors = made().encode(["möte", "MÅLET", "mål möte", "Möte, möte", ""])
    assert vectors.dtype == np.float32
    expected = np.array([[0, 3, 0], [2, 0, 1], [2, 3, 0], [0, 6, 0]])
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


def test_sentence_transformers_gives_the_same_vectors(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["mål", "ett möte om målet", "", "xyz", "Möte möte", "MÅ"]
    model = SentenceTransformer(str(folder), device="cpu")
    np.testing.assert_allclose(model.encode(texts), made().encode(texts), atol=1e-6)
    prompted = model.encode(["mål"], prompt="möte ")
    np.testing.assert_allclose(prompted, made().encode(["möte mål"]), atol=1e-6)


def test_the_library_tokenizers_cuts_the_same_tokens(folder: Path) -> None:
    from tokenizers import Tokenizer

    library = Tokenizer.from_file(str(folder / "tokenizer.json"))
    encoder = made()

    # the final sigma and its like are the one known difference: Python looks at the word, the library at the letter
    letters = st.characters(exclude_categories=["Cs"], exclude_characters="Σς", max_codepoint=0x2FFF)

    @given(st.lists(st.one_of(st.sampled_from(["Mål", "möte", "målet", "må", " ", "_", "²"]), letters)))
    def same(parts: list[str]) -> None:
        text = "".join(parts)
        ours = [row for word in split_words(text) for row in cut_word(word, encoder.places)]
        assert ours == library.encode(text, add_special_tokens=False).ids

    same()


def test_it_is_chosen_where_the_folder_is_ours(folder: Path) -> None:
    assert isinstance(load_encoder(folder), StaticEncoder)


def test_loading_and_encoding_need_no_torch(folder: Path) -> None:
    script = (
        "import sys; from samorsak.encode import load_encoder; "
        "load_encoder(sys.argv[1]).encode(['mål']); "
        "print([name for name in ('torch', 'spacy', 'sklearn', 'tokenizers') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script, str(folder)]
    assert subprocess.run(command, capture_output=True, text=True, encoding="utf-8").stdout == "[]\n"


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "card.json"])
def test_a_file_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError) as caught:
        StaticEncoder.load(folder)
    place = folder / name
    assert str(caught.value) == f"{place}: missing or unreadable; copy the encoder's whole folder again"


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_file_is_damaged(folder: Path, name: str) -> None:
    place = folder / name
    place.write_bytes(place.read_bytes()[:-1])
    with pytest.raises(ModelError) as caught:
        StaticEncoder.load(folder)
    assert str(caught.value) == f"{place}: damaged; copy the encoder's whole folder again"


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"format": "x", "format_version": 1, "sha256": 1}'])
def test_the_description_is_not_ours(folder: Path, content: str) -> None:
    place = folder / "card.json"
    place.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        StaticEncoder.load(folder)
    assert str(caught.value) == f"{place}: not a static encoder's; copy the encoder's whole folder again"


def test_the_format_is_newer(folder: Path) -> None:
    place = folder / "card.json"
    about = json.loads(place.read_text(encoding="utf-8")) | {"format_version": 3}
    place.write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        StaticEncoder.load(folder)
    assert str(caught.value) == (
        f"{place}: format is 'samorsak-static-encoder' 3, expected 'samorsak-static-encoder' 2; "
        "use the version of samorsak that made it"
    )


def test_rows_and_tokens_differ_in_number(tmp_path: Path) -> None:
    write_folder(StaticEncoder(TOKENS, ROWS[:-1], {}), tmp_path, "")
    with pytest.raises(ModelError) as caught:
        StaticEncoder.load(tmp_path)
    place = tmp_path / "model.safetensors"
    assert str(caught.value) == f"{place}: damaged; copy the encoder's whole folder again"


def test_the_embedded_encoder_is_what_the_library_reads() -> None:
    """The same vectors within 1e-5, in a folder of at most 25 MB."""
    from sentence_transformers import SentenceTransformer

    folder = Path(__file__).parents[1] / "models" / "sv-static"
    texts = ["varsel på bruket", "dra ner på personalen", "Överenskommelsen om AMA-åtgärder (2024)", "ñandú!"]
    vectors = SentenceTransformer(str(folder), device="cpu").encode(texts)
    np.testing.assert_allclose(load_encoder(folder).encode(texts), vectors, atol=1e-5)
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) <= 25_000_000
