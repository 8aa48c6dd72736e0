"""Bars split into the levels of a closed question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from xml.etree.ElementTree import Element

from samorsak.report.document import Stacked
from samorsak.report.page.drawing import (
    BESIDE,
    LINE,
    NARROW,
    WIDE,
    canvas,
    place_rows,
    wrapped,
    write,
    write_label,
    write_lines,
)
from samorsak.report.page.markup import add
from samorsak.wording import Lang, percent

SHADES = 8
"""From the first level's to the last level's; the style sheet has a colour for each, and for text on it."""

_THICK, _SWATCH, _ASIDE, _LETTER, _LEAST = 26.0, 14.0, 20.0, 8.2, 40.0


def draw_stacked(chart: Stacked, alt: str, lang: Lang, wide: bool) -> Element:
    """Draw a bar for each row, at least one, its levels side by side from the left, their names above."""
    names = list(_placed(chart.levels, wide))
    top = max(y + LINE * len(name) for _, y, name in names) + 10
    rows = place_rows((label for label, _ in chart.rows), _THICK, top, wide)
    drawn = canvas(rows[-1].bottom, alt, wide)
    for level, (x, y, name) in enumerate(names):
        shade = _shade(level, len(chart.levels))
        add(drawn, "rect", class_=f"shade-{shade}", x=x, y=y, width=_SWATCH, height=_SWATCH)
        write_lines(drawn, x + _ASIDE, y + _SWATCH / 2 + LINE * (len(name) - 1) / 2, name, "label")
    for (_, shares), row in zip(chart.rows, rows, strict=True):
        write_label(drawn, row, wide)
        _draw_row(drawn, shares, row.middle, (BESIDE, WIDE) if wide else (0, NARROW), lang)
    return drawn


def _placed(levels: Sequence[str], wide: bool) -> Iterator[tuple[float, float, list[str]]]:
    """Give where each level is named: beside each other as far as there is room, or below each other."""
    x = y = under = 0.0
    for level in levels:
        lines = wrapped(level, round(((WIDE if wide else NARROW) - _ASIDE) / _LETTER))
        width = _ASIDE + _LETTER * max(map(len, lines)) + 18
        if x and (not wide or x + width > WIDE):
            x, y = 0.0, under
        yield x, y, lines
        x, under = x + width, max(under, y + LINE * len(lines) + 4)


def _shade(level: int, levels: int) -> int:
    return 1 + round(level * (SHADES - 1) / max(levels - 1, 1))


def _draw_row(
    drawn: Element, shares: Sequence[float], middle: float, ends: tuple[float, float], lang: Lang
) -> None:
    left, right = ends
    edges = [left + (right - left) * part for part in (0.0, *accumulate(shares))]
    for level, share in enumerate(shares):
        x, width = edges[level], edges[level + 1] - edges[level]
        if share <= 0:
            continue
        shade = _shade(level, len(shares))
        add(
            drawn,
            "rect",
            class_=f"shade-{shade}",
            x=round(x, 1),
            y=middle - _THICK / 2,
            width=round(width, 1),
            height=_THICK,
        )
        if width >= _LEAST:
            write(drawn, round(x + width / 2, 1), middle, percent(share, lang=lang), f"on-{shade}", "middle")
