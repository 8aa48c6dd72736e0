"""Rounds counted across versions of a scheme: what each category of one is in the other, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from samorsak.errors import SchemeError
from samorsak.scheme.model import NO_CAUSE, Scheme

Place = tuple[str, str]
"""A question's id and a category's."""

Status = Literal["same", "renamed", "moved", "merged", "split", "regrouped", "widened", "new", "gone"]


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted as one thing in both versions.

    Attributes
    ----------
    question, category : str
        What it is called: the new id after a merge, a rename or a move; after a split the parent's; the old
        ids with ``+`` between where splits and merges cross.
    status : Status
        `new` has no earlier figure and `gone` no later one; `widened` holds a category that is new since, so
        that earlier figures lack it.
    old, new : tuple of Place
        Its categories in either version.
    """

    question: str
    category: str
    status: Status
    old: tuple[Place, ...]
    new: tuple[Place, ...]

    @property
    def comparable(self) -> bool:
        """Say whether figures of the two versions mean the same."""
        return self.status not in ("new", "gone", "widened")


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Every category of two versions in exactly one unit, in the new one's order; those gone stand last."""

    units: tuple[Unit, ...]

    def of_old(self, question: str, category: str) -> Unit:
        """Give the unit under which a category of the old version is counted.

        Raises
        ------
        SchemeError
            The old version has no such category.
        """
        return self._of("old", question, category)

    def of_new(self, question: str, category: str) -> Unit:
        """Give the unit under which a category of the new version is counted; as `of_old`."""
        return self._of("new", question, category)

    def _of(self, version: Literal["old", "new"], question: str, category: str) -> Unit:
        for unit in self.units:
            if (question, category) in (unit.old if version == "old" else unit.new):
                return unit
        raise SchemeError(f"category is {category!r}, the {version} version of {question!r} has none such")


def crosswalk(old: Scheme, new: Scheme) -> Crosswalk:
    """Map the categories of a scheme's version and a later one for counting.

    Merge, rename and move map both ways. After a split an old round is counted at the parent, and so is a new
    one beside it. A new category has no earlier figure. `other` and `no_cause` are counted as themselves;
    before a category was new, what it holds was counted under `other` or elsewhere. An id that stands in both
    and in no step is the same category, also where its definition was changed.

    Raises
    ------
    SchemeError
        `old` is no earlier version of `new`.

    Examples
    --------
    >>> def scheme(version, ids, steps):
    ...     categories = {"lost": {"categories": {c: {} for c in ids}}}
    ...     return Scheme.model_validate({"version": version, "questions": categories, "crosswalk": steps})
    >>> step = {"step": "split", "question": "lost", "from": ["wet"], "to": ["rain", "snow"]}
    >>> found = crosswalk(
    ...     scheme(1, ["wet"], []), scheme(2, ["rain", "snow"], [{**step, "before": 1, "after": 2}])
    ... )
    >>> found.of_new("lost", "rain").category, found.of_new("lost", "rain").status
    ('wet', 'split')
    """
    if not descends(new, old):
        raise SchemeError(
            f"the new scheme (version {new.version}) is no later version of the old (version {old.version}); "
            "give an earlier version, then one made of it"
        )
    roots = _replayed(old, new, len(old.crosswalk))
    units = [_unit(group, roots, old) for group in _groups(roots, _places(new))]
    reached = {place for unit in units for place in unit.old}
    gone = [Unit(q, c, "gone", ((q, c),), ()) for q, c in _places(old) if (q, c) not in reached]
    names = [(unit.question, unit.category) for unit in (*units, *gone)]
    for question, category in names:
        if names.count((question, category)) > 1:
            raise SchemeError(
                f"category {category!r} of {question!r} means two things in the versions' crosswalk; "
                "give the later one an id of its own"
            )
    return Crosswalk((*units, *gone))


def descends(new: Scheme, old: Scheme) -> bool:
    """Say whether a scheme can be a later version of another: its crosswalk goes on where that one's ends."""
    return old.version <= new.version and new.crosswalk[: len(old.crosswalk)] == old.crosswalk


def successors(scheme: Scheme, question: str, category: str) -> tuple[Place, ...]:
    """Give what a category of this or any earlier version is now.

    Ids decide, as an id that is gone does not come back: one that the question has is itself, any other is
    followed through all steps of the crosswalk.

    Returns
    -------
    tuple of Place
        One for a category that was merged, renamed or moved, several for one that was split, none for an id
        that no version has had, or that went without a step.

    Examples
    --------
    >>> step = {"step": "rename", "question": "lost", "from": ["wet"], "to": ["rain"]}
    >>> scheme = Scheme.model_validate(
    ...     {
    ...         "version": 2,
    ...         "questions": {"lost": {"categories": {"rain": {}}}},
    ...         "crosswalk": [{**step, "before": 1, "after": 2}],
    ...     }
    ... )
    >>> successors(scheme, "lost", "wet"), successors(scheme, "lost", "snow")
    ((('lost', 'rain'),), ())
    """
    known = set(_places(scheme))
    found = [(question, category)]
    if found[0] in known:
        return tuple(found)
    for step in scheme.crosswalk:
        targets = [(step.to_question or step.question, target) for target in step.targets]
        hit = [place for place in found if place[0] == step.question and place[1] in step.sources]
        if hit:
            found = list(dict.fromkeys([*(place for place in found if place not in hit), *targets]))
    return tuple(found) if known.issuperset(found) else ()


