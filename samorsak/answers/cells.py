"""One rule for turning the typed values of workbooks and tables into text."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any


def cell_text(value: Any) -> str:
    """Write a typed value as the text a person would expect in the cell.

    Parameters
    ----------
    value : object
        What a workbook, a Parquet column, a JSON object or an SPSS file holds.

    Returns
    -------
    str
        Empty for nothing; whole numbers without a point, dates in ISO form, midnight without its time.

    Examples
    --------
    >>> [cell_text(v) for v in (None, 7.0, 0.25, 1234567890123456, True)]
    ['', '7', '0.25', '1234567890123456', 'true']
    >>> cell_text(dt.datetime(2024, 10, 1)), cell_text(dt.datetime(2024, 10, 1, 9, 30))
    ('2024-10-01', '2024-10-01T09:30:00')
    """
    if isinstance(value, str):
        return value
    if value is None or value != value:  # None, NaN, NaT
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value.is_integer() else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time() and value.tzinfo is None:
        return value.date().isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=cell_text)
    return str(value)
