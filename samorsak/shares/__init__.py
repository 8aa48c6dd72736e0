"""Counts into shares, with intervals. Arrays in, arrays out.

`count_shares` counts; `estimate_audited` corrects a machine's counts by an audit. It gives an `Estimate`, whose
draws ranking and comparison build on.
"""

from samorsak.shares.audited import estimate_audited
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
from samorsak.shares.sample import CUT, Audit, machine_strata

__all__ = [
    "BASES",
    "CUT",
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
    "competition_ranks",
    "count_shares",
    "ends",
    "estimate_audited",
    "machine_strata",
    "roll_up",
]
