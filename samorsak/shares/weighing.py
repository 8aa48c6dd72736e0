"""Weights of answers, and how many answers a weighted sample is worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from samorsak.errors import InputError

Floats = NDArray[np.float64]


def scaled(weight: Floats | None, n: int) -> Floats:
    """Scale weights, shape (n,), so that they add up to n; where there are none, all are one.

    Raises
    ------
    InputError
        One is negative or not finite, there are more or fewer than n, or all are zero.

    Examples
    --------
    >>> scaled(np.array([3.0, 1.0]), 2).tolist()
    [1.5, 0.5]
    """
    if weight is None:
        return np.ones(n)
    if weight.shape != (n,):
        raise InputError(f"weights: shape is {weight.shape}, expected {(n,)}")
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise InputError("weights: one is negative or not a number, expected 0 or more")
    if n and not weight.any():
        raise InputError("weights: all are zero, expected one above zero")
    whole: Floats = weight / weight.max() if n else weight  # their sum may not be finite
    return whole * (n / np.sort(whole).sum()) if n else whole  # sorted: the order of answers changes nothing


def effective(total: Floats, squares: Floats) -> Floats:
    """Give the effective number of answers, (sum w)^2 / sum w^2.

    Kish, "Survey sampling", 1965, section 11.7.

    Parameters
    ----------
    total, squares : ndarray of float64, shape (k,)
        Sums of weights and of their squares; 0 where there is nothing.

    Examples
    --------
    >>> effective(np.array([4.0, 0.0]), np.array([10.0, 0.0])).tolist()
    [1.6, 0.0]
    """
    number: Floats = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    return number
