"""Time and memory of discovery as rounds grow, and two engines for HDBSCAN on the same points.

python tests/benchmarks/scale.py [--sizes 5000 15000 50000] [--no-engines]

- ``samorsak discover`` as a process of its own, on one question with as many statements, nearly all distinct
  (``composed.py``, coded by ``samorsak classify`` beforehand): seconds, processor time, the largest memory, and how
  processor time grows per tenfold of statements; loading, compiling and writing files included;
- the points that discovery clustered, as it keeps them, clustered by hdbscan and by fast_hdbscan, with the settings
  of `find_clusters`: seconds on the wall and of the processors, after a run that is not counted, in which
  numba compiles; and how far the labels agree (ARI). fast_hdbscan uses every processor, hdbscan one.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
import warnings
from collections.abc import Sequence
from itertools import islice
from math import log10
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from composed import compose
from safetensors.numpy import load_file
from sklearn.metrics import adjusted_rand_score
from speed import run

from samorsak.cluster.density import clusterer_settings
from samorsak.pipeline.kept import ARRAYS

QUESTION = "missed"
SIZES = (5_000, 15_000, 50_000)


def code_round(folder: Path, size: int) -> Path:
    """Code composed answers of one question, and keep as many of their statements."""
    rows = (row for row in compose(4 * size) if row[0] == QUESTION)
    written = folder / f"round-{size}.csv"
    with written.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["answer_id", "round", "question", "text"])
        for number, (question, text) in enumerate(islice(rows, size // 2), 1):
            writer.writerow([f"{number:06}", "2024", question, text])
    coded = folder / f"coded-{size}"
    run(["classify", str(written), "--out", str(coded)], {**os.environ})
    path = coded / "statements.csv"
    header, *found = read_rows(path)
    if len(found) < size:
        sys.exit(f"{len(found)} statements were found, {size} are needed")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *found[:size]])
    return coded


def read_rows(path: Path) -> list[list[str]]:
    """Read a CSV with its header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def kept_points(clusters: Path) -> Any:
    """Read the distinct points that discovery clustered, as it keeps them."""
    kept = load_file(clusters / ARRAYS)
    known = np.linalg.norm(kept[f"{QUESTION}/vectors"], axis=1) > 0
    return np.unique(kept[f"{QUESTION}/points"][known], axis=0)


def discovery(folder: Path, size: int, before: tuple[int, float] | None) -> tuple[int, float]:
    """Measure the command; gives size and seconds."""
    coded = code_round(folder, size)
    used = run(["discover", str(coded), "--out", str(folder / f"clusters-{size}")], {**os.environ})
    spent = used.processor or used.seconds
    growth = "" if before is None else f"{10 ** (log10(spent / before[1]) / log10(size / before[0])):.1f}"
    clusters = len(read_rows(folder / f"clusters-{size}" / "clusters.csv")) - 1
    memory = "" if used.memory is None else f"{used.memory:,.0f}"
    print(
        row([f"{size:,}", str(clusters), f"{used.seconds:.0f}", f"{spent:.0f}", memory, growth]), flush=True
    )
    return size, spent


def engines(points: Any) -> tuple[Sequence[float], Sequence[float], float]:
    """Time both on the same points: seconds on the wall and of the processors each, and their agreement."""
    from fast_hdbscan import HDBSCAN as Fast
    from hdbscan import HDBSCAN

    own = clusterer_settings(len(points))
    settings = {name: own[name] for name in ("min_cluster_size", "min_samples")}
    labels, spent = [], []
    for engine in (HDBSCAN(**settings, core_dist_n_jobs=1), Fast(**settings)):
        begun = time.perf_counter(), time.process_time()
        labels.append(engine.fit_predict(points.astype(np.float64)))
        spent.append((time.perf_counter() - begun[0], time.process_time() - begun[1]))
    return spent[0], spent[1], float(adjusted_rand_score(*labels))


def row(cells: Sequence[str]) -> str:
    """Write a row of a table."""
    return f"| {' | '.join(cells)} |"


def head(columns: Sequence[str]) -> None:
    """Print the head of a table."""
    print(row(columns), row(["---"] * len(columns)), sep="\n", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--no-engines", action="store_true", help="discovery alone")
    given = parser.parse_args()
    with TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a seed means one thread
        head(["statements", "clusters", "seconds", "processor, s", "memory, MB", "growth per tenfold"])
        first = None
        for size in given.sizes:
            measured = discovery(Path(name), size, first)
            first = first or measured
        if given.no_engines:
            return
        print()
        head(["points", "hdbscan, s", "processor, s", "fast_hdbscan, s", "processor, s", "ARI"])
        engines(np.random.default_rng(0).normal(size=(500, 5)))
        for size in given.sizes:
            points = kept_points(Path(name) / f"clusters-{size}")
            slow, fast, alike = engines(points)
            cells = [f"{len(points):,}", *(f"{x:.1f}" for x in (*slow, *fast)), f"{alike:.3f}"]
            print(row(cells), flush=True)


if __name__ == "__main__":
    main()
