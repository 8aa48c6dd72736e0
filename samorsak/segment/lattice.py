"""Runs of neighbouring pieces, the candidates for statements, and passes over all paths through them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samorsak.segment.borders import Pieces

type_floats = npt.NDArray[np.float64]
type_floats32 = npt.NDArray[np.float32]
type_ints = npt.NDArray[np.int64]

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


def log_sum(values: type_floats, axis: int) -> type_floats:
    """Logarithm of the sum of exponentials along an axis; all minus infinity gives minus infinity."""
    top = values.max(axis, keepdims=True)
    safe = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore"):
        total: type_floats = np.log(np.exp(values - safe).sum(axis))
    return total + safe.squeeze(axis)


def pool_runs(vectors: type_floats32, pieces: Pieces, runs: Runs) -> type_floats32:
    """Give each run the sum of its pieces' vectors, each by the root of its words, scaled to unit length.

    Pieces are encoded instead of runs, as there are a third as many and they are shorter.

    Parameters
    ----------
    vectors : ndarray of float32, shape (p, d)

    Returns
    -------
    ndarray of float32, shape (c, d)
        A run whose pieces have no vector but zeros gets zeros.

    Examples
    --------
    >>> from samorsak.segment.borders import find_pieces
    >>> pieces = find_pieces(["Mål, möten"])
    >>> pool_runs(np.array([[3, 0], [0, 4]], np.float32), pieces, find_runs(pieces)).tolist()
    [[1.0, 0.0], [0.6000000238418579, 0.800000011920929], [0.0, 1.0]]
    """
    scaled = vectors * np.sqrt(pieces.last - pieces.first).astype(np.float32)[:, None]
    pooled = scaled[runs.first]
    for further in range(1, int((runs.last - runs.first).max(initial=0)) + 1):
        longer = np.flatnonzero(runs.first + further <= runs.last)
        pooled[longer] += scaled[runs.first[longer] + further]
    lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
    unit: type_floats32 = pooled / np.where(lengths > 0, lengths, 1)
    return unit


@dataclass(frozen=True, slots=True)
class _Step:
    """The candidates that end with the same piece, counted within the answer, of all answers that have it.

    Attributes
    ----------
    answers : ndarray of int64, shape (l,)
        The answers, those with most pieces first.
    reach : int
        How many pieces a candidate can have here.
    rows, length, at : ndarray of int64, shape (x,)
        The candidates, how many pieces they have besides the last, and where in `answers` theirs stands.
    """

    answers: type_ints
    reach: int
    rows: type_ints
    length: type_ints
    at: type_ints

    def ways(self, weights: type_floats, ahead: Sequence[type_floats]) -> type_floats:
        """Weigh the paths up to here by the length of their last run, shape (reach, l, ...).

        Parameters
        ----------
        weights : ndarray, shape (c, ...)
            Of the candidates.
        ahead : sequence of ndarray
            Weights of all paths up to the piece before, the one before that, and so on.
        """
        count = len(self.answers)
        found = np.full((self.reach, count, *weights.shape[1:]), -np.inf)
        found[self.length, self.at] = weights[self.rows]
        for way, before in zip(found, ahead, strict=True):
            way += before[:count]
        return found


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
        total = np.zeros((self.runs.n, *weights.shape[1:]))
        ahead = [total.copy()]
        for step in self._steps():
            ahead = [log_sum(step.ways(weights, ahead), 0), *ahead[: self.width - 1]]
            total[step.answers] = ahead[0]  # written over until the answer's last piece
        return total

    def _steps(self) -> Iterator[_Step]:
        """Go through the pieces from the first to the last, in all answers at once that have so many.

        The longest answers come first, so that those a step deals with are the first of those before it: the
        work is that of the pieces there are, however much longer than the others one answer is.
        """
        r = self.runs
        order = np.argsort(-r.sizes, kind="stable")
        at = np.empty(r.n, np.int64)
        at[order] = np.arange(r.n)
        stop = r.place + r.last - r.first
        by_stop = np.argsort(stop, kind="stable")
        bounds = np.searchsorted(stop[by_stop], np.arange(self.depth + 1))
        live = np.searchsorted(-r.sizes[order], -np.arange(self.depth))
        for end in range(self.depth):
            rows = by_stop[bounds[end] : bounds[end + 1]]
            reach = min(self.width, end + 1)
            yield _Step(order[: live[end]], reach, rows, r.last[rows] - r.first[rows], at[r.answer[rows]])

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
        ahead = [np.zeros(r.n)]
        picked: list[type_ints] = []
        for step in self._steps():
            ways = step.ways(weights, ahead)
            rows = np.full(ways.shape, -1)
            rows[step.length, step.at] = step.rows
            best = ways.argmax(0), np.arange(ways.shape[1])
            picked.append(rows[best])
            ahead = [ways[best], *ahead[: self.width - 1]]
        begins = np.cumsum([0, *map(len, picked)])
        flat = np.concatenate(picked) if picked else np.zeros(0, np.int64)
        left = -np.sort(-r.sizes)
        found = []
        while (live := np.flatnonzero(left)).size:
            found.append(flat[begins[left[live] - 1] + live])
            left[live] = r.place[found[-1]]
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)
