"""Paths through runs of pieces: sums, maxima and learning against all paths counted one by one."""

import unicodedata
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp

from samorsak.segment import (
    Lattice,
    Lesson,
    PathWeights,
    Pieces,
    Runs,
    find_pieces,
    find_runs,
    learn_paths,
    log_sum,
    presence,
    traits,
    weigh,
)
from samorsak.segment.paths import _lesson_cost


def pieces_of(answers: list[list[int]]) -> Pieces:
    """Make pieces of answers given as the number of pieces in each of their sentences."""
    answer = [i for i, sentences in enumerate(answers) for size in sentences for _ in range(size)]
    numbers = [
        (i, s) for i, sentences in enumerate(answers) for s, size in enumerate(sentences) for _ in range(size)
    ]
    sentence = [sorted(set(numbers)).index(pair) for pair in numbers]
    at = np.arange(len(answer))
    whole = {name: at for name in Pieces.__slots__}
    whole |= {
        "n": len(answers),
        "lexemes": {},
        "answer": np.array(answer, int),
        "sentence": np.array(sentence, int),
    }
    return Pieces(**whole)  # type: ignore[arg-type]


def paths(runs: Runs, i: int) -> Iterator[list[int]]:
    """List every way to cover an answer with runs, each as rows of candidates."""

    def onwards(at: int) -> Iterator[list[int]]:
        if at == runs.sizes[i]:
            yield []
        for row in np.flatnonzero((runs.answer == i) & (runs.place == at)).tolist():
            for rest in onwards(at + int(runs.last[row] - runs.first[row]) + 1):
                yield [row, *rest]

    yield from onwards(0)


lattices = st.lists(st.lists(st.integers(1, 3), max_size=3), min_size=1, max_size=3)


@st.composite
def weighed(draw: st.DrawFn, columns: int = 0) -> tuple[Runs, np.ndarray]:
    runs = find_runs(pieces_of(draw(lattices)))
    shape = (len(runs.first), columns) if columns else (len(runs.first),)
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    weights = rng.normal(0, draw(st.sampled_from([0.1, 3, 50])), shape)
    if draw(st.booleans()):
        weights[rng.random(shape) < 0.2] = -np.inf
    return runs, weights


@given(lattices, st.integers(1, 6))
def test_runs_stay_within_a_sentence(answers: list[list[int]], longest: int) -> None:
    pieces = pieces_of(answers)
    runs = find_runs(pieces, longest)
    total = len(pieces.answer)
    expected = [
        (first, last)
        for first in range(total)
        for last in range(first, min(first + longest, total))
        if pieces.sentence[first] == pieces.sentence[last]
    ]
    assert list(zip(runs.first.tolist(), runs.last.tolist(), strict=True)) == expected
    assert runs.n == len(answers)
    assert runs.sizes.tolist() == [sum(sentences) for sentences in answers]
    assert runs.answer.tolist() == [int(pieces.answer[first]) for first, _ in expected]
    begins = np.cumsum([0, *runs.sizes])
    assert runs.place.tolist() == [first - int(begins[pieces.answer[first]]) for first, _ in expected]


@given(weighed())
def test_totals(found: tuple[Runs, np.ndarray]) -> None:
    runs, weights = found
    expected = [logsumexp([weights[path].sum() for path in paths(runs, i)]) for i in range(runs.n)]
    lattice = Lattice.of(runs)
    np.testing.assert_allclose(lattice.totals(weights), expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        lattice.totals(np.column_stack([weights, 2 * weights]))[:, 0], expected, rtol=1e-12, atol=1e-12
    )


@given(weighed())
def test_posteriors(found: tuple[Runs, np.ndarray]) -> None:
    runs, weights = found
    totals, on_path = Lattice.of(runs).posteriors(weights)
    expected = np.zeros(len(weights))
    for i in range(runs.n):
        every = list(paths(runs, i))
        log = np.array([weights[path].sum() for path in every])
        total = logsumexp(log)
        assert totals[i] == pytest.approx(total, rel=1e-12, abs=1e-12)
        if np.isfinite(total):
            for path, value in zip(every, log, strict=True):
                expected[path] += np.exp(value - total)
    np.testing.assert_allclose(on_path, expected, rtol=1e-9, atol=1e-12)


