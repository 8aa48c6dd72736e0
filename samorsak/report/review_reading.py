"""A review workbook that comes back: what was filled in, and what is not as it was exported.

Excel, LibreOffice and whoever sends a file may have changed anything in it. What makes the whole file unsure
refuses it; what is wrong in a row is said with its number, and takes only that row's answer out.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samorsak.answers.cells import cell_text
from samorsak.answers.workbook import check_archive
from samorsak.errors import InputError
from samorsak.report.review_hidden import HIDDEN, About, ExportedRow, HiddenError, read_hidden
from samorsak.report.review_lines import Line, columns_of, entered_in, heading, lines_of, read_back
from samorsak.report.review_phrases import review_phrases

_LARGEST = 2**26  # bytes, of the file and unpacked; a thousand long answers take a tenth
_ADDED = 1000  # rows that somebody may have added
_COLUMNS = 60
_LONGEST = 40  # what stands in the wrong place may be an answer, and is not shown if it is longer
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]+)"')
_AGAIN = "undo the change, or export again and copy the decisions"


@dataclass(frozen=True, slots=True)
class Entered:
    """What was filled in on a row of the sheet.

    Attributes
    ----------
    number : int
        The row, as Excel counts.
    line : Line
    cells : mapping of str to str
        By column; empty where nothing was filled in.
    """

    number: int
    line: Line
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Returned:
    """A workbook that came back.

    Attributes
    ----------
    about : About
    rows : tuple of ExportedRow
        What was exported.
    entered : mapping of int to tuple of Entered
        The rows of each answer, by its place; without those of answers with a row that is not as exported.
    problems : tuple of str
        A line for each such row.
    """

    about: About
    rows: tuple[ExportedRow, ...]
    entered: Mapping[int, tuple[Entered, ...]]
    problems: tuple[str, ...]


def read_review_workbook(path: Path, scheme: str) -> Returned:
    """Read a workbook that `write_review_workbook` wrote and somebody filled in.

    Parameters
    ----------
    path : Path
    scheme : str
        Fingerprint of the scheme it has to be of.

    Raises
    ------
    InputError
        No such file, no workbook, too large, not of a review or of another scheme, with merged cells, or
        without a sheet or column it had.
    """
    raw = _read(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of styles and extensions that openpyxl passes over
            return _returned(raw, path, scheme)
    except InputError:
        raise
    except Exception as error:  # whatever openpyxl meets in a damaged file: the file is to blame
        raise InputError(
            f"{path}: damaged workbook ({type(error).__name__}); open it in Excel and save it again as .xlsx"
        ) from None


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise InputError(f"{path}: {size} bytes, more than a review holds; import the file exported")
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check the spelling, close it in other programs"
        ) from None
    check_archive(raw, str(path), _LARGEST, "a review holds; import the file that was exported")
    return raw


def _returned(raw: bytes, path: Path, scheme: str) -> Returned:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
    if HIDDEN not in book.sheetnames:
        raise InputError(
            f"{path}: not of 'samorsak review export', or without its hidden sheet; import the file exported"
        )
    try:
        hidden = [[str(c.value or "") for c in cells] for _, cells in _rows(book[HIDDEN], 10**6, path, 10**4)]
        about, rows = read_hidden(hidden)
    except HiddenError:
        raise InputError(
            f"{path}: its hidden sheet was changed, or is of another version of samorsak; "
            "export again and copy the decisions"
        ) from None
    if about.scheme != scheme:
        raise InputError(
            f"{path}: made with another scheme ({about.scheme}, expected {scheme}); "
            "name its scheme with --scheme, or export again"
        )
    _check_merged(raw, path)
    words = review_phrases(about.lang)
    if words["review"] not in book.sheetnames:
        raise InputError(f"{path}: sheet {words['review']!r} is missing; {_AGAIN}")
    lines = lines_of([e.row for e in rows], about.labels, about.questions, words, about.blind)
    most = len(lines) + _ADDED
    sheet = _rows(book[words["review"]], most, path, _COLUMNS)
    named = {name: heading(name, words) for name in columns_of(about.blind)}
    places = _columns(next(sheet, (1, ()))[1], named, f"{path} sheet {words['review']!r}")
    checked = _Checked(path, lines, [e.row.answer_id for e in rows], named)
    for number, cells in sheet:
        checked.take(number, {name: cells[at] for name, at in places.items() if at < len(cells)})
    return Returned(about, rows, *checked.result())


def _rows(sheet: Any, most: int, path: Path, wide: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """Give the rows that are not empty, by their number; never more than there can be."""
    sheet.reset_dimensions()  # some programs write a wrong extent, which would cut rows off
    last: Sequence[Any] | None = None
    for number, cells in enumerate(sheet.iter_rows(max_col=wide), start=1):
        if number > 2**20:
            raise InputError(f"{path}: more rows than Excel has; {_AGAIN}")
        if cells is last:  # stands for every row that is not in the file
            continue
        last = cells
        if any(cell.value is not None and cell.value != "" for cell in cells):
            if number > most:
                raise InputError(
                    f"{path} row {number}: beyond the {most} rows it can have; take out what was added below"
                )
            yield number, cells


def _check_merged(raw: bytes, path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/") and (found := _MERGED.search(archive.read(part))):
                area = found[1].decode()
                raise InputError(f"{path}: cells {area} are merged, expected none; split them and save again")


def _columns(header: Sequence[Any], named: Mapping[str, str], where: str) -> dict[str, int]:
    """Find the place of each column by its heading."""
    headings = [" ".join(cell_text(cell.value).split()) for cell in header]
    for name in named.values():
        if name not in headings:
            raise InputError(
                f"{where}: column {name!r} is missing, expected: {', '.join(named.values())}; {_AGAIN}"
            )
        if headings.count(name) > 1:
            raise InputError(f"{where}: column {name!r} stands twice; take out the one that was added")
    return {name: headings.index(heading_) for name, heading_ in named.items()}


class _Checked:
    """Takes the rows of the sheet one by one, and keeps those of answers whose rows are all as exported."""

    def __init__(
        self, path: Path, lines: Sequence[Line], ids: Sequence[str], named: Mapping[str, str]
    ) -> None:
        self._path, self._ids, self._named = path, ids, named
        self._lines = {line.key: line for line in lines}
        self._numbers: dict[str, int] = {}  # by key, where a row stands first
        self._entered: dict[int, list[Entered]] = {}
        self._spoilt: set[int] = set()
        self._problems: list[str] = []

    def take(self, number: int, cells: Mapping[str, Any]) -> None:
        """Take a row; what is wrong with it is kept as a problem."""
        try:
            key = _text_of(cells["key"])
            line = self._lines.get(key)
            if line is None:
                self._foreign(number, key, cells)
            elif key in self._numbers:
                self._spoil(line.answer, number, f"stands on row {self._numbers[key]} already; take one out")
            else:
                self._numbers[key] = number
                self._entered.setdefault(line.answer, []).append(self._entered_on(number, line, cells))
        except _CellError as error:
            spoilt = self._lines.get(_shown(cells["key"].value))
            self._spoil(None if spoilt is None else spoilt.answer, number, str(error))

    def _entered_on(self, number: int, line: Line, cells: Mapping[str, Any]) -> Entered:
        own = entered_in(line.kind)
        entered = {}
        for name, shown in self._named.items():
            if name not in cells:  # a row that ends early
                entered[name] = ""
                continue
            try:
                found = _text_of(cells[name])
            except _CellError as error:
                raise _CellError(f"{shown!r} {error}") from None
            if name in own:
                entered[name] = found.strip()
            elif name not in ("why", "question", *_hints(line)) and _differs(found, line.cells.get(name, "")):
                raise _CellError(f"{shown!r} is not as it was exported; {_AGAIN}")
        return Entered(number, line, {name: entered.get(name, "") for name in own})

    def _foreign(self, number: int, key: str, cells: Mapping[str, Any]) -> None:
        known = self._ids.count(_shown(cells["answer_id"].value)) == 1
        answer = self._ids.index(_shown(cells["answer_id"].value)) if known else None
        found = f"is {_quoted(key)}" if key else "is blank"
        self._spoil(answer, number, f"{self._named['key']!r} {found}, expected a row as exported; {_AGAIN}")

    def _spoil(self, answer: int | None, number: int, fault: str) -> None:
        if answer is not None:
            self._spoilt.add(answer)
        self._problems.append(f"{self._path} row {number}: {fault}")

    def result(self) -> tuple[dict[int, tuple[Entered, ...]], tuple[str, ...]]:
        """Give the rows of the answers that are whole, and the problems."""
        expected = Counter(line.answer for line in self._lines.values())
        found = Counter(self._lines[key].answer for key in self._numbers)
        lacking = [a for a in expected if found[a] < expected[a] and a not in self._spoilt]
        for answer in lacking:
            self._problems.append(
                f"{self._path}: answer {self._ids[answer]!r} lacks {expected[answer] - found[answer]} of its "
                f"{expected[answer]} rows; {_AGAIN}"
            )
        self._spoilt.update(lacking)
        whole = [answer for answer in sorted(self._entered) if answer not in self._spoilt]
        return {answer: tuple(self._entered[answer]) for answer in whole}, tuple(self._problems)


class _CellError(Exception):
    """What a cell holds cannot be taken."""


def _text_of(cell: Any) -> str:
    """Read a cell as text."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str) and cell.data_type not in ("f", "e"):
        return read_back(value)
    if cell.data_type == "f":
        raise _CellError("holds a formula, expected text; paste its value")
    if cell.data_type == "e":
        raise _CellError("holds an error of Excel's, expected text; clear it")
    if isinstance(value, bool):
        raise _CellError("holds true or false, expected text; choose from the list")
    if isinstance(value, int | float):
        return cell_text(value)
    raise _CellError("holds a date or time, expected text; write it as text")


def _hints(line: Line) -> tuple[str, ...]:
    """Name what may be changed without harm."""
    return ("suggestion",) if line.kind == "more" else ()


def _differs(found: str, expected: str) -> bool:
    return found.split() != expected.split()


def _shown(value: object) -> str:
    return read_back(value) if isinstance(value, str) else cell_text(value)


def _quoted(found: str) -> str:
    return repr(found) if len(found) <= _LONGEST else f"text of {len(found)} characters"
