"""`samorsak encoder build`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from samorsak.cli import options
from samorsak.cli.console import say

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


# With a single command typer would do without its name.
@app.callback()
def encoder() -> None:
    """Make a sentence encoder."""


@app.command(
    epilog=options.example("samorsak encoder build --corpus statutes.txt.xz --out models/my-encoder")
)
def build(
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="The encoder's folder.")],
    corpus: Annotated[
        Path | None,
        typer.Option(
            "--corpus", metavar="FILE", help="Running text in utf-8, a sentence per line; .xz is unpacked."
        ),
    ] = None,
    lexicon: Annotated[
        list[Path] | None,
        typer.Option(
            "--lexicon",
            metavar="PATH",
            help="Texts of a lexicon (not its categories), the package's if not given. Repeatable.",
        ),
    ] = None,
    concepts: Annotated[
        Path | None,
        typer.Option(
            "--concepts", metavar="PATH", help="A file or folder of concepts; the package's if not given."
        ),
    ] = None,
    seed: options.Seed = 0,
    dimensions: Annotated[int, typer.Option("--dimensions", min=1, help="Length of a vector.")] = 128,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Times to go through the concepts.")] = 20,
) -> None:
    """Make a static encoder from concepts, a lexicon's texts and a corpus; takes some minutes."""
    from samorsak.pipeline.concepts import CONCEPTS
    from samorsak.pipeline.encoder import build_encoder

    written = build_encoder(
        corpus,
        out,
        lexicon=lexicon,
        concepts=concepts or CONCEPTS,
        seed=seed,
        dimensions=dimensions,
        epochs=epochs,
        say=say,
    )
    typer.echo(f"written: {written}")
