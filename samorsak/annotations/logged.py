"""A line of a log: what a person decided, with an id of its own, or that one such line is undone."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from samorsak.annotations.carrying import Carrier
from samorsak.annotations.checks import annotation_of
from samorsak.annotations.model import Annotation
from samorsak.annotations.rows import RowError, row_of
from samorsak.scheme import Scheme
from samorsak.text import sha256

_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision as it stands in a log, under the id that tells its line from all others."""

    id: str
    annotation: Annotation


class LeftOut(Recorded):
    """A decision that the crosswalk leaves out: it took another's place, but says nothing now."""

    __slots__ = ()


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
) -> Recorded | Undo:
    """Read a line of a log with every check.

    Parameters
    ----------
    row : mapping
        As the line's JSON gives it; `is_logged`.
    source : str
        Name of the file without its suffix.
    scheme : Scheme
    carrier : Carrier, optional
        Carries over what was decided under another version of the scheme.

    Returns
    -------
    Recorded or Undo
        `LeftOut` where the carrier leaves the line out; its annotation then says nothing.

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
    missing = [name for name in ("annotator", "made_at") if not row.get(name)]
    if missing:
        raise RowError([f"{missing[0]} is missing, expected the line as it was written; restore it"])
    parsed = row_of({name: value for name, value in row.items() if value != "" or name == "text"})
    own = carrier is None or parsed.scheme == carrier.scheme.fingerprint()
    carried = parsed if own or carrier is None else carrier(parsed)
    if carried is None:
        unknown = parsed.model_copy(update={"statements": None, "categories": []})
        return LeftOut(row["id"], annotation_of(unknown, source, scheme, False))
    passed_over = {*(parsed.flags or ())} & {"skipped", "flagged"}
    return Recorded(row["id"], annotation_of(carried, source, scheme, bool(passed_over)))
