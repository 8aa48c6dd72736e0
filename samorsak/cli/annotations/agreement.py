"""`samorsak annotations agreement`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from samorsak.cli import options


def agreement(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Logs, files by one annotator each, or folders of them."),
    ],
    scheme: options.SchemeName = "af",
    queue: Annotated[
        Path | None,
        typer.Option("--queue", metavar="FILE", help="Write the disagreements as a queue to be settled."),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write who disagreed where as a table.")
    ] = None,
) -> None:
    """Measure how far annotators agree, and each with herself."""
    from samorsak.pipeline.agreeing import measure_agreement, write_disagreements
    from samorsak.pipeline.agreement_text import show_agreement

    found = measure_agreement(paths, scheme)
    typer.echo(show_agreement(found), nl=False)
    for line in write_disagreements(found, queue, csv):
        typer.echo(line)
