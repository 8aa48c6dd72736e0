"""How a model did on answers it had not learned from: kept with every round that it codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from samorsak.evaluate import given_matrix
from samorsak.report.delimited import number_in, parsed, read_rows, write_rows
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.shares import Given, Trial

if TYPE_CHECKING:
    from samorsak.pipeline.model import Model

TRIAL = "trial.csv"
"""What the file is called in the folder of a coded round."""

_COLUMNS = ("question", "given", "gold", "n")


def write_trials(path: Path, model: Model) -> None:
    """Write how often the model gave which categories where people gave which; nothing for an untried model.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    rows: list[tuple[str, str, str, str]] = []
    for question, own in model.questions.items():
        if own.trial is None:
            continue
        outcomes = own.outcomes[:-1]
        pairs = Counter(zip(_named(own.trial.given, outcomes), _named(own.trial.gold, outcomes), strict=True))
        rows += [(question, given, gold, str(n)) for (given, gold), n in sorted(pairs.items())]
    if rows:
        write_rows(path, _COLUMNS, rows)
    else:
        path.unlink(missing_ok=True)  # of an earlier run into the folder


def read_trials(folder: Path, scheme: Scheme) -> Mapping[str, Trial]:
    """Read the trial of each question from the folder of a coded round; a question without one is not there.

    Raises
    ------
    InputError
        The file is not as it was written, or has a question or category that the scheme does not have.
    """
    path = folder / TRIAL
    if not path.is_file():
        return {}
    header, rows = read_rows(path, _COLUMNS)

    def row(cells: dict[str, str]) -> tuple[str, set[str], set[str], int]:
        question = cells["question"]
        if question not in scheme.questions:
            raise ValueError(f"question is {question!r}, the scheme has: {', '.join(scheme.questions)}")
        given, gold = ({*cells[name].split(";")} for name in ("given", "gold"))
        if not given | gold <= {*scheme.outcomes(question), NO_CAUSE}:
            raise ValueError(f"a category of {question!r} is not in the scheme; code the round again")
        if (n := number_in(cells, "n", int)) < 1:
            raise ValueError(f"n is {n}, expected 1 or more")
        return question, given, gold, n

    found = parsed(path, header, rows, row)
    trials: dict[str, Trial] = {}
    for question in dict.fromkeys(own for own, _, _, _ in found):
        pairs = [(given, gold) for own, given, gold, n in found if own == question for _ in range(n)]
        columns = (*scheme.outcomes(question), NO_CAUSE)
        trials[question] = Trial(*(given_matrix(sets, columns)[:, :-1] for sets in zip(*pairs, strict=True)))
    return trials


def _named(given: Given, outcomes: Sequence[str]) -> list[str]:
    return [";".join(outcomes[j] for j in np.flatnonzero(row).tolist()) or NO_CAUSE for row in given]
