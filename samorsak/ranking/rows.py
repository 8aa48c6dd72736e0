"""The nouns: a row of a ranked list, what a list rests on, and lists as flat rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from samorsak.shares import Base

COUNTED, REFUSED = "counted", "refused"
"""Methods of rows without an interval: the machine's count alone, and one whose errors are too many."""


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One line of a ranked list.

    Attributes
    ----------
    base : {"causes", "answers"}
        What `of` counts: (answer, category) pairs, or answers.
    lines : str
        ``"scheme"``, or the report whose lines are counted: ``"2024"``.
    rank : int or None
        Ties share the lowest; None for `other`.
    n, of : int
        Distinct (answer, category) pairs, and the base; estimated and rounded where audited or weighted.
    share : float
        A fraction, ``n / of`` before any rounding; 0 where the base is empty. Where audited, the corrected
        share, else what the machine counted. None is hidden, as `n` and `of` may be.
    group_by, group : str
        The column a ranking is split by and its value; empty where it is not split (a group that is empty in
        a split ranking is the answers without a value).
    low, high : float or None
        Ends of the 95 % interval of the share; it covers errors of coding, not non-response. None where there
        is none. A modelled interval may leave the counted share out: the machine then counts too high or low.
    rank_low, rank_high : int or None
        Interval of the rank, for itself; None for `other`.
    place_low, place_high : int or None
        The places that the row holds together with those it cannot be told apart from.
    top_three : float or None
        Probability of rank 3 or better.
    method : str
        How the interval was made: ``"audited"``, ``"modelled"`` (by the errors of a cross-validation, holds
        as far as the answers are like those), ``"reviewed"`` (so, with people's decisions on answers chosen
        for them as fixed values), ``"refused"`` (it errs too much to say), ``"counted"`` (none).
    audited : int
        Audited answers the list rests on.
    few_positives : bool
        Fewer than five of them give the category.
    weight : str
        The column that answers are weighted by, or empty.
    """

    round: str
    question: str
    base: Base
    lines: str
    rank: int | None
    category: str
    label: str
    n: int | None
    of: int | None
    share: float | None
    group_by: str = ""
    group: str = ""
    low: float | None = None
    high: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    place_low: int | None = None
    place_high: int | None = None
    top_three: float | None = None
    method: str = COUNTED
    audited: int = 0
    few_positives: bool = False
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """How many answers a list rests on, and how many of them give no cause, as far as known; None: hidden."""

    round: str
    question: str
    answers: int | None
    without_cause: int | None
    group_by: str = ""
    group: str = ""


RankedList: TypeAlias = tuple[Total, tuple[RankedRow, ...]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranked lists as flat rows, and one total for each round, question and group.

    Rows are sorted by round, question (in the scheme's order), group, base and lines; in a list by share,
    then in the scheme's order, `other` last.
    """

    rows: tuple[RankedRow, ...]
    totals: tuple[Total, ...]

    def lists(self) -> tuple[RankedList, ...]:
        """Give each list with its total, in the order of the rows."""
        totals = {(t.round, t.question, t.group): t for t in self.totals}
        lists = groupby(self.rows, key=lambda row: (row.round, row.question, row.group, row.base, row.lines))
        return tuple((totals[key[:3]], tuple(rows)) for key, rows in lists)
