"""How it was done: what went in and out, who coded it, and whether anybody has audited that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from samorsak.pipeline.report_sections.cells import count
from samorsak.pipeline.report_sections.material import Material, Settings
from samorsak.pipeline.report_sections.words import report_words
from samorsak.report.document import Block, Cell, Note, Paragraph, Section, Table
from samorsak.wording import list_phrase, number

Words = Mapping[str, str]


def how_section(material: Material, settings: Settings) -> Section:
    """Say what went in and came out, and above all whether the codes of causes are audited."""
    words = report_words(settings.lang)
    return Section("how", words["how"], 1, tuple(_blocks(material, settings, words)))


def _blocks(material: Material, settings: Settings, words: Words) -> Iterator[Block]:
    lang = settings.lang
    if not material.audited:
        yield Note(words["unaudited"].format(material.round))
    if settings.suppress_below is not None:
        yield Note(words["hidden_numbers"].format(settings.suppress_below - 1))
    yield from (Paragraph(text) for text in _counted(material, settings, words))
    manifest = material.manifest
    model = manifest.get("model", {}).get("name")
    yield Paragraph(words["coded_how"].format(model=model) if model else words["coded_unknown"])
    if material.reviewed:
        found = of_round(manifest["review"].get("answers", {}), material.round)
        yield Paragraph(words["reviewed_how"].format(number(sum(found.values()), lang=lang)))
    if material.audited:
        found = of_round(manifest["audit"]["decided"], material.round)
        yield Paragraph(words["audited_how"].format(number(sum(found.values()), lang=lang)))
    yield _table(material, settings, words)


def _counted(material: Material, settings: Settings, words: Words) -> Iterator[str]:
    """Tell the numbers of the manifest."""
    lang, counts = settings.lang, material.manifest.get("counts", {})
    if {"rows", "cells", "answers"} <= counts.keys():
        dropped = counts.get("dropped", {})
        reasons = list_phrase(
            (f"{words.get(f'drop_{r}', r)}: {number(n, lang=lang)}" for r, n in dropped.items()), lang
        )
        lost = words["dropped"].format(number(sum(dropped.values()), lang=lang), reasons)
        yield words["read"].format(
            file=material.manifest.get("input", {}).get("name", "?"),
            dropped=lost if dropped else words["dropped_none"],
            **{name: number(counts[name], lang=lang) for name in ("rows", "cells", "answers")},
        )
    if len(material.rounds) > 1:
        yield words["several_rounds"].format(", ".join(material.rounds))
    if "closed" in material.manifest:
        yield words["respondents"].format(number(material.tables.respondents, lang=lang))
    if material.manifest.get("personal_data") == "kept":
        yield words["kept"]
    elif masked := counts.get("masked"):
        yield words["masked"].format(
            list_phrase(
                (
                    f"{words.get(f'masked_{kind}', kind)} ({number(n, lang=lang)})"
                    for kind, n in masked.items()
                ),
                lang,
            )
        )
    elif "masked" in counts:
        yield words["masked_none"]


def _table(material: Material, settings: Settings, words: Words) -> Table:
    lang = settings.lang
    rows = []
    for question in material.scheme.questions:
        listed = material.listed(question)
        heading = Cell(material.heading(question, lang))
        if listed is None:
            rows.append((heading, *(count(0, lang) for _ in range(3))))
            continue
        total, _ = listed
        # causes by the scheme's categories, whatever lines are reported
        given = sum(
            len({*answer.categories} - {"no_cause"})
            for answer in material.coded
            if answer.question == question
        )
        rows.append(
            (heading, count(total.answers, lang), count(total.without_cause, lang), count(given, lang))
        )
    heads = (words["question"], words["answers_with"], words["without"], words["causes_given"])
    return Table("answers", words["answers_table"], heads, tuple(rows))


def of_round(counts: Mapping[str, int], name: str) -> dict[str, int]:
    """Pick the questions of a round from numbers by ``"round/question"``.

    Examples
    --------
    >>> of_round({"2023/missed": 5, "2024/missed": 7}, "2024")
    {'missed': 7}
    """
    start = f"{name}/"
    return {key.removeprefix(start): n for key, n in counts.items() if key.startswith(start)}
