"""`samorsak discover`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from samorsak.cli import coding, console, options
from samorsak.cli.ranking import Question

if TYPE_CHECKING:
    from samorsak.report.clusters import Discovery

_CODED = "coded"


Source: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="DIR|ROUND",
        show_default=False,
        help="A folder that 'samorsak classify' wrote, or a round file, which is coded first.",
    ),
]
Out: TypeAlias = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for tables and maps.")]
EncoderName: TypeAlias = Annotated[
    str, typer.Option("--encoder", metavar="NAME", help="sv-static, a folder or a hub id.")
]
Annotations: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--annotations", metavar="PATH", help="Annotated answers as evidence: a file or a folder. Repeatable."
    ),
]
Against: TypeAlias = Annotated[
    Path | None,
    typer.Option("--against", metavar="OLD_DIR", help="What 'discover' wrote of an earlier round."),
]
Seed: TypeAlias = Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Of the reduction.")]


def discover(
    source: Source,
    out: Out,
    question: Question = None,
    encoder: EncoderName = "sv-static",
    prefix: options.Prefix = None,
    allow_network: options.AllowNetwork = False,
    lexicon: options.Lexicon = None,
    annotations: Annotations = None,
    against: Against = None,
    seed: Seed = 0,
    lang: options.Lang = "sv",
    model: options.ModelName = None,
    text: options.Text = None,
    id_column: options.IdColumn = None,
    round_name: options.RoundName = None,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    keep_personal_data: options.KeepPersonalData = False,
) -> None:
    """Find groups of statements that say the same thing, and what the scheme makes of them."""
    how = options.reading(locals())
    from samorsak.pipeline.discovering import discover_clusters
    from samorsak.report.cluster_list import show_discovery

    if against is not None:
        _check_earlier(against, out)
    folder = _coded(source, out, model, allow_network, how)
    found = discover_clusters(
        folder,
        out,
        question=question,
        encoder=encoder,
        prefix=prefix or "",
        allow_network=allow_network,
        lexicon=lexicon,
        annotations=annotations or (),
        seed=seed,
        lang=lang,
    )
    typer.echo(show_discovery(found, lang, console.width()))
    more = [] if against is None else _show_changes(against, out, seed, lang)
    written = f"written to {out}: {', '.join([*_names(found), *more])}"
    typer.echo(written if folder == source else f"{written}; the coded round: {folder}")


def _coded(source: Path, out: Path, model: str | None, allow_network: bool, how: dict[str, Any]) -> Path:
    """Give the folder of the coded round; a round file is coded into one below `out`."""
    if source.is_dir():
        _refuse_reading(source, {"--model": model, **{options.READING[name]: how[name] for name in how}})
        return source
    coding.code(source, out / _CODED, model=model, allow_network=allow_network, **how)
    return out / _CODED


def _names(found: Sequence[Discovery]) -> list[str]:
    """Name the files that are always written."""
    from samorsak.pipeline.proposing import PROPOSALS
    from samorsak.report.clusters import CATEGORIES, CLUSTERED, CLUSTERS, EVIDENCE
    from samorsak.report.map import MAP
    from samorsak.report.map_picture import PICTURE

    pictures = [PICTURE.format(one.question) for one in found]
    return [CLUSTERS, CLUSTERED, EVIDENCE, CATEGORIES, PROPOSALS, MAP, *pictures]


def _refuse_reading(folder: Path, given: Mapping[str, object]) -> None:
    """Say which options have nothing to do, as the round is coded already."""
    for option, value in given.items():
        if value:
            raise typer.BadParameter(
                f"{folder} is a coded round; leave it out, or name the round file", param_hint=option
            )


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
