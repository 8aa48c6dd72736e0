"""Which answers go into a review workbook: chosen from a folder, of a queue, or drawn for an audit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from samorsak.annotations import QueueRow, read_annotations, read_queue
from samorsak.errors import AnnotationError, InputError
from samorsak.pipeline.annotated import AUDIT
from samorsak.pipeline.evidence import read_run_scheme
from samorsak.pipeline.reviewing import build_queue
from samorsak.scheme import Scheme, read_scheme

_N = 50


def rows_to_review(
    folder: str | Path | None,
    n: int | None = None,
    *,
    queue: str | Path | None = None,
    audit: bool = False,
    annotations: str | Path | None = None,
    scheme: str = "af",
    say: Callable[[str], None] | None = None,
) -> tuple[tuple[QueueRow, ...], Scheme]:
    """Give the answers to export, and their scheme.

    Parameters
    ----------
    folder : str or Path, optional
        As `samorsak classify` wrote it; its scheme holds. May be left out with a queue.
    n : int, optional
        Answers at most: of a queue all if not given, of a folder 50.
    queue : str or Path, optional
        In place of what `samorsak.pipeline.reviewing.build_queue` chooses.
    audit : bool
        Take the drawn sample of the folder, all of it.
    annotations : str or Path, optional
        The folder of the logs: what is decided there is left out of what is chosen.
    scheme : str
        Of a queue without a folder.
    say : callable, optional
        Told what `build_queue` says.

    Raises
    ------
    AnnotationError
        There is no draw, or some of it is decided in its file already; or the queue is none.
    InputError, SchemeError
        Not a run folder, or a damaged one; or neither a folder nor a queue.
    """
    of = read_scheme(scheme) if folder is None else read_run_scheme(folder)
    if folder is not None and audit:
        return _audit_rows(Path(folder), of), of
    if queue is not None:
        return read_queue(Path(queue))[:n], of
    if folder is None:
        raise InputError("neither a run folder nor a queue, expected one of them; name it")
    logs = [] if annotations is None or not any(Path(annotations).glob("*.jsonl")) else [annotations]
    return build_queue(folder, n or _N, annotations=logs, say=say), of


def _audit_rows(folder: Path, scheme: Scheme) -> tuple[QueueRow, ...]:
    """Read the drawn sample of a coded round, to be decided blind."""
    file = folder / AUDIT
    if not file.is_file():
        raise AnnotationError(f"{file}: no such file; run 'samorsak audit draw {folder}' first")
    drawn = read_annotations([file], scheme, undecided_ok=True)
    if decided := sum(a.decided for a in drawn):
        raise AnnotationError(
            f"{file}: {decided} of its answers are decided in it, expected none; go on in that file"
        )
    fields = ("answer_id", "round", "question", "text", "audit")
    return tuple(QueueRow(**{name: getattr(a, name) for name in fields}) for a in drawn)
