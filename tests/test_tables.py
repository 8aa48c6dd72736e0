"""Tables of counts and how their rows and columns hang together, against published figures and other programs."""

import numpy as np
import pytest
from scipy import stats

from samorsak.tables import Association, associate, cramers_v, cross, cross_chosen, tau_b, verdict

JOBS = np.array([[20, 24, 80, 82], [22, 38, 104, 125], [13, 28, 81, 113], [7, 18, 54, 92]])
"""Job satisfaction by income (Agresti, "Categorical data analysis", 1990, table 2.4)."""

HAIR = np.array([[68, 20, 15, 5], [119, 84, 54, 29], [26, 17, 14, 14], [7, 94, 10, 16]])
"""Hair by colour of eyes (Snee, "Graphical display of two-way contingency tables", 1974)."""


def as_pairs(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    row, column = np.indices(table.shape)
    return np.repeat(row.ravel(), table.ravel()), np.repeat(column.ravel(), table.ravel())


def test_tau_b_of_a_published_table() -> None:
    # Agresti gives 109,520 concordant and 84,915 discordant pairs
    rows, columns = (sum(n * (n - 1) / 2 for n in JOBS.sum(axis=axis)) for axis in (1, 0))
    pairs = 901 * 900 / 2
    expected = (109_520 - 84_915) / np.sqrt((pairs - rows) * (pairs - columns))
    found = associate(JOBS, "tau_b")
    assert (found.n, found.value) == (901, pytest.approx(expected, abs=1e-12))
    other = stats.kendalltau(*as_pairs(JOBS), method="asymptotic")
    assert (found.value, found.p) == (pytest.approx(other.statistic), pytest.approx(other.pvalue))
    assert found.low is not None and found.high is not None and 0 < found.low < expected < found.high < 0.16


def test_cramers_v_of_a_published_table() -> None:
    # vcd's assocstats gives chi-square 138.29 with 9 degrees of freedom and V 0.279, before the correction
    phi2 = 138.2898 / 592
    corrected = np.sqrt((phi2 - 9 / 591) / (3 - 9 / 591))
    found = associate(HAIR, "cramers_v")
    assert found.value == pytest.approx(corrected, abs=1e-5) == pytest.approx(0.2705, abs=1e-4)
    assert found.p == pytest.approx(stats.chi2_contingency(HAIR).pvalue)
    assert (
        found.low is not None and found.high is not None and 0.2 < found.low < found.value < found.high < 0.35
    )


@pytest.mark.parametrize("seed", range(5))
def test_measures_of_drawn_tables_are_those_of_other_programs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tables = rng.multinomial(70, rng.dirichlet(np.ones(12)), size=6).reshape(6, 3, 4)
    expected = [stats.kendalltau(*as_pairs(table)).statistic for table in tables]
    assert tau_b(tables) == pytest.approx(expected, nan_ok=True)
    for table, value in zip(tables, cramers_v(tables), strict=True):
        full = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
        r, c, n = *full.shape, full.sum()
        phi2 = stats.chi2_contingency(full, correction=False).statistic / n - (r - 1) * (c - 1) / (n - 1)
        least = min(k - (k - 1) ** 2 / (n - 1) for k in (r, c)) - 1
        assert value == pytest.approx(np.sqrt(max(0, phi2) / least))


def test_yes_or_no_along_a_scale_is_the_test_of_wilcoxon_mann_and_whitney() -> None:
    table = np.array([[40, 30, 20], [12, 25, 33]])
    no, yes = (np.repeat(range(3), row) for row in table)
    p = stats.mannwhitneyu(no, yes, use_continuity=False, method="asymptotic").pvalue
    assert associate(table, "tau_b").p == pytest.approx(p)


@pytest.mark.parametrize("measure", ["tau_b", "cramers_v"])
def test_small_cells_are_tested_exactly(measure: str) -> None:
    # Fisher's tea tasting: 34 of 70 tables with these margins are as extreme
    found = associate(np.array([[3, 1], [1, 3]]), measure, draws=20_000)
    assert found.p == pytest.approx(34 / 70, abs=0.015)


def test_the_same_seed_gives_the_same_interval_and_another_one_nearly() -> None:
    one, again, other = (associate(HAIR, "cramers_v", seed) for seed in (1, 1, 2))
    assert one == again
    assert one.low != other.low and one.low == pytest.approx(other.low, abs=0.02)


@pytest.mark.parametrize(
    ("table", "n", "why"),
    [
        ([[0, 0], [0, 0]], 0, "no_answers"),
        ([[3, 4], [0, 0]], 7, "one_level"),
        ([[3, 0], [2, 0]], 5, "one_level"),
        ([[1, 0], [0, 0]], 1, "one_level"),
    ],
)
@pytest.mark.parametrize("measure", ["tau_b", "cramers_v"])
def test_an_association_that_is_undefined_says_why(
    table: list[list[int]], n: int, why: str, measure: str
) -> None:
    assert associate(np.array(table), measure) == Association(measure, n, undefined=why)


def test_two_respondents_have_a_value_but_no_interval() -> None:
    found = associate(np.array([[1, 0], [0, 1]]), "tau_b")
    assert (found.value, found.low, found.high, found.p) == (1.0, None, None, 1.0)


def test_levels_that_nobody_chose_change_nothing() -> None:
    wider = np.insert(np.insert(HAIR, 2, 0, axis=0), 1, 0, axis=1)
    for measure in ("tau_b", "cramers_v"):
        assert associate(wider, measure, 3) == associate(HAIR, measure, 3)


def test_intervals_hold_about_as_often_as_they_say() -> None:
    scale = np.linspace(-1, 1, 5)
    truth = np.exp(0.8 * np.outer(scale, scale))
    truth /= truth.sum()
    exact = float(tau_b((truth * 1e7).round().astype(np.int64)[None])[0])
    phi2 = (truth**2 / np.outer(truth.sum(axis=1), truth.sum(axis=0))).sum() - 1
    rng = np.random.default_rng(0)
    for measure, value in (("tau_b", exact), ("cramers_v", np.sqrt(phi2 / 4))):
        found = [
            associate(t.reshape(5, 5), measure, i, 300)
            for i, t in enumerate(rng.multinomial(200, truth.ravel(), 200))
        ]
        held = np.mean([one.low <= value <= one.high for one in found])
        assert 0.9 <= held <= 0.995, (measure, held)


def test_cross_counts_those_who_answered_both() -> None:
    rows, by = np.array([0, 0, 1, -1, 1]), np.array([1, 0, 1, 1, -1])
    assert cross(rows, by, 2, 3).tolist() == [[1, 1, 0], [0, 1, 0]]
    chosen = np.array([[1, 1], [1, 0], [0, 0], [1, 1]], bool)
    counts, base = cross_chosen(chosen, np.array([1, 1, 1, 0], bool), np.array([0, 1, 1, 1]), 2)
    assert (counts.tolist(), base.tolist()) == ([[1, 1], [1, 0]], [1, 2])


def test_a_verdict_sorts_by_strength_and_leaves_out_what_is_undefined() -> None:
    found = {
        "weak": Association("cramers_v", 90, 0.3, 0.1, 0.4, 0.001, 0.004),
        "none": Association("cramers_v", 90, 0.35, 0.0, 0.5, 0.04, 0.08),
        "strong": Association("cramers_v", 90, 0.6, 0.4, 0.7, 0.001, 0.004),
        "empty": Association("cramers_v", 0, undefined="no_answers"),
    }
    told = verdict("family", found)
    assert (told.clearest, told.told, told.untold, told.undefined) == (
        "strong",
        ("strong", "weak"),
        ("none",),
        ("empty",),
    )
    assert verdict("family", {"empty": found["empty"]}).clearest is None
