"""Logs where annotations are read: what holds among lines, annotators and rows made by hand."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from samorsak.annotations import (
    Annotation,
    Carrier,
    Marked,
    Store,
    categories_of,
    read_annotations,
    read_decisions,
)
from samorsak.errors import AnnotationError
from samorsak.pipeline.annotated import read_lessons
from samorsak.scheme import Rename, Scheme, Split, next_version

SCHEME = Scheme.model_validate(
    {"residual": {"other": {}}, "questions": {"lost": {"categories": {"rain": {}, "snow": {}}}}}
)
TEXT = "Först regn, sedan snö."
RAIN, SNOW = Marked(6, 10, "rain"), Marked(18, 21, "snow")
RENAMED = Rename.model_validate({"question": "lost", "from": "rain", "to": "wet"})
PARTS = {
    "flakes": {"label": "Flakes", "definition": "Large."},
    "sleet": {"label": "Sleet", "definition": "Wet."},
}
SNOW_SPLIT = {1: Split.model_validate({"question": "lost", "from": "snow", "to": PARTS})}
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)


def decided(answer_id: str, *marks: Marked, annotator: str = "kl", hour: int = 0, **more: Any) -> Annotation:
    known = {"round": "2024", "question": "lost", "text": TEXT, "statements": marks, "categories": None}
    at = BEGIN + timedelta(hours=hour)
    return Annotation(answer_id, source="", annotator=annotator, made_at=at, **(known | more))


def read(folder: Path, scheme: Scheme = SCHEME) -> list[tuple[str, str, tuple[str, ...]]]:
    found = read_annotations([folder], scheme)
    return [(a.answer_id, a.source, tuple(sorted(categories_of(a)))) for a in found]


def test_what_holds_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    store.append(decided("1", RAIN))
    store.append(decided("1", SNOW))
    store.append(decided("1", RAIN, flags=("repeat",)))
    store.append(decided("2", RAIN))
    store.undo(store.append(decided("2", SNOW)).id, "kl")
    store.append(decided("2", statements=None, flags=("skipped",)))
    store.append(decided("3", statements=None, flags=("flagged",)))
    store.undo(store.append(decided("4", SNOW)).id, "kl")
    assert read(tmp_path) == [("1", "kl", ("snow",)), ("2", "kl", ("rain",))]
    assert [r.annotation for r in store.view() if r.annotation.decided] == list(
        read_annotations([tmp_path], SCHEME)
    )


def test_annotators_who_agree_count_once_and_marked_statements_go_before(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    store.append(decided("1", statements=None, categories=("rain",), annotator="ab"))
    store.append(decided("1", RAIN))
    store.append(decided("1", Marked(0, 10, "rain"), annotator="zz"))
    (found,) = read_annotations([tmp_path], SCHEME)
    assert (found.source, found.statements) == ("kl", (RAIN,))


def test_what_is_settled_holds_and_the_rest_is_left_out_and_said(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    for answer_id in ("1", "2", "3"):
        store.append(decided(answer_id, RAIN))
        store.append(decided(answer_id, SNOW, annotator="ab"))
    store.append(decided("4", RAIN, text=TEXT + "!"))
    store.append(decided("4", RAIN, annotator="ab"))
    store.append(decided("2", RAIN, SNOW, annotator="ab", hour=1, flags=("settled",)))
    store.append(decided("2", hour=2, annotator="zz", flags=("settled",)))
    said: list[str] = []
    found = read_annotations([tmp_path], SCHEME, say=said.append)
    assert [(a.answer_id, categories_of(a)) for a in found] == [("2", {"no_cause"})]
    assert said == [
        "lost: 3 annotated answers left out, decided differently by ab and kl; settle which holds"
    ]
    assert [(d.answer_id, d.annotators) for d in read_decisions([tmp_path], SCHEME).disputed] == [
        ("1", ("ab", "kl")),
        ("3", ("ab", "kl")),
        ("4", ("ab", "kl")),
    ]


def test_rows_made_by_hand_beside_a_log(tmp_path: Path) -> None:
    row = {"answer_id": "1", "round": "2024", "question": "lost", "text": TEXT, "categories": ["rain"]}
    by_hand = [row, {**row, "answer_id": "2"}, {**row, "answer_id": "3"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, by_hand)), encoding="utf-8")
    store = Store(tmp_path, SCHEME)
    store.append(decided("2", RAIN))
    store.append(decided("3", SNOW))
    assert store.view()[0].annotation.source == "kl" and len(store.view()) == 2
    assert read(tmp_path) == [("1", "a", ("rain",)), ("2", "kl", ("rain",))]
    (dispute,) = read_decisions([tmp_path], SCHEME).disputed
    assert (dispute.answer_id, dispute.annotators) == ("3", ("a", "kl"))


def test_a_log_may_go_on_behind_rows_made_by_hand(tmp_path: Path) -> None:
    row = {"answer_id": "1", "round": "2024", "question": "lost", "text": TEXT, "categories": ["rain"]}
    (tmp_path / "kl.jsonl").write_text(json.dumps(row), encoding="utf-8")  # no line break at its end
    recorded = Store(tmp_path, SCHEME).append(decided("2", SNOW))
    assert read(tmp_path) == [("1", "kl", ("rain",)), ("2", "kl", ("snow",))]
    assert Store(tmp_path, SCHEME).view() == (recorded,)


def test_the_same_log_from_two_places_counts_once(tmp_path: Path) -> None:
    one, two = Store(tmp_path / "one", SCHEME), Store(tmp_path / "two", SCHEME)
    one.append(decided("1", RAIN, hour=1))
    two.folder.mkdir()
    (two.folder / "kl.jsonl").write_bytes((one.folder / "kl.jsonl").read_bytes())
    two.append(decided("1", SNOW, hour=2))
    for paths in ([one.folder, two.folder], [two.folder, one.folder]):
        (found,) = read_annotations(paths, SCHEME)
        assert categories_of(found) == {"snow"}


@pytest.mark.parametrize("size", [1, 8, 20, 60, 200, -2])
def test_a_torn_last_line_is_said_and_passed_over(tmp_path: Path, size: int) -> None:
    store = Store(tmp_path, SCHEME)
    store.append(decided("1", RAIN))
    store.append(decided("2", SNOW))
    log = tmp_path / "kl.jsonl"
    first, second = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(first + second[:size])
    said: list[str] = []
    (found,) = read_annotations([tmp_path], SCHEME, say=said.append)
    assert found.answer_id == "1"
    assert said == [f"{log} line 2: torn, passed over; decide that answer again"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"text": TEXT + " "},
            "text is not that of its sha256, expected the line as it was written; restore it",
        ),
        ({"made_at": None}, "made_at is missing, expected the line as it was written; restore it"),
        ({"annotator": ""}, "annotator is missing, expected the line as it was written; restore it"),
        (
            {"statements": None},
            "undecided, expected statements or categories; decide it, or take the row out",
        ),
        (
            {"statements": [{"start": 6, "end": 10, "category": "hail"}]},
            "statement 1 is 'hail', 'lost' has: rain, snow, other, no_cause",
        ),
        ({"undoes": 4}, "undoes is no id of a line, expected one; restore the line"),
    ],
)
def test_a_line_edited_by_hand(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    Store(tmp_path, SCHEME).append(decided("1", RAIN))
    log = tmp_path / "kl.jsonl"
    log.write_text(
        json.dumps({**json.loads(log.read_text(encoding="utf-8")), **change}) + "\n", encoding="utf-8"
    )
    with pytest.raises(AnnotationError) as caught:
        read_annotations([tmp_path], SCHEME)
    assert str(caught.value) == f"{log} line 1: {fault}"
    store = Store(tmp_path, SCHEME)
    assert (store.view(), store.notes) == ((), [f"{log} line 1: {fault}"])


def test_lines_of_an_earlier_version_are_carried_over(tmp_path: Path) -> None:
    old = Store(tmp_path, SCHEME)
    old.append(decided("1", RAIN))
    old.append(decided("2", SNOW))
    new = next_version(SCHEME, {**SNOW_SPLIT, 2: RENAMED})
    store = Store(tmp_path, new)
    (found,) = store.view()
    assert (found.annotation.answer_id, found.annotation.statements) == ("1", (Marked(6, 10, "wet"),))
    assert store.notes == [
        "lost: 1 annotated answer: rain is now wet",
        "lost: 1 annotated answer left out, as snow was split; say of each statement which it is: flakes, sleet",
    ]
    assert [a.answer_id for a in read_annotations([tmp_path], new, carrier=Carrier(new))] == ["1"]
    again = store.append(decided("1", Marked(6, 10, "flakes")))
    assert store.view() == (again,)


def test_a_line_that_the_crosswalk_leaves_out_does_not_bring_the_one_before_back(tmp_path: Path) -> None:
    old = Store(tmp_path, SCHEME)
    old.append(decided("1", RAIN))
    old.append(decided("1", SNOW))
    old.append(decided("2", RAIN))
    new = next_version(SCHEME, SNOW_SPLIT)
    assert [found.annotation.answer_id for found in Store(tmp_path, new).view()] == ["2"]
    assert [found.annotation.answer_id for found in Store(tmp_path, new).history()] == ["1", "2"]
    found = read_annotations([tmp_path], new, carrier=Carrier(new))
    assert [a.answer_id for a in found] == ["2"]


def test_rows_of_an_audit_in_a_log_are_left_out_and_said(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    store.append(decided("1", RAIN, audit="ab12/1"))
    store.append(decided("1", SNOW, hour=1))  # a later look at it in a review
    store.append(decided("2", RAIN, text="Bara regn.", statements=None, categories=("rain",)))
    said: list[str] = []
    found = read_lessons([tmp_path], SCHEME, say=said.append)
    assert [a.answer_id for a in found] == ["2"]
    assert said == ["lost: 1 annotated answer left out, as of an audit"]
    row = {"answer_id": "9", "question": "lost", "text": TEXT, "categories": [], "audit": "ab12/2"}
    (tmp_path / "hand.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(AnnotationError) as caught:
        read_lessons([tmp_path], SCHEME)
    assert str(caught.value) == (
        "hand: answer '9' is of the audit draw 'ab12/2', expected no audited answer to learn from; "
        "take the row out"
    )
