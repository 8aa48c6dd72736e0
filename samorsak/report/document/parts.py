"""The parts of a report; every writer shows them, none computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from samorsak.wording import Lang

Kind = Literal["text", "count", "share", "points", "measure"]
"""What a cell holds: words, a number of answers, a fraction, a difference of fractions, any other number."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    text : str
        As a reader sees it: ``"12,3 %"``, or why there is nothing: ``"färre än 5"``.
    value : float or None
        The number behind it, unrounded; None in a cell of words, and where the number is withheld.
    kind : Kind
    """

    text: str
    value: float | None = None
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row of heads; the first cell of a row is the row's head.

    Attributes
    ----------
    name : str
        Unique in the report and the same in every form of it: letters, digits and ``-``.
    notes : tuple of str
        Below it: what shares are of, how intervals were made, what is withheld and why.
    """

    name: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of shares, each with its interval where there is one; the longest first, as the list is.

    Attributes
    ----------
    rows : tuple of (label, share, low, high)
        Fractions; low and high are None without an interval.
    """

    rows: tuple[tuple[str, float, float | None, float | None], ...]


@dataclass(frozen=True, slots=True)
class Stacked:
    """A bar for each row, split into the levels of a closed question.

    Attributes
    ----------
    levels : tuple of str, length l
    rows : tuple of (label, fractions of length l)
        Each row's fractions sum to 1.
    """

    levels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class Slope:
    """A line for each category over rounds.

    Attributes
    ----------
    rounds : tuple of str, length r
    lines : tuple of (label, values of length r)
        A value is (share, low, high), fractions; None where the round has none.
    """

    rounds: tuple[str, ...]
    lines: tuple[tuple[str, tuple[tuple[float, float | None, float | None] | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its caption and what it says in words, for those who do not see it."""

    name: str
    caption: str
    alt: str
    chart: Bars | Stacked | Slope


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of phrases, after the sentence that leads to it."""

    lead: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader must know before the figures: nothing is audited, a question was changed."""

    text: str


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A statement inside its answer: ``text[start:end]``, in code points; all of it where they are equal.

    Attributes
    ----------
    background : mapping of str to str
        What the page filters by.
    """

    answer_id: str
    text: str
    start: int
    end: int
    background: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verbatims:
    """The statements behind a category.

    Attributes
    ----------
    name : str
        Unique in the report.
    total : int
        How many there are; more than are shown where they were sampled.
    """

    name: str
    label: str
    total: int
    rows: tuple[Verbatim, ...]


Block: TypeAlias = Paragraph | Bullets | Note | Table | Picture | Verbatims


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; `level` is 1 for the sections of the report, then 2.

    `annex` marks tables to look things up in, at the end of the report, which are not in the text document.
    """

    name: str
    heading: str
    level: int
    blocks: tuple[Block, ...]
    annex: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    Attributes
    ----------
    runs : tuple of (folder name, sha256 of its run.json)
        What it rests on; the round reported first, then the earlier ones.
    settings : mapping of str to str or bool
        All that decides what is shown: lines, base, lang, public and so on.
    public : bool
        No verbatims, small numbers withheld.
    """

    title: str
    subtitle: str
    lang: Lang
    sections: tuple[Section, ...]
    runs: tuple[tuple[str, str], ...]
    settings: Mapping[str, str | bool | int | None]
    public: bool = False
