"""The store of decisions: what is written, what holds, and what happens when two write or one is killed."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from writers import SCHEME as WRITTEN
from writers import kill_often

from samorsak.annotations import Annotation, Marked, Store
from samorsak.annotations.log import locked, rewrite_lines
from samorsak.errors import AnnotationError
from samorsak.scheme import Scheme
from samorsak.text import sha256

SCHEME = Scheme.model_validate(
    {
        "residual": {"other": {}},
        "questions": {"lost": {"categories": {"rain": {}, "snow": {}}}, "won": {"categories": {"sun": {}}}},
    }
)
TEXT = "Först regn, sedan snö."
RAIN, SNOW = Marked(6, 10, "rain"), Marked(18, 21, "snow")


def decided(answer_id: str = "1", *marks: Marked, annotator: str = "kl", **more: Any) -> Annotation:
    known = {"round": "2024", "question": "lost", "text": TEXT, "statements": marks, "categories": None}
    return Annotation(answer_id, source="", annotator=annotator, **(known | more))


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_decision_is_a_line_that_reads_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "logs" / "af", SCHEME)
    assert store.view() == ()
    assert not store.folder.exists()
    recorded = store.append(decided("1", SNOW, RAIN, note="kort", audit="ab/1", flags=("flagged",)))
    (row,) = lines_of(store.folder / "kl.jsonl")
    made_at = recorded.annotation.made_at
    assert made_at is not None and row.pop("made_at") == made_at.isoformat().replace("+00:00", "Z")
    assert abs((datetime.now(UTC) - made_at).total_seconds()) < 60
    assert row == {
        "id": recorded.id,
        "answer_id": "1",
        "round": "2024",
        "question": "lost",
        "text": TEXT,
        "sha256": sha256(TEXT),
        "statements": [
            {"start": 6, "end": 10, "category": "rain"},
            {"start": 18, "end": 21, "category": "snow"},
        ],
        "annotator": "kl",
        "origin": "blind",
        "scheme": SCHEME.fingerprint(),
        "flags": ["flagged"],
        "note": "kort",
        "audit": "ab/1",
    }
    assert (recorded.annotation.source, recorded.annotation.scheme) == ("kl", SCHEME.fingerprint())
    assert store.view() == store.history() == Store(store.folder, SCHEME).view() == (recorded,)
    assert store.notes == []


@pytest.mark.parametrize(
    "decision",
    [
        {"statements": ()},
        {"statements": None, "categories": ()},
        {"statements": None, "categories": ("rain", "other")},
        {"statements": (Marked(0, 5, "no_cause"),)},
        {"statements": None, "flags": ("skipped",)},
        {"statements": None, "flags": ("flagged",)},
        {"round": "", "origin": "suggested"},
        {"text": 'Rad ett\nrad två 😀 "citat" \\ \x1f', "made_at": datetime(2024, 5, 1, tzinfo=UTC)},
    ],
)
def test_whatever_is_decided_reads_back(tmp_path: Path, decision: dict[str, Any]) -> None:
    store = Store(tmp_path, SCHEME)
    recorded = store.append(decided("1", **decision))
    own = recorded.annotation
    expected = decided("1", **decision)
    assert own == replace(expected, source="kl", scheme=own.scheme, made_at=expected.made_at or own.made_at)
    assert store.view() == (recorded,)


def test_line_breaks_are_unified_with_the_offsets(tmp_path: Path) -> None:
    found = Store(tmp_path, SCHEME).append(decided("1", Marked(3, 7, "rain"), text="\r\n regn")).annotation
    assert (found.text, found.statements) == ("\n regn", (Marked(2, 6, "rain"),))


def test_the_last_decision_holds_and_undo_brings_the_one_before_back(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    first = store.append(decided("1", RAIN))
    second = store.append(decided("1", SNOW))
    other = store.append(decided("1", RAIN, annotator="ab"))
    assert store.view() == (second, other)
    assert store.history() == (first, second, other)
    store.undo(second.id, "kl")
    assert store.view() == store.history() == (first, other)
    store.undo(first.id, "kl")
    store.undo(first.id, "kl")
    assert store.view() == store.history() == (other,)
    undo = lines_of(tmp_path / "kl.jsonl")[2]
    assert {*undo} == {"id", "undoes", "answer_id", "round", "question", "annotator", "made_at"}
    assert (undo["undoes"], undo["answer_id"]) == (second.id, "1")
    assert len(lines_of(tmp_path / "kl.jsonl")) == 4


def test_answers_rounds_and_questions_are_apart(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    rows = (
        decided("1", RAIN),
        decided("2", RAIN),
        decided("1", RAIN, round="2023"),
        decided("1", question="won"),
    )
    assert store.view() == () and [store.append(row) for row in rows] == list(store.view())


def test_a_repeat_is_in_the_history_only(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    first = store.append(decided("1", RAIN))
    repeat = store.append(decided("1", SNOW, flags=("repeat",)))
    assert store.view() == (first,)
    assert store.history() == (first, repeat)


def test_passing_over_an_answer_takes_no_decision_away(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    skipped = store.append(decided("1", statements=None, flags=("skipped",)))
    assert store.view() == (skipped,)
    first = store.append(decided("1", RAIN))
    store.append(decided("1", statements=None, flags=("skipped",)))
    assert store.view() == (first,)


def test_two_windows_see_each_other(tmp_path: Path) -> None:
    one, two = Store(tmp_path, SCHEME), Store(tmp_path, SCHEME)
    first = one.append(decided("1", RAIN))
    assert two.view() == (first,)
    second = two.append(decided("2", SNOW))
    third = one.append(decided("3", SNOW, annotator="ab"))
    assert one.view() == two.view() == (first, second, third)
    two.undo(first.id, "kl")
    assert one.view() == (second, third)


def test_only_what_was_added_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path, SCHEME)
    store.append(decided("1", RAIN))
    store.view()
    second = store.append(decided("2", RAIN))
    seen: list[bytes] = []
    opening = store._opening

    def counted(line: bytes, source: str) -> Any:
        seen.append(line)
        return opening(line, source)

    monkeypatch.setattr(store, "_opening", counted)
    monkeypatch.setattr(counted, "carrier", opening.carrier, raising=False)
    store.view()
    assert [json.loads(line)["id"] for line in seen] == [second.id]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"statements": (Marked(6, 99, "rain"),)},
            "answer '1' of kl: statement 1 is 6-99, expected it inside the 22 characters of the text; "
            "mark it again",
        ),
        (
            {"statements": (Marked(6, 10, "sun"),)},
            "answer '1' of kl: statement 1 is 'sun', 'lost' has: rain, snow, other, no_cause",
        ),
        (
            {"statements": None},
            "answer '1' of kl: undecided, expected statements or categories; decide it, or take the row out",
        ),
        (
            {"statements": None, "flags": ("repeat",)},
            "answer '1' of kl: undecided, expected statements or categories; decide it, or take the row out",
        ),
        ({"note": "\ud83d"}, "answer '1' of kl: half a character in an id or the note, expected text"),
        ({"question": "why"}, "answer '1' of kl: question is 'why', expected one of: lost, won"),
        (
            {"made_at": datetime(2024, 5, 1)},
            "answer '1' of kl: made_at is 2024-05-01 00:00:00, expected a time with its zone such as "
            "2025-01-31T12:00:00Z",
        ),
        (
            {"text": "x" * 1_000_000},
            "answer '1' of kl: 1,000,320 bytes, expected at most 1,000,000; shorten it",
        ),
    ],
)
def test_what_does_not_fit_is_not_written(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        Store(tmp_path / "logs", SCHEME).append(decided("1", **change))
    assert str(caught.value).split(" bytes")[-1] == fault.split(" bytes")[-1]
    assert not (tmp_path / "logs").exists()


@pytest.mark.parametrize("name", ["", "a b", "../a", "a.b", "a/b", "a\\b", "NUL", "com1", "x" * 61, "a\n"])
def test_an_annotator_names_a_file(tmp_path: Path, name: str) -> None:
    shown = repr(name) if len(name) < 61 else "61 characters"
    message = f"annotator is {shown}, expected letters, digits, - and _; it names the file of the log"
    for act in (lambda s: s.append(decided("1", annotator=name)), lambda s: s.undo("0" * 32, name)):
        with pytest.raises(AnnotationError) as caught:
            act(Store(tmp_path, SCHEME))
        assert str(caught.value) == message
    assert [*tmp_path.iterdir()] == []


def test_an_annotator_may_have_swedish_letters(tmp_path: Path) -> None:
    recorded = Store(tmp_path, SCHEME).append(decided("1", annotator="A\u030asa_2"))
    assert recorded.annotation.annotator == "Åsa_2"
    assert (tmp_path / "Åsa_2.jsonl").is_file()


def test_only_ones_own_decision_is_undone(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    own = store.append(decided("1", RAIN))
    for id_, name in ((own.id, "ab"), ("0" * 32, "kl")):
        with pytest.raises(AnnotationError) as caught:
            store.undo(id_, name)
        assert str(caught.value) == (
            f"{tmp_path / name}.jsonl: no decision '{id_}' in it, expected one to undo; "
            "take its id from the view"
        )
    assert store.view() == (own,)


def test_killed_writers_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    acknowledged, _ = kill_often(tmp_path, 10, seed=1)
    store = Store(tmp_path, WRITTEN)
    there = [recorded.annotation.answer_id for recorded in store.view()]
    assert len(acknowledged) >= 12
    assert set(acknowledged) - set(there) == set()
    assert len(there) == len(set(there)) == len((tmp_path / "kl.jsonl").read_bytes().splitlines())
    assert len(there) - len(acknowledged) <= 12  # written, and killed before it was told
    assert [note for note in store.notes if "set aside" not in note] == []


@pytest.mark.parametrize("size", [1, 8, 60, 230, 255, 256, -2])
def test_a_torn_last_line_is_set_aside_and_said(tmp_path: Path, size: int) -> None:
    store = Store(tmp_path, SCHEME)
    first = store.append(decided("1", RAIN))
    store.append(decided("2", SNOW, note="å" * 40))
    log = tmp_path / "kl.jsonl"
    whole, second = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(whole + second[:size])
    n = len(second[:size])
    said = [f"{log} line 2: torn, {n} bytes set aside in kl.jsonl.torn; decide that answer again"]
    reader = Store(tmp_path, SCHEME)
    assert (reader.view(), reader.notes) == ((first,), said)
    assert log.read_bytes() == whole
    assert (tmp_path / "kl.jsonl.torn").read_bytes() == second[:size] + b"\n"
    log.write_bytes(whole + second[:size])
    writer = Store(tmp_path, SCHEME)
    third = writer.append(decided("3", RAIN))
    assert (writer.view(), writer.notes) == ((first, third), said)
    assert reader.view() == (first, third)


def test_a_whole_line_without_its_break_counts(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    first = store.append(decided("1", RAIN))
    log = tmp_path / "kl.jsonl"
    log.write_bytes(log.read_bytes()[:-1])
    assert Store(tmp_path, SCHEME).view() == (first,)
    assert log.read_bytes().endswith(b"}\n")
    assert not (tmp_path / "kl.jsonl.torn").exists()


def test_a_log_written_anew_is_read_anew(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    rows = [store.append(decided(str(n), RAIN)) for n in range(30)]
    assert store.view() == tuple(rows)
    log = tmp_path / "kl.jsonl"
    assert rewrite_lines(log, lambda line: json.loads(line)["answer_id"] != "3") == 1
    assert store.view() == (*rows[:3], *rows[4:])
    last = store.append(decided("99", RAIN))
    assert rewrite_lines(log, lambda line: json.loads(line)["answer_id"] not in ("7", "99")) == 2
    again = store.append(last.annotation)
    assert store.view() == (*rows[:3], *rows[4:7], *rows[8:], again)
    log.unlink()
    assert store.view() == ()
    assert store.notes == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"{", "no JSON object, expected one per line; restore the line"),
        (b"[1]", "no JSON object, expected one per line; restore the line"),
        (b'{"text": "\xe5"}', "no JSON object, expected one per line; restore the line"),
        (b"\0\0\0", "no JSON object, expected one per line; restore the line"),
        (b"[" * 100_000, "no JSON object, expected one per line; restore the line"),
        (
            b'"' + b"x" * 1_000_000 + b'"',
            "1,000,002 bytes, expected at most 1,000,000; no answer is that long",
        ),
    ],
)
def test_lines_that_are_none_are_said_and_passed_over(tmp_path: Path, line: bytes, fault: str) -> None:
    first = Store(tmp_path, SCHEME).append(decided("1", RAIN))
    log = tmp_path / "kl.jsonl"
    log.write_bytes(line + b"\n\n" + log.read_bytes())
    store = Store(tmp_path, SCHEME)
    assert (store.view(), store.notes) == ((first,), [f"{log} line 1: {fault}"])


def test_a_write_that_fails_leaves_the_log_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path, SCHEME)
    first = store.append(decided("1", RAIN))

    def refused(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("samorsak.annotations.log.os.fsync", refused)
        with pytest.raises(AnnotationError) as caught:
            store.append(decided("2", SNOW))
    assert str(caught.value) == (
        f"{tmp_path / 'kl.jsonl'}: cannot be written (No space left on device); close it in other programs, "
        "or make room for it"
    )
    assert store.view() == Store(tmp_path, SCHEME).view() == (first,)


def test_a_log_that_another_program_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samorsak.annotations.log.WAIT", 0.05)
    store = Store(tmp_path, SCHEME)
    with locked(tmp_path / "kl.jsonl"), pytest.raises(AnnotationError) as caught:
        store.append(decided("1", RAIN))
    assert str(caught.value) == (
        f"{tmp_path / 'kl.jsonl'}: another program has written to it for 0 seconds; close that, then try again"
    )
    store.append(decided("1", RAIN))
