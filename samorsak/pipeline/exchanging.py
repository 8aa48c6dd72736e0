"""Annotations out to the files of other programs, and in from them: all of a file or none of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from samorsak.annotations import Annotation, Store
from samorsak.annotations import exchange as ex
from samorsak.annotations.exchange.doccano import Unit, Unmarked
from samorsak.annotations.exchange.rows import answer_fields, counted, kept_fields
from samorsak.annotations.log import LONGEST
from samorsak.annotations.reading import annotation_files
from samorsak.annotations.store import checked_annotator
from samorsak.answers.columns import Columns, column_name
from samorsak.answers.files import read_bytes, read_table
from samorsak.errors import AnnotationError, InputError, collected
from samorsak.pipeline.annotated import masked, read_masked_annotations
from samorsak.report.delimited import replacing, write_rows, write_text
from samorsak.report.sheets import MAX_TEXT, Column, Sheet, write_workbook
from samorsak.scheme import Scheme, read_scheme
from samorsak.spss import sps_text, write_sav

Format: TypeAlias = Literal["label-studio", "doccano", "docbin", "wide", "wide-codes", "spss"]

SUFFIXES: dict[Format, tuple[str, ...]] = {
    "label-studio": (".json",),
    "doccano": (".jsonl",),
    "docbin": (".spacy",),
    "wide": (".xlsx", ".csv"),
    "wide-codes": (".xlsx", ".csv"),
    "spss": (".sav",),
}
"""How a file of each format is called when it is written."""

_LARGEST = 2**29  # bytes


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What an export or import did.

    Attributes
    ----------
    annotations : int
    paths : tuple of Path
        What was written.
    notes : tuple of str
        What the format cannot hold, or what was left out; a sentence each.
    """

    annotations: int
    paths: tuple[Path, ...]
    notes: tuple[str, ...]


def export_annotations(
    paths: Sequence[Path],
    out: Path,
    format: Format,
    *,
    scheme: str | Path = "af",
    unit: Unit = "utf-16",
    lang: Literal["sv", "en"] = "sv",
) -> Exchanged:
    """Write annotations for another program; personal data in them are masked.

    Parameters
    ----------
    paths : sequence of Path
        JSON Lines files, or folders of them. Of logs, what holds of each annotator.
    out : Path
        Beside a ``.sav`` file its syntax (``.sps``) is written, beside Label Studio's the configuration for
        labelling (``.xml``).
    format : {'label-studio', 'doccano', 'docbin', 'wide', 'wide-codes', 'spss'}
    scheme : str or Path
    unit : {'utf-16', 'code-points'}
        What offsets count in a file for doccano.
    lang : {'sv', 'en'}
        Of labels.

    Raises
    ------
    AnnotationError, SchemeError
        What is read is not as expected.
    InputError
        The file cannot be written, or its name does not end as the format's does.
    """
    if out.suffix.lower() not in SUFFIXES[format]:
        raise InputError(f"{out}: expected a name that ends in {' or '.join(SUFFIXES[format])} for {format}")
    by = read_scheme(scheme)
    found = _held(paths, by)
    if format == "label-studio":
        lost = _write_text(out, ex.label_studio_json(found))
        beside = out.with_suffix(".xml")
        asked = [q for q in by.questions if any(a.question == q for a in found)]
        write_text(beside, ex.labelling_config(by, asked, lang))
        return Exchanged(len(found), (out, beside), lost)
    if format == "doccano":
        return Exchanged(len(found), (out,), _write_text(out, ex.doccano_lines(found, unit)))
    if format == "docbin":
        packed = ex.docbin_bytes(found, by)
        with replacing(out) as part:
            part.write_bytes(packed.content)
        return Exchanged(len(found), (out,), packed.lost)
    if format == "spss":
        return _write_spss(out, found, by, lang)
    return _write_wide(out, found, by, format == "wide-codes")


def _held(paths: Sequence[Path], scheme: Scheme) -> list[Annotation]:
    """Read what holds of each annotator: a file is one annotator's, and nobody's decision hides another's."""
    held: dict[tuple[str, str, str, str], Annotation] = {}
    problems = []
    for file in annotation_files(paths):
        for found in read_masked_annotations([file], scheme, undecided_ok=True):
            earlier = held.get(_key(found))
            if earlier is None or not earlier.decided:
                held[_key(found)] = found
            elif found.decided and not _same(earlier, found):
                problems.append(
                    f"{file}: answer {found.answer_id!r} is decided otherwise than in {earlier.source}, by "
                    "the same annotator or by one without a name; keep one of them"
                )
    if problems:
        raise AnnotationError(collected(problems, "answers decided twice"))
    return list(held.values())


def _write_text(out: Path, written: ex.Exported[str]) -> tuple[str, ...]:
    write_text(out, written.content)
    return written.lost


