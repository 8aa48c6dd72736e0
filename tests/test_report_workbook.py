"""The coded round as a workbook."""

import time
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from samorsak.coded import CodedAnswer, StatementRow
from samorsak.errors import InputError
from samorsak.ranking import full_table, rank
from samorsak.report.workbook import write_coded_workbook, write_ranking_workbook
from samorsak.scheme import Scheme, read_scheme

AF = read_scheme("af")
CODED = [
    CodedAnswer(
        "007/missed",
        "2024",
        "missed",
        ("regulations", "other"),
        "=Lagen; annat",
        {"Antal kommuner": "2", "Kod": "0114", "Region": "-5"},
    ),
    CodedAnswer(
        "007/achieved",
        "2024",
        "achieved",
        ("no_cause",),
        "Nej.",
        {"Antal kommuner": "", "Kod": "3", "Region": "Syd"},
    ),
]
STATEMENTS = [
    StatementRow("007/missed", 1, 0, 6, "=Lagen", "regulations", 0.91234567, "unclear_roles", 0.04),
    StatementRow("007/missed", 2, 8, 13, "annat", "other", 0.6, "", 0.0),
]


@pytest.fixture
def book(tmp_path):
    rows = full_table(CODED, AF).rows
    write_coded_workbook(tmp_path / "coded.xlsx", CODED, STATEMENTS, rows, [("Modell", "af-causes")], AF)
    return load_workbook(tmp_path / "coded.xlsx")


def rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_sheets_in_order(book):
    assert book.sheetnames == ["Läs mig", "Rangordning", "Svar", "Påståenden"]
    assert [sheet.freeze_panes for sheet in book] == ["A2"] * 4
    assert [bool(sheet.auto_filter.ref) for sheet in book] == [False, True, True, True]


def test_read_me_explains_the_sheets_and_says_how_the_file_was_made(book):
    told = {row[0]: row[1] for row in rows(book["Läs mig"])}
    assert list(told) == [
        "Vad",
        "Rangordning",
        "Svar",
        "Påståenden",
        "Andel",
        "Rader",
        "Plats",
        "95 %-intervall",
        "Övrigt",
        "Ingen orsak angiven",
        "Sannolikhet",
        "Fråga achieved",
        "Fråga missed",
        "Modell",
    ]
    assert told["Modell"] == "af-causes"
    assert told["Plats"] == "Lika antal ger samma plats."
    assert told["95 %-intervall"] == (
        "Det finns varken en granskning av svaren eller en prövning av modellen."
    )
    assert told["Fråga missed"] == (
        "Vad bedömer ni vara den eller de främsta orsakerna till uteblivna resultat?"
    )


def test_the_ranking_in_words_and_numbers(book):
    header, *lists = rows(book["Rangordning"])
    assert header == [
        "Omgång", "Fråga", "Andel av", "Rader", "Plats", "Kategori", "Benämning", "Antal", "Av", "Andel",
    ]  # fmt: skip
    missed = [row for row in lists if row[1] == "missed" and row[7]]
    regulations = ["regulations", "Regelverk och lagstiftning"]
    assert missed == [
        ["2024", "missed", "orsaker", "schemats kategorier", 1, *regulations, 1, 2, 0.5],
        ["2024", "missed", "orsaker", "schemats kategorier", None, "other", "Övrigt", 1, 2, 0.5],
        ["2024", "missed", "orsaker", "rapporten 2023", None, "other", "Övrigt", 1, 1, 1],
        ["2024", "missed", "orsaker", "rapporten 2024", 1, *regulations, 1, 2, 0.5],
        ["2024", "missed", "orsaker", "rapporten 2024", None, "other", "Övrigt", 1, 2, 0.5],
        ["2024", "missed", "svar", "schemats kategorier", 1, *regulations, 1, 1, 1],
        ["2024", "missed", "svar", "schemats kategorier", None, "other", "Övrigt", 1, 1, 1],
        ["2024", "missed", "svar", "rapporten 2023", None, "other", "Övrigt", 1, 1, 1],
        ["2024", "missed", "svar", "rapporten 2024", 1, *regulations, 1, 1, 1],
        ["2024", "missed", "svar", "rapporten 2024", None, "other", "Övrigt", 1, 1, 1],
    ]
    assert book["Rangordning"]["J2"].number_format == "0.0 %"


def test_answers_with_labels_and_background_as_it_is(book):
    assert rows(book["Svar"]) == [
        [
            "Svars-id", "Omgång", "Fråga", "Kategorier", "Benämningar", "Svar",
            "Antal kommuner", "Kod", "Region",
        ],
        [
            "007/missed",
            "2024",
            "missed",
            "regulations;other",
            "Regelverk och lagstiftning; Övrigt",
            "=Lagen; annat",
            2,
            "0114",
            "-5",
        ],
        [
            "007/achieved", "2024", "achieved", "no_cause", "Ingen orsak angiven", "Nej.", None, "3", "Syd",
        ],
    ]  # fmt: skip
    formula, minus = book["Svar"]["F2"], book["Svar"]["I2"]
    assert (formula.data_type, formula.quotePrefix) == (minus.data_type, minus.quotePrefix) == ("s", True)


def test_statements_with_labels_and_probabilities(book):
    assert rows(book["Påståenden"])[1:] == [
        [
            "007/missed",
            1,
            0,
            6,
            "=Lagen",
            "regulations",
            "Regelverk och lagstiftning",
            0.912346,
            "unclear_roles",
            "Oklara ansvarsområden och roller",
            0.04,
        ],
        ["007/missed", 2, 8, 13, "annat", "other", "Övrigt", 0.6, None, None, 0],
    ]
    assert book["Påståenden"]["H2"].number_format == "0.000"


