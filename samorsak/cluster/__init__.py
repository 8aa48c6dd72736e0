"""Statements that say the same thing, found without a scheme: clusters, their words and typical members."""

from samorsak.cluster.density import Clusters, find_clusters, smallest_cluster
from samorsak.cluster.layout import lay_out
from samorsak.cluster.members import typical_members
from samorsak.cluster.words import telling_words

__all__ = [
    "Clusters",
    "find_clusters",
    "lay_out",
    "smallest_cluster",
    "telling_words",
    "typical_members",
]
