"""What answers coded by two versions of a scheme are counted in, so that both are counted alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from samorsak.errors import SchemeError
from samorsak.ranking.blocks import SCHEME_LINES, Columns
from samorsak.scheme import NO_CAUSE, OTHER, Place, Scheme, Status, Unit, crosswalk, differences

_UNLIKE = ("new", "gone", "moved", "widened")


@dataclass(frozen=True, slots=True)
class Crossed:
    """A line on which two versions of a scheme are counted that is not the same category in both.

    Attributes
    ----------
    category, label : str
        Of the line.
    status : Status, "reworded" or "residual"
        As `samorsak.scheme.Unit` has it, `moved` also where only a part of the line moved between questions;
        `reworded` where the same category has another definition; `residual` for `other` where one version
        has a category that the other lacks, as `other` is what no category covers.
    parts : tuple of str
        Labels of what was merged, of the parts of what was split, the earlier name, or the other question.
    """

    category: str
    label: str
    status: Status | Literal["reworded", "residual"]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Common:
    """The common lines of two versions of a scheme, for a question.

    Attributes
    ----------
    older, newer : Columns
        What answers coded by either version are counted in; a line that only one version has is in its
        columns alone.
    apart : frozenset of str
        Lines of both that do not mean the same, so that their shares cannot be compared.
    crossed : tuple of Crossed
    """

    older: Columns
    newer: Columns
    apart: frozenset[str]
    crossed: tuple[Crossed, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    id: str
    label: str
    status: Status
    old: tuple[str, ...]
    new: tuple[str, ...]
    comparable: bool
    parts: tuple[str, ...]


def common_columns(older: Scheme, newer: Scheme, question: str, lang: str = "sv") -> Common:
    """Count both versions of a scheme on common lines: a crosswalk rolls categories up as a report does.

    A merged category is counted at the target in both, a split one at the parent: an answer that gives two
    of the parts counts once. What moved to another question is compared in neither: the answers to one
    question are no base for shares of the answers to another. Nor is `other` compared where one version has
    a category that the other lacks.

    Parameters
    ----------
    older, newer : Scheme
        An earlier version, and one made of it.
    question : str
        One that both have.
    lang : {"sv", "en"}

    Raises
    ------
    SchemeError
        As `samorsak.scheme.crosswalk`; or an id stands for two things.

    Examples
    --------
    >>> from samorsak.scheme import Merge, next_version
    >>> old = Scheme.model_validate({"questions": {"lost": {"categories": {"rain": {}, "snow": {}}}}})
    >>> merge = Merge.model_validate({"question": "lost", "from": ["rain", "snow"], "to": "rain"})
    >>> found = common_columns(old, next_version(old, {1: merge}), "lost")
    >>> found.older.count(np.array([[True, True], [False, False]])).tolist()
    [[True], [False]]
    """
    lines = [
        line for unit in crosswalk(older, newer).units if (line := _line(unit, question, older, newer, lang))
    ]
    ids = [line.id for line in lines]
    for id_ in ids:
        if ids.count(id_) > 1:
            raise SchemeError(
                f"category {id_!r} of {question!r} means two things in the versions' crosswalk; "
                "give the later one an id of its own"
            )
    if any(line.status in _UNLIKE for line in lines):
        lines = [replace(line, comparable=False) if line.id == OTHER else line for line in lines]
    return Common(
        _columns(older.outcomes(question), [(line, line.old) for line in lines if line.old]),
        _columns(newer.outcomes(question), [(line, line.new) for line in lines if line.new]),
        frozenset(line.id for line in lines if line.old and line.new and not line.comparable),
        tuple(_crossed(lines, question, older, newer)),
    )


def _line(unit: Unit, question: str, older: Scheme, newer: Scheme, lang: str) -> _Line | None:
    """Take what a unit holds of a question; None where it holds nothing, or no cause."""
    old, new = _here(unit.old, question), _here(unit.new, question)
    if not (old or new) or NO_CAUSE in (*old, *new):
        return None
    was = tuple(older.label(question, c, lang) for c in old)
    now = tuple(newer.label(question, c, lang) for c in new)
    label = " + ".join(was if was and len(now) != 1 else now)
    others = tuple(dict.fromkeys(q for q, _ in (*unit.old, *unit.new) if q != question))
    if others:
        return _Line("+".join(new or old), label, "moved", old, new, False, others)
    parts: tuple[str, ...] = ()
    if unit.status in ("split", "regrouped"):
        parts = now
    elif unit.status == "merged":
        parts = was
    elif unit.status == "renamed":
        parts = was if was != now else old
    return _Line(unit.category, label, unit.status, old, new, unit.comparable, parts)


def _here(places: Sequence[Place], question: str) -> tuple[str, ...]:
    return tuple(category for own, category in places if own == question)


def _columns(outcomes: Sequence[str], lines: Sequence[tuple[_Line, tuple[str, ...]]]) -> Columns:
    ids, labels = tuple(line.id for line, _ in lines), tuple(line.label for line, _ in lines)
    line = np.array([[c in own for _, own in lines] for c in outcomes], bool).reshape(len(outcomes), len(ids))
    same = line.shape[0] == line.shape[1] and bool((line == np.eye(len(ids), dtype=bool)).all())
    return Columns(SCHEME_LINES, ids, labels, None if same else line)


def _crossed(lines: Sequence[_Line], question: str, older: Scheme, newer: Scheme) -> Iterator[Crossed]:
    reworded = {
        d.category for d in differences(older, newer) if d.what == "definition" and d.question == question
    }
    for line in lines:
        if line.status != "same":
            yield Crossed(line.id, line.label, line.status, line.parts)
        elif not line.comparable:
            yield Crossed(line.id, line.label, "residual")
        if line.status in ("same", "renamed") and line.new[0] in reworded:
            yield Crossed(line.id, line.label, "reworded")
