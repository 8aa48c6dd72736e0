"""The command line: parse, call one function, show.

Only typer is imported here; a command imports what it needs when it runs, so that help is quick.
"""

from __future__ import annotations

import gc
from typing import Annotated, Any

import typer
import typer.core

from samorsak.cli import (
    audit,
    cache,
    coding,
    comparing,
    discovery,
    encoders,
    models,
    ranking,
    report,
    review,
    rounds,
    schemes,
)
from samorsak.cli.annotations import app as annotations_app
from samorsak.cli.console import prepare_streams, say
from samorsak.cli.options import example
from samorsak.errors import SamorsakError

_SELDOM = 100_000  # a run makes millions of objects, and hardly any that only hold each other


class _Root(typer.core.TyperGroup):
    """The root command: the one place where an error becomes a line on stderr and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except SamorsakError as error:
            say(str(error))
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=_Root,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # its traceback shows the values of variables: the text of answers
)


def _version(asked: bool) -> None:
    if asked:
        from samorsak import __version__

        typer.echo(f"samorsak {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Code open survey answers by the causes they state, and rank the causes."""


_READ = 'samorsak read round.csv --text missed="Orsaker till uteblivna resultat" --id Löpnr --round 2024'
_TRAIN = "samorsak train --scheme af --annotations annotations/af --out models/my-model"

app.command(epilog=example("samorsak demo"))(coding.demo)
app.command(epilog=example(_READ))(rounds.read)
app.command(epilog=example(_TRAIN))(models.train)
app.command(epilog=example("samorsak evaluate --scheme af --annotations annotations/af"))(models.evaluate)
app.command(epilog=example("samorsak classify round.yaml --out coded"))(coding.classify)
app.command(epilog=example('samorsak rank coded --lines 2024 --by Region --where "Antal kommuner=1"'))(
    ranking.rank
)
app.command(epilog=example("samorsak compare coded-2023/audited coded-2024/audited"))(comparing.compare)
app.command(epilog=example("samorsak report coded-2024 --against coded-2023 --lines 2024 --out report"))(
    report.report
)
app.command(epilog=example("samorsak verify report"))(report.verify)
app.command(epilog=example("samorsak discover coded --out clusters"))(discovery.discover)
app.add_typer(audit.app, name="audit", help="Check a coded round by a random sample of its answers.")
app.add_typer(schemes.app, name="scheme", help="Begin, check, show, change or compare a category scheme.")
app.add_typer(annotations_app, name="annotations", help="Check, merge, exchange or compare decisions.")
app.add_typer(encoders.app, name="encoder", help="Make a sentence encoder.")
app.add_typer(review.app, name="review", help="Look again at what is doubtful in a coded round.")
app.add_typer(cache.app, name="cache")


def main() -> None:
    """Run the command line."""
    gc.set_threshold(_SELDOM)
    prepare_streams()
    app()
