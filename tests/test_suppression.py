"""Small numbers: no hidden one can be worked out, by an attacker written here for himself."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samorsak.errors import InputError
from samorsak.suppression import Tables, suppress, value_range

counts = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 9])


def two_way(body: np.ndarray) -> tuple[np.ndarray, list[list[tuple[int, int]]]]:
    """Flatten a table of shape (r, c) with its margins; a sum for each row and column, and for the margins."""
    full = np.block(
        [[body, body.sum(1, keepdims=True)], [body.sum(0, keepdims=True), body.sum(keepdims=True)]]
    )
    number = np.arange(full.size).reshape(full.shape)
    lines = [*number, *number.T]
    return full.ravel(), [[*((int(i), 1) for i in line[:-1]), (int(line[-1]), -1)] for line in lines]


def tables_of(body: np.ndarray) -> Tables:
    value, sums = two_way(body)
    return Tables(value, sums, [], np.maximum(value, 1).astype(float), np.zeros(len(value), int))


def solve(body_shown: np.ndarray, shape: tuple[int, int], most: int) -> list[np.ndarray]:
    """Try every table of whole numbers, hidden ones above zero, that agrees with what is shown (-1 is hidden).

    Rows are tried one by one, so that what cannot be is left early.
    """
    r, c = shape
    shown = body_shown.reshape(r + 1, c + 1)

    def rows(i: int) -> list[tuple[int, ...]]:
        choices = [range(1, most + 1) if v < 0 else [int(v)] for v in shown[i, :-1]]
        total = shown[i, -1]
        return [row for row in product(*choices) if (sum(row) == total if total >= 0 else sum(row) > 0)]

    found = []
    for body in product(*(rows(i) for i in range(r))):
        columns = np.sum(body, axis=0)
        fits = all(s == v if s >= 0 else v > 0 for s, v in zip(shown[-1, :-1], columns, strict=True))
        whole = int(columns.sum())
        if fits and (shown[-1, -1] == whole if shown[-1, -1] >= 0 else whole > 0):
            found.append(two_way(np.array(body))[0])
    return found


@settings(max_examples=25)
@given(st.lists(st.lists(counts, min_size=3, max_size=3), min_size=2, max_size=3))
def test_no_hidden_number_can_be_worked_out(rows: list[list[int]]) -> None:
    body = np.array(rows)
    tables = tables_of(body)
    small = (tables.value > 0) & (tables.value < 5)
    hidden = suppress(tables, small)
    assert hidden[small].all() and not hidden[tables.value == 0].any()
    if hidden.sum() <= 6:  # by trying them all
        agreeing = np.array(solve(np.where(hidden, -1, tables.value), body.shape, 2 * int(body.max())))
        assert (agreeing.min(0) < agreeing.max(0)).tolist() == hidden.tolist()
        return
    for cell in np.flatnonzero(hidden):
        low, high = value_range(tables, hidden, int(cell))
        assert 1 <= low <= tables.value[cell]
        assert high is None or (high >= tables.value[cell] and high > low)


def test_a_lone_number_takes_its_margins_with_it() -> None:
    """Beside zeros nothing else can hide it: the margins have to go, the largest ones too."""
    tables = tables_of(np.array([[3, 0], [0, 9]]))
    hidden = suppress(tables, np.array([True] + [False] * 8))
    assert np.flatnonzero(hidden).tolist() == [0, 2, 6, 8]


def test_nothing_small_hides_nothing() -> None:
    tables = tables_of(np.array([[7, 0], [8, 9]]))
    assert not suppress(tables, np.zeros(9, bool)).any()


def test_bounds_are_known_to_the_attacker() -> None:
    """A line of a report has at least as many answers as its category: 4 <= 4 leaves no choice."""
    value = np.array([4, 4, 6])
    at_most = [[(0, 1), (1, -1)]]  # the category is at most the line
    at_least = [[(1, 1), (0, -1)]]  # and the line is its only category
    tables = Tables(value, [], at_most + at_least, np.ones(3), np.zeros(3, int))
    assert suppress(tables, np.array([True, False, False])).tolist() == [True, True, False]
    assert value_range(tables, np.array([True, False, False]), 0) == (4, 4)
    assert value_range(tables, np.array([True, True, False]), 0) == (1, None)


def test_what_has_been_shown_cannot_be_hidden_any_more() -> None:
    tables = tables_of(np.array([[2, 8], [7, 9]]))
    small = tables.value == 2
    assert np.flatnonzero(suppress(tables, small)).tolist() == [0, 1, 3, 4]
    shown = np.zeros(9, bool)
    shown[[1, 2, 6, 8]] = True
    with pytest.raises(InputError) as caught:
        suppress(tables, small, shown)
    assert str(caught.value) == "tables: a hidden number could be worked out from what has been shown"


def test_wrong_tables_are_refused() -> None:
    with pytest.raises(InputError, match=r"^tables: the values do not add up as the relations say$"):
        Tables(np.array([1, 1, 3]), [[(0, 1), (1, 1), (2, -1)]], [], np.ones(3), np.zeros(3, int))
    with pytest.raises(InputError, match=r"^tables: a zero is to be hidden, expected counts above zero$"):
        suppress(tables_of(np.array([[0, 1], [5, 5]])), np.array([True] + [False] * 8))
