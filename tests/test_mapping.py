"""Evidence for the categories of clusters, and the verdicts."""

import numpy as np
import pytest

from samorsak.mapping import (
    Evidence,
    Verdict,
    fall_in,
    judge_categories,
    judge_clusters,
    nearness_to,
    tightness,
    usual_nearness,
    weigh_evidence,
)

OUTCOMES = ("rain", "snow", "other", "no_cause")


def judged(*clusters: tuple[list[float], float], apart: tuple[int, ...] = ()) -> list[Verdict]:
    """Judge clusters of (shares, probability of each)."""
    share, probability = (np.array(column, float) for column in zip(*clusters, strict=True))
    none = np.full(share.shape, np.nan)
    evidence = Evidence(
        OUTCOMES, share, np.tile(probability[:, None], 4), none, none, np.zeros(share.shape, np.int64)
    )
    return judge_clusters(evidence, apart)


@pytest.mark.parametrize(
    ("share", "probability", "verdict"),
    [
        ([0.6, 0.1, 0.1, 0.2], 0.9, Verdict("covered", ("rain",))),
        ([0.5, 0.1, 0.2, 0.2], 0.5, Verdict("covered", ("rain",))),
        ([0.6, 0.1, 0.1, 0.2], 0.4, Verdict("between", ("rain", "no_cause"))),
        ([1.0, 0.0, 0.0, 0.0], 0.4, Verdict("covered", ("rain",))),
        ([0.6, 0.0, 0.4, 0.0], 0.4, Verdict("covered", ("rain",))),
        ([0.1, 0.1, 0.0, 0.8], 0.9, Verdict("no_cause", ("no_cause",))),
        ([0.2, 0.2, 0.1, 0.5], 0.1, Verdict("no_cause", ("no_cause",))),
        ([0.4, 0.3, 0.1, 0.2], 0.9, Verdict("between", ("rain", "snow"))),
        ([0.3, 0.1, 0.2, 0.4], 0.9, Verdict("between", ("no_cause", "rain"))),
        ([0.3, 0.2, 0.4, 0.1], 0.9, Verdict("between", ("rain", "snow"))),
        ([0.1, 0.1, 0.8, 0.0], 0.9, Verdict("uncovered")),
        ([0.5, 0.0, 0.5, 0.0], 0.9, Verdict("uncovered")),
        ([0.0, 0.0, 0.5, 0.5], 0.9, Verdict("uncovered")),
    ],
)
def test_the_first_rule_that_holds_decides(share: list[float], probability: float, verdict: Verdict) -> None:
    assert judged((share, probability)) == [verdict]


def test_what_is_set_apart_is_uncovered_whatever_it_is_given() -> None:
    rain = [1.0, 0, 0, 0]
    found = judged((rain, 0.9), (rain, 0.9), ([0, 0, 0, 1.0], 0.9), apart=(1, 2))
    assert found == [Verdict("covered", ("rain",)), Verdict("uncovered"), Verdict("uncovered")]


def test_a_category_of_several_clusters_has_parts() -> None:
    rain, snow = [0.9, 0.1, 0, 0], [0.1, 0.9, 0, 0]
    found = judged((rain, 0.9), (snow, 0.9), (rain, 0.8))
    assert [verdict.kind for verdict in found] == ["part", "covered", "part"]


def test_evidence_is_of_the_statements_of_the_cluster() -> None:
    label, given = np.array([0, 0, 0, 1, -1]), np.array([0, 0, 3, 1, 2])
    nearness = np.arange(20.0).reshape(5, 4)
    found = weigh_evidence(label, given, np.array([0.9, 0.7, 0.0, 0.5, 1.0]), nearness, OUTCOMES)
    assert found.share.round(3).tolist() == [[0.667, 0, 0, 0.333], [0, 1, 0, 0]]
    assert found.probability.round(3).tolist() == [[0.8, 0, 0, 0], [0, 0.5, 0, 0]]
    assert found.nearness.tolist() == [[4, 5, 6, 7], [12, 13, 14, 15]]


