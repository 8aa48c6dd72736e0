"""The loss has the value and the slope it should; training brings together what belongs together."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from samorsak.encode.contrast import Material, info_nce, main_directions, train_matrix


def test_pairs_that_match_cost_little() -> None:
    rows = np.eye(2, dtype=np.float32)
    loss, left, right = info_nce(rows, 3 * rows, np.arange(2), temperature=1)
    assert loss == pytest.approx(np.log(1 + np.exp(-1)), abs=1e-6)
    swapped, *_ = info_nce(rows, rows[::-1].copy(), np.arange(2), temperature=1)
    assert swapped == pytest.approx(np.log(1 + np.exp(1)), abs=1e-6)
    assert left.shape == right.shape == (2, 2)


def test_rows_of_a_group_are_not_held_against_each_other() -> None:
    rows = np.eye(2, dtype=np.float32)
    loss, left, right = info_nce(rows, rows[::-1].copy(), np.array([7, 7]), temperature=1)
    assert loss == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose([left, right], 0, atol=1e-6)


@pytest.mark.parametrize("groups", [[0, 1, 2, 3], [0, 0, 1, 2]])
def test_the_gradient_is_the_slope_of_the_loss(groups: list[int]) -> None:
    rng = np.random.default_rng(0)
    left, right = rng.normal(size=(2, 4, 3)).astype(np.float32)
    _, *gradients = info_nce(left, right, np.array(groups), temperature=0.5)
    step = np.float32(1e-2)
    for rows, gradient in zip((left, right), gradients, strict=True):
        for at in np.ndindex(4, 3):
            kept = rows[at]
            rows[at] = kept + step
            above = info_nce(left, right, np.array(groups), temperature=0.5)[0]
            rows[at] = kept - step
            below = info_nce(left, right, np.array(groups), temperature=0.5)[0]
            rows[at] = kept
            assert gradient[at] == pytest.approx((above - below) / (2 * step), abs=2e-3)


def small(texts: int) -> Material:
    """Three concepts of four one-word expressions each, a feature per word; texts within a concept."""
    flow = np.concatenate([np.arange(4) + 4 * (i % 3) for i in range(texts)] or [np.zeros(0, np.int64)])
    identity = sp.identity(12, dtype=np.float32, format="csr")
    bounds = np.arange(texts + 1) * 4
    return Material(identity, identity, np.array([0, 4, 8, 12]), flow, bounds, np.ones(texts, np.float32))


@pytest.mark.parametrize("texts", [0, 6])
def test_words_of_a_concept_come_together(texts: int) -> None:
    said: list[str] = []
    matrix = train_matrix(small(texts), 8, 150, seed=0, say=said.append)
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    near = unit @ unit.T
    own = np.arange(12)[:, None] // 4 == np.arange(12) // 4
    assert near[own].mean() > 0.7
    assert near[~own].mean() < 0.2
    assert said[-1].startswith("epoch 150 of 150: loss ")
    np.testing.assert_array_equal(matrix, train_matrix(small(texts), 8, 150, seed=0))


def test_the_direction_that_all_share_is_left_out() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(200, 4)) * [0.1, 3, 2, 1] + [9, 0, 0, 0]
    kept = main_directions(vectors.astype(np.float32), 2)
    assert kept.shape == (4, 2)
    np.testing.assert_allclose(np.abs(kept), [[0, 0], [1, 0], [0, 1], [0, 0]], atol=0.1)
    assert main_directions(vectors.astype(np.float32), 9).shape == (4, 3)
