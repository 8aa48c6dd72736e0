"""The probability of every category for every answer of a run: what audits are planned and drawn by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from samorsak.coded import CodedAnswer
from samorsak.errors import InputError
from samorsak.report.delimited import replacing
from samorsak.scheme import Scheme

PROBABILITIES = "probabilities.safetensors"
"""What the file is called in the folder of a coded round."""


def write_probabilities(
    folder: Path, coded: Sequence[CodedAnswer], probabilities: Sequence[Sequence[float]]
) -> None:
    """Write the probabilities of each question: its answers in their order, its outcomes in the scheme's.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    found: dict[str, list[Sequence[float]]] = {}
    for answer, own in zip(coded, probabilities, strict=True):
        found.setdefault(answer.question, []).append(own)
    arrays = {question: np.array(rows, np.float32) for question, rows in found.items()}
    with replacing(folder / PROBABILITIES) as part:
        part.write_bytes(save(arrays))


def read_probabilities(
    folder: Path, coded: Sequence[CodedAnswer], scheme: Scheme
) -> dict[str, NDArray[np.float64]]:
    """Read the probabilities of each answer, shape (k,), by its id.

    Raises
    ------
    InputError
        The file is missing, damaged, or not of these answers.
    """
    path = folder / PROBABILITIES
    way_out = "expected the one that 'samorsak classify' wrote; code the round again"
    try:
        arrays = load(path.read_bytes())
    except OSError:
        raise InputError(f"{path}: no such file, or not readable; {way_out}") from None
    except (SafetensorError, ValueError, KeyError):
        raise InputError(f"{path}: damaged; {way_out}") from None
    found: dict[str, NDArray[np.float64]] = {}
    for question in dict.fromkeys(answer.question for answer in coded):
        own = [answer.answer_id for answer in coded if answer.question == question]
        array = arrays.get(question, np.zeros((0, 0)))
        if array.shape != (len(own), len(scheme.outcomes(question))):
            raise InputError(f"{path}: not of the answers beside it; {way_out}")
        found |= zip(own, np.round(array.astype(float), 6), strict=True)
    return found
