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
    # the plan of an audit
    "plan": (
        "Läs {n} av {answers} svar, slumpvis dragna. Varje andel över {above} väntas då bli känd på "
        "{within} procentenheter när ({of}).",
        "Read {n} of {answers} answers, drawn at random. Every share above {above} is then expected to be "
        "known to {within} percentage points ({of}).",
    ),
    "plan_all": (
        "Läs alla {answers} svar: då är varje andel känd.",
        "Read all {answers} answers: then every share is known.",
    ),
    "plan_nothing": (
        "Ingen orsak har en andel över {above} ({of}).",
        "No cause has a share above {above} ({of}).",
    ),
    "plan_of_causes": ("av de orsaker som uppgavs", "of the causes given"),
    "plan_of_answers": ("av svaren", "of the answers"),
    "plan_at": ("{} lästa", "{} read"),
    "plan_note": (
        "Räknat på modellens egna sannolikheter: stämmer de sämre för dessa svar blir osäkerheten större.\n"
        "Dra hellre några för många: det går att sluta i förtid, men inte att hoppa över svar. Dra med:",
        "Reckoned by the model's own probabilities: where they fit these answers less well, the uncertainty "
        "is larger.\nRather draw some too many: one may stop early, but not skip answers. Draw with:",
    ),
    "of_causes_audited": (
        "Andel av de orsaker som uppgavs, rättad efter granskning. Orsaker: ca {of}, svar: {answers}.",
        "Share of the causes given, corrected by an audit. Causes: about {of}, answers: {answers}.",
    ),
    "of_answers_audited": (
        "Andel av svaren, rättad efter granskning. Svar: {answers}.",
        "Share of the answers, corrected by an audit. Answers: {answers}.",
    ),
    "weighted": ("Vägt efter {}.", "Weighted by {}."),
    # intervals
    "interval": ("95 %-intervall", "95% interval"),
    "no_interval": (
        "Inga intervall: det finns varken en granskning av svaren eller en prövning av modellen.",
        "No intervals: there is neither an audit of the answers nor a trial of the model.",
    ),
    "interval_audited": (
        "95 %-intervall ur modellens kodning och {audited} slumpvis dragna och granskade svar av {answers}.",
        "95% intervals from the model's coding and {audited} of {answers} answers, drawn at random and "
        "audited.",
    ),
    "interval_modelled": (
        "95 %-intervall: modellbaserat, förutsätter att svaren liknar seed-exemplen.",
        "95% intervals: model-based, supposes that the answers are like the seed examples.",
    ),
    "interval_reviewed": (
        "Svar som en person har läst om räknas som personen kodade dem, övriga som maskinen gjorde; de "
        "valdes för att de var tveksamma, och inget skattas ur dem. 95 %-intervall: modellbaserat, "
        "förutsätter att svaren liknar seed-exemplen.",
        "Answers that a person has reviewed count as the person coded them, the others as the machine did; "
        "they were chosen as they were doubtful, and nothing is estimated from them. 95% intervals: "
        "model-based, supposes that the answers are like the seed examples.",
    ),
    "covers": (
        "Intervallen gäller fel i kodningen, inte bortfall.",
        "The intervals cover errors of coding, not non-response.",
    ),
    "refused": (
        "Där det står – tar modellen för ofta fel för att ge ett intervall.",
        "Where it says –, the model errs too often to give an interval.",
    ),
    "outside": (
        "Ligger en andel utanför sitt intervall räknar modellen den troligen för högt eller för lågt.",
        "Where a share lies outside its interval, the model probably counts it too high or too low.",
    ),
    "tied": (
        "Orsaker med samma platser (som 1–2) går inte säkert att skilja åt.",
        "Causes with the same ranks (such as 1–2) cannot surely be told apart.",
    ),
    "order_open": ("Ordningen mellan dem är inte säker.", "The order between them is not certain."),
    "share_places": (
        "{} delar plats {}: ordningen mellan dem är inte säker.",
        "{} share ranks {}: the order between them is not certain.",
    ),
    "intervals": ("Intervall i procent: {}.", "Intervals in percent: {}."),
    "interval_of": ("{} {}", "{} {}"),
    "quoted": ("”{}”", "“{}”"),
    "at_most": ("högst {} %", "at most {}%"),
    "few_positives": ("osäkert underlag", "uncertain basis"),
    "absent_audited": ("Inga eller nästan inga svar: {}", "No or hardly any answers: {}"),
    "low": ("Andel, lägst", "Share, low"),
    "high": ("Andel, högst", "Share, high"),
    "rank_low": ("Plats, lägst", "Rank, low"),
    "rank_high": ("Plats, högst", "Rank, high"),
    "places": ("Delad plats", "Shared rank"),
    "top_three": ("Bland de tre främsta, sannolikhet", "Among the first three, probability"),
    "method": ("Intervallets grund", "Basis of the interval"),
    "audited": ("Granskade svar", "Audited answers"),
    "remark": ("Anmärkning", "Remark"),
    "method_audited": ("granskning", "audit"),
    "method_modelled": (
        "modellbaserat, förutsätter att svaren liknar seed-exemplen",
        "model-based, supposes that the answers are like the seed examples",
    ),
    "method_reviewed": (
        "omlästa svar som fasta värden, i övrigt modellbaserat",
        "reviewed answers as fixed values, otherwise model-based",
    ),
    "method_refused": ("inget: modellen tar för ofta fel", "none: the model errs too often"),
    "method_counted": ("inget", "none"),
    "weight": ("Vikt", "Weight"),
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
    "hollow": (
        "Ofylld punkt: färre än fem granskade svar anger orsaken (osäkert underlag).",
        "Hollow point: fewer than five audited answers give the cause (uncertain).",
    ),
    "nothing": ("Inga svar.", "No answers."),
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
    "about_interval": (
        "Lägst och högst: intervall som med 95 % säkerhet rymmer det som läsning av alla svar hade gett. "
        "Intervallen gäller fel i kodningen, inte bortfall. Modellbaserade intervall förutsätter att svaren "
        "liknar seed-exemplen. Osäkert underlag: färre än fem granskade svar med orsaken.",
        "Low and high: an interval that holds, with 95% confidence, what reading all answers would have "
        "given. The intervals cover errors of coding, not non-response. Model-based intervals suppose that "
        "the answers are like the seed examples. Uncertain basis: fewer than five audited answers give the "
        "cause.",
    ),
    "about_no_interval": (
        "Det finns varken en granskning av svaren eller en prövning av modellen.",
        "There is neither an audit of the answers nor a trial of the model.",
    ),
    "about_places": (
        "Orsaker som delar plats går inte säkert att skilja åt.",
        "Causes that share a rank cannot surely be told apart.",
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


def by_language(said: Mapping[str, tuple[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """Sort pairs of Swedish and English by language."""
    return {
        lang: {key: pair[place] for key, pair in said.items()} for place, lang in enumerate(get_args(Lang))
    }


_PHRASES = by_language(_SAID)


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
