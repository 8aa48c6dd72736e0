"""Which encoding and which delimiter a text file has, and whether its letters came through whole."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from samorsak.answers.columns import column_name
from samorsak.errors import InputError

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (",", ";", "\t", "|")

HEADER_WITHIN = 20
"""How many filled rows from the top the header is looked for in: titles and notes may stand above it."""

_LONGEST_CELL = 2**31 - 1  # the most that fits a C long on Windows
_SAMPLE = 1_000_000  # characters in which the delimiter is looked for
_RECORDS = 100

_BREAK = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LETTER = re.compile(r"[^\W\d_\x00-\x7f]")
_WHOLE = re.compile("[^\x00-\x7f\ufffd]")

# utf-8 read as cp1252 or latin-1: å becomes Ã and another, a hard space Â and another, a dash â€ and another.
_SECOND = r"\x80-\xbf" + bytes(range(0x80, 0xA0)).decode("cp1252", "ignore")
_MARKS = ("Ã", "Â", "â€", "â\x80", "ðŸ", "ð\x9f")
_MOJIBAKE = re.compile(f"[ÃÂ][{_SECOND}]|â[€\x80].|ð[Ÿ\x9f]..", re.DOTALL)

# å, ä and ö of MS-DOS and of an old Macintosh read as cp1252: signs inside a word.
_SIGNS = {
    "cp850": re.compile("(?<=[a-z])[†„”](?=[a-z])"),
    "mac_roman": re.compile("(?<=[a-z])[ŒŠš](?=[a-z])"),
}
_SIGNS_ALLOWED = 2  # a name such as Dušan may bring some


def lines(text: str) -> Iterator[str]:
    r"""Cut text into lines with their ends, at ``\n``, ``\r\n`` and ``\r`` only.

    Examples
    --------
    >>> list(lines("a\r\nb\u2028c\rd"))
    ['a\r\n', 'b\u2028c\r', 'd']
    """
    return (match[0] for match in _LINE.finditer(text))


def line_of(text: str, position: int) -> int:
    r"""Return the number of the line, from 1, on which a position stands.

    Examples
    --------
    >>> line_of("a\r\nb\n", 3)
    2
    """
    return 1 + len(_BREAK.findall(text, 0, position))


def mojibake(text: str) -> bool:
    """Whether the letters outside ASCII are mostly utf-8 that was once read as cp1252 or latin-1.

    Examples
    --------
    >>> mojibake("fÃ¶r mÃ¥nga"), mojibake("för många, och ett Ã¥ på köpet")
    (True, False)
    """
    if not any(mark in text for mark in _MARKS):
        return False
    whole, pairs = _MOJIBAKE.subn("", text)
    return pairs > len(_LETTER.findall(whole))


def find_encoding(raw: bytes) -> str:
    """Find the encoding of a text file: a byte order mark, NULs in turn, utf-8, else cp1252.

    Examples
    --------
    >>> find_encoding("för".encode("cp1252")), find_encoding("för".encode("utf-16-le"))
    ('cp1252', 'utf-16-le')
    """
    if raw.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = raw[:4096]
    even, odd, half = head[::2].count(0), head[1::2].count(0), len(head) / 2
    if odd > half / 2 and even < half / 20:
        return "utf-16-le"
    if even > half / 2 and odd < half / 20:
        return "utf-16-be"
    # A few stray bytes do not turn a utf-8 file into cp1252: the majority of what is not ASCII decides.
    text = raw.decode("utf-8", "replace")
    stray = text.count("\ufffd")
    return "cp1252" if stray and stray >= len(_WHOLE.findall(text)) else "utf-8"


def decode(raw: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """Turn the bytes of a text file into text.

    Parameters
    ----------
    raw : bytes
        The whole file.
    name : str
        File name, for messages.
    encoding : str, optional
        What the user named; found when left out.

    Returns
    -------
    tuple of str
        The text without a byte order mark, and the name of the encoding.

    Raises
    ------
    InputError
        When the encoding is unknown or does not fit, when there are NULs, or when the letters stand in
        the wrong encoding. The message has the line.
    """
    used = find_encoding(raw) if encoding is None else _known(encoding, name)
    try:
        text = raw.decode(used).removeprefix("\ufeff")
        text.encode("utf-8")  # some encodings can spell half a surrogate pair
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(used, "ignore")
        found = _misfit(error.object[error.start], used, encoding is None)
        raise InputError(f"{name} line {line_of(before, len(before))}: {found}") from None
    except UnicodeError:
        raise InputError(f"{name}: not {used}; leave --encoding out, or name the right one") from None
    if "\0" in text:
        line = line_of(text, text.index("\0"))
        raise InputError(f"{name} line {line}: a NUL byte, expected text; export the file again")
    _refuse_broken_letters(text, raw, name, used, encoding is None)
    return text, used


def _known(encoding: str, name: str) -> str:
    try:
        found = codecs.lookup(encoding).name
        b"-".decode(found, "ignore")  # lookup also knows codecs that are not of text, such as hex
    except (LookupError, ValueError):
        raise InputError(
            f"{name}: unknown encoding {encoding!r}, expected utf-8, utf-16, cp1252 or another of Python's"
        ) from None
    return found


def _misfit(byte: int, used: str, guessed: bool) -> str:
    if not guessed:
        return f"byte 0x{byte:02X} is not {used}; leave --encoding out, or name the right one"
    if used == "cp1252":
        return (
            f"byte 0x{byte:02X} is neither utf-8 nor cp1252; name the encoding with --encoding "
            "(cp850 for MS-DOS, mac_roman for an old Macintosh)"
        )
    return (
        f"byte 0x{byte:02X} is not {used} though the rest of the file is; "
        "export the file again, or name the encoding with --encoding"
    )


def _refuse_broken_letters(text: str, raw: bytes, name: str, used: str, guessed: bool) -> None:
    if mojibake(text) and (pair := _MOJIBAKE.search(text)):
        where = f"{name} line {line_of(text, pair.start())}: letters such as å stand as two characters"
        if not guessed and find_encoding(raw).startswith("utf-8"):
            raise InputError(f"{where} when read as {used}, but the file is utf-8; leave --encoding out")
        raise InputError(f"{where}, text in the wrong encoding; export the file again as utf-8")
    if not (guessed and used == "cp1252"):
        return
    for other, pattern in _SIGNS.items():
        signs = list(pattern.finditer(text))
        if len(signs) > _SIGNS_ALLOWED + len(re.findall("[åäöÅÄÖ]", text)):
            raise InputError(
                f"{name} line {line_of(text, signs[0].start())}: signs stand inside words, as if {other} "
                f"were read as cp1252; name the encoding with --encoding {other}, or cp1252 if they are right"
            )


def csv_reader(text: str, delimiter: str, *, strict: bool = False) -> Reader:
    """Return the csv module's reader for cells of any length (its default stops at 128 KiB)."""
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(lines(text), delimiter=delimiter, strict=strict)


def find_delimiter(text: str, required: Sequence[str]) -> str:
    r"""Find the delimiter: the one that yields the required columns, else the most even rows.

    Line breaks and delimiters inside quoted cells do not count, nor do commas in the texts.

    Examples
    --------
    >>> find_delimiter('id;svar\n1;"a, b\nc"\n2;d, e, f\n', ["id", "svar"])
    ';'
    """
    sample = text[:_SAMPLE]
    return max(DELIMITERS, key=lambda delimiter: _fit(sample, delimiter, required))


def _fit(sample: str, delimiter: str, required: Sequence[str]) -> tuple[int, float, int]:
    """Count required columns found, the share of rows as wide as the header, its width: more is better."""
    records = [cells for cells in islice(csv_reader(sample, delimiter), _RECORDS) if any(cells)]
    if not records:
        return 0, 1.0, 0
    found = [len(set(required) & set(map(column_name, cells))) for cells in records[:HEADER_WITHIN]]
    width = len(records[found.index(max(found))])
    even = sum(len(cells) == width for cells in records) / len(records)
    return max(found), even if width > 1 else 0.0, width
