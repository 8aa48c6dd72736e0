"""All tables of a coded round's closed questions: how they were answered, and by what they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from samorsak.answers import CrosstabAsked
from samorsak.compare import holm
from samorsak.errors import InputError
from samorsak.pipeline.coded_respondents import CodedRespondents, Sorted, read_respondents
from samorsak.pipeline.evidence import RUN_FILE, read_manifest
from samorsak.ranking import SCHEME_LINES
from samorsak.tables import (
    Association,
    Crosstab,
    Distribution,
    Group,
    Remark,
    RoundTables,
    Verdict,
    associate,
    cross,
    cross_chosen,
    verdict,
)
from samorsak.tables.association import DRAWS, Measure

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def closed_tables(
    folder: str | Path,
    *,
    lines: str = SCHEME_LINES,
    suppress_below: int | None = None,
    seed: int = 0,
    draws: int = DRAWS,
) -> tuple[RoundTables, ...]:
    """Make the tables of closed questions, and of causes by them, of each round in a run folder.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify` or `samorsak audit estimate` wrote it; of an older version, too, which knows of
        no closed questions.
    lines : str
        ``"scheme"`` for the scheme's categories, or a report of the scheme.
    suppress_below : int, optional
        Withhold smaller numbers, and those that would give them away.
    seed, draws : int
        For intervals and tests: each table has draws of its own, whatever other tables there are.

    Returns
    -------
    tuple of RoundTables
        Intervals and tests say what drawing other respondents would change, not what a coder would: where a
        machine coded the causes, they rest on its codes as they are.

        By default the cross-tables are: each ordered question of one choice by each statement of the
        matrices; the causes of each open question by each ordered question, each statement, and each
        background column with 2 to 12 values.

    Raises
    ------
    InputError
        A file is missing or damaged, or a cross-table of something that is not there is asked for.
    SchemeError
        The scheme is damaged, or has no such lines.
    """
    folder = Path(folder)
    rounds, coded, scheme = read_respondents(folder, lines)
    audited = (folder / RUN_FILE).is_file() and "decided" in read_manifest(folder).get("audit", {})
    pairs = [list(_default(one) if one.crosstabs is None else _asked(one)) for one in rounds]
    found = [_tables(one, own, audited, seed, draws) for one, own in zip(rounds, pairs, strict=True)]
    if suppress_below is not None:
        from samorsak.pipeline.closed_hiding import fixed_pattern, without_small  # scipy

        made = list(zip(found, rounds, pairs, strict=True))
        pattern = fixed_pattern(folder, made, coded, scheme, suppress_below)
        found = [without_small(*each, pattern, lines) for each in made]
    return tuple(found)


def _tables(
    round_: CodedRespondents, pairs: Sequence[tuple[Sorted, Sorted]], audited: bool, seed: int, draws: int
) -> RoundTables:
    crosstabs = [_crosstab(rows, by, round_, audited, (seed, draws)) for rows, by in pairs]
    crosstabs, verdicts = _in_families(crosstabs)
    return RoundTables(
        round_.round,
        round_.n,
        tuple(_distributions(round_)),
        tuple(crosstabs),
        tuple(verdicts),
        audited,
        tuple(_remarks(round_)),
    )


def _remarks(round_: CodedRespondents) -> Iterator[Remark]:
    """Say what is missing from a round."""
    if not round_.described:
        yield Remark("no_closed_questions")
    for asked in round_.crosstabs or ():
        if not all(_found(round_, asked)):
            yield Remark("not_crossed", {"rows": asked.rows, "by": asked.by})


def _default(round_: CodedRespondents) -> Iterator[tuple[Sorted, Sorted]]:
    """Name the cross-tables that make sense in any round."""
    closed = round_.closed
    single = [
        closed[names[0]]
        for question, names in round_.questions.items()
        if names == (question,) and closed[question].variable.ordered
    ]
    statements = [
        closed[name] for question, names in round_.questions.items() if names != (question,) for name in names
    ]
    yield from ((rows, by) for rows in single for by in statements)
    yield from (
        (rows, by)
        for rows in round_.causes.values()
        for by in (*single, *statements, *round_.background.values())
    )


def _asked(round_: CodedRespondents) -> Iterator[tuple[Sorted, Sorted]]:
    """Find what the description asks for.

    Raises
    ------
    InputError
        Something that is not there, or that cannot stand at the head of columns.
    """
    known = {"rows": (*round_.questions, *round_.causes), "by": (*round_.questions, *round_.background)}
    for asked in round_.crosstabs or ():
        rows, by = _found(round_, asked)
        for option, found, name in (("rows", rows, asked.rows), ("by", by, asked.by)):
            if not found and (name not in round_.known or (option == "by" and name in round_.causes)):
                raise InputError(
                    f"crosstabs: {option} is {name!r}, round {round_.round} has: {', '.join(known[option])}"
                    + ("; causes and questions of several choices can be rows only" if option == "by" else "")
                )
        yield from ((row, head) for row in rows for head in by if row is not head)


def _found(round_: CodedRespondents, asked: CrosstabAsked) -> tuple[list[Sorted], list[Sorted]]:
    """Find what is asked for; nothing where nobody answered, or where there are too many groups."""
    heads = {name: one for name, one in round_.closed.items() if one.chosen is None} | dict(round_.background)
    rows = {**round_.closed, **round_.causes}
    return (
        [rows[name] for name in round_.questions.get(asked.rows, (asked.rows,)) if name in rows],
        [heads[name] for name in round_.questions.get(asked.by, (asked.by,)) if name in heads],
    )


def _distributions(round_: CodedRespondents) -> Iterator[Distribution]:
    for group in (None, *round_.background.values()):
        for question, names in round_.questions.items():
            yield from (_distribution(question, round_.closed[name], group, round_) for name in names)


def _distribution(question: str, one: Sorted, group: Sorted | None, round_: CodedRespondents) -> Distribution:
    members: list[tuple[str, Mask]] = [("", np.ones(len(one.code), bool))]
    if group is not None:
        options = group.variable.options
        members = [(option.id, group.code == place) for place, option in enumerate(options)]
    return Distribution(
        round_.labels[question],
        one.variable,
        one.where,
        "" if group is None else group.variable.name,
        tuple(_group(name, one, member) for name, member in members),
        tuple(round_.conditions[text] for text in one.where),
    )


def _group(name: str, one: Sorted, member: Mask) -> Group:
    asked = member if one.meets is None else member & one.meets
    answered = asked & (one.code >= 0)
    if one.chosen is None:
        counts = np.bincount(one.code[answered], minlength=len(one.variable.options))
    else:
        counts = one.chosen[answered].sum(axis=0)
    return Group(
        name,
        tuple(counts.tolist()),
        int(answered.sum()),
        int((asked & ~answered).sum()),
        int((member & ~asked).sum()),
    )


def _crosstab(
    rows: Sorted, by: Sorted, round_: CodedRespondents, audited: bool, drawn: tuple[int, int]
) -> Crosstab:
    """Cross two variables among those who meet the conditions of both."""
    meets = np.ones(len(rows.code), bool)
    for one in (rows, by):
        meets &= True if one.meets is None else one.meets
    row_code, by_code = (np.where(meets, one.code, -1) for one in (rows, by))
    c = len(by.variable.options)
    name = f"{rows.variable.name}-by-{by.variable.name}"
    where = tuple(dict.fromkeys((*rows.where, *by.where)))
    ordered = by.variable.ordered and (rows.variable.ordered or rows.chosen is not None)
    measure: Measure = "tau_b" if ordered else "cramers_v"
    seeds = [drawn[0], crc32(name.encode())]
    if rows.chosen is None:
        counts = cross(row_code, by_code, len(rows.variable.options), c)
        base, totals = counts.sum(axis=0), counts.sum(axis=1)
        associations = [associate(counts, measure, seeds, drawn[1])]
        found = None
    else:
        counts, base = cross_chosen(rows.chosen, row_code >= 0, by_code, c)
        totals = counts.sum(axis=1)
        # no before yes, so that tau-b is above zero where the cause is more common towards the scale's end
        each = (np.array([base - yes, yes]) for yes in counts)
        associations = [associate(one, measure, [*seeds, i], drawn[1]) for i, one in enumerate(each)]
        associations = _with_holm(associations)
        ids = [option.id for option in rows.variable.options]
        found = verdict(name, dict(zip(ids, associations, strict=True)))
    machine = rows.variable.kind == "cause" and not audited
    n = int(base.sum())
    remarks = [round_.conditions[text] for text in where] + [Remark("machine_codes")] * machine
    remarks += [] if n else [Remark("no_answers")]
    return Crosstab(
        name,
        rows.variable,
        by.variable,
        where,
        tuple(map(tuple, counts.tolist())),
        tuple(base.tolist()),
        tuple(totals.tolist()),
        n,
        int(meets.sum()) - n,
        int((~meets).sum()),
        tuple(associations),
        found,
        machine,
        tuple(remarks),
    )


def _with_holm(found: Sequence[Association]) -> list[Association]:
    """Adjust the p of a family for their number."""
    tested = [i for i, one in enumerate(found) if one.p is not None]
    adjusted = holm(np.array([found[i].p for i in tested], float))
    p_holm = dict(zip(tested, adjusted.tolist(), strict=True))
    return [replace(one, p_holm=p_holm.get(i)) for i, one in enumerate(found)]


def _in_families(crosstabs: Sequence[Crosstab]) -> tuple[list[Crosstab], list[Verdict]]:
    """Adjust and sort the associations of tables with the same rows and measure, and one association each."""
    done = list(crosstabs)
    families: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(crosstabs):
        if one.verdict is None:
            families.setdefault((one.rows.name, one.associations[0].measure), []).append(place)
    verdicts = []
    for (rows, _), places in families.items():
        adjusted = _with_holm([crosstabs[place].associations[0] for place in places])
        for place, association in zip(places, adjusted, strict=True):
            done[place] = replace(done[place], associations=(association,))
        verdicts.append(verdict(rows, {done[place].name: done[place].associations[0] for place in places}))
    return done, verdicts
