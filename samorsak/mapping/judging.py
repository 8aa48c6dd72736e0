"""What a cluster is to a scheme, by the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from samorsak.mapping.evidence import Evidence
from samorsak.scheme import NO_CAUSE, OTHER

Kind = Literal["covered", "part", "between", "uncovered", "no_cause"]
"""What a cluster is to the scheme."""

HALF = 0.5
"""A category holds a cluster from this share of its statements on, and at this mean probability."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a cluster is to the scheme, and to which categories of it."""

    kind: Kind
    categories: tuple[str, ...] = ()


def judge_clusters(evidence: Evidence, apart: Collection[int] = ()) -> list[Verdict]:
    """Say of each cluster what it is to the scheme; the first rule that holds decides.

    1. *uncovered*: it was set apart as nothing covers it (`samorsak.cluster.set_apart`), or half of its
       statements or more are given `other`.
    2. *no_cause*: half or more are called no cause.
    3. *covered*: half or more are given one category, at a mean probability of one half or more, or all
       are. *part* if several clusters are covered by that category.
    4. *between*: all others lie between the two categories (or one and no cause) that most are given.

    The thresholds are round numbers that were not fitted to annotated answers.

    Parameters
    ----------
    evidence : Evidence
    apart : collection of int
        Places of the clusters that were set apart.
    """
    found = [Verdict("uncovered") if c in apart else _judged(evidence, c) for c in range(len(evidence.share))]
    holds = Counter(verdict.categories for verdict in found if verdict.kind == "covered")
    return [
        Verdict("part", v.categories) if v.kind == "covered" and holds[v.categories] > 1 else v for v in found
    ]


def _judged(evidence: Evidence, c: int) -> Verdict:
    names, share = evidence.outcomes, evidence.share[c]
    if OTHER in names and share[names.index(OTHER)] >= HALF:
        return Verdict("uncovered")
    order = [j for j in np.argsort(-share, kind="stable").tolist() if names[j] != OTHER and share[j] > 0]
    if names[order[0]] == NO_CAUSE and share[order[0]] >= HALF:
        return Verdict("no_cause", (NO_CAUSE,))
    sure = share[order[0]] >= HALF and evidence.probability[c, order[0]] >= HALF
    if sure or len(order) == 1:
        return Verdict("covered", (names[order[0]],))
    return Verdict("between", tuple(names[j] for j in order[:2]))
