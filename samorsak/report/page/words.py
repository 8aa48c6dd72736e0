"""The fixed words of the page, in Swedish and English."""

from __future__ import annotations

from samorsak.report.phrases import by_language

_SAID = {  # Swedish, English
    "skip": ("Hoppa till innehållet", "Skip to content"),
    "contents": ("Innehåll", "Contents"),
    "picture": ("Diagram {}.", "Figure {}."),
    "table": ("Tabell {}.", "Table {}."),
    "note": ("Observera.", "Note."),
    "nothing": ("Det finns inget att visa.", "There is nothing to show."),
    "basis": ("Underlag", "What it rests on"),
    "rests": (
        "Rapporten är gjord av de klassificerade omgångarna nedan; kontrollsumman (SHA-256) gäller run.json.",
        "The report is made of the classified rounds below; the check sum (SHA-256) is that of run.json.",
    ),
    "public": (
        "Version för publicering: den innehåller inga svar, och små antal är dolda.",
        "Version for publication: it holds no answers, and small numbers are withheld.",
    ),
    "said": ("Svaren bakom kategorierna", "The answers behind the categories"),
    "about_said": (
        "Välj en kategori för att läsa dess påståenden. Påståendet är markerat i sitt svar.",
        "Choose a category to read its statements. The statement is marked inside its answer.",
    ),
    "search": ("Sök i svaren", "Search the answers"),
    "filter": ("Fler filter", "More filters"),
    "every": ("Alla", "All"),
    "clear": ("Rensa", "Clear"),
    "missing": ("(uppgift saknas)", "(not stated)"),
    "statement": ("{} påstående", "{} statement"),
    "statements": ("{} påståenden", "{} statements"),
    "sampled": ("{} av {} påståenden, ett urval", "{} of {} statements, a sample"),
    "found": ("Visar {n} av {of} påståenden.", "Showing {n} of {of} statements."),
    "found_none": (
        "Inga påståenden passar. Ändra sökningen eller filtren.",
        "No statements match. Change the search or the filters.",
    ),
    "of": ("{n} av {of}", "{n} of {of}"),
    "more": ("Visa fler", "Show more"),
    "answer": ("Svar", "Answer"),
    "needs_script": (
        "Svaren och sökningen behöver JavaScript. Alla siffror i rapporten visas utan.",
        "The answers and the search need JavaScript. Every figure of the report is shown without.",
    ),
    "on_screen": (
        "Svaren bakom kategorierna skrivs inte ut; de finns i rapporten på skärmen.",
        "The answers behind the categories are not printed; they are in the report on screen.",
    ),
}
WORDS = by_language(_SAID)

IN_SCRIPT = ("found", "found_none", "of", "more", "answer", "missing")
"""What the script of the page says."""
