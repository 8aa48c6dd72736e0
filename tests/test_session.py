"""A person decides about answers: where she is, what is written, what is shown; every answer is constructed."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import CODED, SCHEME, write_encoder

from samorsak.annotations import Annotation, Marked, QueueRow, Reason, Store, Suggestion, write_queue
from samorsak.annotations.queue import APART
from samorsak.coded import StatementRow
from samorsak.encode.static import StaticEncoder
from samorsak.errors import AnnotationError, InputError
from samorsak.pipeline.nearest import NearestExamples
from samorsak.pipeline.reading import open_round
from samorsak.pipeline.session import Session
from samorsak.pipeline.session_rows import is_queue, repeating, rows_of
from samorsak.report.files import write_statements
from samorsak.widget import annotate

RAIN = Marked(0, 4, "rain")


def row(answer_id: str, **more: object) -> QueueRow:
    given: dict[str, object] = {"round": "2024", "question": "lost", "text": "Regn och snö.", **more}
    return QueueRow.model_validate({"answer_id": answer_id, **given})


def suggested(answer_id: str, category: str = "rain", **more: object) -> QueueRow:
    marks = (Suggestion(start=0, end=4, category=category, probability=0.6),)
    return row(answer_id, statements=marks, reasons=(Reason(name="low_margin", strength=0.5),), **more)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "annotations", SCHEME)


def session(store: Store, rows: Sequence[QueueRow], **options: object) -> Session:
    return Session(rows, SCHEME, store, "kl", **options)  # type: ignore[arg-type]


def test_a_decision_is_written_and_the_next_open_row_shown(store: Store) -> None:
    own = session(store, [row("1"), row("2"), row("3")])
    recorded = own.decide(0, (RAIN,), note="?", flagged=True)
    assert recorded is not None
    a = recorded.annotation
    assert (a.answer_id, a.statements, a.note, a.flags) == ("1", (RAIN,), "?", ("flagged",))
    assert (a.annotator, a.origin, a.scheme) == ("kl", "blind", SCHEME.fingerprint())
    assert Store(store.folder, SCHEME).view() == (recorded,)
    assert own.place == 1
    own.go(2)
    own.decide(2, ())
    assert own.place == 1  # what was left open above
    own.skip(1)
    assert own.place == 3


def test_a_session_opened_again_starts_at_the_first_open_row(store: Store) -> None:
    rows = [row("1"), row("2"), row("3"), row("4")]
    first = session(store, rows)
    first.decide(0, ())
    first.skip(1)
    again = session(Store(store.folder, SCHEME), rows)
    assert again.place == 2
    assert [again.state(place) for place in range(4)] == ["decided", "skipped", "open", "open"]
    assert Session(rows, SCHEME, store, "bo").place == 0  # another annotator's own way


def test_another_window_is_seen(store: Store) -> None:
    rows = [row("1"), row("2"), row("3")]
    one, other = session(store, rows), session(Store(store.folder, SCHEME), rows)
    other.decide(1, ())
    one.decide(0, ())
    assert (one.place, one.state(1)) == (2, "decided")


def test_the_same_decision_again_is_not_written(store: Store) -> None:
    own = session(store, [row("1"), row("2")])
    own.decide(0, (RAIN,))
    assert own.decide(0, (RAIN,)) is None
    assert own.skip(0) is None  # decided stays decided
    assert len(store.history()) == 1
    assert own.decide(0, ()) is not None
    assert len(store.history()) == 2
    assert [r.annotation.statements for r in store.view()] == [()]


def test_undo_takes_back_one_after_the_other(store: Store) -> None:
    own = session(store, [row("1"), row("2")])
    own.decide(0, (RAIN,))
    own.skip(1)
    assert own.undo() == 1
    assert (own.state(1), own.undone(1)) == ("open", None)
    assert own.undo() == 0
    draft = own.undone(0)
    assert draft is not None
    assert draft.statements == (RAIN,)
    assert (own.place, own.state(0), store.view()) == (0, "open", ())
    assert own.undo() is None
    lines = (store.folder / "kl.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4  # two decisions, two lines that take them back


def test_undo_reaches_what_was_decided_before_the_session(store: Store) -> None:
    rows = [row("1"), row("2")]
    session(store, rows).decide(0, (RAIN,))
    Session(rows, SCHEME, store, "bo").decide(1, ())
    again = session(Store(store.folder, SCHEME), rows)
    assert again.undo() == 0
    assert [r.annotation.annotator for r in store.view()] == ["bo"]


def test_undo_of_a_changed_decision_brings_the_earlier_one_back(store: Store) -> None:
    own = session(store, [row("1"), row("2")])
    own.decide(0, (RAIN,))
    own.decide(0, ())
    own.undo()
    found = own.decision(0)
    assert found is not None
    assert found.statements == (RAIN,)


def test_blind_shows_nothing_of_a_machine(store: Store) -> None:
    rows = [suggested("1"), suggested("2", audit="ab/1"), row("3")]
    seen = session(store, rows)
    assert [bool(seen.row(place).statements) for place in range(3)] == [True, False, False]
    assert [bool(seen.row(place).reasons) for place in range(3)] == [True, False, False]
    for place in range(3):
        seen.decide(place, ())
    found = {r.annotation.answer_id: r.annotation for r in store.view()}
    # of the third it was seen that nothing is suggested
    assert [found[i].origin for i in "123"] == ["suggested", "blind", "suggested"]
    assert found["2"].audit == "ab/1"


def test_blind_by_choice_is_recorded_so(store: Store, tmp_path: Path) -> None:
    own = session(store, [suggested("1")], blind=True)
    assert own.row(0).statements == ()
    own.decide(0, (RAIN,))
    assert store.view()[0].annotation.origin == "blind"
    seen = Store(tmp_path / "seen", SCHEME)
    session(seen, [suggested("1")]).decide(0, (RAIN,))
    session(seen, [suggested("1")], blind=True).decide(0, ())  # once seen is seen
    assert seen.view()[0].annotation.origin == "suggested"


def test_a_repeat_is_shown_as_new_and_leaves_the_first_as_it_is(store: Store) -> None:
    own = session(store, [row("1"), row("2"), row("1", repeat=True)])
    own.decide(0, (RAIN,))
    assert (own.state(2), own.decision(2)) == ("open", None)
    own.decide(2, ())
    assert own.state(2) == "decided"
    first = own.decision(0)
    assert first is not None
    assert first.statements == (RAIN,)
    assert [r.annotation.flags for r in store.history()] == [(), ("repeat",)]
    again = session(Store(store.folder, SCHEME), own.rows)
    assert [again.state(place) for place in range(3)] == ["decided", "open", "decided"]
    assert own.undo() == 2
    assert own.state(2) == "open"


def test_skipped_rows_are_gone_through_at_the_end(store: Store) -> None:
    own = session(store, [row(str(i)) for i in range(4)])
    for place in range(4):
        own.skip(place)
    assert own.place == 4
    own.go_skipped()
    assert own.place == 0
    own.decide(0, ())
    assert own.place == 1
    assert own.skip(1) is None  # said before
    assert own.place == 2


def test_progress_and_pace(store: Store) -> None:
    clock = Clock()
    own = session(store, [row(str(i)) for i in range(6)], clock=clock)
    for took in (10, 30, 20):
        clock.now += took
        own.decide(own.place, ())
    assert own.progress().seconds == 20
    clock.now += 4000  # lunch
    own.decide(own.place, (RAIN,), flagged=True)
    own.skip(own.place)
    found = own.progress()
    assert (found.total, found.decided, found.skipped, found.flagged, found.seconds) == (6, 4, 1, 1, 20)


def test_what_does_not_fit_is_refused_and_nothing_is_written(store: Store) -> None:
    own = session(store, [row("1")])
    for wrong in ((Marked(0, 99, "rain"),), (Marked(0, 4, "sun"),), (RAIN, Marked(2, 6, "snow"))):
        with pytest.raises(AnnotationError):
            own.decide(0, wrong)
    for place in (-1, 1):
        with pytest.raises(AnnotationError, match="expected one of 1 to 1"):
            own.decide(place, ())
        with pytest.raises(AnnotationError, match="expected one of 1 to 1"):
            own.skip(place)
    assert (own.place, store.history()) == (0, ())


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no rows to decide, expected one or more; make a queue first"),
        (
            [row("1", question="why")],
            "row 1 of the queue: question is 'why', the scheme has: lost, won; use its scheme",
        ),
        (
            [row("1"), suggested("2", "sun")],
            "row 2 of the queue: suggests 'sun', 'lost' has: rain, snow, wind, other; use its scheme",
        ),
        ([row("1", text=" ")], "row 1 of the queue: text is empty, expected an answer; leave the row out"),
    ],
)
def test_rows_of_another_scheme_are_refused(store: Store, rows: list[QueueRow], message: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        session(store, rows)
    assert str(caught.value) == message


def test_suggestions_that_overlap_are_refused(store: Store) -> None:
    marks = [
        {"start": 0, "end": 4, "category": "rain", "probability": 1},
        {"start": 2, "end": 8, "category": "snow", "probability": 1},
    ]
    with pytest.raises(AnnotationError, match="suggests 2-8, expected stretches"):
        session(store, [row("1", statements=marks)])


def test_an_annotator_whose_name_is_no_file_is_refused(store: Store) -> None:
    with pytest.raises(AnnotationError, match="expected letters, digits"):
        Session([row("1")], SCHEME, store, "../kl")


def test_line_breaks_are_one_character_and_suggestions_follow(store: Store) -> None:
    marks = [
        {"start": 6, "end": 9, "category": "snow", "probability": 0.5},
        {"start": 0, "end": 4, "category": "no_cause", "probability": 0.9},
    ]
    shown = session(store, [row("1", text="Regn\r\nsnö", statements=marks)]).row(0)
    assert [(shown.text[s.start : s.end], s.category) for s in shown.statements] == [("snö", "snow")]


def test_rows_come_from_a_queue_a_run_a_round_or_rows(tmp_path: Path, run_folder: Path) -> None:
    queue = (suggested("1"), row("2"))
    write_queue(tmp_path / "queue.jsonl", queue)
    assert rows_of(tmp_path / "queue.jsonl") == rows_of(queue) == queue
    write_statements(
        run_folder / "statements.csv", [StatementRow("1/lost", 1, 0, 4, "Regn", "rain", 0.75, "snow", 0.2)]
    )
    coded = rows_of(run_folder)
    assert [r.answer_id for r in coded] == [answer.answer_id for answer in CODED]
    (mark,) = coded[0].statements
    assert (mark.start, mark.end, mark.category, mark.probability, mark.next_category) == (
        0,
        4,
        "rain",
        0.75,
        "snow",
    )
    assert coded[0].background == {"Region": "Syd"}
    round_file = tmp_path / "round.csv"
    round_file.write_text(
        "answer_id,round,question,text,Region\n1,2024,lost,Ring 070-174 06 05,Syd\n", encoding="utf-8"
    )
    for source in (round_file, open_round(round_file)):
        (asked,) = rows_of(source)
        assert (asked.text, asked.background, asked.statements) == ("Ring [telefon]", {"Region": "Syd"}, ())
    with pytest.raises(InputError):
        rows_of(tmp_path / "nothing.csv")
    with pytest.raises(AnnotationError):
        rows_of(tmp_path / "nothing.jsonl")


def annotated(text: str, *marks: Marked) -> Annotation:
    return Annotation("x", "", "lost", text, marks, None, "constructed")


def test_the_nearest_examples_of_a_category(tmp_path: Path) -> None:
    encoder = StaticEncoder.load(write_encoder(tmp_path / "encoder"))
    examples = [
        annotated("ett ihållande regn", Marked(0, 18, "rain")),
        annotated("skyfallet dränkte planen", Marked(0, 24, "rain")),
        annotated("Tyvärr skyfallet dränkte planen", Marked(7, 31, "rain")),  # the same stretch
        annotated("det blåste snålt", Marked(0, 16, "wind")),
        annotated("vet ej"),
    ]
    nearest = NearestExamples(examples, open_encoder=lambda: encoder)
    found = nearest.find("lost", "rain", "skyfallet dränkte allt")
    assert [e.answer[e.start : e.end] for e in found] == ["skyfallet dränkte planen", "ett ihållande regn"]
    assert [e.answer for e in nearest.find("lost", "no_cause", "se ovan")] == ["vet ej"]
    assert nearest.find("lost", "snow", "snö") == []
    # of an answer itself nothing is shown: it would tell what was decided
    own = nearest.find("lost", "rain", "ett ihållande regn", answer="ett ihållande regn")
    assert "ett ihållande regn" not in [e.answer for e in own]


def test_no_encoder_is_loaded_before_it_is_needed() -> None:
    def refuse() -> StaticEncoder:
        raise AssertionError

    nearest = NearestExamples([annotated("regn", Marked(0, 4, "rain"))], open_encoder=refuse)
    assert nearest.find("lost", "snow", "snö") == []


def test_the_embedded_encoder_is_the_default() -> None:
    examples = [
        annotated(text, Marked(0, len(text), "rain")) for text in ("regn hela dagen", "sol och värme")
    ]
    found = NearestExamples(examples).find("lost", "rain", "värme", n=1)
    assert [e.answer for e in found] == ["sol och värme"]


def test_some_rows_of_a_queue_come_back_as_they_were_and_the_same_ones_every_time() -> None:
    rows = [suggested(str(n), background={"Region": "Syd"}) for n in range(50)]
    found = repeating(rows, 0.05)
    assert [r for r in found if not r.repeat] == rows
    back = [(place, r) for place, r in enumerate(found) if r.repeat]
    assert len(back) == 2
    for place, r in back:
        first = found.index(r.model_copy(update={"repeat": False}))
        assert place - first > APART
    assert repeating(rows, 0.05) == found
    assert repeating(rows, 0.0) == tuple(rows)
    assert repeating(rows[:10], 0.5) == tuple(rows[:10])  # too short to come back unnoticed
    assert repeating(rows[:1], 0.5) == tuple(rows[:1])


def test_nothing_of_an_audit_comes_back() -> None:
    rows = [row(str(n), audit="a 1" if n == 0 else "") for n in range(60)]
    assert repeating(rows, 0.05) == tuple(rows)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_repeats_that_are_no_share_are_refused(share: float) -> None:
    with pytest.raises(AnnotationError) as caught:
        repeating([row("1")], share)
    assert str(caught.value) == f"repeats is {share:g}, expected a share from 0 to 1"


def test_only_a_queue_has_rows_that_come_back(tmp_path: Path) -> None:
    rows = [row(str(n)) for n in range(60)]
    write_queue(tmp_path / "queue.jsonl", rows)
    asked = [annotate(source, SCHEME, tmp_path, "kl", **options).session.rows for source, options in [
        (tmp_path / "queue.jsonl", {}), (rows, {}), (rows, {"n": 50}), (rows, {"repeats": 0}),
    ]]  # fmt: skip
    assert [sum(r.repeat for r in own) for own in asked] == [3, 3, 0, 0]
    assert not is_queue(tmp_path)
