"""Ranked lists for people."""

import json

import pytest

from samorsak.coded import CodedAnswer
from samorsak.errors import InputError
from samorsak.ranking import Ranking, rank
from samorsak.report.lists import as_json, as_markdown, as_text, paragraph
from samorsak.scheme import Scheme

SCHEME = Scheme.model_validate(
    {
        "residual": {"other": {"label_sv": "Övrigt", "label_en": "Other"}},
        "questions": {
            "lost": {
                "text_sv": "Varför inte?",
                "text_en": "Why not?",
                "categories": {
                    "rain": {"label_sv": "Regn", "label_en": "Rain", "report": {"2023": "wet"}},
                    "snow": {"label_sv": "Snö och is | hala vägar", "report": {"2023": "wet"}},
                    "wind": {"label_sv": "Vind", "label_en": "Wind", "report": {"2023": "wind"}},
                    "fog": {"label_sv": "Dimma", "report": {"2023": None}},
                },
            }
        },
        "lines": {"2023": {"wet": {"label_sv": "Väta"}}},
    }
)


def coded(*categories, times=1, region="Syd"):
    first = len(coded.made)
    coded.made += [
        CodedAnswer(str(first + n), "2024", "lost", categories or ("no_cause",), "Text.", {"Region": region})
        for n in range(times)
    ]
    return coded.made[first:]


coded.made = []

FIFTY = [
    *coded("rain", times=30),
    *coded("snow", times=15),
    *coded("wind", times=2, region="Nord"),
    *coded("other", times=3, region=""),
    *coded(times=4, region="Nord"),
]


def test_a_list_in_the_terminal():
    assert as_text(rank(FIFTY, SCHEME), SCHEME) == (
        "2024: Varför inte?\n"
        "Andel av de orsaker som uppgavs. Orsaker: 50, svar: 54, svar utan orsak: 4.\n"
        "\n"
        "  1  Regn                      60,0 %       30  ████████████████████████\n"
        "  2  Snö och is | hala vägar   30,0 %       15  ████████████\n"
        "\n"
        "Andra förekommande svar (under 5 %)\n"
        "  3  Vind                       4,0 %        2  ██\n"
        "\n"
        "     Övrigt                     6,0 %        3  ██\n"
        "\n"
        "Förekom inte: Dimma\n"
        "\n"
        "På frågan ”Varför inte?” var den vanligaste orsaken ”Regn” (ca 60 procent av de orsaker som\n"
        "uppgavs). Något mindre vanligt var ”Snö och is | hala vägar” (ca 30 procent). "
        "Ett annat förekommande\n"
        "svar var ”Vind” (4 procent).\n"
    )


def test_a_list_for_a_console_without_blocks_and_with_little_room():
    shown = as_text(rank(FIFTY, SCHEME, base="answers", lang="en"), SCHEME, ascii=True, width=40, lang="en")
    assert shown.split("\n")[:11] == [
        "2024: Why not?",
        "Share of the answers. Answers: 54,",
        "answers without a cause: 4.",
        "",
        "  1  Rain                    55.6%       30  ########################",
        "  2  Snö och is | hala       27.8%       15  ############",
        "     vägar",
        "",
        "Other answers (below 5%)",
        "  3  Wind                     3.7%        2  ##",
        "",
    ]


def test_groups_and_lines_are_named():
    shown = as_text(rank(FIFTY, SCHEME, by="Region", lines="2023"), SCHEME).split("\n")
    assert shown[:5] == [
        "2024: Varför inte?",
        "Region: Nord",
        "Räknat efter raderna i rapporten 2023.",
        "Andel av de orsaker som uppgavs. Orsaker: 2, svar: 6, svar utan orsak: 4.",
        "",
    ]
    assert [line for line in shown if line.startswith("Region")] == [
        "Region: Nord",
        "Region: Syd",
        "Region: (uppgift saknas)",
    ]


def test_the_limit_of_minor_causes_can_be_set():
    shown = as_text(rank(FIFTY, SCHEME), SCHEME, minor=0.35)
    assert "Andra förekommande svar (under 35 %)\n  2  Snö och is" in shown
    assert "Andra förekommande svar (" not in as_text(rank(FIFTY, SCHEME), SCHEME, minor=0)


