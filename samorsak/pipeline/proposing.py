"""Proposals for the next version of a scheme, from what the clusters of a round show."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from samorsak.report.clusters import Discovery, FoundCluster
from samorsak.scheme import (
    NO_CAUSE,
    OTHER,
    Border,
    Category,
    Merge,
    New,
    Proposal,
    Scheme,
    Split,
    proposals_text,
)

PROPOSALS = "proposals.yaml"
"""What the file is called in the folder that `samorsak discover` writes."""

_HEAD = """\
# Proposals for the next version of the scheme, from clusters of statements: nothing changes by itself.
# Write 'accept: yes' where you agree, give id, label and definition (or rule) words of your own, and delete
# or leave the rest. Evidence and examples are for you to judge by and change nothing. Then:
# samorsak scheme apply proposals.yaml --scheme SCHEME --out FOLDER
"""
_NONE = """\
# No proposals: no cluster is uncovered, a part of a category or between two.
[]
"""
_HALF = 0.5


def proposals_file(found: Sequence[Discovery], scheme: Scheme) -> str:
    """Write what `propose_changes` proposes as a file that `samorsak scheme apply` reads."""
    proposed = propose_changes(found, scheme)
    return f"{_HEAD}\n{proposals_text(proposed)}" if proposed else _NONE


def propose_changes(found: Sequence[Discovery], scheme: Scheme) -> list[Proposal]:
    """Propose what a person may change in a scheme, by the verdicts of clusters; none of it is accepted.

    *new* for a cluster that no category covers; *split* for a category that several clusters are parts of;
    *merge* for two categories without a cluster of their own, where clusters between them hold half or more
    of the clustered statements of each; *border* for the other pairs with a cluster between them. Ids and
    labels are suggestions from the telling words; definitions and rules are left to a person.

    Parameters
    ----------
    found : sequence of Discovery
        One for each question.
    scheme : Scheme
        By which the round was coded.
    """
    return [proposal for one in found for proposal in _Proposing(one, scheme).all()]


class _Proposing:
    """The proposals of a question; ids and labels are given once."""

    def __init__(self, one: Discovery, scheme: Scheme) -> None:
        self.one = one
        own = scheme.question(one.question).categories
        retired = {c for step in scheme.crosswalk if step.question == one.question for c in step.sources}
        self.ids = {c.casefold() for c in (*own, *retired, OTHER, NO_CAUSE)}
        self.labels = {category.name(c).casefold() for c, category in own.items()}
        self.given = Counter(s.category for s in one.statements)
        self.inside = Counter((s.cluster, s.category) for s in one.statements if s.cluster is not None)
        self.tightness = {c.category: c.tightness for c in one.categories}

    def all(self) -> Iterator[Proposal]:
        yield from map(self._new, self._judged("uncovered"))
        for category in self.one.categories:
            if category.verdict == "split":
                yield self._split(category.category)
        pairs = {frozenset(c.categories): c.categories for c in reversed(self._judged("between"))}
        shared = [pairs[key] for key in reversed(pairs)]
        merged = [pair for pair in shared if self._is_one(pair)]
        yield from map(self._merge, merged)
        yield from map(self._border, (pair for pair in shared if pair not in merged))

    def _judged(self, verdict: str) -> list[FoundCluster]:
        return [c for c in self.one.clusters if c.verdict == verdict]

    def _new(self, cluster: FoundCluster) -> New:
        near = sorted(cluster.evidence, key=lambda e: -e.share)[:2]
        return New(
            question=self.one.question,
            id=self._id(cluster),
            label=self._label(cluster),
            definition=None,
            evidence={
                **_numbers(cluster),
                "given": {e.category: round(e.share, 3) for e in near if e.share},
                "nearest": _nearest(cluster),
            },
            examples=_examples(cluster),
        )

    def _split(self, category: str) -> Split:
        parts = [c for c in self._judged("part") if category in c.categories]
        return Split(
            question=self.one.question,
            source=category,
            to={self._id(c, category): Category(label=self._label(c), definition=None) for c in parts},
            evidence={**self._of([category]), "clusters": [_numbers(c) for c in parts]},
            examples=[text for c in parts for text in _examples(c)[:3]],
        )

    def _is_one(self, pair: Sequence[str]) -> bool:
        between = {c.cluster for c in self._judged("between") if set(c.categories) == set(pair)}
        own = {c.category for c in self.one.categories if c.verdict in ("supported", "split")}
        if NO_CAUSE in pair or own & set(pair):
            return False
        for category in pair:
            held = [(n, c in between) for (c, name), n in self.inside.items() if name == category]
            if sum(n for n, shared in held if shared) < _HALF * sum(n for n, _ in held):
                return False
        return True

    def _merge(self, pair: Sequence[str]) -> Merge:
        largest = max(pair, key=lambda category: self.given[category])
        return Merge(question=self.one.question, sources=list(pair), to=largest, **self._between(pair))

    def _border(self, pair: Sequence[str]) -> Border:
        return Border(question=self.one.question, between=list(pair), rule=None, **self._between(pair))

    def _between(self, pair: Sequence[str]) -> dict[str, Any]:
        clusters = [c for c in self._judged("between") if set(c.categories) == set(pair)]
        evidence = {**self._of(pair), "clusters": [_between(c) for c in clusters]}
        return {"evidence": evidence, "examples": [text for c in clusters for text in _examples(c)[:3]]}

    def _of(self, categories: Sequence[str]) -> dict[str, Any]:
        tight = {c: round(t, 3) for c in categories if (t := self.tightness.get(c)) is not None}
        return {"statements": {c: self.given[c] for c in categories}, "tightness": tight}

    def _id(self, cluster: FoundCluster, category: str = "") -> str:
        """Suggest an id from the first two words, with that of the category that it is a part of before."""
        words = [category, *map(_plain, cluster.words[: 1 if category else 2])]
        base = "_".join(word for word in words if word)
        return _free(base if cluster.words else f"{base}_cluster_{cluster.cluster}".strip("_"), "_", self.ids)

    def _label(self, cluster: FoundCluster) -> str:
        words = ", ".join(cluster.words[:3]) or f"? {cluster.cluster}"
        return _free(words[:1].upper() + words[1:], " ", self.labels)


def _free(wanted: str, between: str, taken: set[str]) -> str:
    """Give the name, or with a number what is not taken yet; then it is."""
    numbered = (f"{wanted}{between}{n}" for n in range(2, len(taken) + 3))
    free = next(name for name in (wanted, *numbered) if name.casefold() not in taken)
    taken.add(free.casefold())
    return free


def _plain(word: str) -> str:
    """Give a word in letters that need no quotes in YAML: å is a, a hyphen is an underscore."""
    split = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(letter for letter in split if not unicodedata.combining(letter))
    return re.sub(r"\W+", "_", bare).strip("_")


def _numbers(cluster: FoundCluster) -> dict[str, Any]:
    return {
        "cluster": cluster.cluster,
        "size": cluster.size,
        "share": round(cluster.share, 3),
        "stability": None if cluster.stability is None else round(cluster.stability, 3),
        **({"unstable": True} if cluster.unstable else {}),
        "words": ", ".join(cluster.words),
    }


def _between(cluster: FoundCluster) -> dict[str, Any]:
    given = {e.category: round(e.share, 3) for e in cluster.evidence if e.category in cluster.categories}
    return {**_numbers(cluster), "given": given}


def _nearest(cluster: FoundCluster) -> dict[str, float]:
    known = [(e.nearness, e.category) for e in cluster.evidence if e.nearness is not None]
    return {category: round(nearness, 3) for nearness, category in sorted(known, reverse=True)[:2]}


def _examples(cluster: FoundCluster) -> list[str]:
    return [" ".join(text.split()) for text in cluster.typical]
