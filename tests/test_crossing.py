"""Rounds compared across versions of a scheme."""

import csv
import io
import json
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import Result

from samorsak.coded import CodedAnswer
from samorsak.compare import Change
from samorsak.errors import SchemeError
from samorsak.pipeline.annotated import text_sha256
from samorsak.pipeline.comparing import compare_runs, show_changes
from samorsak.pipeline.frame import FrameRow, write_frame
from samorsak.ranking import common_columns
from samorsak.report.files import write_coded
from samorsak.scheme import NO_CAUSE, OTHER, Scheme, next_version
from samorsak.scheme.proposals import Merge, Move, New, Proposal, Rename, Split

Run = Callable[..., Result]
Given = Sequence[tuple[str, ...]]


def category(label: str) -> dict[str, str]:
    return {"label_sv": label, "definition": f"{label}."}


FIRST = Scheme.model_validate(
    {
        "residual": {OTHER: {"label_sv": "Övrigt"}},
        "questions": {
            "lost": {
                "text_sv": "Varför inte?",
                "categories": {
                    "rain": category("Regn"),
                    "snow": category("Snö"),
                    "wind": category("Vind"),
                    "calm": category("Stiltje"),
                },
            },
            "won": {"text_sv": "Varför?", "categories": {"sun": category("Sol"), "heat": category("Värme")}},
        },
    }
)
MERGE = Merge.model_validate({"question": "lost", "from": ["wind", "calm"], "to": "air", **category("Luft")})
INTO = Merge.model_validate({"question": "lost", "from": ["calm"], "to": "wind"})
SPLIT = Split.model_validate(
    {
        "question": "lost",
        "from": "rain",
        "to": {"drizzle": category("Duggregn"), "shower": category("Skur")},
    }
)
KEPT = Split.model_validate(
    {"question": "lost", "from": "rain", "to": {"rain": category("Regn"), "drizzle": category("Duggregn")}}
)
RENAME = Rename.model_validate({"question": "lost", "from": "rain", "to": "shower", "label_sv": "Skur"})
NEW = New.model_validate({"question": "lost", "id": "hail", **category("Hagel")})
MOVE = Move.model_validate({"question": "lost", "from": "snow", "to_question": "won"})


def later(*proposals: Proposal, of: Scheme = FIRST) -> Scheme:
    return next_version(of, dict(enumerate(proposals, 1)))


