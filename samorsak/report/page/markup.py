"""Elements, and what a page may hold of a text."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    r"""Give a text as a page may hold it, as long as before: U+FFFD for controls and half surrogate pairs.

    Examples
    --------
    >>> clean("a\x00b\ud800c\td") == "a\ufffdb\ufffdc\td"
    True
    """
    return _UNSEEN.sub("\ufffd", text)


def add(parent: Element, tag: str, text: str = "", **attributes: str | float | None) -> Element:
    """Add an element with a text; ``class_`` is written class, ``stroke_width`` stroke-width, None left out.

    Examples
    --------
    >>> html(add(Element("p"), "b", "R&D <1>", class_="x", data_n=2))
    '<b class="x" data-n="2">R&amp;D &lt;1&gt;</b>'
    """
    made = SubElement(parent, tag, _written(attributes))
    made.text = clean(text)
    return made


def element(tag: str, **attributes: str | float | None) -> Element:
    """Make an element that stands for itself."""
    return Element(tag, _written(attributes))


def _written(attributes: dict[str, str | float | None]) -> dict[str, str]:
    return {
        name.rstrip("_").replace("_", "-"): clean(value) if isinstance(value, str) else f"{value:g}"
        for name, value in attributes.items()
        if value is not None
    }


def html(of: Element) -> str:
    """Write an element; what it holds of texts and attributes is escaped."""
    return tostring(of, encoding="unicode", method="html")
