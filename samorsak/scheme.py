"""The category scheme: questions, categories, residuals, a report's lines, and the lexicon beside it.

A scheme is a folder with `scheme.yaml` and `lexicon/*.jsonl`, or a single YAML file. Everything a person can
write wrongly is checked here, once, and reported with its place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from samorsak.errors import SchemeError, collected
from samorsak.text import nfc

SCHEMES = Path(__file__).parent / "schemes"
"""Where the schemes that travel with the package live, one folder each."""

OTHER = "other"
NO_CAUSE = "no_cause"
ALL_QUESTIONS = "*"

_DEFAULT_RESIDUAL = {
    NO_CAUSE: {"label_sv": "Ingen orsak angiven", "label_en": "No cause given"},
}

Key = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value)]
"""A category id, line or year: text, also where YAML read a number."""

Kind = Literal["word", "phrase", "clause", "idiom", "statement"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Labelled(_Strict):
    """Anything with a name people read: by language, else `label`."""

    label: str | None = None
    label_sv: str | None = None
    label_en: str | None = None

    def name(self, fallback: str, lang: str = "sv") -> str:
        """Give the label in a language, else any label, else the fallback."""
        first, second = (self.label_sv, self.label_en) if lang == "sv" else (self.label_en, self.label_sv)
        return first or self.label or second or fallback


class Category(Labelled):
    """One cause of the scheme.

    `definition` and `excludes` (written `not` in YAML) are what a coder reads and what a model learns from;
    `report` says under which line of a published report the category is counted, null for none (`other`).
    """

    definition: str | None = None
    excludes: str | None = Field(None, alias="not")
    report: dict[Key, Key | None] = {}


class Residual(Labelled):
    """A residual outcome: `other` (a cause that no category covers) or `no_cause`."""

    rule: str | None = None


class Question(_Strict):
    """One open question and its categories, in the scheme's order."""

    text: str | None = None
    text_sv: str | None = None
    text_en: str | None = None
    categories: dict[Key, Category]

    def wording(self, fallback: str, lang: str = "sv") -> str:
        """Give the question as it was asked, in a language where there is one."""
        first, second = (self.text_sv, self.text_en) if lang == "sv" else (self.text_en, self.text_sv)
        return first or self.text or second or fallback


