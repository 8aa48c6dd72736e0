from pathlib import Path

import pyreadstat
import pytest
from annotated_rounds import lay_out

from samorsak.pipeline.coded_sav import SAV, SPS, coded_variables, read_sav, write_coded_sav
from samorsak.pipeline.reporting import report_run
from samorsak.pipeline.verifying import verify_report
from samorsak.report.files import read_coded


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("sav") / "coded-2024", 2024)


def test_each_cause_is_a_variable_that_counts_its_answers(run: Path, tmp_path: Path) -> None:
    assert write_coded_sav(run, tmp_path) == (SAV, SPS)
    frame, meta = pyreadstat.read_sav(tmp_path / SAV)
    coded = read_coded(run)
    counted = 0
    for question in {answer.question for answer in coded}:
        answers = [answer for answer in coded if answer.question == question]
        for category in {c for answer in answers for c in answer.categories}:
            column = frame[f"{question}_{category}"]
            assert column.sum() == sum(category in answer.categories for answer in answers)
            assert column.notna().sum() == len(answers)
            assert meta.variable_value_labels[f"{question}_{category}"] == {0.0: "Nej", 1.0: "Ja"}
            counted += 1
    assert counted > 20
    assert "MRSETS" in (tmp_path / SPS).read_text(encoding="utf-8-sig")


def test_no_text_of_an_answer_is_in_it(run: Path) -> None:
    texts = {answer.text for answer in read_coded(run)}
    values = {value for variable in coded_variables(run)[0] for value in variable.values}
    assert not texts & values


def test_values_come_back_and_bytes_are_the_same(run: Path, tmp_path: Path) -> None:
    write_coded_sav(run, tmp_path)
    first = (tmp_path / SAV).read_bytes()
    assert read_sav(tmp_path / SAV).keys() == {v.name for v in coded_variables(run)[0]}
    write_coded_sav(run, tmp_path)
    assert (tmp_path / SAV).read_bytes() == first


def test_a_public_report_has_none_and_says_so(run: Path, tmp_path: Path) -> None:
    (tmp_path / SAV).write_bytes(b"of an earlier report")
    found = report_run(run, out=tmp_path, public=True)
    assert not (tmp_path / SAV).exists()
    assert found.left_out == ("kodat.sav is left out of a public report: it has a row for each respondent",)


def test_a_changed_value_is_found(run: Path, tmp_path: Path) -> None:
    report_run(run, out=tmp_path / "report")
    assert verify_report(tmp_path / "report").differences == ()
    frame, _ = pyreadstat.read_sav(tmp_path / "report" / SAV)
    name = next(name for name in frame.columns if name.endswith("_no_cause"))
    frame.loc[frame[name].first_valid_index(), name] = 1 - frame.loc[frame[name].first_valid_index(), name]
    pyreadstat.write_sav(frame, tmp_path / "report" / SAV)
    (one,) = verify_report(tmp_path / "report").differences
    assert str(one) == f"kodat.sav {name}: '1 other values', expected 'those of the run'"
