"""Answers to the canonical long CSV, from which they read back unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from samorsak.answers.columns import LONG, column_name
from samorsak.answers.model import Answer
from samorsak.errors import InputError

_QUOTE = re.compile('[",\r\n]')
_NOT_TEXT = re.compile("[\0\ud800-\udfff]")


def write_answers(path: str | Path, answers: Iterable[Answer]) -> None:
    r"""Write answers as a long CSV: utf-8, commas, lines ended by ``\n``.

    Parameters
    ----------
    path : str or Path
        The file to write.
    answers : iterable of Answer
        Columns ``answer_id, round, question, text``, then every background column in the order first
        seen. A column an answer does not have stays empty.

    Raises
    ------
    InputError
        When a background column could not be told apart on reading back, or a cell holds a NUL or half a
        surrogate pair.
    """
    path = Path(path)
    answers = list(answers)
    names = list(dict.fromkeys(name for answer in answers for name in answer.background))
    for name in names:
        if not name or name in LONG or name != column_name(name):
            raise InputError(
                f"{path.name}: background column {name!r}, expected a name without stray spaces other than "
                f"{', '.join(LONG)}; rename it"
            )
    written = [_line([*LONG, *names], path)]
    for answer in answers:
        own = [answer.answer_id, answer.round, answer.question, answer.text]
        written.append(_line([*own, *(answer.background.get(name, "") for name in names)], path))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(written)


def _line(cells: list[str], path: Path) -> str:
    line = ",".join([_cell(cell) for cell in cells]) + "\n"
    if _NOT_TEXT.search(line):
        raise InputError(f"{path.name}: a NUL or half a surrogate pair in a cell, expected text")
    return line


def _cell(cell: str) -> str:
    # The csv module leaves a lone carriage return unquoted when lines end in \n (before Python 3.13).
    return '"' + cell.replace('"', '""') + '"' if _QUOTE.search(cell) else cell
