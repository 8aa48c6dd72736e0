"""Answers composed of lexicon entries: what path and calibration learn from before anyone has annotated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from samorsak.pipeline.material import Entry, Gold
from samorsak.scheme import NO_CAUSE

ANSWERS = 150
"""How many answers are composed of one part of the entries."""

_SAYS = ("statement", "clause", "phrase", "idiom")
_JOINED = {"sv": (" och ", " samt ", ", och "), "en": (" and ", " and also ", ", and ")}
_MARKS = (". ", ". ", ". ", "\n", "\n- ", ", ", ", ", "; ", " - ", "! ")


def compose(entries: Sequence[Entry], outcomes: Sequence[str], language: str, seed: int) -> list[Gold]:
    """Put entries together into answers with known borders.

    One to four entries each, of categories drawn alike, a fourth of them no cause; joined as people join them
    (full stop, line, bullet, comma, conjunction).
    """
    rng = np.random.default_rng(seed)
    by: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.kind in _SAYS:
            by[entry.category].append(entry.text)
    causes = [c for c in outcomes if c != NO_CAUSE and by[c]]
    marks = (*_MARKS, *_JOINED.get(language, ()))
    silent = by[NO_CAUSE]
    answers = []
    for _ in range(ANSWERS if causes else 0):
        text, marked = "", []
        for _ in range(int(rng.integers(1, 5))):
            none = silent and rng.random() < 0.25
            category = NO_CAUSE if none else causes[int(rng.integers(len(causes)))]
            said = by[category][int(rng.integers(len(by[category])))].strip().rstrip(".!")
            mark = marks[int(rng.integers(len(marks)))] if text else ""
            first = said[:1].upper() if not text or mark[0] in ".!\n" else said[:1].lower()
            text += mark
            if category != NO_CAUSE:
                marked.append((len(text), len(text) + len(said), category))
            text += first + said[1:]
        answers.append(Gold(text, tuple(marked), frozenset(c for _, _, c in marked), "composed"))
    return answers
