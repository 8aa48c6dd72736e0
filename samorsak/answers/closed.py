"""Closed questions as a round description tells them: one choice, several in a cell, a matrix on a scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from samorsak.answers.columns import column_name
from samorsak.text import nfc

Kind = Literal["single", "multiple", "matrix"]
"""One level in a cell, several in a cell, or several columns that share their levels."""

_STRICT = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)
_BETWEEN = ";"
"""Stands between ids in closed.csv, so that no id may hold it."""


def spelled(text: str) -> str:
    r"""Give the form in which a cell and a level are compared: white space, case and Unicode form aside.

    Examples
    --------
    >>> spelled(" För  de\nflesta ")
    'för de flesta'
    """
    return column_name(text).casefold()


class Labelled(BaseModel):
    """Something with names for readers; the Swedish one serves for English too where it stands alone."""

    model_config = _STRICT

    label_sv: str | None = None
    label_en: str | None = None

    def label(self, own: str, lang: str = "sv") -> str:
        """Give the label in a language, or what it is called by itself."""
        return (self.label_en if lang == "en" else None) or self.label_sv or own


class Level(Labelled):
    """An answer that can be chosen.

    Parameters
    ----------
    written : tuple of str
        How it stands in the file; the first spelling is its label where it has no other.
    """

    written: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        """Take ``Samtliga`` or a list of spellings for ``{written: [...]}``."""
        given = given if isinstance(given, Mapping) else {"written": given}
        written = given.get("written")
        listed = [written] if isinstance(written, (str, int, float)) else written
        return {**given, "written": listed}


class Item(Labelled):
    """A statement of a matrix, and the column it stands in."""

    column: str = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        return given if isinstance(given, Mapping) else {"column": given}


class ClosedQuestion(Labelled):
    """A closed question of a round.

    Parameters
    ----------
    kind : {"single", "multiple", "matrix"}
    column : str, optional
        Where the answers stand; its name is the wording of the question. Not for a matrix.
    columns : dict of str to Item
        The statements of a matrix, by their ids.
    levels : dict of str to Level
        By their ids, in order. Without them the levels are what the file holds, in the order of the alphabet.
    ordered : bool
        Whether the levels are a scale.
    separator : str
        What stands between the choices in a cell of a question of several.
    missing : tuple of str
        What stands for no answer, besides an empty cell.
    where : tuple of str
        Conditions ``"column=value"``: only these respondents count. A background column and its value, or the
        id of a question of one choice and of a level.

    Examples
    --------
    >>> question = ClosedQuestion.model_validate(
    ...     {"kind": "single", "column": "Hur gick det?", "levels": {"well": ["Bra", "Gott"], "ill": "Illa"}}
    ... )
    >>> question.spellings(), question.label("progress")
    ({'bra': 'well', 'gott': 'well', 'illa': 'ill'}, 'Hur gick det?')
    """

    kind: Kind
    column: str | None = None
    columns: dict[str, Item] = {}
    levels: dict[str, Level] = {}
    ordered: bool = False
    separator: str = Field(default=";", min_length=1)
    missing: tuple[str, ...] = ()
    where: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> ClosedQuestion:
        if self.kind == "matrix" and (self.column is not None or not self.columns):
            raise ValueError("a matrix, expected a column for each statement under columns, and no column")
        if self.kind != "matrix" and (self.column is None or self.columns):
            raise ValueError(f"of kind {self.kind}, expected one column, and no columns")
        if self.ordered and (self.kind == "multiple" or len(self.levels) < 2):
            raise ValueError("ordered, expected two levels or more, of which an answer chooses one")
        for name in (*self.levels, *self.columns):
            if not name.strip() or any(sign in name for sign in f"{_BETWEEN}/\n"):
                raise ValueError(f"with the id {name!r}, expected one without ; and /")
        written = [text for level in self.levels.values() for text in level.written]
        if twice := _twice([spelled(text) for text in (*written, *self.missing)]):
            raise ValueError(f"with {twice!r} written twice under levels or missing, expected once")
        return self

    def label(self, own: str, lang: str = "sv") -> str:
        """Give the label; the wording of the question where it has none, or its id where it is a matrix."""
        return super().label(self.column or own, lang)

    def variables(self) -> dict[str, Item]:
        """Give what is counted by itself: the statements of a matrix, else the question, with an empty id."""
        return self.columns or {"": Item(column=self.column or "")}

    def spellings(self) -> dict[str, str]:
        """Map each spelling, as it is compared, to its level."""
        return {spelled(text): name for name, level in self.levels.items() for text in level.written}


class CrosstabAsked(BaseModel):
    """A cross-table that is asked for.

    Parameters
    ----------
    rows : str
        Id of a closed question, of a statement ``"question/statement"``, or of an open question.
    by : str
        Id of a closed question of one choice, of a matrix (a table for each statement), of a statement, or a
        background column.
    """

    model_config = _STRICT

    rows: str = Field(min_length=1)
    by: str = Field(min_length=1)


def variable_name(question: str, item: str) -> str:
    """Name what is counted by itself: ``"progress"``, or ``"clarity/goals"`` for a statement of a matrix."""
    return f"{question}/{item}" if item else question


def condition(text: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Take ``"column=value"`` apart by the shortest name that is one; None where none fits.

    Examples
    --------
    >>> condition("Tillsammans=Ja", ["Tillsammans"])
    ('Tillsammans', 'Ja')
    """
    known = {nfc(name): name for name in names}
    for place, sign in enumerate(text):
        if sign == "=" and (name := nfc(text[:place].strip())) in known:
            return known[name], nfc(text[place + 1 :].strip())
    return None


def respondent_of(answer_id: str, question: str, own: str | None = None) -> str:
    """Name who gave an answer: by a column of the round where there is one, else the id before the question.

    Examples
    --------
    >>> respondent_of("2024-001/missed", "missed"), respondent_of("2024-001", "missed")
    ('2024-001', '2024-001')
    """
    return own if own else answer_id.removesuffix(f"/{question}")


def _twice(names: list[str]) -> str | None:
    return next((name for name in names if names.count(name) > 1), None)
