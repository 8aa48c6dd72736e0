"""Elements of a text document (ECMA-376 part 1, chapter 17), and what it holds of a text."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from samorsak.report.page.markup import clean

_PIECES = re.compile("[\n\t]|[^\n\t]+")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def add(parent: Any, tag: str, **attributes: str | int) -> Any:
    """Add an element of the main namespace, with attributes of the same.

    Parameters
    ----------
    parent : lxml element
    tag : str
        Without its prefix: ``"tbl"``.
    """
    made = OxmlElement(f"w:{tag}", {qn(f"w:{name}"): clean(str(value)) for name, value in attributes.items()})
    parent.append(made)
    return made


def add_paragraph(parent: Any, style: str, text: str = "") -> Any:
    """Add a paragraph."""
    made = add(parent, "p")
    add(add(made, "pPr"), "pStyle", val=style)
    if text:
        add_run(made, text)
    return made


def add_run(paragraph: Any, text: str, style: str = "") -> Any:
    """Add text: line breaks and tabs as such, what XML cannot hold as U+FFFD."""
    run = add(paragraph, "r")
    if style:
        add(add(run, "rPr"), "rStyle", val=style)
    for piece in _PIECES.findall(clean(text)):
        if piece == "\n":
            add(run, "br")
        elif piece == "\t":
            add(run, "tab")
        else:
            own = add(run, "t")
            own.text = piece
            own.set(_SPACE, "preserve")
    return run


def add_field(paragraph: Any, code: str, shown: str) -> None:
    """Add a field that programs recompute, with what it shows until then."""
    begin_field(paragraph, code)
    add_run(paragraph, shown)
    end_field(paragraph)


def begin_field(paragraph: Any, code: str) -> None:
    """Begin a field; what follows is what it shows."""
    add(add(paragraph, "r"), "fldChar", fldCharType="begin")
    instruction = add(add(paragraph, "r"), "instrText")
    instruction.text = f" {code} "
    instruction.set(_SPACE, "preserve")
    add(add(paragraph, "r"), "fldChar", fldCharType="separate")


def end_field(paragraph: Any) -> None:
    """End the field that was begun last."""
    add(add(paragraph, "r"), "fldChar", fldCharType="end")


def add_bookmarked(paragraph: Any, name: str, number: int) -> None:
    """Put a bookmark around what a paragraph holds so far."""
    start = OxmlElement("w:bookmarkStart", {qn("w:id"): str(number), qn("w:name"): name})
    paragraph.insert(1, start)  # after the paragraph's properties
    add(paragraph, "bookmarkEnd", id=number)
