"""Ranked lists from coded answers."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.coded import CodedAnswer
from samorsak.errors import InputError, SchemeError
from samorsak.ranking import Total, full_table, rank
from samorsak.scheme import Scheme, read_scheme

SCHEME = Scheme.model_validate(
    {
        "residual": {"other": {"label_sv": "Övrigt", "label_en": "Other"}},
        "questions": {
            "won": {
                "categories": {
                    "plan": {"label_sv": "Planen", "label_en": "The plan", "report": {"2023": "frame"}},
                    "meet": {"label_sv": "Möten", "label_en": "Meetings", "report": {"2023": "frame"}},
                    "luck": {"label_sv": "Tur", "label_en": "Luck", "report": {"2023": "luck"}},
                    "cash": {"label_sv": "Pengar", "report": {"2023": None}},
                }
            },
            "lost": {"categories": {"rain": {"label_sv": "Regn"}, "wind": {"label_sv": "Vind"}}},
        },
        "lines": {"2023": {"frame": {"label_sv": "Ramen", "label_en": "The frame"}}},
    }
)


def coded(*categories, question="won", round="2024", **background):
    coded.number += 1
    return CodedAnswer(str(coded.number), round, question, categories or ("no_cause",), "Text.", background)


coded.number = 0

SIX = [
    coded("plan", "meet"),
    coded("meet", "cash"),
    coded("other"),
    coded("plan", "luck", "other"),
    coded(),
    coded("meet"),
]


def short(ranking):
    return [(row.rank, row.category, row.n, row.of, row.share) for row in ranking.rows]


def test_shares_of_the_causes_given():
    assert short(rank(SIX, SCHEME)) == [
        (1, "meet", 3, 9, 3 / 9),
        (2, "plan", 2, 9, 2 / 9),
        (3, "luck", 1, 9, 1 / 9),
        (3, "cash", 1, 9, 1 / 9),
        (None, "other", 2, 9, 2 / 9),
    ]


def test_shares_of_the_answers():
    assert short(rank(SIX, SCHEME, base="answers")) == [
        (1, "meet", 3, 6, 0.5),
        (2, "plan", 2, 6, 2 / 6),
        (3, "luck", 1, 6, 1 / 6),
        (3, "cash", 1, 6, 1 / 6),
        (None, "other", 2, 6, 2 / 6),
    ]


def test_by_a_reports_lines_an_answer_counts_once_per_line():
    assert short(rank(SIX, SCHEME, lines="2023")) == [
        (1, "frame", 4, 8, 0.5),
        (2, "luck", 1, 8, 1 / 8),
        (None, "other", 3, 8, 3 / 8),
    ]


def test_a_row_says_where_it_belongs():
    row = rank(SIX, SCHEME, base="answers", lines="2023").rows[0]
    assert (row.round, row.question, row.base, row.lines, row.label) == (
        "2024", "won", "answers", "2023", "Ramen",
    )  # fmt: skip
    assert (row.group_by, row.group) == ("", "")


def test_labels_in_english_where_there_are_any():
    assert [row.label for row in rank(SIX, SCHEME, lang="en").rows] == [
        "Meetings", "The plan", "Luck", "Pengar", "Other",
    ]  # fmt: skip
    assert rank(SIX, SCHEME, lines="2023", lang="en").rows[0].label == "The frame"


def test_categories_that_nobody_gave_are_listed():
    assert short(rank([coded("luck")], SCHEME)) == [
        (1, "luck", 1, 1, 1.0),
        (2, "plan", 0, 1, 0.0),
        (2, "meet", 0, 1, 0.0),
        (2, "cash", 0, 1, 0.0),
        (None, "other", 0, 1, 0.0),
    ]


def test_only_answers_without_a_cause_give_an_empty_base():
    assert short(rank([coded(question="lost"), coded(question="lost")], SCHEME)) == [
        (1, "rain", 0, 0, 0.0),
        (1, "wind", 0, 0, 0.0),
        (None, "other", 0, 0, 0.0),
    ]


def test_totals_count_answers_without_a_cause():
    assert rank(SIX, SCHEME).totals == (Total("2024", "won", 6, 1),)


def test_a_category_named_twice_counts_once():
    assert short(rank([coded("luck", "luck", "no_cause")], SCHEME))[0] == (1, "luck", 1, 1, 1.0)


def test_no_categories_are_no_cause():
    bare = CodedAnswer("x", "2024", "won", (), "Text.", {})
    assert rank([bare], SCHEME).totals == (Total("2024", "won", 1, 1),)


def test_without_a_residual_there_is_no_other():
    scheme = Scheme.model_validate({"questions": {"q": {"categories": {"1": {"label": "A"}, "2": {}}}}})
    assert [(row.rank, row.category, row.label) for row in rank([coded("2", question="q")], scheme).rows] == [
        (1, "2", "2"),
        (2, "1", "A"),
    ]


def test_lists_stand_by_round_and_by_question_in_the_schemes_order():
    mixed = [
        coded("rain", question="lost", round="10"),
        coded("plan", round="10"),
        coded("plan", round="9"),
    ]
    found = [(total.round, total.question, len(rows)) for total, rows in rank(mixed, SCHEME).lists()]
    assert found == [("9", "won", 5), ("10", "won", 5), ("10", "lost", 3)]


def test_one_question_only():
    mixed = [coded("rain", question="lost"), coded("plan")]
    assert {row.question for row in rank(mixed, SCHEME, question="lost").rows} == {"lost"}


REGIONS = [
    coded("plan", Region="Syd"),
    coded("meet", Region="Syd"),
    coded("plan", Region="Nord"),
    coded("luck", Region=""),
    coded("rain", question="lost", Region="Nord"),
]


def test_groups_have_lists_of_their_own_the_unknown_last():
    found = rank(REGIONS, SCHEME, by="Region")
    tops = [
        (total.question, rows[0].group_by, rows[0].group, short_of(rows)) for total, rows in found.lists()
    ]
    assert tops == [
        ("won", "Region", "Nord", [("plan", 1)]),
        ("won", "Region", "Syd", [("plan", 1), ("meet", 1)]),
        ("won", "Region", "", [("luck", 1)]),
        ("lost", "Region", "Nord", [("rain", 1)]),
        ("lost", "Region", "Syd", []),
        ("lost", "Region", "", []),
    ]
    assert found.totals[1] == Total("2024", "won", 2, 0, "Region", "Syd")
    assert found.totals[4] == Total("2024", "lost", 0, 0, "Region", "Syd")


def short_of(rows):
    return [(row.category, row.n) for row in rows if row.n]


def test_only_answers_that_meet_the_conditions_are_counted():
    found = rank(REGIONS, SCHEME, where=["Region=Syd"])
    assert [short_of(rows) for _, rows in found.lists()] == [[("plan", 1), ("meet", 1)], []]
    assert found.totals == (Total("2024", "won", 2, 0), Total("2024", "lost", 0, 0))


def test_groups_within_conditions():
    found = rank(REGIONS, SCHEME, where=["Region=Nord"], by="Region", question="won")
    assert found.totals == (Total("2024", "won", 1, 0, "Region", "Nord"),)


def test_no_answers_give_no_lists():
    assert (rank([], SCHEME).rows, rank([], SCHEME).lists()) == ((), ())


def test_the_full_table_holds_every_base_and_every_kind_of_lines():
    found = full_table(SIX, SCHEME)
    assert [(rows[0].base, rows[0].lines, len(rows)) for _, rows in found.lists()] == [
        ("causes", "scheme", 5),
        ("causes", "2023", 3),
        ("answers", "scheme", 5),
        ("answers", "2023", 3),
    ]
    assert found.totals == (Total("2024", "won", 6, 1),)
    assert [row for row in found.rows if row.lines == "2023" and row.base == "answers"] == list(
        rank(SIX, SCHEME, base="answers", lines="2023").rows
    )


def test_the_packaged_scheme_has_a_full_table():
    achieved = CodedAnswer("1", "2024", "achieved", ("regular_meetings", "routines"), "Text.", {})
    found = full_table([achieved], read_scheme("af"))
    tops = [(rows[0].lines, rows[0].category, rows[0].n, rows[0].of) for _, rows in found.lists()][:3]
    assert tops == [
        ("scheme", "regular_meetings", 1, 2),
        ("2023", "regular_meetings", 1, 2),
        ("2024", "clear_structures", 1, 1),
    ]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"base": "people"}, "base is 'people', expected one of: causes, answers"),
        ({"question": "drawn"}, "question is 'drawn', the answers have: won, lost"),
        ({"by": "Länk"}, "by: column is 'Länk', the answers have: Region"),
        ({"where": ["Region=Väst"]}, "where: 'Region' is 'Väst', the answers have: '', 'Nord', 'Syd'"),
    ],
)
def test_what_is_not_there_is_named(asked, message):
    with pytest.raises(InputError) as error:
        rank(REGIONS, SCHEME, **asked)
    assert str(error.value) == message


def test_lines_of_no_report():
    with pytest.raises(SchemeError) as error:
        rank(SIX, SCHEME, lines="2022")
    assert str(error.value) == "lines is '2022', the scheme has: scheme, 2023"


def test_a_question_of_another_scheme():
    with pytest.raises(InputError) as error:
        rank([coded("plan", question="drawn")], SCHEME)
    assert str(error.value) == "question is 'drawn', the scheme has: won, lost"


def test_a_category_of_another_scheme():
    strange = CodedAnswer("7", "2024", "lost", ("plan",), "Text.", {})
    with pytest.raises(InputError) as error:
        rank([strange], SCHEME)
    assert str(error.value) == (
        "answer '7': category is 'plan', question 'lost' of the scheme has: rain, wind, other, no_cause"
    )


ANSWERS = st.lists(
    st.builds(
        CodedAnswer,
        answer_id=st.uuids().map(str),
        round=st.sampled_from(["2023", "2024"]),
        question=st.just("won"),
        categories=st.lists(st.sampled_from(["plan", "meet", "luck", "cash", "other"]), max_size=4).map(
            tuple
        ),
        text=st.just("Text."),
        background=st.fixed_dictionaries({"Region": st.sampled_from(["Nord", "Syd", ""])}),
    ),
    max_size=20,
)


@given(ANSWERS, st.randoms())
def test_the_order_of_answers_changes_nothing(answers, random):
    shuffled = random.sample(answers, len(answers))
    assert full_table(answers, SCHEME) == full_table(shuffled, SCHEME)
    if answers:
        assert rank(answers, SCHEME, by="Region") == rank(shuffled, SCHEME, by="Region")


@given(ANSWERS)
def test_every_answer_twice_doubles_counts_and_leaves_shares_and_ranks(answers):
    once, twice = full_table(answers, SCHEME).rows, full_table([*answers, *answers], SCHEME).rows
    assert [(2 * row.n, 2 * row.of, row.share, row.rank, row.category) for row in once] == [
        (row.n, row.of, row.share, row.rank, row.category) for row in twice
    ]


@given(ANSWERS)
def test_groups_add_up_to_the_whole(answers):
    whole = {(row.round, row.category): row.n for row in rank(answers, SCHEME).rows}
    parts = dict.fromkeys(whole, 0)
    for row in rank(answers, SCHEME, by="Region").rows if answers else ():
        parts[row.round, row.category] += row.n
    assert parts == whole


def test_importing_the_ranking_is_light():
    heavy = {"openpyxl", "pandas", "scipy", "sklearn", "spacy"}
    script = f"import sys, samorsak.ranking; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "[]\n"
