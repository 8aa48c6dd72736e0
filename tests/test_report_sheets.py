"""Workbooks as bytes, and as Excel's readers see them."""

import io
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from samorsak.errors import InputError
from samorsak.report.sheets import (
    CUT,
    MAX_TEXT,
    Column,
    Sheet,
    column_letters,
    shortened,
    visible,
    write_workbook,
)

IN_PLACE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)


def written(path, columns, rows, **options):
    write_workbook(path / "x.xlsx", [Sheet("Blad", columns, rows, **options)], "Titel")
    return load_workbook(path / "x.xlsx")["Blad"]


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize("text", ["=1+1", "+46", "-5", "@x", "\t=1", "==", '=HYPERLINK("x")'])
def test_what_looks_like_a_formula_is_text(tmp_path, text):
    cell = written(tmp_path, [Column(text)], [(text,)])["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    heading = load_workbook(tmp_path / "x.xlsx")["Blad"]["A1"]
    assert (heading.value, heading.data_type, heading.quotePrefix, heading.font.bold) == (
        text,
        "s",
        True,
        True,
    )


def test_ordinary_text_is_not_marked(tmp_path):
    cell = written(tmp_path, [Column("A")], [("1=1",)])["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("1=1", "s", False)


def test_numbers_are_numbers_shown_as_their_column_says(tmp_path):
    columns = [Column("n", 9, "integer"), Column("share", 9, "share"), Column("p", 9, "probability")]
    sheet = written(tmp_path, columns, [(12, 1 / 3, 1e-06), (0, 0.0, 1.0), (None, None, 1.0)])
    assert [(c.value, c.data_type, c.number_format) for c in sheet[2]] == [
        (12, "n", "0"),
        (1 / 3, "n", "0.0 %"),
        (1e-06, "n", "0.000"),
    ]
    assert values(sheet)[1:] == [[0, 0, 1], [None, None, 1]]


def test_header_is_bold_and_frozen_and_filters(tmp_path):
    sheet = written(tmp_path, [Column("A", 20), Column("B", 80)], [("x", "y")])
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B2")
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [20, 80]
    assert [(cell.font.bold, cell.alignment.wrap_text) for cell in sheet[1]] == [(True, True)] * 2
    assert [(cell.font.bold, cell.alignment.wrap_text) for cell in sheet[2]] == [(False, True)] * 2


def test_a_sheet_without_filters(tmp_path):
    assert written(tmp_path, [Column("A")], [("x",)], filtered=False).auto_filter.ref is None


def test_cells_are_made_from_items(tmp_path):
    sheet = written(tmp_path, [Column("A"), Column("B")], ["ab", "cd"], cells=list)
    assert values(sheet) == [["a", "b"], ["c", "d"]]


def test_an_empty_heading_and_empty_cells(tmp_path):
    sheet = written(tmp_path, [Column(""), Column("B")], [("", "b"), (None, ""), ("c", None)])
    assert [cell.value for cell in sheet[1]][1] == "B"
    assert values(sheet) == [[None, "b"], [None, None], ["c", None]]


def test_control_characters_are_shown_and_breaks_are_breaks(tmp_path):
    text = "a\x00\x08\x1b\x7f\x96\ufffe\ud800b\r\nc\rd\u2028e\tf & <g>"
    shown = "a␀␈␛␡\ufffd\ufffd\ufffdb\nc\nd\ne\tf & <g>"
    assert visible(text) == shown
    assert values(written(tmp_path, [Column("A")], [(text,)])) == [[shown]]


def test_what_excel_reads_as_an_escape_is_escaped(tmp_path):
    assert values(written(tmp_path, [Column("A")], [("_x0041_ _xyz_",)])) == [["_x005F_x0041_ _xyz_"]]


@IN_PLACE
@given(st.lists(st.text(st.characters(exclude_characters="_")), min_size=1, max_size=5))
def test_any_text_is_read_as_it_is_shown(tmp_path, texts):
    columns = [Column(f"{number}") for number in range(len(texts) + 1)]
    shown = [visible(text) or None for text in texts]
    assert values(written(tmp_path, columns, [[*texts, "end"]])) == [[*shown, "end"]]


@pytest.mark.parametrize("letter", ["a", "å", "\U0001f600"])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(tmp_path, letter):
    units = len(letter.encode("utf-16-le")) // 2
    just = letter * (MAX_TEXT // units)
    assert shortened(just) == just
    cut = shortened(just + letter)
    assert cut.endswith(CUT)
    assert MAX_TEXT - 1 <= len(cut.encode("utf-16-le")) // 2 <= MAX_TEXT
    assert values(written(tmp_path, [Column("A")], [(just + letter,)])) == [[cut]]


def test_rows_beyond_what_a_sheet_holds_go_on_in_another(tmp_path):
    sheet = Sheet("Svar", [Column("A", 9, "integer")], range(7), lambda number: [number])
    parts = sheet.parts(most=4)
    assert [(part.name, list(part.rows)) for part in parts] == [
        ("Svar", [0, 1, 2]),
        ("Svar 2", [3, 4, 5]),
        ("Svar 3", [6]),
    ]
    write_workbook(tmp_path / "x.xlsx", parts, "Titel")
    book = load_workbook(tmp_path / "x.xlsx")
    assert [(sheet.title, values(sheet)) for sheet in book] == [
        ("Svar", [[0], [1], [2]]),
        ("Svar 2", [[3], [4], [5]]),
        ("Svar 3", [[6]]),
    ]


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_rows_that_fit_are_one_sheet(rows):
    assert [len(part.rows) for part in Sheet("Svar", [], range(rows)).parts(most=4)] == [rows]


def test_the_same_rows_are_the_same_bytes(tmp_path, monkeypatch):
    sheet = Sheet("Svar", [Column("A")], [("x",), ("y",)])
    write_workbook(tmp_path / "a.xlsx", [sheet], "Titel")
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("time.time", lambda: 2e9)
    write_workbook(tmp_path / "b.xlsx", [sheet], "Titel")
    first, second = ((tmp_path / name).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.create_system for entry in archive.infolist()} == {0}


def test_every_part_is_listed_and_well_formed(tmp_path):
    write_workbook(tmp_path / "x.xlsx", [Sheet('A & "B"', [Column("A")], [("x",)])], "T & <T>")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    types = parts["[Content_Types].xml"]
    listed = {entry.get("PartName") for entry in types if entry.get("PartName")}
    assert listed == {f"/{name}" for name in parts if not name.endswith((".rels", "[Content_Types].xml"))}
    book = load_workbook(tmp_path / "x.xlsx")
    assert (book.sheetnames, book.properties.title, book.properties.creator) == (
        ['A & "B"'],
        "T & <T>",
        "samorsak",
    )
    assert (
        book.properties.created.isoformat() == book.properties.modified.isoformat() == "2000-01-01T00:00:00"
    )


def test_more_than_a_workbook_holds(tmp_path, monkeypatch):
    monkeypatch.setattr("zipfile.ZIP64_LIMIT", 2_000)
    path = tmp_path / "x.xlsx"
    with pytest.raises(InputError) as error:
        write_workbook(path, [Sheet("Svar", [Column("A")], [("x" * 100,)] * 500)], "Titel")
    assert str(error.value) == f"{path}: sheet 'Svar' is too large for a workbook; use the csv files"
    assert list(tmp_path.iterdir()) == []


@given(st.integers(1, 16_384))
def test_columns_are_named_in_order(number):
    place = 0
    for letter in column_letters(number):
        place = 26 * place + ord(letter) - ord("A") + 1
    assert place == number


def test_a_row_is_as_high_as_its_longest_text(tmp_path):
    place = tmp_path / "high.xlsx"
    write_workbook(
        place,
        [
            Sheet(
                "A",
                [Column("x", 10), Column("y", 30)],
                [("short", "x" * 65), ("a\nb", None), (3, "y"), ("z" * 9999, 1)],
            )
        ],
        "t",
    )
    heights = [load_workbook(place)["A"].row_dimensions[row].height for row in range(1, 6)]
    assert heights == [None, 45, 30, None, 405]


def test_a_sheet_is_printed_as_wide_as_a_page(tmp_path):
    found = written(tmp_path, [Column("Rubrik", 90)], [("x",)])
    assert found.sheet_properties.pageSetUpPr.fitToPage
    assert (found.page_setup.orientation, found.page_setup.fitToHeight) == ("landscape", 0)
