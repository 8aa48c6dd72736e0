"""An encoder made from a handful of constructed concepts, from Python and from the command line."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result

from samorsak.encode import StaticEncoder
from samorsak.errors import InputError, ModelError, TooFewError
from samorsak.pipeline.encoder import build_encoder, make_topics

CONCEPTS = """\
# Arbete
varsel: [varsel, uppsägning, får sparken, drar ner på folk]
tid: [tidsbrist, hinner inte, ont om tid, stressigt läge]
pengar: [budget, ekonomi, för lite pengar, dålig kassa]
"""
LEXICON = [
    {"category": "x", "text": text}
    for text in ("vi hinner inte med allt", "för kort", "ont om pengar här nu")
]
CORPUS = (
    "Den som får varsel ska få besked i god tid.\nKort mening.\nEn budget ska antas av kommunen varje år.\n"
)


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    places = {name: tmp_path / name for name in ("concepts.yaml", "words.jsonl", "sfs.txt.xz")}
    places["concepts.yaml"].write_text(CONCEPTS, encoding="utf-8")
    lines = [json.dumps(entry, ensure_ascii=False) for entry in LEXICON]
    places["words.jsonl"].write_text("\n".join([*lines, ""]), encoding="utf-8")
    places["sfs.txt.xz"].write_bytes(lzma.compress(CORPUS.encode("utf-8")))
    return places


def build(sources: dict[str, Path], out: Path, **options: int) -> Path:
    return build_encoder(
        sources["sfs.txt.xz"],
        out,
        lexicon=[sources["words.jsonl"]],
        concepts=sources["concepts.yaml"],
        dimensions=8,
        **options,
    )


def test_what_means_the_same_lies_close(sources: dict[str, Path], tmp_path: Path) -> None:
    encoder = StaticEncoder.load(build(sources, tmp_path / "small", epochs=150))
    near = encoder.encode(["hinner inte", "får", "på"]) @ encoder.encode(["ont om tid", "drar ner på folk"]).T
    assert near[0, 0] > near[0, 1] + 0.2
    assert encoder.about["sources"] == {"concepts": 3, "expressions": 12, "lexicon": 2, "sentences": 2}
    assert (encoder.about["language"], encoder.about["seed"], encoder.dimensions) == ("sv", 0, 8)


def test_the_same_seed_gives_the_same_bytes_another_one_does_not(
    sources: dict[str, Path], tmp_path: Path
) -> None:
    folders = [build(sources, tmp_path / name, epochs=2) for name in "ab"]
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == [
        "README.md",
        "card.json",
        "config_sentence_transformers.json",
        "model.safetensors",
        "modules.json",
        "tokenizer.json",
    ]
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    build(sources, folders[1], epochs=2, seed=1)  # replaces what stands there
    rows = [StaticEncoder.load(folder).embedding for folder in folders]
    assert not np.array_equal(*rows)


def test_the_card_names_the_sources(sources: dict[str, Path], tmp_path: Path) -> None:
    card = (build(sources, tmp_path / "small", epochs=1) / "README.md").read_text(encoding="utf-8")
    assert "| `samorsak/concepts`, 3 of them | 12 expressions | MIT |" in card
    assert "| the Swedish statute book (SFS) | 2 sentences | free of copyright" in card
    assert "samorsak encoder build --corpus FILE --out FOLDER --seed 0 --epochs 1 --dimensions 8\n" in card


def test_without_corpus_and_lexicon(sources: dict[str, Path], tmp_path: Path) -> None:
    out = build_encoder(
        None, tmp_path / "bare", lexicon=(), concepts=sources["concepts.yaml"], dimensions=4, epochs=1
    )
    assert StaticEncoder.load(out).about["sources"] == {
        "concepts": 3,
        "expressions": 12,
        "lexicon": 0,
        "sentences": 0,
    }
    assert "| no corpus | 0 sentences | none |" in (out / "README.md").read_text(encoding="utf-8")


def test_topics_come_from_neighbours_in_a_file(tmp_path: Path) -> None:
    names = {"sky.yaml": ("sol", "regn", "vind", "moln"), "work.yaml": ("jobb", "lön", "chef")}
    for name, concepts in names.items():
        lines = [f"{concept}: [{', '.join([concept] * 4)}]" for concept in concepts]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    first, second, third = (
        "sol regn vind sol regn vind",
        "regn vind moln regn vind moln",
        "jobb lön chef jobb lön chef",
    )
    assert make_topics(tmp_path, seed=0) == [first, first, second, second, third, third]
    assert make_topics(tmp_path / "work.yaml", seed=0) == [third, third]


def test_one_concept_is_too_few(sources: dict[str, Path], tmp_path: Path) -> None:
    place = sources["concepts.yaml"]
    place.write_text(CONCEPTS.splitlines()[1], encoding="utf-8")
    with pytest.raises(TooFewError) as caught:
        build(sources, tmp_path / "small")
    assert str(caught.value) == f"{place}: 1 concept, expected at least 2; give more"


def test_another_folder_is_not_overwritten(sources: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        build(sources, tmp_path)
    assert str(caught.value) == f"{tmp_path}: holds other files than an encoder's; name a new folder"


def test_sources_that_cannot_be_read(sources: dict[str, Path], tmp_path: Path) -> None:
    corpus, lexicon = sources["sfs.txt.xz"], sources["words.jsonl"]
    corpus.write_text("not packed", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        build(sources, tmp_path / "small")
    assert str(caught.value) == f"{corpus}: not readable as text in utf-8, a sentence per line; check it"
    lexicon.write_text('{"text": "bra"}\n\n{"txt": "bra"}\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        build(sources, tmp_path / "small")
    assert str(caught.value) == (
        f"{lexicon} line 3: no lexicon entry, expected an object with 'text'; correct it"
    )
    lexicon.unlink()
    with pytest.raises(InputError) as caught:
        build(sources, tmp_path / "small")
    assert str(caught.value) == f"{lexicon}: not readable as JSON Lines in utf-8; check the path"


def test_the_command_builds_one(
    sources: dict[str, Path], tmp_path: Path, samorsak: Callable[..., Result]
) -> None:
    options = [
        "--lexicon",
        sources["words.jsonl"],
        "--concepts",
        sources["concepts.yaml"],
        "--dimensions",
        "8",
    ]
    result = samorsak(
        "encoder", "build", "--corpus", sources["sfs.txt.xz"], "--out", "mine", "--epochs", "1", *options
    )
    assert result.exit_code == 0
    assert result.stdout == "written: mine\n"
    assert result.stderr.splitlines()[0] == (
        "3 concepts with 12 expressions, 2 texts of the lexicon, 2 sentences of the corpus"
    )
    again = build(sources, tmp_path / "again", epochs=1)
    assert (Path("mine") / "model.safetensors").read_bytes() == (again / "model.safetensors").read_bytes()
    refused = samorsak("encoder", "build", "--out", "mine", "--lexicon", "none.jsonl")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "none.jsonl: not readable as JSON Lines in utf-8; check the path\n",
    )
