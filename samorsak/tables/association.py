"""How strongly the rows and columns of a table of counts hang together, and whether that could be chance.

Two questions whose levels are scales: Kendall's tau-b (Kendall, "The treatment of ties in ranking problems",
Biometrika 33, 1945). Otherwise Cramér's V, corrected for the value that chance alone gives it (Bergsma, "A
bias-correction for Cramér's V and Tschuprow's T", Journal of the Korean Statistical Society 42, 2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

Measure = Literal["tau_b", "cramers_v"]
Undefined = Literal["no_answers", "one_level"]

DRAWS = 2_000
"""Tables drawn for an interval, and for a test."""

_LEVEL = 0.95
_EXPECTED = 5  # from which chi-square and the normal distribution are near enough in every cell
_DEFINED = 0.95  # part of the drawn tables that must have the measure, or there is no interval


@dataclass(frozen=True, slots=True)
class Association:
    """What is known of an association.

    Attributes
    ----------
    measure : {"tau_b", "cramers_v"}
    n : int
        Respondents that it rests on.
    value : float or None
        From -1 to 1, or from 0 to 1; None where it is undefined.
    low, high : float or None
        Its interval, 95 percent. None too where so few answered that it cannot be made.
    p : float or None
        Probability of as strong an association by chance.
    p_holm : float or None
        The same with all associations of its family in view.
    undefined : {"no_answers", "one_level"} or None
        Why there is no value: nobody counts, or all have the same level.
    """

    measure: Measure
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_holm: float | None = None
    undefined: Undefined | None = None


def associate(table: Ints, measure: Measure, seed: int | list[int] = 0, draws: int = DRAWS) -> Association:
    """Measure the association of a table, with an interval and a test of none.

    The interval is a bootstrap over respondents: drawing as many of them anew is drawing the cells of the
    table from a multinomial distribution, whatever their number. For tau-b it is the percentile interval
    (Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13). Drawn tables look more
    associated than what they were drawn from, so for V the percentiles of chi-square over n are shifted by
    the distance of their mean to the observed (chapter 10) before V is made of them.

    The test takes all margins as given. Where every expected count is 5 or more (Cochran, "Some methods for
    strengthening the common chi-square tests", Biometrics 10, 1954) it is Pearson's chi-square, for tau-b the
    normal approximation with the variance of ties (Kendall, "Rank correlation methods", 1970, section 4.4;
    for two rows that is the Wilcoxon-Mann-Whitney test). Where one is smaller, as many tables as the interval
    has are drawn with the same margins (Patefield, Applied Statistics 30, 1981), and p is the part of them
    that is as extreme, the observed one counted among them (Phipson and Smyth, Statistical Applications in
    Genetics and Molecular Biology 9, 2010): Fisher's exact test in the form of Freeman and Halton, by Monte
    Carlo.

    Parameters
    ----------
    table : ndarray of int64, shape (r, c)
        Counts. For tau-b rows and columns in the order of their scales.
    measure : {"tau_b", "cramers_v"}
    seed : int or list of int
    draws : int

    Returns
    -------
    Association
        `p_holm` is left to who knows the family.

    Examples
    --------
    >>> found = associate(np.array([[20, 10], [10, 20]]), "tau_b")
    >>> round(found.value, 3), found.low > 0, round(found.p, 3)
    (0.333, True, 0.01)
    >>> associate(np.array([[3, 4], [0, 0]]), "tau_b").undefined
    'one_level'
    """
    n = int(table.sum())
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if n == 0:
        return Association(measure, 0, undefined="no_answers")
    if min(table.shape) < 2:
        return Association(measure, n, undefined="one_level")
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n, table.ravel() / n, size=draws).reshape(draws, *table.shape)
    value: Floats
    if measure == "tau_b":
        value, again = tau_b(table[None]), tau_b(drawn)
        ends = _percentiles(again)
    else:
        value = cramers_v(table[None])
        ends = _shifted(table, drawn)
    low, high = ends if ends is not None else (None, None)
    return Association(measure, n, float(value[0]), low, high, _tail(table, measure, rng, draws))


def tau_b(tables: Ints) -> Floats:
    """Give Kendall's tau-b of tables of counts, shape (t, r, c); NaN where all have one level.

    Examples
    --------
    >>> tau_b(np.array([[[2, 0], [0, 2]], [[0, 2], [2, 0]], [[1, 1], [1, 1]]])).tolist()
    [1.0, -1.0, 0.0]
    """
    counts = tables.astype(float)
    pairs = counts.sum(axis=(1, 2)) ** 2
    tied = [(counts.sum(axis=axis) ** 2).sum(axis=1) for axis in (1, 2)]
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = 2 * _score(counts) / np.sqrt((pairs - tied[0]) * (pairs - tied[1]))
    return found


def cramers_v(tables: Ints) -> Floats:
    """Give Cramér's V with Bergsma's correction for bias, of tables of counts, shape (t, r, c).

    NaN where all have one level.

    Examples
    --------
    >>> cramers_v(np.array([[[20, 0], [0, 20]], [[10, 10], [10, 10]]])).round(3).tolist()
    [1.0, 0.0]
    """
    n, rows, columns = _sizes(tables)
    return _v(_phi2(tables) - (rows - 1) * (columns - 1) / np.maximum(n - 1, 1), n, rows, columns)


def _sizes(tables: Ints) -> tuple[Floats, Floats, Floats]:
    """Count respondents, rows and columns that are not empty."""
    n = tables.sum(axis=(1, 2)).astype(float)
    return (
        n,
        (tables.sum(axis=2) > 0).sum(axis=1).astype(float),
        (tables.sum(axis=1) > 0).sum(axis=1).astype(float),
    )


def _phi2(tables: Ints) -> Floats:
    """Give chi-square over n; NaN where all have one level."""
    counts = tables.astype(float)
    margins = counts.sum(axis=2)[:, :, None] * counts.sum(axis=1)[:, None, :]
    parts = np.divide(counts**2, margins, out=np.zeros_like(counts), where=margins > 0)
    _, rows, columns = _sizes(tables)
    return np.where((rows > 1) & (columns > 1), np.maximum(parts.sum(axis=(1, 2)) - 1, 0), np.nan)


def _v(phi2: Floats, n: Floats, rows: Floats, columns: Floats) -> Floats:
    """Make V of chi-square over n from which chance has been taken off."""
    over = np.maximum(n - 1, 1)
    least = np.minimum(rows - (rows - 1) ** 2 / over, columns - (columns - 1) ** 2 / over) - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        # so few that nothing is left of the sizes: V is not corrected below what the table can show
        found: Floats = np.sqrt(np.clip(np.where(least > 0, np.maximum(phi2, 0) / least, 0.0), 0, 1))
    return np.where(np.isnan(phi2), np.nan, found)


def _percentiles(values: Floats) -> tuple[float, float] | None:
    defined = values[~np.isnan(values)]
    if len(defined) < _DEFINED * len(values):
        return None
    low, high = np.quantile(defined, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return float(low), float(high)


def _shifted(table: Ints, drawn: Ints) -> tuple[float, float] | None:
    """Give the interval of V: percentiles of chi-square over n, less what drawing and chance have added."""
    again = _phi2(drawn)
    ends = _percentiles(again)
    if ends is None:
        return None
    n, rows, columns = _sizes(table[None])
    observed = _phi2(table[None])
    chance = (rows - 1) * (columns - 1) / np.maximum(n - 1, 1)
    added = float(np.nanmean(again)) - observed[0]
    low, high = (_v(np.array([end - added]) - chance, n, rows, columns)[0] for end in ends)
    return float(low), float(high)


def _score(counts: Floats) -> Floats:
    """Count concordant less discordant pairs of tables, shape (t, r, c)."""
    below = np.zeros((counts.shape[0], counts.shape[1] + 1, counts.shape[2] + 1))
    below[:, 1:, 1:] = counts.cumsum(axis=1).cumsum(axis=2)
    before = below[:, :-1, :-1]  # in lower rows and lower columns
    after = below[:, :-1, -1:] - below[:, :-1, 1:]  # in lower rows and higher columns
    found: Floats = (counts * (before - after)).sum(axis=(1, 2))
    return found


def _tail(table: Ints, measure: Measure, rng: np.random.Generator, draws: int) -> float:
    """Give the probability, margins given, of a table as extreme as this."""
    from scipy import stats  # heavy

    rows, columns = table.sum(axis=1), table.sum(axis=0)
    n = int(table.sum())
    if np.outer(rows, columns).min() < _EXPECTED * n:
        drawn = stats.random_table(rows, columns, seed=rng).rvs(draws)
        statistic = _extreme(measure)
        observed, chance = statistic(table[None])[0], statistic(drawn)
        return float((1 + (chance >= observed - 1e-9 * max(1.0, observed)).sum()) / (1 + draws))
    if measure == "cramers_v":
        dof = (len(rows) - 1) * (len(columns) - 1)
        return float(stats.chi2.sf(n * _phi2(table[None])[0], dof))
    score = float(_score(table[None].astype(float))[0])
    return float(2 * stats.norm.sf(abs(score) / np.sqrt(_variance(rows, columns, n))))


def _extreme(measure: Measure) -> Any:
    if measure == "cramers_v":
        return _phi2
    return lambda tables: np.abs(_score(tables.astype(float)))


def _variance(rows: Ints, columns: Ints, n: int) -> float:
    """Give the variance of the score where nothing but chance is at work, with ties (Kendall 1970, 4.4)."""

    def ties(order: int, sizes: Floats) -> float:
        return float(np.prod([sizes - i for i in range(order)], axis=0).sum())

    t, u, m = rows.astype(float), columns.astype(float), float(n)
    first = (m * (m - 1) * (2 * m + 5) - sum(float((x * (x - 1) * (2 * x + 5)).sum()) for x in (t, u))) / 18
    second = ties(2, t) * ties(2, u) / (2 * m * (m - 1))
    return first + second + ties(3, t) * ties(3, u) / (9 * m * (m - 1) * (m - 2))
