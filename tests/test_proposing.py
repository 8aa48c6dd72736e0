"""From clusters to proposals that a person accepts, and on to the next version of a scheme."""

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from typer.testing import Result

from samorsak.coded import CodedAnswer, StatementRow
from samorsak.pipeline.proposing import proposals_file, propose_changes
from samorsak.report.clusters import ClusteredStatement, Discovery, FoundCategory, FoundCluster
from samorsak.report.files import write_coded, write_statements
from samorsak.scheme import Scheme, read_proposals, read_scheme

Run = Callable[..., Result]

SCHEME = """
residual:
  other: {label_sv: Övrigt}
questions:
  missed:
    text_sv: Varför inte?
    categories:
      work: {label_sv: Arbete}
      aims: {label_sv: Mål, report: {2023: aims}}
      plans: {label_sv: Planer, report: {2023: plans}}
      health: {label_sv: Hälsa}
"""

# constructed: what people say, and which outcomes the statements are given in turn
SAID = [
    ("work", "få lediga jobb|inga lediga jobb finns|det är ont om lediga jobb|lediga jobb saknas|för få lediga jobb i länet|knappt några lediga jobb|lediga jobb är få"),
    ("work", "komvux har inga kurser|kurserna på komvux är fulla|komvux ställde in kursen|för få kurser på komvux|komvux startade ingen kurs|kurs saknas på komvux"),
    ("aims plans aims plans aims plans other", "otydliga mål|målen är otydliga|vi saknar tydliga mål|målen är luddiga|otydliga och luddiga mål|mål som är otydliga|luddiga mål"),
    ("health no_cause health no_cause health no_cause other", "många är sjukskrivna|sjukskrivna i långa tider|sjukskrivna deltagare|långa sjukskrivningar|deltagarna är sjukskrivna|sjukskrivningar|deltagare är sjukskrivna"),
    ("other", "bussen går sällan|ingen buss på kvällen|bussen slutade gå|det går ingen buss|bussen går inte hit"),
]  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "survey").mkdir()
    (tmp_path / "survey" / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    folder = tmp_path / "run"
    folder.mkdir()
    answers, rows = [], []
    for given, texts in SAID:
        for i, text in enumerate(texts.split("|")):
            category = given.split()[i % len(given.split())]
            answer_id = f"{len(rows)}"
            answers.append(CodedAnswer(answer_id, "2024", "missed", (category,), text, {}))
            rows.append(StatementRow(answer_id, 1, 0, len(text), text, category, 0.9, "other", 0.1))
    write_coded(folder / "answers.csv", answers)
    write_statements(folder / "statements.csv", rows)
    written = read_scheme(tmp_path / "survey").model_dump_json(by_alias=True)
    (folder / "scheme.json").write_text(written, encoding="utf-8")
    return folder


def test_from_clusters_to_the_next_version(samorsak: Run, run: Path, tmp_path: Path) -> None:
    assert samorsak("discover", run, "--out", "out").exit_code == 0
    path = tmp_path / "out" / "proposals.yaml"
    proposed = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [p["kind"] for p in proposed] == ["new", "split", "merge", "border"]
    assert [p["accept"] for p in proposed] == [False] * 4
    new, split, merge, border = proposed
    assert (new["id"].split("_")[0], new["definition"]) == ("bussen", None)
    assert new["evidence"]["size"] == 5
    assert set(new["examples"]) <= set(SAID[4][1].split("|"))
    assert split["from"] == "work" and len(split["to"]) == 2
    assert (set(merge["from"]), merge["to"]) == ({"aims", "plans"}, "aims")
    assert merge["evidence"]["statements"] == {"aims": 3, "plans": 3}
    assert (set(border["between"]), border["rule"]) == ({"health", "no_cause"}, None)

    path.write_text(path.read_text(encoding="utf-8").replace("accept: no", "accept: yes"), encoding="utf-8")
    result = samorsak("scheme", "apply", path, "--scheme", "survey", "--out", "survey-2")
    assert (result.exit_code, result.stdout) == (1, "")
    told = ["has no definition", "has no definition", "counts them under", "rule is empty"]
    lines = [line for line in result.stderr.splitlines() if " line " in line]
    assert [words in line for words, line in zip(told, lines, strict=True)] == [True] * 4

    new |= {"accept": True, "id": "buses", "label": "Bussar", "definition": "Bussar som inte går."}
    parts = [{**part, "definition": "En del."} for part in split["to"].values()]
    split |= {"accept": True, "to": {**dict(zip(split["to"], parts, strict=True))}}
    merge |= {"accept": True, "report": {2023: "aims"}}
    border |= {"accept": True, "rule": "Sjuka deltagare: health."}
    path.write_text(yaml.safe_dump(proposed, allow_unicode=True), encoding="utf-8")
    assert samorsak("scheme", "apply", path, "--scheme", "survey", "--out", "survey-2").exit_code == 0
    made = read_scheme(tmp_path / "survey-2")
    assert made.version == 2
    assert made.outcomes("missed") == (*split["to"], "aims", "health", "buses", "other")
    assert made.borders == ["Sjuka deltagare: health."]
    shown = samorsak("scheme", "diff", "survey", "survey-2").stdout
    assert re.findall(r"^(\w+): +(?:missed|\+)", shown, re.M) == ["split", "merged", "new", "border"]


def test_categories_are_judged(samorsak: Run, run: Path, tmp_path: Path) -> None:
    shown = samorsak("discover", run, "--out", "out").stdout.splitlines()
    with (tmp_path / "out" / "categories.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["category"]: row for row in csv.DictReader(file)}
    assert {name: (row["statements"], row["clusters"], row["verdict"]) for name, row in rows.items()} == {
        "work": ("13", "2", "split"),
        "aims": ("3", "1", "border"),
        "plans": ("3", "1", "border"),
        "health": ("3", "1", "border"),
    }
    assert float(rows["aims"]["tightness"]) > float(rows["work"]["tightness"])
    place = shown.index("Kategorier som bara delar kluster med en annan (3)")
    assert shown[place + 1] == "  Mål (3), Planer (3), Hälsa (3)"


def cluster(number: int, verdict: str, *categories: str, words: tuple[str, ...] = ()) -> FoundCluster:
    return FoundCluster(number, 5, 0.1, None, verdict, categories, words, ("så",), ())  # type: ignore[arg-type]


def discovery(clusters: list[FoundCluster], given: list[tuple[str, int | None]]) -> Discovery:
    statements = [ClusteredStatement("1", 0, 1, "x", category, c, 1.0) for category, c in given]
    judged = [FoundCategory(c, 3, 1, None, "border") for c in ("work", "aims", "plans", "health")]
    return Discovery("missed", "?", 9, 5, {}, tuple(clusters), tuple(judged), tuple(statements))


def kinds(clusters: list[FoundCluster], given: list[tuple[str, int | None]]) -> list[str]:
    return [p.kind for p in propose_changes([discovery(clusters, given)], scheme())]


def scheme() -> Scheme:
    return Scheme.model_validate(yaml.safe_load(SCHEME))


def test_what_lies_elsewhere_is_no_merge() -> None:
    between = [cluster(1, "between", "aims", "plans"), cluster(2, "between", "health", "aims")]
    together: list[tuple[str, int | None]] = [("aims", 1), ("plans", 1), ("aims", None)]
    assert kinds(between[:1], together) == ["merge"]
    assert kinds(between, [*together, ("aims", 2), ("aims", 3), ("health", 2)]) == ["border", "border"]


def test_clusters_between_the_same_two_are_one_proposal() -> None:
    both = [cluster(1, "between", "health", "no_cause"), cluster(2, "between", "no_cause", "health")]
    (border,) = propose_changes([discovery(both, [("health", 1), ("no_cause", 2)])], scheme())
    assert [c["cluster"] for c in border.evidence["clusters"]] == [1, 2]
    assert border.examples == ["så", "så"]


def test_ids_and_labels_are_free_and_valid() -> None:
    words = [("Mål",), ("mål", "år"), ("mål", "år"), ("work",), (), ("ändrad-lag", "ökat")]
    clusters = [cluster(i + 1, "uncovered", words=found) for i, found in enumerate(words)]
    proposed = propose_changes([discovery(clusters, [])], scheme())
    assert [p.id for p in proposed if p.kind == "new"] == [
        *("mal", "mal_ar", "mal_ar_2", "work_2", "cluster_5", "andrad_lag_okat"),
    ]
    assert [p.label for p in proposed if p.kind == "new"] == [
        *("Mål 2", "Mål, år", "Mål, år 2", "Work", "? 5", "Ändrad-lag, ökat"),
    ]


def test_evidence_marks_clusters_that_are_unstable() -> None:
    clusters = [replace(cluster(i + 1, "uncovered"), stability=s) for i, s in enumerate((0.4, 0.9, None))]
    proposed = yaml.safe_load(proposals_file([discovery(clusters, [])], scheme()))
    evidence = [p["evidence"] for p in proposed]
    assert [(e["stability"], e.get("unstable")) for e in evidence] == [(0.4, True), (0.9, None), (None, None)]


def test_no_proposals_are_a_valid_file(tmp_path: Path) -> None:
    path = tmp_path / "proposals.yaml"
    path.write_text(
        proposals_file([discovery([cluster(1, "covered", "work")], [])], scheme()), encoding="utf-8"
    )
    assert path.read_text(encoding="utf-8").startswith("# No proposals: ")
    assert read_proposals(path) == {}
