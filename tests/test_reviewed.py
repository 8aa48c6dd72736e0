"""Reviewed decisions as fixed values: in shares, in the run folder, and beside an audit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import weather_answers
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from typer.testing import Result

from samorsak.annotations import Annotation, Marked, Store
from samorsak.errors import AnnotationError, InputError, TooFewError
from samorsak.pipeline.audit_draw import draw_audit
from samorsak.pipeline.audit_estimate import estimate_audit
from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.evidence import estimates_of, read_manifest, read_run_scheme
from samorsak.pipeline.fixed import read_fixed
from samorsak.pipeline.frame import read_frame
from samorsak.pipeline.reviewed import apply_review
from samorsak.report.files import read_coded, read_ranking, read_statements
from samorsak.shares import BASES, Trial, estimate_modelled, estimate_reviewed

Run = Callable[..., Result]
TRUTH = {str(row["answer_id"]): row for row in weather_answers("lost", 60, 5) + weather_answers("won", 25, 5)}


@pytest.fixture(scope="module")
def coded_once(weather: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coded")
    rows = [
        f'{a["answer_id"]},2024,{a["question"]},"{a["text"]}",{"Syd" if i % 3 else "Nord"}'
        for i, a in enumerate(TRUTH.values())
    ]
    (folder / "round.csv").write_text("\n".join(["answer_id,round,question,text,Region", *rows]), "utf-8")
    return classify_round(folder / "round.csv", folder / "run", model=weather / "model").out


@pytest.fixture
def coded(coded_once: Path, tmp_path: Path) -> Path:
    shutil.copytree(coded_once, tmp_path / "run")
    return tmp_path / "run"


def decisions(file: Path, ids: Sequence[str], **more: object) -> Path:
    """Write what the authors of the answers meant as the decisions of a reviewer."""
    rows = [{**TRUTH[id_], "round": "2024", "annotator": "kl", "origin": "suggested", **more} for id_ in ids]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def meant(answer_id: str) -> set[str]:
    return {s["category"] for s in TRUTH[answer_id]["statements"]} or {"no_cause"}  # type: ignore[attr-defined]


# shares


def answers(seed: int, n: int, k: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gold, labels, and how sure the machine is of each answer: it errs where it is not."""
    rng = np.random.default_rng(seed)
    gold = rng.random((n, k)) < [0.25, 0.12, 0.05]
    score = np.where(gold, 1.5, -2.4) + 1.3 * rng.normal(size=(n, k))
    return gold, score > 0, np.abs(score).min(axis=1)


def doubtful(sure: np.ndarray, n: int) -> np.ndarray:
    known = np.zeros(len(sure), bool)
    known[np.argsort(sure)[:n]] = True
    return known


def test_everything_reviewed_is_exact():
    gold, labels, _ = answers(1, 80)
    trial_gold, trial_labels, _ = answers(2, 200)
    trial = Trial(trial_labels, trial_gold)
    found = estimate_reviewed(labels, gold, np.ones(80, bool), trial, draws=200)
    assert found.number.tolist() == gold.sum(axis=0).tolist()
    assert np.ptp(found.draws, axis=0).tolist() == [0, 0, 0]
    assert (found.method, found.refused.any(), found.by_audit) == ("reviewed", False, False)


def test_nothing_reviewed_is_the_modelled_estimate():
    gold, labels, _ = answers(1, 80)
    trial = Trial(*answers(2, 200)[1::-1])
    found = estimate_reviewed(labels, gold, np.zeros(80, bool), trial, draws=200)
    modelled = estimate_modelled(labels, trial, draws=200)
    assert found.number == pytest.approx(modelled.number)
    assert found.draws == pytest.approx(modelled.draws)


def test_the_truth_is_held_where_the_doubtful_were_decided():
    """Taking the trial's rates for the rest does not hold it: that is what `estimate_reviewed` is for."""
    held = {"before": 0.0, "as rest": 0.0, "reviewed": 0.0}
    width = dict(held)
    for seed in range(25):
        trial = Trial(*answers(1000 + seed, 1200)[1::-1])
        gold, labels, sure = answers(seed, 2000)
        known = doubtful(sure, 700)
        best = np.where(known[:, None], gold, labels)
        found = {
            "before": estimate_modelled(labels, trial, draws=300, seed=seed),
            "as rest": estimate_modelled(best, trial, known=known, draws=300, seed=seed),
            "reviewed": estimate_reviewed(labels, gold, known, trial, draws=300, seed=seed),
        }
        for name, estimate in found.items():
            low, high = estimate.interval("answers")
            share = gold.mean(axis=0)
            held[name] += ((low <= share) & (share <= high)).mean() / 25
            width[name] += (high - low).mean() / 25
    assert held["reviewed"] > 0.88
    assert held["as rest"] < 0.75
    assert width["reviewed"] < 0.95 * width["before"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_estimate_leaves_what_is_possible(data):
    n, m, k = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 8)), data.draw(st.integers(1, 3))
    flags = {name: data.draw(arrays(bool, (n, k))) for name in ("machine", "gold")}
    known = data.draw(arrays(bool, n))
    trial = Trial(data.draw(arrays(bool, (m, k))), data.draw(arrays(bool, (m, k))))
    found = estimate_reviewed(*flags.values(), known, trial, draws=40)
    least = flags["gold"][known].sum(axis=0)
    most = least + (~known).sum()
    for number in (found.number, found.draws):
        assert np.all(number >= least - 1e-9) and np.all(number <= most + 1e-9)
    for base in BASES:
        low, high = found.interval(base)
        assert np.all((low <= found.share(base)) & (found.share(base) <= high))


