"""`samorsak rank`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from samorsak.cli import console, options

Question: TypeAlias = Annotated[str | None, typer.Option("--question", help="Only this question.")]
By: TypeAlias = Annotated[
    str | None, typer.Option("--by", metavar="COLUMN", help="A list for each value of a background column.")
]
Where: TypeAlias = Annotated[
    list[str] | None, typer.Option("--where", metavar="COLUMN=VALUE", help="Only these answers. Repeatable.")
]
Weight: TypeAlias = Annotated[
    str | None,
    typer.Option("--weight", metavar="COLUMN", help="A background column of numbers that answers weigh."),
]
Format: TypeAlias = Annotated[
    Literal["text", "csv", "json", "markdown", "paragraph", "xlsx", "svg", "png"] | None,
    typer.Option("--format", help="By the suffix of --out if not given, else text."),
]
Out: TypeAlias = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write a file instead of showing.")
]
Minor: TypeAlias = Annotated[
    float, typer.Option("--minor", min=0, max=1, help="Smaller shares are 'Andra förekommande svar'.")
]
SuppressBelow: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--suppress-below",
        metavar="N",
        min=2,
        help="Hide numbers from 1 to N-1, and what would give them away.",
    ),
]
Crossing: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--crossing", metavar="COLUMN+COLUMN", help="With it: a table that will be shown later. Repeatable."
    ),
]


def rank(
    folder: options.RunFolder,
    question: Question = None,
    base: options.Base = "causes",
    lines: options.Lines = "scheme",
    by: By = None,
    where: Where = None,
    weight: Weight = None,
    form: Format = None,
    out: Out = None,
    minor: Minor = 0.05,
    suppress_below: SuppressBelow = None,
    crossing: Crossing = None,
    lang: options.Lang = "sv",
) -> None:
    """Show the ranked lists of causes of a coded round."""
    from samorsak.pipeline.ranking import format_of, rank_run, show_ranking, write_ranked

    if form in ("xlsx", "svg", "png") and out is None:
        what = "a workbook" if form == "xlsx" else "a picture"
        raise typer.BadParameter(f"{what} needs a file; add --out FILE.{form}", param_hint="--format")
    form = form or (format_of(out) if out else "text")
    chosen = where or ()
    ranking, scheme = rank_run(
        folder,
        question=question,
        base=base,
        lines=lines,
        by=by,
        where=chosen,
        weight=weight,
        lang=lang,
        suppress_below=suppress_below,
        crossings=crossing or (),
    )
    if out is not None:
        write_ranked(out, ranking, scheme, form, where=chosen, minor=minor, lang=lang)
        typer.echo(f"written: {out}")
        return
    no_blocks, room = not console.shows("█"), console.width()
    shown = show_ranking(
        ranking, scheme, form, where=chosen, minor=minor, lang=lang, ascii=no_blocks, width=room
    )
    typer.echo(shown, nl=False)
