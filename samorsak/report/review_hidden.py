"""What a review workbook knows of itself, on a hidden sheet: what was exported, sealed by a check sum.

A line of JSON for what holds for the file, then one for each answer, before them the check sum of them all.
The lines are ASCII, so that no program on the way changes a character, and cut to what a cell holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from samorsak.annotations import QueueRow
from samorsak.text import sha256
from samorsak.wording import Lang

HIDDEN = "samorsak"
"""Title of the hidden sheet."""

_ROOM = 30_000
_FORMAT = "samorsak review"


class About(BaseModel):
    """What holds for all rows of a review workbook.

    Attributes
    ----------
    scheme : str
        Fingerprint.
    lang : {'sv', 'en'}
    blind : bool
        A row for each answer, without suggestions.
    labels : dict of str to dict of str to str
        For each question, the id of each label in its list.
    questions : dict of str to str
        How each was put.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["samorsak review"] = "samorsak review"
    version: Literal[1] = 1
    scheme: str
    lang: Lang
    blind: bool
    labels: dict[str, dict[str, str]]
    questions: dict[str, str]


class ExportedRow(BaseModel):
    """An answer, and the ids of the decisions on it that there were when it was exported."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: QueueRow
    known: tuple[str, ...] = ()


class HiddenError(Exception):
    """The hidden sheet is not as it was written."""


def hidden_rows(about: About, rows: Iterable[ExportedRow]) -> list[list[str]]:
    """Give the cells of the hidden sheet, row by row.

    Examples
    --------
    >>> about = About(scheme="", lang="sv", blind=True, labels={}, questions={})
    >>> read_hidden(hidden_rows(about, [])) == (about, ())
    True
    """
    lines = [_line(about), *map(_line, rows)]
    return [
        [cells[at : at + _ROOM] for at in range(0, len(cells), _ROOM)] for cells in [_seal(lines), *lines]
    ]


def _line(model: BaseModel) -> str:
    # _x0041_ in a cell is an A to Excel
    return json.dumps(model.model_dump(mode="json"), sort_keys=True).replace("_x", "\\u005fx")


def _seal(lines: Sequence[str]) -> str:
    return f"{_FORMAT} {sha256(chr(10).join(lines))}"


def read_hidden(rows: Iterable[Sequence[str]]) -> tuple[About, tuple[ExportedRow, ...]]:
    """Read the cells of the hidden sheet.

    Raises
    ------
    HiddenError
        It was changed, or is of another kind or version.
    """
    seal, *lines = ["".join(cells) for cells in rows if any(cells)] or [""]
    if not lines or seal != _seal(lines):
        raise HiddenError
    try:
        about, *found = lines
        return About.model_validate_json(about), tuple(map(ExportedRow.model_validate_json, found))
    except ValidationError:
        raise HiddenError from None
