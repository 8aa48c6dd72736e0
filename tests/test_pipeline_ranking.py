"""Ranked lists from a run folder."""

from pathlib import Path

import pytest
from conftest import CODED, SCHEME

from samorsak.errors import InputError
from samorsak.pipeline.evidence import read_run_scheme
from samorsak.pipeline.ranking import format_of, rank_run, show_ranking, write_ranked
from samorsak.ranking import rank


def test_a_run_is_ranked_by_the_scheme_it_was_coded_by(run_folder: Path) -> None:
    ranking, scheme = rank_run(
        run_folder, question="lost", base="answers", lines="2023", by="Region", lang="en"
    )
    assert scheme == SCHEME
    assert ranking == rank(
        CODED, SCHEME, question="lost", base="answers", lines="2023", by="Region", lang="en"
    )


def test_the_scheme_comes_back_whole(run_folder: Path) -> None:
    scheme = read_run_scheme(run_folder)
    assert scheme.questions["lost"].categories["snow"].excludes == "Hail: rain."
    assert scheme.fingerprint() == SCHEME.fingerprint()


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.txt", "text"), ("a.CSV", "csv"), ("a.json", "json"), ("a.md", "markdown"), ("a.xlsx", "xlsx")],
)
def test_suffixes(name: str, form: str) -> None:
    assert format_of(Path(name)) == form


def test_a_workbook_is_no_text(run_folder: Path) -> None:
    ranking, scheme = rank_run(run_folder)
    with pytest.raises(InputError) as caught:
        show_ranking(ranking, scheme, "xlsx")
    assert str(caught.value) == "format is 'xlsx', expected one of: text, csv, json, markdown, paragraph"


def test_files_have_the_same_bytes_every_time(run_folder: Path, tmp_path: Path) -> None:
    ranking, scheme = rank_run(run_folder)
    for form in ("text", "csv", "json", "markdown", "paragraph", "xlsx"):
        for name in ("a", "b"):
            write_ranked(tmp_path / name, ranking, scheme, form, where=["Region=Syd"])  # type: ignore[arg-type]
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_paragraphs_of_several_rounds_say_which(run_folder: Path) -> None:
    answers = run_folder / "answers.csv"
    text = answers.read_text(encoding="utf-8").replace("3/lost,2024", "3/lost,2023")
    answers.write_text(text, encoding="utf-8", newline="")
    ranking, scheme = rank_run(run_folder, question="lost", by="Region")
    told = show_ranking(ranking, scheme, "paragraph").split("\n\n")
    assert [paragraph.splitlines()[0] for paragraph in told] == [
        "2023, Region: Syd",
        "2024, Region: Nord",
        "2024, Region: Syd",
        "2024, Region: -",
    ]
