"""What the statements of a coded round hold beside and before the scheme: from a run folder to clusters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from samorsak.cluster import (
    Clusters,
    find_clusters,
    keep_clusters,
    lay_out,
    smallest_cluster,
    telling_words,
    typical_members,
)
from samorsak.coded import StatementRow
from samorsak.encode import Encoder
from samorsak.errors import InputError
from samorsak.mapping import Evidence, judge_clusters, nearness_to, usual_nearness, weigh_evidence
from samorsak.pipeline.encoding import open_encoder
from samorsak.pipeline.evidence import read_run_scheme
from samorsak.pipeline.kept import KeptQuestion, coded_by, keep_question, write_kept
from samorsak.privacy import KINDS
from samorsak.report.clusters import (
    ClusteredStatement,
    Discovery,
    ForCategory,
    FoundCluster,
    write_discovery,
)
from samorsak.report.files import STATEMENTS, read_coded, read_statements
from samorsak.report.map import MAP, write_map
from samorsak.report.map_picture import PICTURE, write_map_picture
from samorsak.scheme import NO_CAUSE, SCHEMES, LexiconEntry, Scheme, read_lexicon, read_scheme
from samorsak.text import nfc
from samorsak.wording import Lang

_MASK = re.compile(rf"\[(?:{'|'.join(KINDS)})\]?")  # a statement may end before the bracket
_WORD = re.compile(r"\w+")


def discover_clusters(
    folder: str | Path,
    out: str | Path,
    *,
    question: str | None = None,
    encoder: str | Path = "sv-static",
    prefix: str = "",
    allow_network: bool = False,
    lexicon: Sequence[str | Path] | None = None,
    seed: int = 0,
    lang: Lang = "sv",
) -> tuple[Discovery, ...]:
    """Cluster the statements of a coded round, and set the clusters against its scheme.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify` wrote it. Statements called no cause take part, too.
    out : str or Path
        Folder for clusters.csv, clustered.csv, evidence.csv, map.html, a picture for each question, and what
        `samorsak.discover_changes` reads.
    question : str, optional
        Only this question.
    encoder, prefix, allow_network
        As for `samorsak.load_encoder`.
    lexicon : sequence of str or Path, optional
        How people state the categories; that of the scheme in the package if it is the round's own.
    seed : int
        Of the reduction. The same input, seed and versions give the same bytes.
    lang : {"sv", "en"}
        Of the categories' names and the map.

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
    ModelError
        There is no such encoder.
    """
    folder, out = Path(folder), Path(out)
    coded, scheme = read_coded(folder), read_run_scheme(folder)
    if question is not None and question not in scheme.questions:
        raise InputError(f"question is {question!r}, the scheme has: {', '.join(scheme.questions)}")
    questions = {answer.answer_id: answer.question for answer in coded}
    rows = _by_question(folder / STATEMENTS, questions, scheme)
    entries = _lexicon(scheme, lexicon)
    opened = open_encoder(encoder, prefix=prefix, allow_network=allow_network)
    found: dict[str, tuple[Discovery, KeptQuestion]] = {}
    with threadpool_limits(1):  # with more, sums are taken in another order and the last bits differ
        for name in scheme.questions:
            if question == name or (question is None and name in rows):
                own = [entry for entry in entries if entry.question == name]
                ids = [answer.answer_id for answer in coded if answer.question == name]
                found[name] = _discover(
                    rows.get(name, []), ids, name, scheme, own, opened.encoder, seed, lang
                )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: no folder can be made here ({error.strerror}); choose another") from None
    discovered = tuple(discovery for discovery, _ in found.values())
    write_discovery(out, discovered)
    write_map(out / MAP, discovered, lang)
    for one in discovered:
        write_map_picture(out / PICTURE.format(one.question), one, lang)
    kept = {name: own for name, (_, own) in found.items()}
    write_kept(out, kept, opened.about, coded_by(folder, scheme))
    return discovered


def _by_question(path: Path, questions: Mapping[str, str], scheme: Scheme) -> dict[str, list[StatementRow]]:
    rows: dict[str, list[StatementRow]] = {name: [] for name in questions.values()}
    for row in read_statements(path):
        name = questions.get(row.answer_id)
        if name is None:
            raise InputError(f"{path}: answer_id {row.answer_id!r} is not among the answers beside it")
        if row.category not in (*scheme.outcomes(name), NO_CAUSE):
            raise InputError(f"{path}: category {row.category!r} is not one of question {name!r}")
        rows[name].append(row)
    return rows


def _lexicon(scheme: Scheme, paths: Sequence[str | Path] | None) -> list[LexiconEntry]:
    if paths is None:
        folders = sorted(path.parent for path in SCHEMES.glob("*/scheme.yaml"))
        paths = [f / "lexicon" for f in folders if read_scheme(f).fingerprint() == scheme.fingerprint()]
    return [entry for path in paths for entry in read_lexicon(path, scheme)]


def _discover(
    rows: Sequence[StatementRow],
    answers: Sequence[str],
    question: str,
    scheme: Scheme,
    entries: Sequence[LexiconEntry],
    encoder: Encoder,
    seed: int,
    lang: Lang,
) -> tuple[Discovery, KeptQuestion]:
    texts = [without_masks(row.text) for row in rows]
    seen: dict[str, int] = {}
    of = np.array([seen.setdefault(_same(text), len(seen)) for text in texts], np.int64)
    first = np.unique(of, return_index=True)[1]
    vectors = encoder.encode([texts[i] for i in first])
    repeats = np.bincount(of, minlength=len(first))
    clusters = find_clusters(vectors, repeats, seed)
    known, kind = _references(question, scheme, entries, encoder)
    evidence = _evidence(rows, clusters.label[of], vectors, of, question, scheme, known, kind)
    places = lay_out(vectors, seed)
    words = telling_words(texts, clusters.label[of], stop_words(scheme.language))
    typical = [
        tuple(rows[first[i]].text for i in picked)
        for picked in typical_members(vectors, clusters.label, repeats)
    ]
    found = Discovery(
        question=question,
        wording=scheme.question(question).wording(question, lang),
        distinct=len(first),
        smallest=smallest_cluster(len(first)),
        labels={name: scheme.label(question, name, lang) for name in evidence.outcomes},
        clusters=_found(clusters, of, evidence, words, typical),
        statements=tuple(_clustered(row, clusters, i, places) for row, i in zip(rows, of, strict=True)),
    )
    wording = {name: scheme.question(question).wording(question, name) for name in get_args(Lang)}
    kept = keep_clusters(vectors, repeats, clusters)
    return found, keep_question(rows, answers, wording, kept, of, evidence.outcomes, known, kind)


def without_masks(text: str) -> str:
    """Take the marks of masked personal data out of a text."""
    return _MASK.sub(" ", text)


def _same(text: str) -> str:
    """Give what two statements share that differ in case and punctuation only."""
    return " ".join(_WORD.findall(nfc(text).casefold())) or text


def stop_words(language: str) -> frozenset[str]:
    """Give spaCy's stop words of a language; none where it knows none."""
    import spacy

    try:
        return frozenset(spacy.blank(language).Defaults.stop_words)
    except ImportError:
        return frozenset()


def _references(
    question: str, scheme: Scheme, entries: Sequence[LexiconEntry], encoder: Encoder
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Give the vectors of definitions and lexicon entries, and the place of the category of each."""
    outcomes = (*scheme.outcomes(question), NO_CAUSE)
    categories = scheme.question(question).categories
    known = [(name, c.definition) for name, c in categories.items() if c.definition]
    known += [(entry.category, entry.text) for entry in entries]
    kind = np.array([outcomes.index(name) for name, _ in known], np.int64)
    return encoder.encode([text for _, text in known]), kind


def _evidence(
    rows: Sequence[StatementRow],
    label: NDArray[np.int64],
    vectors: NDArray[Any],
    of: NDArray[np.int64],
    question: str,
    scheme: Scheme,
    known: NDArray[Any],
    kind: NDArray[np.int64],
) -> Evidence:
    outcomes = (*scheme.outcomes(question), NO_CAUSE)
    return weigh_evidence(
        label,
        np.array([outcomes.index(row.category) for row in rows], np.int64),
        np.array([row.probability for row in rows], np.float64),
        nearness_to(vectors, known, kind, len(outcomes))[of],
        outcomes,
        usual_nearness(known, kind),
    )


def _found(
    clusters: Clusters,
    of: NDArray[np.int64],
    evidence: Evidence,
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
            stability=_or_none(clusters.persistence[c]),
            verdict=verdict.kind,
            categories=verdict.categories,
            words=words[c],
            typical=typical[c],
            evidence=_for_categories(evidence, c),
        )
        for c, verdict in enumerate(judge_clusters(evidence))
    )


def _for_categories(evidence: Evidence, c: int) -> tuple[ForCategory, ...]:
    rows = zip(
        evidence.outcomes, evidence.share[c], evidence.probability[c], evidence.nearness[c], strict=True
    )
    return tuple(ForCategory(name, float(s), float(p), _or_none(n)) for name, s, p, n in rows)


def _clustered(
    row: StatementRow, clusters: Clusters, i: int, places: NDArray[np.float64]
) -> ClusteredStatement:
    label, strength = int(clusters.label[i]), float(clusters.strength[i])
    cluster = None if label < 0 else label + 1
    place = (float(places[i, 0]), float(places[i, 1]))
    return ClusteredStatement(
        row.answer_id, row.start, row.end, row.text, row.category, cluster, strength, place
    )


def _or_none(x: float) -> float | None:
    return None if np.isnan(x) else float(x)
