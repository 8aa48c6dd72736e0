"""Statements that say the same thing, found without a scheme: clusters, their words and typical members."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isqrt, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import InputError
from samorsak.text import nfc

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALLEST = 5
"""Statements that a cluster has at least, where there are few; see `smallest_cluster`."""

REDUCED_FROM = 50
"""Distinct statements from which on vectors are reduced: neighbourhoods of fewer say too little."""

DIMENSIONS, NEIGHBOURS, CORE = 5, 15, 3
"""UMAP's dimensions and neighbours, and HDBSCAN's `min_samples`."""

WORDS, TYPICAL = 8, 5
"""Telling words and typical statements of a cluster, at most."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")  # compounds with a hyphen stay whole


@dataclass(frozen=True, slots=True)
class Clusters:
    """What `find_clusters` found, the largest cluster first.

    Attributes
    ----------
    label : ndarray of int64, shape (m,)
        The cluster of each statement, from 0; -1 in none.
    strength : ndarray of float64, shape (m,)
        How firmly it belongs there, between 0 and 1; 0 in none.
    outlier : ndarray of float64, shape (m,)
        GLOSH outlier score, between 0 and 1.
    stability : ndarray of float64, shape (c,)
        HDBSCAN's persistence of each cluster, between 0 and 1; NaN for a statement that is a cluster by its
        repetitions alone.
    """

    label: Ints
    strength: Floats
    outlier: Floats
    stability: Floats

    def __len__(self) -> int:
        """Count the clusters."""
        return len(self.stability)


