"""Small numbers hidden in the lists of groups, by one pattern for all tables, kept in the run's manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from samorsak.coded import CodedAnswer, background_column, background_columns, parse_condition
from samorsak.errors import InputError
from samorsak.pipeline.evidence import HIDDEN, RUN_FILE, read_manifest, write_manifest
from samorsak.pipeline.linked import Conditions, linked_tables
from samorsak.ranking import RankedRow, Ranking, Total, columns_of
from samorsak.ranking.withheld import withhold
from samorsak.report.files import ANSWERS
from samorsak.scheme import Scheme
from samorsak.suppression import suppress
from samorsak.text import nfc

MOST_VALUES = 30
"""Columns with more values are ids or free text; no table by them is shown without small numbers."""


Hidden = frozenset[tuple[str, str, Conditions, str]]
"""Round, question, the conditions of the group, and the name of the cell."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which numbers of a run are hidden.

    Attributes
    ----------
    below : int
        Numbers from 1 to one less are small.
    answers : str
        Check sum of the answers that were counted.
    columns : tuple of str
        Background columns with a table each.
    crossings : tuple of pairs of str
        Pairs of columns with a table each.
    hidden : frozenset
    """

    below: int
    answers: str
    columns: tuple[str, ...]
    crossings: tuple[tuple[str, str], ...]
    hidden: Hidden


def suppress_small(
    folder: Path,
    ranking: Ranking,
    coded: Sequence[CodedAnswer],
    scheme: Scheme,
    below: int,
    *,
    by: str | None = None,
    where: Sequence[str] = (),
    crossings: Sequence[str] = (),
) -> Ranking:
    """Hide small numbers in ranked lists, and those that would give them away.

    The pattern is fixed the first time, for the total and the tables by every background column with at most
    30 values, by the scheme's categories and by every report's lines, and for the tables by two columns that
    are asked for or named then; it is kept in run.json. Another table by two columns is added when it is
    asked for: what has been shown stays shown, what was hidden stays hidden, and the table is refused where
    it would give a hidden number away, which is often.

    Parameters
    ----------
    folder : Path
        Of the coded round.
    ranking : Ranking
        Made of `coded`, split `by` and chosen `where`; not weighted.
    coded : sequence of CodedAnswer
    scheme : Scheme
    below : int
        Numbers from 1 to one less are small; 2 or more.
    by, where
        As for `samorsak.ranking.rank`.
    crossings : sequence of str
        Pairs ``"column+column"`` of which tables will be shown later.

    Returns
    -------
    Ranking
        Hidden numbers, their shares, bases and intervals are None; rows with hidden numbers stand last in the
        scheme's order. Ranks count the rows that are shown.

    Raises
    ------
    InputError
        No manifest, another pattern in it, a column with too many values, more than two columns, or a table
        that cannot be shown beside those shown before.
    """
    fixed, group_by = _asked(by, where, coded)
    columns = tuple(dict.fromkeys([*(column for column, _ in fixed), *([group_by] if group_by else [])]))
    pairs = [_pair(text, coded) for text in crossings]
    if len(columns) == 2:
        pairs.append((min(columns), max(columns)))
    pattern = pattern_of(folder, coded, scheme, below, columns, pairs)

    def hidden(total: Total, name: str, n: int | None) -> bool:
        group = tuple(sorted({*fixed, *({(group_by, nfc(total.group))} if group_by else set())}))
        # what an audit has corrected may be small where the count is not
        small = bool(group) and n is not None and 0 < n < below
        return small or (total.round, total.question, group, name) in pattern.hidden

    def order(row: RankedRow) -> int:
        return columns_of(row.lines, row.question, scheme).ids.index(row.category)

    return withhold(ranking, hidden, order)


def _asked(by: str | None, where: Sequence[str], coded: Sequence[CodedAnswer]) -> tuple[Conditions, str]:
    """Give the conditions that all lists have in common, and the column they are split by."""
    conditions = {parse_condition(text, coded) for text in where}
    return tuple(sorted(conditions)), "" if by is None else background_column(by, coded, "by")


def _pair(text: str, coded: Sequence[CodedAnswer]) -> tuple[str, str]:
    """Take ``"column+column"`` apart; a column may hold a plus too."""
    known = {nfc(column): column for column in background_columns(coded)}
    for place, char in enumerate(text):
        one, two = nfc(text[:place].strip()), nfc(text[place + 1 :].strip())
        if char == "+" and one in known and two in known and one != two:
            first, second = sorted((known[one], known[two]))
            return first, second
    raise InputError(f"crossing is {text!r}, expected 'column+column'; the answers have: {', '.join(known)}")


def pattern_of(
    folder: Path,
    coded: Sequence[CodedAnswer],
    scheme: Scheme,
    below: int,
    columns: Sequence[str] = (),
    pairs: Sequence[tuple[str, str]] = (),
) -> Pattern:
    """Read the pattern of a run, or fix it; add the tables that are asked for if they are not in it yet.

    Parameters
    ----------
    folder, coded, scheme, below
        As for `suppress_small`.
    columns : sequence of str
        Background columns that are asked for, at most two.
    pairs : sequence of pairs of str
        Sorted pairs of columns with a table each.

    Raises
    ------
    InputError
        As for `suppress_small`.
    """
    if below < 2:
        raise InputError(f"suppress-below is {below}, expected 2 or more; 5 hides 1 to 4")
    if len(columns) > 2:
        named = ", ".join(map(repr, columns))
        raise InputError(
            f"by, where: columns are {named}, expected at most two where small numbers are hidden"
        )
    manifest = read_manifest(folder)
    kept = _kept(manifest, folder, below)
    groupable = _groupable(coded) if kept is None else kept.columns
    for column in chain(columns, *pairs):
        if column not in groupable:
            raise InputError(
                f"column {column!r} has more than {MOST_VALUES} values, too many to hide small numbers"
            )
    if kept is None:
        crossings = tuple(dict.fromkeys(pairs))
        pattern = _fixed(Pattern(below, _check_sum(folder), groupable, crossings, frozenset()), coded, scheme)
    else:
        pattern = kept
        for pair in pairs:
            if pair not in pattern.crossings:
                wider = replace(pattern, crossings=(*pattern.crossings, pair))
                pattern = _fixed(wider, coded, scheme, pair)
    if pattern != kept:
        write_manifest(folder, {**manifest, HIDDEN: _written(pattern)})
    return pattern


def _fixed(
    pattern: Pattern,
    coded: Sequence[CodedAnswer],
    scheme: Scheme,
    added: tuple[str, str] | None = None,
) -> Pattern:
    """Work the pattern out; where a table was added, what the others show or hide stays as it is."""
    blocks: dict[tuple[str, str], list[CodedAnswer]] = {}
    for answer in coded:
        blocks.setdefault((answer.round, answer.question), []).append(answer)
    hidden: set[tuple[str, str, Conditions, str]] = set()
    for (round_, question), answers in blocks.items():
        cells, tables = linked_tables(answers, question, scheme, pattern.columns, pattern.crossings)
        before = np.array([(round_, question, *cell) in pattern.hidden for cell in cells])
        new = np.array([added is None or tuple(c for c, _ in conditions) == added for conditions, _ in cells])
        small = (tables.value > 0) & (tables.value < pattern.below)
        by_group = np.array([bool(conditions) for conditions, _ in cells])
        try:
            found = suppress(
                tables, before | (new & small & by_group), None if added is None else ~(before | new)
            )
        except InputError:
            named = " and ".join(map(repr, added or ()))
            raise InputError(
                f"a table by {named} would give away numbers that are hidden in tables fixed before; leave"
                " one column out, or classify the round again and name the table with --crossing the first"
                " time"
            ) from None
        hidden |= {(round_, question, *cells[place]) for place in np.flatnonzero(found)}
    return replace(pattern, hidden=frozenset(hidden))


def _groupable(coded: Sequence[CodedAnswer]) -> tuple[str, ...]:
    """Name the columns with few values, each written in one way."""
    columns = []
    for column in background_columns(coded):
        values = {answer.background.get(column, "") for answer in coded}
        if len(values) <= MOST_VALUES and len(set(map(nfc, values))) == len(values):
            columns.append(column)
    return tuple(columns)


def _check_sum(folder: Path) -> str:
    return sha256((folder / ANSWERS).read_bytes()).hexdigest()


def _kept(manifest: Mapping[str, Any], folder: Path, below: int) -> Pattern | None:
    """Read the pattern out of a manifest; None where there is none yet."""
    path = folder / RUN_FILE
    if HIDDEN not in manifest:
        return None
    kept = manifest[HIDDEN]
    try:
        hidden = frozenset(
            (round_, question, tuple((column, value) for column, value in conditions), name)
            for round_, question, conditions, names in kept["hidden"]
            for name in names
        )
        columns, crossings = tuple(kept["columns"]), tuple((one, two) for one, two in kept["crossings"])
        pattern = Pattern(int(kept["below"]), str(kept["answers_sha256"]), columns, crossings, hidden)
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path}: 'suppression' is damaged; classify the round again") from None
    if pattern.below != below:
        raise InputError(
            f"{path}: numbers below {pattern.below} are hidden in what was shown before, asked for {below};"
            f" give --suppress-below {pattern.below}, or classify the round again"
        )
    if pattern.answers != _check_sum(folder):
        raise InputError(
            f"{path}: {ANSWERS} has changed since it was fixed which numbers are hidden;"
            " classify the round again into a new folder"
        )
    return pattern


def _written(pattern: Pattern) -> dict[str, Any]:
    by_group: dict[tuple[str, str, Conditions], list[str]] = {}
    for round_, question, conditions, name in sorted(pattern.hidden):
        by_group.setdefault((round_, question, conditions), []).append(name)
    return {
        "below": pattern.below,
        "answers_sha256": pattern.answers,
        "columns": pattern.columns,
        "crossings": pattern.crossings,
        "hidden": [[*group, names] for group, names in by_group.items()],
    }
