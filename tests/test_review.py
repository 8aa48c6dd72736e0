"""Reasons, expected errors and the order to read in, on small arrays."""

from __future__ import annotations

import numpy as np

from samorsak.review import (
    expected_errors,
    far_from_examples,
    high_entropy,
    in_order,
    label_doubts,
    look_ahead,
    low_margin,
    neighbours_disagree,
    other_cluster,
    rare_category,
    twins_differ,
)

NOTHING = np.zeros((0, 3))


def test_an_empty_round_has_no_doubts() -> None:
    assert low_margin(NOTHING, 0.5).shape == (0,)
    assert high_entropy(NOTHING).shape == (0,)
    assert expected_errors(NOTHING, NOTHING > 0).shape == (0,)
    assert far_from_examples(NOTHING, np.eye(3), np.arange(3)).shape == (0,)
    assert neighbours_disagree(NOTHING, np.zeros(0, int), np.eye(3), np.arange(3), 3)[0].shape == (0,)
    assert twins_differ(NOTHING, np.zeros(0, int), np.zeros(0, int))[0].shape == (0,)
    assert other_cluster(NOTHING, 0.5).shape == (0,)
    assert label_doubts(NOTHING, np.zeros(0, int))[0].shape == (0,)
    assert rare_category(np.zeros(0, int), np.zeros(3, int)).shape == (0,)
    assert in_order(np.zeros(0), NOTHING, 5).tolist() == []
    assert look_ahead(np.zeros(0), np.zeros(0, int)).at_random == 0
