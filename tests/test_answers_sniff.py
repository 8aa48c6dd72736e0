"""Encodings and delimiters: found, named, and refused when the letters did not come through."""

import codecs
import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.answers import read_round
from samorsak.answers.sniff import DELIMITERS, find_delimiter, find_encoding, line_of, lines, mojibake
from samorsak.errors import InputError

TEXT = (
    "answer_id;round;question;text\r\n"
    '1;2024;q;"Få möten \u2013 för ”höga” mål;\r\nÖvrigt"\r\n'
    "2;2024;q;Ägarskap…\r\n"
)


def error_of(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_round(path, **options)
    return str(caught.value)


def saved(folder: Path, raw: bytes) -> Path:
    path = folder / "r.csv"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("cp1252"), "cp1252"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_encodings_are_found(tmp_path: Path, raw: bytes, encoding: str) -> None:
    round_ = read_round(saved(tmp_path, raw))
    assert round_.encoding == encoding
    assert [answer.text for answer in round_.answers] == [
        "Få möten \u2013 för ”höga” mål;\nÖvrigt",
        "Ägarskap…",
    ]
    assert [answer.answer_id for answer in round_.answers] == ["1", "2"]


@pytest.mark.parametrize(
    ("encoding", "named", "found"),
    [
        ("cp1252", "windows-1252", "cp1252"),
        ("utf-8-sig", "utf8", "utf-8"),
        ("utf-16-le", "utf-16-le", "utf-16-le"),
    ],
)
def test_a_named_encoding_goes_first(tmp_path: Path, encoding: str, named: str, found: str) -> None:
    round_ = read_round(saved(tmp_path, TEXT.encode(encoding)), encoding=named)
    assert (round_.encoding, round_.answers[1].text) == (found, "Ägarskap…")


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_old_encodings_can_be_named(tmp_path: Path, encoding: str) -> None:
    text = "answer_id,round,question,text\n1,2024,q,för få möten på våra enheter\n"
    path = saved(tmp_path, text.encode(encoding))
    assert read_round(path, encoding=encoding).answers[0].text == "för få möten på våra enheter"
    assert error_of(path) == (
        f"r.csv line 2: signs stand inside words, as if {encoding} were read as cp1252; "
        f"name the encoding with --encoding {encoding}, or cp1252 if they are right"
    )


def test_a_few_signs_inside_words_are_let_through(tmp_path: Path) -> None:
    path = saved(tmp_path, "answer_id,round,question,text\n1,2024,q,Dušan\n".encode("cp1252"))
    assert read_round(path).answers[0].text == "Dušan"


def test_bytes_that_are_neither_utf_8_nor_cp1252(tmp_path: Path) -> None:
    path = saved(tmp_path, b"answer_id,round,question,text\r1,2024,q,ok\r\n2,2024,q,\x8fr\n")
    assert error_of(path) == (
        "r.csv line 3: byte 0x8F is neither utf-8 nor cp1252; name the encoding with --encoding "
        "(cp850 for MS-DOS, mac_roman for an old Macintosh)"
    )


def test_a_stray_byte_in_a_utf_8_file(tmp_path: Path) -> None:
    path = saved(tmp_path, TEXT.encode("utf-8") + b"3;2024;q;f\xf6r\n")
    assert error_of(path) == (
        "r.csv line 5: byte 0xF6 is not utf-8 though the rest of the file is; "
        "export the file again, or name the encoding with --encoding"
    )


def test_a_stray_byte_after_a_byte_order_mark(tmp_path: Path) -> None:
    path = saved(tmp_path, codecs.BOM_UTF8 + b"answer_id,round,question,text\n1,2024,q,\xe5r\n")
    assert error_of(path) == (
        "r.csv line 2: byte 0xE5 is not utf-8-sig though the rest of the file is; "
        "export the file again, or name the encoding with --encoding"
    )


@pytest.mark.parametrize(
    ("wrong", "line", "byte"), [("utf-8", 2, "0xE5"), ("ascii", 2, "0xE5"), ("utf-16-be", 4, "0x0A")]
)
def test_a_named_encoding_that_does_not_decode(tmp_path: Path, wrong: str, line: int, byte: str) -> None:
    raw = TEXT.encode("cp1252")
    if wrong == "utf-16-be":
        raw = TEXT[:40].encode("utf-16-be") + b"\0\n\0\n\n"
    message = error_of(saved(tmp_path, raw), encoding=wrong)
    assert (
        message
        == f"r.csv line {line}: byte {byte} is not {wrong}; leave --encoding out, or name the right one"
    )


@pytest.mark.parametrize("unknown", ["utf-9", "hex", "a b\0"])
def test_unknown_encoding(tmp_path: Path, unknown: str) -> None:
    assert error_of(saved(tmp_path, TEXT.encode("utf-8")), encoding=unknown) == (
        f"r.csv: unknown encoding {unknown!r}, expected utf-8, utf-16, cp1252 or another of Python's"
    )


def test_an_encoding_that_spells_half_a_surrogate_pair(tmp_path: Path) -> None:
    path = saved(tmp_path, b"answer_id,round,question,text\n1,2024,q,\\ud83d\n")
    assert error_of(path, encoding="unicode_escape") == (
        "r.csv: not unicode-escape; leave --encoding out, or name the right one"
    )


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_utf_8_read_as_something_else_is_refused(tmp_path: Path, wrong: str) -> None:
    path = saved(tmp_path, "answer_id,round,question,text\n1,2024,q,ok\n2,2024,q,för få möten\n".encode())
    found = {"cp1252": "cp1252", "latin-1": "iso8859-1"}[wrong]
    assert error_of(path, encoding=wrong) == (
        "r.csv line 3: letters such as å stand as two characters "
        f"when read as {found}, but the file is utf-8; leave --encoding out"
    )


def test_a_file_saved_in_the_wrong_encoding_is_refused(tmp_path: Path) -> None:
    broken = "answer_id,round,question,text\n1,2024,q,för få möten\n".encode().decode("cp1252")
    assert error_of(saved(tmp_path, broken.encode("utf-8"))) == (
        "r.csv line 2: letters such as å stand as two characters, text in the wrong encoding; "
        "export the file again as utf-8"
    )


def test_one_broken_text_among_sound_ones_is_dropped(tmp_path: Path) -> None:
    text = "answer_id,round,question,text\n1,2024,q,många små möten för få mål\n2,2024,q,fÃ¶r lÃ¥ngt\n"
    round_ = read_round(saved(tmp_path, text.encode("utf-8")))
    assert [answer.answer_id for answer in round_.answers] == ["1"]
    assert round_.dropped == {"text in the wrong encoding": 1}


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("", False),
        ("Ã", False),
        ("fÃ¥r", True),
        ("Ã\x85rsmÃ¶te", True),
        ("Ã…rsmÃ¶te", True),
        ("mÃ¶te â€“ ðŸ™\u201a", True),
        ("SÃO PAULO", False),
        ("möte, se Ã¥", False),
        ("”KÖ” \u2013 ÅÄÖ…", False),
    ],
)
def test_mojibake(text: str, broken: bool) -> None:
    assert mojibake(text) is broken


