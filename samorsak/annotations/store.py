"""The store of decisions: a log for each annotator, to which lines are only added, and what holds now."""

from __future__ import annotations

import gc
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path

from samorsak.annotations.checks import annotation_of
from samorsak.annotations.log import LONGEST, Followed, append_line, mend_end
from samorsak.annotations.logged import Recorded, Undo, line_of, new_id, undo_line
from samorsak.annotations.model import Annotation
from samorsak.annotations.opening import Opening
from samorsak.annotations.rows import RowError, row_of
from samorsak.annotations.settling import supersedes
from samorsak.errors import AnnotationError
from samorsak.scheme import Scheme

_NAME = re.compile(r"[\w-]{1,60}")
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|(com|lpt)\d")  # as names of files, on Windows

Key = tuple[str, str, str, str]


class Store:
    """Decisions in a folder: ``ANNOTATOR.jsonl``, a line for each, never changed once it is there.

    Several programs may use one folder, also for the same annotator. Rows made by hand beside or between the
    lines (the seed examples) are left alone and not seen here; `samorsak.annotations.read_annotations` reads
    both.

    Parameters
    ----------
    folder : Path
        Made by the first `append`.
    scheme : Scheme
        Decisions made under an earlier version of it are carried over by its crosswalk.

    Attributes
    ----------
    notes : list of str
        What was set aside, which lines could not be read, what the crosswalk left out; a line each.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from samorsak.annotations import Marked
    >>> scheme = Scheme.model_validate({"questions": {"lost": {"categories": {"rain": {}}}}})
    >>> decided = Annotation("1", "2024", "lost", "Det regnade.", (Marked(0, 11, "rain"),), None, "", "kl")
    >>> with TemporaryDirectory() as folder:
    ...     store = Store(Path(folder) / "lost", scheme)
    ...     first = store.append(decided)
    ...     second = store.append(replace(decided, statements=()))
    ...     now = store.view()
    ...     store.undo(second.id, "kl")
    ...     then = store.view()
    >>> now == (second,), then == (first,)
    (True, True)
    """

    def __init__(self, folder: Path, scheme: Scheme) -> None:
        self.folder = folder
        self.scheme = scheme
        self.notes: list[str] = []
        self._told: list[str] = []
        self._fingerprint = scheme.fingerprint()
        self._begin()

    def _begin(self) -> None:
        self._opening = Opening(self.scheme)
        self._followed: dict[Path, Followed] = {}
        self._lines: dict[str, Recorded] = {}
        self._current: dict[Key, Recorded] = {}
        self._undone: set[str] = set()
        self._shown: tuple[Recorded, ...] | None = None

    def append(self, annotation: Annotation) -> Recorded:
        """Write a decision, or that an answer was skipped or flagged; on disk when this returns.

        Parameters
        ----------
        annotation : Annotation
            Its `annotator` says whose log it goes to; `made_at` is now where it is None; `scheme` and
            `source` are filled in. Without statements and categories it needs the flag ``skipped`` or
            ``flagged``.

        Raises
        ------
        AnnotationError
            It fits neither its text nor the scheme, or the log cannot be written.
        """
        name = checked_annotator(annotation.annotator)
        made_at = annotation.made_at or datetime.now(UTC)
        stamped = replace(annotation, annotator=name, made_at=made_at, scheme=self._fingerprint)
        where = f"answer {annotation.answer_id!r} of {name}"
        open_ok = not {"skipped", "flagged"}.isdisjoint(stamped.flags)
        try:
            checked = annotation_of(row_of(_as_row(stamped)), name, self.scheme, open_ok)
        except RowError as error:
            raise AnnotationError(f"{where}: {error.faults[0]}") from None
        recorded = Recorded(new_id(), checked)
        try:
            line = line_of(recorded.id, checked)
        except UnicodeEncodeError:
            raise AnnotationError(f"{where}: half a character in an id or the note, expected text") from None
        if len(line) > LONGEST:
            raise AnnotationError(f"{where}: {len(line):,} bytes, expected at most {LONGEST:,}; shorten it")
        self._note(append_line(self._file(name), line))
        return recorded

    def undo(self, recorded_id: str, annotator: str) -> None:
        """Take a line back, by a new one; what it superseded holds again.

        A line that is undone already stays so.

        Raises
        ------
        AnnotationError
            There is no such line of this annotator, or the log cannot be written.
        """
        name = checked_annotator(annotator)
        self._follow()
        found = self._lines.get(recorded_id)
        if found is None or found.annotation.annotator != name:
            raise AnnotationError(
                f"{self._file(name)}: no decision {recorded_id[:32]!r} in it, expected one to undo; "
                "take its id from the view"
            )
        if recorded_id not in self._undone:
            self._note(append_line(self._file(name), undo_line(found, name, datetime.now(UTC))))

    def view(self) -> tuple[Recorded, ...]:
        """Give what holds now, in the order of time.

        Of each annotator, round, question and answer: the last decision that is not undone. A line without
        one (skipped, flagged) stands only where there is no decision, and a silent repeat never. Other
        programs' lines show up; only what was added since last time is read.

        Raises
        ------
        AnnotationError
            A log cannot be read.
        """
        self._follow()
        if self._shown is None:
            self._shown = _in_time(self._current.values())
        return self._shown

    def history(self) -> tuple[Recorded, ...]:
        """Give every line that is not undone, in the order of time: what was superseded, and repeats, too.

        Raises
        ------
        AnnotationError
            A log cannot be read.
        """
        self._follow()
        return _in_time(found for found in self._lines.values() if found.id not in self._undone)

    def _file(self, annotator: str) -> Path:
        return self.folder / f"{annotator}.jsonl"

    def _note(self, note: str) -> None:
        if note and note not in self.notes:
            self.notes.append(note)

    def _follow(self) -> None:
        """Read what was added to the logs; all of it where one was written anew."""
        collecting = gc.isenabled()
        gc.disable()  # hundreds of thousands of objects are made here, and none is let go
        try:
            while not all(map(self._follow_file, self._files())):
                self._begin()
        except BaseException:  # interrupted half-way: what was read is not known
            self._begin()
            raise
        finally:
            if collecting:
                if not gc.get_freeze_count():  # what is new goes to the oldest generation, unlooked at
                    gc.freeze()
                    gc.unfreeze()
                gc.enable()
        told = list(self._opening.carrier.told())
        if told != self._told:  # how many they are grows
            self.notes[:] = [note for note in self.notes if note not in self._told] + told
            self._told = told

    def _files(self) -> list[Path]:
        inside = self.folder.glob("*.jsonl") if self.folder.is_dir() else ()
        found = [file for file in inside if file.name[0] != "." and file.is_file()]
        return sorted({*found, *self._followed}, key=lambda file: file.name)

    def _follow_file(self, file: Path) -> bool:
        followed = self._followed.setdefault(file, Followed())
        try:
            read = followed.new_lines(file)
            if read is not None and read[1]:  # another is writing, or was killed
                self._take(file, followed, read[0])
                self._mended(file)
                read = followed.new_lines(file)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise AnnotationError(
                f"{file}: cannot be read ({error.strerror}); close it in other programs"
            ) from None
        if read is not None:
            self._take(file, followed, read[0])
        return read is not None

    def _mended(self, file: Path) -> None:
        try:
            self._note(mend_end(file))
        except AnnotationError as error:  # it may be on a disk that is only read
            self._note(f"torn at its end: {error}")

    def _take(self, file: Path, followed: Followed, lines: list[bytes]) -> None:
        source = file.stem
        self._shown = None if lines else self._shown
        taken_back: set[Key] = set()
        for number, line in enumerate(lines, followed.number - len(lines) + 1):
            try:
                found = self._opening(line, source)
            except RowError as error:
                self._note(f"{file} line {number}: {error.faults[0]}")
                continue
            if isinstance(found, Undo):
                self._undone.add(found.undoes)
                if found.undoes in self._lines:
                    taken_back.add(_key(self._lines[found.undoes]))
            elif found and found.id not in self._lines:
                self._lines[found.id] = found
                self._hold(found)
        if taken_back:
            for key in taken_back:
                self._current.pop(key, None)
            for found in self._lines.values():
                if _key(found) in taken_back:
                    self._hold(found)

    def _hold(self, found: Recorded) -> None:
        """Let a line hold, if nothing speaks against it."""
        if found.id in self._undone or "repeat" in found.annotation.flags:
            return
        key = _key(found)
        held = self._current.get(key)
        if held is None or supersedes(found, held):
            self._current[key] = found


