"""Ranked lists as a picture: shares as points with their intervals, the same numbers as text beside them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from samorsak.errors import InputError
from samorsak.extras import extra
from samorsak.ranking import RankedRow, Ranking
from samorsak.report.delimited import replacing
from samorsak.report.intervals import HIDDEN, interval, note, place, shown_number
from samorsak.report.lists import headings, unshown
from samorsak.report.parts import parts_of
from samorsak.report.phrases import phrases
from samorsak.scheme import Scheme
from samorsak.wording import Lang, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Picture = Literal["svg", "png"]
"""The forms of a picture."""

_WIDTH, _LEFT, _RIGHT = 10.0, 3.9, 2.75  # inches: the picture, its labels, its numbers
_ROW, _LINE, _HEADING, _GAP = 0.27, 0.15, 0.19, 0.45  # inches: a row, a further line of its label, and so on
_LABEL, _TITLE = 48, 110  # characters to a line
_RANK, _SHARE, _ENDS, _NUMBER = -3.4, 0.62, 1.62, 2.3  # inches from the axes: where text ends
_DPI = 150
_HIGHEST = 400.0  # inches; a PNG holds no more than 65,535 pixels

STYLE: dict[Any, Any] = {
    "svg.hashsalt": "samorsak",  # ids of parts are drawn by chance without it
    "svg.fonttype": "path",  # the same picture whatever letters a machine has
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9,
    "text.parse_math": False,
}


def write_figure(
    path: Path,
    ranking: Ranking,
    scheme: Scheme,
    form: Picture,
    *,
    note: str = "",
    lang: Lang = "sv",
) -> None:
    """Draw ranked lists below each other, in black, white and grey.

    A filled point is a share; a hollow one rests on fewer than five audited answers; a line is the 95 %
    interval. Causes that nobody gave are named below, hidden numbers stand as ``..``. The same ranking and
    version of matplotlib give the same bytes.

    Parameters
    ----------
    path : Path
    ranking : Ranking
    scheme : Scheme
        For the wording of the questions.
    form : {"svg", "png"}
    note : str
        Stands above the lists: which answers were chosen.
    lang : {"sv", "en"}

    Raises
    ------
    InputError
        matplotlib is not installed, the file cannot be written, or there are too many lists for a picture.
    """
    with extra("figures", "a picture"):
        import matplotlib
        from matplotlib.figure import Figure
    panels = [_panel(total, rows, scheme, lang) for total, rows in ranking.lists()]
    height = sum(panel.height for panel in panels) + (_GAP if note else 0)
    if not panels or height > _HIGHEST:
        raise InputError(f"{len(panels)} lists do not fit in a picture; choose with --question or --where")
    largest = max((row.high or row.share or 0 for panel in panels for row, _ in panel.rows), default=0)
    drawn = BytesIO()
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(_WIDTH, height), facecolor="white")
        top = height
        if note:
            figure.text(0.02, 1 - 0.3 / height, note, va="center")
            top -= _GAP
        for panel in panels:
            _draw(figure, panel, top, max(largest, 0.01), lang)
            top -= panel.height
        metadata = {"Date": None, "Creator": "samorsak"} if form == "svg" else {"Software": "samorsak"}
        figure.savefig(drawn, format=form, dpi=_DPI, metadata=metadata)
    with replacing(path) as part:
        part.write_bytes(drawn.getvalue())


@dataclass(frozen=True, slots=True)
class _Panel:
    """One list: its headings, its rows with their labels over several lines, and what stands below."""

    headings: list[str]
    rows: list[tuple[RankedRow, list[str]]]
    below: list[str]

    @property
    def heights(self) -> list[float]:
        return [_ROW + _LINE * (len(lines) - 1) for _, lines in self.rows]

    def places(self) -> Iterator[tuple[RankedRow, float]]:
        """Give each row with its middle, in inches from the top."""
        bottoms = accumulate(self.heights)
        for (row, _), own, bottom in zip(self.rows, self.heights, bottoms, strict=True):
            yield row, bottom - own / 2

    @property
    def height(self) -> float:
        return sum(self.heights) + _HEADING * (len(self.headings) + len(self.below)) + 0.25 + 2 * _GAP


def _panel(total: Any, rows: Sequence[RankedRow], scheme: Scheme, lang: Lang) -> _Panel:
    words = phrases(lang)
    parts = parts_of(rows, 0)
    drawn = [*parts.main, *parts.other, *parts.hidden]
    labels = [textwrap.wrap(row.label, _LABEL) or [""] for row in drawn]
    hollow = [words["hollow"]] if any(row.few_positives for row in drawn) else []
    below = [*hollow, *unshown(parts, rows, words, lang), note(rows, total, lang)]
    told, said = (
        [line for text in texts for line in textwrap.wrap(text, _TITLE)]
        for texts in (headings(total, rows[0], scheme, words, lang), below)
    )
    return _Panel(told, list(zip(drawn, labels, strict=True)), said)


def _draw(figure: Figure, panel: _Panel, top: float, largest: float, lang: Lang) -> None:
    width, height = figure.get_size_inches()
    top -= _GAP / 2
    for number, text in enumerate(panel.headings):
        weight = "bold" if number == 0 else "normal"
        figure.text(0.02, (top - _HEADING / 2) / height, text, va="center", weight=weight)
        top -= _HEADING
    top -= 0.25
    inner = sum(panel.heights)
    box = (_LEFT / width, (top - inner) / height, 1 - (_LEFT + _RIGHT) / width, inner / height)
    if panel.rows:
        axes = figure.add_axes(box)
        _draw_points(axes, panel, largest, lang)
        _write_rows(axes, panel, lang)
    bottom = top - inner - _GAP * 0.75
    for number, text in enumerate(panel.below):
        figure.text(0.02, (bottom - _HEADING * (number + 0.5)) / height, text, va="center")


def _draw_points(axes: Axes, panel: _Panel, largest: float, lang: Lang) -> None:
    axes.set(xlim=(0, largest * 1.04), ylim=(sum(panel.heights), 0), yticks=[])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.xaxis.set_major_formatter(lambda share, _: percent(share, lang=lang))
    axes.locator_params(axis="x", nbins=6)
    axes.grid(axis="x", color="0.85", linewidth=0.6)
    axes.set_axisbelow(True)
    for row, y in panel.places():
        if row.low is not None and row.high is not None:
            axes.plot([row.low, row.high], [y, y], color="black", linewidth=1.2, solid_capstyle="butt")
            axes.plot([row.low, row.high], [y, y], "|", color="black", markersize=5)
        if row.share is not None:
            inside = "white" if row.few_positives else "black"
            axes.plot(
                [row.share], [y], "o", color="black", markerfacecolor=inside, markersize=5, clip_on=False
            )


def _write_rows(axes: Axes, panel: _Panel, lang: Lang) -> None:
    """Write ranks and labels before the axes, and the numbers behind them in columns."""
    words = phrases(lang)
    inches = _WIDTH - _LEFT - _RIGHT

    def write(x: float, y: float, text: str, color: str = "black") -> None:
        across = x / inches if x < 0 else 1 + x / inches
        axes.text(across, y, text, transform=axes.get_yaxis_transform(), ha="right", va="center", color=color)

    has_ends = any(row.low is not None for row, _ in panel.rows)
    last = _NUMBER if has_ends else _ENDS - 0.35
    heads = [(_SHARE, words["share"]), (last, words["n"])]
    for x, head in [*heads, *([(_ENDS, words["interval"])] if has_ends else [])]:
        write(x, -0.08, head, "0.35")
    for (row, y), (_, label) in zip(panel.places(), panel.rows, strict=True):
        write(_RANK, y, place(row))
        write(-0.08, y, "\n".join(label))
        write(_SHARE, y, HIDDEN if row.share is None else percent(row.share, 1, lang))
        write(last, y, shown_number(row.n, lang))
        write(_ENDS, y, interval(row, lang))
