"""Shares from an audit: what must hold whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from samorsak.errors import InputError, TooFewError
from samorsak.shares import BASES, Audit, estimate_audited, machine_strata


def round_of(n: int, k: int, wrong: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Construct gold and labels; `wrong` of the labels are turned."""
    rng = np.random.default_rng(seed)
    gold = rng.random((n, k)) < np.linspace(0.05, 0.3, k)
    return gold, gold ^ (rng.random((n, k)) < wrong)


def audit_of(gold: np.ndarray, given: np.ndarray, a: int, seed: int = 0, **more: np.ndarray) -> Audit:
    rows = np.random.default_rng(seed).permutation(len(gold))[:a]
    return Audit(given, rows, gold[rows], **more)


@st.composite
def audits(draw: st.DrawFn) -> Audit:
    n, k = draw(st.integers(1, 12)), draw(st.integers(1, 4))
    given, gold = draw(arrays(bool, (n, k))), draw(arrays(bool, (n, k)))
    rows = np.array(draw(st.permutations(range(n))))[: draw(st.integers(0, n))]
    known = draw(st.none() | arrays(bool, n))
    if known is not None:
        known[rows] = False
    weight = draw(st.none() | arrays(float, n, elements=st.sampled_from([0.0, 0.5, 1.0, 7.0])))
    if weight is not None and not weight.any():
        weight = None
    probability = draw(st.none() | arrays(float, (n, k), elements=st.floats(0, 1)))
    return Audit(given, rows.astype(np.int64), gold[rows], probability, known, weight)


@settings(max_examples=300, deadline=None)
@drawn(audits())
def test_an_interval_lies_between_0_and_1_or_is_refused(audit):
    try:
        found = estimate_audited(audit, draws=50)
    except TooFewError:
        weight = np.ones(len(audit.given)) if audit.weight is None else audit.weight
        assert not weight[audit.rows].any()
        return
    for base in BASES:
        low, high = found.interval(base)
        point = found.share(base)
        assert np.all((low >= 0) & (low <= point) & (point <= high) & (high <= 1 + 1e-12))
        assert np.isfinite(found.share_draws(base)).all()


@settings(max_examples=100, deadline=None)
@drawn(audits(), st.randoms())
def test_the_order_of_the_answers_changes_nothing(audit, random):
    order = list(range(len(audit.given)))
    random.shuffle(order)
    place = np.argsort(order)
    audited = list(range(len(audit.rows)))
    random.shuffle(audited)
    moved = Audit(
        audit.given[order],
        place[audit.rows][audited],
        audit.gold[audited],
        *(part if part is None else part[order] for part in (audit.probability, audit.known, audit.weight)),
    )
    try:
        found = estimate_audited(audit, draws=20)
    except TooFewError:
        with pytest.raises(TooFewError):
            estimate_audited(moved, draws=20)
        return
    again = estimate_audited(moved, draws=20)
    assert np.array_equal(found.number, again.number)
    assert np.array_equal(found.draws, again.draws)


@pytest.mark.parametrize("factor", [1e-300, 0.01, 3.7, 1e300])
def test_scaled_weights_change_nothing(factor):
    gold, given = round_of(200, 5, 0.05)
    weight = np.random.default_rng(1).uniform(0.5, 4, 200)
    found = estimate_audited(audit_of(gold, given, 60, weight=weight), draws=500)
    again = estimate_audited(audit_of(gold, given, 60, weight=weight * factor), draws=500)
    assert again.number == pytest.approx(found.number)
    assert again.draws == pytest.approx(found.draws)


def test_equal_weights_are_no_weights():
    gold, given = round_of(200, 5, 0.05)
    found = estimate_audited(audit_of(gold, given, 60), draws=500)
    again = estimate_audited(audit_of(gold, given, 60, weight=np.full(200, 3.0)), draws=500)
    assert again.draws == pytest.approx(found.draws)


