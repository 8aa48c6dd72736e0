"""A scheme as a REFI-QDA codebook (.qdc), which programs for qualitative analysis read and write.

Source: REFI-QDA standard 1.5, section 5.2 (XML schema for codebook exchange), www.qdasoftware.org. A question
is a code that cannot be used itself, its categories are the codes below it, the lines of a report are sets.
What has no place of its own stands in descriptions, as the YAML that a scheme is written in.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from samorsak.scheme.model import Category, Labelled, Scheme
from samorsak.scheme.writing import as_yaml

NAMESPACE = "urn:QDA-XML:codebook:1.0"

_GUIDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:samorsak:scheme")

NOT_HELD = (
    "a codebook does not hold the lexicon, and no comments of the YAML; keep the folder of the scheme",
    "programs may leave sets out when they save a codebook; with them go version, borders, the lines of "
    "reports, published figures and the crosswalk",
)
"""What a codebook cannot hold, and what may not come back; a sentence each."""


def qdc_bytes(scheme: Scheme, lang: str = "sv") -> bytes:
    """Write a scheme as a REFI-QDA codebook.

    Parameters
    ----------
    scheme : Scheme
    lang : {'sv', 'en'}
        Of the names that a program shows; all labels are kept.

    Returns
    -------
    bytes
        XML in utf-8, valid by the schema of the standard. The same scheme gives the same bytes: a GUID is
        made of the scheme's name, the question and the category.

    Examples
    --------
    >>> scheme = Scheme.model_validate({"questions": {"lost": {"categories": {"rain": {"label": "Rain"}}}}})
    >>> [code.get("name") for code in ET.fromstring(qdc_bytes(scheme)).iter(f"{{{NAMESPACE}}}Code")]
    ['lost', 'Rain']
    """
    root = ET.Element("CodeBook", {"xmlns": NAMESPACE, "origin": "samorsak"})
    codes = ET.SubElement(root, "Codes")
    for q, question in scheme.questions.items():
        fields = {"id": q, **_given(question, {"categories"})}
        parent = _code(codes, scheme, (q,), question.wording(q, lang), fields, codable=False)
        for c, category in question.categories.items():
            _code(parent, scheme, (q, c), category.name(c, lang), _category(c, category), codable=True)
    for r, residual in scheme.residual.items():
        fields = {"id": r, "residual": True, **_given(residual)}
        _code(codes, scheme, ("", r), residual.name(r, lang), fields, codable=True)
    sets = ET.SubElement(root, "Sets")
    _set(sets, scheme, ("",), scheme.name or "samorsak", _whole(scheme))
    for report, line, members in _lines(scheme):
        _line_set(sets, scheme, report, line, members, lang)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _given(part: Labelled | Any, without: set[str] | None = None) -> dict[str, Any]:
    given: dict[str, Any] = part.model_dump(by_alias=True, exclude_defaults=True, exclude=without)
    return given


def _category(id_: str, category: Category) -> dict[str, Any]:
    """Give what is no set: the lines that a report explicitly lacks stay with the category."""
    fields = {"id": id_, **_given(category, {"report"})}
    uncounted = {report: None for report, line in category.report.items() if line is None}
    return {**fields, "report": uncounted} if uncounted else fields


def _whole(scheme: Scheme) -> dict[str, Any]:
    fields = _given(scheme, {"questions", "residual", "lines"})
    lineless = [report for report, lines in scheme.lines.items() if not lines]
    return {"scheme": True, "version": scheme.version, **fields, **({"lines": lineless} if lineless else {})}


def _lines(scheme: Scheme) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield report, line and the categories counted under it; labelled lines first, as they stand."""
    members: dict[tuple[str, str], list[tuple[str, str]]] = {
        (report, line): [] for report, lines in scheme.lines.items() for line in lines
    }
    for q, question in scheme.questions.items():
        for c, category in question.categories.items():
            for report, line in category.report.items():
                if line is not None:
                    members.setdefault((report, line), []).append((q, c))
    for (report, line), own in members.items():
        yield report, line, own


def _line_set(
    sets: ET.Element, scheme: Scheme, report: str, line: str, members: list[tuple[str, str]], lang: str
) -> None:
    labelled = scheme.lines.get(report, {}).get(line)
    shown = labelled.name(line, lang) if labelled else line
    fields: dict[str, Any] = {"report": report, "line": line}
    if labelled is not None:
        fields["labels"] = _given(labelled)
    element = _set(sets, scheme, ("", report, line), f"{report}: {shown}", fields)
    for member in members:
        ET.SubElement(element, "MemberCode", {"guid": _guid(scheme, "code", member)})


def _code(
    parent: ET.Element,
    scheme: Scheme,
    place: tuple[str, ...],
    name: str,
    fields: Mapping[str, Any],
    *,
    codable: bool,
) -> ET.Element:
    attributes = {
        "guid": _guid(scheme, "code", place),
        "name": visible_name(name),
        "isCodable": "true" if codable else "false",
    }
    element = ET.SubElement(parent, "Code", attributes)
    ET.SubElement(element, "Description").text = as_yaml(fields)
    return element


def _set(
    sets: ET.Element, scheme: Scheme, place: tuple[str, ...], name: str, fields: Mapping[str, Any]
) -> ET.Element:
    element = ET.SubElement(sets, "Set", {"guid": _guid(scheme, "set", place), "name": visible_name(name)})
    ET.SubElement(element, "Description").text = as_yaml(fields)
    return element


def _guid(scheme: Scheme, kind: str, place: tuple[str, ...]) -> str:
    return str(uuid.uuid5(_GUIDS, repr((scheme.name or "", kind, *place))))


def visible_name(name: str) -> str:
    """Give a name without what a list of codes could not show; the description has the label itself."""
    return " ".join("".join(char if char.isprintable() else " " for char in name).split()) or "-"
