"""The workbook in which a colleague without Python reviews: statements, drop-downs, and the scheme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from samorsak.annotations import QueueRow, reason_phrase
from samorsak.annotations.checks import HALF_PAIR, annotation_of
from samorsak.annotations.rows import AnnotationRow, RowError
from samorsak.errors import AnnotationError, collected
from samorsak.report.review_cells import fit, font, head, picked, printed, save, write
from samorsak.report.review_hidden import HIDDEN, About, ExportedRow, hidden_rows
from samorsak.report.review_lines import (
    TEXT_WIDTH,
    Line,
    causes_of,
    cell_of,
    columns_of,
    entered_in,
    heading,
    labels_of,
    lines_of,
)
from samorsak.report.review_phrases import CAUSES, review_phrases
from samorsak.report.sheets import column_letters
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.wording import Lang

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = {
    "key": 6, "answer_id": 18, "question": 20, "text": TEXT_WIDTH, "words": 42, "suggestion": 25,
    "accept": 10, "category": 28, "cause": 24, "comment": 28, "why": 30,
}  # fmt: skip
_DONE, _HINT = "FFE2EFDA", "FF595959"  # of what is filled in, and of hints


def write_review_workbook(
    path: Path,
    rows: Sequence[QueueRow],
    scheme: Scheme,
    *,
    blind: bool = False,
    known: Mapping[int, Sequence[str]] | None = None,
    lang: Lang = "sv",
) -> None:
    """Write answers to be reviewed in Excel, in the order given.

    The same input gives the same bytes.

    Parameters
    ----------
    path : Path
    rows : sequence of QueueRow
    scheme : Scheme
        Its categories are what the drop-downs offer.
    blind : bool
        A row for each answer, coded as a whole and without suggestions, as for an audit; else a row for each
        suggested statement.
    known : mapping of int to sequence of str, optional
        By the place of a row, from 0: ids of the decisions on it that there are already.
    lang : {'sv', 'en'}

    Raises
    ------
    AnnotationError
        There are no rows, or some are of another scheme.
    InputError
        The file cannot be written, for example because it is open in Excel.
    """
    import openpyxl

    rows = [row.model_copy(update={"text": HALF_PAIR.sub("\ufffd", row.text)}) for row in rows]
    _check(rows, scheme, blind)
    asked = [question for question in scheme.questions if any(row.question == question for row in rows)]
    about = About(
        scheme=scheme.fingerprint(),
        lang=lang,
        blind=blind,
        labels={question: labels_of(scheme, question, lang) for question in asked},
        questions={question: scheme.question(question).wording(question, lang) for question in asked},
    )
    words = review_phrases(lang)
    book = openpyxl.Workbook()
    explaining, reviewed = book.worksheets[0], book.create_sheet(words["review"])
    explaining.title = words["read_me"]
    lists = _write_scheme(book.create_sheet(words["scheme"]), scheme, about, words)
    lines = lines_of(rows, about.labels, about.questions, words, blind)
    _write_lines(reviewed, lines, rows, about, words)
    _add_lists(reviewed, lines, rows, words, lists)
    _write_read_me(explaining, rows, about, words)
    _write_hidden(book.create_sheet(HIDDEN), about, rows, known or {})
    save(book, path, words["title"])


def _check(rows: Sequence[QueueRow], scheme: Scheme, blind: bool) -> None:
    """See that whatever is decided of the rows can be recorded."""
    problems = []
    places: dict[tuple[str, str, str, bool], int] = {}
    for number, row in enumerate(rows, 1):
        first = places.setdefault((row.round, row.question, row.answer_id, row.repeat), number)
        if first < number:
            problems.append(f"answer {number} to review: stands as answer {first} already; take one out")
        causes = [] if blind else [s for s in row.statements if s.category != NO_CAUSE]
        if not all(row.text[s.start : s.end].strip() for s in causes):
            problems.append(f"answer {number} to review: a suggestion without words; write the queue again")
        try:
            given = AnnotationRow(
                answer_id=row.answer_id,
                round=row.round or None,
                question=row.question,
                text=row.text,
                categories=[s.category for s in causes],  # their stretches may overlap
            )
            annotation_of(given, "", scheme, undecided_ok=True)
        except RowError as error:
            problems += [f"answer {number} to review: {fault}" for fault in error.faults]
        except ValidationError as error:
            name = error.errors()[0]["loc"][0]
            problems.append(f"answer {number} to review: {name} is not as expected; write the queue again")
    if problems:
        raise AnnotationError(collected(problems, "faults in the answers to review"))
    if not rows:
        raise AnnotationError("there is no answer to review, expected one or more; nothing is written")


def _write_lines(
    sheet: Worksheet,
    lines: Sequence[Line],
    rows: Sequence[QueueRow],
    about: About,
    words: Mapping[str, str],
) -> None:
    """Write a row for each line: what is locked, and the cells to fill in."""
    names = columns_of(about.blind)
    widths = [_WIDTHS[name.partition(" ")[0]] for name in names]
    entered = {name for line in lines for name in entered_in(line.kind)} - {"words"}
    head(sheet, [heading(name, words) for name in names], widths, [name in entered for name in names])
    for number, line in enumerate(lines, 2):
        first, cells = line.key.endswith(":1"), dict(line.cells)
        if first:
            cells["why"] = cell_of(_why(rows[line.answer], about.lang))
        own = entered_in(line.kind)
        for at, name in enumerate(names, 1):
            place = f"{column_letters(at)}{number}"
            cell = write(sheet, place, cells.get(name, ""), entered=name in own, first=first)
            if name == "suggestion" and line.kind == "more":
                cell.font = font(9, italic=True, color=_HINT)
        fit(sheet, number, [cells.get(name, "") for name in names], widths)
    sheet.freeze_panes = f"{column_letters(names.index('question') + 1)}2"
    sheet.sheet_view.zoomScale = 90
    printed(sheet)


def _why(row: QueueRow, lang: Lang) -> str:
    """Say once each why a row is shown, the strongest reason first."""
    said = dict.fromkeys(reason_phrase(reason.name, lang) for reason in row.reasons)
    return "\n".join(f"• {phrase}" if len(said) > 1 else phrase for phrase in said)


def _add_lists(
    sheet: Worksheet,
    lines: Sequence[Line],
    rows: Sequence[QueueRow],
    words: Mapping[str, str],
    lists: Mapping[str, str],
) -> None:
    """Let the cells to fill in offer their question's categories, and turn green when they are filled in."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    blind = any(line.kind == "whole" for line in lines)
    letter = {name: column_letters(number) for number, name in enumerate(columns_of(blind), 1)}
    choosing = causes_of() if blind else ("category",)
    for question, area in lists.items():
        own = [n for n, line in enumerate(lines, 2) if rows[line.answer].question == question]
        own = [n for n in own if lines[n - 2].kind != "rest"]
        picked(sheet, area, words["pick_title"], words["pick"], _areas(own, [letter[c] for c in choosing]))
    marked = [n for n, line in enumerate(lines, 2) if "accept" in entered_in(line.kind)]
    if marked:
        picked(sheet, '"x"', words["mark_title"], words["mark"], _areas(marked, [letter["accept"]]))
    first, last = letter[choosing[0]] if blind else letter["accept"], letter[choosing[-1]]
    for name in ("words", "accept", *choosing):
        own = [n for n, line in enumerate(lines, 2) if name in entered_in(line.kind)]
        if own:  # a column at a time: programs differ in which cell of several areas a rule speaks of
            rule = Rule("expression", formula=[f"COUNTA(${first}{own[0]}:${last}{own[0]})>0"])
            rule.dxf = DifferentialStyle(fill=PatternFill("solid", bgColor=_DONE))
            sheet.conditional_formatting.add(" ".join(_areas(own, [letter[name]])), rule)


