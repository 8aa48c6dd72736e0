"""A report as a text document (.docx), for Word, LibreOffice and whatever makes PDF of it."""

from __future__ import annotations

from pathlib import Path

from samorsak.extras import extra
from samorsak.report.document import Document

__all__ = ["write_docx"]


def write_docx(path: Path, document: Document) -> None:
    """Write a report as a text document: real headings, captions and table heads, alt texts, its language.

    It has contents, page numbers and numbered captions as fields; a table that needs it has a page that lies.
    The statements behind the categories are left to the page, and the document says so. The same document
    and versions of libraries give the same bytes.

    Parameters
    ----------
    path : Path
    document : Document

    Raises
    ------
    InputError
        python-docx or matplotlib is not installed, or the file cannot be written.
    """
    with extra("docx", f"{path.name}: a text document"):
        from samorsak.report.docx.blocks import Body
        from samorsak.report.docx.frame import begin, end, save
    made = begin(document)
    body = Body(made, document)
    body.add_title()
    for number, one in enumerate(document.sections, 1):
        body.add_section(number, one)
    body.add_basis()
    end(made, document)
    save(made, path)
