"""Excel workbooks: sheets, header rows, typed cells, formulas, damaged and oversized files."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.chart import BarChart
from openpyxl.worksheet.formula import ArrayFormula

from samorsak.answers import Answer, read_round
from samorsak.errors import InputError

HEADER = ["answer_id", "round", "question", "text"]
Sheets = Mapping[str, Sequence[Sequence[object]]]


def error_of(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_round(path, **options)
    return str(caught.value)


def workbook(folder: Path, sheets: Sheets, hidden: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
        for row in rows:
            sheet.append(row)
    path = folder / "r.xlsx"
    book.save(path)
    return path


def repacked(path: Path, member: str, old: bytes, new: bytes) -> Path:
    """Change the bytes of one member of a workbook."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_the_sheet_with_the_columns_is_found(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "Läs mig": [["Uppföljning hösten 2024"], [None], ["En rad per svar, answer_id är löpande"]],
            "Svar": [
                [],
                [None, None],
                ["Uppföljning 2024"],
                HEADER,
                [1, 2024, "q", "a\r\nb"],
                [],
                [2, 2024, "q"],
            ],
        },
    )
    round_ = read_round(path)
    assert round_.answers == (Answer("1", "2024", "q", "a\nb", {}),)
    assert [(drop.where, drop.reason) for drop in round_.drops] == [("row 7", "no text")]
    assert (round_.format, round_.sheet, round_.encoding, round_.rows) == ("xlsx", "Svar", None, 2)


def test_cells_become_the_text_a_person_sees(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "Svar": [
                [*HEADER, "tal", "dag", "tid", "ja", "tom"],
                [
                    "0012",
                    2024,
                    "q",
                    "a",
                    7.0,
                    dt.date(2024, 10, 1),
                    dt.datetime(2024, 10, 1, 8, 30),
                    True,
                    None,
                ],
                [1234567890123456, "2024", "q", 5, 0.25, "2024-10", None, False, None],
                [dt.datetime(2024, 1, 5), 2024.0, "q", "-x", 1, None, None, None, None],
            ]
        },
    )
    assert read_round(path).answers == (
        Answer(
            "0012",
            "2024",
            "q",
            "a",
            dict(tal="7", dag="2024-10-01", tid="2024-10-01T08:30:00", ja="true", tom=""),
        ),
        Answer(
            "1234567890123456", "2024", "q", "5", dict(tal="0.25", dag="2024-10", tid="", ja="false", tom="")
        ),
        Answer("2024-01-05", "2024", "q", "-x", dict(tal="1", dag="", tid="", ja="", tom="")),
    )


def test_leading_zeros_that_only_the_format_shows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book["Sheet"].append(HEADER)
    book["Sheet"].append([12, 2024, "q", "a"])
    book["Sheet"]["A2"].number_format = "00000"
    book.save(tmp_path / "r.xlsx")
    assert read_round(tmp_path / "r.xlsx").answers[0].answer_id == "00012"


