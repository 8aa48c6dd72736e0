"""What the formats share: fields by name, rows checked together, categories by any of their names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from samorsak.annotations.checks import annotation_of
from samorsak.annotations.model import Annotation
from samorsak.annotations.rows import RowError, row_of
from samorsak.errors import AnnotationError, collected
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.text import nfc

KEPT = ("annotator", "made_at", "origin", "note", "audit", "scheme", "flags")
"""What an annotation says beside the answer and the decision, by the names it has in files."""

Place = tuple[str, Mapping[str, Any]]
"""Where a row stands, and its fields as `samorsak.annotations.rows.AnnotationRow` has them."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Exported(Generic[T]):
    """Annotations in another form.

    Attributes
    ----------
    content : object
        Text, bytes or rows.
    lost : tuple of str
        What the form cannot hold of these annotations, a sentence each.
    """

    content: T
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """Annotations that were read from another form.

    Attributes
    ----------
    annotations : tuple of Annotation
    notes : tuple of str
        What was left out or taken for granted, a sentence each.
    """

    annotations: tuple[Annotation, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """Where other people's files have what belongs to an answer.

    Attributes
    ----------
    text, answer_id : str
        Names of fields or columns.
    question, round : str or None
        Name of a field or column if there is one, else the question or round itself. None: the fields
        ``question`` and ``round``.
    """

    text: str = "text"
    answer_id: str = "answer_id"
    question: str | None = None
    round: str | None = None

    def of(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Give answer_id, question, round and text as they stand in a row, without those that are missing."""
        row = {"text": found.get(self.text), "answer_id": found.get(self.answer_id)}
        for name, given in (("question", self.question), ("round", self.round)):
            row[name] = found.get(given or name, given)
        return {name: value for name, value in row.items() if value not in (None, "")}

    def missing(self, names: Iterable[str]) -> list[str]:
        """Name the fields that a row must have and has not."""
        return [name for name in (self.answer_id, self.text) if name not in set(names)]


def kept_fields(annotation: Annotation) -> dict[str, Any]:
    """Give what an annotation says beside the answer and the decision, without what is empty.

    Examples
    --------
    >>> kept_fields(Annotation("1", "", "lost", "Regn.", (), None, "a", note="kort", flags=("flagged",)))
    {'note': 'kort', 'flags': ['flagged']}
    """
    a = annotation
    made_at = a.made_at.isoformat().replace("+00:00", "Z") if a.made_at else ""
    origin = a.origin if a.origin != "blind" else ""
    fields = (a.annotator, made_at, origin, a.note, a.audit, a.scheme, list(a.flags))
    return {name: value for name, value in zip(KEPT, fields, strict=True) if value}


def answer_fields(annotation: Annotation) -> dict[str, Any]:
    """Give what says which answer it is, the text among it."""
    a = annotation
    fields = {"answer_id": a.answer_id, "round": a.round, "question": a.question, "text": a.text}
    return {name: value for name, value in fields.items() if value or name == "text"}


def checked(places: Iterable[Place], source: str, scheme: Scheme) -> tuple[Annotation, ...]:
    """Make annotations of rows, all or none.

    Raises
    ------
    AnnotationError
        For every row that fits neither its text nor the scheme, or decides an answer again for the same
        annotator.
    """
    problems: list[str] = []
    done: dict[tuple[str, str, str, str], str] = {}
    annotations: list[Annotation] = []
    for where, fields in places:
        try:
            found = annotation_of(row_of(fields), source, scheme, undecided_ok=True)
        except RowError as error:
            problems += [f"{where}: {fault}" for fault in error.faults]
            continue
        key = (found.annotator, found.round, found.question, found.answer_id)
        first = done.setdefault(key, where)
        if first != where and "repeat" not in found.flags:
            problems.append(f"{where}: the answer is decided on {first} already, expected once; take one out")
        annotations.append(found)
    refuse(problems)
    return tuple(annotations)


def refuse(problems: Sequence[str]) -> None:
    """Raise AnnotationError where there are faults; nothing is imported half."""
    if problems:
        raise AnnotationError(collected(problems, "faults, and nothing imported"))


def annotated_by(imported: Imported, annotator: str | None, name: str) -> Imported:
    """Name the annotator where a file has decisions of one person, or does not say whose they are.

    Raises
    ------
    AnnotationError
        The file has decisions of several.
    """
    if annotator is None:
        return imported
    found = sorted({a.annotator for a in imported.annotations})
    if len(found) > 1:
        raise AnnotationError(
            f"{name}: decisions of {len(found)} annotators, expected one; leave the annotator out, "
            "or import a file for each"
        )
    return replace(imported, annotations=tuple(replace(a, annotator=annotator) for a in imported.annotations))


def load_json(text: str) -> Any:
    """Read JSON whose objects have distinct names and whose numbers are numbers.

    Raises
    ------
    ValueError, RecursionError
        It is none.
    """

    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    def no_number(found: str) -> Any:
        raise ValueError(f"{found} is no number")

    return json.loads(text, object_pairs_hook=distinct, parse_constant=no_number)


@dataclass(slots=True)
class Names:
    """Finds the id of a category by its id or any label; case and composition make no difference in labels.

    Examples
    --------
    >>> from samorsak.scheme import read_scheme
    >>> Names(read_scheme("af")).category("missed", "regelverk och LAGSTIFTNING")
    'regulations'
    """

    scheme: Scheme
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def category(self, question: str, name: str) -> str:
        """Give the id; what no category is called stays as it is, for the checks to refuse."""
        if question not in self._known:
            self._known[question] = self._labels(question) if question in self.scheme.questions else {}
        own = self._known[question]
        return own.get(name) or own.get(_folded(name)) or name

    def has(self, question: str, name: str) -> bool:
        """Say whether a category of the question is called so."""
        return self.category(question, name) in (*self.scheme.outcomes(question), NO_CAUSE)

    def _labels(self, question: str) -> dict[str, str]:
        ids = (*self.scheme.outcomes(question), NO_CAUSE)
        labelled = {
            _folded(self.scheme.label(question, id_, lang)): id_ for id_ in ids for lang in ("en", "sv")
        }
        return {**labelled, **{_folded(id_): id_ for id_ in ids}, **{id_: id_ for id_ in ids}}


def _folded(name: str) -> str:
    return " ".join(nfc(name).casefold().split())


def counted(n: int, what: str) -> str:
    """Count: ``1 row``, ``2 rows``."""
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
