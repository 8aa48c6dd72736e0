"""`samorsak classify` and `samorsak demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from samorsak.cli import console, options

_ABOUT_DEMO = "The demo round: constructed answers, laid out as such rounds come."

_HOLDS = {
    "answers.csv": "each answer with its categories",
    "statements.csv": "each stretch that states a cause, with its probability",
    "ranking.csv": "every ranked list, by both bases and all lines",
    "coded.xlsx": "the same for people",
    "closed.csv": "each respondent with the closed questions",
    "closed.json": "the closed questions",
    "run.json": "versions, check sums and counts",
    "scheme.json": "the scheme the answers were coded by",
    "probabilities.safetensors": "of every category, for audits",
    "trial.csv": "how the model did on answers it had not learned from",
}


def classify(
    round_file: options.RoundFile,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the coded round.")],
    model: options.ModelName = None,
    encoder: Annotated[
        str | None,
        typer.Option("--encoder", metavar="PATH", help="Where the encoder that the model learned with lies."),
    ] = None,
    allow_network: options.AllowNetwork = False,
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
    how = options.reading(locals())
    code(round_file, out, model=model, encoder=encoder, allow_network=allow_network, resume=resume, **how)
    typer.echo(_written(out))


def code(round_file: Path, out: Path, **how: Any) -> None:
    """Code a round, see `samorsak.pipeline.coding.classify_round`, and say what went in and what came out."""
    from samorsak.pipeline.coding import classify_round

    with console.progress_bar("Coding") as progress:
        coded = classify_round(round_file, out, progress=progress, **how)
    dropped = ", ".join(f"{reason}: {n}" for reason, n in coded.dropped.items()) or "0"
    masked = ", ".join(f"{kind}: {n}" for kind, n in coded.masked.items()) or "0"
    typer.echo(f"{coded.answers} answers, {coded.statements} statements; dropped {dropped}; masked {masked}")


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the coded round.")] = Path(
        "samorsak-demo"
    ),
) -> None:
    """Code the demo round, a constructed one, show its ranked lists of causes, and write a report."""
    from samorsak.pipeline.demo import REPORT_FOLDER, run_demo
    from samorsak.pipeline.ranking import rank_run, show_ranking
    from samorsak.pipeline.reporting import PAGE

    with console.progress_bar("Coding") as progress:
        folder = run_demo(out, progress)
    ranking, scheme = rank_run(folder)
    shown = show_ranking(ranking, scheme, ascii=not console.shows("█"), width=console.width())
    page = folder / REPORT_FOLDER / PAGE
    typer.echo(
        f"{_ABOUT_DEMO}\n\n{shown}\n{_written(folder)}\n\nthe report, to be opened in a browser: {page}"
    )


def _written(folder: Path) -> str:
    """Name the files of a coded round, with what each holds."""
    there = [(name, holds) for name, holds in _HOLDS.items() if (folder / name).is_file()]
    return "\n".join([f"written to {folder}:", *(f"  {name:<27}{holds}" for name, holds in there)])
