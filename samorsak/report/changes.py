"""Changes between two rounds for people: in the terminal, as Markdown, as csv and as a workbook."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from samorsak.compare import Change
from samorsak.ranking import SCHEME_LINES
from samorsak.report.change_phrases import change_phrases
from samorsak.report.delimited import line
from samorsak.report.lists import escaped
from samorsak.report.sheets import Cell, Column, Sheet, write_workbook
from samorsak.report.versions import UNMATCHED, Across, across_told, crossed_told
from samorsak.shares import Base
from samorsak.wording import MINUS, NO_BREAK, THIN, Lang, list_phrase, number, percent

SURE = 0.05
"""A change whose corrected p-value is below this is called certain."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two rounds of a comparison.

    Attributes
    ----------
    round : str
    answers : int
    method : str
        How its shares and intervals were made: ``"audited"``, ``"audit alone"``, ``"modelled"``,
        ``"reviewed"`` or ``"counted"``, which has no interval.
    audited : int
        Audited answers it rests on.
    """

    round: str
    answers: int
    method: str
    audited: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rounds' answers to a question, category by category.

    Attributes
    ----------
    wording : str
        The question as it was put in the later round.
    labels : mapping of str to str
    notes : tuple of str
        Keys of phrases that a reader should know.
    across : Across or None
        Where the rounds are coded by different versions of a scheme.
    """

    question: str
    wording: str
    base: Base
    lines: str
    before: Side
    after: Side
    changes: tuple[Change, ...]
    labels: Mapping[str, str]
    notes: tuple[str, ...] = ()
    across: Across | None = None

    @property
    def compared(self) -> int:
        """Give the number of changes that have an interval."""
        return sum(change.p_holm is not None for change in self.changes)


CHANGE_COLUMNS = (
    *("question", "base", "lines", "round_before", "round_after", "method_before", "method_after"),
    *("audited_before", "audited_after", "category", "label", "only", "before", "after"),
    *("change", "low", "high", "p", "p_holm", "crosswalk"),
)


def changes_text(comparisons: Sequence[Comparison], lang: Lang = "sv", width: int = 100) -> str:
    """Show changes in a terminal: a table for each question, and below it what is certain, in words."""
    words = change_phrases(lang)
    shown = []
    for comparison in comparisons:
        head = [
            part for text in about_changes(comparison, words, lang) for part in textwrap.wrap(text, width)
        ]
        told = textwrap.wrap(" ".join(told_changes(comparison, words, lang)), width)
        only = [part for text in alone_in_one(comparison, words, lang) for part in textwrap.wrap(text, width)]
        paragraphs = [head, _table(comparison, words, lang, width), only, told]
        shown.append("\n\n".join("\n".join(lines) for lines in paragraphs if lines))
    return "\n\n\n".join(shown).replace(NO_BREAK, " ").replace(THIN, " ") + "\n"


def changes_markdown(comparisons: Sequence[Comparison], lang: Lang = "sv") -> str:
    """Write changes as Markdown: a table for each question, and what is certain, in words."""
    words = change_phrases(lang)
    paragraphs: list[str] = []
    for comparison in comparisons:
        title, *about = map(escaped, about_changes(comparison, words, lang))
        cells = [_heads(comparison, words), *_cells(comparison, words, lang)]
        rows = ["| " + " | ".join(map(escaped, row)) + " |" for row in cells]
        rows.insert(1, "|:---|---:|---:|---:|---:|:---|")
        told = map(
            escaped, [*alone_in_one(comparison, words, lang), " ".join(told_changes(comparison, words, lang))]
        )
        paragraphs += [f"## {title}", *about, "\n".join(rows), *told]
    return "\n\n".join(paragraphs) + "\n"


def changes_csv(comparisons: Sequence[Comparison]) -> str:
    """Write changes as csv: shares and changes as fractions, empty where there is none."""
    rows = [[_cell(value) for value in row] for c in comparisons for row in _records(c)]
    return "".join([line(CHANGE_COLUMNS), *map(line, rows)])


def write_changes_workbook(path: Path, comparisons: Sequence[Comparison], lang: Lang = "sv") -> None:
    """Write changes as a workbook: a row for each category, and a sheet that says how they were made.

    Raises
    ------
    InputError
        The file cannot be written, for example because it is open in Excel.
    """
    words = change_phrases(lang)
    fractions = {"before", "after", "change", "low", "high"}
    columns = [
        Column(
            words.get(name, name),
            50 if name == "label" else 16,
            "share" if name in fractions else "probability" if name in ("p", "p_holm") else "text",
        )
        for name in CHANGE_COLUMNS
    ]
    about = [
        (
            words["question"],
            " ".join(
                [*about_changes(c, words, lang), *alone_in_one(c, words, lang), *told_changes(c, words, lang)]
            ),
        )
        for c in comparisons
    ]
    read_me = Sheet(
        words["read_me"], [Column(words["what"], 30), Column(words["explained"], 100)], about, filtered=False
    )
    rows = [row for c in comparisons for row in _records(c)]
    write_workbook(path, [read_me, Sheet(words["changes"], columns, rows)], words["changes"])


