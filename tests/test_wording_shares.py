"""Fractions, and how many of all: never false, and as the published follow-ups say it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.errors import InputError
from samorsak.wording import Lang, fraction_phrase, list_phrase, most_phrase, quoted, share_phrase

FRACTIONS = {
    "en tiondel": 1 / 10,
    "en femtedel": 1 / 5,
    "en fjärdedel": 1 / 4,
    "en tredjedel": 1 / 3,
    "fyra av tio": 2 / 5,
    "hälften": 1 / 2,
    "sex av tio": 3 / 5,
    "två tredjedelar": 2 / 3,
    "tre av fyra": 3 / 4,
    "fyra av fem": 4 / 5,
    "nio av tio": 9 / 10,
}
ENGLISH = {
    **dict(zip(FRACTIONS, "a tenth,a fifth,a quarter,a third,four in ten,half,six in ten,two thirds,three in four,four in five,nine in ten".split(","), strict=True)),
    "ungefär": "about",
    "knappt": "just under",
    "drygt": "just over",
    "ett fåtal": "a few",
    "en mindre del": "a small part",
    "färre än": "fewer than",
    "merparten": "the larger part",
    "de allra flesta": "by far the most",
    "de flesta": "most",
    "ingen": "none",
    "samtliga": "all",
}  # fmt: skip

shares = (
    st.floats(0, 1) | st.integers(0, 1000).map(lambda n: n / 1000) | st.sampled_from([*FRACTIONS.values()])
)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.2, "en femtedel"),
        (0.2001, "ungefär en femtedel"),
        (0.21, "ungefär en femtedel"),
        (0.2101, "drygt en femtedel"),
        (0.1899, "knappt en femtedel"),
        (0.22, "drygt en femtedel"),
        (0.2249, "22 procent"),
        (0.2251, "knappt en fjärdedel"),
        (0.32, "knappt en tredjedel"),
        (1 / 3, "en tredjedel"),
        (0.35, "drygt en tredjedel"),
        (0.37, "drygt 35 procent"),
        (0.4749, "47 procent"),
        (0.475, "knappt hälften"),
        (0.5, "hälften"),
        (0.525, "drygt hälften"),
        (0.75, "tre av fyra"),
        (0.095, "ungefär en tiondel"),
        (0.0949, "knappt en tiondel"),
        (0.09, "knappt en tiondel"),
        (0.0899, "knappt 10 procent"),
        (0.95, "ca 95 procent"),
        (0, "ingen"),
        (1, "samtliga"),
    ],
)
def test_fraction_phrase(share: float, said: str) -> None:
    assert fraction_phrase(share) == said


@given(shares)
def test_no_fraction_is_false(share: float) -> None:
    said = fraction_phrase(share)
    for name, fraction in FRACTIONS.items():
        if said.endswith(name):
            assert abs(share - fraction) == min(abs(share - other) for other in FRACTIONS.values())
            match said.removesuffix(name).strip():
                case "":
                    assert abs(share - fraction) < 1e-11
                case "ungefär":
                    assert abs(share - fraction) <= min(0.01, 0.05 * fraction) + 1e-11
                case "knappt":
                    assert 0 < fraction - share <= min(0.025, 0.1 * fraction) + 1e-11
                case "drygt":
                    assert 0 < share - fraction <= min(0.025, 0.1 * fraction) + 1e-11
                case other:
                    pytest.fail(f"nothing else stands before a fraction: {other!r}")
            return
    assert said == share_phrase(share)


def test_the_published_words_for_how_many() -> None:
    # 2023: "merparten" is 199 of 287 agreements, "de flesta" 87 percent; 2024: "de flesta" 88 percent. Both:
    # "de allra flesta" made progress, where 10 percent made none.
    assert most_phrase(199 / 287) == "merparten"
    assert most_phrase(0.87) == most_phrase(0.88) == "de flesta"
    assert most_phrase(0.9) == most_phrase(1 - 20 / 199) == most_phrase(1 - 18 / 186) == "de allra flesta"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "ingen"),
        (0.001, "ett fåtal"),
        (0.0999, "ett fåtal"),
        (0.1, "en mindre del"),
        (0.25, "färre än hälften"),
        (0.4749, "färre än hälften"),
        (0.475, "knappt hälften"),
        (0.5, "hälften"),
        (0.51, "ungefär hälften"),
        (0.525, "drygt hälften"),
        (0.5251, "merparten"),
        (0.7499, "merparten"),
        (0.75, "de flesta"),
        (0.8949, "de flesta"),
        (0.895, "de allra flesta"),
        (0.9999, "de allra flesta"),
        (1, "samtliga"),
    ],
)
def test_most_phrase(share: float, said: str) -> None:
    assert most_phrase(share) == said


def test_how_many_rises_and_each_phrase_covers_one_stretch() -> None:
    phrases = [most_phrase(step / 2000) for step in range(2001)]
    stretches = [phrase for before, phrase in pairwise(["", *phrases]) if phrase != before]
    assert stretches == [
        *("ingen", "ett fåtal", "en mindre del", "färre än hälften", "knappt hälften", "ungefär hälften"),
        *("hälften", "ungefär hälften", "drygt hälften", "merparten", "de flesta", "de allra flesta"),
        "samtliga",
    ]


@given(shares)
def test_how_many_is_never_false(share: float) -> None:
    said = most_phrase(share)
    if said in ("merparten", "de flesta", "de allra flesta", "drygt hälften"):
        assert share > 0.5
    elif said in ("ett fåtal", "en mindre del", "färre än hälften", "knappt hälften"):
        assert 0 < share < 0.5
    else:
        assert said in ("ingen", "samtliga", "hälften", "ungefär hälften")


@given(shares)
def test_english_says_the_same(share: float) -> None:
    for phrase in (fraction_phrase, most_phrase):
        said = phrase(share)
        if "procent" in said:
            assert phrase(share, "en") == share_phrase(share, "en")
        else:
            word = re.compile("|".join(sorted(ENGLISH, key=len, reverse=True)))
            assert phrase(share, "en") == word.sub(lambda found: ENGLISH[found.group()], said)


@pytest.mark.parametrize("phrase", [fraction_phrase, most_phrase])
def test_what_is_no_share_or_language_is_refused(phrase: object) -> None:
    assert callable(phrase)
    with pytest.raises(InputError) as raised:
        phrase(1.2)
    assert str(raised.value) == "wording: share is 1.2, expected a fraction from 0 to 1"
    lang: Lang = "de"  # type: ignore[assignment]
    with pytest.raises(InputError) as raised:
        phrase(0.2, lang)
    assert str(raised.value) == "wording: language is 'de', expected 'sv' or 'en'"


def test_words_in_lists_and_quotation_marks() -> None:
    assert list_phrase(["a", "b", "c"], joint="or") == "a, b eller c"
    assert list_phrase(["a", "b"], "en", "or") == "a or b"
    assert quoted("{a}") == "”{a}”"
    assert quoted("a", "en") == "“a”"
