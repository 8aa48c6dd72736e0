"""Counts into shares, with intervals. Arrays in, arrays out.

`count_shares` counts; `estimate_audited` corrects a machine's counts by an audit, `estimate_modelled` by the
errors of a cross-validation. Both give an `Estimate`, whose draws ranking and comparison build on.
"""

from samorsak.shares.audited import Audit, estimate_audited, machine_strata
from samorsak.shares.counting import (
    BASES,
    Base,
    Counts,
    Given,
    Shares,
    competition_ranks,
    count_shares,
    roll_up,
)
from samorsak.shares.estimate import DRAWS, FEW_POSITIVES, LEVEL, Estimate, Method, ends
from samorsak.shares.modelled import Trial, estimate_modelled

__all__ = [
    "BASES",
    "DRAWS",
    "FEW_POSITIVES",
    "LEVEL",
    "Audit",
    "Base",
    "Counts",
    "Estimate",
    "Given",
    "Method",
    "Shares",
    "Trial",
    "competition_ranks",
    "count_shares",
    "ends",
    "estimate_audited",
    "estimate_modelled",
    "machine_strata",
    "roll_up",
]
