"""Annotations: reading them, and everything that can be wrong with a row."""

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.annotations import Annotation, Marked, categories_of, read_annotations
from samorsak.annotations.checks import annotation_of
from samorsak.annotations.rows import RowError, parse_row
from samorsak.errors import AnnotationError
from samorsak.scheme import Scheme
from samorsak.text import unify_breaks

TWO = Scheme.model_validate(
    {
        "residual": {"other": {}, "no_cause": {}},
        "questions": {
            "achieved": {"categories": {"routines": {}, "goals": {}}},
            "missed": {"categories": {"time": {}, "staff": {}}},
        },
    }
)
CODED = Scheme.model_validate({"questions": {"q1": {"categories": {"301": {}, "104": {}}}}})
TEXT = "Vi hade för lite tid och för få anställda."
ROW = {"answer_id": "17", "round": "2024", "question": "missed", "text": TEXT}
TIME = {"start": 8, "end": 20, "category": "time"}
STAFF = {"start": 25, "end": 41, "category": "staff"}


def written(folder: Path, *rows: Any, name: str = "a.jsonl") -> Path:
    path = folder / name
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return path


def read(folder: Path, *rows: Any, scheme: Scheme = TWO, **options: Any) -> tuple[Annotation, ...]:
    return read_annotations([written(folder, *rows)], scheme, **options)


def error_of(folder: Path, *rows: Any, scheme: Scheme = TWO) -> str:
    with pytest.raises(AnnotationError) as caught:
        read(folder, *rows, scheme=scheme)
    return str(caught.value).replace(f"{folder / 'a.jsonl'} ", "")


def test_a_row_with_marked_statements(tmp_path: Path) -> None:
    (found,) = read(tmp_path, {**ROW, "statements": [STAFF, TIME]})
    assert found == Annotation(
        answer_id="17",
        round="2024",
        question="missed",
        text=TEXT,
        statements=(Marked(8, 20, "time"), Marked(25, 41, "staff")),
        categories=None,
        source="a",
        annotator="",
        made_at=None,
        origin="blind",
        note="",
    )
    assert [found.text[s.start : s.end] for s in found.statements or ()] == [
        "för lite tid",
        "för få anställda",
    ]
    assert categories_of(found) == {"time", "staff"}


def test_a_row_coded_as_a_whole(tmp_path: Path) -> None:
    row = {"answer_id": 17, "text": TEXT, "categories": [301, "104", 301.0], "round": 2008}
    (found,) = read(tmp_path, row, scheme=CODED)
    assert (found.answer_id, found.round, found.question) == ("17", "2008", "q1")
    assert (found.statements, found.categories) == (None, ("301", "104"))
    assert categories_of(found) == {"301", "104"}


def test_who_decided_when_and_how(tmp_path: Path) -> None:
    row = {**ROW, "statements": [], "annotator": "E", "note": "kort", "origin": "suggested", "sha256": "x"}
    (found,) = read(tmp_path, {**row, "made_at": "2025-01-31T13:00:00+01:00"})
    assert (found.annotator, found.note, found.origin) == ("E", "kort", "suggested")
    assert found.made_at == datetime(2025, 1, 31, 12, tzinfo=UTC)
    assert str(found.made_at) == "2025-01-31 12:00:00+00:00"


@pytest.mark.parametrize(
    "decision",
    [
        {"statements": []},
        {"categories": []},
        {"categories": ["no_cause"]},
        {"statements": [{"start": 0, "end": 2, "category": "no_cause"}]},
        {"statements": [], "categories": ["no_cause"]},
    ],
)
def test_no_cause_is_a_decision(tmp_path: Path, decision: dict[str, Any]) -> None:
    (found,) = read(tmp_path, {**ROW, **decision})
    assert found.decided
    assert categories_of(found) == {"no_cause"}


@pytest.mark.parametrize("missing", [{}, {"statements": None}, {"statements": None, "categories": None}])
def test_an_undecided_row(tmp_path: Path, missing: dict[str, Any]) -> None:
    assert error_of(tmp_path, {**ROW, **missing}) == (
        "line 1: undecided, expected statements or categories; decide it, or take the row out"
    )
    (found,) = read(tmp_path, {**ROW, **missing}, undecided_ok=True)
    assert (found.statements, found.categories, found.decided) == (None, None, False)
    with pytest.raises(AnnotationError) as caught:
        categories_of(found)
    assert str(caught.value) == (
        "a: answer '17' is undecided, expected a decision; decide it, or take the row out"
    )


