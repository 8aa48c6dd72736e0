"""The next version of a scheme, from accepted proposals, written with the lexicon beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from samorsak.errors import SchemeError
from samorsak.report.delimited import write_text
from samorsak.scheme import (
    Carried,
    Scheme,
    carry_lexicon,
    next_version,
    read_proposals,
    read_scheme,
    scheme_folder,
    scheme_text,
)

WAITING = "lexicon-split"
"""Beside `lexicon`: entries of split categories, until a person gives each one to a part."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply_proposals` made.

    Attributes
    ----------
    paths : tuple of Path
        The files written.
    old, new : Scheme
    notes : tuple of str
        What became of the lexicon, and what a person has to look at; one line each.
    """

    paths: tuple[Path, ...]
    old: Scheme
    new: Scheme
    notes: tuple[str, ...]


def apply_proposals(proposals: str | Path, scheme: str | Path, out: str | Path) -> Applied:
    """Make the next version of a scheme from the accepted proposals of a file.

    The lexicon beside the scheme is carried over: entries of merged, renamed and moved categories move along,
    those of a split category stay with the parent until someone annotates them: in the lexicon where a part
    keeps its id, else in the folder ``lexicon-split``. Comments in the scheme's YAML are not carried over.

    Parameters
    ----------
    proposals : str or Path
    scheme : str or Path
        As for `samorsak.scheme.read_scheme`.
    out : str or Path
        The folder of the next version; made where it does not exist.

    Raises
    ------
    SchemeError
        Nothing is accepted, proposals contradict the scheme or each other, or the folder is taken.
    InputError
        A file cannot be written.
    """
    out = Path(out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise SchemeError(f"{out}: exists already; choose another folder")
    old = read_scheme(scheme)
    new = next_version(old, read_proposals(proposals), str(proposals))
    beside = scheme_folder(scheme).parent
    lexicon = beside / "lexicon"
    carried = carry_lexicon(lexicon, old, new) if lexicon.is_dir() else Carried({}, {}, (), ())
    earlier = {path.name: _text(path) for path in sorted((beside / WAITING).glob("*.jsonl"))}
    waiting = {
        name: earlier.get(name, "") + carried.waiting.get(name, "")
        for name in sorted({*earlier, *carried.waiting})
    }
    texts = {
        out / "scheme.yaml": scheme_text(new),
        **{out / "lexicon" / name: text for name, text in carried.files.items()},
        **{out / WAITING / name: text for name, text in waiting.items()},
    }
    for path, text in texts.items():
        _make(path.parent)
        write_text(path, text)
    return Applied(tuple(texts), old, new, (*_carrying(carried), *_still_named(old, new)))


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SchemeError(f"{path}: not readable as JSON Lines in utf-8") from None
    return text if text.endswith("\n") or not text else f"{text}\n"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SchemeError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from None


def _carrying(carried: Carried) -> Iterator[str]:
    for step, n in carried.moved:
        where = f" of {step.to_question}" if step.to_question else ""
        yield f"{step.question}: {_entries(n)} now under {step.targets[0]}{where}"
    for step, n in carried.undivided:
        parent = step.sources[0]
        if parent in step.targets:
            where = f"under {parent} until they are annotated"
        else:
            where = f"with {parent} in {WAITING}; give each to one of {', '.join(step.targets)}"
        yield f"{step.question}: {_entries(n)} of a split category {'stays' if n == 1 else 'stay'} {where}"


def _entries(n: int) -> str:
    return f"{n} lexicon {'entry' if n == 1 else 'entries'}"


def _still_named(old: Scheme, new: Scheme) -> Iterator[str]:
    """Find rules and definitions that speak of an id that is gone; only a person can reword them."""
    ids = {c for q in new.questions.values() for c in q.categories}
    gone = [c for q in old.questions.values() for c in q.categories if c not in ids]
    texts = {f"border {n}": rule for n, rule in enumerate(new.borders, 1)}
    for q, question in new.questions.items():
        for c, category in question.categories.items():
            texts[f"{q}.{c}"] = f"{category.definition or ''}\n{category.excludes or ''}"
    for where, text in texts.items():
        for c in dict.fromkeys(gone):
            if re.search(rf"(?<!\w){re.escape(c)}(?!\w)", text):
                yield f"{where} still names {c}"