@given(weighed())
def test_best(found: tuple[Runs, np.ndarray]) -> None:
    runs, weights = found
    chosen = Lattice.of(runs).best(weights)
    assert (np.diff(runs.first[chosen]) > 0).all()
    for i in range(runs.n):
        every = list(paths(runs, i))
        own = chosen[runs.answer[chosen] == i].tolist()
        assert own in every
        assert weights[own].sum() == pytest.approx(max(weights[path].sum() for path in every))


@settings(max_examples=50)
@given(weighed(columns=3))
def test_presence(found: tuple[Runs, np.ndarray]) -> None:
    runs, weights = found
    weights = np.where(np.isfinite(weights), weights, -700)
    share = presence(Lattice.of(runs), weights)
    assert share.shape == (runs.n, 3)
    for i in range(runs.n):
        expected = np.zeros(3)
        log, with_category = [], []
        for path in paths(runs, i):
            if len(path) > 5:  # too many ways to name them
                return
            for outcomes in product(range(3), repeat=len(path)):
                log.append(sum(weights[row, c] for row, c in zip(path, outcomes, strict=True)))
                with_category.append([c in outcomes for c in range(3)])
        expected = np.exp(np.array(log) - logsumexp(log)) @ np.array(with_category, float)
        np.testing.assert_allclose(share[i], expected, atol=1e-9)


def test_presence_by_hand() -> None:
    # one piece: its own probability; two pieces in two sentences: one minus neither
    runs = find_runs(pieces_of([[1], [1, 1], []]))
    weights = np.log(np.array([[0.75, 0.25], [0.5, 0.5], [0.2, 0.8]]))
    share = presence(Lattice.of(runs), weights)
    np.testing.assert_allclose(share, [[0.75, 0.25], [0.6, 0.9], [0, 0]], atol=1e-15)


def test_an_answer_is_weighed_as_if_it_stood_alone() -> None:
    answers = [[2, 1], [], [3], [1]]
    together = find_runs(pieces_of(answers))
    weights = np.random.default_rng(0).normal(size=(len(together.first), 4))
    shares = presence(Lattice.of(together), weights)
    for i, answer in enumerate(answers):
        own = together.answer == i
        alone = presence(Lattice.of(find_runs(pieces_of([answer]))), weights[own])
        assert alone.tolist() == shares[i : i + 1].tolist()  # to the last bit


def test_nothing_to_lay_out() -> None:
    for answers in ([], [[]], [[], []]):
        runs = find_runs(pieces_of(answers))
        lattice = Lattice.of(runs)
        assert lattice.totals(np.zeros(0)).tolist() == [0.0] * len(answers)
        assert lattice.best(np.zeros(0)).tolist() == []
        assert presence(lattice, np.zeros((0, 2))).tolist() == [[0.0, 0.0]] * len(answers)


def test_log_sum() -> None:
    values = np.array([[0.0, 0.0], [-np.inf, -np.inf], [800.0, -800.0], [-np.inf, 3.0]])
    assert log_sum(values, 1).tolist() == [np.log(2), -np.inf, 800.0, 3.0]
    assert log_sum(values[:, :1], 0).tolist() == [800.0]


