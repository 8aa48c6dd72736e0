"""The nouns: a marked stretch, and what a person decided about one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from samorsak.errors import AnnotationError
from samorsak.scheme import NO_CAUSE

Origin = Literal["blind", "suggested"]
"""Whether the person decided without a machine's suggestion, or saw one first."""

FLAGS = ("flagged", "skipped", "repeat", "settled")
"""To be looked at again; passed over; decided again unawares; what holds where annotators differed."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch that a person marked: ``text[start:end]``, in code points, states the category."""

    start: int
    end: int
    category: str


@dataclass(frozen=True, slots=True)
class Annotation:
    r"""What a person decided about one answer.

    Attributes
    ----------
    answer_id, question : str
        Of the answer and of its question in the scheme.
    round : str
        Empty where the material does not say.
    text : str
        As in the file, except that every line break is ``\n``.
    statements : tuple of Marked or None
        In the order of the text, never overlapping. Empty: read, and no cause found. None: not marked.
    categories : tuple of str or None
        The causes of an answer coded as a whole, empty for no cause. None where statements are marked.
        Both None: nobody has decided yet.
    source : str
        Name of the file without its suffix; the rows of a source were decided by the same hand.
    annotator : str
        Empty where the material does not say.
    made_at : datetime or None
        In UTC.
    origin : {'blind', 'suggested'}
    note : str
    audit : str
        The draw and the row's place in it, where the row is of an audit, else empty.
    scheme : str
        Fingerprint of the scheme it was decided under; empty where the material does not say.
    flags : tuple of str
        Of `FLAGS`.

    Examples
    --------
    >>> marked = (Marked(0, 9, "limited_resources"),)
    >>> Annotation("1", "2024", "missed", "Tidsbrist.", marked, None, source="a").decided
    True
    """

    answer_id: str
    round: str
    question: str
    text: str
    statements: tuple[Marked, ...] | None
    categories: tuple[str, ...] | None
    source: str
    annotator: str = ""
    made_at: datetime | None = None
    origin: Origin = "blind"
    note: str = ""
    audit: str = ""
    scheme: str = ""
    flags: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether a person has decided; that there is no cause is a decision."""
        return self.statements is not None or self.categories is not None


def categories_of(annotation: Annotation) -> frozenset[str]:
    """Give the categories of an answer as decided, ``{"no_cause"}`` where there is no cause.

    Raises
    ------
    AnnotationError
        Nobody has decided about the answer.

    Examples
    --------
    >>> categories_of(Annotation("1", "2024", "missed", "Vet ej.", (), None, "a"))
    frozenset({'no_cause'})
    """
    if not annotation.decided:
        raise AnnotationError(
            f"{annotation.source}: answer {annotation.answer_id!r} is undecided, expected a decision; "
            "decide it, or take the row out"
        )
    marked = {statement.category for statement in annotation.statements or ()}
    return frozenset(marked | {*(annotation.categories or ())} or {NO_CAUSE})
