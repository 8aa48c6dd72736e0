"""Rounds over the years: shares of causes through the crosswalk, and what can be compared of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from samorsak.errors import SchemeError
from samorsak.pipeline.comparing import Paired, compare_pair, pair_runs
from samorsak.pipeline.evidence import Estimated
from samorsak.pipeline.report_sections.cells import NOTHING, change, count, part_name, share
from samorsak.pipeline.report_sections.compared_closed import closed_changes
from samorsak.pipeline.report_sections.compared_words import compared_words
from samorsak.pipeline.report_sections.material import Material, Settings
from samorsak.report.changes import SURE, Comparison, about_changes, alone_in_one, told_changes
from samorsak.report.document import Block, Bullets, Cell, Note, Paragraph, Picture, Section, Slope, Table
from samorsak.report.lists import MINOR
from samorsak.scheme import OTHER
from samorsak.shares import count_shares
from samorsak.wording import Lang, list_phrase, percent

Words = Mapping[str, str]
Point = tuple[float, float | None, float | None]


@dataclass(frozen=True, slots=True)
class _Pair:
    """An earlier round beside the one that is reported."""

    earlier: Material
    paired: Paired
    comparison: Comparison


def compared_sections(materials: Sequence[Material], settings: Settings) -> Iterator[Section]:
    """Make a section of the comparison with earlier rounds, one below it for each question."""
    first, *earlier = materials
    if not earlier:
        return
    words, lang = compared_words(settings.lang), settings.lang
    pairs = {one.round: _paired(first, one, settings) for one in earlier}
    rounds = list_phrase((one.round for one in reversed(materials)), lang)
    blocks: list[Block] = [Paragraph(words["compared_about"].format(rounds))]
    blocks += [
        Note(words["unaudited_compared"].format(list_phrase((one.round for one in unaudited), lang)))
        for unaudited in [[one for one in materials if not one.audited]]
        if unaudited
    ]
    blocks += [
        Note(words["no_such_lines"].format(name, settings.lines)) for name, p in pairs.items() if p is None
    ]
    yield Section("compared", words["compared"], 1, tuple(blocks))
    for question in first.scheme.questions:
        if first.listed(question) is not None:
            own = list(_question(question, first, earlier, pairs, settings, words))
            yield Section(part_name("compared", question), first.heading(question, lang), 2, tuple(own))
    for one in earlier:
        yield from closed_changes(one, first, lang)


def _paired(first: Material, one: Material, settings: Settings) -> Paired | None:
    """Count both rounds on common lines; None where the earlier one's scheme has no such lines."""
    try:
        return pair_runs(
            one.folder,
            first.folder,
            lines=settings.lines,
            round_before=one.round,
            round_after=first.round,
            lang=settings.lang,
        )
    except SchemeError:
        return None


def _question(
    question: str,
    first: Material,
    earlier: Sequence[Material],
    pairs: Mapping[str, Paired | None],
    settings: Settings,
    words: Words,
) -> Iterator[Block]:
    lang, found = settings.lang, []
    for one in earlier:
        paired = pairs[one.round]
        if paired is None:
            continue
        if question not in paired.shared or one.listed(question) is None:
            yield Note(words["not_in"].format(one.round))
            continue
        yield from _reworded(question, one, first, lang, words)
        try:
            found.append(_Pair(one, paired, compare_pair(paired, question, settings.base, lang)))
        except SchemeError:
            yield Note(words["strangers"].format(one.round, first.round))
    for group in _alike(question, found):
        yield from _over_years(question, group, first, settings, words)
    for pair in found:
        yield from _changes(question, pair, words, lang)


def _reworded(question: str, one: Material, first: Material, lang: Lang, words: Words) -> Iterator[Block]:
    """Say that the question was put in other words, or stood in a column of another name."""
    both = one, first
    said = {
        "reworded_question": [of.scheme.question(question).wording("", lang) for of in both],
        "other_column": [
            str(of.manifest.get("input", {}).get("columns", {}).get(f"text {question}", "")) for of in both
        ],
    }
    for key, (old, new) in said.items():
        if old and new and old != new:
            quoted = words["quoted"]
            yield Note(words[key].format(one.round, quoted.format(old), first.round, quoted.format(new)))


def _alike(question: str, found: Sequence[_Pair]) -> list[list[_Pair]]:
    """Put those pairs together in which the reported round is counted in the same way."""
    groups: list[list[_Pair]] = []
    for pair in found:
        own = pair.paired.after[question]
        for group in groups:
            other = group[0].paired.after[question]
            if own.ids == other.ids and np.array_equal(own.given, other.given):
                group.append(pair)
                break
        else:
            groups.append([pair])
    return groups


