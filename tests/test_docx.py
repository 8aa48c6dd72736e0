import hashlib
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from documents import HOSTILE, constructed_document

from samorsak.errors import InputError
from samorsak.report.document import Bars, Cell, Document, Note, Paragraph, Picture, Section, Table
from samorsak.report.docx import write_docx
from samorsak.report.page.markup import clean

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "rapport.docx"
    write_docx(path, constructed_document())
    return path


def one_section(*blocks: object) -> Document:
    return replace(constructed_document(), sections=(Section("how", "Hur", 1, blocks),))  # type: ignore[arg-type]


def test_headings_and_captions_are_real(written: Path) -> None:
    made, document = docx.Document(str(written)), constructed_document()
    headings = [p for p in made.paragraphs if p.style.name.startswith("Heading")]
    expected = [(f"Heading {one.level}", one.heading) for one in document.sections]
    assert [(p.style.name, p.text) for p in headings] == [*expected, ("Heading 1", "Underlag")]
    captions = [p.text for p in made.paragraphs if p.style.name == "Caption"]
    blocks = [b for one in document.sections for b in one.blocks if isinstance(b, Table | Picture)]
    assert len(captions) == len(blocks) == 12
    assert captions[:2] == [f"Diagram 1. {blocks[0].caption}", f"Tabell 1. {blocks[1].caption}"]
    assert [p.text for p in made.paragraphs if p.style.name == "Title"] == [document.title]


def test_tables_say_what_the_report_says_and_repeat_their_heads(written: Path) -> None:
    tables = docx.Document(str(written)).tables
    expected = [b for one in constructed_document().sections for b in one.blocks if isinstance(b, Table)]
    assert len(tables) == len(expected) == 7
    for found, block in zip(tables, expected, strict=True):
        rows = [tuple(cell.text for cell in row.cells) for row in found.rows]
        assert rows == [block.heads, *(tuple(cell.text for cell in row) for row in block.rows)]
        first, *others = found._tbl.tr_lst
        assert first.trPr.find(f"{W}tblHeader") is not None
        assert all(row.trPr.find(f"{W}tblHeader") is None for row in others)
        assert all(row.trPr.find(f"{W}cantSplit") is not None for row in others)
        assert found._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val") == block.caption


def test_pictures_have_alternative_texts(written: Path) -> None:
    made = docx.Document(str(written))
    alts = [shape._inline.docPr.get("descr") for shape in made.inline_shapes]
    blocks = [b for one in constructed_document().sections for b in one.blocks if isinstance(b, Picture)]
    assert alts == [block.alt for block in blocks]
    for shape in made.inline_shapes:
        assert 0 < shape.width <= made.sections[0].page_width - 2 * made.sections[0].left_margin


@pytest.mark.parametrize(("lang", "culture"), [("sv", "sv-SE"), ("en", "en-GB")])
def test_language_and_properties_are_set(lang: str, culture: str, tmp_path: Path) -> None:
    document = replace(one_section(Paragraph("Text.")), lang=lang)  # type: ignore[arg-type]
    write_docx(tmp_path / "a.docx", document)
    made = docx.Document(str(tmp_path / "a.docx"))
    default = made.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert default.get(f"{W}val") == made.core_properties.language == culture
    assert made.core_properties.title == document.title
    assert made.core_properties.author == "samorsak"
    assert made.core_properties.created.year == made.core_properties.modified.year == 2000


