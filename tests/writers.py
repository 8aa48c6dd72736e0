"""Processes that write to one log and are killed: what they were told is on disk has to be there.

Run as a program, this writes decisions without end, and prints each answer's id once its decision is on disk.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

from samorsak.annotations import Annotation, Marked, Store
from samorsak.scheme import Scheme

SCHEME = Scheme.model_validate({"questions": {"lost": {"categories": {"rain": {}}}}})
TEXT = "Det regnade varje dag, å så många dagar i rad. " * 8


def write_for_ever(folder: Path, name: str) -> None:
    """Append decisions until killed."""
    store = Store(folder, SCHEME)
    out = sys.stdout
    number = 0
    while True:
        number += 1
        text = TEXT * (number % 7 + 1)
        marks = (Marked(0, 11, "rain"),)
        store.append(Annotation(f"{name}-{number}", "2024", "lost", text, marks, None, "", "kl"))
        out.write(f"{name}-{number}\n")
        out.flush()


def start(folder: Path, name: str) -> subprocess.Popen[str]:
    """Start a writer; its first decision is on disk when this returns."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    writer = subprocess.Popen(
        [sys.executable, __file__, str(folder), name],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    )
    assert writer.stdout is not None
    writer.first = writer.stdout.readline().strip()  # type: ignore[attr-defined]
    return writer


def kill(writer: subprocess.Popen[str]) -> list[str]:
    """Kill a writer, and give the ids it was told are on disk."""
    writer.kill()
    told, _ = writer.communicate()
    # the last line may be torn, too: then it was not told
    return [writer.first, *told.split("\n")[:-1]]  # type: ignore[attr-defined]


def kill_often(folder: Path, kills: int, seed: int) -> tuple[list[str], int]:
    """Let two processes write to one log, and kill one of them at a random moment, again and again.

    Returns
    -------
    list of str and int
        The ids that were acknowledged, and how often the moment was one at which it had written part of a line.
    """
    chance = random.Random(seed)
    writers = [start(folder, "a0"), start(folder, "b0")]
    acknowledged: list[str] = []
    torn = 0
    try:
        for number in range(1, kills + 1):
            sleep(chance.uniform(0.005, 0.08))
            which = chance.randrange(2)
            acknowledged += kill(writers[which])
            writers[which] = start(folder, f"{'ab'[which]}{number}")
    finally:
        for writer in writers:
            acknowledged += kill(writer)
    aside = folder / "kl.jsonl.torn"
    torn = aside.read_bytes().count(b"\n") if aside.exists() else 0
    return acknowledged, torn


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    write_for_ever(Path(sys.argv[1]), sys.argv[2])
