"""Files of annotations, line by line, with every fault collected and told where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from samorsak.annotations.carrying import Carrier
from samorsak.annotations.checks import annotation_of
from samorsak.annotations.model import Annotation, Marked
from samorsak.annotations.rows import RowError, parse_row
from samorsak.errors import AnnotationError, collected
from samorsak.scheme import Scheme


def read_annotations(
    paths: Sequence[Path],
    scheme: Scheme,
    *,
    undecided_ok: bool = False,
    twice_ok: bool = True,
    carrier: Carrier | None = None,
) -> tuple[Annotation, ...]:
    r"""Read annotations and check them against the scheme.

    Parameters
    ----------
    paths : sequence of Path
        JSON Lines files, or folders of them (their ``*.jsonl`` in the order of their names).
    scheme : Scheme
        Says which questions and categories there are.
    undecided_ok : bool
        Keep rows with neither statements nor categories, as an audit has them, instead of refusing them.
    twice_ok : bool
        Let an answer stand twice where its rows agree.
    carrier : Carrier, optional
        Carries rows over that were decided under an earlier version of the scheme; those it leaves out are
        not among what is given.

    Returns
    -------
    tuple of Annotation
        In file order. Where the same decision about an answer stands twice, the first is kept. Offsets in a
        text with ``\r\n`` are carried over into the text with ``\n``.

    Raises
    ------
    AnnotationError
        A path that is not there, or rows that are no annotations, fit neither their text nor the scheme, or
        contradict each other; says where.
    """
    kept: dict[tuple[str, str, str], tuple[str, Annotation]] = {}
    problems: list[str] = []
    for place, source, line in _placed_lines(paths):
        try:
            row = parse_row(line)
            carried = carrier(row) if carrier else row
            if carried is None:
                continue
            found = annotation_of(carried, source, scheme, undecided_ok)
        except RowError as error:
            problems += [f"{place}: {fault}" for fault in error.faults]
            continue
        key = (found.round, row.question or found.question, found.answer_id)
        first, earlier = kept.setdefault(key, (place, found))
        if not twice_ok and first != place:
            problems.append(f"{place}: answer {found.answer_id!r} stands on {first} already; take one out")
        elif _decision(earlier) != _decision(found):
            problems.append(
                f"{place}: answer {found.answer_id!r} has another text or decision than on {first}, "
                "expected the same; keep one of them"
            )
    if problems:
        raise AnnotationError(collected(problems, "faults in the annotations"))
    return tuple(annotation for _, annotation in kept.values())


_Decision = tuple[str, tuple[Marked, ...] | None, frozenset[str] | None]


def _decision(annotation: Annotation) -> _Decision:
    whole = None if annotation.categories is None else frozenset(annotation.categories)
    return annotation.text, annotation.statements, whole


def _placed_lines(paths: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    """Yield where each row stands, its source, and the row."""
    for file in _files(paths):
        for number, line in enumerate(_lines(file), 1):
            if line.strip():
                yield f"{file} line {number}", file.stem, line


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            # macOS leaves files that begin with a dot beside those it copies
            inside = [file for file in path.iterdir() if _is_json_lines(file) and file.name[0] != "."]
            if not inside:
                raise AnnotationError(f"{path}: no .jsonl files in the folder, expected one or more")
            yield from sorted(inside, key=lambda file: file.name)
        elif not path.exists():
            raise AnnotationError(f"{path}: no such file or folder; check the spelling")
        elif not _is_json_lines(path):
            raise AnnotationError(f"{path}: not a .jsonl file, expected one or a folder; save as JSON Lines")
        else:
            yield path


def _is_json_lines(file: Path) -> bool:
    return file.suffix.lower() == ".jsonl" and file.is_file()


def _lines(file: Path) -> list[str]:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise AnnotationError(
            f"{file}: cannot be read ({error.strerror}); close it in other programs"
        ) from None
    try:
        # not splitlines: a text may hold the other line breaks that Unicode knows
        return raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise AnnotationError(f"{file} line {line}: not utf-8; save the file as utf-8") from None
