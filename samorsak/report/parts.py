"""A ranked list taken apart for its readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samorsak.errors import InputError
from samorsak.ranking import RankedRow


@dataclass(frozen=True, slots=True)
class Parts:
    """A list taken apart: what it leads with, what also occurs, `other`, what nobody gave, what is hidden."""

    main: list[RankedRow]
    also: list[RankedRow]
    other: list[RankedRow]
    absent: list[RankedRow]
    hidden: list[RankedRow]


def parts_of(rows: Sequence[RankedRow], minor: float) -> Parts:
    """Take a list apart.

    Raises
    ------
    InputError
        `minor` is no fraction.
    """
    if not 0 <= minor <= 1:
        raise InputError(f"minor is {minor:g}, expected a fraction from 0 to 1 (5 % is 0.05)")
    given = [row for row in rows if _found(row)]
    return Parts(
        main=[row for row in given if row.rank is not None and share_of(row) >= minor],
        also=[row for row in given if row.rank is not None and share_of(row) < minor],
        other=[row for row in given if row.rank is None],
        absent=[row for row in rows if row.n is not None and not _found(row) and row.rank is not None],
        hidden=[row for row in rows if row.n is None],
    )


def _found(row: RankedRow) -> bool:
    """Tell a row that somebody gave; a weighted or estimated number may be rounded to nothing."""
    return (row.n or 0) > 0 or share_of(row) >= 0.005


def share_of(row: RankedRow) -> float:
    """Give the share of a row; 0 where it is hidden."""
    return row.share or 0.0
