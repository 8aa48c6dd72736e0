"""The best path: which runs of pieces are statements, chosen together with their categories.

A path cuts an answer into runs of neighbouring pieces and gives each run an outcome. Its weight is the product
of its runs' weights, a log-linear function of the classifier's probabilities and of a few traits of the run
(length, borders around it, how it begins): a semi-Markov conditional random field (Sarawagi & Cohen, NIPS 2004,
sections 2-3) whose categories do not see each other, so that sums over all paths cost one pass.
From the sums follow the probability that an answer gives a category, and from the maxima its statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samorsak.segment.borders import CONJUNCTION, END, LINE, PUNCTUATION, SENTENCE, START, Pieces

type_floats = npt.NDArray[np.float64]
type_ints = npt.NDArray[np.int64]
type_flags = npt.NDArray[np.bool_]

LONGEST = 6
"""A run has at most this many pieces: nine of ten annotated statements have fewer."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Every run of up to `LONGEST` pieces within a sentence: the candidates for statements.

    Attributes
    ----------
    n : int
        Number of answers.
    answer : ndarray of int64, shape (c,)
        The answer of each candidate.
    first, last : ndarray of int64, shape (c,)
        Its first and last piece, counted over the batch, both included.
    place : ndarray of int64, shape (c,)
        Its first piece, counted within the answer.
    sizes : ndarray of int64, shape (n,)
        Number of pieces of each answer.
    """

    n: int
    answer: type_ints
    first: type_ints
    last: type_ints
    place: type_ints
    sizes: type_ints


def find_runs(pieces: Pieces, longest: int = LONGEST) -> Runs:
    """List the candidates of a batch.

    Examples
    --------
    >>> from samorsak.segment.borders import find_pieces
    >>> runs = find_runs(find_pieces(["Mål, möten. Lokal"]))
    >>> list(zip(runs.first.tolist(), runs.last.tolist()))
    [(0, 0), (0, 1), (1, 1), (2, 2)]
    """
    sizes = np.bincount(pieces.answer, minlength=pieces.n).astype(np.int64)
    total = len(pieces.answer)
    at = np.arange(total)
    firsts, lasts = [], []
    for extra in range(min(longest, max(total, 1))):
        last = at[: total - extra] + extra
        same = pieces.sentence[: total - extra] == pieces.sentence[last]
        firsts.append(at[: total - extra][same])
        lasts.append(last[same])
    first, last = np.concatenate(firsts), np.concatenate(lasts)
    order = np.lexsort((last, first))
    first, last = first[order], last[order]
    answer = pieces.answer[first] if total else first
    begins = np.cumsum(sizes) - sizes
    return Runs(pieces.n, answer, first, last, first - begins[answer], sizes)


def traits(pieces: Pieces, runs: Runs) -> type_floats:
    """Describe each candidate by its form alone.

    Returns
    -------
    ndarray of float64, shape (c, t)
        A constant, lengths, the kinds of the borders around it, how it begins, what it spans.
    """
    length = (pieces.end[runs.last] - pieces.start[runs.first]).astype(float)
    before = pieces.before[runs.first]
    later = np.minimum(runs.last + 1, len(pieces.answer) - 1)
    ends = (runs.last + 1 == len(pieces.answer)) | (pieces.answer[later] != runs.answer)
    after = np.where(ends, END, pieces.before[later])
    within = [np.concatenate([[0], np.cumsum(pieces.before == kind)]) for kind in (PUNCTUATION, CONJUNCTION)]
    inside = [count[runs.last + 1] - count[runs.first + 1] for count in within]
    columns = [
        np.ones(len(length)),
        np.sqrt(length / 50),
        length / 100,
        runs.last - runs.first,
        *(before == kind for kind in (START, SENTENCE, LINE, PUNCTUATION, CONJUNCTION)),
        *(after == kind for kind in (END, SENTENCE, LINE, PUNCTUATION, CONJUNCTION)),
        pieces.trimmed[runs.first] > pieces.start[runs.first],
        runs.sizes[runs.answer] == runs.last - runs.first + 1,
        *inside,
    ]
    return np.column_stack(columns).astype(float)


def log_sum(values: type_floats, axis: int) -> type_floats:
    """Logarithm of the sum of exponentials along an axis; all minus infinity gives minus infinity."""
    top = values.max(axis, keepdims=True)
    safe = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore"):
        total: type_floats = np.log(np.exp(values - safe).sum(axis))
    return total + safe.squeeze(axis)


@dataclass(frozen=True, slots=True)
class Lattice:
    """The candidates of a batch laid out for passes from left to right: by answer, end and length."""

    runs: Runs
    depth: int
    width: int

    @classmethod
    def of(cls, runs: Runs) -> Lattice:
        """Lay out candidates."""
        width = int((runs.last - runs.first).max() + 1) if len(runs.first) else 1
        return cls(runs, int(runs.sizes.max(initial=0)), width)

    def _laid(self, weights: type_floats) -> type_floats:
        """(c, ...) -> (depth, width, n, ...); where there is no candidate, minus infinity."""
        r = self.runs
        table = np.full((self.depth, self.width, r.n, *weights.shape[1:]), -np.inf)
        size = r.last - r.first
        table[r.place + size, size, r.answer] = weights
        return table

    def totals(self, weights: type_floats) -> type_floats:
        """Log of the summed weight of all paths of each answer.

        Parameters
        ----------
        weights : ndarray, shape (c,) or (c, j)
            Log weights of the candidates, in `j` variants at once.

        Returns
        -------
        ndarray, shape (n,) or (n, j)
        """
        ahead = self._forward(weights)
        total: type_floats = ahead[self.runs.sizes, np.arange(self.runs.n)]
        return total

    def _forward(self, weights: type_floats) -> type_floats:
        table = self._laid(weights)
        ahead = np.full((self.depth + 1, self.runs.n, *weights.shape[1:]), -np.inf)
        ahead[0] = 0
        for end in range(self.depth):
            reach = min(self.width, end + 1)
            ahead[end + 1] = log_sum(np.stack([ahead[end - k] + table[end, k] for k in range(reach)]), 0)
        return ahead

    def posteriors(self, weights: type_floats) -> tuple[type_floats, type_floats]:
        """Log totals of the answers, shape (n,), and each candidate's probability to be on the path, (c,)."""
        r = self.runs
        ahead = self._forward(weights)
        table = self._laid(weights)
        back = np.full((self.depth + 1, r.n), -np.inf)
        back[r.sizes, np.arange(r.n)] = 0
        for begin in range(self.depth - 1, -1, -1):
            reach = min(self.width, self.depth - begin)
            steps = [table[begin + k, k] + back[begin + k + 1] for k in range(reach)]
            back[begin] = log_sum(np.stack([back[begin], *steps]), 0)
        total: type_floats = ahead[r.sizes, np.arange(r.n)]
        stop = r.place + r.last - r.first + 1
        with np.errstate(invalid="ignore"):
            log_p = ahead[r.place, r.answer] + weights + back[stop, r.answer] - total[r.answer]
        return total, np.exp(np.where(np.isnan(log_p), -np.inf, log_p))

    def best(self, weights: type_floats) -> type_ints:
        """Give the candidates on the heaviest path of every answer, in reading order, shape (s,)."""
        r = self.runs
        table = self._laid(weights)
        rows = np.full((self.depth, self.width, r.n), -1)
        size = r.last - r.first
        rows[r.place + size, size, r.answer] = np.arange(len(size))
        ahead = np.full((self.depth + 1, r.n), -np.inf)
        ahead[0] = 0
        chosen = np.zeros((self.depth + 1, r.n), np.int64)
        for end in range(self.depth):
            reach = min(self.width, end + 1)
            steps = np.stack([ahead[end - k] + table[end, k] for k in range(reach)])
            chosen[end + 1] = steps.argmax(0)
            ahead[end + 1] = steps.max(0)
        found = []
        at = r.sizes.copy()
        while (live := np.flatnonzero(at > 0)).size:
            k = chosen[at[live], live]
            found.append(rows[at[live] - 1, k, live])
            at[live] -= k + 1
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class PathWeights:
    """What a run's weight is made of; learned from marked answers, the same for every category.

    Attributes
    ----------
    log, scaled, plain : float
        On the log probability, the same times the root of the run's length (of 50 characters), and the
        probability itself.
    cause : ndarray, shape (t,)
        On the traits, for every outcome.
    none : ndarray, shape (t,)
        On the traits, for `no_cause` besides.
    other : ndarray, shape (2,)
        On a constant and the root of the length, for `other` besides.
    """

    log: float
    scaled: float
    plain: float
    cause: type_floats
    none: type_floats
    other: type_floats

    def packed(self) -> type_floats:
        """Give all weights as one vector."""
        return np.concatenate([[self.log, self.scaled, self.plain], self.cause, self.none, self.other])

    @classmethod
    def unpacked(cls, vector: type_floats) -> PathWeights:
        """Read back what `packed` gave."""
        t = (len(vector) - 5) // 2
        a, b, c = (float(v) for v in vector[:3])
        return cls(a, b, c, vector[3 : 3 + t], vector[3 + t : 3 + 2 * t], vector[3 + 2 * t :])