def smallest_cluster(distinct: int) -> int:
    """Give the size from which on statements are a cluster: a fourth of the root of their number, at least 5.

    Examples
    --------
    >>> smallest_cluster(300), smallest_cluster(50_000)
    (5, 55)
    """
    return max(SMALLEST, isqrt(distinct) // 4)


def find_clusters(vectors: NDArray[Any], repeats: Ints, seed: int = 0) -> Clusters:
    """Cluster distinct statements by their vectors.

    From 50 statements on, UMAP (McInnes, Healy and Melville, arXiv:1802.03426) reduces the vectors to five
    dimensions; below, they are used as they are. HDBSCAN (Campello, Moulavi and Sander 2013) finds what lies
    densely; how often a statement is repeated, or another has the same vector, plays no part, as repetitions
    would be a dense place by themselves. A statement outside that is repeated as often as the smallest
    cluster is large becomes a cluster of its own. A vector of zeros, of which the encoder knew no word,
    belongs nowhere.

    Parameters
    ----------
    vectors : ndarray, shape (m, d)
        Of unit length, one for each distinct statement.
    repeats : ndarray of int64, shape (m,)
        How many statements read so.
    seed : int

    Raises
    ------
    InputError
        The extra is not installed.

    Examples
    --------
    >>> angle = np.r_[np.linspace(0, 0.1, 6), np.linspace(1.5, 1.6, 7)]
    >>> find_clusters(np.c_[np.cos(angle), np.sin(angle)], np.ones(13, np.int64)).label.tolist()
    [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    """
    place, first = _distinct(vectors)
    together = np.bincount(place, repeats, len(first)).astype(np.int64)
    found = _by_density(vectors[first], together, seed)
    label, strength, outlier = found.label[place], found.strength[place], found.outlier[place]
    return _by_size(Clusters(label, strength, outlier, found.stability), repeats)


def _distinct(vectors: NDArray[Any]) -> tuple[Ints, Ints]:
    """Say which vectors are the same one, in the order in which they are met, and where each is met first."""
    places: dict[bytes, int] = {}
    rows = [row.tobytes() for row in np.ascontiguousarray(vectors) + 0.0]  # -0.0 is 0.0
    place = np.array([places.setdefault(row, len(places)) for row in rows], np.int64)
    return place, np.unique(place, return_index=True)[1]


def _by_density(vectors: NDArray[Any], repeats: Ints, seed: int) -> Clusters:
    hdbscan = _library("hdbscan")
    smallest = smallest_cluster(len(vectors))
    label = np.full(len(vectors), -1, np.int64)
    strength, outlier = np.zeros(len(vectors)), np.ones(len(vectors))
    stability: list[float] = []
    known = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    if len(known) >= smallest:
        points = _reduced(vectors[known], seed)
        fitted = hdbscan.HDBSCAN(min_cluster_size=smallest, min_samples=CORE, core_dist_n_jobs=1)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # division by zero, where statements share one place
            label[known] = fitted.fit_predict(points.astype(np.float64))
            outlier[known] = np.nan_to_num(fitted.outlier_scores_, nan=0.0)
        strength[known] = np.nan_to_num(fitted.probabilities_, nan=1.0)
        stability = np.nan_to_num(fitted.cluster_persistence_, nan=1.0).tolist()
    for alone in known[(label[known] < 0) & (repeats[known] >= smallest)]:
        label[alone], strength[alone] = len(stability), 1.0
        stability.append(float("nan"))
    return Clusters(label, strength, outlier, np.array(stability, np.float64))


def _reduced(vectors: NDArray[Any], seed: int) -> NDArray[Any]:
    if len(vectors) < REDUCED_FROM:
        return vectors
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a seed means one thread
        umap = _library("umap")
        reducer = umap.UMAP(
            n_components=DIMENSIONS,
            n_neighbors=NEIGHBOURS,
            min_dist=0.0,
            metric="cosine",
            random_state=seed,
            n_jobs=1,
        )
        points: NDArray[Any] = reducer.fit_transform(vectors)
    return points


def _library(name: str) -> Any:
    """Import a library of the extra; for the first time, umap compiles for seconds."""
    from importlib import import_module

    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise InputError(
            f"discovery needs {error.name}, which is not installed; pip install 'samorsak[discovery]'"
        ) from None


def _by_size(found: Clusters, repeats: Ints) -> Clusters:
    """Give clusters their numbers from the largest on; of two alike the one that is met first."""
    sizes = np.bincount(found.label[found.label >= 0], repeats[found.label >= 0], len(found))
    first = [int(np.argmax(found.label == c)) for c in range(len(found))]
    order = sorted(range(len(found)), key=lambda c: (-sizes[c], first[c]))
    place = np.empty(len(found) + 1, np.int64)
    place[order], place[-1] = np.arange(len(found)), -1
    return Clusters(place[found.label], found.strength, found.outlier, found.stability[order])


def telling_words(
    texts: Sequence[str], label: Ints, stop_words: Collection[str] = (), most: int = WORDS
) -> list[tuple[str, ...]]:
    """Name the words that set each cluster apart, by class-based tf-idf, the most telling first.

    A word weighs its share of the cluster's words times log(1 + words per cluster / its number everywhere)
    (Grootendorst, arXiv:2203.05794, section 3.3). Upper and lower case are one word, shown as it is most
    often written; stop words, digits and single letters do not count. A word that stands only once in the
    cluster comes behind those that several statements share.

    Parameters
    ----------
    texts : sequence of str, length m
        Every statement, repeated ones as often as they stand.
    label : ndarray of int64, shape (m,)
        As in `Clusters`; statements in no cluster count as one more.
    stop_words : collection of str
        In lower case.

    Examples
    --------
    >>> telling_words(["Månadsmöten med af", "månadsmöten", "dyr el"], np.array([0, 0, 1]), {"med"}, 1)
    [('månadsmöten',), ('dyr',)]
    """
    counts: list[Counter[str]] = [Counter() for _ in range(int(label.max(initial=-1)) + 2)]
    forms: dict[str, Counter[str]] = {}
    for text, c in zip(texts, label.tolist(), strict=True):
        for written in _WORD.findall(nfc(text)):
            word = written.lower()
            if len(word) > 1 and word not in stop_words:
                counts[c][word] += 1
                forms.setdefault(word, Counter())[written] += 1
    everywhere = sum(counts, Counter[str]())
    mean = everywhere.total() / len(counts)
    found = []
    for own in counts[:-1]:
        weight = {word: n * log(1 + mean / everywhere[word]) for word, n in own.items()}
        best = sorted(weight, key=lambda word: (own[word] < 2, -weight[word], word))[:most]
        found.append(tuple(_commonest(forms[word]) for word in best))
    return found


def _commonest(forms: Counter[str]) -> str:
    """Give the form that is written most often; of two alike the one in lower case."""
    return min(forms, key=lambda form: (-forms[form], form.swapcase()))


def typical_members(
    vectors: NDArray[Any], label: Ints, repeats: Ints, most: int = TYPICAL
) -> list[tuple[int, ...]]:
    """Pick the statements that show what a cluster holds: the medoid, the next to it, and others apart.

    The medoid has the smallest sum of cosine distances to the statements of its cluster. The others are
    picked each as far as possible from those picked before, among the half that is nearest to the middle.

    Returns
    -------
    list of tuple of int, length c
        Places in `vectors`.

    Examples
    --------
    >>> angle = np.array([0.0, 0.1, 0.2, 0.3, 0.9])
    >>> typical_members(np.c_[np.cos(angle), np.sin(angle)], np.zeros(5, int), np.ones(5, int), 3)
    [(3, 2, 1)]
    """
    return [
        _typical(np.asarray(vectors, np.float64), np.flatnonzero(label == c), repeats, most)
        for c in range(int(label.max(initial=-1)) + 1)
    ]


def _typical(vectors: Floats, members: Ints, repeats: Ints, most: int) -> tuple[int, ...]:
    own = vectors[members]
    # for vectors of unit length, the sum of cosines to all members is the product with their sum
    central = own @ (repeats[members] @ own)
    order = np.argsort(-central, kind="stable").tolist()
    picked, others = order[:2], order[2 : max(most, (len(order) + 1) // 2)]
    nearest = (own @ own[picked].T).max(axis=1)
    while len(picked) < most and others:
        picked.append(min(others, key=lambda place: nearest[place]))
        others.remove(picked[-1])
        nearest = np.maximum(nearest, own @ own[picked[-1]])
    return tuple(members[picked].tolist())
