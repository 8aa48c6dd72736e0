"""The linked tables of a round's closed questions: the numbers shown, their sums, and what must be hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from samorsak.answers.closed import condition
from samorsak.pipeline.coded_respondents import CodedRespondents, Sorted
from samorsak.suppression import Tables, suppress
from samorsak.text import nfc

Mask = NDArray[np.bool_]

ANY, MISSING = -2, -1
"""In the place of a level: whatever was answered, or nothing."""

Cell = frozenset[tuple[str, int]]
"""What the respondents that are counted have in common: pairs of variable and level; empty for all."""

_TOTAL, _ANSWERED = 1000.0, 5.0
"""How much dearer it is to hide a number of all together, and of who answered, than another."""


class ClosedCells:
    """The cells of the tables of a round that were named so far.

    Parameters
    ----------
    round_ : CodedRespondents
    below : int
        Numbers from 1 to one less are small.
    """

    def __init__(self, round_: CodedRespondents, below: int) -> None:
        self.round, self.below = round_, below
        self.sorted = {**round_.background, **round_.closed}
        self.sizes = {name: len(one.variable.options) for name, one in self.sorted.items()}
        self.extra: dict[str, Mask] = {}  # options, and conditions that are on no variable
        self.options: set[str] = set()
        self.value: dict[Cell, int] = {}
        self.small: set[Cell] = set()
        self.whole: set[Cell] = set()
        self.totals: set[Cell] = set()
        self.hidden: set[Cell] = set()
        self._masks: dict[tuple[str, int], Mask] = {}

    def conditions(self, one: Sorted) -> Cell:
        """Give the conditions of a question as pairs of variable and level."""
        found = set()
        for text in one.where:
            known = condition(text, [*self.round.background, *self.round.closed])
            name, value = known if known is not None else (text, "")
            ids = [nfc(o.id) for o in self.sorted[name].variable.options] if name in self.sorted else []
            if value in ids:
                found.add((name, ids.index(value)))
            else:  # a column with one value, or with many: all its conditions together are one variable
                name = " & ".join(one.where)
                self.extra[name] = np.ones(self.round.n, bool) if one.meets is None else one.meets
                self.sizes[name] = 2
                return frozenset({(name, 1)})
        return frozenset(found)

    def level(self, cell: Cell, one: Sorted, place: int) -> Cell:
        """Give the respondents of a cell with a level, or an option of a question of several."""
        name = one.variable.name
        if one.chosen is None:
            return cell | {(name, place)}
        if place < 0:
            return cell | {(name, place)}
        option = f"{name}/{one.variable.options[place].id}"
        if option not in self.extra:
            self.extra[option], self.sizes[option] = one.chosen[:, place], 2
            self.options.add(option)
        return cell | {(name, ANY), (option, 1)}

    def show(self, cell: Cell, *, margin: bool = False, total: bool = False) -> None:
        """Name a number that is shown; a margin or total is of all together, not hidden for being small."""
        self._add(cell)
        (self.whole if margin or total else self.small).add(cell)
        if total:
            self.totals.add(cell)

    def hide(self) -> None:
        """Work out which numbers are hidden."""
        sums, bounds = self._relations()
        cells = list(self.value)
        place = {cell: i for i, cell in enumerate(cells)}
        value = np.array([self.value[cell] for cell in cells], np.int64)
        said = self.small | self.whole
        protected = np.array([self._protected(cell, said) for cell in cells], bool)
        unsaid = np.array([cell not in said for cell in cells], bool) & ~protected
        kinds = {kind: i for i, kind in enumerate(dict.fromkeys(map(_variables, cells)))}
        tables = Tables(
            value,
            [[(place[cell], factor) for cell, factor in row] for row in sums],
            [[(place[cell], factor) for cell, factor in row] for row in bounds],
            np.array([self._cost(cell) for cell in cells]) * np.maximum(value, 1),
            np.array([kinds[_variables(cell)] for cell in cells], np.int64),
        )
        self.tables, self.cells = tables, cells
        primary = protected & (value > 0) & (value < self.below)
        hidden = suppress(tables, primary, unsaid=unsaid & (value > 0))
        self.hidden = {cells[i] for i in np.flatnonzero(hidden)}

    def shown(self, cell: Cell) -> int | None:
        """Give a number, None where it is hidden."""
        return None if cell in self.hidden else self.value[cell]

    def _protected(self, cell: Cell, said: set[Cell]) -> bool:
        """Whether a number is hidden for being small: of a group, and not of who did not answer."""
        if cell in self.whole or not cell:
            return False
        return cell in said or all(level >= 0 for _, level in cell)

    def _cost(self, cell: Cell) -> float:
        answered = _ANSWERED if any(level == ANY for _, level in cell) and len(cell) > 1 else 1.0
        return (_TOTAL if cell in self.totals else 1.0) * answered

    def _add(self, cell: Cell) -> None:
        if cell not in self.value:
            mask = np.ones(self.round.n, bool)
            for pair in cell:
                mask = mask & self._mask(pair)
            self.value[cell] = int(mask.sum())

    def _mask(self, pair: tuple[str, int]) -> Mask:
        if pair not in self._masks:
            name, level = pair
            if name in self.extra:
                found = self.extra[name] if level == 1 else ~self.extra[name]
            else:
                code = self.sorted[name].code
                found = code >= 0 if level == ANY else code == level
            self._masks[pair] = found
        return self._masks[pair]

    def _relations(self) -> tuple[list[list[tuple[Cell, int]]], list[list[tuple[Cell, int]]]]:
        """Link each number to those it is a part of; parts that are not shown can be worked out: added too.

        Options of a question of several do not add up: each has at most as many as have answered.
        """
        sums: dict[tuple[Cell, str], list[tuple[Cell, int]]] = {}
        bounds: dict[tuple[Cell, str], list[tuple[Cell, int]]] = {}
        waiting = list(self.value)
        for cell in waiting:  # grows as parts are added
            for name, level in sorted(cell):
                rest = cell - {(name, level)}
                if name in self.options:
                    bounds[cell, name] = [(cell, 1), (rest, -1)]
                    continue
                whole = rest if level < 0 or name in self.extra else rest | {(name, ANY)}
                if whole in self.value or rest in self.value:
                    parts = self._parts(rest, name, whole)
                    sums[whole, name] = [(whole, -1), *((part, 1) for part in parts)]
                    new = [one for one in (whole, *parts) if one not in self.value]
                    for one in new:
                        self._add(one)
                    waiting += new
        return list(sums.values()), list(bounds.values())

    def _parts(self, rest: Cell, name: str, whole: Cell) -> list[Cell]:
        if whole != rest:  # who answered, by level
            return [rest | {(name, level)} for level in range(self.sizes[name])]
        levels: Iterable[int] = (0, 1) if name in self.extra else (ANY, MISSING)
        return [rest | {(name, level)} for level in levels]


def _variables(cell: Cell) -> Cell:
    return frozenset((name, 0) for name, _ in cell)


def distribution_cells(cells: ClosedCells, one: Sorted, group: Sorted | None) -> Iterator[tuple[Cell, Cell]]:
    """Give for each group who is in it and who of them is asked."""
    asked = cells.conditions(one)
    if group is None:
        yield frozenset(), asked
        return
    for place in range(len(group.variable.options)):
        member = frozenset({(group.variable.name, place)})
        yield member, member | asked


def name_distribution(cells: ClosedCells, one: Sorted, group: Sorted | None) -> None:
    """Name the numbers of a distribution."""
    for member, asked in distribution_cells(cells, one, group):
        if len(dict(asked)) < len(asked):
            continue  # a group that does not meet the conditions
        for cell in (member, asked, *(cells.level(asked, one, place) for place in levels_of(one))):
            cells.show(cell, total=group is None)


def name_crosstab(cells: ClosedCells, rows: Sorted, by: Sorted) -> None:
    """Name the numbers of a cross-table."""
    asked = cells.conditions(rows) | cells.conditions(by)
    cells.show(asked, margin=True)
    for i in (ANY, *range(len(rows.variable.options))):
        for j in (ANY, *range(len(by.variable.options))):
            cell = cells.level(cells.level(asked, rows, i), by, j)
            cells.show(cell, margin=ANY in (i, j))


def levels_of(one: Sorted) -> Sequence[int]:
    """Give the places of the levels, of who answered, and of who did not."""
    return (MISSING, ANY, *range(len(one.variable.options)))
