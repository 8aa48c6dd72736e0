"""Statements that say the same thing, found without a scheme: clusters, their words and typical members."""

from samorsak.cluster.density import Clusters, find_clusters, smallest_cluster
from samorsak.cluster.fitted import Assigned, Kept, assign_statements, keep_clusters, same_kind
from samorsak.cluster.layout import lay_out
from samorsak.cluster.members import typical_members
from samorsak.cluster.words import telling_words

__all__ = [
    "Assigned",
    "Clusters",
    "Kept",
    "assign_statements",
    "find_clusters",
    "keep_clusters",
    "lay_out",
    "same_kind",
    "smallest_cluster",
    "telling_words",
    "typical_members",
]
