"""`samorsak rank`, on a run folder made by hand."""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import Result

Run = Callable[..., Result]

PARAGRAPH = (
    "På frågan ”Varför inte?” var den vanligaste orsaken ”Regn” (ca 50 procent av de orsaker som "
    "uppgavs). Något mindre vanligt var ”Snö” (ca 25 procent)."
)
NO_INTERVALS = "Inga intervall: det finns varken en granskning av svaren eller en prövning av modellen."
LOST = (
    "2024: Varför inte?\n"
    "Andel av de orsaker som uppgavs. Orsaker: 4, svar: 4, svar utan orsak: 1.\n"
    "\n"
    "  1  Regn     50,0 %        2  ████████████████████████\n"
    "  2  Snö      25,0 %        1  ████████████\n"
    "\n"
    "     Övrigt   25,0 %        1  ████████████\n"
    "\n"
    "Förekom inte: Vind\n"
    "\n" + "\n".join(textwrap.wrap(PARAGRAPH, 100)) + "\n"
    "\n" + NO_INTERVALS + "\n"
)
CSV = (
    "round,question,base,lines,rank,category,label,n,of,share"
    ",low,high,rank_low,rank_high,place_low,place_high,top_three,method,audited,few_positives\n"
    "2024,lost,causes,scheme,1,rain,Regn,2,4,0.5,,,,,,,,counted,0,0\n"
    "2024,lost,causes,scheme,2,snow,Snö,1,4,0.25,,,,,,,,counted,0,0\n"
    "2024,lost,causes,scheme,3,wind,Vind,0,4,0.0,,,,,,,,counted,0,0\n"
    "2024,lost,causes,scheme,,other,Övrigt,1,4,0.25,,,,,,,,counted,0,0\n"
)


def test_a_list_with_bars_and_a_paragraph(samorsak: Run, run_folder: Path) -> None:
    result = samorsak("rank", run_folder, "--question", "lost")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == LOST


def test_every_question_where_none_is_named(samorsak: Run, run_folder: Path) -> None:
    shown = samorsak("rank", run_folder).stdout
    assert shown.count("2024: Varför inte?") == 1
    assert shown.count("2024: Varför?") == 1


def test_formats_on_stdout(samorsak: Run, run_folder: Path) -> None:
    lost = ["rank", run_folder, "--question", "lost"]
    assert samorsak(*lost, "--format", "csv").stdout == CSV
    first = json.loads(samorsak(*lost, "--format", "json").stdout)["lists"][0]
    assert (first["question"], first["of"], first["rows"][0]["share"]) == ("lost", 4, 0.5)
    assert samorsak(*lost, "--format", "markdown").stdout.startswith("## 2024: Varför inte?\n")
    assert samorsak(*lost, "--format", "paragraph").stdout == f"{PARAGRAPH} {NO_INTERVALS}\n"


def test_paragraphs_say_which_group_they_tell_of(samorsak: Run, run_folder: Path) -> None:
    told = samorsak(
        "rank", run_folder, "--question", "lost", "--by", "Region", "--format", "paragraph"
    ).stdout.splitlines()
    assert told[0] == "Region: Nord"
    assert told[3] == "Region: Syd"
    assert told[6] == "Region: -"


def test_base_lines_and_where(samorsak: Run, run_folder: Path) -> None:
    rank = ["rank", run_folder, "--question", "lost", "--format", "csv"]
    rows = samorsak(*rank, "--base", "answers", "--lines", "2023").stdout.splitlines()[1:]
    assert rows == [
        "2024,lost,answers,2023,1,wet,Väta,2,4,0.5,,,,,,,,counted,0,0",
        "2024,lost,answers,2023,,other,Övrigt,1,4,0.25,,,,,,,,counted,0,0",
    ]
    rows = samorsak(*rank, "--where", "Region=Syd").stdout.splitlines()[1:3]
    assert rows == [
        "2024,lost,causes,scheme,1,rain,Regn,1,3,0.3333333333333333,,,,,,,,counted,0,0",
        "2024,lost,causes,scheme,1,snow,Snö,1,3,0.3333333333333333,,,,,,,,counted,0,0",
    ]


def test_lists_for_people_name_the_choice(samorsak: Run, run_folder: Path) -> None:
    chosen = ["rank", run_folder, "--where", "Region=Syd"]
    assert samorsak(*chosen).stdout.startswith("Urval: Region=Syd\n\n2024: Varför inte?\n")
    assert samorsak(*chosen, "--lang", "en").stdout.startswith("Selection: Region=Syd\n\n")


