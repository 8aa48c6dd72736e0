"""A respondent taken out of everything that is kept, and what a person has to take care of."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samorsak.annotations.log import mend_end, rewrite_lines
from samorsak.annotations.reading import annotation_files
from samorsak.annotations.rows import RowError, object_of
from samorsak.encode.cache import forget_texts
from samorsak.errors import AnnotationError, InputError
from samorsak.pipeline.respondents import CLOSED
from samorsak.privacy import mask
from samorsak.report.delimited import read_rows

_TABLES = (".csv", ".tsv")
_HARMLESS = (
    *("run.json", "scheme.json", "ranking.csv", "ranking.xlsx", "trial.csv", "clusters.json"),
    *("categories.csv", "closed.json", "evidence.csv", "probabilities.safetensors"),
)
_HARMLESS_KINDS = (".lock", ".svg", ".png")
_FRAGMENT = re.compile(rb'"answer_id": "((?:[^"\\]|\\.)*)"')
_TOKEN = re.compile(r"\d+|[^\W\d]+|\S")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed, and what could not be.

    Attributes
    ----------
    lines, torn, queued : int
        Lines of logs and rows made by hand, pieces of torn lines, rows of audits and queues.
    partial : int
        Folders of interrupted runs.
    vectors : int
        In the cache of the encoders.
    left : tuple of str
        Files that hold the respondent or may; a line each, and what to do.
    """

    lines: int
    torn: int
    queued: int
    partial: int
    vectors: int
    left: tuple[str, ...]


def forget_answer(
    answer_id: str, *, annotations: Sequence[Path] = (), runs: Sequence[Path] = (), round_: str | None = None
) -> Forgotten:
    """Remove a respondent's texts and what was decided about them.

    Logs are written anew, each in one step under its lock: the one exception to adding lines only.

    Parameters
    ----------
    answer_id : str
        ``17`` takes ``17/missed`` and ``17/achieved`` with it.
    annotations : sequence of Path
        Logs, files made by hand, or folders of them.
    runs : sequence of Path
        Run folders: audits and queues in them are written anew, interrupted runs removed.
    round_ : str, optional
        Only answers of this round, and those that do not say of which they are.

    Raises
    ------
    AnnotationError
        A path that is not there, or a file that cannot be written: what was done before is done.
    InputError
        The id is blank, a run folder is not there, or the cache cannot be written.
    """
    if not answer_id.strip():
        raise InputError("answer_id is blank, expected the id of a respondent or an answer")
    for folder in runs:
        if not folder.is_dir():
            raise InputError(f"{folder}: no such folder, expected that of a run; check the spelling")
    whose = _Whose(answer_id, round_)
    lines = torn = 0
    left: list[str] = []
    for file in annotation_files(annotations):
        mend_end(file)
        lines += rewrite_lines(file, whose.keeps)
        left += whose.unreadable(file)
        aside = file.with_name(f"{file.name}.torn")
        if aside.exists():
            torn += rewrite_lines(aside, whose.keeps_fragment)
    queued = partial = 0
    for folder in runs:
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        for file in [file for file in files if file.suffix == ".jsonl"]:
            queued += rewrite_lines(file, whose.keeps)
            left += whose.unreadable(file)
        for work in [path for path in (folder / "partial",) if path.is_dir()]:
            _remove(work)
            partial += 1
        left += [note for file in files if file.exists() for note in _left(file, whose)]
    vectors = forget_texts([*_stretches(whose.texts)])
    return Forgotten(lines, torn, queued, partial, vectors, tuple(left))


class _Whose:
    """Tells a respondent's rows from others', and keeps their texts for the cache."""

    def __init__(self, answer_id: str, round_: str | None) -> None:
        self.answer_id = answer_id
        self.round = round_
        self.texts: set[str] = set()
        self._unreadable: list[int] = []
        self._number = 0

    def has(self, answer_id: object, round_: object) -> bool:
        own = str(answer_id) == self.answer_id or str(answer_id).startswith(f"{self.answer_id}/")
        return own and (self.round is None or str(round_ or self.round) == self.round)

    def keeps(self, line: bytes) -> bool:
        self._number += 1
        if not line.strip():
            return True
        try:
            row = object_of(line.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
        except (RowError, UnicodeDecodeError):
            self._unreadable.append(self._number)
            return True
        if not self.has(row.get("answer_id"), row.get("round")):
            return True
        self.texts.update(value for value in (row.get("text"),) if isinstance(value, str))
        return False

    def keeps_fragment(self, line: bytes) -> bool:
        """Keep a piece of a line only if it is another's: one that does not say whose it is is removed."""
        found = _FRAGMENT.search(line)
        return found is not None and not self.has(json.loads(b'"' + found[1] + b'"'), None)

    def unreadable(self, file: Path) -> Iterator[str]:
        """Name the lines of the file just written that could not be looked into."""
        for number in self._unreadable:
            yield f"{file} line {number}: cannot be read, so not searched; restore it, then forget again"
        self._unreadable, self._number = [], 0


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise AnnotationError(f"{folder}: cannot be removed ({error.strerror}); end the run first") from None


def _left(file: Path, whose: _Whose) -> Iterator[str]:
    """Say of a file that is not rewritten whether it holds the respondent, or may."""
    if file.suffix == ".jsonl" or file.name in _HARMLESS or file.suffix in _HARMLESS_KINDS:
        return
    way_out = "make it again from a round without this respondent, or delete it"
    if file.suffix in _TABLES:
        own_id = "respondent_id" if file.name == CLOSED else "answer_id"
        try:
            header, rows = read_rows(file, (own_id,))
        except InputError:
            yield f"{file}: not a table of answers, so not searched; look into it"
            return
        named = [dict(zip(header, cells, strict=False)) for _, cells in rows]
        own = [row for row in named if whose.has(row[own_id], row.get("round"))]
        whose.texts.update(row["text"] for row in own if row.get("text"))
        if own:
            yield f"{file}: holds {len(own)} of its rows; {way_out}"
    else:
        yield f"{file}: may hold the answer, not searched; {way_out}"


def _stretches(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts, masked and as they are, and every stretch of words in them: any may have been encoded."""
    for text in sorted({form for own in texts for form in (own, mask(own).text)}):
        yield text
        tokens = list(_TOKEN.finditer(text))
        for at, first in enumerate(tokens):
            for last in tokens[at:]:
                yield text[first.start() : last.end()]


def show_forgotten(found: Forgotten) -> Iterator[str]:
    r"""Say what was removed, by counts alone, and what is left to do; a line each.

    Examples
    --------
    >>> found = Forgotten(2, 0, 1, 0, 5, ("x.csv: holds 1 of its rows; delete it",))
    >>> print(*show_forgotten(found), sep="\n")
    removed: 2 annotations, 0 torn pieces, 1 rows of audits and queues, 0 interrupted runs, 5 vectors
    1 file is left for you:
      x.csv: holds 1 of its rows; delete it
    """
    yield (
        f"removed: {found.lines} annotations, {found.torn} torn pieces, {found.queued} rows of audits and "
        f"queues, {found.partial} interrupted runs, {found.vectors} vectors"
    )
    if found.left:
        n = len(found.left)
        yield f"{n} {'file is' if n == 1 else 'files are'} left for you:"
        yield from (f"  {line}" for line in found.left)
