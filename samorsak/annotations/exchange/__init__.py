"""Annotations as other programs have them, out and in: one module for each format, none that knows another.

Each holds more or less than an annotation does; what it cannot is a sentence in the result, never a silent
loss.
"""

from samorsak.annotations.exchange.docbin import docbin_bytes, read_docbin
from samorsak.annotations.exchange.doccano import doccano_lines, read_doccano
from samorsak.annotations.exchange.label_studio import (
    label_studio_json,
    labelling_config,
    read_label_studio,
)
from samorsak.annotations.exchange.rows import Exported, Fields, Imported, annotated_by
from samorsak.annotations.exchange.spss import spss_variables
from samorsak.annotations.exchange.wide import read_wide, wide_rows

__all__ = [
    "Exported",
    "Fields",
    "Imported",
    "annotated_by",
    "docbin_bytes",
    "doccano_lines",
    "label_studio_json",
    "labelling_config",
    "read_docbin",
    "read_doccano",
    "read_label_studio",
    "read_wide",
    "spss_variables",
    "wide_rows",
]