def test_in_english(tmp_path):
    write_coded_workbook(tmp_path / "x.xlsx", CODED, STATEMENTS, [], [], AF, lang="en")
    book = load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["Read me", "Ranking", "Answers", "Statements"]
    assert book["Answers"]["F1"].value == "Answer"


def test_a_language_without_words(tmp_path):
    with pytest.raises(InputError) as error:
        write_coded_workbook(tmp_path / "x.xlsx", CODED, STATEMENTS, [], [], AF, lang="fi")
    assert str(error.value) == "lang is 'fi', expected one of: sv, en"


def test_the_same_round_gives_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_coded_workbook(tmp_path / name, CODED, STATEMENTS, full_table(CODED, AF).rows, [], AF)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_round_without_answers(tmp_path):
    write_coded_workbook(tmp_path / "x.xlsx", [], [], [], [], AF)
    assert [sheet.max_row for sheet in load_workbook(tmp_path / "x.xlsx")] == [11, 1, 1, 1]


def test_shortened_texts_and_continued_sheets_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr("samorsak.report.workbook.MAX_ROWS", 3)
    coded = [
        CodedAnswer(f"{n}", "2024", "missed", ("other",), "ord " * 9_000 if n else "Kort.", {})
        for n in range(5)
    ]
    write_coded_workbook(tmp_path / "x.xlsx", coded, [], [], [], AF)
    book = load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["Läs mig", "Rangordning", "Svar", "Svar 2", "Svar 3", "Påståenden"]
    shortened = "4 texter är längre än en cell rymmer och slutar här med […]; "
    assert rows(book["Läs mig"])[-3:] == [
        ["Kortade texter", f"{shortened}hela texten finns i csv-filerna."],
        ["Svar 2", "Fortsättning: ett blad rymmer 3 rader."],
        ["Svar 3", "Fortsättning: ett blad rymmer 3 rader."],
    ]


def test_a_scheme_without_a_residual_says_nothing_of_it(tmp_path):
    scheme = Scheme.model_validate({"questions": {"q": {"categories": {"1": {"label": "A"}}}}})
    coded = [CodedAnswer("1", "", "q", ("1",), "Text.", {})]
    write_coded_workbook(tmp_path / "x.xlsx", coded, [], rank(coded, scheme).rows, [], scheme)
    book = load_workbook(tmp_path / "x.xlsx")
    assert "other" not in [row[0] for row in rows(book["Läs mig"])]
    assert rows(book["Svar"])[1] == ["1", None, "q", "1", "A", "Text."]


def test_a_ranking_alone_names_its_groups(tmp_path):
    found = rank(CODED, AF, by="Kod", question="missed")
    write_ranking_workbook(tmp_path / "x.xlsx", found.rows, [], AF)
    book = load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["Läs mig", "Rangordning"]
    assert [row[-2:] for row in rows(book["Rangordning"])[:2]] == [
        ["Uppdelat efter", "Grupp"],
        ["Kod", "0114"],
    ]


def test_answers_without_a_group_are_said_to_lack_it(tmp_path):
    found = rank(CODED, AF, by="Antal kommuner", question="achieved")
    write_ranking_workbook(tmp_path / "x.xlsx", found.rows, [], AF)
    assert load_workbook(tmp_path / "x.xlsx")["Rangordning"]["L2"].value == "(uppgift saknas)"


def test_a_years_round_is_written_in_a_moment(tmp_path):
    text = "Otydliga mål, och för lite tid. " * 10
    coded = [
        CodedAnswer(
            f"{n}",
            "2024",
            "missed",
            ("regulations",),
            text,
            {f"Kolumn {c}": "Ganska tydliga" for c in range(9)},
        )
        for n in range(640)
    ]
    statements = [StatementRow(f"{n}", 1, 0, 12, "Otydliga mål", "other", 0.5, "", 0.0) for n in range(640)]
    table = full_table(coded, AF).rows
    started = time.process_time()
    write_coded_workbook(tmp_path / "x.xlsx", coded, statements, table, [], AF)
    assert time.process_time() - started < 1


def test_intervals_have_columns_and_are_explained(tmp_path):
    ranked = [
        replace(
            row,
            low=0.1,
            high=0.3,
            rank_low=1,
            rank_high=4,
            place_low=1,
            place_high=2,
            top_three=0.75,
            method="audited",
            audited=50,
            few_positives=True,
            weight="Antal kommuner",
        )
        for row in rank(CODED, AF, question="missed").rows
    ]
    write_ranking_workbook(tmp_path / "x.xlsx", ranked, [], AF)
    sheet = load_workbook(tmp_path / "x.xlsx")
    header, first, *_ = rows(sheet["Rangordning"])
    assert header[9:] == [
        *("Andel", "Andel, lägst", "Andel, högst", "Plats, lägst", "Plats, högst", "Delad plats"),
        *("Bland de tre främsta, sannolikhet", "Intervallets grund", "Granskade svar", "Anmärkning", "Vikt"),
    ]
    assert first[10:] == [
        *(0.1, 0.3, 1, 4, "1–2", 0.75, "granskning", 50, "osäkert underlag", "Antal kommuner"),
    ]
    told = {row[0]: row[1] for row in rows(sheet["Läs mig"])}
    assert told["95 %-intervall"].startswith(
        "Lägst och högst: intervall som med 95 % säkerhet rymmer det som"
    )
    assert told["Delad plats"] == "Orsaker som delar plats går inte säkert att skilja åt."
