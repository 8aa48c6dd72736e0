"""A coded round as rows: what each answer and statement was given, and a choice of answers by background."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from samorsak.errors import SHOWN, InputError
from samorsak.text import nfc


@dataclass(frozen=True, slots=True)
class CodedAnswer:
    """An answer with the categories it was given.

    Attributes
    ----------
    answer_id, round, question : str
        As in the round that was read; the id is unique across questions.
    categories : tuple of str
        The causes in the order of the scheme, or ``("no_cause",)``.
    text : str
        The answer as offsets count it: line breaks made one character, personal data masked.
    background : mapping of str to str
        The other columns of the round, unchanged.
    """

    answer_id: str
    round: str
    question: str
    categories: tuple[str, ...]
    text: str
    background: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A stretch of an answer that states one cause; ``answer.text[start:end] == text``.

    Attributes
    ----------
    statement : int
        Its place in the answer, counted from 1.
    start, end : int
        Offsets in code points.
    category, next_category : str
        The category given, and the one that came next (empty where there was none).
    probability, next_probability : float
        Calibrated, between 0 and 1.
    """

    answer_id: str
    statement: int
    start: int
    end: int
    text: str
    category: str
    probability: float
    next_category: str
    next_probability: float


def background_columns(coded: Iterable[CodedAnswer]) -> tuple[str, ...]:
    """Name every background column, in the order in which they first stand.

    Examples
    --------
    >>> background_columns([CodedAnswer("1", "2024", "missed", ("other",), "x", {"Region": "Syd"})])
    ('Region',)
    """
    return tuple(dict.fromkeys(column for answer in coded for column in answer.background))


def background_column(name: str, coded: Sequence[CodedAnswer], option: str) -> str:
    """Find a background column as it is written; composed and decomposed letters are the same.

    Parameters
    ----------
    option : str
        Where the name was given, for the message: ``"by"``.

    Raises
    ------
    InputError
        There is no such column; names those there are.
    """
    columns = background_columns(coded)
    for column in columns:
        if nfc(column) == nfc(name):
            return column
    known = ", ".join(columns) or "no background columns"
    raise InputError(f"{option}: column is {name!r}, the answers have: {known}")


def answers_where(coded: Sequence[CodedAnswer], where: Sequence[str]) -> Sequence[CodedAnswer]:
    """Choose the answers that meet every condition ``"column=value"``.

    An answer without a value is met by ``"column="``. Column and value may both hold a `=`: the shortest name
    that is a column decides.

    Raises
    ------
    InputError
        A condition without a `=`, a column or value that no answer has, or no answer meets them all.

    Examples
    --------
    >>> north = CodedAnswer("1", "2024", "missed", ("other",), "x", {"Region": "Nord"})
    >>> south = CodedAnswer("2", "2024", "missed", ("other",), "x", {"Region": "Syd"})
    >>> [answer.answer_id for answer in answers_where([north, south], ["Region=Syd"])]
    ['2']
    """
    kept = coded
    for column, value in [parse_condition(condition, coded) for condition in where]:
        kept = [answer for answer in kept if nfc(answer.background.get(column, "")) == value]
    if where and not kept:
        raise InputError(f"where: no answer meets {' and '.join(map(repr, where))}; leave one condition out")
    return kept


def parse_condition(text: str, coded: Sequence[CodedAnswer]) -> tuple[str, str]:
    """Take a condition ``"column=value"`` apart: the column as it is written, and the value composed (NFC).

    Raises
    ------
    InputError
        A condition without a `=`, or a column or value that no answer has.
    """
    names = [text[:place] for place, char in enumerate(text) if char == "="]
    if not names:
        raise InputError(f"where is {text!r}, expected 'column=value'")
    columns = set(map(nfc, background_columns(coded)))
    name = next((name for name in names if nfc(name) in columns), names[0])
    column = background_column(name, coded, "where")
    value = nfc(text[len(name) + 1 :])
    values = {answer.background.get(column, "") for answer in coded}
    if value in map(nfc, values):
        return column, value
    shown = ", ".join(map(repr, sorted(values, key=natural_order)[:SHOWN]))
    more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    raise InputError(f"where: {column!r} is {value!r}, the answers have: {shown}{more}")


_NUMBERS = re.compile("([0-9]+)")


def natural_order(text: str) -> tuple[list[tuple[int, str]], str]:
    """Give the key that sorts text so that numbers in it stand by size.

    Examples
    --------
    >>> sorted(["10", "2", "Syd 10", "Syd 9"], key=natural_order)
    ['2', '10', 'Syd 9', 'Syd 10']
    """
    parts = _NUMBERS.split(text.casefold())  # letters and digits alternate, digits in the odd places
    digits = [part.lstrip("0") for part in parts]
    return [(len(digits[i]), digits[i]) if i % 2 else (0, part) for i, part in enumerate(parts)], text
