"""The ranked list of causes of each open question: in words, as a picture, as a table, and what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from samorsak.pipeline.report_sections.cells import count, part_name, share
from samorsak.pipeline.report_sections.listings import listing_blocks
from samorsak.pipeline.report_sections.material import Material, Settings
from samorsak.pipeline.report_sections.verbatims import said_behind
from samorsak.pipeline.report_sections.words import report_words
from samorsak.ranking import COUNTED, RankedRow, Total
from samorsak.report.document import Bars, Block, Cell, Note, Paragraph, Picture, Section, Table
from samorsak.report.intervals import DASH, note, place
from samorsak.report.lists import MINOR, headings, unshown
from samorsak.report.parts import Parts, parts_of, share_of
from samorsak.report.phrases import phrases
from samorsak.wording import Lang, Listed, cause_bullets, percent

Words = Mapping[str, str]


def causes_sections(material: Material, settings: Settings) -> Iterator[Section]:
    """Make a section for each open question of the scheme; where nobody answered, it says so."""
    words = report_words(settings.lang)
    for question in material.scheme.questions:
        listed = material.listed(question)
        heading = material.heading(question, settings.lang)
        if listed is None:
            blocks: list[Block] = [
                Note(words["not_asked"].format(words["quoted"].format(heading), material.round))
            ]
        else:
            blocks = list(_blocks(question, *listed, material, settings, words))
        yield Section(part_name("causes", question), heading, 1, tuple(blocks))


def _blocks(
    question: str,
    total: Total,
    rows: Sequence[RankedRow],
    material: Material,
    settings: Settings,
    words: Words,
) -> Iterator[Block]:
    lang, parts = settings.lang, parts_of(rows, MINOR)
    if wording := material.scheme.question(question).wording("", lang):
        yield Paragraph(words["asked"].format(words["quoted"].format(wording)))
    if not material.audited:
        yield Note(words["unaudited_list"])
    if total.answers == 1:
        yield Note(words["one_answer"])
    yield from _told(parts, rows, lang)
    name = part_name("causes", question)
    shown = [*parts.main, *parts.also, *parts.other]
    if shown:
        yield _picture(name, material.heading(question, lang), shown, words, lang)
    yield _table(name, total, rows, parts, material, words, lang)
    if not settings.public:
        yield from said_behind(question, rows, material, settings, words)


def _told(parts: Parts, rows: Sequence[RankedRow], lang: Lang) -> Iterator[Block]:
    """Tell the list as the published reports do; `other` only where there is nothing else."""
    main, also = ([_as_listed(row) for row in own] for own in (parts.main, parts.also))
    if not main and not also:
        main = [_as_listed(row) for row in parts.other]
    if parts.hidden:
        yield Paragraph(phrases(lang)["some_hidden" if main or also else "all_hidden"])
    if main or also or not parts.hidden:
        yield from listing_blocks(cause_bullets(main, "", rows[0].base, also, lang))


def _as_listed(row: RankedRow) -> Listed:
    known = row.place_low is not None and row.place_high is not None
    return Listed(row.label, share_of(row), (row.place_low or 0, row.place_high or 0) if known else None)


def _picture(name: str, caption: str, shown: Sequence[RankedRow], words: Words, lang: Lang) -> Picture:
    items = "; ".join(
        words["bars_alt_item"].format(row.label, percent(share_of(row), 1, lang)) for row in shown
    )
    bars = Bars(tuple((row.label, share_of(row), row.low, row.high) for row in shown))
    return Picture(name, caption, words["bars_alt"].format(items), bars)


def _table(
    name: str,
    total: Total,
    rows: Sequence[RankedRow],
    parts: Parts,
    material: Material,
    words: Words,
    lang: Lang,
) -> Table:
    sure = any(row.method != COUNTED for row in rows)
    few = any(row.few_positives for row in rows)
    heads = [words["cause"], words["rank"], words["n"], words["share"]]
    heads += [f"{words['interval']}, {words[end].lower()}" for end in ("low", "high")] if sure else []
    heads += [words["remark"]] if few else []
    shown = [*parts.main, *parts.also, *parts.other, *parts.absent]
    caption, *about = headings(total, rows[0], material.scheme, words, lang)
    notes = [*about, words["minor"].format(percent(MINOR, lang=lang))] if parts.also else about
    notes = [*notes, *unshown(parts, rows, words, lang), note(rows, total, lang)]
    cells = tuple(_row(row, sure, few, words, lang) for row in shown)
    return Table(name, caption, tuple(heads), cells, tuple(filter(None, notes)))


def _row(row: RankedRow, sure: bool, few: bool, words: Words, lang: Lang) -> tuple[Cell, ...]:
    ends = [share(end, lang, Cell(DASH)) for end in (row.low, row.high)] if sure else []
    remark = [Cell(words["few_positives"] if row.few_positives else "")] if few else []
    return (Cell(row.label), Cell(place(row)), count(row.n, lang), share(row.share, lang), *ends, *remark)
