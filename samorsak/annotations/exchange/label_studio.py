"""Label Studio's JSON: a task for each answer, an annotation for each decision.

Label Studio counts offsets in code points; its older versions counted UTF-16 code units (its issue 1347, pull
request 1559). A marked stretch carries its own text, which says how it was counted. What Label Studio keeps
of an imported file are the task's ``data`` and the results: marked stretches (``labels``), causes of the
whole answer, flags (``choices``) and the note (``textarea``). Who decided and when it replaces by its own, so
``completed_by`` is not written (an unknown one makes the import fail, its pull request 1184); in the file
both stand under ``samorsak``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from samorsak.annotations.exchange.offsets import from_utf16
from samorsak.annotations.exchange.rows import (
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
from samorsak.annotations.model import FLAGS, Annotation
from samorsak.errors import AnnotationError
from samorsak.scheme import NO_CAUSE, Scheme

_OWN = ("annotator", "made_at", "origin", "scheme")
_LABEL, _WHOLE, _NOTE, _FLAGS = "label", "categories", "note", "flags"
_DATA = ("answer_id", "round", "question", "text", "audit")


def label_studio_json(annotations: Iterable[Annotation]) -> Exported[str]:
    """Write annotations as Label Studio's JSON.

    Examples
    --------
    >>> from samorsak.annotations import Marked
    >>> done = Annotation("1", "2024", "lost", "Det regnade.", (Marked(4, 11, "rain"),), None, "a")
    >>> json.loads(label_studio_json([done]).content)[0]["annotations"][0]["result"][0]["value"]
    {'start': 4, 'end': 11, 'text': 'regnade', 'labels': ['rain']}
    """
    tasks: dict[tuple[str, ...], dict[str, Any]] = {}
    for a in annotations:
        data = {**answer_fields(a), **({"audit": a.audit} if a.audit else {})}
        task = tasks.setdefault(
            tuple(data.get(name, "") for name in _DATA), {"data": data, "annotations": []}
        )
        if a.decided or a.flags or a.note:
            task["annotations"].append(_annotation(a))
    lost = (
        "Label Studio itself replaces who decided and when by its own user and time; the file keeps them "
        "under 'samorsak'",
    )
    content = json.dumps(list(tasks.values()), ensure_ascii=False, indent=1) + "\n"
    return Exported(content, lost if tasks else ())


def _annotation(a: Annotation) -> dict[str, Any]:
    fields = kept_fields(a)
    own = {name: fields[name] for name in _OWN if name in fields}
    flags = [flag for flag in a.flags if flag != "skipped"]
    result = [
        *(
            _result(_LABEL, "labels", f"s{n}", **_stretch(a.text, m))
            for n, m in enumerate(a.statements or ())
        ),
        *([_choices(_WHOLE, a.categories or (NO_CAUSE,))] if a.categories is not None else []),
        *([_choices(_FLAGS, flags)] if flags else []),
        *([_result(_NOTE, "textarea", _NOTE, text=[a.note])] if a.note else []),
    ]
    decided = {} if a.decided else {"decided": False}
    return {
        "result": result,
        "was_cancelled": "skipped" in a.flags,
        "ground_truth": "settled" in a.flags,
        "samorsak": {**own, **decided},
    }


def _stretch(text: str, marked: Any) -> dict[str, Any]:
    start, end = marked.start, marked.end
    return {"start": start, "end": end, "text": text[start:end], "labels": [marked.category]}


def _choices(name: str, chosen: Sequence[str]) -> dict[str, Any]:
    return _result(name, "choices", name, choices=list(chosen))


def _result(from_name: str, kind: str, id_: str, **value: Any) -> dict[str, Any]:
    return {"id": id_, "from_name": from_name, "to_name": "text", "type": kind, "value": value}


def labelling_config(scheme: Scheme, questions: Iterable[str], lang: str = "sv") -> str:
    """Write the labelling configuration of a Label Studio project, to be pasted into its settings."""
    labels = {c: scheme.label(q, c, lang) for q in questions for c in (*scheme.outcomes(q), NO_CAUSE)}

    def listed(tag: str, names: Mapping[str, str]) -> list[str]:
        return [f"    <{tag} value={quoteattr(id_)} hint={quoteattr(name)}/>" for id_, name in names.items()]

    marked = {id_: name for id_, name in labels.items() if id_ != NO_CAUSE}
    return "\n".join(
        [
            "<View>",
            f'  <Labels name="{_LABEL}" toName="text">',
            *listed("Label", marked),
            "  </Labels>",
            '  <Text name="text" value="$text" granularity="word"/>',
            f'  <Choices name="{_WHOLE}" toName="text" choice="multiple" required="false">',
            *listed("Choice", labels),
            "  </Choices>",
            f'  <Choices name="{_FLAGS}" toName="text" choice="multiple" required="false">',
            *listed("Choice", {flag: flag for flag in FLAGS if flag != "skipped"}),
            "  </Choices>",
            f'  <TextArea name="{_NOTE}" toName="text" maxSubmissions="1"/>',
            "</View>",
            "",
        ]
    )


def read_label_studio(text: str, source: str, scheme: Scheme, fields: Fields | None = None) -> Imported:
    """Read Label Studio's JSON.

    Parameters
    ----------
    text : str
        The whole file.
    source : str
        Its name, for messages; without suffix it is the annotations' source.
    scheme : Scheme
    fields : Fields, optional
        What the tasks' data are called.

    Raises
    ------
    AnnotationError
        Not an export of Label Studio as JSON, or of another project: labels, kinds of result or data that do
        not fit. Every fault is said, and nothing given.
    """
    try:
        tasks = load_json(text)
    except (ValueError, RecursionError):
        raise AnnotationError(f"{source}: no JSON, expected an export of Label Studio as JSON") from None
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise AnnotationError(f"{source}: no list of tasks, expected an export of Label Studio as JSON")
    problems: list[str] = []
    places: list[Place] = []
    reader = _Reader(Names(scheme), fields or Fields(), problems)
    for number, task in enumerate(tasks, 1):
        places += reader.rows(f"{source} task {number}", task)
    refuse(problems)
    return Imported(checked(places, source.rpartition(".")[0] or source, scheme), tuple(reader.notes()))


class _Reader:
    """Tasks to rows; what is wrong with one is collected, what is left out is counted."""

    def __init__(self, names: Names, fields: Fields, problems: list[str]) -> None:
        self.names, self.fields, self.problems = names, fields, problems
        self.unread = self.predicted = self.drafted = 0

    def notes(self) -> Iterator[str]:
        if self.unread:
            yield f"{counted(self.unread, 'task')} without an annotation left out; nobody has decided them"
        if self.predicted:
            yield f"{counted(self.predicted, 'prediction')} left out; a suggestion is no decision"
        if self.drafted:
            yield f"{counted(self.drafted, 'draft')} left out; a draft is no decision"

    def rows(self, where: str, task: Mapping[str, Any]) -> Iterator[Place]:
        data = task.get("data")
        if not isinstance(data, dict):
            self.problems.append(
                f"{where}: no 'data', expected an export of Label Studio as JSON; choose JSON, not JSON-MIN"
            )
            return
        if missing := self.fields.missing(data):
            self.problems.append(
                f"{where}: data has {_listed(data)}, expected {_listed(missing)}; name them with --text and "
                "--id, or export the right project"
            )
            return
        predicted = _list(task, "predictions")
        self.predicted += len(predicted)
        self.drafted += len(_list(task, "drafts"))
        done = _list(task, "annotations") or _list(task, "completions")
        self.unread += not done
        answer = {**self.fields.of(data), **({"audit": data["audit"]} if data.get("audit") else {})}
        for number, found in enumerate(done, 1):
            place = f"{where} annotation {number}" if len(done) > 1 else where
            try:
                yield place, {**answer, **self._decision(answer, found, bool(predicted))}
            except _Foreign as error:
                self.problems.append(f"{place}: {error}")

    def _decision(self, answer: Mapping[str, Any], found: Any, predicted: bool) -> dict[str, Any]:
        if not isinstance(found, dict) or not isinstance(found.get("result", []), list):
            raise _Foreign("no object with a 'result', expected an annotation; export the project again")
        own = found["samorsak"] if isinstance(found.get("samorsak"), dict) else {}
        row: dict[str, Any] = {"statements": [], "flags": ["skipped"] if found.get("was_cancelled") else []}
        for number, result in enumerate(found.get("result", []), 1):
            self._take(answer, result, number, row)
        marked = row.pop("statements")
        undecided = (row["flags"] and "skipped" in row["flags"]) or own.get("decided") is False
        if marked or not ("categories" in row or undecided):
            row["statements"] = marked
        shown = predicted or found.get("parent_prediction") is not None
        row["annotator"] = own["annotator"] if "annotator" in own else _who(found.get("completed_by"))
        row["made_at"] = own.get("made_at") or found.get("created_at")
        row["origin"] = own.get("origin") or ("suggested" if shown else "blind")
        row["scheme"] = own.get("scheme")
        return row

    def _take(self, answer: Mapping[str, Any], result: Any, number: int, row: dict[str, Any]) -> None:
        value = result.get("value") if isinstance(result, dict) else None
        if not isinstance(result, dict) or not isinstance(value, dict):
            raise _Foreign(f"result {number} has no 'value', expected one; export the project again")
        kind, question = result.get("type"), str(answer.get("question", ""))
        if not question and len(self.names.scheme.questions) == 1:
            question = next(iter(self.names.scheme.questions))
        if kind == "labels":
            start, end = _borders(str(answer["text"]), value, number)
            for label in _texts(value, "labels", number):
                category = self.names.category(question, label)
                row["statements"].append({"start": start, "end": end, "category": category})
        elif kind == "choices" and result.get("from_name") == _FLAGS:
            row["flags"] += _texts(value, "choices", number)
        elif kind == "choices":
            chosen = [self.names.category(question, name) for name in _texts(value, "choices", number)]
            row["categories"] = [*row.get("categories", []), *chosen]
        elif kind == "textarea":
            row["note"] = "\n".join([*filter(None, [row.get("note")]), *_texts(value, "text", number)])
        elif kind != "relation":
            shown = repr(kind) if isinstance(kind, str) and len(kind) <= 40 else "something else"
            raise _Foreign(
                f"result {number} is of type {shown}, expected 'labels', 'choices' or 'textarea'; export the "
                "project of this scheme"
            )


class _Foreign(Exception):
    """What keeps an annotation from being one of ours."""


def _list(task: Mapping[str, Any], name: str) -> list[Any]:
    found = task.get(name)
    return found if isinstance(found, list) else []


def _listed(names: Iterable[str]) -> str:
    shown = [repr(name) if len(name) <= 40 else f"a name of {len(name)} characters" for name in names]
    return ", ".join(shown[:10] + ([f"and {len(shown) - 10} more"] if len(shown) > 10 else [])) or "nothing"


def _texts(value: Mapping[str, Any], name: str, number: int) -> list[str]:
    found = value.get(name)
    found = [found] if isinstance(found, str) else found
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise _Foreign(f"result {number} has no {name!r}, expected a list of text; export the project again")
    return found


def _who(completed_by: Any) -> str:
    """Give a user as text: the e-mail address where it is given, else the number."""
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return "" if completed_by is None else str(completed_by)


def _borders(text: str, value: Mapping[str, Any], number: int) -> tuple[int, int]:
    """Give a stretch in code points, however it was counted."""
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int:
        raise _Foreign(
            f"result {number} has no whole numbers for start and end, expected a stretch of plain text"
        )
    said = value.get("text")
    if not isinstance(said, str) or not 0 <= start < end or _alike(text[start:end], said):
        return start, end
    older = from_utf16(text, start), from_utf16(text, end)
    if older[0] is not None and older[1] is not None and _alike(text[older[0] : older[1]], said):
        return older[0], older[1]
    raise _Foreign(
        f"result {number} is {start}-{end}, and its own text is not what stands there; was the text changed? "
        "mark it again"
    )


def _alike(found: str, said: str) -> bool:
    """Compare without white space, which Label Studio writes in its own ways (a break as two characters)."""
    return "".join(found.split()) == "".join(said.replace("\\n", " ").split()) or found == said
