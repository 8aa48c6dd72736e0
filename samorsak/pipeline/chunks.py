"""Answers coded chunk by chunk; each finished chunk is kept in a file, so that an interrupted run can go on.

A chunk's result depends on its answers and the model alone, not on who codes it or what was coded before.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from hashlib import sha256
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from samorsak.answers import Answer
from samorsak.errors import InputError
from samorsak.pipeline.deciding import Decision, Statement, decide
from samorsak.pipeline.model import Model
from samorsak.pipeline.training import load_model

CHUNK = 1000
"""Answers coded at a time; decides how much memory is needed, not what comes out."""

LARGE = 10_000
"""From this many answers on, a second process pays for its own start."""

_PARTIAL = "partial"

Source = tuple[Path, str | Path | None, bool]
"""A model's folder, where its encoder lies if not where its name says, whether that may be fetched."""


def begin_work(folder: Path, manifest: Mapping[str, Any], resume: bool) -> Path:
    """Make the run folder and the place for finished chunks; without `resume` it is empty.

    Raises
    ------
    InputError
        The folder cannot be written, or `resume` finds a run of another input or model in it.
    """
    work = folder / _PARTIAL
    key = work / "key"
    wanted = sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    try:
        if work.is_dir() and not (resume and key.is_file() and key.read_text(encoding="ascii") == wanted):
            if resume and key.is_file():
                raise InputError(
                    f"{folder}: holds an interrupted run of another input or model; "
                    "leave --resume out to start anew"
                )
            shutil.rmtree(work)
        work.mkdir(parents=True, exist_ok=True)
        key.write_text(wanted, encoding="ascii")
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror}); choose another --out") from None
    return work


def code_chunks(
    answers: Sequence[Answer],
    source: Source,
    model: Model,
    work: Path,
    processes: int | None,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Decision]:
    """Code chunk by chunk, in this process or several; each chunk is read back as soon as it is finished.

    Parameters
    ----------
    source : Source
        What another process loads the model from.
    work : Path
        As `begin_work` gives it.
    processes : int or None
        None for two where there are many answers and two cores.
    """
    chunks = [answers[at : at + CHUNK] for at in range(0, len(answers), CHUNK)]
    files = [work / f"{number:06}.json" for number in range(len(chunks))]
    todo = [n for n, file in enumerate(files) if not file.is_file()]
    workers = processes or (min(2, os.cpu_count() or 1) if len(answers) >= LARGE else 1)
    done = sum(len(chunks[n]) for n in set(range(len(chunks))) - set(todo))
    tasks = ([(a.question, a.text) for a in chunks[n]] for n in todo)
    places = [files[n] for n in todo]
    with ExitStack() as stack:
        if workers > 1 and len(todo) > 1:
            pool = stack.enter_context(_pool(min(workers, len(todo))))
            coded = pool.map(_code_apart, repeat(source), tasks, places)
        else:
            coded = map(_code, repeat(model), tasks, places)
        for n, file in enumerate(files):
            if n in todo:
                next(coded)
                done += len(chunks[n])
                if progress:
                    progress(done, len(answers))
            yield from _load(file)


def _pool(workers: int) -> ProcessPoolExecutor:
    # how often to look for garbage holds for them too
    collecting = gc.get_threshold()
    return ProcessPoolExecutor(workers, get_context("spawn"), gc.set_threshold, collecting)


_apart: dict[Source, Model] = {}
"""The model of a worker process, loaded once in it."""


def load_source(source: Source) -> tuple[Model, Mapping[str, Any]]:
    """Load a model and its card, as `samorsak.pipeline.training.load_model` does."""
    location, encoder, allow_network = source
    return load_model(location, encoder=encoder, allow_network=allow_network)


def _code_apart(source: Source, task: Sequence[tuple[str, str]], file: Path) -> None:
    if source not in _apart:
        _apart[source] = load_source(source)[0]
    _code(_apart[source], task, file)


def _code(model: Model, task: Sequence[tuple[str, str]], file: Path) -> None:
    _save(file, code_texts(model, task))


def code_texts(model: Model, texts: Sequence[tuple[str, str]]) -> list[Decision]:
    """Code (question, text) pairs, in order; the same text to the same question is looked at once."""
    by_question: dict[str, dict[str, int]] = {}
    for question, text in texts:
        found = by_question.setdefault(question, {})
        found.setdefault(text, len(found))
    decided = {
        q: decide(model.questions[q], list(found), model.scheme.language, model.encoder)
        for q, found in by_question.items()
    }
    return [decided[question][by_question[question][text]] for question, text in texts]


def _save(file: Path, decisions: Sequence[Decision]) -> None:
    packed = [
        [
            d.categories,
            [
                (s.start, s.end, s.category, s.probability, s.next_category, s.next_probability)
                for s in d.statements
            ],
            d.probabilities,
        ]
        for d in decisions
    ]
    part = file.with_suffix(".part")
    part.write_text(json.dumps(packed), encoding="utf-8")
    part.replace(file)


def _load(file: Path) -> Iterator[Decision]:
    for categories, statements, probabilities in json.loads(file.read_text(encoding="utf-8")):
        yield Decision(tuple(categories), tuple(Statement(*s) for s in statements), tuple(probabilities))
