"""The audit: planned, drawn, decided, estimated; and nothing of it is learned from."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from conftest import weather_answers
from typer.testing import Result

from samorsak.annotations import Annotation, Marked, Store
from samorsak.errors import AnnotationError, InputError, TooFewError
from samorsak.pipeline.audit_draw import draw_audit
from samorsak.pipeline.audit_estimate import estimate_audit
from samorsak.pipeline.audit_plan import plan_audit
from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.evaluation import evaluate_scheme
from samorsak.pipeline.evidence import estimates_of, read_manifest, read_run_scheme
from samorsak.pipeline.frame import audit_of, read_frame
from samorsak.pipeline.ranking import rank_run
from samorsak.pipeline.training import train_model
from samorsak.ranking import blocks
from samorsak.report.files import read_coded, read_ranking
from samorsak.shares import Audit, estimate_audited

Run = Callable[..., Result]
TRUTH = {str(row["answer_id"]): row for row in weather_answers("lost", 60, 5) + weather_answers("won", 25, 5)}


def write_round(path: Path, answers: Sequence[dict[str, object]]) -> Path:
    header = "answer_id,round,question,text,Region,Kommuner"
    rows = [
        f'{a["answer_id"]},2024,{a["question"]},"{a["text"]}",{"Syd" if i % 3 else "Nord"},{1 + i % 2}'
        for i, a in enumerate(answers)
    ]
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def coded_once(weather: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coded")
    write_round(folder / "round.csv", list(TRUTH.values()))
    return classify_round(folder / "round.csv", folder / "run", model=weather / "model").out


@pytest.fixture
def coded(coded_once: Path, tmp_path: Path) -> Path:
    shutil.copytree(coded_once, tmp_path / "run")
    return tmp_path / "run"


def rows_of(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def write_rows(file: Path, rows: Sequence[dict[str, object]]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def decide(rows: Sequence[dict[str, object]], most: int = 10**6) -> list[dict[str, object]]:
    """Decide the first rows of each question as the authors of the answers meant them."""
    place = {str(row["audit"]): int(str(row["audit"]).partition("/")[2]) for row in rows}
    return [
        {**row, "statements": TRUTH[str(row["answer_id"])]["statements"]}
        if place[str(row["audit"])] <= most
        else row
        for row in rows
    ]


# drawing


def test_what_is_drawn(coded: Path) -> None:
    drawn = draw_audit(coded, 20, seed=3)
    assert [(d.round, d.question, d.answers, d.known, d.drawn) for d in drawn] == [
        ("2024", "lost", 60, 0, 20),
        ("2024", "won", 25, 0, 20),
    ]
    rows = rows_of(coded / "audit.jsonl")
    draw = read_manifest(coded)["audit"]["draw"]
    assert [row["audit"] for row in rows] == [f"{draw}/{n}" for _ in "ab" for n in range(1, 21)]
    assert all(list(row) == ["answer_id", "round", "question", "text", "audit"] for row in rows)
    texts = {a.answer_id: (a.round, a.question, a.text) for a in read_coded(coded)}
    assert all(texts[str(r["answer_id"])] == (r["round"], r["question"], r["text"]) for r in rows)
    assert len({row["answer_id"] for row in rows}) == 40


def test_the_manifest_says_how_it_was_drawn_and_no_text(coded: Path) -> None:
    before = read_manifest(coded)
    draw_audit(coded, 20, seed=3)
    manifest = read_manifest(coded)
    audit = manifest.pop("audit")
    assert manifest == before
    digest = audit.pop("frame_sha256")
    assert audit == {
        "scheme": before["scheme"]["fingerprint"],
        "model": before["model"],
        "seed": 3,
        "n": 20,
        "cut": 0.1,
        "draw": digest[:8],
        "answers": {"2024/lost": 60, "2024/won": 25},
        "known": {"2024/lost": 0, "2024/won": 0},
        "drawn": {"2024/lost": 20, "2024/won": 20},
    }
    written = (coded / "run.json").read_text(encoding="utf-8")
    written += (coded / "audit-frame.csv").read_text(encoding="utf-8")
    assert not any(str(row["text"]) in written for row in TRUTH.values())


def test_the_draw_can_be_made_again_from_the_manifest(coded: Path, coded_once: Path, tmp_path: Path) -> None:
    draw_audit(coded, 20, seed=3)
    audit = read_manifest(coded)["audit"]
    shutil.copytree(coded_once, tmp_path / "again")
    draw_audit(tmp_path / "again", audit["n"], seed=audit["seed"])
    for name in ("audit.jsonl", "audit-frame.csv", "run.json"):
        assert (tmp_path / "again" / name).read_bytes() == (coded / name).read_bytes()


def test_a_smaller_draw_is_the_beginning_of_a_larger_one(coded: Path) -> None:
    draw_audit(coded, 20, seed=3)
    small = [r["answer_id"] for r in rows_of(coded / "audit.jsonl")]
    draw_audit(coded, 50, seed=3, overwrite=True)
    large = [r["answer_id"] for r in rows_of(coded / "audit.jsonl")]
    assert small == [*large[:20], *large[50:70]]
    assert len(large) == 50 + 25  # all there are to the second question
    draw_audit(coded, 20, seed=4, overwrite=True)
    assert [r["answer_id"] for r in rows_of(coded / "audit.jsonl")] != small


def test_every_answer_is_as_likely_to_be_drawn(coded: Path) -> None:
    drawn: dict[object, int] = {}
    for seed in range(200):
        draw_audit(coded, 15, seed=seed, overwrite=True)
        for row in rows_of(coded / "audit.jsonl")[:15]:
            drawn[row["answer_id"]] = drawn.get(row["answer_id"], 0) + 1
    counts = np.array([drawn.get(a.answer_id, 0) for a in read_coded(coded) if a.question == "lost"])
    assert counts.sum() == 200 * 15
    # 50 expected, standard deviation 6.1; the chi-square of 59 is beyond 105 once in 5,000 times
    assert ((counts - 50) ** 2 / (50 * 0.75)).sum() < 105


def test_a_draw_is_not_drawn_over(coded: Path) -> None:
    draw_audit(coded, 20, seed=3)
    before = (coded / "audit.jsonl").read_bytes()
    with pytest.raises(InputError) as caught:
        draw_audit(coded, 20, seed=4)
    assert str(caught.value) == (
        f"{coded / 'audit.jsonl'}: an audit is drawn already, and drawing again would make it worthless; "
        "decide that one, or add --overwrite"
    )
    assert (coded / "audit.jsonl").read_bytes() == before


def test_what_was_decided_before_is_known_and_not_drawn(coded: Path, tmp_path: Path) -> None:
    own = [
        {k: r[k] for k in ("answer_id", "question", "text")} | {"categories": ["snow"]}
        for r in list(TRUTH.values())[:8]
    ]
    stranger = {"answer_id": "x", "question": "lost", "text": "Ur en annan omgång.", "categories": []}
    before = write_rows(tmp_path / "before.jsonl", [*own, stranger])
    lost, won = draw_audit(coded, 60, annotations=[before])
    assert (lost.known, lost.drawn, won.known, won.drawn) == (8, 52, 0, 25)
    ids = {r["answer_id"] for r in own}
    assert not ids & {r["answer_id"] for r in rows_of(coded / "audit.jsonl")}
    frame = {row.answer_id: row for row in read_frame(coded / "audit-frame.csv")}
    assert all(frame[str(i)].known and frame[str(i)].categories == ("snow",) for i in ids)
    write_rows(coded / "audit.jsonl", decide(rows_of(coded / "audit.jsonl")))
    out, _ = estimate_audit(coded)
    (found,) = (e.estimate for e in estimates_of(out, question="lost"))
    assert found is not None
    gold = [{m["category"] for m in TRUTH[i]["statements"]} for i in TRUTH if i not in ids]  # type: ignore[attr-defined]
    snow = 8 + sum(
        "snow" in g for i, g in zip([i for i in TRUTH if i not in ids], gold, strict=True) if "lost" in i
    )
    assert found.number[1] == snow and (found.draws[:, 1] == snow).all()  # all is known: nothing is uncertain


def test_a_known_answer_with_another_text_is_refused(coded: Path, tmp_path: Path) -> None:
    row = {"answer_id": "lost-5-0", "question": "lost", "text": "Något annat.", "categories": []}
    with pytest.raises(AnnotationError) as caught:
        draw_audit(coded, 10, annotations=[write_rows(tmp_path / "b.jsonl", [row])])
    assert str(caught.value) == (
        "b: answer 'lost-5-0' has another text than in the round, expected the same; take the row out, or "
        "mend its id"
    )


@pytest.mark.parametrize(
    ("n", "seed", "fault"),
    [(0, 1, "n is 0, expected 1 or more"), (10, -1, "seed is -1, expected 0 or more")],
)
def test_a_draw_that_makes_no_sense(coded: Path, n: int, seed: int, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        draw_audit(coded, n, seed=seed)
    assert str(caught.value) == fault
    assert not (coded / "audit.jsonl").exists() and "audit" not in read_manifest(coded)


def test_one_answer_and_the_seed_0_will_do(coded: Path) -> None:
    assert [d.drawn for d in draw_audit(coded, 1, seed=0)] == [1, 1]


# estimating


@pytest.fixture
def drawn(coded: Path) -> Path:
    draw_audit(coded, 20, seed=3)
    return coded


def test_a_decided_audit_corrects_the_round(drawn: Path) -> None:
    before = {p.name: p.read_bytes() for p in drawn.iterdir()}
    decided = write_rows(drawn.parent / "decided.jsonl", decide(rows_of(drawn / "audit.jsonl")))
    out, progress = estimate_audit(drawn, decided)
    assert out == drawn / "audited"
    assert [(a.question, a.answers, a.known, a.drawn, a.decided) for a in progress] == [
        ("lost", 60, 0, 20, 20),
        ("won", 25, 0, 20, 20),
    ]
    assert {p.name: p.read_bytes() for p in drawn.iterdir() if p.is_file()} == before
    assert sorted(p.name for p in out.iterdir()) == [
        *("answers.csv", "audit-frame.csv", "ranking.csv", "ranking.xlsx", "run.json", "scheme.json"),
        "trial.csv",
    ]
    # what the arrays alone give
    answers = [a for a in read_coded(drawn) if a.question == "lost"]
    frame = {row.answer_id: row for row in read_frame(drawn / "audit-frame.csv")}
    outcomes = ("rain", "snow", "wind", "other")
    label = np.array([[c in a.categories for c in outcomes] for a in answers])
    rows = np.array([i for i, a in enumerate(answers) if frame[a.answer_id].place])
    gold = np.array(
        [
            [c in {m["category"] for m in TRUTH[answers[i].answer_id]["statements"]} for c in outcomes]  # type: ignore[attr-defined]
            for i in rows
        ]
    )
    probability = np.array([frame[a.answer_id].probabilities for a in answers])
    expected = estimate_audited(Audit(label, rows, gold, probability))
    (found,) = (e.estimate for e in estimates_of(out, question="lost"))
    assert found is not None and (found.draws == expected.draws).all()
    shown = [r for r in read_ranking(out / "ranking.csv") if (r.base, r.lines) == ("answers", "scheme")]
    assert shown == list(rank_run(out, base="answers")[0].rows)
    low, high = expected.interval("answers")
    rain = next(r for r in shown if r.category == "rain")
    assert (rain.low, rain.high, rain.method, rain.audited) == (low[0], high[0], "audited", 20)
    best = {a.answer_id: set(a.categories) for a in read_coded(out)}
    for i, own in zip(rows, gold, strict=True):
        assert best[answers[i].answer_id] == {c for c, g in zip(outcomes, own, strict=True) if g} or {
            "no_cause"
        }


def test_the_same_bytes_twice_and_wherever(drawn: Path, tmp_path: Path) -> None:
    write_rows(drawn / "audit.jsonl", decide(rows_of(drawn / "audit.jsonl")))
    one, _ = estimate_audit(drawn)
    again, _ = estimate_audit(drawn, out=tmp_path / "elsewhere")
    first = {p.name: p.read_bytes() for p in one.iterdir()}
    assert {p.name: p.read_bytes() for p in again.iterdir()} == first
    estimate_audit(drawn)
    assert {p.name: p.read_bytes() for p in one.iterdir()} == first


def test_the_machine_is_taken_as_of_the_draw(drawn: Path, weather: Path, tmp_path: Path) -> None:
    write_rows(drawn / "audit.jsonl", decide(rows_of(drawn / "audit.jsonl")))
    one, _ = estimate_audit(drawn)
    train_model(weather, out=tmp_path / "other")  # without annotations: another model
    file = write_round(tmp_path / "round.csv", list(TRUTH.values()))
    classify_round(file, drawn, model=tmp_path / "other")
    assert read_manifest(drawn)["model"]["name"] == "other"
    two, _ = estimate_audit(drawn, out=tmp_path / "two")
    assert (two / "ranking.csv").read_bytes() == (one / "ranking.csv").read_bytes()
    assert (two / "answers.csv").read_bytes() == (one / "answers.csv").read_bytes()
    assert not (two / "trial.csv").exists()  # the trial was another model's


def test_a_changed_frame_of_an_audited_round_is_refused(samorsak: Run, drawn: Path) -> None:
    write_rows(drawn / "audit.jsonl", decide(rows_of(drawn / "audit.jsonl")))
    out, _ = estimate_audit(drawn)
    frame = out / "audit-frame.csv"
    whole = frame.read_bytes()
    assert read_manifest(out)["audit"]["decided_frame_sha256"] == hashlib.sha256(whole).hexdigest()
    frame.write_bytes(whole.replace(b",rain\n", b",snow\n", 1))
    fault = f"{frame}: changed since the audit was estimated; run 'samorsak audit estimate' again\n"
    for command in (["rank", out], ["compare", out, out]):
        result = samorsak(*command)
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", fault)
    frame.unlink()
    assert samorsak("rank", out).stderr == (
        f"{frame}: no such file, or not readable; expected the frame that 'samorsak audit draw' wrote\n"
    )
    assert samorsak("audit", "estimate", drawn).exit_code == 0
    assert frame.read_bytes() == whole
    assert samorsak("rank", out).exit_code == 0


def test_an_audit_that_an_older_version_estimated(samorsak: Run, drawn: Path) -> None:
    write_rows(drawn / "audit.jsonl", decide(rows_of(drawn / "audit.jsonl")))
    out, _ = estimate_audit(drawn)
    manifest = read_manifest(out)
    del manifest["audit"]["decided_frame_sha256"]
    (out / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    result = samorsak("rank", out)
    assert (result.exit_code, result.stdout, result.stderr) == (
        *(1, ""),
        f"{out}: audited by an older samorsak; run 'samorsak audit estimate' again\n",
    )
    assert samorsak("audit", "estimate", drawn).exit_code == 0
    assert samorsak("rank", out).exit_code == 0


def test_a_frame_with_a_category_that_the_scheme_does_not_have(drawn: Path) -> None:
    frame = {row.answer_id: row for row in read_frame(drawn / "audit-frame.csv")}
    scheme = read_run_scheme(drawn)
    (block,) = blocks(read_coded(drawn), scheme, question="lost")
    first = block.answers[0].answer_id
    for own in ({"categories": ("hail",)}, {"decided": ("hail",)}):
        with pytest.raises(InputError) as caught:
            audit_of(block, {**frame, first: replace(frame[first], **own)}, scheme)
        assert str(caught.value) == (
            f"answer {first!r}: category is 'hail', question 'lost' of the scheme has: "
            "rain, snow, wind, other, no_cause"
        )


def test_a_decided_beginning_is_enough(drawn: Path) -> None:
    rows = decide(rows_of(drawn / "audit.jsonl"), most=12)
    rows = [r for r in rows if r["question"] == "lost" or "statements" not in r]  # nothing of the other
    random.Random(1).shuffle(rows)
    write_rows(drawn / "audit.jsonl", rows)
    out, progress = estimate_audit(drawn)
    assert [a.decided for a in progress] == [12, 0]
    lost, won = estimates_of(out)
    assert lost.estimate is not None and (lost.estimate.method, lost.estimate.audited) == ("audited", 12)
    assert won.estimate is not None and won.estimate.method == "modelled"


def test_a_gap_is_refused_and_named(drawn: Path) -> None:
    rows = decide(rows_of(drawn / "audit.jsonl"), most=12)
    del rows[4]["statements"]
    del rows[7]["statements"]
    write_rows(drawn / "audit.jsonl", rows)
    with pytest.raises(AnnotationError) as caught:
        estimate_audit(drawn)
    assert str(caught.value) == (
        f"{drawn / 'audit.jsonl'}: answer {rows[4]['answer_id']!r}, place 5 of the draw to 'lost' of round "
        "'2024', is undecided before others that are decided; decide it, as only a beginning of the draw is a "
        "random sample"
    )
    write_rows(
        drawn / "audit.jsonl", [row for i, row in enumerate(rows) if i not in (4, 7)]
    )  # lost altogether
    with pytest.raises(AnnotationError) as lost:
        estimate_audit(drawn)
    assert str(lost.value) == str(caught.value)


def test_every_row_that_is_not_of_the_draw_is_named(drawn: Path) -> None:
    rows = decide(rows_of(drawn / "audit.jsonl"))
    draw = str(rows[0]["audit"]).partition("/")[0]
    ids = {r["answer_id"] for r in rows}
    other = next(i for i in TRUTH if i not in ids)
    rows[0] |= {"text": "Ändrad."} | {"statements": []}
    rows[1] |= {"audit": "00000000/2"}
    rows[2].pop("audit")
    rows[3] |= {"round": "2023"}
    rows[4] |= {"origin": "suggested"}
    rows[5] |= {"answer_id": other}
    write_rows(drawn / "audit.jsonl", rows)
    with pytest.raises(AnnotationError) as caught:
        estimate_audit(drawn)
    at = f"  {drawn / 'audit.jsonl'}: answer"
    assert str(caught.value).split("\n") == [
        "6 rows that are not of the draw:",
        f"{at} {rows[0]['answer_id']!r} has another text than at the draw; restore the text",
        f"{at} {rows[1]['answer_id']!r} has audit '00000000/2', expected '{draw}/2'; decide the file of this draw",
        f"{at} {rows[2]['answer_id']!r} has audit '', expected '{draw}/3'; decide the file of this draw",
        f"{at} {rows[3]['answer_id']!r} is of another round or question, expected '2024' and 'lost'",
        f"{at} {rows[4]['answer_id']!r} was decided with a suggestion in view, expected 'blind'; decide it anew "
        "without one",
        f"{at} {other!r} is not in the draw; take the row out",
    ]


def test_doubled_rows_and_unknown_categories_are_refused(drawn: Path) -> None:
    rows = decide(rows_of(drawn / "audit.jsonl"))
    hail = {**rows[1], "statements": None, "categories": ["hail"]}
    file = write_rows(drawn / "audit.jsonl", [rows[0], hail, *rows[2:], rows[0]])
    with pytest.raises(AnnotationError) as caught:
        estimate_audit(drawn)
    assert str(caught.value).split("\n") == [
        "2 faults in the annotations:",
        f"  {file} line 2: category 1 is 'hail', 'lost' has: rain, snow, wind, other, no_cause",
        f"  {file} line 41: answer {rows[0]['answer_id']!r} stands on {file} line 1 already; take one out",
    ]


def test_categories_of_the_whole_answer_will_do(drawn: Path, tmp_path: Path) -> None:
    rows = decide(rows_of(drawn / "audit.jsonl"))
    whole = [
        {
            **{k: v for k, v in r.items() if k != "statements"},
            "categories": sorted({m["category"] for m in r["statements"]}),
        }  # type: ignore[attr-defined]
        for r in rows
    ]
    one, _ = estimate_audit(drawn, write_rows(tmp_path / "a.jsonl", rows), tmp_path / "one")
    two, _ = estimate_audit(drawn, write_rows(tmp_path / "b.jsonl", whole), tmp_path / "two")
    assert (one / "ranking.csv").read_bytes() == (two / "ranking.csv").read_bytes()


def to_log(store: Store, rows: Sequence[dict[str, object]], annotator: str = "kl", **more: Any) -> None:
    for row in rows:
        marks = cast(list[dict[str, Any]], row["statements"])
        marked = tuple(Marked(m["start"], m["end"], m["category"]) for m in marks)
        text = {name: str(row[name]) for name in ("answer_id", "round", "question", "text", "audit")}
        store.append(
            Annotation(statements=marked, categories=None, source="", annotator=annotator, **text | more)
        )


def test_an_audit_decided_in_a_log(drawn: Path, tmp_path: Path) -> None:
    rows = decide(rows_of(drawn / "audit.jsonl"))
    write_rows(drawn / "audit.jsonl", rows)
    by_file, progress = estimate_audit(drawn, out=tmp_path / "by-file")
    store = Store(tmp_path / "logs", read_run_scheme(drawn))
    to_log(store, [{**rows[0], "statements": []}])  # thought better of in the next line
    to_log(store, rows)
    to_log(store, [{**rows[1], "statements": []}], audit="")  # a later look at it, with a suggestion in view
    to_log(store, [{**rows[2], "statements": []}], audit="00000000/1")
    store.append(replace(store.view()[0].annotation, statements=None, audit="", flags=("skipped",)))
    for audit in (store.folder, store.folder / "kl.jsonl"):
        by_log, decided = estimate_audit(drawn, audit, out=tmp_path / "by-log")
        assert decided == progress
        assert (by_log / "ranking.csv").read_bytes() == (by_file / "ranking.csv").read_bytes()
        assert (by_log / "answers.csv").read_bytes() == (by_file / "answers.csv").read_bytes()
    assert read_manifest(by_log)["audit"]["file"] == {
        "name": "kl.jsonl",
        "sha256": hashlib.sha256((store.folder / "kl.jsonl").read_bytes()).hexdigest(),
    }


def test_an_audit_in_logs_that_differ_or_saw_a_suggestion(drawn: Path, tmp_path: Path) -> None:
    rows = decide(rows_of(drawn / "audit.jsonl"))
    store = Store(tmp_path / "logs", read_run_scheme(drawn))
    to_log(store, rows[1:])
    to_log(store, rows[:1], origin="suggested")
    to_log(store, [{**rows[1], "statements": []}], annotator="ab")
    with pytest.raises(AnnotationError) as caught:
        estimate_audit(drawn, store.folder)
    assert str(caught.value).splitlines() == [
        "2 rows that are not of the draw:",
        f"  {store.folder}: answer {rows[0]['answer_id']!r} was decided with a suggestion in view, expected "
        "'blind'; decide it anew without one",
        f"  {store.folder}: answer {rows[1]['answer_id']!r} is decided differently by ab and kl, expected one "
        "decision; settle which holds",
    ]


def test_nothing_decided(drawn: Path) -> None:
    with pytest.raises(TooFewError) as caught:
        estimate_audit(drawn)
    assert str(caught.value) == (
        f"{drawn / 'audit.jsonl'}: nothing is decided, expected statements or categories in its rows"
    )


def test_places_that_are_refused(drawn: Path, tmp_path: Path) -> None:
    decided = write_rows(tmp_path / "decided.jsonl", decide(rows_of(drawn / "audit.jsonl")))
    out, _ = estimate_audit(drawn, decided)
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "own.txt").write_text("mine", encoding="utf-8")
    for arguments, fault in [
        (
            (drawn, decided, drawn),
            f"{drawn}: the round itself, expected another folder for --out; its lists are kept",
        ),
        ((drawn, decided, taken), f"{taken}: holds something else than an audited round; name another --out"),
        ((out, decided), f"{out}: no audit is drawn from it; run 'samorsak audit draw' first"),
    ]:
        with pytest.raises(InputError) as caught:
            estimate_audit(*arguments)
        assert str(caught.value) == fault
    with pytest.raises(InputError) as caught:
        draw_audit(out, 5)
    assert str(caught.value) == (
        f"{out}: an audited round, expected one as 'samorsak classify' wrote it; draw from that one"
    )


def test_a_frame_or_a_round_that_is_no_longer_that_of_the_draw(drawn: Path, tmp_path: Path) -> None:
    decided = write_rows(tmp_path / "decided.jsonl", decide(rows_of(drawn / "audit.jsonl")))
    answers = (drawn / "answers.csv").read_text(encoding="utf-8")
    (drawn / "answers.csv").write_text(answers.replace("regn", "snö", 1), encoding="utf-8", newline="")
    with pytest.raises(InputError) as caught:
        estimate_audit(drawn, decided)
    assert str(caught.value) == (
        f"{drawn / 'answers.csv'}: not the answers of the draw; code that round again, or draw again"
    )
    with (drawn / "audit-frame.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(InputError) as caught:
        estimate_audit(drawn, decided)
    assert str(caught.value) == (
        f"{drawn / 'audit-frame.csv'}: changed since the draw; restore it, or draw again"
    )
    (drawn / "audit-frame.csv").unlink()
    with pytest.raises(InputError) as caught:
        estimate_audit(drawn, decided)
    assert str(caught.value) == (
        f"{drawn / 'audit-frame.csv'}: no such file, or not readable; expected the frame that "
        "'samorsak audit draw' wrote"
    )


def test_a_round_coded_by_another_scheme_since(drawn: Path, tmp_path: Path) -> None:
    decided = write_rows(tmp_path / "decided.jsonl", decide(rows_of(drawn / "audit.jsonl")))
    scheme = json.loads((drawn / "scheme.json").read_text(encoding="utf-8"))
    scheme["questions"]["won"]["categories"]["luck"] = {"label_sv": "Tur"}
    (drawn / "scheme.json").write_text(json.dumps(scheme), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        estimate_audit(drawn, decided)
    assert str(caught.value) == (
        f"{drawn}: coded by another scheme since the draw; code it by that of the draw, or draw again"
    )


def test_groups_lines_and_weights_of_an_audited_round(drawn: Path) -> None:
    write_rows(drawn / "audit.jsonl", decide(rows_of(drawn / "audit.jsonl")))
    out, _ = estimate_audit(drawn)
    frame = {row.answer_id: row for row in read_frame(out / "audit-frame.csv")}
    split = [e for e in estimates_of(out, by="Region", lines="2023", question="lost")]
    assert [e.group for e in split] == ["Nord", "Syd"]
    for own in split:
        audited = sum(
            frame[a.answer_id].decided is not None
            for a in read_coded(out)
            if a.question == "lost" and a.background["Region"] == own.group
        )
        assert own.estimate is not None and own.estimate.audited == audited > 0
        assert own.ids == ("wet", "other")
    (plain,) = estimates_of(out, question="lost")
    (weighted,) = estimates_of(out, question="lost", weight="Kommuner")
    assert plain.estimate is not None and weighted.estimate is not None
    assert weighted.estimate.of == plain.estimate.of == 60
    assert (weighted.estimate.number != plain.estimate.number).any()
    for base in ("causes", "answers"):
        low, high = weighted.estimate.interval(base)  # type: ignore[arg-type]
        assert ((low >= 0) & (low <= high) & (high <= 1)).all()


# planning


def test_a_plan_keeps_its_word(coded: Path) -> None:
    lost, won = plan_audit(coded, within=0.03, above=0.05)
    assert (lost.round, lost.question, lost.wording, lost.answers) == (
        *("2024", "lost", "Varför förlorade ni?"),
        60,
    )
    assert lost.n == 50  # smaller ones would do, but are not planned
    assert (won.answers, won.n, won.sizes) == (25, 25, (25,))
    assert all(share > 0.05 for share in lost.shares) and sorted(lost.shares, reverse=True) == list(
        lost.shares
    )
    assert max(lost.within[lost.sizes.index(lost.n)]) <= 0.03
    stricter, _ = plan_audit(coded, within=0.001, above=0.05)
    assert stricter.n == 60
    none, _ = plan_audit(coded, within=0.03, above=0.99)
    assert (none.labels, none.n) == ((), 50)


def test_an_audit_as_planned_is_about_as_precise(coded: Path) -> None:
    plan, _ = plan_audit(coded, within=0.03, above=0.05, base="answers")
    draw_audit(coded, plan.n, seed=1)
    write_rows(coded / "audit.jsonl", decide(rows_of(coded / "audit.jsonl")))
    out, _ = estimate_audit(coded)
    (found,) = (e for e in estimates_of(out, question="lost"))
    assert found.estimate is not None
    low, high = found.estimate.interval("answers")
    half = [
        float(high[found.labels.index(label)] - low[found.labels.index(label)]) / 2 for label in plan.labels
    ]
    planned = plan.within[plan.sizes.index(plan.n)]
    assert 0.5 < np.mean(half) / np.mean(planned) < 2


@pytest.mark.parametrize(
    ("option", "value", "fault"),
    [
        ("within", 0.0, "within is 0, expected more than 0 and below 100 percentage points"),
        ("within", 1.0, "within is 100, expected more than 0 and below 100 percentage points"),
        ("above", -0.01, "above is -1, expected 0 or more and below 100 percentage points"),
    ],
)
def test_wishes_that_make_no_sense(coded: Path, option: str, value: float, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        plan_audit(coded, **{option: value})
    assert str(caught.value) == fault


# keeping it apart


def test_nothing_of_an_audit_is_learned_from(
    drawn: Path, weather: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = decide(rows_of(drawn / "audit.jsonl"))[:2]
    lessons = tmp_path / "lessons"
    lessons.mkdir()
    write_rows(lessons / "a.jsonl", [weather_answers("lost", 1, 99)[0], *rows])
    shutil.copytree(drawn, tmp_path / "away" / "deep" / "run")
    monkeypatch.chdir(tmp_path / "away")
    told = [f"a: answer {r['answer_id']!r} is of the audit draw {r['audit']!r}" for r in rows]
    way_out = "expected no audited answer to learn from; take the row out"
    for use in (train_model, evaluate_scheme):
        more = {"out": tmp_path / "model"} if use is train_model else {}
        with pytest.raises(AnnotationError) as caught:
            use(weather, annotations=[lessons], **more)  # type: ignore[operator]
        assert str(caught.value).split("\n") == [
            "2 rows of an audit:",
            *(f"  {fault}, {way_out}" for fault in told),
        ]
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    "found", ["named file", "named folder", "here", "below here", "beside", "below beside"]
)
def test_a_copied_row_is_told_by_its_text(
    drawn: Path, weather: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    row = rows_of(drawn / "audit.jsonl")[0]
    lessons, away = tmp_path / "lessons", tmp_path / "away"
    for folder in (lessons / "coded", away / "coded"):
        folder.mkdir(parents=True)
    copied = {"answer_id": "new", "question": "lost", "text": row["text"], "statements": []}
    write_rows(lessons / "a.jsonl", [copied])
    places = {
        "here": away,
        "below here": away / "coded",
        "beside": lessons,
        "below beside": lessons / "coded",
    }
    named = {"named file": [drawn / "audit.jsonl"], "named folder": [drawn]}.get(found, [])
    if found in places:
        shutil.copy(drawn / "audit.jsonl", places[found])
    monkeypatch.chdir(away)
    with pytest.raises(AnnotationError) as caught:
        train_model(weather, annotations=[lessons / "a.jsonl"], audits=named, out=tmp_path / "model")
    where = {
        "here": Path("audit.jsonl"),
        "below here": Path("coded") / "audit.jsonl",
        "beside": lessons / "audit.jsonl",
        "below beside": lessons / "coded" / "audit.jsonl",
    }.get(found, drawn / "audit.jsonl")
    assert str(caught.value) == (
        f"a: answer 'new' is of {where}, expected no audited answer to learn from; take the row out"
    )


def test_an_audit_that_cannot_be_read_stops_training(weather: Path, tmp_path: Path) -> None:
    own = [weather / "annotations"]
    with pytest.raises(AnnotationError) as caught:
        train_model(weather, annotations=own, audits=[tmp_path / "no.jsonl"], out=tmp_path / "model")
    assert str(caught.value) == f"{tmp_path / 'no.jsonl'}: no such file, or not readable; expected an audit"
    (tmp_path / "no.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    with pytest.raises(AnnotationError) as caught:
        train_model(weather, annotations=own, audits=[tmp_path / "no.jsonl"], out=tmp_path / "model")
    assert str(caught.value) == (
        f"{tmp_path / 'no.jsonl'}: not the file of an audit, expected rows with a text; mend it or move it away"
    )


# the commands


def test_the_commands(samorsak: Run, drawn: Path, coded_once: Path, tmp_path: Path) -> None:
    shutil.copytree(coded_once, tmp_path / "coded")
    result = samorsak("audit", "draw", "coded", "-n", "30", "--seed", "3")
    assert (result.stderr, result.stdout) == (
        "",
        "2024 lost: 30 of 60 answers drawn\n2024 won: 25 of 25 answers drawn\n"
        f"written: {Path('coded') / 'audit.jsonl'}\n",
    )
    result = samorsak("audit", "draw", "coded", "-n", "30")
    assert (result.exit_code, result.stdout) == (1, "")
    assert samorsak("audit", "draw", "coded", "-n", "30", "--overwrite").exit_code == 0
    write_rows(tmp_path / "done.jsonl", decide(rows_of(tmp_path / "coded" / "audit.jsonl"), 22))
    out = Path("coded") / "audited"
    assert samorsak("audit", "estimate", "coded", "--audit", "done.jsonl").stdout == (
        "2024 lost: 22 of 30 drawn answers decided, of 60\n"
        "2024 won: 22 of 25 drawn answers decided, of 25\n"
        f"written to {out}; show it with: samorsak rank {out}\n"
    )
    shown = samorsak("rank", out, "--question", "lost").stdout
    assert "Andel av de orsaker som uppgavs, rättad efter granskning. Orsaker: ca " in shown
    assert "95 %-intervall ur modellens kodning och 22 slumpvis dragna och granskade svar av 60." in shown
    assert "Vägt efter Kommuner.\n" in samorsak("rank", out, "--weight", "Kommuner").stdout


def test_the_plan_in_words(samorsak: Run, coded_once: Path, tmp_path: Path) -> None:
    shutil.copytree(coded_once, tmp_path / "coded")
    (lost, won) = plan_audit(tmp_path / "coded", within=0.05, above=0.05, base="answers")
    shown = samorsak("audit", "plan", "coded", "--within", "5", "--base", "answers").stdout.split("\n")
    assert shown[:2] == [
        "2024: Varför förlorade ni?",
        f"Läs {lost.n} av 60 svar, slumpvis dragna. Varje andel över 5,0 % väntas då bli känd på ± 5,0 "
        "procentenheter när (av svaren).",
    ]
    assert shown[3].split()[:2] == ["Orsak", "Andel"]
    assert shown[3].count("lästa") == len(lost.sizes)
    assert shown[4].startswith(lost.labels[0])
    assert shown[-2] == f"samorsak audit draw coded -n {max(lost.n, won.n)}"
    english = samorsak("audit", "plan", "coded", "--above", "99", "--lang", "en").stdout
    assert english.startswith(
        "2024: Varför förlorade ni?\nNo cause has a share above 99.0% (of the causes given).\n"
    )
