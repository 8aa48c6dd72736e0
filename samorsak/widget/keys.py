"""Which key gives which category: letters only, so that digits and signs are left for commands."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase

from samorsak.scheme import NO_CAUSE, OTHER, Scheme

_FIXED = {NO_CAUSE: "n", OTHER: "o"}


def category_keys(scheme: Scheme, question: str) -> dict[str, str]:
    """Give every category of a question its key.

    `other` has ``o`` and `no_cause` ``n``. The others take, in the scheme's order, the first letter that is
    free: of the words of the label in the scheme's language, of the label, of the alphabet, and at last
    capitals. So the keys are the same in every language of the interface, and a category added last moves no
    other's.

    Returns
    -------
    dict of str to str
        By category, `no_cause` last; ``""`` for what comes after 52 categories, which is found by searching.

    Examples
    --------
    >>> from samorsak.scheme import read_scheme
    >>> keys = category_keys(read_scheme("af"), "missed")
    >>> keys["low_labour_demand"], keys["limited_resources"], keys["other"], keys["no_cause"]
    ('l', 'b', 'o', 'n')
    """
    free = dict.fromkeys(key for key in ascii_lowercase + ascii_uppercase if key not in _FIXED.values())
    keys = {}
    for category in (*scheme.outcomes(question), NO_CAUSE):
        if category in _FIXED:
            keys[category] = _FIXED[category]
            continue
        label = scheme.label(question, category, scheme.language)
        key = next((key for key in _wanted(label) if key in free), "")
        free.pop(key, None)
        keys[category] = key
    return keys


def _wanted(label: str) -> Iterator[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", label.lower()) if c.isascii())
    yield from (word[0] for word in plain.split())
    yield from plain
    yield from ascii_lowercase
    yield from ascii_uppercase
