"""Closed questions: how a description tells them, what a file holds, and what is no level of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from samorsak.answers import Closed, CrosstabAsked, Respondent, read_round
from samorsak.errors import InputError
from samorsak.pipeline.reading import open_round
from samorsak.pipeline.respondents import check_closed, read_closed, told_of, write_closed

DESCRIPTION = """\
file: r.csv
id: Nr
round: 2024
text: {why: Varför}
closed:
  progress:
    kind: single
    column: Hur gick det?
    ordered: true
    levels: {all: [Alla, Samtliga], some: {written: Några, label_sv: Några få, label_en: A few}, none: Inga}
    missing: [Vet ej]
  areas: {kind: multiple, column: Områden, separator: ","}
  clarity:
    kind: matrix
    ordered: true
    levels: {clear: Tydligt, unclear: Otydligt}
    columns: {goals: Mål, roles: {column: Roller, label_sv: Ansvar och roller}}
    where: ["Ihop=Ja"]
"""
HEADER = "Nr;Varför;Hur gick det?;Områden;Mål;Roller;Region;Ihop\n"
ROWS = [
    "1;Möten;Samtliga;Jobb, Studier;Tydligt;Otydligt;Syd;Ja",
    "2;;NÅGRA ;jobb;;Tydligt;Nord;Ja",
    "3;Tid;Vet ej;;Otydligt;;Syd;Nej",
    "4;;;;;;Syd;Ja",
    "Summa;;;;;;;",
]


def described(
    folder: Path, rows: list[str] = ROWS, description: str = DESCRIPTION, header: str = HEADER
) -> Path:
    (folder / "r.csv").write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    (folder / "r.yaml").write_text(description, encoding="utf-8")
    return folder / "r.yaml"


def closed_of(folder: Path, *args: Any, **options: Any) -> Closed:
    found = read_round(described(folder, *args, **options)).closed
    assert found is not None
    return found


def error_of(folder: Path, *args: Any, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_round(described(folder, *args, **options))
    return str(caught.value)


def test_every_respondent_is_kept_who_answered_anything(tmp_path: Path) -> None:
    found = closed_of(tmp_path)
    syd, nord = ({"Region": region, "Ihop": "Ja"} for region in ("Syd", "Nord"))
    assert found.respondents == (
        Respondent(
            "1",
            "2024",
            {
                "progress": ("all",),
                "areas": ("Jobb", "Studier"),
                "clarity/goals": ("clear",),
                "clarity/roles": ("unclear",),
            },
            syd,
        ),
        Respondent(
            "2",
            "2024",
            {"progress": ("some",), "areas": ("Jobb",), "clarity/goals": (), "clarity/roles": ("clear",)},
            nord,
        ),
        Respondent(
            "3",
            "2024",
            {"progress": (), "areas": (), "clarity/goals": ("unclear",), "clarity/roles": ()},
            {"Region": "Syd", "Ihop": "Nej"},
        ),
    )
    assert list(found.questions["areas"].levels) == ["Jobb", "Studier"]
    progress, clarity = found.questions["progress"], found.questions["clarity"]
    assert [level.label(level.written[0], "en") for level in progress.levels.values()] == [
        "Alla",
        "A few",
        "Inga",
    ]
    assert (progress.label("progress"), clarity.label("clarity")) == ("Hur gick det?", "clarity")
    assert clarity.columns["roles"].label("Roller") == "Ansvar och roller"


def test_answers_have_one_spelling_of_a_level_in_their_background(tmp_path: Path) -> None:
    first, last = read_round(described(tmp_path)).answers
    assert (first.answer_id, first.background["Hur gick det?"]) == ("1/why", "Alla")
    assert (last.background["Hur gick det?"], first.background["Områden"]) == ("Vet ej", "Jobb, Studier")


def test_read_shows_what_was_understood_of_them(samorsak: Callable[..., Result], tmp_path: Path) -> None:
    described(tmp_path)
    shown = samorsak("read", "r.yaml").stdout
    assert (
        "respondents: 3\n"
        "closed:     progress (single), ordered levels all, some, none\n"
        "            answered: 2, missing: 1\n"
        "closed:     areas (multiple), levels Jobb, Studier\n"
        "            answered: 2, missing: 1\n"
        "closed:     clarity (matrix), ordered levels clear, unclear\n"
        "            goals: 2, missing: 1\n"
        "            roles: 2, missing: 1\n"
    ) in shown


def test_a_round_without_closed_questions_has_none(tmp_path: Path) -> None:
    plain = "file: r.csv\nid: Nr\nround: 2024\ntext: {why: Varför}\n"
    assert read_round(described(tmp_path, description=plain)).closed is None
    assert told_of(None) == {}


def test_what_is_no_level_is_collected(tmp_path: Path) -> None:
    rows = [*ROWS, "5;;Delvis;;;;;", "6;;Delvis;;Klart;;;", f"7;;{'x' * 99};;;;;"]
    assert error_of(tmp_path, rows) == (
        "3 bad closed answers:\n"
        "  r.csv line 7 (2 rows): 'progress' is 'Delvis', expected 'Alla', 'Några', 'Inga'; "
        "add it under levels or missing\n"
        "  r.csv line 8: 'clarity' is 'Klart', expected 'Tydligt', 'Otydligt'; add it under levels or missing\n"
        "  r.csv line 9: 'progress' is of 99 characters, expected 'Alla', 'Några', 'Inga'; "
        "add it under levels or missing"
    )


def test_a_closed_answer_needs_an_id_of_its_own(tmp_path: Path) -> None:
    assert error_of(tmp_path, [*ROWS, ";;Alla;;;;;"]) == (
        "r.csv line 7: no id in column 'Nr', expected one for each row with a text"
    )
    assert error_of(tmp_path, [*ROWS, "2;Tid;;;;;;"]) == (
        "r.csv line 7: the id in column 'Nr' stands on line 3 already, expected once"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("column: Hur gick det?", "column: Hur?"),
            "r.csv: closed question 'progress': no column 'Hur?'; found 'Nr', 'Varför', 'Hur gick det?', "
            "'Områden', 'Mål', 'Roller', 'Region', 'Ihop'",
        ),
        (
            ("column: Hur gick det?", "column: Varför"),
            "r.csv: closed question 'progress': column 'Varför' has another role, expected a column of its own",
        ),
        (
            ("goals: Mål", "goals: Roller"),
            "r.csv: closed question 'clarity/roles': column 'Roller' has another role, expected a column of its own",
        ),
        (
            ("Ihop=Ja", "Ihop: Ja"),
            "r.csv: closed question 'clarity' where 'Ihop: Ja', expected 'column=value' of a background column: "
            "'Region', 'Ihop'",
        ),
        (
            ("Ihop=Ja", "progress=most"),
            "r.csv: closed question 'clarity' where 'progress=most', expected a level: all, some, none",
        ),
        (
            ("kind: matrix", "kind: single"),
            "r.yaml: 'closed.clarity' is of kind single, expected one column, and no columns",
        ),
        (
            ("kind: single", "kind: matrix"),
            "r.yaml: 'closed.progress' is a matrix, expected a column for each statement under columns, and no column",
        ),
        (
            ("none: Inga", "none: alla"),
            "r.yaml: 'closed.progress' is with 'alla' written twice under levels or missing, expected once",
        ),
        (
            ("none: Inga", "a/b: Inga"),
            "r.yaml: 'closed.progress' is with the id 'a/b', expected one without ; and /",
        ),
        (
            ('separator: ","', "ordered: true"),
            "r.yaml: 'closed.areas' is ordered, expected two levels or more, of which an answer chooses one",
        ),
        (
            ("kind: multiple", "kind: several"),
            "r.yaml: field 'closed.areas.kind' is not as expected; put text in quotation marks, ids too",
        ),
        (
            ("none: Inga", "no: Inga"),
            "r.yaml: field 'closed.progress.levels.0' is not as expected; put text in quotation marks, ids too",
        ),
        (
            ("    missing: [Vet ej]", "    mising: [Vet ej]"),
            "r.yaml: unknown field 'closed.progress.mising'; see the fields of closed questions in README, under read",
        ),
        (("none: Inga", "all: Inga"), "r.yaml line 10: 'all' stands twice, expected once"),
    ],
)
def test_descriptions_that_do_not_fit(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert change[0] in DESCRIPTION
    assert error_of(tmp_path, description=DESCRIPTION.replace(*change)) == message


LONG = """\
file: r.csv
closed: {progress: {kind: single, column: Hur, levels: {all: Alla, none: Inga}}}
"""
LONG_HEADER = "answer_id;round;question;text;Hur;Vem;Region\n"


def test_rows_of_a_long_file_with_the_same_id_before_the_question_are_one_respondent(tmp_path: Path) -> None:
    rows = [
        "1/a;2024;a;x;Alla;;Syd",
        "1/b;2024;b;y;Alla;;Syd",
        "2/a;2024;a;;Inga;;Nord",
        "1/a2;2023;a;x;Inga;;Syd",
    ]
    found = closed_of(tmp_path, rows, LONG, LONG_HEADER)
    assert [(r.respondent_id, r.round, r.closed["progress"]) for r in found.respondents] == [
        ("1", "2024", ("all",)),
        ("2", "2024", ("none",)),
        ("1/a2", "2023", ("none",)),
    ]


def test_a_long_file_names_its_respondents_in_a_column(tmp_path: Path) -> None:
    rows = ["11;2024;a;x;Alla;p;Syd", "12;2024;b;y;Alla;p;Syd", "13;2024;b;y;Inga;q;Nord"]
    found = closed_of(tmp_path, rows, LONG + "respondent: Vem\n", LONG_HEADER)
    assert [(r.respondent_id, dict(r.background)) for r in found.respondents] == [
        ("p", {"Region": "Syd"}),
        ("q", {"Region": "Nord"}),
    ]
    assert error_of(tmp_path, rows, LONG, LONG_HEADER) == (
        "r.csv: it cannot be told which answers to 'a', 'b' are of one respondent; add to the description "
        "'respondent: COLUMN', or write ids as ID/QUESTION"
    )
    assert error_of(tmp_path, rows, LONG + "respondent: text\n", LONG_HEADER) == (
        "r.csv: respondent is 'text', expected a column of a long file other than 'answer_id', 'round', 'question', "
        "'text'"
    )
    differ = [*rows, "14;2024;b;y;Alla;q;Nord"]
    assert error_of(tmp_path, differ, LONG + "respondent: Vem\n", LONG_HEADER) == (
        "r.csv line 5: 'progress' is another than on line 4, expected the same in all rows of a respondent"
    )


def test_cross_tables_that_are_asked_for(tmp_path: Path) -> None:
    asked = DESCRIPTION + "crosstabs: [{rows: why, by: progress}]\n"
    assert closed_of(tmp_path, description=asked).crosstabs == (CrosstabAsked(rows="why", by="progress"),)
    assert closed_of(tmp_path).crosstabs is None


def test_closed_questions_come_back_from_a_folder_as_they_were(tmp_path: Path) -> None:
    found = closed_of(tmp_path, description=DESCRIPTION + "crosstabs: [{rows: why, by: progress}]\n")
    write_closed(tmp_path, found)
    assert read_closed(tmp_path) == found
    first = [(tmp_path / name).read_bytes() for name in ("closed.csv", "closed.json")]
    write_closed(tmp_path, found)
    assert [(tmp_path / name).read_bytes() for name in ("closed.csv", "closed.json")] == first
    assert told_of(found)["closed"]["respondents"] == 3
    write_closed(tmp_path, None)
    assert read_closed(tmp_path) is None


def test_damaged_files_are_said_to_be(tmp_path: Path) -> None:
    write_closed(tmp_path, closed_of(tmp_path))
    table = tmp_path / "closed.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("some", "few"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_closed(tmp_path)
    assert str(caught.value) == f"{table} line 3: progress is 'few', expected levels of closed.json"
    (tmp_path / "closed.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"closed\.json: damaged, expected closed questions"):
        read_closed(tmp_path)
    (tmp_path / "closed.json").unlink()
    with pytest.raises(InputError, match=r"closed\.json: no such file"):
        read_closed(tmp_path)


def test_a_background_column_with_the_name_of_a_question_is_refused(tmp_path: Path) -> None:
    header = HEADER.replace("Region", "areas")
    with pytest.raises(InputError) as caught:
        check_closed(closed_of(tmp_path, header=header))
    assert str(caught.value) == "background column 'areas' has the name of a column of closed.csv; rename it"


def test_personal_data_of_respondents_is_masked_and_counted_once(tmp_path: Path) -> None:
    rows = [
        "1;Möten;Alla;Ring 070-174 06 05, Jobb;;;0701740605;Ja",
        "2;;Alla;;;;a@example.org;Ja",
    ]
    opened = open_round(described(tmp_path, rows))
    closed = opened.round.closed
    assert closed is not None
    assert [r.background["Region"] for r in closed.respondents] == ["[telefon]", "[e-post]"]
    assert closed.respondents[0].closed["areas"] == ("Jobb", "Ring [telefon]")
    assert list(closed.questions["areas"].levels) == ["Jobb", "Ring [telefon]"]
    # the telephone numbers of the first row were counted with its answer, in both columns
    assert opened.masked == {"telefon": 2, "e-post": 1}
    kept = open_round(described(tmp_path, rows), keep_personal_data=True).round.closed
    assert kept is not None and kept.respondents[1].background["Region"] == "a@example.org"
