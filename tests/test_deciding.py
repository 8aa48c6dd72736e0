"""From probabilities to categories and statements: every category has its words, and every answer is covered."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samorsak.pipeline import deciding
from samorsak.pipeline.deciding import Decision, Statement, alike_in_length, decide, given_outcomes
from samorsak.pipeline.model import Batch, Model, QuestionModel, read_batch
from samorsak.pipeline.training import load_model
from samorsak.places import SOURCE_TREE

PARTS = [
    "Otydliga mål",
    "brist på tid",
    ", ",
    ". ",
    " och ",
    "\n- ",
    "!",
    "å\u0308r",
    "a\u030ar",
    "😀",
    "…",
    " ",
    "lagen",
    "vet ej",
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=9).map("".join).filter(lambda text: text.strip())


@pytest.fixture(scope="module")
def af() -> Model:
    return load_model(SOURCE_TREE / "models" / "af-causes")[0]


@pytest.fixture(scope="module")
def missed(af: Model) -> QuestionModel:
    return af.questions["missed"]


def leaning(model: QuestionModel, by: float) -> QuestionModel:
    """Make every category likelier by so much in log odds."""
    calibration = model.calibration
    return replace(model, calibration=replace(calibration, intercept=calibration.intercept + by))


def assert_whole(text: str, found: Decision, outcomes: tuple[str, ...]) -> None:
    """Check what holds for any coding of any answer."""
    stated = [s.category for s in found.statements]
    causes = set(stated) - {"no_cause"}
    assert found.categories == (tuple(c for c in outcomes if c in causes) or ("no_cause",))
    assert found.statements
    for s in found.statements:
        words = text[s.start : s.end]
        assert words and words == words.strip()
        assert s.category in outcomes
        assert 0 <= s.next_probability <= 1 and 0 <= s.probability <= 1
        assert round(s.probability, 6) == s.probability
        assert s.next_category != s.category
    assert [s.start for s in found.statements] == sorted(s.start for s in found.statements)
    # the same category speaks with the same probability, wherever it does
    assert len({(s.category, s.probability) for s in found.statements}) == len(set(stated))
    covered = {place for s in found.statements for place in range(s.start, s.end)}
    said = {place for place, char in enumerate(text) if char.isalpha()}
    assert "".join(text[place] for place in sorted(said - covered)) in left_out(text)


def left_out(text: str) -> list[str]:
    # conjunctions before a statement are no part of it
    conjunctions = text.count("och")
    return ["och" * n for n in range(conjunctions + 1)]


@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from([-30.0, 0.0, 3.0, 30.0]))
def test_every_category_has_a_statement(missed: QuestionModel, texts: list[str], by: float) -> None:
    model = leaning(missed, by)
    found = decide(model, texts, "sv")
    assert len(found) == len(texts)
    for text, decision in zip(texts, found, strict=True):
        assert_whole(text, decision, model.outcomes)
        if any(char.isalnum() for char in text):
            if by == 30:  # every category is given, also by a single word
                assert decision.categories == model.outcomes[:-1]
            if by == -30:
                assert decision.categories == ("no_cause",)


@settings(max_examples=40)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_an_answer_is_decided_as_if_it_stood_alone(missed: QuestionModel, texts: list[str]) -> None:
    found = decide(missed, texts, "sv")
    assert found == [decide(missed, [text], "sv")[0] for text in texts]
    assert decide(missed, texts[::-1], "sv") == found[::-1]


@settings(max_examples=40)
@given(TEXTS)
def test_composed_and_decomposed_are_codedalike_in_length(missed: QuestionModel, text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    composed, decomposed = decide(missed, forms, "sv")
    assert composed.categories == decomposed.categories
    assert [replace(s, start=0, end=0) for s in composed.statements] == [
        replace(s, start=0, end=0) for s in decomposed.statements
    ]
    words = [
        [unicodedata.normalize("NFC", form[s.start : s.end]) for s in found.statements]
        for form, found in zip(forms, (composed, decomposed), strict=True)
    ]
    assert words[0] == words[1]


@pytest.mark.parametrize(
    ("text", "span"),
    [("...", (0, 3)), (" –\n", (1, 2)), ("😀 👩🏽‍🚒", (0, 6)), ("1.", (0, 2)), ("\u200b", (0, 1))],
)
def test_an_answer_without_words_gives_no_cause(
    missed: QuestionModel, text: str, span: tuple[int, int]
) -> None:
    nothing = (0.0,) * (len(missed.outcomes) - 1)
    assert decide(missed, [text], "sv") == [
        Decision(("no_cause",), (Statement(*span, "no_cause", 1.0, "", 0.0),), nothing)
    ]


def test_no_answers(missed: QuestionModel) -> None:
    assert decide(missed, [], "sv") == []


def test_clear_answers(af: Model) -> None:
    answers = {
        "missed": {
            "Otydliga mål.": ("unclear_goals",),
            "Ont om tid och pengar": ("limited_resources",),
            "Vet ej": ("no_cause",),
            "- Otydliga mål\n- Sekretessen hindrar oss att dela uppgifter": ("unclear_goals", "regulations"),
        },
        "achieved": {
            "Regelbundna avstämningsmöten": ("regular_meetings",),
            "Tydliga mål, och fasta mötestider varje månad": ("regular_meetings", "clear_goals"),
        },
    }
    for question, expected in answers.items():
        found = decide(af.questions[question], list(expected), "sv")
        assert {text: d.categories for text, d in zip(expected, found, strict=True)} == expected


def test_neighbours_that_agree_become_one(weather: Path) -> None:
    model = load_model(weather / "model")[0].questions["lost"]
    found = decide(model, ["Ösregn, ösregn, ösregn", "Ösregn. Ösregn", "Ösregn, snöfall, ösregn"], "sv")
    spans = [[(s.start, s.end, s.category) for s in decision.statements] for decision in found]
    assert spans == [
        [(0, 22, "rain")],
        [(0, 6, "rain"), (8, 14, "rain")],  # but not over the end of a sentence
        [(0, 6, "rain"), (8, 15, "snow"), (17, 23, "rain")],
    ]


def test_what_is_given() -> None:
    probability = np.array(
        [[0.6, 0.5, 0.2], [0.3, 0.4, 0.42], [0.1, 0.45, 0.44], [0.0, 0.0, 1.0], [0.2, 0.2, 0.1]]
    )
    assert given_outcomes(probability, 0.5).tolist() == [
        [True, True, True],
        [False, False, True],
        [False, True, True],  # below the threshold, but likelier than no cause
        [False, False, True],
        [True, False, True],
    ]


def test_probabilities_are_those_of_the_answer(missed: QuestionModel) -> None:
    text = "Otydliga mål. Ont om tid"
    reading = read_batch(missed, Batch.of([text], "sv"))
    causes = reading.probability[0, :-1]
    assert reading.probability[0, -1] == pytest.approx(np.prod(1 - causes), rel=1e-12)
    (found,) = decide(missed, [text], "sv")
    for s in found.statements:
        assert s.probability == round(float(reading.probability[0, missed.outcomes.index(s.category)]), 6)
        assert s.next_probability == round(
            float(reading.probability[0, missed.outcomes.index(s.next_category)]), 6
        )


@given(st.lists(st.integers(0, 40), max_size=30), st.integers(1, 100))
def test_batches_of_like_length(sizes: list[int], room: int) -> None:
    texts = ["x" * size for size in sizes]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "ROOM", room)
        batches = list(alike_in_length(texts))
    assert sorted(i for batch in batches for i in batch) == list(range(len(sizes)))
    for batch in batches:
        assert len(batch) == 1 or max(sizes[i] for i in batch) * len(batch) <= room


def test_a_long_answer_does_not_make_room_for_all(
    missed: QuestionModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"Otydliga mål {i}, och ont om tid" for i in range(20)] + ["Otydliga mål. " * 300]
    found = decide(missed, texts, "sv")
    monkeypatch.setattr(deciding, "ROOM", 100)
    assert decide(missed, texts, "sv") == found
