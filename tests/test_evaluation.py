"""How good a model is on authors it has not seen."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import weather_answers, write_weather

from samorsak.errors import TooFewError
from samorsak.evaluate import calibration_error, score
from samorsak.pipeline import evaluation
from samorsak.pipeline.annotated import read_masked_annotations
from samorsak.pipeline.chunks import code_texts
from samorsak.pipeline.evaluation import Evaluation, evaluate_scheme, render_evaluation
from samorsak.pipeline.training import load_model, to_gold, train_model
from samorsak.scheme import read_scheme


def annotate(folder: Path, authors: str, question: str, n: int) -> None:
    for seed, author in enumerate(authors):
        rows = weather_answers(question, n, seed + 10)
        with (folder / "annotations" / f"{author}.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three authors for one question, two for the other."""
    folder = write_weather(tmp_path_factory.mktemp("survey") / "s")
    for path in (folder / "annotations").iterdir():
        path.unlink()
    annotate(folder, "abc", "lost", 21)
    annotate(folder, "ab", "won", 12)
    return folder


@pytest.fixture(scope="module")
def found(survey: Path) -> Evaluation:
    return evaluate_scheme(survey, annotations=[survey / "annotations"])


def test_the_learning_curve(found: Evaluation) -> None:
    assert {q: [p.train_files for p in points] for q, points in found.questions.items()} == {
        "lost": [0, 2],
        "won": [0, 1],
    }
    assert found.scheme.outcomes("won") == ("sun", "calm", "other")


def test_each_set_of_files_is_tried_on_the_others(found: Evaluation) -> None:
    none, two = found.questions["lost"]
    assert [(r.trained_on, r.file) for r in none.rounds] == [((), "a"), ((), "b"), ((), "c")]
    assert [(r.trained_on, r.file) for r in two.rounds] == [
        (("a", "b"), "c"),
        (("a", "c"), "b"),
        (("b", "c"), "a"),
    ]
    assert [r.scores.n for r in two.rounds] == [21, 21, 21]
    assert two.pooled.n == 63
    assert two.mean("micro_f1") == pytest.approx(sum(r.scores.micro_f1 for r in two.rounds) / 3)


def test_what_is_measured_is_what_training_makes(found: Evaluation, survey: Path, tmp_path: Path) -> None:
    scheme = read_scheme(survey)
    paths = [survey / "annotations" / f"{author}.jsonl" for author in "ab"]
    model, _ = load_model(train_model(survey, annotations=paths, out=tmp_path / "m"))
    gold = [
        to_gold(a)
        for a in read_masked_annotations([survey / "annotations" / "c.jsonl"], scheme)
        if a.question == "lost"
    ]
    decided = code_texts(model, [("lost", g.text) for g in gold])
    expected = score([g.categories or {"no_cause"} for g in gold], [set(d.categories) for d in decided])
    assert found.questions["lost"][1].rounds[0].scores == expected


def test_without_files_it_is_scheme_and_lexicon_that_are_measured(
    found: Evaluation, survey: Path, tmp_path: Path
) -> None:
    model, _ = load_model(train_model(survey, out=tmp_path / "m"))
    gold = [
        to_gold(a)
        for a in read_masked_annotations([survey / "annotations"], read_scheme(survey))
        if a.question == "won"
    ]
    decided = code_texts(model, [("won", g.text) for g in gold])
    (none, _) = found.questions["won"]
    assert none.pooled == score(
        [g.categories or {"no_cause"} for g in gold], [set(d.categories) for d in decided]
    )
    written = [
        (s.probability, s.category in g.categories)
        for g, d in zip(gold, decided, strict=True)
        for s in d.statements
        if s.category != "no_cause"
    ]
    probability, right = (np.array(values) for values in zip(*written, strict=True))
    assert none.calibration_error == pytest.approx(calibration_error(probability, right), abs=1e-12)


def test_clear_answers_are_found(found: Evaluation) -> None:
    two = found.questions["lost"][1]
    assert two.mean("micro_f1") > 0.9
    assert two.stretches is not None
    assert two.stretches.half > 0.8
    assert two.calibration_error < 0.2


def test_a_number_of_files(survey: Path) -> None:
    one = evaluate_scheme(survey, annotations=[survey / "annotations"], train_files=1)
    assert {q: [p.train_files for p in points] for q, points in one.questions.items()} == {
        "lost": [1],
        "won": [1],
    }
    rounds = one.questions["lost"][0].rounds
    assert [(r.trained_on, r.file) for r in rounds] == [
        (("a",), "b"),
        (("a",), "c"),
        (("b",), "a"),
        (("b",), "c"),
        (("c",), "a"),
        (("c",), "b"),
    ]


