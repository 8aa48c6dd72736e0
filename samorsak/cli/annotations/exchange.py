"""`samorsak annotations export` and `import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from samorsak.cli import console, options

Format: TypeAlias = Annotated[
    Literal["label-studio", "doccano", "docbin", "wide", "wide-codes", "spss"],
    typer.Option("--format", show_default=False, help="Whose form the file has."),
]
Offsets: TypeAlias = Annotated[
    Literal["utf-16", "code-points"],
    typer.Option("--offsets", help="doccano: what offsets count; doccano itself counts utf-16."),
]


def export_(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", show_default=False, help="Annotations: files or folders."),
    ],
    format: Format,
    out: Annotated[
        Path,
        typer.Option(
            "-o", "--out", metavar="FILE", show_default=False, help=".json, .jsonl, .spacy, .xlsx, .csv, .sav"
        ),
    ],
    scheme: options.SchemeName = "af",
    offsets: Offsets = "utf-16",
    lang: options.Lang = "sv",
) -> None:
    """Write annotations for Label Studio, doccano, spaCy, Excel or SPSS."""
    from samorsak.pipeline.exchanging import export_annotations

    done = export_annotations(paths, out, format, scheme=scheme, unit=offsets, lang=lang)
    for note in done.notes:
        console.say(f"note: {note}")
    typer.echo(f"annotations: {done.annotations}")
    for path in done.paths:
        typer.echo(f"written:     {path}")


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="What to read.")],
    format: Format,
    out: Annotated[
        Path,
        typer.Option(
            "-o", "--out", metavar="PATH", show_default=False, help="A new .jsonl file, or a store's folder."
        ),
    ],
    scheme: options.SchemeName = "af",
    annotator: Annotated[
        str | None, typer.Option("--annotator", metavar="NAME", help="Who decided; letters and digits.")
    ] = None,
    text: Annotated[
        str, typer.Option("--text", metavar="COLUMN", help="The field or column of texts.")
    ] = "text",
    id_column: Annotated[
        str, typer.Option("--id", metavar="COLUMN", help="The field or column of ids.")
    ] = "answer_id",
    question: Annotated[
        str | None,
        typer.Option("--question", metavar="QUESTION", help="The question, or the column that holds it."),
    ] = None,
    round_name: options.RoundName = None,
    codes: Annotated[
        str | None, typer.Option("--codes", metavar="COLUMN", help="wide: the column of joined codes.")
    ] = None,
    unmarked: Annotated[
        Literal["refuse", "no_cause", "undecided"],
        typer.Option("--unmarked", help="What a row without a cause says, where the file leaves it open."),
    ] = "refuse",
    offsets: Offsets = "utf-16",
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
) -> None:
    """Read annotations of Label Studio, doccano, spaCy or SPSS, or hand-coded material in Excel or CSV."""
    from samorsak.annotations.exchange import Fields
    from samorsak.pipeline.exchanging import import_annotations

    done = import_annotations(
        file,
        out,
        format,
        scheme=scheme,
        annotator=annotator,
        fields=Fields(text, id_column, question, round_name),
        codes=codes,
        unmarked=unmarked,
        unit=offsets,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
    )
    for note in done.notes:
        console.say(f"note: {note}")
    typer.echo(f"annotations: {done.annotations}")
    for path in done.paths:
        typer.echo(f"written:     {path}")
