"""From a path and what the user said of it to a round."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from samorsak.answers.columns import Columns, column_name
from samorsak.answers.description import SUFFIXES, RoundDescription, read_description
from samorsak.answers.files import read_bytes, read_table
from samorsak.answers.layout import lay_out
from samorsak.answers.model import Round
from samorsak.errors import InputError


def read_round(
    path: str | Path,
    *,
    text: Mapping[str, str] | None = None,
    id_column: str | None = None,
    round_name: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Round:
    """Read a round file, or the file a round description names.

    Long layout: columns ``answer_id, round, question, text``, all others are background. Wide layout, when
    `text` is given: the answer_id is ``<id>/<question>``, all columns but the texts and the round are
    background. Encoding, delimiter, sheet and header row are found unless named. Wholly empty rows are
    passed over.

    Parameters
    ----------
    path : str or Path
        A .csv, .tsv, .txt, .xlsx, .parquet, .jsonl or .sav file, or a .yaml or .yml description of one.
    text : mapping of str to str, optional
        Question to column: the file is wide.
    id_column : str, optional
        Column of ids, ``answer_id`` when left out.
    round_name : str, optional
        Name of the column that holds the round if there is such a column, else the round itself. Left
        out: the column ``round``.
    sheet, encoding, delimiter : str, optional
        Go before what would be found, and before a description.

    Returns
    -------
    Round

    Raises
    ------
    InputError
        For whatever keeps a row from being read: one line that says where and what to do, or a list of
        bad rows, ten shown, the total said.
    """
    path = Path(path)
    if path.suffix.lower() in SUFFIXES:
        described = read_description(path)
    else:
        described = RoundDescription(file=path.name or ".")
    file = path.parent / described.file
    columns = _columns(
        file.name,
        described.text if text is None else text,
        id_column or described.id,
        round_name or described.round,
    )
    raw = read_bytes(file)
    table = read_table(
        file,
        raw,
        columns,
        sheet=sheet or described.sheet,
        encoding=encoding or described.encoding,
        delimiter=delimiter or described.delimiter,
    )
    return lay_out(table, columns, hashlib.sha256(raw).hexdigest(), described)


def _columns(name: str, text: Mapping[str, str], id_column: str | None, round_name: str | None) -> Columns:
    if any(not question.strip() or "/" in question for question in text):
        # <id>/<question> has to come apart again
        raise InputError(f"{name}: a question has no name or a / in it, expected --text QUESTION=COLUMN")
    return Columns(
        answer_id=column_name(id_column or "answer_id"),
        text={question.strip(): column_name(column) for question, column in text.items()},
        round=column_name(round_name) if round_name else None,
    )
