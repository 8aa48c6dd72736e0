"""The answers to a closed question in words.

===========================  =====================================================================
what                         said
===========================  =====================================================================
20 respondents or more       percent, each rounded by itself; that they are, where they do not add
                             up to 100
fewer                        so many of so many, as a percent would seem to be more than it is
above 0 and below 1 percent  under 1 procent, so that nobody is not said of somebody
above 99, not all            över 99 procent
a share of nobody            ingen, after the others
a withheld share             that it is not shown, and nothing that could be worked out of it
levels in order              the fewest from the first level on that are more than half, by
                             `most_phrase`, if they are not all but one, and 20 answered
a level that means none      how many gave another one, if most did, and there is more than one
===========================  =====================================================================

The report of 2024 tells progress so: 7 percent, 38 percent and so on, and that by far the most had made some.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from samorsak.errors import InputError
from samorsak.wording.numbers import number
from samorsak.wording.shares import in_percent, most_phrase
from samorsak.wording.words import Lang, list_phrase, quoted, words_of

FEW = 20
"""Below so many respondents numbers are told, no percent."""

_SAID = {  # Swedish, English
    "percent": ("{} procent", "{} percent"),
    "tiny": ("under 1 procent", "less than 1 percent"),
    "nearly": ("över 99 procent", "more than 99 percent"),
    "of": ("{} av {}", "{} of {}"),
    "first": ("{} svarade {}", "{} answered {}"),
    "everybody": ("Samtliga svarade {}", "All answered {}"),
    "respondents": ("({} svarande).", "({} respondents)."),
    "respondents_one": ("(1 svarande).", "(1 respondent)."),
    "nobody_did": ("Ingen svarade {}.", "Nobody answered {}."),
    "withheld": (
        "För {} visas ingen siffra, då den är liten eller skulle röja en liten.",
        "For {} no figure is shown, as it is small or would give a small one away.",
    ),
    "no_answers": ("Ingen besvarade frågan.", "Nobody answered the question."),
    "none_shown": (
        "Siffrorna visas inte, då de är små eller skulle röja små tal.",
        "The figures are not shown, as they are small or would give small ones away.",
    ),
    "rounded": (
        "Procenttalen är avrundade var för sig och summerar till {}.",
        "Each percentage is rounded by itself; they add up to {}.",
    ),
    "together": ("{} ({}) svarade {}.", "{} ({}) answered {}."),
    "other_than": (
        "{} ({}) svarade något annat än {}.",
        "{} ({}) answered something other than {}.",
    ),
}  # fmt: skip


def distribution_paragraph(
    levels: Sequence[str],
    shares: Sequence[float | None],
    n: int | None,
    *,
    ordered: bool = False,
    nothing: int | None = None,
    lang: Lang = "sv",
) -> str:
    """Tell how a closed question of one choice was answered.

    Parameters
    ----------
    levels : sequence of str, length l
        In the order of the scale, where there is one.
    shares : sequence of float or None, length l
        Of those who answered; they add up to 1. None is withheld.
    n : int or None
        Who answered; None is withheld, and so are all shares of it.
    ordered : bool
        Levels next to each other may be told together.
    nothing : int, optional
        Place of the level that says there was none.
    lang : {'sv', 'en'}
        Language of the sentences; levels stand as they are.

    Returns
    -------
    str
        By the rule at the head of this module.

    Raises
    ------
    InputError
        There are not as many shares as levels, one is outside 0 to 1, `nothing` is no place of a level, or
        the language is another.

    Examples
    --------
    >>> distribution_paragraph(["Ja", "Delvis", "Nej"], [0.07, 0.83, 0.1], 186, nothing=2)
    '7 procent svarade ”Ja”, 83 procent ”Delvis” och 10 procent ”Nej” (186 svarande). De allra flesta \
(90 procent) svarade något annat än ”Nej”.'
    """
    words = words_of(_SAID, lang)
    if len(levels) != len(shares) or nothing not in (None, *range(len(levels))):
        raise InputError(
            f"wording: {len(shares)} shares of {len(levels)} levels, the level of none at {nothing}, "
            "expected a share for each level, and a place of one"
        )
    if n == 0:
        return words["no_answers"]
    rows = [(quoted(level, lang), share) for level, share in zip(levels, shares, strict=True)]
    shown = [(level, share) for level, share in rows if share is not None]
    if n is None or not shown:
        return words["none_shown"]
    sentences = [*_levels(shown, n, lang)]
    if len(shown) < len(rows):
        hidden = list_phrase((level for level, share in rows if share is None), lang)
        sentences.append(words["withheld"].format(hidden))
    elif n >= FEW:
        sentences += _rounded([share for _, share in shown], lang)
        sentences += _together(shown, lang) if ordered else ()
        sentences += _other_than(shown, nothing, lang)
    return " ".join(sentences)


def _levels(rows: Sequence[tuple[str, float]], n: int, lang: Lang) -> Iterator[str]:
    """Tell each level with its share, then those of nobody."""
    words = words_of(_SAID, lang)
    base = words["respondents" if n > 1 else "respondents_one"].format(number(n, lang=lang))
    some = [(level, _amount(share, n, lang)) for level, share in rows if share]
    if [share for _, share in rows if share] == [1]:
        yield f"{words['everybody'].format(some[0][0])} {base}"
        return
    if some:
        (level, amount), *more = some
        first = words["first"].format(amount[0].upper() + amount[1:], level)
        yield f"{list_phrase([first, *(f'{amount} {level}' for level, amount in more)], lang)} {base}"
    nobody = list_phrase((level for level, share in rows if not share), lang, "or")
    if nobody:
        yield words["nobody_did"].format(nobody)


def _amount(share: float, n: int, lang: Lang) -> str:
    """Write a share as a number of few respondents, else as a percent."""
    words, count = words_of(_SAID, lang), share * n
    if n < FEW and abs(count - round(count)) < 1e-6:
        return words["of"].format(number(round(count), lang=lang), number(n, lang=lang))
    return percent_words(share, lang)


def percent_words(share: float, lang: Lang = "sv") -> str:
    """Write a share in whole percent, in words; never 0 of somebody, nor 100 of not all.

    Raises
    ------
    InputError
        The share is outside 0 to 1, or the language is another.

    Examples
    --------
    >>> percent_words(0.376), percent_words(0.004), percent_words(0.999, "en")
    ('38 procent', 'under 1 procent', 'more than 99 percent')
    """
    words, percent_of = words_of(_SAID, lang), in_percent(share)
    if 0 < percent_of < 1 or 99 < percent_of < 100:
        return words["tiny" if percent_of < 1 else "nearly"]
    return words["percent"].format(_whole(percent_of))


def _whole(percent_of: float) -> int:
    return math.floor(percent_of + 0.5)


def _rounded(shares: Sequence[float], lang: Lang) -> Iterator[str]:
    """Say what the rounded percentages add up to, unless that is 100 or some have no figure."""
    written = [in_percent(share) for share in shares]
    total = sum(map(_whole, written))
    if total != 100 and all(p in (0, 100) or 1 <= p <= 99 for p in written):
        yield words_of(_SAID, lang)["rounded"].format(total)


def _together(rows: Sequence[tuple[str, float]], lang: Lang) -> Iterator[str]:
    """Tell the fewest levels from the first one on that are more than half, if that is not said already."""
    share = 0.0
    levels: list[str] = []
    for level, own in rows:
        share, levels = share + own, [*levels, level]
        if share > 0.5:
            break
    if 1 < len(levels) < len(rows) - 1 and share < 1:
        yield _most(share, "together", list_phrase(levels, lang, "or"), lang)


def _other_than(rows: Sequence[tuple[str, float]], nothing: int | None, lang: Lang) -> Iterator[str]:
    """Tell how many gave another level than the one that means none, if most did."""
    if nothing is None:
        return
    level, own = rows[nothing]
    if 0 < own < 0.5 and len(rows) > 2:
        yield _most(1 - own, "other_than", level, lang)


def _most(share: float, said: str, levels: str, lang: Lang) -> str:
    many = most_phrase(share, lang)
    told = words_of(_SAID, lang)[said].format(many, percent_words(share, lang), levels)
    return told[0].upper() + told[1:]
