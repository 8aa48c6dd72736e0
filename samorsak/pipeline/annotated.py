"""Annotations as the models see them: without personal data, their offsets carried over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from samorsak.annotations import Annotation, Marked, read_annotations
from samorsak.errors import AnnotationError
from samorsak.privacy import Masked, carry, mask
from samorsak.scheme import Scheme


def read_masked_annotations(
    paths: Sequence[Path], scheme: Scheme, *, undecided_ok: bool = False
) -> tuple[Annotation, ...]:
    """Read annotations and mask the personal data in them, as `open_round` does with a round.

    Parameters
    ----------
    paths : sequence of Path
        JSON Lines files, or folders of them.
    scheme : Scheme
    undecided_ok : bool
        Keep rows that nobody has decided yet.

    Raises
    ------
    AnnotationError
        As `samorsak.annotations.read_annotations` and `masked`.
    """
    return tuple(map(masked, read_annotations(paths, scheme, undecided_ok=undecided_ok)))


def masked(annotation: Annotation) -> Annotation:
    """Mask the personal data in an annotation's text and note, and carry its statements over.

    Raises
    ------
    AnnotationError
        Two statements share one masked number or address, and nothing would be left of one of them.

    Examples
    --------
    >>> found = masked(Annotation("1", "", "q", "Ring 070-1740605 nu", (Marked(17, 19, "301"),), None, "a"))
    >>> found.text, found.statements
    ('Ring [telefon] nu', (Marked(start=15, end=17, category='301'),))
    """
    text, note = mask(annotation.text), mask(annotation.note)
    if not text.spans and not note.spans:
        return annotation
    statements = annotation.statements and tuple(_carried(annotation, annotation.statements, text))
    return replace(annotation, text=text.text, note=note.text, statements=statements)


def _carried(annotation: Annotation, marked: Sequence[Marked], text: Masked) -> Iterator[Marked]:
    done = 0
    for (start, end), old in zip(carry([(m.start, m.end) for m in marked], text), marked, strict=True):
        start = max(start, done)  # a word in brackets that two statements share belongs to the first
        if not text.text[start:end].strip():
            raise AnnotationError(
                f"{annotation.source}: answer {annotation.answer_id!r} has two statements in one number or "
                "address, expected one; move a border"
            )
        done = end
        yield Marked(start, end, old.category)
