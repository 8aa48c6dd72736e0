"""Choosing coded answers by their background."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.coded import (
    CodedAnswer,
    answers_where,
    background_column,
    background_columns,
    natural_order,
)
from samorsak.errors import InputError

REGIONS = ["Nord", "Syd", "Mitt", ""]


def answer(number, **background):
    return CodedAnswer(str(number), "2024", "missed", ("other",), "Text.", background)


FOUR = [answer(i, Region=region, Storlek="a=b" if i % 2 else "c") for i, region in enumerate(REGIONS)]


def ids(answers):
    return [found.answer_id for found in answers]


def test_columns_come_in_the_order_they_first_stand():
    assert background_columns([answer(1, b="1"), answer(2, a="2", b="3")]) == ("b", "a")


def test_no_condition_keeps_everything():
    assert answers_where(FOUR, []) is FOUR


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (["Region=Syd"], ["1"]),
        (["Region="], ["3"]),
        (["Storlek=a=b"], ["1", "3"]),
        (["Storlek=a=b", "Region=Syd"], ["1"]),
        (["Storlek=c"], ["0", "2"]),
    ],
)
def test_all_conditions_must_hold(where, kept):
    assert ids(answers_where(FOUR, where)) == kept


def test_a_column_name_may_hold_an_equals_sign():
    assert ids(answers_where([answer(1, **{"a=b": "x=y"}), answer(2, **{"a=b": "z"})], ["a=b=x=y"])) == ["1"]


def test_composed_and_decomposed_letters_are_the_same():
    mixed = [answer(1, **{"L\u00e4n": "\u00c5re"}), answer(2, **{"L\u00e4n": "A\u030are"}), answer(3)]
    assert ids(answers_where(mixed, ["La\u0308n=A\u030are"])) == ["1", "2"]
    assert background_column("La\u0308n", mixed, "by") == "L\u00e4n"


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("Region", "where is 'Region', expected 'column=value'"),
        ("", "where is '', expected 'column=value'"),
        ("Regoin=Syd", "where: column is 'Regoin', the answers have: Region, Storlek"),
        ("Region=Öst", "where: 'Region' is 'Öst', the answers have: '', 'Mitt', 'Nord', 'Syd'"),
    ],
)
def test_a_condition_nobody_meets_names_what_there_is(where, message):
    with pytest.raises(InputError) as error:
        answers_where(FOUR, [where])
    assert str(error.value) == message


def test_many_values_are_counted_and_not_listed():
    many = [answer(i, Nr=str(i)) for i in range(12)]
    with pytest.raises(InputError) as error:
        answers_where(many, ["Nr=99"])
    assert str(error.value) == (
        "where: 'Nr' is '99', the answers have: '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' and 2 more"
    )


def test_conditions_that_exclude_each_other():
    with pytest.raises(InputError) as error:
        answers_where(FOUR, ["Region=Syd", "Storlek=c"])
    assert str(error.value) == "where: no answer meets 'Region=Syd' and 'Storlek=c'; leave one condition out"


def test_answers_without_background_have_no_column():
    with pytest.raises(InputError) as error:
        background_column("Region", [answer(1)], "by")
    assert str(error.value) == "by: column is 'Region', the answers have: no background columns"


def test_numbers_sort_by_size():
    assert sorted(["b2", "a10b", "a2c", "10", "9", "", "a02b"], key=natural_order) == [
        "", "9", "10", "a02b", "a2c", "a10b", "b2",
    ]  # fmt: skip


@given(st.lists(st.text()))
def test_any_texts_have_an_order_that_does_not_depend_on_how_they_stood(texts):
    assert sorted(texts, key=natural_order) == sorted(reversed(texts), key=natural_order)
