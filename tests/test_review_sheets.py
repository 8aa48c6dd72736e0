"""The round trip through Excel: what is written, what a colleague may fill in, and what may have gone wrong."""

import datetime as dt
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import SCHEME, weather_answers
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import Result

from samorsak.annotations import Annotation, Marked, QueueRow, Reason, Store, Suggestion, write_queue
from samorsak.errors import AnnotationError, InputError, SamorsakError
from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.review_sheets import Imported, export_review, import_review
from samorsak.pipeline.reviewing import build_queue
from samorsak.report.review_hidden import HIDDEN, About, HiddenError, hidden_rows, read_hidden
from samorsak.report.review_lines import cell_of, labels_of, parts_of, read_back
from samorsak.report.sheets import escaped, visible
from samorsak.scheme import Scheme, read_scheme, scheme_text


def suggested(text: str, *stretches: tuple[str, str]) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(start=text.index(words), end=text.index(words) + len(words), category=c, probability=0.5)
        for words, c in stretches
    )


RAIN = "Det regnade mycket. Sedan kom snön, och det blåste."
ROWS = [
    QueueRow(
        answer_id="1",
        round="2024",
        question="lost",
        text=RAIN,
        statements=suggested(RAIN, ("Det regnade mycket", "rain"), ("Sedan kom snön", "wind")),
        reasons=(Reason(name="low_margin", strength=0.9),),
    ),
    QueueRow(answer_id="2", round="2024", question="lost", text="=1+1"),
    QueueRow(
        answer_id="3",
        round="2024",
        question="won",
        text="Solen.",
        statements=suggested("Solen.", ("Solen", "sun")),
    ),
]
COLUMNS = ("Rad", "Svars-id", "Fråga", "Svar", "Påstående", "Förslag", "Godkänn", "Din kategori", "Kommentar")
AGAIN = "undo the change, or export again and copy the decisions"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return export_review(tmp_path / "granska.xlsx", ROWS, SCHEME)


def changed(path: Path, change: Callable[[Any], object], title: str = "Granska") -> Path:
    """Open a workbook as a person would, change a sheet and save it."""
    book = openpyxl.load_workbook(path)
    change(book[title])
    book.save(path)
    return path


def filled(path: Path, cells: dict[tuple[str, str], object], title: str = "Granska") -> Path:
    """Fill in cells, each named by its row's key and its column's heading."""

    def fill(sheet: Worksheet) -> None:
        for (key, heading), value in cells.items():
            place(sheet, key, heading).value = value

    return changed(path, fill, title)


def place(sheet: Any, key: str, heading: str) -> Any:
    column = next(cell.column for cell in sheet[1] if cell.value == heading)
    row = next(cell.row for cell in sheet["A"] if cell.value == key)
    return sheet.cell(row, column)


def brought(path: Path, annotator: str = "anna", **options: Any) -> Imported:
    return import_review(path, annotator=annotator, annotations=path.parent / "log", scheme=SCHEME, **options)


def log(path: Path) -> list[Annotation]:
    return [found.annotation for found in Store(path.parent / "log", SCHEME).history()]


def refusal(path: Path, **options: Any) -> str:
    """Give why a whole workbook is refused; nothing of it is in the log."""
    with pytest.raises(SamorsakError) as caught:
        brought(path, **options)
    assert not (path.parent / "log").exists()
    return str(caught.value)


ALL = {
    ("1:1", "Godkänn"): "x",
    ("1:2", "Din kategori"): "Snö",
    ("2:1", "Godkänn"): "x",
    ("3:1", "Godkänn"): "x",
}


def test_decisions_come_back(sheet: Path) -> None:
    done = brought(filled(sheet, {**ALL, ("1:2", "Kommentar"): "tydligt", ("3:1", "Kommentar"): 5}))
    assert done == Imported(answers=3, recorded=3, kept=2)
    first, second, third = log(sheet)
    assert first.statements == (Marked(0, 18, "rain"), Marked(20, 34, "snow"))
    assert (first.text, first.round, first.question, first.answer_id) == (RAIN, "2024", "lost", "1")
    assert (first.annotator, first.origin, first.note) == ("anna", "suggested", "tydligt")
    assert first.scheme == SCHEME.fingerprint()
    assert (second.text, second.statements, second.categories) == ("=1+1", (), None)
    assert (third.statements, third.note) == ((Marked(0, 5, "sun"),), "5")


