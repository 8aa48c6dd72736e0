"""Words of the sections of closed questions and cross-tables, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samorsak.pipeline.report_sections.words import report_words
from samorsak.report.phrases import by_language
from samorsak.tables import Option, Remark, Variable
from samorsak.wording import Lang, remark_sentences

_SAID = {  # Swedish, English
    "progress": ("Slutna frågor", "Closed questions"),
    "assessments": ("Bedömningar", "Assessments"),
    "crosstables": ("Korstabeller och samband", "Cross-tables and associations"),
    "annex_crosstables": ("Bilaga: korstabeller", "Annex: cross-tables"),
    "annex_background": ("Bilaga: slutna frågor efter bakgrund", "Annex: closed questions by background"),
    "see_annex": (
        "Här står vad som hänger samman med vad. Korstabellerna själva står i bilagan sist i rapporten; de "
        "slutna frågorna efter bakgrund står i rapport.html och tabeller.xlsx, inte i rapport.docx.",
        "This says what goes together with what. The cross-tables themselves are in the annex at the end; "
        "the closed questions by background are in rapport.html and tabeller.xlsx, not in rapport.docx.",
    ),
    "other_causes": (
        "Om de andra orsakerna går det inte att säga.",
        "Of the other causes it can't be said.",
    ),
    "no_cause_told": (
        "Det går inte att säga om någon av orsakerna hänger samman med {}.",
        "It can't be said whether any of the causes goes together with {}.",
    ),
    "clearest_cause": ("Tydligast för orsaken", "Clearest for the cause"),
    "about_clearest": (
        "Visas för den orsak där sambandet är tydligast (lägst p); alla orsaker står i bilagan.",
        "Shown for the cause whose association is clearest (least p); all causes are in the annex.",
    ),
    "asked_closed": ("Frågan löd: {}", "The question was: {}"),
    "answer": ("Svar", "Answer"),
    "statement_head": ("Påstående", "Statement"),
    "group_head": ("Grupp", "Group"),
    "answered": ("Svarande", "Respondents"),
    "not_answered": ("Svar saknas", "Not answered"),
    "all_groups": ("Totalt", "Total"),
    "of_answered": (
        "Andel av dem som svarade på frågan. Svarande: {}, svar saknas: {}.",
        "Share of those who answered the question. Respondents: {}, not answered: {}.",
    ),
    "of_several": (
        "Flera svar kunde ges, så andelarna kan tillsammans bli mer än 100 procent.",
        "Several answers could be given, so the shares may add up to more than 100 percent.",
    ),
    "of_statement": (
        "Andel av dem som svarade på påståendet.",
        "Share of those who answered the statement.",
    ),
    "of_group": (
        "Andel av dem i gruppen som svarade på frågan.",
        "Share of those in the group who answered the question.",
    ),
    "of_column": (
        "Andel av dem i kolumnen. Med i tabellen: {}, saknar svar på någon av frågorna: {}.",
        "Share of those in the column. In the table: {}, without an answer to at least one of them: {}.",
    ),
    "bars_of": ("Liggande staplar: {}.", "Horizontal bars: {}."),
    "stacked_of": (
        "Delade staplar, en för varje rad. {}.",
        "Divided bars, one for each row. {}.",
    ),
    "stacked_row": ("{}: {}", "{}: {}"),
    "each_statement": ("Så besvarades påståendena:", "The statements were answered as follows:"),
    "row_by": ("{} efter {}", "{} by {}"),
    "closed_by": ("Svaren efter {}", "The answers by {}"),
    "measure": ("Mått", "Measure"),
    "tau_b": ("Kendalls tau-b", "Kendall's tau-b"),
    "cramers_v": ("Cramérs V", "Cramér's V"),
    "strength": ("Värde", "Value"),
    "p_holm": ("p, Holm", "p, Holm"),
    "associations": ("Samband med {}", "What goes together with {}"),
    "about_intervals": (
        "95 %-intervall ur omdragningar av de svarande (bootstrap). p med hänsyn till alla samband i "
        "tabellen (Holm). Att två saker hänger samman säger inte att den ena "
        "orsakar den andra.",
        "95% intervals by drawing the respondents anew (bootstrap). p with all associations of the table "
        "in view (Holm). That two things go together does not say that one causes the other.",
    ),
    "about_cause_measures": (
        "För varje orsak: {}, mellan att uppge orsaken eller inte och kolumnerna.",
        "For each cause: {}, between giving the cause or not and the columns.",
    ),
    "no_crosstables": ("Det finns inga korstabeller att visa.", "There are no cross-tables to show."),
}  # fmt: skip
_WORDS = by_language(_SAID)


def closed_words(lang: Lang) -> Mapping[str, str]:
    """Give the fixed words of a language, those of the whole report too."""
    return {**report_words(lang), **_WORDS[lang]}


def label_of(named: Option | Variable, lang: Lang) -> str:
    """Give the name for readers."""
    return named.label_sv if lang == "sv" else named.label_en


def told(remarks: Sequence[Remark], lang: Lang) -> tuple[str, ...]:
    """Say remarks in words."""
    return remark_sentences(((one.kind, one.about) for one in remarks), lang)
