"""The exception tree, and several bad rows in one message."""

import pytest

from samorsak import errors
from samorsak.errors import SamorsakError, collected

CHILDREN = ["AnnotationError", "InputError", "ModelError", "SchemeError", "TooFewError"]


def test_every_error_has_one_root() -> None:
    found = [v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, Exception)]
    assert sorted(error.__name__ for error in found if error is not SamorsakError) == CHILDREN
    assert {error.__base__ for error in found if error is not SamorsakError} == {SamorsakError}
    assert SamorsakError.__base__ is Exception


def test_one_problem_stands_alone() -> None:
    assert collected(["a.csv line 2: no text"], "bad rows") == "a.csv line 2: no text"


@pytest.mark.parametrize(
    ("n", "last"), [(2, "  row 2"), (10, "  row 10"), (11, "  and 1 more"), (999, "  and 989 more")]
)
def test_ten_are_shown_and_the_total_said(n: int, last: str) -> None:
    lines = collected([f"row {number}" for number in range(1, n + 1)], "bad rows").split("\n")
    assert lines[0] == f"{n} bad rows:"
    assert lines[1:-1] == [f"  row {number}" for number in range(1, min(n, 11))][: len(lines) - 2]
    assert lines[-1] == last
    assert len(lines) == min(n, 11) + 1
