"""A round in, a coded round out: the main job."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from samorsak.answers import Answer, Round
from samorsak.bundle import find_model
from samorsak.coded import CodedAnswer, StatementRow
from samorsak.errors import InputError
from samorsak.pipeline.chunks import begin_work, code_chunks, code_texts, load_source
from samorsak.pipeline.deciding import Decision
from samorsak.pipeline.evidence import SCHEME_FILE, Evidence, drawn_audit, write_manifest
from samorsak.pipeline.model import Model
from samorsak.pipeline.probabilities import write_probabilities
from samorsak.pipeline.reading import MaskedRound, open_round
from samorsak.pipeline.respondents import check_closed, told_of, write_closed
from samorsak.pipeline.trials import TRIAL, read_trials, write_trials
from samorsak.ranking import full_table
from samorsak.report.delimited import write_text
from samorsak.report.files import (
    ANSWERS,
    RANKING,
    STATEMENTS,
    answer_columns,
    write_coded,
    write_ranking,
    write_statements,
)
from samorsak.report.workbook import write_coded_workbook

DEFAULT_MODEL = "af-causes"
WORKBOOK = "coded.xlsx"


@dataclass(frozen=True, slots=True)
class Coded:
    """What a finished run can say of itself.

    Attributes
    ----------
    out : Path
        The run folder.
    answers, statements : int
    dropped, masked : mapping of str to int
        Rows that became no answer by reason, and personal data masked by kind.
    round : Round
    """

    out: Path
    answers: int
    statements: int
    dropped: Mapping[str, int]
    masked: Mapping[str, int]
    round: Round


def classify_round(
    path: str | Path,
    out: str | Path,
    *,
    model: str | Path | None = None,
    encoder: str | Path | None = None,
    allow_network: bool = False,
    text: Mapping[str, str] | None = None,
    id_column: str | None = None,
    round_name: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    keep_personal_data: bool = False,
    resume: bool = False,
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Coded:
    """Code every answer of a round and write the run folder.

    Parameters
    ----------
    path, text, id_column, round_name, sheet, encoding, delimiter, keep_personal_data
        As for `samorsak.pipeline.reading.open_round`.
    out : str or Path
        Gets answers.csv, statements.csv, ranking.csv, coded.xlsx, run.json, scheme.json,
        probabilities.safetensors, where the model was tried trial.csv, and where the round has closed
        questions closed.csv, with all respondents, and closed.json.
    model : str or Path, optional
        A model folder or a model's name; the default model where not given.
    encoder : str or Path, optional
        Where the encoder lies that the model learned with, if not where its name says.
    allow_network : bool
        Whether that encoder may be fetched from a hub.
    resume : bool
        Go on with an interrupted run of the same input and model.
    processes : int, optional
        How many to code with; by default two for large rounds where the machine has two cores.
    progress : callable, optional
        Told how many answers are coded, and of how many.

    Raises
    ------
    InputError
        The round cannot be read, or asks a question that the model's scheme does not have.
    ModelError
        The model, or the encoder it learned with, cannot be loaded.
    """
    folder = Path(out)
    source = (find_model(model or DEFAULT_MODEL), encoder, allow_network)
    loaded, card = load_source(source)
    opened = open_round(
        path,
        text=text,
        id_column=id_column,
        round_name=round_name,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        keep_personal_data=keep_personal_data,
    )
    _check(opened.round, loaded)
    manifest = _manifest(opened, loaded, card, keep_personal_data)
    work = begin_work(folder, manifest, resume)
    decisions = code_chunks(opened.round.answers, source, loaded, work, processes, progress)
    coded, rows, probabilities = _as_rows(opened.round.answers, decisions)
    manifest["counts"]["statements"] = len(rows)
    _write(folder, coded, rows, probabilities, loaded, manifest)
    write_closed(folder, opened.round.closed)
    shutil.rmtree(work)
    return Coded(folder, len(coded), len(rows), opened.round.dropped, opened.masked, opened.round)


def _check(round_: Round, model: Model) -> None:
    """Refuse what could not be coded or written before an hour's work is spent on it."""
    asked = list(dict.fromkeys(answer.question for answer in round_.answers))
    for question in asked:
        if question not in model.questions:
            known = ", ".join(model.questions)
            raise InputError(
                f"{round_.name}: question is {question!r}, the model has: {known};"
                " rename the question or name another --model"
            )
    answer_columns(round_.background)
    check_closed(round_.closed)


