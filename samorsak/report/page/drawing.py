"""What the charts of a page share: the canvas, labels over several lines, a scale."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import fmean
from xml.etree.ElementTree import Element

from samorsak.report.page.markup import add, element

WIDE, NARROW = 720.0, 340.0
"""Width of a chart, in its own units: beside its labels, and with labels above on a phone."""

BESIDE = 284.0
"""Where bars begin in a wide chart."""

_BESIDE_LABEL, _ABOVE_LABEL = 32, 38  # characters to a line; there is room for wide typefaces too
_GAP = 14.0

LINE = 18.0
_STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_TICKS = 5


def canvas(height: float, alt: str, wide: bool) -> Element:
    """Begin a chart; its text is text, and who does not see it is told `alt`."""
    return element(
        "svg",
        role="img",
        aria_label=alt,
        class_="chart wide" if wide else "chart narrow",
        viewBox=f"0 0 {WIDE if wide else NARROW:g} {height:g}",
    )


def wrapped(label: str, characters: int) -> list[str]:
    """Split a label into lines.

    Examples
    --------
    >>> wrapped("för kort tid", 8)
    ['för kort', 'tid']
    """
    return textwrap.wrap(label, characters) or [""]


def write(
    parent: Element, x: float, y: float, text: str, look: str = "", anchor: str | None = None
) -> Element:
    """Write a line of text with its middle at y."""
    return add(parent, "text", text, x=x, y=y, dy="0.35em", class_=look or None, text_anchor=anchor)


def write_lines(
    parent: Element, x: float, y: float, lines: list[str], look: str = "", anchor: str | None = None
) -> None:
    """Write lines around y."""
    for place, line in enumerate(lines):
        write(parent, x, y + LINE * (place - (len(lines) - 1) / 2), line, look, anchor)


@dataclass(frozen=True, slots=True)
class Row:
    """Where a row of a chart stands: its label, its ends, and the middle of its bar."""

    label: list[str]
    top: float
    bottom: float
    middle: float


def place_rows(labels: Iterable[str], thick: float, top: float, wide: bool) -> list[Row]:
    """Place rows below each other, each as high as its label and its bar need."""
    rows = []
    for label in labels:
        lines = wrapped(label, _BESIDE_LABEL if wide else _ABOVE_LABEL)
        text = LINE * len(lines)
        bottom = top + _GAP + (max(text, thick) if wide else text + thick)
        rows.append(Row(lines, top, bottom, (top + bottom) / 2 if wide else bottom - (thick + _GAP) / 2))
        top = bottom
    return rows


def write_label(parent: Element, row: Row, wide: bool) -> None:
    """Write what a row is called: before its bar, or above it."""
    if wide:
        write_lines(parent, BESIDE - 12, row.middle, row.label, "label", "end")
    else:
        write_lines(parent, 0, row.top + (LINE * len(row.label) + _GAP / 2) / 2, row.label, "label")


def ticks(largest: float) -> list[float]:
    """Give where an axis from 0 has its lines; the last is not below the largest value.

    Examples
    --------
    >>> ticks(0.38), ticks(0.051), ticks(0)
    ([0.0, 0.1, 0.2, 0.3, 0.4], [0.0, 0.02, 0.04, 0.06], [0.0, 0.005])
    """
    step = next((s for s in _STEPS if largest <= s * _TICKS), _STEPS[-1])
    count = max(1, math.ceil(round(largest / step, 9)))
    return [round(step * place, 9) for place in range(count + 1)]


def apart(wanted: Sequence[float], rooms: Sequence[float], low: float, high: float) -> list[float]:
    """Move labels as little as needed so that none covers another, nor leaves the range.

    Parameters
    ----------
    wanted, rooms : sequence of float, length n
        Where the middle of each should be, and how high it is.
    low, high : float
        Where the labels may begin and end; they fit.

    Examples
    --------
    >>> apart([20, 10, 12], [6, 6, 6], 0, 100)
    [20.0, 8.0, 14.0]
    """
    blocks: list[tuple[float, list[int]]] = []
    for place in sorted(range(len(wanted)), key=lambda place: wanted[place]):
        start, members = wanted[place] - rooms[place] / 2, [place]
        start = min(max(start, low), high - rooms[place])
        while blocks and blocks[-1][0] + sum(rooms[i] for i in blocks[-1][1]) > start:
            members = blocks.pop()[1] + members
            ends = list(accumulate((rooms[i] for i in members), initial=0.0))
            start = fmean(wanted[i] - (a + b) / 2 for i, (a, b) in zip(members, pairwise(ends), strict=True))
            start = min(max(start, low), high - ends[-1])
        blocks.append((start, members))
    found = [0.0] * len(wanted)
    for start, members in blocks:
        for place in members:
            found[place] = round(start + rooms[place] / 2, 1)
            start += rooms[place]
    return found
