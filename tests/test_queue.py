"""Queues on disk, and rows that are decided again unawares."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from samorsak.annotations import (
    QueueRow,
    Reason,
    Suggestion,
    read_queue,
    set_apart,
    with_repeats,
    write_queue,
)
from samorsak.annotations.queue import APART
from samorsak.errors import AnnotationError


def rows(first: int, last: int, **more: object) -> list[QueueRow]:
    return [QueueRow(answer_id=str(i), question="lost", text="Regn.", **more) for i in range(first, last)]


def key(row: QueueRow) -> str:
    return row.answer_id


def test_a_queue_comes_back_as_it_was_written(tmp_path: Path) -> None:
    row = QueueRow(
        answer_id="17/lost",
        round="2024",
        question="lost",
        text="Regn\u2028 och snö.",
        background={"Region": "Syd"},
        statements=(Suggestion(start=0, end=4, category="rain", probability=0.6, next_category="snow"),),
        reasons=(Reason(name="low margin", strength=0.8, statement=1, says="rain .6, snow .4"),),
        repeat=True,
        expected=0.4,
    )
    write_queue(tmp_path / "q.jsonl", [row, *rows(0, 1)])
    assert read_queue(tmp_path / "q.jsonl") == (row, *rows(0, 1))
    assert "repeat" not in (tmp_path / "q.jsonl").read_text("utf-8").splitlines()[-1]


def test_the_sample_of_an_audit_is_a_queue(tmp_path: Path) -> None:
    line = {"answer_id": "1", "round": "2024", "question": "lost", "text": "Regn.", "audit": "abc/1"}
    (tmp_path / "audit.jsonl").write_text(json.dumps(line) + "\n\n", "utf-8")
    (row,) = read_queue(tmp_path / "audit.jsonl")
    assert (row.audit, row.statements, row.reasons) == ("abc/1", (), ())


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "no JSON object, expected a row of a queue"),
        ("[]", "no JSON object, expected a row of a queue"),
        ('{"answer_id": "1", "question": "q"}', "text is not as expected of a queue; write it again"),
        (
            '{"answer_id": "1", "question": "q", "text": "ab", "statements": '
            '[{"start": 0, "end": 3, "category": "x", "probability": 1}]}',
            "a statement lies outside of the text; write it again",
        ),
        (
            '{"answer_id": "1", "question": "q", "text": "ab", "statements": '
            '[{"start": 0, "end": 1, "category": "x", "probability": 2}]}',
            "statements 0 probability is not as expected of a queue; write it again",
        ),
    ],
)
def test_faults_say_where(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(AnnotationError) as error:
        read_queue(path)
    assert str(error.value) == f"{path} line 2: {fault}"


def test_files_that_are_not_there_or_no_text(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AnnotationError, match="not utf-8"):
        read_queue(tmp_path / "q.jsonl")
    with pytest.raises(AnnotationError, match="no such file"):
        read_queue(tmp_path / "none.jsonl")
    with pytest.raises(AnnotationError, match="cannot be written"):
        write_queue(tmp_path / "no" / "q.jsonl", [])


@pytest.mark.parametrize("seed", range(20))
def test_repeats_stand_far_from_the_first_reading(seed: int) -> None:
    decided, queue = rows(0, 30), rows(30, 130)
    found = with_repeats(queue, decided, seed=seed)
    assert [row for row in found if not row.repeat] == queue
    repeats = [(place, row) for place, row in enumerate(found) if row.repeat]
    assert len(repeats) == 5 == len({key(row) for _, row in repeats})
    for place, row in repeats:
        assert row.model_copy(update={"repeat": False}) in decided
        between = len(decided) - 1 - int(row.answer_id) + place
        assert between >= APART
    assert found == with_repeats(queue, decided, seed=seed)


def test_another_seed_repeats_others() -> None:
    mixed = [with_repeats(rows(30, 130), rows(0, 30), seed=seed) for seed in range(5)]
    found = {tuple(key(row) for row in one if row.repeat) for one in mixed}
    assert len(found) == 5


def test_what_is_never_repeated() -> None:
    audit = rows(0, 40, audit="abc/1")
    assert with_repeats(audit, rows(50, 90)) == tuple(audit)
    assert with_repeats(rows(0, 40), rows(50, 90, audit="abc/1")) == tuple(rows(0, 40))
    assert with_repeats(rows(0, 40), rows(0, 40)) == tuple(rows(0, 40))  # to be decided anew anyway
    again = [*rows(50, 90), *rows(50, 90, repeat=True)]
    assert with_repeats(rows(0, 40), again) == tuple(rows(0, 40))
    assert with_repeats(rows(0, 10), rows(50, 55), share=1) == tuple(rows(0, 10))  # all too near
    assert with_repeats([], rows(0, 40)) == ()


def test_fewer_where_fewer_were_decided() -> None:
    assert sum(row.repeat for row in with_repeats(rows(0, 100), rows(200, 202))) == 2


@settings(max_examples=1000)
@example([Suggestion(start=9, end=end, category="rain", probability=0) for end in (11, 12)])
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 12), st.floats(0, 1)).map(
            lambda t: Suggestion(start=t[0], end=min(30, t[0] + t[1]), category="rain", probability=t[2])
        ),
        max_size=6,
    ).map(lambda found: [s for s in found if s.start < s.end])
)
def test_suggestions_set_apart_share_no_word_and_stay_inside(found: list[Suggestion]) -> None:
    text = "Det regnade, och sen snö i nord"
    apart = [s for s in set_apart(found, text) if s]
    assert len(apart) >= bool(any(text[s.start : s.end].strip(" ,") for s in found))
    places = sorted((s.start, s.end) for s in apart)
    assert all(start < end for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    for before, after in zip(found, set_apart(found, text), strict=True):
        assert after is None or (before.start <= after.start and after.end <= before.end)
