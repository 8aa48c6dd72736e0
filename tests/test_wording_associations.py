"""Associations and remarks in words: the clearest by rule, nothing said of what cannot be told."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.errors import InputError
from samorsak.wording import Associated, association_sentences, remark_sentence, remark_sentences, remarks

GOALS = Associated("mål", 0.42, 0.33, 0.5, 0.001)
ROUTINES = Associated("rutiner", 0.25, 0.15, 0.32, 0.004)
ROLES = Associated("roller", 0.08, -0.02, 0.17, 0.12)


def told(*found: Associated, **more: Any) -> list[str]:
    return [*association_sentences("förflyttning", found, **{"measure": "cramers_v", **more})]


def test_the_pattern_of_2023() -> None:
    # 2023: clearest with goals, a like but less clear one with routines, the least clear one with roles
    assert told(ROLES, ROUTINES, GOALS, measure="tau_b") == [
        "Tydligast är sambandet mellan ”förflyttning” och ”mål” (0,42).",
        "Ett mindre tydligt samband finns med ”rutiner” (0,25).",
        "Den som svarade nära början av skalan på den ena frågan tenderade att göra det också på den andra.",
        "Det går inte att säga om ”förflyttning” hänger samman med ”roller”.",
    ]


def test_two_that_overlap_are_the_clearest_together() -> None:
    near = ROUTINES._replace(value=0.38, high=0.46)
    assert told(near, GOALS)[0] == (
        "Tydligast är sambanden mellan ”förflyttning” och ”mål” (0,42) och ”rutiner” (0,38); "
        "vilket av dem som är tydligast går inte att säga."
    )


def test_in_english_and_by_a_machine() -> None:
    found = association_sentences("progress", [GOALS, ROLES], measure="tau_b", machine=True, lang="en")
    assert found == (
        "“progress” goes together with “mål” (0.42).",
        "Whoever answered near the start of the scale of one question tended to do so for the other, too.",
        "Whether “progress” goes together with “roller” cannot be said.",
        "The associations rest on causes coded by a model that nobody has audited; they may be due to how the model errs.",
    )


def test_directions() -> None:
    against = Associated("avstånd", -0.6, -0.7, -0.55, 0.001)
    assert told(against, measure="tau_b")[1].endswith("tenderade att svara nära slutet av den andra.")
    assert told(GOALS, against, measure="tau_b")[0].startswith(
        "Tydligast är sambandet mellan ”förflyttning” och ”avstånd” (\N{MINUS SIGN}0,60)"
    )
    assert told(GOALS, against, measure="tau_b")[-1].startswith("För ”avstånd” är det tvärtom")
    assert len(told(against)) == 1


def test_what_has_no_value_or_no_interval() -> None:
    assert told() == told(machine=True) == []
    assert told(Associated("a", None)) == [
        "Sambandet mellan ”förflyttning” och ”a” går inte att mäta, då alla svarat lika eller ingen svarat."
    ]
    assert told(Associated("a", 0.3)) == ["Det går inte att säga om ”förflyttning” hänger samman med ”a”."]
    assert told(GOALS, Associated("a", 0.1, p=0.01))[0].startswith("Tydligast är sambanden")


associations = st.builds(
    lambda value, below, above, p: (value, max(value - below, -1.0), min(value + above, 1.0), p),
    st.floats(-1, 1), st.floats(0, 0.3), st.floats(0, 0.3), st.floats(0, 0.2),
)  # fmt: skip


@given(st.lists(associations, min_size=1, max_size=7))
def test_none_is_called_clearer_than_one_it_overlaps(drawn: list[tuple[float, float, float, float]]) -> None:
    found = [Associated(f"K{place}", *own) for place, own in enumerate(drawn)]
    sentences = told(*found)
    named = [re.findall(r"K\d", sentence) for sentence in sentences]
    assert sorted(name for own in named for name in own) == [one.label for one in found]
    by_label = {one.label: one for one in found}

    def strength(name: str) -> tuple[float, float]:
        _, value, low, high, _ = by_label[name]
        assert value is not None and low is not None and high is not None
        return (low, high) if value >= 0 else (-high, -low)

    for sentence, own in zip(sentences, named, strict=True):
        if sentence.startswith("Det går inte"):
            assert all((by_label[name].p or 0) >= 0.05 for name in own)
        else:
            assert all((by_label[name].p or 0) < 0.05 for name in own)
        if sentence.startswith(("Mindre", "Ett mindre")):
            assert all(strength(a)[0] > strength(b)[1] for a in named[0] for b in own)
        if sentence.startswith("Tydligast är sambandet "):
            assert len(own) == 1


KINDS = [kind for kind in remarks._SAID if kind != "everybody"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_remark_is_said_in_both_languages_and_stands_in_the_table(kind: str) -> None:
    swedish, english = remarks._SAID[kind]
    fields = [{name for _, name, _, _ in Formatter().parse(form) if name} for form in (swedish, english)]
    assert fields[0] == fields[1]
    row = re.search(rf"^{kind} +(.*)$", remarks.__doc__ or "", re.M)
    assert row
    for name in fields[0]:
        assert name in row.group(1)
    about = dict.fromkeys(fields[0], "{x}")
    for lang in ("sv", "en"):
        said = remark_sentence(kind, about, lang)  # type: ignore[arg-type]
        assert said.endswith(".") and said.count("{x}") >= len(fields[0])


def test_remarks_between_rounds() -> None:
    found = [
        ("wording", {"before": "Hur gick det?", "after": "Hur har det gått?"}),
        ("level_only", {"level": "some", "label": "Några", "round": "2024"}),
        ("level_only", {"level": "other", "label": "Annat", "round": "2024"}),
        ("conditions", {"before": "", "after": "Gemensam=Ja"}),
        ("line_only", {"label": "Jobbspår", "round": "2023"}),
        ("wording", {"before": "Hur gick det?", "after": "Hur har det gått?"}),
    ]
    assert remark_sentences(found) == (
        "Frågan var omformulerad: den löd ”Hur gick det?”, sedan ”Hur har det gått?”. Skillnader kan bero på det.",
        "”Några” och ”Annat” gick bara att svara 2024, så även andelarna för övriga svar kan ha påverkats.",
        "Svaren är inte från samma urval: först alla, sedan ”Gemensam=Ja”. Skillnader kan bero på det.",
        "”Jobbspår” finns bara i listan för 2023, så det finns inget att jämföra med; i den andra omgången kan det "
        "ha räknats någon annanstans.",
    )


def test_numbers_in_remarks_are_written_as_numbers() -> None:
    assert remark_sentence("sampled", {"shown": 500, "total": 12000}) == (
        "500 av 12\u202f000 påståenden visas, slumpvis valda."
    )
    assert remark_sentence("withheld", {"below": 5}, "en") == (
        "Numbers below 5 are not shown, nor are those that would give them away."
    )


def test_an_unknown_remark_or_one_that_lacks_a_field_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        remark_sentence("weather")
    assert str(raised.value) == f"wording: kind of remark is 'weather', expected one of: {', '.join(KINDS)}"
    with pytest.raises(InputError) as raised:
        remark_sentence("withheld")
    assert str(raised.value) == "wording: a remark of kind 'withheld' lacks the field 'below'"
    with pytest.raises(InputError):
        remark_sentences([("line_only", {"label": "A"})])
