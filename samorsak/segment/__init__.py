"""One method: an answer into candidate pieces, and the best path over them."""

from samorsak.segment.borders import Pieces, find_pieces
from samorsak.segment.paths import (
    Lattice,
    Lesson,
    PathWeights,
    Runs,
    find_runs,
    learn_paths,
    log_sum,
    presence,
    traits,
    weigh,
)

__all__ = [
    "Lattice",
    "Lesson",
    "PathWeights",
    "Pieces",
    "Runs",
    "find_pieces",
    "find_runs",
    "learn_paths",
    "log_sum",
    "presence",
    "traits",
    "weigh",
]
