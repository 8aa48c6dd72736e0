"""Annotations without personal data."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.annotations import Annotation, Marked
from samorsak.errors import AnnotationError
from samorsak.pipeline.annotated import masked, read_masked_annotations
from samorsak.privacy import mask
from samorsak.scheme import Scheme

CODED = Scheme.model_validate({"questions": {"q1": {"categories": {"301": {}, "104": {}}}}})


def annotation(text: str, *statements: Marked, note: str = "") -> Annotation:
    return Annotation("17", "2024", "q1", text, statements, None, "a", note=note)


def test_statements_are_carried_over(tmp_path: Path) -> None:
    text = "Ring 070-1740605.\r\nFör lite tid, skriv till kim@example.org"
    marks = [{"start": 5, "end": 17, "category": 301}, {"start": 19, "end": 31, "category": 104}]
    rows = [
        {"answer_id": 1, "text": text, "statements": marks},
        {"answer_id": 2, "text": text},
        {"answer_id": 3, "text": "Vet ej.", "categories": []},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    first, second, third = read_masked_annotations([path], CODED, undecided_ok=True)
    assert first.text == second.text == "Ring [telefon].\nFör lite tid, skriv till [e-post]"
    assert first.statements == (Marked(5, 15, "301"), Marked(16, 28, "104"))
    assert [first.text[s.start : s.end] for s in first.statements] == ["[telefon].", "För lite tid"]
    assert (second.statements, second.categories) == (None, None)
    assert (third.text, third.categories) == ("Vet ej.", ())


def test_nothing_to_mask_is_left_as_it_is() -> None:
    plain = annotation("För lite tid", Marked(0, 12, "301"))
    assert masked(plain) is plain


def test_a_note_is_masked_too() -> None:
    found = masked(annotation("Tid", Marked(0, 3, "301"), note="fråga kim@example.org"))
    assert (found.note, found.text, found.statements) == ("fråga [e-post]", "Tid", (Marked(0, 3, "301"),))


def test_a_number_that_two_statements_share_belongs_to_the_first() -> None:
    found = masked(annotation("Tid 070-1740605 folk", Marked(0, 8, "301"), Marked(8, 20, "104")))
    assert found.text == "Tid [telefon] folk"
    assert found.statements == (Marked(0, 13, "301"), Marked(13, 18, "104"))


def test_two_statements_within_one_number() -> None:
    with pytest.raises(AnnotationError) as caught:
        masked(annotation("Tid 070-1740605 folk", Marked(0, 8, "301"), Marked(8, 15, "104")))
    assert str(caught.value) == (
        "a: answer '17' has two statements in one number or address, expected one; move a border"
    )


PIECES = st.sampled_from(["tid ", "070-1740605 ", "kim@example.org, ", "för få, ", "\n"])


@given(st.lists(st.tuples(PIECES, st.booleans()), max_size=8))
def test_marked_stretches_are_masked_as_they_stand(pieces: list[tuple[str, bool]]) -> None:
    text, marks = "", []
    for piece, is_marked in pieces:
        if is_marked and piece.strip():
            marks.append(Marked(len(text), len(text) + len(piece.rstrip()), "301"))
        text += piece
    found = masked(annotation(text, *marks))
    kept = found.statements or ()
    assert found.text == mask(text).text
    assert [found.text[s.start : s.end] for s in kept] == [mask(text[m.start : m.end]).text for m in marks]
    assert masked(found) is found
