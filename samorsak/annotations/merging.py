"""Logs from several places made one for each annotator, nothing lost and nothing doubled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from heapq import merge
from pathlib import Path
from typing import Any

from samorsak.annotations.log import is_torn, locked, make_folder, read_log, replace_bytes
from samorsak.annotations.logged import is_logged
from samorsak.annotations.reading import annotation_files
from samorsak.annotations.rows import RowError, object_of
from samorsak.errors import AnnotationError, collected

_Placed = tuple[datetime, int, str, bytes]
"""When a line was written at the latest, its file's and its own number, what it says, and its bytes."""


def merge_logs(paths: Sequence[Path], out: Path) -> dict[str, int]:
    """Write the lines of logs, with those that `out` has already, into logs of the same names there.

    Lines keep the order of their file, and between files that of time. The same line from two places is
    written once; so is the same row made by hand. A torn last line stays where it is.

    Parameters
    ----------
    paths : sequence of Path
        JSON Lines files, or folders of them.
    out : Path
        A folder; it may be one of `paths`.

    Returns
    -------
    dict of str to int
        Lines that were new in each log of `out`.

    Raises
    ------
    AnnotationError
        A path that is not there, a line that is no JSON object, or one id with two contents: nothing is
        written then.
    """
    files: dict[str, list[Path]] = {}
    for file in annotation_files(paths):
        files.setdefault(file.name, []).append(file)
    there = {name: [out / name] if (out / name).exists() else [] for name in files}
    problems = [fault for name, own in files.items() for fault in _faults([*there[name], *own])]
    if problems:
        raise AnnotationError(collected(problems, "faults in the logs"))
    make_folder(out)
    added = {}
    for name, own in sorted(files.items()):
        target = out / name
        with locked(target):
            before = [target] if target.exists() else []
            others = [file for file in own if not (before and file.samefile(target))]
            lines = list(_union([*before, *others]))
            added[name] = len(lines) - len(list(_union(before)))
            if added[name]:
                replace_bytes(target, b"".join(line + b"\n" for line in lines))
    return added


def _faults(files: Iterable[Path]) -> Iterator[str]:
    contents: dict[str, dict[str, Any]] = {}
    for file in files:
        for number, line in _lines(file):
            try:
                row = object_of(line.decode("utf-8"))
            except (RowError, UnicodeDecodeError):
                yield f"{file} line {number}: no JSON object, expected one per line; restore the line"
                continue
            if is_logged(row) and contents.setdefault(row["id"], row) != row:
                yield f"{file} line {number}: its id stands with another decision elsewhere; restore the line"


def _union(files: Sequence[Path]) -> Iterator[bytes]:
    seen: set[str] = set()
    for _, _, key, line in merge(*(_placed(file, at) for at, file in enumerate(files))):
        if key not in seen:
            seen.add(key)
            yield line


def _placed(file: Path, at: int) -> list[_Placed]:
    """Give the lines in their order: one counts as written no earlier than those before it."""
    latest = datetime.min.replace(tzinfo=UTC)
    placed: list[_Placed] = []
    for _, line in _lines(file):
        row = object_of(line.decode("utf-8"))
        latest = max(latest, _time(row.get("made_at")) or latest)
        key = row["id"] if is_logged(row) else json.dumps(row, sort_keys=True)
        placed.append((latest, at, key, line))
    return placed


def _time(found: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(found))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    raw = read_log(file).removeprefix(b"\xef\xbb\xbf")
    *lines, last = raw.split(b"\n")
    if not is_torn(last):
        lines.append(last)
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, line.removesuffix(b"\r")
