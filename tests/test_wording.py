"""Phrases by rule: exact sentences, and never a false one."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.errors import InputError
from samorsak.wording import (
    MINUS,
    NO_BREAK,
    THIN,
    Lang,
    list_phrase,
    number,
    percent,
    ranking_paragraph,
    share_phrase,
)

shares = st.floats(0, 1) | st.integers(0, 1000).map(lambda n: n / 1000)


@pytest.mark.parametrize(
    ("share", "swedish", "english"),
    [
        (0, "ingen", "none"),
        (1e-12, "under 1 procent", "less than 1 percent"),
        (0.0099, "under 1 procent", "less than 1 percent"),
        (0.01, "någon enstaka procent", "one or two percent"),
        (0.0199, "någon enstaka procent", "one or two percent"),
        (0.02, "2 procent", "2 percent"),
        (0.03, "3 procent", "3 percent"),
        (0.042, "4 procent", "4 percent"),
        (0.045, "knappt 5 procent", "just under 5 percent"),
        (0.05, "ca 5 procent", "about 5 percent"),
        (0.06, "drygt 5 procent", "just over 5 percent"),
        (0.061, "6 procent", "6 percent"),
        (0.0849, "8 procent", "8 percent"),
        (0.085, "knappt 10 procent", "just under 10 percent"),
        (0.096, "knappt 10 procent", "just under 10 percent"),
        (0.0969, "knappt 10 procent", "just under 10 percent"),
        (0.097, "ca 10 procent", "about 10 percent"),
        (0.103, "ca 10 procent", "about 10 percent"),
        (0.1031, "drygt 10 procent", "just over 10 percent"),
        (0.12, "drygt 10 procent", "just over 10 percent"),
        (0.122, "12 procent", "12 percent"),
        (0.125, "13 procent", "13 percent"),
        (0.149, "ca 15 procent", "about 15 percent"),
        (0.15, "ca 15 procent", "about 15 percent"),
        (0.213, "drygt 20 procent", "just over 20 percent"),
        (1 / 3, "33 procent", "33 percent"),
        (2 / 3, "drygt 65 procent", "just over 65 percent"),
        (0.5, "ca 50 procent", "about 50 percent"),
        (0.988, "knappt 100 procent", "just under 100 percent"),
        (0.991, "över 99 procent", "more than 99 percent"),
        (1, "samtliga", "all"),
    ],
)
def test_share_phrase(share: float, swedish: str, english: str) -> None:
    assert share_phrase(share) == swedish
    assert share_phrase(share, "en") == english


def test_the_published_wording() -> None:
    # 2023: "knappt 10 procent", "drygt 20 procent" and "ca 15 procent" of 199 agreements' causes
    assert share_phrase(19 / 199) == "knappt 10 procent"
    assert share_phrase(42 / 199) == "drygt 20 procent"
    assert share_phrase(30 / 199) == "ca 15 procent"


@given(shares)
def test_no_phrase_is_false(share: float) -> None:
    phrase, of_hundred = share_phrase(share), share * 100
    named = [int(figure) for figure in re.findall(r"\d+", phrase)]
    off = of_hundred - named[0] if named else 0
    match phrase.split()[0]:
        case "ingen":
            assert share == 0
        case "samtliga":
            assert share == 1
        case "under":
            assert 0 < of_hundred < 1
        case "över":
            assert 99 < of_hundred < 100
        case "någon":
            assert 1 - 1e-8 <= of_hundred < 2
        case "ca":
            assert named[0] % 5 == 0 and abs(off) <= 0.3 + 1e-8
        case "knappt":
            assert named[0] % 5 == 0 and -1.5 - 1e-8 <= off < -0.3 + 1e-8
        case "drygt":
            assert named[0] % 5 == 0 and 0.3 - 1e-8 < off <= 2 + 1e-8
        case _:
            assert phrase == f"{named[0]} procent" and abs(off) <= 0.5 + 1e-8


def test_each_phrase_covers_one_stretch_and_they_rise() -> None:
    phrases = [share_phrase(step / 20_000) for step in range(20_001)]
    stretches = [phrase for before, phrase in pairwise(["", *phrases]) if phrase != before]
    assert len(stretches) == len(set(stretches))
    figures = [int(figure) for phrase in stretches for figure in re.findall(r"\d+", phrase)]
    plain = [int(phrase.split()[0]) for phrase in stretches if phrase[0].isdigit()]
    assert plain == sorted(plain)
    assert all(later - earlier >= -2 for earlier, later in pairwise(figures))


@given(shares)
def test_both_languages_say_the_same(share: float) -> None:
    def figures(lang: Lang) -> list[str]:
        return re.findall(r"\d+", share_phrase(share, lang))

    assert figures("sv") == figures("en")


@pytest.mark.parametrize("share", [-0.001, 1.001, float("nan"), float("inf")])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(InputError) as raised:
        share_phrase(share)
    assert str(raised.value) == f"wording: share is {share}, expected a fraction from 0 to 1"


def test_another_language_is_refused() -> None:
    lang: Lang = "de"  # type: ignore[assignment]
    calls: tuple[Callable[[], str], ...] = (
        lambda: share_phrase(0.1, lang),
        lambda: number(1, 0, lang),
        lambda: percent(0.1, 0, lang),
        lambda: list_phrase(["a", "b"], lang),
        lambda: list_phrase([], lang),
        lambda: ranking_paragraph([], "", lang=lang),
    )
    for call in calls:
        with pytest.raises(InputError) as raised:
            call()
        assert str(raised.value) == "wording: language is 'de', expected 'sv' or 'en'"


@pytest.mark.parametrize(
    ("x", "decimals", "swedish", "english"),
    [
        (0, 0, "0", "0"),
        (999, 0, "999", "999"),
        (1000, 0, f"1{THIN}000", "1,000"),
        (1234567.891, 2, f"1{THIN}234{THIN}567,89", "1,234,567.89"),
        (-1234.5, 1, f"{MINUS}1{THIN}234,5", f"{MINUS}1,234.5"),
        (0.5, 0, "1", "1"),
        (2.5, 0, "3", "3"),
        (0.125, 2, "0,13", "0.13"),
        (1.005, 2, "1,01", "1.01"),  # as written, not as stored
        (-0.004, 2, "0,00", "0.00"),
        (1e-7, 3, "0,000", "0.000"),
        (1e21, 0, THIN.join(["1", *["000"] * 7]), ",".join(["1", *["000"] * 7])),
        (1e300, 0, THIN.join(["1", *["000"] * 100]), ",".join(["1", *["000"] * 100])),
        (3, 2, "3,00", "3.00"),
    ],
)
def test_number(x: float, decimals: int, swedish: str, english: str) -> None:
    assert number(x, decimals) == swedish
    assert number(x, decimals, "en") == english


def test_numbers_of_numpy_are_numbers() -> None:
    assert number(np.float64(2.5), 1) == "2,5"
    assert number(int(np.int64(2500))) == f"2{THIN}500"
    assert percent(np.float64(0.25)) == f"25{NO_BREAK}%"
    assert share_phrase(np.float64(0.25)) == "ca 25 procent"


@given(st.floats(-1e12, 1e12), st.integers(0, 6))
def test_a_number_can_be_read_back(x: float, decimals: int) -> None:
    read = number(x, decimals).replace(THIN, "").replace(",", ".").replace(MINUS, "-")
    assert abs(float(read) - x) <= 0.5 * 10.0**-decimals * (1 + 1e-9) + abs(x) * 1e-15


@pytest.mark.parametrize("x", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(x: float) -> None:
    with pytest.raises(InputError) as raised:
        number(x)
    assert str(raised.value) == f"wording: number is {x}, expected a finite one"
    with pytest.raises(InputError) as raised:
        percent(x)
    assert str(raised.value) == f"wording: share is {x}, expected a finite one"


@pytest.mark.parametrize(
    ("share", "decimals", "swedish", "english"),
    [
        (0.1234, 1, f"12,3{NO_BREAK}%", "12.3%"),
        (0.145, 0, f"15{NO_BREAK}%", "15%"),  # 0.145 * 100 is 14.499999999999998 in floats
        (-0.021, 1, f"{MINUS}2,1{NO_BREAK}%", f"{MINUS}2.1%"),
        (1, 0, f"100{NO_BREAK}%", "100%"),
        (0, 1, f"0,0{NO_BREAK}%", "0.0%"),
    ],
)
def test_percent(share: float, decimals: int, swedish: str, english: str) -> None:
    assert percent(share, decimals) == swedish
    assert percent(share, decimals, "en") == english


def test_list_phrase() -> None:
    assert list_phrase([]) == ""
    assert list_phrase(["a"]) == "a"
    assert list_phrase(["a", "b"]) == "a och b"
    assert list_phrase(iter("abcd")) == "a, b, c och d"
    assert list_phrase(["a", "b", "c"], "en") == "a, b and c"


ROWS = [
    ("Rutiner", 0.096),
    ("Möten", 0.094),
    ("Mål", 0.092),
    ("Insatser, utbildning", 0.08),
    ("Arbetsförmedlingens styrning", 0.06),
    ("Resurser", 0.05),
    ("Regler", 0.03),
]


def test_a_ranked_list_in_a_paragraph() -> None:
    assert ranking_paragraph(
        ROWS, "Varför\nnåddes  resultat?", also=[("Projekt", 0.02), ("FINSAM", 0.001)]
    ) == (
        "På frågan ”Varför nåddes resultat?” var de vanligaste orsakerna ”Rutiner”, ”Möten” och ”Mål” "
        "(vardera knappt 10 procent av de orsaker som uppgavs). "
        "Nästan lika vanligt var ”Insatser, utbildning” (8 procent). "
        "Något mindre vanliga var ”Arbetsförmedlingens styrning” (drygt 5 procent) "
        "och ”Resurser” (ca 5 procent). "
        "Mindre vanligt var ”Regler” (3 procent). "
        "Andra förekommande svar var ”Projekt” och ”FINSAM” (vardera under 3 procent)."
    )


def test_the_paragraph_in_english_and_of_answers() -> None:
    assert ranking_paragraph(ROWS, "Why?", "answers", [("Projects", 0.043)], "en") == (
        "To the question “Why?”, the most common causes were “Rutiner”, “Möten” and “Mål” "
        "(each just under 10 percent of the answers). "
        "Almost as common was “Insatser, utbildning” (8 percent). "
        "Somewhat less common were “Arbetsförmedlingens styrning” (just over 5 percent) and “Resurser” "
        "(about 5 percent). "
        "Less common was “Regler” (3 percent). "
        "Another answer was “Projects” (just under 5 percent)."
    )


def test_the_plural_of_every_sentence() -> None:
    rows = [("A", 0.25), ("B", 0.2), ("C", 0.2), ("D", 0.1), ("E", 0.1)]
    assert ranking_paragraph(rows, "Q") == (
        "På frågan ”Q” var den vanligaste orsaken ”A” (ca 25 procent av de orsaker som uppgavs). "
        "Nästan lika vanliga var ”B” och ”C” (vardera ca 20 procent). "
        "Mindre vanliga var ”D” och ”E” (vardera ca 10 procent)."
    )


def test_the_leading_causes_may_have_phrases_of_their_own() -> None:
    assert ranking_paragraph([("A", 0.21), ("B", 0.2)], "", "answers") == (
        "Bland svaren var de vanligaste orsakerna ”A” (drygt 20 procent av svaren) och ”B” (ca 20 procent)."
    )


@pytest.mark.parametrize(
    ("rows", "also", "expected"),
    [
        ([], [], "På frågan ”Q” uppgavs ingen orsak."),
        ([("A", 0.0)], [("B", 0.0)], "På frågan ”Q” uppgavs ingen orsak."),
        (
            [],
            [("A", 0.04), ("B", 0.0)],
            "På frågan ”Q” var den vanligaste orsaken ”A” (4 procent av de orsaker som uppgavs).",
        ),
        (
            [("A", 1.0)],
            [],
            "På frågan ”Q” var den vanligaste orsaken ”A” (samtliga av de orsaker som uppgavs).",
        ),
        (
            [("{A}", 0.5)],
            [("B", 0.02), ("C", 0.02)],
            "På frågan ”Q” var den vanligaste orsaken ”{A}” (ca 50 procent av de orsaker som uppgavs). "
            "Andra förekommande svar var ”B” och ”C” (vardera under 3 procent).",
        ),
    ],
)
def test_short_lists(rows: list[tuple[str, float]], also: list[tuple[str, float]], expected: str) -> None:
    assert ranking_paragraph(rows, "Q", also=also) == expected


def test_a_share_that_is_none_is_refused_in_a_paragraph() -> None:
    with pytest.raises(InputError) as raised:
        ranking_paragraph([("A", 1.2)], "Q")
    assert str(raised.value) == "wording: share is 1.2, expected a fraction from 0 to 1"


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12), st.integers(0, 12))
def test_every_row_is_told_once_and_in_order(found: list[float], cut: int) -> None:
    rows = [(f"K{place}", share) for place, share in enumerate(sorted(found, reverse=True))]
    paragraph = ranking_paragraph(rows[:cut], "Q", also=rows[cut:])
    assert re.findall(r"”(K\d+)”", paragraph) == [label for label, _ in rows]
    top, sentences = rows[0][1], paragraph.split(". ")
    main = rows[:cut] or rows
    for label, share in main:
        [sentence] = [sentence for sentence in sentences if f"”{label}”" in sentence]
        least = {"På": 0.9, "Nä": 0.8, "Nå": 0.5, "Mi": 0.0}[sentence[:2]]
        assert share >= least * top - 1e-8
