"""Annotations out to other programs and back, whole; and files of other projects, and worse."""

import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from conftest import SCHEME
from hypothesis import given, settings
from hypothesis import strategies as st

from samorsak.annotations import Annotation, Marked, categories_of
from samorsak.annotations import exchange as ex
from samorsak.annotations.exchange.doccano import Unit, Unmarked
from samorsak.annotations.exchange.offsets import from_utf16, to_utf16
from samorsak.errors import AnnotationError

ALPHABET = st.sampled_from("aåÖ o\u0301\u030a\u200d😀👩🏽\n\t.,'\"|;{}\\ <&\u2003é1") | st.characters(
    exclude_categories=["Cs", "Cc", "Zl", "Zp"]
)
TEXTS = st.text(ALPHABET, max_size=40)
NAMES = st.text("abcåäö-_1", min_size=1, max_size=6)
OUTCOMES = {q: SCHEME.outcomes(q) for q in SCHEME.questions}


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    question = draw(st.sampled_from(sorted(OUTCOMES)))
    text = draw(TEXTS.filter(str.strip))
    kind = draw(st.sampled_from(["marked", "whole", "open"]))
    marks: list[Marked] = []
    if kind == "marked":
        borders = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
        for start, end in zip(borders[::2], borders[1::2], strict=False):
            if text[start:end].strip():
                marks.append(Marked(start, end, draw(st.sampled_from(OUTCOMES[question]))))
    flags = draw(st.lists(st.sampled_from(["flagged", "settled"]), unique=True, max_size=2))
    if kind == "open":
        flags = [*flags, draw(st.sampled_from(["skipped", "flagged"]))]
    return Annotation(
        answer_id=draw(st.uuids()).hex,
        round=draw(st.sampled_from(["", "2024"])),
        question=question,
        text=text,
        statements=tuple(marks) if kind == "marked" else None,
        categories=tuple(draw(st.lists(st.sampled_from(OUTCOMES[question]), unique=True)))
        if kind == "whole"
        else None,
        source="a",
        annotator=draw(NAMES | st.just("")),
        made_at=draw(st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1))),
        origin=draw(st.sampled_from(["blind", "suggested"])),
        note=draw(TEXTS),
        audit=draw(st.sampled_from(["", "0f:3"])),
        scheme=draw(st.sampled_from(["", "0123456789abcdef"])),
        flags=tuple(dict.fromkeys(flags)),
    )


MANY = st.lists(annotations(), max_size=4)


def unordered(found: Annotation) -> Annotation:
    return replace(found, flags=tuple(sorted(found.flags)))


def same(back: ex.Imported, before: list[Annotation]) -> bool:
    return sorted(map(unordered, back.annotations), key=lambda a: a.answer_id) == sorted(
        map(unordered, before), key=lambda a: a.answer_id
    )


@given(MANY)
def test_label_studio_keeps_all_of_an_annotation(before: list[Annotation]) -> None:
    written = ex.label_studio_json(before).content
    assert same(ex.read_label_studio(written, "a.json", SCHEME), before)


@given(MANY, st.sampled_from(["utf-16", "code-points"]))
def test_doccano_keeps_all_of_an_annotation(before: list[Annotation], unit: Unit) -> None:
    written = ex.doccano_lines(before, unit).content
    assert same(ex.read_doccano(written, "a.jsonl", SCHEME, unit=unit), before)


@settings(max_examples=50)
@given(MANY)
def test_a_docbin_keeps_all_of_an_annotation(before: list[Annotation]) -> None:
    whole = [
        replace(a, categories=tuple(c for c in OUTCOMES[a.question] if c in a.categories))
        if a.categories is not None
        else a
        for a in before
    ]  # cats are a mapping, in the scheme's order
    packed = ex.docbin_bytes(whole, SCHEME)
    assert packed.lost == ()
    assert same(ex.read_docbin(packed.content, "a.spacy", SCHEME), whole)
    assert ex.docbin_bytes(whole, SCHEME).content == packed.content


