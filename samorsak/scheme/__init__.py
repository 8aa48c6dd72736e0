"""The category scheme: questions, categories, residuals, a report's lines, and the lexicon beside it.

A scheme is a folder with `scheme.yaml` and `lexicon/*.jsonl`, or a single YAML file. Everything a person can
write wrongly is checked here, once, and reported with its place.
"""

from samorsak.scheme.applying import next_version
from samorsak.scheme.carrying import Carried, carry_lexicon
from samorsak.scheme.codebook import Codebook, read_qdc
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
    Step,
)
from samorsak.scheme.proposals import (
    Border,
    Merge,
    Move,
    New,
    Proposal,
    Rename,
    Split,
    proposals_text,
    read_proposals,
)
from samorsak.scheme.qdc import qdc_bytes
from samorsak.scheme.reading import SCHEMES, read_scheme, scheme_folder
from samorsak.scheme.versions import (
    Crosswalk,
    Difference,
    Place,
    Status,
    Unit,
    crosswalk,
    descends,
    differences,
    successors,
)
from samorsak.scheme.writing import scheme_text

__all__ = [
    "NO_CAUSE",
    "OTHER",
    "SCHEMES",
    "Border",
    "Carried",
    "Category",
    "Codebook",
    "Crosswalk",
    "Difference",
    "Key",
    "Labelled",
    "LexiconEntry",
    "Merge",
    "Move",
    "New",
    "Place",
    "Proposal",
    "Question",
    "Rename",
    "Residual",
    "Scheme",
    "Split",
    "Status",
    "Step",
    "Unit",
    "carry_lexicon",
    "crosswalk",
    "descends",
    "differences",
    "next_version",
    "proposals_text",
    "qdc_bytes",
    "read_lexicon",
    "read_proposals",
    "read_qdc",
    "read_scheme",
    "scheme_folder",
    "scheme_text",
    "successors",
]
