"""The round trip through Excel: answers to review out as a workbook, a colleague's decisions back in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from samorsak.annotations import Annotation, QueueRow, Recorded, Store
from samorsak.errors import InputError
from samorsak.pipeline.review_decisions import Decision, EnteredError, Reader, note_of
from samorsak.report.review_hidden import ExportedRow
from samorsak.report.review_reading import Entered, Returned, read_review_workbook
from samorsak.report.review_workbook import write_review_workbook
from samorsak.scheme import Scheme, read_scheme
from samorsak.wording import Lang


@dataclass(slots=True)
class Imported:
    """What became of the answers of a workbook.

    Attributes
    ----------
    answers : int
        That were exported.
    recorded : int
        Decisions written to the log.
    kept, whole : int
        Of them: as suggested; coded as a whole although there were suggestions.
    flagged : int
        Answers without a decision, whose comment was written to the log.
    there : int
        The same decision of the same annotator stands in the log already.
    untouched : int
        Nothing was filled in.
    problems : list of str
        What was not imported, and why; a line each.
    notes : list of str
        What the store says of its logs.
    """

    answers: int
    recorded: int = 0
    kept: int = 0
    whole: int = 0
    flagged: int = 0
    there: int = 0
    untouched: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def export_review(
    out: str | Path,
    rows: Sequence[QueueRow],
    scheme: Scheme,
    *,
    annotations: str | Path | None = None,
    blind: bool = False,
    overwrite: bool = False,
    lang: Lang = "sv",
) -> Path:
    """Write answers to be reviewed as a workbook that a colleague fills in without Python.

    Parameters
    ----------
    out : str or Path
        The workbook.
    rows : sequence of QueueRow
        What to review, in this order.
    scheme : Scheme
    annotations : str or Path, optional
        The folder of the logs that the decisions are to be imported into: what is decided there already is
        no conflict then.
    blind : bool
        A row for each answer without suggestions; always so where a row is of an audit.
    overwrite : bool
        Replace a workbook that is there, with what may be filled in in it.
    lang : {'sv', 'en'}

    Raises
    ------
    InputError
        The workbook is there, or cannot be written.
    AnnotationError
        There are no rows, or some cannot be decided under the scheme.
    """
    path = Path(out)
    if path.suffix.lower() != ".xlsx":
        raise InputError(f"{path}: expected the name of a workbook, ending in .xlsx; name another -o")
    if path.exists() and not overwrite:
        raise InputError(
            f"{path}: is there already, and may be filled in; name another -o, or add --overwrite"
        )
    recorded = Store(Path(annotations), scheme).view() if annotations is not None else ()
    decided = _by_answer(recorded)
    known = {place: [found.id for found in _on(decided, row)] for place, row in enumerate(rows)}
    blind = blind or any(row.audit for row in rows)
    write_review_workbook(path, rows, scheme, blind=blind, known=known, lang=lang)
    return path


def import_review(
    workbook: str | Path,
    *,
    annotator: str,
    annotations: str | Path,
    scheme: str | Scheme = "af",
    overwrite: bool = False,
) -> Imported:
    """Read a workbook that came back, and write its decisions to the annotator's log.

    An answer is imported whole or not at all. It is decided when every suggested statement is accepted or has
    a category, or, in a blind workbook, when it has a category. The same workbook may be imported again:
    only what was added since is written.

    Parameters
    ----------
    workbook : str or Path
    annotator : str
        Who filled it in; names the log.
    annotations : str or Path
        The folder of the logs.
    scheme : str or Scheme
        That it was exported with.
    overwrite : bool
        Write decisions on answers that were decided since the export, too. Nothing is lost by it: the log
        keeps what was there, and where two people differ, that is settled later.

    Returns
    -------
    Imported
        Counts, and a line for everything that was not imported.

    Raises
    ------
    InputError
        The file is no such workbook, or was changed so that no row of it can be trusted.
    AnnotationError
        The annotator's name is none, or the log cannot be written.
    """
    scheme = scheme if isinstance(scheme, Scheme) else read_scheme(scheme)
    path = Path(workbook)
    returned = read_review_workbook(path, scheme.fingerprint())
    store = Store(Path(annotations), scheme)
    done = Imported(len(returned.rows), problems=list(returned.problems))
    reader = Reader(returned.about.labels, returned.about.lang)
    importing = _Importing(path, store, annotator, returned, overwrite, done)
    for place, entered in returned.entered.items():
        exported = returned.rows[place]
        try:
            decision = reader.decision(exported.row, entered)
        except EnteredError as error:
            done.problems.append(f"{path} row {error.number}: {error.fault}")
        else:
            importing.take(exported, entered, decision)
    done.notes += store.notes
    return done


class _Importing:
    """Writes decisions to the log, but for those that are there, or that somebody else came before."""

    def __init__(
        self, path: Path, store: Store, annotator: str, returned: Returned, overwrite: bool, done: Imported
    ) -> None:
        self._path, self._store, self._blind = path, store, returned.about.blind
        self._annotator = unicodedata.normalize("NFC", annotator)
        self._overwrite, self._done = overwrite, done
        self._decided, self._all = _by_answer(store.view()), _by_answer(store.history(), undecided=True)

    def take(self, exported: ExportedRow, entered: Sequence[Entered], decision: Decision | None) -> None:
        row, note = exported.row, note_of(entered)
        if decision is None and not note:
            self._done.untouched += 1
            return
        annotation = self._annotation(row, decision, note)
        earlier = _on(self._all if row.repeat or decision is None else self._decided, row)
        if any(_same(found.annotation, annotation) for found in earlier):
            self._done.there += 1
            return
        meanwhile = [found for found in _on(self._decided, row) if found.id not in exported.known]
        if self._blind and not row.audit:  # two who code the same answers blind do not see each other
            meanwhile = [found for found in meanwhile if found.annotation.annotator == self._annotator]
        if meanwhile and not row.repeat and not self._overwrite:
            who = ", ".join(dict.fromkeys(found.annotation.annotator for found in meanwhile))
            self._done.problems.append(
                f"{self._path} row {entered[0].number}: answer {row.answer_id!r} was decided by {who} "
                "since the export; leave it, or import it too with --overwrite"
            )
            return
        self._store.append(annotation)
        if decision is None:
            self._done.flagged += 1
        else:
            self._done.recorded += 1
            self._done.kept += decision.kept
            self._done.whole += decision.statements is None and not self._blind

    def _annotation(self, row: QueueRow, decision: Decision | None, note: str) -> Annotation:
        flags = (("repeat",) if row.repeat else ()) if decision else ("flagged",)
        return Annotation(
            answer_id=row.answer_id,
            round=row.round,
            question=row.question,
            text=row.text,
            statements=decision.statements if decision else None,
            categories=decision.categories if decision else None,
            source=self._annotator,
            annotator=self._annotator,
            origin="blind" if self._blind else "suggested",
            note=note,
            audit=row.audit,
            flags=flags,
        )


_ByAnswer = Mapping[tuple[str, str], Sequence[Recorded]]


def _by_answer(recorded: Sequence[Recorded], undecided: bool = False) -> _ByAnswer:
    found: dict[tuple[str, str], list[Recorded]] = {}
    for own in recorded:
        if own.annotation.decided or undecided:
            found.setdefault((own.annotation.question, own.annotation.answer_id), []).append(own)
    return found


def _on(found: _ByAnswer, row: QueueRow) -> list[Recorded]:
    """Give what was recorded of an answer; without a round, a row is of any."""
    own = found.get((row.question, row.answer_id), ())
    return [r for r in own if "" in (row.round, r.annotation.round) or r.annotation.round == row.round]


def _same(one: Annotation, other: Annotation) -> bool:
    """Say whether the same person decided the same, in the same way."""
    names = ("annotator", "text", "statements", "categories", "note", "origin", "audit", "flags")
    return all(getattr(one, name) == getattr(other, name) for name in names)
