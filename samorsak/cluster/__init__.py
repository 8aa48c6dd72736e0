"""Statements that say the same thing, found without a scheme: clusters, their words and typical members."""

from samorsak.cluster.density import Clusters, find_clusters, smallest_cluster
from samorsak.cluster.layout import lay_out
from samorsak.cluster.lemmas import lemmatiser, stop_words
from samorsak.cluster.members import typical_members
from samorsak.cluster.words import content_words, telling_words

__all__ = [
    "Clusters",
    "content_words",
    "find_clusters",
    "lay_out",
    "lemmatiser",
    "smallest_cluster",
    "stop_words",
    "telling_words",
    "typical_members",
]