@pytest.mark.parametrize("show", [as_text, as_markdown])
def test_a_limit_in_percent_is_refused(show):
    with pytest.raises(InputError) as error:
        show(rank(FIFTY, SCHEME), SCHEME, minor=5)
    assert str(error.value) == "minor is 5, expected a fraction from 0 to 1 (5 % is 0.05)"


@pytest.mark.parametrize("show", [as_text, as_markdown])
def test_no_lists(show):
    assert show(Ranking((), ()), SCHEME) == "Inga svar.\n"


def test_answers_without_any_cause():
    assert as_text(rank(coded(times=2), SCHEME), SCHEME) == (
        "2024: Varför inte?\n"
        "Andel av de orsaker som uppgavs. Orsaker: 0, svar: 2, svar utan orsak: 2.\n"
        "\n"
        "På frågan ”Varför inte?” uppgavs ingen orsak.\n"
    )


def test_a_list_in_markdown():
    assert as_markdown(rank(FIFTY, SCHEME), SCHEME).replace("\u00a0", " ") == (
        "## 2024: Varför inte?\n"
        "\n"
        "Andel av de orsaker som uppgavs. Orsaker: 50, svar: 54, svar utan orsak: 4.\n"
        "\n"
        "| Plats | Orsak | Antal | Andel |\n"
        "|---:|:---|---:|---:|\n"
        "| 1 | Regn | 30 | 60,0 % |\n"
        "| 2 | Snö och is \\| hala vägar | 15 | 30,0 % |\n"
        "\n"
        "**Andra förekommande svar (under 5 %)**\n"
        "\n"
        "| Plats | Orsak | Antal | Andel |\n"
        "|---:|:---|---:|---:|\n"
        "| 3 | Vind | 2 | 4,0 % |\n"
        "\n"
        "Övrigt: 3 (6,0 %)\n"
        "\n"
        "Förekom inte: Dimma\n"
        "\n"
        "På frågan ”Varför inte?” var den vanligaste orsaken ”Regn” "
        "(ca 60 procent av de orsaker som uppgavs). "
        "Något mindre vanligt var ”Snö och is \\| hala vägar” (ca 30 procent). "
        "Ett annat förekommande svar var ”Vind” (4 procent).\n"
    )


def test_lists_in_json():
    found = json.loads(as_json(rank(FIFTY, SCHEME, by="Region", where=["Region=Nord"]), SCHEME))
    assert found == {
        "lists": [
            {
                "round": "2024",
                "question": "lost",
                "wording": "Varför inte?",
                "base": "causes",
                "lines": "scheme",
                "group_by": "Region",
                "group": "Nord",
                "of": 2,
                "answers": 6,
                "without_cause": 4,
                "rows": [
                    {"rank": 1, "category": "wind", "label": "Vind", "n": 2, "share": 1.0},
                    {"rank": 2, "category": "rain", "label": "Regn", "n": 0, "share": 0.0},
                    {"rank": 2, "category": "snow", "label": "Snö och is | hala vägar", "n": 0, "share": 0.0},
                    {"rank": 2, "category": "fog", "label": "Dimma", "n": 0, "share": 0.0},
                    {"rank": None, "category": "other", "label": "Övrigt", "n": 0, "share": 0.0},
                ],
            }
        ]
    }


def test_other_is_told_where_there_is_nothing_else():
    rows = rank(coded("other"), SCHEME).rows
    assert paragraph(rows, SCHEME) == (
        "På frågan ”Varför inte?” var den vanligaste orsaken ”Övrigt” (samtliga av de orsaker som uppgavs)."
    )


def test_in_english_what_has_no_english_label_keeps_its_own():
    assert paragraph(rank(FIFTY, SCHEME, lang="en").rows, SCHEME, lang="en") == (
        "To the question “Why not?”, the most common cause was “Rain” "
        "(about 60 percent of the causes given). "
        "Somewhat less common was “Snö och is | hala vägar” (about 30 percent). "
        "Another answer was “Wind” (4 percent)."
    )


def test_markdown_leaves_out_tables_without_rows():
    assert as_markdown(rank(coded(times=2), SCHEME), SCHEME) == (
        "## 2024: Varför inte?\n"
        "\n"
        "Andel av de orsaker som uppgavs. Orsaker: 0, svar: 2, svar utan orsak: 2.\n"
        "\n"
        "På frågan ”Varför inte?” uppgavs ingen orsak.\n"
    )