def test_unequal_weights_widen_the_interval():
    gold, given = round_of(400, 5, 0.05)
    weight = np.where(np.random.default_rng(2).random(400) < 0.2, 8.0, 1.0)
    low, high = estimate_audited(audit_of(gold, given, 60)).interval("answers")
    heavy_low, heavy_high = estimate_audited(audit_of(gold, given, 60, weight=weight)).interval("answers")
    assert (heavy_high - heavy_low).mean() > 1.2 * (high - low).mean()


def test_a_weighted_share_is_the_share_of_the_weight():
    given = np.array([[True], [False], [False]])
    audit = Audit(given, np.arange(3), given, weight=np.array([2.0, 1.0, 1.0]))
    found = estimate_audited(audit, draws=10)
    assert found.share("answers").tolist() == [0.5]
    assert [end.tolist() for end in found.interval("answers")] == [[0.5], [0.5]]


@pytest.mark.parametrize("a", [60, 200])
def test_a_perfect_machine_gives_the_plain_share(a):
    gold, _ = round_of(320, 8, 0)
    found = estimate_audited(audit_of(gold, gold, a))
    assert found.share("answers").tolist() == gold.mean(axis=0).tolist()
    assert found.share("causes").tolist() == (gold.sum(axis=0) / gold.sum()).tolist()


@pytest.mark.parametrize("label", [True, False])
def test_a_machine_that_says_one_thing_gives_the_audit_alone(label):
    gold, _ = round_of(320, 8, 0)
    audit = audit_of(gold, np.full_like(gold, label), 100)
    found, alone = estimate_audited(audit), estimate_audited(audit, machine=False)
    assert found.number.tolist() == alone.number.tolist()
    assert found.draws.tolist() == alone.draws.tolist()
    assert (found.method, alone.method) == ("audited", "audit alone")
    assert alone.share("answers") == pytest.approx(audit.gold.mean(axis=0))


def test_a_machine_that_guesses_errs_like_the_audit_alone():
    rng = np.random.default_rng(3)
    errors, widths = [], []
    for run in range(60):
        gold, _ = round_of(320, 8, 0, seed=run)
        audit = audit_of(gold, rng.random(gold.shape) < 0.3, 100, seed=run)
        both = [estimate_audited(audit, machine=machine, draws=400) for machine in (True, False)]
        errors.append([e.share("answers") - gold.mean(axis=0) for e in both])
        widths.append([np.subtract(*e.interval("answers")[::-1]).mean() for e in both])
    guessed, alone = np.sqrt(np.mean(np.square(errors), axis=(0, 2)))
    assert guessed == pytest.approx(alone, rel=0.1)  # a stratum more costs 1/100 or so
    assert np.divide(*np.mean(widths, axis=0)) == pytest.approx(1, rel=0.1)


def test_who_all_are_audited_are_known():
    gold, given = round_of(50, 4, 0.2)
    found = estimate_audited(audit_of(gold, given, 50))
    for end in found.interval("answers"):
        assert end.tolist() == gold.mean(axis=0).tolist()


def test_known_answers_are_counted_as_they_are():
    gold, given = round_of(300, 4, 0.1)
    known = np.arange(300) < 100
    rows = np.arange(100, 160)
    found = estimate_audited(Audit(np.where(known[:, None], gold, given), rows, gold[rows], known=known))
    rest = estimate_audited(Audit(given[100:], rows - 100, gold[rows]))
    assert found.number.tolist() == (gold[:100].sum(axis=0) + rest.number).tolist()
    assert found.draws.tolist() == (gold[:100].sum(axis=0) + rest.draws).tolist()
    assert found.of == 300


def test_a_round_known_altogether_needs_no_audit():
    gold, _ = round_of(30, 3, 0)
    found = estimate_audited(Audit(gold, np.zeros(0, int), gold[:0], known=np.ones(30, bool)))
    assert found.interval("answers")[1].tolist() == gold.mean(axis=0).tolist()


