"""Ranked lists for people."""

import json
from dataclasses import replace

import pytest

from samorsak.coded import CodedAnswer
from samorsak.errors import InputError
from samorsak.ranking import RankedRow, Ranking, Total, rank
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

NO_INTERVALS = "Inga intervall: det finns varken en granskning av svaren eller en prövning av modellen."

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
        "\n"
        f"{NO_INTERVALS}\n"
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
        "\n"
        f"{NO_INTERVALS}\n"
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
        "\n"
        f"{NO_INTERVALS}\n"
    )


def test_lists_in_json():
    found = json.loads(as_json(rank(FIFTY, SCHEME, by="Region", where=["Region=Nord"]), SCHEME))
    nothing = dict.fromkeys(
        ["low", "high", "rank_low", "rank_high", "place_low", "place_high", "top_three"]
    ) | {"method": "counted", "few_positives": False}
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
                "weight": "",
                "method": "counted",
                "audited": 0,
                "intervals": NO_INTERVALS,
                "rows": [
                    {"rank": 1, "category": "wind", "label": "Vind", "n": 2, "share": 1.0, **nothing},
                    {"rank": 2, "category": "rain", "label": "Regn", "n": 0, "share": 0.0, **nothing},
                    {
                        "rank": 2,
                        "category": "snow",
                        "label": "Snö och is | hala vägar",
                        "n": 0,
                        "share": 0.0,
                        **nothing,
                    },
                    {"rank": 2, "category": "fog", "label": "Dimma", "n": 0, "share": 0.0, **nothing},
                    {"rank": None, "category": "other", "label": "Övrigt", "n": 0, "share": 0.0, **nothing},
                ],
            }
        ]
    }


def test_other_is_told_where_there_is_nothing_else():
    ((total, rows),) = rank(coded("other"), SCHEME).lists()
    assert paragraph(rows, total, SCHEME) == (
        "På frågan ”Varför inte?” var den vanligaste orsaken ”Övrigt” (samtliga av de orsaker som uppgavs). "
        f"{NO_INTERVALS}"
    )


def test_in_english_what_has_no_english_label_keeps_its_own():
    ((total, rows),) = rank(FIFTY, SCHEME, lang="en").lists()
    assert paragraph(rows, total, SCHEME, lang="en") == (
        "To the question “Why not?”, the most common cause was “Rain” "
        "(about 60 percent of the causes given). "
        "Somewhat less common was “Snö och is | hala vägar” (about 30 percent). "
        "Another answer was “Wind” (4 percent). "
        "No intervals: there is neither an audit of the answers nor a trial of the model."
    )


def test_markdown_leaves_out_tables_without_rows():
    assert as_markdown(rank(coded(times=2), SCHEME), SCHEME) == (
        "## 2024: Varför inte?\n"
        "\n"
        "Andel av de orsaker som uppgavs. Orsaker: 0, svar: 2, svar utan orsak: 2.\n"
        "\n"
        "På frågan ”Varför inte?” uppgavs ingen orsak.\n"
        "\n"
        f"{NO_INTERVALS}\n"
    )


def row(rank_, category, n, share, low, high, places, **more):
    """Make a row of a list whose first two places are tied."""
    return RankedRow(
        *("2024", "lost", "causes", "scheme", rank_, category, SCHEME.label("lost", category), n, 50, share),
        low=low,
        high=high,
        place_low=places[0],
        place_high=places[1],
        **{"method": "audited", "audited": 20, **more},
    )


AUDITED = Ranking(
    (
        row(1, "rain", 26, 0.52, 0.4, 0.6, (1, 2)),
        row(2, "snow", 22, 0.44, 0.35, 0.55, (1, 2)),
        row(3, "wind", 2, 0.04, 0.01, 0.12, (3, 4), few_positives=True),
        row(4, "fog", 0, 0.0, 0.0, 0.05, (3, 4)),
        row(None, "other", 0, 0.0, 0.0, 0.01, (None, None)),
    ),
    (Total("2024", "lost", 54, 4),),
)