def _as_rows(
    answers: Sequence[Answer], decisions: Iterator[Decision]
) -> tuple[list[CodedAnswer], list[StatementRow], list[tuple[float, ...]]]:
    coded, rows, probabilities = [], [], []
    for answer, found in zip(answers, decisions, strict=True):
        coded.append(
            CodedAnswer(
                answer.answer_id,
                answer.round,
                answer.question,
                found.categories,
                answer.text,
                answer.background,
            )
        )
        probabilities.append(found.probabilities)
        for number, s in enumerate(found.statements, 1):
            words = answer.text[s.start : s.end]
            rows.append(
                StatementRow(
                    answer.answer_id,
                    number,
                    s.start,
                    s.end,
                    words,
                    s.category,
                    s.probability,
                    s.next_category,
                    s.next_probability,
                )
            )
    return coded, rows, probabilities


def _write(
    folder: Path,
    coded: Sequence[CodedAnswer],
    rows: Sequence[StatementRow],
    probabilities: Sequence[Sequence[float]],
    model: Model,
    manifest: Mapping[str, Any],
) -> None:
    write_probabilities(folder, coded, probabilities)
    write_trials(folder / TRIAL, model)
    evidence = Evidence(model.scheme, read_trials(folder, model.scheme), {})
    ranking = full_table(coded, model.scheme, estimate=evidence).rows
    if drawn := drawn_audit(folder):
        manifest = {**manifest, "audit": drawn}  # it has a frame of its own, and outlives this coding
    about = [(key, str(value)) for key, value in _flat(manifest) if value is not None]
    write_coded(folder / ANSWERS, coded)
    write_statements(folder / STATEMENTS, rows)
    write_ranking(folder / RANKING, ranking)
    write_coded_workbook(folder / WORKBOOK, coded, rows, ranking, about, model.scheme)
    scheme = model.scheme.model_dump_json(by_alias=True, exclude_defaults=True, indent=1)
    write_text(folder / SCHEME_FILE, scheme + "\n")
    write_manifest(folder, manifest)


def _flat(nested: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in sorted(nested.items()):
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def _manifest(opened: MaskedRound, model: Model, card: Mapping[str, Any], kept: bool) -> dict[str, Any]:
    """Say what went in and by what it was coded: no clock, no path, no text of an answer."""
    found = opened.round
    return {
        "input": {
            "name": found.name,
            "sha256": found.sha256,
            "format": found.format,
            "layout": found.layout,
            "encoding": found.encoding,
            "delimiter": found.delimiter,
            "sheet": found.sheet,
            "columns": dict(found.columns),
        },
        "scheme": {"version": model.scheme.version, "fingerprint": model.scheme.fingerprint()},
        "model": {
            "name": card.get("name"),
            "sha256": card.get("sha256"),
            "seed": card.get("seed"),
            "thresholds": dict(card.get("thresholds", {})),
        }
        | ({"encoder": dict(card["encoder"])} if "encoder" in card else {}),
        "counts": {
            "rows": found.rows,
            "cells": found.cells,
            "answers": len(found.answers),
            "dropped": dict(found.dropped),
            "masked": dict(opened.masked),
            "ids_like_personal_data": opened.personal_ids,
        },
        "personal_data": "kept" if kept else "masked",
        "versions": {name: _version(name) for name in ("samorsak", "numpy", "scipy", "spacy")}
        | {"python": platform.python_version()},
    } | told_of(found.closed)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


__all__ = ["DEFAULT_MODEL", "Coded", "classify_round", "code_texts"]
