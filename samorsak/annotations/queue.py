"""What a person is asked to look at: answers with what a machine suggests of them, and why they are shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from samorsak.errors import AnnotationError, collected
from samorsak.text import json_object

APART = 20
"""Rows that lie between two readings of an answer, at least."""


_EDGES = " \t\n,;:–-"


class Suggestion(BaseModel):
    """A stretch that the machine takes for a statement: ``text[start:end]``, in code points.

    `next_category` is what it would have said otherwise, empty where there was nothing.
    """

    model_config = ConfigDict(frozen=True)

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    category: str
    probability: float = Field(ge=0, le=1)
    next_category: str = ""
    next_probability: float = Field(default=0.0, ge=0, le=1)


class Reason(BaseModel):
    """Why a row is shown: the reason's name, how strongly it speaks (0 to 1), and about which statement.

    `statement` counts from 1 in the row's suggestions. `start` and `end` are those of a stretch without a
    suggestion, in which the machine saw no cause. With neither it is about the whole answer.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    strength: float = Field(ge=0, le=1)
    statement: int | None = None
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=0)
    says: str = ""


class QueueRow(BaseModel):
    """An answer to be looked at.

    Attributes
    ----------
    answer_id, round, question, text
        As in the round that was read; personal data masked.
    background : dict of str to str
    statements : tuple of Suggestion
        In reading order; empty where nothing is suggested, as in an audit.
    reasons : tuple of Reason
        The strongest first.
    audit : str
        The draw and the row's place in it, where the row is of an audit: it is decided blind.
    repeat : bool
        The annotator has decided it before, and is not told.
    expected : float or None
        Errors that a look at it is expected to find.
    """

    model_config = ConfigDict(frozen=True)

    answer_id: str
    round: str = ""
    question: str
    text: str
    background: dict[str, str] = Field(default_factory=dict)
    statements: tuple[Suggestion, ...] = ()
    reasons: tuple[Reason, ...] = ()
    audit: str = ""
    repeat: bool = False
    expected: float | None = None


def set_apart(suggestions: Sequence[Suggestion], text: str) -> list[Suggestion | None]:
    """Move borders so that no two suggestions share a word, as marked stretches may not.

    A machine may take one stretch out of another for two categories. The one that begins first ends where the
    next begins; of two that begin together, the longer begins where the shorter ends.

    Parameters
    ----------
    suggestions : sequence of Suggestion, length m
    text : str
        The answer.

    Returns
    -------
    list of Suggestion or None, length m
        In the order given. None where nothing is left: of two with the same words, the likelier stays.

    Examples
    --------
    >>> both = [Suggestion(start=0, end=9, category=c, probability=p) for c, p in (("a", 0.5), ("b", 0.9))]
    >>> inside = Suggestion(start=5, end=9, category="c", probability=0.4)
    >>> [found and (found.start, found.end) for found in set_apart([*both, inside], "Regn, snö")]
    [None, (0, 4), (5, 9)]
    """
    kept: list[Suggestion | None] = [None] * len(suggestions)
    last = -1
    order = sorted(range(len(suggestions)), key=lambda i: (suggestions[i].start, suggestions[i].end))
    for i in order:
        found = suggestions[i]
        before = kept[last] if last >= 0 else None
        if before is not None and found.start < before.end:
            if (found.start, found.end) == (before.start, before.end):
                if found.probability <= before.probability:
                    continue
                kept[last] = None
            elif found.start > before.start and text[before.start : found.start].strip(_EDGES):
                kept[last] = _between(before, before.start, found.start, text)
            elif text[before.end : found.end].strip(_EDGES):
                found = _between(found, before.end, found.end, text)
            else:
                continue
        kept[i] = found
        last = i
    return kept


def _between(suggestion: Suggestion, start: int, end: int, text: str) -> Suggestion:
    """Narrow a suggestion to what is between two places, without spaces and commas at its ends."""
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip(_EDGES))
    end -= len(inside) - len(inside.rstrip(_EDGES))
    return suggestion.model_copy(update={"start": start, "end": end})


