"""Small numbers hidden in tables that are sums of each other, so that no hidden number can be worked out.

Arrays only: cells with their values, the sums that hold between them, and which are too small to show.
Practice and words are those of Hundepool and others, "Statistical disclosure control", Wiley 2012, chapters 4
and 5: small cells are suppressed (primary), then others whose differences would give them away (secondary),
over all linked tables at once. Who knows from elsewhere what single respondents answered may know more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import InputError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

Term = tuple[int, int]
"""A cell and the number it is multiplied by."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The cells of all tables of a run, and what everybody knows of how they hang together.

    Attributes
    ----------
    value : ndarray of int64, shape (c,)
        Counts, none below zero.
    sums : sequence of sequences of (cell, factor)
        Each adds up to zero: a margin with factor -1, its parts with 1.
    bounds : sequence of sequences of (cell, factor)
        Each is at most zero.
    cost : ndarray of float64, shape (c,)
        What is lost where a cell is hidden; above zero.
    table : ndarray of int64, shape (c,)
        Which table a cell stands in. Cells of the same table are tried first, which is quick.
    """

    value: Ints
    sums: Sequence[Sequence[Term]]
    bounds: Sequence[Sequence[Term]]
    cost: Floats
    table: Ints

    def __post_init__(self) -> None:
        """Check that the relations hold."""
        total, most = (_matrix(rows, len(self.value)) @ self.value for rows in (self.sums, self.bounds))
        if (total != 0).any() or (most > 0).any() or (self.value < 0).any():
            raise InputError("tables: the values do not add up as the relations say")


def suppress(tables: Tables, primary: Mask, shown: Mask | None = None, unsaid: Mask | None = None) -> Mask:
    """Hide more cells until none of the hidden ones can be worked out.

    Whoever reads the tables knows what is shown, all sums and bounds, and that a hidden cell is a whole
    number above zero, as zeros are shown. A cell is safe if some other such table has another value in it.
    For each hidden cell that is not yet known to be safe, the cheapest other table is sought in which it is
    larger by one or more; the cells that differ are hidden, and are safe with it. This is the heuristic, by
    linear programming, of Kelly, Golden and Assad ("Cell suppression: disclosure protection for sensitive
    tabular data", Networks 22, 1992) and of Massell ("Cell suppression and audit programs used for economic
    magnitude data", U.S. Bureau of the Census, RR2001/01), in whole numbers, as counts are. Cells are taken
    from the smallest on, ties in their order, so that the same tables give the same pattern.

    Parameters
    ----------
    tables : Tables
    primary : ndarray of bool, shape (c,)
        Cells to hide, none of them zero.
    shown : ndarray of bool, shape (c,), optional
        Cells that cannot be hidden any more, as they have been published.
    unsaid : ndarray of bool, shape (c,), optional
        Cells that are in no table and that need no protection: who did not answer. They cost nothing.

    Returns
    -------
    ndarray of bool, shape (c,)
        `unsaid` among them.

    Raises
    ------
    InputError
        A zero is to be hidden, or a cell cannot be made safe as too much is shown already.

    Examples
    --------
    Two regions, two causes, with all margins: one small cell takes three others with it.

    >>> value = np.array([2, 8, 7, 9, 10, 16, 9, 17, 26])
    >>> rows = [[(0, 1), (1, 1), (4, -1)], [(2, 1), (3, 1), (5, -1)]]
    >>> columns = [[(0, 1), (2, 1), (6, -1)], [(1, 1), (3, 1), (7, -1)]]
    >>> all_of_it = [[(4, 1), (5, 1), (8, -1)], [(6, 1), (7, 1), (8, -1)]]
    >>> tables = Tables(value, rows + columns + all_of_it, [], value.astype(float), np.zeros(9, int))
    >>> suppress(tables, value < 5).nonzero()[0].tolist()
    [0, 1, 2, 3]
    """
    hidden = primary.copy()
    if (hidden & (tables.value == 0)).any():
        raise InputError("tables: a zero is to be hidden, expected counts above zero")
    movable = tables.value > 0 if shown is None else (tables.value > 0) & ~shown
    attack = _Attack(tables)
    safe = np.zeros(len(hidden), bool) if unsaid is None else unsaid & ~primary
    hidden |= safe
    for cell in np.lexsort((np.arange(len(hidden)), tables.value)):
        if hidden[cell] and not safe[cell]:
            change = attack.cheapest(int(cell), hidden, movable | hidden)
            if change is None:
                raise InputError("tables: a hidden number could be worked out from what has been shown")
            hidden |= change != 0
            safe |= change != 0
    return hidden


def value_range(tables: Tables, hidden: Mask, cell: int) -> tuple[int, int | None]:
    """Work out what a hidden cell can be, exactly: the attack that `suppress` must withstand.

    Integer programs for the least and the largest value, as audits of suppression patterns are made
    (Hundepool and others, section 4.4).

    Returns
    -------
    low, high : int
        `high` is None where there is no largest value.

    Examples
    --------
    >>> value = np.array([2, 8, 10])
    >>> tables = Tables(value, [[(0, 1), (1, 1), (2, -1)]], [], value.astype(float), np.zeros(3, int))
    >>> value_range(tables, np.array([True, False, False]), 0)
    (2, 2)
    >>> value_range(tables, np.array([True, True, False]), 0)
    (1, 9)
    """
    from scipy.optimize import Bounds, milp  # heavy

    weight = np.zeros(len(hidden))
    weight[cell] = 1
    least = np.where(hidden, 1, tables.value)
    most = np.where(hidden, np.inf, tables.value)
    found = []
    for sign in (1, -1):
        result = milp(
            sign * weight,
            integrality=np.ones(len(hidden)),
            bounds=Bounds(least, most),
            constraints=_constraints(tables, np.zeros(len(hidden))),
        )
        found.append(None if result.x is None else round(result.x[cell]))
    return found[0] or 0, found[1]


class _Attack:
    """Looks for other tables that agree with what is shown."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        c = len(tables.value)
        self.sums, self.bounds = (_matrix(rows, c).tocsc() for rows in (tables.sums, tables.bounds))

    def cheapest(self, cell: int, hidden: Mask, movable: Mask) -> Ints | None:
        """Find the cheapest change, shape (c,), that makes a cell larger; None where there is none."""
        table = self.tables.table
        for among in (movable & (table == table[cell]), movable):
            change = self._change(cell, np.flatnonzero(among), hidden)
            if change is not None:
                return change
        return None

    def _change(self, cell: int, among: Ints, hidden: Mask) -> Ints | None:
        """Search for a change of some cells: up by at most their value, down to one, so never out of sight.

        A change of all cells by their own value is always one, so a search over all that is not zero ends.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import hstack

        value = self.tables.value[among]
        place = int(np.searchsorted(among, cell))
        sums, bounds = (_rows_with(matrix[:, among]) for matrix in (self.sums, self.bounds))
        slack = -(self.bounds @ self.tables.value)[bounds[1]]
        up = np.zeros(len(among))
        up[place] = 1
        constraints = [
            LinearConstraint(hstack([sums[0], -sums[0]]), 0, 0),
            LinearConstraint(hstack([bounds[0], -bounds[0]]), -np.inf, slack),
        ]
        cost = np.where(hidden[among], 0, self.tables.cost[among]) + _NUDGE
        for whole in (0, 1):  # nearly always the solution in fractions is whole, and it is quick
            result = milp(
                np.concatenate([cost, cost]),
                integrality=np.full(2 * len(among), whole),
                bounds=Bounds(np.concatenate([up, 0 * up]), np.concatenate([value, (value - 1) * (1 - up)])),
                constraints=[c for c in constraints if c.A.shape[0]],
                options={"mip_rel_gap": _GAP},
            )
            if result.x is None:
                return None
            if np.abs(result.x - np.rint(result.x)).max() < _WHOLE:
                break
        rise, fall = np.rint(result.x).astype(np.int64).reshape(2, -1)
        change = np.zeros(len(hidden), np.int64)
        change[among] = rise - fall
        return change


_NUDGE = 1e-3  # so that a change is no longer than it need be
_WHOLE = 1e-6
_GAP = 0.05  # a pattern is good enough before it is the very best


def _matrix(rows: Sequence[Sequence[Term]], c: int) -> Any:
    from scipy.sparse import csr_array

    terms = [(number, cell, factor) for number, row in enumerate(rows) for cell, factor in row]
    number, cell, factor = np.array(terms, np.int64).reshape(-1, 3).T
    return csr_array((factor, (number, cell)), shape=(len(rows), c))


def _rows_with(matrix: Any) -> tuple[Any, Ints]:
    """Leave out the rows in which nothing stands."""
    rows = matrix.tocsr()
    kept = np.flatnonzero(np.diff(rows.indptr))
    return rows[kept], kept


def _constraints(tables: Tables, least: Floats) -> list[Any]:
    from scipy.optimize import LinearConstraint

    c = len(least)
    both = [(tables.sums, 0.0), (tables.bounds, -np.inf)]
    return [LinearConstraint(_matrix(rows, c), low, 0) for rows, low in both if rows]
