"""`samorsak train` and `samorsak evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from samorsak.cli import options
from samorsak.cli.console import say

Audits = Annotated[
    list[Path] | None,
    typer.Option(
        "--audit",
        metavar="PATH",
        help="An audit or run folder to learn nothing from; those nearby are found. Repeatable.",
    ),
]


def train(
    scheme: options.SchemeName,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="The model's folder: models/NAME.")],
    lexicon: options.Lexicon = None,
    annotations: Annotated[
        list[Path] | None,
        typer.Option(
            "--annotations",
            metavar="PATH",
            help="Annotated answers: a file or a folder. Repeatable; may be left out.",
        ),
    ] = None,
    audits: Audits = None,
    encoder: options.EncoderName = None,
    prefix: options.Prefix = None,
    allow_network: options.AllowNetwork = False,
    seed: options.Seed = 0,
) -> None:
    """Make a model from a scheme, its lexicon and, where there are some, annotated answers."""
    from samorsak.pipeline.training import train_model

    written = train_model(
        scheme,
        lexicon=lexicon or (),
        annotations=annotations or (),
        audits=audits or (),
        out=out,
        encoder=encoder,
        prefix=options.prefix_for(encoder, prefix),
        allow_network=allow_network,
        seed=seed,
        say=say,
    )
    typer.echo(f"written: {written}")


def evaluate(
    scheme: options.SchemeName,
    annotations: Annotated[
        list[Path],
        typer.Option(
            "--annotations", metavar="PATH", help="Annotated answers: a file or a folder. Repeatable."
        ),
    ],
    lexicon: options.Lexicon = None,
    audits: Audits = None,
    train_files: Annotated[
        int | None,
        typer.Option(
            "--train-files",
            min=0,
            metavar="K",
            help="Learn from K files; all but the left-out one if not given.",
        ),
    ] = None,
    encoder: options.EncoderName = None,
    prefix: options.Prefix = None,
    allow_network: options.AllowNetwork = False,
    seed: options.Seed = 0,
) -> None:
    """Measure a scheme's model honestly: learn from some annotated files, code the others, compare."""
    from samorsak.pipeline.evaluation import evaluate_scheme, render_evaluation

    evaluation = evaluate_scheme(
        scheme,
        lexicon=lexicon or (),
        annotations=annotations,
        audits=audits or (),
        train_files=train_files,
        encoder=encoder,
        prefix=options.prefix_for(encoder, prefix),
        allow_network=allow_network,
        seed=seed,
        say=say,
    )
    typer.echo(render_evaluation(evaluation), nl=False)
