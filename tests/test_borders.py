"""Where an answer may be cut: the rules one by one, and what holds for any text at all."""

import time
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from samorsak.segment.borders import (
    CONJUNCTION,
    LINE,
    PUNCTUATION,
    SENTENCE,
    START,
    Pieces,
    find_pieces,
)
from samorsak.segment.tokens import WORDS, token_kind

NAMES = {START: "start", SENTENCE: "sentence", LINE: "line", PUNCTUATION: "mark", CONJUNCTION: "join"}

# letters in both forms, a base that composes with nothing, Hangul parts, a letter that is never composed,
# one that never stays as it is, signs, spaces and emoji
ODD = "aå1 .,-\n\t•()\"'/–q\u030a\u0301\u0323\u1100\u1161\u11a8\u0958\ufb1d\u212b\uf900\u0344😀\u200d👩🏽"
TEXTS = st.one_of(st.text(max_size=60), st.text(st.sampled_from(ODD), max_size=40))


def cut(text: str, language: str = "sv") -> list[str]:
    found = find_pieces([text], language)
    return [text[a:b] for a, b in zip(found.trimmed, found.end, strict=True)]


def borders(text: str) -> list[str]:
    return [NAMES[int(kind)] for kind in find_pieces([text]).before]


@pytest.mark.parametrize(
    ("text", "pieces", "before"),
    [
        (
            "Otydliga mål. Ont om tid! Varför?",
            ["Otydliga mål", "Ont om tid", "Varför"],
            "start sentence sentence",
        ),
        ("Mål... Tid… Vilja", ["Mål", "Tid", "Vilja"], "start sentence sentence"),
        ("Mål\nMöten\n\nTid", ["Mål", "Möten", "Tid"], "start line line"),
        ("mål, möten; tid: lokal", ["mål", "möten", "tid", "lokal"], "start mark mark mark"),
        ("mål,möten/tid", ["mål", "möten", "tid"], "start mark mark"),
        ("mål - möten – tid — lokal", ["mål", "möten", "tid", "lokal"], "start mark mark mark"),
        ("(mål) [möten]", ["mål", "möten"], "start mark"),
        ("mål => vilja", ["mål", "vilja"], "start mark"),
        ("Mål och möten samt tid", ["Mål", "möten", "tid"], "start join join"),
        ("mål, och vi möts", ["mål", "vi möts"], "start mark"),
        ("dels möten, dels mål", ["möten", "mål"], "start mark"),
        ("Vi möts eftersom vi vill", ["Vi möts", "eftersom vi vill"], "start join"),
    ],
)
def test_where_answers_are_cut(text: str, pieces: list[str], before: str) -> None:
    assert cut(text) == pieces
    assert borders(text) == before.split()


@pytest.mark.parametrize(
    "text",
    [
        "- Mål\n- Möten\n- Tid",
        "– Mål\n– Möten\n– Tid",
        "* Mål\n• Möten\n· Tid",
        "1. Mål\n2. Möten\n3. Tid",
        "1) Mål\n2) Möten\n10) Tid",
        "1, Mål\n2, Möten\n3, Tid",
        "-Mål\n -Möten\n\t-Tid",
        "•Mål\n*Möten\n–Tid",
        "1.Mål\n2.Möten\n10)Tid",
        "😀 Mål\n🚩 Möten\n✅ Tid",
    ],
)
def test_marks_of_lists_belong_to_no_piece(text: str) -> None:
    assert cut(text) == ["Mål", "Möten", "Tid"]
    assert borders(text) == ["start", "line", "line"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Vi hade bl.a. tid", ["Vi hade bl.a. tid"]),
        ("T.ex. möten, ca 10 st. Vi hann", ["T.ex. möten", "ca 10 st", "Vi hann"]),
        ("möten m.m. Mål", ["möten m.m.", "Mål"]),
        ("möten m.m. och mål", ["möten m.m.", "mål"]),
        ("kl. 8. Mål", ["kl. 8", "Mål"]),
        ("2024. Möten", ["2024", "Möten"]),
        ("3,5 tjänster", ["3,5 tjänster"]),
        ("1.5 tjänster", ["1.5 tjänster"]),
        ("-5 grader", ["-5 grader"]),
        ("5 möten", ["5 möten"]),
        ("e-post hela dagen", ["e-post hela dagen"]),
        ("24/7-jour", ["24/7-jour"]),
    ],
)
def test_numbers_and_abbreviations(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "...", "?!", "-", "- ", "–", "1.", "2)", "😀", "👩🏽‍🚒", "/", "\u200b", '"']
)
def test_without_a_letter_or_digit_there_is_no_piece(text: str) -> None:
    found = find_pieces([text])
    assert (found.n, len(found.answer), len(found.words)) == (1, 0, 0)


def test_no_answers() -> None:
    found = find_pieces([])
    assert (found.n, found.start.tolist(), found.words.tolist(), found.lexemes) == (0, [], [], {})


