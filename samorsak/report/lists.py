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

HIDDEN = ".."
"""Stands for a number that is not shown."""

_BAR_WIDTH = 24


@dataclass(frozen=True, slots=True)
class _Parts:
    """A list taken apart: what it leads with, what also occurs, `other`, what nobody gave, what is hidden."""

    main: list[RankedRow]
    also: list[RankedRow]
    other: list[RankedRow]
    absent: list[RankedRow]
    hidden: list[RankedRow]


def _parts(rows: Sequence[RankedRow], minor: float) -> _Parts:
    if not 0 <= minor <= 1:
        raise InputError(f"minor is {minor:g}, expected a fraction from 0 to 1 (5 % is 0.05)")
    given = [row for row in rows if row.n and row.share is not None]
    return _Parts(
        main=[row for row in given if row.rank is not None and _share(row) >= minor],
        also=[row for row in given if row.rank is not None and _share(row) < minor],
        other=[row for row in given if row.rank is None],
        absent=[row for row in rows if row.n == 0 and row.rank is not None],
        hidden=[row for row in rows if row.n is None or row.share is None],
    )


def _share(row: RankedRow) -> float:
    return row.share or 0.0


def shown_number(n: int | None, lang: Lang = "sv") -> str:
    """Write a number, or two points where it is hidden, as Swedish official statistics do.

    Examples
    --------
    >>> shown_number(7), shown_number(None)
    ('7', '..')
    """
    return HIDDEN if n is None else number(n, lang=lang)


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
    largest = max((_share(row) for row in ranking.rows), default=0.0)
    longest = max((len(row.label) for row in ranking.rows), default=0)
    labels = min(longest, max(20, width - _BAR_WIDTH - 26))
    block = "#" if ascii else "█"

    def bars(rows: Sequence[RankedRow]) -> list[str]:
        return [line for row in rows for line in _bar_row(row, labels, largest, block, lang)]

    shown: list[str] = []
    for total, rows in ranking.lists():
        parts = _parts(rows, minor)
        head = [
            line
            for text in headings(total, rows[0], scheme, words, lang)
            for line in textwrap.wrap(text, width)
        ]
        also = [words["also"].format(percent(minor, lang=lang)), *bars(parts.also)] if parts.also else []
        absent = [line for text in _unshown(parts, words) for line in textwrap.wrap(text, width)]
        told = textwrap.wrap(paragraph(rows, scheme, minor=minor, lang=lang), width)
        paragraphs = [head, bars(parts.main), also, bars(parts.other), absent, told]
        shown.append("\n\n".join("\n".join(lines) for lines in paragraphs if lines))
    text = "\n\n\n".join(shown or [words["nothing"]]) + "\n"
    return text.replace(NO_BREAK, " ").replace(THIN, " ")  # not every console has them


def _bar_row(row: RankedRow, labels: int, largest: float, block: str, lang: Lang) -> Iterator[str]:
    """Write a row as one line, or more where its label is long."""
    first, *more = textwrap.wrap(row.label, labels) or [""]
    rank = "" if row.rank is None else str(row.rank)
    length = max(1, round(_BAR_WIDTH * _share(row) / largest))
    share = percent(_share(row), 1, lang)
    yield f"{rank:>3}  {first:<{labels}}  {share:>7}  {shown_number(row.n, lang):>7}  {block * length}"
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
        title, *under = map(_escaped, headings(total, rows[0], scheme, words, lang))
        other = [
            f"{_escaped(row.label)}: {shown_number(row.n, lang)} ({percent(_share(row), 1, lang)})"
            for row in parts.other
        ]
        also = f"**{words['also'].format(percent(minor, lang=lang))}**" if parts.also else ""
        told = paragraph(rows, scheme, minor=minor, lang=lang)
        paragraphs += [f"## {title}", *under, _table(parts.main, words, lang), also]
        paragraphs += [
            _table(parts.also, words, lang),
            *other,
            *map(_escaped, (*_unshown(parts, words), told)),
        ]
    return "\n\n".join(filter(None, paragraphs or [words["nothing"]])) + "\n"


def _table(rows: Sequence[RankedRow], words: Mapping[str, str], lang: Lang) -> str:
    if not rows:
        return ""
    lines = [
        f"| {words['rank']} | {words['cause']} | {words['n']} | {words['share']} |",
        "|---:|:---|---:|---:|",
    ]
    for row in rows:
        count, share = shown_number(row.n, lang), percent(_share(row), 1, lang)
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

    Where numbers are hidden, it says that it tells of the others only.

    Raises
    ------
    InputError
        `minor` is no fraction.
    """
    parts = _parts(rows, minor)
    main, also = ([(row.label, _share(row)) for row in told] for told in (parts.main, parts.also))
    if not main and not also:
        main = [(row.label, _share(row)) for row in parts.other]
    if parts.hidden and not main and not also:
        return phrases(lang)["all_hidden"]
    asked = rows[0].question
    told = ranking_paragraph(main, scheme.question(asked).wording("", lang), rows[0].base, also, lang)
    return f"{phrases(lang)['some_hidden']} {told}" if parts.hidden else told


def headings(
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
    yield words[f"of_{first.base}"].format(**{name: shown_number(n, lang) for name, n in counts.items()})


def _unshown(parts: _Parts, words: Mapping[str, str]) -> Iterator[str]:
    """Name the categories nobody gave, nothing where no cause was given at all; and those that are hidden."""
    named = parts.absent if parts.main or parts.also or parts.other or parts.hidden else []
    for key, rows in (("absent", named), ("hidden", parts.hidden)):
        if rows:
            yield words[key].format(", ".join(row.label for row in rows))
