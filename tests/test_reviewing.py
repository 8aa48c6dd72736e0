"""A queue from a coded round, and from annotations whose labels look wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from conftest import WEATHER, weather_answers, write_encoder, write_weather
from typer.testing import Result

from samorsak.annotations import REASONS, read_queue
from samorsak.errors import InputError, ModelError, TooFewError
from samorsak.pipeline.audit_draw import draw_audit
from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.review_labels import doubt_labels
from samorsak.pipeline.reviewing import build_queue, review_round
from samorsak.report.files import read_coded

Run = Callable[..., Result]
ROWS = weather_answers("lost", 30, 5) + weather_answers("won", 15, 5)


def write_round(path: Path, answers: Sequence[dict[str, object]]) -> Path:
    rows = [f'{a["answer_id"]},2024,{a["question"]},"{a["text"]}",Syd' for a in answers]
    path.write_text("\n".join(["answer_id,round,question,text,Region", *rows]), encoding="utf-8")
    return path


def write_decided(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def coded_once(weather: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coded")
    write_round(folder / "round.csv", ROWS)
    return classify_round(folder / "round.csv", folder / "run", model=weather / "model").out


@pytest.fixture
def coded(coded_once: Path, tmp_path: Path) -> Path:
    shutil.copytree(coded_once, tmp_path / "run")
    return tmp_path / "run"


# a coded round


def test_a_row_says_what_and_why(coded: Path, weather: Path) -> None:
    queue = build_queue(coded, 10, model=weather / "model", lexicon=[weather / "lexicon"])
    answers = {a.answer_id: a for a in read_coded(coded)}
    assert len({row.answer_id for row in queue}) == 10
    for row in queue:
        answer = answers[row.answer_id]
        assert (row.round, row.question, row.text) == (answer.round, answer.question, answer.text)
        assert row.background == {"Region": "Syd"}
        assert {s.category for s in row.statements} >= {*answer.categories}
        assert row.expected is not None and row.expected >= 0
        assert [r.strength for r in row.reasons] == sorted((r.strength for r in row.reasons), reverse=True)
        assert {r.name for r in row.reasons} <= {*REASONS}
        assert all(r.statement is None or 1 <= r.statement <= len(row.statements) for r in row.reasons)
        assert not row.audit and not row.repeat
    assert all(row.reasons for row in queue[:5])


def test_every_reason_has_words_in_both_languages() -> None:
    assert all(set(words) == {"sv", "en"} and all(words.values()) for words in REASONS.values())


def test_the_same_folder_gives_the_same_queue(coded: Path) -> None:
    assert build_queue(coded, 20) == build_queue(coded, 20)


def test_a_shorter_queue_begins_as_a_longer_one(coded: Path) -> None:
    assert build_queue(coded, 5) == build_queue(coded, 20)[:5]


def test_more_than_there_are_gives_all_of_them(coded: Path) -> None:
    assert {row.answer_id for row in build_queue(coded, 1000)} == {str(row["answer_id"]) for row in ROWS}


def test_what_is_expected_of_all_is_what_the_probabilities_say(coded: Path) -> None:
    from samorsak.pipeline.evidence import read_run_scheme
    from samorsak.pipeline.probabilities import read_probabilities

    found = review_round(coded, 1000)
    answers, scheme = read_coded(coded), read_run_scheme(coded)
    p = read_probabilities(coded, answers, scheme)
    risk = sum(
        1 - value if outcome in a.categories else value
        for a in answers
        for outcome, value in zip(scheme.outcomes(a.question), p[a.answer_id].tolist(), strict=True)
    )
    assert found.outlook.expected == pytest.approx(risk, rel=1e-6)
    assert sum(row.expected or 0 for row in found.rows) == pytest.approx(risk, abs=1e-4)


def test_decided_answers_are_left_out(coded: Path, tmp_path: Path) -> None:
    first = build_queue(coded, 1)[0]
    row = next(r for r in ROWS if r["answer_id"] == first.answer_id)
    file = write_decided(tmp_path / "decided.jsonl", [{**row, "round": "2024"}])
    found = review_round(coded, 100, annotations=[file])
    assert found.decided == 1
    assert first.answer_id not in {r.answer_id for r in found.rows}
    other = write_decided(tmp_path / "other.jsonl", [{**row, "round": "2023"}])
    assert review_round(coded, 100, annotations=[other]).decided == 0


def test_what_was_decided_otherwise_of_the_same_text_comes_first(coded: Path, tmp_path: Path) -> None:
    last = build_queue(coded, 1000)[-1]
    given = {s.category for s in last.statements} - {"no_cause"}
    other = next(c for c in ("rain", "snow", "sun", "calm") if c in _of(last.question) and c not in given)
    decided = {"answer_id": "x", "question": last.question, "text": last.text, "categories": [other]}
    file = write_decided(tmp_path / "decided.jsonl", [decided])
    found = build_queue(coded, 3, annotations=[file])
    row = next(r for r in found if r.text == last.text)
    assert row.reasons[0].name == "twins_differ"
    assert row.reasons[0].says == f"the same text was decided: {other}"
    assert row.expected == len(given) + 1


def _of(question: str) -> tuple[str, ...]:
    return {"lost": ("rain", "snow", "wind"), "won": ("sun", "calm")}[question]


def test_drawn_answers_stay_blind(coded: Path, samorsak: Run) -> None:
    draw_audit(coded, 10, seed=1)
    drawn = {
        json.loads(line)["text"] for line in (coded / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    }
    found = review_round(coded, 1000)
    assert found.rows and not drawn & {row.text for row in found.rows}
    assert found.audited == sum(row["text"] in drawn for row in ROWS)
    shown = samorsak("review", "queue", coded, "-o", "queue.jsonl").stdout
    assert f"left out: {found.audited} of the audit, which stays blind\n" in shown


def test_an_empty_rest_is_an_empty_queue(coded: Path, samorsak: Run) -> None:
    draw_audit(coded, 1000, seed=1)
    found = review_round(coded, 50)
    assert (found.rows, found.outlook.expected) == ((), 0)
    assert samorsak("review", "queue", coded, "-o", "queue.jsonl").stdout.startswith(
        "0 of 0 answers queued\n"
    )
    assert read_queue(Path("queue.jsonl")) == ()


def test_one_question_alone(coded: Path) -> None:
    assert {row.question for row in build_queue(coded, 1000, question="won")} == {"won"}
    with pytest.raises(InputError, match=r"^question is 'drawn', the scheme has: lost, won$"):
        build_queue(coded, question="drawn")


def test_borders_are_doubted_by_the_model_that_coded(
    coded: Path, weather: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samorsak.pipeline.queue_rows.TOLD", 1e-6)  # this model is sure of nearly all
    monkeypatch.setattr("samorsak.pipeline.queue_rows.MOST", 20)
    said: list[str] = []
    without = build_queue(coded, 1000, say=said.append)
    assert said == [
        "the model that coded the round is not here: borders are not doubted; name it with --model"
    ]
    assert not any(r.name == "doubtful_border" for row in without for r in row.reasons)
    named = build_queue(coded, 1000, model=weather / "model")
    assert [row.answer_id for row in named] == [row.answer_id for row in without]
    assert any(r.name == "doubtful_border" for row in named for r in row.reasons)


def test_another_model_is_refused(coded: Path) -> None:
    with pytest.raises(ModelError, match=r"^af-causes: not the model that coded the round; name that one"):
        build_queue(coded, model="af-causes")


def test_another_language_needs_no_encoder(tmp_path: Path) -> None:
    folder = write_weather(tmp_path / "s")
    (folder / "scheme.yaml").write_text("language: en\n" + WEATHER, encoding="utf-8")
    from samorsak.pipeline.training import train_model

    train_model(folder, annotations=[folder / "annotations"], out=folder / "model")
    write_round(tmp_path / "round.csv", ROWS)
    run = classify_round(tmp_path / "round.csv", tmp_path / "run", model=folder / "model").out
    queue = build_queue(run, 5, annotations=[folder / "annotations"])
    assert len(queue) == 5
    assert any(row.reasons for row in queue)


def test_the_command_writes_the_queue_and_says_what_it_is_worth(coded: Path, samorsak: Run) -> None:
    result = samorsak("review", "queue", coded, "-n", "7", "-o", "queue.jsonl")
    assert result.exit_code == 0
    found = review_round(coded, 7)
    assert read_queue(Path("queue.jsonl")) == found.rows
    o = found.outlook
    assert result.stdout.splitlines() == [
        "7 of 45 answers queued",
        f"expected: {o.found:.1f} wrong categories in these 7, {o.at_random * 7:.1f} in as many read at random",
        f"left after them: {o.left:.2f} an answer. Stop where a row expects fewer than {o.at_random:.2f}, "
        f"what an answer read at random has: after {o.enough}",
        "written: queue.jsonl",
    ]


def test_no_folder_is_one_line(samorsak: Run) -> None:
    result = samorsak("review", "queue", "nowhere")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1


# labels


def test_a_swapped_label_is_found(weather: Path, tmp_path: Path) -> None:
    folder, encoder = tmp_path / "annotations", write_encoder(tmp_path / "small")
    shutil.copytree(weather / "annotations", folder)
    rows = [json.loads(line) for line in (folder / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    marked = [r for r in rows if [m["category"] for m in r["statements"]] == ["rain"]]
    marked[0]["statements"][0]["category"] = "wind"
    write_decided(folder / "a.jsonl", rows)
    row = doubt_labels(weather, [folder], 5, encoder=encoder)[0]
    assert row.answer_id == marked[0]["answer_id"]
    assert (row.statements[0].category, row.statements[0].next_category) == ("wind", "rain")
    assert (row.reasons[0].name, row.reasons[0].says) == ("label_doubted", "wind, rather rain")
    assert row.expected is None


def test_clean_labels_are_hardly_doubted(weather: Path) -> None:
    assert len(doubt_labels(weather, [weather / "annotations"], 1000)) <= 11  # of 110 answers


def test_answers_coded_as_a_whole_are_judged_too(weather: Path, tmp_path: Path) -> None:
    rows = []
    for row in weather_answers("lost", 60, 3):
        marks: list[dict[str, object]] = row.pop("statements")  # type: ignore[assignment]
        rows.append({**row, "categories": sorted({str(m["category"]) for m in marks})})
    i = next(i for i, r in enumerate(rows) if r["categories"] == ["snow"])
    rows[i]["categories"] = ["wind"]
    file = write_decided(tmp_path / "whole.jsonl", rows)
    found = doubt_labels(weather, [file], 3)  # of one file: dealt into parts
    assert found[0].answer_id == rows[i]["answer_id"]
    assert (found[0].statements[0].start, found[0].statements[0].end) == (0, len(str(rows[i]["text"])))
    assert found == doubt_labels(weather, [file], 3)


def test_too_few_labels_are_one_line(weather: Path, tmp_path: Path) -> None:
    row = {"answer_id": "1", "question": "lost", "text": "regn", "categories": ["rain"]}
    with pytest.raises(TooFewError, match=r"^annotations: no question has labels of two categories"):
        doubt_labels(weather, [write_decided(tmp_path / "one.jsonl", [row])])


def test_the_command_writes_doubted_labels(weather: Path, samorsak: Run) -> None:
    result = samorsak("review", "labels", "--scheme", weather, "--annotations", weather / "annotations")
    found = read_queue(Path("labels.jsonl"))
    assert result.stdout.splitlines() == [
        f"{len(found)} answers with a label that looks wrong, the most doubtful first",
        "written: labels.jsonl",
    ]
