"""The rows of the workbook in which a colleague reviews: what is written, and on import expected, in each.

Writing and reading go by the same lines: a cell that differs from its line was changed by somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from samorsak.annotations import QueueRow, Suggestion
from samorsak.report.review_phrases import CAUSES
from samorsak.report.sheets import shortened, visible
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.text import nfc, unify_breaks
from samorsak.wording import Lang

MORE = 2
"""Rows at least below each answer for causes that the machine missed."""

TEXT_WIDTH = 60
"""Width of the column with the answer, in characters."""

_HIGHEST = 24
"""Lines of an answer in one cell; Excel has no rows that are higher than 27, and cannot scroll in one."""

Kind = Literal["statement", "none", "more", "whole", "rest"]
"""A suggested statement; that no cause is suggested; room for a cause; an answer coded as a whole; only more
of the answer's text."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet.

    Attributes
    ----------
    key : str
        Tells the row: ``"3:2"`` is the second of the third answer.
    answer : int
        Place of the answer in what was exported, from 0.
    kind : {'statement', 'none', 'more', 'whole', 'rest'}
    suggested : Suggestion or None
        Of a row of kind `statement`.
    cells : mapping of str to str
        What is written in the locked columns, by the column's name in `review_phrases`.
    """

    key: str
    answer: int
    kind: Kind
    suggested: Suggestion | None
    cells: Mapping[str, str]


def columns_of(blind: bool) -> tuple[str, ...]:
    """Name the columns of the sheet, in their order.

    Examples
    --------
    >>> columns_of(blind=True)[:6]
    ('key', 'answer_id', 'question', 'text', 'cause 1', 'cause 2')
    """
    first = ("key", "answer_id", "question", "text")
    if blind:
        return (*first, *causes_of(), "comment")
    return (*first, "words", "suggestion", "accept", "category", "comment", "why")


def entered_in(kind: Kind) -> tuple[str, ...]:
    """Name the columns that a person fills in on a row of a kind."""
    return {
        "statement": ("accept", "category", "comment"),
        "none": ("words", "accept", "category", "comment"),
        "more": ("words", "category", "comment"),
        "whole": (*causes_of(), "comment"),
        "rest": (),
    }[kind]


def causes_of() -> tuple[str, ...]:
    """Name the columns for the causes of an answer that is coded as a whole."""
    return tuple(f"cause {n}" for n in range(1, CAUSES + 1))


def heading(column: str, words: Mapping[str, str]) -> str:
    """Give a column's heading."""
    name, _, number = column.partition(" ")
    return words[name].format(number)


def lines_of(
    rows: Sequence[QueueRow],
    labels: Mapping[str, Mapping[str, str]],
    questions: Mapping[str, str],
    words: Mapping[str, str],
    blind: bool,
) -> tuple[Line, ...]:
    """Lay out the rows of the sheet.

    Parameters
    ----------
    rows : sequence of QueueRow
    labels : mapping of str to mapping of str to str
        For each question, the id of each label; see `labels_of`.
    questions : mapping of str to str
        How each was put.
    words : mapping of str to str
        Of `review_phrases`.
    blind : bool
        A row for each answer, without suggestions.
    """
    found: list[Line] = []
    for place, row in enumerate(rows):
        named = {id_: label for label, id_ in labels[row.question].items()}
        texts = parts_of(row.text)
        kinds = list(_kinds(row, blind))
        kinds += [("rest" if blind else "more", None)] * (len(texts) - len(kinds))
        for number, (kind, suggested) in enumerate(kinds, 1):
            cells = {
                "key": f"{place + 1}:{number}",
                "answer_id": row.answer_id,
                "question": questions[row.question] if number == 1 else "",
                "text": texts[number - 1] if number <= len(texts) else "",
            }
            if suggested:
                cells["words"] = row.text[suggested.start : suggested.end]
                cells["suggestion"] = named[suggested.category]
            if kind in ("none", "more"):
                cells["suggestion"] = named[NO_CAUSE] if kind == "none" else words["more"]
            shown = {name: cell_of(text) for name, text in cells.items()}
            found.append(Line(cells["key"], place, kind, suggested, shown))
    return tuple(found)


def _kinds(row: QueueRow, blind: bool) -> Iterator[tuple[Kind, Suggestion | None]]:
    if blind:
        yield "whole", None
        return
    causes = [s for s in row.statements if s.category != NO_CAUSE]
    yield from (("statement", suggested) for suggested in causes)
    if not causes:
        yield "none", None
    yield from (("more", None) for _ in range(MORE))


def parts_of(text: str, width: int = TEXT_WIDTH, highest: int = _HIGHEST) -> list[str]:
    """Cut a long answer into what single cells show, where it can be between lines or words.

    Examples
    --------
    >>> parts_of("ett två tre", width=5, highest=1)
    ['ett ', 'två ', 'tre']
    """
    parts: list[str] = []
    at = 0
    while at < len(text) or not parts:
        end = _reach(text, at, width, highest)
        parts.append(text[at:end])
        at = end
    return parts


def _reach(text: str, at: int, width: int, highest: int) -> int:
    lines, end = 0, at
    while end < len(text):
        stop = text.find("\n", end) + 1 or len(text)
        lines += 1 + (stop - end) // width
        if lines > highest:
            if end > at:
                return end
            last = at + width * highest
            return text.rfind(" ", at + 1, last) + 1 or last
        end = stop
    return end


def cell_of(text: str) -> str:
    r"""Give a text as a cell shows it: what a sheet cannot hold as signs, what is too long cut with a mark.

    Examples
    --------
    >>> cell_of("a\x00b\r\nc")
    'a␀b\nc'
    """
    return shortened(visible(text))


_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def read_back(cell: str) -> str:
    r"""Read a text cell's escapes (ECMA-376 part 1, 22.9.2.19) as Excel does.

    Examples
    --------
    >>> read_back("a_x000D_\nb"), read_back("_x005F_x0041_")
    ('a\nb', '_x0041_')
    """
    return unify_breaks(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), cell))


def plain(label: str) -> str:
    """Give what tells labels apart however they are typed: neither case nor spaces count.

    Examples
    --------
    >>> plain(" Låg  EFTERFRÅGAN ") == plain("låg efterfrågan")
    True
    """
    return " ".join(nfc(label).casefold().split())


def labels_of(scheme: Scheme, question: str, lang: Lang) -> dict[str, str]:
    """Give the ids of a question's categories by the label shown, `no_cause` last.

    A label that two of them share, or that is another's id, is shown with its id behind it.
    """
    ids = (*scheme.outcomes(question), NO_CAUSE)
    labels = [cell_of(scheme.label(question, id_, lang)).strip() for id_ in ids]
    taken = [*map(plain, labels), *map(plain, ids)]
    return {
        label if taken.count(plain(label)) == 1 + (plain(label) == plain(id_)) else f"{label} ({id_})": id_
        for label, id_ in zip(labels, ids, strict=True)
    }
