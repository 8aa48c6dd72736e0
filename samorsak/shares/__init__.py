"""Counts into shares, with intervals. Arrays in, arrays out.

`count_shares` counts; `estimate_audited` corrects a machine's counts by an audit, `estimate_modelled` by the
errors of a cross-validation. Both give an `Estimate`, whose draws ranking and comparison build on.
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
from samorsak.shares.estimate import BY_TRIAL, DRAWS, FEW_POSITIVES, LEVEL, Estimate, Method, ends
from samorsak.shares.modelled import Trial, estimate_modelled
from samorsak.shares.ranks import TOP, Ranks, rank_intervals
from samorsak.shares.reviewed import estimate_reviewed
from samorsak.shares.sample import CUT, Audit, machine_strata

__all__ = [
    "BASES",
    "BY_TRIAL",
    "CUT",
    "DRAWS",
    "FEW_POSITIVES",
    "LEVEL",
    "TOP",
    "Audit",
    "Base",
    "Counts",
    "Estimate",
    "Given",
    "Method",
    "Ranks",
    "Shares",
    "Trial",
    "competition_ranks",
    "count_shares",
    "ends",
    "estimate_audited",
    "estimate_modelled",
    "estimate_reviewed",
    "machine_strata",
    "rank_intervals",
    "roll_up",
]
