"""Rows that were decided under an earlier version of a scheme, carried over to this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from samorsak.annotations.model import Annotation, categories_of
from samorsak.annotations.rows import AnnotationRow
from samorsak.scheme import NO_CAUSE, Place, Scheme, Step, successors


class Carrier:
    """Carries rows over by the crosswalk of a scheme, and remembers what became of them.

    A row does not say under which version it was decided, so ids decide: one that its question has now stays,
    any other is followed through the crosswalk. Merged and renamed categories are mapped. An answer all of
    whose causes moved to one other question is an example there. An answer with a category that was split,
    and whose id is gone, is left out whole: which part it gives is not known, so neither that it gives a part
    nor that it does not can be learned from it. So is one with causes in two questions now.

    Attributes
    ----------
    scheme : Scheme

    Examples
    --------
    >>> from samorsak.annotations.rows import parse_row
    >>> from samorsak.scheme import Rename, next_version
    >>> old = Scheme.model_validate({"questions": {"lost": {"categories": {"wet": {}}}}})
    >>> step = Rename.model_validate({"question": "lost", "from": "wet", "to": "rain"})
    >>> carrier = Carrier(next_version(old, {1: step}))
    >>> carrier(parse_row('{"answer_id": "1", "text": "Det regnade.", "categories": ["wet"]}')).categories
    ['rain']
    >>> list(carrier.notes(()))
    ['lost: 1 annotated answer: wet is now rain']
    """

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self._told: dict[tuple[str, str], set[tuple[str, str]]] = {}  # answers by question and what is said

    def __call__(self, row: AnnotationRow) -> AnnotationRow | None:
        """Carry a row over; None where it is left out. What no version has is left to the checks."""
        only = next(iter(self.scheme.questions)) if len(self.scheme.questions) == 1 else ""
        question = row.question or only
        if not self.scheme.crosswalk or question not in self.scheme.questions:
            return row
        ids = dict.fromkeys([*(mark.category for mark in row.statements or ()), *(row.categories or ())])
        now = {id_: successors(self.scheme, question, id_) for id_ in ids}
        if not all(now.values()):  # the row will be refused, for what no version has and nothing else
            here = {id_: [c for q, c in places if q == question] for id_, places in now.items()}
            return _mapped(row, question, {id_: own[0] if own else id_ for id_, own in here.items()})
        parted = [id_ for id_, places in now.items() if len(places) > 1]
        if parted:
            for id_ in parted:
                parts = ", ".join(self._named(question, place) for place in now[id_])
                self._say(row, question, f"{id_} was split; say of each statement which it is: {parts}", True)
            return None
        homes = {places[0][0] for id_, places in now.items() if id_ != NO_CAUSE} or {question}
        if len(homes) > 1:
            self._say(row, question, f"their causes are now those of {' and '.join(sorted(homes))}", True)
            return None
        for id_, (place,) in now.items():
            if id_ != NO_CAUSE and place != (question, id_):
                self._say(row, question, f"{id_} is now {self._named(question, place)}")
        return _mapped(row, homes.pop(), {id_: places[0][1] for id_, places in now.items()})

    def _named(self, question: str, place: Place) -> str:
        return place[1] if place[0] == question else f"{place[1]} of {place[0]}"

    def _say(self, row: AnnotationRow, question: str, what: str, left_out: bool = False) -> None:
        key = question, f" left out, as {what}" if left_out else f": {what}"
        self._told.setdefault(key, set()).add((row.round or "", row.answer_id))

    def told(self) -> Iterator[str]:
        """Say what became of the rows; a line each."""
        for (question, said), answers in self._told.items():
            yield f"{question}: {_counted(len(answers))}{said}"

    def notes(self, annotations: Sequence[Annotation]) -> Iterator[str]:
        """Say what became of the rows, and what nobody can tell from them; a line each.

        Parameters
        ----------
        annotations : sequence of Annotation
            The rows that were carried over.
        """
        yield from self.told()
        for step in self.scheme.crosswalk:
            yield from _untold(step, self.scheme, annotations)


def _untold(step: Step, scheme: Scheme, annotations: Sequence[Annotation]) -> Iterator[str]:
    """Say what a step changed that a row does not show."""
    asked = step.question
    if step.step == "new":
        for question, category in successors(scheme, asked, step.targets[0]):
            n, of = _giving(annotations, question, category)
            yield (
                f"{question}: {category} is new in version {step.after}; {n} of {_counted(of)} with it, "
                "those from before were read without it in mind"
            )
    if step.step == "split":
        own = scheme.questions[asked].categories
        for category in [c for c in step.sources if c in step.targets and c in own]:
            n, _ = _giving(annotations, asked, category)
            yield (
                f"{asked}: {category} was split in version {step.after} and means a part now; {_counted(n)} "
                "with it, look through those from before"
            )


def _mapped(row: AnnotationRow, question: str, to: dict[str, str]) -> AnnotationRow:
    marks, whole = row.statements, row.categories
    return row.model_copy(
        update={
            "question": question,
            "statements": marks and [m.model_copy(update={"category": to[m.category]}) for m in marks],
            "categories": whole and [to[c] for c in whole],
        }
    )


def _giving(annotations: Sequence[Annotation], question: str, category: str) -> tuple[int, int]:
    decided = [a for a in annotations if a.question == question and a.decided]
    return sum(category in categories_of(a) for a in decided), len(decided)


def _counted(n: int) -> str:
    return f"{n} annotated {'answer' if n == 1 else 'answers'}"
