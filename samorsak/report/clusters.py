"""Clusters of statements, and the tables of them for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samorsak.cluster import UNSTABLE
from samorsak.mapping import CategoryKind, Kind
from samorsak.report.delimited import write_rows

CLUSTERS, CLUSTERED = "clusters.csv", "clustered.csv"
EVIDENCE, CATEGORIES = "evidence.csv", "categories.csv"
"""What the files are called in the folder that `samorsak discover` writes."""

CLUSTER_COLUMNS = (
    *("question", "cluster", "size", "share", "stability", "verdict", "category", "words", "typical"),
    "unstable",
)
CLUSTERED_COLUMNS = ("answer_id", "question", "start", "end", "text", "cluster", "strength")
EVIDENCE_COLUMNS = (
    *("question", "cluster", "category", "share", "probability", "examples", "definition", "nearness"),
)
CATEGORY_COLUMNS = ("question", "category", "statements", "clusters", "tightness", "verdict")

BETWEEN = " | "
"""Between the typical statements of a cluster, in one cell."""


@dataclass(frozen=True, slots=True)
class ForCategory:
    """What speaks for a category in a cluster; see `samorsak.mapping.Evidence`."""

    category: str
    share: float
    probability: float
    examples: int
    definition: float | None
    nearness: float | None


@dataclass(frozen=True, slots=True)
class FoundCluster:
    """A group of statements that say the same thing.

    Attributes
    ----------
    cluster : int
        From 1, the largest first.
    size : int
    share : float
        Of all statements of the question.
    stability : float or None
        See `samorsak.cluster.cluster_stability`; None where repetitions alone made the cluster.
    verdict : str
        What it is to the scheme, see `samorsak.mapping.judge_clusters`.
    categories : tuple of str
        To which categories.
    words, typical : tuple of str
    evidence : tuple of ForCategory
        For each category in the scheme's order.
    """

    cluster: int
    size: int
    share: float
    stability: float | None
    verdict: Kind
    categories: tuple[str, ...]
    words: tuple[str, ...]
    typical: tuple[str, ...]
    evidence: tuple[ForCategory, ...]

    @property
    def unstable(self) -> bool:
        """Whether other statements like these might not have given the cluster."""
        return self.stability is not None and self.stability < UNSTABLE


@dataclass(frozen=True, slots=True)
class FoundCategory:
    """What the clusters say of a category.

    Attributes
    ----------
    category : str
    statements : int
        How many the classifier gives it.
    clusters : int
        How many clusters are covered by it, part of it, or between it and another.
    tightness : float or None
        Mean cosine between every two of its distinct statements; None where it has fewer.
    verdict : str
        See `samorsak.mapping.judge_categories`.
    """

    category: str
    statements: int
    clusters: int
    tightness: float | None
    verdict: CategoryKind


@dataclass(frozen=True, slots=True)
class ClusteredStatement:
    """A statement, its cluster and its place on the map.

    Attributes
    ----------
    answer_id, start, end, text
        As in `samorsak.coded.StatementRow`.
    category : str
        What the classifier calls it.
    cluster : int or None
        None in none.
    strength : float
        How firmly it belongs there, between 0 and 1.
    place : tuple of two floats
        See `samorsak.cluster.lay_out`.
    """

    answer_id: str
    start: int
    end: int
    text: str
    category: str
    cluster: int | None
    strength: float
    place: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Discovery:
    """What the statements of a question hold.

    Attributes
    ----------
    question, wording : str
    distinct : int
        Statements that differ by more than case and punctuation.
    smallest : int
        The size of the smallest possible cluster.
    labels : dict of str to str
        The names of the categories.
    clusters : tuple of FoundCluster
    categories : tuple of FoundCategory
        Those of the scheme, in its order, without residuals.
    statements : tuple of ClusteredStatement
        In the order of the coded round.
    """

    question: str
    wording: str
    distinct: int
    smallest: int
    labels: dict[str, str]
    clusters: tuple[FoundCluster, ...]
    categories: tuple[FoundCategory, ...]
    statements: tuple[ClusteredStatement, ...]


def write_discovery(out: Path, found: Sequence[Discovery]) -> None:
    """Write the tables into a folder that is there; shares and scores have six decimals.

    Raises
    ------
    InputError
        A file cannot be written.
    """
    write_rows(out / CLUSTERS, CLUSTER_COLUMNS, _cluster_rows(found))
    write_rows(out / CLUSTERED, CLUSTERED_COLUMNS, _clustered_rows(found))
    write_rows(out / EVIDENCE, EVIDENCE_COLUMNS, _evidence_rows(found))
    write_rows(out / CATEGORIES, CATEGORY_COLUMNS, _category_rows(found))


def _cluster_rows(found: Iterable[Discovery]) -> Iterator[list[str]]:
    for one in found:
        for c in one.clusters:
            numbers = [str(c.cluster), str(c.size), _decimals(c.share), _decimals(c.stability)]
            said = [c.verdict, ";".join(c.categories), ";".join(c.words)]
            typical = BETWEEN.join(" ".join(text.split()) for text in c.typical)
            yield [one.question, *numbers, *said, typical, "yes" if c.unstable else ""]


def _clustered_rows(found: Iterable[Discovery]) -> Iterator[list[str]]:
    for one in found:
        for s in one.statements:
            cluster = "" if s.cluster is None else str(s.cluster)
            where = [s.answer_id, one.question, str(s.start), str(s.end)]
            yield [*where, s.text, cluster, _decimals(s.strength)]


def _evidence_rows(found: Iterable[Discovery]) -> Iterator[list[str]]:
    for one in found:
        for c in one.clusters:
            for e in c.evidence:
                given = [_decimals(e.share), _decimals(e.probability), str(e.examples)]
                near = [_decimals(e.definition), _decimals(e.nearness)]
                yield [one.question, str(c.cluster), e.category, *given, *near]


def _category_rows(found: Iterable[Discovery]) -> Iterator[list[str]]:
    for one in found:
        for c in one.categories:
            counts = [str(c.statements), str(c.clusters), _decimals(c.tightness)]
            yield [one.question, c.category, *counts, c.verdict]


def _decimals(x: float | None) -> str:
    return "" if x is None else f"{x:.6f}"