def test_traits() -> None:
    text = "Tydliga mål, och möten. Tid"
    pieces = find_pieces([text, "Ja"])
    runs = find_runs(pieces)
    assert [text[pieces.start[a] : pieces.end[b]] for a, b in zip(runs.first, runs.last, strict=True)][
        :4
    ] == [
        "Tydliga mål",
        "Tydliga mål, och möten",
        "och möten",
        "Tid",
    ]
    # four of length; before: start sentence line mark join; after: end sentence line mark join;
    # conjunction first, whole answer, marks within, conjunctions within
    expected = [
        [1, (11 / 50) ** 0.5, 0.11, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
        [1, (22 / 50) ** 0.5, 0.22, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0],
        [1, (9 / 50) ** 0.5, 0.09, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0],
        [1, (3 / 50) ** 0.5, 0.03, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
        [1, (2 / 50) ** 0.5, 0.02, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0],
    ]
    np.testing.assert_allclose(traits(pieces, runs), expected, rtol=1e-15)


def test_path_weights_are_packed_and_unpacked() -> None:
    rest = np.arange(4.0), np.arange(4.0, 8), np.array([8.0, 9.0])
    packed = PathWeights(np.array([[0.1, 0.2, 0.3]]), *rest).packed()
    assert packed.tolist() == [0.1, 0.2, 0.3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert PathWeights.unpacked(packed).packed().tolist() == packed.tolist()
    two = PathWeights(np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]), *rest).packed()
    assert two.tolist() == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    again = PathWeights.unpacked(two, 2)
    assert again.heads.tolist() == [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
    assert [again.cause.tolist(), again.none.tolist(), again.other.tolist()] == [r.tolist() for r in rest]


def test_weigh() -> None:
    one = np.log(np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]]))
    other = np.log(np.array([[0.2, 0.7, 0.1], [0.3, 0.3, 0.4]]))
    form = np.array([[1.0, 2.0], [1.0, 0.5]])
    rest = np.array([0.1, 0.2]), np.array([-1.0, 3.0]), np.array([10.0, 100.0])
    log_p, weights = one[None], PathWeights(np.array([[0.5, 0.25, 2.0]]), *rest)
    expected = np.empty((2, 3))
    for i, (_, root) in enumerate(form):
        for c in range(3):
            p = np.exp(one[i, c])
            expected[i, c] = one[i, c] * (0.5 + 0.25 * root) + 2 * p + 0.1 + 0.2 * root
        expected[i, 2] += -1 + 3 * root
    np.testing.assert_allclose(weigh(log_p, form, weights, 2, None), expected, rtol=1e-13)
    expected[:, 1] += 10 + 100 * form[:, 1]
    np.testing.assert_allclose(weigh(log_p, form, weights, 2, 1), expected, rtol=1e-13)
    both = PathWeights(np.array([[0.5, 0.25, 2.0], [0.75, -0.5, 3.0]]), *rest)
    expected += other * (0.75 - 0.5 * form[:, 1:]) + 3 * np.exp(other)
    np.testing.assert_allclose(weigh(np.stack([one, other]), form, both, 2, 1), expected, rtol=1e-13)


def lesson(answers: list[list[int]], k: int, seed: int, heads: int = 1) -> Lesson:
    rng = np.random.default_rng(seed)
    runs = find_runs(pieces_of(answers))
    scores = rng.normal(0, 2, (heads, len(runs.first), k))
    log_p = scores - logsumexp(scores, axis=2, keepdims=True)
    form = np.column_stack([np.ones(len(runs.first)), rng.random((len(runs.first), 3))])
    allowed = rng.random(scores.shape[1:]) < 0.4
    allowed[runs.first == runs.last, 0] |= rng.random(int((runs.first == runs.last).sum())) < 0.8
    return Lesson(Lattice.of(runs), log_p, form, allowed)


def cost_by_hand(given: Lesson, weights: PathWeights, none: int, other: int | None) -> float:
    """Negative log likelihood over every path and every naming of its runs."""
    every = weigh(given.log_p, given.form, weights, none, other)
    cost = 0.0
    for i in range(given.lattice.runs.n):
        logs, right = [], []
        for path in paths(given.lattice.runs, i):
            for outcomes in product(range(every.shape[1]), repeat=len(path)):
                pairs = list(zip(path, outcomes, strict=True))
                logs.append(sum(every[row, c] for row, c in pairs))
                right.append(all(given.allowed[row, c] for row, c in pairs))
        agreeing = [value for value, ok in zip(logs, right, strict=True) if ok]
        if agreeing:  # an answer whose marks no path can follow teaches nothing
            cost += logsumexp(logs) - logsumexp(agreeing)
    return float(cost)


