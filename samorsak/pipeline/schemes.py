"""A scheme of one's own: begun from a template, and checked for what is still missing."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from samorsak.errors import SchemeError
from samorsak.report.delimited import write_text
from samorsak.scheme import NO_CAUSE, LexiconEntry, Scheme, read_lexicon, read_scheme, scheme_folder

TEMPLATES = Path(__file__).parent.parent / "templates"

_ID = re.compile(r"\w[\w.-]*")
_PLACE = re.compile("@([a-z]+)@")


@dataclass(frozen=True, slots=True)
class SchemeCheck:
    """What a scheme holds, and what a coder or a model would miss in it.

    Attributes
    ----------
    path : Path
        The scheme's YAML file.
    scheme : Scheme
    entries : mapping of str to mapping of str to int
        Lexicon entries by question and outcome; every outcome stands there, also without entries.
    warnings : tuple of str
        One line each.
    """

    path: Path
    scheme: Scheme
    entries: Mapping[str, Mapping[str, int]]
    warnings: tuple[str, ...]


def new_scheme(
    folder: str | Path, questions: Mapping[str, str] | None = None, language: str = "sv"
) -> tuple[Path, ...]:
    """Write a commented scheme and an empty lexicon for another survey.

    Parameters
    ----------
    folder : str or Path
        Made where it does not exist.
    questions : mapping of str to str, optional
        Id to wording; one example question where not given.
    language : str
        Of the answers, an ISO code.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    SchemeError
        The folder holds a scheme already, or an id cannot be the name of a file.
    InputError
        A file cannot be written.
    """
    folder = Path(folder)
    asked = questions or {"causes": "What do you think are the main causes?"}
    path = folder / "scheme.yaml"
    if path.exists():
        raise SchemeError(f"{path}: exists already; choose another folder")
    for question in asked:
        if not _ID.fullmatch(question):
            raise SchemeError(f"question is {question!r}, expected an id of letters, digits, '_', '-' or '.'")
    if not re.fullmatch("[a-z]{2,3}", language):
        raise SchemeError(f"language is {language!r}, expected an ISO code such as 'sv' or 'en'")
    block = _template("question.yaml")
    written = "\n".join(_filled(block, id=_quoted(id_), text=_quoted(text)) for id_, text in asked.items())
    name = folder.resolve().name
    whole = _filled(
        _template("scheme.yaml"), name=_quoted(name), language=_quoted(language), questions=written
    )
    lexicons = [folder / "lexicon" / f"{question}.jsonl" for question in asked]
    try:
        lexicons[0].parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SchemeError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from None
    write_text(path, whole)
    for lexicon in lexicons:
        if not lexicon.exists():
            write_text(lexicon, "")
    return (path, *lexicons)


def check_scheme(name_or_path: str | Path, lexicon: Sequence[str | Path] = ()) -> SchemeCheck:
    """Read a scheme and its lexicon, and say what is missing or stands in two places.

    Parameters
    ----------
    name_or_path : str or Path
        As for `samorsak.scheme.read_scheme`.
    lexicon : sequence of str or Path
        Files or folders; the folder ``lexicon`` beside the scheme where not given.

    Raises
    ------
    SchemeError
        The scheme or the lexicon contradicts itself.
    """
    path = scheme_folder(name_or_path)
    scheme = read_scheme(name_or_path)
    own = path.parent / "lexicon"
    sources = lexicon or ([own] if own.is_dir() else [])
    entries = [entry for source in sources for entry in read_lexicon(source, scheme)]
    given = Counter((entry.question, entry.category) for entry in entries)
    counts = {
        question: {c: given[question, c] for c in (*scheme.outcomes(question), NO_CAUSE)}
        for question in scheme.questions
    }
    warnings = [
        *(line for question in scheme.questions for line in _missing(scheme, question, counts[question])),
        *_twofold(entries),
    ]
    return SchemeCheck(path, scheme, counts, tuple(warnings))


def _missing(scheme: Scheme, question: str, entries: Mapping[str, int]) -> Iterator[str]:
    categories = scheme.question(question).categories
    if undefined := [c for c, category in categories.items() if not category.definition]:
        yield f"{question}: no definition for {', '.join(undefined)}"
    if unnamed := [c for c in categories if scheme.label(question, c) == c]:
        yield f"{question}: no label for {', '.join(unnamed)}"
    if unsaid := [c for c, n in entries.items() if not n]:
        yield f"{question}: no lexicon entry for {', '.join(unsaid)}"
    if not scheme.has_other(question):
        yield f"{question}: no residual 'other'; a cause that fits nothing gets a wrong category"
    for report in scheme.reports():
        if uncounted := [c for c, category in categories.items() if report not in category.report]:
            yield f"{question}: no line of report {report} for {', '.join(uncounted)}; counted under 'other'"


def _twofold(entries: Sequence[LexiconEntry]) -> Iterator[str]:
    """Find lexicon texts that teach two things at once, or the same thing twice."""
    places: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    for entry in entries:
        places[entry.question, entry.text.casefold()].append(entry.category)
    for (question, text), categories in places.items():
        if len(set(categories)) > 1:
            yield f"{question}: lexicon has {text!r} under {' and '.join(dict.fromkeys(categories))}"
    repeated = Counter(
        question for (question, _), categories in places.items() if len(categories) > len(set(categories))
    )
    for question, n in repeated.items():
        yield f"{question}: lexicon has {n} texts more than once under the same category"


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _filled(template: str, **values: str) -> str:
    return _PLACE.sub(lambda place: values[place[1]], template)


def _quoted(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, default_style='"', width=math.inf).strip()
