"""Files of annotations, line by line, with every fault collected and told where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samorsak.annotations.carrying import Carrier
from samorsak.annotations.checks import annotation_of
from samorsak.annotations.log import is_torn, read_log
from samorsak.annotations.logged import Recorded, Undo, is_logged, read_logged
from samorsak.annotations.model import Annotation, Marked
from samorsak.annotations.rows import RowError, object_of, row_of
from samorsak.annotations.settling import Disputed, Key, settled
from samorsak.errors import AnnotationError, collected
from samorsak.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Decisions:
    """What files of annotations say.

    Attributes
    ----------
    found : tuple of Recorded
        In file order; the id is empty where a row was made by hand.
    disputed : tuple of Disputed
        Answers that are left out, as they were decided differently.
    audited : tuple of Annotation
        Every logged line of an audit, superseded and undone ones too.
    torn : tuple of str
        Last lines of logs that were passed over, as their writer was killed; a line each.
    """

    found: tuple[Recorded, ...]
    disputed: tuple[Disputed, ...]
    audited: tuple[Annotation, ...]
    torn: tuple[str, ...]

    def notes(self) -> Iterator[str]:
        """Say what was passed over and left out; a line each."""
        yield from self.torn
        counts = Counter((d.question, d.annotators) for d in self.disputed)
        for (question, names), n in counts.items():
            who = f"{', '.join(names[:-1])} and {names[-1]}"
            counted = f"{n} annotated {'answer' if n == 1 else 'answers'}"
            yield f"{question}: {counted} left out, decided differently by {who}; settle which holds"


def read_annotations(
    paths: Sequence[Path],
    scheme: Scheme,
    *,
    undecided_ok: bool = False,
    twice_ok: bool = True,
    carrier: Carrier | None = None,
    say: Callable[[str], None] | None = None,
) -> tuple[Annotation, ...]:
    r"""Read annotations and check them against the scheme.

    Of a log (`samorsak.annotations.Store`) this takes what holds: no line that is undone or superseded, no
    silent repeat, and none that only skips or flags an answer. Where two annotators give an answer other
    categories, the one flagged ``settled`` holds, the latest of several; else the answer is left out. Where
    they agree, the first of those who marked statements is taken.

    Parameters
    ----------
    paths : sequence of Path
        JSON Lines files, or folders of them (their ``*.jsonl`` in the order of their names).
    scheme : Scheme
        Says which questions and categories there are.
    undecided_ok : bool
        Keep rows with neither statements nor categories, as an audit has them, instead of refusing them.
    twice_ok : bool
        Let an answer stand twice where its rows agree.
    carrier : Carrier, optional
        Carries rows over that were decided under an earlier version of the scheme; those it leaves out are
        not among what is given.
    say : callable, optional
        Told which torn lines were passed over, and what was left out.

    Returns
    -------
    tuple of Annotation
        In file order. Where the same decision about an answer stands twice, the first is kept. Offsets in a
        text with ``\r\n`` are carried over into the text with ``\n``.

    Raises
    ------
    AnnotationError
        A path that is not there, or rows that are no annotations, fit neither their text nor the scheme, or
        were made by hand and contradict each other; says where.
    """
    decisions = read_decisions(paths, scheme, undecided_ok=undecided_ok, twice_ok=twice_ok, carrier=carrier)
    if say:
        for note in decisions.notes():
            say(note)
    return tuple(found.annotation for found in decisions.found)


def read_decisions(
    paths: Sequence[Path],
    scheme: Scheme,
    *,
    undecided_ok: bool = False,
    twice_ok: bool = True,
    carrier: Carrier | None = None,
    draw: str | None = None,
) -> Decisions:
    """Read annotations as `read_annotations`, and tell logged ones and what was left out.

    With `draw`, only those lines of logs are looked at that are of this draw of an audit: a later look at one
    of its answers with other eyes takes nothing back.
    """
    by_hand: dict[Key, tuple[str, Annotation]] = {}
    logged: list[tuple[Key, Recorded]] = []
    undone: set[str] = set()
    problems: list[str] = []
    torn: list[str] = []
    for place, source, line in _placed_lines(paths, torn):
        try:
            row = object_of(line)
            if is_logged(row):
                read = read_logged(row, source, scheme, carrier)
                if isinstance(read, Undo):
                    undone.add(read.undoes)
                elif draw is None or read.annotation.audit.startswith(f"{draw}/"):
                    a = read.annotation
                    logged.append(((a.round, str(row["question"]), a.answer_id), read))
                continue
            parsed = row_of(row)
            carried = carrier(parsed) if carrier else parsed
            if carried is None:
                continue
            found = annotation_of(carried, source, scheme, undecided_ok)
        except RowError as error:
            problems += [f"{place}: {fault}" for fault in error.faults]
            continue
        key = (found.round, parsed.question or found.question, found.answer_id)
        first, earlier = by_hand.setdefault(key, (place, found))
        if not twice_ok and first != place:
            problems.append(f"{place}: answer {found.answer_id!r} stands on {first} already; take one out")
        elif decision_of(earlier) != decision_of(found):
            problems.append(
                f"{place}: answer {found.answer_id!r} has another text or decision than on {first}, "
                "expected the same; keep one of them"
            )
    if problems:
        raise AnnotationError(collected(problems, "faults in the annotations"))
    held, disputed = settled({key: found for key, (_, found) in by_hand.items()}, logged, undone)
    audited = tuple(found.annotation for _, found in logged if found.annotation.audit)
    return Decisions(held, disputed, audited, tuple(torn))


_Decision = tuple[str, tuple[Marked, ...] | None, frozenset[str] | None]


def decision_of(annotation: Annotation) -> _Decision:
    """Give what has to be the same where an answer stands twice: its text and what was decided."""
    whole = None if annotation.categories is None else frozenset(annotation.categories)
    return annotation.text, annotation.statements, whole


def _placed_lines(paths: Iterable[Path], torn: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield where each row stands, its source, and the row."""
    for file in annotation_files(paths):
        for number, line in enumerate(_lines(file, torn), 1):
            if line.strip():
                yield f"{file} line {number}", file.stem, line


def annotation_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files that are named, and those in folders that are, in the order of names."""
    for path in paths:
        if path.is_dir():
            # macOS leaves files that begin with a dot beside those it copies
            inside = [file for file in path.iterdir() if _is_json_lines(file) and file.name[0] != "."]
            if not inside:
                raise AnnotationError(f"{path}: no .jsonl files in the folder, expected one or more")
            yield from sorted(inside, key=lambda file: file.name)
        elif not path.exists():
            raise AnnotationError(f"{path}: no such file or folder; check the spelling")
        elif not _is_json_lines(path):
            raise AnnotationError(f"{path}: not a .jsonl file, expected one or a folder; save as JSON Lines")
        else:
            yield path


def _is_json_lines(file: Path) -> bool:
    return file.suffix.lower() == ".jsonl" and file.is_file()


def _lines(file: Path, torn: list[str]) -> list[str]:
    raw = read_log(file)
    whole = raw.rfind(b"\n") + 1
    if is_torn(raw[whole:]):
        number = raw.count(b"\n") + 1
        torn.append(f"{file} line {number}: torn, passed over; decide that answer again")
        raw = raw[:whole]
    try:
        # not splitlines: a text may hold the other line breaks that Unicode knows
        return raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise AnnotationError(f"{file} line {line}: not utf-8; save the file as utf-8") from None
