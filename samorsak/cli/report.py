"""`samorsak report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from samorsak.cli import options

_RUN = "A folder that 'samorsak classify', 'review apply' or 'audit estimate' wrote."

MOST = 100
"""Differences named at most; a report with other settings has tens of thousands."""


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False, help=_RUN)],
    out: Annotated[Path, typer.Option("--out", metavar="OUT", help="Folder for the report.")],
    against: Annotated[
        list[Path] | None,
        typer.Option("--against", metavar="DIR_BEFORE", help="An earlier round, likewise. Repeatable."),
    ] = None,
    lines: options.Lines = "scheme",
    base: options.Base = "causes",
    public: Annotated[
        bool, typer.Option("--public", help="To be published: no answers, small numbers of groups hidden.")
    ] = False,
    suppress_below: Annotated[
        int | None,
        typer.Option(
            "--suppress-below",
            metavar="N",
            min=2,
            help="With --public: hide numbers from 1 to N-1; 5 if not given.",
        ),
    ] = None,
    agreement: Annotated[
        Path | None,
        typer.Option(
            "--agreement",
            metavar="ANNOTATIONS",
            help="Logs of annotators; the appendix says how far they agree.",
        ),
    ] = None,
    lang: options.Lang = "sv",
) -> None:
    """Write a report of a coded round, with earlier rounds beside it."""
    from samorsak.pipeline.reporting import report_run

    if suppress_below is not None and not public:
        raise typer.BadParameter("expected together with --public", param_hint="--suppress-below")
    found = report_run(
        folder,
        against or (),
        out=out,
        lang=lang,
        lines=lines,
        base=base,
        public=public,
        suppress_below=suppress_below,
        agreement=agreement,
    )
    for name in found.files:
        typer.echo(f"written: {found.out / name}")
    for line in found.left_out:
        typer.echo(f"note: {line}")
    if not found.audited:
        typer.echo(f"note: round {found.rounds[0]} is not audited, and the report says so (samorsak audit)")


def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="OUT", show_default=False, help="A folder that 'samorsak report' wrote.")
    ],
) -> None:
    """Make every figure of a report again from its runs, and say which differ."""
    from samorsak.pipeline.verifying import verify_report

    found = verify_report(folder)
    for name in found.missing:
        typer.echo(f"{name} is no longer there")
    for name in found.changed:
        typer.echo(f"run {name} has changed since the report was written")
    for difference in found.differences[:MOST]:
        typer.echo(str(difference))
    if len(found.differences) > MOST:
        typer.echo(f"and {len(found.differences) - MOST:,} more")
    files = ", ".join(found.files)
    if found.differences or found.changed or found.missing:
        number = len(found.differences)
        typer.echo(f"{number} {'figure differs' if number == 1 else 'figures differ'} in {files}")
        raise typer.Exit(1)
    typer.echo(f"verified: {files}, {found.cells} cells of tables and every number in the text")
