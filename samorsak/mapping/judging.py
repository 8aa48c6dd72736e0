"""What a cluster is to a scheme, by the evidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from samorsak.mapping.evidence import Evidence
from samorsak.scheme import NO_CAUSE, OTHER

Kind = Literal["covered", "part", "between", "uncovered", "no_cause"]
"""What a cluster is to the scheme."""

HALF = 0.5
"""A category holds a cluster from this share of its statements on, and at this mean probability."""

QUARTER = 0.25
"""A cluster is between two categories that have this share of its statements each."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a cluster is to the scheme, and to which categories of it."""

    kind: Kind
    categories: tuple[str, ...] = ()


def judge_clusters(evidence: Evidence) -> list[Verdict]:
    """Say of each cluster what it is to the scheme; the first rule that holds decides.

    1. *no_cause*: half of its statements or more are called no cause, and some known text is near.
    2. *covered*: half or more are given one category, at a mean probability of one half or more, and its
       known texts are near. *part* if several clusters are covered by that category.
    3. *between*: two categories (or one and no cause) have a fourth or more each, and one of them is near.
    4. *uncovered*: all others, among them clusters of `other` and those far from everything known.

    Near is from the lower quartile on of what known texts are to each other (`usual_nearness`). The
    thresholds are round numbers that were not fitted to annotated answers.
    """
    found = [_judged(evidence, c) for c in range(len(evidence.share))]
    holds = Counter(verdict.categories for verdict in found if verdict.kind == "covered")
    return [
        Verdict("part", v.categories) if v.kind == "covered" and holds[v.categories] > 1 else v for v in found
    ]


def _judged(evidence: Evidence, c: int) -> Verdict:
    names, share = evidence.outcomes, evidence.share[c]
    reached = evidence.nearness[c] >= evidence.near
    unknown = np.isnan(evidence.nearness[c]) | np.isnan(evidence.near)
    near = reached | unknown  # what is not known to be far is not
    order = [j for j in np.argsort(-share, kind="stable").tolist() if names[j] != OTHER]
    first = order[0]
    if names[first] == NO_CAUSE and share[first] >= HALF:
        return Verdict("no_cause", (NO_CAUSE,)) if reached.any() or unknown.all() else Verdict("uncovered")
    if share[first] >= HALF and evidence.probability[c, first] >= HALF and near[first]:
        return Verdict("covered", (names[first],))
    two = order[:2]
    if len(two) == 2 and share[two[1]] >= QUARTER and near[two].any():
        return Verdict("between", tuple(names[j] for j in two))
    return Verdict("uncovered")
