"""What a file shows of a report, in one form for pages, text documents and workbooks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from samorsak.report.document.parts import Block, Bullets, Document, Note, Paragraph, Picture, Table

FRONT, BASIS = "(front)", "(basis)"
"""Title and contents, and the runs a report rests on, where `Shown.texts` has the sections by name."""

_FIGURE = re.compile(r"[−-]?[^\W\d_]*\d\w*(?:[.,\u00a0\u202f]\d\w*)*")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff\u2400-\u2421]")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a file shows.

    Attributes
    ----------
    texts : mapping of str to list of str
        By section, in order: heading, running text, captions, notes and alternative texts.
    tables : mapping of str to list of list of str
        By name: the heads, then the rows.
    charts : mapping of str to str
        By name: the drawing, where it is text.
    """

    texts: Mapping[str, list[str]]
    tables: Mapping[str, list[list[str]]] = field(default_factory=dict)
    charts: Mapping[str, str] = field(default_factory=dict)


def figures(texts: Sequence[str]) -> list[str]:
    r"""Give what holds a digit, whole words and numbers.

    Examples
    --------
    >>> figures(["1 234 svar 2024,", "12,3 % eller −0,5 (af-2)"])
    ['1', '234', '2024', '12,3', '−0,5', '-2']
    >>> figures(["1\u202f234"])
    ['1\u202f234']
    """
    return [found for text in texts for found in _FIGURE.findall(text)]


def bare(text: str) -> str:
    r"""Give a text without what forms show each in its way: controls, and how much space there is.

    Examples
    --------
    >>> bare("a\x00b\n  c"), bare("a\ufffdb c")
    ('ab c', 'ab c')
    """
    return " ".join(_UNSEEN.sub("", text).split()).replace("_x005F_", "_")


def expected_texts(document: Document) -> dict[str, list[str]]:
    """Give the texts of each section as every form shows them, captions with their numbers."""
    tables = pictures = 0
    texts: dict[str, list[str]] = {}
    for one in document.sections:
        own = texts.setdefault(one.name, [])
        own.append(one.heading)
        for block in one.blocks:
            tables += isinstance(block, Table)
            pictures += isinstance(block, Picture)
            own += _texts(block, tables, pictures)
    return texts


def _texts(block: Block, tables: int, pictures: int) -> list[str]:
    if isinstance(block, Paragraph | Note):
        return [block.text]
    if isinstance(block, Bullets):
        return [block.lead, *block.items]
    if isinstance(block, Picture):
        return [f"{pictures}. {block.caption}", block.alt]
    if isinstance(block, Table):
        return [f"{tables}. {block.caption}", *block.notes]
    return []
