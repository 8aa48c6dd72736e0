"""The rows of a queue: an answer with what was suggested of it, and the reasons that speak of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from samorsak.annotations import QueueRow, Reason, Suggestion, set_apart
from samorsak.coded import StatementRow
from samorsak.pipeline.doubting import Coding, Doubt
from samorsak.scheme import NO_CAUSE

TOLD = 0.5
"""A reason is told from this strength on; the strongest always."""

MOST = 6
"""So many reasons are told at most."""


def row_maker(
    coding: Coding, doubts: Sequence[Doubt]
) -> Callable[[int, float, Collection[str] | None], QueueRow]:
    """Give what makes a row: of an answer's place, its expected errors, and the decision it contradicts.

    That is what a person decided of the same text elsewhere; None where nothing was, or the same.
    """
    places: dict[int, list[int]] = {}
    for at, i in enumerate(coding.owner.tolist()):
        places.setdefault(i, []).append(at)

    def row(i: int, expected: float, elsewhere: Collection[str] | None) -> QueueRow:
        answer, own = coding.answers[i], places.get(i, [])
        causes = [at for at in own if coding.rows[at].category != NO_CAUSE]
        apart = set_apart([suggestion_of(coding.rows[at]) for at in causes], answer.text)
        shown = [at for at, suggestion in zip(causes, apart, strict=True) if suggestion]
        numbers = {at: number for number, at in enumerate(shown, 1)}
        reasons = [r for doubt in doubts for r in _reasons(doubt, i, own, coding, numbers)]
        if elsewhere is not None:
            says = f"the same text was decided: {', '.join(sorted(elsewhere))}"
            reasons.insert(0, Reason(name="twins_differ", strength=1.0, says=says))
        reasons.sort(key=lambda reason: -reason.strength)
        told = [r for at, r in enumerate(reasons) if r.strength >= TOLD or (at == 0 and r.strength > 0)]
        return QueueRow(
            answer_id=answer.answer_id,
            round=answer.round,
            question=answer.question,
            text=answer.text,
            background=dict(answer.background),
            statements=tuple(filter(None, apart)),
            reasons=tuple(told[:MOST]),
            expected=round(expected, 6),
        )

    return row


def _reasons(
    doubt: Doubt, i: int, places: Sequence[int], coding: Coding, numbers: Mapping[int, int]
) -> Iterator[Reason]:
    """Give a reason for an answer, or for the stretch of the answer for which it speaks most."""
    if not doubt.of_statements:
        yield _reason(doubt, i)
    elif places:
        at = max(places, key=lambda place: doubt.strength[place])
        reason, row = _reason(doubt, at), coding.rows[at]
        place = {"statement": numbers[at]} if at in numbers else {"start": row.start, "end": row.end}
        yield reason.model_copy(update=place)


def _reason(doubt: Doubt, at: int) -> Reason:
    return Reason(name=doubt.name, strength=round(float(doubt.strength[at]), 6), says=doubt.says[at])


def suggestion_of(row: StatementRow) -> Suggestion:
    """Give a statement of a coded round as a suggestion."""
    return Suggestion(
        start=row.start,
        end=row.end,
        category=row.category,
        probability=row.probability,
        next_category=row.next_category,
        next_probability=row.next_probability,
    )
