"""`samorsak compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from samorsak.cli import console, options
from samorsak.cli.options import Base, Lines
from samorsak.cli.ranking import Out, Question

_RUN = "A folder that 'samorsak classify' or 'samorsak audit estimate' wrote."


def compare(
    dir_before: Annotated[
        Path, typer.Argument(metavar="DIR_BEFORE", show_default=False, help=f"The earlier round. {_RUN}")
    ],
    dir_after: Annotated[
        Path, typer.Argument(metavar="DIR_AFTER", show_default=False, help="The later round, likewise.")
    ],
    question: Question = None,
    base: Base = "causes",
    lines: Lines = "scheme",
    before: Annotated[
        str | None, typer.Option("--before", metavar="ROUND", help="Where DIR_BEFORE holds several rounds.")
    ] = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="ROUND", help="Where DIR_AFTER holds several rounds.")
    ] = None,
    form: Annotated[
        Literal["text", "markdown", "csv", "xlsx"] | None,
        typer.Option("--format", help="By the suffix of --out if not given, else text."),
    ] = None,
    out: Out = None,
    lang: options.Lang = "sv",
) -> None:
    """Show how the shares of causes changed between two rounds."""
    from samorsak.pipeline.comparing import change_format_of, compare_runs, show_changes, write_changes

    if form == "xlsx" and out is None:
        raise typer.BadParameter("a workbook needs a file; add --out FILE.xlsx", param_hint="--format")
    form = form or (change_format_of(out) if out else "text")
    found = compare_runs(
        dir_before,
        dir_after,
        base=base,
        lines=lines,
        question=question,
        round_before=before,
        round_after=after,
        lang=lang,
    )
    if out is not None:
        write_changes(out, found, form, lang=lang)
        typer.echo(f"written: {out}")
        return
    typer.echo(show_changes(found, form, lang=lang, width=console.width()), nl=False)
