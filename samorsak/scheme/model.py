"""The nouns: a scheme, its questions, categories and residuals, and what can be asked of them."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from samorsak.errors import SchemeError

OTHER = "other"
NO_CAUSE = "no_cause"

_DEFAULT_RESIDUAL = {
    NO_CAUSE: {"label_sv": "Ingen orsak angiven", "label_en": "No cause given"},
}


def _as_text(value: object) -> object:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if number else value


Key = Annotated[str, BeforeValidator(_as_text)]
"""A category id, line or year: text, also where YAML read a number."""


class Strict(BaseModel):
    """What every part of a scheme has in common: a name it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Labelled(Strict):
    """Anything with a name people read: by language, else `label`."""

    label: str | None = None
    label_sv: str | None = None
    label_en: str | None = None

    def name(self, fallback: str, lang: str = "sv") -> str:
        """Give the label in a language, else any label, else the fallback."""
        first, second = (self.label_sv, self.label_en) if lang == "sv" else (self.label_en, self.label_sv)
        return first or self.label or second or fallback

    def labels(self) -> dict[str, str | None]:
        """Give every label there is room for."""
        return {"label": self.label, "label_sv": self.label_sv, "label_en": self.label_en}


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


class Question(Strict):
    """One open question and its categories, in the scheme's order."""

    text: str | None = None
    text_sv: str | None = None
    text_en: str | None = None
    categories: dict[Key, Category]

    def wording(self, fallback: str, lang: str = "sv") -> str:
        """Give the question as it was asked, in a language where there is one."""
        first, second = (self.text_sv, self.text_en) if lang == "sv" else (self.text_en, self.text_sv)
        return first or self.text or second or fallback


class Step(Strict):
    """One step of a scheme's crosswalk: which ids of one version became which ids of the next.

    `sources` and `targets` are written `from` and `to` in YAML; `to_question` stands only in a `move`.
    """

    step: Literal["new", "split", "merge", "rename", "move"]
    question: Key
    to_question: Key | None = None
    sources: tuple[Key, ...] = Field((), alias="from")
    targets: tuple[Key, ...] = Field(alias="to")
    before: int
    after: int


class Scheme(Strict):
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
    crosswalk: list[Step] = []

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
        own = self.question(question).categories
        found: Labelled | None = own.get(category) or self.residual.get(category)
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
            known = ", ".join(("scheme", *self.reports()))
            raise SchemeError(f"lines is {report!r}, the scheme has: {known}")
        own = [self.line_of(question, c, report) for c in self.outcomes(question)]
        return (*dict.fromkeys(line for line in own if line != OTHER), OTHER)

    def fingerprint(self) -> str:
        """Hash what the scheme means, not how its YAML is laid out.

        Returns
        -------
        str
            Sixteen hexadecimal digits; labels, published figures, the crosswalk and the order of keys do not
            change it, category ids, definitions, borders, rules and the reports' lines do.
        """
        meaning = {
            "borders": self.borders,
            "residual": {k: r.rule for k, r in self.residual.items()},
            "questions": {
                name: {
                    c: [v.definition, v.excludes, sorted(v.report.items())]
                    for c, v in question.categories.items()
                }
                for name, question in self.questions.items()
            },
        }
        packed = json.dumps(meaning, sort_keys=True, ensure_ascii=False).encode()
        return hashlib.sha256(packed).hexdigest()[:16]