def _places(scheme: Scheme) -> list[Place]:
    return [(q, c) for q in scheme.questions for c in dict.fromkeys([*scheme.outcomes(q), NO_CAUSE])]


_Roots = dict[Place, frozenset[Place]]
_BORN = "\n"
"""Marks, in place of a question's id, a root that the old version does not have."""


def _replayed(old: Scheme, new: Scheme, known: int) -> _Roots:
    """Follow the steps since the old version: of which of its categories each new one is made."""
    roots: _Roots = {place: frozenset([place]) for place in _places(old)}
    for step in new.crosswalk[known:]:
        question = step.to_question or step.question
        sources = [roots.pop((step.question, c), frozenset()) for c in step.sources]
        whole: frozenset[Place] = frozenset().union(*sources)
        for target in step.targets:
            roots[question, target] = whole or frozenset([(_BORN, f"{question}\n{target}")])
    return {place: roots.get(place, frozenset([(_BORN, "\n".join(place))])) for place in _places(new)}


def _groups(roots: _Roots, places: Sequence[Place]) -> list[list[Place]]:
    """Put together what shares a root of the old version, in the order of places."""
    groups: list[list[Place]] = []
    for place in places:
        own = {root for root in roots[place] if root[0] != _BORN}
        akin = [group for group in groups if any(own & roots[other] for other in group)]
        joined = sorted([place, *(other for group in akin for other in group)], key=places.index)
        groups = [*(group for group in groups if group not in akin), joined]
    return sorted(groups, key=lambda group: places.index(group[0]))


def _unit(group: list[Place], roots: _Roots, old: Scheme) -> Unit:
    reached = frozenset[Place]().union(*(roots[place] for place in group))
    before = tuple(place for place in _places(old) if place in reached)
    after = tuple(group)
    if not before:
        question, category = after[0]
        return Unit(question, category, "new", (), after)
    if len(after) == 1:
        question, category = after[0]
    else:
        question, category = before[0][0], "+".join(c for _, c in before)
    born = any(question == _BORN for question, _ in reached)
    return Unit(question, category, _status(before, after, born), before, after)


def _status(before: tuple[Place, ...], after: tuple[Place, ...], born: bool) -> Status:
    if born:
        return "widened"
    match len(before) > 1, len(after) > 1:
        case True, True:
            return "regrouped"
        case True, False:
            return "merged"
        case False, True:
            return "split"
    if before == after:
        return "same"
    return "renamed" if before[0][0] == after[0][0] else "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which two versions differ.

    `what` is a unit's status, or ``label``, ``definition`` (with what it excludes), ``report`` (the lines
    counted under) or ``border``; `old` and `new` are places, labels or rules, as `what` has it.
    """

    what: Status | Literal["label", "definition", "report", "border"]
    question: str | None
    category: str | None
    old: tuple[Place, ...] | str | None = None
    new: tuple[Place, ...] | str | None = None


def differences(old: Scheme, new: Scheme) -> list[Difference]:
    """List what differs between a scheme's version and a later one.

    Raises
    ------
    SchemeError
        As for `crosswalk`.
    """
    found: list[Difference] = []
    for unit in crosswalk(old, new).units:
        if unit.status != "same":
            found.append(Difference(unit.status, unit.question, unit.category, unit.old, unit.new))
        kept = [place for place in unit.new if place in unit.old]
        found += [d for place in kept or unit.new[:1] for d in _reworded(unit, place, old, new)]
    found += [Difference("border", None, None, rule, None) for rule in old.borders if rule not in new.borders]
    found += [Difference("border", None, None, None, rule) for rule in new.borders if rule not in old.borders]
    return found


def _reworded(unit: Unit, place: Place, old: Scheme, new: Scheme) -> Iterator[Difference]:
    """Compare the words of a category with those it had: under its own id, else under the only one before."""
    source = place if place in unit.old else unit.old[0] if len(unit.old) == len(unit.new) == 1 else None
    if source is None:
        return
    (q, c), (old_q, old_c) = place, source
    was, now = (s.questions[n].categories.get(i) for s, n, i in ((old, old_q, old_c), (new, q, c)))
    if was is None or now is None:  # a residual
        return
    if any(was.name("", lang) != now.name("", lang) for lang in ("sv", "en")):
        yield Difference("label", q, c, was.name(old_c), now.name(c))
    if (was.definition, was.excludes) != (now.definition, now.excludes):
        yield Difference("definition", q, c, was.definition, now.definition)
    if was.report != now.report:
        yield Difference("report", q, c)