def write_run(
    folder: Path,
    scheme: Scheme,
    round_: str,
    answers: Given,
    *,
    trial: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = (),
    decided: Mapping[int, tuple[str, ...]] | None = None,
    parts: Given | None = None,
    question: str = "lost",
) -> Path:
    """Write a coded round: counted, with a model's trial, or audited.

    `parts` are the answers as they were before they were recoded: the machine is as sure of each.
    """
    folder.mkdir()
    (folder / "scheme.json").write_text(scheme.model_dump_json(by_alias=True), encoding="utf-8")
    rows = [
        CodedAnswer(f"{i}/{question}", round_, question, own or (NO_CAUSE,), "x", {})
        for i, own in enumerate(answers)
    ]
    write_coded(folder / "answers.csv", rows)
    if trial:
        lines = [
            f"{question},{';'.join(one) or NO_CAUSE},{';'.join(gold) or NO_CAUSE},1" for one, gold in trial
        ]
        (folder / "trial.csv").write_text(
            "question,given,gold,n\n" + "\n".join(lines) + "\n", encoding="utf-8"
        )
    if decided is not None:
        outcomes = scheme.outcomes(question)
        frame = [
            FrameRow(
                row.answer_id,
                round_,
                question,
                text_sha256("x"),
                False,
                row.categories,
                tuple(1 - 0.1 ** (parts or answers)[i].count(c) for c in outcomes),
                list(decided).index(i) + 1 if i in decided else None,
                (decided[i] or (NO_CAUSE,)) if i in decided else None,
            )
            for i, row in enumerate(rows)
        ]
        digest = write_frame(folder / "audit-frame.csv", frame)
        audit = {"scheme": scheme.fingerprint(), "draw": "d", "frame_sha256": digest, "cut": 0.1}
        manifest = {"audit": {**audit, "decided": len(decided), "decided_frame_sha256": digest}}
        (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def recoded(answers: Given, to: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Recode by hand: an answer has a category once."""
    return [tuple(dict.fromkeys(to.get(c, c) for c in own)) for own in answers]


def made_up(seed: int, categories: Sequence[str], n: int) -> list[tuple[str, ...]]:
    """Draw answers with none to three of the categories, in their order."""
    rng = random.Random(seed)
    chosen = [set(rng.sample(categories, rng.randint(0, min(3, len(categories))))) for _ in range(n)]
    return [tuple(c for c in categories if c in own) for own in chosen]


def changes(before: Path, after: Path, base: str = "causes") -> tuple[Change, ...]:
    (found,) = compare_runs(before, after, base=base, draws=200)  # type: ignore[arg-type]
    return found.changes


OLD, SPLITTED = (
    ("rain", "snow", "wind", "calm", "other"),
    ("drizzle", "shower", "snow", "wind", "calm", "other"),
)
MERGED = ("rain", "snow", "air", "other")
SEEDS = st.integers(0, 10**6)


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(1, 12), st.sampled_from(["causes", "answers"]), st.booleans())
def test_through_a_merge_is_as_recoded_by_hand(seed: int, n: int, base: str, tried: bool) -> None:
    new = later(MERGE)
    to = {"wind": "air", "calm": "air"}
    before, after = made_up(seed, OLD, n), made_up(seed + 1, MERGED, n)
    golds, labels = made_up(seed + 2, OLD, 30), made_up(seed + 3, OLD, 30)
    labels[::2] = golds[::2]
    trial = list(zip(labels, golds, strict=True)) if tried else []
    by_hand = [(recoded([a], to)[0], recoded([b], to)[0]) for a, b in trial]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = write_run(folder / "one", FIRST, "2023", before, trial=trial)
        hand = write_run(folder / "hand", new, "2023", recoded(before, to), trial=by_hand)
        two = write_run(folder / "two", new, "2024", after, trial=by_hand)
        assert changes(one, two, base) == changes(hand, two, base)
        assert changes(two, one, base) == changes(two, hand, base)
        assert all(change.only is None for change in changes(one, two, base))


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(1, 12), st.sampled_from(["causes", "answers"]), st.booleans(), st.booleans())
def test_through_a_split_is_as_recoded_to_the_parent(
    seed: int, n: int, base: str, tried: bool, kept: bool
) -> None:
    new = later(KEPT if kept else SPLIT)
    own = new.outcomes("lost")
    to = {"drizzle": "rain", "shower": "rain"}
    before, after = made_up(seed, OLD, n), made_up(seed + 1, own, n)
    golds, labels = made_up(seed + 2, own, 30), made_up(seed + 3, own, 30)
    labels[::2] = golds[::2]
    trial = list(zip(labels, golds, strict=True)) if tried else []
    by_hand = [(recoded([a], to)[0], recoded([b], to)[0]) for a, b in trial]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = write_run(folder / "one", FIRST, "2023", before, trial=by_hand)
        two = write_run(folder / "two", new, "2024", after, trial=trial)
        hand = write_run(folder / "hand", FIRST, "2024", recoded(after, to), trial=by_hand)
        assert changes(one, two, base) == changes(one, hand, base)
        assert changes(two, one, base) == changes(hand, one, base)


def test_an_audited_round_is_estimated_on_the_common_lines(tmp_path: Path) -> None:
    new, to = later(SPLIT), {"drizzle": "rain", "shower": "rain"}
    before, after = made_up(1, OLD, 120), made_up(2, SPLITTED, 120)
    truth = made_up(3, SPLITTED, 120)
    decided = {i: truth[i] if i % 5 == 0 else after[i] for i in range(0, 120, 2)}
    hand = {i: recoded([own], to)[0] for i, own in decided.items()}
    parts = [tuple(to.get(c, c) for c in own) for own in after]
    one = write_run(tmp_path / "one", FIRST, "2023", before, decided={i: before[i] for i in range(0, 120, 3)})
    two = write_run(tmp_path / "two", new, "2024", after, decided=decided)
    whole = write_run(tmp_path / "whole", FIRST, "2024", recoded(after, to), decided=hand, parts=parts)
    found, expected = ({c.category: c for c in changes(one, other, "answers")} for other in (two, whole))
    assert list(found) == list(expected)
    both = sum({"drizzle", "shower"} <= {*own} for own in after)
    assert both > 5, "answers that give two parts are what this is about"
    for id_, change in found.items():
        values = [(c.before, c.after, c.change, c.low, c.high) for c in (change, expected[id_])]
        assert values[0] == pytest.approx(values[1], abs=1e-6), id_
        assert change.p_holm is not None


def test_renamed_and_back_is_as_if_nothing_was_renamed(tmp_path: Path) -> None:
    new = later(RENAME)
    before, after = made_up(1, OLD, 30), made_up(2, OLD, 30)
    one = write_run(tmp_path / "one", FIRST, "2023", before)
    two = write_run(tmp_path / "two", new, "2024", recoded(after, {"rain": "shower"}))
    plain = write_run(tmp_path / "plain", FIRST, "2024", after)
    for found, expected in [
        (changes(one, two), changes(one, plain)),
        (changes(two, one), changes(plain, one)),
    ]:
        assert [(c.category, c.before, c.after, c.change) for c in found] == [
            ("shower" if c.category == "rain" else c.category, c.before, c.after, c.change) for c in expected
        ]


def any_version(rng: random.Random, scheme: Scheme, number: int) -> Scheme:
    """Make a later version by one step that its categories allow."""
    homes = [(q, c) for q, asked in scheme.questions.items() for c in asked.categories]
    question, chosen = rng.choice(homes)
    own = list(scheme.questions[question].categories)
    kind = rng.choice(["new", "split", "merge", "rename", "move"])
    steps: dict[str, Callable[[], Proposal]] = {
        "new": lambda: New.model_validate(
            {"question": question, "id": f"n{number}", **category(f"N{number}")}
        ),
        "split": lambda: Split.model_validate(
            {
                "question": question,
                "from": chosen,
                "to": {
                    rng.choice([chosen, f"a{number}"]): category(f"A{number}"),
                    f"b{number}": category(f"B{number}"),
                },
            }
        ),
        "merge": lambda: Merge.model_validate(
            {"question": question, "from": rng.sample(own, 2), "to": f"m{number}", **category(f"M{number}")}
        ),
        "rename": lambda: Rename.model_validate({"question": question, "from": chosen, "to": f"r{number}"}),
        "move": lambda: Move.model_validate(
            {
                "question": question,
                "from": chosen,
                "to_question": "won" if question == "lost" else "lost",
                "to": f"v{number}",
            }
        ),
    }
    if (kind == "merge" and len(own) < 2) or (kind == "move" and len(own) < 3):
        kind = "new"
    return next_version(scheme, {1: steps[kind]()})


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.integers(1, 6), st.integers(0, 3))
def test_counts_in_are_counts_out(seed: int, steps: int, start: int) -> None:
    """Whatever was done to the scheme, every category of either version is counted on one line and no more."""
    rng = random.Random(seed)
    versions = [FIRST]
    for number in range(steps):
        versions.append(any_version(rng, versions[-1], number))
    old, new = versions[min(start, steps)], versions[-1]
    for question in FIRST.questions:
        found = common_columns(old, new, question)
        for scheme, columns in ((old, found.older), (new, found.newer)):
            each = np.eye(len(scheme.outcomes(question)), dtype=bool)
            lines = columns.count(each)
            assert lines.sum(axis=1).tolist() == [1] * len(each)
            assert lines.any(axis=0).all()
            answers = np.random.default_rng(seed).random((20, len(each))) < 0.3
            assert (columns.count(answers).any(axis=1) == answers.any(axis=1)).all()
        both = {*found.older.ids} & {*found.newer.ids}
        alone = {*found.older.ids} ^ {*found.newer.ids}
        told = {one.category: one.status for one in found.crossed}
        unlike = {"new", "gone", "moved", "widened"} & {*told.values()}
        assert (OTHER in found.apart, told.get(OTHER)) == (bool(unlike), "residual" if unlike else None)
        assert OTHER in both
        assert {told.get(id_) for id_ in alone} <= {"new", "gone", "moved"}
        assert {told[id_] for id_ in found.apart} <= {"widened", "moved", "residual"}


def test_a_version_beside_itself_is_what_it_is() -> None:
    found = common_columns(FIRST, FIRST, "lost")
    assert (found.older.line, found.newer.line, found.crossed) == (None, None, ())
    assert found.older.ids == FIRST.outcomes("lost")


TOLD = """\
Förändring från 2023 till 2024: Varför inte?
Andel av svaren.
2023: räknat av modellen, utan intervall (svar: 4).
2024: räknat av modellen, utan intervall (svar: 4).
Omgångarna är kodade med version 1 och 2 av schemat, och räknas på de rader som båda har.
Minst en av omgångarna saknar intervall, så det går inte att säga om en skillnad är mer än slump och
kodningsfel. Granska båda (samorsak audit).

Orsak     2023    2024    Förändring  95 %-intervall
Regn    50,0 %  75,0 %         +25,0
Vind    75,0 %  25,0 %         −50,0
Hagel           25,0 %  ej jämförbar
Övrigt   0,0 %   0,0 %  ej jämförbar
Snö     25,0 %          ej jämförbar

Sammanslaget, och räknat så i båda: ”Vind” (Vind, Stiltje).
Delat, men räknat helt i båda, ett svar en gång: ”Regn” (Duggregn, Skur).
Nytt i version 2, så 2023 har ingen siffra; där kan det ha räknats någon annanstans, till exempel
under övrigt: ”Hagel”.
Flyttat mellan frågor, så andelarna är av svaren på olika frågor och går inte att jämföra: ”Snö”
(won).
Det som är nytt, borta eller flyttat kan ha räknats här i den ena omgången, så andelarna går inte
att jämföra: ”Övrigt”.
"""


@pytest.fixture
def two_versions(tmp_path: Path) -> tuple[Path, Path]:
    old = [("rain", "wind", "calm"), ("rain", "snow"), ("calm",), ("wind",)]
    new = [("drizzle", "shower"), ("shower", "wind"), ("drizzle",), ("hail",)]
    return (
        write_run(tmp_path / "one", FIRST, "2023", old),
        write_run(tmp_path / "two", later(NEW, SPLIT, INTO, MOVE), "2024", new),
    )


def test_the_command_says_what_is_counted_how(samorsak: Run, two_versions: tuple[Path, Path]) -> None:
    result = samorsak("compare", *two_versions, "--base", "answers")
    assert (result.exit_code, result.stderr, result.stdout) == (0, "", TOLD)
    table = samorsak("compare", *two_versions, "--format", "csv").stdout
    assert {row["category"]: row["crosswalk"] for row in csv.DictReader(io.StringIO(table))} == {
        **{"rain": "split", "wind": "merged", "hail": "new", "other": "residual", "snow": "moved"}
    }
    markdown = samorsak("compare", *two_versions, "--format", "markdown", "--lang", "en").stdout
    assert "Merged, and counted so in both: “Wind”" not in markdown  # labels are Swedish only
    assert "Merged, and counted so in both: “Vind” (Vind, Stiltje)." in markdown


def test_the_later_version_may_be_that_of_the_round_before(two_versions: tuple[Path, Path]) -> None:
    old, new = two_versions
    (found,) = compare_runs(old, new, base="answers")
    (turned,) = compare_runs(new, old, base="answers")
    assert "--base answers" not in show_changes([turned])
    (of_causes,) = compare_runs(new, old)
    assert "andelar av svaren (--base answers) gör det inte." in show_changes([of_causes], width=500)
    was, now = ({c.category: c for c in one.changes} for one in (found, turned))
    assert {*was} == {*now}
    for id_, change in was.items():
        assert (change.before, change.after) == (now[id_].after, now[id_].before)
        assert change.change is None or change.change == -(now[id_].change or 0)
    assert (was["hail"].only, now["hail"].only) == ("after", "before")
    told = " ".join(show_changes([turned]).split())
    assert "kodade med version 1 och 2 av schemat" in told
    assert "Nytt i version 2, så 2023 har ingen siffra;" in told


def test_what_moved_is_in_both_questions_and_compared_in_neither(tmp_path: Path) -> None:
    new = later(MOVE)
    one = write_run(tmp_path / "one", FIRST, "2023", [("sun",), ("heat",)], question="won")
    two = write_run(tmp_path / "two", new, "2024", [("snow",), ("sun",)], question="won")
    (found,) = compare_runs(one, two)
    by_id = {change.category: change for change in found.changes}
    assert (by_id["snow"].only, by_id["snow"].before, by_id["snow"].change) == ("after", None, None)
    assert by_id["sun"].change == 0
    assert "på olika frågor och går inte att jämföra: ”Snö” (lost)." in " ".join(
        show_changes([found]).split()
    )


def test_a_line_that_holds_something_new_is_shown_and_not_compared(tmp_path: Path) -> None:
    second = later(NEW)
    third = later(
        Merge.model_validate({"question": "lost", "from": ["hail", "snow"], "to": "snow"}), of=second
    )
    one = write_run(tmp_path / "one", FIRST, "2023", [("snow",), ("rain",)])
    two = write_run(tmp_path / "two", third, "2024", [("snow",), ("snow",)])
    (found,) = compare_runs(one, two)
    (snow,) = (change for change in found.changes if change.category == "snow")
    assert (snow.only, snow.before, snow.after, snow.change) == (None, 0.5, 1.0, None)
    text = show_changes([found])
    assert [line.split() for line in text.splitlines() if line.startswith("Snö")] == [
        "Snö 50,0 % 100,0 % ej jämförbar".split()
    ]
    assert "Rymmer i version 3 också något som är nytt" in text
    assert "Finns bara" not in text
    decided = {0: ("snow",), 1: ("rain",)}
    both = [
        write_run(tmp_path / "three", FIRST, "2023", [("snow",), ("rain",)], decided=decided),
        write_run(tmp_path / "four", third, "2024", [("snow",), ("rain",)], decided=decided),
    ]
    (found,) = compare_runs(*both)
    (snow,) = (change for change in found.changes if change.category == "snow")
    assert (snow.before, snow.after, snow.change, snow.p_holm) == (0.5, 0.5, None, None)
    assert found.compared == len(found.changes) - 2  # and other, which may have held what is new


def test_both_know_the_parts_of_an_earlier_split(tmp_path: Path) -> None:
    second = later(SPLIT)
    third = later(NEW, of=second)
    one = write_run(tmp_path / "one", second, "2023", [("drizzle",), ("shower",)])
    two = write_run(tmp_path / "two", third, "2024", [("drizzle",), ("drizzle", "shower")])
    found = {change.category: change for change in changes(one, two, "answers")}
    assert (found["drizzle"].change, found["shower"].change, "rain" in found) == (0.5, 0.0, False)


def test_another_definition_is_pointed_out(tmp_path: Path) -> None:
    new = later(
        Merge.model_validate({"question": "lost", "from": ["wind", "calm"], "to": "wind"}),
        Rename.model_validate({"question": "lost", "from": "rain", "label_sv": "Skur"}),
    )
    own = {**new.questions["lost"].categories}
    own["snow"] = own["snow"].model_copy(update={"definition": "Flakes, and slush."})
    asked = {**new.questions, "lost": new.questions["lost"].model_copy(update={"categories": own})}
    one = write_run(tmp_path / "one", FIRST, "2023", [("snow",)])
    two = write_run(tmp_path / "two", new.model_copy(update={"questions": asked}), "2024", [("snow",)])
    (found,) = compare_runs(one, two, lang="en")
    assert [(c.category, c.status) for c in found.across.crossed if c.status == "reworded"] == [
        ("snow", "reworded")
    ]
    assert "the meaning may have changed: “Snö”." in " ".join(show_changes([found], lang="en").split())


def test_strangers_are_matched_by_their_ids_and_said_to_be(tmp_path: Path) -> None:
    stranger = Scheme.model_validate(
        {
            "version": 4,
            "residual": {OTHER: {}},
            "questions": {"lost": {"categories": {"rain": {}, "mud": {}}}},
        }
    )
    one = write_run(tmp_path / "one", stranger, "2023", [("rain",), ("mud",)])
    two = write_run(tmp_path / "two", later(MERGE), "2024", [("rain",), ("air",)])
    (found,) = compare_runs(one, two)
    assert (found.across, found.notes) == (None, ("other_scheme",))
    assert {c.category: c.only for c in found.changes} == {
        **{"rain": None, "snow": "after", "air": "after", "other": None, "mud": "before"}
    }


@pytest.mark.parametrize("version", [1, 4])
def test_strangers_without_a_common_category_are_refused(samorsak: Run, tmp_path: Path, version: int) -> None:
    stranger = Scheme.model_validate(
        {"version": version, "residual": {OTHER: {}}, "questions": {"lost": {"categories": {"mud": {}}}}}
    )
    one = write_run(tmp_path / "one", stranger, "2023", [("mud",)])
    two = write_run(tmp_path / "two", later(MERGE), "2024", [("rain",)])
    result = samorsak("compare", one, two)
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        "question 'lost': the schemes of the two rounds have no category in common and neither is a version "
        "of the other; code both rounds by one scheme, or by versions of one\n",
    )


def test_an_id_with_two_meanings_is_refused() -> None:
    moved = later(MOVE)
    own = {**moved.questions["lost"].categories, "snow": FIRST.questions["lost"].categories["snow"]}
    asked = {**moved.questions, "lost": moved.questions["lost"].model_copy(update={"categories": own})}
    with pytest.raises(SchemeError) as raised:
        common_columns(FIRST, moved.model_copy(update={"questions": asked}), "lost")
    assert str(raised.value) == (
        "category 'snow' of 'lost' means two things in the versions' crosswalk; "
        "give the later one an id of its own"
    )
