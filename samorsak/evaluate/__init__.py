"""Scores of predictions against gold, agreement of people. Sets in, numbers out; nothing is fitted here."""

from samorsak.evaluate.agreement import (
    Agreement,
    CategoryAgreement,
    Disagreement,
    category_agreement,
    cohen_kappa,
    disagreements,
    krippendorff_alpha,
    masi,
    nominal,
)
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
from samorsak.evaluate.stretches import StretchAgreement, StretchScores, stretch_agreement, stretch_scores

__all__ = [
    "Agreement",
    "CategoryAgreement",
    "CategoryScore",
    "Disagreement",
    "Interval",
    "Scores",
    "StretchAgreement",
    "StretchScores",
    "bootstrap",
    "calibration_error",
    "category_agreement",
    "cohen_kappa",
    "disagreements",
    "given_matrix",
    "krippendorff_alpha",
    "macro_f1",
    "masi",
    "micro_f1",
    "nominal",
    "rank_correlation",
    "sample_f1",
    "score",
    "share_error_pp",
    "stretch_agreement",
    "stretch_scores",
]
