"""Clusters of vectors, their words and typical members; inputs are tiny and constructed."""

import sys
import warnings

import numpy as np
import pytest

from samorsak.cluster import (
    Clusters,
    content_words,
    find_clusters,
    lemmatiser,
    stop_words,
    telling_words,
    typical_members,
)
from samorsak.cluster.density import ROOM, _join
from samorsak.errors import InputError


def around(centres: list[int], each: int, spread: float = 0.05, seed: int = 0) -> np.ndarray:
    """Unit vectors in twelve dimensions, close to some of the axes."""
    rng = np.random.default_rng(seed)
    points = np.repeat(np.eye(12)[centres], each, axis=0) + rng.normal(0, spread, (len(centres) * each, 12))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def once(vectors: np.ndarray) -> np.ndarray:
    return np.ones(len(vectors), np.int64)


@pytest.fixture(scope="session")
def reduced() -> tuple[np.ndarray, Clusters]:
    """Three groups of 20, 30 and 25: enough that UMAP reduces them, which compiles it."""
    vectors = np.concatenate([around([0], 20), around([1], 30, seed=1), around([2], 25, seed=2)])
    return vectors, find_clusters(vectors, once(vectors), seed=3)


def test_groups_are_found_the_largest_first(reduced: tuple[np.ndarray, Clusters]) -> None:
    _, found = reduced
    assert found.label.tolist() == [2] * 20 + [0] * 30 + [1] * 25
    assert len(found) == 3
    for scores in (found.strength, found.outlier, found.persistence):
        assert (scores >= 0).all() and (scores <= 1).all()
    assert (found.persistence > 0).all()


def test_the_same_seed_gives_the_same_bytes(reduced: tuple[np.ndarray, Clusters]) -> None:
    vectors, found = reduced
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = find_clusters(vectors, once(vectors), seed=3)
    for name in ("label", "strength", "outlier", "persistence"):
        assert getattr(again, name).tobytes() == getattr(found, name).tobytes()


def test_few_statements_are_clustered_without_umap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)
    vectors = around([0, 1], 12)
    assert find_clusters(vectors, once(vectors)).label.tolist() == [0] * 12 + [1] * 12


@pytest.mark.parametrize("n", [0, 1, 4, 5, 6])
def test_too_few_statements_are_in_no_cluster(n: int) -> None:
    vectors = around([0], 6)[:n]
    found = find_clusters(vectors, once(vectors))
    assert found.label.tolist() == [-1] * n
    assert (len(found), found.strength.tolist()) == (0, [0.0] * n)


def test_statements_of_the_same_vector_are_one() -> None:
    vectors = np.concatenate([np.repeat(around([0], 1), 80, axis=0), np.repeat(around([1], 1), 90, axis=0)])
    found = find_clusters(vectors, once(vectors))
    assert found.label.tolist() == [1] * 80 + [0] * 90
    assert np.isfinite([*found.strength, *found.outlier]).all()


def test_what_lies_everywhere_is_noise() -> None:
    found = find_clusters(np.eye(12, dtype=np.float32), np.ones(12, np.int64))
    assert found.label.tolist() == [-1] * 12


def test_a_statement_that_is_repeated_is_a_cluster_by_itself() -> None:
    found = find_clusters(around([0], 1), np.array([70]))
    assert (found.label.tolist(), found.strength.tolist()) == ([0], [1.0])
    assert np.isnan(found.persistence).tolist() == [True]
    assert len(find_clusters(around([0], 1), np.array([4]))) == 0


def test_repetitions_order_clusters_by_size() -> None:
    vectors = around([0, 1], 12)
    repeats = once(vectors)
    repeats[20] = 3
    assert find_clusters(vectors, repeats).label.tolist() == [1] * 12 + [0] * 12


def test_unknown_words_belong_nowhere() -> None:
    vectors = np.concatenate([around([0, 1], 12), np.zeros((9, 12), np.float32)])
    assert find_clusters(vectors, once(vectors)).label.tolist() == [0] * 12 + [1] * 12 + [-1] * 9


@pytest.mark.parametrize("name", ["hdbscan", "umap"])
def test_without_the_extra_there_is_one_line(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError) as raised:
        find_clusters(around([0, 1], 30), np.ones(60, np.int64))
    told = f'discovery needs {name}, which is not installed; pip install "samorsak[discovery]"'
    assert str(raised.value) == told


