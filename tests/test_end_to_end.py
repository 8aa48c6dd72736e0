"""From a round file to ranked lists: the packaged 2024 round, the default model, every file that is written."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from samorsak.pipeline.coding import classify_round, code_texts
from samorsak.pipeline.demo import DEMO_ROUND
from samorsak.pipeline.training import load_model
from samorsak.scheme import read_scheme


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return classify_round(DEMO_ROUND, tmp_path_factory.mktemp("run") / "coded").out


def test_counts_in_are_counts_out_and_dropped(run: Path) -> None:
    counts = json.loads((run / "run.json").read_text(encoding="utf-8"))["counts"]
    assert counts["rows"] == 186
    assert counts["cells"] == 372 == counts["answers"] + sum(counts["dropped"].values())
    assert counts["dropped"] == {"no text": 52}
    assert len(rows_of(run / "answers.csv")) == counts["answers"] == 320
    assert len(rows_of(run / "statements.csv")) == counts["statements"]


def test_statements_are_the_words_of_their_answers_and_bear_its_categories(run: Path) -> None:
    answers = {row["answer_id"]: row for row in rows_of(run / "answers.csv")}
    given: dict[str, set[str]] = {answer_id: set() for answer_id in answers}
    for row in rows_of(run / "statements.csv"):
        assert answers[row["answer_id"]]["text"][int(row["start"]) : int(row["end"])] == row["text"]
        assert 0 <= float(row["probability"]) <= 1
        given[row["answer_id"]].add(row["category"])
    for answer_id, row in answers.items():
        assert set(row["categories"].split(";")) == (given[answer_id] - {"no_cause"} or {"no_cause"})


def test_ranking_is_what_counting_the_answers_gives(run: Path) -> None:
    scheme = read_scheme("af")
    answers = rows_of(run / "answers.csv")
    ranking = rows_of(run / "ranking.csv")
    for question in ("achieved", "missed"):
        own = [row["categories"].split(";") for row in answers if row["question"] == question]
        for lines in ("scheme", "2023", "2024"):
            counted = Counter(
                line
                for categories in own
                for line in {
                    c if lines == "scheme" else scheme.line_of(question, c, lines) for c in categories
                }
                if line != "no_cause"
            )
            for base, of in (("causes", counted.total()), ("answers", len(own))):
                rows = [
                    r for r in ranking if (r["question"], r["base"], r["lines"]) == (question, base, lines)
                ]
                expected = (
                    scheme.outcomes(question) if lines == "scheme" else scheme.report_lines(question, lines)
                )
                assert {r["category"] for r in rows} == set(expected)
                assert rows[-1]["category"] == "other"
                assert rows[-1]["rank"] == ""
                for row in rows:
                    n = counted[row["category"]]
                    assert (int(row["n"]), int(row["of"]), float(row["share"])) == (n, of, n / of)
                for row in rows[:-1]:
                    ahead = sum(counted[r["category"]] > int(row["n"]) for r in rows[:-1])
                    assert int(row["rank"]) == ahead + 1


def test_the_workbook_holds_the_same(run: Path) -> None:
    book = openpyxl.load_workbook(run / "coded.xlsx", read_only=True)
    assert book.sheetnames == ["Läs mig", "Rangordning", "Svar", "Påståenden"]
    assert sum(1 for _ in book["Svar"].iter_rows()) == 321
    assert sum(1 for _ in book["Påståenden"].iter_rows()) == len(rows_of(run / "statements.csv")) + 1


def test_a_second_run_writes_the_same_bytes(run: Path, tmp_path: Path) -> None:
    again = classify_round(DEMO_ROUND, tmp_path / "again").out
    assert sorted(p.name for p in again.iterdir()) == sorted(p.name for p in run.iterdir())
    for path in run.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_the_default_model_names_plain_causes() -> None:
    model, card = load_model("af-causes")
    assert card["fingerprint"] == read_scheme("af").fingerprint()
    said = {
        ("missed", "Lågkonjunkturen gör att ingen anställer."): ("low_labour_demand",),
        ("missed", "Sekretessen hindrar oss från att dela uppgifter."): ("regulations",),
        ("missed", "Vet ej"): ("no_cause",),
        ("missed", "Långa köer till sfi. Vi har för lite personal."): (
            "limited_resources",
            "education_shortfall",
        ),
        ("achieved", "Täta avstämningsmöten, tydliga mål"): ("regular_meetings", "clear_goals"),
        ("achieved", "ESF-projektet som vi driver ihop"): ("joint_projects",),
    }
    assert [d.categories for d in code_texts(model, list(said))] == list(said.values())
