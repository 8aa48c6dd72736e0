"""The statements of one question on their way: to clusters, their verdicts, and what is kept of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from samorsak.cluster import (
    Clusters,
    cluster_stability,
    content_words,
    find_clusters,
    keep_clusters,
    lay_out,
    lemmatiser,
    set_apart,
    smallest_cluster,
    stop_words,
    telling_words,
    typical_members,
)
from samorsak.coded import StatementRow
from samorsak.encode import Encoder
from samorsak.mapping import Evidence, Verdict, judge_categories, judge_clusters, tightness
from samorsak.pipeline.kept import KeptQuestion, keep_question
from samorsak.pipeline.mapped import (
    Distinct,
    Encoded,
    Known,
    claims_of,
    distinct_statements,
    evidence_for,
    typicality_of,
)
from samorsak.report.clusters import (
    ClusteredStatement,
    Discovery,
    ForCategory,
    FoundCategory,
    FoundCluster,
)
from samorsak.scheme import NO_CAUSE, OTHER, Scheme
from samorsak.wording import Lang

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def cluster_question(
    rows: Sequence[StatementRow],
    texts: Sequence[str],
    answers: Sequence[str],
    question: str,
    scheme: Scheme,
    known: Known,
    encoder: Encoder,
    seed: int,
    lang: Lang,
) -> tuple[Discovery, KeptQuestion]:
    """Cluster the statements of a question, and set the clusters against its categories.

    Parameters
    ----------
    rows : sequence of StatementRow, length m
    texts : sequence of str, length m
        Their words, blanks in place of masks.
    answers : sequence of str
        The ids of all answers to the question.
    """
    stop, lemma = stop_words(scheme.language), lemmatiser(scheme.language)
    distinct = distinct_statements(texts, encoder)
    telling = [any(content_words(texts[i], stop, lemma)) for i in distinct.first]
    # what says nothing by itself gets a vector of zeros, as what the encoder knows no word of
    vectors = distinct.vectors * np.array(telling, bool)[:, None]
    repeats = np.bincount(distinct.of, minlength=len(distinct.first))
    encoded = Encoded.of(known, encoder)
    typical, claimed = covers(rows, distinct, known, encoded)
    clusters, apart = set_apart(find_clusters(vectors, repeats, seed), vectors, repeats, typical, claimed)
    stability = cluster_stability(clusters, vectors, seed)
    evidence = evidence_for(rows, distinct, clusters.label, known, encoded)
    verdicts = judge_clusters(evidence, apart)
    words = telling_words(texts, clusters.label[distinct.of], stop, lemma=lemma)
    members = typical_members(distinct.vectors, clusters.label, repeats)
    examples = [tuple(rows[distinct.first[i]].text for i in picked) for picked in members]
    smallest = smallest_cluster(len(distinct.first))
    found = Discovery(
        question=question,
        wording=scheme.question(question).wording(question, lang),
        distinct=len(distinct.first),
        smallest=smallest,
        labels={name: scheme.label(question, name, lang) for name in evidence.outcomes},
        clusters=_found(clusters, distinct.of, stability, evidence, verdicts, words, examples),
        categories=_categories(rows, distinct, known.outcomes, verdicts, smallest),
        statements=_clustered(rows, distinct, clusters, lay_out(distinct.vectors, seed)),
    )
    wording = {name: scheme.question(question).wording(question, name) for name in get_args(Lang)}
    kept = keep_clusters(vectors, repeats, clusters)
    return found, keep_question(rows, answers, wording, kept, distinct.of, known.outcomes, typical, claimed)


def covers(
    rows: Sequence[StatementRow], distinct: Distinct, known: Known, encoded: Encoded
) -> tuple[Floats, Floats]:
    """Say how typical distinct statements are of what could cover them, and how the classifier claims them.

    `other` covers nothing, and to be called no cause is no claim.
    """
    typical = typicality_of(rows, distinct, known, encoded)
    claimed = claims_of(rows, distinct, known.outcomes)
    cover = [j for j, name in enumerate(known.outcomes) if name != OTHER]
    cause = [j for j in cover if known.outcomes[j] != NO_CAUSE]
    return typical[:, cover], claimed[:, cause]


def _found(
    clusters: Clusters,
    of: Ints,
    stability: Floats,
    evidence: Evidence,
    verdicts: Sequence[Verdict],
    words: Sequence[tuple[str, ...]],
    typical: Sequence[tuple[str, ...]],
) -> tuple[FoundCluster, ...]:
    label = clusters.label[of]
    sizes = np.bincount(label[label >= 0], minlength=len(clusters)).tolist()
    return tuple(
        FoundCluster(
            cluster=c + 1,
            size=sizes[c],
            share=sizes[c] / len(of),
            stability=_or_none(stability[c]),
            verdict=verdict.kind,
            categories=verdict.categories,
            words=words[c],
            typical=typical[c],
            evidence=_for_categories(evidence, c),
        )
        for c, verdict in enumerate(verdicts)
    )


def _for_categories(evidence: Evidence, c: int) -> tuple[ForCategory, ...]:
    return tuple(
        ForCategory(
            category=name,
            share=float(evidence.share[c, j]),
            probability=float(evidence.probability[c, j]),
            examples=int(evidence.examples[c, j]),
            definition=_or_none(evidence.definition[c, j]),
            nearness=_or_none(evidence.nearness[c, j]),
        )
        for j, name in enumerate(evidence.outcomes)
    )


def _categories(
    rows: Sequence[StatementRow],
    distinct: Distinct,
    outcomes: Sequence[str],
    verdicts: Sequence[Verdict],
    smallest: int,
) -> tuple[FoundCategory, ...]:
    given = Counter(row.category for row in rows)
    counts = {name: given[name] for name in outcomes if name not in (OTHER, NO_CAUSE)}
    judged = judge_categories(counts, verdicts, smallest)
    # a statement that stands many times says nothing of how alike the different ones are
    place_of = {name: j for j, name in enumerate(outcomes)}
    pairs = sorted({(i, place_of[row.category]) for i, row in zip(distinct.of.tolist(), rows, strict=True)})
    place, kind = np.array(pairs, np.int64).reshape(-1, 2).T
    tight = tightness(distinct.vectors[place], kind, len(outcomes))
    return tuple(
        FoundCategory(name, counts[name], clusters, _or_none(tight[place_of[name]]), verdict)
        for name, (verdict, clusters) in judged.items()
    )


def _clustered(
    rows: Sequence[StatementRow], distinct: Distinct, clusters: Clusters, places: NDArray[np.float64]
) -> tuple[ClusteredStatement, ...]:
    label, strength = clusters.label.tolist(), clusters.strength.tolist()
    return tuple(
        ClusteredStatement(
            row.answer_id,
            row.start,
            row.end,
            row.text,
            row.category,
            None if label[i] < 0 else label[i] + 1,
            strength[i],
            (float(places[i, 0]), float(places[i, 1])),
        )
        for row, i in zip(rows, distinct.of.tolist(), strict=True)
    )


def _or_none(x: float) -> float | None:
    return None if np.isnan(x) else float(x)