def test_a_question_with_too_few_files_is_left_out(survey: Path) -> None:
    said: list[str] = []
    two = evaluate_scheme(survey, annotations=[survey / "annotations"], train_files=2, say=said.append)
    assert list(two.questions) == ["lost"]
    assert said == [
        "lost: 2 training files, 1 of 3",
        "lost: 2 training files, 2 of 3",
        "lost: 2 training files, 3 of 3",
        "won: too few files with annotated answers to leave one out, not evaluated",
    ]


def test_one_file_for_each_question(tmp_path: Path) -> None:
    folder = write_weather(tmp_path / "s")
    for path in (folder / "annotations").iterdir():
        path.unlink()
    annotate(folder, "a", "lost", 10)
    annotate(folder, "b", "won", 10)
    found = evaluate_scheme(folder, annotations=[folder / "annotations"])
    assert {q: [p.train_files for p in points] for q, points in found.questions.items()} == {
        "lost": [0],
        "won": [0],
    }
    with pytest.raises(TooFewError) as caught:
        evaluate_scheme(folder, annotations=[folder / "annotations"], train_files=1)
    assert str(caught.value) == (
        "annotations: no question has answers in 2 files, expected one that has; "
        "set --train-files lower, or split the annotations by author or by round"
    )


@pytest.mark.parametrize(("train_files", "needed"), [(None, 2), (1, 2), (4, 5)])
def test_too_few_files(survey: Path, train_files: int | None, needed: int) -> None:
    paths = [survey / "annotations" / "a.jsonl"]
    with pytest.raises(TooFewError) as caught:
        evaluate_scheme(survey, annotations=paths, train_files=train_files)
    assert str(caught.value) == (
        f"annotations: 1 files, expected {needed} or more, one of them to be left out; "
        "split the annotations by author or by round"
    )


def test_of_many_sets_only_some_are_tried(survey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "MOST", 2)
    one = evaluate_scheme(survey, annotations=[survey / "annotations"], train_files=1)
    tried = [r.trained_on for r in one.questions["lost"][0].rounds]
    assert sorted(set(tried)) == [("a",), ("c",)]


def test_answers_coded_as_a_whole_have_no_stretches(tmp_path: Path) -> None:
    folder = write_weather(tmp_path / "s")
    for path in (folder / "annotations").iterdir():
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for row in rows:
            row["categories"] = sorted({mark["category"] for mark in row.pop("statements")})
        path.write_text("".join(json.dumps(row) + "\n" for row in rows[:12]), encoding="utf-8")
    found = evaluate_scheme(folder, annotations=[folder / "annotations"], train_files=0)
    (point,) = found.questions["lost"]
    assert point.stretches is None
    assert render_evaluation(found).split("\n")[4].endswith("       -      -")


def test_what_is_printed(found: Evaluation) -> None:
    lines = render_evaluation(found).split("\n")
    assert lines[:4] == [
        "lost",
        "====",
        "",
        "training files  micro-F1  macro-F1  share error  rank corr.    ECE  ECE all   exact   half",
    ]
    two = found.questions["lost"][1]
    assert two.stretches is not None
    assert lines[5].split() == [
        "2",
        f"{two.mean('micro_f1'):.3f}",
        f"{two.mean('macro_f1'):.3f}",
        f"{two.mean('share_error_pp'):.2f}",
        "pp",
        f"{two.mean('rank_correlation'):.3f}",
        f"{two.calibration_error:.3f}",
        f"{two.calibration_error_all:.3f}",
        f"{two.stretches.exact:.3f}",
        f"{two.stretches.half:.3f}",
    ]
    assert (
        lines[7] == "Means over left-out files (3 in the last row); exact and half: marked stretches found."
    )
    assert lines[9] == "Per category, 2 training files, left-out files pooled:"
    rows = lines[12:17]
    assert [row.split()[0] for row in rows] == ["no_cause", "other", "rain", "snow", "wind"]
    rain = next(c for c in two.pooled.categories if c.category == "rain")
    assert rows[2].split() == [
        "rain",
        *(f"{value:.3f}" for value in (rain.precision, rain.recall, rain.f1)),
        str(rain.support),
        str(rain.predicted),
    ]
