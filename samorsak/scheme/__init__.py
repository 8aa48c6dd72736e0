"""The category scheme: questions, categories, residuals, a report's lines, and the lexicon beside it.

A scheme is a folder with `scheme.yaml` and `lexicon/*.jsonl`, or a single YAML file. Everything a person can
write wrongly is checked here, once, and reported with its place.
"""

from samorsak.scheme.lexicon import LexiconEntry, read_lexicon
from samorsak.scheme.model import (
    NO_CAUSE,
    OTHER,
    Category,
    Key,
    Labelled,
    Question,
    Residual,
    Scheme,
)
from samorsak.scheme.reading import SCHEMES, read_scheme, scheme_folder

__all__ = [
    "NO_CAUSE",
    "OTHER",
    "SCHEMES",
    "Category",
    "Key",
    "Labelled",
    "LexiconEntry",
    "Question",
    "Residual",
    "Scheme",
    "read_lexicon",
    "read_scheme",
    "scheme_folder",
]
