"""One row against its text and the scheme, and the annotation it makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from samorsak.annotations.model import Annotation, Marked
from samorsak.annotations.rows import AnnotationRow, MarkRow, RowError
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.text import unify_breaks

HALF_PAIR = re.compile("[\ud800-\udfff]")
_LONGEST_ID = 60
"""Anything longer stands in the wrong place; it may be the text of an answer and is not shown."""


def annotation_of(row: AnnotationRow, source: str, scheme: Scheme, undecided_ok: bool) -> Annotation:
    """Make an annotation of a row.

    Parameters
    ----------
    row : AnnotationRow
    source : str
        Name of the file it stands in, without its suffix.
    scheme : Scheme
    undecided_ok : bool
        Accept a row with neither statements nor categories.

    Raises
    ------
    RowError
        Statements that do not fit the text, or a question or category that is not in the scheme.
    """
    question = _question_of(row, scheme)
    text = HALF_PAIR.sub("\ufffd", row.text)  # half an emoji, cut off by some program
    faults = [
        *_text_faults(row, undecided_ok),
        *_stretch_faults(row.statements or [], text),
        *_category_faults(row, question, scheme),
    ]
    if faults:
        raise RowError(faults)
    marked = row.statements is not None
    return Annotation(
        answer_id=row.answer_id,
        round=row.round or "",
        question=question,
        text=unify_breaks(text),
        statements=_carried(row.statements or [], text) if marked else None,
        categories=None if marked or row.categories is None else _causes(row.categories),
        source=source,
        annotator=row.annotator or "",
        made_at=row.made_at,
        origin=row.origin or "blind",
        note=row.note or "",
        audit=row.audit or "",
        scheme=row.scheme or "",
        flags=tuple(dict.fromkeys(row.flags or ())),
    )


def _causes(categories: Iterable[str]) -> tuple[str, ...]:
    return tuple(category for category in dict.fromkeys(categories) if category != NO_CAUSE)


def _carried(marks: Iterable[MarkRow], text: str) -> tuple[Marked, ...]:
    def carried(offset: int) -> int:
        return len(unify_breaks(text[:offset]))

    ordered = sorted(marks, key=lambda mark: mark.start)
    return tuple(Marked(carried(mark.start), carried(mark.end), mark.category) for mark in ordered)


def _question_of(row: AnnotationRow, scheme: Scheme) -> str:
    if row.question is None and len(scheme.questions) == 1:
        return next(iter(scheme.questions))
    known = ", ".join(scheme.questions)
    if row.question is None:
        raise RowError([f"question is missing, expected one of: {known}"])
    if row.question not in scheme.questions:
        raise RowError([f"question is {_shown(row.question)}, expected one of: {known}"])
    return row.question


def _shown(found: str) -> str:
    return repr(found) if len(found) <= _LONGEST_ID else f"text of {len(found)} characters"


def _text_faults(row: AnnotationRow, undecided_ok: bool) -> Iterator[str]:
    if row.statements is None and row.categories is None and not undecided_ok:
        yield "undecided, expected statements or categories; decide it, or take the row out"
    if "\0" in row.text:
        yield "text holds a NUL character, expected none; export the file again"


def _stretch_faults(marks: Sequence[MarkRow], text: str) -> Iterator[str]:
    stretches = sorted((mark.start, mark.end, number) for number, mark in enumerate(marks, 1))
    for start, end, number in stretches:
        if start >= end:
            yield f"statement {number} is {start}-{end}, expected its start before its end; mark it again"
        elif end > len(text):
            yield (
                f"statement {number} is {start}-{end}, expected it inside the {len(text)} characters of the "
                "text; mark it again"
            )
        elif not text[start:end].strip():
            yield f"statement {number} is {start}-{end} and blank there, expected words; mark it again"
    for (start, end, number), (then, until, other) in pairwise(stretches):
        if then < end and then < until:
            yield (
                f"statements {number} and {other} are {start}-{end} and {then}-{until}, expected no overlap; "
                "move a border"
            )


def _category_faults(row: AnnotationRow, question: str, scheme: Scheme) -> Iterator[str]:
    allowed = (*scheme.outcomes(question), NO_CAUSE)
    marked = [mark.category for mark in row.statements or []]
    whole = row.categories or []
    for place, categories in (("statement", marked), ("category", whole)):
        for number, category in enumerate(categories, 1):
            if category not in allowed:
                yield f"{place} {number} is {_shown(category)}, {question!r} has: {', '.join(allowed)}"
        if NO_CAUSE in categories and len({*categories}) > 1:
            alone = categories.index(NO_CAUSE) + 1
            yield f"{place} {alone} is {NO_CAUSE!r}, expected it alone; take it out, or the causes"
    if row.statements is not None and row.categories is not None and {*_causes(marked)} != {*_causes(whole)}:
        yield "categories are not those of the statements, expected the same; take categories out"
