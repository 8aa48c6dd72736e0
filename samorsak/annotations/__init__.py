"""What people decided about answers: read, checked against text and scheme, and given as one kind of noun."""

from samorsak.annotations.carrying import Carrier
from samorsak.annotations.logged import Recorded
from samorsak.annotations.model import FLAGS, Annotation, Marked, Origin, categories_of
from samorsak.annotations.queue import (
    QueueRow,
    Reason,
    Suggestion,
    read_queue,
    set_apart,
    with_repeats,
    write_queue,
)
from samorsak.annotations.reading import read_annotations, read_decisions
from samorsak.annotations.reasons import REASONS, reason_phrase
from samorsak.annotations.store import Store

__all__ = [
    "FLAGS",
    "REASONS",
    "Annotation",
    "Carrier",
    "Marked",
    "Origin",
    "QueueRow",
    "Reason",
    "Recorded",
    "Store",
    "Suggestion",
    "categories_of",
    "read_annotations",
    "read_decisions",
    "read_queue",
    "reason_phrase",
    "set_apart",
    "with_repeats",
    "write_queue",
]
