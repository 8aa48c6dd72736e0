"""`samorsak review queue` and `labels`: what to look at again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from samorsak.cli import console, options
from samorsak.cli.ranking import Question

Encoder: TypeAlias = Annotated[
    str | None,
    typer.Option("--encoder", metavar="NAME", help="Says what is near what; sv-static for Swedish."),
]


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
    lexicon: options.Lexicon = None,
    question: Question = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="NAME", help="The model that coded the round, if not found by name."),
    ] = None,
    encoder: Encoder = None,
) -> None:
    """Choose the answers where most errors are expected, and say of each why it is shown."""
    from samorsak.annotations import write_queue
    from samorsak.pipeline.reviewing import review_round, show_review

    found = review_round(
        folder,
        n,
        annotations=annotations or (),
        lexicon=lexicon,
        model=model,
        encoder=encoder,
        question=question,
        say=console.say,
    )
    place = out or folder / "queue.jsonl"
    write_queue(place, found.rows)
    typer.echo(show_review(found))
    typer.echo(f"written: {place}")


def labels(
    scheme: options.SchemeName,
    annotations: Annotated[
        list[Path],
        typer.Option("--annotations", metavar="PATH", help="Annotated answers: file or folder. Repeatable."),
    ],
    n: Annotated[int, typer.Option("-n", metavar="N", min=1, help="At most so many answers.")] = 50,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The queue; labels.jsonl if not given.")
    ] = Path("labels.jsonl"),
    lexicon: options.Lexicon = None,
    question: Question = None,
    encoder: Encoder = None,
    seed: options.Seed = 0,
) -> None:
    """Choose the annotated answers of which a label looks wrong."""
    from samorsak.annotations import write_queue
    from samorsak.pipeline.review_labels import doubt_labels

    found = doubt_labels(
        scheme,
        annotations,
        n,
        lexicon=lexicon or (),
        encoder=encoder,
        question=question,
        seed=seed,
        say=console.say,
    )
    write_queue(out, found)
    typer.echo(f"{len(found)} answers with a label that looks wrong, the most doubtful first")
    typer.echo(f"written: {out}")
