"""Who answered a round, with what they chose on its closed questions; also those who wrote nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from samorsak.answers.closed import (
    ClosedQuestion,
    CrosstabAsked,
    Level,
    condition,
    respondent_of,
    spelled,
    variable_name,
)
from samorsak.answers.columns import Columns, column_name, quoted
from samorsak.answers.table import Table, blank
from samorsak.errors import InputError, collected

_SHOWN = 60  # characters; what is longer may be an answer in the wrong column


@dataclass(frozen=True, slots=True)
class Respondent:
    """One who answered.

    Attributes
    ----------
    respondent_id, round : str
        Unique together.
    closed : mapping of str to tuple of str
        The levels chosen, by ``"question"`` or ``"question/statement"``; empty for no answer.
    background : mapping of str to str
        The columns that are neither ids, answers nor closed questions.
    """

    respondent_id: str
    round: str
    closed: Mapping[str, tuple[str, ...]] = field(hash=False)
    background: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Closed:
    """The closed questions of a round and who answered them.

    Attributes
    ----------
    questions : mapping of str to ClosedQuestion
        Each with its levels.
    crosstabs : tuple of CrosstabAsked, or None
        None: those that make sense.
    respondents : tuple of Respondent
        In file order. Who has answered nothing at all is none.
    respondent_column : str or None
        The background column of a long round that names who gave an answer.
    """

    questions: Mapping[str, ClosedQuestion]
    crosstabs: tuple[CrosstabAsked, ...] | None
    respondents: tuple[Respondent, ...]
    respondent_column: str | None = None


class Respondents:
    """The respondents of the rows added so far.

    Parameters
    ----------
    questions : mapping of str to ClosedQuestion
    crosstabs : tuple of CrosstabAsked, or None
    respondent_column : str or None
        For a long file.
    table : Table
    columns : Columns
        Where ids and texts stand.
    background : mapping of str to int
        Every background column with its place, closed questions among them.

    Raises
    ------
    InputError
        A column of a closed question is not in the file, or has another role.
    """

    def __init__(
        self,
        questions: Mapping[str, ClosedQuestion],
        crosstabs: tuple[CrosstabAsked, ...] | None,
        respondent_column: str | None,
        table: Table,
        columns: Columns,
        background: Mapping[str, int],
    ) -> None:
        self.questions, self.crosstabs = questions, crosstabs
        self.where, self.unit, self.wide = table.where, table.unit, columns.wide
        self.respondent_column = respondent_column and column_name(respondent_column)
        if self.respondent_column and (columns.wide or self.respondent_column not in background):
            raise InputError(
                f"{table.where}: respondent is {respondent_column!r}, expected a column of a long file "
                f"other than {quoted(columns.required)}"
            )
        self.respondent_at = background[self.respondent_column] if self.respondent_column else None
        ids = {table.header.index(columns.answer_id), self.respondent_at}
        self.variables = _variables(questions, table, [at for at in background.values() if at not in ids])
        own = {at for _, _, at in self.variables} | ids
        self.background = {name: at for name, at in background.items() if at not in own}
        self.rows: dict[tuple[str, str], tuple[int, Respondent]] = {}
        self.problems: list[str] = []
        self.unknown: dict[tuple[str, str], list[int]] = {}
        self.found: dict[str, dict[str, str]] = {name: {} for name in questions}
        self.apart = self.asked = False
        self.common: dict[str, str] = {}
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}
        self._spellings = {name: question.spellings() for name, question in questions.items()}
        self._missing = {name: set(map(spelled, question.missing)) for name, question in questions.items()}

    def answers(self, cells: Sequence[str]) -> bool:
        """Whether a row answers any closed question."""
        return any(not blank(cells[at]) for _, _, at in self.variables)

    def add(self, number: int, row_id: str, round_: str, question: str, cells: Sequence[str]) -> None:
        """Take the row of a respondent in; the rows of one respondent in a long file must agree."""
        own = cells[self.respondent_at].strip() if self.respondent_at is not None else None
        name = row_id if self.wide else respondent_of(row_id, question, own)
        self.apart |= name != row_id
        closed = {
            variable_name(*variable): self._chosen(number, variable[0], cells[at])
            for *variable, at in self.variables
        }
        first, known = self.rows.get((round_, name), (number, None))
        if known is None:
            background = {
                key: self.common.setdefault(cells[at], cells[at]) for key, at in self.background.items()
            }
            self.rows[round_, name] = number, Respondent(name, round_, closed, background)
        elif known.closed != closed:
            differ = next(key for key in closed if closed[key] != known.closed[key])
            self.problems.append(
                f"{self.where} {self.unit} {number}: {differ!r} is another than on {self.unit} {first}, "
                "expected the same in all rows of a respondent"
            )

    def written(self, cells: Sequence[str]) -> dict[int, str]:
        """Give the cells of one choice as the first spelling of their level, by their places."""
        found = {}
        for question, _, at in self.variables:
            level = self._spellings[question].get(spelled(cells[at]))
            if level is not None and self.questions[question].kind != "multiple":
                found[at] = self.questions[question].levels[level].written[0]
        return found

    def closed(self, asked: Sequence[str]) -> Closed:
        """Give what was found.

        Parameters
        ----------
        asked : sequence of str
            The open questions of the file.

        Raises
        ------
        InputError
            Values that are no level, rows of a respondent that differ, a condition that names nothing.
        """
        problems = [*self.problems, *self._unknown_values()]
        if problems:
            raise InputError(collected(problems, "bad closed answers"))
        if not self.wide and self.respondent_at is None and not self.apart and len(asked) > 1:
            raise InputError(
                f"{self.where}: it cannot be told which answers to {quoted(asked)} are of one respondent; "
                "add to the description 'respondent: COLUMN', or write ids as ID/QUESTION"
            )
        questions = {name: self._with_levels(name) for name in self.questions}
        _check_conditions(self.where, questions, list(self.background))
        respondents = tuple(respondent for _, respondent in self.rows.values())
        return Closed(questions, self.crosstabs, respondents, self.respondent_column)

    def _chosen(self, number: int, question: str, cell: str) -> tuple[str, ...]:
        """Read a cell; what is no level is noted."""
        key = (question, cell)
        if (known := self._known.get(key)) is None:
            known = self._known[key] = self._levels(question, cell)
        if any(level == "" for level in known):
            self.unknown.setdefault(key, []).append(number)
        return known

    def _levels(self, question: str, cell: str) -> tuple[str, ...]:
        described = self.questions[question]
        parts = cell.split(described.separator) if described.kind == "multiple" else [cell]
        parts = [part for part in parts if not blank(part) and spelled(part) not in self._missing[question]]
        if described.levels:
            chosen = {self._spellings[question].get(spelled(part), "") for part in parts}
            return tuple(name for name in ("", *described.levels) if name in chosen)
        found = self.found[question]
        return tuple(
            sorted({found.setdefault(spelled(part), column_name(part).replace(";", ",")) for part in parts})
        )

    def _unknown_values(self) -> list[str]:
        told = []
        for (question, cell), numbers in self.unknown.items():
            shown = repr(column_name(cell)) if len(cell) <= _SHOWN else f"of {len(cell)} characters"
            rows = f" ({len(numbers)} rows)" if len(numbers) > 1 else ""
            levels = ", ".join(repr(level.written[0]) for level in self.questions[question].levels.values())
            told.append(
                f"{self.where} {self.unit} {numbers[0]}{rows}: {question!r} is {shown}, expected {levels}; "
                "add it under levels or missing"
            )
        return told

    def _with_levels(self, name: str) -> ClosedQuestion:
        question = self.questions[name]
        if question.levels:
            return question
        texts = sorted(self.found[name].values(), key=str.casefold)
        return question.model_copy(update={"levels": {text: Level(written=(text,)) for text in texts}})


def masked_levels(closed: Closed, masked: Mapping[str, str]) -> Closed:
    """Give levels that were found in the file other names, where `masked` has one."""
    questions = {}
    for name, question in closed.questions.items():
        names = {key: masked.get(key, key) for key in question.levels}
        levels = {
            names[key]: level if names[key] == key else Level(written=(names[key],))
            for key, level in question.levels.items()
        }
        questions[name] = question.model_copy(update={"levels": levels})
    respondents = tuple(
        replace(
            one,
            closed={
                name: tuple(dict.fromkeys(masked.get(level, level) for level in levels))
                for name, levels in one.closed.items()
            },
        )
        for one in closed.respondents
    )
    return replace(closed, questions=questions, respondents=respondents)


def _variables(
    questions: Mapping[str, ClosedQuestion], table: Table, free: Collection[int]
) -> list[tuple[str, str, int]]:
    """Find the column of each variable, among those that are free: question, statement, place."""
    at = {name: place for place, name in enumerate(table.header)}
    found: list[tuple[str, str, int]] = []
    problems = []
    for name, question in questions.items():
        for item, described in question.variables().items():
            column = column_name(described.column)
            told = f"{table.where}: closed question {variable_name(name, item)!r}"
            if column not in at:
                problems.append(f"{told}: no column {column!r}; found {quoted(table.header)}")
            elif at[column] not in free or any(at[column] == place for _, _, place in found):
                problems.append(f"{told}: column {column!r} has another role, expected a column of its own")
            else:
                found.append((name, item, at[column]))
    if problems:
        raise InputError(collected(problems, "columns of closed questions"))
    return found


def _check_conditions(where: str, questions: Mapping[str, ClosedQuestion], background: Sequence[str]) -> None:
    single = {name: question for name, question in questions.items() if question.kind == "single"}
    for name, question in questions.items():
        for text in question.where:
            found = condition(text, [*background, *single])
            if found is None:
                raise InputError(
                    f"{where}: closed question {name!r} where {text!r}, expected 'column=value' of a "
                    f"background column: {quoted(background)}"
                )
            if found[0] not in background and found[1] not in single[found[0]].levels:
                known = ", ".join(single[found[0]].levels)
                raise InputError(
                    f"{where}: closed question {name!r} where {text!r}, expected a level: {known}"
                )
