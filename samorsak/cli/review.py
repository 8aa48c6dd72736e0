"""`samorsak review`: what to look at again, in a notebook or in Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from samorsak.cli import console, options
from samorsak.cli.ranking import Question

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def review() -> None:
    """Look again at what is doubtful in a coded round."""


@app.command(epilog=options.example("samorsak review queue coded -n 50 -o queue.jsonl"))
def queue(
    folder: options.RunFolder,
    n: Annotated[int, typer.Option("-n", metavar="N", min=1, help="How many answers.")] = 50,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="The queue; DIR/queue.jsonl if not given."),
    ] = None,
    annotations: Annotated[
        list[Path] | None,
        typer.Option(
            "--annotations",
            metavar="PATH",
            help="What people decided: left out, compared with. Repeatable.",
        ),
    ] = None,
    question: Question = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="NAME", help="The model that coded the round, if not found by name."),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option("--encoder", metavar="NAME", help="Says what is near what; sv-static for Swedish."),
    ] = None,
) -> None:
    """Choose the answers where most errors are expected, and say of each why it is shown."""
    from samorsak.annotations import write_queue
    from samorsak.pipeline.reviewing import review_round, show_review

    found = review_round(
        folder,
        n,
        annotations=annotations or (),
        model=model,
        encoder=encoder,
        question=question,
        say=console.say,
    )
    place = out or folder / "queue.jsonl"
    write_queue(place, found.rows)
    typer.echo(show_review(found))
    typer.echo(f"written: {place}")
