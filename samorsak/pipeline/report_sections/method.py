"""The appendix on method: filled in from the folders of the rounds, nothing typed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from samorsak import __version__
from samorsak.evaluate import macro_f1, micro_f1
from samorsak.pipeline.agreeing import measure_agreement
from samorsak.pipeline.evidence import read_evidence
from samorsak.pipeline.report_sections.cells import count, measure, part_name, share
from samorsak.pipeline.report_sections.how import of_round
from samorsak.pipeline.report_sections.material import Material, Settings
from samorsak.pipeline.report_sections.words import report_words
from samorsak.pipeline.trials import read_trials
from samorsak.report.document import Block, Cell, Note, Paragraph, Section, Table
from samorsak.wording import Lang

Words = Mapping[str, str]
Row = tuple[Cell, ...]


def method_sections(
    materials: Sequence[Material], settings: Settings, agreement: Path | None = None
) -> Iterator[Section]:
    """Make the appendix: one section for all, and one below it for each round.

    `agreement` names the logs of annotators, of which it says how far they agree.
    """
    words = report_words(settings.lang)
    shown = {
        "samorsak": __version__,
        "lines": settings.lines,
        "base": words[settings.base],
        "public": settings.public,
        "suppress_below": settings.suppress_below,
        "verbatims": settings.verbatims,
        "seed": settings.seed,
    }
    table = _listed("settings", words["settings_table"], shown.items(), words, settings.lang)
    agreed = list(_agreement(agreement, materials[0], settings.lang, words)) if agreement else []
    yield Section("method", words["method"], 1, (Paragraph(words["method_generated"]), table, *agreed))
    for material in materials:
        yield Section(
            part_name("method", material.round),
            words["round"] + f" {material.round}",
            2,
            tuple(_of(material, settings.lang, words)),
        )


def _agreement(path: Path, material: Material, lang: Lang, words: Words) -> Iterator[Block]:
    """Say how far annotators agree who decided the same answers."""
    rows: list[Row] = []
    for one in measure_agreement([path], material.scheme):
        for measured in one.measured:
            of = words["agreement_all"] if measured.of == "all" else measured.of
            alphas = [
                measure(value, 2, lang)
                for found in (measured.nominal.found, measured.sets.found)
                for value in ((found.estimate, found.low, found.high) if found else (None, None, None))
            ]
            rows.append((Cell(one.question), Cell(of), count(measured.nominal.answers, lang), *alphas))
    if not rows:
        yield Note(words["agreement_none"])
        return
    ends = [f"{words['interval']}, {words[end].lower()}" for end in ("low", "high")]
    heads = [words["question"], words["agreement_of"], words["agreement_answers"]]
    heads += [words["agreement_alpha"], *ends, words["agreement_masi"], *ends]
    yield Table("agreement", words["agreement"], tuple(heads), tuple(rows), (words["agreement_about"],))


def _of(material: Material, lang: Lang, words: Words) -> Iterator[Block]:
    name = material.round
    if counts := list(_counts(material, words)):
        yield _listed(part_name("in-out", name), words["in_out"], counts, words, lang)
    yield _listed(part_name("model", name), words["model_table"], _model(material, words), words, lang)
    yield from _trial(material, lang, words)
    yield Paragraph(words["segmentation"])
    yield from _audit(material, lang, words)
    if material.reviewed:
        found = of_round(material.manifest["review"].get("answers", {}), name)
        yield _listed(part_name("reviewed", name), words["review_table"], found.items(), words, lang)
    if checks := list(_checks(material, words)):
        yield _listed(part_name("checks", name), words["checks"], checks, words, lang)


def _counts(material: Material, words: Words) -> Iterator[tuple[str, Any]]:
    counts = material.manifest.get("counts", {})
    named = {
        "rows": "rows_read",
        "cells": "cells_read",
        "answers": "answers_kept",
        "statements": "statements_found",
    }
    yield from ((words[label], counts[key]) for key, label in named.items() if key in counts)
    for reason, n in counts.get("dropped", {}).items():
        yield words["dropped_because"].format(words.get(f"drop_{reason}", reason)), n
    for kind, n in counts.get("masked", {}).items():
        yield words["masked_kind"].format(words.get(f"masked_{kind}", kind)), n
    if "ids_like_personal_data" in counts:
        yield words["like_personal"], counts["ids_like_personal_data"]
    if "closed" in material.manifest:
        yield words["closed_respondents"], material.manifest["closed"]["respondents"]


def _model(material: Material, words: Words) -> Iterator[tuple[str, Any]]:
    scheme, model = material.scheme, material.manifest.get("model", {})
    yield words["scheme_name"], scheme.name or "–"
    yield words["scheme_version"], str(scheme.version)
    yield words["fingerprint"], scheme.fingerprint()
    yield words["model_name"], model.get("name") or "–"
    if model.get("seed") is not None:
        yield words["model_seed"], str(model["seed"])
    if encoder := model.get("encoder"):
        yield words["encoder"], encoder.get("name", "–")
    yield from ((words["threshold"].format(q), value) for q, value in model.get("thresholds", {}).items())


def _trial(material: Material, lang: Lang, words: Words) -> Iterator[Block]:
    trials = read_trials(material.folder, material.scheme)
    if not trials:
        yield Note(words["trial_none"])
        return
    rows = []
    for question, trial in trials.items():
        given, gold = np.asarray(trial.given, bool), np.asarray(trial.gold, bool)
        right = int((given & gold).sum())
        found = (
            right / max(int(given.sum()), 1),
            right / max(int(gold.sum()), 1),
            micro_f1(gold, given),
            macro_f1(gold, given),
        )
        rows.append((Cell(question), count(len(gold), lang), *(share(float(value), lang) for value in found)))
    heads = ("question", "tried_answers", "precision", "recall", "micro_f1", "macro_f1")
    yield Table(
        part_name("trial", material.round),
        words["trial"],
        tuple(words[name] for name in heads),
        tuple(rows),
        (words["trial_about"],),
    )


def _audit(material: Material, lang: Lang, words: Words) -> Iterator[Block]:
    """Say how many answers were audited, and how often the model had coded them as people did."""
    if not material.audited:
        yield Note(words["audit_none"].format(material.round))
        return
    frame = read_evidence(material.folder, material.scheme, 1).frame
    rows: list[Row] = []
    for question in material.scheme.questions:
        own = [row for row in frame.values() if (row.round, row.question) == (material.round, question)]
        decided = [row for row in own if row.decided is not None]
        alike = sum(set(row.decided or ()) == set(row.categories) for row in decided)
        if own:
            agreed = share(alike / len(decided), lang) if decided else Cell("–")
            rows.append(
                (Cell(question), count(len(own), lang), count(len(decided), lang), count(alike, lang), agreed)
            )
    heads = tuple(
        words[name] for name in ("question", "answers_with", "audited_answers", "audit_agreed", "share")
    )
    draw = words["audit_draw"].format(material.manifest["audit"]["draw"])
    yield Table(part_name("audit", material.round), words["audit_table"], heads, tuple(rows), (draw,))


def _checks(material: Material, words: Words) -> Iterator[tuple[str, Any]]:
    source, model = material.manifest.get("input", {}), material.manifest.get("model", {})
    if "sha256" in source:
        yield words["sha_of"].format(source.get("name", "?")), source["sha256"]
    sums = model.get("sha256") or {}
    yield from (
        (words["sha_of"].format(f"{model.get('name')}/{name}"), value) for name, value in sums.items()
    )
    versions = material.manifest.get("versions", {})
    yield from ((words["version_of"].format(name), value) for name, value in versions.items())


def _listed(name: str, caption: str, rows: Any, words: Words, lang: Lang) -> Table:
    """Make a table of names and values."""
    heads = (words["what"], words["value"])
    return Table(name, caption, heads, tuple((Cell(str(what)), _value(value, lang)) for what, value in rows))


def _value(value: Any, lang: Lang) -> Cell:
    if isinstance(value, bool) or value is None:
        said = {"sv": ("nej", "ja"), "en": ("no", "yes")}[lang]
        return Cell("–" if value is None else said[value])
    if isinstance(value, int):
        return count(value, lang)
    if isinstance(value, float):
        return measure(value, 2, lang)
    return Cell(str(value))
