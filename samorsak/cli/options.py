"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import typer

RoundFile: TypeAlias = Annotated[
    Path,
    typer.Argument(metavar="ROUND", help="The round file, or a YAML that describes it.", show_default=False),
]
Text: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--text",
        metavar="QUESTION=COLUMN",
        help="Wide file: the column with the answers to a question. Repeatable.",
    ),
]
IdColumn: TypeAlias = Annotated[str | None, typer.Option("--id", metavar="COLUMN", help="The column of ids.")]
RoundName: TypeAlias = Annotated[
    str | None, typer.Option("--round", metavar="ROUND", help="The round, or the column that holds it.")
]
Sheet: TypeAlias = Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook.")]
Encoding: TypeAlias = Annotated[
    str | None, typer.Option("--encoding", help="utf-8, utf-16, cp1252 or another.")
]
Delimiter: TypeAlias = Annotated[
    str | None, typer.Option("--delimiter", help="Between the cells of a text file.")
]
KeepPersonalData: TypeAlias = Annotated[
    bool,
    typer.Option("--keep-personal-data", help="Do not mask identity numbers, telephone numbers and e-mail."),
]
Lexicon: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--lexicon", metavar="PATH", help="Lexicon: a file or a folder. Repeatable."),
]
SchemeName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--scheme", metavar="SCHEME", help="A folder, a YAML file, or the name of a scheme in the package."
    ),
]
Prefix: TypeAlias = Annotated[
    str | None,
    typer.Option("--prefix", metavar="TEXT", help="Put before every text for the encoder: 'query: ' for E5."),
]
AllowNetwork: TypeAlias = Annotated[
    bool, typer.Option("--allow-network", help="The encoder may be fetched from its hub.")
]
Seed: TypeAlias = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")]
EncoderName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        metavar="NAME",
        help="Learn from an encoder's vectors, too: sv-static, a folder or a hub id.",
    ),
]
ModelName: TypeAlias = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="A model's folder or name; af-causes if not given."),
]
RunFolder: TypeAlias = Annotated[
    Path,
    typer.Argument(metavar="DIR", show_default=False, help="A folder that 'samorsak classify' wrote."),
]
Base: TypeAlias = Annotated[
    Literal["causes", "answers"],
    typer.Option("--base", help="Share of the causes given, or of the answers."),
]
Lines: TypeAlias = Annotated[
    str, typer.Option("--lines", metavar="LINES", help="'scheme', or a report's lines: 2023, 2024.")
]
Lang: TypeAlias = Annotated[
    Literal["sv", "en"], typer.Option("--lang", help="Language of labels and sentences.")
]


def prefix_for(encoder: str | None, prefix: str | None) -> str:
    """Give the text to put before every text.

    Raises
    ------
    typer.BadParameter
        There is no encoder to see it.
    """
    if prefix is not None and encoder is None:
        raise typer.BadParameter("needs an --encoder that sees it", param_hint="--prefix")
    return prefix or ""


def text_columns(given: Sequence[str] | None) -> dict[str, str] | None:
    """Take ``QUESTION=COLUMN`` apart; None where nothing was given.

    Raises
    ------
    typer.BadParameter
        There is no ``=``, or a question stands twice.

    Examples
    --------
    >>> text_columns(["missed=Orsaker till uteblivna resultat"])
    {'missed': 'Orsaker till uteblivna resultat'}
    """
    return pairs(given, "--text", "COLUMN") if given else None


READING = {
    "text": "--text",
    "id_column": "--id",
    "round_name": "--round",
    "sheet": "--sheet",
    "encoding": "--encoding",
    "delimiter": "--delimiter",
    "keep_personal_data": "--keep-personal-data",
}
"""How a round file is read: what `open_round` calls it, and the option."""


def reading(given: Mapping[str, Any]) -> dict[str, Any]:
    """Pick how a round file is read from all arguments of a command, by what `open_round` calls them."""
    found = {name: given[name] for name in READING}
    return {**found, "text": text_columns(found["text"])}


def pairs(given: Sequence[str], option: str, value: str) -> dict[str, str]:
    """Take ``QUESTION=...`` apart at the first ``=``; see `text_columns`."""
    found: dict[str, str] = {}
    for item in given:
        question, mark, rest = (part.strip() for part in item.partition("="))
        if not (question and mark and rest):
            raise typer.BadParameter(f"{item!r}, expected QUESTION={value}", param_hint=option)
        if question in found:
            raise typer.BadParameter(f"question {question!r} is given twice", param_hint=option)
        found[question] = rest
    return found


def example(line: str) -> str:
    r"""Give the line to copy that ends a command's help; ``\b`` keeps it on a line of its own."""
    return f"\b\nExample:\n  {line}"
