"""The next version of a scheme, made of the accepted proposals, with its steps in the crosswalk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from samorsak.errors import SchemeError, collected
from samorsak.scheme.model import NO_CAUSE, OTHER, Category, Labelled, Question, Scheme, Step
from samorsak.scheme.proposals import Border, Merge, Move, New, Proposal, Rename, Split
from samorsak.scheme.reading import contradictions

_LABELS = ("label", "label_sv", "label_en")


def next_version(scheme: Scheme, proposals: Mapping[int, Proposal], where: str = "proposals") -> Scheme:
    """Make the next version of a scheme.

    Every proposal speaks of the ids of `scheme`, so that a category can be split, merged, renamed or moved
    once in a version.

    Parameters
    ----------
    scheme : Scheme
    proposals : mapping of int to Proposal
        Accepted ones, by line, as `read_proposals` gives them.
    where : str
        The file, for messages.

    Returns
    -------
    Scheme
        Its version is one higher, its crosswalk longer by a step for each proposal that is no border.

    Raises
    ------
    SchemeError
        Nothing is accepted, or proposals contradict the scheme or each other; all of them are named.

    Examples
    --------
    >>> old = Scheme.model_validate({"questions": {"lost": {"categories": {"rain": {}}}}})
    >>> hail = New(question="lost", id="hail", label="Hail", definition="Ice that falls.")
    >>> next_version(old, {1: hail}).outcomes("lost")
    ('rain', 'hail')
    """
    if not proposals:
        raise SchemeError(f"{where}: no proposal is accepted; write 'accept: yes' in those to apply")
    draft = _Draft(scheme)
    problems: list[str] = []
    for line, proposal in proposals.items():
        try:
            draft.apply(proposal)
        except SchemeError as error:
            problems.append(f"{where} line {line}: {error}")
    if not problems:
        made = draft.scheme_made()
        problems = [f"{where}: the scheme made {problem}" for problem in contradictions(made)]
    if problems:
        raise SchemeError(collected(problems, "faults in the proposals"))
    return made


class _Draft:
    """A version in the making."""

    def __init__(self, scheme: Scheme) -> None:
        self.old = scheme
        self.questions = {q: dict(question.categories) for q, question in scheme.questions.items()}
        self.borders = list(scheme.borders)
        self.steps: list[Step] = []
        self.claimed: set[tuple[str, str]] = set()

    def apply(self, proposal: Proposal) -> None:
        self.old.question(proposal.question)
        match proposal:
            case New():
                self._new(proposal)
            case Split():
                self._split(proposal)
            case Merge():
                self._merge(proposal)
            case Border():
                self._known(proposal.question, proposal.between, residuals=True)
                if not (proposal.rule or "").strip():
                    raise SchemeError("rule is empty; write one that decides between the categories")
                self.borders.append(str(proposal.rule))
            case Rename():
                self._rename(proposal)
            case Move():
                self._move(proposal)

    def _new(self, asked: New) -> None:
        self._free(asked.question, [asked.id])
        self.questions[asked.question][asked.id] = _defined(asked.id, asked)
        self._step("new", asked.question, (), (asked.id,))

    def _split(self, asked: Split) -> None:
        question, parent = asked.question, asked.source
        self._known(question, [parent])
        self._free(question, [part for part in asked.to if part != parent])
        whole = self.old.question(question).categories[parent]
        parts = {
            part: _with(_defined(part, category), report={**whole.report, **category.report})
            for part, category in asked.to.items()
        }
        self._claim(question, [parent])
        self._replace(question, [parent], parts)
        self._step("split", question, (parent,), tuple(parts))

    def _merge(self, asked: Merge) -> None:
        question, to = asked.question, asked.to
        own = self.old.question(question).categories
        ids = list(dict.fromkeys([*asked.sources, *([to] if to in own else [])]))
        self._known(question, ids)
        if len(ids) < 2:
            raise SchemeError(f"from is {', '.join(ids)}, expected two categories or more to merge")
        if to not in own:
            self._free(question, [to])
        given = {name: value for name, value in _category(asked).items() if value}
        merged = Category.model_validate(
            {**(own[to].model_dump(by_alias=True) if to in own else {}), **given}
        )
        report = {**_shared_lines([own[c] for c in ids], asked.report), **asked.report}
        checked = merged if to in own else _defined(to, merged)
        self._claim(question, ids)
        self._replace(question, ids, {to: _with(checked, report=report)})
        self._step("merge", question, tuple(ids), (to,))

    def _rename(self, asked: Rename) -> None:
        question, source = asked.question, asked.source
        self._known(question, [source])
        to = asked.to or source
        if to != source:
            self._free(question, [to])
        labels = {name: label for name in _LABELS if (label := getattr(asked, name))}
        if to == source and not labels:
            raise SchemeError("neither to nor a label is given; write the id or the label it is to have")
        self._claim(question, [source])
        self._replace(
            question, [source], {to: _with(self.old.question(question).categories[source], **labels)}
        )
        self._step("rename", question, (source,), (to,))

    def _move(self, asked: Move) -> None:
        question, target = asked.question, asked.to_question
        self._known(question, [asked.source])
        self.old.question(target)
        if target == question:
            raise SchemeError(f"to_question is {target!r}, where the category is already")
        to = asked.to or asked.source
        self._free(target, [to])
        self._claim(question, [asked.source])
        self.questions[target][to] = self.questions[question].pop(asked.source)
        self._step("move", question, (asked.source,), (to,), target)

    def _known(self, question: str, ids: Sequence[str], residuals: bool = False) -> None:
        own = self.old.question(question).categories
        known = [*own, *(r for r in (OTHER, NO_CAUSE) if residuals and r not in own)]
        for id_ in ids:
            if id_ not in known:
                raise SchemeError(f"category is {id_!r}, {question!r} has: {', '.join(known)}")

    def _claim(self, question: str, ids: Iterable[str]) -> None:
        for id_ in ids:
            if (question, id_) in self.claimed:
                raise SchemeError(
                    f"{id_!r} is in an earlier accepted proposal; accept one now, and one in the next version"
                )
        self.claimed.update((question, id_) for id_ in ids)

    def _free(self, question: str, ids: Sequence[str]) -> None:
        """Ids are stable: one that has meant something is not given to something else."""
        retired = {(s.question, c) for s in self.old.crosswalk for c in s.sources}
        for id_ in ids:
            if id_ in self.old.question(question).categories or id_ in self.questions[question]:
                raise SchemeError(f"id is {id_!r}, which {question!r} has already; choose another")
            if id_ in (OTHER, NO_CAUSE) or (question, id_) in retired:
                what = "a residual" if id_ in (OTHER, NO_CAUSE) else "a category of an earlier version"
                raise SchemeError(f"id is {id_!r}, that of {what}; choose another")

    def _replace(self, question: str, ids: Sequence[str], by: Mapping[str, Category]) -> None:
        """Put categories in the place of the first that they replace."""
        order: dict[str, Category] = {}
        own = self.questions[question]
        first = next(c for c in own if c in ids)
        for id_, category in own.items():
            if id_ == first:
                order.update(by)
            elif id_ not in ids:
                order[id_] = category
        self.questions[question] = order

    def _step(
        self,
        kind: str,
        question: str,
        sources: tuple[str, ...],
        targets: tuple[str, ...],
        to: str | None = None,
    ) -> None:
        version = self.old.version
        self.steps.append(
            Step.model_validate(
                {
                    **{"step": kind, "question": question, "to_question": to, "from": sources, "to": targets},
                    **{"before": version, "after": version + 1},
                }
            )
        )

    def scheme_made(self) -> Scheme:
        """Give the version, checked by its types; a report's lines keep their names."""
        questions = {
            q: Question(**{**dict(asked), "categories": self.questions[q]})
            for q, asked in self.old.questions.items()
        }
        return self.old.model_copy(
            update={
                "version": self.old.version + 1,
                "questions": questions,
                "borders": self.borders,
                "lines": self._lines(questions),
                "crosswalk": [*self.old.crosswalk, *self.steps],
            }
        )

    def _lines(self, questions: Mapping[str, Question]) -> dict[str, dict[str, Labelled]]:
        """Name the lines that were named by a category with their id, where that id is gone."""
        lines = {report: dict(named) for report, named in self.old.lines.items()}
        for q, question in questions.items():
            for category in question.categories.values():
                for report, line in category.report.items():
                    homes = (self.old.question(q), *self.old.questions.values())  # it may have moved here
                    before = next((h.categories[line] for h in homes if line in h.categories), None)
                    if line and before and line not in question.categories:
                        lines.setdefault(report, {}).setdefault(line, Labelled(**before.labels()))
        return lines


def _category(asked: Category) -> dict[str, object]:
    return {field.alias or name: getattr(asked, name) for name, field in Category.model_fields.items()}


def _with(category: Category, **changes: object) -> Category:
    return category.model_copy(update=changes)


def _defined(id_: str, asked: Category) -> Category:
    """Give a category that a coder can use; a draft may lack its label or its definition."""
    if not any((label or "").strip() for label in asked.labels().values()):
        raise SchemeError(f"{id_!r} has no label; write label, label_sv or label_en")
    if not (asked.definition or "").strip():
        raise SchemeError(f"{id_!r} has no definition; write what belongs to it")
    return Category.model_validate(_category(asked))


def _shared_lines(categories: Sequence[Category], given: Mapping[str, str | None]) -> dict[str, str | None]:
    """Give the reports' lines that merged categories have in common."""
    shared: dict[str, str | None] = {}
    for report in dict.fromkeys(r for c in categories for r in c.report):
        found = list(dict.fromkeys(c.report.get(report) for c in categories))
        if len(found) > 1 and report not in given:
            named = " and ".join(line or OTHER for line in found)
            raise SchemeError(f"report {report} counts them under {named}; write report: {{{report}: LINE}}")
        shared[report] = found[0]
    return shared
