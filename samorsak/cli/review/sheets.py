"""`samorsak review export` and `samorsak review import`: the round trip through Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from samorsak.cli import options
from samorsak.cli.console import say


def export(
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="The workbook, an .xlsx.")],
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", show_default=False, help="A folder that 'samorsak classify' wrote."),
    ] = None,
    n: Annotated[int | None, typer.Option("-n", metavar="N", min=1, help="Answers at most; 50.")] = None,
    queue: Annotated[
        Path | None,
        typer.Option("--queue", metavar="FILE", help="Take a queue in place of the folder's."),
    ] = None,
    audit: Annotated[
        bool, typer.Option("--audit", help="Take the audit drawn from DIR: blind, and all of it.")
    ] = False,
    blind: Annotated[
        bool, typer.Option("--blind", help="Without suggestions: a row for each answer, coded as a whole.")
    ] = False,
    annotations: Annotated[
        Path | None,
        typer.Option("--annotations", metavar="FOLDER", help="The logs: what is decided there is known."),
    ] = None,
    scheme: Annotated[
        str,
        typer.Option("--scheme", metavar="SCHEME", help="Of a queue without DIR; else that of DIR holds."),
    ] = "af",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a workbook that is there.")] = False,
    lang: options.Lang = "sv",
) -> None:
    """Write answers to review as a workbook, for a colleague without Python."""
    from samorsak.pipeline.review_rows import rows_to_review
    from samorsak.pipeline.review_sheets import export_review

    if folder is None and (audit or queue is None):
        raise typer.BadParameter("missing; it may be left out with --queue alone", param_hint="DIR")
    if audit and (queue is not None or n is not None):
        raise typer.BadParameter("takes the whole draw, and neither --queue nor -n", param_hint="--audit")
    rows, of = rows_to_review(
        folder, n, queue=queue, audit=audit, annotations=annotations, scheme=scheme, say=say
    )
    path = export_review(out, rows, of, annotations=annotations, blind=blind, overwrite=overwrite, lang=lang)
    typer.echo(f"written: {path}, {len(rows)} answers to review")


def import_(
    workbook: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="A workbook that came back.")
    ],
    annotator: Annotated[str, typer.Option("--annotator", metavar="NAME", help="Who filled it in.")],
    annotations: Annotated[
        Path, typer.Option("--annotations", metavar="FOLDER", help="The folder of the logs.")
    ],
    scheme: options.SchemeName = "af",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Also what was decided since the export.")
    ] = False,
) -> None:
    """Write the decisions in a workbook to the log; what is wrong in it is said, and left out."""
    from samorsak.pipeline.review_sheets import import_review

    done = import_review(
        workbook, annotator=annotator, annotations=annotations, scheme=scheme, overwrite=overwrite
    )
    for line in (*done.notes, *done.problems):
        say(line)
    typer.echo(f"{done.recorded} of {done.answers} answers recorded for {annotator} in {annotations}")
    for n, said in (
        (done.kept, "of them as suggested"),
        (done.whole, "of them coded as a whole: a cause has no place of its own in the answer"),
        (done.flagged, "without a decision, but with a comment: flagged"),
        (done.there, "there already"),
        (done.untouched, "not filled in"),
        (len(done.problems), "problems: not imported, see above"),
    ):
        if n:
            typer.echo(f"{n:5} {said}")
    if done.problems:
        raise typer.Exit(1)
