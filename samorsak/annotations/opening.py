"""Lines of a log read quickly: what was checked when it was written is not checked again in full."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any, get_args

from pydantic_core import from_json

from samorsak.annotations.carrying import Carrier
from samorsak.annotations.log import LONGEST
from samorsak.annotations.logged import Recorded, Undo, is_logged, read_logged
from samorsak.annotations.model import FLAGS, Annotation, Marked, Origin
from samorsak.annotations.rows import RowError
from samorsak.scheme import NO_CAUSE, Scheme

_FLAGS = frozenset(FLAGS)
_ORIGINS = frozenset(get_args(Origin))


class Opening:
    """Reads lines, quickly where they are as a store writes them, and with every check where not.

    Of the former it is checked that the text is the one that was decided on, that the stretches lie in it one
    behind the other, and that categories are the scheme's.

    Attributes
    ----------
    scheme : Scheme
    carrier : Carrier
        Knows what became of lines that were decided under another version of the scheme.
    """

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.carrier = Carrier(scheme)
        self._fingerprint = scheme.fingerprint()
        self._known = {q: frozenset((*scheme.outcomes(q), NO_CAUSE)) for q in scheme.questions}

    def __call__(self, line: bytes, source: str) -> Recorded | Undo | None:
        """Read a line; None where it is blank or made by hand.

        Parameters
        ----------
        line : bytes
        source : str
            Name of the file without its suffix.

        Raises
        ------
        RowError
            As `read_logged`, or the line is no JSON object.
        """
        if len(line) > LONGEST:
            raise RowError([f"{len(line):,} bytes, expected at most {LONGEST:,}; no answer is that long"])
        try:
            row = from_json(line, cache_strings="keys")
        except ValueError:
            if not line.strip():
                return None
            row = None
        if not isinstance(row, dict):
            raise RowError(["no JSON object, expected one per line; restore the line"])
        try:
            return self._as_written(row, source)
        except (KeyError, TypeError, ValueError, AttributeError):
            return read_logged(row, source, self.scheme, self.carrier) if is_logged(row) else None

    def _as_written(self, row: dict[str, Any], source: str) -> Recorded:
        """Read what is as written under this scheme, and raise some error for anything else."""
        text, question, made_at, scheme = row["text"], row["question"], row["made_at"], row["scheme"]
        known, whole, marks = self._known[question], row.get("categories"), row.get("statements")
        note, audit, flags = row.get("note", ""), row.get("audit", ""), row.get("flags", ())
        "".join((note, audit, row["id"], row["answer_id"], row["round"], row["annotator"]))  # all are text
        if (
            scheme != self._fingerprint
            or sha256(text.encode()).hexdigest() != row["sha256"]
            or len(row["id"]) != 32
            or row["origin"] not in _ORIGINS
            or made_at[-1] != "Z"
            or not row["annotator"]
            or "undoes" in row
            or (marks is None) == (whole is None)
            or not (known.issuperset(whole or ()) and _FLAGS.issuperset(flags))
        ):
            raise ValueError("not as written")
        annotation = Annotation(
            row["answer_id"],
            row["round"],
            question,
            text,
            None if marks is None else _marked(marks, len(text), known),
            None if whole is None else tuple(whole),
            source,
            row["annotator"],
            datetime.fromisoformat(made_at),
            row["origin"],
            note,
            audit,
            scheme,
            tuple(flags),
        )
        return Recorded(row["id"], annotation)


def _marked(marks: list[dict[str, Any]], length: int, known: frozenset[str]) -> tuple[Marked, ...]:
    marked = []
    behind = 0
    for mark in marks:
        start, end, category = mark["start"], mark["end"], mark["category"]
        if type(start) is not int or type(end) is not int or category not in known:
            raise ValueError("not as written")
        if not behind <= start < end <= length:
            raise ValueError("not as written")
        marked.append(Marked(start, end, category))
        behind = end
    return tuple(marked)
