"""Ranked cause lists: per round and question, which causes were given, how often, and of what.

One list is one round, question, base, kind of lines and, where asked for, group. Every category of the scheme
stands in it, also those nobody gave; `other` stands last and has no rank; answers without a cause are no row
but stand in the list's `Total`.
"""

from samorsak.ranking.blocks import SCHEME_LINES, Block, Columns, blocks, columns_of
from samorsak.ranking.lists import Estimator, full_table, rank
from samorsak.ranking.rows import COUNTED, REFUSED, RankedList, RankedRow, Ranking, Total
from samorsak.ranking.versions import Common, Crossed, common_columns

__all__ = [
    "COUNTED",
    "REFUSED",
    "SCHEME_LINES",
    "Block",
    "Columns",
    "Common",
    "Crossed",
    "Estimator",
    "RankedList",
    "RankedRow",
    "Ranking",
    "Total",
    "blocks",
    "columns_of",
    "common_columns",
    "full_table",
    "rank",
]
