"""Closed questions counted and crossed, with how strongly two of them hang together."""

from samorsak.tables.association import Association, associate, cramers_v, tau_b
from samorsak.tables.counting import cross, cross_chosen
from samorsak.tables.rows import (
    ClosedChange,
    ClosedChanges,
    ClosedComparison,
    Crosstab,
    Distribution,
    Group,
    Option,
    Remark,
    RoundTables,
    Variable,
    Verdict,
)
from samorsak.tables.verdicts import verdict

__all__ = [
    "Association",
    "ClosedChange",
    "ClosedChanges",
    "ClosedComparison",
    "Crosstab",
    "Distribution",
    "Group",
    "Option",
    "Remark",
    "RoundTables",
    "Variable",
    "Verdict",
    "associate",
    "cramers_v",
    "cross",
    "cross_chosen",
    "tau_b",
    "verdict",
]
