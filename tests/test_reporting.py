"""Reports: lists and comparisons as counted from annotated answers, and what is said where something is missing."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
import yaml
from annotated_rounds import ANNOTATIONS, lay_out
from conftest import CODED, SCHEME
from typer.testing import Result

from samorsak.coded import CodedAnswer
from samorsak.errors import InputError
from samorsak.pipeline.audit_draw import draw_audit
from samorsak.pipeline.audit_estimate import estimate_audit
from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.demo import DEMO_ROUND
from samorsak.pipeline.report_sections.material import Settings
from samorsak.pipeline.reporting import build_document, report_run
from samorsak.report.document import (
    Bars,
    Block,
    Bullets,
    Document,
    Note,
    Paragraph,
    Picture,
    Section,
    Slope,
    Table,
    Verbatims,
)
from samorsak.report.docx import printed
from samorsak.report.files import read_coded, write_coded
from samorsak.scheme import Scheme

Run = Callable[..., Result]
T = TypeVar("T", bound=Block)

SCHEME_FILE = Path(__file__).parent.parent / "samorsak" / "schemes" / "af" / "scheme.yaml"

# Line, answers that give it; and of all causes by these lines. Of those given as often, the scheme's
# first stands first. `counted` below counts them again, from the files as they are.
EXPECTED = {
    ("2023", "achieved"): (
        326,
        [
            ("shared_goals", 41),
            ("attitude", 36),
            ("other_structures", 35),
            ("individual_cooperation", 35),
            ("regular_meetings", 34),
            ("process_structures", 28),
        ],
        117,
    ),
    ("2023", "missed"): (
        296,
        [
            ("labour_market", 50),
            ("unclear_goals", 42),
            ("internal_steering", 23),
            ("too_little_time", 23),
            ("education_measures", 22),
            ("independent_actors", 17),
        ],
        119,
    ),
    ("2024", "achieved"): (
        301,
        [
            ("clear_structures", 74),
            ("clear_goals", 37),
            ("joint_measures", 34),
            ("solution_focus", 32),
            ("individual_cooperation", 26),
            ("clear_mandates", 24),
            ("employer_cooperation", 19),
            ("joint_projects", 18),
            ("education_cooperation", 16),
            ("other_actors", 10),
        ],
        11,
    ),
    ("2024", "missed"): (
        317,
        [
            ("low_labour_demand", 49),
            ("unclear_goals", 48),
            ("limited_resources", 31),
            ("lacking_structures", 29),
            ("far_from_work", 28),
            ("internal_steering", 23),
            ("no_joint_measures", 20),
            ("unclear_roles", 13),
            ("regulations", 12),
            ("reorganisation", 9),
        ],
        55,
    ),
}
ANSWERS = {
    ("2023", "achieved"): 192,
    ("2023", "missed"): 175,
    ("2024", "achieved"): 173,
    ("2024", "missed"): 168,
}
ALSO = {
    ("2024", "achieved"): ["other_actors"],
    ("2024", "missed"): ["unclear_roles", "regulations", "reorganisation"],
}
"""Below 5 percent, in order; as in the published report of 2024 for missing results."""


def counted(round_: str, question: str, lines: str) -> Counter[str]:
    """Count annotated answers by the lines of a report, from the files as they are."""
    scheme = yaml.safe_load(SCHEME_FILE.read_text(encoding="utf-8"))
    of = {
        name: own.get("report", {}).get(int(lines)) or "other"
        for name, own in scheme["questions"][question]["categories"].items()
    }
    found: Counter[str] = Counter()
    for file in sorted(ANNOTATIONS.glob("*.jsonl")):
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if (str(row["round"]), row["question"]) == (round_, question):
                given = {s["category"] for s in row["statements"]} - {"no_cause"}
                found.update({of.get(category, "other") for category in given})
    return found


def labels(question: str, lines: str) -> dict[str, str]:
    scheme = yaml.safe_load(SCHEME_FILE.read_text(encoding="utf-8"))
    own = {name: of["label_sv"] for name, of in scheme["questions"][question]["categories"].items()}
    return (
        own | {name: of["label_sv"] for name, of in scheme["lines"][int(lines)].items()} | {"other": "Övrigt"}
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("annotated")
    return {name: lay_out(place / f"coded-{name}", int(name)) for name in ("2023", "2024")}


@pytest.fixture(scope="module")
def reports(runs: dict[str, Path]) -> dict[str, Document]:
    return {
        "2023": build_document(runs["2023"], [], Settings(lines="2023")),
        "2024": build_document(runs["2024"], [runs["2023"]], Settings(lines="2024")),
    }


def section(document: Document, name: str) -> Section:
    (found,) = (one for one in document.sections if one.name == name)
    return found


def of_kind(one: Section, kind: type[T]) -> list[T]:
    return [block for block in one.blocks if isinstance(block, kind)]


def words(one: Section) -> str:
    return "\n".join(block.text for block in one.blocks if isinstance(block, Note | Paragraph))


@pytest.mark.parametrize(("round_", "question"), EXPECTED)
def test_the_lists_follow_the_lines_of_the_reports_in_the_order_of_the_annotated_answers(
    reports: dict[str, Document], round_: str, question: str
) -> None:
    of, expected, other = EXPECTED[round_, question]
    assert counted(round_, question, round_) == Counter(dict(expected) | {"other": other})
    named = labels(question, round_)
    own = section(reports[round_], f"causes-{question}")
    (table,) = of_kind(own, Table)
    rows = [(row[0].text, row[2].value, row[3].value) for row in table.rows]
    assert rows == [(named[line], n, n / of) for line, n in [*expected, ("other", other)]]
    places = [sum(m > n for _, m in expected) + 1 for _, n in expected]
    assert [row[1].text for row in table.rows] == [*map(str, places), ""]
    assert f"svar: {ANSWERS[round_, question]}" in " ".join(table.notes)
    (picture,) = of_kind(own, Picture)
    assert isinstance(picture.chart, Bars)
    assert [(label, value) for label, value, _, _ in picture.chart.rows] == [(r[0], r[2]) for r in rows]


@pytest.mark.parametrize(("round_", "question"), EXPECTED)
def test_the_text_names_what_leads_the_list_as_bullets_and_what_else_occurs_as_a_sentence(
    reports: dict[str, Document], round_: str, question: str
) -> None:
    of, expected, _ = EXPECTED[round_, question]
    named, also = labels(question, round_), ALSO.get((round_, question), [])
    assert also == [line for line, n in expected if n / of < 0.05]
    own = section(reports[round_], f"causes-{question}")
    items = [item for block in of_kind(own, Bullets) for item in block.items]
    leading = [named[line] for line, n in expected if n / of >= 0.05]
    assert [item.rpartition(" (")[0] for item in items] == leading
    assert "av de orsaker som uppgavs" in items[0]
    told = [text for text in words(own).splitlines() if "förekommande svar var" in text]
    assert len(told) == (1 if also else 0)
    for line in named:
        assert all((f"”{named[line]}”" in text) == (line in also) for text in told)


def test_shares_are_told_in_the_wording_of_the_published_reports(reports: dict[str, Document]) -> None:
    own = section(reports["2024"], "causes-missed")
    first, *_ = of_kind(own, Bullets)
    assert first.lead == "De vanligaste orsakerna var:"  # 49 and 48 of 317
    assert first.items == (
        "Låg efterfrågan på arbetskraft (drygt 15 procent av de orsaker som uppgavs)",
        "Otydliga eller ej uppföljningsbara målsättningar (ca 15 procent)",
    )
    assert (
        "Andra förekommande svar var ”Oklara ansvarsområden och roller”, ”Regelverk och lagstiftning” och "
        "”Organisationsförändringar” (vardera under 5 procent)."
    ) in words(own)


@pytest.mark.parametrize("question", ["achieved", "missed"])
def test_rounds_stand_beside_each_other_with_the_shares_of_the_annotated_answers(
    reports: dict[str, Document], question: str
) -> None:
    named = labels(question, "2024")
    before, after = (counted(name, question, "2024") for name in ("2023", "2024"))
    own = section(reports["2024"], f"compared-{question}")
    years, changes = of_kind(own, Table)
    expected = {named[line]: (before[line] / before.total(), n / after.total()) for line, n in after.items()}
    *rows, answers = years.rows
    for side in (0, 1):
        shown = {row[0].text: row[side + 1].value for row in rows}
        assert shown == pytest.approx({label: shares[side] for label, shares in expected.items()})
    assert [cell.value for cell in answers[1:]] == [ANSWERS["2023", question], ANSWERS["2024", question]]
    assert {row[0].text: row[3].value for row in changes.rows} == pytest.approx(
        {label: now - was for label, (was, now) in expected.items()}
    )
    (picture,) = of_kind(own, Picture)
    assert isinstance(picture.chart, Slope)
    assert picture.chart.rounds == ("2023", "2024")
    drawn = {label for label, (was, now) in expected.items() if max(was, now) >= 0.05 and label != "Övrigt"}
    assert {label for label, _ in picture.chart.lines} == drawn
    assert "saknar intervall" in " ".join(changes.notes)  # nothing is called a difference


def test_behind_each_category_stand_its_statements_inside_their_answers(
    runs: dict[str, Path], reports: dict[str, Document]
) -> None:
    with (runs["2024"] / "statements.csv").open(encoding="utf-8", newline="") as file:
        stretches = Counter(row["category"] for row in csv.DictReader(file))
    found = {one.name: one for one in of_kind(section(reports["2024"], "causes-missed"), Verbatims)}
    resources = found["missed-limited-resources"]
    assert resources.total == len(resources.rows) == stretches["limited_resources"]
    assert all(0 <= row.start < row.end <= len(row.text) for row in resources.rows)
    assert set(resources.rows[0].background) == {"Författare"}


def test_a_list_that_nobody_audited_says_so_at_the_top_and_by_itself(reports: dict[str, Document]) -> None:
    first = reports["2024"].sections[0]
    assert first.name == "how"
    assert isinstance(first.blocks[0], Note)
    assert first.blocks[0].text.startswith("Ingen människa har granskat ett slumpmässigt urval av svaren")
    for question in ("achieved", "missed"):
        notes = of_kind(section(reports["2024"], f"causes-{question}"), Note)
        assert [note.text for note in notes] == ["Listan vilar på modellens kodning, som inte är granskad."]
    assert "Ej granskat: 2024 och 2023." in words(section(reports["2024"], "compared"))


def test_the_same_runs_give_the_same_document_and_bytes(runs: dict[str, Path], tmp_path: Path) -> None:
    settings = Settings(lines="2024")
    one, other = (build_document(runs["2024"], [runs["2023"]], settings) for _ in range(2))
    assert one == other
    files = [report_run(runs["2024"], out=tmp_path / name) for name in ("one", "other")]
    first, second = ((found.out / "rapport.html").read_bytes() for found in files)
    assert first == second


def test_report_json_names_the_runs_beside_it_and_the_settings(runs: dict[str, Path]) -> None:
    out = runs["2024"].parent / "report"
    report_run(runs["2024"], [runs["2023"]], out=out, lines="2024", base="answers")
    found = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert found["runs"] == [
        {
            "folder": f"../coded-{name}",
            "run_sha256": hashlib.sha256((runs[name] / "run.json").read_bytes()).hexdigest(),
        }
        for name in ("2024", "2023")
    ]
    assert Settings(**found["settings"]) == Settings(lines="2024", base="answers")
    again = build_document(
        *[(out / one["folder"]) for one in found["runs"][:1]],
        [out / one["folder"] for one in found["runs"][1:]],
        Settings(**found["settings"]),
    )
    assert again.runs == tuple(
        (f"coded-{name}", one["run_sha256"])
        for name, one in zip(("2024", "2023"), found["runs"], strict=True)
    )


def test_masked_personal_data_are_named_in_the_language_of_the_report(
    runs: dict[str, Path], tmp_path: Path
) -> None:
    run = Path(shutil.copytree(runs["2024"], tmp_path / "run"))
    manifest = json.loads((run / "run.json").read_text(encoding="utf-8"))
    manifest["counts"]["masked"] = {"e-post": 2, "telefon": 4}
    (run / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    for lang, said in (
        ("sv", "hakparentes: e-post (2) och telefon (4)."),
        ("en", "e-mail (2) and telephone (4)."),
    ):
        assert said in words(section(build_document(run, [], Settings(lang=lang)), "how"))


def test_many_statements_are_sampled_by_the_seed_and_the_report_says_so(runs: dict[str, Path]) -> None:
    few = [build_document(runs["2024"], [], Settings(verbatims=10, seed=seed)) for seed in (1, 1, 2)]
    own = [section(document, "causes-missed") for document in few]
    assert own[0] == own[1] != own[2]
    for one in of_kind(own[0], Verbatims):
        assert len(one.rows) == min(10, one.total)
    assert "fler än 10 påståenden visas så många, slumpvis dragna (frö 1)" in words(own[0])


def write_run(folder: Path, coded: list[CodedAnswer], scheme: Scheme = SCHEME) -> Path:
    folder.mkdir()
    write_coded(folder / "answers.csv", coded)
    (folder / "scheme.json").write_text(scheme.model_dump_json(by_alias=True), encoding="utf-8")
    (folder / "run.json").write_text("{}", encoding="utf-8")
    return folder


def test_a_question_without_answers_says_so(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [one for one in CODED if one.question == "lost"])
    own = section(build_document(run, [], Settings()), "causes-won")
    assert [type(block) for block in own.blocks] == [Note]
    assert "har inga svar i omgången 2024" in words(own)


def test_a_single_answer_makes_a_report_that_warns(tmp_path: Path) -> None:
    document = build_document(write_run(tmp_path / "run", CODED[:1]), [], Settings())
    assert "Bara ett svar finns" in words(section(document, "causes-lost"))
    assert "Omgången har inga slutna frågor." in words(section(document, "progress"))


def test_schemes_without_a_common_category_are_not_compared(tmp_path: Path) -> None:
    other = Scheme.model_validate({"questions": {"lost": {"categories": {"hail": {}}}}})
    stranger = CodedAnswer("9/lost", "2023", "lost", ("hail",), "Hagel.", {})
    runs = write_run(tmp_path / "new", CODED), write_run(tmp_path / "old", [stranger], other)
    document = build_document(runs[0], [runs[1]], Settings())
    assert "inte har någon kategori gemensam" in words(section(document, "compared-lost"))
    assert "Frågan har inga svar i 2023" in words(section(document, "compared-won"))
    assert not of_kind(section(document, "compared-lost"), Table)
    by_lines = build_document(runs[0], [runs[1]], Settings(lines="2023"))
    assert "omgångens schema har inga rader som heter 2023" in words(section(by_lines, "compared"))


def test_another_version_of_the_scheme_is_compared_through_its_crosswalk(tmp_path: Path) -> None:
    from samorsak.scheme import Merge, next_version

    step = Merge.model_validate({"question": "lost", "from": ["rain", "snow"], "to": "rain"})
    new = [
        CodedAnswer("5/lost", "2025", "lost", ("rain",), "Regn.", {}),
        CodedAnswer("6/lost", "2025", "lost", ("wind",), "Blåst.", {}),
    ]
    later = write_run(tmp_path / "new", new, next_version(SCHEME, {1: step}))
    document = build_document(later, [write_run(tmp_path / "old", CODED)], Settings(base="answers"))
    years, _ = of_kind(section(document, "compared-lost"), Table)
    shares = {row[0].text: (row[1].value, row[2].value) for row in years.rows[:-1]}
    assert shares["Regn"] == (0.5, 0.5)  # an answer that gave both counts once
    told = [item for block in of_kind(section(document, "compared-lost"), Bullets) for item in block.items]
    assert any(item.startswith("Sammanslaget, och räknat så i båda") for item in told)


def test_earlier_rounds_in_the_same_folder_are_compared_too(tmp_path: Path) -> None:
    early = [CodedAnswer("7/lost", "2023", "lost", ("snow",), "Snö.", {})]
    document = build_document(write_run(tmp_path / "run", [*CODED, *early]), [], Settings())
    assert document.title.endswith("2024")
    assert document.subtitle.endswith("2023")
    years, _ = of_kind(section(document, "compared-lost"), Table)
    assert years.heads == ("Orsak", "Andel 2023", "Andel 2024")


def test_a_question_that_was_put_in_other_words_is_pointed_out(tmp_path: Path) -> None:
    asked = SCHEME.questions["lost"].model_copy(update={"text_sv": "Varför då inte?"})
    other = SCHEME.model_copy(update={"questions": {**SCHEME.questions, "lost": asked}})
    early = [CodedAnswer("7/lost", "2023", "lost", ("snow",), "Snö.", {})]
    runs = write_run(tmp_path / "new", CODED), write_run(tmp_path / "old", early, other)
    columns = {"input": {"columns": {"text lost": "Orsaker"}}}
    (runs[0] / "run.json").write_text(json.dumps(columns), encoding="utf-8")
    told = words(section(build_document(runs[0], [runs[1]], Settings()), "compared-lost"))
    assert "Frågan ställdes inte likadant: 2023 ”Varför då inte?”, 2024 ”Varför inte?”." in told
    assert "kolumn" not in told  # what only one of them says is no difference
    columns = {"input": {"columns": {"text lost": "Hinder"}}}
    (runs[1] / "run.json").write_text(json.dumps(columns), encoding="utf-8")
    told = words(section(build_document(runs[0], [runs[1]], Settings()), "compared-lost"))
    assert "i en kolumn som hette ”Hinder” i 2023 och ”Orsaker” i 2024" in told


def test_three_rounds_stand_in_one_table(tmp_path: Path) -> None:
    runs = [
        write_run(tmp_path / name, [CodedAnswer("1/lost", name, "lost", (given,), "Text.", {})])
        for name, given in (("2025", "rain"), ("2023", "wind"), ("2024", "rain"))
    ]
    own = section(build_document(runs[0], runs[1:], Settings()), "compared-lost")
    years, *changes = of_kind(own, Table)
    assert years.heads == ("Orsak", "Andel 2023", "Andel 2024", "Andel 2025")
    assert {row[0].text: [cell.value for cell in row[1:]] for row in years.rows}["Regn"] == [0, 1, 1]
    assert [table.name for table in changes] == ["changes-lost-2024", "changes-lost-2023"]


def test_what_cannot_be_reported_is_one_line(tmp_path: Path, samorsak: Run) -> None:
    run = write_run(tmp_path / "run", CODED)
    with pytest.raises(InputError) as twice:
        build_document(run, [run], Settings())
    assert str(twice.value) == (
        "against: round '2024' is given twice, expected each once; give each round's folder once"
    )
    with pytest.raises(InputError) as alone:
        Settings(suppress_below=5)
    assert str(alone.value) == (
        "suppress-below: expected together with --public, which leaves the answers out"
    )
    shutil.rmtree(run)
    result = samorsak("report", str(run), "--out", str(tmp_path / "report"))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{run}: no such folder")


def test_the_command_writes_and_says_what_is_not_audited(tmp_path: Path, samorsak: Run) -> None:
    run = write_run(tmp_path / "run", CODED)
    result = samorsak("report", str(run), "--lines", "2023", "--public", "--out", str(tmp_path / "report"))
    assert result.exit_code == 0, result.stderr
    assert "written: " in result.stdout
    assert "note: round 2024 is not audited" in result.stdout
    page = (tmp_path / "report" / "rapport.html").read_text(encoding="utf-8")
    assert "Väta" in page
    assert "=Regn" not in page  # an answer


def test_how_far_annotators_agree_is_in_the_appendix_where_their_logs_are_named(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", CODED)
    logs = tmp_path / "logs"
    logs.mkdir()
    for who, given in (("anna", ["rain", "snow", "wind", "rain"]), ("bo", ["rain", "snow", "wind", "snow"])):
        rows = [
            {"answer_id": str(i), "question": "lost", "text": "Regn.", "categories": [c], "round": "2024"}
            for i, c in enumerate(given)
        ]
        (logs / f"{who}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    document = build_document(run, [], Settings(), logs)
    (table,) = (b for b in of_kind(section(document, "method"), Table) if b.name == "agreement")
    # by hand: 2 of 8 values stand apart; 3 rain, 3 snow, 2 wind: 1 - 7 * 2 / (8 * 8 - 9 - 9 - 4)
    assert table.rows[0][2].value == 4
    assert table.rows[0][3].value == pytest.approx(1 - 7 * 2 / 42)


# the demo round, coded by the default model: valid, whatever the model guesses


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return classify_round(DEMO_ROUND, tmp_path_factory.mktemp("demo") / "coded").out


def test_a_report_has_its_sections_in_the_order_of_the_published_ones(demo: Path) -> None:
    document = build_document(demo, [], Settings())
    assert [one.name for one in document.sections if one.level == 1] == [
        *("how", "progress", "causes-achieved", "causes-missed", "assessments", "crosstables", "method"),
        *("annex-crosstables", "annex-background"),
    ]
    assert [one.annex for one in document.sections] == sorted(one.annex for one in document.sections)
    assert not any(one.annex for one in printed(document).sections)
    assert len(of_kind(section(document, "crosstables-missed"), Table)) == 1  # the tables are in the annex
    assert len(of_kind(section(document, "annex-missed"), Table)) == 10
    blocks = [block for one in document.sections for block in one.blocks]
    for kind in (Table, Picture, Verbatims):
        names = [block.name for block in blocks if isinstance(block, kind)]
        assert len(set(names)) == len(names) > 0
    for table in (block for block in blocks if isinstance(block, Table)):
        assert {len(row) for row in table.rows} == {len(table.heads)}
    told = words(section(document, "progress-progress"))
    assert "7 procent svarade ”Samtliga”, 38 procent ”De flesta”" in told  # as in the file
    assert "Tydligast är sambande" in words(section(document, "crosstables-progress"))
    (trial,) = (b for b in of_kind(section(document, "method-2024"), Table) if b.name == "trial-2024")
    assert [row[0].text for row in trial.rows] == ["achieved", "missed"]


def test_a_public_report_holds_no_answer_and_no_small_number_of_a_group(demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo, tmp_path / "coded")
    document = build_document(tmp_path / "coded", [], Settings(public=True))
    blocks = [block for one in document.sections for block in one.blocks]
    assert not any(isinstance(block, Verbatims) for block in blocks)
    assert "antal från 1 till 4" in words(document.sections[0])
    grouped = [b for b in blocks if isinstance(b, Table) and "-by-" in b.name]
    assert grouped
    for table in grouped:
        for row in table.rows:
            sizes = [cell.value for cell in row if cell.kind == "count" and cell.value is not None]
            if row[0].text != "Svarande" and "Svarande" in table.heads:
                sizes = sizes[:1]  # who did not answer is no group
            assert not any(0 < size < 5 for size in sizes)
    assert any(cell.text == ".." for table in grouped for row in table.rows for cell in row)
    assert build_document(tmp_path / "coded", [], Settings(public=True)) == document


def test_a_public_report_is_not_written_beside_answers(demo: Path) -> None:
    with pytest.raises(InputError) as caught:
        report_run(demo, out=demo, public=True)
    assert str(caught.value) == (
        f"{demo}: holds answers, expected a folder that may be published; name another --out"
    )


def test_an_audited_round_is_reported_as_audited_with_what_was_said(demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo, tmp_path / "coded")
    draw_audit(tmp_path / "coded", 20)
    machine = {one.answer_id: one for one in read_coded(tmp_path / "coded")}
    rows = map(json.loads, (tmp_path / "coded" / "audit.jsonl").read_text(encoding="utf-8").splitlines())
    decided = [
        {**row, "categories": [c for c in machine[row["answer_id"]].categories if c != "no_cause"]}
        for row in rows
    ]
    file = tmp_path / "decided.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in decided), encoding="utf-8")
    folder, _ = estimate_audit(tmp_path / "coded", file)
    document = build_document(folder, [], Settings())
    assert document.runs[0][0] == "coded/audited"
    assert "40 slumpvis dragna svar har lästs" in words(document.sections[0])
    own = section(document, "causes-missed")
    assert not of_kind(own, Note)
    (table,) = of_kind(own, Table)
    assert "slumpvis dragna och granskade svar" in " ".join(table.notes)
    assert any(row.end > row.start for one in of_kind(own, Verbatims) for row in one.rows)
    (audit,) = (b for b in of_kind(section(document, "method-2024"), Table) if b.name == "audit-2024")
    assert [[cell.value for cell in row[1:]] for row in audit.rows] == [[160, 20, 20, 1.0]] * 2