def weigh(log_p: type_floats, form: type_floats, weights: PathWeights, none: int, other: int | None) -> type_floats:
    """Weigh every candidate with every outcome.

    Parameters
    ----------
    log_p : ndarray, shape (c, k)
        The classifier's log probabilities.
    form : ndarray, shape (c, t)
        `traits`.
    none, other : int
        Columns of `no_cause` and of `other`, the latter None where the scheme has none.

    Returns
    -------
    ndarray, shape (c, k)
    """
    root = form[:, 1:2]
    out = log_p * (weights.log + weights.scaled * root) + weights.plain * np.exp(log_p)
    # row by row, not as a matrix product: a row's last bits must not hang on the rows beside it
    out += (form * weights.cause).sum(1)[:, None]
    out[:, none] += (form * weights.none).sum(1)
    if other is not None:
        out[:, other] += weights.other[0] + weights.other[1] * root[:, 0]
    return out


def presence(lattice: Lattice, weighed: type_floats) -> type_floats:
    """Probability that an answer gives a category at least once, summed over all paths.

    Returns
    -------
    ndarray, shape (n, k)
        One minus the weight of the paths without the category, as a part of the weight of all.
    """
    top = weighed.max(1, keepdims=True)
    terms = np.exp(weighed - top)
    every = terms.sum(1, keepdims=True)
    with np.errstate(divide="ignore"):
        without = np.log(np.maximum(every - terms, 0)) + top
    totals = lattice.totals(np.concatenate([np.log(every) + top, without], 1))
    with np.errstate(invalid="ignore"):
        gone = totals[:, 1:] - totals[:, :1]
    share: type_floats = -np.expm1(np.minimum(np.where(np.isnan(gone), 0, gone), 0))
    return share


