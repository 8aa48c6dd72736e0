r"""A log on disk: lines that are only added, each whole or not there.

The lock lies beside the log, as ``.NAME.lock``; who reads does not take it. A line counts once its ``\n`` is
written. What a killed writer left behind the last one is set aside by whoever comes next.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import SEEK_END, FileIO
from pathlib import Path
from time import sleep

from samorsak.annotations.rows import RowError, object_of
from samorsak.errors import AnnotationError

WAIT = 30.0
"""Seconds to wait for another program's lock."""

LONGEST = 1_000_000
"""Bytes of a line; what is longer is no answer of a survey."""

_REMEMBERED = 4096
_BEGINS = b'{"id": "'


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Keep a log to oneself; the system takes the lock back from a program that is killed.

    Raises
    ------
    AnnotationError
        Another program holds it for too long, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(file.with_name(f".{file.name}.lock"), timeout=WAIT, poll_interval=0.002):
            yield
    except Timeout:
        raise AnnotationError(
            f"{file}: another program has written to it for {WAIT:.0f} seconds; close that, then try again"
        ) from None
    except OSError as error:
        way_out = "close it in other programs, or make room for it"
        raise AnnotationError(f"{file}: cannot be written ({error.strerror}); {way_out}") from None


def append_line(file: Path, line: bytes) -> str:
    """Add a line; it is on disk, whole, when this returns.

    Returns
    -------
    str
        What was set aside, empty where there was nothing.

    Raises
    ------
    AnnotationError
        It cannot be written; the log is then as it was.
    """
    make_folder(file.parent)
    with locked(file):
        new = not file.exists()
        with file.open("a+b", buffering=0) as log:
            note = _mend(file, log)
            size = log.seek(0, SEEK_END)
            try:
                _write(log, line)
            except BaseException:
                log.truncate(size)
                raise
        if new:
            _keep_names(file.parent)
    return note


def mend_end(file: Path) -> str:
    """Set a torn last line aside, and say so; empty where there is none."""
    with locked(file), file.open("a+b", buffering=0) as log:
        return _mend(file, log)


def rewrite_lines(file: Path, keeps: Callable[[bytes], bool]) -> int:
    """Write a log anew without some of its lines, in one step, and give how many they were.

    Raises
    ------
    AnnotationError
        It cannot be written; the log is then as it was.
    """
    with locked(file):
        lines = read_log(file).split(b"\n")
        lines = [line + b"\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]
        kept = [line for line in lines if keeps(line)]
        if len(kept) < len(lines):
            replace_bytes(file, b"".join(kept))
    return len(lines) - len(kept)


def replace_bytes(file: Path, content: bytes) -> None:
    """Put other bytes in a file's place, whole or not at all; on disk when this returns."""
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb", buffering=0) as written:
            _write(written, content)
        _replace(part, file)
    finally:
        part.unlink(missing_ok=True)
    _keep_names(file.parent)


def read_log(file: Path) -> bytes:
    """Read a file whole.

    Raises
    ------
    AnnotationError
        It cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise AnnotationError(
            f"{file}: cannot be read ({error.strerror}); close it in other programs"
        ) from None


@dataclass(slots=True)
class Followed:
    """How far a log has been read.

    Attributes
    ----------
    at : int
        Bytes that were read: whole lines.
    number : int
        Lines that were read.
    """

    at: int = 0
    number: int = 0
    _end: bytes = b""

    def new_lines(self, file: Path) -> tuple[list[bytes], bool] | None:
        """Read the lines that were added since last time, without their breaks.

        Returns
        -------
        list of bytes and bool
            The lines, and whether something without a line break stands behind them. None: the log was
            written anew meanwhile, and has to be read from its beginning.
        """
        # the ids in what was read last are nowhere else: were a line before it gone, it stood elsewhere
        with file.open("rb") as log:
            log.seek(self.at - len(self._end))
            if log.read(len(self._end)) != self._end:
                return None
            raw = log.read()
        whole = raw[: raw.rfind(b"\n") + 1]
        self._end = (self._end + whole)[-_REMEMBERED:] if whole else self._end
        self.at += len(whole)
        lines = whole.split(b"\n")[:-1]
        if lines and not self.number:
            lines[0] = lines[0].removeprefix(b"\xef\xbb\xbf")
        self.number += len(lines)
        return lines, len(whole) < len(raw)


def is_torn(tail: bytes) -> bool:
    """Say whether what stands behind the last line break is the beginning of a line that a store wrote.

    Examples
    --------
    >>> is_torn(b'{"id": "3f'), is_torn(b'{"answer_id": "1", '), is_torn(b"")
    (True, False, False)
    """
    zeros = not tail.strip(b"\0")  # as the loss of power leaves them
    begins = _BEGINS.startswith(tail[: len(_BEGINS)])
    id_ = tail[len(_BEGINS) :][:32]
    return bool(tail) and (zeros or (begins and not id_.strip(b"0123456789abcdef"))) and not _is_object(tail)


def make_folder(folder: Path) -> None:
    """Make a folder for logs, where there is none.

    Raises
    ------
    AnnotationError
        It cannot be made.
    """
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _keep_names(folder.parent)
    except OSError as error:
        raise AnnotationError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from None


def _write(file: FileIO, content: bytes) -> None:
    """Write all of it, and wait until the disk has it."""
    written = file.write(content)
    if written != len(content):
        raise OSError(28, "no space left on the device")
    os.fsync(file.fileno())


def _mend(path: Path, log: FileIO) -> str:
    """Set aside what stands behind the last line break; a whole object there only lacks its break."""
    size = log.seek(0, SEEK_END)
    if not size:
        return ""
    log.seek(size - 1)
    if log.read(1) == b"\n":
        return ""
    log.seek(0)
    raw = log.readall()
    begins = raw.rfind(b"\n") + 1
    tail = raw[begins:]
    if _is_object(tail):  # by hand, or by a writer that was killed a byte too early
        _write(log, b"\n")
        return ""
    aside = path.with_name(f"{path.name}.torn")
    with aside.open("ab", buffering=0) as torn:  # before it is gone from the log
        _write(torn, tail + b"\n")
    log.truncate(begins)
    os.fsync(log.fileno())
    number = raw.count(b"\n") + 1
    what = f"torn, {len(tail)} bytes set aside in {aside.name}"
    return f"{path} line {number}: {what}; decide that answer again"


def _is_object(tail: bytes) -> bool:
    try:
        object_of(tail.decode("utf-8"))
    except (RowError, UnicodeDecodeError):
        return False
    return True


def _replace(part: Path, file: Path) -> None:
    """Put a file in another's place; on Windows, once those who read it have closed it."""
    for _ in range(100):
        with suppress(PermissionError):
            part.replace(file)
            return
        sleep(0.02)
    part.replace(file)


def _keep_names(folder: Path) -> None:
    """Wait until the disk has the names in a folder, where the system can say so; Windows cannot."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
