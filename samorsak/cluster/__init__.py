"""Statements that say the same thing, found without a scheme: clusters, their words and typical members."""

from samorsak.cluster.branches import set_apart
from samorsak.cluster.density import Clusters, find_clusters, smallest_cluster
from samorsak.cluster.fitted import Assigned, Kept, assign_statements, keep_clusters, same_kind
from samorsak.cluster.layout import lay_out
from samorsak.cluster.lemmas import lemmatiser, stop_words
from samorsak.cluster.members import typical_members
from samorsak.cluster.stability import UNSTABLE, cluster_stability
from samorsak.cluster.words import content_words, telling_words

__all__ = [
    "UNSTABLE",
    "Assigned",
    "Clusters",
    "Kept",
    "assign_statements",
    "cluster_stability",
    "content_words",
    "find_clusters",
    "keep_clusters",
    "lay_out",
    "lemmatiser",
    "same_kind",
    "set_apart",
    "smallest_cluster",
    "stop_words",
    "telling_words",
    "typical_members",
]
