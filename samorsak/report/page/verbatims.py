"""The statements behind categories: what the page holds of them, and the panel that shows them.

The script of the page fills the panels, so that an answer with several statements is held once, and a page of
thousands opens at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from samorsak.report.document import Document, Section, Verbatim, Verbatims
from samorsak.report.page.markup import add, clean
from samorsak.report.page.words import IN_SCRIPT, WORDS
from samorsak.wording import Lang, number

_IN_SCRIPT = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
"""Characters that could end a script or begin another one; within JSON they are the same, so written."""

_SORTED = str.maketrans("åäö", "{|}")
"""So that å, ä, ö follow z in this order."""

IN_VIEW = 3
"""So many filters stand beside the search; the others are in a fold, lest a phone show nothing else."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the page holds of verbatims.

    Attributes
    ----------
    columns : mapping of str to tuple of str
        The background columns and the values of each.
    answers : tuple of (str, str, tuple of int)
        Each answer once: id, text, and the place of its value in each column.
    groups : mapping of str to list of (int, int, int)
        For each category its statements: place of the answer, start, end, as JavaScript counts characters.
    """

    columns: Mapping[str, tuple[str, ...]]
    answers: tuple[tuple[str, str, tuple[int, ...]], ...]
    groups: Mapping[str, list[tuple[int, int, int]]]

    def json(self, lang: Lang) -> str:
        """Write it as the script of the page reads it; nothing in it can end a script."""
        shown = {
            "words": {name: WORDS[lang][name] for name in IN_SCRIPT},
            "columns": [(clean(name), [clean(v) for v in values]) for name, values in self.columns.items()],
            "groups": self.groups,
            "answers": [(clean(answer_id), clean(text), values) for answer_id, text, values in self.answers],
        }
        return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT)


def add_panel(parent: Element, section: Section, said: Sequence[Verbatims], held: Held, lang: Lang) -> None:
    """Add search, filters and a fold for each category; without script, a line that says what is missing."""
    words = WORDS[lang]
    own = add(parent, "section", class_="said", aria_labelledby=f"said-{section.name}")
    add(own, f"h{section.level + 2}", words["said"], id=f"said-{section.name}")
    add(add(own, "noscript"), "p", words["needs_script"], class_="note")
    add(own, "p", words["on_screen"], class_="printed")
    live = add(own, "div", class_="live", hidden="hidden")
    add(live, "p", words["about_said"], class_="about")
    _add_form(live, section, held, words)
    add(live, "p", class_="status", role="status")
    for one in said:
        fold = add(live, "details", id=f"verbatims-{one.name}", data_verbatims=one.name)
        summary = add(fold, "summary")
        add(summary, "span", one.label, class_="name").tail = " "
        add(summary, "span", counted(one, lang), class_="n")
        add(fold, "ol", lang=None if lang == "sv" else "sv")
        add(fold, "button", words["more"], type="button", hidden="hidden")


def counted(one: Verbatims, lang: Lang) -> str:
    """Say how many statements there are behind a category."""
    words, total = WORDS[lang], number(one.total, lang=lang)
    if one.total > len(one.rows):
        return words["sampled"].format(number(len(one.rows), lang=lang), total)
    return words["statement" if one.total == 1 else "statements"].format(total)


def _add_form(parent: Element, section: Section, held: Held, words: Mapping[str, str]) -> None:
    form = add(parent, "form", role="search", aria_labelledby=f"said-{section.name}")
    label = add(form, "label", class_="search")
    add(label, "span", words["search"])
    add(label, "input", type="search", autocomplete="off", spellcheck="false")
    into = form
    for place, (column, values) in enumerate(held.columns.items()):
        if place == IN_VIEW and len(held.columns) > IN_VIEW + 1:
            folded = add(form, "details", class_="filters")
            add(folded, "summary", words["filter"])
            into = add(folded, "div")
        label = add(into, "label")
        add(label, "span", column)
        select = add(label, "select")
        add(select, "option", words["every"], value="")
        for code, value in enumerate(values):
            add(select, "option", value or words["missing"], value=str(code))
    add(form, "button", words["clear"], type="reset")


def hold(document: Document) -> Held | None:
    """Gather the verbatims of a report; None where there are none to show."""
    said = [b for one in document.sections for b in one.blocks if isinstance(b, Verbatims) and b.rows]
    if document.public or not said:
        return None
    rows = [row for one in said for row in one.rows]
    names = dict.fromkeys(name for row in rows for name in row.background)
    columns = {
        name: tuple(sorted({row.background.get(name, "") for row in rows}, key=_order)) for name in names
    }
    places = {name: {value: place for place, value in enumerate(own)} for name, own in columns.items()}
    answers: dict[tuple[str, str, tuple[int, ...]], int] = {}
    groups = {}
    for one in said:
        groups[one.name] = [
            (
                answers.setdefault(_answer(row, places), len(answers)),
                _in_utf16(row.text, start),
                _in_utf16(row.text, end),
            )
            for row, (start, end) in zip(one.rows, map(_stretch, one.rows), strict=True)
        ]
    return Held(columns, tuple(answers), groups)


def _order(value: str) -> tuple[bool, str]:
    """Order as Swedish is sorted, what is missing last."""
    return not value, value.casefold().translate(_SORTED)


def _answer(row: Verbatim, places: Mapping[str, Mapping[str, int]]) -> tuple[str, str, tuple[int, ...]]:
    background = tuple(own[row.background.get(name, "")] for name, own in places.items())
    return row.answer_id, row.text, background


def _stretch(row: Verbatim) -> tuple[int, int]:
    return (row.start, row.end) if row.start < row.end else (0, len(row.text))


def _in_utf16(text: str, offset: int) -> int:
    """Give an offset in code points as JavaScript counts it."""
    return offset if text.isascii() else len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
