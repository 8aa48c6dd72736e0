"""Reviewed decisions in the shares of a round: fixed values, and the machine's word for the rest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from samorsak.annotations import Annotation, Carrier, Marked, categories_of, read_annotations
from samorsak.coded import CodedAnswer, StatementRow
from samorsak.errors import AnnotationError, InputError, TooFewError, collected
from samorsak.pipeline.annotated import AUDIT, masked, text_sha256
from samorsak.pipeline.audit_estimate import RANKING_WORKBOOK
from samorsak.pipeline.evidence import SCHEME_FILE, Evidence, read_manifest, read_run_scheme, write_manifest
from samorsak.pipeline.fixed import FixedRow, write_fixed
from samorsak.pipeline.frame import FRAME, read_frame
from samorsak.pipeline.probabilities import PROBABILITIES
from samorsak.pipeline.respondents import copy_closed
from samorsak.pipeline.trials import TRIAL, read_trials
from samorsak.ranking import full_table
from samorsak.report.files import (
    ANSWERS,
    RANKING,
    STATEMENTS,
    read_coded,
    read_statements,
    write_coded,
    write_ranking,
    write_statements,
)
from samorsak.report.workbook import write_ranking_workbook
from samorsak.scheme import NO_CAUSE, Scheme


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How many answers to one question of a round were reviewed, and whose categories the review changed."""

    round: str
    question: str
    answers: int
    reviewed: int
    changed: int


def apply_review(
    folder: str | Path,
    annotations: Sequence[Path],
    out: str | Path | None = None,
    say: Callable[[str], None] | None = None,
) -> tuple[Path, tuple[Reviewed, ...]]:
    """Take reviewed decisions into a coded round as fixed values, in a run folder of its own.

    Nothing is estimated from them, as they were chosen: see `samorsak.shares.estimate_reviewed`. Decisions on
    answers that are drawn for an audit of the round stay out, so that audit and review are kept apart.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify` wrote it, coded as it was when it was reviewed.
    annotations : sequence of Path
        Logs or files of decisions; those on answers of other rounds are passed over. What annotators decided
        differently is left out until it is settled.
    out : str or Path, optional
        Gets answers.csv and statements.csv with people's decisions in place of the machine's, ranking.csv,
        ranking.xlsx, reviewed.csv, run.json, and scheme, trial and probabilities as they are; the folder
        `reviewed` in the run folder if not given.
    say : callable, optional
        Told what was left out, and what the scheme's crosswalk did.

    Returns
    -------
    tuple of Path and tuple of Reviewed
        Where it was written, and how many answers were reviewed.

    Raises
    ------
    InputError
        Not a coded round, one that is audited or reviewed itself, or `out` holds something else.
    AnnotationError
        Decisions that are none, or on another text than that of the round.
    TooFewError
        No decision is on an answer of the round.
    """
    folder = Path(folder)
    place = Path(out) if out is not None else folder / "reviewed"
    coded, scheme, manifest = read_coded(folder), read_run_scheme(folder), read_manifest(folder)
    _check_run(folder, place, manifest)
    carrier = Carrier(scheme)
    found = read_annotations(annotations, scheme, carrier=carrier, say=say)
    drawn = {r.answer_id for r in read_frame(folder / FRAME) if r.place} if "audit" in manifest else set()
    decided, audited = _of_round(coded, found, drawn)
    if say:
        for note in (*carrier.notes(found), *_left_out(audited)):
            say(note)
    if not decided:
        raise TooFewError(f"{folder}: no decision is on an answer of it; name its own --annotations")
    order = {q: [*scheme.outcomes(q), NO_CAUSE] for q in scheme.questions}
    best = [
        replace(a, categories=tuple(sorted(categories_of(decided[a.answer_id]), key=order[a.question].index)))
        if a.answer_id in decided
        else a
        for a in coded
    ]
    _write(folder, place, coded, best, decided, scheme, manifest)
    return place, _counted(coded, best, decided)


def _check_run(folder: Path, out: Path, manifest: Mapping[str, Any]) -> None:
    if "decided" in manifest.get("audit", {}) or "review" in manifest:
        raise InputError(
            f"{folder}: an audited or reviewed round, expected one as 'samorsak classify' wrote it; "
            "name the folder that this one was made from"
        )
    if out.exists() and out.samefile(folder):
        raise InputError(f"{out}: the round itself, expected another folder for --out; its lists are kept")
    if not out.is_dir() or not any(out.iterdir()):
        return
    try:
        there = read_manifest(out)
    except InputError:
        there = {}
    if "review" not in there or "decided" in there.get("audit", {}):
        raise InputError(f"{out}: holds something else than a reviewed round; name another --out")
    if (out / AUDIT).exists() or (out / FRAME).exists():
        raise InputError(f"{out}: an audit is drawn from it, and would be worthless; name another --out")


