"""The bytes of a round file, by suffix, to a table of strings."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from samorsak.answers.cells import cell_text
from samorsak.answers.columns import Columns
from samorsak.answers.delimited import read_delimited
from samorsak.answers.sniff import decode, lines
from samorsak.answers.table import Row, Table, headed
from samorsak.answers.workbook import read_workbook
from samorsak.errors import InputError, collected
from samorsak.extras import extra
from samorsak.text import json_object

_DELIMITED = ("csv", "tsv", "txt")
_OPTIONS = {
    "xlsx": {"sheet"},
    "parquet": set[str](),
    "jsonl": {"encoding"},
    "sav": {"encoding"},
    **{suffix: {"encoding", "delimiter"} for suffix in _DELIMITED},
}
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_bytes(path: Path) -> bytes:
    """Read a whole file.

    Raises
    ------
    InputError
        When there is no such file, or it may not be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the folder and the spelling") from None
    except OSError as error:
        if path.is_dir():
            raise InputError(f"{path}: a folder, expected a round file") from None
        raise InputError(f"{path}: cannot be read ({error.strerror}); close it in other programs") from None


def read_table(path: Path, raw: bytes, columns: Columns, **options: str | None) -> Table:
    """Read the bytes of a round file as a table.

    Parameters
    ----------
    path : Path
        For the suffix and the messages; the file is not opened.
    raw : bytes
        The whole file.
    columns : Columns
        What the header has to hold.
    **options : str or None
        ``sheet``, ``encoding`` and ``delimiter``, as the user named them.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        For an unknown suffix, an option that does not belong to the format, or a file that does not read.
    """
    name, suffix = path.name, path.suffix.lower().removeprefix(".")
    if suffix not in _OPTIONS:
        raise InputError(
            f"{name}: unknown format, expected .csv, .tsv, .txt, .xlsx, .parquet, .jsonl or .sav; "
            "save it as one of these"
        )
    for option, value in options.items():
        if value is not None and option not in _OPTIONS[suffix]:
            raise InputError(f"{name}: a .{suffix} file has no {option}; leave --{option} out")
    if not raw:
        raise InputError(f"{name}: empty, expected a header and a row per answer")
    if suffix in _DELIMITED:
        return read_delimited(raw, name, suffix, columns, options.get("encoding"), options.get("delimiter"))
    if suffix == "xlsx":
        return read_workbook(raw, name, columns, options.get("sheet"))
    if suffix == "jsonl":
        return _read_json_lines(raw, name, columns, options.get("encoding"))
    if suffix == "parquet":
        typed = _parquet_rows(raw, name)
    else:
        typed = _sav_rows(raw, name, columns, options.get("encoding"))
    header, body = headed(typed, columns, name, "row", ragged=True)
    return Table(name, name, suffix, "row", header, body, encoding=options.get("encoding"))


def _read_json_lines(raw: bytes, name: str, columns: Columns, encoding: str | None) -> Table:
    text, used = decode(raw, name, encoding)
    objects: list[tuple[int, Mapping[str, Any]]] = []
    problems: list[str] = []
    for number, line in enumerate(lines(text), start=1):
        if line.isspace():
            continue
        try:
            objects.append((number, json_object(line)))
        except (ValueError, RecursionError):
            problems.append(
                f"{name} line {number}: no JSON object with distinct names, expected one per line"
            )
    if problems:
        raise InputError(collected(problems, "lines that cannot be read"))
    header = list(dict.fromkeys(key for _, row in objects for key in row))
    rows = ((number, [row.get(key) for key in header]) for number, row in objects)
    names, body = headed(_typed(header, rows, name, "line"), columns, name, "line", ragged=True)
    return Table(name, name, "jsonl", "line", names, body, encoding=used)


def _parquet_rows(raw: bytes, name: str) -> Iterator[Row]:
    with extra("parquet", f"{name}: reading .parquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    try:
        table = pq.read_table(pa.BufferReader(raw))
        values = [column.to_pylist() for column in table.columns]
    except (pa.ArrowException, ValueError, OSError, OverflowError):
        raise InputError(f"{name}: damaged or not a Parquet file; export it again from its source") from None
    return _typed(table.column_names, enumerate(zip(*values, strict=True), start=1), name, "row")


def _sav_rows(raw: bytes, name: str, columns: Columns, encoding: str | None) -> Iterator[Row]:
    """Yield rows with value labels in the place of codes, except in the id column."""
    with extra("spss", f"{name}: reading .sav"):
        import pyreadstat
    try:
        held, meta = pyreadstat.read_sav(io.BytesIO(raw), encoding=encoding, output_format="dict")
    except Exception:  # pyreadstat raises its own, Unicode and OS errors alike for a damaged file
        raise InputError(
            f"{name}: damaged, not an SPSS file, or in need of --encoding; export it again"
        ) from None
    labels = {
        variable: of for variable, of in meta.variable_value_labels.items() if variable != columns.answer_id
    }
    values = [
        [labels.get(variable, {}).get(code, code) for code in codes] for variable, codes in held.items()
    ]
    return _typed(list(held), enumerate(zip(*values, strict=True), start=1), name, "row")


def _typed(header: Sequence[str], rows: Any, name: str, unit: str) -> Iterator[Row]:
    """Yield the header as row 0, then the rows as text, without what a text file could not hold."""
    yield 0, list(header)
    for number, values in rows:
        cells = [cell_text(value) for value in values]
        joined = "".join(cells)
        if "\0" in joined:
            raise InputError(f"{name} {unit} {number}: a NUL character, expected text; export the file again")
        if not joined.isascii() and _SURROGATE.search(joined):  # half an emoji, cut off by some program
            cells = [_SURROGATE.sub("\ufffd", cell) for cell in cells]
        yield number, cells
