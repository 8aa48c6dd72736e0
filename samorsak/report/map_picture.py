"""The map of a discovery as a picture for a report."""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Iterator
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samorsak.errors import InputError
from samorsak.report.clusters import Discovery
from samorsak.report.delimited import replacing
from samorsak.report.figure import STYLE
from samorsak.report.map import MARKERS, WORDS, cluster_label, cluster_middles, marks, point_size
from samorsak.wording import Lang, number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

PICTURE = "map-{}.png"
"""What the picture of a question is called."""

_SIZE = (10.0, 6.5)  # inches: the map, without what stands above and below
_LABEL, _TITLE = 44, 100  # characters to a line: of the legend, of the title
_COLUMNS, _DPI = 3, 150
_FORMS = dict(zip((*MARKERS, "cross", "x"), "os^Dv*+x", strict=True))
_RINGS, _WAYS = (24, 36, 48, 60), 16  # pixels from a cluster's middle where its label is tried; directions
_LABELLED = 40  # clusters that are named at most: with more, labels hide what they name
_AROUND = 4  # pixels that stay free around a label


def write_map_picture(path: Path, one: Discovery, lang: Lang = "sv") -> None:
    """Draw the statements of a question as points, marked by category, and name the clusters.

    Every category has a colour and a marker. A label that would cover another one moves away from its
    cluster, and is left out where there is no room; the largest clusters come first, and 40 are named at
    most. The same discovery and version of matplotlib give the same bytes.

    Parameters
    ----------
    path : Path
        Of a PNG. Its metadata tell what it shows, for whoever does not see it.
    one : Discovery
    lang : {"sv", "en"}

    Raises
    ------
    InputError
        The extra is not installed, or the file cannot be written.
    """
    try:
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise InputError(
            "a map needs matplotlib; install it with: pip install 'samorsak[discovery]'"
        ) from None
    drawn = BytesIO()
    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # letters that the typeface lacks are drawn as boxes
        figure = Figure(figsize=_SIZE, facecolor="white", dpi=_DPI)
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1), xticks=[], yticks=[])
        axes.margins(0.05)
        title, told = textwrap.fill(one.wording, _TITLE), _told(one, lang)
        axes.set_title(told, loc="left", fontsize=9)
        axes.text(0, 1.05, title, transform=axes.transAxes, va="bottom", weight="bold", fontsize=11)
        _draw_points(axes, one)
        _write_labels(axes, canvas, one)
        metadata = {"Software": "samorsak", "Description": f"{one.wording} {told}"}
        figure.savefig(drawn, format="png", bbox_inches="tight", pad_inches=0.2, metadata=metadata)
    with replacing(path) as part:
        part.write_bytes(drawn.getvalue())


def _told(one: Discovery, lang: Lang) -> str:
    if not one.statements:
        return WORDS[lang]["nothing"]
    outside = sum(s.cluster is None for s in one.statements)
    counts = [number(n, lang=lang) for n in (len(one.statements), len(one.clusters), outside)]
    told = WORDS[lang]["told"].format(*counts, percent(outside / len(one.statements), lang=lang))
    more = WORDS[lang]["labelled"].format(_LABELLED) if len(one.clusters) > _LABELLED else ""
    return f"{told} {more}".rstrip()


def _draw_points(axes: Axes, one: Discovery) -> None:
    """Draw a category after the other, and the legend below."""
    size = (0.55 * point_size(len(one.statements))) ** 2
    given = marks(one.labels)
    for name in sorted(given, key=lambda name: given[name]["marker"] not in MARKERS):
        own = [s.place for s in one.statements if s.category == name]
        if own:
            look = given[name]
            label = textwrap.fill(f"{one.labels[name]} ({len(own)})", _LABEL)
            form, plain = _FORMS[look["marker"]], look["marker"] not in MARKERS
            x, y = zip(*own, strict=True)
            axes.scatter(
                x,
                y,
                size * (2 if look["marker"] == "star" else 1),
                c=look["colour"],
                marker=form,
                linewidths=0.8 if plain else 0,
                alpha=0.85,
                label=label,
                zorder=1 if plain else 2,
            )
    if one.statements:
        legend: Any = axes.legend(
            loc="upper left",
            bbox_to_anchor=(0, -0.01),
            ncols=_COLUMNS,
            frameon=False,
            fontsize=8,
            borderaxespad=0,
            handletextpad=0.3,
        )
        for handle in legend.legend_handles:
            handle.set_sizes([30])


def _write_labels(axes: Axes, canvas: Any, one: Discovery) -> None:
    """Write what the clusters are called, each near its middle, with a line to it if it had to move."""
    canvas.draw()  # settles where in the picture a point lies
    renderer = canvas.get_renderer()
    taken: list[Bbox] = []
    for c, middle in list(zip(one.clusters, cluster_middles(one), strict=True))[:_LABELLED]:
        text = axes.text(0, 0, cluster_label(c), fontsize=8)
        size = text.get_window_extent(renderer)
        text.remove()
        offset = _free(axes.transData.transform(middle), size, axes.bbox, taken)
        if offset is not None:
            axes.annotate(
                cluster_label(c),
                middle,
                offset,
                textcoords="offset pixels",
                ha="center",
                va="center",
                fontsize=8,
                bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1},
                arrowprops={"arrowstyle": "-", "color": "0.4", "linewidth": 0.6} if any(offset) else None,
            )


def _free(middle: Any, size: Bbox, inside: Bbox, taken: list[Bbox]) -> tuple[float, float] | None:
    """Find where a label of this size has room, and take it; None where there is none."""
    half, up = size.width / 2 + _AROUND, size.height / 2 + _AROUND
    for across, along in _offsets():
        x, y = middle[0] + across, middle[1] + along
        box = size.from_extents(x - half, y - up, x + half, y + up)
        whole = inside.x0 <= box.x0 and box.x1 <= inside.x1 and inside.y0 <= box.y0 and box.y1 <= inside.y1
        if whole and not any(box.overlaps(other) for other in taken):
            taken.append(box)
            return across, along
    return None


def _offsets() -> Iterator[tuple[float, float]]:
    yield 0.0, 0.0
    for ring in _RINGS:
        for way in range(_WAYS):
            turn = 2 * pi * way / _WAYS
            yield round(2 * ring * cos(turn), 3), round(ring * sin(turn), 3)  # labels are wider than high