@pytest.mark.parametrize(
    ("decision", "fault"),
    [
        (
            {"statements": [{"start": 8, "end": 99, "category": "time"}]},
            "statement 1 is 8-99, expected it inside the 42 characters of the text; mark it again",
        ),
        (
            {"statements": [{"start": 8, "end": 8, "category": "time"}]},
            "statement 1 is 8-8, expected its start before its end; mark it again",
        ),
        (
            {"statements": [{"start": 9, "end": 8, "category": "time"}]},
            "statement 1 is 9-8, expected its start before its end; mark it again",
        ),
        (
            {"statements": [TIME, {"start": 20, "end": 21, "category": "time"}]},
            "statement 2 is 20-21 and blank there, expected words; mark it again",
        ),
        (
            {"statements": [STAFF, {"start": 8, "end": 26, "category": "time"}]},
            "statements 2 and 1 are 8-26 and 25-41, expected no overlap; move a border",
        ),
        (
            {"statements": [TIME, {**TIME, "category": "staff"}]},
            "statements 1 and 2 are 8-20 and 8-20, expected no overlap; move a border",
        ),
        (
            {"statements": [{**TIME, "category": "routines"}]},
            "statement 1 is 'routines', 'missed' has: time, staff, other, no_cause",
        ),
        ({"categories": ["time", "x"]}, "category 2 is 'x', 'missed' has: time, staff, other, no_cause"),
        (
            {"categories": ["time", "no_cause"]},
            "category 2 is 'no_cause', expected it alone; take it out, or the causes",
        ),
        (
            {"statements": [{**TIME, "category": "no_cause"}, STAFF]},
            "statement 1 is 'no_cause', expected it alone; take it out, or the causes",
        ),
        (
            {"statements": [TIME], "categories": ["staff"]},
            "categories are not those of the statements, expected the same; take categories out",
        ),
        (
            {"categories": [TEXT * 2]},
            "category 1 is text of 84 characters, 'missed' has: time, staff, other, no_cause",
        ),
        (
            {"categories": [], "text": "a\0b"},
            "text holds a NUL character, expected none; export the file again",
        ),
        ({"categories": [], "question": "why"}, "question is 'why', expected one of: achieved, missed"),
        ({"categories": [], "question": None}, "question is missing, expected one of: achieved, missed"),
    ],
)
def test_a_row_that_fits_neither_its_text_nor_the_scheme(
    tmp_path: Path, decision: dict[str, Any], fault: str
) -> None:
    assert error_of(tmp_path, {**ROW, **decision}) == f"line 1: {fault}"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"answer_id": ""}, "answer_id is blank, expected an id"),
        ({"answer_id": None}, "answer_id is null, expected an id"),
        ({"answer_id": True}, "answer_id is true or false, expected an id"),
        ({"answer_id": 1.5}, "answer_id is 1.5, expected an id"),
        ({"round": []}, "round is a list, expected the name of a round"),
        ({"question": {}}, "question is an object, expected the id of a question"),
        ({"text": 4}, "text is 4, expected text"),
        ({"statements": TEXT}, "statements is text, expected a list"),
        (
            {"statements": [TIME, [8, 20]]},
            "statement 2 is a list, expected an object with start, end and category",
        ),
        (
            {"statements": [{"end": 2, "category": "time"}]},
            "statement 1 start is missing, expected a whole number from 0",
        ),
        ({"statements": [{**TIME, "start": -1}]}, "statement 1 start is -1, expected a whole number from 0"),
        ({"statements": [{**TIME, "end": "20"}]}, "statement 1 end is text, expected a whole number from 0"),
        (
            {"statements": [{**TIME, "end": True}]},
            "statement 1 end is true or false, expected a whole number from 0",
        ),
        (
            {"statements": [{**TIME, "category": None}]},
            "statement 1 category is null, expected the id of a category",
        ),
        ({"categories": "time;staff"}, "categories is text, expected a list"),
        ({"categories": ["time", " "]}, "category 2 is blank, expected the id of a category"),
        ({"made_at": "igår"}, "made_at is text, expected a time with its zone such as 2025-01-31T12:00:00Z"),
        (
            {"made_at": "2025-01-31T12:00:00"},
            "made_at is text, expected a time with its zone such as 2025-01-31T12:00:00Z",
        ),
        (
            {"made_at": "0001-01-01T00:00:00+14:00"},
            "made_at is text, expected a time with its zone such as 2025-01-31T12:00:00Z",
        ),
        ({"origin": "machine"}, "origin is text, expected 'blind' or 'suggested'"),
        ({"note": 3}, "note is 3, expected text"),
    ],
)
def test_a_row_of_another_shape(tmp_path: Path, changed: dict[str, Any], fault: str) -> None:
    assert error_of(tmp_path, {**ROW, "statements": [], **changed}) == f"line 1: {fault}"


