"""One method: an answer into candidate pieces, and the best path over them."""

from samorsak.segment.borders import Pieces, find_pieces
from samorsak.segment.lattice import Lattice, Runs, find_runs, log_sum, pool_runs
from samorsak.segment.paths import Lesson, learn_paths
from samorsak.segment.weights import PathWeights, presence, traits, weigh

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
    "pool_runs",
    "presence",
    "traits",
    "weigh",
]
