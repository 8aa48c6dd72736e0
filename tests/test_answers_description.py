"""The round description: a small YAML beside the file, given in its place."""

from pathlib import Path
from typing import Any

import pytest

from samorsak.answers import Answer, ClosedQuestion, RoundDescription, read_round
from samorsak.answers.closed import Item
from samorsak.answers.description import read_description
from samorsak.errors import InputError

DESCRIPTION = """\
file: rounds/r.csv
title: Uppföljning hösten 2024
text:
  achieved: Varför
  2: Varför inte
id: Löpnr
round: 2024
encoding: cp1252
delimiter: ";"
closed:
  Tydlighet:
    kind: matrix
    columns: {roles: Roller}
"""


def described(folder: Path, description: str = DESCRIPTION, suffix: str = ".yaml") -> Path:
    (folder / "rounds").mkdir()
    text = "Löpnr;Varför;Varför inte;Mål;Roller\n1;Tät dialog;Få möten;Tydliga;Oklara\n"
    (folder / "rounds" / "r.csv").write_text(text, encoding="cp1252")
    path = folder / f"r2024{suffix}"
    path.write_text(description, encoding="utf-8")
    return path


def error_of(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_round(path, **options)
    return str(caught.value)


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".YML"])
def test_a_description_in_the_place_of_the_file(tmp_path: Path, suffix: str) -> None:
    round_ = read_round(described(tmp_path, suffix=suffix))
    background = {"Löpnr": "1", "Mål": "Tydliga", "Roller": "Oklara"}
    assert round_.answers == (
        Answer("1/achieved", "2024", "achieved", "Tät dialog", background),
        Answer("1/2", "2024", "2", "Få möten", background),
    )
    assert (round_.name, round_.encoding, round_.delimiter) == ("r.csv", "cp1252", ";")


def test_options_go_before_the_description(tmp_path: Path) -> None:
    path = described(tmp_path)
    (answer,) = read_round(path, text={"q": "Mål"}, id_column="Varför", round_name="2025").answers
    assert (answer.answer_id, answer.round, answer.text) == ("Tät dialog/q", "2025", "Tydliga")
    assert error_of(path, delimiter="|").startswith("r.csv: no columns ")
    assert error_of(path, encoding="utf-8") == (
        "r.csv line 1: byte 0xF6 is not utf-8; leave --encoding out, or name the right one"
    )
    assert error_of(path, sheet="Svar") == "r.csv: a .csv file has no sheet; leave --sheet out"


def test_fields_of_a_description(tmp_path: Path) -> None:
    assert read_description(described(tmp_path)) == RoundDescription(
        file="rounds/r.csv",
        title="Uppföljning hösten 2024",
        text={"achieved": "Varför", "2": "Varför inte"},
        id="Löpnr",
        round="2024",
        encoding="cp1252",
        delimiter=";",
        closed={"Tydlighet": ClosedQuestion(kind="matrix", columns={"roles": Item(column="Roller")})},
    )


def test_a_description_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = described(tmp_path, "file: other.csv\n")
    assert error_of(path) == f"{tmp_path / 'other.csv'}: no such file; check the folder and the spelling"


def test_a_description_of_a_description(tmp_path: Path) -> None:
    path = described(tmp_path, "file: r2024.yaml\n")
    assert error_of(path) == (
        "r2024.yaml: unknown format, expected .csv, .tsv, .txt, .xlsx, .parquet, .jsonl or .sav; "
        "save it as one of these"
    )


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("", "r2024.yaml: not a round description, expected lines such as 'file: round.csv'"),
        ("- a\n", "r2024.yaml: not a round description, expected lines such as 'file: round.csv'"),
        ("file: [\n", "r2024.yaml line 2: not YAML, expected lines such as 'file: round.csv'"),
        ("file: a\nround: 2024-13-45\n", "r2024.yaml: not YAML, expected lines such as 'file: round.csv'"),
        ("file: a\nid: b\nid: c\n", "r2024.yaml line 3: 'id' stands twice, expected once"),
        ("file: a\ntext:\n  q: b\n  q: c\n", "r2024.yaml line 4: 'q' stands twice, expected once"),
        ("? [a]\n: b\n", "r2024.yaml line 1: not YAML, expected lines such as 'file: round.csv'"),
        ("id: a\n", "r2024.yaml: no field 'file', expected one"),
        (
            "file: a\nsheeet: b\n",
            "r2024.yaml: unknown field 'sheeet', expected one of "
            "file, title, text, id, round, sheet, encoding, delimiter, closed, crosstabs, respondent",
        ),
        (
            "file: a\ntext: Varför\nround: yes\n",
            "2 bad fields:\n"
            "  r2024.yaml: field 'text' is not as expected; put text in quotation marks, "
            "and question: column under text\n"
            "  r2024.yaml: field 'round' is not as expected; put text in quotation marks, "
            "and question: column under text",
        ),
    ],
)
def test_bad_descriptions(tmp_path: Path, description: str, message: str) -> None:
    assert error_of(described(tmp_path, description)) == message
