"""`samorsak discover`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from samorsak.cli import console, options
from samorsak.cli.ranking import Question


def discover(
    folder: options.RunFolder,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for tables and maps.")],
    question: Question = None,
    encoder: Annotated[
        str, typer.Option("--encoder", metavar="NAME", help="sv-static, a folder or a hub id.")
    ] = "sv-static",
    prefix: options.Prefix = None,
    allow_network: options.AllowNetwork = False,
    lexicon: options.Lexicon = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="OLD_DIR", help="What 'discover' wrote of an earlier round."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Of the reduction.")] = 0,
    lang: options.Lang = "sv",
) -> None:
    """Find groups of statements that say the same thing, and what the scheme makes of them."""
    from samorsak.pipeline.discovering import discover_clusters
    from samorsak.report.clusters import CLUSTERED, CLUSTERS, EVIDENCE, show_discovery
    from samorsak.report.map import MAP
    from samorsak.report.map_picture import PICTURE

    if against is not None:
        _check_earlier(against, out)
    found = discover_clusters(
        folder,
        out,
        question=question,
        encoder=encoder,
        prefix=prefix or "",
        allow_network=allow_network,
        lexicon=lexicon,
        seed=seed,
        lang=lang,
    )
    typer.echo(show_discovery(found, lang, console.width()))
    more = [] if against is None else _show_changes(against, out, seed, lang)
    pictures = [PICTURE.format(one.question) for one in found]
    typer.echo(f"written to {out}: {', '.join([CLUSTERS, CLUSTERED, EVIDENCE, MAP, *pictures, *more])}")


def _check_earlier(against: Path, out: Path) -> None:
    """Say what is wrong with the earlier round's folder before the work is done."""
    from samorsak.pipeline.kept import read_kept

    if against.resolve() == out.resolve():
        raise typer.BadParameter("is the folder of --out; name another", param_hint="--against")
    read_kept(against)


def _show_changes(against: Path, out: Path, seed: int, lang: options.Lang) -> list[str]:
    """Set the round in one folder against that in the other; names the files that were written."""
    from samorsak.pipeline.against import discover_changes
    from samorsak.report.turnover import AGAINST, ASSIGNED, show_changes_of_clusters

    changes = discover_changes(against, out, seed=seed, lang=lang)
    typer.echo(show_changes_of_clusters(changes, lang, console.width()))
    return [AGAINST, ASSIGNED]
