"""What the page asks and what it is told, without a browser; every answer is constructed."""

import builtins
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import SCHEME

import samorsak
from samorsak.annotations import QueueRow, Reason, Store, Suggestion
from samorsak.errors import InputError
from samorsak.pipeline.nearest import NearestExamples
from samorsak.pipeline.session import Session
from samorsak.scheme import NO_CAUSE, Scheme, read_scheme
from samorsak.widget import annotate
from samorsak.widget.keys import category_keys
from samorsak.widget.shown import STATIC, scheme_shown, texts
from samorsak.widget.view import AnnotationWidget

TEXT = "Regn 😀 och snö."


def rows() -> list[QueueRow]:
    marks = (
        Suggestion(
            start=11, end=14, category="snow", probability=0.6, next_category="rain", next_probability=0.3
        ),
    )
    reasons = (
        Reason(name="close_categories", strength=0.9, statement=1, says="rain"),
        Reason(name="new", strength=0.1),
    )
    first = QueueRow(answer_id="1", round="2024", question="lost", text=TEXT, background={"Region": "Syd"},
                     statements=marks, reasons=reasons)  # fmt: skip
    return [first, QueueRow(answer_id="2", round="2024", question="lost", text="Vind.")]


@pytest.fixture
def widget(tmp_path: Path) -> AnnotationWidget:
    store = Store(tmp_path / "annotations", SCHEME)
    return AnnotationWidget(Session(rows(), SCHEME, store, "kl"), NearestExamples())


def asked(widget: AnnotationWidget, do: str, **more: Any) -> dict[str, Any]:
    return widget.answer({"id": f"{do}{widget.shown['seq']}", "do": do, **more})


def test_what_is_shown_of_a_row(widget: AnnotationWidget) -> None:
    shown = widget.shown
    assert (shown["place"], shown["total"], shown["decided"]) == (0, 2, 0)
    row = shown["row"]
    assert (row["text"], row["background"], row["blind"], row["state"]) == (
        TEXT,
        [("Region", "Syd")],
        False,
        "open",
    )
    assert [(s["start"], s["end"], s["category"]) for s in row["suggested"]] == [(11, 14, "snow")]
    assert row["marks"] is None
    assert row["reasons"] == [
        {"statement": 1, "text": "Två kategorier ligger nära varandra", "says": "”Regn”"},
        {"statement": None, "text": "new", "says": ""},
    ]
    json.dumps(shown)


def test_a_decision_is_on_disk_when_the_reply_comes(widget: AnnotationWidget) -> None:
    reply = asked(
        widget,
        "decide",
        place=0,
        statements=[{"start": 5, "end": 6, "category": "rain"}],
        note="?",
        flagged=True,
    )
    assert (reply["ok"], reply["did"]) == (True, "decided")
    assert reply["shown"]["place"] == 1
    assert reply["shown"] == widget.shown
    (line,) = (widget.session.store.folder / "kl.jsonl").read_text(encoding="utf-8").splitlines()
    written = json.loads(line)
    assert written["text"][5:6] == "😀"
    assert (written["statements"], written["note"], written["flags"]) == (
        [{"start": 5, "end": 6, "category": "rain"}], "?", ["flagged"]
    )  # fmt: skip
    assert written["origin"] == "suggested"


def test_the_same_message_again_is_answered_and_not_done_again(widget: AnnotationWidget) -> None:
    message = {"id": "a", "do": "decide", "place": 0, "statements": []}
    first = widget.answer(message)
    assert widget.answer(message) == first
    assert len(widget.session.store.history()) == 1


def test_going_skipping_and_undoing(widget: AnnotationWidget) -> None:
    assert asked(widget, "undo")["did"] == "nothing_to_undo"
    assert asked(widget, "go", place=1)["shown"]["place"] == 1
    assert asked(widget, "skip", place=1)["did"] == "skipped"
    assert asked(widget, "decide", place=0)["shown"]["row"] is None
    assert asked(widget, "skipped")["shown"]["place"] == 1
    assert asked(widget, "undo")["did"] == "undone"
    row = widget.shown["row"]
    assert (row["answer_id"], row["marks"], row["draft"]) == ("1", [], True)
    assert asked(widget, "look")["did"] == "moved"


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "x",
        {},
        {"id": "a", "do": "format"},
        {"id": "a", "do": "decide", "statements": [{"start": -1, "end": 2}]},
    ],
)
def test_what_cannot_be_understood_is_said(widget: AnnotationWidget, wrong: object) -> None:
    reply = widget.answer(wrong)
    assert reply == {"re": "", "ok": False, "error": texts("sv")["not_understood"]}


def test_what_does_not_fit_is_said_and_can_be_mended(widget: AnnotationWidget) -> None:
    message = {
        "id": "a",
        "do": "decide",
        "place": 0,
        "statements": [{"start": 0, "end": 99, "category": "rain"}],
    }
    reply = widget.answer(message)
    assert (reply["ok"], "expected it inside the 15 characters" in reply["error"]) == (False, True)
    assert TEXT not in reply["error"]
    assert asked(widget, "decide", place=7)["error"] == "row is 8, expected one of 1 to 2"
    assert widget.answer({**message, "statements": []})["ok"]