@given(st.text("abc åäöÅÄÖéü”“\u2019\u2013…•·§°\xb4\n", max_size=60))
def test_swedish_text_is_no_mojibake_until_it_is(text: str) -> None:
    assert not mojibake(text)
    assert mojibake(text.encode("utf-8").decode("latin-1")) is not text.isascii()


def test_nul_bytes(tmp_path: Path) -> None:
    path = saved(tmp_path, b"answer_id,round,question,text\n1,2024,q,a\0b\n")
    assert error_of(path) == "r.csv line 2: a NUL byte, expected text; export the file again"


@pytest.mark.parametrize(("delimiter", "shown"), [(",", ","), (";", ";"), ("\t", "\t"), ("|", "|")])
@pytest.mark.parametrize("suffix", ["csv", "tsv", "txt"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str, shown: str, suffix: str) -> None:
    rows = [
        ["answer_id", "round", "question", "text", "Har ni, i så fall; hur"],
        ["1", "2024", "q", '"möten, rutiner;\nplaner\t|"', ""],
        ["2", "2024", "q", '"a, b, c"', "x"],
    ]
    rows[0][4] = f'"{rows[0][4]}"'
    path = tmp_path / f"r.{suffix}"
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding="utf-8")
    round_ = read_round(path)
    assert (round_.delimiter, round_.format) == (shown, suffix)
    assert [answer.text for answer in round_.answers] == ["möten, rutiner;\nplaner\t|", "a, b, c"]


