"""A share in words, by written rules.

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

`fraction_phrase` says, a being the nearest of a tenth, a fifth, a quarter, a third, four in ten, a half, six
in ten, two thirds, three in four, four in five and nine in ten:

===============================  =========================
p                                said
===============================  =========================
a                                en femtedel
at most min(1, 5 % of a) from a  ungefär en femtedel
up to min(2.5, 10 % of a) below  knappt en femtedel
up to min(2.5, 10 % of a) above  drygt en femtedel
otherwise                        what `share_phrase` says
===============================  =========================

`most_phrase` says how many that is of all, to stand beside the figure:

===============================  =========================
p                                said
===============================  =========================
0; 100                           ingen; samtliga
below 10; below 25               ett fåtal; en mindre del
below 47.5                       färre än hälften
up to 52.5                       hälften, as above
below 75                         merparten
below 89.5                       de flesta
from 89.5, rounded 90            de allra flesta
===============================  =========================

The follow-up of 2023 (Af-2024/0015 7718-1) and that of 2024 fix the last three: they call 199 of 287
agreements the larger part, 87 and 88 percent most, and 90 percent by far the most.
"""

from __future__ import annotations

import math

from samorsak.errors import InputError
from samorsak.wording.words import Lang, words_of

_NEAR, _BELOW, _ABOVE = 0.3, (1.5, 0.15), (2.0, 0.2)
_FRACTION_NEAR, _FRACTION_OFF = (1.0, 0.05), (2.5, 0.1)
_FRACTIONS = {  # percent: Swedish, English
    10.0: ("en tiondel", "a tenth"),
    20.0: ("en femtedel", "a fifth"),
    25.0: ("en fjärdedel", "a quarter"),
    100 / 3: ("en tredjedel", "a third"),
    40.0: ("fyra av tio", "four in ten"),
    50.0: ("hälften", "half"),
    60.0: ("sex av tio", "six in ten"),
    200 / 3: ("två tredjedelar", "two thirds"),
    75.0: ("tre av fyra", "three in four"),
    80.0: ("fyra av fem", "four in five"),
    90.0: ("nio av tio", "nine in ten"),
}
_HALF = (47.5, 52.5)
_MOST = ((10.0, "handful"), (25.0, "part"), (50.0, "fewer"), (75.0, "larger"), (89.5, "most"))

_SAID = {  # Swedish, English
    "none": ("ingen", "none"),
    "all": ("samtliga", "all"),
    "tiny": ("under 1 procent", "less than 1 percent"),
    "few": ("någon enstaka procent", "one or two percent"),
    "nearly": ("över 99 procent", "more than 99 percent"),
    "near": ("ca {} procent", "about {} percent"),
    "below": ("knappt {} procent", "just under {} percent"),
    "above": ("drygt {} procent", "just over {} percent"),
    "plain": ("{} procent", "{} percent"),
    "fraction_near": ("ungefär {}", "about {}"),
    "fraction_below": ("knappt {}", "just under {}"),
    "fraction_above": ("drygt {}", "just over {}"),
    "handful": ("ett fåtal", "a few"),
    "part": ("en mindre del", "a small part"),
    "fewer": ("färre än hälften", "fewer than half"),
    "larger": ("merparten", "the larger part"),
    "most": ("de flesta", "most"),
    "by_far": ("de allra flesta", "by far the most"),
}


def in_percent(share: float) -> float:
    """Percent of a share; rounded so far that 0.15 lies on its anchor and not a last bit beside it.

    Raises
    ------
    InputError
        The share is outside 0 to 1.
    """
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
        By the first rule at the head of this module.

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
    words, percent_of = words_of(_SAID, lang), in_percent(share)
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


def fraction_phrase(share: float, lang: Lang = "sv") -> str:
    """Write a share as a simple fraction where one is near, else as `share_phrase` does.

    Returns
    -------
    str
        By the second rule at the head of this module.

    Raises
    ------
    InputError
        As for `share_phrase`.

    Examples
    --------
    >>> [fraction_phrase(share) for share in (0.199, 0.52, 0.32, 0.75, 0.29)]
    ['ungefär en femtedel', 'drygt hälften', 'knappt en tredjedel', 'tre av fyra', 'knappt 30 procent']
    >>> fraction_phrase(0.32, "en")
    'just under a third'
    """
    words, percent_of = words_of(_SAID, lang), in_percent(share)
    anchor = min(_FRACTIONS, key=lambda fraction: abs(percent_of - fraction))
    off = round(percent_of - anchor, 9)
    said = words_of({"fraction": _FRACTIONS[anchor]}, lang)["fraction"]
    near, far = (min(most, part * anchor) for most, part in (_FRACTION_NEAR, _FRACTION_OFF))
    if abs(off) > far:
        return share_phrase(share, lang)
    if abs(off) <= near:
        return words["fraction_near"].format(said) if off else said
    return words["fraction_above" if off > 0 else "fraction_below"].format(said)


def most_phrase(share: float, lang: Lang = "sv") -> str:
    """Say how many of all a share is: most, the larger part, half, a few.

    Returns
    -------
    str
        By the third rule at the head of this module.

    Raises
    ------
    InputError
        As for `share_phrase`.

    Examples
    --------
    >>> [most_phrase(share) for share in (0.9, 0.87, 199 / 287, 0.5, 0.04)]
    ['de allra flesta', 'de flesta', 'merparten', 'hälften', 'ett fåtal']
    >>> most_phrase(0.9, "en")
    'by far the most'
    """
    words, percent_of = words_of(_SAID, lang), in_percent(share)
    if share in (0, 1):
        return words["all" if share else "none"]
    if _HALF[0] <= percent_of <= _HALF[1]:
        return fraction_phrase(share, lang)
    return words[next((said for below, said in _MOST if percent_of < below), "by_far")]
