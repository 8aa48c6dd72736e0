import json
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from annotated_rounds import lay_out
from documents import constructed_document
from typer.testing import Result

from samorsak.errors import InputError
from samorsak.pipeline.evidence import manifest_sha256, write_manifest
from samorsak.pipeline.report_differences import compare_document
from samorsak.pipeline.reporting import report_run
from samorsak.pipeline.verifying import verify_report
from samorsak.report.document import Cell, Document, Table
from samorsak.report.docx import write_docx
from samorsak.report.page import write_page
from samorsak.report.tables_workbook import write_tables

SMALL = constructed_document(answers=8, hostile=())
HTML, DOCX, XLSX = "rapport.html", "rapport.docx", "tabeller.xlsx"


def write_all(folder: Path, document: Document) -> Path:
    folder.mkdir(exist_ok=True)
    write_page(folder / HTML, document)
    write_docx(folder / DOCX, document)
    write_tables(folder / XLSX, document)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_all(tmp_path_factory.mktemp("made"), SMALL)


def part_of(path: Path, part: str) -> str:
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as archive:
        return archive.read(part).decode("utf-8")


def with_part(path: Path, part: str, text: str, to: Path) -> Path:
    to.mkdir(exist_ok=True)
    if path.suffix == ".html":
        (to / path.name).write_text(text, encoding="utf-8", newline="")
        return to
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to / path.name, "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return to


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("public", [False, True])
def test_a_report_as_it_was_written_has_no_difference(lang: str, public: bool, tmp_path: Path) -> None:
    document = constructed_document(lang, public=public)  # type: ignore[arg-type]
    found, read = compare_document(document, write_all(tmp_path, document))
    assert found == []
    assert read == [HTML, DOCX, XLSX]


def digits(text: str, shown: str) -> Iterator[int]:
    """Give the place of every digit within what the pattern takes for shown."""
    for match in re.finditer(shown, text):
        start, end = match.span(1)
        yield from (i for i in range(start, end) if text[i].isdecimal())


@pytest.mark.parametrize(
    ("name", "part", "shown"),
    [
        (HTML, "", r"(?s)<body>(.*?)<script>"),
        (DOCX, "word/document.xml", r"<w:t [^>]*>([^<]*)</w:t>"),
        (DOCX, "word/document.xml", r'descr="([^"]*)"'),
        (XLSX, "xl/worksheets/sheet1.xml", r"<t>([^<]*)</t>"),
        (XLSX, "xl/worksheets/sheet2.xml", r"<(?:t|v)>([^<]*)</(?:t|v)>"),
        (XLSX, "xl/worksheets/sheet3.xml", r"<t>([^<]*)</t>"),
    ],
)
def test_one_changed_digit_is_found(name: str, part: str, shown: str, made: Path, tmp_path: Path) -> None:
    text = part_of(made / name, part)
    places = list(digits(text, shown))
    header = re.search(r'<row r="1">.*?</row>', text)
    ids = [m.span() for m in re.finditer(r' (?:id|href|class|aria-labelledby|tabindex|for)="[^"]*"', text)]
    places = [i for i in places if not (header and header.start() <= i < header.end())]
    places = [i for i in places if name != HTML or not any(a <= i < b for a, b in ids)]
    places = [i for i in places if name != HTML or not re.search(r"<(?:/?h|/?t)$", text[:i][-4:])]
    assert len(places) > 5
    for i in random.Random(1).sample(places, min(8, len(places))):
        changed = text[:i] + str((int(text[i]) + 1) % 10) + text[i + 1 :]
        found, read = compare_document(SMALL, with_part(made / name, part, changed, tmp_path))
        assert read == [name]
        assert found, f"not found: {text[i - 60 : i + 20]!r}"
        assert {one.file for one in found} == {name}


def test_it_says_which_cell_differs(made: Path, tmp_path: Path) -> None:
    text = part_of(made / DOCX, "word/document.xml").replace("38,2", "39,2")
    (one,), _ = compare_document(SMALL, with_part(made / DOCX, "word/document.xml", text, tmp_path))
    assert (one.file, one.where, one.row, one.column) == (DOCX, "progress", "De flesta", "Andel")
    assert str(one) == "rapport.docx progress row 'De flesta' column 'Andel': '39,2 %', expected '38,2 %'"


def test_it_says_which_number_in_a_text_differs(made: Path, tmp_path: Path) -> None:
    text = part_of(made / HTML, "").replace("38 procent ”de flesta”", "83 procent ”de flesta”")
    (one,), _ = compare_document(SMALL, with_part(made / HTML, "", text, tmp_path))
    assert str(one) == "rapport.html progress: '83', expected '38'"


def test_a_value_behind_a_cell_is_compared_to_15_digits(made: Path, tmp_path: Path) -> None:
    text = part_of(made / XLSX, "xl/worksheets/sheet2.xml")
    value = f"{71 / 186!r}"
    assert value in text
    for written, differences in ((f"{71 / 186:.15g}", 0), ("0.3817", 1)):
        folder = with_part(made / XLSX, "xl/worksheets/sheet2.xml", text.replace(value, written), tmp_path)
        assert len(compare_document(SMALL, folder)[0]) == differences


def test_a_row_or_table_that_is_missing_or_new_is_said(made: Path) -> None:
    document = SMALL
    *others, method = document.sections
    _, table = method.blocks
    assert isinstance(table, Table)
    for rows in (table.rows[:-1], (*table.rows, (Cell("Till"), Cell("7", 7, "count")))):
        changed = replace(method, blocks=(method.blocks[0], replace(table, rows=rows)))
        found, _ = compare_document(replace(document, sections=(*others, changed)), made)
        assert {(one.file, one.where) for one in found} == {(n, "method-counts") for n in (HTML, DOCX, XLSX)}
    found, _ = compare_document(replace(document, sections=tuple(others)), made)
    assert {(one.file, one.where) for one in found} >= {(n, "method-counts") for n in (HTML, XLSX)}