def test_commas_in_bare_texts_do_not_mislead() -> None:
    text = "nr;svar, kort\n1;a, b\n2;c, d\n3;e, f\n"
    assert find_delimiter(text, ["nr"]) == ";"
    assert find_delimiter("nr;svar\n1;a, b\n2;c, d, e\n", ["other"]) == ";"
    assert find_delimiter("svar\na\n", ["other"]) == ","


def test_long_cells_do_not_stop_the_search_for_a_delimiter() -> None:
    assert find_delimiter(f'nr|svar\n1|"{"a, " * 100_000}"\n', ["nr"]) == "|"


@pytest.mark.parametrize("named", [":", "tab", "\\t", "\t"])
def test_a_named_delimiter_goes_first(tmp_path: Path, named: str) -> None:
    used = ":" if named == ":" else "\t"
    text = "answer_id,round,question,text\n1,2024,q,a;b\n".replace(",", used)
    round_ = read_round(saved(tmp_path, text.encode()), delimiter=named)
    assert (round_.delimiter, round_.answers[0].text) == (used, "a;b")


@pytest.mark.parametrize("bad", [";;", '"', "\n"])
def test_a_delimiter_is_one_character(tmp_path: Path, bad: str) -> None:
    assert error_of(saved(tmp_path, TEXT.encode()), delimiter=bad) == (
        f"r.csv: delimiter {bad!r}, expected one character, or the word tab"
    )


def test_excels_own_line_for_the_delimiter(tmp_path: Path) -> None:
    round_ = read_round(
        saved(tmp_path, b"sep=:\r\nanswer_id:round:question:text\r\n1:2024:q:\r\n2:2024:q:a\r\n")
    )
    assert (round_.delimiter, round_.answers[0].text, round_.drops[0].where) == (":", "a", "line 3")


def test_find_encoding_of_little() -> None:
    assert [find_encoding(raw) for raw in (b"", b"a", b"\xe5")] == ["utf-8", "utf-8", "cp1252"]


@given(st.text("ab\r\n\u2028\x85", max_size=30))
def test_lines_lose_nothing_and_are_counted(text: str) -> None:
    cut = list(lines(text))
    assert "".join(cut) == text
    position = 0
    for number, line in enumerate(cut, start=1):
        assert line_of(text, position) == number
        position += len(line)


@given(
    texts=st.lists(st.text("abåö ,;|\t\n\"'-=", max_size=20), min_size=1, max_size=5),
    delimiter=st.sampled_from(DELIMITERS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_delimiter_and_encoding_reads_the_same(
    texts: list[str], delimiter: str, encoding: str, end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end)
    writer.writerow(["answer_id", "round", "question", "text", "År"])
    rows = [
        ["1", "2024", "q", "Få möten", "x"],
        *([f"{i}x", "2024", "q", text, text] for i, text in enumerate(texts)),
    ]
    writer.writerows(rows)
    path = saved(tmp_path_factory.mktemp("any"), file.getvalue().encode(encoding))
    round_ = read_round(path)
    assert round_.delimiter == delimiter
    kept = [row for row in rows if row[3].strip()]
    assert [[a.answer_id, a.round, a.question, a.text, a.background["År"]] for a in round_.answers] == kept
    assert round_.dropped.get("no text", 0) == len(rows) - len(kept)
