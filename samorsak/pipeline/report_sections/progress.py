"""The closed questions of one choice and of several: in words, as a picture and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from samorsak.pipeline.report_sections.cells import count, no_share, part_name, share
from samorsak.pipeline.report_sections.closed_words import closed_words, label_of, told
from samorsak.pipeline.report_sections.listings import listing_blocks
from samorsak.pipeline.report_sections.material import Material, Settings
from samorsak.report.document import Bars, Block, Cell, Note, Paragraph, Picture, Section, Table
from samorsak.report.intervals import shown_number
from samorsak.tables import Distribution
from samorsak.wording import (
    Lang,
    Listed,
    cause_bullets,
    distribution_paragraph,
    percent,
)

Words = Mapping[str, str]

NONE = "none"
"""The id of the level that says there was none, of which how many chose another one is told."""


def progress_sections(material: Material, settings: Settings) -> Iterator[Section]:
    """Make a section of the closed questions that are no statements; without any, it says so."""
    words = closed_words(settings.lang)
    own = [one for one in material.tables.distributions if not one.group_by and not is_statement(one)]
    parts = [
        (one.variable.name, label_of(one.question, settings.lang), list(_blocks(one, words, settings.lang)))
        for one in own
    ]
    notes = [Note(text) for text in told(material.tables.remarks, settings.lang)]
    if parts or notes:
        yield from gathered("progress", words["progress"], parts, notes)


def is_statement(one: Distribution) -> bool:
    """Tell a statement of a matrix."""
    return one.variable.name != one.question.id


def gathered(
    name: str, heading: str, parts: Sequence[tuple[str, str, Sequence[Block]]], first: Sequence[Block] = ()
) -> Iterator[Section]:
    """Make a section of one part, else one with a section below it for each part."""
    if len(parts) == 1:
        yield Section(name, parts[0][1], 1, (*first, *parts[0][2]))
        return
    yield Section(name, heading, 1, tuple(first))
    for own, label, blocks in parts:
        yield Section(part_name(name, own), label, 2, tuple(blocks))


def _blocks(one: Distribution, words: Words, lang: Lang) -> Iterator[Block]:
    (group,) = one.groups
    if one.variable.wording:
        yield Paragraph(words["asked_closed"].format(words["quoted"].format(one.variable.wording)))
    labels = [label_of(option, lang) for option in one.variable.options]
    shares = group.shares
    yield from _told(one, labels, shares, lang)
    name = part_name("closed", one.variable.name)
    shown = [(label, value) for label, value in zip(labels, shares, strict=True) if value is not None]
    if one.variable.kind == "option":
        shown.sort(key=lambda row: -row[1])
    if shown:
        items = "; ".join(f"{label} {percent(value, 1, lang)}" for label, value in shown)
        bars = Bars(tuple((label, value, None, None) for label, value in shown))
        yield Picture(name, label_of(one.question, lang), words["bars_of"].format(items), bars)
    yield _table(name, one, words, lang)


def _told(
    one: Distribution, labels: Sequence[str], shares: Sequence[float | None], lang: Lang
) -> Iterator[Block]:
    (group,) = one.groups
    if one.variable.kind == "option" and group.answered:
        known = [(label, value) for label, value in zip(labels, shares, strict=True) if value is not None]
        listed = [Listed(*row) for row in sorted(known, key=lambda row: -row[1])]
        yield from listing_blocks(cause_bullets(listed, "", "respondents", lang=lang))
        return
    ids = [option.id for option in one.variable.options]
    nothing = ids.index(NONE) if NONE in ids else None
    yield Paragraph(
        distribution_paragraph(
            labels, shares, group.answered or 0, ordered=one.variable.ordered, nothing=nothing, lang=lang
        )
    )


def _table(name: str, one: Distribution, words: Words, lang: Lang) -> Table:
    (group,) = one.groups
    rows = tuple(
        (Cell(label_of(option, lang)), count(n, lang), share(part, lang, no_share(group.answered)))
        for option, n, part in zip(one.variable.options, group.counts, group.shares, strict=True)
    )
    counted = words["of_answered"].format(*(shown_number(n, lang) for n in (group.answered, group.missing)))
    several = [words["of_several"]] if one.variable.kind == "option" else []
    heads = (words["answer"], words["n"], words["share"])
    return Table(
        name, label_of(one.question, lang), heads, rows, (counted, *several, *told(one.remarks, lang))
    )
