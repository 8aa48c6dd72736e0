"""A person decides about answers, one after the other: where she is, what she decided, and how far it is.

Nothing here knows a notebook: the widget shows a session, and asks it for everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from samorsak.annotations import Annotation, Marked, Origin, QueueRow, Recorded, Store
from samorsak.annotations.store import checked_annotator
from samorsak.errors import AnnotationError
from samorsak.pipeline.session_rows import checked
from samorsak.scheme import Scheme

State = Literal["open", "skipped", "decided"]

LAST = 20
"""How many decisions the pace is taken from."""

PAUSE = 300.0
"""Seconds after which a person was elsewhere; the pace leaves such a decision out."""

_Key = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a session is; `seconds` for a decision at the median, None before there are three."""

    total: int
    decided: int
    skipped: int
    flagged: int
    seconds: float | None


class Session:
    """The rows of a queue, decided by one annotator into a store.

    Parameters
    ----------
    rows : iterable of QueueRow
    scheme : Scheme
    store : Store
        Every decision is on disk when a method that makes one returns.
    annotator : str
    blind : bool
        Show nothing that a machine made of the answers. A row of an audit is always blind.
    clock : callable
        Seconds, for the pace.

    Attributes
    ----------
    place : int
        The row that is shown, counted from 0; ``len(rows)`` when the session is through.

    Raises
    ------
    AnnotationError
        There are no rows, or some that do not fit the scheme, or the annotator's name is no name of a file.
    """

    def __init__(
        self,
        rows: Iterable[QueueRow],
        scheme: Scheme,
        store: Store,
        annotator: str,
        *,
        blind: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rows = checked(rows, scheme)
        if not self.rows:
            raise AnnotationError("no rows to decide, expected one or more; make a queue first")
        self.scheme, self.store, self.annotator = scheme, store, checked_annotator(annotator)
        self._blind = blind
        self._suggesting = any(row.statements or row.reasons for row in self.rows)
        self._clock = clock
        self._since = clock()
        self._took: list[float] = []
        self._written: list[tuple[str, int]] = []
        self._undone: dict[int, Annotation] = {}
        self._latest: dict[_Key, Recorded] = {}
        self.refresh()
        self.place = self._next(-1, skipped=False)

    def refresh(self) -> None:
        """Read what was decided since: another window, or another person, may have."""
        found = self.store.view()
        if any(row.repeat for row in self.rows):
            found += tuple(r for r in self.store.history() if "repeat" in r.annotation.flags)
        own = [recorded for recorded in found if recorded.annotation.annotator == self.annotator]
        self._latest = {_key_of(recorded.annotation): recorded for recorded in own}

    def row(self, place: int) -> QueueRow:
        """Give a row as it may be shown: without suggestions and reasons where it is decided blind.

        Raises
        ------
        AnnotationError
            There is no such row.
        """
        if not 0 <= place < len(self.rows):
            raise AnnotationError(f"row is {place + 1}, expected one of 1 to {len(self.rows)}")
        row = self.rows[place]
        return row.model_copy(update={"statements": (), "reasons": ()}) if self.blind(place) else row

    def blind(self, place: int) -> bool:
        """Say whether a row is decided without a machine's suggestion."""
        return self._blind or bool(self.rows[place].audit)

    def decision(self, place: int) -> Annotation | None:
        """Give what the annotator last said of a row: a decision, or that it was skipped or flagged."""
        recorded = self._latest.get(_key(self.rows[place]))
        return recorded.annotation if recorded else None

    def undone(self, place: int) -> Annotation | None:
        """Give the decision that was taken back here and not made again; it is a draft now."""
        return self._undone.get(place)

    def state(self, place: int) -> State:
        """Say whether a row is decided, skipped or still open."""
        found = self.decision(place)
        if found is None:
            return "open"
        return "decided" if found.decided else "skipped" if "skipped" in found.flags else "open"

    def decide(
        self, place: int, statements: Sequence[Marked], *, note: str = "", flagged: bool = False
    ) -> Recorded | None:
        """Write a decision down and go on to the next open row.

        Parameters
        ----------
        place : int
        statements : sequence of Marked
            Empty: no cause.
        note : str
        flagged : bool
            To be looked at again.

        Returns
        -------
        Recorded or None
            None where the row had been decided so already: nothing is written.

        Raises
        ------
        AnnotationError
            No such row, or stretches that fit neither text nor scheme.
        """
        marked = tuple(sorted(statements, key=lambda mark: mark.start))
        return self._record(place, marked, note, ("flagged",) if flagged else ())

    def skip(self, place: int, *, note: str = "", flagged: bool = False) -> Recorded | None:
        """Pass a row over, written down too; a row that is decided stays so."""
        self.row(place)
        if self.state(place) == "decided":
            self._leave(place, "decided")
            return None
        return self._record(place, None, note, ("flagged", "skipped") if flagged else ("skipped",))

    def undo(self) -> int | None:
        """Take back the last thing that was decided here, else the annotator's last of these rows.

        Returns
        -------
        int or None
            The row, which is shown again with the marks it had; None where there is nothing to take back.
        """
        recorded_id, place = self._written.pop() if self._written else self._last_recorded()
        if recorded_id is None:
            return None
        taken_back = {r.id: r.annotation for r in self.store.history()}.get(recorded_id)
        self.store.undo(recorded_id, self.annotator)
        self.refresh()
        if taken_back is not None and taken_back.decided:
            self._undone[place] = taken_back
        self.go(place)
        return place

    def go(self, place: int) -> None:
        """Show a row, at the ends the first or the last."""
        self.refresh()
        self.place = min(max(place, 0), len(self.rows) - 1)
        self._since = self._clock()

    def go_skipped(self) -> None:
        """Show the first row that was skipped, where there is one."""
        self.refresh()
        self.place = next((p for p in range(len(self.rows)) if self.state(p) == "skipped"), self.place)
        self._since = self._clock()

    def progress(self) -> Progress:
        """Count what is decided, and say how long a decision takes."""
        states = [self.state(place) for place in range(len(self.rows))]
        noted = [self.decision(place) for place in range(len(self.rows))]
        return Progress(
            total=len(states),
            decided=states.count("decided"),
            skipped=states.count("skipped"),
            flagged=sum(1 for found in noted if found and "flagged" in found.flags),
            seconds=median(self._took[-LAST:]) if len(self._took) >= 3 else None,
        )

    def _record(
        self, place: int, marked: tuple[Marked, ...] | None, note: str, flags: tuple[str, ...]
    ) -> Recorded | None:
        row, was, earlier = self.row(place), self.state(place), self.decision(place)
        kept = {*earlier.flags} - {"repeat"} if earlier else set()
        if earlier and (earlier.statements, earlier.note, kept) == (marked, note, {*flags}):
            self._leave(place, was)
            return None
        annotation = Annotation(
            answer_id=row.answer_id,
            round=row.round,
            question=row.question,
            text=row.text,
            statements=marked,
            categories=None,
            source=self.annotator,
            annotator=self.annotator,
            origin=self._origin(place, earlier),
            note=note,
            audit=row.audit,
            scheme=self.scheme.fingerprint(),
            flags=(*flags, "repeat") if row.repeat else flags,
        )
        recorded = self.store.append(annotation)
        self._written.append((recorded.id, place))
        self._undone.pop(place, None)
        took = self._clock() - self._since
        if marked is not None and took < PAUSE:
            self._took.append(took)
        self._leave(place, was)
        return recorded

    def _origin(self, place: int, earlier: Annotation | None) -> Origin:
        # in a queue with suggestions, that a row has none is a suggestion too
        seen = self._suggesting and not self.blind(place)
        return "suggested" if seen or (earlier and earlier.origin == "suggested") else "blind"

    def _leave(self, place: int, was: State) -> None:
        self.refresh()
        self.place = self._next(place, skipped=was == "skipped")
        self._since = self._clock()

    def _next(self, place: int, *, skipped: bool) -> int:
        """Give the next open row, from the top when there is none below, then the end.

        Who goes through what was `skipped`, goes on to the next such row when none is open.
        """
        after = range(place + 1, len(self.rows))
        still_open = [found for found in (*after, *range(place + 1)) if self.state(found) == "open"]
        passed_over = [found for found in after if skipped and self.state(found) == "skipped"]
        return next(iter(still_open + passed_over), len(self.rows))

    def _last_recorded(self) -> tuple[str | None, int]:
        places = {_key(row): place for place, row in enumerate(self.rows)}
        for recorded in reversed(self.store.history()):
            place = places.get(_key_of(recorded.annotation))
            if recorded.annotation.annotator == self.annotator and place is not None:
                return recorded.id, place
        return None, self.place


def _key(row: QueueRow) -> _Key:
    return row.round, row.question, row.answer_id, row.repeat


def _key_of(annotation: Annotation) -> _Key:
    return annotation.round, annotation.question, annotation.answer_id, "repeat" in annotation.flags
