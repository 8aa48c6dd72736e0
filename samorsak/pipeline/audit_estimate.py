"""A decided audit into a corrected round: the ranked lists that the draw and its decisions give."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from samorsak.annotations import Annotation, categories_of, read_decisions
from samorsak.annotations.reading import annotation_files
from samorsak.coded import CodedAnswer
from samorsak.errors import AnnotationError, InputError, TooFewError, collected
from samorsak.pipeline.annotated import AUDIT, text_sha256
from samorsak.pipeline.evidence import (
    SCHEME_FILE,
    Evidence,
    read_manifest,
    read_run_scheme,
    write_manifest,
)
from samorsak.pipeline.fixed import REVIEWED, read_fixed
from samorsak.pipeline.frame import FRAME, FrameRow, frame_sha256, read_frame, write_frame
from samorsak.pipeline.respondents import copy_closed
from samorsak.pipeline.trials import TRIAL, read_trials
from samorsak.ranking import full_table
from samorsak.report.files import ANSWERS, RANKING, read_coded, write_coded, write_ranking
from samorsak.report.workbook import write_ranking_workbook
from samorsak.scheme import Scheme

RANKING_WORKBOOK = "ranking.xlsx"


@dataclass(frozen=True, slots=True)
class Audited:
    """How far the audit of one question of a round has come."""

    round: str
    question: str
    answers: int
    known: int
    drawn: int
    decided: int


def estimate_audit(
    folder: str | Path, audit: str | Path | None = None, out: str | Path | None = None
) -> tuple[Path, tuple[Audited, ...]]:
    """Correct a round's shares by its audit and write them as a run folder of their own.

    Parameters
    ----------
    folder : str or Path
        A run folder that an audit was drawn from. What the machine said is taken as of the draw, whatever
        the round was coded by since.
    audit : str or Path, optional
        The drawn file with decisions, a log, or a folder of logs, of which only rows of the draw are looked
        at; audit.jsonl of the folder if not given. For each round and question a beginning of the draw must
        be decided: only that is a random sample.
    out : str or Path, optional
        Gets answers.csv, ranking.csv, ranking.xlsx, run.json, scheme.json and the frame; the folder `audited`
        in the run folder if not given.

    Returns
    -------
    tuple of Path and tuple of Audited
        Where it was written, and what it rests on.

    Raises
    ------
    InputError
        There is no draw, its frame is damaged or not of these answers, or `out` holds something else.
    AnnotationError
        Rows that are not of the draw, changed or doubled, or a gap in the decisions.
    TooFewError
        Nothing is decided.
    """
    folder = Path(folder)
    file = Path(audit) if audit is not None else folder / AUDIT
    place = Path(out) if out is not None else folder / "audited"
    coded, scheme, manifest = read_coded(folder), read_run_scheme(folder), read_manifest(folder)
    drawn = manifest.get("audit", {})
    _check_run(folder, place, scheme, drawn)
    frame = _read_drawn(folder, coded, drawn)
    decided = _decided(file, frame, drawn["draw"], scheme)
    _check_beginning(file, frame, decided)
    frame = {i: replace(row, decided=decided.get(i)) for i, row in frame.items()}
    progress = tuple(_progress(frame.values()))
    own = {
        "decided": {f"{a.round}/{a.question}": a.decided for a in progress},
        "file": {"name": file.name, "sha256": _digest(file)},
    }
    same_model = drawn.get("model") == manifest.get("model")
    manifest.pop("suppression", None)  # other numbers are small here
    _write(folder, place, coded, scheme, frame, {**manifest, "audit": {**drawn, **own}}, same_model)
    return place, progress


def _digest(file: Path) -> str:
    """Hash a file, or the files of annotations in a folder one behind the other."""
    own = sha256()
    for one in annotation_files([file]):
        own.update(one.read_bytes())
    return own.hexdigest()


def _check_run(folder: Path, out: Path, scheme: Scheme, drawn: Mapping[str, Any]) -> None:
    if not drawn or "decided" in drawn:
        raise InputError(f"{folder}: no audit is drawn from it; run 'samorsak audit draw' first")
    if drawn["scheme"] != scheme.fingerprint():
        raise InputError(
            f"{folder}: coded by another scheme since the draw; code it by that of the draw, or draw again"
        )
    if out.exists() and out.samefile(folder):
        raise InputError(f"{out}: the round itself, expected another folder for --out; its lists are kept")
    if out.is_dir() and any(out.iterdir()):
        try:
            ours = "decided" in read_manifest(out).get("audit", {})
        except InputError:
            ours = False
        if not ours:
            raise InputError(f"{out}: holds something else than an audited round; name another --out")


def _read_drawn(folder: Path, coded: Sequence[CodedAnswer], drawn: Mapping[str, Any]) -> dict[str, FrameRow]:
    """Read the frame, if it is as it was drawn and of these answers; give it in their order."""
    path = folder / FRAME
    if frame_sha256(path) != drawn["frame_sha256"]:
        raise InputError(f"{path}: changed since the draw; restore it, or draw again")
    rows = {row.answer_id: row for row in read_frame(path)}
    texts = {answer.answer_id: text_sha256(answer.text) for answer in coded}
    if texts != {answer_id: row.text_sha256 for answer_id, row in rows.items()}:
        raise InputError(
            f"{folder / ANSWERS}: not the answers of the draw; code that round again, or draw again"
        )
    return {answer_id: rows[answer_id] for answer_id in texts}


def _decided(
    file: Path, frame: Mapping[str, FrameRow], draw: str, scheme: Scheme
) -> dict[str, tuple[str, ...]]:
    """Read what was decided of the answers that were drawn, by their ids."""
    read = read_decisions([file], scheme, undecided_ok=True, twice_ok=False, draw=draw)
    annotations = [found.annotation for found in read.found]
    problems = [f"{file}: answer {a.answer_id!r} {f}" for a in annotations for f in _faults(a, frame, draw)]
    problems += [
        f"{file}: answer {d.answer_id!r} is decided differently by {' and '.join(d.annotators)}, "
        "expected one decision; settle which holds"
        for d in read.disputed
    ]
    if problems:
        raise AnnotationError(collected(problems, "rows that are not of the draw"))
    decided = {a.answer_id: tuple(sorted(categories_of(a))) for a in annotations if a.decided}
    if not decided:
        raise TooFewError(f"{file}: nothing is decided, expected statements or categories in its rows")
    return decided


def _faults(annotation: Annotation, frame: Mapping[str, FrameRow], draw: str) -> Iterator[str]:
    row = frame.get(annotation.answer_id)
    if row is None or row.place is None:
        yield "is not in the draw; take the row out"
        return
    if annotation.audit != f"{draw}/{row.place}":
        yield f"has audit {annotation.audit!r}, expected '{draw}/{row.place}'; decide the file of this draw"
    if (annotation.round, annotation.question) != (row.round, row.question):
        yield f"is of another round or question, expected {row.round!r} and {row.question!r}"
    if text_sha256(annotation.text) != row.text_sha256:
        yield "has another text than at the draw; restore the text"
    if annotation.decided and annotation.origin == "suggested":
        yield "was decided with a suggestion in view, expected 'blind'; decide it anew without one"


def _check_beginning(file: Path, frame: Mapping[str, FrameRow], decided: Mapping[str, object]) -> None:
    """Refuse a decided row behind an undecided one, and name the first gap."""
    drawn = sorted((r for r in frame.values() if r.place is not None), key=lambda r: r.place or 0)
    last: dict[tuple[str, str], int] = {}
    for row in drawn:
        if row.answer_id in decided:
            last[row.round, row.question] = row.place or 0
    for row in drawn:
        if row.answer_id not in decided and (row.place or 0) < last.get((row.round, row.question), 0):
            raise AnnotationError(
                f"{file}: answer {row.answer_id!r}, place {row.place} of the draw to {row.question!r} of "
                f"round {row.round!r}, is undecided before others that are decided; decide it, as only a "
                "beginning of the draw is a random sample"
            )


def _progress(rows: Iterable[FrameRow]) -> Iterator[Audited]:
    lists: dict[tuple[str, str], list[FrameRow]] = {}
    for row in rows:
        lists.setdefault((row.round, row.question), []).append(row)
    for (round_, question), own in lists.items():
        yield Audited(
            round_,
            question,
            len(own),
            sum(row.known for row in own),
            sum(row.place is not None for row in own),
            sum(row.decided is not None for row in own),
        )


def _write(
    folder: Path,
    out: Path,
    coded: Sequence[CodedAnswer],
    scheme: Scheme,
    frame: Mapping[str, FrameRow],
    manifest: Mapping[str, Any],
    same_model: bool,
) -> None:
    """Write the audited round: the best known coding of each answer, and the lists."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / TRIAL).unlink(missing_ok=True)
        shutil.copyfile(folder / SCHEME_FILE, out / SCHEME_FILE)
        copy_closed(folder, out)
        if same_model and (folder / TRIAL).is_file():  # else the trial is of a model that did not label these
            shutil.copyfile(folder / TRIAL, out / TRIAL)
        if "review" in manifest:
            shutil.copyfile(folder / REVIEWED, out / REVIEWED)
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); choose another --out") from None
    best = [
        replace(answer, categories=frame[answer.answer_id].decided or frame[answer.answer_id].categories)
        for answer in coded
    ]
    evidence = Evidence(
        scheme, read_trials(out, scheme), frame, manifest["audit"]["cut"], fixed=read_fixed(out, manifest)
    )
    rows = full_table(best, scheme, estimate=evidence).rows
    write_coded(out / ANSWERS, best)
    write_ranking(out / RANKING, rows)
    write_ranking_workbook(out / RANKING_WORKBOOK, rows, [], scheme)
    digest = write_frame(out / FRAME, list(frame.values()))
    write_manifest(out, {**manifest, "audit": {**manifest["audit"], "decided_frame_sha256": digest}})
