"""A coded round for SPSS: a row for each respondent, a 0/1 variable for each cause, labels for choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from samorsak.answers import Closed
from samorsak.answers.closed import respondent_of, variable_name
from samorsak.coded import CodedAnswer, background_columns
from samorsak.errors import InputError
from samorsak.extras import extra
from samorsak.pipeline.evidence import read_run_scheme
from samorsak.pipeline.respondents import background_of, read_closed
from samorsak.report.delimited import write_text
from samorsak.report.files import read_coded
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.spss import (
    LONGEST_LABEL,
    ResponseSet,
    Variable,
    cut,
    given_variables,
    sps_text,
    text_variable,
    write_sav,
)
from samorsak.spss import variable_name as spss_name

SAV, SPS = "kodat.sav", "kodat.sps"
"""What the data and the syntax of their multiple response sets are called."""

_IDS = {"sv": ("Vem som svarade", "Omgång"), "en": ("Who answered", "Round")}
Respondents = Mapping[tuple[str, str], Mapping[str, str]]


def sav_is_possible() -> bool:
    """Say whether the libraries of the extra ``spss`` are installed."""
    return find_spec("pyreadstat") is not None


def write_coded_sav(folder: Path, out: Path, lang: str = "sv") -> tuple[str, ...]:
    """Write kodat.sav and kodat.sps of a coded round, without the text of answers.

    Raises
    ------
    InputError
        The extra ``spss`` is not installed, two variables have one name, or a file cannot be read or written.
    """
    variables, sets = coded_variables(folder, lang)
    write_sav(out / SAV, variables, read_run_scheme(folder).name or "")
    write_text(out / SPS, "\ufeff" + sps_text(SAV, sets))
    return SAV, SPS


def coded_variables(folder: Path, lang: str = "sv") -> tuple[list[Variable], list[ResponseSet]]:
    """Lay a run folder out as variables over respondents, in the order of the file.

    Parameters
    ----------
    folder : Path
    lang : {"sv", "en"}
        Of the labels.

    Returns
    -------
    list of Variable
        Id, round, background, closed questions, and of each open question a 0/1 variable for each cause; a
        respondent who did not answer a question has a missing value in all of its variables.
    list of ResponseSet
        Of the questions of which an answer may have several.
    """
    scheme, coded, closed = read_run_scheme(folder), read_coded(folder), read_closed(folder)
    rows = _respondents(coded, closed)
    ids = [
        text_variable(name, label, [row[place] for row in rows])
        for place, (name, label) in enumerate(zip(("respondent_id", "round"), _IDS[lang], strict=True))
    ]
    columns = dict.fromkeys(column for own in rows.values() for column in own)
    background = [
        text_variable(spss_name("bg", column), column, [own.get(column, "") for own in rows.values()])
        for column in columns
    ]
    chosen, sets = _closed_variables(closed, list(rows), lang)
    given, of_causes = _cause_variables(coded, closed, scheme, list(rows), lang)
    return [*ids, *background, *chosen, *given], [*sets, *of_causes]


def _respondents(coded: Sequence[CodedAnswer], closed: Closed | None) -> Respondents:
    """Give who answered, by round and id, with the background of each."""
    if closed is not None:
        columns = background_of(closed)
        return {
            (one.respondent_id, one.round): {column: one.background.get(column, "") for column in columns}
            for one in closed.respondents
        }
    columns = background_columns(coded)
    rows: dict[tuple[str, str], Mapping[str, str]] = {}
    for answer in coded:
        own = {column: answer.background.get(column, "") for column in columns}
        rows.setdefault(_who(answer, None), own)
    return rows


def _who(answer: CodedAnswer, closed: Closed | None) -> tuple[str, str]:
    column = closed.respondent_column if closed else None
    own = answer.background.get(column) if column else None
    return respondent_of(answer.answer_id, answer.question, own), answer.round


def _closed_variables(
    closed: Closed | None, rows: Sequence[tuple[str, str]], lang: str
) -> tuple[list[Variable], list[ResponseSet]]:
    variables: list[Variable] = []
    sets: list[ResponseSet] = []
    if closed is None:
        return variables, sets
    found = {(one.respondent_id, one.round): one.closed for one in closed.respondents}
    for name, question in closed.questions.items():
        labels = {level: own.label(own.written[0], lang) for level, own in question.levels.items()}
        for item, asked in question.variables().items():
            own = variable_name(name, item)
            chosen = [found[row].get(own, ()) for row in rows]
            wording = asked.label(asked.column, lang) if item else question.label(name, lang)
            if question.kind == "multiple":
                several = [levels or None for levels in chosen]
                made, of_question = given_variables(name, wording, labels, several, lang)
                variables, sets = variables + made, sets + of_question
                continue
            codes = {level: code for code, level in enumerate(labels, 1)}
            values = tuple(codes[levels[0]] if levels else None for levels in chosen)
            named = {code: cut(labels[level], 120) for level, code in codes.items()}
            variables.append(Variable(spss_name(own), cut(wording, LONGEST_LABEL), values, named))
    return variables, sets


def _cause_variables(
    coded: Sequence[CodedAnswer],
    closed: Closed | None,
    scheme: Scheme,
    rows: Sequence[tuple[str, str]],
    lang: str,
) -> tuple[list[Variable], list[ResponseSet]]:
    variables: list[Variable] = []
    sets: list[ResponseSet] = []
    for name, question in scheme.questions.items():
        found = {_who(answer, closed): answer.categories for answer in coded if answer.question == name}
        if not found:
            continue
        if strangers := found.keys() - set(rows):
            raise InputError(
                f"closed.csv: respondent {min(strangers)[0]!r} of answers.csv is not in it; classify again"
            )
        labels = {c: scheme.label(name, c, lang) for c in (*scheme.outcomes(name), NO_CAUSE)}
        given = [found.get(row) for row in rows]
        made, of_question = given_variables(name, question.wording(name, lang), labels, given, lang)
        variables, sets = variables + made, sets + of_question
    return variables, sets


def read_sav(path: Path) -> dict[str, tuple[str | int | None, ...]]:
    """Read the values of each variable of an SPSS file.

    Raises
    ------
    InputError
        The extra ``spss`` is not installed, or the file cannot be read.
    """
    with extra("spss", f"{path.name}: reading .sav"):
        import pyreadstat
    try:
        frame, _ = pyreadstat.read_sav(path)
    except (OSError, pyreadstat.PyreadstatError, pyreadstat.ReadstatError):
        raise InputError(f"{path}: cannot be read; expected it as 'samorsak report' wrote it") from None
    return {name: tuple(map(_value, frame[name])) for name in frame.columns}


def _value(found: object) -> str | int | None:
    if isinstance(found, str):
        return found
    if not isinstance(found, float) or found != found:
        return None
    return int(found) if found == int(found) else str(found)
