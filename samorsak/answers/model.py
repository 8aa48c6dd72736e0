"""The nouns of a round: the answers, what became no answer, and how the file was understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from samorsak.answers.respondents import Closed

NO_TEXT = "no text"
"""The cell is empty or only white space."""

CELL_ERROR = "spreadsheet error"
"""The cell shows ``#NAME?`` or the like: the text was taken for a formula and is gone."""

WRONG_ENCODING = "text in the wrong encoding"
"""The letters outside ASCII stand as two characters each: utf-8 once read as something else."""


@dataclass(frozen=True, slots=True)
class Answer:
    r"""What one respondent wrote on one question.

    Parameters
    ----------
    answer_id : str
        Unique in a file across questions.
    round : str
        The survey round, ``"2024"``.
    question : str
        Id of the question in the scheme.
    text : str
        As in the file, except that every line break is ``\n``.
    background : mapping of str to str
        The other columns of the row, by name. Answers of the same row share one mapping.

    Examples
    --------
    >>> Answer("2024-001/missed", "2024", "missed", "Tidsbrist.", {"Region": "Syd"}).question
    'missed'
    """

    answer_id: str
    round: str
    question: str
    text: str
    background: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Drop:
    """A row or cell of the input that became no answer.

    Parameters
    ----------
    where : str
        ``"line 41"`` of a text file, ``"row 41"`` of a sheet or table; in a wide file with the
        question: ``"row 41 (missed)"``.
    reason : str
        One of ``"no text"``, ``"spreadsheet error"``, ``"text in the wrong encoding"``.
    """

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """The answers of a file and what was understood of it.

    Parameters
    ----------
    answers : tuple of Answer
        In file order; in a wide file the questions of a row in the order they were named.
    drops : tuple of Drop
        In file order. ``len(answers) + len(drops) == cells``.
    name : str
        File name without folder.
    sha256 : str
        Hexadecimal digest of the bytes of the file.
    format : str
        ``"csv"``, ``"tsv"``, ``"txt"``, ``"xlsx"``, ``"parquet"``, ``"jsonl"`` or ``"sav"``.
    layout : {'long', 'wide'}
        One row per answer, or one row per respondent with a column per question.
    encoding, delimiter, sheet : str or None
        None where the format has none.
    columns : mapping of str to str
        Role to column name: ``answer_id``, ``round`` (unless it was given as a value), ``question`` and
        ``text``; in a wide file ``text <question>`` for each question.
    background : tuple of str
        Names of the background columns, in file order.
    rows : int
        Rows below the header that are not wholly empty.
    closed : Closed or None
        Closed questions and all respondents; None where no closed question is described.
    """

    answers: tuple[Answer, ...]
    drops: tuple[Drop, ...]
    name: str
    sha256: str
    format: str
    layout: Literal["long", "wide"]
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    columns: Mapping[str, str]
    background: tuple[str, ...]
    rows: int
    closed: Closed | None = None

    @property
    def cells(self) -> int:
        """Cells that were to hold a text: rows times text columns."""
        return len(self.answers) + len(self.drops)

    @property
    def dropped(self) -> dict[str, int]:
        """Number of drops by reason, reasons in alphabetical order."""
        return dict(sorted(Counter(drop.reason for drop in self.drops).items()))
