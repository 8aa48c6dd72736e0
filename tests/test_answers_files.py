"""What can be wrong in the files: quotation marks, widths, JSON, Parquet, SPSS."""

import datetime as dt
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from samorsak.answers import Answer, read_round
from samorsak.answers.cells import cell_text
from samorsak.errors import InputError

HEADER = "answer_id,round,question,text\n"


def error_of(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_round(path, **options)
    return str(caught.value)


def saved(folder: Path, text: str, name: str = "r.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('1,2024,q,"a\n2,2024,q,b\n', 2),
        ('1,2024,q,"a\nb"\n2,2024,q,"b\n3,2024,q,c\n', 4),
        ('1,2024,"q\n",a\n2,"2024\n",q,"b', 5),
    ],
)
def test_a_quotation_mark_that_is_never_closed(tmp_path: Path, rows: str, line: int) -> None:
    assert error_of(saved(tmp_path, HEADER + rows)) == (
        f"r.csv line {line}: a quotation mark opens a cell and is never closed; "
        "close it, and double the marks inside it"
    )


@pytest.mark.parametrize(
    ("rows", "line"),
    [('1,2024,q,"a" sade hon\n', 2), ('1,2024,q,a\n2,2024,q,"b\n3,2024,q,c\n4,2024,q,"d"\n', 3)],
)
def test_a_quoted_cell_that_goes_on(tmp_path: Path, rows: str, line: int) -> None:
    assert error_of(saved(tmp_path, HEADER + rows)) == (
        f"r.csv line {line}: a cell that opens with a quotation mark goes on after the closing one; "
        "close it, and double the marks inside it"
    )


def test_quotation_marks_inside_a_bare_cell_are_text(tmp_path: Path) -> None:
    (answer,) = read_round(saved(tmp_path, HEADER + '1,2024,q,en "ny" 5" skärm\n')).answers
    assert answer.text == 'en "ny" 5" skärm'


def test_rows_of_another_width(tmp_path: Path) -> None:
    rows = "1,2024,q,a\n2,2024,q\n3,2024,q,a,b\n4,2024,q,a,,\n"
    assert error_of(saved(tmp_path, HEADER + rows)) == (
        "2 rows of another width than the header:\n"
        "  r.csv line 3: 3 fields, expected 4\n"
        "  r.csv line 4: 5 fields, expected 4"
    )


def test_one_row_of_another_width(tmp_path: Path) -> None:
    assert error_of(saved(tmp_path, HEADER + '1,2024,q,"a\n\nb"\n2,2024,q\n')) == (
        "r.csv line 5: 3 fields, expected 4"
    )


def test_a_title_may_stand_above_the_header(tmp_path: Path) -> None:
    round_ = read_round(saved(tmp_path, "Uppföljning hösten 2024\n\n" + HEADER + "1,2024,q,a\n2,2024,q,\n"))
    assert (round_.rows, round_.drops[0].where) == (2, "line 5")


@pytest.mark.parametrize("name", ["r.xls", "r.docx", "r"])
def test_unknown_format(tmp_path: Path, name: str) -> None:
    assert error_of(saved(tmp_path, "x", name)) == (
        f"{name}: unknown format, expected .csv, .tsv, .txt, .xlsx, .parquet, .jsonl or .sav; "
        "save it as one of these"
    )


@pytest.mark.parametrize(
    ("name", "option"),
    [("r.csv", "sheet"), ("r.xlsx", "encoding"), ("r.jsonl", "delimiter"), ("r.parquet", "sheet")],
)
def test_options_of_another_format(tmp_path: Path, name: str, option: str) -> None:
    assert error_of(saved(tmp_path, "x", name), **{option: "x"}) == (
        f"{name}: a {Path(name).suffix} file has no {option}; leave --{option} out"
    )


@pytest.mark.parametrize("name", ["r.xlsx", "r.parquet", "r.jsonl", "r.sav"])
def test_empty_files_of_every_format(tmp_path: Path, name: str) -> None:
    assert error_of(saved(tmp_path, "", name)) == f"{name}: empty, expected a header and a row per answer"


ROW = {"answer_id": "1", "round": 2024, "question": "q", "text": "a"}


def json_lines(folder: Path, *lines: object) -> Path:
    return saved(folder, "".join(x if isinstance(x, str) else json.dumps(x) + "\n" for x in lines), "r.jsonl")


def test_json_lines(tmp_path: Path) -> None:
    path = json_lines(
        tmp_path,
        ROW | {"answer_id": 1234567890123456, "text": "a\r\nb 🙂", "Val": ["x", 1], "n": 2.0, "ja": True},
        "\n",
        ROW | {"answer_id": "02", "text": "halv \ud83d", "n": None},
    )
    round_ = read_round(path)
    assert round_.answers == (
        Answer("1234567890123456", "2024", "q", "a\nb 🙂", {"Val": '["x", 1]', "n": "2", "ja": "true"}),
        Answer("02", "2024", "q", "halv \ufffd", {"Val": "", "n": "", "ja": ""}),
    )
    assert (round_.format, round_.encoding, round_.delimiter) == ("jsonl", "utf-8", None)


@pytest.mark.parametrize("bad", ["{", "[1]", '{"a": 1, "a": 2}', "[" * 100_000, "1" * 5000, "{} {}"])
def test_bad_json_lines(tmp_path: Path, bad: str) -> None:
    assert error_of(json_lines(tmp_path, ROW, bad + "\n")) == (
        "r.jsonl line 2: no JSON object with distinct names, expected one per line"
    )


