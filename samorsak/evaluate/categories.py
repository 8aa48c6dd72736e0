"""The categories of answers against gold.

Throughout, `gold` and `predicted` as matrices are boolean, of shape (n, k): answer i gives category j, with
`no_cause` as a column of its own. Where a score has nothing to count it is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import TooFewError
from samorsak.scheme import NO_CAUSE

Given = NDArray[np.bool_]
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """How well one category was found.

    Attributes
    ----------
    category : str
    precision, recall, f1 : float
        Fractions.
    support, predicted : int
        Answers that give the category in the gold, and that were said to.
    """

    category: str
    precision: float
    recall: float
    f1: float
    support: int
    predicted: int


@dataclass(frozen=True, slots=True)
class Scores:
    """How well the categories of n answers were found.

    Attributes
    ----------
    n : int
        Answers.
    micro_f1 : float
        Over all (answer, category) pairs, `no_cause` among the categories.
    macro_f1 : float
        Mean of the categories' F1.
    exact : float
        Share of the answers whose categories are all right and none too many.
    sample_f1 : float
        Mean of the answers' F1.
    share_error_pp : float
        Percentage points: mean over the causes of the difference between gold and predicted share of the
        causes given. Without `no_cause`.
    rank_correlation : float
        Spearman's, between the causes ordered by how often they are given; ties have the mean of their ranks.
    categories : tuple of CategoryScore
        Of each category in gold or predicted, in alphabetical order.
    """

    n: int
    micro_f1: float
    macro_f1: float
    exact: float
    sample_f1: float
    share_error_pp: float
    rank_correlation: float
    categories: tuple[CategoryScore, ...]


def score(gold: Sequence[AbstractSet[str]], predicted: Sequence[AbstractSet[str]]) -> Scores:
    """Score the categories of answers against gold.

    Parameters
    ----------
    gold, predicted : sequence of set of str
        The categories of each answer; an empty set is ``{"no_cause"}``.

    Raises
    ------
    TooFewError
        There is no answer.

    Examples
    --------
    >>> found = score([{"a"}, {"a", "b"}, set()], [{"a"}, {"b"}, {"no_cause"}])
    >>> round(found.micro_f1, 3), round(found.exact, 3), found.categories[0].recall
    (0.857, 0.667, 0.5)
    """
    if len(gold) != len(predicted):
        raise ValueError(f"{len(predicted)} predictions for {len(gold)} answers")
    if not gold:
        raise TooFewError("no answers to score, expected one or more")
    categories = sorted(set[str]().union(*(found or {NO_CAUSE} for found in (*gold, *predicted))))
    told, said = given_matrix(gold, categories), given_matrix(predicted, categories)
    causes = np.array([category != NO_CAUSE for category in categories])
    return Scores(
        n=len(gold),
        micro_f1=micro_f1(told, said),
        macro_f1=macro_f1(told, said),
        exact=float((told == said).all(1).mean()),
        sample_f1=sample_f1(told, said),
        share_error_pp=share_error_pp(told[:, causes], said[:, causes]),
        rank_correlation=rank_correlation(told[:, causes].sum(0), said[:, causes].sum(0)),
        categories=_category_scores(categories, told, said),
    )


def given_matrix(sets: Sequence[AbstractSet[str]], categories: Sequence[str]) -> Given:
    """Lay sets of categories out as a matrix.

    Parameters
    ----------
    sets : sequence of set of str, length n
        An empty set is ``{"no_cause"}``.
    categories : sequence of str, length k
        The columns; a category without a column is a KeyError.

    Returns
    -------
    ndarray of bool, shape (n, k)

    Examples
    --------
    >>> given_matrix([{"a"}, set()], ["a", "no_cause"])
    array([[ True, False],
           [False,  True]])
    """
    column = {category: place for place, category in enumerate(categories)}
    given = np.zeros((len(sets), len(categories)), dtype=bool)
    for row, found in enumerate(sets):
        for category in found or (NO_CAUSE,):
            given[row, column[category]] = True
    return given


def _f1(gold: Given, predicted: Given, axis: int | None) -> Floats:
    both = (gold & predicted).sum(axis)
    f1: Floats = 2 * both / np.maximum(gold.sum(axis) + predicted.sum(axis), 1)
    return f1


def micro_f1(gold: Given, predicted: Given) -> float:
    """F1 over all pairs of answer and category; 0 without any.

    Examples
    --------
    >>> micro_f1(np.array([[True, True]]), np.array([[True, False]]))
    0.6666666666666666
    """
    return float(_f1(gold, predicted, None))


def macro_f1(gold: Given, predicted: Given) -> float:
    """Mean of the columns' F1; 0 without columns."""
    return float(_f1(gold, predicted, 0).mean()) if gold.shape[1] else 0.0


def sample_f1(gold: Given, predicted: Given) -> float:
    """Mean of the rows' F1 (scikit-learn's ``average="samples"``, a row without any category counting 0).

    Examples
    --------
    >>> sample_f1(np.array([[True, True], [True, False]]), np.array([[True, True], [False, True]]))
    0.5
    """
    return float(_f1(gold, predicted, 1).mean()) if len(gold) else 0.0


def _category_scores(categories: Sequence[str], gold: Given, predicted: Given) -> tuple[CategoryScore, ...]:
    both, support, said = (gold & predicted).sum(0), gold.sum(0), predicted.sum(0)
    precision, recall = both / np.maximum(said, 1), both / np.maximum(support, 1)
    columns = (precision, recall, _f1(gold, predicted, 0), support, said)
    rows = zip(categories, *(column.tolist() for column in columns), strict=True)
    return tuple(CategoryScore(*row) for row in rows)


def share_error_pp(gold: Given, predicted: Given) -> float:
    """Mean difference between the shares of the causes given, in percentage points.

    Parameters
    ----------
    gold, predicted : ndarray of bool, shape (n, k)
        Without the column of `no_cause`.

    Examples
    --------
    >>> share_error_pp(np.array([[True, False], [True, True]]), np.array([[True, False], [False, True]]))
    16.666666666666664
    """
    told, said = gold.sum(0), predicted.sum(0)
    difference = np.abs(told / max(told.sum(), 1) - said / max(said.sum(), 1))
    return 100 * float(difference.mean()) if difference.size else 0.0


def rank_correlation(gold: Counts, predicted: Counts) -> float:
    """Spearman's rank correlation; 0 where one side has only ties.

    Parameters
    ----------
    gold, predicted : ndarray, shape (k,)
        How often each cause is given.

    Examples
    --------
    >>> rank_correlation(np.array([9, 5, 1]), np.array([30, 20, 10]))
    1.0
    """
    a, b = _mean_ranks(gold), _mean_ranks(predicted)
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread else 0.0


def _mean_ranks(values: Counts) -> Floats:
    """Ranks from 1, ties with their mean, less the mean of all ranks."""
    ascending = np.sort(values)
    below, upto = (np.searchsorted(ascending, values, side) for side in ("left", "right"))
    ranks: Floats = (below + upto - values.size) / 2
    return ranks
