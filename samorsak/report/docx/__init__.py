"""A report as a text document (.docx), for Word, LibreOffice and whatever makes PDF of it."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from samorsak.extras import extra
from samorsak.report.document import Document

__all__ = ["missing_library", "printed", "write_docx"]

_LIBRARIES = {"docx": "python-docx", "matplotlib": "matplotlib"}


def missing_library() -> str:
    """Name a library that `write_docx` needs and that is not installed; empty if there is none."""
    return next((name for module, name in _LIBRARIES.items() if find_spec(module) is None), "")


def printed(document: Document) -> Document:
    """Give what of a report a text document holds: all but the annex, which is at the end."""
    return replace(document, sections=tuple(one for one in document.sections if not one.annex))


def write_docx(path: Path, document: Document) -> None:
    """Write a report as a text document: real headings, captions and table heads, alt texts, its language.

    It has contents, page numbers and numbered captions as fields; a table that needs it has a page that lies.
    The statements behind the categories are left to the page, and the document says so; the annex is, too.
    The same document and versions of libraries give the same bytes.

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
    document = printed(document)
    made = begin(document)
    body = Body(made, document)
    body.add_title()
    for number, one in enumerate(document.sections, 1):
        body.add_section(number, one)
    body.add_basis()
    end(made, document)
    save(made, path)
