"""How intervals and unsettled places are shown and told to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from samorsak.ranking import COUNTED, REFUSED, RankedRow, Total
from samorsak.report.phrases import phrases
from samorsak.wording import Lang, list_phrase, number

DASH = "–"

HIDDEN = ".."
"""Stands for a number that is not shown."""


def shown_number(n: int | None, lang: Lang = "sv") -> str:
    """Write a number, or two points where it is hidden, as Swedish official statistics do.

    Examples
    --------
    >>> shown_number(7), shown_number(None)
    ('7', '..')
    """
    return HIDDEN if n is None else number(n, lang=lang)


def list_method(rows: Sequence[RankedRow]) -> str:
    """Say how the intervals of one list were made; `COUNTED` where there are none."""
    methods = [row.method for row in rows if row.method != REFUSED]
    if methods:
        return methods[0]
    return "modelled" if rows else COUNTED


def place(row: RankedRow) -> str:
    """Give the rank as it is shown: the places that a row shares with those it cannot be told apart from.

    Examples
    --------
    >>> row = RankedRow("2024", "missed", "causes", "scheme", 1, "rain", "Regn", 2, 4, 0.5)
    >>> place(row)
    '1'
    """
    if row.rank is None:
        return ""
    if row.place_low is None or row.place_high is None or row.place_low == row.place_high:
        return str(row.rank)
    return f"{row.place_low}{DASH}{row.place_high}"


def interval(row: RankedRow, lang: Lang) -> str:
    """Give the interval of the share in percent, without its sign; a dash where it was refused."""
    if row.low is None or row.high is None:
        return DASH if row.method == REFUSED else ""
    return f"{number(100 * row.low, 1, lang)}{DASH}{number(100 * row.high, 1, lang)}"


def note(rows: Sequence[RankedRow], total: Total, lang: Lang) -> str:
    """Say how the intervals of one list were made, what they cover, and what marks in it mean."""
    return " ".join(_note(rows, total, phrases(lang), lang))


def _note(rows: Sequence[RankedRow], total: Total, words: Mapping[str, str], lang: Lang) -> Iterator[str]:
    method = list_method(rows)
    if method == COUNTED:
        yield words["no_interval"]
        return
    counts = {"audited": number(rows[0].audited, lang=lang), "answers": shown_number(total.answers, lang)}
    yield words[f"interval_{method}" if method in ("modelled", "reviewed") else "interval_audited"].format(
        **counts
    )
    yield words["covers"]
    if any(row.method == REFUSED for row in rows):
        yield words["refused"]
    if any(_outside(row) for row in rows):
        yield words["outside"]
    if any(DASH in place(row) for row in rows):
        yield words["tied"]


def _outside(row: RankedRow) -> bool:
    if row.low is None or row.share is None or row.high is None:
        return False
    return not row.low <= row.share <= row.high


def told_ties(rows: Sequence[RankedRow], lang: Lang) -> str:
    """Say of the rows that a paragraph names which of them cannot be told apart; may be empty."""
    words = phrases(lang)
    ranked = [row for row in rows if DASH in place(row)]
    groups = [(places, [*own]) for places, own in groupby(sorted(ranked, key=_places), key=place)]
    told = [(places, own) for places, own in groups if len(own) > 1]
    if len(told) == 1 and len(told[0][1]) == len(rows):
        return words["order_open"]
    sentences = []
    for places, own in told:
        named = list_phrase((words["quoted"].format(row.label) for row in own), lang)
        sentences.append(words["share_places"].format(named, places))
    return " ".join(sentences)


def told_intervals(rows: Sequence[RankedRow], lang: Lang) -> str:
    """Tell the intervals of the rows that a paragraph names; may be empty."""
    words = phrases(lang)
    told = [
        words["interval_of"].format(words["quoted"].format(row.label), interval(row, lang))
        + (f" ({words['few_positives']})" if row.few_positives else "")
        for row in rows
        if row.low is not None
    ]
    return words["intervals"].format("; ".join(told)) if told else ""


def at_most(row: RankedRow, lang: Lang) -> str:
    """Name a row that nobody gave, with the upper end of its interval where there is one."""
    if row.high is None:
        return row.label
    return f"{row.label} ({phrases(lang)['at_most'].format(number(100 * row.high, 1, lang))})"


def _places(row: RankedRow) -> tuple[int, int]:
    return row.place_low or 0, row.rank or 0