def test_weights_count_what_was_found():
    gold, labels, _ = answers(3, 60)
    weight = np.where(np.arange(60) < 20, 3.0, 1.0)
    trial = Trial(*answers(2, 200)[1::-1])
    found = estimate_reviewed(labels, gold, np.ones(60, bool), trial, weight=weight, draws=50)
    assert found.number == pytest.approx(weight @ gold * 60 / weight.sum())


def test_shapes_that_do_not_agree():
    flags = np.zeros((4, 2), bool)
    with pytest.raises(InputError, match=r"^gold, known: shapes are \(4, 2\) and \(3,\), expected \(4, 2\)$"):
        estimate_reviewed(flags, flags, np.zeros(3, bool), Trial(flags, flags))


# the run folder


def test_what_is_written(coded: Path, tmp_path: Path) -> None:
    ids = list(TRUTH)[:20] + list(TRUTH)[60:70]
    place, found = apply_review(coded, [decisions(tmp_path / "kl.jsonl", ids)])
    assert place == coded / "reviewed"
    assert [(r.question, r.answers, r.reviewed) for r in found] == [("lost", 60, 20), ("won", 25, 10)]
    before, after = ({a.answer_id: a for a in read_coded(folder)} for folder in (coded, place))
    assert {id_: {*after[id_].categories} for id_ in ids} == {id_: meant(id_) for id_ in ids}
    rest = [id_ for id_ in TRUTH if id_ not in ids]
    assert [after[id_] for id_ in rest] == [before[id_] for id_ in rest]
    assert sum(r.changed for r in found) == sum({*before[i].categories} != meant(i) for i in ids)
    fixed = read_fixed(place, read_manifest(place))
    assert list(fixed) == ids
    assert all(fixed[id_].machine == before[id_].categories for id_ in ids)
    assert {(row.annotator, row.origin) for row in fixed.values()} == {("kl", "suggested")}


def test_every_figure_is_traced_to_the_words(coded: Path, tmp_path: Path) -> None:
    ids = list(TRUTH)[:20]
    place, _ = apply_review(coded, [decisions(tmp_path / "kl.jsonl", ids)])
    texts = {a.answer_id: a.text for a in read_coded(place)}
    own: dict[str, list[tuple[int, int, str]]] = {}
    for s in read_statements(place / "statements.csv"):
        assert texts[s.answer_id][s.start : s.end] == s.text
        if s.answer_id in ids:
            assert (s.probability, s.next_category) == (1.0, "")
            own.setdefault(s.answer_id, []).append((s.start, s.end, s.category))
    for id_ in ids:
        marks = [(s["start"], s["end"], s["category"]) for s in TRUTH[id_]["statements"]]  # type: ignore[attr-defined]
        assert own[id_] == (marks or [(0, len(texts[id_]), "no_cause")])
    machine = [s for s in read_statements(coded / "statements.csv") if s.answer_id not in ids]
    assert [s for s in read_statements(place / "statements.csv") if s.answer_id not in ids] == machine


def test_an_answer_coded_as_a_whole_has_each_category_for_all_of_it(coded: Path, tmp_path: Path) -> None:
    id_ = next(id_ for id_ in TRUTH if len(meant(id_)) > 1)
    row = {k: v for k, v in TRUTH[id_].items() if k != "statements"} | {"categories": sorted(meant(id_))}
    (tmp_path / "kl.jsonl").write_text(json.dumps(row), encoding="utf-8")
    place, _ = apply_review(coded, [tmp_path / "kl.jsonl"])
    found = [s for s in read_statements(place / "statements.csv") if s.answer_id == id_]
    assert [(s.start, s.text, s.category) for s in found] == [(0, row["text"], c) for c in sorted(meant(id_))]


