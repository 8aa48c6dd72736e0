"""Cross-tables with their associations, and closed questions by background."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from samorsak.pipeline.report_sections.assessments import stacked
from samorsak.pipeline.report_sections.cells import NOTHING, count, measure, no_share, part_name, share, tail
from samorsak.pipeline.report_sections.closed_words import closed_words, label_of, told
from samorsak.pipeline.report_sections.material import Material, Settings
from samorsak.report.document import Block, Cell, Note, Paragraph, Section, Table
from samorsak.report.intervals import shown_number
from samorsak.tables import Association, Crosstab, Distribution
from samorsak.wording import Associated, Lang, association_sentences, list_phrase, quoted

Words = Mapping[str, str]


def crosstable_sections(material: Material, settings: Settings) -> Iterator[Section]:
    """Say what goes together with what: a section, and one below it for each question that is crossed."""
    words, lang, tables = closed_words(settings.lang), settings.lang, material.tables
    if not tables.crosstabs:
        return
    machine = ("machine_codes",) if any(one.machine for one in tables.crosstabs) else ()
    remarks = [remark for one in tables.crosstabs for remark in one.remarks if remark.kind in machine]
    notes: list[Block] = [*map(Note, told(remarks, lang)), Paragraph(words["see_annex"])]
    yield Section("crosstables", words["crosstables"], 1, tuple(notes))
    for name, heading, own in _crossed(material, lang):
        found = (*_single(own, heading, words, lang), *_causes(own, heading, words, lang))
        if found:
            yield Section(part_name("crosstables", name), heading, 2, found)


def annex_sections(material: Material, settings: Settings) -> Iterator[Section]:
    """Make the annex: every cross-table, and closed questions by background."""
    words, lang, tables = closed_words(settings.lang), settings.lang, material.tables
    if tables.crosstabs:
        yield Section("annex-crosstables", words["annex_crosstables"], 1, ())
    for name, heading, own in _crossed(material, lang):
        parts = tuple(block for one in own for block in _shown(one, heading, words, lang))
        yield Section(part_name("annex", name), heading, 2, parts)
    grouped = [one for one in tables.distributions if one.group_by]
    if grouped:
        yield Section("annex-background", words["annex_background"], 1, (), annex=True)
    for column in dict.fromkeys(one.group_by for one in grouped):
        parts = tuple(_by_group(one, words, lang) for one in grouped if one.group_by == column)
        heading = words["closed_by"].format(column)
        yield Section(part_name("closed-by", column), heading, 2, parts, annex=True)


def _crossed(material: Material, lang: Lang) -> Iterator[tuple[str, str, list[Crosstab]]]:
    """Give the cross-tables of each question with its name and heading; causes after closed questions."""
    order = [*material.scheme.questions]
    by_rows: dict[str, list[Crosstab]] = {}
    for one in sorted(material.tables.crosstabs, key=lambda one: _place(one, order)):
        by_rows.setdefault(one.rows.name, []).append(one)
    for name, own in by_rows.items():
        yield name, _heading(own[0], material, lang), own


def _place(one: Crosstab, order: Sequence[str]) -> int:
    return order.index(one.rows.name) if one.rows.kind == "cause" else -1


def _heading(one: Crosstab, material: Material, lang: Lang) -> str:
    if one.rows.kind == "cause":
        return material.heading(one.rows.name, lang)
    return label_of(one.rows, lang)


def _single(own: Sequence[Crosstab], heading: str, words: Words, lang: Lang) -> Iterator[Block]:
    """Say which closed questions a closed question goes together with."""
    single = [one for one in own if one.verdict is None]
    for kind in dict.fromkeys(one.associations[0].measure for one in single):
        family = [one for one in single if one.associations[0].measure == kind]
        found = [_associated(label_of(one.by, lang), one.associations[0]) for one in family]
        said = association_sentences(heading, found, measure=kind, lang=lang)
        yield from map(Paragraph, said)
        yield _associations(family, heading, words, lang)


def _causes(own: Sequence[Crosstab], heading: str, words: Words, lang: Lang) -> Iterator[Block]:
    """Say which causes go together with what; those that can't be told from none in one sentence."""
    crossed = [one for one in own if one.verdict is not None and one.associations]
    clear = [one for one in crossed if one.verdict and one.verdict.told]
    for one in clear:
        caption = words["row_by"].format(heading, label_of(one.by, lang))
        more = f" {words['other_causes']}" if one.verdict and one.verdict.untold else ""
        yield Paragraph(f"{caption}. {_told_causes(one, lang)}{more}")
    if unclear := [label_of(one.by, lang) for one in crossed if one not in clear]:
        listed = list_phrase([quoted(label, lang) for label in unclear], lang, "or")
        yield Paragraph(words["no_cause_told"].format(listed))
    if crossed:
        yield _clearest(crossed, heading, words, lang)


def _shown(one: Crosstab, heading: str, words: Words, lang: Lang) -> Iterator[Block]:
    """Show a cross-table, where both questions are scales with a picture."""
    caption = words["row_by"].format(heading, label_of(one.by, lang))
    if one.verdict is None and one.rows.ordered and one.by.ordered:
        yield from _picture(one, caption, words, lang)
    if any(remark.kind == "refused" for remark in one.remarks):
        yield Note(f"{caption}. {' '.join(told(one.remarks, lang))}")
    else:
        yield _table(one, caption, words, lang)


