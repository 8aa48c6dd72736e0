"""How far people who read the same answers agree, beyond what chance would give.

Throughout, `decided` has a row for each of n answers and a place in it for each of a annotators: what the
annotator decided, None where he or she did not read the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from samorsak.evaluate.certainty import Interval, bootstrap
from samorsak.scheme import NO_CAUSE

Floats = NDArray[np.float64]
Value = TypeVar("Value", bound=Hashable)
Sets = Sequence[Sequence[AbstractSet[str] | None]]

NONE_TWICE = "no answer was read by two"
ALL_ALIKE = "everyone decided the same of every answer, so chance would give the same"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient of agreement.

    Attributes
    ----------
    found : Interval or None
        1 is perfect, 0 what chance gives; its interval is over answers. None where it is not defined.
    answers : int
        Answers that two or more people read.
    undefined : str
        Why there is no coefficient; else empty.
    """

    found: Interval | None
    answers: int
    undefined: str = ""


def nominal(one: Hashable, other: Hashable) -> float:
    """Distance of two values that are the same or not.

    Examples
    --------
    >>> nominal("a", "a"), nominal("a", "b")
    (0.0, 1.0)
    """
    return float(one != other)


def masi(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Distance of two sets: 1 less Jaccard's coefficient times how far one holds the other.

    That factor is 1 for equal sets, 2/3 where one holds the other, 1/3 where both have something of their
    own, 0 where they share nothing (Passonneau, "Measuring agreement on set-valued items (MASI) for semantic
    and pragmatic annotation", LREC 2006, section 3).

    Examples
    --------
    >>> round(masi({"a"}, {"a", "b"}), 3), round(masi({"a", "b"}, {"b", "c"}), 3), masi({"a"}, {"b"})
    (0.667, 0.889, 1.0)
    """
    if one == other:
        return 0.0
    shared = len(one & other)
    inside = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - inside * shared / len(one | other)


def krippendorff_alpha(
    decided: Sequence[Sequence[Value | None]],
    distance: Callable[[Value, Value], float] = nominal,
    *,
    draws: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Measure agreement by Krippendorff's alpha: 1 less the observed disagreement over that of chance.

    Hayes and Krippendorff, "Answering the call for a standard reliability measure for coding data",
    Communication Methods and Measures 1, 2007, pp. 77-89; Krippendorff, "Computing Krippendorff's
    alpha-reliability", 2011, section E. Any number of annotators; what is missing is passed over.

    Parameters
    ----------
    decided : sequence of sequence of value or None, shape (n, a)
    distance : callable
        0 for equal values: `nominal`, or `masi` for sets. Taken as it is, not squared.
    draws, seed : int
        Of the bootstrap over answers. A draw in which everyone decides alike counts as 1.

    Examples
    --------
    >>> found = krippendorff_alpha([["a", "a"], ["a", "b"], ["b", "b"], ["b", None]])
    >>> round(found.found.estimate, 3), found.answers
    (0.444, 3)
    >>> krippendorff_alpha([["a", None]]).undefined
    'no answer was read by two'
    """
    pairable = [own for row in decided if len(own := [v for v in row if v is not None]) > 1]
    if not pairable:
        return Agreement(None, 0, NONE_TWICE)
    values = list(dict.fromkeys(value for row in pairable for value in row))
    if len(values) == 1:
        return Agreement(None, len(pairable), ALL_ALIKE)
    place = {value: j for j, value in enumerate(values)}
    counts = np.zeros((len(pairable), len(values)))
    for i, row in enumerate(pairable):
        np.add.at(counts[i], [place[value] for value in row], 1)
    apart = np.array([[distance(one, other) for other in values] for one in values])
    observed = np.einsum("iv,vw,iw->i", counts, apart, counts) / (counts.sum(1) - 1)

    def alpha(rows: NDArray[np.int64]) -> float:
        number = counts[rows].sum(0)
        by_chance = number @ apart @ number / (number.sum() - 1)
        return float(1 - observed[rows].sum() / by_chance) if by_chance else 1.0

    return Agreement(bootstrap(alpha, len(pairable), draws, seed), len(pairable))


def cohen_kappa(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float | None:
    """Measure agreement of two annotators on yes and no.

    Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20,
    1960, equation 1.

    Parameters
    ----------
    one, other : ndarray of bool, shape (n,)

    Returns
    -------
    float or None
        None where chance alone gives full agreement: both said the same of every answer; or there is none.

    Examples
    --------
    >>> cohen_kappa(np.array([True, True, False, False]), np.array([True, False, False, False]))
    0.5
    """
    if not len(one):
        return None
    agreed = float((one == other).mean())
    yes = float(one.mean()), float(other.mean())
    by_chance = yes[0] * yes[1] + (1 - yes[0]) * (1 - yes[1])
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


@dataclass(frozen=True, slots=True)
class CategoryAgreement:
    """How far annotators agree on one category.

    Attributes
    ----------
    category : str
    kappa : float or None
        Cohen's, of two annotators; of more the mean over the pairs for which it is defined (Light, "Measures
        of response agreement for qualitative data", Psychological Bulletin 76, 1971). None: of none.
    alpha : float or None
        Krippendorff's, nominal, of given or not.
    given : int
        Decisions that give it, of answers that two or more read.
    apart : int
        Answers that some of those who read it gave it and some did not.
    undefined : str
        Why there is no kappa; else empty.
    """

    category: str
    kappa: float | None
    alpha: float | None
    given: int
    apart: int
    undefined: str = ""


def category_agreement(decided: Sets) -> tuple[CategoryAgreement, ...]:
    """Measure agreement on each category that somebody gave, in alphabetical order.

    Parameters
    ----------
    decided : sequence of sequence of set of str or None, shape (n, a)
        An empty set is ``{"no_cause"}``.

    Examples
    --------
    >>> one, two = category_agreement([[{"x"}, {"x", "y"}], [{"y"}, {"y"}], [set(), None]])
    >>> one.category, one.kappa, one.apart, two.kappa, two.apart
    ('x', 1.0, 0, 0.0, 1)
    """
    rows = [row for row in decided if sum(found is not None for found in row) > 1]
    categories = sorted(
        {c for row in rows for found in row if found is not None for c in found or {NO_CAUSE}}
    )
    return tuple(_on_category(category, rows) for category in categories)


def _on_category(category: str, rows: Sets) -> CategoryAgreement:
    said = [[None if found is None else category in (found or {NO_CAUSE}) for found in row] for row in rows]
    kappas = []
    for one, other in combinations(range(len(said[0])), 2):
        both = [(row[one], row[other]) for row in said if row[one] is not None and row[other] is not None]
        pair = np.array(both, bool).reshape(-1, 2)
        kappas.append(cohen_kappa(pair[:, 0], pair[:, 1]))
    defined = [kappa for kappa in kappas if kappa is not None]
    alpha = krippendorff_alpha(said, draws=1).found
    return CategoryAgreement(
        category,
        sum(defined) / len(defined) if defined else None,
        None if alpha is None else alpha.estimate,
        sum(found is True for row in said for found in row),
        sum(True in row and False in row for row in said),
        "" if defined else "each pair gave it to all or to none of its answers",
    )


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A category that some who read an answer gave it and others did not.

    Attributes
    ----------
    answer : int
        Its row.
    category : str
    given, not_given : tuple of int
        The annotators' places.
    """

    answer: int
    category: str
    given: tuple[int, ...]
    not_given: tuple[int, ...]


def disagreements(decided: Sets) -> tuple[Disagreement, ...]:
    """List who disagreed where, by answer and category.

    Parameters
    ----------
    decided : sequence of sequence of set of str or None, shape (n, a)

    Examples
    --------
    >>> disagreements([[{"a"}, {"a"}], [{"a"}, set(), None]])[0]
    Disagreement(answer=1, category='a', given=(0,), not_given=(1,))
    """
    found = []
    for answer, row in enumerate(decided):
        read = {place: own or {NO_CAUSE} for place, own in enumerate(row) if own is not None}
        for category in sorted(set[str]().union(*read.values())):
            given = tuple(place for place, own in read.items() if category in own)
            others = tuple(place for place in read if place not in given)
            if others:
                found.append(Disagreement(answer, category, given, others))
    return tuple(found)
