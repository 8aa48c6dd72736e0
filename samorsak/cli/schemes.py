"""`samorsak scheme new`, `check`, `show`, `apply`, `diff`, `export` and `import`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from samorsak.cli import console, options

if TYPE_CHECKING:
    from samorsak.pipeline.schemes import SchemeCheck
    from samorsak.scheme import Difference, Scheme

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

SchemeArgument = Annotated[
    str,
    typer.Argument(metavar="SCHEME", help="A folder, a YAML file, or the name of a scheme in the package."),
]


@app.command(
    epilog=options.example('samorsak scheme new my-survey --question why="Why did you leave?" --lang en')
)
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", show_default=False, help="Made if need be.")],
    question: Annotated[
        list[str] | None,
        typer.Option("--question", metavar="ID=WORDING", help="A question of the survey. Repeatable."),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of the answers, an ISO code.")] = "sv",
) -> None:
    """Write a commented scheme with an empty lexicon, for another survey."""
    from samorsak.pipeline.schemes import new_scheme

    asked = options.pairs(question or [], "--question", "WORDING")
    for path in new_scheme(folder, asked, lang):
        typer.echo(f"written: {path}")


@app.command(epilog=options.example("samorsak scheme check af"))
def check(scheme: SchemeArgument = "af", lexicon: options.Lexicon = None) -> None:
    """Check a scheme and its lexicon: counts, and what a coder or a model would miss."""
    from samorsak.pipeline.schemes import check_scheme

    for line in _checked(check_scheme(scheme, lexicon or ())):
        typer.echo(line)


@app.command(epilog=options.example("samorsak scheme show af --lines 2024"))
def show(
    scheme: SchemeArgument = "af",
    lines: Annotated[
        str | None,
        typer.Option("--lines", metavar="REPORT", help="Show this report's line for each category."),
    ] = None,
    lang: options.Lang = "sv",
) -> None:
    """Show the questions and categories of a scheme, and the reports' lines they are counted under."""
    from samorsak.scheme import read_scheme

    for line in _shown(read_scheme(scheme), lines, lang):
        typer.echo(line)


@app.command(epilog=options.example("samorsak scheme apply proposals.yaml --scheme af --out af-2"))
def apply(
    proposals: Annotated[
        Path, typer.Argument(metavar="PROPOSALS", show_default=False, help="YAML: a list of proposals.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", show_default=False, help="Made if need be.")
    ],
    scheme: options.SchemeName = "af",
) -> None:
    """Make the next version of a scheme from accepted proposals; record the steps in its crosswalk."""
    from samorsak.pipeline.versions import apply_proposals

    done = apply_proposals(proposals, scheme, out)
    for line in _compared(done.old, done.new):
        typer.echo(line)
    for note in done.notes:
        typer.echo(f"note:         {note}")
    for path in done.paths:
        typer.echo(f"written:      {path}")


@app.command(epilog=options.example("samorsak scheme diff af af-2"))
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", show_default=False, help="The earlier version.")],
    new: Annotated[str, typer.Argument(metavar="NEW", show_default=False, help="The later version.")],
) -> None:
    """Show what differs between two versions of a scheme, and where rounds are counted across them."""
    from samorsak.scheme import read_scheme

    for line in _compared(read_scheme(old), read_scheme(new)):
        typer.echo(line)


@app.command("export", epilog=options.example("samorsak scheme export af -o af.qdc"))
def export_(
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", show_default=False, help="The .qdc file.")
    ],
    scheme: SchemeArgument = "af",
    lang: options.Lang = "sv",
) -> None:
    """Write a scheme as a REFI-QDA codebook (.qdc), for NVivo, MAXQDA, ATLAS.ti and others."""
    from samorsak.pipeline.codebooks import export_scheme

    for note in export_scheme(scheme, out, lang=lang):
        console.say(f"note: {note}")
    typer.echo(f"written: {out}")


@app.command("import", epilog=options.example("samorsak scheme import codes.qdc -o my-scheme"))
def import_(
    codebook: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="A REFI-QDA codebook (.qdc).")
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FOLDER", show_default=False, help="Made if need be.")
    ],
    question: Annotated[
        str | None,
        typer.Option("--question", metavar="ID=WORDING", help="The one question that all codes answer."),
    ] = None,
) -> None:
    """Make a scheme of a REFI-QDA codebook (.qdc)."""
    from samorsak.pipeline.codebooks import import_scheme

    asked = options.pairs([question], "--question", "WORDING") if question else {}
    done = import_scheme(codebook, out, question=next(iter(asked.items()), None))
    for note in done.notes:
        console.say(f"note: {note}")
    for path in done.paths:
        typer.echo(f"written: {path}")


def _compared(old: Scheme, new: Scheme) -> Iterator[str]:
    from samorsak.scheme import differences

    yield f"version:      {old.version} -> {new.version}"
    yield f"fingerprint:  {old.fingerprint()} -> {new.fingerprint()}"
    found = differences(old, new)
    for difference in found:
        yield f"{difference.what + ':':<13} {_difference(difference)}"
    yield f"differences:  {len(found)}"


_COUNTED = {
    "new": "no earlier figure",
    "gone": "no later figure",
    "widened": "earlier figures lack what is new",
    "moved": "in answers to another question, not compared",
}


def _difference(found: Difference) -> str:
    if found.what == "border":
        return f"- {found.old}" if found.new is None else f"+ {found.new}"
    if isinstance(found.old, tuple) and isinstance(found.new, tuple):
        ends = [", ".join(f"{q}.{c}" for q, c in places) for places in (found.old, found.new)]
        said = _COUNTED.get(found.what, f"both counted as {found.category}")
        return f"{' -> '.join(end for end in ends if end)} ({said})"
    place = f"{found.question}.{found.category}"
    return f"{place} {found.old!r} -> {found.new!r}" if found.what == "label" else place


def _checked(found: SchemeCheck) -> Iterator[str]:
    scheme = found.scheme
    yield f"scheme:      {found.path}"
    yield f"fingerprint: {scheme.fingerprint()}"
    yield f"reports:     {', '.join(scheme.reports()) or 'none'}"
    for question, entries in found.entries.items():
        categories = len(scheme.question(question).categories)
        yield f"question:    {question}, {categories} categories, {sum(entries.values())} lexicon entries"
    for warning in found.warnings:
        yield f"warning:     {warning}"
    yield f"warnings:    {len(found.warnings)}"


def _shown(scheme: Scheme, report: str | None, lang: Literal["sv", "en"]) -> Iterator[str]:
    for question, asked in scheme.questions.items():
        if report is not None:
            scheme.report_lines(question, report)  # says so where there is no such report
        outcomes = scheme.outcomes(question)
        room = max(map(len, outcomes))
        yield f"{question}: {asked.wording(question, lang)}"
        for category in outcomes:
            counted = ""
            if report is not None:
                line = scheme.line_of(question, category, report)
                counted = f"  [{scheme.line_label(question, line, report, lang)}]"
            yield f"  {category:<{room}}  {scheme.label(question, category, lang)}{counted}"
        yield ""