def _areas(numbers: Sequence[int], letters: Sequence[str]) -> list[str]:
    """Give rows in a column, or in columns beside each other, as areas: those that follow as one.

    Examples
    --------
    >>> _areas([2, 3, 5], ["C"])
    ['C2:C3', 'C5:C5']
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [f"{letters[0]}{first}:{letters[-1]}{last}" for first, last in runs]


def _write_scheme(sheet: Worksheet, scheme: Scheme, about: About, words: Mapping[str, str]) -> dict[str, str]:
    """Write the scheme; give for each question the cells that hold its labels."""
    names, widths = ("question", "label", "id", "definition", "excludes"), [34, 36, 24, 70, 50]
    head(sheet, [words[name] for name in names], widths)
    number, lists = 2, {}
    for question, labels in about.labels.items():
        lists[question] = f"'{words['scheme']}'!$B${number}:$B${number + len(labels) - 1}"
        for label, id_ in labels.items():
            cells = [about.questions[question], label, id_, *_said_of(scheme, question, id_)]
            _write_row(sheet, number, cells, widths, bold=2)
            number += 1
    if scheme.borders:
        _write_row(sheet, number + 1, [words["borders"]], [200], bold=1)
        for at, rule in enumerate(scheme.borders, 1):
            _write_row(sheet, number + 1 + at, ["", "", str(at), rule], widths)
    sheet.freeze_panes = "C2"
    printed(sheet)
    return lists


def _write_row(
    sheet: Worksheet, number: int, cells: Sequence[str], widths: Sequence[float], bold: int = 0
) -> None:
    """Write locked cells; `bold` says which of them, from 1, is bold."""
    shown = [cell_of(text) for text in cells]
    for at, text in enumerate(shown, 1):
        cell = write(sheet, f"{column_letters(at)}{number}", text)
        if at == bold:
            cell.font = font(bold=True)
    fit(sheet, number, shown, widths[: len(shown)])


def _said_of(scheme: Scheme, question: str, id_: str) -> tuple[str, str]:
    own, residual = scheme.question(question).categories.get(id_), scheme.residual.get(id_)
    if own is not None:
        return own.definition or "", own.excludes or ""
    return (residual.rule or "" if residual else ""), ""


def _write_read_me(
    sheet: Worksheet, rows: Sequence[QueueRow], about: About, words: Mapping[str, str]
) -> None:
    """Explain how the workbook is filled in."""
    labels = next(iter(about.labels.values()))
    no_cause = next(label for label, id_ in labels.items() if id_ == NO_CAUSE)
    said = ["about", "accept", "category", "more", "done_suggested", "comment", "scheme", "back"]
    if about.blind:
        drawn = ["draw"] if any(row.audit for row in rows) else []
        said = ["about_blind", "causes", *drawn, "done_blind", "comment", "scheme", "back"]
    widths = [28, 100]
    head(sheet, [words["what"], words["explained"]], widths)
    for number, name in enumerate(said, 2):
        pair = words[f"name_{name}"], words[f"about_{name}"]
        cells = [text.format(answers=len(rows), no_cause=no_cause, n=CAUSES) for text in pair]
        _write_row(sheet, number, cells, widths, bold=1)
    sheet.freeze_panes = "A2"
    printed(sheet, landscape=False)


def _write_hidden(
    sheet: Worksheet, about: About, rows: Sequence[QueueRow], known: Mapping[int, Sequence[str]]
) -> None:
    bare = [row.model_copy(update={"background": {}, "reasons": ()}) for row in rows]
    exported = [ExportedRow(row=row, known=tuple(known.get(place, ()))) for place, row in enumerate(bare)]
    for number, cells in enumerate(hidden_rows(about, exported), 1):
        for at, text in enumerate(cells, 1):
            write(sheet, f"{column_letters(at)}{number}", text)
    sheet.sheet_state = "veryHidden"
    sheet.protection.enable()
