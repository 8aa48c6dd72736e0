"""The annotated examples of a category that are nearest to what a person has in front of her."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samorsak.annotations import Annotation, categories_of
from samorsak.encode import Encoder
from samorsak.pipeline.nearness import encoder_for
from samorsak.scheme import NO_CAUSE


@dataclass(frozen=True, slots=True)
class Example:
    """A stretch that a person gave the category, and the answer it stands in: ``answer[start:end]``."""

    answer: str
    start: int
    end: int


class NearestExamples:
    """Annotated statements by question and category, each category's vectors made when it is first asked for.

    Parameters
    ----------
    annotations : sequence of Annotation
        Those decided by marked stretches are examples; an answer without a cause is one of `no_cause`.
    language : str
        Of the texts; decides the encoder.
    open_encoder : callable, optional
        Gives another encoder. Nothing is loaded before the first question.
    """

    def __init__(
        self,
        annotations: Sequence[Annotation] = (),
        language: str = "sv",
        open_encoder: Callable[[], Encoder] | None = None,
    ) -> None:
        self._open = open_encoder or (lambda: encoder_for(language))
        self._encoder: Encoder | None = None
        self._examples: dict[tuple[str, str], list[Example]] = {}
        self._vectors: dict[tuple[str, str], npt.NDArray[np.float32]] = {}
        for annotation in annotations:
            self._take(annotation)

    def _take(self, annotation: Annotation) -> None:
        text = annotation.text
        if annotation.decided and categories_of(annotation) == {NO_CAUSE}:
            own = self._examples.setdefault((annotation.question, NO_CAUSE), [])
            own.append(Example(text, 0, len(text)))
        for marked in annotation.statements or ():
            if marked.category != NO_CAUSE:
                own = self._examples.setdefault((annotation.question, marked.category), [])
                own.append(Example(text, marked.start, marked.end))

    def find(self, question: str, category: str, text: str, answer: str = "", n: int = 3) -> list[Example]:
        """Give the `n` examples of a category nearest to a text, the nearest first.

        Parameters
        ----------
        question, category, text : str
        answer : str
            The answer being decided: what was decided of the same words before is no example of itself.
        n : int

        Returns
        -------
        list of Example
            No stretch twice; empty where the category has no example.
        """
        key = question, category
        examples = self._examples.get(key, [])
        if not examples:
            return []
        self._encoder = self._encoder or self._open()
        if key not in self._vectors:
            self._vectors[key] = self._encoder.encode([e.answer[e.start : e.end] for e in examples])
        cosine = self._vectors[key] @ self._encoder.encode([text])[0]
        found: dict[str, Example] = {}
        for place in np.argsort(-cosine, kind="stable").tolist():
            example = examples[place]
            if example.answer != answer:
                found.setdefault(example.answer[example.start : example.end], example)
            if len(found) == n:
                break
        return list(found.values())
