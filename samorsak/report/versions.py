"""What a reader of a comparison has to know where its rounds are coded by different versions of a scheme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from samorsak.ranking import Crossed
from samorsak.report.phrases import by_language, phrases
from samorsak.shares import Base
from samorsak.wording import Lang

UNMATCHED = ("new", "gone", "moved")
"""What stands in one of the rounds alone because of the versions, and is told so."""

_SAID = {  # Swedish, English
    "across": (
        "Omgångarna är kodade med version {} och {} av schemat, och räknas på de rader som båda har.",
        "The rounds are coded by versions {} and {} of the scheme, and counted on the lines that both have.",
    ),
    "merged": ("Sammanslaget, och räknat så i båda: {}.", "Merged, and counted so in both: {}."),
    "split": (
        "Delat, men räknat helt i båda, ett svar en gång: {}.",
        "Split, but counted whole in both, an answer once: {}.",
    ),
    "regrouped": (
        "Delat och sammanslaget, räknat tillsammans i båda: {}.",
        "Split and merged, counted together in both: {}.",
    ),
    "renamed": ("Omdöpt, samma sak: {}.", "Renamed, the same thing: {}."),
    "new": (
        "Nytt i version {new}, så {older} har ingen siffra; där kan det ha räknats någon annanstans, till "
        "exempel under övrigt: {}.",
        "New in version {new}, so there is no figure for {older}; there it may have been counted elsewhere, "
        "under other for example: {}.",
    ),
    "gone": (
        "Finns bara i version {old}, så {newer} har ingen siffra: {}.",
        "Only in version {old}, so there is no figure for {newer}: {}.",
    ),
    "widened": (
        "Rymmer i version {new} också något som är nytt, så andelarna går inte att jämföra: {}.",
        "Holds something that is new in version {new}, so the shares cannot be compared: {}.",
    ),
    "moved": (
        "Flyttat mellan frågor, så andelarna är av svaren på olika frågor och går inte att jämföra: {}.",
        "Moved between questions, so the shares are of answers to different questions and cannot be "
        "compared: {}.",
    ),
    "residual": (
        "Det som är nytt, borta eller flyttat kan ha räknats här i den ena omgången, så andelarna går inte "
        "att jämföra: {}.",
        "What is new, gone or moved may have been counted here in one of the rounds, so the shares cannot be "
        "compared: {}.",
    ),
    "reworded": (
        "Samma id men ändrad definition, så innebörden kan ha ändrats: {}.",
        "The same id, but another definition, so the meaning may have changed: {}.",
    ),
    "of_causes": (
        "Andelarna är av de orsaker som respektive version räknar, så även de andra kan ha ändrats av detta; "
        "andelar av svaren (--base answers) gör det inte.",
        "Shares are of the causes that each version counts, so the others may have changed for this reason, "
        "too; shares of the answers (--base answers) do not.",
    ),
}  # fmt: skip
_VERSIONS = by_language(_SAID)


@dataclass(frozen=True, slots=True)
class Across:
    """Two rounds coded by different versions of a scheme.

    Attributes
    ----------
    older, newer : str
        The round that is coded by the earlier version, and the other one; rounds may stand in either order.
    versions : tuple of int
        The earlier version and the later one.
    crossed : tuple of Crossed
        What is not the same category in both.
    """

    older: str
    newer: str
    versions: tuple[int, int]
    crossed: tuple[Crossed, ...]


def across_told(across: Across, lang: Lang = "sv") -> str:
    """Say that the rounds are counted across versions.

    Examples
    --------
    >>> across_told(Across("2023", "2024", (1, 2), ()), "en")
    'The rounds are coded by versions 1 and 2 of the scheme, and counted on the lines that both have.'
    """
    return _VERSIONS[lang]["across"].format(*across.versions)


def crossed_told(across: Across, base: Base, lang: Lang = "sv") -> Iterator[str]:
    """Say of everything that is no longer the same category how it is counted, or why it is not compared.

    Examples
    --------
    >>> hail = Crossed("hail", "Hail", "gone")
    >>> list(crossed_told(Across("2023", "2024", (1, 2), (hail,)), "answers", "en"))
    ['Only in version 1, so there is no figure for 2024: “Hail”.']
    """
    words = _VERSIONS[lang]
    names = {"older": across.older, "newer": across.newer}
    names |= {"old": str(across.versions[0]), "new": str(across.versions[1])}
    for status in words:
        named = [_named(one, lang) for one in across.crossed if one.status == status]
        if named:
            yield words[status].format("; ".join(named), **names)
    if base == "causes" and any(one.status in UNMATCHED for one in across.crossed):
        yield words["of_causes"]


def _named(one: Crossed, lang: Lang) -> str:
    quoted = phrases(lang)["quoted"].format(one.label)
    return f"{quoted} ({', '.join(one.parts)})" if one.parts else quoted
