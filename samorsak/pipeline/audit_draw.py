"""A random sample of a coded round for people to decide blind, and the frame it was drawn from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from samorsak.annotations import Annotation, categories_of, read_annotations
from samorsak.coded import CodedAnswer, natural_order
from samorsak.errors import AnnotationError, InputError, collected
from samorsak.pipeline.annotated import AUDIT, text_sha256
from samorsak.pipeline.evidence import read_manifest, read_run_scheme, write_manifest
from samorsak.pipeline.fixed import read_fixed
from samorsak.pipeline.frame import FRAME, FrameRow, write_frame
from samorsak.pipeline.probabilities import read_probabilities
from samorsak.report.delimited import write_text
from samorsak.report.files import read_coded
from samorsak.scheme import Scheme
from samorsak.shares import CUT
from samorsak.text import sha256


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn to one question of a round."""

    round: str
    question: str
    answers: int
    known: int
    drawn: int


def draw_audit(
    folder: str | Path,
    n: int,
    *,
    seed: int = 0,
    annotations: Sequence[Path] = (),
    overwrite: bool = False,
) -> tuple[Drawn, ...]:
    """Draw a simple random sample of answers, for each round and question, and write it to be decided.

    Writes audit.jsonl (the sample in draw order, undecided, without anything the machine said), the frame
    with the machine's labels and probabilities as they are now, and what was done into run.json. A draw
    depends on the seed, the round, the question and the ids of the answers; of a larger draw with the same
    seed, a smaller one is the beginning.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify` wrote it, or `samorsak review apply`: what was reviewed is known.
    n : int
        Answers per round and question; at most all are drawn.
    seed : int
    annotations : sequence of Path
        What people decided before: these answers are known, and not drawn. Rows of other rounds are passed
        over.
    overwrite : bool
        Replace a draw that is there.

    Raises
    ------
    InputError
        Not a run folder, or one with an audit, or of an audited round; or `n` or `seed` is too small.
    AnnotationError
        A decided answer has another text in the round.
    """
    for name, value, least in (("n", n, 1), ("seed", seed, 0)):
        if value < least:
            raise InputError(f"{name} is {value}, expected {least} or more")
    folder = Path(folder)
    coded = read_coded(folder)
    scheme = read_run_scheme(folder)
    manifest = read_manifest(folder)
    _check_free(folder, "decided" in manifest.get("audit", {}), overwrite)
    known = {answer_id: row.decided for answer_id, row in read_fixed(folder, manifest).items()}
    known |= _known(coded, read_annotations(annotations, scheme) if annotations else ())
    rows = sample(_frame(coded, known, read_probabilities(folder, coded, scheme)), n, seed)
    digest = write_frame(folder / FRAME, rows)
    draw = digest[:8]
    texts = {answer.answer_id: answer.text for answer in coded}
    write_text(folder / AUDIT, "".join(_lines(rows, texts, draw, scheme)))
    drawn = tuple(_drawn(rows, scheme))
    audit = {
        "scheme": scheme.fingerprint(),
        "model": manifest.get("model"),
        "seed": seed,
        "n": n,
        "cut": CUT,
        "draw": draw,
        "frame_sha256": digest,
        "answers": {f"{d.round}/{d.question}": d.answers for d in drawn},
        "known": {f"{d.round}/{d.question}": d.known for d in drawn},
        "drawn": {f"{d.round}/{d.question}": d.drawn for d in drawn},
    }
    write_manifest(folder, {**manifest, "audit": audit})
    return drawn


