"""A report of coded rounds: from run folders to a document, and the document in every form."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from samorsak import __version__
from samorsak.errors import InputError
from samorsak.pipeline.coded_sav import SAV, SPS, sav_is_possible, write_coded_sav
from samorsak.pipeline.evidence import manifest_sha256
from samorsak.pipeline.report_sections.assessments import assessment_sections
from samorsak.pipeline.report_sections.causes import causes_sections
from samorsak.pipeline.report_sections.compared import compared_sections
from samorsak.pipeline.report_sections.crosstables import annex_sections, crosstable_sections
from samorsak.pipeline.report_sections.how import how_section
from samorsak.pipeline.report_sections.material import Material, Settings, read_materials
from samorsak.pipeline.report_sections.method import method_sections
from samorsak.pipeline.report_sections.progress import progress_sections
from samorsak.pipeline.report_sections.words import report_words
from samorsak.report.delimited import write_text
from samorsak.report.document import Block, Document, Picture, Section, Table, Verbatims
from samorsak.report.docx import missing_library, write_docx
from samorsak.report.files import ANSWERS
from samorsak.report.page import write_page
from samorsak.report.tables_workbook import write_tables
from samorsak.shares import Base
from samorsak.wording import Lang, list_phrase

PAGE, TEXT, TABLES = "rapport.html", "rapport.docx", "tabeller.xlsx"
REPORT = "report.json"
"""What the forms of a report and the list of what it rests on are called in its folder."""

Writer = Callable[[Path, Document], None]

WRITERS: tuple[tuple[str, Writer], ...] = (
    (PAGE, write_page),
    (TEXT, write_docx),
    (TABLES, write_tables),
)
"""The forms of a report: what the file is called, and what writes it."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that was written.

    Attributes
    ----------
    out : Path
    files : tuple of str
        Their names in the folder.
    left_out : tuple of str
        What was not written and why, a line each.
    rounds : tuple of str
        The round that is reported, then earlier ones.
    audited : bool
        Whether the round that is reported is.
    """

    out: Path
    files: tuple[str, ...]
    left_out: tuple[str, ...]
    rounds: tuple[str, ...]
    audited: bool


def report_run(
    folder: str | Path,
    against: Sequence[str | Path] = (),
    *,
    out: str | Path,
    lang: Lang = "sv",
    lines: str = "scheme",
    base: Base = "causes",
    public: bool = False,
    suppress_below: int | None = None,
    agreement: str | Path | None = None,
) -> Reported:
    """Write a report of a coded round, and of earlier rounds beside it.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify`, `samorsak review apply` or `samorsak audit estimate` wrote it; of several
        rounds in it the latest is reported, and the others are earlier ones.
    against : sequence of str or Path
        Folders of earlier rounds.
    out : str or Path
        Folder for the report: rapport.html, and report.json that names the runs and settings.
    lang : {"sv", "en"}
    lines : str
        ``"scheme"`` for the scheme's categories, or a report of the scheme.
    base : {"causes", "answers"}
    public : bool
        Leave every answer out, and hide small numbers of groups.
    suppress_below : int, optional
        With `public`: hide numbers from 1 to one less; 5 if not given.
    agreement : str or Path, optional
        Logs of annotators, of which the appendix says how far they agree.

    Returns
    -------
    Reported

    Raises
    ------
    InputError
        A folder cannot be read or written, or a round is given twice.
    SchemeError
        A scheme is damaged, or has no such lines.
    """
    settings = Settings(lang, lines, base, public, suppress_below)
    logs = None if agreement is None else Path(agreement)
    document, materials = _built(Path(folder), [Path(one) for one in against], settings, logs)
    place = Path(out)
    if public and (place / ANSWERS).is_file():
        raise InputError(
            f"{place}: holds answers, expected a folder that may be published; name another --out"
        )
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{place}: cannot be written ({error.strerror}); choose another --out") from None
    left_out: list[str] = []
    files: list[str] = []
    if library := missing_library():
        left_out.append(f'{TEXT} needs {library}, which is not installed; pip install "samorsak[docx]"')
    for name, write in WRITERS:
        if name == TEXT and left_out:
            (place / name).unlink(missing_ok=True)  # that of an earlier report would say other things
            continue
        write(place / name, document)
        files.append(name)
    if why := _no_sav(settings):
        left_out.append(why)
        for name in (SAV, SPS):
            (place / name).unlink(missing_ok=True)
    else:
        files += write_coded_sav(Path(folder), place, lang)
    _write_report(place, files, [Path(folder), *map(Path, against)], settings, logs)
    rounds = tuple(one.round for one in materials)
    return Reported(place, (*files, REPORT), tuple(left_out), rounds, materials[0].audited)


def _no_sav(settings: Settings) -> str:
    """Say why a report comes without the coded answers for SPSS; empty where it has them."""
    if settings.public:
        return f"{SAV} is left out of a public report: it has a row for each respondent"
    if not sav_is_possible():
        return f'{SAV} needs pyreadstat, which is not installed; pip install "samorsak[spss]"'
    return ""


def build_document(
    folder: str | Path,
    against: Sequence[str | Path],
    settings: Settings,
    agreement: str | Path | None = None,
) -> Document:
    """Build a report from run folders; the same folders and settings give the same document.

    Parameters
    ----------
    folder : str or Path
    against : sequence of str or Path
    settings : Settings
    agreement : str or Path, optional

    Raises
    ------
    InputError, SchemeError
        As for `report_run`.
    """
    logs = None if agreement is None else Path(agreement)
    return _built(Path(folder), [Path(one) for one in against], settings, logs)[0]


def _built(
    folder: Path, against: Sequence[Path], settings: Settings, agreement: Path | None
) -> tuple[Document, tuple[Material, ...]]:
    materials = read_materials(folder, against, settings)
    words = report_words(settings.lang)
    first, *earlier = materials
    rounds = list_phrase((one.round for one in earlier), settings.lang)
    document = Document(
        title=words["title"].format(first.scheme.name or words["report"], first.round),
        subtitle=words["subtitle_against"].format(rounds) if earlier else words["subtitle"],
        lang=settings.lang,
        sections=tuple(_named_apart(list(_sections(materials, settings, agreement)))),
        runs=tuple((run_name(one), manifest_sha256(one)) for one in dict.fromkeys([folder, *against])),
        settings=asdict(settings),
        public=settings.public,
    )
    return document, materials


def _sections(materials: Sequence[Material], settings: Settings, agreement: Path | None) -> Iterator[Section]:
    """Give the sections in the order of the published reports."""
    first = materials[0]
    yield how_section(first, settings)
    yield from progress_sections(first, settings)
    yield from causes_sections(first, settings)
    yield from assessment_sections(first, settings)
    yield from crosstable_sections(first, settings)
    yield from compared_sections(materials, settings)
    yield from method_sections(materials, settings, agreement)
    yield from annex_sections(first, settings)


def _named_apart(sections: Sequence[Section]) -> Iterator[Section]:
    """Give parts of one kind with one name a number each."""
    used: dict[tuple[type, str], int] = {}

    def own(kind: type, name: str) -> str:
        used[kind, name] = used.get((kind, name), 0) + 1
        return name if used[kind, name] == 1 else f"{name}-{used[kind, name]}"

    def named(block: Block) -> Block:
        if isinstance(block, Table | Picture | Verbatims):
            return replace(block, name=own(type(block), block.name))
        return block

    for one in sections:
        yield replace(one, name=own(Section, one.name), blocks=tuple(map(named, one.blocks)))


def run_name(folder: Path) -> str:
    """Name a run folder for readers; one that lies in the folder of a round with that.

    Examples
    --------
    >>> run_name(Path("rounds/coded-2024/audited")), run_name(Path("rounds/coded-2024"))
    ('coded-2024/audited', 'coded-2024')
    """
    own = folder.resolve()
    return f"{own.parent.name}/{own.name}" if own.name in ("audited", "reviewed") else own.name


def _write_report(
    out: Path,
    files: Sequence[str],
    folders: Sequence[Path],
    settings: Settings,
    agreement: Path | None,
) -> None:
    """Say what the report rests on, so that it can be made again and checked."""
    runs = [
        {"folder": _beside(one, out), "run_sha256": manifest_sha256(one)} for one in dict.fromkeys(folders)
    ]
    found: dict[str, Any] = {
        "samorsak": __version__,
        "runs": runs,
        "settings": asdict(settings),
        "agreement": None if agreement is None else _beside(agreement, out),
        "files": list(files),
    }
    write_text(out / REPORT, json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def _beside(folder: Path, out: Path) -> str:
    """Give the way from the report to a run, with slashes; its name where there is none (Windows drives)."""
    try:
        return Path(os.path.relpath(folder, out)).as_posix()
    except ValueError:
        return folder.name