def test_another_answer_in_the_page_is_found_and_not_shown(made: Path, tmp_path: Path) -> None:
    text = part_of(made / HTML, "").replace("praktikplatserna", "hemligheten", 1)
    (one,), _ = compare_document(SMALL, with_part(made / HTML, "", text, tmp_path))
    assert "hemligheten" not in str(one)


@pytest.mark.parametrize(
    "damage", [lambda path: path.write_bytes(b"PK\x03\x04 no archive"), lambda path: path.write_bytes(b"")]
)
@pytest.mark.parametrize("name", [DOCX, XLSX])
def test_a_damaged_file_is_one_line(name: str, damage: Callable[[Path], int], tmp_path: Path) -> None:
    damage(tmp_path / name)
    with pytest.raises(InputError, match="cannot be read") as caught:
        compare_document(SMALL, tmp_path)
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_without_a_report_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no rapport\.html, rapport\.docx or tabeller\.xlsx"):
        compare_document(SMALL, tmp_path)


# Of a run folder


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reported")
    for year in (2023, 2024):
        lay_out(place / f"coded-{year}", year)
    report_run(place / "coded-2024", [place / "coded-2023"], out=place / "report", lines="2024")
    return place


@pytest.fixture
def own(reported: Path, tmp_path: Path) -> Path:
    shutil.copytree(reported, tmp_path / "own")
    return tmp_path / "own"


def test_a_report_is_verified_from_its_runs(reported: Path, samorsak: Callable[..., Result]) -> None:
    done = samorsak("verify", str(reported / "report"))
    assert done.exit_code == 0, done.output
    cells = verify_report(reported / "report").cells
    assert cells > 100
    assert done.stdout == (
        f"verified: rapport.html, rapport.docx, tabeller.xlsx, kodat.sav, {cells} cells of tables "
        "and every number in the text\n"
    )


def test_a_changed_digit_is_said_and_exits_1(own: Path, samorsak: Callable[..., Result]) -> None:
    path = own / "report" / HTML
    text = path.read_text(encoding="utf-8")
    at = re.search(r'<td class="figure">(\d)', text).start(1)  # type: ignore[union-attr]
    path.write_text(text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :], encoding="utf-8", newline="")
    done = samorsak("verify", str(own / "report"))
    assert done.exit_code == 1
    *_, difference, last = done.stdout.splitlines()
    assert difference.startswith("rapport.html ")
    assert last == "1 figure differs in rapport.html, rapport.docx, tabeller.xlsx, kodat.sav"


def test_of_many_differences_a_hundred_are_named(own: Path, samorsak: Callable[..., Result]) -> None:
    file = own / "report" / "report.json"
    about = json.loads(file.read_text(encoding="utf-8"))
    about["settings"]["base"] = "answers" if about["settings"]["base"] == "causes" else "causes"
    file.write_text(json.dumps(about), encoding="utf-8")
    result = samorsak("verify", str(own / "report"))
    *named, more, last = result.stdout.splitlines()
    assert (result.exit_code, len(named)) == (1, 100)
    number = int(last.split()[0])
    assert (more, number > 100) == (f"and {number - 100:,} more", True)


def test_a_run_that_changed_is_said(own: Path, samorsak: Callable[..., Result]) -> None:
    path = own / "coded-2023" / "run.json"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8", newline="")
    done = samorsak("verify", str(own / "report"))
    assert done.exit_code == 1
    assert "run ../coded-2023 has changed since the report was written" in done.stdout
    answers = own / "coded-2024" / "answers.csv"
    rows = answers.read_text(encoding="utf-8").splitlines(keepends=True)
    answers.write_text("".join(rows[:-40]), encoding="utf-8", newline="")
    found = verify_report(own / "report")
    assert {one.file for one in found.differences} >= {HTML, DOCX, XLSX}


def test_small_numbers_that_are_hidden_later_are_no_change_of_a_run(tmp_path: Path) -> None:
    manifest = {"versions": {"samorsak": "0.1.0"}, "personal_data": "masked"}
    write_manifest(tmp_path, manifest)
    written = manifest_sha256(tmp_path)
    write_manifest(tmp_path, {**manifest, "suppression": {"below": 5}})
    assert manifest_sha256(tmp_path) == written
    write_manifest(tmp_path, {**manifest, "personal_data": "kept", "suppression": {"below": 5}})
    assert manifest_sha256(tmp_path) != written


def test_a_run_or_form_that_is_gone_is_said(own: Path, samorsak: Callable[..., Result]) -> None:
    (own / "report" / DOCX).unlink()
    assert verify_report(own / "report").missing == (DOCX,)
    done = samorsak("verify", str(own / "report"))
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "rapport.docx is no longer there",
        "0 figures differ in rapport.html, tabeller.xlsx, kodat.sav",
    ]
    shutil.rmtree(own / "coded-2023")
    with pytest.raises(InputError, match=r"coded-2023 is not there"):
        verify_report(own / "report")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"runs": [], "settings": {}}', '{"runs": [{"folder": "a"}], "settings": {"lang": 7}}'],
)
def test_a_damaged_list_of_runs_is_one_line(text: str, own: Path) -> None:
    (own / "report" / "report.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="expected it as 'samorsak report' wrote it") as caught:
        verify_report(own / "report")
    assert len(str(caught.value).splitlines()) == 1
