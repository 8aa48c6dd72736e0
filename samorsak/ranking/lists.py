"""Answers into ranked lists, with intervals where something says how sure the counts are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from samorsak.coded import CodedAnswer
from samorsak.errors import InputError
from samorsak.ranking.blocks import SCHEME_LINES, Block, Columns, blocks, columns_of
from samorsak.ranking.rows import REFUSED, RankedRow, Ranking, Total
from samorsak.scheme import OTHER, Scheme
from samorsak.shares import BASES, Base, Estimate, competition_ranks, rank_intervals
from samorsak.shares.weighing import scaled

Floats = NDArray[np.float64]

Estimator: TypeAlias = Callable[[Block, Columns], Estimate | None]
"""Says what is known of the columns of a block; None where nothing is known but the counts."""


def rank(
    coded: Sequence[CodedAnswer],
    scheme: Scheme,
    *,
    base: Base = "causes",
    lines: str = SCHEME_LINES,
    by: str | None = None,
    where: Sequence[str] = (),
    question: str | None = None,
    weight: str | None = None,
    lang: str = "sv",
    estimate: Estimator | None = None,
) -> Ranking:
    """Rank the causes given, per round and question.

    Parameters
    ----------
    coded : sequence of CodedAnswer
        Answers with text, each once.
    scheme : Scheme
        The scheme they are coded by.
    base : {"causes", "answers"}
        Share of the causes given, or of the answers.
    lines : str
        ``"scheme"`` for the scheme's categories, or a report of the scheme; by a report's lines an answer
        counts once per line.
    by : str, optional
        A background column; one list for each of its values.
    where : sequence of str
        Conditions ``"column=value"`` on background columns; all must hold.
    question : str, optional
        Only this question.
    weight : str, optional
        A background column of numbers that answers are weighted by.
    lang : {"sv", "en"}
        Language of the labels.
    estimate : callable, optional
        Says how sure the counts are; without it there are no intervals.

    Raises
    ------
    InputError
        A base, column, value or question that is not there, a weight that is no number, a category that the
        scheme does not have, or no answer that meets the conditions. Names what there is.
    SchemeError
        `lines` is no report of the scheme.
    TooFewError
        All answers of a list weigh nothing.

    Examples
    --------
    >>> from samorsak.scheme import read_scheme
    >>> answer = CodedAnswer("1", "2024", "missed", ("regulations", "other"), "Lagen, och annat.", {})
    >>> first = rank([answer], read_scheme("af")).rows[0]
    >>> first.rank, first.label, first.n, first.of, first.share
    (1, 'Regelverk och lagstiftning', 1, 2, 0.5)
    """
    if base not in BASES:
        raise InputError(f"base is {base!r}, expected one of: {', '.join(BASES)}")
    sorted_answers = blocks(coded, scheme, by=by, where=where, weight=weight, question=question)
    return _ranking(sorted_answers, scheme, (base,), (lines,), weight or "", lang, estimate)


def full_table(
    coded: Sequence[CodedAnswer], scheme: Scheme, lang: str = "sv", estimate: Estimator | None = None
) -> Ranking:
    """Rank by both bases, the scheme's categories and every report's lines: what `ranking.csv` holds.

    Raises
    ------
    InputError
        A category or question that the scheme does not have.
    """
    lines = (SCHEME_LINES, *scheme.reports())
    return _ranking(blocks(coded, scheme), scheme, BASES, lines, "", lang, estimate)


def _ranking(
    sorted_answers: Iterable[Block],
    scheme: Scheme,
    bases: Sequence[Base],
    lines: Sequence[str],
    weight: str,
    lang: str,
    estimate: Estimator | None,
) -> Ranking:
    rows: list[RankedRow] = []
    totals: list[Total] = []
    for block in sorted_answers:
        without = len(block.given) - int(block.given.any(axis=1).sum())
        totals.append(
            Total(block.round, block.question, len(block.given), without, block.group_by, block.group)
        )
        counted = [columns_of(name, block.question, scheme, lang) for name in lines]
        known = [estimate(block, columns) if estimate and len(block.given) else None for columns in counted]
        for base in bases:
            for columns, found in zip(counted, known, strict=True):
                rows += _ranked(block, base, columns, found, weight)
    return Ranking(tuple(rows), tuple(totals))


def _ranked(
    block: Block, base: Base, columns: Columns, estimate: Estimate | None, weight: str
) -> list[RankedRow]:
    """Make one list: the most frequent first, `other` last and without a rank."""
    number, of, share = _numbers(block, base, columns, estimate)
    ranked = np.array([category != OTHER for category in columns.ids])
    ranks = competition_ranks(number[ranked]).tolist()
    rank_of: dict[int, int] = dict(zip(np.flatnonzero(ranked).tolist(), ranks, strict=True))
    sure = _sureness(estimate, base, number, ranked) if estimate else [{} for _ in columns.ids]
    return [
        RankedRow(
            block.round,
            block.question,
            base,
            columns.lines,
            rank_of.get(j),
            columns.ids[j],
            columns.labels[j],
            round(float(number[j])),
            round(of),
            float(share[j]),
            block.group_by,
            block.group,
            weight=weight,
            **sure[j],
        )
        for j in sorted(range(len(number)), key=lambda j: (not ranked[j], -number[j]))
    ]


def _numbers(
    block: Block, base: Base, columns: Columns, estimate: Estimate | None
) -> tuple[Floats, float, Floats]:
    """Give the number of answers in each column, the base, and the shares; corrected where audited."""
    if estimate is not None and estimate.by_audit:
        number, share = np.round(estimate.number, 9), estimate.share(base)
        return number, float(number.sum() if base == "causes" else len(block.given)), share
    weights = scaled(block.weight, len(block.given))
    number = np.round(weights @ columns.count(block.given), 9)
    of = float(number.sum() if base == "causes" else len(block.given))
    return number, of, number / of if of else np.zeros(len(number))


def _sureness(
    estimate: Estimate, base: Base, number: Floats, ranked: NDArray[np.bool_]
) -> list[dict[str, Any]]:
    """Say of each column what its row tells of its interval."""
    low, high = estimate.interval(base)
    ranks = rank_intervals(estimate.draws[:, ranked], number[ranked]) if ranked.any() else None
    places = np.cumsum(ranked) - 1
    audited = estimate.by_audit
    told: list[dict[str, Any]] = []
    for j in range(len(number)):
        row: dict[str, Any] = {"method": estimate.method, "audited": estimate.audited}
        if estimate.refused[j]:
            told.append(row | {"method": REFUSED})
            continue
        row |= {"low": float(low[j]), "high": float(high[j])}
        row["few_positives"] = bool(audited and estimate.few_positives[j] and low[j] < high[j])
        if ranks and ranked[j]:
            i = places[j]
            row |= {
                "rank_low": int(ranks.low[i]),
                "rank_high": int(ranks.high[i]),
                "place_low": int(ranks.place_low[i]),
                "place_high": int(ranks.place_high[i]),
                "top_three": float(ranks.top[i]),
            }
        told.append(row)
    return told
