"""Agreement of annotators: from logs and files to a table, a queue and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import SCHEME
from typer.testing import Result

from samorsak.annotations import Annotation, Marked, Store, read_queue
from samorsak.errors import AnnotationError
from samorsak.pipeline.agreeing import disputed_rows, measure_agreement
from samorsak.pipeline.agreement_text import show_agreement

Run = Callable[..., Result]
TEXT = "Regn och snö och vind."
RAIN, SNOW, WIND = Marked(0, 4, "rain"), Marked(9, 12, "snow"), Marked(17, 21, "wind")


def decision(answer_id: str, who: str, *marks: Marked, minute: int = 0, **more: object) -> Annotation:
    made_at = datetime(2025, 1, 1, 12, minute, tzinfo=UTC)
    more = {"origin": "blind", "flags": (), "text": TEXT, **more}
    text = more.pop("text")
    return Annotation(answer_id, "2024", "lost", text, marks, None, "", who, made_at, **more)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "log", SCHEME)


def test_two_annotators_by_their_logs(store: Store) -> None:
    for i, (kl, mn) in enumerate([((RAIN,), (RAIN,)), ((RAIN, SNOW), (RAIN,)), ((SNOW,), (SNOW,)), ((), ())]):
        store.append(decision(str(i), "kl", *kl))
        store.append(decision(str(i), "mn", *mn))
    store.append(decision("alone", "kl", WIND))
    found, *rest = measure_agreement([store.folder], SCHEME, draws=50)
    assert not rest
    assert (found.question, found.annotators, found.answers, found.other_texts) == (
        "lost",
        ("kl", "mn"),
        4,
        0,
    )
    (all_,) = found.measured
    # by hand: 8 decisions, rain 3, rain and snow 1, snow 2, none 2; 1 of 4 answers apart
    assert all_.nominal.found.estimate == pytest.approx(1 - 2 * 7 / (64 - 9 - 1 - 4 - 4))
    assert all_.sets.found.estimate > all_.nominal.found.estimate
    assert all_.stretches.exact.estimate == pytest.approx(6 / 7)
    kappa = {c.category: c.kappa for c in found.categories}
    assert kappa == {"no_cause": 1.0, "rain": 1.0, "snow": pytest.approx(0.5)}
    assert [[a.answer_id for a in row] for row in found.disputed] == [["1", "1"]]


def test_the_last_decision_of_each_counts_and_a_settled_one_for_nobody(store: Store) -> None:
    store.append(decision("1", "kl", RAIN))
    store.append(decision("1", "mn", SNOW))
    store.append(decision("2", "kl", RAIN))
    undone = store.append(decision("2", "mn", SNOW, minute=1))
    store.undo(undone.id, "mn")
    store.append(decision("2", "mn", RAIN, minute=2))
    (found,) = measure_agreement([store.folder], SCHEME, draws=10)
    assert (found.answers, len(found.disputed), found.settled) == (2, 1, 0)
    store.append(decision("1", "kl", SNOW, minute=3, flags=("settled",)))
    (found,) = measure_agreement([store.folder], SCHEME, draws=10)
    assert (found.answers, len(found.disputed), found.settled) == (2, 0, 1)
    assert disputed_rows([found]) == ()


def test_blind_and_suggested_are_told_apart(store: Store) -> None:
    for i in range(4):
        store.append(
            decision(str(i), "kl", RAIN if i % 2 else SNOW, origin="suggested" if i < 2 else "blind")
        )
        store.append(
            decision(str(i), "mn", RAIN if i in (1, 2) else SNOW, origin="suggested" if i < 2 else "blind")
        )
    (found,) = measure_agreement([store.folder], SCHEME, draws=10)
    by_kind = {m.of: m.nominal.found.estimate for m in found.measured}
    assert [*by_kind] == ["all", "blind", "suggested"]
    assert by_kind["suggested"] == 1 > by_kind["all"] > by_kind["blind"]
    assert "agreement over suggested decisions is too high. Take that of blind ones." in show_agreement(
        [found]
    )


def test_silent_repeats_measure_the_annotator_against_herself(store: Store) -> None:
    for i in range(4):
        store.append(decision(str(i), "kl", RAIN if i % 2 else SNOW))
        store.append(decision(str(i), "kl", RAIN if i else SNOW, minute=9, flags=("repeat",)))
    store.append(decision("never", "kl", RAIN, minute=9, flags=("repeat",)))  # its first reading was undone
    (found,) = measure_agreement([store.folder], SCHEME, draws=10)
    (own,) = found.repeats
    assert (own.of, own.nominal.answers, found.answers, found.measured[0].nominal.found) == (
        "kl again",
        4,
        0,
        None,
    )
    # by hand: 8 decisions, 5 rain, 3 snow, one of four apart
    assert own.nominal.found.estimate == pytest.approx(1 - 2 * 7 / 30)
    shown = show_agreement([found])
    assert "kl again (4 answers)" in shown
    assert "no answer was decided by two, so there is no agreement to measure" in shown


def test_three_annotators_with_gaps_are_measured_in_pairs_too(store: Store) -> None:
    decided = {"kl": "RSR-", "mn": "RSS-", "op": "-SSW"}
    marks = {"R": RAIN, "S": SNOW, "W": WIND}
    for who, codes in decided.items():
        for i, code in enumerate(codes):
            if code != "-":
                store.append(decision(str(i), who, marks[code]))
    (found,) = measure_agreement([store.folder], SCHEME, draws=10)
    assert found.answers == 3
    assert [m.of for m in found.measured] == ["all", "kl, mn", "kl, op", "mn, op"]
    assert [m.nominal.answers for m in found.measured] == [3, 3, 2, 2]
    assert found.measured[3].nominal.undefined == (
        "everyone decided the same of every answer, so chance would give the same"
    )


def test_files_made_by_hand_are_of_one_annotator_each(tmp_path: Path) -> None:
    for who, categories in (("a", ["rain"]), ("b", ["snow"])):
        row = {"answer_id": "1", "question": "lost", "text": TEXT, "categories": categories}
        (tmp_path / f"{who}.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    (found,) = measure_agreement([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], SCHEME, draws=10)
    assert (found.annotators, found.answers) == (("a", "b"), 1)
    assert found.measured[0].stretches.undefined == "no answer was marked by two"
    assert measure_agreement([tmp_path], SCHEME, draws=10) == (found,)


def test_decisions_on_different_texts_are_left_out(store: Store) -> None:
    store.append(decision("1", "kl", RAIN))
    store.append(decision("1", "mn", RAIN, text="Regn."))
    (found,) = measure_agreement([store.folder], SCHEME, draws=10)
    assert (found.answers, found.other_texts) == (0, 1)
    assert "1 answers left out: decided on different texts" in show_agreement([found])


@pytest.mark.parametrize(("name", "fault"), [("no", "no such file or folder"), ("empty", "no .jsonl files")])
def test_paths_that_hold_nothing(tmp_path: Path, name: str, fault: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(AnnotationError, match=fault):
        measure_agreement([tmp_path / name], SCHEME)


def test_the_disagreements_as_a_queue(store: Store) -> None:
    store.append(decision("1", "kl", RAIN, SNOW))
    store.append(decision("1", "mn", RAIN, WIND))
    store.append(decision("2", "kl", RAIN))
    store.append(decision("2", "mn"))
    queue = disputed_rows(measure_agreement([store.folder], SCHEME, draws=10))
    assert [row.answer_id for row in queue] == ["2", "1"]  # the farthest apart first
    far, near = queue
    assert [(s.start, s.end, s.category) for s in near.statements] == [(0, 4, "rain")]
    assert [reason.says for reason in near.reasons] == ["kl: rain 0-4, snow 9-12", "mn: rain 0-4, wind 17-21"]
    assert {reason.name for reason in near.reasons} == {"disagreement"}
    assert near.reasons[0].strength == pytest.approx(8 / 9)
    assert (far.statements, [reason.says for reason in far.reasons]) == ((), ["kl: rain 0-4", "mn: no_cause"])


def test_the_command(samorsak: Run, tmp_path: Path) -> None:
    from samorsak.scheme import read_scheme

    scheme = read_scheme("af")
    store = Store(tmp_path / "log", scheme)
    question = next(iter(scheme.questions))
    one, other = scheme.outcomes(question)[:2]
    for i in range(6):
        for who, category in (("kl", one), ("mn", other if i == 3 else one)):
            mark = Marked(0, 4, category)
            store.append(Annotation(str(i), "2024", question, TEXT, (mark,), None, "", who, origin="blind"))
    result = samorsak("annotations", "agreement", "log", "--queue", "settle.jsonl", "--csv", "table.csv")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == f"{question}: kl, mn; 6 answers decided by two or more"
    assert "Fewer than 30 answers: read the intervals, not the figures." in lines
    assert lines[-2:] == ["1 answers to be settled: settle.jsonl", "written: table.csv"]
    assert [row.answer_id for row in read_queue(Path("settle.jsonl"))] == ["3"]
    table = Path("table.csv").read_text("utf-8").splitlines()
    assert table[0] == "round,question,answer_id,category,given_by,not_given_by"
    assert sorted(table[1:]) == sorted([f"2024,{question},3,{one},kl,mn", f"2024,{question},3,{other},mn,kl"])
    assert TEXT not in result.stdout
    assert samorsak("annotations", "agreement", "nowhere").exit_code == 1


def test_rows_made_by_hand_between_the_lines_of_a_log(store: Store) -> None:
    store.append(decision("1", "kl", RAIN))
    store.append(decision("1", "mn", RAIN))
    store.append(decision("2", "mn", RAIN))
    row = {
        "answer_id": "2",
        "round": 2024,
        "question": "lost",
        "text": TEXT,
        "annotator": "kl",
        "categories": ["rain"],
    }
    with (store.folder / "kl.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(row) + "\n")
    (found,) = measure_agreement([store.folder / "kl.jsonl", store.folder / "mn.jsonl"], SCHEME, draws=10)
    assert (found.answers, found.measured[0].stretches.answers) == (2, 1)
    (alone,) = measure_agreement([store.folder / "kl.jsonl"], SCHEME, draws=10)
    assert (alone.annotators, alone.answers) == (("kl",), 0)