def test_examples_of_a_category(tmp_path: Path) -> None:
    lines = [{"answer_id": "x", "question": "lost", "text": f"{w} regn.", "statements": [{"start": 0, "end": len(w) + 5, "category": "rain"}]}
             for w in ("Mycket", "Ihållande", "Plötsligt", "Kallt")]  # fmt: skip
    for number, line in enumerate(lines):
        line["answer_id"] = str(number)
    known = tmp_path / "known.jsonl"
    known.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    widget = annotate(rows(), SCHEME, tmp_path / "own", "kl", examples=[known])
    reply = asked(widget, "about", place=0, category="rain", text="Regn")
    assert [example["after"] for example in reply["examples"]] == ["."] * 3
    assert "shown" not in reply
    assert asked(widget, "about", place=0, category="sun", text="Regn")["ok"] is False


def test_the_reply_goes_out_to_the_page(widget: AnnotationWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(widget, "send", sent.append)
    widget._handle_custom_msg({"id": "a", "do": "look"}, [])
    assert [reply["re"] for reply in sent] == ["a"]


def test_keys_are_letters_and_stay_when_a_category_is_added() -> None:
    for name in ("achieved", "missed"):
        scheme = read_scheme("af")
        keys = category_keys(scheme, name)
        assert list(keys) == [*scheme.outcomes(name), NO_CAUSE]
        assert len({*keys.values()}) == len(keys)
        assert all(re.fullmatch("[a-z]", key) for key in keys.values())
    grown = SCHEME.model_dump(by_alias=True)
    grown["questions"]["lost"]["categories"]["hail"] = {"label_sv": "Rimfrost"}
    before, later = category_keys(SCHEME, "lost"), category_keys(Scheme.model_validate(grown), "lost")
    assert before == {"rain": "r", "snow": "s", "wind": "v", "other": "o", "no_cause": "n"}
    assert later == {**before, "hail": "i"}


def test_a_hundred_categories_have_keys_as_far_as_letters_go() -> None:
    categories = {str(number): {"label": f"Åå {number}"} for number in range(100)}
    keys = category_keys(Scheme.model_validate({"questions": {"q": {"categories": categories}}}), "q")
    given = [key for key in keys.values() if key]
    assert len(given) == len({*given}) == 51  # `o` is kept for other, which this scheme has not
    assert keys["99"] == ""


def test_rules_name_categories_by_their_labels() -> None:
    shown = scheme_shown(read_scheme("af"), "sv")["missed"]
    about = {category["id"]: category for category in shown["categories"]}
    assert "”Oklara ansvarsområden och roller”" in about["unclear_goals"]["excludes"]
    assert "each other's assignment" in about["unclear_roles"]["definition"]
    assert about["no_cause"]["definition"].startswith("The whole answer gives no cause")
    assert len(about["regulations"]["borders"]) == 1
    assert about["no_cause"]["key"] == "n"
    assert scheme_shown(SCHEME, "en")["lost"]["categories"][1]["excludes"] == "Hail: “Rain”."


def test_every_text_is_there_in_both_languages_and_used() -> None:
    known = yaml.safe_load((STATIC / "texts.yaml").read_text(encoding="utf-8"))
    assert all({*said} == {"sv", "en"} and all(said.values()) for said in known.values())
    for said in known.values():
        assert set(re.findall(r"\{(\w+)\}", said["sv"])) == set(re.findall(r"\{(\w+)\}", said["en"]))
    scripts = AnnotationWidget._esm
    named = {*re.findall(r'words\("(\w+)"', scripts), *re.findall(r'"((?:said|key|state)_\w+)"', scripts)}
    assert named - known.keys() == set()
    unused = [name for name in known if not re.search(rf"\b{name}\b", scripts)]
    assert unused == ["not_understood"]


def test_the_page_takes_nothing_from_a_network_and_text_is_text() -> None:
    for file in STATIC.iterdir():
        source = file.read_text(encoding="utf-8")
        assert not re.search(
            r"https?:|\bimport\b|url\(|innerHTML|outerHTML|insertAdjacentHTML|eval\(", source
        ), file.name


def test_annotate_in_english_from_the_public_interface(tmp_path: Path) -> None:
    widget = samorsak.annotate(rows(), SCHEME, tmp_path, "kl", blind=True, lang="en")
    assert (widget.texts["save"], widget.shown["row"]["blind"], widget.shown["row"]["suggested"]) == (
        "Save, next",
        True,
        [],
    )
    assert not list(tmp_path.iterdir())  # nothing before the first decision


def test_without_anywidget_a_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "samorsak.widget.view":
            raise ModuleNotFoundError("No module named 'anywidget'", name="anywidget")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError) as caught:
        annotate(rows(), SCHEME, tmp_path, "kl")
    expected = (
        'annotating in a notebook needs anywidget, which is not installed; pip install "samorsak[notebook]"'
    )
    assert str(caught.value) == expected