def test_what_is_written_can_be_read_and_only_the_cells_to_fill_in_changed(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    assert book.sheetnames == ["Läs mig", "Granska", "Schema", HIDDEN]
    assert [own.sheet_state for own in book] == ["visible", "visible", "visible", "veryHidden"]
    assert all(own.protection.sheet and own.protection.password is None for own in book)
    assert book.security.lockStructure
    granska = book["Granska"]
    shown = [[cell.value for cell in row] for row in granska.iter_rows(max_col=10)]
    more = "Fattas en orsak? Orden till vänster, kategori till höger"
    assert shown[0] == [*COLUMNS, "Varför raden är här"]
    assert shown[1][:6] == ["1:1", "1", "Varför inte?", RAIN, "Det regnade mycket", "Regn"]
    assert shown[1][6:] == [None, None, None, "En kategori ligger nära gränsen för att ges"]
    assert shown[2] == ["1:2", "1", None, None, "Sedan kom snön", "Vind", None, None, None, None]
    assert shown[3] == ["1:3", "1", None, None, None, more, None, None, None, None]
    assert shown[5][:6] == ["2:1", "2", "Varför inte?", "=1+1", None, "Ingen orsak angiven"]
    assert granska["D6"].data_type == "s"
    open_ = [
        [cell.column_letter for cell in row if not cell.protection.locked] for row in granska.iter_rows()
    ]
    assert open_[:6] == [[], [*"GHI"], [*"GHI"], [*"EHI"], [*"EHI"], [*"EGHI"]]
    assert granska.freeze_panes == "C2"
    assert granska.print_title_rows == "$1:$1"
    offered = {
        str(cell): rule.formula1
        for rule in granska.data_validations.dataValidation
        for cell in rule.sqref.ranges
    }
    assert offered["H2:H8"] == "'Schema'!$B$2:$B$6"
    assert offered["H9:H11"] == "'Schema'!$B$7:$B$9"
    assert offered["G2:G3"] == '"x"'
    scheme = [[cell.value for cell in row] for row in book["Schema"].iter_rows()]
    assert [row[1] for row in scheme[1:6]] == ["Regn", "Snö", "Vind", "Övrigt", "Ingen orsak angiven"]
    assert [row[1] for row in scheme[6:9]] == ["Sol", "Övrigt", "Ingen orsak angiven"]
    assert scheme[2] == ["Varför inte?", "Snö", "snow", None, "Hail: rain."]


def test_the_same_rows_give_the_same_bytes(sheet: Path, tmp_path: Path) -> None:
    again = export_review(tmp_path / "again.xlsx", ROWS, SCHEME)
    assert again.read_bytes() == sheet.read_bytes()


def test_a_filled_workbook_is_not_overwritten(sheet: Path) -> None:
    with pytest.raises(InputError) as caught:
        export_review(sheet, ROWS, SCHEME)
    way_out = "is there already, and may be filled in; name another -o, or add --overwrite"
    assert str(caught.value) == f"{sheet}: {way_out}"
    export_review(sheet, ROWS, SCHEME, overwrite=True)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "there is no answer to review, expected one or more; nothing is written"),
        (
            [ROWS[0].model_copy(update={"question": "won"})],
            "2 faults in the answers to review:\n"
            "  answer 1 to review: category 1 is 'rain', 'won' has: sun, other, no_cause\n"
            "  answer 1 to review: category 2 is 'wind', 'won' has: sun, other, no_cause",
        ),
        (
            [ROWS[1], ROWS[1]],
            "answer 2 to review: stands as answer 1 already; take one out",
        ),
        (
            [ROWS[1].model_copy(update={"question": "why"})],
            "answer 1 to review: question is 'why', expected one of: lost, won",
        ),
    ],
)
def test_rows_that_cannot_be_decided_are_refused(tmp_path: Path, rows: list[QueueRow], message: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        export_review(tmp_path / "a.xlsx", rows, SCHEME)
    assert str(caught.value) == message
    assert not (tmp_path / "a.xlsx").exists()


def test_another_name_than_a_workbooks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        export_review(tmp_path / "a.csv", ROWS, SCHEME)
    assert str(caught.value) == (
        f"{tmp_path / 'a.csv'}: expected the name of a workbook, ending in .xlsx; name another -o"
    )


# What a decision is


def test_labels_may_be_typed_and_ids_too(sheet: Path) -> None:
    typed = {("1:1", "Din kategori"): "  SNÖ ", ("1:2", "Din kategori"): "wind", ("3:1", "Godkänn"): " X "}
    assert brought(filled(sheet, typed)) == Imported(answers=3, recorded=2, kept=1, untouched=1)
    assert log(sheet)[0].statements == (Marked(0, 18, "snow"), Marked(20, 34, "wind"))


def test_a_statement_without_a_cause_goes(sheet: Path) -> None:
    brought(filled(sheet, {("1:1", "Din kategori"): "Ingen orsak angiven", ("1:2", "Godkänn"): "x"}))
    assert log(sheet)[0].statements == (Marked(20, 34, "wind"),)


@pytest.mark.parametrize(
    ("words", "span"),
    [("det blåste", (40, 50)), ("Det  BLÅSTE", (40, 50)), ("”det\nblåste”", (40, 50)), ("blåste.", (44, 51))],
)
def test_an_added_cause_is_marked_where_its_words_stand(
    sheet: Path, words: str, span: tuple[int, int]
) -> None:
    added = {("1:3", "Påstående"): words, ("1:3", "Din kategori"): "Övrigt"}
    assert brought(filled(sheet, {**ALL, **added})).recorded == 3
    assert log(sheet)[0].statements == (Marked(0, 18, "rain"), Marked(20, 34, "snow"), Marked(*span, "other"))


def test_without_a_place_of_its_own_an_added_cause_makes_it_whole(sheet: Path) -> None:
    added = {
        ("1:3", "Din kategori"): "Övrigt",
        ("3:2", "Påstående"): "Solen",
        ("3:2", "Din kategori"): "Övrigt",
    }
    assert brought(filled(sheet, {**ALL, **added})) == Imported(answers=3, recorded=3, kept=1, whole=2)
    first, _, third = log(sheet)
    assert (first.statements, first.categories) == (None, ("rain", "snow", "other"))
    assert (third.statements, third.categories) == (None, ("sun", "other"))


def test_an_added_cause_that_is_there_already_costs_no_stretch(sheet: Path) -> None:
    brought(filled(sheet, {**ALL, ("1:3", "Din kategori"): "Regn"}))
    assert log(sheet)[0].statements == (Marked(0, 18, "rain"), Marked(20, 34, "snow"))


def test_of_suggestions_that_overlap_both_hold_of_the_whole_answer(tmp_path: Path) -> None:
    overlapping = suggested(RAIN, ("Det regnade mycket", "rain"), ("mycket. Sedan kom snön", "snow"))
    path = export_review(
        tmp_path / "a.xlsx", [ROWS[0].model_copy(update={"statements": overlapping})], SCHEME
    )
    filled(path, {("1:1", "Godkänn"): "x", ("1:2", "Godkänn"): "x"})
    assert brought(path) == Imported(1, recorded=1, whole=1)
    filled(path, {("1:1", "Godkänn"): None, ("1:1", "Din kategori"): "Ingen orsak angiven"})
    assert brought(path, overwrite=True) == Imported(1, recorded=1)
    assert [(a.categories, a.statements) for a in log(path)] == [
        (("rain", "snow"), None),
        (None, (Marked(12, 34, "snow"),)),
    ]


def test_a_cause_where_none_was_suggested(sheet: Path) -> None:
    brought(filled(sheet, {("2:1", "Din kategori"): "Regn", ("2:1", "Påstående"): "1+1"}))
    brought(filled(sheet, {("3:1", "Din kategori"): "Ingen orsak angiven"}))
    assert [(a.answer_id, a.statements) for a in log(sheet)] == [("2", (Marked(1, 4, "rain"),)), ("3", ())]


def test_a_cause_below_an_answer_without_suggestions_decides_it(sheet: Path) -> None:
    brought(filled(sheet, {("2:2", "Din kategori"): "Regn", ("2:2", "Påstående"): "1+"}))
    assert [(a.answer_id, a.statements) for a in log(sheet)] == [("2", (Marked(1, 3, "rain"),))]


def test_a_comment_alone_is_flagged_once(sheet: Path) -> None:
    asked = {("1:1", "Kommentar"): "Vad menas?", ("1:2", "Kommentar"): "Fråga Bo"}
    assert brought(filled(sheet, asked)) == Imported(answers=3, flagged=1, untouched=2)
    assert brought(sheet) == Imported(answers=3, there=1, untouched=2)
    (found,) = log(sheet)
    assert (found.decided, found.flags, found.note) == (False, ("flagged",), "Vad menas? / Fråga Bo")


@pytest.mark.parametrize(
    ("cells", "row", "fault"),
    [
        ({("1:1", "Godkänn"): "x"}, 3, "half done, 1 of its 2 statements undecided; decide all"),
        (
            {("1:3", "Din kategori"): "Snö"},
            2,
            "half done, 2 of its 2 statements undecided; decide all",
        ),
        (
            {("1:1", "Godkänn"): "x", ("1:1", "Din kategori"): "Snö"},
            2,
            "accepted, and given another category; take one out",
        ),
        (
            {("1:1", "Din kategori"): "Regnn"},
            2,
            "'Din kategori' is 'Regnn', no category of 'lost'; choose one from the list",
        ),
        (
            {("1:1", "Din kategori"): "Sol"},
            2,
            "'Din kategori' is 'Sol', no category of 'lost'; choose one from the list",
        ),
        (
            {("1:1", "Din kategori"): RAIN * 3},
            2,
            "'Din kategori' is text of 153 characters, no category of 'lost'; choose one from the list",
        ),
        ({("1:1", "Godkänn"): "nej"}, 2, "'Godkänn' is 'nej', expected x or nothing"),
        (
            {("1:3", "Påstående"): "det blåste"},
            4,
            "words without a category; fill in 'Din kategori'",
        ),
        (
            {
                ("1:1", "Godkänn"): "x",
                ("1:2", "Godkänn"): "x",
                ("1:3", "Din kategori"): "Ingen orsak angiven",
            },
            4,
            "no cause where one is added; choose a cause, or clear the row",
        ),
        (
            {**ALL, ("1:3", "Påstående"): "det haglade", ("1:3", "Din kategori"): "Övrigt"},
            4,
            "its words do not stand in the answer; copy them from there, or clear the cell",
        ),
        (
            {**ALL, ("1:3", "Påstående"): "e", ("1:3", "Din kategori"): "Övrigt"},
            4,
            "its words stand 2 times in the answer; copy some more of them",
        ),
        (
            {("2:1", "Godkänn"): "x", ("2:1", "Din kategori"): "Snö"},
            6,
            "accepted, and given another category; take one out",
        ),
        (
            {("2:1", "Godkänn"): "x", ("2:2", "Din kategori"): "Snö"},
            7,
            "a cause beside an accepted 'no cause'; take one out",
        ),
    ],
)
def test_what_is_no_decision_is_said_and_the_rest_imported(
    sheet: Path, cells: dict[tuple[str, str], object], row: int, fault: str
) -> None:
    done = brought(filled(sheet, {**cells, ("3:1", "Godkänn"): "x"}))
    assert done.problems == [f"{sheet} row {row}: {fault}"]
    assert "3" in [a.answer_id for a in log(sheet)]
    bad = "1" if row < 6 else "2"
    assert bad not in [a.answer_id for a in log(sheet)]


# Coming back again, and others


def test_coming_back_again_adds_only_what_is_new(sheet: Path) -> None:
    assert brought(filled(sheet, {("3:1", "Godkänn"): "x"})) == Imported(3, recorded=1, kept=1, untouched=2)
    assert brought(filled(sheet, ALL)) == Imported(3, recorded=2, kept=1, there=1)
    assert len(log(sheet)) == 3


def test_decisions_made_meanwhile_are_conflicts(sheet: Path) -> None:
    brought(filled(sheet, ALL), annotator="bo")
    brought(sheet, annotator="cilla", overwrite=True)
    done = brought(sheet)
    way_out = "since the export; leave it, or import it too with --overwrite"
    assert done.recorded == 0
    assert done.problems == [
        f"{sheet} row {row}: answer '{id_}' was decided by bo, cilla {way_out}"
        for row, id_ in ((2, "1"), (6, "2"), (9, "3"))
    ]
    assert brought(sheet, overwrite=True).recorded == 3


def test_what_was_decided_before_the_export_is_no_conflict(sheet: Path) -> None:
    brought(filled(sheet, ALL), annotator="bo")
    later = export_review(sheet.parent / "later.xlsx", ROWS, SCHEME, annotations=sheet.parent / "log")
    assert brought(filled(later, ALL)) == Imported(3, recorded=3, kept=2)


def test_ones_own_change_of_mind_is_a_conflict_too(sheet: Path) -> None:
    brought(filled(sheet, ALL))
    filled(sheet, {("1:2", "Din kategori"): "Regn"})
    assert brought(sheet).problems == [
        f"{sheet} row 2: answer '1' was decided by anna since the export; "
        "leave it, or import it too with --overwrite"
    ]
    assert brought(sheet, overwrite=True) == Imported(3, recorded=1, there=2)
    view = Store(sheet.parent / "log", SCHEME).view()
    assert {
        m.category for r in view if r.annotation.answer_id == "1" for m in r.annotation.statements or ()
    } == {"rain"}


def test_silent_repeats_supersede_nothing(tmp_path: Path) -> None:
    again = ROWS[2].model_copy(update={"repeat": True})
    path = export_review(tmp_path / "granska.xlsx", [ROWS[2], again], SCHEME)
    filled(path, {("1:1", "Godkänn"): "x", ("2:1", "Din kategori"): "Övrigt"})
    assert brought(path) == Imported(2, recorded=2, kept=1)
    assert brought(path) == Imported(2, there=2)
    assert [a.flags for a in log(path)] == [(), ("repeat",)]


def test_the_annotators_name_has_to_be_one(sheet: Path) -> None:
    assert refusal(filled(sheet, ALL), annotator="a/b") == (
        "annotator is 'a/b', expected letters, digits, - and _; it names the file of the log"
    )


# Without suggestions


def test_blind_an_answer_is_coded_as_a_whole(tmp_path: Path) -> None:
    path = export_review(tmp_path / "blind.xlsx", ROWS, SCHEME, blind=True, lang="en")
    cells = {
        ("1:1", "Cause 1"): "rain",
        ("1:1", "Cause 8"): "wind",
        ("1:1", "Comment"): "clear",
        ("2:1", "Cause 2"): "No cause given",
    }
    assert brought(filled(path, cells, "Review")) == Imported(3, recorded=2, untouched=1)
    first, second = log(path)
    assert (first.categories, first.statements) == (("rain", "wind"), None)
    assert (first.origin, first.note) == ("blind", "clear")
    assert second.categories == ()
    shown = openpyxl.load_workbook(path)["Review"]
    assert not {cell.value for row in shown for cell in row} & {"Suggestion", "Det regnade mycket"}


def test_blind_two_people_do_not_see_each_other(tmp_path: Path) -> None:
    path = export_review(tmp_path / "blind.xlsx", ROWS, SCHEME, blind=True)
    filled(path, {("3:1", "Orsak 1"): "Sol"})
    assert brought(path, annotator="bo").recorded == 1
    assert brought(path).recorded == 1
    filled(path, {("3:1", "Orsak 1"): "Övrigt"})
    assert brought(path).problems == [
        f"{path} row 4: answer '3' was decided by anna since the export; "
        "leave it, or import it too with --overwrite"
    ]


def test_no_cause_stands_alone(tmp_path: Path) -> None:
    path = export_review(tmp_path / "blind.xlsx", ROWS, SCHEME, blind=True)
    filled(path, {("1:1", "Orsak 1"): "Ingen orsak angiven", ("1:1", "Orsak 2"): "Regn"})
    assert brought(path).problems == [f"{path} row 2: a cause beside 'no cause'; take one out"]


# Changed by whoever had it


@pytest.mark.parametrize(
    ("change", "problem", "recorded"),
    [
        (lambda s: s.delete_rows(3), "answer '1' lacks 1 of its 4 rows; " + AGAIN, ["2", "3"]),
        (lambda s: s.delete_rows(2, 4), "answer '1' lacks 4 of its 4 rows; " + AGAIN, ["2", "3"]),
        (
            lambda s: s.append([cell.value for cell in s[9]]),
            "row 12: stands on row 9 already; take one out",
            ["1", "2"],
        ),
        (
            lambda s: s.append(["note to myself"]),
            "row 12: 'Rad' is 'note to myself', expected a row as exported; " + AGAIN,
            ["1", "2", "3"],
        ),
        (
            lambda s: setattr(s["A9"], "value", None),
            "row 9: 'Rad' is blank, expected a row as exported; " + AGAIN,
            ["1", "2"],
        ),
        (
            lambda s: setattr(s["B9"], "value", "4"),
            "row 9: 'Svars-id' is not as it was exported; " + AGAIN,
            ["1", "2"],
        ),
        (
            lambda s: setattr(s["D2"], "value", "Nej."),
            "row 2: 'Svar' is not as it was exported; " + AGAIN,
            ["2", "3"],
        ),
        (
            lambda s: setattr(s["E2"], "value", "Det regnade"),
            "row 2: 'Påstående' is not as it was exported; " + AGAIN,
            ["2", "3"],
        ),
        (
            lambda s: setattr(s["F2"], "value", "Snö"),
            "row 2: 'Förslag' is not as it was exported; " + AGAIN,
            ["2", "3"],
        ),
        (
            lambda s: setattr(s["H3"], "value", '=CONCAT("S","nö")'),
            "row 3: 'Din kategori' holds a formula, expected text; paste its value",
            ["2", "3"],
        ),
        (
            lambda s: setattr(s["I3"], "value", dt.datetime(2024, 2, 1)),
            "row 3: 'Kommentar' holds a date or time, expected text; write it as text",
            ["2", "3"],
        ),
        (
            lambda s: setattr(s["G9"], "value", True),
            "row 9: 'Godkänn' holds true or false, expected text; choose from the list",
            ["1", "2"],
        ),
        (
            lambda s: setattr(s["G9"], "value", "#N/A"),
            "row 9: 'Godkänn' holds an error of Excel's, expected text; clear it",
            ["1", "2"],
        ),
    ],
)
def test_a_row_that_is_not_as_exported_is_said_and_the_rest_imported(
    sheet: Path, change: Callable[[Any], object], problem: str, recorded: Sequence[str]
) -> None:
    changed(filled(sheet, ALL), change)
    done = brought(sheet)
    assert done.problems == [f"{sheet}{':' if problem.startswith('answer') else ''} {problem}"]
    assert [a.answer_id for a in log(sheet)] == recorded


def test_whole_rows_in_another_order_are_the_same_rows(sheet: Path) -> None:
    def reverse(own: Any) -> None:
        rows = [[cell.value for cell in row] for row in own.iter_rows(min_row=2)]
        for number, row in enumerate(reversed(rows), 2):
            for column, value in enumerate(row, 1):
                own.cell(number, column).value = value
                own.cell(number, column).data_type = "n" if value is None else "s"

    changed(filled(sheet, ALL), reverse)
    assert brought(sheet).recorded == 3


def test_columns_of_ones_own_are_passed_over(sheet: Path) -> None:
    changed(filled(sheet, ALL), lambda s: s.insert_cols(3))
    changed(sheet, lambda s: setattr(s["C1"], "value", "Mitt"))
    assert brought(sheet).recorded == 3


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda s: s.delete_cols(8),
            " sheet 'Granska': column 'Din kategori' is missing, expected: "
            f"{', '.join(COLUMNS)}, Varför raden är här; {AGAIN}",
        ),
        (
            lambda s: setattr(s["K1"], "value", "Kommentar"),
            " sheet 'Granska': column 'Kommentar' stands twice; take out the one that was added",
        ),
        (
            lambda s: s.merge_cells("H2:H3"),
            ": cells H2:H3 are merged, expected none; split them and save again",
        ),
        (
            lambda s: setattr(s["A1200"], "value", "x"),
            " row 1200: beyond the 1010 rows it can have; take out what was added below",
        ),
        (lambda s: setattr(s, "title", "Klar"), f": sheet 'Granska' is missing; {AGAIN}"),
        (
            lambda s: s.parent.remove(s.parent[HIDDEN]),
            ": not of 'samorsak review export', or without its hidden sheet; import the file exported",
        ),
        (
            lambda s: setattr(
                s.parent[HIDDEN]["A3"], "value", s.parent[HIDDEN]["A3"].value.replace("rain", "wind")
            ),
            ": its hidden sheet was changed, or is of another version of samorsak; "
            "export again and copy the decisions",
        ),
    ],
)
def test_a_workbook_that_cannot_be_trusted_is_refused(
    sheet: Path, change: Callable[[Any], object], fault: str
) -> None:
    changed(filled(sheet, ALL), change)
    assert refusal(sheet) == f"{sheet}{fault}"