def _write_wide(out: Path, found: Sequence[Annotation], scheme: Scheme, joined: bool) -> Exchanged:
    laid = ex.wide_rows(found, scheme, joined=joined)
    header, rows = laid.content
    lost = list(laid.lost)
    if out.suffix.lower() == ".csv":
        write_rows(out, header, [["" if cell is None else str(cell) for cell in row] for row in rows])
    else:
        columns = [Column(name, 60 if name == "text" else 12, "text") for name in header]
        write_workbook(out, [Sheet("Svar", columns, rows, list)], "samorsak")
        long = sum(len(a.text.encode("utf-16-le")) // 2 > MAX_TEXT for a in found)
        lost += [f"{counted(long, 'text')} longer than a cell holds, cut"] if long else []
    return Exchanged(len(found), (out,), tuple(lost))


def _write_spss(out: Path, found: Sequence[Annotation], scheme: Scheme, lang: str) -> Exchanged:
    laid = ex.spss_variables(found, scheme, lang)
    variables, sets = laid.content
    write_sav(out, variables, scheme.name or "")
    beside = out.with_suffix(".sps")
    write_text(beside, "\ufeff" + sps_text(out.name, sets))
    return Exchanged(len(found), (out, beside), laid.lost)


def import_annotations(
    path: Path,
    out: Path,
    format: Format,
    *,
    scheme: str | Path = "af",
    annotator: str | None = None,
    fields: ex.Fields | None = None,
    codes: str | None = None,
    unmarked: Unmarked = "refuse",
    unit: Unit = "utf-16",
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Exchanged:
    """Read annotations of another program, and write them as JSON Lines or into a store; all or none.

    Personal data in them are masked.

    Parameters
    ----------
    path : Path
    out : Path
        A ``.jsonl`` file, which must not be there, or the folder of a store.
    format : {'label-studio', 'doccano', 'docbin', 'wide', 'wide-codes', 'spss'}
    scheme : str or Path
    annotator : str, optional
        Who decided, where the file has decisions of one person or does not say.
    fields : Fields, optional
        What ids, texts, questions and rounds are called in the file.
    codes : str, optional
        The column of joined codes.
    unmarked : {'refuse', 'no_cause', 'undecided'}
        What a row or line without a cause says, where that can mean two things.
    unit : {'utf-16', 'code-points'}
        What offsets count in a file of doccano.
    sheet, encoding, delimiter : str, optional
        As for `samorsak.open_round`.

    Raises
    ------
    AnnotationError, InputError, SchemeError
        The file is not as expected; everything that is wrong is said, and nothing is written.
    """
    if out.suffix.lower() == ".jsonl" and out.exists():
        raise AnnotationError(f"{out}: exists already; choose another file, or a folder to add to")
    by = read_scheme(scheme)
    fields = fields or ex.Fields()
    if format in ("wide", "wide-codes", "spss"):
        table = _table(path, fields, sheet=sheet, encoding=encoding, delimiter=delimiter)
        wanted = codes or (ex.wide.CODES if format == "wide-codes" else None)
        read = ex.read_wide(table, by, fields, codes=wanted, unmarked=unmarked)
    elif format == "label-studio":
        read = ex.read_label_studio(_text(path), path.name, by, fields)
    elif format == "doccano":
        read = ex.read_doccano(_text(path), path.name, by, fields, unit=unit, unmarked=unmarked)
    else:
        read = ex.read_docbin(_bounded(path), path.name, by)
    read = ex.annotated_by(read, annotator, path.name)
    found = [masked(annotation) for annotation in read.annotations]
    if not found:
        raise AnnotationError("; ".join([f"{path}: no decision in it, expected at least one", *read.notes]))
    if out.suffix.lower() == ".jsonl":
        write_text(out, "".join(json.dumps(_row(a), ensure_ascii=False) + "\n" for a in found))
        return Exchanged(len(found), (out,), read.notes)
    return _append(found, out, by, read.notes)


def _bounded(path: Path) -> bytes:
    if path.is_file() and path.stat().st_size > _LARGEST:
        raise InputError(f"{path}: {path.stat().st_size} bytes, expected at most {_LARGEST}; split the file")
    return read_bytes(path)


def _text(path: Path) -> str:
    try:
        return _bounded(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AnnotationError(f"{path}: not utf-8, expected the file as it was exported") from None


def _table(path: Path, fields: ex.Fields, **options: str | None) -> Any:
    """Read a table whose columns of ids and texts are named."""
    columns = Columns(column_name(fields.answer_id), {"text": column_name(fields.text)}, "")
    return read_table(path, _bounded(path), columns, **options)


def _row(a: Annotation) -> dict[str, Any]:
    row = answer_fields(a)
    if a.statements is not None:
        row["statements"] = [asdict(marked) for marked in a.statements]
    if a.categories is not None:
        row["categories"] = list(a.categories)
    return {**row, **kept_fields(a)}


def _append(found: Sequence[Annotation], folder: Path, scheme: Scheme, notes: Sequence[str]) -> Exchanged:
    """Add decisions to a store once all of them can be; those that are there already are passed over."""
    problems = []
    for name in sorted({a.annotator for a in found}):
        try:
            checked_annotator(name)
        except AnnotationError as error:
            problems.append(f"{error}; say it with --annotator")
    for a in found:
        if (size := len(json.dumps(_row(a)).encode())) > LONGEST // 2:
            problems.append(f"answer {a.answer_id!r} of {a.annotator}: {size:,} bytes, too long for a log")
    if problems:
        raise AnnotationError(collected(problems, "faults, and nothing imported"))
    store = Store(folder, scheme)
    there = {_key(recorded.annotation): recorded.annotation for recorded in store.view()}
    added = replaced = 0
    for annotation in found:
        earlier = there.get(_key(annotation))
        if earlier is not None and _same(earlier, annotation):
            continue
        replaced += earlier is not None
        store.append(annotation)
        added += 1
    said = [*notes, *store.notes]
    if added < len(found):
        said.append(f"{counted(len(found) - added, 'decision')} in the store already, passed over")
    if replaced:
        said.append(f"{counted(replaced, 'decision')} in the place of earlier ones of the same annotator")
    return Exchanged(added, (folder,), tuple(said))


def _key(a: Annotation) -> tuple[str, str, str, str]:
    return a.annotator, a.round, a.question, a.answer_id


def _same(one: Annotation, other: Annotation) -> bool:
    """Say whether two decisions are one, whenever and by whichever version of the scheme they were made."""
    blank = {"source": "", "made_at": None, "scheme": ""}
    return replace(one, **blank) == replace(other, **blank)  # type: ignore[arg-type]
