"""Ranked lists for people: in the terminal with bars, as Markdown, as JSON, and as a paragraph."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from samorsak.ranking import COUNTED, SCHEME_LINES, RankedRow, Ranking, Total
from samorsak.report.intervals import (
    at_most,
    interval,
    list_method,
    note,
    place,
    shown_number,
    told_intervals,
    told_ties,
)
from samorsak.report.parts import Parts, parts_of, share_of
from samorsak.report.phrases import phrases
from samorsak.scheme import Scheme
from samorsak.wording import NO_BREAK, THIN, Lang, percent, ranking_paragraph

MINOR = 0.05
"""Causes with a smaller share stand under 'Andra förekommande svar'."""

_BAR_WIDTH = 24


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
    largest = max((share_of(row) for row in ranking.rows), default=0.0)
    longest = max((len(row.label) for row in ranking.rows), default=0)
    sure = any(row.method != COUNTED for row in ranking.rows)
    labels = min(longest, max(20, width - _BAR_WIDTH - (41 if sure else 26)))
    block = "#" if ascii else "█"

    def bars(rows: Sequence[RankedRow]) -> list[str]:
        return [line for row in rows for line in _bar_row(row, labels, largest, block, sure, lang)]

    shown: list[str] = []
    for total, rows in ranking.lists():
        parts = parts_of(rows, minor)
        head = [
            line
            for text in headings(total, rows[0], scheme, words, lang)
            for line in textwrap.wrap(text, width)
        ]
        also = [words["also"].format(percent(minor, lang=lang)), *bars(parts.also)] if parts.also else []
        absent = [line for text in unshown(parts, rows, words, lang) for line in textwrap.wrap(text, width)]
        told = textwrap.wrap(_told(rows, scheme, minor, lang), width)
        how = textwrap.wrap(note(rows, total, lang), width)
        table = ([_bar_head(labels, words)] if sure else []) + bars(parts.main)
        paragraphs = [head, table, also, bars(parts.other), absent, told, how]
        shown.append("\n\n".join("\n".join(lines) for lines in paragraphs if lines))
    text = "\n\n\n".join(shown or [words["nothing"]]) + "\n"
    return text.replace(NO_BREAK, " ").replace(THIN, " ")  # not every console has them


def _bar_head(labels: int, words: Mapping[str, str]) -> str:
    heads = f"{words['share']:>7}  {words['interval']:>14}  {words['n']:>7}"
    return f"{words['rank']:>5}  {words['cause']:<{labels}}  {heads}"


def _bar_row(
    row: RankedRow, labels: int, largest: float, block: str, sure: bool, lang: Lang
) -> Iterator[str]:
    """Write a row as one line, or more where its label is long."""
    first, *more = textwrap.wrap(row.label, labels) or [""]
    wide = 5 if sure else 3
    between = f"{interval(row, lang):>14}  " if sure else ""
    length = max(1, round(_BAR_WIDTH * share_of(row) / largest))
    share = percent(share_of(row), 1, lang)
    remark = f"  {phrases(lang)['few_positives']}" if row.few_positives else ""
    counts = f"{share:>7}  {between}{shown_number(row.n, lang):>7}"
    yield f"{place(row):>{wide}}  {first:<{labels}}  {counts}  {block * length}{remark}"
    for line in more:
        yield f"{'':>{wide}}  {line}"


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
        parts = parts_of(rows, minor)
        title, *under = map(escaped, headings(total, rows[0], scheme, words, lang))
        sure = any(row.method != COUNTED for row in rows)
        also = f"**{words['also'].format(percent(minor, lang=lang))}**" if parts.also else ""
        told = [
            *unshown(parts, rows, words, lang),
            _told(rows, scheme, minor, lang),
            note(rows, total, lang),
        ]
        paragraphs += [f"## {title}", *under, _table(parts.main, sure, words, lang), also]
        paragraphs.append(_table(parts.also, sure, words, lang))
        paragraphs += [*(_other(row, sure, lang) for row in parts.other), *map(escaped, told)]
    return "\n\n".join(filter(None, paragraphs or [words["nothing"]])) + "\n"


def _other(row: RankedRow, sure: bool, lang: Lang) -> str:
    between = f", {interval(row, lang)}" if sure else ""
    return f"{escaped(row.label)}: {shown_number(row.n, lang)} ({percent(share_of(row), 1, lang)}{between})"


def _table(rows: Sequence[RankedRow], sure: bool, words: Mapping[str, str], lang: Lang) -> str:
    if not rows:
        return ""
    heads = [words["rank"], words["cause"], words["n"], words["share"]]
    lines = [
        f"| {' | '.join([*heads, words['interval']] if sure else heads)} |",
        "|---:|:---|---:|---:|" + ("---:|" if sure else ""),
    ]
    for row in rows:
        count, share = shown_number(row.n, lang), percent(share_of(row), 1, lang)
        remark = f" {words['few_positives']}" if row.few_positives else ""
        between = f" {interval(row, lang)}{remark} |" if sure else ""
        lines.append(f"| {place(row)} | {escaped(row.label)} | {count} | {share} |{between}")
    return "\n".join(lines)


def escaped(text: str) -> str:
    """Write a text so that Markdown shows it as it stands, on one line."""
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
            "weight": rows[0].weight,
            "method": list_method(rows),
            "audited": rows[0].audited,
            "intervals": note(rows, total, lang),
            "rows": [
                {
                    "rank": row.rank,
                    "category": row.category,
                    "label": row.label,
                    "n": row.n,
                    "share": row.share,
                    "low": row.low,
                    "high": row.high,
                    "rank_low": row.rank_low,
                    "rank_high": row.rank_high,
                    "place_low": row.place_low,
                    "place_high": row.place_high,
                    "top_three": row.top_three,
                    "method": row.method,
                    "few_positives": row.few_positives,
                }
                for row in rows
            ],
        }
        for total, rows in ranking.lists()
    ]
    return json.dumps({"lists": lists}, ensure_ascii=False, indent=2) + "\n"


def paragraph(
    rows: Sequence[RankedRow], total: Total, scheme: Scheme, *, minor: float = MINOR, lang: Lang = "sv"
) -> str:
    """Tell one list in the wording of the published reports; `other` only where there is nothing else.

    What is not settled follows: which causes cannot be told apart, and the intervals with how they were made.
    Where numbers are hidden, it says that it tells of the others only.

    Raises
    ------
    InputError
        `minor` is no fraction.
    """
    parts = parts_of(rows, minor)
    intervals = told_intervals(parts.main or parts.also or parts.other, lang)
    return " ".join(filter(None, [_told(rows, scheme, minor, lang), intervals, note(rows, total, lang)]))


def _told(rows: Sequence[RankedRow], scheme: Scheme, minor: float, lang: Lang) -> str:
    parts = parts_of(rows, minor)
    main, also = ([(row.label, share_of(row)) for row in told] for told in (parts.main, parts.also))
    if not main and not also:
        main = [(row.label, share_of(row)) for row in parts.other]
    if parts.hidden and not main and not also:
        return phrases(lang)["all_hidden"]
    asked = rows[0].question
    told = ranking_paragraph(main, scheme.question(asked).wording("", lang), rows[0].base, also, lang)
    told = " ".join(filter(None, [told, told_ties(parts.main or parts.also, lang)]))
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
    if first.weight:
        yield words["weighted"].format(first.weight)
    corrected = "_audited" if first.method.startswith("audit") else ""
    counts = {"of": first.of, "answers": total.answers, "without": total.without_cause}
    said = {name: shown_number(n, lang) for name, n in counts.items()}
    yield words[f"of_{first.base}{corrected}"].format(**said)


def unshown(parts: Parts, rows: Sequence[RankedRow], words: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """Name the categories nobody gave, nothing where no cause was given at all; and those that are hidden."""
    named = parts.absent if parts.main or parts.also or parts.other or parts.hidden else []
    if named:
        said = "absent_audited" if list_method(rows).startswith("audit") else "absent"
        yield words[said].format(", ".join(at_most(row, lang) for row in named))
    if parts.hidden:
        yield words["hidden"].format(", ".join(row.label for row in parts.hidden))