def _of_round(
    coded: Sequence[CodedAnswer], found: Sequence[Annotation], drawn: AbstractSet[str]
) -> tuple[dict[str, Annotation], int]:
    """Give the decisions on the round's answers by their ids, in its text, and how many are of its audit."""
    by_id = {answer.answer_id: answer for answer in coded}
    decided: dict[str, Annotation] = {}
    problems, audited = [], 0
    for a in found:
        answer = by_id.get(a.answer_id)
        if answer is None or answer.question != a.question or a.round not in ("", answer.round):
            continue
        if a.audit or a.answer_id in drawn:
            audited += 1
            continue
        own = next((b for b in (a, masked(a)) if b.text == answer.text), None)
        if own is None and text_sha256(a.text) == text_sha256(answer.text):  # letters composed otherwise
            own = replace(a, statements=None, categories=tuple(categories_of(a) - {NO_CAUSE}))
        if own is None:
            problems.append(
                f"{a.source}: answer {a.answer_id!r} has another text than in the round, expected the same; "
                "take the row out, or mend its id"
            )
        else:
            decided[a.answer_id] = own
    if problems:
        raise AnnotationError(collected(problems, "decisions on other texts"))
    return decided, audited


def _left_out(audited: int) -> list[str]:
    if not audited:
        return []
    return [f"{audited} decisions on answers of an audit left out; 'samorsak audit estimate' takes those"]


def _counted(
    coded: Sequence[CodedAnswer], best: Sequence[CodedAnswer], decided: Mapping[str, Annotation]
) -> tuple[Reviewed, ...]:
    lists: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for answer, now in zip(coded, best, strict=True):
        changed = {*answer.categories} != {*now.categories}
        lists.setdefault((answer.round, answer.question), []).append((answer.answer_id in decided, changed))
    return tuple(Reviewed(*key, len(own), *map(sum, zip(*own, strict=True))) for key, own in lists.items())


def _write(
    folder: Path,
    out: Path,
    coded: Sequence[CodedAnswer],
    best: Sequence[CodedAnswer],
    decided: Mapping[str, Annotation],
    scheme: Scheme,
    manifest: Mapping[str, Any],
) -> None:
    statements = _statements(coded, decided, read_statements(folder / STATEMENTS))
    fixed = [
        FixedRow(a.answer_id, a.categories, now.categories, own.annotator or own.source, own.origin)
        for a, now in zip(coded, best, strict=True)
        if (own := decided.get(a.answer_id))
    ]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in (SCHEME_FILE, PROBABILITIES, TRIAL):
            (out / name).unlink(missing_ok=True)
            if (folder / name).is_file():
                shutil.copyfile(folder / name, out / name)
        copy_closed(folder, out)
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); choose another --out") from None
    by_id = {row.answer_id: row for row in fixed}
    evidence = Evidence(scheme, read_trials(out, scheme), {}, fixed=by_id)
    rows = full_table(best, scheme, estimate=evidence).rows
    write_coded(out / ANSWERS, best)
    write_statements(out / STATEMENTS, statements)
    write_ranking(out / RANKING, rows)
    write_ranking_workbook(out / RANKING_WORKBOOK, rows, [], scheme)
    # an audit stays with the round it was drawn from, and other numbers are small here
    kept = {name: value for name, value in manifest.items() if name not in ("audit", "suppression")}
    counts = {f"{r.round}/{r.question}": r.reviewed for r in _counted(coded, best, decided)}
    write_manifest(out, {**kept, "review": {"sha256": write_fixed(out, fixed), "answers": counts}})


def _statements(
    coded: Sequence[CodedAnswer], decided: Mapping[str, Annotation], machine: Sequence[StatementRow]
) -> list[StatementRow]:
    """Put the stretches that people marked in place of the machine's."""
    by_id: dict[str, list[StatementRow]] = {}
    for row in machine:
        by_id.setdefault(row.answer_id, []).append(row)
    found: list[StatementRow] = []
    for answer in coded:
        own = decided.get(answer.answer_id)
        found += by_id.get(answer.answer_id, []) if own is None else _marked(answer, own)
    return found


def _marked(answer: CodedAnswer, decision: Annotation) -> list[StatementRow]:
    """Give a row for each stretch; where none was marked, the whole answer for each of its categories."""
    marks = decision.statements or [
        Marked(0, len(answer.text), category) for category in sorted(categories_of(decision))
    ]
    id_, text = answer.answer_id, answer.text
    return [
        StatementRow(id_, i, m.start, m.end, text[m.start : m.end], m.category, 1.0, "", 0.0)
        for i, m in enumerate(marks, 1)
    ]