@pytest.mark.parametrize(("x", "a"), [(0, 40), (3, 40), (40, 40), (0, 1), (1, 1)])
def test_the_audit_alone_is_jeffreys_of_the_rest(x, a):
    n = 400
    gold = np.arange(n)[:, None] < x
    found = estimate_audited(Audit(gold, np.arange(a), gold[:a]), machine=False, draws=20_000)
    rest = stats.betabinom(n - a, x + 0.5, a - x + 0.5)
    low, high = (x + rest.ppf([0.025, 0.975])) / n
    ends = [end.item() for end in found.interval("answers")]
    assert ends == pytest.approx([low, high], abs=3 / n)
    assert found.draws.mean() == pytest.approx(x + rest.mean(), abs=4 * rest.std() / np.sqrt(20_000) + 0.2)


def test_a_category_never_seen_may_still_be_there():
    nothing = np.zeros((300, 2), bool)
    low, high = estimate_audited(Audit(nothing, np.arange(50), nothing[:50])).interval("answers")
    assert (low == 0).all()
    assert (0.01 < high).all() and (high < 0.08).all()


def test_a_stratum_without_an_audited_answer_is_wide_but_not_lost():
    gold, given = round_of(320, 8, 0.03)
    given[:, 0] = False
    given[:6, 0] = True
    rows = np.arange(20, 120)
    found = estimate_audited(Audit(given, rows, gold[rows]))
    assert np.isfinite(found.number).all()
    low, high = found.interval("answers")
    assert (high - low)[0] > 3 / 320


@pytest.mark.parametrize("weighted", [False, True])
def test_draws_need_an_audited_answer(weighted):
    gold, given = round_of(10, 2, 0)
    rows = np.arange(3 if weighted else 0)
    weight = np.r_[np.zeros(3), np.ones(7)] if weighted else None
    with pytest.raises(TooFewError) as error:
        estimate_audited(Audit(given, rows, gold[rows], weight=weight))
    assert str(error.value) == "audit: no audited answer with a weight above zero, expected one or more"


def test_an_empty_group_is_refused():
    gold, given = round_of(10, 2, 0)
    group = audit_of(gold, given, 5).among(np.zeros(10, bool))
    with pytest.raises(TooFewError):
        estimate_audited(group)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rows": np.array([0, 0])}, "audit: an answer is audited twice, expected each once"),
        ({"rows": np.array([0, 4])}, "audit: row 4 is audited, the round has 4 answers"),
        ({"gold": np.zeros((1, 2), bool)}, "gold: shape is (1, 2), expected (2, 2)"),
        ({"known": np.ones(4, bool)}, "audit: an answer decided before the draw is audited, expected it left out"),
        ({"weight": np.zeros(4)}, "weights: all are zero, expected one above zero"),
        ({"weight": np.ones(3)}, "weights: shape is (3,), expected (4,)"),
        ({"weight": np.array([1, 1, 1, np.nan])}, "weights: one is negative or not a number, expected 0 or more"),
        ({"probability": np.zeros((4, 1))}, "probability: shape is (4, 1), expected (4, 2)"),
    ],
)  # fmt: skip
def test_a_bad_audit_is_refused(changes, message):
    good = {"given": np.zeros((4, 2), bool), "rows": np.array([0, 1]), "gold": np.zeros((2, 2), bool)}
    with pytest.raises(InputError) as error:
        Audit(**good | changes)
    assert str(error.value) == message


def test_probabilities_make_a_third_stratum_from_200_audited_answers_on():
    gold, given = round_of(400, 4, 0.05)
    probability = np.where(given, 0.9, np.where(gold, 0.3, 0.01))  # every miss is doubtful
    for a, alike in ((199, True), (200, False)):
        two = estimate_audited(audit_of(gold, given, a), draws=500)
        three = estimate_audited(audit_of(gold, given, a, probability=probability), draws=500)
        assert np.array_equal(two.draws, three.draws) is alike
    assert three.draws.std(axis=0).mean() < two.draws.std(axis=0).mean()


