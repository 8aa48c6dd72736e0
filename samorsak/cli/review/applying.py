"""`samorsak review apply`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from samorsak.cli import console, options


def apply(
    folder: options.RunFolder,
    annotations: Annotated[
        list[Path],
        typer.Option("--annotations", metavar="PATH", help="What was decided: logs or files. Repeatable."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR2", help="Folder to write; DIR/reviewed if not given."),
    ] = None,
) -> None:
    """Take reviewed decisions into a round's shares as fixed values."""
    from samorsak.pipeline.reviewed import apply_review

    place, found = apply_review(folder, annotations, out, console.say)
    for r in found:
        counts = f"{r.reviewed} of {r.answers} answers reviewed, {r.changed} changed"
        typer.echo(f"{r.round} {r.question}: {counts}")
    typer.echo(f"written to {place}; show it with: samorsak rank {place}")
