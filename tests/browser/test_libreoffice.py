"""Workbooks in LibreOffice: what a colleague without Excel saves can be read back."""

import subprocess
from pathlib import Path

import openpyxl
from conftest import program

from samorsak.annotations import Marked, QueueRow, Store, Suggestion
from samorsak.pipeline.review_sheets import Imported, export_review, import_review
from samorsak.scheme import Scheme

SCHEME = Scheme.model_validate(
    {
        "residual": {"other": {"label_sv": "Övrigt"}},
        "questions": {
            "lost": {
                "text_sv": "Varför inte?",
                "categories": {"rain": {"label_sv": "Regn"}, "snow": {"label_sv": "Snö"}},
            },
        },
    }
)
TEXT = "Det regnade mycket. Sedan kom snön, och det blåste."
ROWS = [
    QueueRow(
        answer_id="1",
        round="2024",
        question="lost",
        text=TEXT,
        statements=(
            Suggestion(start=0, end=18, category="rain", probability=0.5),
            Suggestion(start=20, end=34, category="rain", probability=0.5),
        ),
    ),
    QueueRow(answer_id="2", round="2024", question="lost", text="=1+1"),
]


def saved_by_libreoffice(file: Path, suffix: str) -> Path:
    out = file.parent / "saved"
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    command = [program("soffice"), profile, "--headless", "--convert-to", suffix, "--outdir", str(out)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=300)
    return out / f"{file.stem}.{suffix}"


def test_a_review_workbook_that_libreoffice_saved_is_read_back(tmp_path: Path) -> None:
    sheet = tmp_path / "granska.xlsx"
    export_review(sheet, ROWS, SCHEME)
    book = openpyxl.load_workbook(sheet)
    cells = book["Granska"]
    at = {str(cell.value): cell.column for row in cells.iter_rows() for cell in row if cell.value}
    row_of = {row[0].value: row[0].row for row in cells.iter_rows() if row[0].value}
    for key, column, value in (
        ("1:1", "Godkänn", "x"),
        ("1:2", "Din kategori", "Snö"),
        ("1:3", "Påstående", "det blåste"),
        ("1:3", "Din kategori", "Övrigt"),
    ):
        cells.cell(row_of[key], at[column], value)
    book.save(sheet)
    saved = saved_by_libreoffice(sheet, "xlsx")
    again = openpyxl.load_workbook(saved)
    assert again["Granska"].protection.sheet
    assert again["Granska"].data_validations.dataValidation
    found = import_review(saved, annotator="anna", annotations=tmp_path / "log", scheme=_scheme(tmp_path))
    assert found == Imported(2, recorded=1, untouched=1)
    (decided,) = Store(tmp_path / "log", SCHEME).view()
    assert decided.annotation.statements == (
        Marked(0, 18, "rain"),
        Marked(20, 34, "snow"),
        Marked(40, 50, "other"),
    )


def _scheme(folder: Path) -> Path:
    path = folder / "scheme.json"
    path.write_text(SCHEME.model_dump_json(by_alias=True, exclude_defaults=True), encoding="utf-8")
    return path
