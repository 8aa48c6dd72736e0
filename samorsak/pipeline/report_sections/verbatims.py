"""What was said: the statements behind each category, inside their answers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from samorsak.coded import CodedAnswer, StatementRow
from samorsak.pipeline.report_sections.cells import part_name
from samorsak.pipeline.report_sections.closed_words import label_of
from samorsak.pipeline.report_sections.material import Material, Settings
from samorsak.ranking import SCHEME_LINES, RankedRow
from samorsak.report.document import Block, Paragraph, Verbatim, Verbatims
from samorsak.report.files import STATEMENTS, read_statements

FILTERS = 2, 30
"""How many values a background column has that statements are filtered by."""

Found = tuple[CodedAnswer, int, int]
"""A statement: its answer, and where it begins and ends; the whole answer where they are equal."""


def said_behind(
    question: str,
    rows: Sequence[RankedRow],
    material: Material,
    settings: Settings,
    words: Mapping[str, str],
) -> Iterator[Block]:
    """Give the statements of each line of a list, a seeded draw of them where there are many."""
    answers = [answer for answer in material.coded if answer.question == question]
    by_line, whole = _sorted(question, answers, material, rows[0].lines)
    kept = _filters(material, settings)
    most = settings.verbatims
    if any(len(found) > most for found in by_line.values()):
        yield Paragraph(words["sampled"].format(most, settings.seed))
    if whole:
        yield Paragraph(words["whole_answers"])
    for row in rows:
        found = by_line.get(row.category, [])
        if found:
            name = part_name(question, row.category)
            shown = _drawn(found, most, f"{settings.seed}/{name}")
            yield Verbatims(name, row.label, len(found), tuple(_verbatim(one, kept) for one in shown))


def _sorted(
    question: str, answers: Sequence[CodedAnswer], material: Material, lines: str
) -> tuple[dict[str, list[Found]], bool]:
    """Sort statements by the line that they count under, and tell whether whole answers stand for some."""
    marked = _marked(material)
    line = {
        category: category if lines == SCHEME_LINES else material.scheme.line_of(question, category, lines)
        for category in material.scheme.outcomes(question)
    }
    by_line: dict[str, list[Found]] = {}
    whole = False
    for answer in answers:
        own = marked.get(answer.answer_id, ())
        for category in answer.categories:
            if category not in line:  # no cause
                continue
            stretches = [(row.start, row.end) for row in own if row.category == category]
            whole = whole or not stretches
            into = by_line.setdefault(line[category], [])
            into += [(answer, start, end) for start, end in stretches or [(0, 0)]]
    return by_line, whole


def _marked(material: Material) -> dict[str, list[StatementRow]]:
    """Read the stretches by answer; an audited folder keeps none, then those of the round it lies in."""
    places = [material.folder, *([material.folder.resolve().parent] if material.audited else [])]
    path = next((own for place in places if (own := place / STATEMENTS).is_file()), None)
    texts = {answer.answer_id: answer.text for answer in material.coded}
    by_id: dict[str, list[StatementRow]] = {}
    for row in read_statements(path) if path else ():
        if texts.get(row.answer_id, "")[row.start : row.end] == row.text:  # not of another round
            by_id.setdefault(row.answer_id, []).append(row)
    return by_id


def _filters(material: Material, settings: Settings) -> dict[str, str]:
    """Name the background columns that have few values; a closed question as its tables name it."""
    values: dict[str, set[str]] = {}
    for answer in material.coded:
        for column, value in answer.background.items():
            values.setdefault(column, set()).add(value)
    fewest, most = FILTERS
    variables = [one.variable for one in material.tables.distributions]
    labels = {one.wording: label_of(one, settings.lang) for one in variables if one.wording}
    kept = [column for column, found in values.items() if fewest <= len(found) <= most]
    named = {column: labels.get(column, column) for column in kept}
    often = Counter(named.values())
    return {column: name if often[name] == 1 else column for column, name in named.items()}


def _drawn(found: Sequence[Found], most: int, seed: str) -> Sequence[Found]:
    """Draw so many at random, in their order; all where there are fewer."""
    if len(found) <= most:
        return found
    chosen = sorted(random.Random(seed).sample(range(len(found)), most))
    return [found[place] for place in chosen]


def _verbatim(one: Found, kept: Mapping[str, str]) -> Verbatim:
    answer, start, end = one
    own = {name: answer.background.get(column, "") for column, name in kept.items()}
    return Verbatim(answer.answer_id, answer.text, start, end, own)
