"""What a text document shows, read back from its XML; nothing but the standard library is needed."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from samorsak.report.document.shown import BASIS, FRONT, Shown

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t"}


def read_docx_figures(path: Path, sections: Sequence[str], tables: Sequence[str]) -> Shown:
    """Read what a text document shows, by the bookmarks that it was written with.

    Parameters
    ----------
    path : Path
    sections, tables : sequence of str
        Names in the order of the report; the document has them by number.

    Raises
    ------
    OSError, KeyError, zipfile.BadZipFile, xml.etree.ElementTree.ParseError
        The file cannot be read, or is no text document.
    """
    with zipfile.ZipFile(path) as archive:
        body = fromstring(archive.read("word/document.xml")).find(f"{_W}body")
        heads = [name for name in archive.namelist() if name.startswith("word/header")]
        running = [_text(one) for name in sorted(heads) for one in fromstring(archive.read(name))]
    names = {f"section_{number}": name for number, name in enumerate(sections, 1)} | {"basis": BASIS}
    numbered = {f"table_{number}": name for number, name in enumerate(tables, 1)}
    texts: dict[str, list[str]] = defaultdict(list)
    texts["(head)"] = [text for text in running if text]
    found: dict[str, list[list[str]]] = {}
    section, table = FRONT, ""
    for one in _blocks(body if body is not None else Element("none")):
        if one.tag == f"{_W}tbl":
            found[table or f"table after {section}"] = [
                [_text(cell) for cell in row.iter(f"{_W}tc")] for row in one.iter(f"{_W}tr")
            ]
            table = ""
            continue
        for mark in one.iter(f"{_W}bookmarkStart"):
            section = names.get(mark.get(f"{_W}name", ""), section)
            table = numbered.get(mark.get(f"{_W}name", ""), table)
        texts[section].append(_text(one))
    return Shown(texts, found)


def _blocks(parent: Element) -> Iterator[Element]:
    """Give paragraphs and tables in order, those inside controls too."""
    for one in parent:
        if one.tag in (f"{_W}p", f"{_W}tbl"):
            yield one
        else:
            yield from _blocks(one)


def _text(parent: Element) -> str:
    """Give the text of an element, and the alternative texts of its pictures."""
    pieces = []
    for one in parent.iter():
        if one.tag == f"{_W}t":
            pieces.append(one.text or "")
        elif one.tag == _ALT:
            pieces.append(one.get("descr", ""))
        else:
            pieces.append(_BREAKS.get(one.tag, ""))
    return "".join(pieces)
