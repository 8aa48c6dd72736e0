"""The charts of a report, each drawn by its kind."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from samorsak.report.document import Bars, Slope, Stacked
from samorsak.report.page.bars import draw_bars
from samorsak.report.page.slope import draw_slope
from samorsak.report.page.stacked import draw_stacked
from samorsak.wording import Lang


def is_empty(chart: Bars | Stacked | Slope) -> bool:
    """Say whether there is nothing to draw."""
    return not (chart.lines if isinstance(chart, Slope) else chart.rows)


def draw_chart(chart: Bars | Stacked | Slope, alt: str, lang: Lang, wide: bool) -> Element:
    """Draw a chart that is not empty, wide or for a phone."""
    if isinstance(chart, Bars):
        return draw_bars(chart, alt, lang, wide)
    if isinstance(chart, Stacked):
        return draw_stacked(chart, alt, lang, wide)
    return draw_slope(chart, alt, lang, wide)
