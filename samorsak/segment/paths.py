"""The best path: which runs of pieces are statements, chosen together with their categories.

A path cuts an answer into runs of neighbouring pieces and gives each run an outcome. Its weight is the
product of its runs' weights, a log-linear function of one or more classifiers' probabilities and of a few
traits of the run (length, borders around it, how it begins): a semi-Markov conditional random field (Sarawagi
& Cohen, NIPS 2004, sections 2-3) whose categories do not see each other, so that sums over all paths cost one
pass (`lattice`). From the sums follow the probability that an answer gives a category (`weights.presence`),
and from the maxima its statements. Here the weights are learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samorsak.segment.lattice import Lattice, log_sum
from samorsak.segment.weights import PathWeights, weigh

type_floats = npt.NDArray[np.float64]
type_flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Answers to learn path weights from.

    Attributes
    ----------
    lattice : Lattice
    log_p : ndarray, shape (h, c, k)
        Log probabilities of each classifier; none of them has seen these answers.
    form : ndarray, shape (c, t)
    allowed : ndarray of bool, shape (c, k)
        Which outcomes of which candidates agree with what the annotator marked.
    """

    lattice: Lattice
    log_p: type_floats
    form: type_floats
    allowed: type_flags


def learn_paths(lessons: Sequence[Lesson], none: int, other: int | None, decay: float = 1.0) -> PathWeights:
    """Learn path weights by maximum likelihood of what annotators marked.

    Every path that agrees with the annotation counts as right: a marked stretch may be cut in two as long
    as both parts carry its category. Maximised by L-BFGS with a penalty of `decay` / 2 times the squared
    distance from the start (a plain product of the first classifier's probabilities: what another one knows
    counts as far as it helps).
    """
    from scipy.optimize import minimize

    h, t = len(lessons[0].log_p), lessons[0].form.shape[1]
    heads = np.zeros((h, 3))
    heads[0] = 0.3, 0.7, 0.0
    start = PathWeights(heads, np.zeros(t), np.zeros(t), np.zeros(2)).packed()

    def cost(vector: type_floats) -> tuple[float, type_floats]:
        weights = PathWeights.unpacked(vector, h)
        loss = 0.5 * decay * float(((vector - start) ** 2).sum())
        slope = decay * (vector - start)
        for lesson in lessons:
            part, gradient = _lesson_cost(lesson, weights, none, other)
            loss += part
            slope = slope + gradient
        return loss, slope

    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 100})
    return PathWeights.unpacked(found.x, h)


def _lesson_cost(
    lesson: Lesson, weights: PathWeights, none: int, other: int | None
) -> tuple[float, type_floats]:
    """Negative log likelihood of a lesson and its gradient."""
    weighed = weigh(lesson.log_p, lesson.form, weights, none, other)
    summed = log_sum(weighed, 1)
    total, on_path = lesson.lattice.posteriors(summed)
    right = np.where(lesson.allowed, weighed, -np.inf)
    right_summed = log_sum(right, 1)
    right_total, right_path = lesson.lattice.posteriors(right_summed)
    usable = np.isfinite(right_total)
    loss = float((total - right_total)[usable].sum())
    keep = usable[lesson.lattice.runs.answer]
    expected = (on_path * keep)[:, None] * np.exp(weighed - summed[:, None])
    finite = np.where(np.isfinite(right_summed), right_summed, 0)
    observed = (right_path * keep)[:, None] * np.exp(right - finite[:, None])
    excess = expected - observed
    root = lesson.form[:, 1]
    by_run = excess.sum(1)
    rest = np.zeros(2) if other is None else np.array([excess[:, other].sum(), excess[:, other] @ root])
    of_heads = [
        [(excess * p).sum(), (excess * p).sum(1) @ root, (excess * np.exp(p)).sum()] for p in lesson.log_p
    ]
    return loss, np.concatenate([*of_heads, lesson.form.T @ by_run, lesson.form.T @ excess[:, none], rest])