def test_spacy_reads_the_docbin_as_documents_with_spans() -> None:
    import spacy
    from spacy.tokens import DocBin

    text = "Det regnade 😀, kallt."
    done = Annotation("1", "", "lost", text, (Marked(4, 9, "rain"), Marked(12, 13, "wind")), None, "a")
    raw = ex.docbin_bytes([done], SCHEME).content
    doc = next(iter(DocBin().from_bytes(raw).get_docs(spacy.blank("sv").vocab)))
    assert doc.text == text
    assert [(span.text, span.label_) for span in doc.spans["statements"]] == [
        ("regna", "rain"),
        ("😀", "wind"),
    ]
    assert [token.text for token in doc] == ["Det", "regna", "de", "😀", ",", "kallt", "."]
    assert doc.user_data["answer_id"] == "1"


@given(st.text(ALPHABET, max_size=20))
def test_code_units_and_code_points_lead_to_each_other(text: str) -> None:
    units = [to_utf16(text, offset) for offset in range(len(text) + 1)]
    assert [from_utf16(text, unit) for unit in units] == list(range(len(text) + 1))
    assert units[-1] == len(text.encode("utf-16-le")) // 2
    outside = {*range(-1, units[-1] + 3)} - {*units}
    assert {from_utf16(text, unit) for unit in outside} == {None}


# --- Label Studio


def task(result: list[Any], text: str = "😀 Det regnade", **more: Any) -> dict[str, Any]:
    data = {"text": text, "answer_id": "1", "question": "lost"}
    return {"id": 7, "data": data, "annotations": [{"result": result, "completed_by": 3}], **more}


