"""What a run weighs on a path: its form and the classifiers' probabilities, taken together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samorsak.segment.borders import CONJUNCTION, END, LINE, PUNCTUATION, SENTENCE, START, Pieces
from samorsak.segment.lattice import Lattice, Runs

type_floats = npt.NDArray[np.float64]


def traits(pieces: Pieces, runs: Runs) -> type_floats:
    """Describe each candidate by its form alone.

    Returns
    -------
    ndarray of float64, shape (c, t)
        A constant, lengths, the kinds of the borders around it, how it begins, what it spans.
    """
    length = (pieces.composed[runs.last, 1] - pieces.composed[runs.first, 0]).astype(float)
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


@dataclass(frozen=True, slots=True)
class PathWeights:
    """What a run's weight is made of; learned from marked answers, the same for every category.

    Attributes
    ----------
    heads : ndarray, shape (h, 3)
        Per classifier: on the log probability, the same times the root of the run's length (of 50
        characters), and the probability itself.
    cause : ndarray, shape (t,)
        On the traits, for every outcome.
    none : ndarray, shape (t,)
        On the traits, for `no_cause` besides.
    other : ndarray, shape (2,)
        On a constant and the root of the length, for `other` besides.
    """

    heads: type_floats
    cause: type_floats
    none: type_floats
    other: type_floats

    def packed(self) -> type_floats:
        """Give all weights as one vector."""
        return np.concatenate([self.heads.ravel(), self.cause, self.none, self.other])

    @classmethod
    def unpacked(cls, vector: type_floats, heads: int = 1) -> PathWeights:
        """Read back what `packed` gave, of as many classifiers."""
        of_heads, rest = vector[: 3 * heads].reshape(heads, 3), vector[3 * heads :]
        t = (len(rest) - 2) // 2
        return cls(of_heads, rest[:t], rest[t : 2 * t], rest[2 * t :])


def weigh(
    log_p: type_floats, form: type_floats, weights: PathWeights, none: int, other: int | None
) -> type_floats:
    """Weigh every candidate with every outcome.

    Parameters
    ----------
    log_p : ndarray, shape (h, c, k)
        Each classifier's log probabilities.
    form : ndarray, shape (c, t)
        `traits`.
    none, other : int
        Columns of `no_cause` and of `other`, the latter None where the scheme has none.

    Returns
    -------
    ndarray, shape (c, k)
    """
    root = form[:, 1:2]
    out = np.zeros(log_p.shape[1:])
    for p, (log, scaled, plain) in zip(log_p, weights.heads.tolist(), strict=True):
        out += p * (log + scaled * root) + plain * np.exp(p)
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
