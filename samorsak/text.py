"""Pure functions of text; nothing here knows answers or models."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Any

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


def json_object(line: str) -> dict[str, Any]:
    """Read a line of JSON Lines.

    Raises
    ------
    ValueError
        No JSON, no object, or one with a name twice, of which JSON's own reader would keep the last.
    RecursionError
        Nested too deeply.

    Examples
    --------
    >>> json_object('{"answer_id": 1}')
    {'answer_id': 1}
    >>> json_object('{"answer_id": 1, "answer_id": 2}')
    Traceback (most recent call last):
        ...
    ValueError: a name stands twice
    """

    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    row = json.loads(line, object_pairs_hook=distinct)
    if not isinstance(row, dict):
        raise ValueError("not an object")
    return row