def test_the_lists_hold_the_truth_when_all_is_reviewed(coded: Path, tmp_path: Path) -> None:
    ids = [id_ for id_ in TRUTH if id_.startswith("lost")]
    place, _ = apply_review(coded, [decisions(tmp_path / "kl.jsonl", ids)])
    rows = [r for r in read_ranking(place / "ranking.csv") if r.question == "lost" and r.lines == "scheme"]
    assert rows
    for row in rows:
        if row.base == "answers":
            assert row.n == sum(row.category in meant(id_) for id_ in ids)
        assert row.low == pytest.approx(row.share) == pytest.approx(row.high)
        assert (row.method, row.audited) == ("reviewed", 0)
    won = {r.method for r in read_ranking(place / "ranking.csv") if r.question == "won"}
    assert "reviewed" not in won


def test_groups_and_lines_of_a_reviewed_round(coded: Path, tmp_path: Path) -> None:
    place, _ = apply_review(coded, [decisions(tmp_path / "kl.jsonl", list(TRUTH)[:30])])
    for lines in ("scheme", "2023"):
        found = estimates_of(place, lines=lines, by="Region", question="lost", draws=200)
        assert {one.group for one in found} == {"Nord", "Syd"}
        assert all(one.estimate is not None and one.estimate.method == "reviewed" for one in found)


def test_the_same_bytes_twice(coded: Path, tmp_path: Path) -> None:
    file = decisions(tmp_path / "kl.jsonl", list(TRUTH)[:10])
    places = [apply_review(coded, [file], tmp_path / name)[0] for name in "ab"]
    apply_review(coded, [file], places[0])  # over what it wrote itself
    names = sorted(path.name for path in places[0].iterdir())
    assert names == sorted(path.name for path in places[1].iterdir())
    for name in names:
        assert (places[0] / name).read_bytes() == (places[1] / name).read_bytes(), name


def test_a_changed_file_of_decisions_is_refused(coded: Path, tmp_path: Path) -> None:
    place, _ = apply_review(coded, [decisions(tmp_path / "kl.jsonl", list(TRUTH)[:10])])
    file = place / "reviewed.csv"
    file.write_text(file.read_text("utf-8").replace("suggested", "blind", 1), "utf-8")
    with pytest.raises(InputError) as error:
        estimates_of(place)
    assert str(error.value) == f"{file}: changed since it was written; run 'samorsak review apply' again"


# what is not taken


def test_another_text_is_refused_and_nothing_written(coded: Path, tmp_path: Path) -> None:
    file = decisions(tmp_path / "kl.jsonl", list(TRUTH)[:2], text="En annan text.", statements=[])
    with pytest.raises(AnnotationError) as error:
        apply_review(coded, [file])
    first = f"kl: answer '{next(iter(TRUTH))}' has another text than in the round, expected the same; "
    assert str(error.value).splitlines()[:2] == [
        "2 decisions on other texts:",
        f"  {first}take the row out, or mend its id",
    ]
    assert not (coded / "reviewed").exists()


def test_decisions_of_other_rounds_are_passed_over(coded: Path, tmp_path: Path) -> None:
    file = decisions(tmp_path / "kl.jsonl", list(TRUTH)[:3], round="2023")
    with pytest.raises(TooFewError) as error:
        apply_review(coded, [file])
    assert str(error.value) == f"{coded}: no decision is on an answer of it; name its own --annotations"


def test_an_audit_and_a_review_are_kept_apart(coded: Path, tmp_path: Path) -> None:
    """What was drawn for the audit is no fixed value, however it was decided; the audit is as it was."""
    draw_audit(coded, 15, seed=1)
    drawn = [row.answer_id for row in read_frame(coded / "audit-frame.csv") if row.place]
    ids = [*drawn[:4], *(id_ for id_ in TRUTH if id_ not in drawn)]
    audit = (coded / "audit.jsonl").read_bytes()
    said: list[str] = []
    place, found = apply_review(coded, [decisions(tmp_path / "kl.jsonl", ids)], say=said.append)
    assert said == ["4 decisions on answers of an audit left out; 'samorsak audit estimate' takes those"]
    assert sum(r.reviewed for r in found) == len(ids) - 4
    assert not {*read_fixed(place, read_manifest(place))} & {*drawn}
    assert "audit" not in read_manifest(place)
    assert (coded / "audit.jsonl").read_bytes() == audit
    assert estimates_of(place)[0].estimate.method == "reviewed"  # type: ignore[union-attr]


def test_rows_of_an_audit_are_told_by_their_field_too(coded: Path, tmp_path: Path) -> None:
    file = decisions(tmp_path / "kl.jsonl", list(TRUTH)[:3], audit="abc/1")
    with pytest.raises(TooFewError):
        apply_review(coded, [file])