@pytest.mark.parametrize("line", ["[1]", "17", "{", '{"text": "a", "text": "b"}', "[" * 100_000, "1" * 5000])
def test_a_line_that_is_no_object(tmp_path: Path, line: str) -> None:
    assert error_of(tmp_path, {**ROW, "statements": []}, "", line) == (
        "line 3: no JSON object with distinct names, expected one per line"
    )


def test_every_fault_is_told(tmp_path: Path) -> None:
    rows = [{**ROW, "answer_id": str(n), "categories": ["x"]} for n in range(11)]
    listed = [
        f"  line {n}: category 1 is 'x', 'missed' has: time, staff, other, no_cause" for n in range(1, 11)
    ]
    del rows[0]["text"], rows[0]["answer_id"]
    listed[:1] = [
        "  line 1: answer_id is missing, expected an id",
        "  line 1: text is missing, expected text",
    ]
    assert error_of(tmp_path, *rows) == "\n".join(
        ["12 faults in the annotations:", *listed[:10], "  and 2 more"]
    )


def test_no_text_of_an_answer_in_a_message(tmp_path: Path) -> None:
    swapped = {"answer_id": "1", "round": TEXT * 2, "question": TEXT * 2, "text": "missed", "categories": []}
    assert error_of(tmp_path, swapped) == (
        "line 1: question is text of 84 characters, expected one of: achieved, missed"
    )


def test_the_same_decision_twice_is_one(tmp_path: Path) -> None:
    first = written(tmp_path, {**ROW, "categories": ["time", "staff"]})
    second = written(tmp_path, {**ROW, "categories": ["staff", "time"], "annotator": "E"}, name="b.jsonl")
    (found,) = read_annotations([first, second, first], TWO)
    assert (found.source, found.categories) == ("a", ("time", "staff"))


@pytest.mark.parametrize(
    "other", [{"statements": []}, {"statements": [TIME]}, {"categories": ["time"]}, {"text": TEXT + "\n"}]
)
def test_two_decisions_about_one_answer(tmp_path: Path, other: dict[str, Any]) -> None:
    marked = {**ROW, "statements": [TIME, STAFF]}
    row = {**ROW, **other} if "text" not in other else {**marked, **other}
    first = written(tmp_path, {**marked, "answer_id": "1"}, marked)
    second = written(tmp_path, row, name="b.jsonl")
    with pytest.raises(AnnotationError) as caught:
        read_annotations([first, second], TWO)
    assert str(caught.value) == (
        f"{second} line 1: answer '17' has another text or decision than on {first} line 2, "
        "expected the same; keep one of them"
    )


def test_an_id_may_return_in_another_round_or_question(tmp_path: Path) -> None:
    rows = [ROW, {**ROW, "round": "2023"}, {**ROW, "question": "achieved"}]
    found = read(tmp_path, *({**row, "statements": []} for row in rows))
    assert [(a.round, a.question) for a in found] == [
        ("2024", "missed"),
        ("2023", "missed"),
        ("2024", "achieved"),
    ]


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.jsonl", "A.JSONL", "c.jsonl"):
        written(tmp_path, {**ROW, "answer_id": name, "statements": []}, name=name)
    (tmp_path / "README.md").write_text("{", encoding="utf-8")
    (tmp_path / "._a.jsonl").write_bytes(b"\xff\0")
    (tmp_path / "d.jsonl").mkdir()
    found = read_annotations([tmp_path], TWO)
    assert [(a.answer_id, a.source) for a in found] == [("A.JSONL", "A"), ("b.jsonl", "b"), ("c.jsonl", "c")]