def test_another_schemes_workbook_is_refused(tmp_path: Path) -> None:
    other = SCHEME.model_copy(update={"borders": ["Rain before snow."]})
    path = filled(export_review(tmp_path / "granska.xlsx", ROWS, other), ALL)
    assert refusal(path) == (
        f"{path}: made with another scheme ({other.fingerprint()}, expected {SCHEME.fingerprint()}); "
        "name its scheme with --scheme, or export again"
    )


@pytest.mark.parametrize(
    "content", [b"Rad;Svars-id\r\n1:1;1\r\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, b""]
)
def test_csv_and_xls_under_another_name_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "granska.xlsx"
    path.write_bytes(content)
    assert refusal(path) == (
        f"{path}: not an Excel workbook (.xlsx), or protected by a password; "
        "open it in Excel and save it again as .xlsx without one"
    )


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    path = tmp_path / "granska.xlsx"
    assert refusal(path) == (
        f"{path}: cannot be read (No such file or directory); check the spelling, close it in other programs"
    )


def test_another_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "granska.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(path) == (
        f"{path}: damaged workbook (KeyError); open it in Excel and save it again as .xlsx"
    )


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))


def test_a_zip_bomb_is_not_unpacked(sheet: Path) -> None:
    repacked(sheet, lambda name, content: content + b" " * 2**26 * (name == "xl/worksheets/sheet2.xml"))
    with zipfile.ZipFile(sheet) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    assert refusal(sheet) == (
        f"{sheet}: unpacks from {sheet.stat().st_size} to {unpacked} bytes, more than a review holds; "
        "import the file that was exported"
    )


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "granska.xlsx"
    with path.open("wb") as file:
        file.truncate(2**26 + 1)
    assert refusal(path) == f"{path}: {2**26 + 1} bytes, more than a review holds; import the file exported"


