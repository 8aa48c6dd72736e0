"""The widget itself: a thin skin over a session; the page asks, the session answers."""

from __future__ import annotations

from typing import Any, Literal

import anywidget
import traitlets
from pydantic import BaseModel, ValidationError

from samorsak.annotations import Marked
from samorsak.annotations.rows import MarkRow
from samorsak.errors import AnnotationError, SamorsakError
from samorsak.pipeline.nearest import NearestExamples
from samorsak.pipeline.session import Session
from samorsak.widget.shown import STATIC, example_shown, scheme_shown, session_shown, texts
from samorsak.wording import Lang

SCRIPTS = ("offsets.js", "draft.js", "page.js", "painting.js", "acts.js", "widget.js")
"""One module in several files, the first the lowest; nothing builds or fetches them."""


class _Message(BaseModel):
    """What the page asks. `id` is its own; the same question asked twice is done once."""

    id: str
    do: Literal["decide", "skip", "undo", "go", "skipped", "about", "look"]
    place: int = 0
    statements: list[MarkRow] = []
    note: str = ""
    flagged: bool = False
    category: str = ""
    text: str = ""


class AnnotationWidget(anywidget.AnyWidget):
    """Shows a session, and does what the page asks.

    Parameters
    ----------
    session : Session
    nearest : NearestExamples
    lang : {'sv', 'en'}
    """

    _esm = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS)
    _css = (STATIC / "widget.css").read_text(encoding="utf-8")

    lang = traitlets.Unicode("sv").tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    scheme = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, session: Session, nearest: NearestExamples, lang: Lang = "sv") -> None:
        self.session = session
        self._lang: Lang = lang
        self._nearest = nearest
        self._answered: tuple[str, dict[str, Any]] = ("", {})
        self._seq = 0
        super().__init__(
            lang=lang,
            texts=texts(lang),
            scheme=scheme_shown(session.scheme, lang),
            shown=self._show(lang),
        )
        self.on_msg(self._on_message)

    def _on_message(self, _: object, content: object, __: object) -> None:
        self.send(self.answer(content))

    def answer(self, content: object) -> dict[str, Any]:
        """Do what a message asks, and give the reply; what is shown is set before.

        A message whose `id` was the last answered is not done again: the page asks again where no reply came.
        """
        try:
            message = _Message.model_validate(content)
        except ValidationError:
            return {"re": "", "ok": False, "error": texts(self._lang)["not_understood"]}
        if message.id == self._answered[0]:
            return self._answered[1]
        try:
            reply = {"re": message.id, "ok": True, **self._do(message)}
        except (SamorsakError, OSError) as error:
            return {"re": message.id, "ok": False, "error": str(error)}
        if message.do != "about":
            self.shown = self._show(self._lang)
            # in the reply as well: the page may hear it before the trait has changed
            reply["shown"] = self.shown
            self._answered = message.id, reply
        return reply

    def _show(self, lang: Lang) -> dict[str, Any]:
        self._seq += 1
        return {"seq": self._seq, **session_shown(self.session, lang)}

    def _do(self, message: _Message) -> dict[str, Any]:
        session = self.session
        if message.do == "decide":
            marked = [Marked(m.start, m.end, m.category) for m in message.statements]
            recorded = session.decide(message.place, marked, note=message.note, flagged=message.flagged)
            return {"did": "decided" if recorded else "unchanged"}
        if message.do == "skip":
            skipped = session.skip(message.place, note=message.note, flagged=message.flagged)
            return {"did": "skipped" if skipped else "unchanged"}
        if message.do == "undo":
            return {"did": "nothing_to_undo" if session.undo() is None else "undone"}
        if message.do == "about":
            return {"examples": self._examples(message)}
        if message.do == "go":
            session.go(message.place)
        elif message.do == "skipped":
            session.go_skipped()
        else:
            session.refresh()
        return {"did": "moved"}

    def _examples(self, message: _Message) -> list[dict[str, Any]]:
        row = self.session.row(message.place)
        if message.category not in {c["id"] for c in self.scheme[row.question]["categories"]}:
            raise AnnotationError(f"category is {message.category!r}, expected one of the question")
        found = self._nearest.find(row.question, message.category, message.text, row.text)
        return [example_shown(example) for example in found]
