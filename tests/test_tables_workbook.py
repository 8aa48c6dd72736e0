import hashlib
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from documents import HOSTILE, constructed_document

from samorsak import __version__
from samorsak.report.document import Cell, Note, Paragraph, Section, Table
from samorsak.report.sheets import visible
from samorsak.report.tables_workbook import write_tables


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "tabeller.xlsx"
    write_tables(path, constructed_document())
    return path


def rows(path: Path, sheet: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(min_row=2, values_only=True))


def test_there_is_a_summary_the_data_and_what_they_rest_on(written: Path, tmp_path: Path) -> None:
    assert openpyxl.load_workbook(written).sheetnames == ["Sammanfattning", "Data", "Metadata"]
    write_tables(tmp_path / "e.xlsx", constructed_document("en"))
    assert openpyxl.load_workbook(tmp_path / "e.xlsx").sheetnames == ["Summary", "Data", "Metadata"]


def test_every_figure_stands_on_a_row(written: Path) -> None:
    document = constructed_document()
    expected = [
        (one.heading, block.name, block.caption, number, first.text, head, cell.value, cell.text)
        for one in document.sections
        for block in one.blocks
        if isinstance(block, Table)
        for number, (first, *others) in enumerate(block.rows, 1)
        for head, cell in zip(block.heads[1:], others, strict=True)
    ]
    found = [(*row[:4], row[4] or "", *row[5:7], row[8]) for row in rows(written, "Data")]
    assert len(found) == 117
    assert found == expected


def test_the_unit_says_what_the_value_is(written: Path) -> None:
    units = {row[8]: row[7] for row in rows(written, "Data")}
    assert units["38,2\u00a0%"] == "andel (0–1)"
    assert units["71"] == "antal"
    assert units["färre än 5"] == "andel (0–1)"
    assert units["−5,0\u00a0%"] == "skillnad mellan andelar (−1–1)"


def test_the_summary_holds_the_text_of_the_report(written: Path) -> None:
    found = rows(written, "Sammanfattning")
    assert found[0] == ("Hur uppföljningen har gått till", "Rubrik", "Hur uppföljningen har gått till")
    kinds = [row[1] for row in found]
    assert kinds.count("Rubrik") == 9
    assert kinds.count("Observera") == 2
    assert [k for k in kinds if str(k).startswith("Tabell")] == [f"Tabell {n}" for n in range(1, 8)]
    assert (
        "Metod",
        "Text",
        "Svaren har delats i påståenden och varje påstående har förts till en kategori.",
    ) in found


def test_metadata_names_runs_settings_and_version(written: Path) -> None:
    found = dict(rows(written, "Metadata"))
    assert found["Omgång, SHA-256 av run.json: uppfoljning-2023"] == "a0" * 32
    assert found["Inställning: lines"] == "2024"
    assert found["Version"] == f"samorsak {__version__}"


def test_texts_are_text_whatever_they_hold(tmp_path: Path) -> None:
    texts = (*HOSTILE, "=1+1", "+46", "-5", "@SUM(A1)", "_x0041_")
    table = Table("t", "=Tabell", ("", "=A1"), tuple((Cell(t), Cell(t)) for t in texts), ("=not",))
    blocks = (Paragraph("=cmd|'/c calc'!A1"), Note("+1"), table)
    document = replace(constructed_document(), title="=1", sections=(Section("a", "=Avsnitt", 1, blocks),))
    write_tables(tmp_path / "a.xlsx", document)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    shown = [row[4] for row in rows(tmp_path / "a.xlsx", "Data")]
    assert shown[:-1] == [visible(text) for text in texts[:-1]]
    assert [row[2] for row in rows(tmp_path / "a.xlsx", "Sammanfattning")][1] == "=cmd|'/c calc'!A1"


def test_the_same_report_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_tables(tmp_path / "again.xlsx", constructed_document())
    again, before = (hashlib.sha256(p.read_bytes()).hexdigest() for p in (tmp_path / "again.xlsx", written))
    assert again == before


def test_a_public_report_says_so(tmp_path: Path) -> None:
    write_tables(tmp_path / "p.xlsx", constructed_document(public=True))
    assert "Version för publicering" in str(dict(rows(tmp_path / "p.xlsx", "Metadata"))["Observera"])


def test_a_report_without_tables_has_three_sheets_still(tmp_path: Path) -> None:
    document = replace(constructed_document(), sections=(Section("a", "Tomt", 1, ()),))
    write_tables(tmp_path / "a.xlsx", document)
    assert rows(tmp_path / "a.xlsx", "Data") == []
    assert rows(tmp_path / "a.xlsx", "Sammanfattning") == [("Tomt", "Rubrik", "Tomt")]
