"""Annotations made under an earlier version of a scheme."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import weather_answers, write_weather
from typer.testing import Result

from samorsak.annotations import Annotation, Carrier, Marked, categories_of, read_annotations
from samorsak.errors import AnnotationError
from samorsak.pipeline.evaluation import evaluate_scheme
from samorsak.scheme import Scheme, next_version, read_scheme, scheme_text, successors
from samorsak.scheme.proposals import Merge, Move, New, Proposal, Rename, Split

Run = Callable[..., Result]


def category(label: str) -> dict[str, str]:
    return {"label": label, "definition": f"{label}."}


FIRST = Scheme.model_validate(
    {
        "residual": {"other": {}},
        "questions": {
            "lost": {"categories": {c: category(c.upper()) for c in ("rain", "snow", "wind", "calm")}},
            "won": {"categories": {"sun": category("SUN")}},
        },
    }
)
STEPS: tuple[Proposal, ...] = (
    New.model_validate({"question": "lost", "id": "hail", **category("Hail")}),
    Split.model_validate(
        {"question": "lost", "from": "rain", "to": {"drizzle": category("D"), "shower": category("S")}}
    ),
    Merge.model_validate({"question": "lost", "from": ["calm"], "to": "wind"}),
    Rename.model_validate({"question": "won", "from": "sun", "to": "sunshine"}),
    Move.model_validate({"question": "lost", "from": "snow", "to_question": "won"}),
)
SECOND = next_version(FIRST, dict(enumerate(STEPS, 1)))


def row(answer_id: str, *categories: str, question: str = "lost", **more: Any) -> dict[str, Any]:
    marks = [{"start": 2 * i, "end": 2 * i + 1, "category": c} for i, c in enumerate(categories)]
    return {
        "answer_id": answer_id,
        "question": question,
        "text": "a b c d e f",
        "statements": marks,
        **more,
    }


def carried(
    folder: Path, *rows: dict[str, Any], scheme: Scheme = SECOND
) -> tuple[tuple[Annotation, ...], list[str]]:
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    carrier = Carrier(scheme)
    found = read_annotations([path], scheme, carrier=carrier)
    return found, list(carrier.notes(found))


def test_each_step(tmp_path: Path) -> None:
    whole = {"answer_id": "8", "question": "lost", "text": "x", "categories": ["calm", "wind"]}
    found, notes = carried(
        tmp_path,
        row("1", "calm", "wind", "other"),
        row("2", "sun", question="won"),
        row("3", "snow"),
        row("4", "rain", "wind"),
        row("5", "snow", "wind"),
        row("6"),
        row("7", "hail"),
        whole,
        row("9", "drizzle"),
    )
    assert [(a.answer_id, a.question, sorted(categories_of(a))) for a in found] == [
        ("1", "lost", ["other", "wind"]),
        ("2", "won", ["sunshine"]),
        ("3", "won", ["snow"]),
        ("6", "lost", ["no_cause"]),
        ("7", "lost", ["hail"]),
        ("8", "lost", ["wind"]),
        ("9", "lost", ["drizzle"]),
    ]
    assert found[0].statements == (Marked(0, 1, "wind"), Marked(2, 3, "wind"), Marked(4, 5, "other"))
    assert notes == [
        "lost: 2 annotated answers: calm is now wind",
        "won: 1 annotated answer: sun is now sunshine",
        "lost: 1 annotated answer: snow is now snow of won",
        "lost: 1 annotated answer left out, as rain was split; say of each statement which it is: "
        "drizzle, shower",
        "lost: 1 annotated answer left out, as their causes are now those of lost and won",
        "lost: hail is new in version 2; 1 of 5 annotated answers with it, those from before were read "
        "without it in mind",
    ]


def test_a_part_that_kept_the_id(tmp_path: Path) -> None:
    parts = {"rain": category("Rain"), "drizzle": category("Drizzle")}
    split = Split.model_validate({"question": "lost", "from": "rain", "to": parts})
    found, notes = carried(
        tmp_path, row("1", "rain"), row("2", "snow"), scheme=next_version(FIRST, {1: split})
    )
    assert [sorted(categories_of(a)) for a in found] == [["rain"], ["snow"]]
    assert notes == [
        "lost: rain was split in version 2 and means a part now; 1 annotated answer with it, look through "
        "those from before"
    ]


def test_through_several_versions(tmp_path: Path) -> None:
    third = next_version(
        SECOND,
        {
            1: Merge.model_validate(
                {"question": "lost", "from": ["drizzle", "shower"], "to": "wet", **category("Wet")}
            ),
            2: Rename.model_validate({"question": "lost", "from": "wind", "to": "air"}),
            3: Rename.model_validate({"question": "lost", "from": "hail", "to": "ice"}),
        },
    )
    found, notes = carried(tmp_path, row("1", "rain", "calm"), row("2", "hail"), scheme=third)
    assert [sorted(categories_of(a)) for a in found] == [["air", "wet"], ["ice"]]
    assert notes[:2] == [
        "lost: 1 annotated answer: rain is now wet",
        "lost: 1 annotated answer: calm is now air",
    ]
    assert notes[-1].startswith("lost: ice is new in version 2; 1 of 2 annotated answers with it")


def test_an_id_of_no_version_is_a_fault_and_only_that(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError) as caught:
        carried(tmp_path, row("1", "rain", "mud"), row("2", "calm"))
    assert str(caught.value) == (
        f"{tmp_path / 'a.jsonl'} line 1: statement 2 is 'mud', 'lost' has: drizzle, shower, wind, hail, other, "
        "no_cause"
    )
    assert successors(SECOND, "lost", "mud") == ()


def test_without_a_crosswalk_nothing_is_carried_and_nothing_said(tmp_path: Path) -> None:
    found, notes = carried(tmp_path, row("1", "rain"), scheme=FIRST)
    assert (len(found), notes) == (1, [])
    with pytest.raises(AnnotationError):
        carried(tmp_path, {**row("1", "rain"), "question": "drawn"})
    with pytest.raises(AnnotationError):
        carried(tmp_path, {**row("1", "rain"), "question": None})


def test_the_same_answer_id_in_two_questions(tmp_path: Path) -> None:
    """An answer that moved along with its cause is not taken for the answer to the other question."""
    found, _ = carried(tmp_path, row("1", "snow"), row("1", "sun", question="won"))
    assert [(a.question, sorted(categories_of(a))) for a in found] == [
        ("won", ["snow"]),
        ("won", ["sunshine"]),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_carried_is_as_recoded_by_hand(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    to = {"calm": "wind"}
    rows = [row(str(i), *rng.sample(["wind", "calm", "other", "rain"], rng.randint(0, 3))) for i in range(30)]
    found, _ = carried(tmp_path, *rows)
    kept = [one for one in rows if "rain" not in [m["category"] for m in one["statements"]]]
    assert 0 < len(kept) < len(rows)
    by_hand = [
        {
            **one,
            "statements": [
                {**m, "category": to.get(m["category"], m["category"])} for m in one["statements"]
            ],
        }
        for one in kept
    ]
    assert found == carried(tmp_path, *by_hand)[0]


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    """A survey, and its next version whose annotations are still those of the first."""
    first = write_weather(tmp_path / "first")
    scheme = read_scheme(first)
    split = {"hail": category("Hail"), "flakes": category("Flakes")}
    second = tmp_path / "second"
    second.mkdir()
    made = next_version(
        scheme,
        {
            1: Rename.model_validate({"question": "lost", "from": "rain", "to": "wet"}),
            2: Split.model_validate({"question": "lost", "from": "snow", "to": split}),
        },
    )
    (second / "scheme.yaml").write_text(scheme_text(made), encoding="utf-8")
    return first, second


def test_training_says_what_it_carried_over(samorsak: Run, versions: tuple[Path, Path]) -> None:
    first, second = versions
    before = {path.name: path.read_bytes() for path in (first / "annotations").iterdir()}
    result = samorsak(
        "train", "--scheme", second, "--annotations", first / "annotations", "--out", "models/second"
    )
    assert result.exit_code == 0, result.stderr
    rows = [r for seed in (0, 1) for r in weather_answers("lost", 30, seed)]
    given = [{m["category"] for m in r["statements"]} for r in rows]  # type: ignore[attr-defined]
    snow, rain = (
        sum("snow" in own for own in given),
        sum("rain" in own and "snow" not in own for own in given),
    )
    told = result.stderr.splitlines()
    assert f"lost: {rain} annotated answers: rain is now wet" in told
    assert (
        f"lost: {snow} annotated answers left out, as snow was split; say of each statement which it is: "
        "hail, flakes"
    ) in told
    assert any(line.startswith(f"lost: {60 - snow} annotated answers, ") for line in told)
    assert before == {path.name: path.read_bytes() for path in (first / "annotations").iterdir()}


def test_evaluating_carries_over_too(versions: tuple[Path, Path]) -> None:
    first, second = versions
    told: list[str] = []
    evaluate_scheme(second, annotations=[first / "annotations"], train_files=1, say=told.append)
    assert any("rain is now wet" in line for line in told)