class Scheme(_Strict):
    """A category scheme as it stands in YAML, checked.

    See Also
    --------
    read_scheme : from a file, a folder or the name of a scheme in the package.
    """

    version: int = 1
    name: str | None = None
    language: str = "sv"
    borders: list[str] = []
    residual: dict[Key, Residual] = {}
    questions: dict[Key, Question]
    lines: dict[Key, dict[Key, Labelled]] = {}
    published: dict[Key, Any] = {}

    def question(self, name: str) -> Question:
        """Give a question by its id; SchemeError names those there are."""
        try:
            return self.questions[name]
        except KeyError:
            known = ", ".join(self.questions)
            raise SchemeError(f"question is {name!r}, the scheme has: {known}") from None

    def outcomes(self, question: str) -> tuple[str, ...]:
        """Give every category a statement can get: the question's own, then `other` where the scheme has it.

        `no_cause` is not among them: it is the absence of a cause, and an outcome of every model.
        """
        own = [c for c in self.question(question).categories if c not in (OTHER, NO_CAUSE)]
        return (*own, OTHER) if self.has_other(question) else tuple(own)

    def has_other(self, question: str) -> bool:
        """Say whether a cause that fits nothing has a place: a residual, or a category with that id."""
        return OTHER in self.residual or OTHER in self.question(question).categories

    def label(self, question: str, category: str, lang: str = "sv") -> str:
        """Give the name people read for a category, a residual or `no_cause`."""
        found: Labelled | None = self.question(question).categories.get(category) or self.residual.get(category)
        if found is None and category in _DEFAULT_RESIDUAL:
            found = Residual(**_DEFAULT_RESIDUAL[category])
        return category if found is None else found.name(category, lang)

    def reports(self) -> tuple[str, ...]:
        """Give the reports whose lines the categories are counted under, in order: ``("2023", "2024")``."""
        named = {r for q in self.questions.values() for c in q.categories.values() for r in c.report}
        return tuple(sorted(named | set(self.lines)))

    def line_of(self, question: str, category: str, report: str) -> str:
        """Give the report's line a category is counted under; `other` where the report has none."""
        if category in (OTHER, NO_CAUSE):
            return category
        return self.question(question).categories[category].report.get(report) or OTHER

    def line_label(self, question: str, line: str, report: str, lang: str = "sv") -> str:
        """Give a line's label: its own, else that of the category with its id."""
        named = self.lines.get(report, {}).get(line)
        return named.name(line, lang) if named else self.label(question, line, lang)

    def report_lines(self, question: str, report: str) -> tuple[str, ...]:
        """Give a report's lines for a question in the scheme's order, `other` last."""
        if report not in self.reports():
            raise SchemeError(f"lines is {report!r}, the scheme has: {', '.join(('scheme', *self.reports()))}")
        own = [self.line_of(question, c, report) for c in self.outcomes(question)]
        return (*dict.fromkeys(line for line in own if line != OTHER), OTHER)

    def fingerprint(self) -> str:
        """Hash what the scheme means, not how its YAML is laid out.

        Returns
        -------
        str
            Sixteen hexadecimal digits; labels, published figures and the order of keys do not change it,
            category ids, definitions, borders, rules and the reports' lines do.
        """
        meaning = {
            "borders": self.borders,
            "residual": {k: r.rule for k, r in self.residual.items()},
            "questions": {
                q: {c: [v.definition, v.excludes, sorted(v.report.items())] for c, v in found.categories.items()}
                for q, found in self.questions.items()
            },
        }
        packed = json.dumps(meaning, sort_keys=True, ensure_ascii=False).encode()
        return hashlib.sha256(packed).hexdigest()[:16]


class LexiconEntry(_Strict):
    """A way people state a category, written by hand; without `question` it holds for the file's question."""

    category: Key
    kind: Kind = "phrase"
    text: str = Field(min_length=1)
    question: Key | None = None


def scheme_folder(name_or_path: str | Path) -> Path:
    """Find a scheme: the name of one in the package, a folder, or a YAML file. Gives the YAML file's path."""
    path = Path(name_or_path)
    if path.is_dir():
        path = path / "scheme.yaml"
    if path.is_file():
        return path
    packaged = SCHEMES / str(name_or_path) / "scheme.yaml"
    if packaged.is_file():
        return packaged
    known = ", ".join(sorted(p.name for p in SCHEMES.iterdir() if (p / "scheme.yaml").is_file()))
    raise SchemeError(f"{name_or_path}: no such scheme; give a YAML file, a folder, or one of: {known}")


