"""Pure functions from text to text; nothing here knows answers or models."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def unify_breaks(text: str) -> str:
    r"""Write every line break as ``\n``, so that offsets mean the same everywhere.

    Examples
    --------
    >>> unify_breaks("a\r\nb\rc")
    'a\nb\nc'
    """
    return _BREAKS.sub("\n", text)


def nfc(text: str) -> str:
    """Compose characters (Unicode NFC): the form in which models see words.

    Examples
    --------
    >>> len("a\u030a"), len(nfc("a\u030a"))
    (2, 1)
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def sha256(text: str) -> str:
    """Hexadecimal SHA-256 of the text in UTF-8.

    Examples
    --------
    >>> sha256("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
