"""What the page is told: the scheme once, and a session as it stands after every decision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from samorsak.annotations import QueueRow
from samorsak.annotations.reasons import reason_phrase
from samorsak.pipeline.nearest import Example
from samorsak.pipeline.session import Session
from samorsak.scheme import NO_CAUSE, OTHER, Scheme
from samorsak.widget.keys import category_keys
from samorsak.wording import Lang

STATIC = Path(__file__).parent / "static"

QUOTES = {"sv": ("”", "”"), "en": ("“", "”")}
"""The signs before and after what is quoted."""


@cache
def texts(lang: Lang) -> dict[str, str]:
    """Give the words of the interface in a language, by name."""
    known = yaml.safe_load((STATIC / "texts.yaml").read_text(encoding="utf-8"))
    return {name: said[lang] for name, said in known.items()}


def scheme_shown(scheme: Scheme, lang: Lang) -> dict[str, Any]:
    """Give a scheme as the page shows it: of each question its categories with label, key and rules.

    Ids in definitions and border rules are written as labels.
    """
    shown = {}
    for question, asked in scheme.questions.items():
        keys = category_keys(scheme, question)
        categories = []
        for category, key in keys.items():
            own = asked.categories.get(category)
            residual = scheme.residual.get(category)
            definition = own.definition if own else residual.rule if residual else None
            categories.append(
                {
                    "id": category,
                    "label": scheme.label(question, category, lang),
                    "key": key,
                    "definition": _named(definition, scheme, question, lang),
                    "excludes": _named(own.excludes if own else None, scheme, question, lang),
                    "borders": [
                        _named(rule, scheme, question, lang)
                        for rule in scheme.borders
                        if _mentions([category]).search(rule)
                    ],
                }
            )
        borders = [_named(rule, scheme, question, lang) for rule in scheme.borders]
        wording = asked.wording(question, lang)
        shown[question] = {"wording": wording, "categories": categories, "borders": borders}
    return shown


def session_shown(session: Session, lang: Lang) -> dict[str, Any]:
    """Give where a session is: how far, and the row with what is suggested and what was decided of it."""
    progress = session.progress()
    place = session.place
    return {
        "place": place,
        "total": progress.total,
        "decided": progress.decided,
        "skipped": progress.skipped,
        "flagged": progress.flagged,
        "seconds": progress.seconds,
        "row": _row_shown(session, place, lang) if place < progress.total else None,
    }


def _row_shown(session: Session, place: int, lang: Lang) -> dict[str, Any]:
    row, state = session.row(place), session.state(place)
    draft = session.undone(place) if state != "decided" else None
    said = draft or session.decision(place)
    decided = said if said and said.decided else None
    marks = (
        [{"start": m.start, "end": m.end, "category": m.category} for m in decided.statements or ()]
        if decided
        else None
    )
    return {
        "answer_id": row.answer_id,
        "round": row.round,
        "question": row.question,
        "text": row.text,
        "background": list(row.background.items()),
        "blind": session.blind(place),
        "state": state,
        "suggested": [suggestion.model_dump() for suggestion in row.statements],
        "marks": marks,
        "whole": list(decided.categories or ()) if decided and decided.statements is None else None,
        "draft": draft is not None,
        "note": said.note if said else "",
        "flagged": bool(said and "flagged" in said.flags),
        "reasons": _reasons_shown(row, session.scheme, lang),
    }


def _reasons_shown(row: QueueRow, scheme: Scheme, lang: Lang) -> list[dict[str, Any]]:
    """Give the reasons in words; one about a stretch that nothing is suggested of names it."""
    opening, closing = QUOTES[lang]
    shown = []
    for reason in row.reasons:
        says = _named(reason.says, scheme, row.question, lang, everywhere=True)
        if reason.start is not None:
            stretch = f"{opening}{row.text[reason.start : reason.end]}{closing}"
            says = f"{stretch}: {says}" if says else stretch
        shown.append({"statement": reason.statement, "text": reason_phrase(reason.name, lang), "says": says})
    return shown


def example_shown(example: Example) -> dict[str, Any]:
    """Give an example with what stands around it in its answer."""
    text = example.answer
    return {
        "before": text[: example.start],
        "stretch": text[example.start : example.end],
        "after": text[example.end :],
    }


def _named(rule: str | None, scheme: Scheme, question: str, lang: Lang, *, everywhere: bool = False) -> str:
    """Write the ids of categories in a rule as their labels, those of other questions too."""
    labels: dict[str, str] = {}
    for name in (*scheme.questions, question):  # the question's own last: its labels hold
        labels |= {c: scheme.label(name, c, lang) for c in (*scheme.outcomes(name), OTHER, NO_CAUSE)}
    opening, closing = QUOTES[lang]
    return _mentions(labels, everywhere).sub(
        lambda found: f"{opening}{labels[found[0]]}{closing}", rule or ""
    )


def _mentions(categories: Iterable[str], everywhere: bool = False) -> re.Pattern[str]:
    """Find ids: in a rule, one that is a plain word or number only where a colon says that it is meant."""
    ids = [re.escape(c) if everywhere or "_" in c else f"(?<=: ){re.escape(c)}" for c in categories]
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(ids, key=len, reverse=True))})(?!\w)")
