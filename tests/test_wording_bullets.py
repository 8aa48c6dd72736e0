"""Ranked lists in bullets: tiers by rule, and nothing said of an order that is not known."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from samorsak.wording import Listed, Listing, cause_bullets, ranking_paragraph

ROWS = [
    ("Rutiner", 0.096),
    ("Möten", 0.094),
    ("Strukturer", 0.092),
    ("Mål", 0.08),
    ("Individer", 0.078),
    ("Inställning", 0.05),
]


def test_the_list_of_2023_in_bullets() -> None:
    # 2023: three causes with "knappt 10 procent" each in the first list, then "nästan lika vanligt"
    assert cause_bullets([Listed(*row) for row in ROWS], "uppnådda resultat") == (
        Listing(
            "De vanligaste orsakerna till uppnådda resultat var:",
            (
                "Rutiner (knappt 10 procent av de orsaker som uppgavs)",
                "Möten (knappt 10 procent)",
                "Strukturer (knappt 10 procent)",
            ),
        ),
        Listing("Nästan lika vanliga var:", ("Mål (8 procent)", "Individer (8 procent)")),
        Listing("Något mindre vanligt var:", ("Inställning (ca 5 procent)",)),
    )


def test_the_missed_results_of_2023() -> None:
    # 2023: "drygt 20 procent" and "ca 15 procent", then "något mindre vanliga"
    first, second = cause_bullets([Listed("Mål", 42 / 199), Listed("Tid", 30 / 199)], "uteblivna resultat")
    assert first.items == ("Mål (drygt 20 procent av de orsaker som uppgavs)",)
    assert second == Listing("Något mindre vanligt var:", ("Tid (ca 15 procent)",))


def test_in_english_with_other_answers() -> None:
    told = cause_bullets(
        [Listed("Goals", 0.2), Listed("Time", 0.09)],
        "missing results",
        "answers",
        [Listed("Rules", 0.03), Listed("Law", 0.01)],
        "en",
    )
    assert told == (
        Listing(
            "The most common cause of missing results was:", ("Goals (about 20 percent of the answers)",)
        ),
        Listing("Less common was:", ("Time (just under 10 percent)",)),
        Listing("Other answers were “Rules” and “Law” (each less than 4 percent)."),
    )


def ranged(*ranks: tuple[int, int]) -> list[Listed]:
    return [Listed(*row, own) for row, own in zip(ROWS, ranks, strict=False)]


def test_tied_causes_stand_together_and_their_order_is_said_to_be_open() -> None:
    told = cause_bullets(ranged((1, 3), (1, 3), (1, 3), (4, 4), (5, 6), (5, 6)))
    assert told[0].lead == "De vanligaste orsakerna, utan säker ordning, var:"
    assert told[1] == Listing("Nästan lika vanligt var:", ("Mål (8 procent)",))
    assert told[2].lead == "Något mindre vanliga, utan säker ordning, var:"
    assert len(told) == 3


def test_a_tie_with_the_first_draws_all_of_it_into_the_first_list() -> None:
    told = cause_bullets(ranged((1, 3), (2, 5), (2, 4), (3, 5), (4, 5), (6, 6)))
    assert [len(listing.items) for listing in told] == [5, 1]
    assert told[0].lead == "De vanligaste orsakerna, utan säker ordning, var:"


def test_a_tie_that_is_part_of_a_list_is_named() -> None:
    told = cause_bullets(ranged((1, 1), (2, 3), (2, 3)), lang="en")
    assert told[0].lead == "The most common causes were:"
    assert told[1] == Listing("The order between “Möten” and “Strukturer” is not certain.")


def test_where_tied_rows_stand_below_only_some_of_the_most_common_are_told() -> None:
    told = cause_bullets(ranged((1, 2)), also=[Listed("Regler", 0.03, (1, 2)), Listed("Lag", 0.01, (3, 3))])
    assert told == (
        Listing(
            "En av de vanligaste orsakerna var:", ("Rutiner (knappt 10 procent av de orsaker som uppgavs)",)
        ),
        Listing("Andra förekommande svar var ”Regler” och ”Lag” (vardera under 4 procent)."),
        Listing("Ordningen mellan ”Rutiner” och ”Regler” är inte säker."),
    )


def test_where_all_are_tied_none_is_the_most_common() -> None:
    told = cause_bullets(ranged((1, 6), (1, 6), (1, 6)), "uppnådda resultat")
    assert [listing.lead for listing in told] == [
        "Följande orsaker till uppnådda resultat uppgavs:",
        "Det går inte att säga säkert vilka av dem som är vanligast.",
    ]


def test_a_row_without_a_range_among_others_is_tied_with_all() -> None:
    told = cause_bullets([*ranged((1, 1), (2, 2)), Listed("Resurser", 0.01)])
    assert told[0].lead == "Följande orsaker uppgavs:"


def test_options_of_a_closed_question() -> None:
    rows = [Listed("Långtidsarbetslöshet", 0.62), Listed("Anställningar", 0.6), Listed("Jobbspår", 0.5)]
    told = cause_bullets(rows, "Vilka områden?", "respondents")
    assert told[0].lead == "De vanligaste svaren på frågan ”Vilka områden?” var:"
    assert told[0].items[0] == "Långtidsarbetslöshet (drygt 60 procent av de svarande)"
    assert told[1].lead == "Nästan lika vanligt var:"
    assert ranking_paragraph([row[:2] for row in rows], "", "respondents") == (
        "Bland svaren var de vanligaste svaren ”Långtidsarbetslöshet” (drygt 60 procent av de svarande) och "
        "”Anställningar” (ca 60 procent). Nästan lika vanligt var ”Jobbspår” (ca 50 procent)."
    )
    assert ranking_paragraph([], "", "respondents", lang="en") == "Among the answers, no option was chosen."


def test_nothing_to_list() -> None:
    assert cause_bullets([], "A") == (Listing("Ingen orsak till A uppgavs."),)
    assert cause_bullets([Listed("A", 0.0)], "", "respondents", lang="en") == (
        Listing("No answer was chosen."),
    )
    assert cause_bullets([], "", also=[Listed("{0}", 0.02)]) == (
        Listing("Den vanligaste orsaken var:", ("{0} (2 procent av de orsaker som uppgavs)",)),
    )


@st.composite
def rankings(draw: st.DrawFn) -> tuple[list[Listed], int]:
    found = sorted(draw(st.lists(st.floats(0.001, 1), min_size=1, max_size=10)), reverse=True)
    k = len(found)
    rows = []
    for place, share in enumerate(found, start=1):
        low, high = draw(st.integers(1, place)), draw(st.integers(place, k))
        rows.append(Listed(f"K{place}", share, draw(st.sampled_from([(low, high), (place, place)]))))
    return rows, draw(st.integers(0, k))


def overlap(one: Listed, other: Listed) -> bool:
    assert one.ranks and other.ranks
    return one.ranks[0] <= other.ranks[1] and other.ranks[0] <= one.ranks[1]


@given(rankings())
def test_no_two_tied_causes_are_told_apart(ranking: tuple[list[Listed], int]) -> None:
    rows, cut = ranking
    main, also = (rows[:cut], rows[cut:]) if cut else (rows, [])
    told = cause_bullets(rows[:cut], also=rows[cut:])
    lists = [listing for listing in told if listing.items]
    names = [[item.split(" ")[0] for item in listing.items] for listing in lists]
    assert [name for own in names for name in own] == [row.label for row in main]
    by_label = {row.label: row for row in rows}
    for place, own in enumerate(names):
        for later in names[place + 1 :]:
            assert not any(overlap(by_label[a], by_label[b]) for a in own for b in later)
        if len(own) > 1 and any(overlap(by_label[a], by_label[b]) for a in own for b in own if a != b):
            sentences = " ".join(listing.lead for listing in told if not listing.items)
            assert re.search("säker ordning", lists[place].lead) or re.search("säker", sentences)
    first = [by_label[name] for name in names[0]]
    if lists[0].lead.startswith("De"):
        assert not any(overlap(a, b) for a in first for b in also)
    if lists[0].lead.startswith("Följande"):
        assert len(lists) == 1
    top = rows[0].share
    for listing, own in zip(lists[1:], names[1:], strict=True):
        least = {"Nä": 0.8, "Nå": 0.5, "Mi": 0.0}[listing.lead[:2]]
        assert all(by_label[name].share >= least * top - 1e-8 for name in own)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=10), st.integers(0, 10))
def test_without_ranges_the_lists_are_those_of_the_paragraph(found: list[float], cut: int) -> None:
    rows = [Listed(f"K{place}", share) for place, share in enumerate(sorted(found, reverse=True))]
    told = cause_bullets(rows[:cut], also=rows[cut:])
    paragraph = ranking_paragraph([row[:2] for row in rows[:cut]], "", also=[row[:2] for row in rows[cut:]])
    sentences = re.findall(r"[^.]+\.", paragraph)
    assert len(sentences) == len(told)
    for listing, sentence in zip(told, sentences, strict=True):
        if listing.items:
            assert re.findall(r"K\d+", sentence) == [item.split(" ")[0] for item in listing.items]
        else:
            assert listing.lead == sentence.strip()
