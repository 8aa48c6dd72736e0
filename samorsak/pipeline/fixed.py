"""What people decided on review, as fixed values in a run folder: beside what the machine had said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from samorsak.errors import InputError
from samorsak.report.delimited import parsed, read_rows, write_rows

REVIEWED = "reviewed.csv"
"""What the file is called in the folder of a reviewed round."""

_COLUMNS = ("answer_id", "machine", "decided", "annotator", "origin")


@dataclass(frozen=True, slots=True)
class FixedRow:
    """One reviewed answer.

    Attributes
    ----------
    machine, decided : tuple of str
        The categories that the machine gave and that the person did; ``("no_cause",)`` for none.
    annotator, origin : str
        Who decided, and whether with a suggestion in view.
    """

    answer_id: str
    machine: tuple[str, ...]
    decided: tuple[str, ...]
    annotator: str
    origin: str


def write_fixed(folder: Path, rows: Sequence[FixedRow]) -> str:
    """Write reviewed.csv and give the sha256 of its bytes.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    cells = ([r.answer_id, ";".join(r.machine), ";".join(r.decided), r.annotator, r.origin] for r in rows)
    write_rows(folder / REVIEWED, _COLUMNS, cells)
    return sha256((folder / REVIEWED).read_bytes()).hexdigest()


def read_fixed(folder: Path, manifest: Mapping[str, Any]) -> dict[str, FixedRow]:
    """Read the reviewed answers of a run folder by their ids; none where its manifest knows of no review.

    Raises
    ------
    InputError
        The file is missing, or not as it was written.
    """
    review = manifest.get("review")
    if review is None:
        return {}
    path = folder / REVIEWED
    header, rows = read_rows(path, _COLUMNS)
    own = review.get("sha256") if isinstance(review, dict) else None
    if sha256(path.read_bytes()).hexdigest() != own:
        raise InputError(f"{path}: changed since it was written; run 'samorsak review apply' again")

    def row(cells: dict[str, str]) -> FixedRow:
        machine, decided = (tuple(cells[name].split(";")) for name in ("machine", "decided"))
        return FixedRow(cells["answer_id"], machine, decided, cells["annotator"], cells["origin"])

    return {row.answer_id: row for row in parsed(path, header, rows, row)}
