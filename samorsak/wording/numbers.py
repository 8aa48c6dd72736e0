"""Numbers as they are written in Swedish and in English."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

from samorsak.errors import InputError
from samorsak.wording.words import Lang, check_language

MINUS = "\u2212"
NO_BREAK = "\u00a0"
THIN = "\u202f"
"""The thin space between thousands, in the form that does not break over two lines."""


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
    check_language(lang)
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
    check_language(lang)
    if not math.isfinite(share):
        raise InputError(f"wording: share is {share}, expected a finite one")
    return _written(Decimal(str(share)) * 100, decimals, lang) + (f"{NO_BREAK}%" if lang == "sv" else "%")