def test_bad_json_lines_are_collected(tmp_path: Path) -> None:
    assert error_of(json_lines(tmp_path, "{\n", ROW, "}\n")).splitlines() == [
        "2 lines that cannot be read:",
        "  r.jsonl line 1: no JSON object with distinct names, expected one per line",
        "  r.jsonl line 3: no JSON object with distinct names, expected one per line",
    ]


def test_nul_in_json(tmp_path: Path) -> None:
    assert error_of(json_lines(tmp_path, ROW | {"text": "a\0"})) == (
        "r.jsonl line 1: a NUL character, expected text; export the file again"
    )


def test_drops_of_json_lines_have_lines(tmp_path: Path) -> None:
    round_ = read_round(json_lines(tmp_path, ROW, "\n", ROW | {"answer_id": "2", "text": None}))
    assert [(drop.where, drop.reason) for drop in round_.drops] == [("line 3", "no text")]


def test_json_lines_without_the_columns(tmp_path: Path) -> None:
    assert error_of(json_lines(tmp_path, {"id": 1})) == (
        "r.jsonl: no columns 'answer_id', 'round', 'question', 'text'; found 'id'; "
        "if it has a column per question, add --text QUESTION=COLUMN --id COLUMN --round ROUND"
    )


def parquet(folder: Path, columns: dict[str, object]) -> Path:
    path = folder / "r.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet(tmp_path: Path) -> None:
    path = parquet(
        tmp_path,
        {
            "answer_id": pa.array([1234567890123456, 12]),
            "round": pa.array(["2024", "2024"]).dictionary_encode(),
            "question": ["q", "q"],
            "text": ["a\r\nb", None],
            "dag": [dt.date(2024, 10, 1), None],
            "tal": [7.0, float("nan")],
        },
    )
    round_ = read_round(path)
    background = {"dag": "2024-10-01", "tal": "7"}
    assert round_.answers == (Answer("1234567890123456", "2024", "q", "a\nb", background),)
    assert [(drop.where, drop.reason) for drop in round_.drops] == [("row 2", "no text")]
    assert (round_.format, round_.encoding, round_.background) == ("parquet", None, ("dag", "tal"))


def test_parquet_without_rows(tmp_path: Path) -> None:
    path = parquet(tmp_path, {name: pa.array([], pa.string()) for name in ROW})
    assert error_of(path) == "r.parquet: a header but no rows, expected a row per answer"


def test_damaged_parquet(tmp_path: Path) -> None:
    assert error_of(saved(tmp_path, "PAR1 and no more", "r.parquet")) == (
        "r.parquet: damaged or not a Parquet file; export it again from its source"
    )


def test_parquet_without_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert error_of(saved(tmp_path, "x", "r.parquet")) == (
        'r.parquet: reading .parquet needs pyarrow, which is not installed; pip install "samorsak[parquet]"'
    )


def sav(folder: Path) -> Path:
    path = folder / "r.sav"
    frame = pd.DataFrame(
        {
            "nr": ["001", "002", "003"],
            "region": [1.0, 2.0, np.nan],
            "antal": [3.0, 4.5, np.nan],
            "dag": [dt.date(2024, 10, 1), None, None],
            "Q1": ["Tät dialog", "", "Få möten\noch för sena"],
        }
    )
    labels: Any = {"region": {1: "Syd", 2: "Norr"}, "nr": {"001": "Första"}}
    pyreadstat.write_sav(frame, path, variable_value_labels=labels)
    return path


def test_sav(tmp_path: Path) -> None:
    round_ = read_round(sav(tmp_path), text={"achieved": "Q1"}, id_column="nr", round_name="2024")
    first = {"nr": "001", "region": "Syd", "antal": "3", "dag": "2024-10-01"}
    third = {"nr": "003", "region": "", "antal": "", "dag": ""}
    assert round_.answers == (
        Answer("001/achieved", "2024", "achieved", "Tät dialog", first),
        Answer("003/achieved", "2024", "achieved", "Få möten\noch för sena", third),
    )
    assert [(drop.where, drop.reason) for drop in round_.drops] == [("row 2 (achieved)", "no text")]


def test_damaged_sav(tmp_path: Path) -> None:
    assert error_of(saved(tmp_path, "$FL2 and no more", "r.sav")) == (
        "r.sav: damaged, not an SPSS file, or in need of --encoding; export it again"
    )


def test_sav_without_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    assert error_of(saved(tmp_path, "x", "r.sav")) == (
        'r.sav: reading .sav needs pyreadstat, which is not installed; pip install "samorsak[spss]"'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (pd.NaT, ""),
        ("007 ", "007 "),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-3.0, "-3"),
        (0.1, "0.1"),
        (1e16, "10000000000000000"),
        (float("inf"), "inf"),
        (Decimal("1.50"), "1.50"),
        (dt.datetime(2024, 10, 1), "2024-10-01"),
        (dt.datetime(2024, 10, 1, 0, 0, tzinfo=dt.UTC), "2024-10-01T00:00:00+00:00"),
        (dt.datetime(2024, 10, 1, 8, 30), "2024-10-01T08:30:00"),
        (dt.time(8, 30), "08:30:00"),
        (b"f\xc3\xb6r", "för"),
        ({"a": [dt.date(2024, 1, 1)]}, '{"a": ["2024-01-01"]}'),
    ],
)
def test_cell_text(value: object, text: str) -> None:
    assert cell_text(value) == text
