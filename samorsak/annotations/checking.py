"""Files of annotations looked through: who decided what, and every line that is not as it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from samorsak.annotations.carrying import Carrier
from samorsak.annotations.checks import annotation_of
from samorsak.annotations.log import LONGEST, is_torn, read_log
from samorsak.annotations.logged import Recorded, Undo, is_logged, read_logged
from samorsak.annotations.model import Annotation
from samorsak.annotations.reading import annotation_files, decision_of
from samorsak.annotations.rows import RowError, object_of, row_of
from samorsak.annotations.settling import Disputed, Key, settled
from samorsak.scheme import Scheme


@dataclass(slots=True)
class Checked:
    """What was found.

    Attributes
    ----------
    counts : dict of (str, str) to Counter
        By annotator (or file, where a row does not say) and question: ``decisions``, ``undone``, and
        each flag.
    disputed : tuple of Disputed
    other_versions : Counter of str
        Decisions by the fingerprint of another version of the scheme that they were made under.
    notes : list of str
        What the crosswalk says of them.
    faults : list of str
        A line each: where, found, expected.
    """

    counts: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    disputed: tuple[Disputed, ...] = ()
    other_versions: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def check_annotations(paths: Sequence[Path], scheme: Scheme) -> Checked:
    """Look through every line; nothing is refused and nothing changed.

    Raises
    ------
    AnnotationError
        A path that is not there, or a file that cannot be read.
    """
    checked, carrier = Checked(), Carrier(scheme)
    by_hand: dict[Key, tuple[str, Annotation]] = {}
    logged: list[tuple[Key, Recorded]] = []
    undone: dict[str, str] = {}
    contents: dict[str, dict[str, Any]] = {}
    for file in annotation_files(paths):
        for place, line, last in _placed_lines(file):
            try:
                row = _object_in(line, last)
                if not is_logged(row):
                    parsed = row_of(row)
                    carried = carrier(parsed)
                    if carried is not None:
                        own = annotation_of(carried, file.stem, scheme, True)
                        key = own.round, parsed.question or own.question, own.answer_id
                        first, earlier = by_hand.setdefault(key, (place, own))
                        if decision_of(earlier) != decision_of(own):
                            raise RowError([f"another text or decision than on {first}, expected the same"])
                    continue
                if contents.setdefault(row["id"], row) != row:
                    raise RowError(["its id stands with another decision already, expected one of its own"])
                read = read_logged(row, file.stem, scheme, carrier)
                if row.get("annotator") != file.stem:
                    raise RowError(["of another annotator than the file, expected it in that one's log"])
            except RowError as error:
                checked.faults += [f"{place}: {fault}" for fault in error.faults]
                continue
            if isinstance(read, Undo):
                undone[read.undoes] = place
            else:
                a = read.annotation
                logged.append(((a.round, str(row["question"]), a.answer_id), read))
    known = {id_ for id_, row in contents.items() if "undoes" not in row}
    checked.faults += [
        f"{place}: undoes a line that is not there, expected it in one of the logs; merge them"
        for id_, place in undone.items()
        if id_ not in known
    ]
    own_hand = {key: own for key, (_, own) in by_hand.items()}
    _count(checked, own_hand, logged, undone, scheme)
    checked.disputed = settled(own_hand, logged, undone.keys())[1]
    checked.notes = list(carrier.told())
    return checked


def _count(
    checked: Checked,
    by_hand: dict[Key, Annotation],
    logged: list[tuple[Key, Recorded]],
    undone: dict[str, str],
    scheme: Scheme,
) -> None:
    seen: set[str] = set()
    for id_, a in [*(("", a) for a in by_hand.values()), *((f.id, f.annotation) for _, f in logged)]:
        if id_ in seen:
            continue
        seen |= {id_} - {""}
        counts = checked.counts.setdefault((a.annotator or a.source, a.question), Counter())
        if id_ in undone:
            counts["undone"] += 1
            continue
        counts["decisions"] += a.decided and "repeat" not in a.flags
        counts.update(a.flags)
        if a.scheme and a.scheme != scheme.fingerprint():
            checked.other_versions[a.scheme] += 1


def _placed_lines(file: Path) -> Iterator[tuple[str, bytes, bool]]:
    """Yield where each line stands, the line, and whether it lacks its break."""
    raw = read_log(file).removeprefix(b"\xef\xbb\xbf")
    lines = raw.split(b"\n")
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{file} line {number}", line, number == len(lines)


def _object_in(line: bytes, last: bool) -> dict[str, Any]:
    if last and is_torn(line):
        raise RowError(["torn, expected a whole line; decide that answer again"])
    if len(line) > LONGEST:
        raise RowError([f"{len(line):,} bytes, expected at most {LONGEST:,}; no answer is that long"])
    try:
        return object_of(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise RowError(["not utf-8, expected the line as it was written; restore it"]) from None


def show_checked(checked: Checked) -> Iterator[str]:
    r"""Say what was found, in lines; the faults last.

    Examples
    --------
    >>> found = Checked(counts={("kl", "lost"): Counter(decisions=3, skipped=1)})
    >>> print(*show_checked(found), sep="\n")
    kl, lost: 3 decisions, 1 skipped
    0 faults
    """
    for (annotator, question), counts in sorted(checked.counts.items()):
        n = counts["decisions"]
        more = [f"{counts[what]} {what}" for what in sorted(counts) if what != "decisions" and counts[what]]
        yield ", ".join([annotator, f"{question}: {n} {'decision' if n == 1 else 'decisions'}", *more])
    for fingerprint, n in sorted(checked.other_versions.items()):
        yield f"under another version of the scheme, {fingerprint}: {n}"
    yield from checked.notes
    for d in checked.disputed:
        where = f"{d.question}{f' of round {d.round}' if d.round else ''}"
        yield f"differently decided, not settled: {where}, answer {d.answer_id!r}: {', '.join(d.annotators)}"
    yield from checked.faults
    yield f"{len(checked.faults)} {'fault' if len(checked.faults) == 1 else 'faults'}"
