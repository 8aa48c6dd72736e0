"""What the closed questions of two rounds have in common, and how the answers to them have changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from samorsak.compare import holm
from samorsak.tables import (
    ClosedChange,
    ClosedChanges,
    ClosedComparison,
    Distribution,
    Group,
    Option,
    Remark,
    RoundTables,
)
from samorsak.tables.rows import Count
from samorsak.turnover import newcombe

_LEVEL = 0.95


def compare_closed(before: RoundTables, after: RoundTables) -> ClosedComparison:
    """Compare the closed questions of two rounds, by the ids of questions, statements and levels.

    A change is a difference of shares of those who answered, with the interval of Newcombe's hybrid scores
    ("Interval estimation for the difference between independent proportions", Statistics in Medicine 17,
    1998, method 10) and Fisher's exact p, adjusted by Holm for all levels of the question. It takes those who
    answered as drawn anew in each round: where a round is all there is, the change is what was counted.

    Parameters
    ----------
    before, after : RoundTables
        As `samorsak.pipeline.closed.closed_tables` makes them.

    Returns
    -------
    ClosedComparison
        Remarks say what is not the same: ``"only"`` a question in one round, ``"kind"`` (nothing is
        compared), ``"wording"``, ``"conditions"``, ``"order"``, ``"level_only"`` and ``"level_wording"``.
    """
    old, new = _overall(before), _overall(after)
    questions = tuple(_compared(old[name], one, before, after) for name, one in new.items() if name in old)
    alone = [
        Remark("only", {"question": name, "round": of.round})
        for own, other, of in ((old, new, before), (new, old, after))
        for name in own
        if name not in other
    ]
    return ClosedComparison(before.round, after.round, questions, tuple(alone))


def _overall(tables: RoundTables) -> dict[str, Distribution]:
    return {one.variable.name: one for one in tables.distributions if not one.group_by}


def _compared(old: Distribution, new: Distribution, before: RoundTables, after: RoundTables) -> ClosedChanges:
    remarks = tuple(_differences(old, new, before, after))
    if old.variable.kind != new.variable.kind:
        return ClosedChanges(old, new, (), remarks)
    (was,), (now,) = old.groups, new.groups
    places = [{option.id: i for i, option in enumerate(one.variable.options)} for one in (old, new)]
    changes = [
        _change(option, was, places[0].get(option.id), now, i)
        for i, option in enumerate(new.variable.options)
    ]
    changes += [
        _change(option, was, i, now, None)
        for i, option in enumerate(old.variable.options)
        if option.id not in places[1]
    ]
    tested = [i for i, one in enumerate(changes) if one.p is not None]
    adjusted = holm(np.array([changes[i].p for i in tested], float)).tolist()
    for i, p_holm in zip(tested, adjusted, strict=True):
        changes[i] = replace(changes[i], p_holm=p_holm)
    return ClosedChanges(old, new, tuple(changes), remarks)


def _change(option: Option, was: Group, at: int | None, now: Group, then: int | None) -> ClosedChange:
    shares = None if at is None else was.shares[at], None if then is None else now.shares[then]
    if at is None or then is None:
        return ClosedChange(option, "after" if at is None else "before", *shares)
    found = _tested(was.counts[at], was.answered, now.counts[then], now.answered)
    return ClosedChange(option, None, *shares, *found)


def _tested(old: Count, of_old: Count, new: Count, of_new: Count) -> tuple[float | None, ...]:
    """Give the change, its interval and p; nothing where a number is withheld or nobody answered."""
    from scipy.stats import fisher_exact  # heavy

    if old is None or new is None or not of_old or not of_new:
        return ()
    low, high = newcombe(np.array([old]), of_old, np.array([new]), of_new, _LEVEL)
    p = fisher_exact([[old, of_old - old], [new, of_new - new]])[1]
    return new / of_new - old / of_old, float(low[0]), float(high[0]), float(p)


def _differences(
    old: Distribution, new: Distribution, before: RoundTables, after: RoundTables
) -> Iterator[Remark]:
    """Say what is not the same in both rounds."""
    one, other = old.variable, new.variable
    if one.kind != other.kind:
        yield Remark("kind", {"before": one.kind, "after": other.kind})
        return
    if one.wording != other.wording:
        yield Remark("wording", {"before": one.wording, "after": other.wording})
    if old.where != new.where:
        yield Remark("conditions", {"before": "; ".join(old.where), "after": "; ".join(new.where)})
    levels = [{option.id: option for option in each.options} for each in (one, other)]
    for own, counterpart, of in ((levels[0], levels[1], before), (levels[1], levels[0], after)):
        for name, option in own.items():
            if name not in counterpart:
                yield Remark("level_only", {"level": name, "label": option.label_sv, "round": of.round})
    shared = [[name for name in own if name in levels[0] and name in levels[1]] for own in levels]
    if shared[0] != shared[1] and one.ordered:
        yield Remark("order", {"before": ", ".join(shared[0]), "after": ", ".join(shared[1])})
    for name in shared[1]:
        labels = levels[0][name].label_sv, levels[1][name].label_sv
        if labels[0] != labels[1]:
            yield Remark("level_wording", {"level": name, "before": labels[0], "after": labels[1]})