def test_the_cut_is_part_of_the_third_stratum():
    assert machine_strata(np.zeros((1, 2), bool), np.array([[0.5, 0.49]]), cut=0.5).tolist() == [[2, 0]]


def test_a_line_counts_an_answer_once():
    gold, given = round_of(320, 4, 0.05)
    line = np.array([[True, False], [True, False], [False, True], [False, True]])
    audit = audit_of(gold, given, 100, probability=given * 0.5)
    under = audit.under(line)
    assert under.gold.tolist() == (audit.gold @ line).tolist()
    assert under.probability[0].tolist() == pytest.approx(
        (1 - (1 - 0.5 * given[0]) @ line * 0.5).tolist(), abs=1
    )
    found, apart = estimate_audited(under), estimate_audited(audit)
    assert found.number[0] < apart.number[:2].sum()
    assert found.share("causes").sum() == pytest.approx(1)


def test_a_line_of_sure_categories_is_sure():
    audit = Audit(np.ones((1, 2), bool), np.arange(1), np.ones((1, 2), bool), np.array([[1.0, 0.5]]))
    probability = audit.under(np.array([[True, False], [False, True]])).probability
    assert probability.tolist() == [pytest.approx([1.0, 0.5])]
    assert audit.under(np.ones((2, 1), bool)).probability.item() == pytest.approx(1)
    half = Audit(np.ones((1, 2), bool), np.arange(1), np.ones((1, 2), bool), np.array([[0.5, 0.5]]))
    assert half.under(np.ones((2, 1), bool)).probability.item() == pytest.approx(0.75)


def test_a_group_is_estimated_from_its_own_audited_answers():
    gold, given = round_of(300, 3, 0.1)
    audit = audit_of(
        gold, given, 90, weight=np.arange(1.0, 301), known=np.zeros(300, bool), probability=given * 0.5
    )
    members = np.arange(300) % 3 == 0
    group = audit.among(members)
    assert group.given.tolist() == given[members].tolist()
    assert gold[members][group.rows].tolist() == group.gold.tolist()
    assert len(group.rows) == members[audit.rows].sum()
    small, large = estimate_audited(group).interval("answers"), estimate_audited(audit).interval("answers")
    assert np.subtract(*small[::-1]).mean() > np.subtract(*large[::-1]).mean()


def test_categories_given_together_move_together():
    rng = np.random.default_rng(4)
    first = rng.random(400) < 0.3
    gold = np.stack([first, first ^ (rng.random(400) < 0.02), ~first], axis=1)
    audit = audit_of(gold, np.zeros_like(gold), 100)
    found = np.corrcoef(estimate_audited(audit).draws.T)
    assert found[0, 1] > 0.8
    assert found[0, 2] < -0.95


def test_shares_of_causes_add_up_to_one_in_every_draw():
    gold, given = round_of(320, 6, 0.05)
    found = estimate_audited(audit_of(gold, given, 100), draws=200)
    assert found.share_draws("causes").sum(axis=1) == pytest.approx(np.ones(200))


def test_few_positives_are_flagged():
    gold = np.zeros((100, 2), bool)
    gold[:4, 0] = gold[:5, 1] = True
    found = estimate_audited(Audit(gold, np.arange(50), gold[:50]), draws=10)
    assert found.positives.tolist() == [4, 5]
    assert found.few_positives.tolist() == [True, False]
    assert found.audited == 50


def test_one_seed_one_estimate():
    gold, given = round_of(200, 3, 0.05)
    audit = audit_of(gold, given, 50)
    first, same, other = (estimate_audited(audit, draws=50, seed=seed).draws for seed in (1, 1, 2))
    assert first.tolist() == same.tolist()
    assert first.tolist() != other.tolist()