def _told_causes(one: Crosstab, lang: Lang) -> str:
    clear = one.verdict.told if one.verdict else ()
    named = zip(one.rows.options, one.associations, strict=True)
    found = [_associated(label_of(o, lang), association) for o, association in named if o.id in clear]
    kind = one.associations[0].measure
    return " ".join(association_sentences(label_of(one.by, lang), found, measure=kind, lang=lang))


def _clearest(crossed: Sequence[Crosstab], heading: str, words: Words, lang: Lang) -> Table:
    """Show of each crossing the cause whose association is clearest."""
    rows = []
    for one in crossed:
        pairs = [p for p in zip(one.rows.options, one.associations, strict=True) if p[1].p_holm is not None]
        if not pairs:
            rows.append((Cell(label_of(one.by, lang)), *[NOTHING] * 6, count(one.n, lang)))
            continue
        option, found = min(pairs, key=lambda p: (p[1].p_holm or 0.0, -abs(p[1].value or 0.0)))
        measured = (Cell(words[found.measure]), *_measured(found, lang))
        cells = (Cell(label_of(one.by, lang)), Cell(label_of(option, lang)), *measured, count(one.n, lang))
        rows.append(cells)
    heads = (
        *(words["question"], words["clearest_cause"], words["measure"]),
        *_measure_heads(words["strength"], words),
        words["answered"],
    )
    name = part_name("associations", crossed[0].rows.name, "clearest")
    notes = (words["about_clearest"], words["about_intervals"])
    return Table(name, words["associations"].format(heading), heads, tuple(rows), notes)


def _associated(label: str, one: Association) -> Associated:
    return Associated(label, one.value, one.low, one.high, one.p_holm)


def _associations(family: Sequence[Crosstab], heading: str, words: Words, lang: Lang) -> Table:
    rows = tuple(
        (Cell(label_of(one.by, lang)), *_measured(one.associations[0], lang), count(one.n, lang))
        for one in family
    )
    kind = words[family[0].associations[0].measure]
    heads = (words["question"], *_measure_heads(kind, words), words["answered"])
    name = part_name("associations", family[0].rows.name, family[0].associations[0].measure)
    return Table(name, words["associations"].format(heading), heads, rows, (words["about_intervals"],))


def _measure_heads(kind: str, words: Words) -> tuple[str, ...]:
    ends = (f"{words['interval']}, {words[end].lower()}" for end in ("low", "high"))
    return (kind, *ends, words["p_holm"])


def _measured(one: Association, lang: Lang) -> tuple[Cell, ...]:
    return (*(measure(value, 2, lang) for value in (one.value, one.low, one.high)), tail(one.p_holm, lang))


def _picture(one: Crosstab, caption: str, words: Words, lang: Lang) -> Iterator[Block]:
    levels = [label_of(option, lang) for option in one.rows.options]
    columns = zip(*one.shares, strict=True)
    rows = [(label_of(o, lang), parts) for o, parts in zip(one.by.options, columns, strict=True)]
    if picture := stacked(part_name(one.name), caption, levels, rows, words, lang):
        yield picture


def _table(one: Crosstab, caption: str, words: Words, lang: Lang) -> Table:
    """Show shares of each column, their number, and where each row has an association of its own that."""
    each = one.verdict is not None and len(one.associations) == len(one.rows.options)
    heads = ["", *(label_of(option, lang) for option in one.by.options), words["all_groups"]]
    kind = words[one.associations[0].measure] if one.associations else ""
    heads += _measure_heads(kind, words) if each else ()
    rows = []
    for i, option in enumerate(one.rows.options):
        total, n = one.totals[i], one.n
        parts = [share(part, lang, no_share(of)) for part, of in zip(one.shares[i], one.base, strict=True)]
        overall = share(total / n if total is not None and n else None, lang, no_share(n))
        measured = _measured(one.associations[i], lang) if each else ()
        rows.append((Cell(label_of(option, lang)), *parts, overall, *measured))
    sizes = [count(of, lang) for of in (*one.base, one.n)]
    rows.append((Cell(words["answered"]), *sizes, *([NOTHING] * 4 if each else [])))
    notes = [words["of_column"].format(shown_number(one.n, lang), shown_number(one.missing, lang))]
    if each:
        notes += [words["about_cause_measures"].format(kind), words["about_intervals"]]
    notes += told(one.remarks, lang)
    return Table(part_name(one.name), caption, tuple(heads), tuple(rows), tuple(notes))


def _by_group(one: Distribution, words: Words, lang: Lang) -> Table:
    """Show the answers to a closed question, or a statement, in each group."""
    levels = [label_of(option, lang) for option in one.variable.options]
    rows = tuple(
        (
            Cell(group.group or words["no_group"]),
            *(share(part, lang, no_share(group.answered)) for part in group.shares),
            count(group.answered, lang),
            count(group.missing, lang),
        )
        for group in one.groups
    )
    heads = (one.group_by, *levels, words["answered"], words["not_answered"])
    caption = words["row_by"].format(label_of(one.variable, lang), one.group_by)
    notes = [words["of_group"], *told(one.remarks, lang)]
    return Table(
        part_name("closed", one.variable.name, "by", one.group_by), caption, heads, rows, tuple(notes)
    )
