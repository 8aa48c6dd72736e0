"""What the statements of a coded round hold beside and before the scheme: from a run folder to clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from samorsak.cluster import (
    Clusters,
    content_words,
    find_clusters,
    lay_out,
    lemmatiser,
    smallest_cluster,
    stop_words,
    telling_words,
    typical_members,
)
from samorsak.coded import CodedAnswer, StatementRow
from samorsak.encode import Encoder, load_encoder
from samorsak.errors import InputError
from samorsak.mapping import Evidence, Verdict, judge_categories, judge_clusters, tightness
from samorsak.pipeline.annotated import read_lessons
from samorsak.pipeline.evidence import read_run_scheme
from samorsak.pipeline.mapped import (
    Distinct,
    Known,
    distinct_statements,
    evidence_for,
    known_of,
    unmasked_text,
)
from samorsak.pipeline.proposing import PROPOSALS, proposals_file
from samorsak.report.clusters import (
    ClusteredStatement,
    Discovery,
    ForCategory,
    FoundCategory,
    FoundCluster,
    write_discovery,
)
from samorsak.report.delimited import write_text
from samorsak.report.files import STATEMENTS, read_coded, read_statements
from samorsak.scheme import NO_CAUSE, OTHER, SCHEMES, LexiconEntry, Scheme, read_lexicon, read_scheme
from samorsak.wording import Lang

Ints = NDArray[np.int64]


def discover_clusters(
    folder: str | Path,
    out: str | Path,
    *,
    question: str | None = None,
    encoder: str | Path = "sv-static",
    prefix: str = "",
    allow_network: bool = False,
    lexicon: Sequence[str | Path] | None = None,
    annotations: Sequence[str | Path] = (),
    seed: int = 0,
    lang: Lang = "sv",
) -> tuple[Discovery, ...]:
    """Cluster the statements of a coded round, and set the clusters against its scheme.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify` wrote it. Statements called no cause take part, too.
    out : str or Path
        Folder for clusters.csv, clustered.csv, evidence.csv, categories.csv and proposals.yaml.
    question : str, optional
        Only this question.
    encoder, prefix, allow_network
        As for `samorsak.load_encoder`.
    lexicon : sequence of str or Path, optional
        How people state the categories; that of the scheme in the package if it is the round's own.
    annotations : sequence of str or Path
        What people annotated by the round's scheme, as for `samorsak.train_model`.
    seed : int
        Of the reduction. The same input, seed and versions give the same bytes.
    lang : {"sv", "en"}
        Of the categories' names.

    Returns
    -------
    tuple of Discovery
        For each question of the round, in the scheme's order; rounds that share a folder are taken together.

    Raises
    ------
    InputError
        The folder cannot be read, there is no such question, or the extra is not installed.
    SchemeError
        Scheme or lexicon is damaged.
    AnnotationError
        Annotations are not by the round's scheme, or of an audit.
    ModelError
        There is no such encoder.
    """
    folder, out = Path(folder), Path(out)
    coded, scheme = read_coded(folder), read_run_scheme(folder)
    if question is not None and question not in scheme.questions:
        raise InputError(f"question is {question!r}, the scheme has: {', '.join(scheme.questions)}")
    answers = {answer.answer_id: answer for answer in coded}
    rows = _by_question(folder / STATEMENTS, answers, scheme)
    entries = _lexicon(scheme, lexicon)
    lessons = read_lessons([Path(path) for path in annotations], scheme)
    loaded = load_encoder(encoder, prefix=prefix, allow_network=allow_network)
    found = []
    with threadpool_limits(1):  # with more, sums are taken in another order and the last bits differ
        for name in scheme.questions:
            if question == name or (question is None and name in rows):
                own = rows.get(name, [])
                texts = [unmasked_text(row, answers[row.answer_id]) for row in own]
                known = known_of(name, scheme, entries, lessons)
                found.append(_discover(own, texts, name, scheme, known, loaded, seed, lang))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: no folder can be made here ({error.strerror}); choose another") from None
    write_discovery(out, found)
    write_text(out / PROPOSALS, proposals_file(found, scheme))
    return tuple(found)


def _by_question(
    path: Path, answers: Mapping[str, CodedAnswer], scheme: Scheme
) -> dict[str, list[StatementRow]]:
    rows: dict[str, list[StatementRow]] = {answer.question: [] for answer in answers.values()}
    for row in read_statements(path):
        answer = answers.get(row.answer_id)
        if answer is None:
            raise InputError(f"{path}: answer_id {row.answer_id!r} is not among the answers beside it")
        if row.category not in (*scheme.outcomes(answer.question), NO_CAUSE):
            raise InputError(f"{path}: category {row.category!r} is not one of question {answer.question!r}")
        rows[answer.question].append(row)
    return rows


def _lexicon(scheme: Scheme, paths: Sequence[str | Path] | None) -> list[LexiconEntry]:
    if paths is None:
        folders = sorted(path.parent for path in SCHEMES.glob("*/scheme.yaml"))
        paths = [f / "lexicon" for f in folders if read_scheme(f).fingerprint() == scheme.fingerprint()]
    return [entry for path in paths for entry in read_lexicon(path, scheme)]


def _discover(
    rows: Sequence[StatementRow],
    texts: Sequence[str],
    question: str,
    scheme: Scheme,
    known: Known,
    encoder: Encoder,
    seed: int,
    lang: Lang,
) -> Discovery:
    stop, lemma = stop_words(scheme.language), lemmatiser(scheme.language)
    distinct = distinct_statements(texts, encoder)
    telling = [any(content_words(texts[i], stop, lemma)) for i in distinct.first]
    repeats = np.bincount(distinct.of, minlength=len(distinct.first))
    # what says nothing by itself gets a vector of zeros, as what the encoder knows no word of
    clusters = find_clusters(distinct.vectors * np.array(telling, bool)[:, None], repeats, seed)
    evidence = evidence_for(rows, distinct, clusters.label, known, encoder)
    verdicts = judge_clusters(evidence)
    words = telling_words(texts, clusters.label[distinct.of], stop, lemma=lemma)
    typical = [
        tuple(rows[distinct.first[i]].text for i in picked)
        for picked in typical_members(distinct.vectors, clusters.label, repeats)
    ]
    smallest = smallest_cluster(len(distinct.first))
    return Discovery(
        question=question,
        wording=scheme.question(question).wording(question, lang),
        distinct=len(distinct.first),
        smallest=smallest,
        labels={name: scheme.label(question, name, lang) for name in evidence.outcomes},
        clusters=_found(clusters, distinct.of, evidence, verdicts, words, typical),
        categories=_categories(rows, distinct, known.outcomes, verdicts, smallest),
        statements=_clustered(rows, distinct, clusters, lay_out(distinct.vectors, seed)),
    )


def _found(
    clusters: Clusters,
    of: Ints,
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
            stability=_or_none(clusters.stability[c]),
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
