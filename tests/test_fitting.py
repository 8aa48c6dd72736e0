"""One question's model: nothing is fitted on what it is tried on."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from conftest import SAID, weather_answers

from samorsak.pipeline import fitting
from samorsak.pipeline.deciding import decide
from samorsak.pipeline.fitting import FEW, GROUPS, Heads, fit_heads, fit_question, hold_out
from samorsak.pipeline.material import Entry, Gold, Material, gather
from samorsak.pipeline.model import Batch, Model, QuestionModel, to_arrays
from samorsak.scheme import Scheme

OUTCOMES = ("rain", "snow", "wind", "other", "no_cause")

ENTRIES = [
    Entry("- -", "no_cause", "phrase"),  # without a word
    *(Entry(said, c, "statement") for c, phrases in SAID["lost"].items() for said in phrases.split("|")),
    Entry("Regn", "rain", "label"),
]


def answers(author: str, seed: int, n: int = 21) -> list[Gold]:
    found = []
    for row in weather_answers("lost", n, seed):
        marks = tuple((m["start"], m["end"], m["category"]) for m in row["statements"])  # type: ignore[attr-defined]
        found.append(Gold(str(row["text"]), marks, frozenset(c for _, _, c in marks), author))
    return found


A, B, C = answers("a", 1), answers("b", 2), answers("c", 3)


def material(gold: Sequence[Gold], entries: Sequence[Entry] = ENTRIES) -> Material:
    return gather(OUTCOMES, gold, entries, "sv")


def numbers(model: QuestionModel) -> dict[str, list[float]]:
    arrays = to_arrays(Model(Scheme(questions={}), {"lost": model}))
    return {name: array.ravel().tolist() for name, array in arrays.items()}


def assert_same_heads(first: Heads, second: Heads) -> None:
    assert first.ngrams.terms.tolist() == second.ngrams.terms.tolist()
    assert first.ngrams.grams.tolist() == second.ngrams.grams.tolist()
    assert first.ngrams.gram_idf.tolist() == second.ngrams.gram_idf.tolist()
    np.testing.assert_allclose(first.head.weights, second.head.weights, atol=1e-4)
    assert first.whole is not None and second.whole is not None
    np.testing.assert_allclose(first.whole.weights, second.whole.weights, atol=1e-4)


def test_heads_know_nothing_of_the_answers_left_out() -> None:
    some = np.arange(42) < 21
    assert_same_heads(fit_heads(material([*A, *B]), some), fit_heads(material(A), np.ones(21, bool)))


def test_heads_know_nothing_of_the_entries_left_out() -> None:
    whole = material(A)
    kept = np.arange(len(whole.entries)) % 2 == 0
    some = [entry for entry, keep in zip(whole.entries, kept, strict=True) if keep]
    everyone = np.ones(21, bool)
    assert_same_heads(fit_heads(whole, everyone, kept), fit_heads(material(A, some), everyone))


def test_without_answers_there_is_no_whole_head() -> None:
    heads = fit_heads(material([]), np.zeros(0, bool))
    assert heads.whole is None
    assert heads.head.weights.shape == (heads.ngrams.width, 5)


def test_left_out_answers_are_read_as_if_they_stood_alone() -> None:
    whole = material([*A, *B])
    heads = fit_heads(whole, np.arange(42) < 21)
    chosen = np.array([22, 30, 41])
    held = hold_out(heads, whole, chosen)
    texts = [[*A, *B][i].text for i in chosen]
    batch = Batch.of(texts, "sv")
    alone = heads.head.log_probabilities(heads.ngrams.transform(batch.words, *batch.spans))
    assert held.log_p.tolist() == [alone.tolist()]
    assert held.whole is not None and heads.whole is not None
    assert (
        held.whole.tolist()
        == heads.whole.evidence(heads.ngrams.transform(batch.words, *batch.bounds)).tolist()
    )
    assert held.gives.tolist() == whole.gives[chosen].tolist()
    assert held.allowed.tolist() == material([[*A, *B][i] for i in chosen]).allowed.tolist()
    assert held.batch.lattice.runs.answer.tolist() == batch.lattice.runs.answer.tolist()
    assert held.batch.form.tolist() == batch.form.tolist()


def test_a_model_of_some_authors_knows_nothing_of_the_others() -> None:
    together = fit_question(material([*A, *B, *C]), authors=frozenset({0, 1}))
    apart = fit_question(material([*A, *B]))
    assert together.ngrams.terms.tolist() == apart.ngrams.terms.tolist()
    first, second = numbers(together), numbers(apart)
    for name, values in first.items():
        np.testing.assert_allclose(values, second[name], atol=2e-3, err_msg=name)


def test_heads_are_kept_between_models() -> None:
    gathered = material([*A, *B, *C])
    known: dict[frozenset[int], Heads] = {}
    first = fit_question(gathered, authors=frozenset({0, 1}), known=known)
    assert sorted(map(sorted, known)) == [[0], [0, 1], [1]]
    kept = dict(known)
    second = fit_question(gathered, authors=frozenset({0, 2}), known=known)
    assert sorted(map(sorted, known)) == [[0], [0, 1], [0, 2], [1], [2]]
    assert all(known[authors] is heads for authors, heads in kept.items())
    assert second.head is known[frozenset({0, 2})].head
    assert numbers(first) == numbers(fit_question(gathered, authors=frozenset({0, 1})))


def test_one_author_is_dealt_into_groups_by_the_seed() -> None:
    one = material(answers("a", 1, 44))
    assert FEW <= 44
    first, again, other = (numbers(fit_question(one, seed)) for seed in (0, 0, 1))
    assert first == again
    assert first["lost/weights"] == other["lost/weights"]
    assert first["lost/path"] != other["lost/path"]
    assert GROUPS == 6


def test_with_few_answers_decisions_are_learned_from_composed_ones() -> None:
    model = fit_question(material(A))
    assert len(A) < FEW
    assert model.whole is None
    without = fit_question(material([]))
    assert numbers(model)["lost/path"] == pytest.approx(numbers(without)["lost/path"])
    assert numbers(model)["lost/calibration"] == pytest.approx(numbers(without)["lost/calibration"])
    # what they state is learned all the same
    assert model.ngrams.term_idf.tolist() != without.ngrams.term_idf.tolist()


def test_composed_answers_are_of_entries_that_the_heads_have_not_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[set[str]] = []
    composed: list[set[str]] = []
    fit, put_together = fitting.fit_heads, fitting.compose

    def fit_and_tell(given: Material, chosen: np.ndarray, entries: np.ndarray | None = None) -> Heads:
        if entries is not None:
            first, last, _ = (rows[entries] for rows in given.entry_rows)
            words = given.entry_words
            seen.append(
                {str(words.hashes[words.flow[a:b]].tolist()) for a, b in zip(first, last, strict=True)}
            )
        return fit(given, chosen, entries)

    def compose_and_tell(entries: Sequence[Entry], *rest: object) -> list[Gold]:
        words = material([], entries)
        first, last, _ = words.entry_rows
        hashes = words.entry_words.hashes[words.entry_words.flow]
        composed.append({str(hashes[a:b].tolist()) for a, b in zip(first, last, strict=True)})
        return put_together(entries, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(fitting, "fit_heads", fit_and_tell)
    monkeypatch.setattr(fitting, "compose", compose_and_tell)
    fit_question(material([]))
    assert len(seen) == len(composed) == 5
    assert not any(known & said for known, said in zip(seen, composed, strict=True))
    assert len(set.union(*composed)) == len(ENTRIES) - 1


def test_labels_alone_are_enough_to_learn_something() -> None:
    entries = [Entry("Regn", "rain", "label"), Entry("Snö", "snow", "label")]
    model = fit_question(gather(("rain", "snow", "no_cause"), [], entries, "sv"))
    found = decide(model, ["Regn", "Snö", "?"], "sv")
    assert [decision.categories for decision in found] == [("rain",), ("snow",), ("no_cause",)]


def test_a_model_learns_what_it_is_told() -> None:
    model = fit_question(material([*A, *B]))
    found = decide(model, ["det regnade hela dagen", "snön låg djup. en kall vind", "vet ej"], "sv")
    assert [decision.categories for decision in found] == [("rain",), ("snow", "wind"), ("no_cause",)]


def test_suggested_answers_teach_the_heads_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    lessons: list[int] = []
    learn = fitting.learn_decisions

    def counted(held: Sequence[fitting.Held], none: int, other: int | None) -> object:
        lessons.append(sum(len(h.gives) for h in held))
        return learn(held, none, other)

    monkeypatch.setattr(fitting, "learn_decisions", counted)
    reviewed = [replace(g, suggested=True) for g in C]
    with_them = fit_question(material([*A, *B, *reviewed]), tried=True)
    assert lessons[0] == len(A) + len(B)
    assert with_them.trial is not None and len(with_them.trial.gold) == len(A) + len(B)
    everyone = material([*A, *B, *C])
    assert_same_heads(
        Heads(with_them.ngrams, with_them.head, with_them.whole, None),
        fit_heads(everyone, np.ones(63, bool)),
    )
    mixed = [replace(g, suggested=True) for g in B]  # one author is left: dealt into groups
    lessons.clear()
    fit_question(material([*answers("a", 1, 44), *mixed]))
    assert lessons == [44]


def test_where_nearly_all_were_suggested_all_are_learned_from() -> None:
    suggested = material([replace(g, suggested=True) for g in (*A, *B)])
    assert numbers(fit_question(suggested)) == numbers(fit_question(material([*A, *B])))
