"""A round in, a coded round out: the main job.

Answers are coded in chunks; each finished chunk stands in a file of the run folder until the run is whole, so
that an interrupted run can go on. A chunk's result depends on its answers and the model alone.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from samorsak.answers import Answer, Round
from samorsak.bundle import find_model
from samorsak.coded import CodedAnswer, StatementRow
from samorsak.errors import InputError
from samorsak.pipeline.deciding import Decision, Statement, decide
from samorsak.pipeline.model import Model
from samorsak.pipeline.ranking import SCHEME_FILE
from samorsak.pipeline.reading import MaskedRound, open_round
from samorsak.pipeline.training import load_model
from samorsak.ranking import full_table
from samorsak.report.files import (
    ANSWERS,
    RANKING,
    STATEMENTS,
    answer_columns,
    write_coded,
    write_ranking,
    write_statements,
    write_text,
)
from samorsak.report.workbook import write_coded_workbook

DEFAULT_MODEL = "af-causes"
RUN_FILE = "run.json"
WORKBOOK = "coded.xlsx"

CHUNK = 1000
"""Answers coded at a time; decides how much memory is needed, not what comes out."""

LARGE = 5000
"""From this many answers on, a second process pays for its own start."""

_PARTIAL = "partial"


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
        Gets answers.csv, statements.csv, ranking.csv, coded.xlsx, run.json and scheme.json.
    model : str or Path, optional
        A model folder or a model's name; the default model where not given.
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
        The model cannot be loaded.
    """
    folder = Path(out)
    location = find_model(model or DEFAULT_MODEL)
    loaded, card = load_model(location)
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
    answers = opened.round.answers
    _check(opened.round, loaded)
    manifest = _manifest(opened, loaded, card, keep_personal_data)
    work = _begin(folder, manifest, resume)
    decisions = _coded_chunks(answers, location, loaded, work, processes, progress)
    coded, rows = _as_rows(answers, decisions)
    manifest["counts"] |= {"statements": len(rows), "answers": len(coded)}
    _write(folder, coded, rows, loaded, manifest)
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


def _begin(folder: Path, manifest: Mapping[str, Any], resume: bool) -> Path:
    """Make the run folder and the place for finished chunks; without `resume`, or for another run, it is empty."""
    work = folder / _PARTIAL
    key = work / "key"
    wanted = sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    try:
        if work.is_dir() and not (resume and key.is_file() and key.read_text(encoding="ascii") == wanted):
            if resume and key.is_file():
                raise InputError(
                    f"{folder}: holds an interrupted run of another input or model; leave --resume out to start anew"
                )
            shutil.rmtree(work)
        work.mkdir(parents=True, exist_ok=True)
        key.write_text(wanted, encoding="ascii")
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror}); choose another --out") from None
    return work


def _coded_chunks(
    answers: Sequence[Answer],
    location: Path,
    model: Model,
    work: Path,
    processes: int | None,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Decision]:
    """Code chunk by chunk, in this process or several; finished chunks are read back."""
    chunks = [answers[at : at + CHUNK] for at in range(0, len(answers), CHUNK)]
    files = [work / f"{number:06}.json" for number in range(len(chunks))]
    todo = [n for n, file in enumerate(files) if not file.is_file()]
    workers = processes or (min(2, os.cpu_count() or 1) if len(answers) >= LARGE else 1)
    done = sum(len(chunks[n]) for n in set(range(len(chunks))) - set(todo))
    tasks = ([(a.question, a.text) for a in chunks[n]] for n in todo)
    if workers > 1 and len(todo) > 1:
        with ProcessPoolExecutor(min(workers, len(todo)), mp_context=get_context("spawn")) as pool:
            for n, _ in zip(todo, pool.map(_code_apart, tasks, repeat(location), (files[n] for n in todo)), strict=True):
                done += len(chunks[n])
                if progress:
                    progress(done, len(answers))
    else:
        for n, task in zip(todo, tasks, strict=True):
            _save(files[n], code_texts(model, task))
            done += len(chunks[n])
            if progress:
                progress(done, len(answers))
    for file in files:
        yield from _load(file)


_apart: dict[Path, Model] = {}
"""The model of a worker process, loaded once in it."""


def _code_apart(task: list[tuple[str, str]], location: Path, file: Path) -> None:
    if location not in _apart:
        _apart[location] = load_model(location)[0]
    _save(file, code_texts(_apart[location], task))


def code_texts(model: Model, texts: Sequence[tuple[str, str]]) -> list[Decision]:
    """Code (question, text) pairs, in order; the same text to the same question is looked at once."""
    by_question: dict[str, dict[str, int]] = {}
    for question, text in texts:
        found = by_question.setdefault(question, {})
        found.setdefault(text, len(found))
    decided = {q: decide(model.questions[q], list(found), model.scheme.language) for q, found in by_question.items()}
    return [decided[question][by_question[question][text]] for question, text in texts]


def _save(file: Path, decisions: Sequence[Decision]) -> None:
    packed = [[d.categories, [astuple(s) for s in d.statements]] for d in decisions]
    part = file.with_suffix(".part")
    part.write_text(json.dumps(packed), encoding="utf-8")
    part.replace(file)


def _load(file: Path) -> Iterator[Decision]:
    for categories, statements in json.loads(file.read_text(encoding="utf-8")):
        yield Decision(tuple(categories), tuple(Statement(*s) for s in statements))


def _as_rows(
    answers: Sequence[Answer], decisions: Iterator[Decision]
) -> tuple[list[CodedAnswer], list[StatementRow]]:
    coded, rows = [], []
    for answer, found in zip(answers, decisions, strict=True):
        coded.append(
            CodedAnswer(
                answer.answer_id, answer.round, answer.question, found.categories, answer.text, answer.background
            )
        )
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
    return coded, rows


def _write(
    folder: Path,
    coded: Sequence[CodedAnswer],
    rows: Sequence[StatementRow],
    model: Model,
    manifest: Mapping[str, Any],
) -> None:
    ranking = full_table(coded, model.scheme).rows
    about = [(key, str(value)) for key, value in _flat(manifest)]
    write_coded(folder / ANSWERS, coded)
    write_statements(folder / STATEMENTS, rows)
    write_ranking(folder / RANKING, ranking)
    write_coded_workbook(folder / WORKBOOK, coded, rows, ranking, about, model.scheme)
    scheme = model.scheme.model_dump_json(by_alias=True, exclude_defaults=True, indent=1)
    write_text(folder / SCHEME_FILE, scheme + "\n")
    write_text(folder / RUN_FILE, json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


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
        },
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
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


__all__ = ["DEFAULT_MODEL", "Coded", "classify_round", "code_texts"]
