"""Scores of predictions against gold. Arrays and sets in, numbers out; nothing is fitted here."""

from samorsak.evaluate.categories import (
    CategoryScore,
    Scores,
    given_matrix,
    macro_f1,
    micro_f1,
    rank_correlation,
    sample_f1,
    score,
    share_error_pp,
)
from samorsak.evaluate.certainty import Interval, bootstrap, calibration_error
from samorsak.evaluate.stretches import StretchScores, stretch_scores

__all__ = [
    "CategoryScore",
    "Interval",
    "Scores",
    "StretchScores",
    "bootstrap",
    "calibration_error",
    "given_matrix",
    "macro_f1",
    "micro_f1",
    "rank_correlation",
    "sample_f1",
    "score",
    "share_error_pp",
    "stretch_scores",
]
