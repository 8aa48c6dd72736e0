"""Cells of a report's tables, and names of its parts."""

from __future__ import annotations

import re
import unicodedata

from samorsak.report.changes import points
from samorsak.report.document import Cell
from samorsak.report.intervals import DASH, HIDDEN
from samorsak.wording import Lang, number, percent

NOTHING = Cell("")
"""Where there is no number to show."""

WITHHELD = Cell(HIDDEN)
"""Where a number is hidden."""


def count(n: float | None, lang: Lang) -> Cell:
    """Show a number of answers; two points where it is hidden.

    Examples
    --------
    >>> count(7, "sv"), count(None, "sv").text
    (Cell(text='7', value=7, kind='count'), '..')
    """
    return WITHHELD if n is None else Cell(number(n, lang=lang), n, "count")


def share(value: float | None, lang: Lang, absent: Cell = WITHHELD) -> Cell:
    """Show a fraction in percent with one decimal."""
    return absent if value is None else Cell(percent(value, 1, lang), value, "share")


def no_share(answered: int | None) -> Cell:
    """Show why there is no share: nobody answered, or it is hidden."""
    return Cell(DASH) if answered == 0 else WITHHELD


def change(value: float | None, lang: Lang, absent: Cell = NOTHING) -> Cell:
    """Show a difference of fractions in percentage points."""
    return absent if value is None else Cell(points(value, lang), value, "points")


def measure(value: float | None, decimals: int, lang: Lang) -> Cell:
    """Show any other number."""
    return NOTHING if value is None else Cell(number(value, decimals, lang), value, "measure")


def tail(p: float | None, lang: Lang) -> Cell:
    """Show a probability with three decimals; one that is smaller as smaller than them.

    Examples
    --------
    >>> tail(0.0002, "sv").text, tail(0.042, "en").text
    ('< 0,001', '0.042')
    """
    if p is None:
        return NOTHING
    written = f"< {number(0.001, 3, lang)}" if p < 0.001 else number(p, 3, lang)
    return Cell(written, p, "measure")


def part_name(*parts: str) -> str:
    """Make the name of a part: letters, digits and ``-``.

    Examples
    --------
    >>> part_name("missed", "clarity/goals", "Län & ort")
    'missed-clarity-goals-Lan-ort'
    """
    plain = unicodedata.normalize("NFKD", "-".join(parts)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-") or "part"
