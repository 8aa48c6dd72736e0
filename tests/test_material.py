"""What is learned from: which stretches teach what, which candidates agree with a mark, and composed answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samorsak.pipeline.composing import ANSWERS, compose
from samorsak.pipeline.material import Entry, Gold, Material, gather

OUTCOMES = ("rain", "snow", "other", "no_cause")
TEXT = "Det regnade, och snön låg. Vi tackar för oss"


def gold(text: str, *marks: tuple[str, str], group: str = "a") -> Gold:
    """Mark words of a text; `(words, category)`."""
    marked = tuple((text.index(words), text.index(words) + len(words), category) for words, category in marks)
    return Gold(text, marked, frozenset(category for _, category in marks), group)


def learned(material: Material) -> list[tuple[int, str, str, float]]:
    """Give what is learned from answers: the answer, the words, the outcome and the weight."""
    pieces = material.batch.pieces
    words = [pieces.lexemes[int(key)] for key in pieces.words]
    return [
        (int(answer), " ".join(words[first:last]), OUTCOMES[outcome], float(weight))
        for answer, first, last, outcome, weight in zip(*material.rows, strict=True)
    ]


def agreeing(material: Material) -> dict[tuple[int, str], list[str]]:
    """Give the outcomes that each candidate may have."""
    pieces, runs = material.batch.pieces, material.batch.lattice.runs
    words = [pieces.lexemes[int(key)] for key in pieces.words]
    return {
        (int(i), " ".join(words[pieces.first[a] : pieces.last[b]])): [
            OUTCOMES[c] for c in np.flatnonzero(material.allowed[row])
        ]
        for row, (i, a, b) in enumerate(zip(runs.answer, runs.first, runs.last, strict=True))
    }


def test_marked_stretches() -> None:
    found = gather(OUTCOMES, [gold(TEXT, ("Det regnade", "rain"), ("snön låg", "snow"))], [], "sv")
    assert learned(found) == [
        (0, "det regnade", "rain", 1),
        (0, "snön låg", "snow", 1),
        (0, "vi tackar för oss"[:9], "no_cause", 1),
        (0, "för oss", "no_cause", 1),
    ]
    assert agreeing(found) == {
        (0, "det regnade"): ["rain"],
        (0, "det regnade och snön låg"): [],
        (0, "och snön låg"): ["snow"],
        (0, "vi tackar"): ["no_cause"],
        (0, "vi tackar för oss"): ["no_cause"],
        (0, "för oss"): ["no_cause"],
    }
    assert found.gives.tolist() == [[True, True, False]]


def test_a_stretch_of_several_pieces() -> None:
    found = gather(OUTCOMES, [gold(TEXT, ("Det regnade, och snön låg", "rain"))], [], "sv")
    assert learned(found)[0] == (0, "det regnade och snön låg", "rain", 1)
    assert [
        agreeing(found)[0, words] for words in ("det regnade", "det regnade och snön låg", "och snön låg")
    ] == [["rain"]] * 3


def test_a_stretch_that_cuts_a_piece() -> None:
    text = "När det regnade hela den långa dagen"
    found = gather(OUTCOMES, [gold(text, ("regnade", "rain"))], [], "sv")
    assert learned(found) == [(0, "regnade", "rain", 1)]  # the rest of the piece is not said to be no cause
    assert agreeing(found) == {(0, "när det regnade hela den långa dagen"): ["rain"]}
    halves = gather(OUTCOMES, [gold("regn hela dagen snö", ("regn", "rain"), ("snö", "snow"))], [], "sv")
    assert [row[1:3] for row in learned(halves)] == [("regn", "rain"), ("snö", "snow")]


def test_no_cause_is_learned_from_what_is_left() -> None:
    found = gather(OUTCOMES, [gold("Vet ej, tyvärr"), Gold("Tja", None, frozenset(), "a")], [], "sv")
    assert learned(found) == [
        (0, "vet ej", "no_cause", 1),
        (0, "tyvärr", "no_cause", 1),
        (1, "tja", "no_cause", 1),
    ]
    assert set(map(tuple, agreeing(found).values())) == {("no_cause",)}
    assert not found.gives.any()


def test_an_answer_coded_as_a_whole_is_shared_out() -> None:
    found = gather(OUTCOMES, [Gold("Regn, snö", None, frozenset({"snow", "rain"}), "a")], [], "sv")
    assert learned(found) == [(0, "regn snö", "rain", 0.5), (0, "regn snö", "snow", 0.5)]
    assert set(map(tuple, agreeing(found).values())) == {("rain", "snow", "no_cause")}
    assert found.gives.tolist() == [[True, True, False]]


def test_groups_are_numbered_by_name() -> None:
    answers = [gold("Regn", group=name) for name in ("b", "a", "c", "a")]
    assert gather(OUTCOMES, answers, [], "sv").groups.tolist() == [1, 0, 2, 0]


def test_entries() -> None:
    entries = [
        Entry("Ösregn idag", "rain", "word"),
        Entry("- ?", "no_cause", "phrase"),
        Entry("Snö", "snow", "word"),
    ]
    found = gather(OUTCOMES, [], entries, "sv")
    assert found.entries == (entries[0], entries[2])  # one without a word teaches nothing
    first, last, outcome = found.entry_rows
    assert list(zip(first.tolist(), last.tolist(), outcome.tolist(), strict=True)) == [(0, 2, 0), (2, 3, 1)]
    assert len(found.entry_words.flow) == 3
    assert (len(found.groups), found.gives.shape, found.other) == (0, (0, 3), 2)
    assert gather(("rain", "no_cause"), [], [], "sv").other is None


@settings(max_examples=50)
@given(st.text(st.sampled_from("ab ,.\n"), min_size=1, max_size=30), st.data())
def test_some_path_agrees_with_whatever_was_marked(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    marked = tuple(
        (start, end, data.draw(st.sampled_from(OUTCOMES[:3])))
        for start, end in spans
        if text[start:end].strip()
    )
    found = gather(OUTCOMES, [Gold(text, marked, frozenset(c for _, _, c in marked), "a")], [], "sv")
    weights = np.where(found.allowed.any(1), 0, -np.inf)
    assert np.isfinite(found.batch.lattice.totals(weights)).all()
    single = found.batch.lattice.runs.first == found.batch.lattice.runs.last
    assert (found.allowed[single].sum(1) == 1).all()
    answer, first, last, _, weight = found.rows
    assert (first < last).all() and (weight == 1).all() and (answer == 0).all()


ENTRIES = [
    Entry("det regnade", "rain", "statement"),
    Entry("Snön låg kvar.", "snow", "clause"),
    Entry("vet ej", "no_cause", "phrase"),
    Entry("regn", "rain", "word"),
    Entry("Regn och skyfall.", "rain", "definition"),
]


@pytest.mark.parametrize("language", ["sv", "en", "fi"])
def test_composed_answers(language: str) -> None:
    answers = compose(ENTRIES, OUTCOMES, language, seed=3)
    assert len(answers) == ANSWERS
    assert compose(ENTRIES, OUTCOMES, language, seed=3) == answers
    assert compose(ENTRIES, OUTCOMES, language, seed=4) != answers
    said = {"rain": "det regnade", "snow": "snön låg kvar"}
    for answer in answers:
        assert answer.marked is not None
        assert answer.categories == {category for _, _, category in answer.marked}
        for start, end, category in answer.marked:
            assert answer.text[start:end].lower() == said[category]
        assert answer.text[0].isupper()
    assert {len(answer.marked or ()) for answer in answers} == {0, 1, 2, 3, 4}
    assert any("vet ej" in answer.text.lower() for answer in answers)
    assert any(" och " in answer.text for answer in answers) == (language == "sv")
    assert any(" and " in answer.text for answer in answers) == (language == "en")


def test_nothing_is_composed_of_words_and_definitions() -> None:
    assert compose(ENTRIES[2:], OUTCOMES, "sv", 0) == []
    assert compose([], OUTCOMES, "sv", 0) == []
