"""The lexicon beside a scheme: how people state each category, line by line, checked against the scheme."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from samorsak.errors import SchemeError, collected
from samorsak.scheme.model import NO_CAUSE, Key, Scheme, Strict
from samorsak.text import nfc

Kind = Literal["word", "phrase", "clause", "idiom", "statement"]
"""What an entry is, from a single word to a whole statement."""


class LexiconEntry(Strict):
    """A way people state a category, written by hand; without `question` it holds for the file's question."""

    category: Key
    kind: Kind = "phrase"
    text: str = Field(min_length=1)
    question: Key | None = None


def read_lexicon(path: str | Path, scheme: Scheme) -> list[LexiconEntry]:
    """Read lexicon entries from a JSON Lines file or a folder of them.

    An entry without `question` belongs to the question its file is named after (`achieved.jsonl`), else to
    the scheme's only question.

    Raises
    ------
    SchemeError
        A line is no entry, or names a question or category that the scheme does not have.
    """
    root = Path(path)
    files = sorted(root.glob("*.jsonl")) if root.is_dir() else [root]
    entries: list[LexiconEntry] = []
    problems: list[str] = []
    for file in files:
        for number, line in enumerate(_lines(file), 1):
            if not line.strip():
                continue
            try:
                entries.append(_entry(line, file.stem, scheme))
            except SchemeError as error:
                problems.append(f"{file} line {number}: {error}")
    if problems:
        raise SchemeError(collected(problems, "faults in the lexicon"))
    return entries


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        raise SchemeError(f"{file}: not readable as JSON Lines in utf-8") from None


def _entry(line: str, stem: str, scheme: Scheme) -> LexiconEntry:
    try:
        entry = LexiconEntry.model_validate(json.loads(line))
    except json.JSONDecodeError:
        raise SchemeError("not a JSON object") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise SchemeError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    question = entry.question or question_of(stem, scheme)
    allowed = (*scheme.outcomes(question), NO_CAUSE)
    if entry.category not in allowed:
        raise SchemeError(f"category is {entry.category!r}, {question!r} has: {', '.join(allowed)}")
    return entry.model_copy(update={"question": question, "text": nfc(entry.text)})


def question_of(stem: str, scheme: Scheme) -> str:
    """Give the question that a lexicon file's entries belong to by its name, without the ending."""
    # achieved.jsonl and achieved-statements.jsonl both belong to the question `achieved`
    for name in (stem, stem.rpartition("-")[0]):
        if name in scheme.questions:
            return name
    if len(scheme.questions) == 1:
        return next(iter(scheme.questions))
    raise SchemeError(f"question is missing; name the file after one of: {', '.join(scheme.questions)}")
