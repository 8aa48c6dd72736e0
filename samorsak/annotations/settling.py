"""Which of several decisions about an answer holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

from samorsak.annotations.logged import LeftOut, Recorded
from samorsak.annotations.model import Annotation, categories_of

Key = tuple[str, str, str]
"""Round, question and id of an answer, as they were written."""


@dataclass(frozen=True, slots=True)
class Disputed:
    """An answer that annotators decided differently, where nobody has settled which holds.

    `annotators` are in the order of their names; the name of the file where a row does not say who.
    """

    round: str
    question: str
    answer_id: str
    annotators: tuple[str, ...]


def supersedes(later: Recorded, earlier: Recorded) -> bool:
    """Say whether a line of an annotator takes the place of one that was read before it.

    In one file the order of lines says which came last, between files the time. A line without a decision
    never takes a decision's place.
    """
    new, old = later.annotation, earlier.annotation
    if new.decided != old.decided:
        return new.decided
    return new.source == old.source or made_at(new) >= made_at(old)


def made_at(annotation: Annotation) -> datetime:
    """Give the time of a decision, the earliest there is where a row made by hand does not say."""
    return annotation.made_at or datetime.min.replace(tzinfo=UTC)


def settled(
    by_hand: Mapping[Key, Annotation], logged: Iterable[tuple[Key, Recorded]], undone: AbstractSet[str]
) -> tuple[tuple[Recorded, ...], tuple[Disputed, ...]]:
    """Find what holds, and what is disputed.

    Parameters
    ----------
    by_hand : mapping of Key to Annotation
    logged : iterable of Key and Recorded
        In the order of files and lines.
    undone : set of str
        Ids of lines that were taken back.
    """
    current: dict[Key, dict[str, Recorded]] = {}
    seen: set[str] = set()
    for key, found in logged:
        flags = found.annotation.flags
        if found.id in seen or found.id in undone or "repeat" in flags or not found.annotation.decided:
            continue
        seen.add(found.id)
        own = current.setdefault(key, {})
        earlier = own.get(name := found.annotation.annotator)
        if earlier is None or supersedes(found, earlier):
            own[name] = found
    held: list[Recorded] = []
    disputed: list[Disputed] = []
    for key in dict.fromkeys([*by_hand, *current]):
        several = [own for own in current.get(key, {}).values() if not isinstance(own, LeftOut)]
        if (row := by_hand.get(key)) is not None and (row.decided or not several):
            several.insert(0, Recorded("", row))
        if not several:
            continue
        if (chosen := _chosen(several)) is not None:
            held.append(chosen)
        else:
            names = sorted({found.annotation.annotator or found.annotation.source for found in several})
            disputed.append(Disputed(key[0], key[1], key[2], tuple(names)))
    return tuple(held), tuple(disputed)


def _chosen(several: Sequence[Recorded]) -> Recorded | None:
    """Give the decision that holds, None where they differ and nobody has settled it."""
    if len(several) == 1:
        return several[0]
    last = [found for found in several if "settled" in found.annotation.flags]
    if last:
        return max(last, key=lambda found: made_at(found.annotation))
    if len({(found.annotation.text, categories_of(found.annotation)) for found in several}) > 1:
        return None
    return next((found for found in several if found.annotation.statements is not None), several[0])
