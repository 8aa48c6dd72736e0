"""Reading a round: layouts, background, drops, bad rows; and the canonical CSV."""

import hashlib
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import samorsak.answers
from samorsak.answers import Answer, Drop, Round, read_round, write_answers
from samorsak.answers.layout import no_answer
from samorsak.answers.sniff import mojibake
from samorsak.errors import InputError
from samorsak.text import unify_breaks

LONG = "answer_id,round,question,text,Region\n"
WIDE = "Löpnr;Region;Varför;Varför inte\n"
QUESTIONS = {"achieved": "Varför", "missed": "Varför inte"}


def written(folder: Path, text: str, name: str = "r.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def error_of(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_round(path, **options)
    return str(caught.value)


def test_public_surface() -> None:
    assert samorsak.answers.__all__ == [
        "Answer",
        "Closed",
        "ClosedQuestion",
        "CrosstabAsked",
        "Drop",
        "Respondent",
        "Round",
        "RoundDescription",
        "read_round",
        "write_answers",
    ]


def test_import_loads_no_reader_of_formats() -> None:
    code = (
        "import sys, samorsak.answers; "
        "heavy = ('numpy', 'pandas', 'openpyxl', 'pyarrow', 'pyreadstat', 'yaml'); "
        "print([module for module in heavy if module in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout == "[]\n"


def test_long_layout(tmp_path: Path) -> None:
    text = LONG + '01,2024,missed,"Tidsbrist,\r\nsjukdom ",Syd\n02,2024,achieved, Tät dialog,Norr\n'
    path = written(tmp_path, text)
    assert read_round(path) == Round(
        answers=(
            Answer("01", "2024", "missed", "Tidsbrist,\nsjukdom ", {"Region": "Syd"}),
            Answer("02", "2024", "achieved", " Tät dialog", {"Region": "Norr"}),
        ),
        drops=(),
        name="r.csv",
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        format="csv",
        layout="long",
        encoding="utf-8",
        delimiter=",",
        sheet=None,
        columns={"answer_id": "answer_id", "round": "round", "question": "question", "text": "text"},
        background=("Region",),
        rows=2,
    )


def test_wide_layout_keeps_the_id_in_the_background(tmp_path: Path) -> None:
    path = written(tmp_path, WIDE + "001;Syd;Tät dialog;Tidsbrist\n002;Norr;Nya rutiner; \n")
    round_ = read_round(path, text=QUESTIONS, id_column="Löpnr", round_name="2024")
    first, second = {"Löpnr": "001", "Region": "Syd"}, {"Löpnr": "002", "Region": "Norr"}
    assert round_.answers == (
        Answer("001/achieved", "2024", "achieved", "Tät dialog", first),
        Answer("001/missed", "2024", "missed", "Tidsbrist", first),
        Answer("002/achieved", "2024", "achieved", "Nya rutiner", second),
    )
    assert round_.drops == (Drop("line 3 (missed)", "no text"),)
    assert (round_.layout, round_.rows, round_.cells) == ("wide", 2, 4)
    assert round_.columns == {"answer_id": "Löpnr", "text achieved": "Varför", "text missed": "Varför inte"}
    assert round_.background == ("Löpnr", "Region")


def test_round_is_a_column_if_there_is_one(tmp_path: Path) -> None:
    path = written(tmp_path, "id,År,svar\n1,2023,Tidsbrist\n2,2024,Tidsbrist\n")
    by_column = read_round(path, text={"q": "svar"}, id_column="id", round_name="År")
    assert [answer.round for answer in by_column.answers] == ["2023", "2024"]
    assert by_column.columns["round"] == "År"
    assert by_column.background == ("id",)
    by_value = read_round(path, text={"q": "svar"}, id_column="id", round_name="Hösten 2024")
    assert [answer.round for answer in by_value.answers] == ["Hösten 2024", "Hösten 2024"]
    assert by_value.background == ("id", "År")


def test_wide_layout_takes_a_column_called_round(tmp_path: Path) -> None:
    path = written(tmp_path, "id,round,svar\n1,2023,Tidsbrist\n")
    (answer,) = read_round(path, text={"q": "svar"}, id_column="id").answers
    assert answer == Answer("1/q", "2023", "q", "Tidsbrist", {"id": "1"})


def test_wide_layout_without_a_round(tmp_path: Path) -> None:
    path = written(tmp_path, "id,svar\n1,Tidsbrist\n")
    assert error_of(path, text={"q": "svar"}, id_column="id") == (
        "r.csv: no column 'round'; found 'id', 'svar'; "
        "name the round with --round 2024, or its column with --round COLUMN"
    )


def test_long_layout_with_a_given_round_and_another_id(tmp_path: Path) -> None:
    path = written(tmp_path, "nr,question,text\n7,q,Tidsbrist\n")
    (answer,) = read_round(path, id_column="nr", round_name="2024").answers
    assert answer == Answer("7", "2024", "q", "Tidsbrist", {})


def test_background_never_takes_a_name_of_the_long_layout(tmp_path: Path) -> None:
    path = written(tmp_path, "answer_id,text,text (file),svar\n1,ja,nej,Tidsbrist\n")
    round_ = read_round(path, text={"q": "svar"}, round_name="2024")
    background = {"answer_id (file)": "1", "text (file) (file)": "ja", "text (file)": "nej"}
    assert round_.answers == (Answer("1/q", "2024", "q", "Tidsbrist", background),)
    write_answers(tmp_path / "long.csv", round_.answers)
    assert read_round(tmp_path / "long.csv").answers == round_.answers


def test_column_names_are_compared_without_stray_space_and_composed(tmp_path: Path) -> None:
    path = written(tmp_path, 'Lo\u0308pnr ;"Varför\ninte"\n1;Tidsbrist\n')
    round_ = read_round(path, text={"q": " Varför  inte"}, id_column="Löpnr", round_name="2024")
    assert round_.answers == (Answer("1/q", "2024", "q", "Tidsbrist", {"Löpnr": "1"}),)


@pytest.mark.parametrize("value", ["0012", "1234567890123456", "2024-01-05", "1e5", "=7", "+46", "-1", "@x"])
def test_ids_stay_text(tmp_path: Path, value: str) -> None:
    (answer,) = read_round(written(tmp_path, LONG + f"{value},2024,q,{value},{value}\n")).answers
    assert answer == Answer(value, "2024", "q", value, {"Region": value})


def test_rows_that_become_no_answer_are_counted(tmp_path: Path) -> None:
    text = LONG + "1,2024,q,,Syd\n2,2024,q, \t,Syd\n3,2024,q,#NAMN?,Syd\n4,2024,q,fÃ¶r lÃ¥g takt,Öst\n"
    text += ",,,,\n\n5,2024,q,?!,Ö\nSumma,,,,4\n"
    round_ = read_round(written(tmp_path, text))
    assert round_.answers == (Answer("5", "2024", "q", "?!", {"Region": "Ö"}),)
    assert round_.drops == (
        Drop("line 2", "no text"),
        Drop("line 3", "no text"),
        Drop("line 4", "spreadsheet error"),
        Drop("line 5", "text in the wrong encoding"),
        Drop("line 9", "no text"),
    )
    assert round_.dropped == {"no text": 3, "spreadsheet error": 1, "text in the wrong encoding": 1}
    assert round_.rows == round_.cells == 6


def test_no_answer_with_text(tmp_path: Path) -> None:
    path = written(tmp_path, LONG + "1,2024,q,,Syd\n2,2024,q,#NAME?,Syd\n")
    assert error_of(path) == "r.csv: no answer with text in 2 rows (no text: 1, spreadsheet error: 1)"


def test_duplicate_ids_are_collected(tmp_path: Path) -> None:
    path = written(tmp_path, LONG + '1,2024,q,"a\nb",\n1,2024,p,b,\n2,2024,q,c,\n1,2024,q,d,\n')
    assert error_of(path) == (
        "2 bad rows:\n"
        "  r.csv line 4: the id in column 'answer_id' stands on line 2 already, expected once\n"
        "  r.csv line 6: the id in column 'answer_id' stands on line 2 already, expected once"
    )


def test_duplicate_ids_of_wide_rows(tmp_path: Path) -> None:
    path = written(tmp_path, WIDE + "1;Syd;a;\n1;Syd;;b\n")
    assert error_of(path, text=QUESTIONS, id_column="Löpnr", round_name="2024") == (
        "r.csv line 3: the id in column 'Löpnr' stands on line 2 already, expected once"
    )


def test_missing_id_round_and_question_are_collected(tmp_path: Path) -> None:
    path = written(tmp_path, LONG + " ,2024,q,a,\n2,,q,a,\n3,2024, ,a,\n,,,,Syd\n")
    assert error_of(path) == (
        "3 bad rows:\n"
        "  r.csv line 2: no id in column 'answer_id', expected one for each row with a text\n"
        "  r.csv line 3: no round, expected one for each row with a text\n"
        "  r.csv line 4: no question, expected one for each row with a text"
    )


def test_ten_bad_rows_are_shown(tmp_path: Path) -> None:
    message = error_of(written(tmp_path, LONG + ",2024,q,a,\n" * 12))
    assert message.splitlines()[0] == "12 bad rows:"
    assert message.splitlines()[10:] == [
        "  r.csv line 11: no id in column 'answer_id', expected one for each row with a text",
        "  and 2 more",
    ]


def test_missing_columns_of_the_long_layout(tmp_path: Path) -> None:
    path = written(tmp_path, "Löpnr,svar\n1,a\n")
    assert error_of(path) == (
        "r.csv: no columns 'answer_id', 'round', 'question', 'text'; found 'Löpnr', 'svar'; "
        "if it has a column per question, add --text QUESTION=COLUMN --id COLUMN --round ROUND"
    )


def test_missing_columns_of_the_wide_layout(tmp_path: Path) -> None:
    path = written(tmp_path, WIDE + "1;Syd;a;b\n")
    assert error_of(path, text={"q": "Varfor"}, id_column="Löpnr", round_name="2024") == (
        "r.csv: no column 'Varfor'; found 'Löpnr', 'Region', 'Varför', 'Varför inte'; "
        "name them as the file does, with --text QUESTION=COLUMN, --id COLUMN and --round ROUND"
    )


def test_a_first_row_of_answers_is_not_quoted(tmp_path: Path) -> None:
    path = written(tmp_path, f"1,{'hemligt ' * 40}\n2,b\n")
    assert error_of(path) == (
        "r.csv: no columns 'answer_id', 'round', 'question', 'text'; found '1', (319 characters); "
        "if it has a column per question, add --text QUESTION=COLUMN --id COLUMN --round ROUND"
    )


def test_many_columns_are_counted(tmp_path: Path) -> None:
    names = ",".join(f"k{i}" for i in range(33))
    assert ", 'k29', and 3 more; if it has" in error_of(written(tmp_path, f"{names}\n{names}\n"))


def test_duplicate_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "answer_id,round,question,text,Region,Region \n1,2024,q,a,Syd,Norr\n")
    assert error_of(path) == (
        "r.csv: more than one column is named 'Region'; rename them, a name may stand once"
    )


def test_a_column_has_one_role(tmp_path: Path) -> None:
    path = written(tmp_path, WIDE + "1;Syd;a;b\n")
    questions = {"achieved": "Varför", "missed": "Varför"}
    assert error_of(path, text=questions, id_column="Löpnr", round_name="2024") == (
        "r.csv: column 'Varför' is named both as text achieved and as text missed, expected a column for each"
    )


@pytest.mark.parametrize("question", ["", " ", "a/b"])
def test_questions_that_would_not_come_apart_again(tmp_path: Path, question: str) -> None:
    assert error_of(tmp_path / "r.csv", text={question: "svar"}) == (
        "r.csv: a question has no name or a / in it, expected --text QUESTION=COLUMN"
    )


def test_nameless_columns(tmp_path: Path) -> None:
    round_ = read_round(written(tmp_path, "answer_id,round,question,text,,\n1,2024,q,a,,x\n2,2024,q,b,,\n"))
    assert [answer.background for answer in round_.answers] == [{"column 6": "x"}, {"column 6": ""}]
    assert round_.background == ("column 6",)


@pytest.mark.parametrize("text", ["", "\ufeff", "\n \n", ",,,\n"])
def test_empty_file(tmp_path: Path, text: str) -> None:
    assert error_of(written(tmp_path, text)) == "r.csv: empty, expected a header and a row per answer"


def test_header_only(tmp_path: Path) -> None:
    assert error_of(written(tmp_path, LONG)) == "r.csv: a header but no rows, expected a row per answer"


def test_no_such_file(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    assert error_of(path) == f"{path}: no such file; check the folder and the spelling"


def test_a_folder(tmp_path: Path) -> None:
    assert error_of(tmp_path) == f"{tmp_path}: a folder, expected a round file"


def test_an_answer_of_a_megabyte(tmp_path: Path) -> None:
    long_text = "Tidsbrist, och " * 70_000
    (answer,) = read_round(written(tmp_path, LONG + f'1,2024,q,"{long_text}",\n')).answers
    assert answer.text == long_text


cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
name = cell.map(lambda text: text.strip()).filter(bool)
texts = cell.map(unify_breaks).filter(lambda text: no_answer(text) is None)


@st.composite
def rounds_of_answers(draw: st.DrawFn) -> list[Answer]:
    ids = draw(st.lists(name, min_size=1, max_size=6, unique=True))
    columns = draw(st.lists(st.sampled_from(["Region", "År", "=x", 'a "b", c;']), unique=True))
    return [
        Answer(answer_id, draw(name), draw(name), draw(texts), {column: draw(cell) for column in columns})
        for answer_id in ids
    ]


@given(answers=rounds_of_answers())
def test_written_answers_read_back_equal(
    answers: list[Answer], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / "long.csv"
    write_answers(path, answers)
    assume(not mojibake(path.read_text(encoding="utf-8")))
    assert read_round(path).answers == tuple(answers)


@given(answers=rounds_of_answers(), seed=st.integers(0, 99))
def test_row_order_only_permutes_answers(
    answers: list[Answer], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("shuffled") / "long.csv"
    shuffled = random.Random(seed).sample(answers, len(answers))
    write_answers(path, shuffled)
    assume(not mojibake(path.read_text(encoding="utf-8")))
    assert read_round(path).answers == tuple(shuffled)


def test_written_bytes(tmp_path: Path) -> None:
    answers = [
        Answer("1", "2024", "q", '=SUM(1)\nsade "hon"', {"Region": "a\rb"}),
        Answer("2", "2024", "q", "-x, y", {"År": "@å"}),
    ]
    write_answers(tmp_path / "long.csv", answers)
    assert (tmp_path / "long.csv").read_bytes() == (
        "answer_id,round,question,text,Region,År\n"
        '1,2024,q,"=SUM(1)\nsade ""hon""","a\rb",\n'
        '2,2024,q,"-x, y",,@å\n'
    ).encode()


@pytest.mark.parametrize("column", ["", "text", " Region", "a\nb"])
def test_background_that_would_not_read_back(tmp_path: Path, column: str) -> None:
    with pytest.raises(InputError) as caught:
        write_answers(tmp_path / "long.csv", [Answer("1", "2024", "q", "a", {column: "x"})])
    assert str(caught.value) == (
        f"long.csv: background column {column!r}, expected a name without stray spaces other than "
        "answer_id, round, question, text; rename it"
    )


@pytest.mark.parametrize("text", ["a\0", "a\ud83d"])
def test_text_that_no_file_can_hold(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as caught:
        write_answers(tmp_path / "long.csv", [Answer("1", "2024", "q", text, {})])
    assert str(caught.value) == "long.csv: a NUL or half a surrogate pair in a cell, expected text"
    assert not (tmp_path / "long.csv").exists()


def test_answers_can_stand_in_a_set() -> None:
    assert (
        len(
            {
                Answer("1", "2024", "q", "a", {"Region": "Syd"}),
                Answer("1", "2024", "q", "a", {"Region": "Syd"}),
            }
        )
        == 1
    )


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = written(tmp_path, LONG)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert error_of(path) == f"{path}: cannot be read (Permission denied); close it in other programs"