def sample(rows: Sequence[FrameRow], n: int, seed: int) -> list[FrameRow]:
    """Give the rows with their places in a simple random sample, n for each round and question.

    Examples
    --------
    >>> rows = [FrameRow(str(i), "2024", "missed", "", i == 0, ("other",), (0.5,)) for i in range(4)]
    >>> sorted((row.place or 0) for row in sample(rows, 2, seed=1))
    [0, 0, 1, 2]
    """
    places: dict[str, int] = {}
    lists = {(row.round, row.question) for row in rows}
    for round_, question in lists:
        ids = sorted(r.answer_id for r in rows if (r.round, r.question) == (round_, question) and not r.known)
        own = int(sha256(json.dumps([round_, question]))[:16], 16)
        order = np.random.default_rng([seed, own]).permutation(len(ids))[:n].tolist()
        places |= {ids[at]: place for place, at in enumerate(order, 1)}
    return [replace(row, place=places.get(row.answer_id)) for row in rows]


def _check_free(folder: Path, audited: bool, overwrite: bool) -> None:
    if audited:
        raise InputError(
            f"{folder}: an audited round, expected one as 'samorsak classify' wrote it; draw from that one"
        )
    there = [name for name in (AUDIT, FRAME) if (folder / name).exists()]
    if there and not overwrite:
        raise InputError(
            f"{folder / there[0]}: an audit is drawn already, and drawing again would make it worthless; "
            "decide that one, or add --overwrite"
        )


def _known(coded: Sequence[CodedAnswer], annotations: Sequence[Annotation]) -> Mapping[str, tuple[str, ...]]:
    """Give what was decided of answers of the round, by their ids."""
    by_id = {answer.answer_id: answer for answer in coded}
    known: dict[str, tuple[str, ...]] = {}
    problems = []
    for a in annotations:
        answer = by_id.get(a.answer_id)
        if answer is None or answer.question != a.question or a.round not in ("", answer.round):
            continue
        if text_sha256(a.text) != text_sha256(answer.text):
            problems.append(
                f"{a.source}: answer {a.answer_id!r} has another text than in the round, expected the same; "
                "take the row out, or mend its id"
            )
        known[a.answer_id] = tuple(sorted(categories_of(a)))
    if problems:
        raise AnnotationError(collected(problems, "rows that are of no answer"))
    return known


def _frame(
    coded: Sequence[CodedAnswer],
    known: Mapping[str, tuple[str, ...]],
    probabilities: Mapping[str, NDArray[np.float64]],
) -> list[FrameRow]:
    return [
        FrameRow(
            answer.answer_id,
            answer.round,
            answer.question,
            text_sha256(answer.text),
            answer.answer_id in known,
            known.get(answer.answer_id, answer.categories),
            tuple(probabilities[answer.answer_id].tolist()),
        )
        for answer in coded
    ]


def _in_order(rows: Sequence[FrameRow], scheme: Scheme) -> list[tuple[tuple[str, str], list[FrameRow]]]:
    """Sort the rows into lists in the order of ranked lists; in a list by place, what was not drawn last."""
    questions = list(scheme.questions)

    def key(row: FrameRow) -> tuple[object, int]:
        return natural_order(row.round), questions.index(row.question)

    def place(row: FrameRow) -> float:
        return row.place or float("inf")

    ordered = sorted(sorted(rows, key=place), key=key)
    return [(k, list(own)) for k, own in groupby(ordered, key=lambda row: (row.round, row.question))]


def _drawn(rows: Sequence[FrameRow], scheme: Scheme) -> Iterator[Drawn]:
    for (round_, question), own in _in_order(rows, scheme):
        known, drawn = sum(r.known for r in own), sum(r.place is not None for r in own)
        yield Drawn(round_, question, len(own), known, drawn)


def _lines(rows: Sequence[FrameRow], texts: Mapping[str, str], draw: str, scheme: Scheme) -> Iterator[str]:
    for _, own in _in_order(rows, scheme):
        for row in own:
            if row.place is None:
                continue
            written = {
                "answer_id": row.answer_id,
                "round": row.round,
                "question": row.question,
                "text": texts[row.answer_id],
                "audit": f"{draw}/{row.place}",
            }
            yield json.dumps(written, ensure_ascii=False) + "\n"
