"""`samorsak annotations check`, `merge` and `forget`: the logs of decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from samorsak.cli import options

Paths: TypeAlias = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="JSON Lines files, or folders of them.", show_default=False),
]


def check(paths: Paths, scheme: options.SchemeName = "af") -> None:
    """Look through every line: counts, disagreements, faults; exit code 1 where there are faults."""
    from samorsak.annotations.checking import check_annotations, show_checked
    from samorsak.scheme import read_scheme

    checked = check_annotations(paths, read_scheme(scheme))
    for line in show_checked(checked):
        typer.echo(line)
    if checked.faults:
        raise typer.Exit(1)


def merge(
    paths: Paths,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Gets the logs; those there stay in.")],
) -> None:
    """Put logs of several places together, nothing lost and nothing doubled."""
    from samorsak.annotations.merging import merge_logs

    for name, n in merge_logs(paths, out).items():
        typer.echo(f"{out / name}: {n} new {'line' if n == 1 else 'lines'}")


def forget(
    answer_id: Annotated[
        str, typer.Argument(metavar="ANSWER_ID", help="17 takes 17/missed and 17/achieved with it.")
    ],
    annotations: Annotated[
        list[Path] | None,
        typer.Option("--annotations", metavar="PATH", help="Logs, or folders of them. Repeatable."),
    ] = None,
    run: Annotated[
        list[Path] | None, typer.Option("--run", metavar="DIR", help="A run folder. Repeatable.")
    ] = None,
    round_: Annotated[
        str | None, typer.Option("--round", metavar="ROUND", help="Only answers of this round.")
    ] = None,
) -> None:
    """Remove a respondent's texts and what was decided about them, and list what is left to do."""
    from samorsak.pipeline.forgetting import forget_answer, show_forgotten

    found = forget_answer(answer_id, annotations=annotations or (), runs=run or (), round_=round_)
    for line in show_forgotten(found):
        typer.echo(line)
