"""The machine files of a coded round."""

import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samorsak.coded import CodedAnswer, StatementRow
from samorsak.errors import InputError
from samorsak.ranking import RankedRow
from samorsak.report.delimited import replacing, write_text
from samorsak.report.files import (
    answer_columns,
    ranking_csv,
    read_coded,
    read_ranking,
    read_statements,
    write_coded,
    write_ranking,
    write_statements,
)

HEADER = "answer_id,round,question,categories,text"
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
IN_PLACE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

AWKWARD = CodedAnswer(
    "0017",
    "2024",
    "missed",
    ("regulations", "other"),
    '=1+1, "sa de";\ndå\r',
    {"Region": "-5", "Storlek, stor": "@x"},
)
STATEMENT = StatementRow("0017", 1, 0, 4, "=1+1", "regulations", 0.1234567, "other", 1 / 3)
ROW = RankedRow("2024", "missed", "causes", "2023", None, "other", "Övrigt, annat", 1, 3, 1 / 3)


def test_coded_answers_as_written(tmp_path):
    write_coded(tmp_path / "answers.csv", [AWKWARD])
    assert (tmp_path / "answers.csv").read_bytes().decode("utf-8") == (
        'answer_id,round,question,categories,text,Region,"Storlek, stor"\n'
        '0017,2024,missed,regulations;other,"=1+1, ""sa de"";\ndå\r",-5,@x\n'
    )


def test_statements_as_written(tmp_path):
    write_statements(tmp_path / "statements.csv", [STATEMENT])
    assert (tmp_path / "statements.csv").read_bytes().decode("utf-8") == (
        "answer_id,statement,start,end,text,category,probability,next_category,next_probability\n"
        "0017,1,0,4,=1+1,regulations,0.123457,other,0.333333\n"
    )


def test_ranking_as_written(tmp_path):
    write_ranking(tmp_path / "ranking.csv", [ROW])
    assert (tmp_path / "ranking.csv").read_bytes().decode("utf-8") == (
        "round,question,base,lines,rank,category,label,n,of,share"
        ",low,high,rank_low,rank_high,place_low,place_high,top_three,method,audited,few_positives\n"
        '2024,missed,causes,2023,,other,"Övrigt, annat",1,3,0.3333333333333333,,,,,,,,counted,0,0\n'
    )


def test_a_split_ranking_names_its_groups():
    split = RankedRow(
        "2024", "missed", "answers", "scheme", 1, "regulations", "Regler", 0, 0, 0.0, "Region", ""
    )
    assert ranking_csv([split]) == (
        "round,question,base,lines,rank,category,label,n,of,share"
        ",low,high,rank_low,rank_high,place_low,place_high,top_three,method,audited,few_positives,group_by,group\n"
        "2024,missed,answers,scheme,1,regulations,Regler,0,0,0.0,,,,,,,,counted,0,0,Region,\n"
    )


def test_no_rows_are_a_header(tmp_path):
    write_coded(tmp_path / "answers.csv", [])
    assert (tmp_path / "answers.csv").read_bytes() == f"{HEADER}\n".encode()
    assert read_coded(tmp_path) == ()


def test_a_column_that_some_answers_lack_is_empty_there(tmp_path):
    bare = CodedAnswer("2", "2024", "missed", ("no_cause",), "Nej.", {})
    write_coded(tmp_path / "answers.csv", [AWKWARD, bare])
    assert read_coded(tmp_path)[1].background == {"Region": "", "Storlek, stor": ""}


@IN_PLACE
@given(st.lists(st.tuples(TEXT, TEXT, TEXT, st.sampled_from([("a",), ("a", "b"), ("no_cause",)]))))
def test_any_text_comes_back_unchanged(tmp_path, cells):
    coded = tuple(
        CodedAnswer(f"{number}:{text}", round_, "won", categories, text, {"Region": region})
        for number, (round_, text, region, categories) in enumerate(cells)
    )
    write_coded(tmp_path / "answers.csv", coded)
    assert read_coded(tmp_path) == coded
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[4:] for row in rows] == [["text", "Region"] if coded else ["text"]] + [
        [answer.text, answer.background["Region"]] for answer in coded
    ]


@IN_PLACE
@given(st.integers(0, 10**6), st.integers(0, 10**6), TEXT)
def test_statements_come_back_with_six_decimals(tmp_path, millionths, start, text):
    row = StatementRow("1", 2, start, start + len(text), text, "a", millionths / 10**6, "", 0.0)
    write_statements(tmp_path / "statements.csv", [row])
    assert read_statements(tmp_path / "statements.csv") == (row,)


@IN_PLACE
@given(st.integers(0, 1000), st.integers(1, 1000), st.sampled_from(["", "Region"]), TEXT)
def test_rankings_come_back_at_full_precision(tmp_path, n, of, group_by, label):
    rows = (
        RankedRow(
            "2024", "won", "causes", "scheme", 3, "a", label, n, of, n / of, group_by, group_by and label
        ),
        RankedRow("2024", "won", "answers", "scheme", None, "other", "", 0, 0, 0.0, group_by, ""),
    )
    write_ranking(tmp_path / "ranking.csv", rows)
    assert read_ranking(tmp_path / "ranking.csv") == rows


