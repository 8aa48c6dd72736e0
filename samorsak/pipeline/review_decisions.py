"""What a colleague filled in beside an answer, as a decision about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from samorsak.annotations import Marked, QueueRow
from samorsak.report.review_lines import heading, plain
from samorsak.report.review_phrases import review_phrases
from samorsak.report.review_reading import Entered
from samorsak.scheme import NO_CAUSE
from samorsak.wording import Lang

_ACCEPTED = ("x", "ja", "yes", "ok")
_LONGEST = 60  # a longer one may be the text of an answer, and is not shown


class EnteredError(Exception):
    """What was filled in on a row is no decision; the row's number, and what to do."""

    def __init__(self, number: int, fault: str) -> None:
        super().__init__(number, fault)
        self.number, self.fault = number, fault


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about an answer.

    Attributes
    ----------
    statements : tuple of Marked or None
        In the order of the text; None where the answer is coded as a whole.
    categories : tuple of str or None
        Of an answer coded as a whole.
    kept : bool
        As it was suggested.
    """

    statements: tuple[Marked, ...] | None
    categories: tuple[str, ...] | None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class _Cause:
    """A cause that was added: its row, its category and, where they were given, its words."""

    number: int
    category: str
    words: str


class Reader:
    """Reads decisions off the rows of answers.

    Parameters
    ----------
    labels : mapping of str to mapping of str to str
        For each question, the id of each label in its list.
    lang : {'sv', 'en'}
        Of the workbook.
    """

    def __init__(self, labels: Mapping[str, Mapping[str, str]], lang: Lang) -> None:
        self._words = review_phrases(lang)
        self._labels = {
            question: {plain(id_): id_ for id_ in own.values()} | {plain(name): own[name] for name in own}
            for question, own in labels.items()
        }

    def decision(self, row: QueueRow, entered: Sequence[Entered]) -> Decision | None:
        """Say what was decided about an answer.

        A statement that was accepted or given a category keeps its stretch; one that was said to state no
        cause goes. A cause that was added is marked where its words stand, if that is one place that no other
        statement takes; else only the whole answer can be given its category, and the stretches of the others
        are lost, except where another statement has the same category. So it is where two suggestions overlap
        and both hold, as a log has no statements that do.

        Parameters
        ----------
        row : QueueRow
        entered : sequence of Entered
            The rows of the answer.

        Returns
        -------
        Decision or None
            None where nothing was filled in.

        Raises
        ------
        EnteredError
            No category of the question, a contradiction, words that are not in the answer, or not everything
            is decided.
        """
        if any(own.line.kind == "whole" for own in entered):
            return self._whole(row, entered)
        marks: list[Marked] = []
        added: list[_Cause] = []
        open_, decided = [], 0
        for own in entered:
            category = self._category(row, own, "category")
            accepted = self._accepted(own)
            if own.line.suggested is None:
                done = self._cause(own, category, accepted, added)
            else:
                done = self._statement(own, category, accepted, marks)
            decided += done
            if own.line.kind != "more" and not done:
                open_.append(own)
        none_said = [own for own in open_ if own.line.kind == "statement" or not added]
        if not decided:
            return None
        if none_said:
            of = sum(own.line.kind == "statement" for own in entered)
            raise EnteredError(
                none_said[0].number,
                f"half done, {len(none_said)} of its {of} statements undecided; decide all",
            )
        if added and any(own.line.kind == "none" and self._accepted(own) for own in entered):
            raise EnteredError(added[0].number, "a cause beside an accepted 'no cause'; take one out")
        return self._placed(row, marks, added)

    def _statement(self, own: Entered, category: str | None, accepted: bool, marks: list[Marked]) -> bool:
        suggested = own.line.suggested
        assert suggested is not None
        if accepted and category not in (None, suggested.category):
            raise EnteredError(own.number, "accepted, and given another category; take one out")
        chosen = category or (suggested.category if accepted else None)
        if chosen is not None and chosen != NO_CAUSE:
            marks.append(Marked(suggested.start, suggested.end, chosen))
        return chosen is not None

    def _cause(self, own: Entered, category: str | None, accepted: bool, added: list[_Cause]) -> bool:
        words = own.cells["words"]
        if category is None and words and not accepted:
            raise EnteredError(own.number, f"words without a category; fill in {self._words['category']!r}")
        if accepted and (words or category not in (None, NO_CAUSE)):
            raise EnteredError(own.number, "accepted, and given another category; take one out")
        if category == NO_CAUSE and (words or own.line.kind == "more"):
            raise EnteredError(own.number, "no cause where one is added; choose a cause, or clear the row")
        if category is not None and category != NO_CAUSE:
            added.append(_Cause(own.number, category, words))
        return accepted or category is not None

    def _whole(self, row: QueueRow, entered: Sequence[Entered]) -> Decision | None:
        own = next(own for own in entered if own.line.kind == "whole")
        given = [self._category(row, own, name) for name in own.cells if name.startswith("cause")]
        chosen = tuple(dict.fromkeys(category for category in given if category is not None))
        if NO_CAUSE in chosen and len(chosen) > 1:
            raise EnteredError(own.number, "a cause beside 'no cause'; take one out")
        return Decision(None, tuple(c for c in chosen if c != NO_CAUSE)) if chosen else None

    def _placed(self, row: QueueRow, marks: Sequence[Marked], added: Sequence[_Cause]) -> Decision:
        """Mark the causes that were added where their words stand; else code the answer as a whole."""
        placed: list[Marked] = []
        loose: list[str] = []
        for mark in marks:  # a round's statements may overlap, a log's may not
            if any(mark.start < other.end and other.start < mark.end for other in placed):
                loose.append(mark.category)
            else:
                placed.append(mark)
        for cause in added:
            place = _place(row.text, cause, placed) if cause.words else None
            if place is None:
                loose.append(cause.category)
            else:
                placed.append(Marked(*place, cause.category))
        statements = tuple(sorted(placed, key=lambda mark: mark.start))
        categories = tuple(dict.fromkeys([*(mark.category for mark in statements), *loose]))
        if len(categories) > len({mark.category for mark in statements}):
            return Decision(None, categories)
        suggested = [Marked(s.start, s.end, s.category) for s in row.statements if s.category != NO_CAUSE]
        return Decision(statements, None, kept=statements == tuple(suggested))

    def _category(self, row: QueueRow, own: Entered, column: str) -> str | None:
        found = own.cells[column]
        if not found:
            return None
        category = self._labels[row.question].get(plain(found))
        if category is None:
            shown = repr(found) if len(found) <= _LONGEST else f"text of {len(found)} characters"
            raise EnteredError(
                own.number,
                f"{heading(column, self._words)!r} is {shown}, no category of {row.question!r}; "
                "choose one from the list",
            )
        return category

    def _accepted(self, own: Entered) -> bool:
        found = plain(own.cells.get("accept", ""))
        if found and found not in _ACCEPTED:
            shown = repr(found) if len(found) <= _LONGEST else f"text of {len(found)} characters"
            raise EnteredError(own.number, f"{self._words['accept']!r} is {shown}, expected x or nothing")
        return bool(found)


def note_of(entered: Sequence[Entered]) -> str:
    """Join the comments on an answer."""
    return " / ".join(dict.fromkeys(own.cells["comment"] for own in entered if own.cells.get("comment")))


_QUOTES = "\"'”“„»«’"


def _place(text: str, cause: _Cause, taken: Sequence[Marked]) -> tuple[int, int] | None:
    """Find where the words stand in the answer; None where another statement takes the place."""
    spans = _spans(text, cause.words) or _spans(text, cause.words.strip(_QUOTES))
    if not spans:
        raise EnteredError(
            cause.number, "its words do not stand in the answer; copy them from there, or clear the cell"
        )
    free = [(a, b) for a, b in spans if not any(a < mark.end and mark.start < b for mark in taken)]
    if len(free) > 1:
        raise EnteredError(
            cause.number, f"its words stand {len(free)} times in the answer; copy some more of them"
        )
    return free[0] if free else None


def _spans(text: str, words: str) -> list[tuple[int, int]]:
    """Find words in a text, whatever spaces and breaks are between them; as they are written, if so found."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    if not pattern:
        return []
    flags: Sequence[Literal[0] | re.RegexFlag] = (0, re.IGNORECASE)
    found = ([match.span() for match in re.finditer(pattern, text, flag)] for flag in flags)
    return next((spans for spans in found if spans), [])
