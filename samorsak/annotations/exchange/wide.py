"""A row for each answer: 1 and 0 in a column for each category, or the codes joined in one column.

So hand-coded material looks. It says which causes an answer gives, and not where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

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
    refuse,
)
from samorsak.annotations.model import Annotation, categories_of
from samorsak.answers.layout import no_answer
from samorsak.answers.table import Table, blank
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.spss import variable_name

CODES = "codes"
"""What the column of joined codes is called."""

_ANSWER = ("answer_id", "round", "question", "text")
_YES = {"1", "ja", "yes", "true", "sant", "x"}
_NO = {"0", "nej", "no", "false", "falskt"}
_BETWEEN = re.compile(r"[;,|\n]")

Cell = str | int | None


def wide_rows(
    annotations: Sequence[Annotation], scheme: Scheme, *, joined: bool = False
) -> Exported[tuple[list[str], list[list[Cell]]]]:
    """Lay annotations out as a header and rows.

    Parameters
    ----------
    annotations : sequence of Annotation
    scheme : Scheme
    joined : bool
        One column ``codes`` (``301;104``) in the place of a column for each category.

    Returns
    -------
    Exported
        Header and rows. A category that the row's question does not have, and all of a row that nobody has
        decided, are None.

    Examples
    --------
    >>> scheme = Scheme.model_validate({"questions": {"lost": {"categories": {"rain": {}, "snow": {}}}}})
    >>> header, rows = wide_rows([Annotation("1", "", "lost", "Snö.", None, ("snow",), "a")], scheme).content
    >>> header, rows
    (['answer_id', 'question', 'text', 'rain', 'snow', 'no_cause'], [['1', 'lost', 'Snö.', 0, 1, 0]])
    """
    asked = [q for q in scheme.questions if any(a.question == q for a in annotations)]
    own = {q: (*scheme.outcomes(q), NO_CAUSE) for q in asked}
    categories = list(dict.fromkeys(c for q in asked for c in own[q] if c != NO_CAUSE))
    columns = [CODES] if joined else [*categories, NO_CAUSE]
    given = [{**answer_fields(a), **kept_fields(a)} for a in annotations]
    answer = [name for name in _ANSWER if name == "text" or any(name in fields for fields in given)]
    kept = [name for name in KEPT if any(name in fields for fields in given)]
    rows: list[list[Cell]] = []
    for a, fields in zip(annotations, given, strict=True):
        found = categories_of(a) if a.decided else None
        cells: list[Cell]
        if joined:
            cells = [None if found is None else ";".join(c for c in own[a.question] if c in found)]
        else:
            cells = [None if found is None or c not in own[a.question] else int(c in found) for c in columns]
        flags = {"flags": ";".join(a.flags)} if a.flags else {}
        said = {**fields, **flags}
        rows.append([*(said.get(n) for n in answer), *cells, *(said.get(n) for n in kept)])
    header = [*answer, *(column if joined else _heading(column) for column in columns), *kept]
    marked = sum(bool(a.statements) for a in annotations)
    lost = f"{counted(marked, 'answer')} with marked stretches: the table says which causes, and not where"
    return Exported((header, rows), (lost,) if marked else ())


def _heading(category: str) -> str:
    return f"category {category}" if category in (*_ANSWER, *KEPT, CODES) else category


@dataclass(slots=True)
class _Layout:
    """Which column of a table is which category, question by question."""

    by_question: dict[str, dict[int, str]] = field(default_factory=dict)
    background: list[str] = field(default_factory=list)


def read_wide(
    table: Table,
    scheme: Scheme,
    fields: Fields | None = None,
    *,
    codes: str | None = None,
    unmarked: Literal["refuse", "no_cause", "undecided"] = "refuse",
) -> Imported:
    """Read hand-coded material.

    Parameters
    ----------
    table : Table
        As `samorsak.answers.files.read_table` reads it.
    scheme : Scheme
        A column whose name is the id or a label of a category holds that category; in an SPSS file the
        variable's name does.
    fields : Fields, optional
        What the columns of ids, texts, questions and rounds are called.
    codes : str, optional
        The column of joined codes, ids or labels between ``;``, ``,`` or ``|``. Not given: ``codes``, where
        no column holds a category.
    unmarked : {'refuse', 'no_cause', 'undecided'}
        What a row says that has 0 in every column. Rows without any mark are left out as not coded, but for
        ``'no_cause'``.

    Raises
    ------
    AnnotationError
        No column of a category, or cells that are not as expected; every fault is said, and nothing given.
    """
    fields = fields or Fields()
    names = Names(scheme)
    problems: list[str] = []
    layout = _laid_out(table, names, fields, codes)
    at = table.header.index(codes or CODES) if (codes or CODES) in table.header else None
    if at is None or (layout.by_question and codes is None):
        at = None
    if at is None and not layout.by_question:
        problems.append(
            f"{table.where}: no column is called as a category of the scheme or {codes or CODES!r}; name "
            "columns by ids or labels ('samorsak scheme show'), or the column of codes with --codes"
        )
    refuse(problems)
    reader = _Reader(table, names, fields, layout, at, unmarked)
    places = list(reader.places())
    refuse(reader.problems)
    source = table.name.rpartition(".")[0] or table.name
    return Imported(checked(places, source, scheme), tuple(reader.notes()))


def _laid_out(table: Table, names: Names, fields: Fields, codes: str | None) -> _Layout:
    taken = {fields.text, fields.answer_id, fields.question or "question", fields.round or "round", *KEPT}
    taken |= {codes or CODES}
    layout = _Layout()
    for i, heading in enumerate(table.header):
        if heading in taken:
            continue
        found = {q: c for q in names.scheme.questions if (c := _category(names, q, heading))}
        for q, c in found.items():
            layout.by_question.setdefault(q, {})[i] = c
        if not found:
            layout.background.append(heading)
    return layout


def _category(names: Names, question: str, heading: str) -> str | None:
    name = heading.removeprefix("category ")
    if names.has(question, name):
        return names.category(question, name)
    for c in (*names.scheme.outcomes(question), NO_CAUSE):
        if heading == variable_name(question, c):
            return c
    return None


class _Reader:
    """Rows of a table; what is wrong with one is collected, what is left out is counted."""

    def __init__(
        self, table: Table, names: Names, fields: Fields, layout: _Layout, codes: int | None, unmarked: str
    ) -> None:
        self.table, self.names, self.fields, self.layout = table, names, fields, layout
        self.codes, self.unmarked = codes, unmarked
        self.problems: list[str] = []
        self.texts = self.left = 0
        self.zeros: list[str] = []

    def notes(self) -> Iterator[str]:
        if self.layout.background:
            n = len(self.layout.background)
            shown = ", ".join(repr(name) for name in self.layout.background[:10] if len(name) <= 60)
            yield f"{counted(n, 'column')} taken for background and left out: {shown}"
        if self.texts:
            yield f"{counted(self.texts, 'row')} without a text left out"
        if self.left:
            yield f"{counted(self.left, 'row')} without any mark left out as not coded"
        if self.zeros:
            said = (
                "taken as read and without a cause"
                if self.unmarked == "no_cause"
                else "left out as not coded"
            )
            yield f"{counted(len(self.zeros), 'row')} without a cause {said}"

    def places(self) -> Iterator[Place]:
        for number, cells in self.table.rows:
            where = f"{self.table.where} {self.table.unit} {number}"
            row = dict(zip(self.table.header, cells, strict=True))
            answer = self.fields.of(row)
            if no_answer(row.get(self.fields.text, "")):
                self.texts += 1
                continue
            question = self._question(answer)
            kept = {name: row[name] for name in KEPT if not blank(row.get(name, ""))}
            if "flags" in kept:
                kept |= {"flags": [flag.strip() for flag in kept["flags"].split(";")]}  # type: ignore[dict-item]
            faults = len(self.problems)
            found = self._codes(cells) if self.codes is not None else self._marks(where, question, cells)
            if len(self.problems) > faults:
                continue
            if found or (found == [] and self._no_cause(where)):
                given = [self.names.category(question, name) for name in found]
                yield where, {**answer, **kept, "categories": given}
            elif found is None and {"skipped", "flagged"} & set(kept.get("flags", ())):
                yield where, {**answer, **kept}
            elif found is None and self.unmarked == "no_cause":
                self.zeros.append(where)
                yield where, {**answer, **kept, "categories": []}
            elif found is None:
                self.left += 1
        if self.zeros and self.unmarked == "refuse":
            self.problems.append(
                f"{self.table.where}: {counted(len(self.zeros), 'row')} with 0 everywhere, the first "
                f"{self.zeros[0]}: read and no cause, or not coded? say it with --unmarked no_cause or "
                "--unmarked undecided"
            )

    def _question(self, answer: Mapping[str, str]) -> str:
        asked = answer.get("question", "")
        questions = self.names.scheme.questions
        return next(iter(questions)) if not asked and len(questions) == 1 else str(asked)

    def _no_cause(self, where: str) -> bool:
        self.zeros.append(where)
        return self.unmarked == "no_cause"

    def _codes(self, cells: Sequence[str]) -> list[str] | None:
        """Give the codes of a row; None where there are none, which says nothing."""
        assert self.codes is not None
        given = [code.strip() for code in _BETWEEN.split(cells[self.codes])]
        return [code for code in given if code] or None

    def _marks(self, where: str, question: str, cells: Sequence[str]) -> list[str] | None:
        """Give the categories with a 1, none of them where all are 0, None where nothing is marked."""
        given, said = [], False
        own = self.layout.by_question.get(question, {})
        for i, category in own.items():
            cell = cells[i].strip().casefold()
            if cell in _YES:
                given.append(category)
            elif cell and cell not in _NO:
                shown = repr(cell) if len(cell) <= 8 else f"{len(cell)} characters"
                self.problems.append(f"{where}: {self.table.header[i]!r} is {shown}, expected 0 or 1")
            said |= bool(cell)
        for i in self._others(question):
            if cells[i].strip().casefold() in _YES:
                self.problems.append(
                    f"{where}: {self.table.header[i]!r} is marked, and {question!r} has no such category"
                )
        return given if said else None

    def _others(self, question: str) -> Iterable[int]:
        own = self.layout.by_question.get(question, {})
        return {i for columns in self.layout.by_question.values() for i in columns if i not in own}