@dataclass(frozen=True, slots=True)
class Lesson:
    """Answers to learn path weights from.

    Attributes
    ----------
    lattice : Lattice
    log_p : ndarray, shape (c, k)
        The classifier's log probabilities, from a classifier that has not seen these answers.
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

    Every path that agrees with the annotation counts as right: a marked stretch may be cut in two as long as
    both parts carry its category. Maximised by L-BFGS with a penalty of `decay` / 2 times the squared distance
    from the start (a plain product of probabilities).
    """
    from scipy.optimize import minimize

    t = lessons[0].form.shape[1]
    start = PathWeights(0.3, 0.7, 0.0, np.zeros(t), np.zeros(t), np.zeros(2)).packed()

    def cost(vector: type_floats) -> tuple[float, type_floats]:
        weights = PathWeights.unpacked(vector)
        loss = 0.5 * decay * float(((vector - start) ** 2).sum())
        slope = decay * (vector - start)
        for lesson in lessons:
            part, gradient = _lesson_cost(lesson, weights, none, other)
            loss += part
            slope = slope + gradient
        return loss, slope

    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 100})
    return PathWeights.unpacked(found.x)


def _lesson_cost(lesson: Lesson, weights: PathWeights, none: int, other: int | None) -> tuple[float, type_floats]:
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
    first = [
        (excess * lesson.log_p).sum(),
        (excess * lesson.log_p).sum(1) @ root,
        (excess * np.exp(lesson.log_p)).sum(),
    ]
    return loss, np.concatenate([first, lesson.form.T @ by_run, lesson.form.T @ excess[:, none], rest])
