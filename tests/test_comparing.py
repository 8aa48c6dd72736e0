"""Two rounds compared."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from conftest import CODED, SCHEME
from typer.testing import Result

from samorsak.coded import CodedAnswer
from samorsak.pipeline import comparing
from samorsak.pipeline.comparing import compare_runs, show_changes, write_changes
from samorsak.pipeline.evidence import Estimated
from samorsak.report.files import write_coded
from samorsak.shares import Audit, estimate_audited

Run = Callable[..., Result]
IDS, LABELS = ("rain", "snow", "wind", "other"), ("Regn", "Snö", "Vind", "Övrigt")


def estimated(round_: str, numbers: list[int], audited: int | None = 100, n: int = 200) -> Estimated:
    """Give a round in which so many answers give each category; the audit finds no error."""
    given = np.arange(n)[:, None] < np.array(numbers)
    given = np.random.default_rng(0).permutation(given, axis=0)
    rows = np.arange(0, n, n // audited) if audited else np.zeros(0, int)
    found = estimate_audited(Audit(given, rows, given[rows]), draws=1000) if audited else None
    return Estimated(round_, "lost", "", "", "scheme", IDS, LABELS, given, found)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Estimated]]:
    found = {"old": [estimated("2023", [20, 60, 30, 8])], "new": [estimated("2024", [70, 58, 30, 8])]}
    monkeypatch.setattr(comparing, "estimates_of", lambda folder, **_: found[str(folder)])
    monkeypatch.setattr(comparing, "read_run_scheme", lambda folder: SCHEME)
    return found


def test_a_change_and_what_is_certain_of_it(runs: dict[str, list[Estimated]]) -> None:
    (found,) = compare_runs("old", "new", base="answers")
    assert [change.category for change in found.changes] == ["rain", "snow", "wind", "other"]
    rain = found.changes[0]
    assert (rain.before, rain.after) == (0.1, 0.35)
    assert rain.change == pytest.approx(0.25)
    assert rain.low is not None and rain.high is not None and 0.2 < rain.low < 0.25 < rain.high < 0.3
    assert rain.p_holm is not None and rain.p_holm < 0.01
    assert all(change.p_holm is not None and change.p_holm > 0.05 for change in found.changes[1:])
    text = show_changes([found], "text", width=100)
    head, table, told = text.split("\n\n")
    assert head == (
        "Förändring från 2023 till 2024: Varför inte?\n"
        "Andel av svaren.\n"
        "2023: skattat ur ett granskat slumpurval, 100 granskade svar (svar: 200).\n"
        "2024: skattat ur ett granskat slumpurval, 100 granskade svar (svar: 200)."
    )
    lines = table.splitlines()
    assert lines[0] == "Orsak     2023    2024  Förändring    95 %-intervall"
    assert lines[1].startswith("Regn    10,0 %  35,0 %       +25,0  +2") and lines[1].endswith("  *")
    assert lines[3].startswith("Vind    15,0 %  15,0 %         0,0    −") and not lines[3].endswith("*")
    assert told.startswith("Vanligare 2024 än 2023: ”Regn” (+25,0 procentenheter, +2")
    assert " ".join(told.split()).endswith(
        "Det är säkerställt (*) även när hänsyn tas till att 4 jämförelser görs (Holm, 5 procent). Intervallen"
        " gäller var för sig, i procentenheter, och omfattar kodningsfel, inte bortfall."
    )


def test_what_one_round_alone_has_is_no_change(runs: dict[str, list[Estimated]]) -> None:
    runs["old"] = [replace(runs["old"][0], ids=("hail", *IDS[1:]), labels=("Hagel", *LABELS[1:]))]
    (found,) = compare_runs("old", "new", base="answers")
    by_id = {change.category: change for change in found.changes}
    assert (by_id["rain"].only, by_id["rain"].before, by_id["rain"].change) == ("after", None, None)
    assert (by_id["hail"].only, by_id["hail"].after, by_id["hail"].p_holm) == ("before", None, None)
    assert [change.category for change in found.changes][-1] == "hail"
    assert found.compared == 3
    text = show_changes([found])
    assert "Finns bara i 2023: Hagel.\nFinns bara i 2024: Regn.\n" in text
    assert [line.split()[-2:] for line in text.splitlines() if line.startswith(("Regn", "Hagel"))] == [
        ["ej", "jämförbar"],
        ["ej", "jämförbar"],
    ]
    assert "Ingen förändring är säkerställd när hänsyn tas till att 3 jämförelser görs" in " ".join(
        text.split()
    )


def test_a_round_without_an_interval_gives_the_change_none(runs: dict[str, list[Estimated]]) -> None:
    runs["old"] = [estimated("2023", [20, 60, 30, 8], None)]
    (found,) = compare_runs("old", "new", base="answers", lang="en")
    assert {(c.low, c.high, c.p, c.p_holm) for c in found.changes} == {(None,) * 4}
    assert found.changes[0].change == pytest.approx(0.25)
    text = show_changes([found], lang="en")
    assert "2023: counted by the model, without an interval (answers: 200).\n" in text
    assert "2024: estimated from an audited random sample, 100 audited answers (answers: 200).\n" in text
    assert "At least one of the rounds has no interval" in text
    assert "*" not in text


def test_a_model_based_round_says_so_and_what_it_refuses_has_no_interval(
    runs: dict[str, list[Estimated]],
) -> None:
    one = runs["old"][0]
    assert one.estimate is not None
    modelled = replace(one.estimate, method="modelled", refused=np.array([True, False, False, False]))
    runs["old"] = [replace(one, estimate=modelled)]
    (found,) = compare_runs("old", "new")
    assert found.notes == ("model_shares",)
    assert [c.low is None for c in found.changes] == [c.category == "rain" for c in found.changes]
    text = " ".join(show_changes([found]).split())
    assert "2023: modellbaserat, förutsätter att svaren liknar seed-exemplen (svar: 200)." in text


@pytest.mark.parametrize(
    ("sides", "rounds", "english"),
    [
        (["old"], "2023", "2023"),
        (["new"], "2024", "2024"),
        (["old", "new"], "2023 och 2024", "2023 and 2024"),
    ],
)
def test_what_is_certain_without_an_audit_is_so_if_the_model_errs_as_in_its_trial(
    runs: dict[str, list[Estimated]], sides: list[str], rounds: str, english: str
) -> None:
    def told(base: str, lang: str) -> str:
        (found,) = compare_runs("old", "new", base=base, lang=lang)  # type: ignore[arg-type]
        return " ".join(show_changes([found], lang=lang).split())  # type: ignore[arg-type]

    def mark(refused: list[bool]) -> None:
        for side in sides:
            (one,) = runs[side]
            assert one.estimate is not None
            marked = replace(one.estimate, method="modelled", refused=np.array(refused))
            runs[side] = [replace(one, estimate=marked)]

    mark([False] * 4)
    assert told("answers", "sv").endswith(
        "Det är säkerställt (*) även när hänsyn tas till att 4 jämförelser görs (Holm, 5 procent), men bara om "
        f"modellen tar fel lika ofta på svaren från {rounds} som på de svar den prövades på. Det visar bara en "
        "granskning (samorsak audit). Intervallen gäller var för sig, i procentenheter, och omfattar "
        "kodningsfel, inte bortfall."
    )
    assert told("answers", "en").endswith(
        "This holds (*) with all 4 comparisons in view (Holm, 5 percent), but only if the model errs as often on "
        f"the answers of {english} as on those it was tried on. Only an audit (samorsak audit) shows whether it "
        "does. Each interval is for itself, in percentage points, and covers errors of coding, not non-response."
    )
    mark([True, False, False, False])
    assert told("answers", "sv").endswith(
        "Ingen förändring är säkerställd när hänsyn tas till att 3 jämförelser görs (Holm, 5 procent), inte ens "
        f"om modellen tar fel lika ofta på svaren från {rounds} som på de svar den prövades på. Intervallen "
        "gäller var för sig, i procentenheter, och omfattar kodningsfel, inte bortfall."
    )
    assert (
        "(Holm, 5 percent), not even if the model errs as often on the answers of "
        f"{english} as on those it was tried on. Each interval is"
    ) in told("answers", "en")


def test_files(runs: dict[str, list[Estimated]], tmp_path: Path) -> None:
    found = compare_runs("old", "new")
    table = list(csv.DictReader(io.StringIO(show_changes(found, "csv"))))
    assert list(table[0])[:7] == [
        *("question", "base", "lines", "round_before", "round_after", "method_before", "method_after")
    ]
    assert float(table[0]["change"]) == found[0].changes[0].change
    assert (table[0]["category"], table[0]["only"], table[0]["audited_after"]) == ("rain", "", "100")
    markdown = show_changes(found, "markdown").splitlines()
    assert markdown[0] == "## Förändring från 2023 till 2024: Varför inte?"
    assert "| Orsak | 2023 | 2024 | Förändring | 95 %-intervall |  |" in markdown
    for name in ("a.xlsx", "b.xlsx"):
        write_changes(tmp_path / name, found, "xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Förändringar"]
    head, first = ([cell.value for cell in row] for row in list(sheet)[:2])
    row = dict(zip(head, first, strict=True))
    assert (row["Kategori"], row["Benämning"], row["Omgång före"]) == ("rain", "Regn", "2023")
    assert row["Andel efter"] == pytest.approx(70 / 166)


COUNTED = """\
Förändring från 2023 till 2024: Varför inte?
Andel av de orsaker som uppgavs.
Räknat efter raderna i rapporten 2023.
2023: räknat av modellen, utan intervall (svar: 2).
2024: räknat av modellen, utan intervall (svar: 4).
Minst en av omgångarna saknar intervall, så det går inte att säga om en skillnad är mer än slump och
kodningsfel. Granska båda (samorsak audit).

