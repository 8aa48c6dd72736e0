"""From a coded run folder to tables of clusters, by the command line."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from samorsak.coded import CodedAnswer, StatementRow
from samorsak.pipeline.discovering import discover_clusters
from samorsak.report.clusters import CLUSTER_COLUMNS, CLUSTERED_COLUMNS
from samorsak.report.files import write_coded, write_statements
from samorsak.scheme import read_proposals, read_scheme

Run = Callable[..., Result]

# constructed: two causes of `missed` and one that the scheme lacks, called no cause or given a neighbour
DEMAND = [
    "få lediga jobb",
    "inga lediga jobb finns",
    "företagen anställer inte",
    "arbetsgivarna anställer inte",
    "det är ont om lediga jobb",
    "få arbetsgivare anställer",
    "lågkonjunktur och få lediga jobb",
    "arbetsgivarna vågar inte anställa",
]
GOALS = [
    "otydliga mål",
    "målen är otydliga",
    "vi saknar tydliga mål",
    "målen är luddiga",
    "målen går inte att mäta",
    "otydliga och luddiga mål",
    "mål som inte går att mäta",
    "inga mätbara mål",
]
FIRST = "Vad bedömer ni vara den eller de främsta orsakerna till uteblivna resultat?"


def coded(folder: Path, statements: list[tuple[str, str, float]], question: str = "missed") -> Path:
    """Write a run folder of answers with one statement each."""
    folder.mkdir()
    answers, rows = [], []
    for i, (text, category, probability) in enumerate(statements):
        answer_id = f"{i}/{question}"
        answers.append(CodedAnswer(answer_id, "2024", question, (category,), text, {}))
        rows.append(StatementRow(answer_id, 1, 0, len(text), text, category, probability, "other", 0.1))
    write_coded(folder / "answers.csv", answers)
    write_statements(folder / "statements.csv", rows)
    scheme = read_scheme("af").model_dump_json(by_alias=True)
    (folder / "scheme.json").write_text(scheme, encoding="utf-8")
    return folder


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    both = [(text, "low_labour_demand", 0.9) for text in DEMAND] + [(t, "unclear_goals", 0.8) for t in GOALS]
    return coded(tmp_path / "run", [*both, ("vi köpte en röd cykel", "no_cause", 0.0)])


def test_clusters_are_written_and_shown(samorsak: Run, run: Path, tmp_path: Path) -> None:
    result = samorsak("discover", run, "--out", tmp_path / "out" / "deep")
    assert (result.exit_code, result.stderr) == (0, "")
    clusters = table(tmp_path / "out" / "deep" / "clusters.csv")
    assert tuple(clusters[0]) == CLUSTER_COLUMNS
    assert {row["category"]: row["verdict"] for row in clusters} == {
        "low_labour_demand": "covered",
        "unclear_goals": "covered",
    }
    goals = next(row for row in clusters if row["category"] == "unclear_goals")
    assert "mål" in goals["words"].split(";")
    assert set(goals["typical"].split(" | ")) <= set(GOALS)
    assert float(goals["share"]) == pytest.approx(int(goals["size"]) / 17, abs=1e-6)
    shown = result.stdout.splitlines()
    assert shown[0] == FIRST
    assert shown[1].startswith("17 påståenden, 17 olika; 2 kluster, ")
    assert "Täcks av en kategori (2)" in shown
    assert any(line.startswith("  Kluster 1: ") and "Låg efterfrågan" in line for line in shown)
    tables = "clusters.csv, clustered.csv, evidence.csv, categories.csv, proposals.yaml"
    files = f"{tables}, map.html, map-missed.png"
    assert shown[-1] == f"written to {tmp_path / 'out' / 'deep'}: {files}"
    assert set(files.split(", ")) <= {path.name for path in (tmp_path / "out" / "deep").iterdir()}


def test_every_statement_stands_in_clustered(samorsak: Run, run: Path, tmp_path: Path) -> None:
    samorsak("discover", run, "--out", tmp_path / "out")
    rows = table(tmp_path / "out" / "clustered.csv")
    assert tuple(rows[0]) == CLUSTERED_COLUMNS
    assert [row["text"] for row in rows] == [*DEMAND, *GOALS, "vi köpte en röd cykel"]
    assert (rows[-1]["cluster"], rows[-1]["strength"]) == ("", "0.000000")
    sizes = [int(row["size"]) for row in table(tmp_path / "out" / "clusters.csv")]
    assert sizes == [sum(row["cluster"] == str(c) for row in rows) for c in (1, 2)]


def test_evidence_stands_side_by_side(samorsak: Run, run: Path, tmp_path: Path) -> None:
    samorsak("discover", run, "--out", tmp_path / "out")
    clusters = {row["cluster"]: row["category"] for row in table(tmp_path / "out" / "clusters.csv")}
    rows = table(tmp_path / "out" / "evidence.csv")
    assert len(rows) == len(clusters) * (len(read_scheme("af").outcomes("missed")) + 1)
    for cluster, category in clusters.items():
        own = [row for row in rows if row["cluster"] == cluster]
        nearest = max(own, key=lambda row: float(row["nearness"] or 0))
        assert nearest["category"] == category
        assert {float(row["share"]) for row in own if row["category"] == category} == {1.0}


def test_the_same_run_gives_the_same_bytes(run: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        discover_clusters(run, tmp_path / name, seed=5)
    tables = ("clusters.csv", "clustered.csv", "evidence.csv", "categories.csv", "proposals.yaml")
    for file in (*tables, "map.html", "map-missed.png"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_what_the_classifier_does_not_know_is_uncovered(tmp_path: Path) -> None:
    demand = [f"{text}{more}" for more in ("", " i länet", " här hos oss") for text in DEMAND]
    sure = [(text, "low_labour_demand", 0.9) for text in demand]
    spread = ["regulations", "far_from_work", "limited_resources", "other", "no_cause"]
    new = [(text, spread[i % 5], 0.5) for i, text in enumerate(GOALS)]
    (found,) = discover_clusters(coded(tmp_path / "run", [*sure, *new]), tmp_path / "out")
    verdicts = {c.verdict: set(c.typical) <= set(GOALS) for c in found.clusters}
    assert verdicts.pop("uncovered")
    assert verdicts and not any(verdicts.values())


@pytest.mark.parametrize("n", [0, 1, 5])
def test_few_statements_give_a_clear_message(samorsak: Run, tmp_path: Path, n: int) -> None:
    folder = coded(tmp_path / "run", [(text, "other", 0.5) for text in DEMAND])
    write_statements(folder / "statements.csv", [])
    if n:
        folder = coded(tmp_path / "few", [(text, "other", 0.5) for text in (*DEMAND[:3], *GOALS[:2])][:n])
    result = samorsak("discover", folder, "--out", tmp_path / "out")
    assert result.exit_code == 0
    told = (
        "Inga kluster: ett kluster behöver minst 5 olika påståenden som liknar varandra."
        if n
        else "Inga påståenden."
    )
    assert told in result.stdout.splitlines()
    assert table(tmp_path / "out" / "clusters.csv") == []
    assert len(table(tmp_path / "out" / "clustered.csv")) == n


def test_the_same_statement_over_and_over_is_one_cluster(samorsak: Run, tmp_path: Path) -> None:
    texts = ["Otydliga mål", "otydliga mål.", "OTYDLIGA MÅL"] * 20
    folder = coded(tmp_path / "run", [(text, "unclear_goals", 0.9) for text in texts])
    result = samorsak("discover", folder, "--out", tmp_path / "out", "--lang", "en")
    assert "60 statements, 1 distinct; 1 clusters, 0 (0%) outside of them." in result.stdout
    assert "One cluster holds more than half of the statements" in result.stdout
    (row,) = table(tmp_path / "out" / "clusters.csv")
    assert (row["size"], row["share"], row["stability"]) == ("60", "1.000000", "")
    assert (row["verdict"], row["category"], row["typical"]) == ("covered", "unclear_goals", "Otydliga mål")


def test_a_piece_of_a_mask_is_no_word(tmp_path: Path) -> None:
    folder = coded(tmp_path / "run", [(f"ring [telefon] {text}", "other", 0.5) for text in DEMAND])
    rows = [StatementRow(f"{i}/missed", 1, 6, 13, "telefon", "other", 0.5, "", 0) for i in range(8)]
    write_statements(folder / "statements.csv", rows)
    (found,) = discover_clusters(folder, tmp_path / "out")
    assert (found.clusters, found.distinct, len(found.statements)) == ((), 1, 8)


def test_masks_are_no_words(tmp_path: Path) -> None:
    texts = [("ring [telefon]", "no_cause", 0.0)] * 6
    (found,) = discover_clusters(coded(tmp_path / "run", texts), tmp_path / "out")
    assert [(c.words, c.typical) for c in found.clusters] == [(("ring",), ("ring [telefon]",))]


def test_a_lexicon_of_ones_own_is_asked_instead(samorsak: Run, run: Path, tmp_path: Path) -> None:
    line = '{"category": "regulations", "kind": "word", "text": "lediga jobb"}'
    (tmp_path / "missed.jsonl").write_text(line, encoding="utf-8")
    result = samorsak("discover", run, "--lexicon", tmp_path / "missed.jsonl", "--out", tmp_path / "out")
    assert result.exit_code == 0
    rows = table(tmp_path / "out" / "evidence.csv")
    near = {(row["cluster"], row["category"]): float(row["nearness"] or 0) for row in rows}
    clusters = {row["category"]: row["cluster"] for row in table(tmp_path / "out" / "clusters.csv")}
    demand = clusters["low_labour_demand"]
    assert near[demand, "regulations"] > near[demand, "low_labour_demand"]


def test_a_question_that_is_not_there(samorsak: Run, run: Path, tmp_path: Path) -> None:
    result = samorsak("discover", run, "--question", "why", "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "question is 'why', the scheme has: achieved, missed\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("0/missed", "x/missed", "answer_id 'x/missed' is not among the answers beside it"),
        ("low_labour_demand", "low_tide", "category 'low_tide' is not one of question 'missed'"),
    ],
)
def test_statements_of_another_run(
    samorsak: Run, run: Path, tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = run / "statements.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8", newline="")
    result = samorsak("discover", run, "--out", tmp_path / "out")
    assert (result.exit_code, result.stderr) == (1, f"{path}: {told}\n")


def test_a_place_where_no_folder_can_be(samorsak: Run, run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = samorsak("discover", run, "--out", tmp_path / "file")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{tmp_path / 'file'}: no folder can be made here (")


ROUND = "Nr;Svar\n" + "".join(
    f"{i};{text}\n" for i, text in enumerate([*DEMAND, *GOALS, "ring 070-174 06 05"])
)
READING = ("--text", "missed=Svar", "--id", "Nr", "--round", "2024", "--delimiter", ";")


def test_a_round_is_coded_first(samorsak: Run, tmp_path: Path) -> None:
    (tmp_path / "round.csv").write_text(ROUND, encoding="utf-8")
    result = samorsak("discover", "round.csv", *READING, "--out", "out")
    assert (result.exit_code, result.stderr) == (0, "")
    shown = result.stdout.splitlines()
    assert shown[0].startswith("17 answers, ")
    assert shown[0].endswith("; dropped 0; masked telefon: 1")
    assert shown[-1].endswith(f"; the coded round: {Path('out', 'coded')}")
    samorsak("classify", "round.csv", *READING, "--out", "coded")
    for name in ("answers.csv", "statements.csv", "run.json"):
        assert (tmp_path / "out" / "coded" / name).read_bytes() == (tmp_path / "coded" / name).read_bytes()
    rows = table(tmp_path / "out" / "clustered.csv")
    coded_rows = table(tmp_path / "coded" / "statements.csv")
    place = ("answer_id", "start", "end", "text")
    assert [[row[c] for c in place] for row in rows] == [[row[c] for c in place] for row in coded_rows]
    assert not any("070" in row["text"] for row in rows)


def test_what_says_how_to_code_is_refused_where_nothing_is_coded(samorsak: Run, run: Path) -> None:
    result = samorsak("discover", run, "--model", "af-causes", "--out", "out")
    assert result.exit_code == 2
    told = " ".join(result.stderr.replace("│", " ").split())
    assert "Invalid value for --model" in told
    assert told.endswith("is a coded round; leave it out, or name the round file")
    assert not Path("out").exists()


def test_annotated_examples_fall_in_clusters(samorsak: Run, run: Path, tmp_path: Path) -> None:
    def row(text: str, category: str, question: str = "missed") -> str:
        marked = [{"start": 0, "end": len(text), "category": category}]
        said = {"answer_id": text, "round": "1", "question": question, "text": text, "statements": marked}
        return json.dumps(said) + "\n"

    said = [
        *(row(DEMAND[0], "regulations"), row("lediga jobb är få och inga finns", "low_labour_demand")),
        *(row("vi köpte en röd cykel", "other"), row(GOALS[0], "clear_goals", "achieved")),
        '{"answer_id": "9", "round": "1", "question": "missed", "text": "Vet ej", "statements": []}\n',
    ]
    (tmp_path / "said.jsonl").write_text("".join(said), encoding="utf-8")
    result = samorsak("discover", run, "--annotations", tmp_path / "said.jsonl", "--out", tmp_path / "out")
    assert (result.exit_code, result.stderr) == (0, "")
    clusters = {row["category"]: row["cluster"] for row in table(tmp_path / "out" / "clusters.csv")}
    evidence = table(tmp_path / "out" / "evidence.csv")
    fallen = {
        (row["cluster"], row["category"]): row["examples"] for row in evidence if row["examples"] != "0"
    }
    demand = clusters["low_labour_demand"]
    assert fallen == {(demand, "regulations"): "1", (demand, "low_labour_demand"): "1"}
    definition = {row["category"]: row["definition"] for row in evidence if row["cluster"] == demand}
    assert max(definition, key=lambda name: float(definition[name] or -1)) == "low_labour_demand"
    assert definition["no_cause"] == ""


def test_annotations_of_an_audit_are_no_evidence(samorsak: Run, run: Path, tmp_path: Path) -> None:
    (tmp_path / "said.jsonl").write_text(
        '{"answer_id": "1", "question": "missed", "text": "x", "statements": [], "audit": "1:1"}\n',
        encoding="utf-8",
    )
    result = samorsak("discover", run, "--annotations", tmp_path / "said.jsonl", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "is of the audit draw" in result.stderr


def test_statements_of_stop_words_only_are_in_no_cluster(tmp_path: Path) -> None:
    said = [("Det", "no_cause", 0.0), ("Vi har", "no_cause", 0.0), ("Det är", "no_cause", 0.0)] * 20
    texts = [(text, "low_labour_demand", 0.9) for text in DEMAND]
    (found,) = discover_clusters(coded(tmp_path / "run", [*said, *texts]), tmp_path / "out")
    assert [s.cluster for s in found.statements[:60]] == [None] * 60
    assert [c.size for c in found.clusters] in ([], [8])
    assert len(table(tmp_path / "out" / "clustered.csv")) == 68


@pytest.mark.parametrize(
    "texts",
    [[f"{i} 2 3?" for i in range(60)], ["👍", "...", "[telefon]"] * 20, ["a b", "c"]],
    ids=["digits", "marks", "letters"],
)
def test_statements_without_words_are_in_no_cluster(samorsak: Run, tmp_path: Path, texts: list[str]) -> None:
    folder = coded(tmp_path / "run", [(text, "no_cause", 0.0) for text in texts])
    result = samorsak("discover", folder, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "Inga kluster: " in result.stdout
    assert table(tmp_path / "out" / "clusters.csv") == []
    assert len(table(tmp_path / "out" / "clustered.csv")) == len(texts)
    assert read_proposals(tmp_path / "out" / "proposals.yaml") == {}


def test_a_question_without_answers(samorsak: Run, run: Path, tmp_path: Path) -> None:
    result = samorsak("discover", run, "--question", "achieved", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1] == "Inga påståenden."
    for name in ("clusters.csv", "clustered.csv", "evidence.csv"):
        assert table(tmp_path / "out" / name) == []
    assert {row["verdict"] for row in table(tmp_path / "out" / "categories.csv")} == {"thin"}
