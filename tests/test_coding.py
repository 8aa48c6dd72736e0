"""A round in, a coded round out: the same bytes however it is done, and nothing lost on the way."""

import csv
import json
import random
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from conftest import weather_answers

from samorsak.errors import InputError, ModelError
from samorsak.pipeline import chunks
from samorsak.pipeline.chunks import code_texts
from samorsak.pipeline.coding import Coded, classify_round
from samorsak.pipeline.demo import DEMO_ROUND
from samorsak.pipeline.training import load_model
from samorsak.places import SOURCE_TREE
from samorsak.report.files import read_coded, read_statements
from samorsak.scheme import Scheme, read_scheme

FILES = [
    *("answers.csv", "coded.xlsx", "probabilities.safetensors", "ranking.csv"),
    *("run.json", "scheme.json", "statements.csv", "trial.csv"),
]
HEADER = ("answer_id", "round", "question", "text", "Region")
ROWS = [
    (row["answer_id"], "2024", row["question"], row["text"], "Syd" if number % 3 else "Nord")
    for number, row in enumerate(weather_answers("lost", 25, 7) + weather_answers("won", 15, 7))
]


def write_round(path: Path, rows: Iterable[Sequence[object]], header: Sequence[str] = HEADER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def coded(folder: Path) -> dict[str, tuple[object, ...]]:
    """Give what each answer was given, by its id: categories, and statements without offsets."""
    statements: dict[str, list[tuple[object, ...]]] = {}
    for s in read_statements(folder / "statements.csv"):
        row = (s.text, s.category, s.probability, s.next_category, s.next_probability)
        statements.setdefault(s.answer_id, []).append(row)
    return {a.answer_id: (a.categories, *statements[a.answer_id]) for a in read_coded(folder)}


class Interrupted(Exception):
    pass


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 7)


@pytest.fixture
def round_file(tmp_path: Path) -> Path:
    return write_round(tmp_path / "round.csv", ROWS)


@pytest.fixture
def run(weather: Path, round_file: Path, tmp_path: Path) -> Coded:
    return classify_round(round_file, tmp_path / "run", model=weather / "model")


def assert_consistent(folder: Path) -> None:
    """Check that answers, statements and counts of a coded round agree."""
    answers = read_coded(folder)
    statements = read_statements(folder / "statements.csv")
    by_id = {a.answer_id: a for a in answers}
    stated: dict[str, list[str]] = {}
    for s in statements:
        assert by_id[s.answer_id].text[s.start : s.end] == s.text != ""
        stated.setdefault(s.answer_id, []).append(s.category)
        assert s.statement == len(stated[s.answer_id])
    assert list(stated) == list(by_id)  # every answer, in the order of the round
    for answer_id, categories in stated.items():
        causes = set(categories) - {"no_cause"}
        assert set(by_id[answer_id].categories) == (causes or {"no_cause"})
    counts = json.loads((folder / "run.json").read_text(encoding="utf-8"))["counts"]
    assert (counts["answers"], counts["statements"]) == (len(answers), len(statements))
    assert counts["cells"] == counts["answers"] + sum(counts["dropped"].values())


def test_what_is_written(run: Coded, weather: Path) -> None:
    assert sorted(path.name for path in run.out.iterdir()) == FILES
    assert_consistent(run.out)
    answers = read_coded(run.out)
    assert [(a.answer_id, a.round, a.question, a.text, a.background["Region"]) for a in answers] == ROWS
    assert (run.answers, run.statements) == (40, len(read_statements(run.out / "statements.csv")))
    assert (dict(run.dropped), dict(run.masked), run.round.name) == ({}, {}, "round.csv")
    scheme = Scheme.model_validate_json((run.out / "scheme.json").read_text(encoding="utf-8"))
    assert scheme == read_scheme(weather)


