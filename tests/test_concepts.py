"""The package's concepts are sound; a faulty file is told apart, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from samorsak.errors import InputError
from samorsak.pipeline.concepts import CONCEPTS, read_concepts


def test_the_packages_concepts_are_sound() -> None:
    concepts = read_concepts()
    assert len(concepts) >= 6000
    expressions = [text for group in concepts.values() for text in group]
    assert len(expressions) >= 75_000
    assert min(map(len, concepts.values())) >= 4
    assert [text for text in expressions if text != text.strip()] == []
    folded = [" ".join(text.casefold().split()) for text in expressions]
    assert len(set(folded)) == len(folded), "an expression stands in one concept only"
    assert len(list(CONCEPTS.glob("*.yaml"))) == 15


def test_files_are_read_in_order_and_composed(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("tid: [tid, tider, brist på tid, hinner inte]\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("# Mål\nmal: [ma\u030al, mål, 'ja', delmål]\n", encoding="utf-8")
    assert read_concepts(tmp_path) == {
        "mal": ["mål", "mål", "ja", "delmål"],
        "tid": ["tid", "tider", "brist på tid", "hinner inte"],
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [b, c, d]", "concept 'a' is no list of at least 4 texts"),
        ("a: [b, c, d, 5]", "concept 'a' is no list of at least 4 texts"),
        ("a: [b, c, d, no]", "concept 'a' is no list of at least 4 texts"),
        ("a: b c d e", "concept 'a' is no list of at least 4 texts"),
        ("a: [b, c, d, e]\na: [f, g, h, i]", "concept 'a' stands twice; rename one, or join them"),
        ("a: [b", "cannot be read as YAML in utf-8; check its quotes and brackets"),
        ("- a", "no concepts in it, expected lines like 'varsel: [varsel, varsla]'"),
        ("", "no concepts in it, expected lines like 'varsel: [varsel, varsla]'"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_concepts(file)
    assert str(caught.value) == f"{file}: {message}"


def test_a_folder_without_concepts(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_concepts(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: no YAML files in it, expected concepts; give a folder that holds some"
    )
