"""What the console can show, and how far a command has come."""

from __future__ import annotations

import codecs
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

_STAND_INS = {
    "”": '"',
    "“": '"',
    "’": "'",
    "–": "-",
    "—": "-",
    "\u2212": "-",
    "…": "...",
    "\u00a0": " ",
    "\u202f": " ",
}


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    """Replace what an old Windows code page lacks with what comes nearest."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_STAND_INS.get(char, "?") for char in lacking), error.end


def prepare_streams() -> None:
    """Let no symbol stop a command: a file or pipe gets utf-8, a console what it can show."""
    codecs.register_error("samorsak", _stand_in)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:  # replaced by a test or a notebook
            continue
        if stream.isatty():
            reconfigure(errors="samorsak")
        else:
            reconfigure(encoding="utf-8", errors="samorsak")


def shows(symbol: str) -> bool:
    """Say whether stdout has a symbol."""
    try:
        symbol.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def width() -> int:
    """Give the width of lists in characters: that of the terminal, within what is good to read."""
    return max(60, min(120, shutil.get_terminal_size((100, 24)).columns))


def say(line: str) -> None:
    """Tell how it goes, beside the result: on stderr."""
    typer.echo(line, err=True)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function of (done, total) that draws a bar on stderr; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with typer.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield advance
