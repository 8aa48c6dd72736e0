"""The reasons for which a row is shown, in words: each by its name, in Swedish and in English."""

from __future__ import annotations

from samorsak.wording import Lang

REASONS: dict[str, dict[Lang, str]] = {
    "low_margin": {
        "sv": "En kategori ligger nära gränsen för att ges",
        "en": "A category is close to the border of being given",
    },
    "high_entropy": {
        "sv": "Flera kodningar är nästan lika troliga",
        "en": "Several codings are about as likely",
    },
    "close_categories": {
        "sv": "Två kategorier ligger nära varandra",
        "en": "Two categories are near each other",
    },
    "far_from_examples": {
        "sv": "Påståendet liknar inget exempel",
        "en": "The statement is like no example",
    },
    "neighbours_disagree": {
        "sv": "De närmaste exemplen har en annan kategori",
        "en": "The nearest examples are of another category",
    },
    "label_doubted": {
        "sv": "Kodningen ser fel ut",
        "en": "The label looks wrong",
    },
    "twins_differ": {
        "sv": "Nästan samma svar är kodat på annat sätt",
        "en": "Nearly the same is coded otherwise elsewhere",
    },
    "doubtful_border": {
        "sv": "Det är osäkert var påståendet börjar eller slutar",
        "en": "Where the statement begins or ends is doubtful",
    },
    "other_cluster": {
        "sv": "Flera ”övrigt” handlar om samma sak",
        "en": "Several given 'other' are about the same thing",
    },
    "rare_category": {
        "sv": "Kategorin har få exempel",
        "en": "The category has few examples",
    },
    "disagreement": {
        "sv": "Kodarna är oeniga",
        "en": "Annotators disagree",
    },
}
"""What stands beside a row; the row's own `Reason.says` adds what it is about."""


def reason_phrase(name: str, lang: Lang) -> str:
    """Give the short phrase for a reason; the name itself for one that is not known here.

    Examples
    --------
    >>> reason_phrase("rare_category", "sv")
    'Kategorin har få exempel'
    """
    return REASONS.get(name, {}).get(lang, name)
