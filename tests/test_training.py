"""Training, end to end into a folder, and what the model read back from it does."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import SAID, WEATHER, weather_answers, write_weather

from samorsak.annotations import Annotation, Marked
from samorsak.bundle import find_model, load_bundle
from samorsak.errors import AnnotationError, ModelError, SchemeError, TooFewError
from samorsak.pipeline.chunks import code_texts
from samorsak.pipeline.material import Entry, Gold
from samorsak.pipeline.model import Model, from_arrays, to_arrays
from samorsak.pipeline.model_card import render_card
from samorsak.pipeline.training import (
    entries_of,
    fit_model,
    load_model,
    read_entries,
    to_gold,
    train_model,
)
from samorsak.scheme import SCHEMES, Scheme, read_scheme

CLEAR = {
    "det regnade hela dagen": ("rain",),
    "snön låg djup. en kall vind": ("snow", "wind"),
    "bussen kom sent": ("other",),
    "vet ej": ("no_cause",),
}


def categories(model: Model, question: str, *texts: str) -> list[tuple[str, ...]]:
    return [decision.categories for decision in code_texts(model, [(question, text) for text in texts])]


@pytest.fixture
def untrained(tmp_path: Path) -> Path:
    return write_weather(tmp_path / "s")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def lines(path: Path, *rows: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_marked_answers(weather: Path) -> None:
    model, card = load_model(weather / "model")
    assert model.scheme == read_scheme(weather)
    assert list(model.questions) == ["lost", "won"]
    lost = model.questions["lost"]
    assert lost.outcomes == ("rain", "snow", "wind", "other", "no_cause")
    assert lost.other == 3
    assert lost.whole is not None
    assert categories(model, "lost", *CLEAR) == list(CLEAR.values())
    assert categories(model, "won", "strålande solsken och lugnt väder") == [("sun", "calm")]
    assert card["name"] == "model"
    assert card["seed"] == 0
    assert card["language"] == "sv"
    assert card["fingerprint"] == read_scheme(weather).fingerprint()
    assert card["annotations"] == {"lost/a": 30, "lost/b": 30, "won/a": 25, "won/b": 25}
    assert card["lexicon"] == {"lost": 23, "won": 14}
    assert card["thresholds"] == {q: found.calibration.threshold for q, found in model.questions.items()}


def test_the_same_twice_is_the_same_bytes(weather: Path, tmp_path: Path) -> None:
    again = train_model(weather, annotations=[weather / "annotations"], out=tmp_path / "model")
    assert again == tmp_path / "model"
    assert contents(again) == contents(weather / "model")


def test_no_words_of_an_answer_are_in_the_folder(weather: Path) -> None:
    told = b"".join(contents(weather / "model").values())
    for phrases in SAID["lost"].values():
        for phrase in phrases.split("|"):
            assert phrase.encode() not in told


def test_what_is_loaded_is_what_was_fitted(weather: Path) -> None:
    arrays, card = load_bundle(weather / "model")
    model = from_arrays(arrays, Scheme.model_validate(card["scheme"]))
    again = to_arrays(model)
    assert sorted(again) == sorted(arrays)
    for name, array in arrays.items():
        assert again[name].dtype == array.dtype
        assert again[name].tolist() == array.tolist()
    assert arrays["lost/terms"].dtype == np.int64


def test_scheme_and_lexicon_alone(untrained: Path) -> None:
    said: list[str] = []
    train_model(untrained, out=untrained / "model", say=said.append)
    model, card = load_model(untrained / "model")
    assert said == [
        "lost: 0 annotated answers, 31 entries of scheme and lexicon",
        "won: 0 annotated answers, 17 entries of scheme and lexicon",
    ]
    assert (card["annotations"], card["lexicon"]) == ({}, {"lost": 23, "won": 14})
    assert all(found.whole is None for found in model.questions.values())
    assert categories(model, "lost", *CLEAR) == list(CLEAR.values())
    assert categories(model, "won", "solen sken") == [("sun",)]


def test_definitions_alone(untrained: Path) -> None:
    shutil.rmtree(untrained / "lexicon")
    train_model(untrained, out=untrained / "model")
    model, card = load_model(untrained / "model")
    assert card["lexicon"] == {}
    assert categories(model, "lost", "Regn och skyfall", "snöstorm", "vindbyar") == [
        ("rain",),
        ("snow",),
        ("wind",),
    ]


def test_answers_coded_as_a_whole(untrained: Path) -> None:
    for author in "ab":
        path = untrained / "annotations" / f"{author}.jsonl"
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for row in rows:
            row["categories"] = sorted({mark["category"] for mark in row.pop("statements")})
        lines(path, *rows)
    shutil.rmtree(untrained / "lexicon")
    train_model(untrained, annotations=[untrained / "annotations"], out=untrained / "model")
    model, card = load_model(untrained / "model")
    assert card["annotations"] == {"lost/a": 30, "lost/b": 30, "won/a": 25, "won/b": 25}
    texts = [(str(row["question"]), str(row["text"]), row) for row in weather_answers("lost", 40, 99)]
    decided = code_texts(model, [(question, text) for question, text, _ in texts])
    right = 0
    for (_, text, row), found in zip(texts, decided, strict=True):
        gold = {mark["category"] for mark in row["statements"]} or {"no_cause"}  # type: ignore[attr-defined]
        right += set(found.categories) == gold
        for s in found.statements:
            assert text[s.start : s.end].strip()
    assert right >= 34


def test_a_survey_with_numbers_for_categories(tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text(
        "language: en\nquestions:\n  1:\n    categories:\n      010: {label: Health}\n      104: {}\n",
        encoding="utf-8",
    )
    said = {
        "010": ["I fell ill", "my back hurts", "a broken leg"],
        "104": ["taxes are high", "it costs too much"],
    }
    texts = [
        (category, f"{text}, {n} times") for category in said for text in said[category] for n in range(12)
    ]
    # a number or text, as tables write it
    rows = [
        {
            "answer_id": number,
            "text": text,
            "categories": [104 if category == "104" and number % 2 else category],
        }
        for number, (category, text) in enumerate(texts, 1)
    ]
    both = [
        {"answer_id": f"{n}+{m}", "text": f"{ill}, and {dear}", "categories": ["010", 104]}
        for n, ill in enumerate(said["010"])
        for m, dear in enumerate(said["104"])
    ]
    silent = {"answer_id": 0, "text": "don't know", "categories": []}
    coded = lines(tmp_path / "coded.jsonl", *rows, *both, silent)
    train_model(tmp_path / "scheme.yaml", annotations=[coded], out=tmp_path / "m")
    model, card = load_model(tmp_path / "m")
    assert model.questions["1"].outcomes == ("010", "104", "no_cause")
    assert model.questions["1"].other is None
    assert card["annotations"] == {"1/coded": 67}
    assert categories(model, "1", "My back hurts", "Taxes are high", "I fell ill, and taxes are high") == [
        ("010",),
        ("104",),
        ("010", "104"),
    ]


def test_one_category_is_too_few(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_text("questions: {q: {categories: {a: {}}}}", encoding="utf-8")
    with pytest.raises(TooFewError) as caught:
        train_model(path, out=tmp_path / "m")
    assert str(caught.value) == (
        "question 'q': 1 categories have anything to learn from, expected two or more; "
        "write definitions or lexicon entries, or annotate answers"
    )
    assert not (tmp_path / "m").exists()


def test_a_lexicon_besides(untrained: Path) -> None:
    more = lines(
        untrained.parent / "more" / "lost.jsonl",
        {"category": "rain", "text": "DET REGNADE HELA DAGEN"},  # stands in the scheme's own already
        {"category": "rain", "text": "himlen öppnade sig"},
    )
    scheme = read_scheme(untrained)
    own = read_entries(untrained, scheme, [])
    assert len(own) == 37
    both = read_entries(untrained, scheme, [more.parent, more, untrained / "lexicon"])
    assert [e.text for e in both if e not in own] == ["himlen öppnade sig"]
    with pytest.raises(SchemeError) as caught:
        train_model(untrained, lexicon=[untrained / "none.jsonl"], out=untrained / "m")
    assert str(caught.value) == f"{untrained / 'none.jsonl'}: not readable as JSON Lines in utf-8"


def test_a_copy_of_the_packaged_scheme_has_its_lexicon(tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    shutil.copy(SCHEMES / "af" / "scheme.yaml", copy)
    assert read_entries(copy, read_scheme(copy), []) == read_entries("af", read_scheme("af"), [])
    text = copy.read_text(encoding="utf-8")
    copy.write_text(text.replace("A cause is given", "Some cause is given"), encoding="utf-8")
    assert read_entries(copy, read_scheme(copy), []) == []  # it means something else now


def test_what_the_scheme_itself_teaches() -> None:
    scheme = Scheme.model_validate(
        {
            "borders": ["Hail and sleet: snow. Anything else.", "Storms: wind; gusts: nothing."],
            "residual": {"other": {"rule": "None of these."}, "no_cause": {"rule": "Nothing said."}},
            "questions": {
                "q": {
                    "categories": {
                        "rain": {"label_sv": "Regn", "definition": "Wet.", "not": "Ice: snow. Gales: wind."},
                        "snow": {},
                        "wind": {"label": "Vind"},
                    }
                }
            },
        }
    )
    assert entries_of(scheme, "q", []) == [
        Entry("Regn", "rain", "label"),
        Entry("Wet.", "rain", "definition"),
        Entry("snow", "snow", "label"),
        Entry("Vind", "wind", "label"),
        Entry("None of these.", "other", "definition"),
        Entry("Nothing said.", "no_cause", "definition"),
        Entry("Hail and sleet", "snow", "rule"),
        Entry("Storms", "wind", "rule"),
        Entry("Ice", "snow", "rule"),
        Entry("Gales", "wind", "rule"),
    ]


def test_annotations_as_they_are_learned_from() -> None:
    marked = (Marked(0, 4, "rain"), Marked(6, 9, "no_cause"))
    assert to_gold(Annotation("1", "", "lost", "Regn, tja", marked, None, "a")) == Gold(
        "Regn, tja", ((0, 4, "rain"), (6, 9, "no_cause")), frozenset({"rain"}), "a"
    )
    assert to_gold(Annotation("1", "", "lost", "Regn", None, ("rain",), "b")) == Gold(
        "Regn", None, frozenset({"rain"}), "b"
    )
    assert to_gold(Annotation("1", "", "lost", "Tja", (), None, "b")) == Gold("Tja", (), frozenset(), "b")


def test_other_seeds_deal_the_answers_of_one_file_otherwise(untrained: Path) -> None:
    scheme = read_scheme(untrained)
    annotated = [
        Annotation(
            str(row["answer_id"]),
            "",
            "lost",
            str(row["text"]),
            tuple(Marked(**mark) for mark in row["statements"]),  # type: ignore[attr-defined]
            None,
            "a",
        )
        for row in weather_answers("lost", 44, 1)
    ]
    entries = read_entries(untrained, scheme, [])
    only = Scheme.model_validate(
        scheme.model_dump(by_alias=True) | {"questions": {"lost": scheme.questions["lost"]}}
    )
    first, other = (to_arrays(fit_model(only, entries, annotated, seed)) for seed in (0, 1))
    assert first["lost/weights"].tolist() == other["lost/weights"].tolist()
    assert first["lost/path"].tolist() != other["lost/path"].tolist()


def test_bad_annotations_are_told_before_anything_is_trained(untrained: Path) -> None:
    row = {
        "answer_id": 1,
        "question": "lost",
        "text": "Regn",
        "statements": [{"start": 0, "end": 5, "category": "rain"}],
    }
    path = lines(untrained / "bad.jsonl", row)
    with pytest.raises(AnnotationError) as caught:
        train_model(untrained, annotations=[path], out=untrained / "m")
    assert str(caught.value) == (
        f"{path} line 1: statement 1 is 0-5, expected it inside the 4 characters of the text; mark it again"
    )


def test_a_folder_that_is_no_model_is_left_alone(untrained: Path) -> None:
    with pytest.raises(ModelError) as caught:
        train_model(untrained, out=untrained)
    assert (
        str(caught.value)
        == f"{untrained}: holds other files than a model's, expected a new folder; name another"
    )
    assert (untrained / "scheme.yaml").read_text(encoding="utf-8") == WEATHER


def test_a_card_that_says_something_else(weather: Path, tmp_path: Path) -> None:
    from samorsak.bundle import save_bundle

    arrays, card = load_bundle(weather / "model")
    for name, wrong in {
        "no scheme": ({k: v for k, v in card.items() if k != "scheme"}, arrays),
        "bad scheme": (card | {"scheme": {"questions": 3}}, arrays),
        "no numbers": (card, {k: v for k, v in arrays.items() if k != "lost/path"}),
    }.items():
        save_bundle(tmp_path / name, wrong[1], wrong[0], "")
        with pytest.raises(ModelError) as caught:
            load_model(tmp_path / name)
        assert (
            str(caught.value) == f"{tmp_path / name}: not a model that this version can read; train it again"
        )


def test_the_readme_of_a_model(weather: Path) -> None:
    told = (weather / "model" / "README.md").read_text(encoding="utf-8")
    assert told.startswith("# model\n\nA model of samorsak:")
    _, card = load_model(weather / "model")
    assert f"| lost | 5 | 60 | 23 | {card['thresholds']['lost']:.2f} |\n" in told
    assert f"| won | 4 | 50 | 14 | {card['thresholds']['won']:.2f} |\n" in told


def test_the_model_card_says_what_intervals_rest_on(weather: Path, untrained: Path) -> None:
    told = (weather / "model" / "README.md").read_text(encoding="utf-8")
    assert (
        "Intervals without an audit rest on how it did on annotated answers that it had not learned from\n"
        "(of lost, won); they suppose that the answers of a round are like those.\n"
    ) in told
    train_model(untrained, out=untrained / "model")
    told = (untrained / "model" / "README.md").read_text(encoding="utf-8")
    assert "It was not tried on answers it had not learned from: no intervals without an audit.\n" in told


def test_the_card_of_the_model_that_travels_along_is_that_of_its_numbers() -> None:
    model, card = load_model("af-causes")
    written = find_model("af-causes") / "README.md"
    assert written.read_text(encoding="utf-8").startswith(render_card("af-causes", model, card))


def test_a_card_names_the_encoder_and_what_is_put_before_texts() -> None:
    model, card = load_model("af-causes")
    about = {"name": "e5", "dimensions": 384, "sha256": "0a1b", "prefix": "query: "}
    told = render_card("m", model, {**card, "encoder": about})
    assert (
        "\n\nVectors of the encoder e5 (384 dimensions) were learned from,\n"
        "too; coding needs the same encoder. The check sum of its weights is 0a1b.\n\nDefinitions and"
    ) in told
    assert '--annotations PATH --encoder e5 --prefix "query: " --seed 0 --out FOLDER`' in told
    assert "--annotations PATH --encoder e5 --seed" in render_card(
        "m", model, {**card, "encoder": {**about, "prefix": ""}}
    )
