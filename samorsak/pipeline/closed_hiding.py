"""Small numbers left out of the tables of closed questions, together with what would give them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from samorsak.answers.closed import condition
from samorsak.coded import CodedAnswer
from samorsak.errors import InputError
from samorsak.pipeline.closed_cells import (
    ANY,
    MISSING,
    ClosedCells,
    distribution_cells,
    name_crosstab,
    name_distribution,
)
from samorsak.pipeline.coded_respondents import CodedRespondents, Sorted
from samorsak.pipeline.linked import ANSWERS, Conditions
from samorsak.pipeline.suppressing import Pattern, pattern_of
from samorsak.scheme import Scheme
from samorsak.tables import Association, Crosstab, Distribution, Group, Remark, RoundTables
from samorsak.tables.rows import Count
from samorsak.text import nfc

_DECIMALS = 2
"""So many are left of a measure beside hidden numbers, which more would help to work out."""

_SMALL = 0.25
"""A table by two columns with a larger part of small numbers shows little, and takes long to work out."""

Pair = tuple[str, str]
Made = tuple[RoundTables, CodedRespondents, Sequence[tuple[Sorted, Sorted]]]
"""The tables of a round, its respondents, and rows and columns of each cross-table."""


def fixed_pattern(
    folder: Path, made: Sequence[Made], coded: Sequence[CodedAnswer], scheme: Scheme, below: int
) -> Pattern:
    """Fix which numbers of causes are hidden, as ranked lists of groups hide them.

    A table by a question with a condition is one by two columns. It is left out of the pattern, and not
    shown, where many of its numbers are small, or where it would give away what is hidden elsewhere.

    Parameters
    ----------
    folder : Path
    made : sequence of (tables, respondents, pairs)
        Of each round.
    coded : sequence of CodedAnswer
    scheme : Scheme
    below : int

    Raises
    ------
    InputError
        The manifest has another pattern, or there is none to be made.
    """
    pairs = {
        pair
        for tables, round_, of in made
        for table, (rows, by) in zip(tables.crosstabs, of, strict=True)
        if rows.variable.kind == "cause" and (pair := _crossing(by, round_)) and not _too_small(table, below)
    }
    try:
        return pattern_of(folder, coded, scheme, below, pairs=sorted(pairs))
    except InputError:
        pattern = pattern_of(folder, coded, scheme, below)
    for pair in sorted(pairs):
        try:
            pattern = pattern_of(folder, coded, scheme, below, pairs=[pair])
        except InputError:  # it would give away what has been hidden before, or has too many values
            continue
    return pattern


def _too_small(table: Crosstab, below: int) -> bool:
    filled = [n for row in table.counts for n in row if n]
    return sum(n < below for n in filled) > _SMALL * len(filled)


def without_small(
    tables: RoundTables,
    round_: CodedRespondents,
    pairs: Sequence[tuple[Sorted, Sorted]],
    pattern: Pattern,
    lines: str,
) -> RoundTables:
    """Leave small numbers out of the tables of a round.

    The numbers of closed questions are hidden over all tables at once: those by a background column, and the
    inner ones of cross-tables, where they are below the limit, and what would give them away; those of all
    together only where they would. Numbers of causes are hidden as in the ranked lists of the same groups. In
    a group below the limit nothing is shown, zeros neither. How many did not answer is not taken for
    something to be protected by itself. Measures are left, with two decimals.

    Parameters
    ----------
    tables : RoundTables
    round_ : CodedRespondents
        What they were made of.
    pairs : sequence of (rows, by)
        Of each cross-table.
    pattern : Pattern
    lines : str

    Returns
    -------
    RoundTables
    """
    cells = linked_cells(round_, pairs, pattern.below)
    groups = {"": None, **round_.background}
    crosstabs = []
    for table, (rows, by) in zip(tables.crosstabs, pairs, strict=True):
        if rows.variable.kind == "cause":
            crosstabs.append(_causes_hidden(table, by, round_, pattern, lines))
        else:
            crosstabs.append(_crosstab_hidden(table, rows, by, cells))
    distributions = [
        _distribution_hidden(one, round_.closed[one.variable.name], groups[one.group_by], cells)
        for one in tables.distributions
    ]
    return replace(tables, distributions=tuple(distributions), crosstabs=tuple(crosstabs))


def linked_cells(round_: CodedRespondents, pairs: Sequence[tuple[Sorted, Sorted]], below: int) -> ClosedCells:
    """Name all numbers of the closed questions of a round, and work out which are hidden."""
    cells = ClosedCells(round_, below)
    for group in (None, *round_.background.values()):
        for one in round_.closed.values():
            name_distribution(cells, one, group)
    for rows, by in pairs:
        if rows.variable.kind != "cause":
            name_crosstab(cells, rows, by)
    cells.hide()
    return cells


def _distribution_hidden(
    table: Distribution, one: Sorted, group: Sorted | None, cells: ClosedCells
) -> Distribution:
    groups = []
    for found, (member, asked) in zip(table.groups, distribution_cells(cells, one, group), strict=True):
        few = group is not None and 0 < (found.answered or 0) < cells.below
        gone = {
            place: cells.level(asked, one, place) in cells.hidden
            for place in (ANY, MISSING, *range(len(found.counts)))
        }
        counts = tuple(None if few or gone[i] else n for i, n in enumerate(found.counts))
        no_sizes = member in cells.hidden or asked in cells.hidden
        groups.append(
            Group(
                found.group,
                counts,
                None if gone[ANY] else found.answered,
                None if gone[MISSING] else found.missing,
                None if no_sizes and asked != member else found.filtered,
            )
        )
    hidden = any(None in (*g.counts, g.answered, g.missing, g.filtered) for g in groups)
    return replace(table, groups=tuple(groups), remarks=(*table.remarks, *_withheld(hidden, cells.below)))


def _crosstab_hidden(table: Crosstab, rows: Sorted, by: Sorted, cells: ClosedCells) -> Crosstab:
    asked = cells.conditions(rows) | cells.conditions(by)
    few_by = [0 < (n or 0) < cells.below for n in table.base]
    few_rows = [rows.chosen is None and 0 < (n or 0) < cells.below for n in table.totals]

    def number(i: int, j: int, value: Count) -> Count:
        few = (i >= 0 and few_rows[i]) or (j >= 0 and few_by[j])
        inner = i >= 0 and j >= 0
        hidden = cells.level(cells.level(asked, rows, i), by, j) in cells.hidden
        return None if hidden or (few and inner) else value

    counts = tuple(tuple(number(i, j, n) for j, n in enumerate(row)) for i, row in enumerate(table.counts))
    n = number(ANY, ANY, table.n)
    found = replace(
        table,
        counts=counts,
        base=tuple(number(ANY, j, n) for j, n in enumerate(table.base)),
        totals=tuple(number(i, ANY, n) for i, n in enumerate(table.totals)),
        n=n,
        missing=None if n is None or asked in cells.hidden else table.missing,
        filtered=None if asked in cells.hidden else table.filtered,
    )
    return _rounded(found, cells.below)


def _causes_hidden(
    table: Crosstab, by: Sorted, round_: CodedRespondents, pattern: Pattern, lines: str
) -> Crosstab:
    fixed = _fixed(by, round_)
    known = fixed is not None and by.column in pattern.columns
    if fixed and by.column is not None:
        known &= tuple(sorted((by.column, fixed[0][0]))) in pattern.crossings
    if not known or fixed is None or by.column is None:
        return _refused(table, pattern.below)
    conditions: list[Conditions] = [tuple(sorted({*fixed, (by.column, nfc(value))})) for value in by.values]

    def gone(group: Conditions, name: str) -> bool:
        return (round_.round, table.rows.name, group, name) in pattern.hidden

    names = [f"{lines}/{option.id}" for option in table.rows.options]
    few = [0 < (n or 0) < pattern.below for n in table.base]
    counts = tuple(
        tuple(None if few[j] or gone(group, name) else row[j] for j, group in enumerate(conditions))
        for name, row in zip(names, table.counts, strict=True)
    )
    base = tuple(
        None if few[j] or gone(group, ANSWERS) else table.base[j] for j, group in enumerate(conditions)
    )
    rest = tuple(sorted({*fixed, (by.column, "")}))

    def total(cells: Sequence[Count], name: str, value: Count) -> Count:
        # known where all parts are, or where all and those without a group are
        return None if None in cells and (gone(tuple(fixed), name) or gone(rest, name)) else value

    n = total(base, ANSWERS, table.n)
    found = replace(
        table,
        counts=counts,
        base=base,
        totals=tuple(map(total, counts, names, table.totals)),
        n=n,
        missing=None if n is None else table.missing,
    )
    return _rounded(found, pattern.below)


def _fixed(by: Sorted, round_: CodedRespondents) -> list[Pair] | None:
    """Give the conditions of a question as those of the pattern; None where it has none such."""
    found: list[Pair] = []
    for text in by.where:
        known = condition(text, [*round_.background, *round_.closed])
        one = {**round_.background, **round_.closed}[known[0]] if known else None
        ids = [nfc(option.id) for option in one.variable.options] if one else []
        if known is None or one is None or one.column is None or known[1] not in ids:
            return None
        found.append((one.column, nfc(one.values[ids.index(known[1])])))
    return found if len(found) <= 1 else None


def _crossing(by: Sorted, round_: CodedRespondents) -> Pair | None:
    fixed = _fixed(by, round_)
    if not fixed or by.column is None:
        return None
    first, second = sorted((by.column, fixed[0][0]))
    return first, second


def _refused(table: Crosstab, below: int) -> Crosstab:
    """Leave all numbers out of a table that could not be linked to the others."""
    nothing = tuple(None for _ in table.base)
    return _rounded(
        replace(
            table,
            counts=tuple(nothing for _ in table.counts),
            base=nothing,
            totals=tuple(None for _ in table.totals),
            n=None,
            missing=None,
            filtered=None,
            remarks=(*table.remarks, Remark("refused")),
        ),
        below,
    )


def _rounded(table: Crosstab, below: int) -> Crosstab:
    hidden = any(n is None for n in (*table.base, *table.totals, table.n, *sum(table.counts, ())))
    if not hidden:
        return table
    return replace(
        table,
        associations=tuple(map(_without_decimals, table.associations)),
        remarks=(*table.remarks, *_withheld(True, below)),
    )


def _without_decimals(one: Association) -> Association:
    def cut(value: float | None) -> float | None:
        return None if value is None else round(value, _DECIMALS)

    return replace(one, value=cut(one.value), low=cut(one.low), high=cut(one.high))


def _withheld(hidden: bool, below: int) -> Sequence[Remark]:
    about: Mapping[str, str | int] = {"below": below}
    return [Remark("withheld", about)] if hidden else []
