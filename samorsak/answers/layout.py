"""A table, long or wide, to the answers of a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samorsak.answers.columns import LONG, Columns
from samorsak.answers.description import RoundDescription
from samorsak.answers.model import CELL_ERROR, NO_TEXT, WRONG_ENCODING, Answer, Drop, Round
from samorsak.answers.respondents import Closed, Respondents
from samorsak.answers.sniff import mojibake
from samorsak.answers.table import Table, blank
from samorsak.errors import InputError, collected
from samorsak.text import unify_breaks

# What Excel shows, in English and in Swedish, where a text that began with - or = was taken for a formula.
_ENGLISH_ERRORS = ("#NAME?", "#VALUE!", "#REF!", "#N/A", "#NULL!", "#DIV/0!", "#NUM!", "#SPILL!", "#CALC!")
_SWEDISH_ERRORS = (
    "#NAMN?",
    "#VÄRDEFEL!",
    "#REFERENS!",
    "#SAKNAS!",
    "#SKÄRNING!",
    "#DIVISION/0!",
    "#OGILTIGT!",
)
_CELL_ERRORS = frozenset(_ENGLISH_ERRORS + _SWEDISH_ERRORS)


def lay_out(table: Table, columns: Columns, sha256: str, described: RoundDescription | None = None) -> Round:
    """Turn a table into answers and drops.

    Parameters
    ----------
    table : Table
        Its header holds the required columns.
    columns : Columns
        Where id, round and texts stand.
    sha256 : str
        Digest of the file, kept in the result.
    described : RoundDescription, optional
        With the closed questions of the round.

    Returns
    -------
    Round

    Raises
    ------
    InputError
        For rows without an id, round or question, for ids that stand twice, or when no answer is left.
    """
    roles = columns.roles(table.header, table.where)
    rows = _Rows(table, columns, roles, described)
    for number, cells in table.rows:
        rows.add(number, cells)
    if rows.problems:
        raise InputError(collected(rows.problems, "bad rows"))
    result = Round(
        answers=tuple(rows.answers),
        drops=tuple(rows.drops),
        name=table.name,
        sha256=sha256,
        format=table.format,
        layout="wide" if columns.wide else "long",
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        columns=roles,
        background=tuple(rows.background),
        rows=len(table.rows),
        closed=rows.closed(),
    )
    if not result.answers:
        reasons = ", ".join(f"{reason}: {n}" for reason, n in result.dropped.items())
        raise InputError(f"{table.where}: no answer with text in {result.rows} rows ({reasons})")
    return result


class _Rows:
    """The answers, drops and problems of the rows added so far."""

    def __init__(
        self, table: Table, columns: Columns, roles: dict[str, str], described: RoundDescription | None
    ) -> None:
        at = {name: i for i, name in enumerate(table.header)}
        self.where, self.unit, self.wide = table.where, table.unit, columns.wide
        self.id_column, self.id_at = columns.answer_id, at[columns.answer_id]
        self.round, self.round_at = columns.round, at.get(roles.get("round", ""))
        self.question_at = None if self.wide else at["question"]
        texts = columns.text if self.wide else {"": "text"}
        self.texts = [(question, at[column]) for question, column in texts.items()]
        # A wide row's own id stays in the background, so that the row can be found again.
        used = {column for role, column in roles.items() if not (self.wide and role == "answer_id")}
        self.background = {_free(name, table.header): i for name, i in at.items() if name not in used}
        self.answers: list[Answer] = []
        self.drops: list[Drop] = []
        self.problems: list[str] = []
        self.seen: dict[str, int] = {}
        self.common: dict[str, str] = {}  # one string for each label that stands in thousands of cells
        self.respondents = None
        if described is not None and described.closed:
            named = described.closed, described.crosstabs, described.respondent
            self.respondents = Respondents(*named, table, columns, self.background)

    def add(self, number: int, cells: Sequence[str]) -> None:
        """Take one row of the table in."""
        texts = []
        for question, i in self.texts:
            if reason := no_answer(cells[i]):
                where = f"{self.unit} {number} ({question})" if self.wide else f"{self.unit} {number}"
                self.drops.append(Drop(where, reason))
            else:
                texts.append((question, unify_breaks(cells[i])))
        if not texts and not (self.respondents and self.respondents.answers(cells)):
            return  # a row of totals or a note below the table needs no id
        row_id = cells[self.id_at].strip()
        round_ = cells[self.round_at].strip() if self.round_at is not None else self.round or ""
        named = cells[self.question_at].strip() if self.question_at is not None else ""
        if problem := self._problem(number, row_id, round_, named):
            self.problems.append(f"{self.where} {self.unit} {number}: {problem}")
            return
        written: Mapping[int, str] = {}
        if self.respondents:
            self.respondents.add(number, row_id, round_, named, cells)
            written = self.respondents.written(cells)
        shown = {name: written.get(i, cells[i]) for name, i in self.background.items()}
        background = {name: self.common.setdefault(cell, cell) for name, cell in shown.items()}
        for question, text in texts:
            answer_id = f"{row_id}/{question}" if self.wide else row_id
            self.answers.append(Answer(answer_id, round_, question or named, text, background))

    def closed(self) -> Closed | None:
        """Give the closed questions and respondents, None where none are described."""
        asked = list(dict.fromkeys(answer.question for answer in self.answers))
        return self.respondents.closed(asked) if self.respondents else None

    def _problem(self, number: int, row_id: str, round_: str, question: str) -> str | None:
        if not row_id:
            return f"no id in column {self.id_column!r}, expected one for each row with a text"
        if not round_:
            return "no round, expected one for each row with a text"
        if not (question or self.wide):
            return "no question, expected one for each row with a text"
        first = self.seen.setdefault(row_id, number)
        if first != number:
            return f"the id in column {self.id_column!r} stands on {self.unit} {first} already, expected once"
        return None


def no_answer(text: str) -> str | None:
    """Return the reason why a cell holds no answer, None when it does."""
    if blank(text):
        return NO_TEXT
    if text[:1] == "#" and text.strip() in _CELL_ERRORS:
        return CELL_ERROR
    return WRONG_ENCODING if mojibake(text) else None


def _free(name: str, header: Sequence[str]) -> str:
    """Return the name of a background column, marked when the long layout needs the name itself."""
    free = name
    while free in LONG or (free != name and free in header):
        free += " (file)"
    return free
