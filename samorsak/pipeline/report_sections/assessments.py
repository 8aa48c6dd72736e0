"""The statements on one scale: a divided bar and a row of a table for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from samorsak.pipeline.report_sections.cells import count, no_share, part_name, share
from samorsak.pipeline.report_sections.closed_words import closed_words, label_of, told
from samorsak.pipeline.report_sections.material import Material, Settings
from samorsak.pipeline.report_sections.progress import gathered, is_statement
from samorsak.report.document import Block, Bullets, Cell, Picture, Section, Stacked, Table
from samorsak.tables import Distribution
from samorsak.wording import Lang, distribution_paragraph, list_phrase, percent

Words = Mapping[str, str]


def assessment_sections(material: Material, settings: Settings) -> Iterator[Section]:
    """Make a section of the matrices of statements, if there are any."""
    words = closed_words(settings.lang)
    matrices: dict[str, list[Distribution]] = {}
    for one in material.tables.distributions:
        if not one.group_by and is_statement(one):
            matrices.setdefault(one.question.id, []).append(one)
    parts = [
        (name, label_of(own[0].question, settings.lang), list(_blocks(name, own, words, settings.lang)))
        for name, own in matrices.items()
    ]
    if parts:
        yield from gathered("assessments", words["assessments"], parts)


def _blocks(name: str, own: Sequence[Distribution], words: Words, lang: Lang) -> Iterator[Block]:
    levels = [label_of(option, lang) for option in own[0].variable.options]
    caption, name = label_of(own[0].question, lang), part_name("closed", name)
    items = []
    for one in own:
        group = one.groups[0]
        said = distribution_paragraph(
            levels, group.shares, group.answered or 0, ordered=one.variable.ordered, lang=lang
        )
        items.append(f"{label_of(one.variable, lang)}: {said}")
    yield Bullets(words["each_statement"], tuple(items))
    whole = [(label_of(one.variable, lang), one.groups[0].shares) for one in own]
    if picture := stacked(name, caption, levels, whole, words, lang):
        yield picture
    rows = tuple(
        (
            Cell(label_of(one.variable, lang)),
            *(share(part, lang, no_share(one.groups[0].answered)) for part in one.groups[0].shares),
            count(one.groups[0].answered, lang),
            count(one.groups[0].missing, lang),
        )
        for one in own
    )
    heads = (words["statement_head"], *levels, words["answered"], words["not_answered"])
    remarks = [remark for one in own for remark in one.remarks]
    yield Table(name, caption, heads, rows, (words["of_statement"], *told(remarks, lang)))


def stacked(
    name: str,
    caption: str,
    levels: Sequence[str],
    rows: Sequence[tuple[str, Sequence[float | None]]],
    words: Words,
    lang: Lang,
) -> Picture | None:
    """Draw divided bars of the rows of which every share is known; None where there is none."""
    whole = [
        (label, tuple(part for part in parts if part is not None))
        for label, parts in rows
        if None not in parts
    ]
    if not whole:
        return None
    told_rows = "; ".join(
        words["stacked_row"].format(
            label,
            list_phrase(
                (f"{level} {percent(part, lang=lang)}" for level, part in zip(levels, parts, strict=True)),
                lang,
            ),
        )
        for label, parts in whole
    )
    chart = Stacked(tuple(levels), tuple(whole))
    return Picture(name, caption, words["stacked_of"].format(told_rows), chart)
