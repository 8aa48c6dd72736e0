"""The frame of an audit: the answers it was drawn from, with what the machine said of them at the draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import InputError
from samorsak.ranking.blocks import Block, given_by
from samorsak.report.delimited import number_in, parsed, read_rows, write_rows
from samorsak.scheme import Scheme
from samorsak.shares import Audit

FRAME = "audit-frame.csv"
"""What the file is called in the folder of a coded round."""

_COLUMNS = (
    "answer_id",
    "round",
    "question",
    "text_sha256",
    "known",
    "categories",
    "probabilities",
    "place",
    "decided",
)


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One answer at the draw.

    Attributes
    ----------
    text_sha256 : str
        As `samorsak.pipeline.annotated.text_sha256` gives it.
    known : bool
        A person had decided before the draw; the answer could not be drawn.
    categories : tuple of str
        The machine's, or where known the person's; ``("no_cause",)`` for none.
    probabilities : tuple of float
        The machine's, in the order of the scheme's outcomes.
    place : int or None
        In the draw of its round and question, from 1; None where it was not drawn.
    decided : tuple of str or None
        What the audit decided; None before, and where the answer was not audited.
    """

    answer_id: str
    round: str
    question: str
    text_sha256: str
    known: bool
    categories: tuple[str, ...]
    probabilities: tuple[float, ...]
    place: int | None = None
    decided: tuple[str, ...] | None = None


def write_frame(path: Path, rows: Sequence[FrameRow]) -> str:
    """Write the frame and give the sha256 of its bytes.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    write_rows(path, _COLUMNS, (_cells(row) for row in rows))
    return frame_sha256(path)


def frame_sha256(path: Path) -> str:
    """Hash the file of a frame.

    Raises
    ------
    InputError
        There is none.
    """
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        raise InputError(
            f"{path}: no such file, or not readable; expected the frame that 'samorsak audit draw' wrote"
        ) from None


def read_frame(path: Path) -> tuple[FrameRow, ...]:
    """Read the frame of an audit.

    Raises
    ------
    InputError
        No such file, or not as it was written.
    """
    header, rows = read_rows(path, _COLUMNS)

    def row(cells: dict[str, str]) -> FrameRow:
        decided = cells["decided"]
        return FrameRow(
            cells["answer_id"],
            cells["round"],
            cells["question"],
            cells["text_sha256"],
            bool(number_in(cells, "known", int)),
            tuple(cells["categories"].split(";")),
            tuple(float(p) for p in cells["probabilities"].split(";")),
            number_in(cells, "place", int) if cells["place"] else None,
            tuple(decided.split(";")) if decided else None,
        )

    return parsed(path, header, rows, row)


def _cells(row: FrameRow) -> list[str]:
    probabilities = ";".join(f"{p:.6f}" for p in row.probabilities)
    place = "" if row.place is None else str(row.place)
    machine = [str(int(row.known)), ";".join(row.categories), probabilities]
    return [
        *(row.answer_id, row.round, row.question, row.text_sha256),
        *(*machine, place, ";".join(row.decided or ())),
    ]


def audit_of(block: Block, frame: Mapping[str, FrameRow], scheme: Scheme) -> Audit:
    """Make a block's audit: the frame's labels, and what was decided of the answers that were drawn.

    Raises
    ------
    InputError
        An answer is not in the frame, or has a category that the scheme does not have.
    """
    if stray := next((a.answer_id for a in block.answers if a.answer_id not in frame), None):
        raise InputError(
            f"{FRAME}: answer {stray!r} is missing, expected all; run 'samorsak audit estimate' again"
        )
    rows = [frame[answer.answer_id] for answer in block.answers]
    machine = [replace(a, categories=row.categories) for a, row in zip(block.answers, rows, strict=True)]
    people = {
        i: replace(block.answers[i], categories=row.decided) for i, row in enumerate(rows) if row.decided
    }
    probability: NDArray[np.float64] = np.array([row.probabilities for row in rows], float)
    return Audit(
        given_by(machine, block.question, scheme),
        np.array(list(people), np.int64),
        given_by(list(people.values()), block.question, scheme),
        probability.reshape(len(rows), -1),
        np.array([row.known for row in rows], bool),
        block.weight,
    )