def test_byte_order_mark_blank_lines_and_windows_line_ends(tmp_path: Path) -> None:
    row = json.dumps({**ROW, "text": "a\u2028b", "categories": ["time"]}, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_bytes(f"\ufeff\r\n{row}\r\n\r\n".encode())
    (found,) = read_annotations([tmp_path / "a.jsonl"], TWO)
    assert found.text == "a\nb"


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    assert read_annotations([tmp_path], TWO) == ()
    assert read_annotations([], TWO) == ()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.jsonl", "no such file or folder; check the spelling"),
        ("empty", "no .jsonl files in the folder, expected one or more"),
        ("a.csv", "not a .jsonl file, expected one or a folder; save as JSON Lines"),
    ],
)
def test_paths_that_are_none(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.csv").touch()
    with pytest.raises(AnnotationError) as caught:
        read_annotations([tmp_path / name], TWO)
    assert str(caught.value) == f"{tmp_path / name}: {message}"


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"{}\n\n" + json.dumps(ROW, ensure_ascii=False).encode("cp1252"))
    with pytest.raises(AnnotationError) as caught:
        read_annotations([path], TWO)
    assert str(caught.value) == f"{path} line 3: not utf-8; save the file as utf-8"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = written(tmp_path, ROW)
    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(AnnotationError) as caught:
        read_annotations([path], TWO)
    assert str(caught.value) == f"{path}: cannot be read (Permission denied); close it in other programs"


def test_offsets_are_carried_over_line_breaks(tmp_path: Path) -> None:
    text = "Tid.\r\nFolk.\r\n😀 A\u030angest"
    marks = [(0, 4, "time"), (6, 11, "staff"), (13, 22, "other")]
    statements = [{"start": s, "end": e, "category": c} for s, e, c in marks]
    (found,) = read(tmp_path, {**ROW, "text": text, "statements": statements})
    assert found.text == "Tid.\nFolk.\n😀 A\u030angest"
    assert found.statements == (Marked(0, 4, "time"), Marked(5, 10, "staff"), Marked(11, 20, "other"))


def test_half_an_emoji_is_replaced(tmp_path: Path) -> None:
    row = '{"answer_id": "1", "text": "tid \\ud83d", "statements": [{"start": 4, "end": 5, "category": 301}]}'
    (found,) = read(tmp_path, row, scheme=CODED)
    assert (found.text, found.statements) == ("tid \ufffd", (Marked(4, 5, "301"),))


TEXTS = st.text(st.sampled_from("ab \r\n\u2028å😀"), min_size=1)


@given(TEXTS, st.lists(st.integers(0, 40), max_size=6))
def test_a_stretch_keeps_its_words(text: str, borders: list[int]) -> None:
    ordered = sorted({min(border, len(text)) for border in borders})
    stretches = [(s, e) for s, e in zip(ordered[::2], ordered[1::2], strict=False) if text[s:e].strip()]
    marks = [{"start": s, "end": e, "category": "301"} for s, e in stretches]
    row = parse_row(json.dumps({"answer_id": 1, "text": text, "statements": marks[::-1]}))
    found = annotation_of(row, "a", CODED, undecided_ok=False)
    kept = found.statements or ()
    assert found.text == unify_breaks(text)
    assert [found.text[s.start : s.end].strip() for s in kept] == [
        unify_breaks(text[s:e]).strip() for s, e in stretches
    ]
    assert all(one.end <= other.start for one, other in pairwise(kept))


@given(TEXTS, st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=4))
def test_what_is_accepted_fits_its_text(text: str, stretches: list[tuple[int, int]]) -> None:
    marks = [{"start": s, "end": e, "category": "301"} for s, e in stretches]
    row = parse_row(json.dumps({"answer_id": 1, "text": text, "statements": marks}))
    covered = [place for s, e in stretches for place in range(s, e)]
    fits = all(s < e <= len(text) and text[s:e].strip() for s, e in stretches)
    try:
        found = annotation_of(row, "a", CODED, undecided_ok=False)
    except RowError:
        assert not fits or len(set(covered)) < len(covered)
    else:
        assert fits and len(set(covered)) == len(covered)
        assert len(found.statements or ()) == len(stretches)
