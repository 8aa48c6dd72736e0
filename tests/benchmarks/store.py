"""The store of decisions: how long a large log takes to open and a decision to write, and what killing costs.

python tests/benchmarks/store.py [--decisions 100000] [--appends 500] [--kills 200]

The log that is opened holds the answers of annotations/af over and over, each under an id of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from writers import SCHEME, kill_often  # noqa: E402

from samorsak.annotations import Store, read_annotations  # noqa: E402
from samorsak.annotations.logged import line_of, new_id  # noqa: E402
from samorsak.scheme import read_scheme  # noqa: E402


def write_log(folder: Path, decisions: int) -> None:
    """Write a log as `Store.append` does, without waiting for the disk at each line."""
    scheme = read_scheme("af")
    seed = read_annotations([ROOT / "annotations" / "af"], scheme)
    begin, about = datetime(2025, 1, 1, tzinfo=UTC), {"annotator": "kl", "scheme": scheme.fingerprint()}
    with (folder / "kl.jsonl").open("wb") as log:
        for number in range(decisions):
            made_at = begin + timedelta(seconds=number)
            own = replace(seed[number % len(seed)], answer_id=f"{number}/x", made_at=made_at, **about)
            log.write(line_of(new_id(), own))


def open_log(folder: Path) -> None:
    """Open a log in this process, which does nothing else, and print how long it takes."""
    scheme = read_scheme("af")
    wall, processor = perf_counter(), process_time()
    n = len(Store(folder, scheme).view())
    wall, processor = perf_counter() - wall, process_time() - processor
    size = (folder / "kl.jsonl").stat().st_size / 1e6
    print(
        f"open {n:,} decisions, {size:.0f} MB: {wall:.2f} s, processor {processor:.2f} s (asked: 2 s)",
        flush=True,
    )


def time_appends(folder: Path, appends: int) -> None:
    """Print how long a decision takes to be on disk, in a log that is large already."""
    scheme = read_scheme("af")
    seed = read_annotations([ROOT / "annotations" / "af"], scheme)
    store = Store(folder, scheme)
    store.view()
    taken = []
    for number in range(appends):
        begun = perf_counter()
        store.append(replace(seed[number % len(seed)], annotator="kl"))
        taken.append((perf_counter() - begun) * 1000)
    last = quantiles(taken, n=100)[98]
    print(
        f"append, {appends} times: median {median(taken):.1f} ms, p99 {last:.1f} ms (asked: 20 ms)",
        flush=True,
    )


def count_losses(folder: Path, kills: int) -> None:
    """Print what two writers lose when one of them is killed again and again."""
    acknowledged, torn = kill_often(folder, kills, seed=0)
    store = Store(folder, SCHEME)
    there = [recorded.annotation.answer_id for recorded in store.view()]
    lost = set(acknowledged) - set(there)
    broken = [note for note in store.notes if "set aside" not in note]
    untold = len(set(there) - set(acknowledged))
    print(
        f"{kills} kills, {len(acknowledged):,} decisions acknowledged: {len(lost)} lost, {len(broken)} lines "
        f"broken, {torn} torn and set aside, {untold} written but not yet acknowledged (asked: 0 lost, 0 broken)",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the three figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--appends", type=int, default=500)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.open:
        open_log(asked.open)
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "large"
        folder.mkdir()
        write_log(folder, asked.decisions)
        for _ in range(3):
            subprocess.run([sys.executable, __file__, "--open", str(folder)], check=True)
        time_appends(folder, asked.appends)
        count_losses(Path(place) / "killed", asked.kills)


if __name__ == "__main__":
    main()
