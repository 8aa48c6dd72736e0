"""What a person should look at again, and why: reasons, expected errors, and an order to read in.

Arrays in, arrays out. A reason is a function that says of each answer, or of each statement, how strongly it
speaks, from 0 to 1. What the queue goes by is the number of errors that are expected in an answer.
"""

from samorsak.review.errors_expected import Outlook, expected_errors, look_ahead, pool_opinions
from samorsak.review.label_errors import label_doubts
from samorsak.review.ordering import in_order
from samorsak.review.reasons import (
    close_categories,
    doubtful_border,
    far_from_examples,
    high_entropy,
    low_margin,
    neighbours_disagree,
    other_cluster,
    rare_category,
    twins_differ,
)

__all__ = [
    "Outlook",
    "close_categories",
    "doubtful_border",
    "expected_errors",
    "far_from_examples",
    "high_entropy",
    "in_order",
    "label_doubts",
    "look_ahead",
    "low_margin",
    "neighbours_disagree",
    "other_cluster",
    "pool_opinions",
    "rare_category",
    "twins_differ",
]
