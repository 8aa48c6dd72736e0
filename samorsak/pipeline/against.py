"""Clusters of a round set against those of an earlier one: from two folders of `samorsak discover`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from samorsak.cluster import (
    assign_statements,
    find_clusters,
    lemmatiser,
    set_apart,
    smallest_cluster,
    stop_words,
    telling_words,
)
from samorsak.errors import InputError
from samorsak.pipeline.encoding import SHOWN
from samorsak.pipeline.kept import KeptQuestion, KeptRound, library_versions, read_kept
from samorsak.pipeline.mapped import without_masks
from samorsak.report.turnover import (
    AssignedStatement,
    ClusterChange,
    QuestionChanges,
    write_changes_of_clusters,
)
from samorsak.scheme import OTHER
from samorsak.turnover import Turnover, fates, weigh_turnover
from samorsak.wording import Lang

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pooled:
    """The statements of a question in two rounds, clustered together.

    Attributes
    ----------
    of : ndarray of int64, shape (s,)
        Each statement's place among the distinct ones, the earlier round's statements first.
    label : ndarray of int64, shape (s,)
        Its cluster.
    answer : ndarray of int64, shape (s,)
        Its answer, the earlier round's answers first.
    clusters : int
    apart : frozenset of int
        Which of them nothing covers.
    later : ndarray of bool, shape (n,)
        Which answers are of the new round.
    """

    of: Ints
    label: Ints
    answer: Ints
    clusters: int
    apart: frozenset[int]
    later: NDArray[np.bool_]

    def answers_with(self, column: Ints, columns: int) -> NDArray[np.bool_]:
        """Say which answer has a statement in which column, shape (n, c); -1 is none."""
        found = np.zeros((len(self.later), columns), bool)
        found[self.answer[column >= 0], column[column >= 0]] = True
        return found


def discover_changes(
    old: str | Path, new: str | Path, *, seed: int = 0, lang: Lang = "sv"
) -> tuple[QuestionChanges, ...]:
    """Set the clusters of a round against those of an earlier one.

    The statements of both rounds are clustered together, without regard to the round: clusters found in one
    round hold its own statements more easily than the other's, which would look like a change. Of each
    cluster the shares of answers are compared (`samorsak.turnover`). It is *new* if it has grown and the
    earlier round had too few answers in it to show it as a cluster, *gone* likewise. Where both rounds were
    coded by the same scheme and model, so are the answers with a statement that nothing covers: one that the
    classifier gives `other`, or one in a cluster that is set apart as nothing covers it.

    Parameters
    ----------
    old, new : str or Path
        Folders that `samorsak discover` wrote. The new one gets against.csv, and assigned.csv: the cluster of
        the earlier round that each statement of the new one falls in.
    seed : int
        Of the reduction of both rounds' statements.
    lang : {"sv", "en"}
        Of the questions.

    Returns
    -------
    tuple of QuestionChanges
        For each question of either round.

    Raises
    ------
    InputError
        A folder cannot be read, the rounds were clustered by different encoders or share no question, or the
        extra is not installed.
    """
    was, now = read_kept(old), read_kept(new)
    _check_encoders(was, now, old, new)
    shared = [name for name in now.questions if name in was.questions]
    if not shared:
        names = f"one of {', '.join(was.questions)} ({old}) and {', '.join(now.questions)} ({new})"
        raise InputError(f"no question is in both rounds: {names}")
    with threadpool_limits(1):  # with more, sums are taken in another order and the last bits differ
        found = tuple(_against(name, was, now, seed, lang) for name in {**now.questions, **was.questions})
    write_changes_of_clusters(Path(new), found)
    return found


def _check_encoders(was: KeptRound, now: KeptRound, old: str | Path, new: str | Path) -> None:
    theirs, own = was.encoder, now.encoder
    if (theirs["sha256"], theirs["prefix"]) != (own["sha256"], own["prefix"]):
        said = [f"{about['name']} (check sum {about['sha256'][:SHOWN]})" for about in (theirs, own)]
        raise InputError(
            f"{old}: vectors are of {said[0]}, those of {new} of {said[1]}, expected one encoder and prefix; "
            "run 'samorsak discover' on one of the rounds again"
        )


def _against(name: str, was: KeptRound, now: KeptRound, seed: int, lang: Lang) -> QuestionChanges:
    old, new = was.questions.get(name), now.questions.get(name)
    if old is None or new is None or not old.answers or not new.answers:
        note = "only_old" if new is None or not new.answers else "only_new"
        kept = new or old
        wording = "" if kept is None else kept.wording[lang]
        return QuestionChanges(name, wording, old.answers if old else 0, new.answers if new else 0, note=note)
    pooled = pool(old, new, seed)
    texts = [without_masks(row["text"]) for row in (*was.rows[name], *now.rows[name])]
    language = now.coded_by["language"]
    words = telling_words(texts, pooled.label, stop_words(language), lemma=lemmatiser(language))
    uncovered = None
    if was.coded_by == now.coded_by and old.outcomes == new.outcomes:
        bare = np.where(uncovered_statements(pooled, old, new), 0, -1)
        tested = weigh_turnover(pooled.answers_with(bare, 1), pooled.later)
        (uncovered,) = _changes(tested, (0, 0), [(None, None)], [()], [None])
    tested = weigh_turnover(pooled.answers_with(pooled.label, pooled.clusters), pooled.later)
    least = smallest_cluster(len(old.clusters.vectors)), smallest_cluster(len(new.clusters.vectors))
    assigned = assign_statements(old.clusters, new.clusters.vectors)
    return QuestionChanges(
        question=name,
        wording=new.wording[lang],
        of_old=old.answers,
        of_new=new.answers,
        changes=tuple(_changes(tested, least, _counterparts(pooled, old, new), words)),
        uncovered=uncovered,
        assigned=tuple(_assigned(now.rows[name], assigned.label[new.of], assigned.strength[new.of])),
        otherwise=None if assigned.rebuilt else _versions(was),
    )


def pool(old: KeptQuestion, new: KeptQuestion, seed: int) -> Pooled:
    """Cluster the statements of two rounds together.

    What is found is the same to whichever round a statement belongs: equal vectors are one, and all are
    sorted. What nothing covers is set apart where both rounds say how typical statements are of the same
    categories; a statement of both is as typical as it is on average.
    """
    own = old.clusters.vectors, new.clusters.vectors
    vectors, place = np.unique(np.concatenate(own) + 0.0, axis=0, return_inverse=True)
    repeats = np.zeros(len(vectors), np.int64)
    np.add.at(repeats, place, np.concatenate([old.clusters.repeats, new.clusters.repeats]))
    found, apart = find_clusters(vectors, repeats, seed), frozenset[int]()
    if old.outcomes == new.outcomes:
        pairs = (old.typical, new.typical), (old.claimed, new.claimed)
        typical, claimed = (_means(np.concatenate(pair), place, len(vectors)) for pair in pairs)
        found, apart = set_apart(found, vectors, repeats, typical, claimed)
    of = place[np.concatenate([old.of, new.of + len(own[0])])]
    answer = np.concatenate([old.answer, new.answer + old.answers])
    later = np.arange(old.answers + new.answers) >= old.answers
    return Pooled(of, found.label[of], answer, len(found), apart, later)


def _means(values: NDArray[np.float64], place: Ints, size: int) -> NDArray[np.float64]:
    total = np.zeros((size, values.shape[1]))
    np.add.at(total, place, values)
    means: NDArray[np.float64] = total / np.bincount(place, minlength=size)[:, None]
    return means


def uncovered_statements(pooled: Pooled, old: KeptQuestion, new: KeptQuestion) -> NDArray[np.bool_]:
    """Say which statements nothing covers, shape (s,): given `other`, or in a cluster that is set apart."""
    given = np.concatenate([old.category, new.category])
    called = [new.outcomes.index(OTHER)] if OTHER in new.outcomes else []
    return np.isin(pooled.label, sorted(pooled.apart)) | np.isin(given, called)


def _counterparts(
    pooled: Pooled, old: KeptQuestion, new: KeptQuestion
) -> list[tuple[int | None, int | None]]:
    """Find for each cluster which one of each round alone holds more than half of that round's statements."""
    found = []
    for c in range(pooled.clusters):
        own = pooled.label == c
        first, then = own[: len(old.of)], own[len(old.of) :]
        found.append((_most(old.clusters.label[old.of[first]]), _most(new.clusters.label[new.of[then]])))
    return found


