"""Clusters of samorsak beside those of BERTopic: the same statements and vectors, in one run.

python tests/benchmarks/topics.py [--also sib200_sv]

Marked statements of annotations/af, each question by itself, and their vectors by models/sv-static. samorsak takes
each distinct statement once and what is found is led back to all; BERTopic takes all of them. Both find clusters,
their words and typical statements, five times, with seeds 0-4: BERTopic with its defaults, its UMAP with the seed; and
once more with min_topic_size=5. Categories are used for scoring alone.

- NMI, ARI: agreement with the categories over all statements, those left out as a cluster of their own; and over the
  clustered statements alone (which the one who leaves out more has easier);
- noise: the share of statements in no cluster;
- between seeds: mean ARI and NMI over the ten pairs of seeds, over all statements;
- seconds: processor time and time on the wall, means over the seeds, after one run that is not counted, in which numba
  compiles.

Equal noise, in both directions: `weakest out`, the one with less noise loses its weakest statements (by HDBSCAN's
probability) until as many are out; `all in`, statements that are left out go to the cluster whose mean vector is
nearest (BERTopic: `reduce_outliers(strategy="embeddings")`). Differences are paired by seed: mean (least, greatest).

With --also the same on other texts: SIB-200 Swedish, seven topics; and 1,000 statements of the scheme's lexicon per
question, which the encoder has read (without their categories).
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from encoders import EMBEDDED, QUESTIONS, ROOT, SEEDS, read_statements
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from threadpoolctl import threadpool_limits

from samorsak.cluster import find_clusters, telling_words, typical_members
from samorsak.encode import load_encoder

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Texts:
    """Statements with their categories and vectors."""

    name: str
    texts: list[str]
    categories: np.ndarray
    vectors: np.ndarray


@dataclass(frozen=True, slots=True)
class Found:
    """One run: the cluster of every statement (-1 in none), how firmly, the same with all in, and seconds."""

    label: np.ndarray
    strength: np.ndarray
    all_in: np.ndarray
    processor: float
    wall: float


def samorsak(given: Texts, seed: int) -> Found:
    """Cluster as `samorsak discover` does."""
    stop_words = spacy.blank("sv").Defaults.stop_words
    begun = time.process_time(), time.perf_counter()
    seen: dict[str, int] = {}
    same = [" ".join(_WORD.findall(text.casefold())) for text in given.texts]
    of = np.array([seen.setdefault(text, len(seen)) for text in same])
    distinct = given.vectors[np.unique(of, return_index=True)[1]]
    repeats = np.bincount(of)
    clusters = find_clusters(distinct, repeats, seed)
    label = clusters.label[of]
    telling_words(given.texts, label, stop_words)
    typical_members(distinct, clusters.label, repeats)
    used = time.process_time() - begun[0], time.perf_counter() - begun[1]
    return Found(label, clusters.strength[of], _nearest(label, given.vectors), *used)


def _nearest(label: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Give those in no cluster to the one whose mean vector is nearest by cosine."""
    out = label < 0
    if out.all() or not out.any():
        return label
    means = np.stack([vectors[label == c].mean(axis=0) for c in range(label.max() + 1)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    filled = label.copy()
    filled[out] = (vectors[out] @ means.T).argmax(axis=1)
    return filled


def bertopic(given: Texts, seed: int, smallest: int = 10) -> Found:
    """Cluster as BERTopic does by itself, but for its UMAP's seed."""
    from bertopic import BERTopic
    from umap import UMAP

    begun = time.process_time(), time.perf_counter()
    reducer = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    model = BERTopic(language="multilingual", umap_model=reducer, min_topic_size=smallest)
    model.fit(given.texts, given.vectors)
    used = time.process_time() - begun[0], time.perf_counter() - begun[1]
    label, filled = np.array(model.topics_), np.array(model.topics_)
    if (label < 0).any():
        filled = np.array(
            model.reduce_outliers(given.texts, model.topics_, strategy="embeddings", embeddings=given.vectors)
        )
    return Found(label, np.asarray(model.probabilities_, np.float64), filled, *used)


def weakest_out(found: Found, noise: float) -> np.ndarray:
    """Leave out the weakest until the given share is in no cluster."""
    label = found.label.copy()
    more = round(noise * len(label)) - int((label < 0).sum())
    if more > 0:
        inside = np.flatnonzero(label >= 0)
        label[inside[np.argsort(found.strength[inside], kind="stable")[:more]]] = -1
    return label


def agreement(label: np.ndarray, categories: np.ndarray) -> tuple[float, float]:
    """Give NMI and ARI."""
    return normalized_mutual_info_score(categories, label), adjusted_rand_score(categories, label)


def between(runs: Sequence[Found]) -> tuple[float, float]:
    """Give mean ARI and NMI over the pairs of seeds."""
    pairs = [agreement(a.label, b.label) for a, b in combinations(runs, 2)]
    nmi, ari = np.mean(pairs, axis=0)
    return float(ari), float(nmi)


def noise(run: Found) -> float:
    """Give the share in no cluster."""
    return float((run.label < 0).mean())


COLUMNS = (
    "statements of",
    "method",
    "clusters",
    "NMI",
    "ARI",
    "NMI, clustered",
    "ARI, clustered",
    "noise, %",
    "between seeds, ARI",
    "NMI",
    "processor, s",
    "wall, s",
)


def row_of(given: Texts, method: str, runs: Sequence[Found]) -> list[str]:
    """Write the means over the seeds of one method."""
    whole = np.mean([agreement(run.label, given.categories) for run in runs], axis=0)
    inside = np.mean(
        [agreement(run.label[run.label >= 0], given.categories[run.label >= 0]) for run in runs], axis=0
    )
    used = np.mean([(run.processor, run.wall) for run in runs], axis=0)
    return [
        given.name,
        method,
        f"{np.mean([run.label.max() + 1 for run in runs]):.1f}",
        *(f"{x:.3f}" for x in (*whole, *inside)),
        f"{100 * np.mean([noise(run) for run in runs]):.1f}",
        *(f"{x:.3f}" for x in between(runs)),
        *(f"{x:.2f}" for x in used),
    ]


DIFFERENCES = (
    "statements of",
    "beside",
    "noise, points",
    "NMI",
    "ARI",
    "weakest out: NMI",
    "ARI",
    "all in: NMI",
    "ARI",
    "processor time, ratio",
)


def differences(given: Texts, beside: str, ours: Sequence[Found], theirs: Sequence[Found]) -> list[str]:
    """Write samorsak minus the other, paired by seed."""
    rows = []
    for a, b in zip(ours, theirs, strict=True):
        equal = max(noise(a), noise(b))
        pairs = [(a.label, b.label), (weakest_out(a, equal), weakest_out(b, equal)), (a.all_in, b.all_in)]
        scored = [
            np.subtract(agreement(mine, given.categories), agreement(other, given.categories))
            for mine, other in pairs
        ]
        rows.append([100 * (noise(a) - noise(b)), *np.concatenate(scored)])
    columns = list(zip(*rows, strict=True))
    ratio = sum(run.processor for run in ours) / sum(run.processor for run in theirs)
    return [
        given.name,
        beside,
        _spread(columns[0], 1),
        *(_spread(column, 3) for column in columns[1:]),
        f"{ratio:.2f}",
    ]


def _spread(numbers: Sequence[float], decimals: int) -> str:
    shown = [f"{x:+.{decimals}f}" for x in (np.mean(numbers), min(numbers), max(numbers))]
    return f"{shown[0]} ({shown[1]}, {shown[2]})"


def lexicon(question: str) -> tuple[list[str], list[str]]:
    """Draw 1,000 statements of the scheme's lexicon that stand under one category alone."""
    kept: dict[str, set[str]] = {}
    for path in sorted((ROOT / "samorsak" / "schemes" / "af" / "lexicon").glob(f"{question}*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if row["kind"] != "word":
                kept.setdefault(row["text"], set()).add(row["category"])
    alone = [(text, category.pop()) for text, category in kept.items() if len(category) == 1]
    drawn = random.Random(0).sample(alone, 1000)
    return [text for text, _ in drawn], [category for _, category in drawn]


def topics(folder: Path) -> tuple[list[str], list[str]]:
    """Read SIB-200, train and dev."""
    rows = []
    for part in ("train", "dev"):
        with (folder / f"{part}.tsv").open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row["text"] for row in rows], [row["category"] for row in rows]


def read_all(also: Path | None) -> list[Texts]:
    """Read and encode what is compared."""
    encoder = load_encoder(EMBEDDED, cache=False)
    sources: list[tuple[str, Sequence[str], Sequence[str]]] = []
    for question in QUESTIONS:
        statements = read_statements(question)
        sources.append((question, statements.texts, statements.categories.tolist()))
    if also:
        sources += [(f"lexicon, {question}", *lexicon(question)) for question in QUESTIONS]
        sources.append(("SIB-200", *topics(also)))
    return [
        Texts(name, list(texts), np.array(categories), encoder.encode(texts))
        for name, texts, categories in sources
    ]


def markdown(row: Sequence[str]) -> str:
    """Write a row of a table."""
    return f"| {' | '.join(row)} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--also", type=Path, help="folder of SIB-200 Swedish, train.tsv and dev.tsv")
    given = parser.parse_args()
    methods: dict[str, Callable[[Texts, int], Found]] = {
        "samorsak": samorsak,
        "BERTopic": bertopic,
        "BERTopic, size 5": lambda texts, seed: bertopic(texts, seed, smallest=5),
    }
    compared: list[list[str]] = []
    print(markdown(COLUMNS), markdown(["---"] * len(COLUMNS)), sep="\n", flush=True)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a seed means one thread
        for number, texts in enumerate(read_all(given.also)):
            if not number:
                for method in methods.values():
                    method(texts, 0)  # numba compiles
            # one seed after the other, the methods in turn: what else the machine does meets all alike
            runs: dict[str, list[Any]] = {name: [] for name in methods}
            for seed in SEEDS:
                for name, method in methods.items():
                    runs[name].append(method(texts, seed))
            for name in methods:
                print(markdown(row_of(texts, name, runs[name])), flush=True)
            compared += [differences(texts, name, runs["samorsak"], runs[name]) for name in [*methods][1:]]
    print("\nsamorsak minus the other, paired by seed: mean (least, greatest)\n")
    print(*map(markdown, [DIFFERENCES, ["---"] * len(DIFFERENCES), *compared]), sep="\n")


if __name__ == "__main__":
    main()
