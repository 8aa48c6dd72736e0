"""How many errors a look at an answer is expected to find, and what is left to find."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samorsak.classify import log_odds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def expected_errors(probability: Floats, given: Flags) -> Floats:
    """Give the expected number of wrong categories of each answer: given in error, or missing.

    Parameters
    ----------
    probability : ndarray, shape (n, k)
        Calibrated, that a coder would give the answer the category.
    given : ndarray of bool, shape (n, k)

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> expected_errors(np.array([[0.75, 0.25], [1.0, 0.0]]), np.array([[True, False]] * 2)).tolist()
    [0.5, 0.0]
    """
    risk: Floats = np.where(given, 1 - probability, probability).sum(1)
    return risk


def pool_opinions(probability: Floats, second: Floats) -> Floats:
    """Put two opinions together: the mean of their log odds (a logarithmic pool of equal weights).

    Two that err differently say more together; with equal weights there is nothing to fit. See Genest and
    Zidek, "Combining probability distributions", Statistical Science 1:114, 1986, section 3.3.

    Parameters
    ----------
    probability, second : ndarray of the same shape

    Examples
    --------
    >>> pool_opinions(np.array([0.5, 0.9]), np.array([0.5, 0.1])).round(6).tolist()
    [0.5, 0.5]
    """
    odds = (log_odds(probability) + log_odds(second)) / 2
    pooled: Floats = 1 / (1 + np.exp(-odds))
    return pooled


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a review is expected to find, by the probabilities.

    Attributes
    ----------
    answers, queued : int
        Answers that can be reviewed, and those in the queue.
    expected, found : float
        Errors in all of them, and in the queue.
    enough : int
        How many answers are expected to have more errors than one taken at random: reading on by the queue
        finds no more than reading at random did.
    """

    answers: int
    queued: int
    expected: float
    found: float
    enough: int

    @property
    def at_random(self) -> float:
        """Errors that an answer read at random is expected to have."""
        return self.expected / self.answers if self.answers else 0.0

    @property
    def left(self) -> float:
        """Errors that an answer outside of the queue is expected to have."""
        rest = self.answers - self.queued
        return (self.expected - self.found) / rest if rest else 0.0


def look_ahead(expected: Floats, queued: Ints) -> Outlook:
    """Say what a queue is expected to find, and how long reading by it pays.

    Parameters
    ----------
    expected : ndarray, shape (n,)
        Errors expected of each answer.
    queued : ndarray of int64, shape (q,)
        Answers in the queue.

    Examples
    --------
    >>> found = look_ahead(np.array([1.0, 0.5, 0.0, 0.1]), np.array([0]))
    >>> found.found, round(found.at_random, 2), round(found.left, 2), found.enough
    (1.0, 0.4, 0.2, 2)
    """
    total = float(expected.sum())
    mean = total / len(expected) if len(expected) else 0.0
    return Outlook(
        len(expected), len(queued), total, float(expected[queued].sum()), int((expected > mean).sum())
    )
