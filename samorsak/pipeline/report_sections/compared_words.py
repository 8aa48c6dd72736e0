"""Words of the comparison with earlier rounds, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping

from samorsak.pipeline.report_sections.closed_words import closed_words
from samorsak.report.phrases import by_language
from samorsak.wording import Lang

_SAID = {  # Swedish, English
    "compared": ("Jämförelse med tidigare omgångar", "Compared with earlier rounds"),
    "compared_about": (
        "Omgångarna {} jämförs. Att en andel skiljer sig mellan två omgångar sägs bara där intervallet och p "
        "efter Holm säger det.",
        "The rounds {} are compared. That a share differs between two rounds is said only where the interval "
        "and p after Holm say so.",
    ),
    "unaudited_compared": (
        "Ej granskat: {}. En skillnad mellan omgångarna kan bero på att modellen tar fel olika ofta i dem.",
        "Not audited: {}. A difference between rounds may be due to the model erring more often in one of "
        "them.",
    ),
    "no_such_lines": (
        "Orsakerna i {} går inte att jämföra: omgångens schema har inga rader som heter {}.",
        "The causes of {} cannot be compared: the scheme of the round has no lines called {}.",
    ),
    "not_in": (
        "Frågan har inga svar i {}, så det finns inget att jämföra med.",
        "The question has no answers in {}, so there is nothing to compare with.",
    ),
    "strangers": (
        "Svaren i {} och {} är kodade med scheman som inte har någon kategori gemensam, så de går inte att "
        "jämföra.",
        "The answers of {} and {} are coded by schemes that have no category in common, so they cannot be "
        "compared.",
    ),
    "reworded_question": (
        "Frågan ställdes inte likadant: {} {}, {} {}. En skillnad kan bero på det.",
        "The question was not put alike: {} {}, {} {}. A difference may be due to that.",
    ),
    "other_column": (
        "Svaren stod i en kolumn som hette {1} i {0} och {3} i {2}. Om frågan är ändrad kan en skillnad bero "
        "på det.",
        "The answers stood in a column called {1} in {0} and {3} in {2}. If the question was changed, a "
        "difference may be due to that.",
    ),
    "over_years": ("{} ({})", "{} ({})"),
    "slope_alt": ("En linje för varje orsak: {}.", "A line for each cause: {}."),
    "slope_alt_closed": ("En linje för varje svar: {}.", "A line for each answer: {}."),
    "slope_drawn": (
        "I bilden visas de orsaker som går att jämföra och har en andel på minst {} i någon omgång; övrigt "
        "visas bara i tabellen.",
        "The picture shows those causes that can be compared and have a share of at least {} in some round; "
        "other is in the table only.",
    ),
    "not_alike": ("Det som inte är lika i omgångarna:", "What is not alike in the rounds:"),
    "certain": ("Säkerställd", "Certain"),
    "closed_compared": ("Slutna frågor: {} och {}", "Closed questions: {} and {}"),
    "nothing_closed": (
        "Omgångarna {} och {} har inga slutna frågor gemensamt.",
        "The rounds {} and {} have no closed questions in common.",
    ),
    "closed_intervals": (
        "95 %-intervall för skillnaden (Newcombe), * där p efter Holm över frågans svar är under 0,05. "
        "De svarande räknas som dragna i varje omgång; har alla svarat är skillnaden den som räknats.",
        "95% intervals of the difference (Newcombe), * where p after Holm over the answers to the question "
        "is below 0.05. Respondents count as drawn in each round; where all answered, the difference is as "
        "counted.",
    ),
}  # fmt: skip
_WORDS = by_language(_SAID)


def compared_words(lang: Lang) -> Mapping[str, str]:
    """Give the fixed words of a language, those of the sections before too."""
    return {**closed_words(lang), **_WORDS[lang]}
