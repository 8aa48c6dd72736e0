"""The fixed words of the workbook in which a colleague reviews, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping

from samorsak.report.phrases import by_language
from samorsak.wording import Lang

CAUSES = 8
"""Columns for causes where an answer is coded as a whole."""

_SAID = {  # Swedish, English
    "title": ("Svar att granska", "Answers to review"),
    # sheets
    "read_me": ("Läs mig", "Read me"),
    "review": ("Granska", "Review"),
    "scheme": ("Schema", "Scheme"),
    # columns of the sheet that is filled in
    "key": ("Rad", "Row"),
    "answer_id": ("Svars-id", "Answer id"),
    "question": ("Fråga", "Question"),
    "text": ("Svar", "Answer"),
    "words": ("Påstående", "Statement"),
    "suggestion": ("Förslag", "Suggestion"),
    "accept": ("Godkänn", "Accept"),
    "category": ("Din kategori", "Your category"),
    "cause": ("Orsak {}", "Cause {}"),
    "comment": ("Kommentar", "Comment"),
    "why": ("Varför raden är här", "Why it is here"),
    "more": (
        "Fattas en orsak? Orden till vänster, kategori till höger",
        "Is a cause missing? Its words left, category right",
    ),
    # the sheet with the scheme
    "label": ("Kategori", "Category"),
    "id": ("Id", "Id"),
    "definition": ("Definition", "Definition"),
    "excludes": ("Hör inte hit", "Does not belong here"),
    "borders": ("Gränsregler, i den ordning de avgör", "Border rules, in the order in which they decide"),
    # what Excel says at a cell
    "pick_title": ("Välj ur listan", "Choose from the list"),
    "pick": ("Välj en kategori ur listan. Bladet Schema förklarar dem.",
             "Choose a category from the list. The sheet Scheme explains them."),
    "mark_title": ("Godkänn", "Accept"),
    "mark": ("Skriv x om förslaget stämmer.", "Write x where the suggestion is right."),
    # the sheet that explains
    "what": ("Vad", "What"),
    "explained": ("Förklaring", "What it is"),
    "name_about": ("Vad filen är", "What this is"),
    "about_about": (
        "{answers} svar att läsa igen i bladet Granska, ett påstående per rad. Läs svaret, se om förslaget "
        "stämmer och skriv i de gula rutorna. De blir gröna när de är ifyllda. Övriga rutor är låsta.",
        "{answers} answers to read again in the sheet Review, one statement per row. Read the answer, see "
        "whether the suggestion is right, and fill in the yellow cells. They turn green when filled in. All "
        "other cells are locked.",
    ),
    "about_about_blind": (
        "{answers} svar att läsa och koda i bladet Granska, ett svar per rad och utan förslag: koda efter "
        "schemat, och titta inte efter vad maskinen sade. Skriv i de gula rutorna. De blir gröna när de är "
        "ifyllda. Övriga rutor är låsta.",
        "{answers} answers to read and code in the sheet Review, one answer per row and without suggestions: "
        "code by the scheme, and do not look up what the machine said. Fill in the yellow cells. They turn "
        "green when filled in. All other cells are locked.",
    ),
    "about_accept": (
        "x om förslaget på raden stämmer.",
        "x where the suggestion on the row is right.",
    ),
    "about_category": (
        "Stämmer förslaget inte: välj rätt kategori i listan. Anger påståendet ingen orsak, välj {no_cause}.",
        "Where the suggestion is wrong: choose the right category from the list. Where the statement gives "
        "no cause, choose {no_cause}.",
    ),
    "name_more": ("Fler orsaker", "More causes"),
    "about_more": (
        "Under varje svar finns rader för orsaker som maskinen missade. Kopiera orden ur svaret till "
        "kolumnen Påstående och välj en kategori. Orden ska stå precis så i svaret, och inte ingå i ett "
        "annat påstående. Utan ord, eller med ord som redan hör till ett annat påstående, kodas svaret som "
        "helhet: orsakerna sparas, men inte var i svaret de står. Behövs inte raderna: lämna dem tomma.",
        "Below each answer are rows for causes that the machine missed. Copy the words of the answer into "
        "the column Statement and choose a category. The words must stand in the answer just so, and not be "
        "part of another statement. Without words, or with words that belong to another statement already, "
        "the answer is coded as a whole: the causes are kept, but not where in the answer they stand. Leave "
        "the rows empty where they are not needed.",
    ),
    "name_causes": ("Orsak 1 till {n}", "Cause 1 to {n}"),
    "about_causes": (
        "En kategori ur listan för varje orsak som svaret anger, i valfri ordning. Anger svaret ingen orsak, "
        "välj {no_cause}, ensamt.",
        "A category from the list for each cause that the answer gives, in any order. Where it gives none, "
        "choose {no_cause}, alone.",
    ),
    "about_draw": (
        "Svaren är slumpvis dragna. Läs dem uppifrån och ned. Det går bra att sluta i förtid, men inte att "
        "hoppa över svar: de krångliga är lika viktiga som de lätta.",
        "The answers are drawn at random. Read them from the top. Stopping early is fine, skipping answers "
        "is not: the awkward ones matter as much as the easy ones.",
    ),
    "name_draw": ("Slumpvis urval", "Random sample"),
    "name_done_suggested": ("När ett svar är klart", "When an answer is done"),
    "name_done_blind": ("När ett svar är klart", "When an answer is done"),
    "name_about_blind": ("Vad filen är", "What this is"),
    "name_accept": ("Godkänn", "Accept"),
    "name_category": ("Din kategori", "Your category"),
    "name_comment": ("Kommentar", "Comment"),
    "name_scheme": ("Schema", "Scheme"),
    "about_done_suggested": (
        "När varje påstående i svaret har ett x eller en kategori. Ett svar som är halvklart sparas inte; "
        "det går att fortsätta i samma fil och läsa in den igen.",
        "When every statement of the answer has an x or a category. An answer that is half done is not "
        "saved; go on in the same file and import it again.",
    ),
    "about_done_blind": (
        "När det har minst en kategori. Svar utan kategori hoppas över; det går att fortsätta i samma fil "
        "och läsa in den igen.",
        "When it has a category. Answers without one are passed over; go on in the same file and import it "
        "again.",
    ),
    "about_comment": (
        "Fritt. En kommentar till ett svar utan beslut sparas som en fråga att ta upp.",
        "Free. A comment on an answer without a decision is kept as a question to take up.",
    ),
    "name_back": ("När du är klar", "When you are done"),
    "about_back": (
        "Spara filen som Excel-arbetsbok (.xlsx) och skicka tillbaka den. Flytta, sortera eller ta inte bort "
        "rader och kolumner, och skriv inga formler: rader som inte är som de exporterades läses inte in.",
        "Save the file as an Excel workbook (.xlsx) and send it back. Do not move, sort or delete rows or "
        "columns, and write no formulas: rows that are not as they were exported are not imported.",
    ),
    "about_scheme": (
        "Kategorierna med definitioner, och reglerna för gränserna mellan dem.",
        "The categories with their definitions, and the rules for the borders between them.",
    ),
}  # fmt: skip

_PHRASES = by_language(_SAID)


def review_phrases(lang: Lang) -> Mapping[str, str]:
    """Give the fixed words of a language.

    Examples
    --------
    >>> review_phrases("sv")["category"], review_phrases("en")["category"]
    ('Din kategori', 'Your category')
    """
    return _PHRASES[lang]
