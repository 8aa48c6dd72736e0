"""spaCy's DocBin: stretches as a span group, causes of a whole answer as ``cats``, the rest as user data.

A DocBin is zlib-packed msgpack; reading one runs no code (srsly reads arrays with ``numpy.frombuffer``, which
refuses objects). Only texts, spans, cats and user data are taken from it; whatever else a pipeline stored is
not looked at. spaCy counts in code points. Its spans consist of whole tokens, so tokens end where a stretch
does.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from samorsak.annotations.exchange.rows import (
    KEPT,
    Exported,
    Imported,
    Names,
    Place,
    answer_fields,
    checked,
    counted,
    kept_fields,
    refuse,
)
from samorsak.annotations.model import Annotation
from samorsak.errors import AnnotationError
from samorsak.scheme import NO_CAUSE, Scheme

GROUP = "statements"
"""Name of the span group; a file of another program may call it ``sc``, as spaCy's span categoriser does."""

_LARGEST = 2**29  # bytes unpacked
_PIECES = re.compile(r"\w+|[^\w\s]+|\s")


def docbin_bytes(annotations: Iterable[Annotation], scheme: Scheme) -> Exported[bytes]:
    """Write annotations as a DocBin (``.spacy``), a document for each.

    Examples
    --------
    >>> from samorsak.annotations import Marked
    >>> scheme = Scheme.model_validate({"questions": {"lost": {"categories": {"rain": {}}}}})
    >>> done = Annotation("1", "", "lost", "Ösregn.", (Marked(2, 6, "rain"),), None, "a")
    >>> read_docbin(docbin_bytes([done], scheme).content, "a.spacy", scheme).annotations == (done,)
    True
    """
    from spacy.tokens import Doc, DocBin, Span, SpanGroup
    from spacy.vocab import Vocab

    vocab = Vocab()
    packed = DocBin(attrs=["ORTH"], store_user_data=True)
    for a in annotations:
        marks = a.statements or ()
        words, spaces = _tokens(a.text, {m.start for m in marks}, {m.end for m in marks})
        doc = Doc(vocab, words=words, spaces=spaces)
        doc.user_data = {**answer_fields(a), **kept_fields(a), "decided": a.decided}
        del doc.user_data["text"]
        if a.statements is not None:
            first = {token.idx: token.i for token in doc}
            last = {token.idx + len(token): token.i + 1 for token in doc}
            spans = [Span(doc, first[m.start], last[m.end], label=m.category) for m in marks]
            doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=spans)
        if a.categories is not None:
            chosen = a.categories or (NO_CAUSE,)
            outcomes = (*scheme.outcomes(a.question), NO_CAUSE)
            doc.cats = {category: float(category in chosen) for category in outcomes}
        packed.add(doc)
    return Exported(packed.to_bytes())


def _tokens(text: str, starts: set[int], ends: set[int]) -> tuple[list[str], list[bool]]:
    """Cut a text into tokens so that every stretch consists of whole ones; joined they are the text."""
    words: list[str] = []
    spaces: list[bool] = []
    cuts = sorted({0, len(text), *starts, *ends})
    for begin, end in pairwise(cuts):
        for match in _PIECES.finditer(text, begin, end):
            at = match.start()
            if match[0] == " " and words and not spaces[-1] and at not in starts and at + 1 not in ends:
                spaces[-1] = True
            else:
                words.append(match[0])
                spaces.append(False)
    return words, spaces


def read_docbin(raw: bytes, source: str, scheme: Scheme) -> Imported:
    """Read a DocBin whose documents say in their user data which answer they are.

    Parameters
    ----------
    raw : bytes
        The whole file.
    source : str
        Its name, for messages; without suffix it is the annotations' source.
    scheme : Scheme

    Raises
    ------
    AnnotationError
        No DocBin, one that unpacks to more than 512 MB, or documents that are not as expected; every fault is
        said, and nothing given.
    """
    problems: list[str] = []
    places: list[Place] = []
    unread = 0
    names = Names(scheme)
    for number, doc in enumerate(_docs(raw, source), 1):
        where = f"{source} document {number}"
        try:
            row = _row(doc, names)
        except ValueError as error:
            problems.append(f"{where}: {error}")
            continue
        except (LookupError, TypeError, AttributeError):  # strings that are not there, values of other kinds
            problems.append(f"{where}: damaged, expected spans and user data as spaCy writes them")
            continue
        if row is None:
            unread += 1
        else:
            places.append((where, row))
    refuse(problems)
    notes = [f"{counted(unread, 'document')} without spans and cats left out"] if unread else []
    return Imported(checked(places, source.rpartition(".")[0] or source, scheme), tuple(notes))


def _docs(raw: bytes, source: str) -> Iterator[Any]:
    from spacy.attrs import ORTH
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(raw, _LARGEST)
        if unpacker.unconsumed_tail:
            raise AnnotationError(
                f"{source}: unpacks to more than {_LARGEST} bytes, expected less; split the file"
            )
        packed = DocBin().from_bytes(raw)
        column = packed.attrs.index(ORTH)
        packed.tokens = [tokens[:, [column]] for tokens in packed.tokens]  # nothing else is looked at
        packed.attrs = [ORTH]
        yield from list(packed.get_docs(Vocab()))
    except AnnotationError:
        raise
    except Exception:  # whatever spaCy, srsly and numpy meet in a damaged file: the file is to blame
        raise AnnotationError(
            f"{source}: damaged or no DocBin, expected a .spacy file; write it again"
        ) from None


def _row(doc: Any, names: Names) -> dict[str, Any] | None:
    said: Mapping[Any, Any] = doc.user_data
    if not said.get("answer_id"):
        raise ValueError("user_data has no 'answer_id', expected one; set it before the DocBin is written")
    row: dict[str, Any] = {"text": doc.text}
    for name in ("answer_id", "round", "question", *KEPT):
        if said.get(name):
            row[name] = list(said[name]) if name == "flags" else said[name]
    question = str(row.get("question", ""))
    if not question and len(names.scheme.questions) == 1:
        question = next(iter(names.scheme.questions))
    if (group := _group(doc)) is not None:
        row["statements"] = [
            {
                "start": span.start_char,
                "end": span.end_char,
                "category": names.category(question, doc.vocab.strings[span.label]),
            }
            for span in group
        ]
    elif doc.cats:
        row["categories"] = [
            names.category(question, str(c)) for c, given in doc.cats.items() if given >= 0.5
        ]
    elif "flags" not in row:
        return None
    return row


def _group(doc: Any) -> Any:
    found = dict(doc.spans)
    for name in (GROUP, "sc"):
        if name in found:
            return found[name]
    if len(found) > 1:
        listed = ", ".join(repr(name) for name in list(found)[:10] if len(name) <= 40)
        raise ValueError(f"span groups {listed}, expected {GROUP!r} or only one; rename it")
    return next(iter(found.values()), None)
