"""A scheme out to a REFI-QDA codebook, and one in from a program for qualitative analysis."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from samorsak.errors import SchemeError
from samorsak.report.delimited import replacing, write_text
from samorsak.scheme import Scheme, qdc_bytes, read_qdc, read_scheme, scheme_text
from samorsak.scheme.qdc import NOT_HELD

SUFFIX = ".qdc"


@dataclass(frozen=True, slots=True)
class ImportedScheme:
    """A scheme that was made of a codebook.

    Attributes
    ----------
    scheme : Scheme
    notes : tuple of str
        What was made of what a scheme does not have; a sentence each.
    paths : tuple of Path
        The files written.
    """

    scheme: Scheme
    notes: tuple[str, ...]
    paths: tuple[Path, ...]


def export_scheme(
    name_or_path: str | Path, out: Path, *, lang: Literal["sv", "en"] = "sv"
) -> tuple[str, ...]:
    """Write a scheme as a REFI-QDA codebook; give what it cannot hold, a sentence each.

    Parameters
    ----------
    name_or_path : str or Path
        As for `samorsak.scheme.read_scheme`.
    out : Path
        A ``.qdc`` file.
    lang : {'sv', 'en'}
        Of the names that a program shows.

    Raises
    ------
    SchemeError
        The scheme contradicts itself, or the file is no ``.qdc``.
    InputError
        The file cannot be written.
    """
    if out.suffix.lower() != SUFFIX:
        raise SchemeError(f"{out}: expected a name that ends in {SUFFIX}")
    packed = qdc_bytes(read_scheme(name_or_path), lang)
    with replacing(out) as part:
        part.write_bytes(packed)
    return NOT_HELD


def import_scheme(path: Path, folder: Path, *, question: tuple[str, str] | None = None) -> ImportedScheme:
    """Make a scheme, with an empty lexicon, of a REFI-QDA codebook.

    Parameters
    ----------
    path : Path
        A ``.qdc`` file.
    folder : Path
        Made where it does not exist.
    question : tuple of str, optional
        Id and wording of the one question that all codes answer; see `samorsak.scheme.read_qdc`.

    Raises
    ------
    SchemeError
        Not a codebook, or the folder holds a scheme already; nothing is written then.
    InputError
        A file cannot be written.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        raise SchemeError(f"{path}: no such file, or not readable; expected a codebook (.qdc)") from None
    found = read_qdc(raw, str(path), question)
    target = folder / "scheme.yaml"
    if target.exists():
        raise SchemeError(f"{target}: exists already; choose another folder")
    lexicons = [folder / "lexicon" / f"{q}.jsonl" for q in found.scheme.questions]
    try:
        (folder / "lexicon").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SchemeError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from None
    for lexicon in lexicons:
        if not lexicon.exists():
            write_text(lexicon, "")
    write_text(target, scheme_text(found.scheme))
    return ImportedScheme(found.scheme, found.notes, (target, *lexicons))
