"""Ranked lists in a paragraph: which causes are the most common, which nearly as common, which are named too.

A row stands in the sentence of the least part that it reaches of the largest share:

=====================  ===============================
part of the largest    said
=====================  ===============================
at least nine tenths   de vanligaste
at least four fifths   nästan lika vanliga
at least half          något mindre vanliga
less                   mindre vanliga
=====================  ===============================
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from samorsak.wording.shares import in_percent, share_phrase
from samorsak.wording.words import Lang, list_phrase, quoted, words_of

Of = Literal["causes", "answers", "respondents"]
"""What shares are of: causes given, answers, or respondents to a closed question, who chose options."""

TIERS = ((0.9, "most"), (0.8, "almost"), (0.5, "somewhat"), (0.0, "less"))

_SAID = {  # Swedish, English; a plus marks the plural
    "under": ("vardera under {} procent", "each less than {} percent"),
    "each": ("vardera {}", "each {}"),
    "causes": ("av de orsaker som uppgavs", "of the causes given"),
    "answers": ("av svaren", "of the answers"),
    "respondents": ("av de svarande", "of the respondents"),
    "question": ("På frågan {} ", "To the question {}, "),
    "no_question": ("Bland svaren ", "Among the answers, "),
    "nothing": ("uppgavs ingen orsak.", "no cause was given."),
    "nothing_chosen": ("valdes inget svar.", "no option was chosen."),
    "most": ("var den vanligaste orsaken {}.", "the most common cause was {}."),
    "most+": ("var de vanligaste orsakerna {}.", "the most common causes were {}."),
    "most_chosen": ("var det vanligaste svaret {}.", "the most common answer was {}."),
    "most_chosen+": ("var de vanligaste svaren {}.", "the most common answers were {}."),
    "almost": ("Nästan lika vanligt var {}.", "Almost as common was {}."),
    "almost+": ("Nästan lika vanliga var {}.", "Almost as common were {}."),
    "somewhat": ("Något mindre vanligt var {}.", "Somewhat less common was {}."),
    "somewhat+": ("Något mindre vanliga var {}.", "Somewhat less common were {}."),
    "less": ("Mindre vanligt var {}.", "Less common was {}."),
    "less+": ("Mindre vanliga var {}.", "Less common were {}."),
    "also": ("Ett annat förekommande svar var {}.", "Another answer was {}."),
    "also+": ("Andra förekommande svar var {}.", "Other answers were {}."),
}


def _shown(rows: Sequence[tuple[str, float]], of: str, lang: Lang) -> str:
    """Labels with their phrases; a phrase that all of them share is said once."""
    labels = [quoted(label, lang) for label, _ in rows]
    phrases = [share_phrase(share, lang) for _, share in rows]
    if len(rows) > 1 and len(set(phrases)) == 1:
        return f"{list_phrase(labels, lang)} ({words_of(_SAID, lang)['each'].format(phrases[0])}{of})"
    phrases[0] += of
    return list_phrase((f"{label} ({phrase})" for label, phrase in zip(labels, phrases, strict=True)), lang)


def tier_of(share: float, top: float) -> str:
    """Name the tier of a share, `top` being the largest."""
    return next(name for part, name in TIERS if share >= part * top - 1e-9)


def key_of(tier: str, base: Of, several: bool) -> str:
    """Name the phrase of a tier; who chooses an option gives an answer, not a cause."""
    chosen = "_chosen" if base == "respondents" and tier in ("most", "some", "given", "nothing") else ""
    return f"{tier}{chosen}{'+' if several else ''}"


def _told(rows: Sequence[tuple[str, float]], base: Of, lang: Lang) -> list[str]:
    """One sentence for each tier that has rows; the first says what the shares are a share of."""
    words, top = words_of(_SAID, lang), max(share for _, share in rows)
    sentences, of = [], f" {words[base]}"
    for _, tier in TIERS:
        told = [row for row in rows if tier_of(row[1], top) == tier]
        if told:
            sentences.append(words[key_of(tier, base, len(told) > 1)].format(_shown(told, of, lang)))
            of = ""
    return sentences


def of_phrase(base: Of, lang: Lang = "sv") -> str:
    """Say what shares are of.

    Examples
    --------
    >>> of_phrase("causes"), of_phrase("respondents", "en")
    ('av de orsaker som uppgavs', 'of the respondents')
    """
    return words_of(_SAID, lang)[base]


def told_also(rows: Sequence[tuple[str, float]], lang: Lang) -> str:
    """Tell those below the limit: one with its share, several with a bound that holds for each."""
    words = words_of(_SAID, lang)
    if len(rows) == 1:
        return words["also"].format(_shown(rows, "", lang))
    bound = math.floor(in_percent(max(share for _, share in rows))) + 1
    labels = list_phrase((quoted(label, lang) for label, _ in rows), lang)
    return words["also+"].format(f"{labels} ({words['under'].format(bound)})")


def ranking_paragraph(
    rows: Sequence[tuple[str, float]],
    question_text: str,
    base: Of = "causes",
    also: Sequence[tuple[str, float]] = (),
    lang: Lang = "sv",
) -> str:
    """Tell a ranked list in a paragraph.

    Causes with at least nine tenths of the largest share stand in the first sentence, those with four fifths
    ("nästan lika vanligt"), with half ("något mindre vanligt") and with less in one each.

    Parameters
    ----------
    rows : sequence of (str, float)
        Label and share, ranked. A share of 0 is not told.
    question_text : str
        The question as it was put; may be empty.
    base : {'causes', 'answers', 'respondents'}
        What the shares are a share of.
    also : sequence of (str, float)
        Label and share of what stands below the main list. Without rows above, these are the main list.
    lang : {'sv', 'en'}
        Language of the sentences; labels and question stand as they are.

    Returns
    -------
    str
        One paragraph without line breaks.

    Raises
    ------
    InputError
        As for `share_phrase`.

    Examples
    --------
    >>> ranking_paragraph([("Otydliga mål", 0.213), ("För kort tid", 0.149)], "Varför inte?")
    'På frågan ”Varför inte?” var den vanligaste orsaken ”Otydliga mål” (drygt 20 procent av de orsaker som \
uppgavs). Något mindre vanligt var ”För kort tid” (ca 15 procent).'
    """
    words = words_of(_SAID, lang)
    main, more = ([row for row in given if row[1] != 0] for given in (rows, also))
    if not main:
        main, more = more, []
    question = " ".join(question_text.split())
    opening = words["question"].format(quoted(question, lang)) if question else words["no_question"]
    if not main:
        return opening + words[key_of("nothing", base, False)]
    return opening + " ".join([*_told(main, base, lang), *([told_also(more, lang)] if more else [])])
