"""Bars of shares with their intervals."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from samorsak.report.document import Bars
from samorsak.report.page.drawing import (
    BESIDE,
    NARROW,
    WIDE,
    canvas,
    place_rows,
    ticks,
    write,
    write_label,
)
from samorsak.report.page.markup import add
from samorsak.wording import Lang, percent

_THICK, _AXIS, _VALUE, _CAP = 18.0, 24.0, 62.0, 4.0


def draw_bars(chart: Bars, alt: str, lang: Lang, wide: bool) -> Element:
    """Draw a bar for each row, at least one, labelled beside it or, where there is little room, above."""
    rows = place_rows((label for label, *_ in chart.rows), _THICK, 0, wide)
    bottom = rows[-1].bottom
    drawn = canvas(bottom + _AXIS, alt, wide)
    left, right = (BESIDE, WIDE - _VALUE) if wide else (1.0, NARROW - _VALUE)
    marks = ticks(max((row[1] if row[3] is None else row[3] for row in chart.rows), default=0))

    def across(share: float) -> float:
        return round(left + (right - left) * share / marks[-1], 1)

    _draw_axis(drawn, {across(mark): percent(mark, _decimals(marks), lang) for mark in marks}, bottom)
    for (_, share, low, high), row in zip(chart.rows, rows, strict=True):
        write_label(drawn, row, wide)
        width = round(across(share) - left, 1)
        add(drawn, "rect", class_="bar", x=left, y=row.middle - _THICK / 2, width=width, height=_THICK)
        if low is not None and high is not None:
            _draw_interval(drawn, across(low), across(high), row.middle)
        end = across(share if high is None else max(share, high))
        write(drawn, end + 8, row.middle, percent(share, lang=lang), "value")
    return drawn


def _decimals(marks: list[float]) -> int:
    return 1 if round(marks[1] * 100, 6) % 1 else 0


def _draw_axis(drawn: Element, marks: dict[float, str], bottom: float) -> None:
    for place, (x, said) in enumerate(marks.items()):
        add(drawn, "line", class_="axis" if place == 0 else "grid", x1=x, x2=x, y1=0, y2=bottom)
        write(drawn, x, bottom + 14, said, "tick", "middle" if place else "start")


def _draw_interval(drawn: Element, low: float, high: float, y: float) -> None:
    ends = "".join(f"M{x:g} {y - _CAP:g}v{2 * _CAP:g}" for x in (low, high))
    add(drawn, "path", class_="interval", d=f"M{low:g} {y:g}H{high:g}{ends}")
