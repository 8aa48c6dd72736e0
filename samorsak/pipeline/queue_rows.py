"""The rows of a queue: an answer with what was suggested of it, and the reasons that speak of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from samorsak.annotations import QueueRow, Reason, Suggestion
from samorsak.coded import StatementRow
from samorsak.pipeline.doubting import Coding, Doubt

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
        reasons = [r for doubt in doubts for r in _reasons(doubt, i, own)]
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
            statements=tuple(_suggested(coding.rows[at]) for at in own),
            reasons=tuple(told[:MOST]),
            expected=round(expected, 6),
        )

    return row


def _reasons(doubt: Doubt, i: int, places: Sequence[int]) -> Iterator[Reason]:
    """Give a reason for an answer, or for the statement of the answer for which it speaks most."""
    if not doubt.of_statements:
        yield _reason(doubt, i, None)
    elif places:
        number = max(range(len(places)), key=lambda n: doubt.strength[places[n]])
        yield _reason(doubt, places[number], number + 1)


def _reason(doubt: Doubt, at: int, statement: int | None) -> Reason:
    strength = round(float(doubt.strength[at]), 6)
    return Reason(name=doubt.name, strength=strength, statement=statement, says=doubt.says[at])


def _suggested(row: StatementRow) -> Suggestion:
    return Suggestion(
        start=row.start,
        end=row.end,
        category=row.category,
        probability=row.probability,
        next_category=row.next_category,
        next_probability=row.next_probability,
    )