def test_the_manifest(run: Coded, weather: Path, tmp_path: Path) -> None:
    text = (run.out / "run.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    _, card = load_model(weather / "model")
    versions = manifest.pop("versions")
    assert sorted(versions) == ["numpy", "python", "samorsak", "scipy", "spacy"]
    assert manifest == {
        "counts": {
            "answers": 40,
            "cells": 40,
            "dropped": {},
            "ids_like_personal_data": 0,
            "masked": {},
            "rows": 40,
            "statements": run.statements,
        },
        "input": {
            "name": "round.csv",
            "sha256": run.round.sha256,
            "format": "csv",
            "layout": "long",
            "encoding": "utf-8",
            "delimiter": ",",
            "sheet": None,
            "columns": {name: name for name in HEADER[:4]},
        },
        "model": {"name": "model", "sha256": card["sha256"], "seed": 0, "thresholds": card["thresholds"]},
        "personal_data": "masked",
        "scheme": {"version": 1, "fingerprint": read_scheme(weather).fingerprint()},
    }
    for path in (tmp_path, weather, SOURCE_TREE, Path.home()):
        assert str(path) not in text
    assert not any(str(row[3]) in text for row in ROWS)


def test_neither_place_nor_time_is_seen(run: Coded, weather: Path, tmp_path: Path) -> None:
    elsewhere = write_round(tmp_path / "elsewhere" / "round.csv", ROWS)
    shutil.copytree(weather / "model", tmp_path / "elsewhere" / "model")
    again = classify_round(elsewhere, tmp_path / "other", model=tmp_path / "elsewhere" / "model")
    assert contents(again.out) == contents(run.out)


def test_a_second_run_takes_the_place_of_the_first(run: Coded, weather: Path, round_file: Path) -> None:
    before = contents(run.out)
    write_round(round_file, ROWS[:3])
    assert classify_round(round_file, run.out, model=weather / "model").answers == 3
    assert len(read_coded(run.out)) == 3
    write_round(round_file, ROWS)
    classify_round(round_file, run.out, model=weather / "model", resume=True)  # nothing to go on with
    assert contents(run.out) == before


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("stop", [7, 21, 40])
def test_an_interrupted_run_goes_on(
    run: Coded, weather: Path, round_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    def interrupt(done: int, of: int) -> None:
        assert of == 40
        if done >= stop:
            raise Interrupted

    out = tmp_path / "again"
    with pytest.raises(Interrupted):
        classify_round(round_file, out, model=weather / "model", progress=interrupt)
    assert [path.name for path in out.iterdir()] == ["partial"]
    looked_at: list[int] = []
    monkeypatch.setattr(
        chunks, "code_texts", lambda model, texts: looked_at.append(len(texts)) or code_texts(model, texts)
    )
    seen: list[tuple[int, int]] = []
    classify_round(
        round_file, out, model=weather / "model", resume=True, progress=lambda *done: seen.append(done)
    )
    assert sum(looked_at) == 40 - stop
    assert seen == [(done, 40) for done in [*range(stop + 7, 40, 7), 40] if done > stop]
    assert contents(out) == contents(run.out)


@pytest.mark.usefixtures("small_chunks")
def test_an_interrupted_run_of_something_else(weather: Path, round_file: Path, tmp_path: Path) -> None:
    def interrupt(*_: int) -> None:
        raise Interrupted

    out = tmp_path / "again"
    with pytest.raises(Interrupted):
        classify_round(round_file, out, model=weather / "model", progress=interrupt)
    other = write_round(tmp_path / "other.csv", ROWS[:5])
    with pytest.raises(InputError) as caught:
        classify_round(other, out, model=weather / "model", resume=True)
    assert str(caught.value) == (
        f"{out}: holds an interrupted run of another input or model; leave --resume out to start anew"
    )
    classify_round(other, out, model=weather / "model")
    assert sorted(path.name for path in out.iterdir()) == FILES
    assert len(read_coded(out)) == 5


@pytest.mark.usefixtures("small_chunks")
def test_two_processes_write_the_same_bytes(
    run: Coded, weather: Path, round_file: Path, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    two = classify_round(
        round_file,
        tmp_path / "two",
        model=weather / "model",
        processes=2,
        progress=lambda *done: seen.append(done),
    )
    assert contents(two.out) == contents(run.out)
    assert seen == [(done, 40) for done in (7, 14, 21, 28, 35, 40)]


@pytest.mark.usefixtures("small_chunks")
def test_the_order_of_rows_is_all_that_it_changes(run: Coded, weather: Path, tmp_path: Path) -> None:
    shuffled = random.Random(3).sample(ROWS, len(ROWS))
    other = classify_round(
        write_round(tmp_path / "shuffled.csv", shuffled), tmp_path / "other", model=weather / "model"
    )
    assert coded(other.out) == coded(run.out)
    assert [a.answer_id for a in read_coded(other.out)] == [row[0] for row in shuffled]
    assert contents(other.out)["ranking.csv"] == contents(run.out)["ranking.csv"]


@pytest.mark.usefixtures("small_chunks")
def test_the_same_text_is_coded_the_same(weather: Path, tmp_path: Path) -> None:
    texts = [str(row[3]) for row in ROWS[:6]]
    rows = [(number, "2024", "lost", texts[number % 6], "") for number in range(30)]
    run = classify_round(write_round(tmp_path / "r.csv", rows), tmp_path / "run", model=weather / "model")
    found = coded(run.out)
    assert all(found[str(number)] == found[str(number % 6)] for number in range(30))


def test_composed_and_decomposed_files(weather: Path, tmp_path: Path) -> None:
    found = []
    for form in ("NFC", "NFD"):
        rows = [[unicodedata.normalize(form, str(cell)) for cell in row] for row in ROWS]
        path = write_round(tmp_path / f"{form}.csv", rows)
        run = classify_round(path, tmp_path / form, model=weather / "model")
        assert_consistent(run.out)
        found.append(
            {
                answer_id: [categories, *((unicodedata.normalize("NFC", s[0]), *s[1:]) for s in statements)]
                for answer_id, (categories, *statements) in coded(run.out).items()
            }
        )
        ranking = (run.out / "ranking.csv").read_bytes()
    assert found[0] == found[1]
    assert ranking == (tmp_path / "NFC" / "ranking.csv").read_bytes()


def test_odd_answers(weather: Path, tmp_path: Path) -> None:
    texts = [
        "😀",
        "👩🏽‍🚒 det regnade 🌧️ och snön låg djup ❄️",
        "...",
        " - ",
        "?!" * 500,
        "\u200b",
        "a\u030a\u0323\u0301 vinden",
        "=SUMMA(A1)",
        "+46",
        "-Regn\n-Snö",
        "@vinden",
        "x" * 3000,
        'Hon sa "regn", sedan snö',
        "Regn\rSnö\u2028Vind",
        "Ring 070-174 06 05 om regnet",
    ]
    rows = [(number, "2024", "lost", text, "=1+1") for number, text in enumerate(texts)]
    run = classify_round(write_round(tmp_path / "r.csv", rows), tmp_path / "run", model=weather / "model")
    assert_consistent(run.out)
    answers = read_coded(run.out)
    expected = [*texts[:-2], "Regn\nSnö\nVind", "Ring [telefon] om regnet"]
    assert [a.text for a in answers] == expected
    assert {a.background["Region"] for a in answers} == {"=1+1"}
    assert dict(run.masked) == {"telefon": 1}
    for number in (0, 2, 3, 4, 5):
        assert answers[number].categories == ("no_cause",)
    statements = [s for s in read_statements(run.out / "statements.csv") if s.answer_id in ("2", "3")]
    assert [(s.start, s.end, s.text, s.category, s.probability, s.next_category) for s in statements] == [
        (0, 3, "...", "no_cause", 1.0, ""),
        (1, 2, "-", "no_cause", 1.0, ""),
    ]
    assert answers[1].categories == ("rain", "snow")


def test_a_megabyte_among_others(weather: Path, tmp_path: Path) -> None:
    long = f"Det regnade {'mycket ' * 40}hela dagen, och en kall vind. " * 3_300
    rows = [*ROWS, ("long", "2024", "lost", long, "Syd")]
    assert len(long) > 2**20
    run = classify_round(write_round(tmp_path / "r.csv", rows), tmp_path / "run", model=weather / "model")
    assert_consistent(run.out)
    assert {"rain", "wind"} <= set(read_coded(run.out)[-1].categories)
    assert run.statements > 3_300


def test_every_row_is_accounted_for(weather: Path, tmp_path: Path) -> None:
    rows = [("1", "2024", "lost", "Regn", ""), ("2", "2024", "lost", "", ""), ("3", "2024", "won", " \n", "")]
    run = classify_round(write_round(tmp_path / "r.csv", rows), tmp_path / "run", model=weather / "model")
    assert (run.answers, dict(run.dropped)) == (1, {"no text": 2})
    counts = json.loads((run.out / "run.json").read_text(encoding="utf-8"))["counts"]
    assert (counts["rows"], counts["cells"], counts["answers"], counts["dropped"]) == (
        3,
        3,
        1,
        {"no text": 2},
    )
    assert_consistent(run.out)


def test_personal_data_may_be_kept(weather: Path, tmp_path: Path) -> None:
    path = write_round(tmp_path / "r.csv", [("1", "2024", "lost", "Ring 070-174 06 05", "kim@example.org")])
    run = classify_round(path, tmp_path / "run", model=weather / "model", keep_personal_data=True)
    (answer,) = read_coded(run.out)
    assert (answer.text, answer.background["Region"]) == ("Ring 070-174 06 05", "kim@example.org")
    assert json.loads((run.out / "run.json").read_text(encoding="utf-8"))["personal_data"] == "kept"


def test_a_question_that_the_model_does_not_have(weather: Path, tmp_path: Path) -> None:
    path = write_round(tmp_path / "r.csv", [("1", "2024", "drawn", "Regn", "")])
    with pytest.raises(InputError) as caught:
        classify_round(path, tmp_path / "run", model=weather / "model")
    assert str(caught.value) == (
        "r.csv: question is 'drawn', the model has: lost, won; rename the question or name another --model"
    )
    assert not (tmp_path / "run").exists()


def test_a_column_with_the_name_of_one_of_ours(weather: Path, tmp_path: Path) -> None:
    header = ("answer_id", "round", "question", "text", "categories")
    path = write_round(tmp_path / "r.csv", [("1", "2024", "lost", "Regn", "x")], header)
    with pytest.raises(InputError) as caught:
        classify_round(path, tmp_path / "run", model=weather / "model")
    assert str(caught.value) == (
        "background column 'categories' has the name of a column of answers.csv; rename it"
    )
    assert not (tmp_path / "run").exists()


def test_a_place_that_cannot_be_written(weather: Path, round_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        classify_round(round_file, tmp_path / "file", model=weather / "model")
    assert str(caught.value).startswith(f"{tmp_path / 'file'}: cannot be written (")
    assert str(caught.value).endswith("); choose another --out")


def test_a_model_that_is_not_there(round_file: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        classify_round(round_file, tmp_path / "run", model=tmp_path / "none")
    assert str(caught.value).startswith(
        f"{tmp_path / 'none'}: no such model; give the folder of a model, or one of:"
    )


def recount(folder: Path, scheme: Scheme) -> list[dict[str, str]]:
    """Count ranking.csv once more, from answers.csv alone."""
    with (folder / "answers.csv").open(encoding="utf-8", newline="") as file:
        answers = list(csv.DictReader(file))
    rows = []
    for round_, question in sorted({(a["round"], a["question"]) for a in answers}):
        own = [
            a["categories"].split(";") for a in answers if (a["round"], a["question"]) == (round_, question)
        ]
        for base in ("causes", "answers"):
            for lines in ("scheme", *scheme.reports()):
                named = (
                    scheme.outcomes(question) if lines == "scheme" else scheme.report_lines(question, lines)
                )
                given = [
                    {c if lines == "scheme" else scheme.line_of(question, c, lines) for c in causes}
                    - {"no_cause"}
                    for causes in own
                ]
                n = {line: sum(line in causes for causes in given) for line in named}
                of = sum(map(len, given)) if base == "causes" else len(own)
                for line in sorted(named, key=lambda line: (line == "other", -n[line])):
                    label = (
                        scheme.label(question, line)
                        if lines == "scheme"
                        else scheme.line_label(question, line, lines)
                    )
                    rank = 1 + sum(n[other] > n[line] for other in named if other != "other")
                    rows.append(
                        {
                            "round": round_,
                            "question": question,
                            "base": base,
                            "lines": lines,
                            "rank": "" if line == "other" else str(rank),
                            "category": line,
                            "label": label,
                            "n": str(n[line]),
                            "of": str(of),
                            "share": repr(n[line] / of if of else 0.0),
                        }
                    )
    return rows


COUNTS = ("round", "question", "base", "lines", "rank", "category", "label", "n", "of", "share")


def ranking(folder: Path) -> list[dict[str, str]]:
    """Give what ranking.csv counts; its intervals are looked at in test_evidence.py."""
    with (folder / "ranking.csv").open(encoding="utf-8", newline="") as file:
        return [{name: row[name] for name in COUNTS} for row in csv.DictReader(file)]


def test_the_ranking_is_counted_from_the_answers(run: Coded, weather: Path) -> None:
    assert ranking(run.out) == recount(run.out, read_scheme(weather))


def test_every_list_of_the_packaged_round_is_counted_from_the_answers(tmp_path: Path) -> None:
    run = classify_round(DEMO_ROUND, tmp_path / "run")
    assert_consistent(run.out)
    rows = ranking(run.out)
    assert rows == recount(run.out, read_scheme("af"))
    assert len({(row["question"], row["base"], row["lines"]) for row in rows}) == 2 * 2 * 3


def test_the_same_text_to_another_question_is_another_answer(weather: Path) -> None:
    model, _ = load_model(weather / "model")
    lost, won, again = code_texts(
        model, [("lost", "solen sken"), ("won", "solen sken"), ("lost", "solen sken")]
    )
    assert won.categories == ("sun",)
    assert lost == again != won
    assert code_texts(model, []) == []
