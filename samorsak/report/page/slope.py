"""A line for each category over rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from samorsak.report.document import Slope
from samorsak.report.page.drawing import (
    LINE,
    NARROW,
    apart,
    canvas,
    wrapped,
    write,
    write_lines,
)
from samorsak.report.page.markup import add
from samorsak.wording import Lang, percent

COLOURS, DASHES, MARKERS = 7, 3, 4
"""How many the style sheet and the markers below have: lines that look the same are 84 apart."""

_MARKS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    "M-4 -4h8v8h-8z",
    "M0 -5l5 9h-10z",
    "M0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z",
)
_HEAD, _FOOT, _APART, _LEAST = 34.0, 14.0, 6.0, 240.0
_ENDS_WIDE, _ENDS_NARROW = (88.0, 396.0), (88.0, 236.0)  # where the first and the last round stand
_ASIDE = 40.0  # over which the lines stand beside each other, so that no interval hides another

_Value = tuple[float, float | None, float | None]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, its label over lines of text, and where it is drawn; a point is None where it has no value."""

    place: int
    label: list[str]
    values: Sequence[_Value | None]
    points: list[tuple[float, float] | None]
    whiskers: list[tuple[float, float, float]]

    @property
    def look(self) -> str:
        return f"colour-{self.place % COLOURS + 1} dash-{self.place // COLOURS % DASHES + 1}"


def draw_slope(chart: Slope, alt: str, lang: Lang, wide: bool) -> Element:
    """Draw the lines; they are named at their end, or numbered there and named below where room is little.

    Shares stand at both ends; the lines take the whole height, from the least to the largest.
    """
    labels = [wrapped(label, 28 if wide else 32) for label, _ in chart.lines]
    rooms = [LINE * len(label) + _APART if wide else LINE for label in labels]
    height = max(_LEAST, sum(rooms))
    keys = 0.0 if wide else sum(LINE * len(label) + _APART for label in labels) + LINE
    drawn = canvas(_HEAD + height + _FOOT + keys, alt, wide)
    at = _across(len(chart.rounds), _ENDS_WIDE if wide else _ENDS_NARROW)
    for x, name in zip(at, chart.rounds, strict=True):
        write(drawn, x, 10, name, "round", "middle")
        add(drawn, "line", class_="grid", x1=x, x2=x, y1=_HEAD - 10, y2=_HEAD + height)
    lines = _lines(chart, labels, at, height)
    for line in lines:
        _draw_line(drawn, line)
    if len(at) > 1:
        _write_starts(drawn, lines, at[0] - _ASIDE / 2 - 10, height, lang)
    _write_ends(drawn, lines, at[-1] + _ASIDE / 2 + 10, rooms, height, lang, wide)
    if not wide:
        _write_keys(drawn, lines, _HEAD + height + _FOOT + LINE)
    return drawn


def _across(rounds: int, ends: tuple[float, float]) -> list[float]:
    left, right = ends
    step = (right - left) / max(rounds - 1, 1)
    return [round(right - step * place, 1) for place in reversed(range(rounds))]


def _lines(chart: Slope, labels: list[list[str]], at: list[float], height: float) -> list[_Line]:
    known = [
        end for _, values in chart.lines for value in values if value for end in value if end is not None
    ]
    least, most = min(known, default=0.0), max(known, default=0.0)

    def up(share: float) -> float:
        return round(_HEAD + height * (most - share) / (most - least or 1), 1)

    lines = []
    for place, (_, values) in enumerate(chart.lines):
        aside = _ASIDE * ((place + 0.5) / len(chart.lines) - 0.5)
        points: list[tuple[float, float] | None] = []
        whiskers = []
        for x, value in zip((round(x + aside, 1) for x in at), values, strict=True):
            points.append(None if value is None else (x, up(value[0])))
            if value is not None and value[1] is not None and value[2] is not None:
                whiskers.append((x, up(value[1]), up(value[2])))
        lines.append(_Line(place, labels[place], values, points, whiskers))
    return lines


def _draw_line(drawn: Element, line: _Line) -> None:
    own = add(drawn, "g", class_=f"line {line.look}")
    for x, low, high in line.whiskers:
        add(own, "line", class_="whisker", x1=x, x2=x, y1=low, y2=high)
    path, begun = "", False
    for point in line.points:
        if point is not None:
            path += f"{'L' if begun else 'M'}{point[0]:g} {point[1]:g}"
        begun = point is not None
    if "L" in path:
        add(own, "path", class_="way", d=path)
    for point in line.points:
        if point is not None:
            _draw_mark(own, line.place, *point)


def _draw_mark(parent: Element, place: int, x: float, y: float) -> None:
    add(parent, "path", class_="mark", d=_MARKS[place % MARKERS], transform=f"translate({x:g} {y:g})")


def _write_starts(drawn: Element, lines: list[_Line], x: float, height: float, lang: Lang) -> None:
    """Write the shares of the first round before it."""
    firsts = [(line.values[0], line.points[0]) for line in lines]
    known = [(value[0], *point) for value, point in firsts if value and point]
    wanted = [level for *_, level in known]
    places = apart(wanted, [LINE] * len(known), _HEAD - LINE / 2, _HEAD + height + LINE / 2)
    for (share, own, level), y in zip(known, places, strict=True):
        add(drawn, "path", class_="leader", d=f"M{x - 6:g} {y:g}L{x + 6:g} {level:g}H{own - 7:g}")
        write(drawn, x - 10, y, percent(share, lang=lang), "value", "end")


def _write_ends(
    drawn: Element, lines: list[_Line], x: float, rooms: list[float], height: float, lang: Lang, wide: bool
) -> None:
    """Write the shares of the last round behind it, and which line it is; a dash where it ended before."""
    known = [(line, last, room) for line, room in zip(lines, rooms, strict=True) if (last := _last(line))]
    wanted = [last[1] for _, last, _ in known]
    places = apart(wanted, [room for *_, room in known], _HEAD - LINE / 2, _HEAD + height + LINE / 2)
    for (line, (own, level), _), y in zip(known, places, strict=True):
        value = line.values[-1]
        add(drawn, "path", class_="leader", d=f"M{own + 7:g} {level:g}H{x - 6:g}L{x + 6:g} {y:g}")
        write(drawn, x + 48, y, percent(value[0], lang=lang) if value else "–", "value", "end")
        if wide:
            write_lines(drawn, x + 60, y, line.label, "label")
        else:
            write(drawn, NARROW, y, str(line.place + 1), "key", "end")


def _last(line: _Line) -> tuple[float, float] | None:
    return next((point for point in reversed(line.points) if point is not None), None)


def _write_keys(drawn: Element, lines: list[_Line], top: float) -> None:
    """Write below the chart which number is which line."""
    for line in lines:
        middle = top + LINE / 2
        own = add(drawn, "g", class_=f"line {line.look}")
        add(own, "path", class_="way", d=f"M26 {middle:g}H56")
        _draw_mark(own, line.place, 41, middle)
        write(drawn, 18, middle, str(line.place + 1), "key", "end")
        write_lines(drawn, 66, middle + LINE * (len(line.label) - 1) / 2, line.label, "label")
        top += LINE * len(line.label) + _APART
