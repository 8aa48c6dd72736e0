"""The respondents of a run folder as arrays: what each chose, which causes each gave, the group of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from samorsak.answers import Closed, ClosedQuestion, CrosstabAsked, Respondent
from samorsak.answers.closed import condition, respondent_of, variable_name
from samorsak.coded import CodedAnswer, natural_order
from samorsak.errors import InputError
from samorsak.pipeline.evidence import read_run_scheme
from samorsak.pipeline.respondents import background_of, read_closed
from samorsak.ranking import columns_of
from samorsak.ranking.blocks import given_by
from samorsak.report.files import read_coded
from samorsak.scheme import Scheme
from samorsak.tables import Option, Remark, Variable
from samorsak.text import nfc

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

GROUPS = 2, 12
"""How many values a background column has that tables are made by."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """How respondents are sorted by a variable.

    Attributes
    ----------
    code : ndarray of int64, shape (n,)
        The option of each respondent, -1 for none; where each may have several, 0 for who answered.
    chosen : ndarray of bool, shape (n, k), or None
        For options and causes.
    where : tuple of str
    meets : ndarray of bool, shape (n,)
        Who meets the conditions.
    column : str or None
        The column of answers.csv that says the same, and how its values are called there.
    values : tuple of str
    """

    variable: Variable
    code: Ints
    chosen: Mask | None = None
    where: tuple[str, ...] = ()
    meets: Mask | None = None
    column: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodedRespondents:
    """The n respondents of a round.

    Attributes
    ----------
    questions : mapping of str to tuple of str
        The variables of each closed question.
    labels : mapping of str to Option
        Of each closed question.
    conditions : mapping of str to Remark
        What each condition says.
    closed, causes, background : mapping of str to Sorted
        By their names.
    crosstabs : tuple of CrosstabAsked, or None
    described : bool
        Whether closed questions are described; without them the respondents are those who wrote something.
    known : frozenset of str
        The open questions of the scheme, and all background columns.
    """

    round: str
    n: int
    questions: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Option]
    conditions: Mapping[str, Remark]
    closed: Mapping[str, Sorted]
    causes: Mapping[str, Sorted]
    background: Mapping[str, Sorted]
    crosstabs: tuple[CrosstabAsked, ...] | None
    described: bool
    known: frozenset[str]


def read_respondents(
    folder: Path, lines: str
) -> tuple[list[CodedRespondents], Sequence[CodedAnswer], Scheme]:
    """Read the respondents of each round of a run folder.

    Raises
    ------
    InputError
        A file is missing or damaged.
    SchemeError
        The scheme is damaged, or has no such lines.
    """
    coded, scheme = read_coded(folder), read_run_scheme(folder)
    closed = read_closed(folder)
    described = closed is not None
    if closed is None:
        closed = _from_answers(coded)
    rounds = {r.round for r in closed.respondents} | {answer.round for answer in coded}
    found = []
    for name in sorted(rounds, key=natural_order):
        own = replace(closed, respondents=tuple(r for r in closed.respondents if r.round == name))
        answers = [answer for answer in coded if answer.round == name]
        found.append(_sorted(name, own, answers, scheme, lines, described))
    return found, coded, scheme


def _from_answers(coded: Sequence[CodedAnswer]) -> Closed:
    """Take who wrote something for the respondents, as a folder without closed.csv knows no others."""
    respondents: dict[tuple[str, str], Respondent] = {}
    for answer in coded:
        name = respondent_of(answer.answer_id, answer.question)
        respondents.setdefault((answer.round, name), Respondent(name, answer.round, {}, answer.background))
    return Closed({}, None, tuple(respondents.values()))


def _sorted(
    round_: str,
    closed: Closed,
    coded: Sequence[CodedAnswer],
    scheme: Scheme,
    lines: str,
    described: bool,
) -> CodedRespondents:
    respondents = closed.respondents
    background = {name: [r.background.get(name, "") for r in respondents] for name in background_of(closed)}
    variables: dict[str, Sorted] = {}
    questions: dict[str, tuple[str, ...]] = {}
    for name, question in closed.questions.items():
        meets = _meets(question, closed, background)
        own = {item: variable_name(name, item) for item in question.variables()}
        questions[name] = tuple(own.values())
        for item, variable in own.items():
            variables[variable] = _of_question(variable, item, question, respondents, meets)
    groups = {name: _of_background(name, values) for name, values in background.items()}
    by_question = _answers(coded)
    place = {r.respondent_id: i for i, r in enumerate(respondents)}
    column = closed.respondent_column
    return CodedRespondents(
        round_,
        len(respondents),
        questions,
        {name: Option(name, q.label(name), q.label(name, "en")) for name, q in closed.questions.items()},
        dict(_conditions(closed, list(background))),
        variables,
        {q: _of_causes(q, own, place, column, scheme, lines) for q, own in by_question.items()},
        {name: one for name, one in groups.items() if one is not None},
        closed.crosstabs,
        described,
        frozenset({*scheme.questions, *background}),
    )


def _answers(coded: Sequence[CodedAnswer]) -> dict[str, tuple[CodedAnswer, ...]]:
    found: dict[str, list[CodedAnswer]] = {}
    for answer in coded:
        found.setdefault(answer.question, []).append(answer)
    return {question: tuple(answers) for question, answers in found.items()}


def _of_question(
    name: str, item: str, question: ClosedQuestion, respondents: Sequence[Respondent], meets: Mask
) -> Sorted:
    options = tuple(
        Option(level, described.label(described.written[0]), described.label(described.written[0], "en"))
        for level, described in question.levels.items()
    )
    described = question.variables()[item]
    labelled = described if item else question
    own = described.column if item else name
    variable = Variable(
        name,
        "option" if question.kind == "multiple" else "level",
        labelled.label(own),
        labelled.label(own, "en"),
        options,
        question.ordered,
        described.column,
    )
    place = {level: i for i, level in enumerate(question.levels)}
    chosen = [r.closed[name] for r in respondents]
    if question.kind == "multiple":
        matrix = np.zeros((len(chosen), len(options)), bool)
        for i, levels in enumerate(chosen):
            matrix[i, [place[level] for level in levels]] = True
        code = np.where(matrix.any(axis=1), 0, -1).astype(np.int64)
        return Sorted(variable, code, matrix, question.where, meets)
    code = np.array([place[levels[0]] if levels else -1 for levels in chosen], np.int64)
    values = tuple(level.written[0] for level in question.levels.values())
    return Sorted(variable, code, None, question.where, meets, described.column, values)


def _of_background(name: str, values: Sequence[str]) -> Sorted | None:
    """Sort by a background column; None where it has too few values, too many, or one for each respondent."""
    known = sorted({nfc(value.strip()) for value in values} - {""}, key=natural_order)
    if not GROUPS[0] <= len(known) <= GROUPS[1] or len(known) == len(values):
        return None
    place = {value: i for i, value in enumerate(known)}
    code = np.array([place.get(nfc(value.strip()), -1) for value in values], np.int64)
    options = tuple(Option(value, value, value) for value in known)
    return Sorted(Variable(name, "group", name, name, options), code, column=name, values=tuple(known))


def _of_causes(
    question: str,
    answers: Sequence[CodedAnswer],
    place: Mapping[str, int],
    column: str | None,
    scheme: Scheme,
    lines: str,
) -> Sorted:
    own, english = (columns_of(lines, question, scheme, lang) for lang in ("sv", "en"))
    given = own.count(given_by(answers, question, scheme))
    matrix = np.zeros((len(place), len(own.ids)), bool)
    code = np.full(len(place), -1, np.int64)
    for answer, row in zip(answers, given, strict=True):
        who = respondent_of(answer.answer_id, question, answer.background.get(column) if column else None)
        if who not in place:
            raise InputError(
                f"answer {answer.answer_id!r}: its respondent is not in closed.csv; classify the round again"
            )
        code[place[who]] = 0
        matrix[place[who]] |= row
    options = tuple(map(Option, own.ids, own.labels, english.labels))
    asked = scheme.question(question)
    labels = asked.wording(question, "sv"), asked.wording(question, "en")
    return Sorted(Variable(question, "cause", *labels, options, wording=labels[0]), code, matrix)


def _meets(question: ClosedQuestion, closed: Closed, background: Mapping[str, Sequence[str]]) -> Mask:
    meets = np.ones(len(closed.respondents), bool)
    for text in question.where:
        name, value = _condition(text, closed, background)
        if name in background:
            meets &= np.array([nfc(own.strip()) == value for own in background[name]], bool)
        else:
            meets &= np.array([value in r.closed[name] for r in closed.respondents], bool)
    return meets


def _conditions(closed: Closed, background: Sequence[str]) -> Iterator[tuple[str, Remark]]:
    """Say of each condition which column and value it asks for, as readers know them."""
    for question in closed.questions.values():
        for text in question.where:
            name, value = _condition(text, closed, background)
            if name not in background:
                asked = closed.questions[name]
                name, value = asked.label(name), asked.levels[value].label(asked.levels[value].written[0])
            yield text, Remark("where", {"condition": text, "column": name, "value": value})


def _condition(text: str, closed: Closed, background: Iterable[str]) -> tuple[str, str]:
    single = (name for name, question in closed.questions.items() if question.kind == "single")
    found = condition(text, [*background, *single])
    if found is None:
        raise InputError(f"where: {text!r} names no column of closed.csv; classify the round again")
    return found
