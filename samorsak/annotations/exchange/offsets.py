"""Offsets as JavaScript counts them: in UTF-16 code units, of which an emoji has two."""

from __future__ import annotations


def to_utf16(text: str, offset: int) -> int:
    """Count code units before an offset in code points.

    Examples
    --------
    >>> to_utf16("😀 regn", 2)
    3
    """
    return offset if text.isascii() else offset + sum(char > "\uffff" for char in text[:offset])


def from_utf16(text: str, units: int) -> int | None:
    """Give the offset in code points; None in the middle of a character or outside of the text.

    Examples
    --------
    >>> from_utf16("😀 regn", 3), from_utf16("😀 regn", 1)
    (2, None)
    """
    packed = text.encode("utf-16-le", "surrogatepass")[: 2 * units]
    if units < 0 or len(packed) < 2 * units:
        return None
    try:
        return len(packed.decode("utf-16-le"))
    except UnicodeDecodeError:
        return None
