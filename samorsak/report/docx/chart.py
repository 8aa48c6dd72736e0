"""The charts of the page as pictures, for documents that hold no SVG."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.etree.ElementTree import Element

from samorsak.extras import extra
from samorsak.report.document import Bars, Slope, Stacked
from samorsak.report.figure import STYLE
from samorsak.report.page import TEMPLATES
from samorsak.report.page.charts import draw_chart
from samorsak.report.page.drawing import WIDE
from samorsak.report.page.slope import COLOURS
from samorsak.report.page.stacked import SHADES
from samorsak.wording import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INCHES = 6.29
"""How wide a picture is: a page of A4 between its margins."""

_DPI, _EDGE = 200, 2.0  # units of white around it, for the lines at its edge
_UNIT = INCHES * 72 / (WIDE + 2 * _EDGE)  # points to a unit of the drawing
_Point: TypeAlias = tuple[float, float]
_NUMBER = r"-?[0-9.]+"
_SIZE = 13.0  # units; the letters that come with matplotlib are wider than those of a page
_CORNERS = 12  # of half a circle
_STEPS = re.compile("([MLHVhvlaz])([^MLHVhvlaz]*)")

_LOOKS: dict[str, dict[str, Any]] = {  # of each class of the charts; a colour by its name in the style sheet
    "label": {},
    "key": {},
    "line": {},
    "value": {"weight": "bold"},
    "round": {"weight": "bold"},
    "tick": {"fill": "quiet", "size": 11.0},
    "grid": {"stroke": "line"},
    "axis": {"stroke": "edge"},
    "bar": {"fill": "bar"},
    "interval": {"stroke": "text", "width": 1.5},
    "leader": {"stroke": "edge", "width": 0.75},
    "way": {"stroke": "own", "width": 2.0},
    "whisker": {"stroke": "own", "alpha": 0.55},
    "mark": {"fill": "own", "stroke": "ground"},
    "dash-1": {"dash": "solid"},
    "dash-2": {"dash": (0, (3.5, 2))},
    "dash-3": {"dash": (0, (1, 1.5))},
    **{f"shade-{n}": {"fill": f"shade-{n}", "stroke": "edge"} for n in range(1, SHADES + 1)},
    **{f"on-{n}": {"fill": f"on-{n}"} for n in range(1, SHADES + 1)},
    **{f"colour-{n}": {"own": f"colour-{n}"} for n in range(1, COLOURS + 1)},
}


def chart_png(chart: Bars | Stacked | Slope, lang: Lang) -> bytes:
    """Draw a chart that is not empty as it stands on the page, in the page's light colours.

    The same chart and version of matplotlib give the same bytes.

    Raises
    ------
    InputError
        matplotlib is not installed.
    """
    with extra("figures", "a picture"):
        import matplotlib
        from matplotlib.figure import Figure
    drawn = draw_chart(chart, "", lang, wide=True)
    height = float(drawn.attrib["viewBox"].split()[3])
    file = BytesIO()
    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph", UserWarning)  # a letter no font has is drawn as a box
        figure = Figure(
            figsize=(INCHES, (height + 2 * _EDGE) * INCHES / (WIDE + 2 * _EDGE)), facecolor="white"
        )
        axes = figure.add_axes((0, 0, 1, 1), xlim=(-_EDGE, WIDE + _EDGE), ylim=(height + _EDGE, -_EDGE))
        axes.set_axis_off()
        for order, (made, look) in enumerate(_painted(drawn, {})):
            _paint(axes, made, look, order)
        figure.savefig(file, format="png", dpi=_DPI, metadata={"Software": "samorsak"})
    return file.getvalue()


def _painted(parent: Element, inherited: Mapping[str, Any]) -> Iterator[tuple[Element, Mapping[str, Any]]]:
    """Give each element that is seen with its look, in the order of painting."""
    for made in parent:
        look = dict(inherited)
        for name in made.get("class", "").split():
            look |= _LOOKS[name]
        if made.tag == "g":
            yield from _painted(made, look)
        else:
            yield made, look


def _paint(axes: Axes, made: Element, look: Mapping[str, Any], order: int) -> None:
    if made.tag == "text":
        _paint_text(axes, made, look, order)
        return
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as MplPath

    pieces = [MplPath(corners) for corners in _outlines(made)]
    axes.add_patch(
        PathPatch(
            MplPath.make_compound_path(*pieces),
            facecolor=_colour(look, "fill") if "fill" in look else "none",
            edgecolor=_colour(look, "stroke") if "stroke" in look else "none",
            linewidth=look.get("width", 1.0) * _UNIT,
            linestyle=look.get("dash", "solid"),
            alpha=look.get("alpha"),
            capstyle="butt",
            clip_on=False,
            zorder=order,
        )
    )


def _paint_text(axes: Axes, made: Element, look: Mapping[str, Any], order: int) -> None:
    size = look.get("size", _SIZE)
    axes.text(
        float(made.attrib["x"]),
        float(made.attrib["y"]) + 0.35 * size,
        made.text or "",
        size=size * _UNIT,
        color=_colour(look, "fill", "text"),
        weight=look.get("weight", "normal"),
        ha={"middle": "center", "end": "right"}.get(made.get("text-anchor", ""), "left"),
        va="baseline",
        zorder=order,
    )


def _colour(look: Mapping[str, Any], part: str, default: str = "") -> str:
    name = look.get(part, default)
    return _colours()[look["own"] if name == "own" else name]


@cache
def _colours() -> Mapping[str, str]:
    """Read the light colours of the page, which stand first in its style sheet."""
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    return dict(re.findall("--([a-z0-9-]+): (#[0-9a-f]{6})", style.partition("}")[0]))


def _outlines(made: Element) -> list[list[_Point]]:
    """Give the strokes of a shape, each as its corners."""
    if made.tag == "line":
        x1, x2, y1, y2 = (float(made.attrib[name]) for name in ("x1", "x2", "y1", "y2"))
        return [[(x1, y1), (x2, y2)]]
    if made.tag == "rect":
        x, y, wide, high = (float(made.attrib[name]) for name in ("x", "y", "width", "height"))
        return [[(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)]]
    moved = re.findall(_NUMBER, made.get("transform", "")) or (0, 0)
    x, y = map(float, moved)
    return [[(x + a, y + b) for a, b in stroke] for stroke in _strokes(made.attrib["d"])]


def _strokes(path: str) -> list[list[_Point]]:
    """Follow a path (SVG 2, 9.3), of the commands that the charts use; an arc is half a circle."""
    strokes: list[list[_Point]] = []
    x = y = 0.0
    for step, given in _STEPS.findall(path):
        numbers = [float(n) for n in re.findall(_NUMBER, given)]
        if step == "z":
            strokes[-1].append(strokes[-1][0])
            continue
        if step == "M":
            strokes.append([])
        if step == "a":
            strokes[-1] += _half_circle(x, y, numbers[-2])
            x += numbers[-2]
            continue
        left, up = (0.0, 0.0) if step.isupper() else (x, y)
        if step not in "Vv":
            x = left + numbers[0]
        if step not in "Hh":
            y = up + numbers[-1]
        strokes[-1].append((x, y))
    return strokes


def _half_circle(x: float, y: float, across: float) -> list[_Point]:
    turns = [pi * (1 - n / _CORNERS) for n in range(1, _CORNERS + 1)]
    half = across / 2
    return [(x + half + half * cos(turn), y + half * sin(turn)) for turn in turns]