def test_a_text_of_a_megabyte_comes_back(tmp_path):
    long = CodedAnswer("1", "2024", "won", ("a",), "ord " * 250_000, {})
    limit = csv.field_size_limit()
    write_coded(tmp_path / "answers.csv", [long])
    assert read_coded(tmp_path) == (long,)
    assert csv.field_size_limit() == limit


def test_a_file_saved_with_a_mark_in_front_is_read(tmp_path):
    (tmp_path / "answers.csv").write_text(f"{HEADER}\n1,2024,won,a,Text.\n", encoding="utf-8-sig")
    assert read_coded(tmp_path) == (CodedAnswer("1", "2024", "won", ("a",), "Text.", {}),)


def test_empty_lines_are_no_rows(tmp_path):
    (tmp_path / "answers.csv").write_text(f"{HEADER}\n\n1,2024,won,a,Text.\n\n", encoding="utf-8")
    assert len(read_coded(tmp_path)) == 1


def message(read, *arguments):
    with pytest.raises(InputError) as error:
        read(*arguments)
    return str(error.value)


def test_a_folder_that_is_none(tmp_path):
    assert message(read_coded, tmp_path / "none") == (
        f"{tmp_path / 'none'}: no such folder; expected one that 'samorsak classify' wrote"
    )


def test_a_folder_without_coded_answers(tmp_path):
    assert message(read_coded, tmp_path) == (
        f"{tmp_path}: no answers.csv in it; expected a folder that 'samorsak classify' wrote"
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"", ": column 'answer_id' is missing, expected: answer_id, round, question, categories, text"),
        (
            b"answer_id;round;question;categories;text\n",
            ": column 'answer_id' is missing, expected: answer_id, round, question, categories, text",
        ),
        (
            b"answer_id,round,question,text\n",
            ": column 'categories' is missing, expected: answer_id, round, question, categories, text",
        ),
        (f"{HEADER},Region,Region\n".encode(), ": column 'Region' stands twice; rename one"),
        (f"{HEADER}\n1,2024,won,a\n".encode(), " line 2: 4 cells, expected 5"),
        (
            f'{HEADER}\n1,2024,won,a,"two\nlines"\n2,2024,won,,Text.\n'.encode(),
            " line 4: categories is empty, expected ids with ';' between them, or 'no_cause'",
        ),
        (
            f"{HEADER}\n1,2024,won,a,Text.\n1,2024,lost,a,Text.\n".encode(),
            " line 3: answer_id '1' stands twice",
        ),
        (
            f'{HEADER}\n1,2024,won,a,"Text.\n'.encode(),
            " line 2: unexpected end of data; expected the file as samorsak wrote it",
        ),
        (
            f"{HEADER}\n1,2024,won,a,\xe5\n".encode("cp1252"),
            ": not in utf-8; expected the file as samorsak wrote it",
        ),
    ],
)
def test_coded_answers_that_are_damaged(tmp_path, written, said):
    (tmp_path / "answers.csv").write_bytes(written)
    assert message(read_coded, tmp_path) == f"{tmp_path / 'answers.csv'}{said}"


def test_all_bad_rows_are_said_at_once(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(f"{HEADER}\n1,2024\n2,2024,won,,Text.\n", encoding="utf-8")
    assert message(read_coded, tmp_path) == (
        "2 bad rows:\n"
        f"  {path} line 2: 2 cells, expected 5\n"
        f"  {path} line 3: categories is empty, expected ids with ';' between them, or 'no_cause'"
    )


def test_a_statement_without_a_number(tmp_path):
    path = tmp_path / "statements.csv"
    write_statements(path, [STATEMENT])
    path.write_text(path.read_text(encoding="utf-8").replace(",0,4,", ",0,fyra,"), encoding="utf-8")
    assert message(read_statements, path) == f"{path} line 2: end is 'fyra', expected a number"


def test_a_ranking_of_an_unknown_base(tmp_path):
    path = tmp_path / "ranking.csv"
    path.write_text(ranking_csv([ROW]).replace("causes", "people"), encoding="utf-8")
    assert message(read_ranking, path) == f"{path} line 2: base is 'people', expected one of: causes, answers"


def test_a_file_that_is_not_there(tmp_path):
    path = tmp_path / "ranking.csv"
    assert message(read_ranking, path) == f"{path}: no such file, or not readable"


@pytest.mark.parametrize("column", ["categories", "text"])
def test_a_background_column_with_a_name_that_is_taken(column):
    assert message(answer_columns, ["Region", column]) == (
        f"background column '{column}' has the name of a column of answers.csv; rename it"
    )


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "x.txt"
    write_text(path, "first\r\n")
    with pytest.raises(KeyError), replacing(path) as part:
        part.write_text("half", encoding="utf-8")
        raise KeyError
    assert path.read_bytes() == b"first\r\n"
    assert [file.name for file in tmp_path.iterdir()] == ["x.txt"]


def test_a_file_that_cannot_be_written(tmp_path):
    path = tmp_path / "none" / "x.txt"
    assert message(write_text, path, "x") == (
        f"{path}: cannot be written (No such file or directory); "
        "close it in other programs, or choose another place"
    )


def test_half_a_surrogate_pair(tmp_path):
    half = CodedAnswer("1", "2024", "won", ("a",), "\ud800", {})
    path = tmp_path / "answers.csv"
    assert message(write_coded, path, [half]) == f"{path}: half a surrogate pair in a cell, expected text"
    assert list(tmp_path.iterdir()) == []
