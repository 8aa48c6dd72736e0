"""Annotations as the models see them: without personal data, their offsets carried over."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from samorsak.annotations import Annotation, Carrier, Marked, read_annotations, read_decisions
from samorsak.errors import AnnotationError, collected
from samorsak.privacy import Masked, carry, mask
from samorsak.scheme import Scheme
from samorsak.text import nfc, sha256, unify_breaks

AUDIT = "audit.jsonl"
"""What the sample of an audit is called in the folder of a coded round."""


def read_masked_annotations(
    paths: Sequence[Path], scheme: Scheme, *, undecided_ok: bool = False, carrier: Carrier | None = None
) -> tuple[Annotation, ...]:
    """Read annotations and mask the personal data in them, as `open_round` does with a round.

    Parameters
    ----------
    paths : sequence of Path
        JSON Lines files, or folders of them.
    scheme : Scheme
    undecided_ok : bool
        Keep rows that nobody has decided yet.
    carrier : Carrier, optional
        As for `samorsak.annotations.read_annotations`.

    Raises
    ------
    AnnotationError
        As `samorsak.annotations.read_annotations` and `masked`.
    """
    return tuple(map(masked, read_annotations(paths, scheme, undecided_ok=undecided_ok, carrier=carrier)))


def read_lessons(
    paths: Sequence[Path],
    scheme: Scheme,
    audits: Sequence[Path] = (),
    say: Callable[[str], None] | None = None,
) -> tuple[Annotation, ...]:
    """Read the annotations that a model may learn from: none of an audit, which judges models.

    Those made under an earlier version of the scheme are carried over, see `samorsak.annotations.Carrier`.

    A row of an audit made by hand is refused, one of a log left out. It is told by its `audit` field, and
    without it by its text, which stands in an audit that is named or found: in the folders of the
    annotations, in the working folder, and in the folders of these.

    Parameters
    ----------
    paths, scheme
        As for `read_masked_annotations`.
    audits : sequence of Path
        Files of audits, or run folders.
    say : callable, optional
        Told what was carried over and what was left out.

    Raises
    ------
    AnnotationError
        A row made by hand is of an audit, an audit cannot be read, or as `read_masked_annotations`.
    """
    carrier = Carrier(scheme)
    decisions = read_decisions(paths, scheme, carrier=carrier)
    found = [(bool(d.id), masked(d.annotation)) for d in decisions.found]
    texts: dict[str, object] = {
        digest: file for file in _audit_files(paths, audits) for digest in _audited_texts(file)
    }
    texts |= {text_sha256(a.text): f"the audit draw {a.audit!r}" for a in decisions.audited}
    lessons: list[Annotation] = []
    problems: list[str] = []
    of_audits: Counter[str] = Counter()
    for logged, a in found:
        where = f"the audit draw {a.audit!r}" if a.audit else texts.get(text_sha256(a.text))
        if where is None:
            lessons.append(a)
        elif logged:  # a line of a log cannot be taken out
            of_audits[a.question] += 1
        else:
            problems.append(
                f"{a.source}: answer {a.answer_id!r} is of {where}, expected no audited answer to "
                "learn from; take the row out"
            )
    if problems:
        raise AnnotationError(collected(problems, "rows of an audit"))
    if say:
        for note in (*carrier.notes(lessons), *decisions.notes()):
            say(note)
        for question, n in of_audits.items():
            say(f"{question}: {n} annotated {'answer' if n == 1 else 'answers'} left out, as of an audit")
    return tuple(lessons)


def _audit_files(paths: Sequence[Path], audits: Sequence[Path]) -> Iterator[Path]:
    """Yield each audit file once."""
    named = [path / AUDIT if path.is_dir() else path for path in audits]
    folders = [Path(), *(path if path.is_dir() else path.parent for path in paths)]
    beside = [file for folder in folders for depth in ("", "*/") for file in folder.glob(f"{depth}{AUDIT}")]
    yield from {file.resolve(): file for file in [*sorted(beside), *named]}.values()


def _audited_texts(file: Path) -> Iterator[str]:
    """Give the hash of every text in the file of an audit, decided or not."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
        for line in filter(str.strip, lines):
            yield text_sha256(json.loads(line)["text"])
    except OSError:
        raise AnnotationError(f"{file}: no such file, or not readable; expected an audit") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AnnotationError(
            f"{file}: not the file of an audit, expected rows with a text; mend it or move it away"
        ) from None


def text_sha256(text: str) -> str:
    """Hash a text; personal data, line breaks and how letters are composed make no difference.

    Examples
    --------
    >>> text_sha256("Ring 070-174 06 05") == text_sha256("Ring [telefon]")
    True
    """
    return sha256(nfc(mask(unify_breaks(text)).text))


def masked(annotation: Annotation) -> Annotation:
    """Mask the personal data in an annotation's text and note, and carry its statements over.

    Raises
    ------
    AnnotationError
        Two statements share one masked number or address, and nothing would be left of one of them.

    Examples
    --------
    >>> found = masked(Annotation("1", "", "q", "Ring 070-1740605 nu", (Marked(17, 19, "301"),), None, "a"))
    >>> found.text, found.statements
    ('Ring [telefon] nu', (Marked(start=15, end=17, category='301'),))
    """
    text, note = mask(annotation.text), mask(annotation.note)
    if not text.spans and not note.spans:
        return annotation
    statements = annotation.statements and tuple(_carried(annotation, annotation.statements, text))
    return replace(annotation, text=text.text, note=note.text, statements=statements)


def _carried(annotation: Annotation, marked: Sequence[Marked], text: Masked) -> Iterator[Marked]:
    done = 0
    for (start, end), old in zip(carry([(m.start, m.end) for m in marked], text), marked, strict=True):
        start = max(start, done)  # a word in brackets that two statements share belongs to the first
        if not text.text[start:end].strip():
            raise AnnotationError(
                f"{annotation.source}: answer {annotation.answer_id!r} has two statements in one number or "
                "address, expected one; move a border"
            )
        done = end
        yield Marked(start, end, old.category)
