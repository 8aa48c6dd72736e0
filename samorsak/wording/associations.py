"""Associations in words: which is the clearest, and which cannot be told from none.

=====================  ====================================================================================
an association         said
=====================  ====================================================================================
p below 0.05           that there is one
the strongest of them  tydligast, by itself if its interval lies above those of all the others
others next to it      tydligast with it, if their intervals overlap, directly or by others between them
those below            mindre tydligt
p of 0.05 or more      that it cannot be said whether there is one; never that there is none
no value               that it cannot be measured, as all gave the same answer, or none did
coded by a machine     that it rests on codes that nobody has audited
=====================  ====================================================================================

p is Holm's over all that are told together. Strength is the distance from zero. An association without an
interval overlaps every other one. That two things go together says nothing of what causes what, and no
sentence here does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from samorsak.wording.numbers import number
from samorsak.wording.words import Lang, list_phrase, quoted, words_of

_SURE = 0.05

_SAID = {  # Swedish, English
    "only": ("{} hänger samman med {}.", "{} goes together with {}."),
    "clearest": (
        "Tydligast är sambandet mellan {} och {}.",
        "The clearest association is that between {} and {}.",
    ),
    "clearest+": (
        "Tydligast är sambanden mellan {} och {}; vilket av dem som är tydligast går inte att säga.",
        "The clearest associations are those between {} and {}; which of them is clearest cannot be said.",
    ),
    "less": ("Ett mindre tydligt samband finns med {}.", "There is a less clear association with {}."),
    "less+": ("Mindre tydliga samband finns med {}.", "There are less clear associations with {}."),
    "untold": (
        "Det går inte att säga om {} hänger samman med {}.",
        "Whether {} goes together with {} cannot be said.",
    ),
    "undefined": (
        "Sambandet mellan {} och {} går inte att mäta, då alla svarat lika eller ingen svarat.",
        "The association between {} and {} cannot be measured, as all answered alike or nobody did.",
    ),
    "positive": (
        "Den som svarade nära början av skalan på den ena frågan tenderade att göra det också på den andra.",
        "Whoever answered near the start of the scale of one question tended to do so for the other, too.",
    ),
    "negative": (
        "Den som svarade nära början av skalan på den ena frågan tenderade att svara nära slutet av den "
        "andra.",
        "Whoever answered near the start of the scale of one question tended to answer near the end of the "
        "other.",
    ),
    "negative_of": (
        "För {} är det tvärtom: den som svarade nära början av den ena skalan tenderade att svara nära "
        "slutet av den andra.",
        "For {} it is the other way round: whoever answered near the start of one scale tended to answer "
        "near the end of the other.",
    ),
    "machine": (
        "Sambanden vilar på orsaker som en modell har kodat och ingen har granskat; de kan bero på hur "
        "modellen tar fel.",
        "The associations rest on causes coded by a model that nobody has audited; they may be due to how "
        "the model errs.",
    ),
}  # fmt: skip


class Associated(NamedTuple):
    """What something is associated with: the measure, its interval and Holm's p, where there are."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None


def association_sentences(
    subject: str,
    found: Sequence[Associated],
    *,
    measure: Literal["tau_b", "cramers_v"],
    machine: bool = False,
    lang: Lang = "sv",
) -> tuple[str, ...]:
    """Tell what a question is associated with.

    Parameters
    ----------
    subject : str
        The question, or the cause, that all of them have in common.
    found : sequence of Associated
        Of one measure.
    measure : {"tau_b", "cramers_v"}
        tau-b has a direction, which is told too.
    machine : bool
        They rest on a machine's codes that nobody has audited.
    lang : {'sv', 'en'}
        Language of the sentences; subject and labels stand as they are.

    Returns
    -------
    tuple of str
        By the rule at the head of this module; empty if nothing was found.

    Raises
    ------
    InputError
        The language is another.

    Examples
    --------
    >>> goals = Associated("mål", 0.42, 0.31, 0.52, 0.001)
    >>> roles = Associated("roller", 0.08, -0.06, 0.2, 0.4)
    >>> association_sentences("förflyttning", [roles, goals], measure="cramers_v")
    ('”förflyttning” hänger samman med ”mål” (0,42).', 'Det går inte att säga om ”förflyttning” hänger \
samman med ”roller”.')
    """
    return tuple(_sentences(quoted(subject, lang), found, measure, machine, lang))


def _sentences(
    subject: str, found: Sequence[Associated], measure: str, machine: bool, lang: Lang
) -> Iterator[str]:
    words = words_of(_SAID, lang)
    told = sorted((one for one in found if _is_told(one)), key=_strength, reverse=True)
    clearest = _clearest(told)
    if told:
        said = "only" if len(told) == 1 else "clearest+" if len(clearest) > 1 else "clearest"
        yield words[said].format(subject, _valued(clearest, lang))
    less = told[len(clearest) :]
    if less:
        yield words["less+" if len(less) > 1 else "less"].format(_valued(less, lang))
    if measure == "tau_b":
        yield from _directions(told, lang)
    untold = [one for one in found if one.value is not None and not _is_told(one)]
    undefined = [one for one in found if one.value is None]
    for said, rows in (("untold", untold), ("undefined", undefined)):
        if rows:
            named = list_phrase((quoted(one.label, lang) for one in rows), lang, "or")
            yield words[said].format(subject, named)
    if machine and found:
        yield words["machine"]


def _is_told(one: Associated) -> bool:
    return one.value is not None and one.p is not None and one.p < _SURE


def _strength(one: Associated) -> float:
    return abs(one.value or 0.0)


def _ends(one: Associated) -> tuple[float, float]:
    """Give the interval of the strength; all there is where it has none."""
    if one.value is None or one.low is None or one.high is None:
        return 0.0, 1.0
    return (one.low, one.high) if one.value >= 0 else (-one.high, -one.low)


def _clearest(told: Sequence[Associated]) -> Sequence[Associated]:
    """Take the strongest, and those that follow as long as their intervals overlap one before."""
    for place in range(1, len(told)):
        least = min(_ends(one)[0] for one in told[:place])
        if all(_ends(one)[1] < least for one in told[place:]):
            return told[:place]
    return told


def _directions(told: Sequence[Associated], lang: Lang) -> Iterator[str]:
    """Say which way the answers go together."""
    words = words_of(_SAID, lang)
    negative = [one for one in told if (one.value or 0.0) < 0]
    if len(negative) < len(told):
        yield words["positive"]
        if negative:
            yield words["negative_of"].format(
                list_phrase((quoted(one.label, lang) for one in negative), lang)
            )
    elif negative:
        yield words["negative"]


def _valued(rows: Sequence[Associated], lang: Lang) -> str:
    return list_phrase(
        (f"{quoted(one.label, lang)} ({number(one.value or 0.0, 2, lang)})" for one in rows), lang
    )
