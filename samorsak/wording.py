"""Shares, numbers and ranked lists in words, by written rules, in Swedish and English.

A phrase is rough but never false: ``knappt 10 procent`` is said only of a share below a tenth, ``drygt`` only
of one above. Of p percent `share_phrase` says, a being the nearest multiple of five, the anchor:

===============================  =========================
p                                said
===============================  =========================
0; above 0 and below 1           ingen; under 1 procent
from 1, below 2                  någon enstaka procent
at most 0.3 from a               ca a procent
up to min(1.5, 15 % of a) below  knappt a procent
up to min(2, 20 % of a) above    drygt a procent
otherwise                        p procent, rounded
above 99; 100                    över 99 procent; samtliga
===============================  =========================
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

from samorsak.errors import InputError

Lang = Literal["sv", "en"]
"""The languages written: Swedish and English."""

MINUS = "\u2212"
NO_BREAK = "\u00a0"
THIN = "\u202f"
"""The thin space between thousands, in the form that does not break over two lines."""

_NEAR, _BELOW, _ABOVE = 0.3, (1.5, 0.15), (2.0, 0.2)
_TIERS = ((0.9, "most"), (0.8, "almost"), (0.5, "somewhat"), (0.0, "less"))
"""Which sentence of a paragraph a row stands in: the least part of the largest share, and the sentence."""

_SAID = {  # Swedish, English; a plus marks the plural
    "none": ("ingen", "none"),
    "all": ("samtliga", "all"),
    "tiny": ("under 1 procent", "less than 1 percent"),
    "few": ("någon enstaka procent", "one or two percent"),
    "nearly": ("över 99 procent", "more than 99 percent"),
    "near": ("ca {} procent", "about {} percent"),
    "below": ("knappt {} procent", "just under {} percent"),
    "above": ("drygt {} procent", "just over {} percent"),
    "plain": ("{} procent", "{} percent"),
    "under": ("vardera under {} procent", "each less than {} percent"),
    "each": ("vardera {}", "each {}"),
    "and": ("och", "and"),
    "quoted": ("”{}”", "“{}”"),
    "causes": ("av de orsaker som uppgavs", "of the causes given"),
    "answers": ("av svaren", "of the answers"),
    "question": ("På frågan {} ", "To the question {}, "),
    "no_question": ("Bland svaren ", "Among the answers, "),
    "nothing": ("uppgavs ingen orsak.", "no cause was given."),
    "most": ("var den vanligaste orsaken {}.", "the most common cause was {}."),
    "most+": ("var de vanligaste orsakerna {}.", "the most common causes were {}."),
    "almost": ("Nästan lika vanligt var {}.", "Almost as common was {}."),
    "almost+": ("Nästan lika vanliga var {}.", "Almost as common were {}."),
    "somewhat": ("Något mindre vanligt var {}.", "Somewhat less common was {}."),
    "somewhat+": ("Något mindre vanliga var {}.", "Somewhat less common were {}."),
    "less": ("Mindre vanligt var {}.", "Less common was {}."),
    "less+": ("Mindre vanliga var {}.", "Less common were {}."),
    "also": ("Ett annat förekommande svar var {}.", "Another answer was {}."),
    "also+": ("Andra förekommande svar var {}.", "Other answers were {}."),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    lang: {key: said[place] for key, said in _SAID.items()} for place, lang in enumerate(("sv", "en"))
}


def _words(lang: str) -> Mapping[str, str]:
    if lang not in _WORDS:
        raise InputError(f"wording: language is {lang!r}, expected 'sv' or 'en'")
    return _WORDS[lang]


def _in_percent(share: float) -> float:
    """Percent of a share; rounded so far that 0.15 lies on its anchor and not a last bit beside it."""
    if not 0 <= share <= 1:
        raise InputError(f"wording: share is {share}, expected a fraction from 0 to 1")
    return round(float(share) * 100, 9)


def share_phrase(share: float, lang: Lang = "sv") -> str:
    """Write a share as people say it.

    Parameters
    ----------
    share : float
        A fraction from 0 to 1.
    lang : {'sv', 'en'}
        Language.

    Returns
    -------
    str
        By the rule at the head of this module.

    Raises
    ------
    InputError
        The share is outside 0 to 1, or the language is another.

    Examples
    --------
    >>> [share_phrase(share) for share in (0.096, 0.213, 0.149, 0.122, 0.004)]
    ['knappt 10 procent', 'drygt 20 procent', 'ca 15 procent', '12 procent', 'under 1 procent']
    >>> share_phrase(0.096, "en")
    'just under 10 percent'
    """
    words, percent_of = _words(lang), _in_percent(share)
    if share in (0, 1):
        return words["all" if share else "none"]
    if percent_of < 2:
        return words["tiny" if percent_of < 1 else "few"]
    if percent_of > 99:
        return words["nearly"]
    anchor = 5 * math.floor(percent_of / 5 + 0.5)
    off = round(percent_of - anchor, 9)
    if abs(off) <= _NEAR:
        return words["near"].format(anchor)
    most, part = _ABOVE if off > 0 else _BELOW
    if abs(off) <= min(most, part * anchor):
        return words["above" if off > 0 else "below"].format(anchor)
    return words["plain"].format(math.floor(percent_of + 0.5))


def _written(value: Decimal, decimals: int, lang: str) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=400))
    text = f"{abs(rounded):,f}"
    if lang == "sv":
        text = text.replace(",", THIN).replace(".", ",")
    return (MINUS if rounded < 0 else "") + text


def number(x: float, decimals: int = 0, lang: Lang = "sv") -> str:
    """Write a number: decimal comma, thin space between thousands, a real minus sign; halves are rounded up.

    Parameters
    ----------
    x : float
        Any finite number.
    decimals : int
        How many decimals are written.
    lang : {'sv', 'en'}
        Swedish, or English with point and comma.

    Raises
    ------
    InputError
        The number is infinite or not a number, or the language is another.

    Examples
    --------
    >>> number(-1234.25, 1).replace(THIN, "_").replace(MINUS, "minus ")
    'minus 1_234,3'
    >>> number(1234.25, 1, "en")
    '1,234.3'
    """
    _words(lang)
    if not math.isfinite(x):
        raise InputError(f"wording: number is {x}, expected a finite one")
    return _written(Decimal(str(x)), decimals, lang)


def percent(share: float, decimals: int = 0, lang: Lang = "sv") -> str:
    """Write a share, or a difference of shares, with the percent sign.

    Parameters
    ----------
    share : float
        A fraction; a difference may be negative.
    decimals : int
        How many decimals are written.
    lang : {'sv', 'en'}
        Swedish has a no-break space before the sign.

    Raises
    ------
    InputError
        As for `number`.

    Examples
    --------
    >>> percent(0.1234, 1).replace(NO_BREAK, "_"), percent(0.1234, 1, "en")
    ('12,3_%', '12.3%')
    """
    _words(lang)
    if not math.isfinite(share):
        raise InputError(f"wording: share is {share}, expected a finite one")
    return _written(Decimal(str(share)) * 100, decimals, lang) + (f"{NO_BREAK}%" if lang == "sv" else "%")


def list_phrase(items: Iterable[str], lang: Lang = "sv") -> str:
    """Join words as a list is said.

    Examples
    --------
    >>> list_phrase(["a", "b", "c"]), list_phrase(["a", "b"], "en")
    ('a, b och c', 'a and b')
    """
    joint = f" {_words(lang)['and']} "
    *first, last = list(items) or [""]
    return ", ".join(first) + joint + last if first else last


def _shown(rows: Sequence[tuple[str, float]], of: str, lang: Lang) -> str:
    """Labels with their phrases; a phrase that all of them share is said once."""
    words = _words(lang)
    labels = [words["quoted"].format(label) for label, _ in rows]
    phrases = [share_phrase(share, lang) for _, share in rows]
    if len(rows) > 1 and len(set(phrases)) == 1:
        return f"{list_phrase(labels, lang)} ({words['each'].format(phrases[0])}{of})"
    phrases[0] += of
    return list_phrase((f"{label} ({phrase})" for label, phrase in zip(labels, phrases, strict=True)), lang)


def _told(rows: Sequence[tuple[str, float]], base: str, lang: Lang) -> list[str]:
    """One sentence for each tier that has rows; the first says what the shares are a share of."""
    top = max(share for _, share in rows)
    tiers: dict[str, list[tuple[str, float]]] = {sentence: [] for _, sentence in _TIERS}
    for label, share in rows:
        tiers[next(name for part, name in _TIERS if share >= part * top - 1e-9)].append((label, share))
    sentences, of = [], f" {base}"
    for sentence, told in tiers.items():
        if told:
            key = f"{sentence}+" if len(told) > 1 else sentence
            sentences.append(_words(lang)[key].format(_shown(told, of, lang)))
            of = ""
    return sentences


def _also(rows: Sequence[tuple[str, float]], lang: Lang) -> str:
    """Those below the limit: one with its share, several with a bound that holds for each."""
    if len(rows) == 1:
        return _shown(rows, "", lang)
    words = _words(lang)
    bound = math.floor(_in_percent(max(share for _, share in rows))) + 1
    labels = list_phrase((words["quoted"].format(label) for label, _ in rows), lang)
    return f"{labels} ({words['under'].format(bound)})"


def ranking_paragraph(
    rows: Sequence[tuple[str, float]],
    question_text: str,
    base: Literal["causes", "answers"] = "causes",
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
    base : {'causes', 'answers'}
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
    words = _words(lang)
    main, more = ([row for row in given if row[1] != 0] for given in (rows, also))
    if not main:
        main, more = more, []
    question = " ".join(question_text.split())
    opening = words["question"].format(words["quoted"].format(question)) if question else words["no_question"]
    if not main:
        return opening + words["nothing"]
    sentences = _told(main, words[base], lang)
    if more:
        sentences.append(words["also+" if len(more) > 1 else "also"].format(_also(more, lang)))
    return opening + " ".join(sentences)
