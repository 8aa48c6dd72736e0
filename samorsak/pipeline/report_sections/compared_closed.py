"""The closed questions of two rounds: shares beside each other, changes, and what is not the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from samorsak.pipeline.closed_changes import compare_closed
from samorsak.pipeline.report_sections.cells import NOTHING, change, count, part_name, share
from samorsak.pipeline.report_sections.closed_words import label_of
from samorsak.pipeline.report_sections.compared_words import compared_words
from samorsak.pipeline.report_sections.material import Material
from samorsak.report.changes import SURE
from samorsak.report.document import Block, Bullets, Cell, Note, Paragraph, Picture, Section, Slope, Table
from samorsak.tables import ClosedChange, ClosedChanges, ClosedComparison, Remark
from samorsak.wording import (
    Changed,
    Lang,
    change_sentences,
    change_verdict,
    percent,
    remark_sentences,
)

Words = Mapping[str, str]


def closed_changes(before: Material, after: Material, lang: Lang) -> Iterator[Section]:
    """Make a section of the closed questions of two rounds; without any in either, none."""
    words = compared_words(lang)
    found = compare_closed(before.tables, after.tables)
    if not found.questions and not found.remarks:
        return
    name = part_name("compared-closed", before.round)
    heading = words["closed_compared"].format(before.round, after.round)
    yield Section(name, heading, 2, tuple(_blocks(found, before, after, words, lang)))


def _blocks(
    found: ClosedComparison, before: Material, after: Material, words: Words, lang: Lang
) -> Iterator[Block]:
    if not found.questions:
        yield Paragraph(words["nothing_closed"].format(before.round, after.round))
    variables = [d.variable for of in (before, after) for d in of.tables.distributions]
    named = {one.name: label_of(one, lang) for one in variables}
    alone = [_with_labels(remark, named) for remark in found.remarks]
    if alone:
        yield Bullets(words["not_alike"], remark_sentences(alone, lang))
    for one in found.questions:
        yield from _question(one, (before.round, after.round), words, lang)


def _with_labels(remark: Remark, named: Mapping[str, str]) -> tuple[str, Mapping[str, str | int]]:
    """Put the names that readers know in place of ids."""
    about = dict(remark.about)
    if "question" in about:
        about["question"] = named.get(str(about["question"]), about["question"])
    return remark.kind, about


def _with_label(remark: Remark, labels: Mapping[str, str]) -> tuple[str, Mapping[str, str | int]]:
    """Put the label of the language in place of the wording of an answer that one round alone has."""
    if remark.kind != "level_only":
        return remark.kind, remark.about  # what was reworded is quoted as it was written
    return remark.kind, {**remark.about, "label": labels[str(remark.about["level"])]}


def _question(one: ClosedChanges, rounds: tuple[str, str], words: Words, lang: Lang) -> Iterator[Block]:
    label = label_of(one.after.variable, lang)
    name = part_name("changes-closed", one.after.variable.name, rounds[0])
    options = {option.id: option for of in (one.before, one.after) for option in of.variable.options}
    labels = {own: label_of(option, lang) for own, option in options.items()}
    remarks = remark_sentences((_with_label(remark, labels) for remark in one.remarks), lang)
    yield from (Note(f"{words['quoted'].format(label)}: {text}") for text in remarks)
    if not one.changes:
        return
    shown = tuple(
        (label_of(c.option, lang), ((c.before, None, None), (c.after, None, None)))
        for c in one.changes
        if c.before is not None and c.after is not None and c.only is None
    )
    caption = words["over_years"].format(label, ", ".join(rounds))
    if shown and one.after.variable.name == one.after.question.id:  # statements of a matrix have a table each
        told = "; ".join(
            f"{own} {percent(was[0], 1, lang)} {rounds[0]}, {percent(now[0], 1, lang)} {rounds[1]}"
            for own, (was, now) in shown
        )
        yield Picture(name, caption, words["slope_alt_closed"].format(told), Slope(rounds, shown))
    yield Paragraph(f"{label}. {' '.join(_told(one, rounds, lang))}")
    yield _table(name, caption, one, rounds, words, lang)


def _told(one: ClosedChanges, rounds: tuple[str, str], lang: Lang) -> Iterator[str]:
    asked_alike = not any(remark.kind == "conditions" for remark in one.remarks)
    was, now = (
        dict(zip((o.id for o in of.variable.options), of.groups[0].counts, strict=True))
        for of in (one.before, one.after)
    )
    rows = []
    for c in one.changes:
        numbers = was.get(c.option.id), now.get(c.option.id)
        known = (numbers[0], numbers[1]) if numbers[0] is not None and numbers[1] is not None else None
        verdict = change_verdict(c.low, c.high, c.p_holm, asked_alike and c.only is None)
        rows.append(Changed(label_of(c.option, lang), c.before, c.after, verdict, known))
    yield from change_sentences(rows, rounds, lang=lang)


def _table(
    name: str, caption: str, one: ClosedChanges, rounds: tuple[str, str], words: Words, lang: Lang
) -> Table:
    ends = [f"{words['interval']}, {words[end].lower()}" for end in ("low", "high")]
    heads = (words["answer"], *rounds, words["change_points"], *ends, words["certain"])
    rows = [_row(c, words, lang) for c in one.changes]
    answered = [count(of.groups[0].answered, lang) for of in (one.before, one.after)]
    rows.append((Cell(words["answered"]), *answered, *([NOTHING] * 4)))
    return Table(name, caption, heads, tuple(rows), (words["closed_intervals"],))


def _row(one: ClosedChange, words: Words, lang: Lang) -> tuple[Cell, ...]:
    shares = [
        NOTHING if one.only == side else share(value, lang)
        for side, value in (("after", one.before), ("before", one.after))
    ]
    certain = one.p_holm is not None and one.p_holm < SURE
    ends = (change(value, lang) for value in (one.low, one.high))
    absent = Cell(words["only_here"])
    return (
        *(Cell(label_of(one.option, lang)), *shares, change(one.change, lang, absent), *ends),
        Cell("*" if certain else ""),
    )