def test_an_audit_of_a_reviewed_round(coded: Path, tmp_path: Path) -> None:
    """What was reviewed is known and not drawn; the audit corrects the rest; then all is known."""
    ids = list(TRUTH)[:20]
    place, _ = apply_review(coded, [decisions(tmp_path / "kl.jsonl", ids)])
    drawn = draw_audit(place, 100, seed=3)
    assert [(d.question, d.known, d.drawn) for d in drawn] == [("lost", 20, 40), ("won", 0, 25)]
    frame = read_frame(place / "audit-frame.csv")
    assert {row.answer_id for row in frame if row.place is None} == {*ids}
    rows = [json.loads(line) for line in (place / "audit.jsonl").read_text("utf-8").splitlines()]
    rows = [{**row, "statements": TRUTH[row["answer_id"]]["statements"]} for row in rows]
    decided = tmp_path / "decided.jsonl"
    decided.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    audited, _ = estimate_audit(place, decided)
    for row in read_ranking(audited / "ranking.csv"):
        if row.base == "answers" and row.lines == "scheme":
            assert row.method == "audited"
            of_question = [id_ for id_ in TRUTH if id_.startswith(row.question)]
            assert row.n == sum(row.category in meant(id_) for id_ in of_question)
    with pytest.raises(InputError, match="an audit is drawn from it, and would be worthless; name another"):
        apply_review(coded, [decisions(tmp_path / "kl.jsonl", ids)])


def test_places_that_are_refused(coded: Path, tmp_path: Path) -> None:
    file = decisions(tmp_path / "kl.jsonl", list(TRUTH)[:3])
    place, _ = apply_review(coded, [file])
    with pytest.raises(InputError, match="an audited or reviewed round, expected one as 'samorsak classify'"):
        apply_review(place, [file])
    with pytest.raises(InputError, match="the round itself, expected another folder for --out"):
        apply_review(coded, [file], coded)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("x", "utf-8")
    with pytest.raises(InputError, match="holds something else than a reviewed round; name another --out"):
        apply_review(coded, [file], tmp_path / "full")


# the command line


def test_apply_rank_and_compare(samorsak: Run, coded: Path, tmp_path: Path) -> None:
    file = decisions(tmp_path / "kl.jsonl", list(TRUTH)[:20])
    result = samorsak("review", "apply", coded, "--annotations", file)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("2024 lost: 20 of 60 answers reviewed, ")
    place = coded / "reviewed"
    assert result.stdout.splitlines()[-1] == f"written to {place}; show it with: samorsak rank {place}"
    shown = " ".join(samorsak("rank", place, "--question", "lost").stdout.split())
    assert "de valdes för att de var tveksamma, och inget skattas ur dem." in shown
    assert "reviewed answers as fixed values" in " ".join(
        samorsak("compare", coded, place, "--lang", "en").stdout.split()
    )
    for form in ("markdown", "json", "csv"):
        assert samorsak("rank", place, "--format", form).exit_code == 0
    assert samorsak("rank", place, "--out", tmp_path / "list.xlsx").exit_code == 0
    assert samorsak("rank", coded, "--question", "lost").stdout.find("tveksamma") == -1


def test_what_annotators_decided_differently_waits_until_it_is_settled(coded: Path, tmp_path: Path) -> None:
    scheme = read_run_scheme(coded)
    store = Store(tmp_path / "log", scheme)
    first, second = list(TRUTH)[:2]

    def decide(id_: str, who: str, category: str, *flags: str) -> None:
        text = str(TRUTH[id_]["text"])
        marks = (Marked(0, len(text), category),)
        store.append(
            Annotation(id_, "2024", "lost", text, marks, None, "", who, flags=flags, origin="suggested")
        )

    decide(first, "kl", "rain")
    decide(second, "kl", "wind")
    decide(second, "kl", "snow", "repeat")  # a second reading supersedes nothing
    decide(first, "mn", "snow")
    said: list[str] = []
    place, _ = apply_review(coded, [store.folder], say=said.append)
    assert [*read_fixed(place, read_manifest(place))] == [second]
    assert len(said) == 1 and "settle which holds" in said[0]
    decide(first, "mn", "snow", "settled")
    place, _ = apply_review(coded, [store.folder])
    fixed = read_fixed(place, read_manifest(place))
    assert {id_: row.decided for id_, row in fixed.items()} == {first: ("snow",), second: ("wind",)}
    store.append(
        Annotation(first, "", "lost", str(TRUTH[first]["text"]), None, None, "", "kl", flags=("skipped",))
    )
    assert apply_review(coded, [store.folder], tmp_path / "again")[1][0].reviewed == 2
