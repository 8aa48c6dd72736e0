"""Clusters of statements for machines (clusters.csv, clustered.csv, evidence.csv) and for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samorsak.mapping import Kind
from samorsak.report.delimited import write_rows
from samorsak.report.phrases import by_language
from samorsak.wording import NO_BREAK, Lang, number, percent

CLUSTERS, CLUSTERED, EVIDENCE = "clusters.csv", "clustered.csv", "evidence.csv"
"""What the files are called in the folder that `samorsak discover` writes."""

CLUSTER_COLUMNS = (
    *("question", "cluster", "size", "share", "stability", "verdict", "category", "words", "typical"),
)
CLUSTERED_COLUMNS = ("answer_id", "question", "start", "end", "text", "cluster", "strength")
EVIDENCE_COLUMNS = ("question", "cluster", "category", "share", "probability", "nearness")

BETWEEN = " | "
"""Between the typical statements of a cluster, in one cell."""

_ORDER: tuple[Kind, ...] = ("uncovered", "between", "part", "covered", "no_cause")

_SAID = {  # Swedish, English
    "head": (
        "{} påståenden, {} olika; {} kluster, {} ({}) utanför dem.",
        "{} statements, {} distinct; {} clusters, {} ({}) outside of them.",
    ),
    "none": ("Inga påståenden.", "No statements."),
    "few": (
        "Inga kluster: ett kluster behöver minst {} olika påståenden som liknar varandra.",
        "No clusters: one needs at least {} distinct statements that are alike.",
    ),
    "giant": (
        "Ett kluster rymmer mer än hälften av påståendena: det säger lite om vad de handlar om.",
        "One cluster holds more than half of the statements: it says little of what they are about.",
    ),
    "uncovered": ("Täcks inte av någon kategori", "Covered by no category"),
    "between": ("Mellan två kategorier", "Between two categories"),
    "part": ("Del av en kategori som rymmer flera kluster", "Part of a category that holds several clusters"),
    "covered": ("Täcks av en kategori", "Covered by a category"),
    "no_cause": ("Ingen orsak", "No cause"),
    "cluster": ("Kluster {}: {} ({}), stabilitet {}", "Cluster {}: {} ({}), stability {}"),
}
_WORDS = by_language(_SAID)


@dataclass(frozen=True, slots=True)
class ForCategory:
    """What speaks for a category in a cluster; see `samorsak.mapping.Evidence`."""

    category: str
    share: float
    probability: float
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
        HDBSCAN's persistence; None where repetitions alone made the cluster.
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
    statements : tuple of ClusteredStatement
        In the order of the coded round.
    """

    question: str
    wording: str
    distinct: int
    smallest: int
    labels: dict[str, str]
    clusters: tuple[FoundCluster, ...]
    statements: tuple[ClusteredStatement, ...]


def write_discovery(out: Path, found: Sequence[Discovery]) -> None:
    """Write the three tables into a folder that is there; shares and scores have six decimals.

    Raises
    ------
    InputError
        A file cannot be written.
    """
    write_rows(out / CLUSTERS, CLUSTER_COLUMNS, _cluster_rows(found))
    write_rows(out / CLUSTERED, CLUSTERED_COLUMNS, _clustered_rows(found))
    write_rows(out / EVIDENCE, EVIDENCE_COLUMNS, _evidence_rows(found))


def _cluster_rows(found: Iterable[Discovery]) -> Iterator[list[str]]:
    for one in found:
        for c in one.clusters:
            numbers = [str(c.cluster), str(c.size), _decimals(c.share), _decimals(c.stability)]
            said = [c.verdict, ";".join(c.categories), ";".join(c.words)]
            yield [one.question, *numbers, *said, BETWEEN.join(" ".join(text.split()) for text in c.typical)]


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
                scores = map(_decimals, (e.share, e.probability, e.nearness))
                yield [one.question, str(c.cluster), e.category, *scores]


def _decimals(x: float | None) -> str:
    return "" if x is None else f"{x:.6f}"


def show_discovery(found: Sequence[Discovery], lang: Lang = "sv", width: int = 100) -> str:
    """Show the clusters of each question, those that no category covers first."""
    shown = ["\n".join(_lines(one, lang, width)) for one in found]
    return "\n\n\n".join(shown).replace(NO_BREAK, " ") + "\n"


def _lines(one: Discovery, lang: Lang, width: int) -> Iterator[str]:
    said = _WORDS[lang]
    yield from textwrap.wrap(one.wording, width)
    if not one.statements:
        yield said["none"]
        return
    total = len(one.statements)
    loose = sum(s.cluster is None for s in one.statements)
    counts = [number(n, lang=lang) for n in (total, one.distinct, len(one.clusters), loose)]
    yield said["head"].format(*counts, percent(loose / total, lang=lang))
    if not one.clusters:
        yield said["few"].format(one.smallest)
    if any(c.share > 0.5 for c in one.clusters):
        yield from textwrap.wrap(said["giant"], width)
    for verdict in _ORDER:
        own = [c for c in one.clusters if c.verdict == verdict]
        if own:
            yield from ("", f"{said[verdict]} ({number(len(own), lang=lang)})")
        for c in own:
            yield from _cluster_lines(c, one, lang, width)


def _cluster_lines(c: FoundCluster, one: Discovery, lang: Lang, width: int) -> Iterator[str]:
    stability = "–" if c.stability is None else number(c.stability, 2, lang)
    head = _WORDS[lang]["cluster"].format(
        c.cluster, number(c.size, lang=lang), percent(c.share, 1, lang), stability
    )
    if c.verdict != "no_cause" and c.categories:
        head += ": " + " / ".join(one.labels[category] for category in c.categories)
    yield from textwrap.wrap(head, width, initial_indent="  ", subsequent_indent="    ")
    yield from textwrap.wrap(
        ", ".join(c.words), width, initial_indent=" " * 4, subsequent_indent=" " * 4, break_on_hyphens=False
    )
    for text in c.typical[:2]:
        yield "    - " + textwrap.shorten(text, width - 6, placeholder=" …")