Orsak      2023    2024  Förändring  95 %-intervall
Väta    100,0 %  66,7 %       −33,3
Övrigt    0,0 %  33,3 %       +33,3
"""


@pytest.fixture
def earlier(run_folder: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "earlier"
    folder.mkdir()
    rows = [CodedAnswer(str(i), "2023", "lost", ("rain",), "x", {}) for i in range(2)]
    write_coded(folder / "answers.csv", rows)
    (folder / "scheme.json").write_bytes((run_folder / "scheme.json").read_bytes())
    return folder


def test_the_command(samorsak: Run, run_folder: Path, earlier: Path, tmp_path: Path) -> None:
    result = samorsak("compare", earlier, run_folder, "--lines", "2023")
    assert (result.exit_code, result.stderr, result.stdout) == (0, "", COUNTED)
    assert samorsak("compare", earlier, run_folder, "--out", "change.csv").stdout == "written: change.csv\n"
    assert (tmp_path / "change.csv").read_text(encoding="utf-8").startswith("question,base,lines,")


def test_wrong_values_are_one_line(samorsak: Run, run_folder: Path, earlier: Path) -> None:
    both = earlier / "both"
    both.mkdir()
    write_coded(
        both / "answers.csv", [*CODED, CodedAnswer("9", "2023", "lost", ("rain",), "x", {"Region": ""})]
    )
    (both / "scheme.json").write_bytes((run_folder / "scheme.json").read_bytes())
    for arguments, told in [
        ([earlier, both], f"{both}: rounds are 2023, 2024, expected one; name it with --after\n"),
        ([earlier, both, "--after", "2025"], f"after: round is '2025', {both} has: 2023, 2024\n"),
        (
            [earlier, run_folder, "--question", "won"],
            f"question is 'won', expected one of lost ({earlier}) and lost, won ({run_folder})\n",
        ),
        (
            [earlier, run_folder, "--out", "a.docx"],
            "a.docx: suffix is '.docx', expected one of .txt, .md, .csv, .xlsx; or name --format\n",
        ),
    ]:
        result = samorsak("compare", *arguments)
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", told)
    assert samorsak("compare", both, both, "--before", "2023", "--after", "2024").exit_code == 0
    assert samorsak("compare", earlier, run_folder, "--format", "xlsx").exit_code == 2