def test_nothing_hangs_on_the_clock_or_the_template(written: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.docx"
    write_docx(again, constructed_document())
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(written.read_bytes()).digest()
    with zipfile.ZipFile(again) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [n for n in archive.namelist() if "thumbnail" in n or "customXml" in n or "Effects" in n]


def test_hostile_texts_are_text_everywhere(tmp_path: Path) -> None:
    hostile = "|".join(HOSTILE)
    table = Table("t", hostile, (hostile, hostile), ((Cell(hostile), Cell(hostile)),), (hostile,))
    picture = Picture("p", hostile, hostile, Bars(((hostile, 0.5, None, None),)))
    document = one_section(Paragraph(hostile), Note(hostile), table, picture)
    document = replace(document, title=hostile, subtitle=hostile)
    write_docx(tmp_path / "a.docx", document)
    made = docx.Document(str(tmp_path / "a.docx"))
    shown = clean(hostile)
    assert made.tables[0].cell(1, 1).text == shown
    assert [p.text for p in made.paragraphs].count(shown) == 4  # title, subtitle, paragraph, table note
    flat = shown.replace("\n", " ")  # as XML reads a line break in an attribute
    assert made.inline_shapes[0]._inline.docPr.get("descr") in (shown, flat)
    assert "<w:script" not in made.element.xml


def test_verbatims_are_left_to_the_page(written: Path, tmp_path: Path) -> None:
    said = "Svaren bakom kategorierna finns i rapport.html"
    with zipfile.ZipFile(written) as archive:
        body = archive.read("word/document.xml").decode("utf-8")
    assert said in body
    assert "window.hit" not in body
    assert "praktikplatserna" not in body
    write_docx(tmp_path / "p.docx", constructed_document(public=True))
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "p.docx")).paragraphs)
    assert said not in text
    assert text.count("Version för publicering") == 2


def test_a_wide_table_gets_a_page_that_lies(tmp_path: Path) -> None:
    heads = ("Orsak", *(f"Arbetsmarknadsregion {n}" for n in range(9)))
    rows = tuple((Cell(f"Orsak {n}"), *(Cell("12,3 %", 0.123, "share"),) * 9) for n in range(3))
    write_docx(
        tmp_path / "a.docx",
        one_section(Paragraph("Före."), Table("t", "Bred", heads, rows), Paragraph("Efter.")),
    )
    sections = docx.Document(str(tmp_path / "a.docx")).sections
    assert [s.page_width > s.page_height for s in sections] == [False, True, False]
    assert [s.is_linked_to_previous for s in (sections[1].footer, sections[2].footer)] == [True, True]
    assert not sections[0].footer.is_linked_to_previous


def test_wide_tables_of_a_section_share_pages_that_lie_and_the_annex_is_left_out(tmp_path: Path) -> None:
    heads = ("Orsak", *(f"Arbetsmarknadsregion {n}" for n in range(9)))
    wide = [Table(f"t{n}", "Bred", heads, ((Cell("A"), *(Cell("12,3 %"),) * 9),)) for n in range(2)]
    one = one_section(Paragraph("Hela avsnittet ligger."), *wide)
    annex = Section(
        "annex", "Bara på sidan", 1, (Table("u", "Smal", ("A", "B"), ((Cell("a"), Cell("b")),)),), True
    )
    write_docx(tmp_path / "a.docx", replace(one, sections=(*one.sections, annex)))
    made = docx.Document(str(tmp_path / "a.docx"))
    assert [s.page_width > s.page_height for s in made.sections] == [False, True, False]
    assert len(made.tables) == 2
    assert "Bara på sidan" not in [paragraph.text for paragraph in made.paragraphs]


def test_empty_tables_and_pictures_say_so(tmp_path: Path) -> None:
    write_docx(
        tmp_path / "a.docx",
        one_section(Table("t", "Tom", ("A", "B"), ()), Picture("p", "Tom", "Ingenting.", Bars(()))),
    )
    made = docx.Document(str(tmp_path / "a.docx"))
    assert [p.text for p in made.paragraphs].count("Det finns inget att visa.") == 2
    assert not made.tables


def test_page_numbers_and_caption_numbers_are_fields(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        body, footer = (archive.read(f"word/{name}.xml").decode() for name in ("document", "footer1"))
    assert re.findall(r"<w:instrText[^>]*> (\w+)", body).count("SEQ") == 12
    assert re.findall(r"<w:instrText[^>]*> (\w+)", footer) == ["PAGE", "NUMPAGES"]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_docx(tmp_path / "no" / "a.docx", one_section(Paragraph("Text.")))