def test_texts_taken_for_formulas_are_not_lost(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Svar": [HEADER, ["=1", 2024, "q", "=> bättre möten"], ["2", 2024, "q", "b"]]})
    book = openpyxl.load_workbook(path)
    book["Svar"]["A3"] = ArrayFormula("A3:A3", "=SUM(1)")
    book.save(path)
    assert [(answer.answer_id, answer.text) for answer in read_round(path).answers] == [
        ("=1", "=> bättre möten"),
        ("=SUM(1)", "b"),
    ]


def test_formulas_give_their_stored_result(tmp_path: Path) -> None:
    rows: Sequence[Sequence[object]] = [
        HEADER,
        [1, 2024, "q", "=B9"],
        [2, 2024, "q", "=B10"],
        [3, 2024, "q", "c"],
    ]
    path = workbook(tmp_path, {"Svar": rows})
    member = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(member)
    empty = b"<v />" if b"<v />" in xml else b"<v></v>"  # as openpyxl writes it without lxml, and with it
    asked, answered = b'<c r="D%d"><f>B%d</f>', b'<c r="D%d" t="str"><f>B%d</f>'
    assert asked % (2, 9) + empty in xml
    path = repacked(path, member, asked % (2, 9) + empty, answered % (2, 9) + b"<v>svar</v>")
    path = repacked(path, member, asked % (3, 10) + empty, answered % (3, 10) + b"<v></v>")
    round_ = read_round(path)
    assert [answer.text for answer in round_.answers] == ["svar", "c"]
    assert [(drop.where, drop.reason) for drop in round_.drops] == [("row 3", "no text")]


def test_cells_that_show_an_error_are_dropped(tmp_path: Path) -> None:
    round_ = read_round(workbook(tmp_path, {"Svar": [HEADER, [1, 2024, "q", "#NAME?"], [2, 2024, "q", "b"]]}))
    assert [(drop.where, drop.reason) for drop in round_.drops] == [("row 2", "spreadsheet error")]


def test_escaped_line_breaks(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Svar": [HEADER, [1, 2024, "q", "a_x000D_\nb"]]})
    assert read_round(path).answers[0].text == "a\nb"


def test_a_wrong_extent_cuts_nothing_off(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Svar": [HEADER, [1, 2024, "q", "a"], [2, 2024, "q", "b"]]})
    path = repacked(path, "xl/worksheets/sheet1.xml", b'ref="A1:D3"', b'ref="A1"')
    assert [answer.text for answer in read_round(path).answers] == ["a", "b"]


def test_a_note_beside_the_table_is_kept(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Svar": [HEADER, [1, 2024, "q", "a", None, "ring"], [2, 2024, "q", "b"]]})
    assert [answer.background for answer in read_round(path).answers] == [
        {"column 6": "ring"},
        {"column 6": ""},
    ]


def test_a_named_sheet(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, {"A": [HEADER, [1, 1, "q", "a"]], "B": [HEADER, [1, 1, "q", "b"]]}, hidden=("B",)
    )
    assert [read_round(path, sheet=sheet).answers[0].text for sheet in ("A", "B")] == ["a", "b"]
    assert read_round(path).sheet == "A"


def test_a_named_sheet_that_is_not_there(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Läs mig": [["x"]], "Svar": [HEADER]})
    assert error_of(path, sheet="Svarr") == (
        "r.xlsx: no sheet 'Svarr'; found 'Läs mig', 'Svar'; name one of them with --sheet"
    )


def test_two_sheets_with_the_columns(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"A": [HEADER, [1, 1, "q", "a"]], "B": [HEADER, [1, 1, "q", "b"]]})
    assert error_of(path) == (
        "r.xlsx: the columns stand in more than one sheet, 'A', 'B'; name one with --sheet"
    )


def test_no_sheet_with_the_columns_names_those_of_the_nearest(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Läs mig": [["x"]], "Svar": [["Nr", "Region", "Svar"], [1, "Syd", "a"]]})
    assert error_of(path, text={"q": "Orsaker"}, id_column="Nr", round_name="2024") == (
        "r.xlsx sheet 'Svar': no column 'Orsaker'; found 'Nr', 'Region', 'Svar'; "
        "name them as the file does, with --text QUESTION=COLUMN, --id COLUMN and --round ROUND"
    )


def test_bad_rows_name_sheet_and_row(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Svar": [[], HEADER, [1, 2024, "q", "a"], [1, 2024, "q", "b"]]})
    assert error_of(path) == (
        "r.xlsx sheet 'Svar' row 4: the id in column 'answer_id' stands on row 3 already, expected once"
    )


def test_empty_sheet_and_header_only(tmp_path: Path) -> None:
    assert error_of(workbook(tmp_path, {"Svar": []})) == (
        "r.xlsx sheet 'Svar': empty, expected a header and a row per answer"
    )
    assert error_of(workbook(tmp_path, {"Svar": [HEADER]})) == (
        "r.xlsx sheet 'Svar': a header but no rows, expected a row per answer"
    )


def test_a_workbook_of_charts_only(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book["Sheet"].append(HEADER)
    book["Sheet"].append([1, 2024, "q", "a"])
    book.create_chartsheet("Diagram", 0).add_chart(BarChart())
    book.save(tmp_path / "r.xlsx")
    assert read_round(tmp_path / "r.xlsx").sheet == "Sheet"
    book.remove(book["Sheet"])
    book.save(tmp_path / "r.xlsx")
    assert error_of(tmp_path / "r.xlsx") == (
        "r.xlsx: a workbook without sheets, expected a header and a row per answer"
    )


@pytest.mark.parametrize("raw", [b"answer_id,round\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_no_workbook_at_all(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(raw)
    assert error_of(path) == (
        "r.xlsx: not an Excel workbook (.xlsx), or protected by a password; "
        "open it in Excel and save it again as .xlsx without one"
    )


def test_a_cut_off_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Svar": [HEADER, [1, 2024, "q", "a"]]})
    path.write_bytes(path.read_bytes()[:-300])
    assert error_of(path).startswith("r.xlsx: not an Excel workbook (.xlsx)")


def test_damaged_inside(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Svar": [HEADER, [1, 2024, "q", "a"]]})
    path = repacked(path, "xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheet")
    assert (
        error_of(path) == "r.xlsx: damaged workbook (ParseError); open it in Excel and save it again as .xlsx"
    )


def test_another_kind_of_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "r.xlsx", "w") as archive:
        archive.writestr("a.txt", "a")
    assert error_of(tmp_path / "r.xlsx") == (
        "r.xlsx: damaged workbook (KeyError); open it in Excel and save it again as .xlsx"
    )


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a", "w") as member:
        for _ in range(65):
            member.write(bytes(2**20))
    path = tmp_path / "r.xlsx"
    path.write_bytes(packed.getvalue())
    assert error_of(path) == (
        f"r.xlsx: unpacks from {len(packed.getvalue())} to {65 * 2**20} bytes, more than a round holds; "
        "save it as .csv"
    )


def test_texts_with_formula_signs_quotes_and_breaks(tmp_path: Path) -> None:
    texts = ["+ mer", "- mindre", "@ alla", 'sade "ja"', "a\n\nb\tc", " \u2013 ", "🙂 e\u0301"]
    assert not any(ILLEGAL_CHARACTERS_RE.search(text) for text in texts)
    path = workbook(tmp_path, {"Svar": [HEADER, *([i, 2024, "q", text] for i, text in enumerate(texts))]})
    assert [answer.text for answer in read_round(path).answers] == texts
