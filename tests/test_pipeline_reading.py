"""The door: personal data is masked in texts and background, never in ids."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samorsak.answers import Answer, Round
from samorsak.errors import InputError
from samorsak.pipeline.reading import MaskedRound, mask_round, open_round, write_long
from samorsak.privacy import mask


def a_round(answers: list[Answer], layout: Any = "long", id_column: str = "answer_id") -> Round:
    return Round(
        answers=tuple(answers),
        drops=(),
        name="r.csv",
        sha256="0" * 64,
        format="csv",
        layout=layout,
        encoding="utf-8",
        delimiter=",",
        sheet=None,
        columns={"answer_id": id_column},
        background=(),
        rows=len(answers),
    )


def opened(folder: Path, content: str, /, **options: Any) -> MaskedRound:
    path = folder / "r.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return open_round(path, **options)


LONG = (
    "answer_id,round,question,text,Region,Kontakt\n"
    "1,2024,q,Ring 070-174 06 05 eller kim@example.org,Syd,kim@example.org\n"
    "2,2024,q,Tidsbrist,Syd,\n"
)


def test_texts_and_background_are_masked_and_counted(tmp_path: Path) -> None:
    found = opened(tmp_path, LONG)
    assert [(a.answer_id, a.text, dict(a.background)) for a in found.round.answers] == [
        ("1", "Ring [telefon] eller [e-post]", {"Region": "Syd", "Kontakt": "[e-post]"}),
        ("2", "Tidsbrist", {"Region": "Syd", "Kontakt": ""}),
    ]
    assert found.masked == {"telefon": 1, "e-post": 2}
    assert list(found.masked) == ["telefon", "e-post"]
    assert found.personal_ids == 0


def test_personal_data_can_be_kept(tmp_path: Path) -> None:
    found = opened(tmp_path, LONG, keep_personal_data=True)
    assert found.round.answers[0].text == "Ring 070-174 06 05 eller kim@example.org"
    assert found.round.answers[0].background["Kontakt"] == "kim@example.org"
    assert (found.masked, found.personal_ids) == ({}, 0)


def test_what_two_answers_of_a_row_share_is_counted_once(tmp_path: Path) -> None:
    wide = "nr,a,b,Kontakt\n1,Tid,Pengar,kim@example.org\n2,Tid,Pengar,kim@example.org\n"
    found = opened(tmp_path, wide, text={"a": "a", "b": "b"}, id_column="nr", round_name="2024")
    assert found.masked == {"e-post": 2}
    first, second, third, _ = found.round.answers
    assert first.background is second.background
    assert first.background is not third.background


@pytest.mark.parametrize("id_column", ["nr", "answer_id"])
def test_ids_are_never_masked(tmp_path: Path, id_column: str) -> None:
    wide = f"{id_column},a,Mail\n20240823-3234,Tid,kim@example.org\n0701740605,Pengar,\n0017,Rum,\n"
    found = opened(tmp_path, wide, text={"a": "a"}, id_column=id_column, round_name="2024")
    assert [a.answer_id for a in found.round.answers] == ["20240823-3234/a", "0701740605/a", "0017/a"]
    assert [list(a.background.values()) for a in found.round.answers] == [
        ["20240823-3234", "[e-post]"],
        ["0701740605", ""],
        ["0017", ""],
    ]
    assert found.masked == {"e-post": 1}
    assert found.personal_ids == 2


def test_other_properties_of_the_round_stay(tmp_path: Path) -> None:
    found = opened(tmp_path, LONG).round
    kept = opened(tmp_path, LONG, keep_personal_data=True).round
    assert (found.sha256, found.encoding, found.delimiter, found.columns, found.rows) == (
        kept.sha256,
        kept.encoding,
        kept.delimiter,
        kept.columns,
        kept.rows,
    )


def test_options_reach_the_reader(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        opened(tmp_path, LONG, sheet="Svar")
    assert str(caught.value) == "r.csv: a .csv file has no sheet; leave --sheet out"


TEXTS = st.lists(
    st.sampled_from(["Tid ", "070-174 06 05 ", "kim@example.org ", "å\u0308", "2024-10-01 ", "640823-3234 "])
).map("".join)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6), st.booleans())
def test_masking_is_that_of_privacy_answer_by_answer(rows: list[tuple[str, str]], shared: bool) -> None:
    common = {"x": "kim@example.org"}
    answers = [
        Answer(str(i), "2024", "q", text, common if shared else {"x": value})
        for i, (text, value) in enumerate(rows)
    ]
    found = mask_round(a_round(answers))
    for before, after in zip(answers, found.round.answers, strict=True):
        assert after.text == mask(before.text).text
        assert after.background == {"x": mask(before.background["x"]).text}
        assert (after.answer_id, after.round, after.question) == (before.answer_id, "2024", "q")
    again = mask_round(found.round)
    assert again.round.answers == found.round.answers
    assert again.masked == {}


def test_answers_without_finds_are_not_copied() -> None:
    answer = Answer("1", "2024", "q", "Tidsbrist", {"Region": "Syd"})
    assert mask_round(a_round([answer])).round.answers[0] is answer


def test_the_long_csv_reads_back(tmp_path: Path) -> None:
    found = opened(tmp_path, LONG)
    write_long(tmp_path / "long.csv", found, tmp_path / "r.csv")
    assert open_round(tmp_path / "long.csv").round.answers == found.round.answers
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.csv", "r.csv"]


def test_the_source_is_never_written_over(tmp_path: Path) -> None:
    found = opened(tmp_path, LONG)
    description = tmp_path / "r.yaml"
    description.write_text("file: r.csv\n", encoding="utf-8")
    for out, source in [("r.csv", "r.csv"), ("r.csv", "r.yaml"), ("r.yaml", "r.yaml")]:
        with pytest.raises(InputError) as caught:
            write_long(tmp_path / out, found, tmp_path / source)
        assert str(caught.value) == (
            f"{tmp_path / out}: is the round that was read, expected another file for --out"
        )
    assert (tmp_path / "r.csv").read_text(encoding="utf-8") == LONG


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    found = opened(tmp_path, LONG)
    with pytest.raises(InputError) as caught:
        write_long(tmp_path / "no" / "long.csv", found, tmp_path / "r.csv")
    assert str(caught.value) == (
        f"{tmp_path / 'no' / 'long.csv'}: cannot be written (No such file or directory); "
        "close it in other programs, or choose another place"
    )