def test_words_are_told_by_what_sets_a_cluster_apart() -> None:
    texts = [
        "Målen är tydliga",
        "tydliga mål, TYDLIGA",
        "Komvux-platser och mål",
        "komvux-platser är få",
        "el",
    ]
    words = telling_words(texts, np.array([0, 0, 1, 1, -1]), {"är", "och"}, most=2)
    assert words == [("tydliga", "Målen"), ("komvux-platser", "få")]


def test_words_are_shown_as_they_are_most_often_written() -> None:
    texts = ["SFI SFI sfi", "AME ame"]
    assert telling_words(texts, np.array([0, 0])) == [("SFI", "ame")]


def test_forms_of_a_lemma_are_one_word_shown_in_its_commonest_form() -> None:
    texts = ["Kommunen varslar", "kommunens varsel", "kommunen", "Kommunens bilar"]
    (words,) = telling_words(texts, np.zeros(4, np.int64), stop_words("sv"), lemma=lemmatiser("sv"))
    assert [word for word in words if word.lower().startswith("kommun")] == ["kommunen"]


def test_other_forms_of_stop_words_are_stop_words() -> None:
    said = content_words("Det är skolan, dom behövde åka ESF-bussen", stop_words("sv"), lemmatiser("sv"))
    assert [written for _, written in said] == ["skolan", "åka", "ESF-bussen"]


def test_a_language_without_lists_has_its_words_as_written() -> None:
    assert stop_words("tlh") == frozenset()
    assert list(content_words("Words said", stop_words("tlh"), lemmatiser("tlh"))) == [
        ("words", "Words"),
        ("said", "said"),
    ]


def test_texts_without_words_have_none() -> None:
    assert telling_words(["1 2 3", "- ?"], np.array([0, 0])) == [()]
    assert telling_words([], np.zeros(0, np.int64)) == []


def test_the_medoid_comes_first_and_repetitions_count() -> None:
    angle = np.array([0.0, 0.1, 0.2, 0.3, 0.4])
    vectors = np.c_[np.cos(angle), np.sin(angle)]
    label = np.zeros(5, np.int64)
    assert typical_members(vectors, label, np.ones(5, np.int64))[0][0] == 2
    assert typical_members(vectors, label, np.array([1, 1, 1, 1, 20]))[0][0] == 4


def test_typical_members_are_spread_but_not_from_the_edge() -> None:
    angle = np.array([0.0, 0.01, -0.01, 0.2, -0.2, 0.3, 1.2, -1.2, 1.3])
    vectors = np.c_[np.cos(angle), np.sin(angle)]
    picked = typical_members(vectors, np.zeros(9, np.int64), np.ones(9, np.int64), most=3)[0]
    assert len(set(picked)) == 3
    assert {6, 7, 8}.isdisjoint(picked)
    assert max(abs(angle[list(picked)])) >= 0.2


def test_a_cluster_of_one_has_one_typical_member() -> None:
    assert typical_members(np.eye(2), np.array([-1, 0]), np.ones(2, np.int64)) == [(1,)]


def test_without_the_lemmatiser_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simplemma", None)
    with pytest.raises(InputError, match=r"^discovery needs simplemma, which is not installed; pip install "):
        lemmatiser("sv")


@pytest.mark.parametrize("spread", [0.01, 5.0])
def test_one_giant_group_or_none_at_all_is_a_valid_result(
    spread: float, reduced: tuple[np.ndarray, Clusters]
) -> None:
    vectors = around([0], 120, spread)
    found = find_clusters(vectors, once(vectors))
    sizes = np.bincount(found.label + 1, minlength=len(found) + 1)
    assert len(sizes) == len(found) + 1 and sizes.sum() == 120
    assert (sizes[1:] >= 5).all() and (np.diff(sizes[1:]) <= 0).all()
    assert np.bincount(found.core[found.core >= 0], minlength=1).max() <= ROOM
    assert (found.strength[found.label < 0] == 0).all()
    assert np.isfinite([*found.strength, *found.outlier, *found.persistence]).all()


def test_who_lies_as_near_as_most_of_a_cluster_joins_it() -> None:
    angle = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.25, 0.9])
    vectors = np.c_[np.cos(angle), np.sin(angle)]
    label = np.array([0, 0, 0, 0, 0, -1, -1])
    assert _join(vectors, label, 1).tolist() == [0, 0, 0, 0, 0, 0, -1]
    assert _join(vectors, np.full(7, -1), 0).tolist() == [-1] * 7
