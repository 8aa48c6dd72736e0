"""Places on a map; inputs are tiny, odd and constructed."""

import numpy as np
import pytest

from samorsak.cluster import lay_out


def unit(n: int, d: int = 24, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(n, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


ODD = {
    "none": unit(0),
    "one": unit(1),
    "two": unit(2),
    "the last without umap": unit(49),
    "the first with umap": unit(50),
    "the same over and over": np.repeat(unit(1), 60, axis=0),
    "two over and over": np.repeat(unit(2), 30, axis=0),
    "opposite": np.repeat(unit(1), 30, axis=0) * np.repeat([[1], [-1]], 15, axis=0),
    "nothing known": np.zeros((60, 24), np.float32),
    "one known": np.concatenate([unit(1), np.zeros((60, 24), np.float32)]),
    "many known": np.concatenate([unit(60), np.zeros((20, 24), np.float32)]),
    "one dimension": unit(60, d=1),
    "all apart": np.eye(60, dtype=np.float32),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ODD)
def test_odd_inputs_have_places(name: str) -> None:
    places = lay_out(ODD[name])
    assert places.shape == (len(ODD[name]), 2)
    assert np.isfinite(places).all()
    assert (places == places.round(4)).all()
    assert not np.signbit(places[places == 0]).any()
    # one place for each different vector, and no other
    assert len(np.unique(places, axis=0)) == len(np.unique(ODD[name], axis=0))


def test_unknown_words_lie_below_all_others() -> None:
    places = lay_out(np.concatenate([np.zeros((3, 24), np.float32), unit(60)]))
    assert (places[:3] == places[0]).all()
    assert places[0, 1] < places[3:, 1].min()
    assert places[3:, 0].min() < places[0, 0] < places[3:, 0].max()


def test_what_says_the_same_lies_together() -> None:
    centres = np.repeat(np.eye(12)[:3], 30, axis=0)
    places = lay_out(centres + np.random.default_rng(1).normal(0, 0.05, centres.shape))
    middle = places.reshape(3, 30, 2).mean(axis=1)
    nearest = np.linalg.norm(places[:, None] - middle, axis=2).argmin(axis=1)
    assert nearest.tolist() == [0] * 30 + [1] * 30 + [2] * 30


def test_the_same_seed_gives_the_same_places() -> None:
    vectors = unit(70)
    assert lay_out(vectors, seed=4).tobytes() == lay_out(vectors, seed=4).tobytes()
    assert lay_out(vectors, seed=4).tobytes() != lay_out(vectors, seed=5).tobytes()