def _most(label: Ints) -> int | None:
    counts = np.bincount(label[label >= 0], minlength=1)
    return int(counts.argmax()) + 1 if counts.max() * 2 > len(label) else None


def _changes(
    tested: Turnover,
    least: tuple[int, int],
    counterparts: Sequence[tuple[int | None, int | None]],
    words: Sequence[tuple[str, ...]],
    numbers: Sequence[int | None] | None = None,
) -> Iterator[ClusterChange]:
    for c, verdict in enumerate(fates(tested, *least)):
        old, new = int(tested.old[c]), int(tested.new[c])
        yield ClusterChange(
            cluster=c + 1 if numbers is None else numbers[c],
            old_cluster=counterparts[c][0],
            new_cluster=counterparts[c][1],
            old=old,
            new=new,
            old_share=old / tested.of_old,
            new_share=new / tested.of_new,
            difference=float(tested.difference[c]),
            low=float(tested.low[c]),
            high=float(tested.high[c]),
            p=float(tested.p[c]),
            p_adjusted=float(tested.p_adjusted[c]),
            verdict=verdict,
            words=words[c],
        )


def _assigned(
    rows: Sequence[dict[str, str]], label: Ints, strength: NDArray[np.float64]
) -> Iterator[AssignedStatement]:
    for row, c, firm in zip(rows, label.tolist(), strength.tolist(), strict=True):
        yield AssignedStatement(row["answer_id"], row["start"], row["end"], None if c < 0 else c + 1, firm)


def _versions(was: KeptRound) -> str:
    """Name the libraries that are of another version now."""
    own = library_versions()
    other = [f"{name} {old} -> {own.get(name)}" for name, old in was.versions.items() if own.get(name) != old]
    return ", ".join(other) or "samorsak"