def _key(recorded: Recorded) -> Key:
    a = recorded.annotation
    return a.annotator, a.round, a.question, a.answer_id


_made_at: Callable[[Recorded], datetime] = attrgetter("annotation.made_at")  # a line of a log always has it


def _in_time(recorded: Iterable[Recorded]) -> tuple[Recorded, ...]:
    return tuple(sorted((r for r in recorded if type(r) is Recorded), key=_made_at))


def checked_annotator(annotator: str) -> str:
    """Give a name that can be a file's, composed (NFC); AnnotationError for any other."""
    name = unicodedata.normalize("NFC", annotator)
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        shown = repr(annotator) if len(annotator) <= 60 else f"{len(annotator)} characters"
        raise AnnotationError(
            f"annotator is {shown}, expected letters, digits, - and _; it names the file of the log"
        )
    return name


def _as_row(a: Annotation) -> dict[str, object]:
    marks = a.statements
    return {
        "answer_id": a.answer_id,
        "round": a.round or None,
        "question": a.question or None,
        "text": a.text,
        "statements": None if marks is None else [asdict(mark) for mark in marks],
        "categories": None if a.categories is None else list(a.categories),
        "annotator": a.annotator,
        "made_at": a.made_at,
        "origin": a.origin,
        "note": a.note,
        "audit": a.audit,
        "scheme": a.scheme,
        "flags": list(a.flags),
    }
