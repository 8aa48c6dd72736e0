"""Change between two rounds, with intervals and what is left of them when many categories are compared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import InputError
from samorsak.shares import LEVEL, Base, Estimate, ends

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Change:
    """One category's, or one report line's, share in two rounds.

    Attributes
    ----------
    category : str
    only : {"before", "after"} or None
        The round that alone has the category; then there is no change, and all below but its share is None.
        Where both have it and it does not mean the same, there is no change either.
    before, after : float or None
        Shares, as fractions.
    change, low, high : float or None
        ``after - before`` and its interval; a fraction, so 0.01 is a percentage point.
    p : float or None
        Two-sided tail probability of no change.
    p_holm : float or None
        The same with all categories of the comparison in view.
    """

    category: str
    only: Literal["before", "after"] | None
    before: float | None
    after: float | None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_holm: float | None = None


def compare(
    before: tuple[Sequence[str], Estimate],
    after: tuple[Sequence[str], Estimate],
    base: Base,
    level: float = LEVEL,
    apart: Collection[str] = (),
) -> tuple[Change, ...]:
    """Compare two rounds category by category.

    Parameters
    ----------
    before, after : tuple of ids and Estimate
        The ids of each round's columns, and what is known of them; by the same kind of lines. The estimates
        need as many draws.
    base : {"causes", "answers"}
    level : float
        Of the intervals, each for itself.
    apart : collection of str
        Ids that do not mean the same in both rounds: their shares are given, no change.

    Returns
    -------
    tuple of Change
        In the order of the later round, what only the earlier one has last.

    Raises
    ------
    InputError
        The estimates have different numbers of draws.

    Examples
    --------
    >>> import numpy as np
    >>> from samorsak.shares import Audit, estimate_audited
    >>> few, many = np.arange(200)[:, None] < 20, np.arange(200)[:, None] < 80
    >>> rows = np.arange(0, 200, 2)
    >>> before = (["time"], estimate_audited(Audit(few, rows, few[rows])))
    >>> after = (["time"], estimate_audited(Audit(many, rows, many[rows])))
    >>> found, = compare(before, after, "answers")
    >>> round(found.change, 2), found.low > 0.25, found.p_holm < 0.01
    (0.3, True, True)
    """
    (old_ids, old), (new_ids, new) = before, after
    if len(old.draws) != len(new.draws):
        raise InputError(f"compare: {len(old.draws)} and {len(new.draws)} draws, expected as many")
    shared = [c for c in new_ids if c in set(old_ids) and c not in apart]
    left, right = [[ids.index(c) for c in shared] for ids in (list(old_ids), list(new_ids))]
    drawn = change_draws(old.share_draws(base)[:, left], new.share_draws(base)[:, right])
    old_share, new_share = old.share(base), new.share(base)
    change = new_share[right] - old_share[left]
    low, high = ends(drawn, change, level)
    p = tail_probability(drawn)
    columns = (old_share[left], new_share[right], change, low, high, p, holm(p))
    rows = dict(zip(shared, zip(*(column.tolist() for column in columns), strict=True), strict=True))
    known = dict(zip(old_ids, old_share.tolist(), strict=True))
    found = [
        Change(c, None, *rows[c])
        if c in rows
        else Change(c, None if c in known else "after", known.get(c), float(share))
        for c, share in zip(new_ids, new_share, strict=True)
    ]
    return (*found, *(Change(c, "before", share, None) for c, share in known.items() if c not in new_ids))


def change_draws(before: Floats, after: Floats) -> Floats:
    """Subtract the draws of independent rounds, both of shape (b, k).

    The earlier draws are dealt anew, so that two estimates made with one seed do not move together.
    """
    drawn: Floats = after - np.random.default_rng(0).permutation(before)
    return drawn


def tail_probability(drawn: Floats) -> Floats:
    """Give twice the smaller share of draws, shape (b, k), on one side of zero; never 0, at most 1.

    One is added to both counts, as for Monte Carlo tests (Davison and Hinkley, "Bootstrap methods and their
    application", 1997, equation 4.11).

    Examples
    --------
    >>> tail_probability(np.array([[1.0, -1.0], [2.0, 1.0], [3.0, 0.0]])).tolist()
    [0.5, 1.0]
    """
    below, above = (drawn <= 0).sum(axis=0), (drawn >= 0).sum(axis=0)
    p: Floats = np.minimum(1.0, 2 * (np.minimum(below, above) + 1) / (len(drawn) + 1))
    return p


def holm(p: Floats) -> Floats:
    """Adjust p-values for their number: the smallest times k, the next times k - 1, never falling.

    Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6,
    1979, section 2, as adjusted values.

    Examples
    --------
    >>> holm(np.array([0.04, 0.01, 0.03])).tolist()
    [0.06, 0.03, 0.06]
    """
    order = np.argsort(p, kind="stable")
    steps = np.minimum(1.0, p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(steps)
    return adjusted
