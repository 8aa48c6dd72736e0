"""How many answers to audit: audits of a coded round rehearsed on what the model believes of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from samorsak.errors import InputError
from samorsak.pipeline.evidence import read_run_scheme
from samorsak.pipeline.probabilities import read_probabilities
from samorsak.ranking import Columns, blocks, columns_of
from samorsak.report.files import read_coded
from samorsak.report.phrases import phrases
from samorsak.shares import CUT, Audit, Base, Given, count_shares, estimate_audited
from samorsak.wording import NO_BREAK, Lang, number, percent

Floats = NDArray[np.float64]

STEP = 10
"""Audits are planned in tens."""

LEAST = 50
"""No smaller audit is planned, unless there are fewer answers: intervals were not tried on smaller ones."""

SHOWN = (50, 100, 200)
"""Sizes that a plan tells of besides its own."""

REHEARSALS = 8
DRAWS = 500
LARGEST = 5_000
"""Of a larger round, this many answers or four times the audit are rehearsed on: more hardly matters."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What audits of some sizes would give for one question of a round.

    Attributes
    ----------
    wording : str
        The question as it was put.
    answers : int
    n : int
        The smallest audit, in tens from 50 on, that is expected to reach the precision; at most all answers.
    sizes : tuple of int, length s
        Those that are told of, `n` among them.
    labels : tuple of str, length l
        The categories that were asked for, the most frequent first.
    shares : tuple of float, length l
        As the machine counts.
    within : tuple of s tuples of float, length l
        Expected half widths of the 95 % intervals, as fractions.
    """

    round: str
    question: str
    wording: str
    answers: int
    n: int
    sizes: tuple[int, ...]
    labels: tuple[str, ...]
    shares: tuple[float, ...]
    within: tuple[tuple[float, ...], ...]


def plan_audit(
    folder: str | Path,
    *,
    within: float = 0.03,
    above: float = 0.05,
    base: Base = "causes",
    lines: str = "scheme",
    lang: str = "sv",
) -> tuple[Plan, ...]:
    """Plan an audit of a coded round, for each round and question.

    An audit is rehearsed: what people would decide is dealt by the machine's probabilities, a sample of it is
    drawn, and the shares are estimated as a real audit's are. So it holds as far as the probabilities do.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify` wrote it.
    within : float
        Wanted half width of the intervals, a fraction.
    above : float
        Of categories with a larger share than this, a fraction.
    base, lines, lang
        As for `samorsak.ranking.rank`.

    Raises
    ------
    InputError
        The folder or a file in it is missing or damaged, or `within` or `above` is no fraction.
    SchemeError
        The scheme has no such lines.
    """
    for name, value, low in (("within", within, 1e-9), ("above", above, 0.0)):
        if not low <= value < 1:
            least = "more than 0" if low else "0 or more"
            raise InputError(f"{name} is {100 * value:g}, expected {least} and below 100 percentage points")
    coded = read_coded(Path(folder))
    scheme = read_run_scheme(folder)
    probabilities = read_probabilities(Path(folder), coded, scheme)
    plans = []
    with threadpool_limits(1):
        for block in blocks(coded, scheme):
            own = np.array([probabilities[a.answer_id] for a in block.answers])
            columns = columns_of(lines, block.question, scheme, lang)
            stage = _Stage(block.given, own, columns, base)
            wording = scheme.question(block.question).wording(block.question, lang)
            plans.append(_plan((block.round, block.question, wording), stage, within, above))
    return tuple(plans)


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where audits are rehearsed."""

    given: Given
    probability: Floats
    columns: Columns
    base: Base

    def half_widths(self, n: int) -> Floats:
        """Give the expected half width of each column's interval, audits of n answers, shape (l,)."""
        rng = np.random.default_rng(0)  # the same for every n: sizes differ, not luck
        chosen = rng.permutation(len(self.given))[: max(LARGEST, 4 * n)]
        widths = [self._width(chosen, n, rng) for _ in range(REHEARSALS)]
        half: Floats = np.mean(widths, axis=0) / 2
        return half

    def _width(self, chosen: NDArray[np.int64], n: int, rng: Generator) -> Floats:
        given, probability = self.given[chosen], self.probability[chosen]
        gold = rng.random(given.shape) < probability
        rows = rng.permutation(len(given))[:n]
        audit = Audit(given, rows, gold[rows], probability)
        if self.columns.line is not None:
            audit = audit.under(self.columns.line)
        low, high = estimate_audited(audit, cut=CUT, draws=DRAWS).interval(self.base)
        return high - low


def _plan(asked_as: tuple[str, str, str], stage: _Stage, within: float, above: float) -> Plan:
    share = count_shares(stage.columns.count(stage.given), stage.base).share
    asked = [j for j in np.argsort(-share, kind="stable").tolist() if share[j] > above]
    answers = len(stage.given)
    n = _smallest(stage, asked, within)
    sizes = tuple(sorted({n, *(size for size in SHOWN if size < answers)}))
    return Plan(
        *asked_as,
        answers,
        n,
        sizes,
        tuple(stage.columns.labels[j] for j in asked),
        tuple(float(share[j]) for j in asked),
        tuple(tuple(stage.half_widths(size)[asked].tolist()) for size in sizes),
    )


def _smallest(stage: _Stage, asked: Sequence[int], within: float) -> int:
    """Find the smallest audit that reaches the precision, by halving; an audit of all answers does."""
    answers = len(stage.given)
    low, high = LEAST // STEP - 1, max(LEAST, math.ceil(answers / STEP) * STEP) // STEP
    while low + 1 < high:
        middle = (low + high) // 2
        reached = not asked or float(stage.half_widths(middle * STEP)[asked].max()) <= within
        low, high = (low, middle) if reached else (middle, high)
    return min(high * STEP, answers)


def show_plans(
    plans: Sequence[Plan], folder: Path, within: float, above: float, base: Base, lang: Lang = "sv"
) -> str:
    """Tell plans in plain sentences, with a table for each question, and the line that draws the audit."""
    words = phrases(lang)
    told = [line for plan in plans for line in _told(plan, within, above, base, words, lang)]
    n = max((plan.n for plan in plans), default=0)
    return "\n".join([*told, words["plan_note"], f"samorsak audit draw {folder} -n {n}", ""])


def _told(
    plan: Plan, within: float, above: float, base: Base, words: Mapping[str, str], lang: Lang
) -> Iterator[str]:
    yield f"{plan.round}: {plan.wording}" if plan.round else plan.wording
    said = {
        "n": number(plan.n, lang=lang),
        "answers": number(plan.answers, lang=lang),
        "within": _points(within, lang),
        "above": percent(above, 1, lang).replace(NO_BREAK, " "),
        "of": words[f"plan_of_{base}"],
    }
    if not plan.labels:
        yield words["plan_nothing"].format(**said)
        yield ""
        return
    yield words["plan_all" if plan.n == plan.answers else "plan"].format(**said)
    yield ""
    width = max(len(words["cause"]), *map(len, plan.labels))
    heads = "".join(f"{words['plan_at'].format(number(size, lang=lang)):>11}" for size in plan.sizes)
    yield f"{words['cause']:<{width}}  {words['share']:>7}{heads}"
    for j, label in enumerate(plan.labels):
        cells = "".join(f"{_points(own[j], lang):>11}" for own in plan.within)
        yield f"{label:<{width}}  {percent(plan.shares[j], 1, lang).replace(NO_BREAK, ' '):>7}{cells}"
    yield ""


def _points(share: float, lang: Lang) -> str:
    return f"± {number(100 * share, 1, lang)}"
