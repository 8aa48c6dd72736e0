"""Languages, and the two forms of everything that is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from samorsak.errors import InputError

Lang = Literal["sv", "en"]
"""The languages written: Swedish and English."""

_JOINTS = {"and": ("och", "and"), "or": ("eller", "or")}
_QUOTED = {"quoted": ("”{}”", "“{}”")}


def words_of(said: Mapping[str, tuple[str, str]], lang: str) -> Mapping[str, str]:
    """Choose the language of pairs of Swedish and English.

    Raises
    ------
    InputError
        The language is another.

    Examples
    --------
    >>> words_of({"causes": ("orsaker", "causes")}, "en")
    {'causes': 'causes'}
    """
    check_language(lang)
    place = get_args(Lang).index(lang)
    return {key: pair[place] for key, pair in said.items()}


def check_language(lang: str) -> None:
    """Refuse a language that is not written.

    Raises
    ------
    InputError
        The language is another.
    """
    if lang not in get_args(Lang):
        raise InputError(f"wording: language is {lang!r}, expected 'sv' or 'en'")


def quoted(label: str, lang: Lang = "sv") -> str:
    """Set a label in quotation marks, so that it reads as it stands in any sentence.

    Examples
    --------
    >>> quoted("Låg efterfrågan"), quoted("Low demand", "en")
    ('”Låg efterfrågan”', '“Low demand”')
    """
    return words_of(_QUOTED, lang)["quoted"].format(label)


def list_phrase(items: Iterable[str], lang: Lang = "sv", joint: Literal["and", "or"] = "and") -> str:
    """Join words as a list is said.

    Examples
    --------
    >>> list_phrase(["a", "b", "c"]), list_phrase(["a", "b"], "en"), list_phrase(["a", "b"], joint="or")
    ('a, b och c', 'a and b', 'a eller b')
    """
    between = f" {words_of(_JOINTS, lang)[joint]} "
    *first, last = list(items) or [""]
    return ", ".join(first) + between + last if first else last
