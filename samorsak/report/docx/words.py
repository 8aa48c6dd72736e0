"""The fixed words of the text document that the page does not have, in Swedish and English."""

from __future__ import annotations

from samorsak.report.phrases import by_language

_SAID = {  # Swedish, English
    "page": ("Sida {} av {}", "Page {} of {}"),
    "no_verbatims": (
        "Svaren bakom kategorierna finns i rapport.html, med sökning och urval; de återges inte här.",
        "The answers behind the categories are in rapport.html, with search and filters; "
        "they are not repeated here.",
    ),
}
WORDS = by_language(_SAID)

CULTURES = {"sv": "sv-SE", "en": "en-GB"}
"""What the languages are called in the document."""
