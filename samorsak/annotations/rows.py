"""One row of a file: its names and what may stand behind them, before text and scheme are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    Strict,
    ValidationError,
)

from samorsak.annotations.model import Origin
from samorsak.text import json_object


class RowError(Exception):
    """What is wrong with a row, a line for each fault; the reader says where the row stands."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(*faults)
        self.faults = faults


def _whole(value: object) -> object:
    """Take 301.0 for 301: tables write whole numbers so where their column has a gap."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_text(value: object) -> object:
    number = _whole(value)
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else value


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


Id = Annotated[str, Field(pattern=r"\S"), BeforeValidator(_as_text)]
Flag = Literal["flagged", "skipped", "repeat", "settled"]
Offset = Annotated[int, Strict(), Field(ge=0), BeforeValidator(_whole)]


class MarkRow(BaseModel):
    """A marked stretch as it is written."""

    start: Offset
    end: Offset
    category: Id


class AnnotationRow(BaseModel):
    """A row as it is written; names it does not know are left to whoever wrote them."""

    answer_id: Id
    round: Id | None = None
    question: Id | None = None
    text: str
    statements: list[MarkRow] | None = None
    categories: list[Id] | None = None
    annotator: str | None = None
    made_at: Annotated[AwareDatetime, AfterValidator(_in_utc)] | None = None
    origin: Origin | None = None
    note: str | None = None
    audit: str | None = None
    scheme: str | None = None
    flags: list[Flag] | None = None


def parse_row(line: str) -> AnnotationRow:
    """Read a line of JSON as a row.

    Raises
    ------
    RowError
        The line is no JSON object, or what stands behind a name is of another kind.

    Examples
    --------
    >>> parse_row('{"answer_id": 17, "text": "Vet ej.", "categories": [301.0]}').categories
    ['301']
    """
    return row_of(object_of(line))


def object_of(line: str) -> dict[str, Any]:
    """Read a line as a JSON object, whatever its names are.

    Raises
    ------
    RowError
        It is none.
    """
    try:
        return json_object(line)
    except (ValueError, RecursionError):
        raise RowError(["no JSON object with distinct names, expected one per line"]) from None


def row_of(found: Mapping[str, Any]) -> AnnotationRow:
    """Take a JSON object for a row.

    Raises
    ------
    RowError
        What stands behind a name is of another kind.
    """
    try:
        return AnnotationRow.model_validate(found)
    except ValidationError as error:
        faults = [_fault(fault["loc"], fault["type"], fault["input"]) for fault in error.errors()]
        raise RowError(faults) from None


_EXPECTED = {
    "answer_id": "an id",
    "round": "the name of a round",
    "question": "the id of a question",
    "statements": "a list",
    "statement": "an object with start, end and category",
    "start": "a whole number from 0",
    "end": "a whole number from 0",
    "category": "the id of a category",
    "categories": "a list",
    "made_at": "a time with its zone such as 2025-01-31T12:00:00Z",
    "origin": "'blind' or 'suggested'",
    "flags": "a list of 'flagged', 'skipped', 'repeat' or 'settled'",
}
_KINDS = {dict: "an object", list: "a list", bool: "true or false", type(None): "null"}


def _fault(loc: tuple[int | str, ...], kind: str, found: object) -> str:
    """Say what stands where: ``("statements", 0, "start")`` is 'statement 1 start'."""
    place = [str(loc[0])]
    if len(loc) > 1:
        one = {"statements": "statement", "categories": "category", "flags": "flag"}[place[0]]
        place = [one, *map(str, loc[2:])]
    expected = _EXPECTED.get(place[-1], "text")
    if len(loc) > 1:
        place[0] += f" {int(loc[1]) + 1}"
    if kind == "missing":
        return f"{' '.join(place)} is missing, expected {expected}"
    if isinstance(found, str):  # never shown: it may be the text of an answer
        return f"{' '.join(place)} is {'text' if found.strip() else 'blank'}, expected {expected}"
    return f"{' '.join(place)} is {_KINDS.get(type(found), found)}, expected {expected}"