def _over_years(
    question: str, group: Sequence[_Pair], first: Material, settings: Settings, words: Words
) -> Iterator[Block]:
    """Show the shares of all rounds that are counted alike, as a picture and a table."""
    lang = settings.lang
    sides = [(pair.earlier.round, pair.paired.before[question]) for pair in reversed(group)]
    sides.append((first.round, group[0].paired.after[question]))
    points = [(name, _points(one, settings)) for name, one in sides]
    apart = {c.category for pair in group for c in pair.comparison.changes if c.change is None and not c.only}
    labels = {c: label for pair in group for c, label in pair.comparison.labels.items()}
    order = list(dict.fromkeys(c.category for pair in group for c in pair.comparison.changes))
    name = part_name("compared", question, *(pair.earlier.round for pair in reversed(group)))
    rounds = tuple(one for one, _ in points)
    caption = words["over_years"].format(first.heading(question, lang), list_phrase(rounds, lang))
    drawn = [c for c in order if c not in apart and c != OTHER and _is_drawn(c, points)]
    if drawn:
        lines = tuple((labels[c], tuple(own.get(c) for _, own in points)) for c in drawn)
        yield Picture(name, caption, _alt(rounds, lines, words, lang), Slope(rounds, lines))
    yield _table(name, caption, order, labels, points, sides, settings, words)


def _points(one: Estimated, settings: Settings) -> dict[str, Point]:
    """Give each line's share and interval; without an interval where nothing says how sure it is."""
    if one.estimate is None:
        counted = count_shares(one.given, settings.base).share.tolist()
        return {c: (value, None, None) for c, value in zip(one.ids, counted, strict=True)}
    low, high = (ends.tolist() for ends in one.estimate.interval(settings.base))
    shares = one.estimate.share(settings.base).tolist()
    refused = one.estimate.refused.tolist()
    return {
        c: (shares[j], None, None) if refused[j] else (shares[j], low[j], high[j])
        for j, c in enumerate(one.ids)
    }


def _is_drawn(category: str, points: Sequence[tuple[str, Mapping[str, Point]]]) -> bool:
    """Draw what two rounds have, and what is not minor in all of them."""
    own = [of[category][0] for _, of in points if category in of]
    return len(own) > 1 and max(own) >= MINOR


def _alt(
    rounds: Sequence[str], lines: Sequence[tuple[str, tuple[Point | None, ...]]], words: Words, lang: Lang
) -> str:
    told = "; ".join(
        f"{label} "
        + list_phrase(
            (
                f"{percent(point[0], 1, lang)} {name}"
                for name, point in zip(rounds, own, strict=True)
                if point
            ),
            lang,
        )
        for label, own in lines
    )
    return words["slope_alt"].format(told)


def _table(
    name: str,
    caption: str,
    order: Sequence[str],
    labels: Mapping[str, str],
    points: Sequence[tuple[str, Mapping[str, Point]]],
    sides: Sequence[tuple[str, Estimated]],
    settings: Settings,
    words: Words,
) -> Table:
    lang = settings.lang
    sure = any(point[1] is not None for _, own in points for point in own.values())
    heads = [words["cause"]]
    for round_, _ in points:
        heads += [f"{words['share']} {round_}"]
        heads += (
            [f"{words['interval']} {round_}, {words[end].lower()}" for end in ("low", "high")] if sure else []
        )
    rows = []
    for category in order:
        cells = [Cell(labels[category])]
        for _, own in points:
            point = own.get(category)
            shown = [share(value, lang, NOTHING) for value in point or (None, None, None)]
            cells += shown if sure else shown[:1]
        rows.append(tuple(cells))
    empty = [NOTHING] * 2 if sure else []
    answers = [cell for _, one in sides for cell in (count(len(one.given), lang), *empty)]
    rows.append((Cell(words["answers_with"]), *answers))
    notes = (words[f"share_{settings.base}"], words["slope_drawn"].format(percent(MINOR, lang=lang)))
    return Table(name, caption, tuple(heads), tuple(rows), notes)


def _changes(question: str, pair: _Pair, words: Words, lang: Lang) -> Iterator[Block]:
    """Show the changes since one earlier round, and say in words what holds and what cannot be compared."""
    c = pair.comparison
    caption, *about = about_changes(c, words, lang)
    told = list(told_changes(c, words, lang))
    if told:
        yield Paragraph(" ".join(told))
    if unlike := tuple(alone_in_one(c, words, lang)):
        yield Bullets(words["not_alike"], unlike)
    sure = c.compared > 0
    heads = [words["cause"], c.before.round, c.after.round, words["change_points"]]
    ends = [f"{words['interval']}, {words[end].lower()}" for end in ("low", "high")]
    heads += [*ends, words["certain"]] if sure else []
    rows = []
    for one in c.changes:
        absent = Cell(words["only_here"])
        cells = [
            Cell(c.labels[one.category]),
            share(one.before, lang, NOTHING),
            share(one.after, lang, NOTHING),
        ]
        cells.append(change(one.change, lang, absent))
        if sure:
            certain = one.p_holm is not None and one.p_holm < SURE
            cells += [change(one.low, lang), change(one.high, lang), Cell("*" if certain else "")]
        rows.append(tuple(cells))
    name = part_name("changes", question, c.before.round)
    yield Table(name, caption, tuple(heads), tuple(rows), tuple(about))
