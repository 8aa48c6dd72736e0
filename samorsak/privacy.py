"""Masking of personal data in free text: identity numbers, telephone numbers, e-mail addresses.

Each find is replaced by a word in brackets. It is looked up in a folded copy, as long as the text (digits of
any script as 0-9, every dash as ``-``, every space as a blank), so offsets never shift. Repetitions are
bounded or run over each character once: the time grows with the length, whatever the text holds.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

KINDS = ("personnummer", "telefon", "e-post")
"""What is masked; the word in the text is the same in brackets."""

_Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its personal data, and where the masked stretches were.

    Attributes
    ----------
    text : str
        The text with each find replaced by ``[personnummer]``, ``[telefon]`` or ``[e-post]``.
    counts : mapping of str to int
        Finds per kind, in the order of `KINDS`; kinds that were not found are left out.
    spans : tuple of (int, int, int)
        Start and end of each find in the original text, in code points and ascending, and the length of the
        word that stands there instead.
    """

    text: str
    counts: Mapping[str, int]
    spans: tuple[tuple[int, int, int], ...]


class _Folding(dict[int, str]):
    """The table of `str.translate` that makes one plain character of each, worked out when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind == "Zs":
        return " "
    if kind == "Pd" or char in "\u00ad\u2043\u2212":
        return "-"
    if char in "•●∙·\u2217":
        return "*"
    if kind == "Cf":
        return "\u200b"  # invisible: direction marks, zero-width blanks and joiners
    if kind[0] == "M":
        return "_"  # so that a decomposed å stays inside its word
    plain = unicodedata.normalize("NFKC", char) if kind[0] in "PS" else char
    return plain if len(plain) == 1 else char


_FOLDED = _Folding()

# --- what the patterns are made of; they all read folded text
_ADDRESS = r"[\w.+'\"%&=!#$~\u200b-]"  # what a local part is written with
_AT = r"(?:[ ]?@[ ]?|[(\[{<][aA][)\]}>]|[ ]{0,2}[(\[{<][ ]?(?i:at|snabel-?a)[ ]?[)\]}>][ ]{0,2})"
_DOT = r"(?:\.|[ ]?[(\[{<](?i:dot|punkt)[)\]}>][ ]?)"
_TOP = r"(?:xn--[\w-]+|[^\W\d_A-ZÅÄÖ]{2,}|[A-ZÅÄÖ]{2,})"  # 'Vi' in 'example.org.Vi ses' is none
_GAP = r"[ ./()\u200b-]{0,3}"
_SOFT = r"[ \u200b]{0,2}"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_BORN = rf"(?:(?:18|19|20)[ -]?)?\d\d(?P<sep>[ ./-]?){_MONTH}(?P=sep)(?:{_DAY}|6[1-9]|[78]\d|9[01])"
_HIDDEN = r"(?:[X*\#_]{4}|\dX{3}|\d\dXX|\d{3}X)(?![^\W\d]|[*\#])"
_RESERVE = r"(?:T\d{3}|TF\d\d)(?!\d)"  # registers give these to those without a number
_NOT_A_DATE = rf"(?!-{_MONTH}-\d\d(?!\d))"

_HINT = re.compile(r"[@\uff20\ufe6b]|[(\[{<\uff08\uff3b]\s?(?i:at?|snabel-?a)\W|\d(?:\D{0,6}\d){5}")
_LIKE_MAIL = re.compile(
    rf"{_ADDRESS}+(?P<host>{_AT}(?:(?:[\w-]+{_DOT})+{_TOP}|(?:[\w-]+{_DOT})+[^\W\d_]{{2,}}))?"
)
_IDENTITY = re.compile(
    rf"""(?<!\d){_BORN}(?:
        (?P<gap>{_SOFT}[-+]{_SOFT}|{_SOFT})(?P<last>\d{{4}}|\d\d[ ]\d\d)(?!\d){_NOT_A_DATE}
      | {_SOFT}[-+]{_SOFT}(?:{_HIDDEN}|[X*\#]{{3}}(?![^\W\d]|[*\#])|{_RESERVE})
      | {_SOFT}(?:{_HIDDEN}|{_RESERVE})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SPELT_OUT = re.compile(r"(?<!\d)\d(?:[ ]\d){5}(?:(?:[ ]\d){2})?[ ]?[-+][ ]?\d(?:[ ]\d){3}(?!\d)")
_AMOUNT = (
    r"\d{1,3}(?:[ ]\d{3})+[ ]?(?:[ktm]?kr|mnkr|kronor|sek|milj|euro?|€|%|procent|personer|deltagare|st)"
    r"(?![^\W\d_])|\d{1,3}(?:[ ]\d{3})*[ ]000(?!\d)"
)
_ISO_DATE = rf"{_YEAR}(?:{_MONTH}{_DAY}|-{_MONTH}-{_DAY}|[./ ]{_MONTH}[./ ]{_DAY})(?!\d)"
_YEARS = rf"{_YEAR}[ ]?[-/][ ]?(?:{_YEAR}|\d\d)(?!\d)"
_CLOCK = r"(?:[01]\d|2[0-4])\.[0-5]\d"
_TELEPHONE = re.compile(
    rf"""(?<!\d)(?:  # first what only looks like a number to call
        {_ISO_DATE}
      | {_DAY}[-./ ]{_MONTH}[-./ ]{_YEAR}(?!\d)
      | {_CLOCK}[ -]{{1,3}}{_CLOCK}(?!\d)
      | {_YEAR}/\d{{4}}[ ]?\d{{4}}(?:-\d{{1,3}})?(?![ -]?\d)  # a registry number: Af-2024/0015 7718-1
      | 0[.,]\d{{5,}}
    )
    | (?P<number>(?:
        (?:\(?(?:\+|(?<!\d)00)[ ]?46\)?{_GAP}0?{_GAP}[1-9](?:{_GAP}\d){{6,8}})       # +46 (0)70-...
      | (?:(?<!\d)46{_GAP}0?{_GAP}7[02369](?:{_GAP}\d){{7}})                         # 46 70-...
      | \(?(?:\+[ ]?(?!{_AMOUNT}|{_YEARS}|{_ISO_DATE})[1-9]|(?<!\d)00[2-9])\d{{0,2}}\)?(?:{_GAP}\d){{7,13}}
      | (?<!\d)\(?0(?:7|[ ]7[ ])[02369](?:{_GAP}\d){{7}}                             # a mobile
      | (?<!\d)0[1-9]\d{{7,8}}                                                       # in one piece
      | (?<!\d)\(?0(?:
            8[ ./)-]{{1,3}}(?:[1-9]\d(?:[ .]?\d){{4,6}}|[1-9]\d\d(?:-\d\d){{2}})
          | [1-9]\d[ ./)-]{{1,3}}(?:[1-9]\d(?:[ .]?\d){{3,6}}|[1-9]\d\d?(?:-\d\d){{2}})
          | [1-9]\d\d[ ./)-]{{1,3}}(?:[1-9]\d(?:[ .]?\d){{3,4}}|[1-9]\d-\d\d-\d\d)
        )(?<![ .]\d)  # the number of something may follow: '08-12 34 56 3 personer'
    )(?!\d))""",
    re.VERBOSE | re.IGNORECASE,
)
_NAMED = re.compile(
    rf"""(?<![^\W\d_])
        (?:tele?|telefon(?:en)?|tfn|tlf|mob|mobil(?:en)?|växeln?|ring(?:a|er)?|fax|phone|call|smsa?|nås)
        (?:[ .-]?(?:nr|nummer|numret))?[.:]{{0,2}}[ ]{{0,2}}(?:(?:på|till|är)[ ])?
        (?!{_AMOUNT}|{_YEARS}|{_ISO_DATE})
        (?P<number>\(?\d(?:{_GAP}\d){{5,9}})(?!\d)(?![ ]?%)""",
    re.VERBOSE | re.IGNORECASE,
)


def _luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it (Luhn, as Skatteverket uses it)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _mail(folded: str) -> Iterator[_Stretch]:
    # Every run of address characters is taken whole, addressed or not: none is a starting point twice.
    for found in _LIKE_MAIL.finditer(folded):
        if found["host"]:
            yield found.end() - len(found[0].lstrip(".-+'\"!\u200b")), found.end()


def _identities(folded: str) -> Iterator[_Stretch]:
    start = 0
    while found := _IDENTITY.search(folded, start):
        if _is_identity(found):
            yield found.span()
            start = found.end()
        else:
            start = found.start() + 1
    for found in _SPELT_OUT.finditer(folded):
        digits = re.sub(r"\D", "", found[0])
        if re.fullmatch(_BORN, digits[:-4]) and _luhn(digits[-10:]):
            yield found.span()


def _is_identity(found: re.Match[str]) -> bool:
    """Trust a hyphen (then a wrong check digit is a slip of the pen), else ask for the check digit."""
    gap, last = found["gap"], found["last"]
    if last is None:
        return True
    if " " not in last and (gap.strip() or (gap and not found["sep"])):
        return True
    digits = re.sub(r"\D", "", found[0])[-10:]
    mobile = not gap and digits.startswith("07") and digits[4] in "6789"
    return _luhn(digits) and not mobile


def _telephones(folded: str, pattern: re.Pattern[str]) -> Iterator[_Stretch]:
    for found in pattern.finditer(folded):
        if number := found["number"]:
            # '(08) 123 45 67' takes its bracket along, '(08-123 45 67)' leaves both where they are
            outside = number.startswith("(") and number.count("(") > number.count(")")
            yield found.start("number") + outside, found.end("number")


_FINDERS: tuple[tuple[str, Callable[[str], Iterator[_Stretch]]], ...] = (
    ("e-post", _mail),
    ("personnummer", _identities),
    ("telefon", partial(_telephones, pattern=_TELEPHONE)),
    ("telefon", partial(_telephones, pattern=_NAMED)),
)


def _blank(folded: str, stretches: Iterable[_Stretch]) -> str:
    """Cover what was found with a character that nothing looked for is written with."""
    pieces, done = [], 0
    for start, end in stretches:
        pieces += [folded[done:start], "]" * (end - start)]
        done = end
    return "".join([*pieces, folded[done:]])


def _finds(folded: str) -> Iterator[tuple[int, int, str]]:
    found = True
    while found:  # covering one find may bare another: go on until masking again would find nothing
        found = False
        for kind, finder in _FINDERS:
            if stretches := sorted(finder(folded)):
                found = True
                folded = _blank(folded, stretches)
                yield from ((start, end, kind) for start, end in stretches)


def mask(text: str) -> Masked:
    """Replace identity numbers, telephone numbers and e-mail addresses by words in brackets.

    Identity numbers are Swedish personal identity numbers and co-ordination numbers (day + 60), however
    written, also with letters X or a T-number at the end. With a hyphen a valid date is enough; without any
    separator, and where only blanks stand between year, month and day, the check digit must be right.

    Parameters
    ----------
    text : str
        An answer, as read.

    Returns
    -------
    Masked
        Masking its text again changes nothing.

    Examples
    --------
    >>> masked = mask("Ring Kim, 070-174 06 05, eller kim@example.org")
    >>> masked.text
    'Ring Kim, [telefon], eller [e-post]'
    >>> masked.counts
    {'telefon': 1, 'e-post': 1}
    >>> mask("Se Af-2024/0015 7718-1 och 2010:197").text
    'Se Af-2024/0015 7718-1 och 2010:197'
    """
    if not _HINT.search(text):
        return Masked(text, {}, ())
    finds = sorted(_finds(text if text.isascii() else text.translate(_FOLDED)))
    pieces, done = [], 0
    for start, end, kind in finds:
        pieces += [text[done:start], f"[{kind}]"]
        done = end
    counts = Counter(kind for _, _, kind in finds)
    return Masked(
        "".join([*pieces, text[done:]]),
        {kind: counts[kind] for kind in KINDS if counts[kind]},
        tuple((start, end, len(kind) + 2) for start, end, kind in finds),
    )


def carry(offsets: Iterable[tuple[int, int]], masked: Masked) -> list[tuple[int, int]]:
    """Carry offsets in the original text over into the masked text.

    Parameters
    ----------
    offsets : iterable of (int, int)
        Start and end of stretches of the original text, in code points.
    masked : Masked
        What `mask` made of that text.

    Returns
    -------
    list of (int, int)
        In the order given. A start inside a masked stretch moves to the start of its word, an end to the end.

    Examples
    --------
    >>> carry([(0, 4), (7, 16), (16, 18)], mask("Ring 070-1740605 nu"))
    [(0, 4), (5, 14), (14, 16)]
    """
    starts = [start for start, _, _ in masked.spans]
    shifts = list(accumulate((length - (end - start) for start, end, length in masked.spans), initial=0))

    def carried(offset: int, *, is_end: bool) -> int:
        before = bisect_right(starts, offset)  # stretches that begin at the offset or before it
        if before and offset < masked.spans[before - 1][1]:
            start, _, length = masked.spans[before - 1]
            inside = is_end and offset > start
            return start + shifts[before - 1] + (length if inside else 0)
        return offset + shifts[before]

    return [(carried(start, is_end=False), carried(end, is_end=True)) for start, end in offsets]
