"""Ranked lists for people: in the terminal with bars, as Markdown, as JSON, and as a paragraph."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from samorsak.errors import InputError
from samorsak.ranking import SCHEME_LINES, RankedRow, Ranking, Total
from samorsak.report.phrases import phrases
from samorsak.scheme import Scheme
from samorsak.wording import NO_BREAK, THIN, Lang, number, percent, ranking_paragraph

MINOR = 0.05
"""Causes with a smaller share stand under 'Andra förekommande svar'."""

_BAR_WIDTH = 24


@dataclass(frozen=True, slots=True)
class _Parts:
    """A list taken apart: what it leads with, what also occurs, `other`, and what nobody gave."""

    main: list[RankedRow]
    also: list[RankedRow]
    other: list[RankedRow]
    absent: list[RankedRow]


def _parts(rows: Sequence[RankedRow], minor: float) -> _Parts:
    if not 0 <= minor <= 1:
        raise InputError(f"minor is {minor:g}, expected a fraction from 0 to 1 (5 % is 0.05)")
    given = [row for row in rows if row.n]
    return _Parts(
        main=[row for row in given if row.rank is not None and row.share >= minor],
        also=[row for row in given if row.rank is not None and row.share < minor],
        other=[row for row in given if row.rank is None],
        absent=[row for row in rows if not row.n and row.rank is not None],
    )


def as_text(
    ranking: Ranking,
    scheme: Scheme,
    *,
    minor: float = MINOR,
    lang: Lang = "sv",
    ascii: bool = False,
    width: int = 100,
) -> str:
    """Show ranked lists in a terminal: a table with bars, and below it the list in words.

    Parameters
    ----------
    ranking : Ranking
    scheme : Scheme
        For the wording of the questions.
    minor : float
        Shares below it stand under 'Andra förekommande svar'.
    lang : {"sv", "en"}
    ascii : bool
        Draw bars as ``#``, for a console that cannot show ``█``.
    width : int
        Of the terminal, in characters.

    Returns
    -------
    str
        Lines ended by a line break. Bars are drawn to the largest share of the whole ranking.

    Raises
    ------
    InputError
        `minor` is no fraction.
    """
    words = phrases(lang)
    largest = max((row.share for row in ranking.rows), default=0.0)
    longest = max((len(row.label) for row in ranking.rows), default=0)
    labels = min(longest, max(20, width - _BAR_WIDTH - 26))
    block = "#" if ascii else "█"

    def bars(rows: Sequence[RankedRow]) -> list[str]:
        return [line for row in rows for line in _bar_row(row, labels, largest, block, lang)]

    shown: list[str] = []
    for total, rows in ranking.lists():
        parts = _parts(rows, minor)
        headings = [
            line
            for text in _headings(total, rows[0], scheme, words, lang)
            for line in textwrap.wrap(text, width)
        ]
        also = [words["also"].format(percent(minor, lang=lang)), *bars(parts.also)] if parts.also else []
        absent = textwrap.wrap(_absent(parts, words), width)
        told = textwrap.wrap(paragraph(rows, scheme, minor=minor, lang=lang), width)
        paragraphs = [headings, bars(parts.main), also, bars(parts.other), absent, told]
        shown.append("\n\n".join("\n".join(lines) for lines in paragraphs if lines))
    text = "\n\n\n".join(shown or [words["nothing"]]) + "\n"
    return text.replace(NO_BREAK, " ").replace(THIN, " ")  # not every console has them


def _bar_row(row: RankedRow, labels: int, largest: float, block: str, lang: Lang) -> Iterator[str]:
    """Write a row as one line, or more where its label is long."""
    first, *more = textwrap.wrap(row.label, labels) or [""]
    rank = "" if row.rank is None else str(row.rank)
    length = max(1, round(_BAR_WIDTH * row.share / largest))
    share = percent(row.share, 1, lang)
    yield f"{rank:>3}  {first:<{labels}}  {share:>7}  {number(row.n, lang=lang):>7}  {block * length}"
    for line in more:
        yield f"{'':>3}  {line}"


def as_markdown(ranking: Ranking, scheme: Scheme, *, minor: float = MINOR, lang: Lang = "sv") -> str:
    """Write ranked lists as Markdown: tables, and each list in words.

    Raises
    ------
    InputError
        `minor` is no fraction.
    """
    words = phrases(lang)
    paragraphs: list[str] = []
    for total, rows in ranking.lists():
        parts = _parts(rows, minor)
        title, *under = map(_escaped, _headings(total, rows[0], scheme, words, lang))
        other = [
            f"{_escaped(row.label)}: {number(row.n, lang=lang)} ({percent(row.share, 1, lang)})"
            for row in parts.other
        ]
        also = f"**{words['also'].format(percent(minor, lang=lang))}**" if parts.also else ""
        told = paragraph(rows, scheme, minor=minor, lang=lang)
        paragraphs += [f"## {title}", *under, _table(parts.main, words, lang), also]
        paragraphs += [_table(parts.also, words, lang), *other, *map(_escaped, (_absent(parts, words), told))]
    return "\n\n".join(filter(None, paragraphs or [words["nothing"]])) + "\n"


def _table(rows: Sequence[RankedRow], words: Mapping[str, str], lang: Lang) -> str:
    if not rows:
        return ""
    lines = [
        f"| {words['rank']} | {words['cause']} | {words['n']} | {words['share']} |",
        "|---:|:---|---:|---:|",
    ]
    for row in rows:
        count, share = number(row.n, lang=lang), percent(row.share, 1, lang)
        lines.append(f"| {row.rank} | {_escaped(row.label)} | {count} | {share} |")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\|*_`<[" else char for char in " ".join(text.split()))


def as_json(ranking: Ranking, scheme: Scheme, *, lang: Lang = "sv") -> str:
    """Write ranked lists as JSON: one object for each list, with its rows and what it rests on."""
    lists = [
        {
            "round": total.round,
            "question": total.question,
            "wording": scheme.question(total.question).wording(total.question, lang),
            "base": rows[0].base,
            "lines": rows[0].lines,
            "group_by": total.group_by,
            "group": total.group,
            "of": rows[0].of,
            "answers": total.answers,
            "without_cause": total.without_cause,
            "rows": [
                {
                    "rank": row.rank,
                    "category": row.category,
                    "label": row.label,
                    "n": row.n,
                    "share": row.share,
                }
                for row in rows
            ],
        }
        for total, rows in ranking.lists()
    ]
    return json.dumps({"lists": lists}, ensure_ascii=False, indent=2) + "\n"


def paragraph(rows: Sequence[RankedRow], scheme: Scheme, *, minor: float = MINOR, lang: Lang = "sv") -> str:
    """Tell one list in the wording of the published reports; `other` only where there is nothing else.

    Raises
    ------
    InputError
        `minor` is no fraction.
    """
    parts = _parts(rows, minor)
    main, also = ([(row.label, row.share) for row in told] for told in (parts.main, parts.also))
    if not main and not also:
        main = [(row.label, row.share) for row in parts.other]
    asked = rows[0].question
    return ranking_paragraph(main, scheme.question(asked).wording("", lang), rows[0].base, also, lang)


def _headings(
    total: Total, first: RankedRow, scheme: Scheme, words: Mapping[str, str], lang: Lang
) -> Iterator[str]:
    """Say which list this is, line by line, and what its shares are a share of."""
    asked = scheme.question(total.question).wording(total.question, lang)
    yield f"{total.round}: {asked}" if total.round else asked
    if total.group_by:
        yield f"{total.group_by}: {total.group or words['no_group']}"
    if first.lines != SCHEME_LINES:
        yield words["by_report"].format(first.lines)
    counts = {"of": first.of, "answers": total.answers, "without": total.without_cause}
    yield words[f"of_{first.base}"].format(**{name: number(n, lang=lang) for name, n in counts.items()})


def _absent(parts: _Parts, words: Mapping[str, str]) -> str:
    """Name the categories nobody gave; nothing where no cause was given at all."""
    named = parts.absent if parts.main or parts.also or parts.other else []
    return words["absent"].format(", ".join(row.label for row in named)) if named else ""