def test_a_row_far_away_does_not_hold_up(sheet: Path) -> None:
    far = b'<row r="999999999999"><c r="A999999999999" t="str"><v>x</v></c></row></sheetData>'
    repacked(
        sheet, lambda name, content: content.replace(b"</sheetData>", far) if "sheet2" in name else content
    )
    assert refusal(sheet) == f"{sheet}: more rows than Excel has; {AGAIN}"


# Whatever people write


NASTY = [
    "=1+1",
    "+46",
    "@SUM(A1)",
    "-",
    "\t=cmd|' /C calc'!A0",
    "'=1",
    "_x0041_",
    "_x000D_\r\nett\x0btvå\x1f\x85",
    "rad ett\nrad två\n\nrad fyra",
    "å" * 32_767 + " slut",
    "😀" * 20_000,
    "ett ord " * 3_000,
    "a\n" * 200,
    "</t></is><f>1</f>&amp;<!--",
    "half a pair \ud83d",
]
WRITTEN = st.text(max_size=200).filter(lambda text: text.strip() and "\0" not in text)


def there_and_back(folder: Path, texts: Sequence[str], blind: bool) -> None:
    """Write answers, accept or code them all, and compare what the log holds with what it would at once."""
    rows = [
        QueueRow(
            answer_id=f"{number} {visible(text[:40])}".strip(),
            question="lost",
            text=text,
            statements=(Suggestion(start=0, end=len(text), category="rain", probability=1),),
        )
        for number, text in enumerate(texts, 1)
    ]
    path = export_review(folder / "granska.xlsx", rows, SCHEME, blind=blind)
    given_ = ("Orsak 1", "Regn") if blind else ("Godkänn", "x")
    filled(path, {(f"{number}:1", given_[0]): given_[1] for number in range(1, len(rows) + 1)})
    assert brought(path) == Imported(len(rows), recorded=len(rows), kept=0 if blind else len(rows))
    store = Store(folder / "at once", SCHEME)
    for row, found in zip(rows, log(path), strict=True):
        at_once = store.append(Annotation(row.answer_id, "", "lost", row.text, (), None, "", annotator="a"))
        assert (found.text, found.answer_id) == (at_once.annotation.text, row.answer_id)