def read_queue(path: Path) -> tuple[QueueRow, ...]:
    """Read a queue, or the drawn sample of an audit; both are JSON Lines.

    Raises
    ------
    AnnotationError
        No such file, or rows that are not of a queue; says where.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError:
        raise AnnotationError(f"{path}: no such file, or not readable; expected a queue") from None
    except UnicodeDecodeError:
        raise AnnotationError(f"{path}: not utf-8, expected a queue as it was written") from None
    rows, problems = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = QueueRow.model_validate(json_object(line))
        except ValidationError as error:
            fault = error.errors()[0]
            where = " ".join(str(part) for part in fault["loc"])
            problems.append(f"{path} line {number}: {where} is not as expected of a queue; write it again")
        except (ValueError, RecursionError):
            problems.append(f"{path} line {number}: no JSON object, expected a row of a queue")
        else:
            stray = [s for s in row.statements if not 0 <= s.start < s.end <= len(row.text)]
            if stray:
                problems.append(f"{path} line {number}: a statement lies outside of the text; write it again")
            rows.append(row)
    if problems:
        raise AnnotationError(collected(problems, "faults in the queue"))
    return tuple(rows)


def write_queue(path: Path, rows: Iterable[QueueRow]) -> None:
    """Write a queue as JSON Lines.

    Raises
    ------
    AnnotationError
        The file cannot be written.
    """
    lines = [json.dumps(row.model_dump(exclude_defaults=True), ensure_ascii=False) + "\n" for row in rows]
    try:
        path.write_text("".join(lines), encoding="utf-8", newline="\n")
    except OSError as error:
        raise AnnotationError(f"{path}: cannot be written ({error.strerror}); choose another place") from None


def with_repeats(
    rows: Sequence[QueueRow], decided: Sequence[QueueRow], share: float = 0.05, seed: int = 0
) -> tuple[QueueRow, ...]:
    """Mix rows that the annotator has decided before into a queue, to measure her against herself.

    Parameters
    ----------
    rows : sequence of QueueRow
        What is to be decided. Where a row of it is of an audit, nothing is mixed in.
    decided : sequence of QueueRow
        What the annotator has decided, the latest last; each answer is repeated once at most.
    share : float
        Repeats for each row of the queue.
    seed : int

    Returns
    -------
    tuple of QueueRow
        The rows in their order, with repeats between them, marked, that stand at least `APART` rows after
        the first reading. Fewer than asked for where fewer can be repeated.

    Examples
    --------
    >>> rows = [QueueRow(answer_id=str(i), question="q", text="x") for i in range(60)]
    >>> found = with_repeats(rows[40:], rows[:40])
    >>> len(found), sum(row.repeat for row in found)
    (21, 1)
    """
    if any(row.audit for row in rows):
        return tuple(rows)
    done = {_key(row) for row in (*rows, *(row for row in decided if row.repeat))}
    latest = {_key(row): (age, row) for age, row in zip(range(len(decided), 0, -1), decided, strict=True)}
    free = [(age, row) for key, (age, row) in latest.items() if key not in done and not row.audit]
    free = [(age, row) for age, row in free if age + len(rows) > APART]
    random = Random(seed)
    chosen = random.sample(free, min(round(share * len(rows)), len(free)))
    after: dict[int, list[QueueRow]] = {}
    for age, row in chosen:
        place = random.randint(max(0, APART + 1 - age), len(rows))
        after.setdefault(place, []).append(row.model_copy(update={"repeat": True}))
    mixed = [[*after.get(place, ()), row] for place, row in enumerate(rows)]
    return tuple(row for own in (*mixed, after.get(len(rows), ())) for row in own)


def _key(row: QueueRow) -> tuple[str, str, str]:
    return row.round, row.question, row.answer_id
