"""`samorsak audit plan`, `draw`, `estimate` and `crosscheck`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from samorsak.cli import console, options
from samorsak.cli.ranking import Question

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Decided: TypeAlias = Annotated[
    Path | None,
    typer.Option("--audit", metavar="FILE", help="The decided sample; DIR/audit.jsonl if not given."),
]


@app.command(epilog=options.example("samorsak audit plan coded --within 3 --above 5"))
def plan(
    folder: options.RunFolder,
    within: Annotated[
        float, typer.Option("--within", metavar="POINTS", help="Wanted precision, ± percentage points.")
    ] = 3,
    above: Annotated[
        float, typer.Option("--above", metavar="PERCENT", help="Of causes with a larger share than this.")
    ] = 5,
    base: options.Base = "causes",
    lines: options.Lines = "scheme",
    lang: options.Lang = "sv",
) -> None:
    """Say how many answers to audit for a wanted precision."""
    from samorsak.pipeline.audit_plan import plan_audit, show_plans

    plans = plan_audit(folder, within=within / 100, above=above / 100, base=base, lines=lines, lang=lang)
    typer.echo(show_plans(plans, folder, within / 100, above / 100, base, lang), nl=False)


@app.command(epilog=options.example("samorsak audit draw coded -n 100 --seed 2024"))
def draw(
    folder: options.RunFolder,
    n: Annotated[
        int, typer.Option("-n", metavar="N", min=1, help="Answers per round and question; at most all.")
    ],
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same sample.")] = 0,
    annotations: Annotated[
        list[Path] | None,
        typer.Option(
            "--annotations",
            metavar="PATH",
            help="Answers decided already: known, and not drawn. Repeatable.",
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a draw that is there.")] = False,
) -> None:
    """Draw a random sample of answers to be decided blind, into DIR/audit.jsonl."""
    from samorsak.pipeline.annotated import AUDIT
    from samorsak.pipeline.audit_draw import draw_audit

    for d in draw_audit(folder, n, seed=seed, annotations=annotations or (), overwrite=overwrite):
        known = f", {d.known} known already" if d.known else ""
        typer.echo(f"{d.round} {d.question}: {d.drawn} of {d.answers} answers drawn{known}")
    typer.echo(f"written: {folder / AUDIT}")


@app.command(epilog=options.example("samorsak audit estimate coded --audit coded/audit.jsonl"))
def estimate(
    folder: options.RunFolder,
    audit: Decided = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR2", help="Folder for the audited round; DIR/audited if not given."),
    ] = None,
) -> None:
    """Correct a round's shares by its audit."""
    from samorsak.pipeline.audit_estimate import estimate_audit

    place, progress = estimate_audit(folder, audit, out)
    for a in progress:
        known = f", {a.known} known before" if a.known else ""
        typer.echo(
            f"{a.round} {a.question}: {a.decided} of {a.drawn} drawn answers decided, of {a.answers}{known}"
        )
    typer.echo(f"written to {place}; show it with: samorsak rank {place}")


@app.command(epilog=options.example("samorsak audit crosscheck coded --audit coded/audit.jsonl"))
def crosscheck(
    folder: options.RunFolder,
    audit: Decided = None,
    question: Question = None,
    lines: options.Lines = "scheme",
    lang: options.Lang = "sv",
) -> None:
    """Show what PPI++ and QuaPy make of the same audit, beside ours."""
    from samorsak.pipeline.crosschecking import crosscheck_audit, show_crosschecks

    checks = crosscheck_audit(folder, audit, lines=lines, question=question, lang=lang)
    typer.echo(show_crosschecks(checks, lang, console.width()), nl=False)
