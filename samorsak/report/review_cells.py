"""How the cells and sheets of the review workbook look, what is locked in them, and the file itself."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samorsak.report.delimited import replacing
from samorsak.report.sheets import column_letters, escaped, row_height, zip_entry

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.styles import Font
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD, _ENTERED_HEAD, _TO_DO, _GRID, _EDGE = "FF44546A", "FF7F6000", "FFFFF2CC", "FFD9D9D9", "FF7F7F7F"
_TEXT = "@"
"""The number format of text: what is typed in such a cell is no formula and no date."""


def head(
    sheet: Worksheet, headings: Sequence[str], widths: Sequence[float], entered: Sequence[bool] = ()
) -> None:
    """Write the header row; `entered` says which columns a person fills in."""
    from openpyxl.styles import Alignment, PatternFill

    for number, (text, width) in enumerate(zip(headings, widths, strict=True), 1):
        own = number <= len(entered) and entered[number - 1]
        cell = write(sheet, f"{column_letters(number)}1", text)
        cell.font = font(bold=True, color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor=_ENTERED_HEAD if own else _HEAD)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[column_letters(number)].width = width
    fit(sheet, 1, headings, [0.8 * width for width in widths])


def font(size: float = 11, **how: Any) -> Font:
    """Give the workbook's font, bold or italic or in a colour."""
    from openpyxl.styles import Font

    return Font(name="Calibri", family=2, size=size, **how)


def write(sheet: Worksheet, place: str, text: str, *, entered: bool = False, first: bool = False) -> Cell:
    """Write a text cell, whatever the text begins with.

    `entered`: a person fills it in; `first`: in the first row of an answer, under a line.
    """
    from openpyxl.styles import Alignment, Border, PatternFill, Protection, Side

    cell: Any = sheet[place]
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if text:
        cell.value = escaped(text)
        cell.data_type = "s"  # openpyxl takes =1+1 for a formula
        cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t"))
    side = Side(style="thin", color=_GRID) if entered else None
    top = Side(style="thin", color=_EDGE) if first else side
    cell.border = Border(left=side, right=side, top=top, bottom=side)
    if entered:
        cell.fill = PatternFill("solid", fgColor=_TO_DO)
        cell.number_format = _TEXT
        cell.protection = Protection(locked=False)
    return cell  # type: ignore[no-any-return]


def fit(sheet: Worksheet, number: int, cells: Sequence[str], widths: Sequence[float]) -> None:
    """Give a row the height that its texts need."""
    sheet.row_dimensions[number].height = row_height(cells, widths) + 3


def picked(sheet: Worksheet, source: str, title: str, says: str, areas: Iterable[str]) -> None:
    """Let cells offer a list, say so when they are entered, and take nothing else."""
    from openpyxl.worksheet.datavalidation import DataValidation

    found = DataValidation(
        type="list",
        formula1=source,
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=title,
        error=says,
        showInputMessage=True,
        promptTitle=title,
        prompt=says,
    )
    for area in areas:
        found.add(area)
    sheet.add_data_validation(found)


def printed(sheet: Worksheet, landscape: bool = True) -> None:
    """Lock a sheet without a password, and print it on A4, as wide as the paper and with its header."""
    from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.protection.enable()
    sheet.protection.formatColumns = sheet.protection.formatRows = False  # False: allowed
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(text="&A"), right=_HeaderFooterPart(text="&P / &N")
    )
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.75, 0.3


_DATED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def save(book: Workbook, path: Path, title: str) -> None:
    """Write the file, with a fixed date, its sheets not to be moved or taken out.

    Raises
    ------
    InputError
        The file cannot be written, for example because it is open in Excel.
    """
    from openpyxl.workbook.protection import WorkbookProtection

    book.properties.title, book.properties.creator = title, "samorsak"
    book.security = WorkbookProtection(lockStructure=True)
    packed = io.BytesIO()
    book.save(packed)
    with replacing(path) as part, zipfile.ZipFile(packed) as made, zipfile.ZipFile(part, "w") as archive:
        for name in made.namelist():
            xml = made.read(name)
            if name == "docProps/core.xml":
                xml = _DATED.sub(rb"\g<1>2000-01-01T00:00:00Z", xml)
            archive.writestr(zip_entry(name), xml)
