"""A line of a log: what a person decided, with an id of its own, or that one such line is undone."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic_core import from_json

from samorsak.annotations.carrying import Carrier
from samorsak.annotations.checks import annotation_of
from samorsak.annotations.model import FLAGS, Annotation, Marked
from samorsak.annotations.rows import RowError, row_of
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.text import sha256

_ID = re.compile("[0-9a-f]{32}")
_FLAGS = frozenset(FLAGS)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision as it stands in a log, under the id that tells its line from all others."""

    id: str
    annotation: Annotation


@dataclass(frozen=True, slots=True)
class Undo:
    """A line that takes an earlier one back."""

    id: str
    undoes: str


def new_id() -> str:
    """Give an id that no other line has: 128 random bits."""
    return secrets.token_hex(16)


def is_logged(row: Mapping[str, Any]) -> bool:
    """Say whether a row is of a log; one made by hand has no such id.

    Examples
    --------
    >>> is_logged({"id": new_id(), "answer_id": "17", "text": "Vet ej."}), is_logged({"id": 17, "text": ""})
    (True, False)
    """
    found = row.get("id")
    return isinstance(found, str) and _ID.fullmatch(found) is not None


def line_of(id_: str, annotation: Annotation) -> bytes:
    """Write a decision as a line; names whose value says nothing are left out."""
    a = annotation
    row: dict[str, Any] = {"id": id_, **_place_of(a), "text": a.text, "sha256": sha256(a.text)}
    if a.statements is not None:
        row["statements"] = [{"start": s.start, "end": s.end, "category": s.category} for s in a.statements]
    if a.categories is not None:
        row["categories"] = list(a.categories)
    row |= {"annotator": a.annotator, "made_at": _written(a.made_at), "origin": a.origin, "scheme": a.scheme}
    row |= {"flags": list(a.flags)} if a.flags else {}
    row |= {name: value for name, value in (("note", a.note), ("audit", a.audit)) if value}
    return _packed(row)


def undo_line(undone: Recorded, annotator: str, made_at: datetime) -> bytes:
    """Write that a decision is taken back, without its text."""
    place = _place_of(undone.annotation)
    about = {"annotator": annotator, "made_at": _written(made_at)}
    return _packed({"id": new_id(), "undoes": undone.id, **place, **about})


def _place_of(a: Annotation) -> dict[str, str]:
    return {"answer_id": a.answer_id, "round": a.round, "question": a.question}


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _packed(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def read_logged(
    row: Mapping[str, Any], source: str, scheme: Scheme, carrier: Carrier | None = None
) -> Recorded | Undo | None:
    """Read a line of a log with every check; None where the carrier leaves it out.

    Parameters
    ----------
    row : mapping
        As the line's JSON gives it; `is_logged`.
    source : str
        Name of the file without its suffix.
    scheme : Scheme
    carrier : Carrier, optional
        Carries over what was decided under another version of the scheme.

    Raises
    ------
    RowError
        The text is not the one that was decided on, or as of `samorsak.annotations.checks.annotation_of`.
    """
    if "undoes" in row:
        undoes = row["undoes"]
        if not isinstance(undoes, str) or not _ID.fullmatch(undoes):
            raise RowError(["undoes is no id of a line, expected one; restore the line"])
        return Undo(row["id"], undoes)
    if isinstance(text := row.get("text"), str) and row.get("sha256") != sha256(text):
        raise RowError(["text is not that of its sha256, expected the line as it was written; restore it"])
    parsed = row_of({name: value for name, value in row.items() if value != "" or name == "text"})
    own = carrier is None or parsed.scheme == carrier.scheme.fingerprint()
    carried = parsed if own or carrier is None else carrier(parsed)
    if carried is None:
        return None
    passed_over = {*(parsed.flags or ())} & {"skipped", "flagged"}
    return Recorded(row["id"], annotation_of(carried, source, scheme, bool(passed_over)))


class Opening:
    """Reads lines quickly where they are as `line_of` writes them, and with every check where not.

    What was checked when it was written is not checked again in full: that the text is the one decided on,
    that the stretches lie in it one behind the other, and that the categories are the scheme's.
    """

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.carrier = Carrier(scheme)
        self._fingerprint = scheme.fingerprint()
        self._known = {q: frozenset((*scheme.outcomes(q), NO_CAUSE)) for q in scheme.questions}

    def __call__(self, line: bytes, source: str) -> Recorded | Undo | None:
        """Read a line; None where it is blank, made by hand, or left out by the crosswalk.

        Raises
        ------
        RowError
            As `read_logged`, or the line is no JSON object.
        """
        try:
            row = from_json(line, cache_strings="keys")
        except ValueError:
            if not line.strip():
                return None
            raise RowError(["no JSON object, expected one per line"]) from None
        if not isinstance(row, dict):
            raise RowError(["no JSON object, expected one per line"])
        if not is_logged(row):
            return None
        quick = self._as_written(row, source)
        return quick or read_logged(row, source, self.scheme, self.carrier)

    def _as_written(self, row: dict[str, Any], source: str) -> Recorded | None:
        """Read what `line_of` wrote under this scheme; None for anything else."""
        try:
            if row["scheme"] != self._fingerprint or row["sha256"] != sha256(row["text"]):
                return None
            known, whole = self._known[row["question"]], row.get("categories")
            flags = tuple(row.get("flags", ()))
            statements = _as_marked(row.get("statements"), len(row["text"]), known)
            if (statements is None) == (whole is None) or not _FLAGS.issuperset(flags):
                return None
            if whole is not None and not (type(whole) is list and known.issuperset(whole)):
                return None
            note, audit = row.get("note", ""), row.get("audit", "")
            texts = (note, audit, row["answer_id"], row["round"], row["annotator"])
            if row["origin"] not in ("blind", "suggested") or not all(type(value) is str for value in texts):
                return None
            if not row["made_at"].endswith("Z"):
                return None
            return Recorded(
                row["id"],
                Annotation(
                    row["answer_id"],
                    row["round"],
                    row["question"],
                    row["text"],
                    statements,
                    None if whole is None else tuple(whole),
                    source,
                    row["annotator"],
                    datetime.fromisoformat(row["made_at"]),
                    row["origin"],
                    note,
                    audit,
                    row["scheme"],
                    flags,
                ),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return None


def _as_marked(found: object, length: int, known: frozenset[str]) -> tuple[Marked, ...] | None:
    """Give stretches as they were written, one behind the other; ValueError where they are not."""
    if not isinstance(found, list):
        return None
    marked = []
    behind = 0
    for mark in found:
        start, end, category = mark["start"], mark["end"], mark["category"]
        if type(start) is not int or type(end) is not int or not behind <= start < end <= length:
            raise ValueError("not as written")
        if category not in known:
            raise ValueError("not as written")
        marked.append(Marked(start, end, category))
        behind = end
    return tuple(marked)