@pytest.mark.parametrize("blind", [True, False])
def test_nasty_texts_come_back(tmp_path: Path, blind: bool) -> None:
    there_and_back(tmp_path, NASTY, blind)


@settings(max_examples=3)
@given(texts=st.lists(WRITTEN, min_size=15, max_size=15), blind=st.booleans())
def test_any_texts_come_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str], blind: bool) -> None:
    there_and_back(tmp_path_factory.mktemp("any"), texts, blind)


@given(st.text())
def test_any_text_is_the_same_in_a_cell(text: str) -> None:
    assert read_back(escaped(cell_of(text))) == cell_of(text)


@given(st.text("ab \n", max_size=400), st.integers(1, 9), st.integers(1, 4))
def test_the_parts_of_a_text_are_all_of_it(text: str, width: int, highest: int) -> None:
    parts = parts_of(text, width, highest)
    assert "".join(parts) == text
    lines = [sum(1 + len(line) // width for line in part.rstrip("\n").split("\n")) for part in parts]
    assert max(lines) <= highest + 1


def test_a_long_answer_is_shown_whole(tmp_path: Path) -> None:
    text = "Ett mycket långt svar som går på. " * 1000
    path = export_review(tmp_path / "a.xlsx", [QueueRow(answer_id="1", question="lost", text=text)], SCHEME)
    granska = openpyxl.load_workbook(path)["Granska"]
    shown = [cell.value or "" for cell in granska["D"][1:]]
    assert "".join(shown) == text
    assert max(own.height for own in granska.row_dimensions.values()) <= 409


def test_labels_that_are_alike_are_told_apart() -> None:
    categories = {"a": {"label_sv": "Regn"}, "b": {"label_sv": "regn "}, "c": {"label_sv": "a"}, "d": {}}
    scheme = Scheme.model_validate({"questions": {"q": {"categories": categories}}})
    assert labels_of(scheme, "q", "sv") == {
        "Regn (a)": "a",
        "regn (b)": "b",
        "a (c)": "c",
        "d": "d",
        "Ingen orsak angiven": "no_cause",
    }


@pytest.mark.parametrize("cells", [[], [["x"]], [["x"], ["{}"]]])
def test_another_hidden_sheet_is_told(cells: list[list[str]]) -> None:
    with pytest.raises(HiddenError):
        read_hidden(cells)


def test_a_later_format_is_told() -> None:
    later = About.model_construct(format="samorsak review", version=2, scheme="", lang="sv", blind=True)
    with pytest.raises(HiddenError):
        read_hidden(hidden_rows(later, []))


# The commands


def test_the_commands(samorsak: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text(scheme_text(SCHEME), encoding="utf-8")
    write_queue(tmp_path / "queue.jsonl", ROWS)
    wrote = samorsak("review", "export", "--queue", "queue.jsonl", "--scheme", "scheme.yaml", "-o", "g.xlsx")
    assert wrote.stdout == "written: g.xlsx, 3 answers to review\n"
    filled(tmp_path / "g.xlsx", {**ALL, ("1:1", "Din kategori"): "Sol", ("2:1", "Godkänn"): None})
    arguments = ("g.xlsx", "--annotator", "anna", "--annotations", "log", "--scheme", "scheme.yaml")
    done = samorsak("review", "import", *arguments)
    assert done.exit_code == 1
    assert (
        done.stderr
        == "g.xlsx row 2: 'Din kategori' is 'Sol', no category of 'lost'; choose one from the list\n"
    )
    assert done.stdout.splitlines() == [
        "1 of 3 answers recorded for anna in log",
        "    1 of them as suggested",
        "    1 not filled in",
        "    1 problems: not imported, see above",
    ]
    (line,) = (tmp_path / "log" / "anna.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["statements"] == [{"start": 0, "end": 5, "category": "sun"}]


def test_an_audit_can_be_decided_in_excel(
    samorsak: Callable[..., Result], weather: Path, tmp_path: Path
) -> None:
    answers = weather_answers("lost", 12, 5)
    lines = [f'{a["answer_id"]},2024,lost,"{a["text"]}"' for a in answers]
    (tmp_path / "round.csv").write_text(
        "\n".join(["answer_id,round,question,text", *lines]), encoding="utf-8"
    )
    classify_round(tmp_path / "round.csv", tmp_path / "run", model=weather / "model")
    missing = samorsak("review", "export", "run", "--audit", "-o", "a.xlsx")
    assert missing.stderr == (
        f"{Path('run/audit.jsonl')}: no such file; run 'samorsak audit draw run' first\n"
    )
    assert samorsak("audit", "draw", "run", "-n", "6").exit_code == 0
    assert samorsak("review", "export", "run", "--audit", "-o", "a.xlsx").exit_code == 0
    drawn = [json.loads(line) for line in (tmp_path / "run/audit.jsonl").read_text("utf-8").splitlines()]
    offered = next(iter(read_scheme(tmp_path / "run" / "scheme.json").questions["lost"].categories))
    filled(tmp_path / "a.xlsx", {(f"{number}:1", "Orsak 1"): offered for number in range(1, 7)})
    done = samorsak(
        "review",
        "import",
        "a.xlsx",
        "--annotator",
        "anna",
        "--annotations",
        "log",
        "--scheme",
        "run/scheme.json",
    )
    assert done.stdout == "6 of 6 answers recorded for anna in log\n"
    logged = [json.loads(line) for line in (tmp_path / "log/anna.jsonl").read_text("utf-8").splitlines()]
    assert [(row["answer_id"], row["audit"]) for row in logged] == [
        (row["answer_id"], row["audit"]) for row in drawn
    ]
    assert {(row["origin"], *row["categories"]) for row in logged} == {("blind", offered)}
    estimated = samorsak("audit", "estimate", "run", "--audit", "log")
    assert estimated.stdout.splitlines()[0] == "2024 lost: 6 of 6 drawn answers decided, of 12"


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("-o", "a.xlsx"), "Invalid value for DIR: missing; it may be left out with --queue alone"),
        (
            ("--audit", "-o", "a.xlsx"),
            "Invalid value for DIR: missing; it may be left out with --queue alone",
        ),
        (
            ("run", "--audit", "-n", "5", "-o", "a.xlsx"),
            "Invalid value for --audit: takes the whole draw, and neither --queue nor -n",
        ),
    ],
)
def test_wrong_options_are_usage_errors(
    samorsak: Callable[..., Result], arguments: Sequence[str], fault: str
) -> None:
    found = samorsak("review", "export", *arguments)
    assert found.exit_code == 2
    assert fault in found.stderr


def test_a_folders_own_queue_is_exported(
    samorsak: Callable[..., Result], weather: Path, tmp_path: Path
) -> None:
    lines = [f'{a["answer_id"]},2024,lost,"{a["text"]}"' for a in weather_answers("lost", 12, 5)]
    (tmp_path / "round.csv").write_text(
        "\n".join(["answer_id,round,question,text", *lines]), encoding="utf-8"
    )
    classify_round(tmp_path / "round.csv", tmp_path / "run", model=weather / "model")
    wrote = samorsak("review", "export", "run", "-n", "4", "--annotations", "log", "-o", "g.xlsx")
    assert wrote.stdout == "written: g.xlsx, 4 answers to review\n"
    queue = build_queue(tmp_path / "run", 4)
    shown = openpyxl.load_workbook(tmp_path / "g.xlsx")["Granska"]
    assert [*dict.fromkeys(cell.value for cell in shown["B"][1:])] == [row.answer_id for row in queue]
