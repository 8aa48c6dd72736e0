"""Ranked lists without the numbers that are not to be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from samorsak.ranking.rows import RankedRow, Ranking, Total
from samorsak.shares import competition_ranks

_KEPT = (
    *("round", "question", "base", "lines", "category", "label", "group_by", "group"),
    *("method", "audited", "weight"),
)


def withhold(
    ranking: Ranking, hidden: Callable[[Total, str, int | None], bool], order: Callable[[RankedRow], int]
) -> Ranking:
    """Leave numbers out of ranked lists, with all that follows from them.

    Parameters
    ----------
    ranking : Ranking
    hidden : callable
        Says whether a number is hidden: of a list's total, the name of the number (``"answers"``,
        ``"without_cause"``, causes by some lines ``"2024"``, or one of them ``"2024/time"``) and the number.
    order : callable
        The place of a row that is told by nothing but its name.

    Returns
    -------
    Ranking
        What is hidden is None; so are shares, intervals and ranks that follow from it, and every number above
        zero of a list whose base is hidden. Rows with a hidden number stand last, in their `order`. Ranks are
        those among the rows that are shown, without intervals where some are not.
    """
    rows: list[RankedRow] = []
    totals: dict[tuple[str, str, str], Total] = {}
    for total, listed in ranking.lists():
        base = "answers" if listed[0].base == "answers" else listed[0].lines
        no_base = hidden(total, base, listed[0].of)
        gone = {
            row.category
            for row in listed
            if row.n and (no_base or hidden(total, f"{row.lines}/{row.category}", row.n))
        }
        rows += _without(listed, gone, no_base, order) if gone or no_base else listed
        totals[total.round, total.question, total.group] = replace(
            total,
            answers=None if hidden(total, "answers", total.answers) else total.answers,
            without_cause=None
            if hidden(total, "without_cause", total.without_cause)
            else total.without_cause,
        )
    return Ranking(tuple(rows), tuple(totals.values()))


def _without(
    listed: Sequence[RankedRow], gone: set[str], no_base: bool, order: Callable[[RankedRow], int]
) -> list[RankedRow]:
    shown = [row for row in listed if row.category not in gone]
    places = [row for row in shown if row.rank is not None]
    rank_of = dict(
        zip(
            (row.category for row in places),
            competition_ranks(np.array([row.share for row in places], float)).tolist(),
            strict=True,
        )
    )
    no_places: dict[str, Any] = {
        name: None for name in ("rank_low", "rank_high", "place_low", "place_high", "top_three")
    }
    kept = [
        replace(row, rank=rank_of.get(row.category), of=None if no_base else row.of, **no_places)
        for row in shown
    ]
    emptied: dict[str, Any] = {field.name: None for field in fields(RankedRow) if field.name not in _KEPT}
    emptied |= {"few_positives": False}
    hidden = sorted((row for row in listed if row.category in gone), key=order)
    return [*kept, *(replace(row, **emptied) for row in hidden)]