def test_no_clusters_have_no_verdicts() -> None:
    none = np.zeros(0, np.int64)
    found = weigh_evidence(none, none, np.zeros(0), np.zeros((0, 4)), OUTCOMES)
    assert found.share.shape == (0, 4)
    assert judge_clusters(found) == []


def test_nearness_is_to_the_nearest_text_of_each_category() -> None:
    known, kind = np.array([[1, 0], [0, 1], [0.6, 0.8]]), np.array([2, 0, 2])
    found = nearness_to(np.array([[0.0, 1.0]] * 5000), known, kind, 3)
    assert np.array_equal(found, [[1.0, np.nan, 0.8]] * 5000, equal_nan=True)


def test_without_known_texts_nothing_is_near_or_far() -> None:
    assert np.isnan(nearness_to(np.eye(2), np.zeros((0, 2)), np.zeros(0, np.int64), 2)).all()
    assert np.isnan(usual_nearness(np.eye(2), np.array([0, 1])))
    assert np.isnan(usual_nearness(np.zeros((0, 2)), np.zeros(0, np.int64)))


def test_examples_and_definitions_are_weighed_by_cluster() -> None:
    label, given = np.array([0, 0, 1]), np.array([0, 0, 1])
    definition = np.array([[0.2, np.nan], [0.4, np.nan], [0.6, np.nan]])
    fallen = np.array([0, 0, -1, 0]), np.array([1, 1, 0, 0])
    found = weigh_evidence(
        label, given, np.ones(3), definition, ("rain", "snow"), definition=definition, examples=fallen
    )
    assert found.examples.tolist() == [[1, 2], [0, 0]]
    assert found.example_share.round(3).tolist()[0] == [0.333, 0.667]
    assert np.isnan(found.example_share[1]).all()
    assert np.array_equal(found.definition.round(3), [[0.3, np.nan], [0.6, np.nan]], equal_nan=True)


def test_an_example_falls_where_the_nearest_statement_is_unless_that_is_far() -> None:
    vectors, label = np.array([[1.0, 0, 0], [0, 1.0, 0]]), np.array([4, -1])
    examples = np.array([[0.8, 0.6, 0], [0.6, 0.8, 0], [0.6, 0, 0.8], [0, 0, 0]])
    assert fall_in(examples, vectors, label).tolist() == [4, -1, 4, -1]
    assert fall_in(examples, vectors, label, 0.7).tolist() == [4, -1, -1, -1]
    assert fall_in(examples, vectors[:0], label[:0]).tolist() == [-1] * 4
    many = np.repeat(vectors[:1], 3000, axis=0)
    assert (
        fall_in(np.repeat(examples, 500, axis=0), many, np.arange(3000)).tolist() == [0] * 1500 + [-1] * 500
    )


def test_categories_are_judged_by_the_clusters_that_name_them() -> None:
    verdicts = [
        Verdict("covered", ("rain",)),
        Verdict("part", ("snow",)),
        Verdict("part", ("snow",)),
        Verdict("between", ("hail", "rain")),
        Verdict("no_cause", ("no_cause",)),
        Verdict("uncovered"),
    ]
    counts = {"rain": 9, "snow": 9, "hail": 9, "wind": 5, "fog": 4}
    assert judge_categories(counts, verdicts, smallest=5) == {
        "rain": ("supported", 1),
        "snow": ("split", 2),
        "hail": ("border", 1),
        "wind": ("unsupported", 0),
        "fog": ("thin", 0),
    }


def test_tightness_is_the_mean_cosine_of_pairs() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(7, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[6] = 0
    cosines = vectors @ vectors.T
    found = tightness(vectors, np.array([2, 2, 2, 2, 0, 1, 1]), 4)
    pairs = [cosines[i, j] for i in range(4) for j in range(i)]
    assert found[2] == pytest.approx(np.mean(pairs))
    assert np.isnan(found[[0, 1, 3]]).all()