def _records(comparison: Comparison) -> Iterator[list[Cell]]:
    c = comparison
    where: list[Cell] = [c.question, c.base, c.lines, c.before.round, c.after.round]
    where += [c.before.method, c.after.method, c.before.audited, c.after.audited]
    crossed = {one.category: one.status for one in reversed(c.across.crossed)} if c.across else {}
    for change in c.changes:
        own: list[Cell] = [
            change.category,
            c.labels[change.category],
            change.only,
            change.before,
            change.after,
        ]
        own += [change.change, change.low, change.high, change.p, change.p_holm]
        yield [*where, *own, crossed.get(change.category)]


def _cell(value: Cell) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def about_changes(comparison: Comparison, words: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """Say what is compared, and how each round's shares and intervals were made."""
    c = comparison
    yield words["changed_from"].format(c.before.round, c.after.round, c.wording)
    yield words[f"share_{c.base}"]
    if c.lines != SCHEME_LINES:
        yield words["by_report"].format(c.lines)
    for side in (c.before, c.after):
        how = words[f"made_{side.method.replace(' ', '_')}"].format(number(side.audited, lang=lang))
        yield f"{side.round}: {how} {words['answers_in_all'].format(number(side.answers, lang=lang))}"
    if c.across:
        yield across_told(c.across, lang)
    yield from (words[note] for note in c.notes)
    if not c.compared and any(change.change is not None for change in c.changes):
        yield words["no_intervals"]


def _heads(comparison: Comparison, words: Mapping[str, str]) -> list[str]:
    rounds = [comparison.before.round, comparison.after.round]
    return [words["cause"], *rounds, words["change_points"], words["interval"], ""]


def _cells(comparison: Comparison, words: Mapping[str, str], lang: Lang) -> Iterator[list[str]]:
    for c in comparison.changes:
        shares = ["" if share is None else percent(share, 1, lang) for share in (c.before, c.after)]
        change = "" if c.change is None else points(c.change, lang)
        low_high = "" if c.low is None or c.high is None else _ends(c.low, c.high, words, lang)
        mark = "*" if c.p_holm is not None and c.p_holm < SURE else ""
        if c.change is None:
            change = words["only_here"]
        yield [comparison.labels[c.category], *shares, change, low_high, mark]


def _table(comparison: Comparison, words: Mapping[str, str], lang: Lang, width: int) -> list[str]:
    rows = [_heads(comparison, words), *_cells(comparison, words, lang)]
    widths = [max(len(row[place]) for row in rows) for place in range(1, 6)]
    labels = min(max(len(row[0]) for row in rows), max(20, width - sum(widths) - 10))
    shown = []
    for label, *cells in rows:
        first, *more = textwrap.wrap(label, labels) or [""]
        numbers = "  ".join(f"{cell:>{own}}" for cell, own in zip(cells, widths, strict=True))
        shown += [f"{first:<{labels}}  {numbers}".rstrip(), *more]
    return shown


def alone_in_one(comparison: Comparison, words: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """Name what only one of the rounds has, and what is not the same category in both."""
    across = comparison.across
    told = {c.category for c in across.crossed if c.status in UNMATCHED} if across else set()
    for side, key in ((comparison.before, "before"), (comparison.after, "after")):
        alone = [c.category for c in comparison.changes if c.only == key and c.category not in told]
        named = [comparison.labels[category] for category in alone]
        if named:
            yield words["only_in"].format(side.round, ", ".join(named))
    if across:
        yield from crossed_told(across, comparison.base, lang)


def told_changes(comparison: Comparison, words: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """Tell the changes that are certain with all comparisons in view."""
    if not comparison.compared:
        return
    sure = [c for c in comparison.changes if c.p_holm is not None and c.p_holm < SURE]
    how_many = number(comparison.compared, lang=lang)
    for key, changed in (
        ("more_common", [c for c in sure if (c.change or 0) > 0]),
        ("less_common", [c for c in sure if (c.change or 0) < 0]),
    ):
        if changed:
            named = [
                f"{words['quoted'].format(comparison.labels[c.category])} ({_by(c, words, lang)})"
                for c in changed
            ]
            yield words[key].format(comparison.after.round, comparison.before.round, list_phrase(named, lang))
    unaudited = [
        side.round
        for side in (comparison.before, comparison.after)
        if side.method in ("modelled", "reviewed")
    ]
    key = ("sure" if sure else "none_sure") + ("_if_alike" if unaudited else "")
    yield words[key].format(how_many, list_phrase(dict.fromkeys(unaudited), lang))
    yield words["each_interval"]


def _by(change: Change, words: Mapping[str, str], lang: Lang) -> str:
    low, high = change.low or 0.0, change.high or 0.0
    return f"{points(change.change or 0.0, lang)} {words['points']}, {_ends(low, high, words, lang)}"


def points(change: float, lang: Lang = "sv") -> str:
    """Write a change of a share in percentage points, always with its sign.

    Examples
    --------
    >>> points(0.0534), points(-0.012, "en").replace(MINUS, "minus "), points(0.0)
    ('+5,3', 'minus 1.2', '0,0')
    """
    written = number(change * 100, 1, lang)
    return (
        written if written.startswith(MINUS) or not any(c in "123456789" for c in written) else f"+{written}"
    )


def _ends(low: float, high: float, words: Mapping[str, str], lang: Lang) -> str:
    return words["from_to"].format(points(low, lang), points(high, lang))
