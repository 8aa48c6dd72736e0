"""doccano's JSON Lines: a line for each decision, ``label`` with stretches or with the names of causes.

doccano counts offsets as JavaScript does, in UTF-16 code units (its issue 2290, its component v-annotator),
unless the project counts grapheme clusters, which no file says; leave that setting off. Fields that it does
not know it keeps as metadata and gives back at the top of the line, so nothing is lost on the way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from samorsak.annotations.exchange.offsets import from_utf16, to_utf16
from samorsak.annotations.exchange.rows import (
    KEPT,
    Exported,
    Fields,
    Imported,
    Names,
    Place,
    answer_fields,
    checked,
    counted,
    kept_fields,
    load_json,
    refuse,
)
from samorsak.annotations.model import Annotation
from samorsak.scheme import NO_CAUSE, Scheme

Unit = Literal["utf-16", "code-points"]
Unmarked = Literal["refuse", "no_cause", "undecided"]


def doccano_lines(annotations: Iterable[Annotation], unit: Unit = "utf-16") -> Exported[str]:
    """Write annotations as doccano's JSON Lines.

    Parameters
    ----------
    annotations : iterable of Annotation
    unit : {'utf-16', 'code-points'}
        What offsets count; doccano itself counts in UTF-16 code units.

    Examples
    --------
    >>> from samorsak.annotations import Marked
    >>> done = Annotation("1", "", "lost", "😀 regn", (Marked(2, 6, "rain"),), None, "a")
    >>> print(doccano_lines([done]).content, end="")
    {"answer_id": "1", "question": "lost", "text": "😀 regn", "label": [[3, 7, "rain"]], "decided": true}
    """
    count: Callable[[str, int], int] = to_utf16 if unit == "utf-16" else lambda _, offset: offset
    lines, whole = [], 0
    for a in annotations:
        label: list[Any] = [
            [count(a.text, m.start), count(a.text, m.end), m.category] for m in a.statements or ()
        ]
        if a.categories is not None:
            label = list(a.categories or (NO_CAUSE,))
            whole += 1
        row = {**answer_fields(a), "label": label, "decided": a.decided, **kept_fields(a)}
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    mixed = 0 < whole < len(lines)
    lost = f"{counted(whole, 'answer')} coded as a whole; doccano wants these in a project of their own"
    return Exported("".join(lines), (lost,) if mixed else ())


def read_doccano(
    text: str,
    source: str,
    scheme: Scheme,
    fields: Fields | None = None,
    *,
    unit: Unit = "utf-16",
    unmarked: Unmarked = "refuse",
) -> Imported:
    """Read doccano's JSON Lines.

    Parameters
    ----------
    text : str
        The whole file.
    source : str
        Its name, for messages; without suffix it is the annotations' source.
    scheme : Scheme
    fields : Fields, optional
        What the lines' fields are called.
    unit : {'utf-16', 'code-points'}
    unmarked : {'refuse', 'no_cause', 'undecided'}
        What a line without labels says, where it does not say itself that it was decided: doccano writes an
        answer that nobody has read as one without a cause.

    Raises
    ------
    AnnotationError
        Lines that are not as expected; every fault is said, and nothing given.
    """
    names, fields, problems = Names(scheme), fields or Fields(), list[str]()
    places: list[Place] = []
    empty: list[str] = []
    for where, row in _lines(text, source, problems):
        if missing := fields.missing(row):
            found = ", ".join(name for name in list(row)[:10] if len(name) <= 40)
            wanted = " and ".join(map(repr, missing))
            problems.append(f"{where}: found {found}; expected {wanted}; name them with --text and --id")
            continue
        answer = {**fields.of(row), **{name: row[name] for name in KEPT if row.get(name)}}
        label = row.get("label", row.get("labels"))
        if not label and row.get("decided") is not True:
            if "skipped" in (row.get("flags") or ()) or "flagged" in (row.get("flags") or ()):
                places.append((where, answer))
                continue
            empty.append(where)
            label = []
            if unmarked != "no_cause":
                continue
        try:
            places.append(
                (where, {**answer, **_decision(str(answer.get("text", "")), answer, label, names, unit)})
            )
        except ValueError as error:
            problems.append(f"{where}: {error}")
    if empty and unmarked == "refuse":
        problems.append(
            f"{source}: {counted(len(empty), 'line')} without labels, the first {empty[0]}: read and no "
            "cause, or not read? say it with --unmarked no_cause or --unmarked undecided"
        )
    refuse(problems)
    said = {"no_cause": "taken as read and without a cause", "undecided": "left out as not read"}
    notes = [f"{counted(len(empty), 'line')} without labels {said[unmarked]}"] if empty else []
    return Imported(checked(places, source.rpartition(".")[0] or source, scheme), tuple(notes))


def _lines(text: str, source: str, problems: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{source} line {number}"
        try:
            row = load_json(line)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict):
            yield where, row
        else:
            problems.append(f"{where}: no JSON object with distinct names, expected doccano's JSON Lines")


def _decision(text: str, answer: Mapping[str, Any], label: Any, names: Names, unit: Unit) -> dict[str, Any]:
    question = str(answer.get("question", ""))
    if not question and len(names.scheme.questions) == 1:
        question = next(iter(names.scheme.questions))
    if isinstance(label, list) and label and all(isinstance(one, str) for one in label):
        return {"categories": [names.category(question, one) for one in label]}
    if not isinstance(label, list):
        raise ValueError("label is no list, expected stretches or names")
    marks = []
    for number, one in enumerate(label, 1):
        match one:
            case [int(start), int(end), str(category)]:
                pass
            case {"start_offset": int(start), "end_offset": int(end), "label": str(category)}:
                pass
            case _:
                raise ValueError(f"label {number} is no stretch, expected start, end and a name")
        if unit == "utf-16":
            units = (start, end)
            at = from_utf16(text, start), from_utf16(text, end)
            if at[0] is None or at[1] is None:
                raise ValueError(
                    f"label {number} is {units[0]}-{units[1]}, outside of the text or inside a character; "
                    "does the file count code points? --offsets code-points"
                )
            start, end = at[0], at[1]
        marks.append({"start": start, "end": end, "category": names.category(question, category)})
    return {"statements": marks}
