"""Change between two rounds."""

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from samorsak.compare import change_draws, compare, holm, tail_probability
from samorsak.errors import InputError
from samorsak.shares import Audit, Estimate, estimate_audited


def estimate(*shares: float, a: int = 100, seed: int = 0, draws: int = 2000) -> Estimate:
    """Construct a round of 300 answers whose machine is perfect."""
    gold = np.arange(300)[:, None] < 300 * np.array(shares)
    rows = np.random.default_rng(seed).permutation(300)[:a]
    return estimate_audited(Audit(gold, rows, gold[rows]), draws=draws, seed=seed)


def test_a_change_is_later_less_earlier():
    first, second = estimate(0.1, 0.5), estimate(0.3, 0.5, seed=1)
    found = {c.category: c for c in compare((["a", "b"], first), (["b", "a"], estimate(0.5, 0.3)), "answers")}
    assert list(found) == ["b", "a"]
    a = found["a"]
    assert (a.only, a.before, a.after) == (None, pytest.approx(0.1), pytest.approx(0.3))
    assert a.change == pytest.approx(0.2)
    assert 0.1 < a.low < a.change < a.high < 0.3
    assert a.p_holm < 0.01
    b = found["b"]
    assert b.low < 0 < b.high
    assert b.p_holm > 0.2
    assert compare((["a", "b"], first), (["a", "b"], second), "causes")[1].after == pytest.approx(0.5 / 0.8)


def test_what_one_round_has_alone_is_no_change():
    found = compare((["a", "old"], estimate(0.2, 0.1)), (["new", "a"], estimate(0.4, 0.2)), "answers")
    assert [(c.category, c.only) for c in found] == [("new", "after"), ("a", None), ("old", "before")]
    new, _, old = found
    assert (new.before, new.after, old.before, old.after) == (
        None,
        pytest.approx(0.4),
        pytest.approx(0.1),
        None,
    )
    for row in (new, old):
        assert (row.change, row.low, row.high, row.p, row.p_holm) == (None, None, None, None, None)


def test_rounds_with_nothing_in_common_have_no_change():
    found = compare((["a"], estimate(0.2)), (["b"], estimate(0.2)), "answers")
    assert [c.only for c in found] == ["after", "before"]


def test_a_round_does_not_move_with_itself():
    """With the same seed and answers the draws are alike, but rounds are independent."""
    e = estimate(0.2)
    drawn = change_draws(e.share_draws("answers"), e.share_draws("answers"))
    assert drawn.std() == pytest.approx(e.share_draws("answers").std() * np.sqrt(2), rel=0.1)


def test_draws_must_be_as_many():
    with pytest.raises(InputError) as error:
        compare((["a"], estimate(0.2)), (["a"], estimate(0.2, draws=10)), "answers")
    assert str(error.value) == "compare: 2000 and 10 draws, expected as many"


def test_a_tail_probability_is_never_nothing():
    assert tail_probability(np.ones((99, 1))).item() == pytest.approx(0.02)
    assert tail_probability(np.zeros((99, 1))).item() == 1


def test_without_a_change_p_is_seldom_small():
    small = [
        compare((["a"], estimate(0.2, a=60, seed=s)), (["a"], estimate(0.2, a=60, seed=s + 500)), "answers")[
            0
        ].p
        < 0.05
        for s in range(60)
    ]
    assert np.mean(small) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


@pytest.mark.parametrize(
    ("p", "adjusted"),
    [
        ([], []),
        ([0.03], [0.03]),
        ([0.01, 0.02, 0.03, 0.04], [0.04, 0.06, 0.06, 0.06]),
        ([0.5, 0.001, 0.4], [0.8, 0.003, 0.8]),
        ([0.9, 0.8], [1.0, 1.0]),
    ],
)
def test_holm(p, adjusted):
    assert holm(np.array(p)).tolist() == pytest.approx(adjusted)


@drawn(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_adjusted_p_values_keep_their_order_and_lie_between_plain_and_bonferroni(p):
    plain, adjusted = np.array(p), holm(np.array(p))
    assert (adjusted >= plain).all()
    assert (adjusted <= np.minimum(1, plain * len(p)) + 1e-12).all()
    assert (np.diff(adjusted[np.argsort(plain, kind="stable")]) >= 0).all()