def test_an_audited_list_in_the_terminal():
    assert as_text(AUDITED, SCHEME, ascii=True).replace("–", "-") == (
        "2024: Varför inte?\n"
        "Andel av de orsaker som uppgavs, rättad efter granskning. Orsaker: ca 50, svar: 54.\n"
        "\n"
        "Plats  Orsak                      Andel  95 %-intervall    Antal\n"
        "  1-2  Regn                      52,0 %       40,0-60,0       26  ########################\n"
        "  1-2  Snö och is | hala vägar   44,0 %       35,0-55,0       22  ####################\n"
        "\n"
        "Andra förekommande svar (under 5 %)\n"
        "  3-4  Vind                       4,0 %        1,0-12,0        2  ##  osäkert underlag\n"
        "\n"
        "Inga eller nästan inga svar: Dimma (högst 5,0 %)\n"
        "\n"
        "På frågan ”Varför inte?” var den vanligaste orsaken ”Regn” (drygt 50 procent av de orsaker som\n"
        "uppgavs). Nästan lika vanligt var ”Snö och is | hala vägar” (knappt 45 procent). Ett annat\n"
        "förekommande svar var ”Vind” (4 procent). Ordningen mellan dem är inte säker.\n"
        "\n"
        "95 %-intervall ur modellens kodning och 20 slumpvis dragna och granskade svar av 54. Intervallen\n"
        "gäller fel i kodningen, inte bortfall. Orsaker med samma platser (som 1-2) går inte säkert att\n"
        "skilja åt.\n"
    )


def test_an_audited_list_in_markdown():
    shown = as_markdown(AUDITED, SCHEME, lang="en")
    assert (
        "| Rank | Cause | Number | Share | 95% interval |\n"
        "|---:|:---|---:|---:|---:|\n"
        "| 1–2 | Rain | 26 | 52.0% | 40.0–60.0 |\n"
        "| 1–2 | Snö och is \\| hala vägar | 22 | 44.0% | 35.0–55.0 |\n"
    ) in shown.replace("Regn", "Rain")
    assert "| 3–4 | Vind | 2 | 4.0% | 1.0–12.0 uncertain basis |\n" in shown


def test_an_audited_list_in_a_paragraph():
    ((total, rows),) = AUDITED.lists()
    assert paragraph(rows, total, SCHEME).endswith(
        " (4 procent). Ordningen mellan dem är inte säker. Intervall i procent: ”Regn” 40,0–60,0; "
        "”Snö och is | hala vägar” 35,0–55,0. 95 %-intervall ur modellens kodning och 20 slumpvis dragna och "
        "granskade svar av 54. Intervallen gäller fel i kodningen, inte bortfall. Orsaker med samma platser "
        "(som 1–2) går inte säkert att skilja åt."
    )


def test_causes_that_share_a_place_are_named_where_others_do_not():
    settled = replace(AUDITED.rows[2], share=0.2, n=10, place_low=3, place_high=3)
    ((total, rows),) = replace(AUDITED, rows=(*AUDITED.rows[:2], settled)).lists()
    assert "”Regn” och ”Snö och is | hala vägar” delar plats 1–2: ordningen mellan dem är inte säker." in (
        paragraph(rows, total, SCHEME)
    )


def test_modelled_lists_say_what_they_suppose():
    refused = replace(AUDITED.rows[1], method="refused", low=None, high=None, place_low=None, place_high=None)
    first = replace(AUDITED.rows[0], method="modelled", share=0.7, audited=0, place_high=1)
    ranking = replace(AUDITED, rows=(first, replace(refused, audited=0)))
    shown = as_text(ranking, SCHEME)
    assert "Andel av de orsaker som uppgavs. Orsaker: 50, svar: 54, svar utan orsak: 4.\n" in shown
    assert shown.endswith(
        "95 %-intervall: modellbaserat, förutsätter att svaren liknar seed-exemplen. Intervallen gäller fel i\n"
        "kodningen, inte bortfall. Där det står – tar modellen för ofta fel för att ge ett intervall. Ligger\n"
        "en andel utanför sitt intervall räknar modellen den troligen för högt eller för lågt.\n"
    )
    assert "    2  Snö och is | hala vägar   44,0 %               –       22  " in shown


def test_json_says_how_its_intervals_were_made():
    (found,) = json.loads(as_json(AUDITED, SCHEME))["lists"]
    assert (found["method"], found["audited"]) == ("audited", 20)
    assert found["intervals"].startswith("95 %-intervall ur modellens kodning")
    wind = found["rows"][2]
    assert (wind["low"], wind["high"], wind["place_low"], wind["few_positives"]) == (0.01, 0.12, 3, True)


def test_weights_are_named():
    weighted = replace(AUDITED, rows=tuple(replace(r, weight="Antal kommuner") for r in AUDITED.rows))
    assert as_text(weighted, SCHEME).split("\n")[1] == "Vägt efter Antal kommuner."
