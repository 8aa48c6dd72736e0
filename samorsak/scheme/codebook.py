"""A REFI-QDA codebook read as a scheme: one that samorsak wrote as it was, any other by its tree of codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

import yaml
from pydantic import ValidationError

from samorsak.errors import SchemeError, collected
from samorsak.scheme.model import Scheme
from samorsak.scheme.qdc import NAMESPACE, visible_name
from samorsak.scheme.reading import contradictions, parse_yaml
from samorsak.text import nfc

_SPACES = (NAMESPACE, "urn:QDA-XML:codebook:1:0")  # the second is what NVivo writes
_LARGEST = 2**24  # bytes
_DEEPEST = 50
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Codebook:
    """A scheme that was read from a codebook, and what was made of what a scheme does not have.

    Attributes
    ----------
    scheme : Scheme
    notes : tuple of str
        A sentence each.
    """

    scheme: Scheme
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Read:
    """A scheme as it is put together, and where each code ended up."""

    raw: dict[str, Any] = field(default_factory=lambda: {"questions": {}, "residual": {}, "lines": {}})
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_qdc(raw: bytes, name: str, question: tuple[str, str] | None = None) -> Codebook:
    """Read a REFI-QDA codebook.

    Of a codebook that samorsak did not write, a code with codes below it is a question, the codes below it,
    at every depth, are its categories, and codes that stand alone are those of a question ``codes``. Names
    become labels, descriptions definitions, and ids are made of the names.

    Parameters
    ----------
    raw : bytes
        The whole file.
    name : str
        Of the file, for messages.
    question : tuple of str, optional
        Id and wording of the one question that all codes answer.

    Raises
    ------
    SchemeError
        Not a codebook, with a document type, larger than 16 MB, or codes that contradict each other.
    """
    root = _parsed(raw, name)
    space = root.tag[1:].partition("}")[0]
    _check(root, space, name)
    codes = root.findall(f"{{{space}}}Codes/{{{space}}}Code")
    sets = root.findall(f"{{{space}}}Sets/{{{space}}}Set")
    read = _Read()
    ours = question is None and any("id" in _fields(code, space) for code in codes)
    if ours:
        try:
            _read_ours(codes, sets, space, read)
        except (TypeError, AttributeError, ValueError):  # a description that looks like ours and is not
            raise SchemeError(
                f"{name}: a description is not as samorsak writes it, expected YAML as in a scheme; "
                "export it again"
            ) from None
    else:
        _read_foreign(codes, sets, space, question, read)
    return Codebook(_scheme_of(read.raw, name), tuple(read.notes))


def _parsed(raw: bytes, name: str) -> ET.Element:
    """Parse what cannot do harm: bounded in size and depth, without a document type and its entities."""
    if len(raw) > _LARGEST:
        raise SchemeError(f"{name}: {len(raw)} bytes, expected a codebook of at most {_LARGEST}")
    depth = 0

    def refuse(*_: object) -> None:
        raise SchemeError(f"{name}: has a document type (DOCTYPE), expected none; export the codebook again")

    def begin(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise SchemeError(f"{name}: codes nested deeper than {_DEEPEST}, expected a codebook")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    try:
        parser.Parse(raw, True)
        root = ET.fromstring(raw)
    except (expat.ExpatError, ET.ParseError, ValueError, LookupError) as error:
        line = f" line {error.lineno}" if isinstance(error, expat.ExpatError) else ""
        raise SchemeError(f"{name}{line}: not XML, expected a REFI-QDA codebook (.qdc)") from None
    if root.tag not in {f"{{{space}}}CodeBook" for space in _SPACES}:
        raise SchemeError(
            f"{name}: found {_shown(root.tag)}, expected a CodeBook of {NAMESPACE}; "
            "export a codebook, no project"
        )
    return root


def _shown(text: str) -> str:
    return repr(text) if len(text) <= 80 else f"a name of {len(text)} characters"


def _check(root: ET.Element, space: str, name: str) -> None:
    """Refuse codes without what the standard asks for, and GUIDs that stand twice."""
    codes = list(root.iter(f"{{{space}}}Code"))
    problems = [] if codes else [f"{name}: no code, expected at least one"]
    seen: set[str] = set()
    for number, code in enumerate(codes, 1):
        guid = _guid(code)
        if not (code.get("name") or "").strip():
            problems.append(f"{name} code {number}: no name, expected one")
        if not _GUID.fullmatch(guid):
            problems.append(f"{name} code {number}: guid is missing or none, expected 32 hexadecimal digits")
        elif guid in seen:
            problems.append(f"{name} code {number}: has the guid of an earlier one, expected its own")
        seen.add(guid)
    if problems:
        raise SchemeError(collected(problems, "faults in the codebook"))


def _guid(element: ET.Element) -> str:
    return (element.get("guid") or "").strip().strip("{}").lower()


def _described(element: ET.Element, space: str) -> str:
    return (element.findtext(f"{{{space}}}Description") or "").strip()


def _fields(element: ET.Element, space: str) -> dict[str, Any]:
    """Give a description that is YAML as samorsak writes it; empty for any other."""
    text = _described(element, space)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            return {}
        found = parse_yaml(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return dict(found) if isinstance(found, Mapping) and {"id", "report", "scheme"} & set(found) else {}


def _read_ours(codes: Sequence[ET.Element], sets: Sequence[ET.Element], space: str, read: _Read) -> None:
    for code in codes:
        fields = _fields(code, space)
        id_ = str(fields.pop("id", "") or _id_of(_name(code), read.raw["questions"]))
        if fields.pop("residual", False):
            read.raw["residual"][id_] = _renamed(fields, _name(code))
            continue
        own: dict[str, Any] = {}
        read.raw["questions"][id_] = {**fields, "categories": own}
        for below in code.findall(f"{{{space}}}Code"):
            _read_category(below, space, id_, own, read)
    for found in sets:
        _read_set(found, space, read)


def _read_category(code: ET.Element, space: str, question: str, own: dict[str, Any], read: _Read) -> None:
    fields = _fields(code, space)
    if "id" in fields:
        category = str(fields.pop("id"))
        own[category] = _renamed(fields, _name(code))
    else:  # added in the other program
        category = _id_of(_name(code), own)
        own[category] = _plain(code, space, _name(code))
        read.notes.append(f"{question}: {category} is new, its id made of its name")
    read.places[_guid(code)] = (question, category)


def _renamed(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """Take a name that was changed in the other program for the label."""
    labels = [fields.get(key) for key in ("label_sv", "label_en", "label")]
    known = {visible_name(str(label)) for label in labels if label}
    if not known or name in known:
        return fields
    key = next(key for key in ("label_sv", "label", "label_en") if fields.get(key))
    return {**fields, key: name}


def _read_set(found: ET.Element, space: str, read: _Read) -> None:
    fields = _fields(found, space)
    members = [read.places.get(_guid(member)) for member in found.findall(f"{{{space}}}MemberCode")]
    if fields.pop("scheme", False):
        for report in fields.pop("lines", []):
            read.raw["lines"].setdefault(report, {})
        read.raw.update(fields)
    elif "report" in fields and "line" in fields:
        report, line = fields["report"], fields["line"]
        if "labels" in fields:
            read.raw["lines"].setdefault(report, {})[line] = fields["labels"]
        for question, category in filter(None, members):
            own = read.raw["questions"][question]["categories"][category]
            own.setdefault("report", {})[report] = line
    else:
        read.notes.append(f"the set {_shown(found.get('name') or '')} is left out; a scheme has no such sets")


def _read_foreign(
    codes: Sequence[ET.Element],
    sets: Sequence[ET.Element],
    space: str,
    question: tuple[str, str] | None,
    read: _Read,
) -> None:
    questions = read.raw["questions"]
    alone: dict[str, Any] = {}
    if question:
        questions[question[0]] = {"text": question[1], "categories": alone}
    for code in codes:
        below = code.findall(f"{{{space}}}Code")
        if question or not below:
            for path, leaf in _branches(code, space, ()):
                alone[_id_of(path, alone)] = _plain(leaf, space, path)
            continue
        id_ = _id_of(_name(code), questions)
        own: dict[str, Any] = {}
        questions[id_] = {"text": _name(code), "categories": own}
        for child in below:
            for path, leaf in _branches(child, space, ()):
                own[_id_of(path, own)] = _plain(leaf, space, path)
        read.notes.append(f"{id_}: a code with codes below it, taken for a question")
    if alone and not question:
        questions["codes"] = {"categories": alone}
        read.notes.append("codes: a question for the codes that stand alone")
    if sets:
        read.notes.append(f"{len(sets)} sets are left out; a scheme has none of its own")
    if any(code.get("color") for code in codes):
        read.notes.append("colours are left out; a scheme has none")


def _branches(code: ET.Element, space: str, above: tuple[str, ...]) -> Iterator[tuple[str, ET.Element]]:
    """Yield each code that can be given, with its name and those above it."""
    path = (*above, _name(code))
    below = code.findall(f"{{{space}}}Code")
    if not below or (code.get("isCodable") or "").strip() in ("true", "1"):
        yield " / ".join(path), code
    for child in below:
        yield from _branches(child, space, path)


def _name(code: ET.Element) -> str:
    return " ".join((code.get("name") or "").split())


def _plain(code: ET.Element, space: str, label: str) -> dict[str, Any]:
    definition = _described(code, space)
    return {"label": label, **({"definition": definition} if definition else {})}


def _id_of(name: str, taken: Mapping[str, Any]) -> str:
    """Make an id of a name: letters, digits and underscores, and a number where it is taken."""
    base = re.sub(r"\W+", "_", nfc(name).casefold()).strip("_")[:60] or "code"
    ids = [base, *(f"{base}_{n}" for n in range(2, len(taken) + 3))]
    return next(id_ for id_ in ids if id_ not in taken)


def _scheme_of(raw: dict[str, Any], name: str) -> Scheme:
    try:
        scheme = Scheme.model_validate(raw)
    except ValidationError as error:
        lines = [f"{name} {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise SchemeError(collected(lines, "faults in the codebook")) from None
    problems = [f"{name} {problem}" for problem in contradictions(scheme)]
    if problems:
        raise SchemeError(collected(problems, "faults in the codebook"))
    return scheme
