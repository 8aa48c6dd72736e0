"""The closed questions of a coded round and who answered them: closed.csv and closed.json in its folder."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from samorsak.answers import Closed, ClosedQuestion, CrosstabAsked, Respondent
from samorsak.answers.closed import variable_name
from samorsak.errors import InputError
from samorsak.report.delimited import parsed, read_rows, write_rows, write_text

CLOSED, CLOSED_QUESTIONS = "closed.csv", "closed.json"
"""What the files are called in the folder of a coded round."""

_OWN = ("respondent_id", "round")
_BETWEEN = ";"
_QUESTIONS = TypeAdapter(dict[str, ClosedQuestion])
_CROSSTABS = TypeAdapter(tuple[CrosstabAsked, ...] | None)


def write_closed(folder: Path, closed: Closed | None) -> None:
    """Write closed.csv and closed.json; without closed questions, remove those of an earlier run.

    Raises
    ------
    InputError
        The files cannot be written.
    """
    if closed is None:
        for name in (CLOSED, CLOSED_QUESTIONS):
            (folder / name).unlink(missing_ok=True)
        return
    variables, background = variables_of(closed), background_of(closed)
    rows = (
        [
            *(respondent.respondent_id, respondent.round),
            *(_BETWEEN.join(respondent.closed[name]) for name in variables),
            *(respondent.background.get(column, "") for column in background),
        ]
        for respondent in closed.respondents
    )
    write_rows(folder / CLOSED, (*_OWN, *variables, *background), rows)
    write_text(folder / CLOSED_QUESTIONS, _described(closed))


def copy_closed(folder: Path, out: Path) -> None:
    """Carry the closed questions of a run over to one that is made of it.

    Raises
    ------
    OSError
        The files cannot be written.
    """
    for name in (CLOSED, CLOSED_QUESTIONS):
        (out / name).unlink(missing_ok=True)
        if (folder / name).is_file():
            shutil.copyfile(folder / name, out / name)


def check_closed(closed: Closed | None) -> None:
    """Refuse what could not be written apart: a background column named as an own or a question's column.

    Raises
    ------
    InputError
        Names the column.
    """
    if closed is not None:
        for column in background_of(closed):
            if column in (*_OWN, *variables_of(closed)):
                raise InputError(
                    f"background column {column!r} has the name of a column of {CLOSED}; rename it"
                )


def told_of(closed: Closed | None) -> dict[str, Any]:
    """Say in a manifest what was read: how many respondents, and by which description."""
    if closed is None:
        return {}
    described = sha256(_described(closed).encode()).hexdigest()
    return {"closed": {"respondents": len(closed.respondents), "questions_sha256": described}}


def read_closed(folder: Path) -> Closed | None:
    """Read closed.csv and closed.json of a run folder; None where the round has no closed questions.

    Raises
    ------
    InputError
        One of the files is missing or not as it was written.
    """
    path = folder / CLOSED_QUESTIONS
    if not path.is_file() and not (folder / CLOSED).is_file():
        return None
    questions, crosstabs, column = _read_described(path)
    variables = tuple(variable_name(name, item) for name in questions for item in questions[name].variables())
    header, rows = read_rows(folder / CLOSED, (*_OWN, *variables))
    background = [name for name in header if name not in (*_OWN, *variables)]
    levels = {name: set(questions[name.partition("/")[0]].levels) for name in variables}
    common: dict[str, tuple[str, ...]] = {}

    def respondent(cells: dict[str, str]) -> Respondent:
        chosen = {}
        for name in variables:
            cell = cells[name]
            ids = common.setdefault(cell, tuple(filter(None, cell.split(_BETWEEN))))
            if not levels[name].issuperset(ids):
                raise ValueError(f"{name} is {cell!r}, expected levels of {CLOSED_QUESTIONS}")
            chosen[name] = ids
        own = {name: cells[name] for name in background}
        return Respondent(cells["respondent_id"], cells["round"], chosen, own)

    return Closed(questions, crosstabs, parsed(folder / CLOSED, header, rows, respondent), column)


def variables_of(closed: Closed) -> tuple[str, ...]:
    """Name what is counted by itself: questions of one or several choices, and the statements of matrices."""
    return tuple(
        variable_name(name, item)
        for name, question in closed.questions.items()
        for item in question.variables()
    )


def background_of(closed: Closed) -> tuple[str, ...]:
    """Name the background columns of the respondents, in file order."""
    return tuple(dict.fromkeys(name for respondent in closed.respondents for name in respondent.background))


def _described(closed: Closed) -> str:
    described = {
        "questions": _QUESTIONS.dump_python(dict(closed.questions), exclude_defaults=True, mode="json"),
        "crosstabs": _CROSSTABS.dump_python(closed.crosstabs, mode="json"),
        "respondent_column": closed.respondent_column,
    }
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def _read_described(
    path: Path,
) -> tuple[dict[str, ClosedQuestion], tuple[CrosstabAsked, ...] | None, str | None]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return (
            _QUESTIONS.validate_python(found["questions"]),
            _CROSSTABS.validate_python(found["crosstabs"]),
            found["respondent_column"],
        )
    except OSError:
        raise InputError(f"{path}: no such file, or not readable; classify the round again") from None
    except (ValueError, TypeError, KeyError, RecursionError, ValidationError):
        raise InputError(
            f"{path}: damaged, expected closed questions; run 'samorsak classify' again"
        ) from None