def test_a_lone_conjunction_is_a_piece() -> None:
    assert cut("Och") == ["Och"]
    assert cut("mål, och") == ["mål", "och"]


def test_other_languages() -> None:
    assert cut("Time and money, because we met", "en") == ["Time", "money", "because we met"]
    assert cut("Zeit und Geld, Mut", "de") == ["Zeit und Geld", "Mut"]
    assert cut("tid och mål, nu", "a language that spaCy does not have") == ["tid och mål", "nu"]
    assert token_kind("och", "de") in WORDS


def test_what_a_piece_knows() -> None:
    text = "Tydliga mål, och möten. Tid"
    found = find_pieces([text])
    assert found.start.tolist() == [0, 13, 24]
    assert found.trimmed.tolist() == [0, 17, 24]
    assert found.end.tolist() == [11, 22, 27]
    assert list(zip(found.first.tolist(), found.last.tolist(), strict=True)) == [(0, 2), (2, 4), (4, 5)]
    words = [found.lexemes[int(key)] for key in found.words]
    assert words == ["tydliga", "mål", "och", "möten", "tid"]
    assert [text[a:b].lower() for a, b in zip(found.word_start, found.word_end, strict=True)] == words
    assert found.sentence[0] == found.sentence[1] < found.sentence[2]


@given(TEXTS)
@example("e\u0301, \u212b")
@example("e\u0301 \uf900")
@example("\u1100\u1161 a\u030a, b")
@example("\u0958a\u030a, b")
@example(":\u0344 0")
def test_offsets(text: str) -> None:
    found = find_pieces([text])
    assert (found.start <= found.trimmed).all()
    assert (found.trimmed < found.end).all()
    assert (found.end[:-1] <= found.start[1:]).all()
    assert (found.word_start < found.word_end).all()
    assert (found.word_end[:-1] <= found.word_start[1:]).all()
    assert not len(found.end) or found.end[-1] <= len(text)
    for a, b in zip(found.trimmed, found.end, strict=True):
        piece = text[a:b]
        assert piece == piece.strip() and any(char.isalnum() for char in piece)
    # every word is in one piece
    assert found.first.tolist() == [0, *found.last.tolist()][: len(found.first)]
    assert found.last.tolist()[-1:] == ([len(found.words)] if len(found.words) else [])
    assert (np.diff(found.sentence) >= 0).all()


@given(TEXTS)
@example("\u1100\u1161, b")
@example(":\u0300Ĩ")
@example("q\u0323\u0301, a\u030a")
def test_composed_and_decomposed_are_cut_alike(text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    composed, decomposed = map(find_pieces, [[form] for form in forms])
    assert composed.words.tolist() == decomposed.words.tolist()
    assert composed.before.tolist() == decomposed.before.tolist()
    for begin in ("start", "trimmed"):
        stretches = [
            [
                unicodedata.normalize("NFC", form[a:b])
                for a, b in zip(getattr(found, begin), found.end, strict=True)
            ]
            for form, found in zip(forms, (composed, decomposed), strict=True)
        ]
        assert stretches[0] == stretches[1]


@given(st.lists(TEXTS, max_size=4))
@example(["5", ", mål"])
@example(["Mål", "- Möten"])
@example(["bl.a.", "Mål"])
def test_an_answer_is_cut_as_if_it_stood_alone(texts: list[str]) -> None:
    together = find_pieces(texts)
    alone = [find_pieces([text]) for text in texts]
    assert together.answer.tolist() == [i for i, one in enumerate(alone) for _ in one.answer]
    for field in ("words", "word_start", "word_end", "start", "end", "trimmed", "before"):
        assert getattr(together, field).tolist() == [v for one in alone for v in getattr(one, field).tolist()]
    assert [sentences(together, i) for i in range(len(texts))] == [sentences(one, 0) for one in alone]


def sentences(found: Pieces, i: int) -> list[int]:
    numbers = found.sentence[found.answer == i]
    return (numbers - numbers[:1].sum()).tolist()


@pytest.mark.parametrize(
    "unit",
    ["Ont om tid, och otydliga mål. ", "a", "!", "- ", "(", "😀", "a!", "a\u030a", "mål,", "'s", "_", "1."],
)
def test_a_long_answer_takes_no_longer_than_it_must(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    began = time.process_time()
    found = find_pieces([text])
    assert time.process_time() - began < 10
    assert (found.trimmed < found.end).all()
    assert not len(found.end) or found.end[-1] <= len(text)


def test_a_megabyte() -> None:
    text = "Ont om tid, och otydliga mål. " * 35_000
    found = find_pieces([text])
    assert len(found.start) == 70_000
    assert {text[a:b] for a, b in zip(found.trimmed, found.end, strict=True)} == {
        "Ont om tid",
        "otydliga mål",
    }


def test_a_long_run_of_signs_changes_nothing_else() -> None:
    assert cut(f"Mål {'=' * 120} möten {'=' * 50} tid{'.' * 50}") == ["Mål", "möten", "tid"]