def test_minor_and_language(samorsak: Run, run_folder: Path) -> None:
    shown = samorsak("rank", run_folder, "--question", "lost", "--minor", "0.3", "--lang", "en").stdout
    assert "Other answers (below 30%)\n  2  Snö" in shown
    assert "  1  Rain" in shown


def test_files_by_suffix(samorsak: Run, run_folder: Path, tmp_path: Path) -> None:
    lost = ["rank", run_folder, "--question", "lost"]
    assert samorsak(*lost, "--out", "lost.csv").stdout == "written: lost.csv\n"
    assert (tmp_path / "lost.csv").read_bytes() == CSV.encode()
    samorsak(*lost, "--out", "lost.txt")
    assert (tmp_path / "lost.txt").read_bytes() == LOST.encode()
    samorsak(*lost, "--out", "lost.md", "--format", "paragraph")
    assert (tmp_path / "lost.md").read_text(encoding="utf-8").startswith("På frågan ”Varför inte?”")
    samorsak(*lost, "--where", "Region=Syd", "--out", "lost.xlsx")
    book = openpyxl.load_workbook(tmp_path / "lost.xlsx")
    assert [row[0].value for row in book["Rangordning"]] == ["Omgång", "2024", "2024", "2024", "2024"]
    assert [cell.value for cell in book["Läs mig"][book["Läs mig"].max_row]] == ["Urval", "Region=Syd"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--out", "lost.docx"],
            "lost.docx: suffix is '.docx', expected one of .txt, .csv, .json, .md, .xlsx, .svg, .png; or",
        ),
        (
            ["--out", "lost"],
            "lost: suffix is missing, expected one of .txt, .csv, .json, .md, .xlsx, .svg, .png; or",
        ),
        (["--question", "why"], "question is 'why', the answers have: lost, won\n"),
        (["--by", "Län"], "by: column is 'Län', the answers have: Region\n"),
        (["--where", "Region"], "where is 'Region', expected 'column=value'\n"),
        (["--lines", "2024"], "lines is '2024', the scheme has: scheme, 2023\n"),
    ],
)
def test_a_wrong_value_is_one_line(samorsak: Run, run_folder: Path, arguments: list[str], told: str) -> None:
    result = samorsak("rank", run_folder, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr in (told, f"{told} name --format\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "xlsx"],
        ["--format", "svg"],
        ["--suppress-below", "1"],
        ["--base", "all"],
        ["--minor", "5"],
        ["--lang", "de"],
        ["--format", "pdf"],
    ],
)
def test_usage_errors(samorsak: Run, run_folder: Path, arguments: list[str]) -> None:
    result = samorsak("rank", run_folder, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_folder_that_holds_no_coded_round(samorsak: Run, run_folder: Path) -> None:
    assert samorsak("rank", "nowhere").stderr == (
        "nowhere: no such folder; expected one that 'samorsak classify' wrote\n"
    )
    (run_folder / "scheme.json").write_text("{", encoding="utf-8")
    assert samorsak("rank", run_folder).stderr == (
        f"{run_folder / 'scheme.json'}: damaged, expected a scheme; run 'samorsak classify' again\n"
    )
    (run_folder / "scheme.json").unlink()
    assert samorsak("rank", run_folder).stderr == (
        f"{run_folder}: no scheme.json in it; expected a folder that 'samorsak classify' wrote\n"
    )


def test_a_picture(samorsak: Run, run_folder: Path, tmp_path: Path) -> None:
    assert (
        samorsak("rank", run_folder, "--where", "Region=Syd", "--out", "lost.svg").stdout
        == "written: lost.svg\n"
    )
    assert (tmp_path / "lost.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert samorsak("rank", run_folder, "--out", "lost.png").stdout == "written: lost.png\n"
    assert (tmp_path / "lost.png").read_bytes().startswith(b"\x89PNG")


def test_small_numbers(samorsak: Run, run_folder: Path) -> None:
    small = ["rank", run_folder, "--question", "lost", "--by", "Region", "--suppress-below", "5"]
    assert (
        samorsak(*small).stderr
        == f"{run_folder}: no run.json in it; expected a folder that 'samorsak classify' wrote\n"
    )
    (run_folder / "run.json").write_text("{}", encoding="utf-8")
    result = samorsak(*small, "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    cells = [line.split(",") for line in result.stdout.splitlines()]
    shown = {(row[-1], row[5]): row[7] for row in cells[1:]}
    assert shown["Syd", "rain"] == shown["Nord", "rain"] == "" and shown["Nord", "snow"] == "0"
    assert set(shown.values()) == {"", "0"}  # five answers: every number is small
    assert samorsak("rank", run_folder, "--crossing", "Region+Region").stderr == (
        "crossing: expected together with --suppress-below\n"
    )
