"""Ranked lists of a coded round: from the folder that `samorsak classify` wrote to what a reader is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeVar, get_args

from samorsak.errors import InputError
from samorsak.pipeline.evidence import read_evidence, read_run_scheme
from samorsak.ranking import RankedList, Ranking, rank
from samorsak.report.delimited import write_text
from samorsak.report.files import ranking_csv, read_coded
from samorsak.report.lists import MINOR, as_json, as_markdown, as_text, paragraph
from samorsak.report.workbook import write_ranking_workbook
from samorsak.scheme import Scheme
from samorsak.shares import DRAWS, Base
from samorsak.wording import Lang

Format = Literal["text", "csv", "json", "markdown", "paragraph", "xlsx", "svg", "png"]
"""The forms a ranking is written in."""

FEWER = 2_000
"""Draws for each group where a ranking is split: there may be hundreds."""

_SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".csv": "csv",
    ".json": "json",
    ".md": "markdown",
    ".xlsx": "xlsx",
    ".svg": "svg",
    ".png": "png",
}
_SELECTION = {"sv": "Urval", "en": "Selection"}


def rank_run(
    folder: str | Path,
    *,
    question: str | None = None,
    base: Base = "causes",
    lines: str = "scheme",
    by: str | None = None,
    where: Sequence[str] = (),
    weight: str | None = None,
    lang: Lang = "sv",
    suppress_below: int | None = None,
    crossings: Sequence[str] = (),
) -> tuple[Ranking, Scheme]:
    """Rank the causes of a coded round.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify` wrote it, or `samorsak audit estimate`.
    question, base, lines, by, where, weight, lang
        As for `samorsak.ranking.rank`.
    suppress_below : int, optional
        Hide smaller numbers in the lists of groups, and what would give them away; which ones is fixed in the
        run's manifest. See `samorsak.pipeline.suppressing.suppress_small`.
    crossings : sequence of str
        With it: tables by two columns, ``"column+column"``, that will be shown later.

    Returns
    -------
    ranking : Ranking
    scheme : Scheme
        The scheme the round was coded by, for the wording of questions.

    Raises
    ------
    InputError
        The folder or a file in it is missing or damaged, there is no such question, column or value, or a
        list cannot be shown without its small numbers.
    SchemeError
        The scheme is damaged, or has no such lines.
    TooFewError
        All answers of a list weigh nothing.
    """
    if suppress_below is not None and weight is not None:
        raise InputError("weight: small numbers cannot be hidden in weighted lists; leave one of both out")
    coded = read_coded(Path(folder))
    scheme = read_run_scheme(folder)
    ranking = rank(
        coded,
        scheme,
        base=base,
        lines=lines,
        by=by,
        where=where,
        question=question,
        weight=weight,
        lang=lang,
        estimate=read_evidence(Path(folder), scheme, FEWER if by else DRAWS),
    )
    if suppress_below is not None:
        from samorsak.pipeline.suppressing import suppress_small  # scipy, which lists do without

        ranking = suppress_small(
            Path(folder), ranking, coded, scheme, suppress_below, by=by, where=where, crossings=crossings
        )
    elif crossings:
        raise InputError("crossing: expected together with --suppress-below")
    return ranking, scheme


def format_of(path: Path) -> Format:
    """Tell from a file's suffix in which form a ranking is written to it.

    Raises
    ------
    InputError
        The suffix says nothing.

    Examples
    --------
    >>> format_of(Path("lista.xlsx"))
    'xlsx'
    """
    return by_suffix(path, _SUFFIXES)


_Form = TypeVar("_Form")


def by_suffix(path: Path, suffixes: Mapping[str, _Form]) -> _Form:
    """Choose a form by a file's suffix.

    Raises
    ------
    InputError
        The suffix is none of them.
    """
    try:
        return suffixes[path.suffix.lower()]
    except KeyError:
        known = ", ".join(suffixes)
        found = repr(path.suffix) if path.suffix else "missing"
        raise InputError(f"{path}: suffix is {found}, expected one of {known}; or name --format") from None


def show_ranking(
    ranking: Ranking,
    scheme: Scheme,
    form: Format = "text",
    *,
    where: Sequence[str] = (),
    minor: float = MINOR,
    lang: Lang = "sv",
    ascii: bool = False,
    width: int = 100,
) -> str:
    """Give a ranking as text in one of the forms.

    Parameters
    ----------
    ranking : Ranking
    scheme : Scheme
    form : {"text", "csv", "json", "markdown", "paragraph"}
        Workbooks and pictures are no text: see `write_ranked`.
    where : sequence of str
        The conditions the answers were chosen by, named above the lists that people read.
    minor, lang, ascii, width
        As for `samorsak.report.lists.as_text`.

    Raises
    ------
    InputError
        `minor` is no fraction, or the form is no text.
    """
    if form == "csv":
        return ranking_csv(ranking.rows)
    if form == "json":
        return as_json(ranking, scheme, lang=lang)
    chosen = f"{_SELECTION[lang]}: {'; '.join(where)}\n\n" if where else ""
    if form == "markdown":
        return chosen + as_markdown(ranking, scheme, minor=minor, lang=lang)
    if form == "paragraph":
        return chosen + "\n".join(_paragraphs(ranking, scheme, minor, lang))
    if form == "text":
        return chosen + as_text(ranking, scheme, minor=minor, lang=lang, ascii=ascii, width=width)
    raise InputError(f"format is {form!r}, expected one of: {', '.join(get_args(Format)[:-3])}")


def write_ranked(
    path: Path,
    ranking: Ranking,
    scheme: Scheme,
    form: Format,
    *,
    where: Sequence[str] = (),
    minor: float = MINOR,
    lang: Lang = "sv",
) -> None:
    """Write a ranking to a file, whole or not at all, in one of the forms.

    Raises
    ------
    InputError
        The file cannot be written, `minor` is no fraction, or matplotlib is missing for a picture.
    """
    chosen = f"{_SELECTION[lang]}: {'; '.join(where)}" if where else ""
    if form in ("svg", "png"):
        from samorsak.report.figure import write_figure

        write_figure(path, ranking, scheme, form, note=chosen, lang=lang)
    elif form == "xlsx":
        about = [(_SELECTION[lang], "; ".join(where))] if where else []
        write_ranking_workbook(path, ranking.rows, about, scheme, lang)
    else:
        write_text(path, show_ranking(ranking, scheme, form, where=where, minor=minor, lang=lang))


def _paragraphs(ranking: Ranking, scheme: Scheme, minor: float, lang: Lang) -> Iterator[str]:
    """Tell each list in a paragraph; a heading says which it is where round or group could be mistaken."""
    lists: tuple[RankedList, ...] = ranking.lists()
    rounds = {total.round for total, _ in lists}
    for total, rows in lists:
        group = [f"{total.group_by}: {total.group or '-'}"] if total.group_by else []
        heading = ", ".join([*([total.round] if len(rounds) > 1 else []), *group])
        told = paragraph(rows, total, scheme, minor=minor, lang=lang)
        yield f"{heading}\n{told}\n" if heading else f"{told}\n"
