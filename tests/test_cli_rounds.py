"""`samorsak read`."""

from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Run = Callable[..., Result]

WIDE = (
    "Löpnr;Region;Varför;Varför inte\n"
    "001;Syd;Tydliga mål;Ring Kim på 070-174 06 05\n"
    '002;Nord;"Fasta möten\noch mål";\n'
)
READ_WIDE = ["--text", "won=Varför", "--text", "lost=Varför inte", "--id", "Löpnr", "--round", "2024"]


def written(folder: Path, text: str = WIDE, encoding: str = "cp1252") -> Path:
    path = folder / "r.csv"
    path.write_text(text, encoding=encoding, newline="")
    return path


def test_it_shows_what_was_understood(samorsak: Run, tmp_path: Path) -> None:
    result = samorsak("read", written(tmp_path), *READ_WIDE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "file:       r.csv, csv, cp1252, delimiter ';', wide layout, 2 rows\n"
        "column:     answer_id = 'Löpnr'\n"
        "column:     text won = 'Varför'\n"
        "column:     text lost = 'Varför inte'\n"
        "background: Löpnr, Region\n"
        "answers:    3 in round 2024 (won: 2, lost: 1)\n"
        "dropped:    1 of 4 cells (no text: 1)\n"
        "masked:     telefon: 1\n"
        "\n"
        "001/won: Tydliga mål\n"
        "001/lost: Ring Kim på [telefon]\n"
        "002/won: Fasta möten och mål\n"
    )


def test_it_writes_the_long_csv(samorsak: Run, tmp_path: Path) -> None:
    result = samorsak("read", written(tmp_path), *READ_WIDE, "--out", "long.csv")
    assert result.stdout.endswith("\nwritten:    long.csv\n")
    assert (tmp_path / "long.csv").read_bytes().decode("utf-8") == (
        "answer_id,round,question,text,Löpnr,Region\n"
        "001/won,2024,won,Tydliga mål,001,Syd\n"
        "001/lost,2024,lost,Ring Kim på [telefon],001,Syd\n"
        '002/won,2024,won,"Fasta möten\noch mål",002,Nord\n'
    )
    assert samorsak("read", "long.csv").stdout.splitlines()[:2] == [
        "file:       long.csv, csv, utf-8, delimiter ',', long layout, 3 rows",
        "column:     answer_id = 'answer_id'",
    ]


def test_personal_data_can_be_kept(samorsak: Run, tmp_path: Path) -> None:
    shown = samorsak("read", written(tmp_path), *READ_WIDE, "--keep-personal-data").stdout
    assert "masked:     off, personal data is kept\n" in shown
    assert "001/lost: Ring Kim på 070-174 06 05\n" in shown


def test_a_description_is_read_as_the_file(samorsak: Run, tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "r.yaml").write_text(
        "file: r.csv\nid: Löpnr\nround: 2024\ntext: {won: Varför, lost: Varför inte}\n", encoding="utf-8"
    )
    assert samorsak("read", "r.yaml").stdout == samorsak("read", "r.csv", *READ_WIDE).stdout


def test_ids_that_look_like_personal_data_are_told(samorsak: Run, tmp_path: Path) -> None:
    path = written(tmp_path, "answer_id,round,question,text\n19640823-3234,2024,q,Tid\n", "utf-8")
    told = "note:       ids that look like personal data: 1; ids are never masked\n"
    assert told in samorsak("read", path).stdout


def test_long_answers_are_cut_to_the_width(samorsak: Run, tmp_path: Path) -> None:
    path = written(tmp_path, f"answer_id,round,question,text\n1,2024,q,{'tid ' * 40}\n", "utf-8")
    last = samorsak("read", path).stdout.splitlines()[-1]
    assert len(last) == 100
    assert last.endswith(" ...")


def test_encoding_delimiter_and_sheet_are_passed_on(samorsak: Run, tmp_path: Path) -> None:
    path = written(tmp_path)
    assert "utf-8" in samorsak("read", path, *READ_WIDE, "--encoding", "utf-8").stderr
    assert samorsak("read", path, *READ_WIDE, "--sheet", "Svar").stderr == (
        "r.csv: a .csv file has no sheet; leave --sheet out\n"
    )
    assert samorsak("read", path, *READ_WIDE, "--delimiter", "|").exit_code == 1


def test_a_mapping_without_a_column_is_a_usage_error(samorsak: Run, tmp_path: Path) -> None:
    for given, told in [
        ("lost", "'lost', expected QUESTION=COLUMN"),
        ("=Varför", "'=Varför', expected QUESTION=COLUMN"),
        ("won=Region", "question 'won' is given twice"),
    ]:
        result = samorsak("read", written(tmp_path), "--text", "won=Varför", "--text", given)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.endswith(f"Error: Invalid value for --text: {told}\n")


def test_the_round_itself_is_never_written_over(samorsak: Run, tmp_path: Path) -> None:
    path = written(tmp_path)
    result = samorsak("read", "r.csv", *READ_WIDE, "--out", "./r.csv")
    assert (result.exit_code, result.stderr) == (
        1,
        "r.csv: is the round that was read, expected another file for --out\n",
    )
    assert path.read_text(encoding="cp1252") == WIDE
