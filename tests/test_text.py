"""Line breaks, composed letters and check sums."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.text import json_object, nfc, sha256, unify_breaks

BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_break_becomes_one_character(mark: str) -> None:
    assert unify_breaks(f"a{mark}b") == "a\nb"
    assert unify_breaks(f"a{mark}{mark}b") == "a\n\nb"


def test_other_white_space_stays() -> None:
    assert unify_breaks("a\tb\u00a0c\u200bd\x1ee") == "a\tb\u00a0c\u200bd\x1ee"
    assert unify_breaks("a\n\rb") == "a\n\nb"


@given(st.text(st.sampled_from(f"ab {BREAKS}")))
def test_breaks_are_unified_once_and_for_all(text: str) -> None:
    found = unify_breaks(text)
    assert unify_breaks(found) == found
    assert not set(found) & (set(BREAKS) - {"\n"})
    assert found.replace("\n", "") == "".join(char for char in text if char not in BREAKS)
    assert found.count("\n") == sum(text.count(mark) for mark in BREAKS) - text.count("\r\n")


@given(st.text())
def test_nfc_composes(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)
    assert nfc(unicodedata.normalize("NFD", text)) == nfc(text)
    assert nfc(nfc(text)) == nfc(text)


def test_sha256() -> None:
    assert sha256("räksmörgås") == hashlib.sha256("räksmörgås".encode()).hexdigest()
    assert sha256("\ud83d") == hashlib.sha256(b"\xed\xa0\xbd").hexdigest()


@pytest.mark.parametrize("line", ["", "{", "[1]", "1", "null", '{"a": {"b": 1, "b": 2}}', '{"a": 1, "a": 1}'])
def test_what_is_no_json_object_with_distinct_names(line: str) -> None:
    with pytest.raises(ValueError):
        json_object(line)


def test_a_json_object() -> None:
    assert json_object(' {"b": [{"a": 1}, {"a": null}], "a": "å"}\n') == {
        "b": [{"a": 1}, {"a": None}],
        "a": "å",
    }
