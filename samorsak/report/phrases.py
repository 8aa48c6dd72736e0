"""The fixed words of tables and workbooks, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from samorsak.errors import InputError
from samorsak.wording import Lang

_SAID = {  # Swedish, English
    # headings
    "round": ("Omgång", "Round"),
    "question": ("Fråga", "Question"),
    "base": ("Andel av", "Share of"),
    "lines": ("Rader", "Lines"),
    "rank": ("Plats", "Rank"),
    "category": ("Kategori", "Category"),
    "label": ("Benämning", "Label"),
    "n": ("Antal", "Number"),
    "of": ("Av", "Of"),
    "share": ("Andel", "Share"),
    "group_by": ("Uppdelat efter", "Split by"),
    "group": ("Grupp", "Group"),
    "answer_id": ("Svars-id", "Answer id"),
    "categories": ("Kategorier", "Categories"),
    "labels": ("Benämningar", "Labels"),
    "text": ("Svar", "Answer"),
    "statement": ("Påstående nr", "Statement no."),
    "start": ("Början", "Start"),
    "end": ("Slut", "End"),
    "statement_text": ("Påstående", "Statement"),
    "probability": ("Sannolikhet", "Probability"),
    "next_category": ("Näst troligast", "Next"),
    "next_label": ("Näst troligast, benämning", "Next, label"),
    "next_probability": ("Näst troligast, sannolikhet", "Next, probability"),
    "cause": ("Orsak", "Cause"),
    # lists
    "causes": ("orsaker", "causes"),
    "answers": ("svar", "answers"),
    "scheme_lines": ("schemats kategorier", "the scheme's categories"),
    "report_lines": ("rapporten {}", "the report of {}"),
    "no_group": ("(uppgift saknas)", "(not stated)"),
    "of_causes": (
        "Andel av de orsaker som uppgavs. Orsaker: {of}, svar: {answers}, svar utan orsak: {without}.",
        "Share of the causes given. Causes: {of}, answers: {answers}, answers without a cause: {without}.",
    ),
    "of_answers": (
        "Andel av svaren. Svar: {answers}, svar utan orsak: {without}.",
        "Share of the answers. Answers: {answers}, answers without a cause: {without}.",
    ),
    "by_report": ("Räknat efter raderna i rapporten {}.", "Counted by the lines of the report of {}."),
    "also": ("Andra förekommande svar (under {})", "Other answers (below {})"),
    "absent": ("Förekom inte: {}", "Not given: {}"),
    "hidden": (
        "Visas inte, då talen är små eller skulle röja små tal: {}. Platserna gäller de rader som visas.",
        "Not shown, as they are small or would give small numbers away: {}. Ranks count the rows shown.",
    ),
    "some_hidden": ("Små tal är dolda. Bland dem som visas:", "Small numbers are hidden. Of those shown:"),
    "all_hidden": (
        "Talen visas inte, då de är små eller skulle röja små tal.",
        "The numbers are not shown, as they are small or would give small ones away.",
    ),
    "interval": ("95 %-intervall", "95% interval"),
    "hollow": (
        "Ofylld punkt: färre än fem granskade svar anger orsaken (osäkert underlag).",
        "Hollow point: fewer than five audited answers give the cause (uncertain).",
    ),
    "nothing": ("Inga svar.", "No answers."),
    # changes between rounds
    "changes": ("Förändringar", "Changes"),
    "changed_from": ("Förändring från {} till {}: {}", "Change from {} to {}: {}"),
    "share_causes": ("Andel av de orsaker som uppgavs.", "Share of the causes given."),
    "share_answers": ("Andel av svaren.", "Share of the answers."),
    "made_audited": (
        "skattat ur ett granskat slumpurval, {} granskade svar",
        "estimated from an audited random sample, {} audited answers",
    ),
    "made_audit_alone": (
        "skattat enbart ur ett granskat slumpurval, {} granskade svar",
        "estimated from an audited random sample alone, {} audited answers",
    ),
    "made_modelled": (
        "modellbaserat, förutsätter att svaren liknar seed-exemplen",
        "model based, presumes that the answers are like the seed examples",
    ),
    "made_counted": ("räknat av modellen, utan intervall", "counted by the model, without an interval"),
    "answers_in_all": ("(svar: {}).", "(answers: {})."),
    "model_shares": (
        "Modellbaserade andelar är rättade för modellens kända fel och kan skilja sig från de räknade.",
        "Model based shares are corrected for the known errors of the model and may differ from counts.",
    ),
    "other_scheme": (
        "Omgångarna är kodade med olika versioner av schemat: samma id kan betyda olika saker.",
        "The rounds are coded by different versions of the scheme: the same id may mean different things.",
    ),
    "no_intervals": (
        "Minst en av omgångarna saknar intervall, så det går inte att säga om en skillnad är mer än slump "
        "och kodningsfel. Granska båda (samorsak audit).",
        "At least one of the rounds has no interval, so whether a difference is more than chance and errors "
        "of coding cannot be told. Audit both (samorsak audit).",
    ),
    "change_points": ("Förändring", "Change"),
    "points": ("procentenheter", "percentage points"),
    "from_to": ("{} till {}", "{} to {}"),
    "only_here": ("ej jämförbar", "no comparison"),
    "only_in": ("Finns bara i {}: {}.", "Only in {}: {}."),
    "quoted": ("”{}”", "“{}”"),
    "more_common": ("Vanligare {} än {}: {}.", "More common in {} than in {}: {}."),
    "less_common": ("Mindre vanligt {} än {}: {}.", "Less common in {} than in {}: {}."),
    "sure": (
        "Det är säkerställt (*) även när hänsyn tas till att {} jämförelser görs (Holm, 5 procent). "
        "Intervallen gäller var för sig, i procentenheter, och omfattar kodningsfel, inte bortfall.",
        "This holds (*) with all {} comparisons in view (Holm, 5 percent). Each interval is for itself, in "
        "percentage points, and covers errors of coding, not non-response.",
    ),
    "none_sure": (
        "Ingen förändring är säkerställd när hänsyn tas till att {} jämförelser görs (Holm, 5 procent). "
        "Intervallen gäller var för sig, i procentenheter, och omfattar kodningsfel, inte bortfall.",
        "No change is certain with all {} comparisons in view (Holm, 5 percent). Each interval is for "
        "itself, in percentage points, and covers errors of coding, not non-response.",
    ),
    "round_before": ("Omgång före", "Round before"),
    "round_after": ("Omgång efter", "Round after"),
    "method_before": ("Metod före", "Method before"),
    "method_after": ("Metod efter", "Method after"),
    "audited_before": ("Granskade före", "Audited before"),
    "audited_after": ("Granskade efter", "Audited after"),
    "only": ("Bara i", "Only in"),
    "before": ("Andel före", "Share before"),
    "after": ("Andel efter", "Share after"),
    "change": ("Förändring", "Change"),
    "low": ("Intervall från", "Interval from"),
    "high": ("Intervall till", "Interval to"),
    "p": ("p", "p"),
    "p_holm": ("p, Holm", "p, Holm"),
    # the workbook
    "title": ("Kodade svar", "Coded answers"),
    "read_me": ("Läs mig", "Read me"),
    "what": ("Vad", "What"),
    "explained": ("Förklaring", "What it is"),
    "ranking_sheet": ("Rangordning", "Ranking"),
    "answers_sheet": ("Svar", "Answers"),
    "statements_sheet": ("Påståenden", "Statements"),
    "about_ranking": (
        "Rangordnade orsaker per omgång och fråga. Bladet rymmer flera listor: välj en med filtren i "
        "kolumnerna Andel av och Rader.",
        "Ranked causes per round and question. The sheet holds several lists: choose one with the filters "
        "in the columns Share of and Lines.",
    ),
    "about_answers": (
        "Ett svar per rad, med de kategorier som svaret har fått och de övriga kolumnerna ur underlaget.",
        "One answer per row, with the categories it was given and the other columns of the source.",
    ),
    "about_statements": (
        "Ett påstående per rad: den del av ett svar som anger en orsak. Början och Slut räknar tecken från 0 "
        "i svaret.",
        "One statement per row: the part of an answer that states a cause. Start and End count characters "
        "from 0 in the answer.",
    ),
    "about_share": (
        "Antal delat med Av. Andel av orsaker: av alla orsaker som uppgavs, där ett svar med två orsaker "
        "räknas två gånger. Andel av svar: av alla svar, även dem utan orsak; dessa andelar kan tillsammans "
        "bli mer än 100 %.",
        "Number divided by Of. Share of causes: of all causes given, where an answer with two causes counts "
        "twice. Share of answers: of all answers, those without a cause too; these shares may add up to more "
        "than 100 %.",
    ),
    "about_lines": (
        "Schemats kategorier, eller raderna i en publicerad rapport; ett svar räknas då en gång per rad.",
        "The scheme's categories, or the lines of a published report; an answer then counts once per line.",
    ),
    "about_rank": ("Lika antal ger samma plats.", "Equal numbers share a rank."),
    "about_other": (
        "En orsak anges, men ingen kategori täcker den. Står sist utan plats.",
        "A cause is given, and no category covers it. Stands last without a rank.",
    ),
    "about_no_cause": (
        "Svaret anger ingen orsak. Det räknas bland svaren men inte bland orsakerna.",
        "The answer gives no cause. It counts among the answers, not among the causes.",
    ),
    "about_probability": (
        "Hur troligt det är att en kodare ger svaret den kategorin, mellan 0 och 1.",
        "How likely it is that a coder gives the answer that category, between 0 and 1.",
    ),
    "cut": ("Kortade texter", "Shortened texts"),
    "about_cut": (
        "{n} texter är längre än en cell rymmer och slutar här med […]; hela texten finns i csv-filerna.",
        "{n} texts are longer than a cell holds and end here with […]; the csv files hold them whole.",
    ),
    "about_part": (
        "Fortsättning: ett blad rymmer {n} rader.",
        "Continued: a sheet holds {n} rows.",
    ),
}  # fmt: skip
_PHRASES: Mapping[str, Mapping[str, str]] = {
    lang: {key: said[place] for key, said in _SAID.items()} for place, lang in enumerate(get_args(Lang))
}


def phrases(lang: Lang) -> Mapping[str, str]:
    """Give the fixed words of a language.

    Raises
    ------
    InputError
        There are none in that language.

    Examples
    --------
    >>> phrases("sv")["share"], phrases("en")["share"]
    ('Andel', 'Share')
    """
    if lang not in _PHRASES:
        raise InputError(f"lang is {lang!r}, expected one of: {', '.join(_PHRASES)}")
    return _PHRASES[lang]
