"""Labels that look wrong: confident learning on probabilities from models that had not seen the row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def label_doubts(probability: Floats, label: Ints) -> tuple[Floats, Ints]:
    """Say of each labelled row how much speaks for another label.

    Confident learning (Northcutt, Jiang and Chuang, JAIR 70, 2021, section 3): another label counts where its
    probability reaches what rows of that label have on average, so that a category of which the model is
    never sure is not thought wrong for that. Ranked by self-confidence, the probability of the row's own
    label (section 4.2 there).

    Parameters
    ----------
    probability : ndarray, shape (m, k)
        Of each category, from a model that has not learned from the row.
    label : ndarray of int64, shape (m,)
        Column of the label that the row has.

    Returns
    -------
    strength : ndarray, shape (m,)
        What the row's own label lacks of certainty; 0 where no other label counts.
    instead : ndarray of int64, shape (m,)
        The label that most speaks for; the row's own where none does.

    Examples
    --------
    >>> p = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.2, 0.8]])
    >>> strength, instead = label_doubts(p, np.array([0, 0, 1, 1]))
    >>> strength.round(2).tolist(), instead.tolist()
    ([0.0, 0.0, 0.9, 0.0], [0, 0, 0, 1])
    """
    m, k = probability.shape
    if not m:
        return np.zeros(0), np.zeros(0, np.int64)
    rows = np.arange(m)
    own = probability[rows, label]
    count = np.bincount(label, minlength=k)
    usual = np.bincount(label, weights=own, minlength=k) / np.maximum(count, 1)
    rival = np.where((probability >= usual) & (count > 0), probability, -1.0)
    rival[rows, label] = -1.0
    instead = rival.argmax(1)
    margin = rival[rows, instead] - own
    doubted = margin > 0
    return np.where(doubted, 1 - own, 0.0), np.where(doubted, instead, label)
