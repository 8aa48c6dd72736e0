"""What a session asks about: a queue, an audit's sample, a coded round, or a round not coded yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from samorsak.annotations import QueueRow, Suggestion, read_queue, set_apart, with_repeats
from samorsak.answers import Answer
from samorsak.errors import AnnotationError, collected
from samorsak.pipeline.queue_rows import suggestion_of
from samorsak.pipeline.reading import MaskedRound, open_round
from samorsak.report.files import STATEMENTS, read_coded, read_statements
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.text import unify_breaks

QUEUE = ".jsonl"


def rows_of(source: str | Path | MaskedRound | Iterable[QueueRow]) -> tuple[QueueRow, ...]:
    """Give the rows to ask about.

    Parameters
    ----------
    source : str, Path, MaskedRound or iterable of QueueRow
        A queue or an audit's sample (``.jsonl``), the folder of a coded round, a round file or its
        description, an opened round, or rows.

    Raises
    ------
    InputError, AnnotationError
        As the readers do.
    """
    if isinstance(source, MaskedRound):
        return tuple(map(_asked, source.round.answers))
    if not isinstance(source, str | Path):
        return tuple(source)
    path = Path(source)
    if is_queue(path):
        return read_queue(path)
    return _coded_rows(path) if path.is_dir() else rows_of(open_round(path))


def is_queue(source: str | Path | MaskedRound | Iterable[QueueRow]) -> bool:
    """Say whether a source is a queue: a file of one, or its rows."""
    if isinstance(source, str | Path):
        return Path(source).suffix.lower() == QUEUE
    return not isinstance(source, MaskedRound)


def repeating(rows: Sequence[QueueRow], share: float) -> tuple[QueueRow, ...]:
    """Let some rows of the first half come back in the second, as they were; the same ones every time.

    They come from the queue itself, as only its rows have their background and suggestions: without these a
    repeat would be told from the others. The same ones, so that a notebook that is opened again goes on.

    Raises
    ------
    AnnotationError
        `share` is not from 0 to 1.

    Examples
    --------
    >>> rows = [QueueRow(answer_id=str(i), question="why", text="?") for i in range(60)]
    >>> [(place, row.answer_id) for place, row in enumerate(repeating(rows, 0.05)) if row.repeat]
    [(34, '12'), (54, '24'), (56, '27')]
    """
    if not 0 <= share <= 1:
        raise AnnotationError(f"repeats is {share:g}, expected a share from 0 to 1")
    half = len(rows) // 2
    if any(row.audit for row in rows) or not half:
        return tuple(rows)
    return (*rows[:half], *with_repeats(rows[half:], rows[:half], share * len(rows) / (len(rows) - half)))


def drawn(rows: Sequence[QueueRow], n: int, seed: int) -> tuple[QueueRow, ...]:
    """Draw rows at random, by the seed; those of a question stand together, in the order they had.

    Of a larger draw with the same seed, a smaller one is a part.

    Raises
    ------
    AnnotationError
        `n` is below 1.

    Examples
    --------
    >>> rows = [QueueRow(answer_id=str(i), question="why", text="?") for i in range(9)]
    >>> [row.answer_id for row in drawn(rows, 4, seed=1)]
    ['4', '5', '6', '7']
    """
    if n < 1:
        raise AnnotationError(f"n is {n}, expected 1 or more")
    order = list(range(len(rows)))
    Random(seed).shuffle(order)
    questions = list(dict.fromkeys(row.question for row in rows))
    kept = sorted(order[:n], key=lambda place: (questions.index(rows[place].question), place))
    return tuple(rows[place] for place in kept)


def _asked(answer: Answer) -> QueueRow:
    return QueueRow(
        answer_id=answer.answer_id,
        round=answer.round,
        question=answer.question,
        text=answer.text,
        background=dict(answer.background),
    )


def _coded_rows(folder: Path) -> tuple[QueueRow, ...]:
    coded = read_coded(folder)
    statements: dict[str, list[Suggestion]] = defaultdict(list)
    for row in read_statements(folder / STATEMENTS):
        if row.category != NO_CAUSE:
            statements[row.answer_id].append(suggestion_of(row))
    return tuple(
        QueueRow(
            answer_id=answer.answer_id,
            round=answer.round,
            question=answer.question,
            text=answer.text,
            background=dict(answer.background),
            statements=tuple(filter(None, set_apart(statements[answer.answer_id], answer.text))),
        )
        for answer in coded
    )


def checked(rows: Iterable[QueueRow], scheme: Scheme) -> tuple[QueueRow, ...]:
    r"""Check rows against the scheme, and write their line breaks as ``\n``.

    Suggestions of `no_cause` are left out: they mark nothing.

    Raises
    ------
    AnnotationError
        A question or category that the scheme has not, or suggestions that overlap; says in which rows.
    """
    whole = tuple(_unified(row) for row in rows)
    problems = []
    for number, row in enumerate(whole, 1):
        if fault := _fault(row, scheme):
            problems.append(f"row {number} of the queue: {fault}")
    if problems:
        raise AnnotationError(collected(problems, "faults in the queue"))
    return whole


def _fault(row: QueueRow, scheme: Scheme) -> str:
    if row.question not in scheme.questions:
        return f"question is {row.question!r}, the scheme has: {', '.join(scheme.questions)}; use its scheme"
    if not row.text.strip():
        return "text is empty, expected an answer; leave the row out"
    allowed = scheme.outcomes(row.question)
    last = 0
    for suggestion in row.statements:
        if suggestion.category not in allowed:
            known = ", ".join(allowed)
            return f"suggests {suggestion.category!r}, {row.question!r} has: {known}; use its scheme"
        if not last <= suggestion.start < suggestion.end <= len(row.text):
            return (
                f"suggests {suggestion.start}-{suggestion.end}, expected stretches of the text one after "
                "the other; write the queue again"
            )
        last = suggestion.end
    return ""


def _unified(row: QueueRow) -> QueueRow:
    def carried(offset: int) -> int:
        return len(unify_breaks(row.text[:offset]))

    text = unify_breaks(row.text)
    marked = sorted((s for s in row.statements if s.category != NO_CAUSE), key=lambda s: s.start)
    moved = [s.model_copy(update={"start": carried(s.start), "end": carried(s.end)}) for s in marked]
    return row.model_copy(update={"text": text, "statements": tuple(moved)})
