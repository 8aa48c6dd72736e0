"""`samorsak classify`, `samorsak rank` and `samorsak demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from samorsak.cli import console, options

Format = Literal["text", "csv", "json", "markdown", "paragraph", "xlsx"]

_ABOUT_DEMO = "The demo round: constructed answers, laid out as such rounds come."

_HOLDS = {
    "answers.csv": "each answer with its categories",
    "statements.csv": "each stretch that states a cause, with its probability",
    "ranking.csv": "every ranked list, by both bases and all lines",
    "coded.xlsx": "the same for people",
    "run.json": "versions, check sums and counts",
    "scheme.json": "the scheme the answers were coded by",
}


def classify(
    round_file: options.RoundFile,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the coded round.")],
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="NAME", help="A model's folder or name; af-causes if not given."),
    ] = None,
    text: options.Text = None,
    id_column: options.IdColumn = None,
    round_name: options.RoundName = None,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    keep_personal_data: options.KeepPersonalData = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")] = False,
) -> None:
    """Code the answers of a round: statements, categories, ranked lists, a workbook."""
    from samorsak.pipeline.coding import classify_round

    with console.progress_bar("Coding") as progress:
        coded = classify_round(
            round_file,
            out,
            model=model,
            text=options.text_columns(text),
            id_column=id_column,
            round_name=round_name,
            sheet=sheet,
            encoding=encoding,
            delimiter=delimiter,
            keep_personal_data=keep_personal_data,
            resume=resume,
            progress=progress,
        )
    dropped = ", ".join(f"{reason}: {n}" for reason, n in coded.dropped.items()) or "0"
    masked = ", ".join(f"{kind}: {n}" for kind, n in coded.masked.items()) or "0"
    typer.echo(f"{coded.answers} answers, {coded.statements} statements; dropped {dropped}; masked {masked}")
    typer.echo(_written(coded.out))


def rank(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", show_default=False, help="A folder that 'samorsak classify' wrote."),
    ],
    question: Annotated[str | None, typer.Option("--question", help="Only this question.")] = None,
    base: Annotated[
        Literal["causes", "answers"],
        typer.Option("--base", help="Share of the causes given, or of the answers."),
    ] = "causes",
    lines: Annotated[
        str, typer.Option("--lines", metavar="LINES", help="'scheme', or a report's lines: 2023, 2024.")
    ] = "scheme",
    by: Annotated[str | None, typer.Option("--by", metavar="COLUMN", help="A list for each value.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="COLUMN=VALUE", help="Only these answers. Repeatable."),
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="By the suffix of --out if not given, else text.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to a file.")] = None,
    minor: Annotated[
        float, typer.Option("--minor", min=0, max=1, help="Smaller shares are 'Andra förekommande svar'.")
    ] = 0.05,
    lang: options.Lang = "sv",
) -> None:
    """Show the ranked lists of causes of a coded round."""
    from samorsak.pipeline.ranking import format_of, rank_run, show_ranking, write_ranked

    chosen = where or ()
    if form == "xlsx" and out is None:
        raise typer.BadParameter("a workbook needs a file; add --out FILE.xlsx", param_hint="--format")
    if out is not None and form is None:
        form = format_of(out)
    ranking, scheme = rank_run(
        folder, question=question, base=base, lines=lines, by=by, where=chosen, lang=lang
    )
    if out is not None:
        write_ranked(out, ranking, scheme, form or "text", where=chosen, minor=minor, lang=lang)
        typer.echo(f"written: {out}")
        return
    shown = show_ranking(
        ranking,
        scheme,
        form or "text",
        where=chosen,
        minor=minor,
        lang=lang,
        ascii=not console.shows("█"),
        width=console.width(),
    )
    typer.echo(shown, nl=False)


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the coded round.")] = Path(
        "samorsak-demo"
    ),
) -> None:
    """Code the demo round, a constructed one, and show its ranked lists of causes."""
    from samorsak.pipeline.demo import run_demo
    from samorsak.pipeline.ranking import rank_run, show_ranking

    with console.progress_bar("Coding") as progress:
        folder = run_demo(out, progress)
    ranking, scheme = rank_run(folder)
    shown = show_ranking(ranking, scheme, ascii=not console.shows("█"), width=console.width())
    typer.echo(f"{_ABOUT_DEMO}\n\n{shown}\n{_written(folder)}")


def _written(folder: Path) -> str:
    """Name the files of a coded round, with what each holds."""
    there = [(name, holds) for name, holds in _HOLDS.items() if (folder / name).is_file()]
    return "\n".join([f"written to {folder}:", *(f"  {name:<16}{holds}" for name, holds in there)])
