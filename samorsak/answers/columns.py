"""Which columns a round is read from, and what to say when they are not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samorsak.errors import InputError
from samorsak.text import nfc

LONG = ("answer_id", "round", "question", "text")
"""The columns of the long layout; no background column may bear one of these names."""

_NAMES_SHOWN = 30
_NAME_LENGTH = 200


def column_name(name: str) -> str:
    r"""Return a column name as it is compared and kept: NFC, stray white space and line breaks gone.

    Examples
    --------
    >>> column_name(" Orsaker till\nuteblivna resultat ")
    'Orsaker till uteblivna resultat'
    """
    return nfc(" ".join(name.split()))


def quoted(names: Sequence[str]) -> str:
    """List names for a message; what is too long for a name is only measured, as it may be an answer.

    Examples
    --------
    >>> quoted(["Region", "x" * 500])
    "'Region', (500 characters)"
    """
    shown = [repr(name) if len(name) <= _NAME_LENGTH else f"({len(name)} characters)" for name in names]
    if len(shown) > _NAMES_SHOWN:
        shown[_NAMES_SHOWN:] = [f"and {len(shown) - _NAMES_SHOWN} more"]
    return ", ".join(shown)


@dataclass(frozen=True, slots=True)
class Columns:
    """What the user said of the columns of a round.

    Parameters
    ----------
    answer_id : str
        Name of the id column.
    text : mapping of str to str
        Question to column. Not empty: the file is wide.
    round : str or None
        Name of a column if there is one, else the round itself; None: the column ``round``.
    """

    answer_id: str
    text: Mapping[str, str]
    round: str | None

    @property
    def wide(self) -> bool:
        """Whether each row holds the answers to several questions."""
        return bool(self.text)

    @property
    def required(self) -> tuple[str, ...]:
        """Names the header has to hold."""
        round_column = ("round",) if self.round is None else ()
        if self.wide:
            return (self.answer_id, *self.text.values(), *round_column)
        return (self.answer_id, *round_column, "question", "text")

    def require(self, header: Sequence[str], where: str) -> None:
        """Raise unless the header holds every required column.

        Raises
        ------
        InputError
            Naming the missing columns, those found, and the option to use.
        """
        missing = [name for name in self.required if name not in header]
        if missing:
            columns = "columns" if len(missing) > 1 else "column"
            raise InputError(
                f"{where}: no {columns} {quoted(missing)}; found {quoted(header)}; {self._way_out(missing)}"
            )

    def _way_out(self, missing: Sequence[str]) -> str:
        if self.round is None and list(missing) == ["round"]:
            return "name the round with --round 2024, or its column with --round COLUMN"
        if self.wide:
            return "name them as the file does, with --text QUESTION=COLUMN, --id COLUMN and --round ROUND"
        return "if it has a column per question, add --text QUESTION=COLUMN --id COLUMN --round ROUND"

    def roles(self, header: Sequence[str], where: str) -> dict[str, str]:
        """Map each role to its column of the header.

        Raises
        ------
        InputError
            When one column has two roles.
        """
        roles = {"answer_id": self.answer_id}
        if self.round is None or self.round in header:
            roles["round"] = self.round or "round"
        if self.wide:
            roles |= {f"text {question}": column for question, column in self.text.items()}
        else:
            roles |= {"question": "question", "text": "text"}
        taken: dict[str, str] = {}
        for role, column in roles.items():
            if column in taken:
                raise InputError(
                    f"{where}: column {column!r} is named both as {taken[column]} and as {role}, expected a "
                    "column for each"
                )
            taken[column] = role
        return roles
