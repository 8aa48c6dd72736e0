"""How typical statements are of categories; every vector is constructed."""

import numpy as np
import pytest

from samorsak.coded import StatementRow
from samorsak.pipeline.clustering import covers
from samorsak.pipeline.mapped import Distinct, Encoded, Known, typicality_of
from samorsak.typicality import FEWEST, _p_values, fit_scores, typicality

NOTHING = np.zeros((0, 8)), np.zeros(0, np.int64)


def said(kinds: list[int], each: int, seed: int, spread: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of unit length in eight dimensions around some of the axes, and their kinds."""
    kind = np.repeat(kinds, each)
    points = np.eye(8)[kind] + np.random.default_rng(seed).normal(0, spread, (len(kind), 8))
    return points / np.linalg.norm(points, axis=1, keepdims=True), kind


def test_p_values_of_what_is_like_the_examples_are_uniform() -> None:
    examples, new = said([0, 1], 600, 0), said([0], 600, 1)
    group = np.arange(1200) % 10
    held = np.zeros((2, 1200, 2))
    for one in range(10):
        others = group != one
        held[:, ~others] = fit_scores(examples[0][~others], examples[0][others], examples[1][others], 2)
    scores = fit_scores(new[0], *examples, 2)
    for old, found in zip(held, scores, strict=True):
        p = np.sort(_p_values(old, examples[1], found)[:, 0])
        assert np.abs(p - np.linspace(0, 1, 600)).max() < 0.08  # as for n = m = 600 in 95 of 100 cases


def test_what_is_like_a_category_is_typical_of_it_alone() -> None:
    found = typicality(said([0, 1, 2], 100, 1)[0], NOTHING, said([0, 1, 2], 100, 0), np.arange(300) % 5, 3)
    own = found.reshape(3, 100, 3)
    for kind in range(3):
        assert own[kind, :, kind].mean() == pytest.approx(0.5, abs=0.06)
        assert np.delete(own[kind], kind, axis=1).mean() < 0.03


def test_what_is_like_no_category_is_typical_of_none() -> None:
    examples, new = said([0, 1, 2], 100, 0), said([5], 100, 1)[0]
    found = typicality(new, NOTHING, examples, np.arange(300) % 5, 3)
    assert found.mean(axis=0).max() < 0.03


def test_who_said_much_alike_is_held_out_together() -> None:
    # each of ten people has words of their own: what one said is like what that one said
    rng = np.random.default_rng(0)
    people = np.repeat(rng.normal(size=(10, 8)), 10, axis=0) + rng.normal(0, 0.1, (100, 8))
    examples = people / np.linalg.norm(people, axis=1, keepdims=True), np.zeros(100, np.int64)
    other = rng.normal(size=(200, 8))
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    by_person = typicality(other, NOTHING, examples, np.repeat(np.arange(10), 10), 1)
    by_statement = typicality(other, NOTHING, examples, np.arange(100), 1)
    assert by_person.mean() > by_statement.mean() + 0.1


def test_uncertain_examples_are_compared_with_but_not_learned_from() -> None:
    known, new = said([0, 1], 4, 2, 0.05), said([0, 1], 20, 3)[0]
    uncertain = said([0, 1], 20, 0)
    found = typicality(new, known, uncertain, np.full(40, -1), 2)
    held = fit_scores(uncertain[0], *known, 2), fit_scores(new, *known, 2)
    each = [_p_values(old, uncertain[1], score) for old, score in zip(*held, strict=True)]
    assert found.tolist() == ((each[0] + each[1]) / 2).tolist()


@pytest.mark.parametrize(("n", "there"), [(0, False), (FEWEST - 1, False), (FEWEST, True)])
def test_of_too_few_examples_nothing_is_typical(n: int, there: bool) -> None:
    examples = tuple(np.concatenate(pair) for pair in zip(said([0], 20, 0), said([1], n, 1), strict=True))
    found = typicality(said([1], 5, 2)[0], said([0, 1], 5, 3), examples, np.arange(20 + n) % 3, 3)
    assert (found[:, 1] > 0).all() == there
    assert (found[:, 2] == 0).all()


def test_nothing_is_typical_of_anything_without_examples() -> None:
    new = said([0], 3, 0)[0]
    assert typicality(new, NOTHING, NOTHING, NOTHING[1], 2).tolist() == [[0, 0]] * 3
    assert typicality(new[:0], NOTHING, said([0], 9, 0), np.arange(9) % 2, 2).shape == (0, 2)


OUTCOMES = ("rain", "snow", "other", "no_cause")


def row(i: int, category: str, probability: float = 0.8, after: str = "snow") -> StatementRow:
    return StatementRow(f"{i}", 1, 0, 1, "x", category, probability, after, 0.1)


def distinct(vectors: np.ndarray, of: np.ndarray) -> Distinct:
    return Distinct(("x",) * len(of), of, np.unique(of, return_index=True)[1], vectors, {})


def test_two_files_of_examples_calibrate_and_one_does_not() -> None:
    vectors, given = said([0, 5], 20, 0)
    rows = [row(i, "rain" if kind == 0 else "snow") for i, kind in enumerate(given)]
    own = distinct(vectors, np.arange(40))
    texts, examples = said([0, 1], 4, 1, 0.05), said([0, 1], 20, 2)
    encoded = Encoded(0, texts, examples)
    one, two = (Known(OUTCOMES, (), (), (), group) for group in (np.zeros(40, int), np.arange(40) % 2))
    by_files = typicality_of(rows, own, two, encoded)
    assert by_files.tolist() == typicality(vectors, texts, examples, two.group, 4).tolist()
    assert by_files[:20, 0].mean() > 0.3 > 0.05 > by_files[20:].mean()
    # by themselves, the statements that the classifier calls snow are what snow is
    by_round = typicality_of(rows, own, one, encoded)
    place = np.array([OUTCOMES.index(r.category) for r in rows])
    assert by_round.tolist() == typicality(vectors, texts, (vectors, place), np.full(40, -1), 4).tolist()
    assert by_round[20:, 1].mean() > 0.3


def test_other_covers_nothing_and_no_cause_is_no_claim() -> None:
    vectors = said([0, 1, 2], 2, 0)[0]
    of = np.array([0, 0, 1, 2, 3, 4, 5])
    given = ["rain", "snow", "other", "no_cause", "rain", "rain", "rain"]
    rows = [row(i, category, 0.6, "other" if i else "snow") for i, category in enumerate(given)]
    known = Known(OUTCOMES, (), (), (), np.zeros(0, np.int64))
    encoded = Encoded(0, said([0, 1], 5, 1), (vectors[:0], of[:0]))
    typical, claimed = covers(rows, distinct(vectors, of), known, encoded)
    assert typical.shape == (6, 3)  # rain, snow, no cause
    assert claimed[:3].round(3).tolist() == [[0.3, 0.35], [0, 0], [0, 0]]
