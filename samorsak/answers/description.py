"""The round description: how a round file is to be read, kept beside it as a small YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from samorsak.answers.closed import ClosedQuestion, CrosstabAsked
from samorsak.answers.files import read_bytes
from samorsak.answers.sniff import decode
from samorsak.errors import InputError, collected

SUFFIXES = (".yaml", ".yml")


class RoundDescription(BaseModel):
    """Where a round lies and which columns it is read from; each field is the option of the same name.

    Parameters
    ----------
    file : str
        The round file, relative to the description.
    title : str, optional
        For people.
    text : dict of str to str
        Question to column; not empty for a wide file.
    id, round, sheet, encoding, delimiter : str, optional
        As the options; what is left out is found.
    closed : dict of str to ClosedQuestion
        Closed questions, by their ids.
    crosstabs : tuple of CrosstabAsked, optional
        Which cross-tables are made; those that make sense where not given.
    respondent : str, optional
        The column of a long file that names who gave an answer.

    Examples
    --------
    >>> RoundDescription.model_validate({"file": "2024.xlsx", "round": 2024}).round
    '2024'
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    file: str = Field(min_length=1)
    title: str | None = None
    text: dict[str, str] = {}
    id: str | None = None
    round: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    closed: dict[str, ClosedQuestion] = {}
    crosstabs: tuple[CrosstabAsked, ...] | None = None
    respondent: str | None = None


def read_description(path: Path) -> RoundDescription:
    """Read a round description.

    Raises
    ------
    InputError
        When the file is no YAML, or a field is missing, unknown or not text.
    """
    import yaml

    text, _ = decode(read_bytes(path), path.name)
    try:
        _refuse_duplicates(yaml.compose(text, Loader=yaml.SafeLoader), path.name)
        fields = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise InputError(f"{path.name}{line}: not YAML, expected lines such as 'file: round.csv'") from None
    if not isinstance(fields, dict):
        raise InputError(f"{path.name}: not a round description, expected lines such as 'file: round.csv'")
    try:
        return RoundDescription.model_validate(fields)
    except ValidationError as error:
        problems = [
            f"{path.name}: {_problem(details['type'], details['loc'], details['msg'])}"
            for details in error.errors()
        ]
        raise InputError(collected(problems, "bad fields")) from None


def _refuse_duplicates(node: Any, name: str) -> None:
    """Refuse a field or question that stands twice: YAML would keep the last without a word."""
    seen: set[str] = set()
    for key, value in node.value if node is not None and node.id == "mapping" else ():
        if str(key.value) in seen:
            raise InputError(
                f"{name} line {key.start_mark.line + 1}: {key.value!r} stands twice, expected once"
            )
        seen.add(str(key.value))
        _refuse_duplicates(value, name)


def _problem(kind: str, loc: tuple[int | str, ...], message: str) -> str:
    field = ".".join(str(part) for part in loc if part != "[key]")
    if kind == "extra_forbidden" and len(loc) == 1:
        return f"unknown field {field!r}, expected one of {', '.join(RoundDescription.model_fields)}"
    if kind == "extra_forbidden":
        return f"unknown field {field!r}; see the fields of closed questions in README, under read"
    if kind == "value_error":
        return f"{field!r} is {message.removeprefix('Value error, ')}"
    if kind == "missing":
        return f"no field {field!r}, expected one"
    if loc[0] in ("closed", "crosstabs"):
        return f"field {field!r} is not as expected; put text in quotation marks, ids too"
    return f"field {field!r} is not as expected; put text in quotation marks, and question: column under text"
