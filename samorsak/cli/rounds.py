"""`samorsak read`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from samorsak.cli import console, options

if TYPE_CHECKING:
    from samorsak.answers import Closed, Round
    from samorsak.pipeline.reading import MaskedRound

_FIRST = 5
"""How many answers `read` shows."""


def read(
    round_file: options.RoundFile,
    text: options.Text = None,
    id_column: options.IdColumn = None,
    round_name: options.RoundName = None,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    keep_personal_data: options.KeepPersonalData = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the answers as the canonical long CSV."),
    ] = None,
) -> None:
    """Show what is understood of a round file: format, columns, counts, first answers."""
    how = options.reading(locals())
    from samorsak.pipeline.reading import open_round, write_long

    opened = open_round(round_file, **how)
    for line in _understood(opened, keep_personal_data):
        typer.echo(line)
    if out is not None:
        write_long(out, opened, round_file)
        typer.echo(f"written:    {out}")


def _understood(opened: MaskedRound, kept: bool) -> Iterator[str]:
    round_ = opened.round
    yield f"file:       {', '.join(_file(round_))}"
    for role, column in round_.columns.items():
        yield f"column:     {role} = {column!r}"
    if round_.background:
        yield f"background: {', '.join(round_.background)}"
    for name, of in ((name, [a for a in round_.answers if a.round == name]) for name in _rounds(round_)):
        yield f"answers:    {len(of)} in round {name} ({_counted(Counter(a.question for a in of))})"
    if round_.closed is not None:
        yield from _closed(round_.closed)
    lost = sum(round_.dropped.values())
    yield f"dropped:    {lost} of {round_.cells} cells" + (f" ({_counted(round_.dropped)})" if lost else "")
    masked = _counted(opened.masked) or "nothing found"
    yield f"masked:     {'off, personal data is kept' if kept else masked}"
    if opened.personal_ids:
        yield f"note:       ids that look like personal data: {opened.personal_ids}; ids are never masked"
    yield ""
    room = console.width()
    for answer in round_.answers[:_FIRST]:
        start = f"{answer.answer_id}: "
        yield start + _cut(" ".join(answer.text.split()), room - len(start))


def _closed(closed: Closed) -> Iterator[str]:
    """Say of each closed question what was found, and how many answered."""
    from samorsak.answers.closed import variable_name

    yield f"respondents: {len(closed.respondents)}"
    for name, question in closed.questions.items():
        scale = "ordered " if question.ordered else ""
        yield f"closed:     {name} ({question.kind}), {scale}levels {', '.join(question.levels)}"
        for item in question.variables():
            chosen = [one.closed[variable_name(name, item)] for one in closed.respondents]
            answered = sum(map(bool, chosen))
            yield f"            {item or 'answered'}: {answered}, missing: {len(chosen) - answered}"


def _file(round_: Round) -> Iterator[str]:
    """Say what was found out about the file."""
    yield round_.name
    yield round_.format
    if round_.sheet is not None:
        yield f"sheet {round_.sheet!r}"
    if round_.encoding is not None:
        yield round_.encoding
    if round_.delimiter is not None:
        yield f"delimiter {round_.delimiter!r}"
    yield f"{round_.layout} layout"
    yield f"{round_.rows} rows"


def _rounds(round_: Round) -> list[str]:
    return list(dict.fromkeys(answer.round for answer in round_.answers))


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name}: {n}" for name, n in counts.items())


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(1, room - 4)] + " ..."