def read_scheme(name_or_path: str | Path) -> Scheme:
    """Read and check a scheme.

    Parameters
    ----------
    name_or_path : str or Path
        A YAML file, a folder that holds `scheme.yaml`, or the name of a scheme in the package.

    Raises
    ------
    SchemeError
        The file is not there, is no YAML, or contradicts itself; says where.

    Examples
    --------
    >>> read_scheme("af").outcomes("missed")[:2]
    ('low_labour_demand', 'unclear_goals')
    """
    path = scheme_folder(name_or_path)
    try:
        raw = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_UniqueKeys)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SchemeError(f"{path} line {line}: {error.problem}") from None
    except (UnicodeDecodeError, yaml.YAMLError):
        raise SchemeError(f"{path}: not readable as YAML in utf-8") from None
    if not isinstance(raw, Mapping):
        raise SchemeError(f"{path}: found {type(raw).__name__}, expected a mapping with 'questions'")
    try:
        scheme = Scheme.model_validate(raw)
    except ValidationError as error:
        lines = [f"{path} {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise SchemeError(collected(lines, "faults in the scheme")) from None
    problems = list(_contradictions(scheme))
    if problems:
        raise SchemeError(collected([f"{path} {problem}" for problem in problems], "faults in the scheme"))
    return scheme


def _contradictions(scheme: Scheme) -> Iterator[str]:
    """Find what pydantic can't: clashes between parts that are each well formed."""
    if not scheme.questions:
        yield "questions: found none, expected at least one"
    for unknown in sorted(set(scheme.residual) - {OTHER, NO_CAUSE}):
        yield f"residual: {unknown!r} is neither 'other' nor 'no_cause'"
    for q, question in scheme.questions.items():
        where = f"questions.{q}"
        if not question.categories:
            yield f"{where}: no categories, expected at least one"
        folded: dict[str, str] = {}
        labels: dict[str, str] = {}
        for c, category in question.categories.items():
            if not c.strip() or c != c.strip() or any(mark in c for mark in ";,\n\t"):
                yield f"{where}.{c}: an id has no spaces around it and no ';', ',' or line break"
            if c in scheme.residual or c == NO_CAUSE:
                yield f"{where}.{c}: the id of a residual; give the category another"
            if (twin := folded.setdefault(c.casefold(), c)) != c:
                yield f"{where}.{c}: differs from {twin!r} in upper and lower case only"
            if (twin := labels.setdefault(category.name(c).casefold(), c)) != c:
                yield f"{where}.{c}: has the same label as {twin!r}"
        for report, lines in scheme.lines.items():
            for line in lines:
                if line in question.categories and line not in {
                    v.report.get(report) for v in question.categories.values()
                }:
                    yield f"lines.{report}.{line}: is also a category of {q!r} that is counted elsewhere"


class _UniqueKeys(yaml.SafeLoader):
    """YAML lets a later key overwrite an earlier one silently; a category written twice is a fault."""


def _mapping(loader: _UniqueKeys, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in seen:
            raise yaml.MarkedYAMLError(problem=f"{key!r} stands twice", problem_mark=key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_lexicon(path: str | Path, scheme: Scheme) -> list[LexiconEntry]:
    """Read lexicon entries from a JSON Lines file or a folder of them.

    An entry without `question` belongs to the question its file is named after (`achieved.jsonl`), else to
    the scheme's only question.

    Raises
    ------
    SchemeError
        A line is no entry, or names a question or category that the scheme does not have.
    """
    root = Path(path)
    files = sorted(root.glob("*.jsonl")) if root.is_dir() else [root]
    entries: list[LexiconEntry] = []
    problems: list[str] = []
    for file in files:
        for number, line in enumerate(_lines(file), 1):
            if not line.strip():
                continue
            try:
                entries.append(_entry(line, file.stem, scheme))
            except SchemeError as error:
                problems.append(f"{file} line {number}: {error}")
    if problems:
        raise SchemeError(collected(problems, "faults in the lexicon"))
    return entries


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        raise SchemeError(f"{file}: not readable as JSON Lines in utf-8") from None


def _entry(line: str, stem: str, scheme: Scheme) -> LexiconEntry:
    try:
        entry = LexiconEntry.model_validate(json.loads(line))
    except json.JSONDecodeError:
        raise SchemeError("not a JSON object") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise SchemeError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    question = entry.question or _question_of(stem, scheme)
    allowed = (*scheme.outcomes(question), NO_CAUSE)
    if entry.category not in allowed:
        raise SchemeError(f"category is {entry.category!r}, {question!r} has: {', '.join(allowed)}")
    return entry.model_copy(update={"question": question, "text": nfc(entry.text)})


def _question_of(stem: str, scheme: Scheme) -> str:
    # achieved.jsonl and achieved-statements.jsonl both belong to the question `achieved`
    for name in (stem, stem.rpartition("-")[0]):
        if name in scheme.questions:
            return name
    if len(scheme.questions) == 1:
        return next(iter(scheme.questions))
    raise SchemeError(f"question is missing; name the file after one of: {', '.join(scheme.questions)}")


KINDS: tuple[str, ...] = get_args(Kind)
"""The kinds a lexicon entry may be of, from a single word to a whole statement."""
