"""Whether a report says what its runs say: every figure made again, and compared with each file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from samorsak.errors import InputError
from samorsak.pipeline.coded_sav import SAV, coded_variables, read_sav, sav_is_possible
from samorsak.pipeline.evidence import RUN_FILE, manifest_sha256
from samorsak.pipeline.report_differences import Difference, compare_document, tables_of
from samorsak.pipeline.report_sections.material import Settings
from samorsak.pipeline.reporting import REPORT, build_document


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of checking a report.

    Attributes
    ----------
    differences : tuple of Difference
    files : tuple of str
        Those that were read.
    missing : tuple of str
        Those that the report was written with, and that are no longer there.
    changed : tuple of str
        Run folders whose manifest is no longer the one that the report rests on.
    cells : int
        In the tables of the report.
    """

    differences: tuple[Difference, ...]
    files: tuple[str, ...]
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    cells: int


def verify_report(out: str | Path) -> Verified:
    """Make a report again from the runs that it names, and compare every figure that its files show.

    Parameters
    ----------
    out : str or Path
        A folder that `samorsak report` wrote, as far from its runs as it was then.

    Returns
    -------
    Verified

    Raises
    ------
    InputError
        The folder holds no report, a run is not where it was, or a file cannot be read.
    SchemeError
        As for `report_run`.
    """
    place = Path(out)
    named = _read_report(place / REPORT)
    folders = [place / one.folder for one in named.runs]
    for folder in folders:
        if not (folder / RUN_FILE).is_file():
            raise InputError(
                f"{place / REPORT}: run {folder} is not there; put it back, or write the report again"
            )
    changed = [
        one.folder
        for one, at in zip(named.runs, folders, strict=True)
        if manifest_sha256(at) != one.run_sha256
    ]
    logs = None if named.agreement is None else place / named.agreement
    document = build_document(folders[0], folders[1:], named.settings, logs)
    differences, files = compare_document(document, place)
    if (place / SAV).is_file() and sav_is_possible():
        differences += _in_sav(folders[0], place / SAV, document.lang)
        files.append(SAV)
    missing = [name for name in named.files if not (place / name).is_file()]
    cells = sum(len(row) for table in tables_of(document) for row in table.rows)
    return Verified(tuple(differences), tuple(files), tuple(missing), tuple(changed), cells)


def _in_sav(folder: Path, path: Path, lang: str) -> Iterator[Difference]:
    """Compare each variable; of what differs only how many values, as they are of respondents."""
    found, expected = read_sav(path), {v.name: v.values for v in coded_variables(folder, lang)[0]}
    for name in dict.fromkeys((*expected, *found)):
        pairs = zip_longest(found.get(name, ()), expected.get(name, ()), fillvalue=0.5)
        others = sum(_held(own) != _held(wanted) for own, wanted in pairs)
        if others:
            yield Difference(path.name, name, "", "", f"{others} other values", "those of the run")


def _held(value: object) -> object:
    """Give a value as SPSS holds it: texts without the spaces at their end, an empty one as missing."""
    return (value.rstrip(" ") or None) if isinstance(value, str) else value


class _Run(BaseModel):
    folder: str
    run_sha256: str


class _Report(BaseModel):
    """What report.json has to hold."""

    runs: Annotated[list[_Run], Field(min_length=1)]
    settings: Settings
    agreement: str | None = None
    files: list[str] = []


def _read_report(path: Path) -> _Report:
    try:
        return _Report.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(f"{path}: no such file; expected a folder that 'samorsak report' wrote") from None
    except ValueError as error:
        fault = f"{error.errors()[0]['msg']}" if isinstance(error, ValidationError) else "not in utf-8"
        raise InputError(f"{path}: {fault}; expected it as 'samorsak report' wrote it") from None
