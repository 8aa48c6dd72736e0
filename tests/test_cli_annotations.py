"""`samorsak annotations check`, `merge` and `forget`."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import CODED, SCHEME
from typer.testing import Result

from samorsak.annotations import Annotation, Marked, Store
from samorsak.annotations.merging import merge_logs
from samorsak.encode.cache import FILE, VectorCache, cache_file
from samorsak.errors import AnnotationError, InputError
from samorsak.pipeline.forgetting import forget_answer
from samorsak.report.files import ANSWERS, write_coded
from samorsak.scheme import scheme_text

TEXT = "Först regn, sedan snö. Ring 070-174 06 05."
RAIN, SNOW = Marked(6, 10, "rain"), Marked(18, 21, "snow")
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)


def decided(answer_id: str, *marks: Marked, annotator: str = "kl", hour: int = 0, **more: Any) -> Annotation:
    known = {"round": "2024", "question": "lost", "text": TEXT, "statements": marks, "categories": None}
    at = BEGIN + timedelta(hours=hour)
    return Annotation(answer_id, source="", annotator=annotator, made_at=at, **(known | more))


@pytest.fixture
def scheme_file(tmp_path: Path) -> Path:
    path = tmp_path / "scheme.yaml"
    path.write_text(scheme_text(SCHEME), encoding="utf-8")
    return path


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_check_counts(samorsak: Callable[..., Result], tmp_path: Path, scheme_file: Path) -> None:
    store = Store(tmp_path / "logs", SCHEME)
    store.append(decided("1", RAIN))
    store.append(decided("2", RAIN, flags=("flagged",)))
    store.append(decided("2", RAIN, flags=("repeat",)))
    store.append(decided("3", statements=None, flags=("skipped",)))
    store.undo(store.append(decided("4", RAIN)).id, "kl")
    store.append(decided("1", SNOW, annotator="ab"))
    row = {"answer_id": "9", "question": "won", "text": "Sol.", "categories": ["sun"]}
    (store.folder / "hand.jsonl").write_text(json.dumps(row), encoding="utf-8")
    shown = samorsak("annotations", "check", str(store.folder), "--scheme", str(scheme_file))
    assert shown.stdout.splitlines() == [
        "ab, lost: 1 decision",
        "hand, won: 1 decision",
        "kl, lost: 2 decisions, 1 flagged, 1 repeat, 1 skipped, 1 undone",
        "differently decided, not settled: lost of round 2024, answer '1': ab, kl",
        "0 faults",
    ]
    assert shown.exit_code == 0


def test_check_names_every_fault_and_shows_no_text(
    samorsak: Callable[..., Result], tmp_path: Path, scheme_file: Path
) -> None:
    store = Store(tmp_path / "logs", SCHEME)
    for number in range(8):
        store.append(decided(str(number), RAIN))
    log = store.folder / "kl.jsonl"
    rows = lines_of(log)
    rows[0]["text"] += "!"
    rows[1]["statements"][0]["category"] = "hail"
    rows[2]["annotator"] = "ab"
    rows[3]["id"] = rows[4]["id"]
    rows[6]["scheme"] = "0123456789abcdef"
    lines = [json.dumps(row, ensure_ascii=False).encode() for row in rows]
    lines[5] = lines[5].replace("ö".encode(), b"\xf6")
    undo = {"id": "0" * 32, "undoes": "1" * 32, "answer_id": "1", "annotator": "kl"}
    lines += [b"x" * 1_000_001, b"{", json.dumps(undo).encode(), lines[7][:100]]
    log.write_bytes(b"\n".join(lines))
    shown = samorsak("annotations", "check", str(log), "--scheme", str(scheme_file))
    restore = "expected the line as it was written; restore it"
    assert shown.stdout.splitlines() == [
        "kl, lost: 3 decisions",
        "under another version of the scheme, 0123456789abcdef: 1",
        f"{log} line 1: text is not that of its sha256, {restore}",
        f"{log} line 2: statement 1 is 'hail', 'lost' has: rain, snow, wind, other, no_cause",
        f"{log} line 3: of another annotator than the file, expected it in that one's log",
        f"{log} line 5: its id stands with another decision already, expected one of its own",
        f"{log} line 6: not utf-8, {restore}",
        f"{log} line 9: 1,000,001 bytes, expected at most 1,000,000; no answer is that long",
        f"{log} line 10: no JSON object with distinct names, expected one per line",
        f"{log} line 12: torn, expected a whole line; decide that answer again",
        f"{log} line 11: undoes a line that is not there, expected it in one of the logs; merge them",
        "9 faults",
    ]
    assert shown.exit_code == 1
    assert "snö" not in shown.output


def test_merging_two_laptops_loses_and_doubles_nothing(
    samorsak: Callable[..., Result], tmp_path: Path
) -> None:
    one = Store(tmp_path / "one", SCHEME)
    first = one.append(decided("1", RAIN, hour=0))
    two = Store(tmp_path / "two", SCHEME)
    shutil.copytree(one.folder, two.folder)
    by_two = two.append(decided("1", SNOW, hour=1))
    by_one = one.append(decided("1", RAIN, SNOW, hour=2))
    two.undo(by_two.id, "kl")
    other = two.append(decided("2", RAIN, hour=1))
    early = one.append(decided("3", RAIN, annotator="ab", hour=-1))
    out = tmp_path / "out"
    shown = samorsak("annotations", "merge", str(one.folder), str(two.folder), "--out", str(out))
    assert shown.stdout.splitlines() == [
        f"{out / 'ab.jsonl'}: 1 new line",
        f"{out / 'kl.jsonl'}: 5 new lines",
    ]
    merged = Store(out, SCHEME)
    assert {found.id for found in merged.view()} == {early.id, other.id, by_one.id}
    assert [found.id for found in merged.history()] == [early.id, first.id, other.id, by_one.id]
    before = (out / "kl.jsonl").read_bytes()
    assert merge_logs([two.folder, one.folder], out) == {"ab.jsonl": 0, "kl.jsonl": 0}
    assert (out / "kl.jsonl").read_bytes() == before
    again = merge_logs([out, two.folder], one.folder)
    assert again == {"ab.jsonl": 0, "kl.jsonl": 3}
    assert Store(one.folder, SCHEME).view() == merged.view()


def test_merging_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    one, two = Store(tmp_path / "one", SCHEME), Store(tmp_path / "two", SCHEME)
    one.append(decided("1", RAIN))
    shutil.copytree(one.folder, two.folder)
    log = two.folder / "kl.jsonl"
    changed = {**lines_of(log)[0], "note": "ändrad"}
    log.write_text(json.dumps(changed) + "\n{\n", encoding="utf-8")
    with pytest.raises(AnnotationError) as caught:
        merge_logs([one.folder, two.folder], tmp_path / "out")
    assert str(caught.value).splitlines() == [
        "2 faults in the logs:",
        f"  {log} line 1: its id stands with another decision elsewhere; restore the line",
        f"  {log} line 2: no JSON object, expected one per line; restore the line",
    ]
    assert not (tmp_path / "out").exists()


def test_merging_leaves_a_torn_line_behind(tmp_path: Path) -> None:
    store = Store(tmp_path / "one", SCHEME)
    first = store.append(decided("1", RAIN))
    log = store.folder / "kl.jsonl"
    log.write_bytes(log.read_bytes() + b'{"id": "ab')
    assert merge_logs([log], tmp_path / "out") == {"kl.jsonl": 1}
    assert Store(tmp_path / "out", SCHEME).view() == (first,)


def test_forgetting_a_respondent_everywhere(
    samorsak: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMORSAK_CACHE", str(tmp_path / "cache"))
    store = Store(tmp_path / "logs", SCHEME)
    own = [store.append(decided(answer_id, RAIN)) for answer_id in ("1/lost", "1/won", "1")]
    store.undo(own[0].id, "kl")
    kept = [
        store.append(decided(answer_id, SNOW, text="Bara snö.", statements=()))
        for answer_id in ("11/lost", "2")
    ]
    store.append(decided("1/lost", RAIN, annotator="ab"))
    log = store.folder / "kl.jsonl"
    (store.folder / "kl.jsonl.torn").write_bytes(
        b'{"id": "' + b"a" * 32 + b'", "answer_id": "1/lost", "text": "F\n'
        b'{"id": "' + b"a" * 32 + b'", "answer_id": "2", "text": "B\n'
        b'{"id": "' + b"a" * 32 + b'", "answer\n'
    )
    log.write_bytes(log.read_bytes() + b'{"id": "' + b"b" * 32 + b'", "answer_id": "1/')
    run = tmp_path / "run"
    run.mkdir()
    write_coded(run / ANSWERS, CODED)
    (run / "run.json").write_text("{}", encoding="utf-8")
    (run / "coded.xlsx").write_bytes(b"PK")
    (run / "partial").mkdir()
    (run / "partial" / "000000.json").write_text("[]", encoding="utf-8")
    queue = [
        {"answer_id": a, "round": "2024", "question": "lost", "text": TEXT} for a in ("1/lost", "2/lost")
    ]
    for name in ("audit.jsonl", "queue.jsonl"):
        (run / name).write_text("".join(json.dumps(row) + "\n" for row in queue), encoding="utf-8")
    cache = VectorCache(tmp_path / "cache" / FILE, ["tiny"])
    vector = np.ones(2, np.float32)
    cache.keep(
        dict.fromkeys([TEXT, "regn, sedan snö", "Ring [telefon]", "Regn, snö.", "något annat"], vector)
    )

    shown = samorsak("annotations", "forget", "1", "--annotations", str(store.folder), "--run", str(run))

    way_out = "make it again from a round without this respondent, or delete it"
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        "removed: 5 annotations, 3 torn pieces, 2 rows of audits and queues, 1 interrupted runs, 4 vectors",
        "2 files are left for you:",
        f"  {run / ANSWERS}: holds 2 of its rows; {way_out}",
        f"  {run / 'coded.xlsx'}: may hold the answer, not searched; {way_out}",
    ]
    assert store.view() == store.history() == Store(store.folder, SCHEME).view() == tuple(kept)
    left = [file for file in [*store.folder.iterdir(), *run.rglob("*.json*")] if file.is_file()]
    assert not any(b'"1/' in file.read_bytes() or b'"1"' in file.read_bytes() for file in left)
    assert [row["answer_id"] for row in lines_of(run / "audit.jsonl")] == ["2/lost"]
    assert not (run / "partial").exists()
    assert [*cache.find(["något annat", TEXT])] == ["något annat"]
    assert cache_file() == tmp_path / "cache" / FILE


def test_forgetting_in_one_round_only(tmp_path: Path) -> None:
    store = Store(tmp_path, SCHEME)
    store.append(decided("1", RAIN))
    other = store.append(decided("1", RAIN, round="2023"))
    assert forget_answer("1", annotations=[tmp_path], round_="2024").lines == 1
    assert store.view() == (other,)


def test_forgetting_says_what_it_could_not_look_into(tmp_path: Path) -> None:
    Store(tmp_path, SCHEME).append(decided("1", RAIN))
    log = tmp_path / "kl.jsonl"
    log.write_bytes(b"{\n" + log.read_bytes())
    found = forget_answer("1", annotations=[tmp_path])
    assert found.lines == 1
    assert found.left == (f"{log} line 1: cannot be read, so not searched; restore it, then forget again",)
    assert log.read_bytes() == b"{\n"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"answer_id": " "}, "answer_id is blank, expected the id of a respondent or an answer"),
        ({"runs": ["none"]}, "none: no such folder, expected that of a run; check the spelling"),
    ],
)
def test_forgetting_what_is_not_there(asked: dict[str, Any], message: str) -> None:
    runs = [Path(run) for run in asked.pop("runs", [])]
    with pytest.raises(InputError) as caught:
        forget_answer(**({"answer_id": "1"} | asked), runs=runs)
    assert str(caught.value) == message
