"""Documents opened, converted and saved by LibreOffice, and read back; every figure and answer is constructed."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from conftest import program
from documents import constructed_document

from samorsak.pipeline.report_differences import compare_document
from samorsak.report.document import Document, Table
from samorsak.report.document.shown import bare, expected_texts, figures
from samorsak.report.docx import write_docx
from samorsak.report.tables_workbook import write_tables

Convert: TypeAlias = Callable[[Path, str, Path], Path]


@pytest.fixture(scope="session")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Convert a file, by a LibreOffice that knows nothing of whoever runs it."""
    soffice = program("soffice")
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def run(path: Path, form: str, folder: Path) -> Path:
        own = [f"-env:UserInstallation={profile}", "--headless", "--convert-to", form]
        command = [soffice, *own, "--outdir", str(folder), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        made = folder / f"{path.stem}.{form}"
        assert made.is_file(), "LibreOffice wrote nothing; are its Writer and Calc installed?"
        return made

    return run


@pytest.fixture(scope="module")
def document() -> Document:
    return constructed_document()


def text_of(pdf: Path) -> str:
    command = [program("pdftotext"), "-layout", "-enc", "UTF-8", str(pdf), "-"]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=60).stdout


def test_a_text_document_has_the_same_figures_as_pdf(
    document: Document, convert: Convert, tmp_path: Path
) -> None:
    path = tmp_path / "rapport.docx"
    write_docx(path, document)
    text = text_of(convert(path, "pdf", tmp_path))
    words = "".join(text.split())
    tables = [block for one in document.sections for block in one.blocks if isinstance(block, Table)]
    for block in tables:
        for row in block.rows:
            line = "".join("".join(cell.text.split()) for cell in row[1:])
            assert line in words, f"{block.name}: {row[0].text}"
    alternative = {block.alt for one in document.sections for block in one.blocks if hasattr(block, "alt")}
    shown = [one for texts in expected_texts(document).values() for one in texts if one not in alternative]
    missing = [number for number in figures([bare(one) for one in shown]) if number not in text]
    assert missing == []
    assert "Sida 1 av " in text
    assert f"Sida 1 av {text.count('Sida ')}" in text


def test_headings_heads_alternative_texts_and_language_come_through(
    document: Document, convert: Convert, tmp_path: Path
) -> None:
    write_docx(tmp_path / "rapport.docx", document)
    text = convert(tmp_path / "rapport.docx", "fodt", tmp_path).read_text(encoding="utf-8")
    for one in document.sections:
        assert f'text:outline-level="{one.level}"' in text
    assert 'fo:language="sv"' in text
    assert text.count("<table:table-header-rows>") == 7
    assert text.count("<svg:desc>") == 5


@pytest.mark.parametrize(("name", "write"), [("rapport.docx", write_docx), ("tabeller.xlsx", write_tables)])
def test_a_form_that_libreoffice_saved_is_still_verified(
    name: str,
    write: Callable[[Path, Document], None],
    document: Document,
    convert: Convert,
    tmp_path: Path,
) -> None:
    write(tmp_path / name, document)
    saved = convert(tmp_path / name, Path(name).suffix[1:], tmp_path / "saved")
    assert saved.read_bytes() != (tmp_path / name).read_bytes()
    assert compare_document(document, saved.parent) == ([], [name])