def stretch(start: int, end: int, said: str | None, *labels: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": list(labels), **({"text": said} if said else {})}
    return {"from_name": "x", "to_name": "y", "type": "labels", "value": value}


def read_tasks(*tasks: Any) -> ex.Imported:
    return ex.read_label_studio(json.dumps(tasks), "x.json", SCHEME)


@pytest.mark.parametrize(("start", "end"), [(6, 13), (7, 14)], ids=["now", "before"])
def test_old_and_new_offsets_of_label_studio_are_told_apart(start: int, end: int) -> None:
    (found,) = read_tasks(task([stretch(start, end, "regnade", "Regn")])).annotations
    assert found.statements == (Marked(6, 13, "rain"),)
    assert (found.annotator, found.origin) == ("3", "blind")


def test_a_break_that_label_studio_writes_as_two_characters_is_one() -> None:
    (found,) = read_tasks(task([stretch(0, 5, "a\\n b", "Rain")], "a\n  b")).annotations
    assert found.statements == (Marked(0, 5, "rain"),)


def test_a_prediction_is_no_decision_and_is_seen_by_whoever_decides() -> None:
    seen = task([], predictions=[{"result": [stretch(6, 13, None, "rain")]}])
    only = {**task([], predictions=[{"result": []}], drafts=[{}]), "annotations": []}
    found = read_tasks(seen, only)
    assert [(a.statements, a.origin) for a in found.annotations] == [((), "suggested")]
    assert found.notes == (
        "1 task without an annotation left out; nobody has decided them",
        "2 predictions left out; a suggestion is no decision",
        "1 draft left out; a draft is no decision",
    )


def test_a_user_of_label_studio_is_named() -> None:
    done = {
        "result": [],
        "completed_by": {"id": 4, "email": "a@example.org"},
        "created_at": "2025-01-02T03:04:05Z",
    }
    (found,) = read_tasks({**task([]), "annotations": [done]}).annotations
    assert (found.annotator, found.made_at) == ("a@example.org", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            task([stretch(2, 5, "Det", "Person")]),
            "x.json task 1: statement 1 is 'Person', 'lost' has: rain, snow, wind, other, no_cause",
        ),
        (
            task([stretch(2, 5, "nej", "rain")]),
            "x.json task 1: result 1 is 2-5, and its own text is not what stands there; was the text changed? "
            "mark it again",
        ),
        (
            task([{"type": "rectanglelabels", "value": {"x": 1}}]),
            "x.json task 1: result 1 is of type 'rectanglelabels', expected 'labels', 'choices' or 'textarea'; "
            "export the project of this scheme",
        ),
        (
            {"data": {"image": "a.png"}, "annotations": []},
            "x.json task 1: data has 'image', expected 'answer_id', 'text'; name them with --text and --id, or "
            "export the right project",
        ),
        (
            {"text": "a", "label": [], "annotation_id": 1},
            "x.json task 1: no 'data', expected an export of Label Studio as JSON; choose JSON, not JSON-MIN",
        ),
        (task(["a"]), "x.json task 1: result 1 has no 'value', expected one; export the project again"),
        (
            task([stretch("a", 2, None, "rain")]),  # type: ignore[arg-type]
            "x.json task 1: result 1 has no whole numbers for start and end, expected a stretch of plain text",
        ),
        (
            task([stretch(2, 5, None)]),
            "x.json task 1: result 1 has no 'labels', expected a list of text; export the project again",
        ),
        (
            task([stretch(2, 5, None, "rain"), stretch(3, 7, None, "snow")]),
            "x.json task 1: statements 1 and 2 are 2-5 and 3-7, expected no overlap; move a border",
        ),
    ],
)
def test_a_label_studio_export_of_another_project_is_refused(found: Any, said: str) -> None:
    good = {**task([]), "data": {"text": "b", "answer_id": "2", "question": "lost"}}
    with pytest.raises(AnnotationError) as caught:
        read_tasks(found, good)
    assert str(caught.value) == said


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[NaN]", '[{"a": 1, "a": 2}]', "[" * 100_000, '"a"'])
def test_what_is_no_export_of_label_studio_is_one_line(text: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        ex.read_label_studio(text, "x.json", SCHEME)
    assert "expected an export of Label Studio as JSON" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_answer_decided_twice_by_one_hand_is_refused_and_by_two_is_not() -> None:
    two = {**task([]), "annotations": [{"result": [], "completed_by": n} for n in (1, 2)]}
    assert [a.annotator for a in read_tasks(two).annotations] == ["1", "2"]
    with pytest.raises(AnnotationError) as caught:
        read_tasks(task([]), task([]))
    assert str(caught.value) == (
        "x.json task 2: the answer is decided on x.json task 1 already, expected once; take one out"
    )
    with pytest.raises(AnnotationError, match=r"x\.json: decisions of 2 annotators, expected one"):
        ex.annotated_by(read_tasks(two), "kl", "x.json")


# --- doccano


@pytest.mark.parametrize(
    ("unmarked", "categories"), [("no_cause", [{"rain"}, {"no_cause"}]), ("undecided", [{"rain"}])]
)
def test_a_line_without_labels_says_what_the_user_says(
    unmarked: Unmarked, categories: list[set[str]]
) -> None:
    rows = [
        {"text": "Regn", "answer_id": 1, "question": "lost", "label": [[0, 4, "Regn"]], "Comments": []},
        {"text": "-", "answer_id": 2, "question": "lost", "label": []},
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    found = ex.read_doccano(text, "d.jsonl", SCHEME, unmarked=unmarked)
    assert [set(categories_of(a)) for a in found.annotations] == categories
    assert len(found.notes) == 1
    with pytest.raises(AnnotationError) as caught:
        ex.read_doccano(text, "d.jsonl", SCHEME)
    assert str(caught.value) == (
        "d.jsonl: 1 line without labels, the first d.jsonl line 2: read and no cause, or not read? say it with "
        "--unmarked no_cause or --unmarked undecided"
    )


@pytest.mark.parametrize(
    ("label", "said"),
    [
        (
            [[1, 3, "rain"]],
            "label 1 is 1-3, outside of the text or inside a character; does the file count code",
        ),
        ([["a", 3, "rain"]], "label 1 is no stretch, expected start, end and a name"),
        ("rain", "label is no list, expected stretches or names"),
        ([[0, 2, "Person"]], "statement 1 is 'Person', 'lost' has: rain, snow, wind, other, no_cause"),
    ],
)
def test_a_line_that_does_not_fit_is_refused(label: Any, said: str) -> None:
    row = {"text": "😀 Regn", "answer_id": 1, "question": "lost", "label": label}
    with pytest.raises(AnnotationError) as caught:
        ex.read_doccano(json.dumps(row), "d.jsonl", SCHEME)
    assert str(caught.value).startswith(f"d.jsonl line 1: {said}")


def test_lines_of_another_kind_are_refused_together() -> None:
    with pytest.raises(AnnotationError) as caught:
        ex.read_doccano('{"a": 1}\n[1]\n{"b": 1, "b": 2}\n', "d.jsonl", SCHEME)
    assert str(caught.value).splitlines() == [
        "3 faults, and nothing imported:",
        "  d.jsonl line 1: found a; expected 'answer_id' and 'text'; name them with --text and --id",
        "  d.jsonl line 2: no JSON object with distinct names, expected doccano's JSON Lines",
        "  d.jsonl line 3: no JSON object with distinct names, expected doccano's JSON Lines",
    ]


# --- DocBin


def test_a_docbin_that_is_none_or_too_large_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for raw in (b"", b"nothing", zlib.compress(b"\x80"), zlib.compress(b"\xc1")):
        with pytest.raises(AnnotationError) as caught:
            ex.read_docbin(raw, "x.spacy", SCHEME)
        assert str(caught.value) == ("x.spacy: damaged or no DocBin, expected a .spacy file; write it again")
    monkeypatch.setattr("samorsak.annotations.exchange.docbin._LARGEST", 1000)
    with pytest.raises(AnnotationError, match=r"x\.spacy: unpacks to more than 1000 bytes, expected less"):
        ex.read_docbin(zlib.compress(b"0" * 100_000), "x.spacy", SCHEME)


@settings(max_examples=30)
@given(st.data())
def test_a_damaged_docbin_is_refused_or_read(data: st.DataObject) -> None:
    done = Annotation("1", "", "lost", "Det regnade.", (Marked(4, 11, "rain"),), None, "a")
    raw = bytearray(zlib.decompress(ex.docbin_bytes([done], SCHEME).content))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        ex.read_docbin(zlib.compress(bytes(raw)), "x.spacy", SCHEME)
    except AnnotationError as error:
        assert str(error)


def test_a_docbin_of_another_program_says_what_it_lacks() -> None:
    import spacy
    from spacy.tokens import DocBin, Span

    doc = spacy.blank("sv")("Det regnade")
    doc.spans["sc"] = [Span(doc, 1, 2, label="Regn")]
    with pytest.raises(AnnotationError) as caught:
        ex.read_docbin(DocBin(docs=[doc]).to_bytes(), "x.spacy", SCHEME)
    assert str(caught.value) == (
        "x.spacy document 1: user_data has no 'answer_id', expected one; set it before the DocBin is written"
    )
    doc.user_data = {"answer_id": "1", "question": "lost"}
    raw = DocBin(docs=[doc], store_user_data=True).to_bytes()
    assert ex.read_docbin(raw, "x.spacy", SCHEME).annotations[0].statements == (Marked(4, 11, "rain"),)
    doc.spans["b"] = []
    doc.spans["a"] = doc.spans.pop("sc")
    with pytest.raises(AnnotationError, match="span groups 'b', 'a', expected 'statements' or only one"):
        ex.read_docbin(DocBin(docs=[doc], store_user_data=True).to_bytes(), "x.spacy", SCHEME)