@settings(max_examples=15)
@given(
    st.lists(st.lists(st.integers(1, 2), max_size=2), min_size=1, max_size=4),
    st.integers(0, 99),
    st.sampled_from([None, 1]),
    st.sampled_from([1, 2]),
)
def test_what_learning_minimises(answers: list[list[int]], seed: int, other: int | None, heads: int) -> None:
    given_ = lesson(answers, 3, seed, heads)
    vector = np.random.default_rng(seed + 1).normal(0, 0.5, 3 * heads + 4 + 4 + 2)
    weights = PathWeights.unpacked(vector, heads)
    cost, slope = _lesson_cost(given_, weights, 2, other)
    assert cost == pytest.approx(cost_by_hand(given_, weights, 2, other), rel=1e-9, abs=1e-9)
    step = 1e-5
    for j in range(len(vector)):
        ahead, behind = (
            _lesson_cost(
                given_, PathWeights.unpacked(vector + sign * step * np.eye(len(vector))[j], heads), 2, other
            )[0]
            for sign in (1, -1)
        )
        assert slope[j] == pytest.approx((ahead - behind) / (2 * step), abs=1e-6)


def test_learning_follows_what_is_marked() -> None:
    # of every two pieces in one sentence, only the run of both is right: one border too many costs
    answers = [[2]] * 30
    runs = find_runs(pieces_of(answers))
    both = runs.last > runs.first
    log_p = np.log(np.full((1, len(runs.first), 2), 0.5))
    form = np.column_stack([np.ones(len(both)), np.sqrt(1.0 + both), both]).astype(float)
    allowed = np.column_stack([both, np.zeros(len(both), bool)])
    lattice = Lattice.of(runs)
    learned = learn_paths([Lesson(lattice, log_p, form, allowed)], none=1, other=None, decay=0.1)
    weights = weigh(log_p, form, learned, 1, None)
    assert runs.last[lattice.best(weights.max(1))].tolist() == list(range(1, 60, 2))
    assert (presence(lattice, weights)[:, 0] > 0.8).all()
    start = PathWeights(np.array([[0.3, 0.7, 0.0]]), np.zeros(3), np.zeros(3), np.zeros(2))
    before, after = (
        _lesson_cost(Lesson(lattice, log_p, form, allowed), w, 1, None)[0] for w in (start, learned)
    )
    assert after < before / 2


def test_without_answers_the_start_is_kept() -> None:
    runs = find_runs(pieces_of([]))
    for heads in (1, 2):  # the first one is believed, until the answers say more of the second
        empty = Lesson(Lattice.of(runs), np.zeros((heads, 0, 2)), np.zeros((0, 3)), np.zeros((0, 2), bool))
        start = [0.3, 0.7, *[0.0] * (3 * heads + 6)]
        assert learn_paths([empty], 1, None).packed().tolist() == start


def test_a_second_classifier_counts_as_far_as_it_helps() -> None:
    # the first knows nothing; the second knows which of two outcomes is right, or knows nothing either
    runs = find_runs(pieces_of([[1]] * 40))
    right = np.arange(40) % 2
    allowed = np.eye(2, dtype=bool)[right]
    blind = np.log(np.full((40, 2), 0.5))
    knowing = np.log(np.where(allowed, 0.9, 0.1))
    form = np.ones((40, 2))
    learned = [
        learn_paths([Lesson(Lattice.of(runs), np.stack([blind, log_p]), form, allowed)], 1, None)
        for log_p in (knowing, blind)
    ]
    assert learned[0].heads[1, 0] > 0.3
    assert abs(learned[1].heads[1]).max() < 0.01
    weighed = weigh(np.stack([blind, knowing]), form, learned[0], 1, None)
    assert weighed.argmax(1).tolist() == right.tolist()


def test_traits_are_those_of_the_composed_text() -> None:
    found = []
    for form in ("NFC", "NFD"):
        pieces = find_pieces([unicodedata.normalize(form, "Är målen, och ångest, å så. Öl")])
        found.append(traits(pieces, find_runs(pieces)).tolist())
    assert found[0] == found[1]
