"""Clusters of statements set against the categories of a scheme: the evidence, and a verdict on each."""

from samorsak.mapping.categories import CategoryKind, judge_categories, tightness
from samorsak.mapping.evidence import (
    Evidence,
    fall_in,
    nearness_to,
    usual_nearness,
    weigh_evidence,
)
from samorsak.mapping.judging import Kind, Verdict, judge_clusters

__all__ = [
    "CategoryKind",
    "Evidence",
    "Kind",
    "Verdict",
    "fall_in",
    "judge_categories",
    "judge_clusters",
    "nearness_to",
    "tightness",
    "usual_nearness",
    "weigh_evidence",
]
