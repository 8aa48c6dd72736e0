"""What a run folder knows of how sure its counts are: an audit, the model's trial, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from samorsak.errors import InputError, SchemeError, TooFewError
from samorsak.pipeline.fixed import FixedRow, read_fixed
from samorsak.pipeline.frame import FRAME, FrameRow, audit_of, frame_sha256, read_frame
from samorsak.pipeline.trials import read_trials
from samorsak.ranking import SCHEME_LINES, Block, Columns, blocks, columns_of
from samorsak.ranking.blocks import given_by
from samorsak.report.delimited import write_text
from samorsak.report.files import read_coded
from samorsak.scheme import Scheme
from samorsak.shares import (
    CUT,
    DRAWS,
    Estimate,
    Given,
    Trial,
    estimate_audited,
    estimate_modelled,
    estimate_reviewed,
)

RUN_FILE = "run.json"
HIDDEN = "suppression"
"""Under this name run.json keeps which small numbers are hidden."""
"""The manifest in the folder of a coded round."""

_AUDIT = {"scheme": "", "draw": "", "frame_sha256": "", "cut": 0.0}
"""What an audit in the manifest cannot do without; each value is of the kind that is expected."""

SCHEME_FILE = "scheme.json"
"""The scheme a round was coded by, in the folder of the coded round."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Estimates a block by its audit, else by the model's trial and what was reviewed, else not at all.

    Attributes
    ----------
    scheme : Scheme
    trials : mapping of str to Trial
        By question.
    frame : mapping of str to FrameRow
        By answer_id; empty where there is no audit.
    cut : float
        From which probability on an answer that was not given a category is in the third stratum.
    draws : int
    fixed : mapping of str to FixedRow
        What people decided on review, by answer_id.
    """

    scheme: Scheme
    trials: Mapping[str, Trial]
    frame: Mapping[str, FrameRow]
    cut: float = CUT
    draws: int = DRAWS
    fixed: Mapping[str, FixedRow] = field(default_factory=dict)

    def __call__(self, block: Block, columns: Columns) -> Estimate | None:
        """Estimate the columns of a block; see `samorsak.ranking.Estimator`."""
        with threadpool_limits(1):  # with more, sums are taken in another order and the last bits differ
            if self.frame and (found := self._audited(block, columns)):
                return found
            return self._modelled(block, columns)

    def _audited(self, block: Block, columns: Columns) -> Estimate | None:
        audit = audit_of(block, self.frame, self.scheme)
        if columns.line is not None:
            audit = audit.under(columns.line)
        try:
            return estimate_audited(audit, cut=self.cut, draws=self.draws)
        except TooFewError:  # none of a group was drawn, or none of a question decided
            return None

    def _modelled(self, block: Block, columns: Columns) -> Estimate | None:
        trial = self.trials.get(block.question)
        if trial is None:
            return None
        if columns.line is not None:
            trial = trial.under(columns.line)
        rows = [self.frame.get(answer.answer_id) for answer in block.answers]
        known = np.array([row is not None and (row.known or row.decided is not None) for row in rows], bool)
        given = columns.count(block.given)
        fixed = [self.fixed.get(answer.answer_id) for answer in block.answers]
        if any(fixed):
            pairs = zip(block.answers, fixed, strict=True)
            said = [replace(a, categories=row.machine) if row else a for a, row in pairs]
            machine = columns.count(given_by(said, block.question, self.scheme))
            known |= np.array([row is not None for row in fixed])
            return estimate_reviewed(machine, given, known, trial, weight=block.weight, draws=self.draws)
        return estimate_modelled(given, trial, known=known, weight=block.weight, draws=self.draws)


@dataclass(frozen=True, slots=True)
class Estimated:
    """What is known of one round, question and group.

    Attributes
    ----------
    lines : str
        ``"scheme"``, or a report.
    ids, labels : tuple of str, length l
        The categories, or the report's lines; `other` last.
    given : ndarray of bool, shape (n, l)
        The best known coding: the machine's, or people's where they decided.
    estimate : Estimate or None
        Its columns are `ids`. None where there is neither audit nor trial.
    """

    round: str
    question: str
    group_by: str
    group: str
    lines: str
    ids: tuple[str, ...]
    labels: tuple[str, ...]
    given: Given
    estimate: Estimate | None


def estimates_of(
    folder: str | Path,
    *,
    lines: str = SCHEME_LINES,
    by: str | None = None,
    where: Sequence[str] = (),
    weight: str | None = None,
    question: str | None = None,
    lang: str = "sv",
    draws: int = DRAWS,
    columns: Mapping[str, Columns] | None = None,
) -> tuple[Estimated, ...]:
    """Read back what a run folder knows, one for each round, question and group.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify` or `samorsak audit estimate` wrote it.
    lines, by, where, weight, question, lang
        As for `samorsak.ranking.rank`.
    draws : int
    columns : mapping of str to Columns, optional
        By question, what its answers are counted in, in place of `lines`.

    Raises
    ------
    InputError
        The folder or a file in it is missing or damaged, or there is no such question, column or value.
    SchemeError
        The scheme is damaged, or has no such lines.
    TooFewError
        All answers of a list weigh nothing.
    """
    coded = read_coded(Path(folder))
    scheme = read_run_scheme(folder)
    evidence = read_evidence(Path(folder), scheme, draws)
    found = []
    for block in blocks(coded, scheme, by=by, where=where, weight=weight, question=question):
        own = (columns or {}).get(block.question) or columns_of(lines, block.question, scheme, lang)
        found.append(
            Estimated(
                *(block.round, block.question, block.group_by, block.group),
                *(own.lines, own.ids, own.labels, own.count(block.given)),
                evidence(block, own) if block.answers else None,
            )
        )
    return tuple(found)


def read_evidence(folder: Path, scheme: Scheme, draws: int = DRAWS) -> Evidence:
    """Read the audit, where the folder is of an audited round, and the model's trial.

    Raises
    ------
    InputError
        A file is damaged.
    """
    trials = read_trials(folder, scheme)
    manifest = read_manifest(folder) if (folder / RUN_FILE).is_file() else {}
    audit, fixed = manifest.get("audit", {}), read_fixed(folder, manifest)
    if "decided" not in audit:  # drawn at most
        return Evidence(scheme, trials, {}, draws=draws, fixed=fixed)
    if "decided_frame_sha256" not in audit:
        raise InputError(f"{folder}: audited by an older samorsak; run 'samorsak audit estimate' again")
    if frame_sha256(folder / FRAME) != audit["decided_frame_sha256"]:
        raise InputError(
            f"{folder / FRAME}: changed since the audit was estimated; run 'samorsak audit estimate' again"
        )
    frame = {row.answer_id: row for row in read_frame(folder / FRAME)}
    return Evidence(scheme, trials, frame, audit["cut"], draws, fixed)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read run.json of a run folder.

    Raises
    ------
    InputError
        There is none, or it is damaged.
    """
    path = folder / RUN_FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        way_out = "expected a folder that 'samorsak classify' wrote"
        raise InputError(f"{folder}: no {RUN_FILE} in it; {way_out}") from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError(f"{path}: damaged, expected a manifest; run 'samorsak classify' again")
    if not _is_audit(found.get("audit", _AUDIT)):
        raise InputError(
            f"{path}: 'audit' is damaged, expected {', '.join(_AUDIT)}; restore the file, or write it again"
            " with the command that did"
        )
    return found


def _is_audit(found: object) -> bool:
    return isinstance(found, dict) and all(type(found.get(k)) is type(own) for k, own in _AUDIT.items())


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write run.json of a run folder.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    write_text(folder / RUN_FILE, _manifest_text(manifest).decode())


def manifest_sha256(folder: Path) -> str:
    """Hash run.json of a run folder, without what is hidden in it.

    Which small numbers are hidden is noted there the first time that someone asks for it
    (`samorsak.pipeline.suppressing`); it changes nothing of what the run says.

    Raises
    ------
    InputError
        There is none, or it is damaged.
    """
    manifest = read_manifest(folder)
    if HIDDEN not in manifest:
        return sha256((folder / RUN_FILE).read_bytes()).hexdigest()
    return sha256(_manifest_text({k: v for k, v in manifest.items() if k != HIDDEN})).hexdigest()


def _manifest_text(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def drawn_audit(folder: Path) -> dict[str, Any]:
    """Give what the manifest says of an audit that was drawn; empty where there is none to estimate."""
    try:
        audit: dict[str, Any] = read_manifest(folder).get("audit", {})
    except InputError:
        return {}
    return {} if "decided" in audit else audit


def read_run_scheme(folder: str | Path) -> Scheme:
    """Read the scheme that a round was coded by from the folder of the coded round.

    Raises
    ------
    InputError
        No such file; `samorsak classify` writes it.
    SchemeError
        The file is damaged.
    """
    path = Path(folder) / SCHEME_FILE
    try:
        return Scheme.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError:
        way_out = "expected a folder that 'samorsak classify' wrote"
        raise InputError(f"{folder}: no {SCHEME_FILE} in it; {way_out}") from None
    except ValueError:  # pydantic's own, or no utf-8
        raise SchemeError(f"{path}: damaged, expected a scheme; run 'samorsak classify' again") from None
