"""Small numbers in the lists of groups: what is shown, over all exports of a run, gives no hidden one away."""

import csv
import io
import json
import random
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from conftest import SCHEME
from hypothesis import given, settings
from hypothesis import strategies as st

from samorsak.coded import CodedAnswer
from samorsak.errors import InputError
from samorsak.pipeline.linked import linked_tables
from samorsak.pipeline.ranking import rank_run, show_ranking, write_ranked
from samorsak.ranking import rank
from samorsak.ranking.withheld import withhold
from samorsak.report.files import write_coded
from samorsak.suppression import value_range

GIVEN = [("rain",), ("snow",), ("rain", "snow"), ("wind",), ("snow", "other"), ("no_cause",)]
BELOW = 5
NO_INTERVAL = "Inga intervall: det finns varken en granskning av svaren eller en prövning av modellen."


def coded_of(rows: list[tuple[int, str, str]]) -> list[CodedAnswer]:
    return [
        CodedAnswer(str(i), "2024", "lost", GIVEN[given], "x", {"Region": region, "Stad": town})
        for i, (given, region, town) in enumerate(rows)
    ]


def write_run(folder: Path, coded: list[CodedAnswer]) -> Path:
    folder.mkdir()
    write_coded(folder / "answers.csv", coded)
    (folder / "scheme.json").write_text(SCHEME.model_dump_json(by_alias=True), encoding="utf-8")
    (folder / "run.json").write_text('{"personal_data": "masked"}\n', encoding="utf-8")
    return folder


ROWS = [
    *([(0, "Nord", "Ja")] * 9 + [(1, "Nord", "Nej")] * 8 + [(2, "Nord", "Ja")] * 7 + [(5, "Nord", "Ja")] * 6),
    *([(0, "Syd", "Ja")] * 8 + [(1, "Syd", "Nej")] * 2 + [(3, "Syd", "Nej")] * 9 + [(5, "Syd", "Ja")] * 7),
    *([(0, "Väst", "Ja")] * 9 + [(1, "Väst", "Ja")] * 8 + [(3, "Väst", "Nej")] * 3 + [(5, "Väst", "Ja")] * 5),
]
"""Constructed: 2 of Syd say snow, 3 of Väst say wind."""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path / "run", coded_of(ROWS))


def shown_numbers(run: Path, crossings: tuple[str, ...] = ()) -> dict[tuple[object, str], int]:
    """Collect every number of every export: total, groups and crossings, both bases, all lines."""
    selections: list[tuple[str | None, list[str]]] = [(None, []), ("Region", []), ("Stad", [])]
    towns = sorted({a["Stad"] for a in csv.DictReader((run / "answers.csv").open(encoding="utf-8"))})
    selections += [(None, [f"Stad={town}"]) for town in towns]
    selections += [("Region", [f"Stad={town}"]) for town in towns] if crossings else []
    shown: dict[tuple[object, str], int] = {}
    for by, where in selections:
        for base in ("causes", "answers"):
            for lines in ("scheme", "2023"):
                ranking, scheme = rank_run(
                    run, by=by, where=where, base=base, lines=lines, suppress_below=BELOW, crossings=crossings
                )
                for found in json.loads(show_ranking(ranking, scheme, "json"))["lists"]:
                    fixed = {tuple(text.split("=")) for text in where}
                    group = tuple(sorted(fixed | ({(by, found["group"])} if by else set())))
                    of = lines if base == "causes" else "answers"
                    numbers = {
                        of: found["of"],
                        **{name: found[name] for name in ("answers", "without_cause")},
                    }
                    numbers |= {f"{lines}/{row['category']}": row["n"] for row in found["rows"]}
                    for row in found["rows"]:
                        assert (row["share"] is None) == (row["n"] is None)
                    for name, n in numbers.items():
                        if n is not None:
                            assert shown.setdefault((group, name), n) == n
    return shown


rows_of = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["Nord", "Syd", "Väst"]), st.sampled_from(["Ja", "Nej"])),
    min_size=12,
    max_size=40,
)


@settings(max_examples=3)
@given(rows_of)
def test_all_exports_together_give_no_hidden_number_away(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str, str]]
) -> None:
    coded = coded_of(rows)
    run = write_run(tmp_path_factory.mktemp("s") / "run", coded)
    crossings = ("Region+Stad",)
    shown = shown_numbers(run, crossings)
    kept = json.loads((run / "run.json").read_text(encoding="utf-8"))["suppression"]["hidden"]
    hidden_cells = {(tuple(map(tuple, group)), name) for _, _, group, names in kept for name in names}
    cells, tables = linked_tables(coded, "lost", SCHEME, ["Region", "Stad"], [("Region", "Stad")])
    hidden = np.array([cell in hidden_cells for cell in cells])
    value = tables.value
    assert not hidden_cells & set(shown)
    assert all(shown.get(cell, n) == n for cell, n in zip(cells, value.tolist(), strict=True))
    by_group = np.array([bool(group) for group, _ in cells])
    assert hidden[by_group & (value > 0) & (value < BELOW)].all() and not hidden[value == 0].any()
    for place in np.flatnonzero(hidden):
        low, high = value_range(tables, hidden, int(place))
        assert low <= value[place] and (high is None or (low < high and value[place] <= high))


def test_zeros_are_shown_and_small_numbers_are_not(run: Path) -> None:
    shown = shown_numbers(run)
    assert shown[(("Region", "Nord"),), "scheme/wind"] == 0
    assert ((("Region", "Syd"),), "scheme/snow") not in shown
    assert ((("Region", "Väst"),), "scheme/wind") not in shown
    assert ((("Region", "Syd"),), "scheme/wind") not in shown  # 9, but the total less it would be 3
    assert shown[(), "scheme/wind"] == 12


def test_no_form_shows_a_hidden_number(run: Path, tmp_path: Path) -> None:
    ranking, scheme = rank_run(run, by="Region", suppress_below=BELOW)
    syd = [row for row in ranking.rows if row.group == "Syd"]
    hidden = [row for row in syd if row.n is None]
    assert [row.label for row in hidden] == ["Regn", "Snö", "Vind"]  # in the scheme's order, not by size
    assert all(
        (row.rank, row.share, row.of, row.low, row.high, row.place_low, row.top_three) == (None,) * 7
        for row in hidden
    )
    table = list(csv.DictReader(io.StringIO(show_ranking(ranking, scheme, "csv"))))
    row = next(row for row in table if row["group"] == "Syd" and row["category"] == "snow")
    assert (row["n"], row["of"], row["share"], row["rank"], row["low"]) == ("", "", "", "", "")
    told = show_ranking(ranking, scheme, "paragraph").split("Region: ")[2]
    assert told == f"Syd\nTalen visas inte, då de är små eller skulle röja små tal. {NO_INTERVAL}\n\n"
    text = show_ranking(ranking, scheme, "text").split("Region: ")[2]
    assert "Visas inte, då talen är små eller skulle röja små tal: Regn, Snö, Vind." in text
    assert "Visas inte" in show_ranking(ranking, scheme, "markdown")
    write_ranked(tmp_path / "a.xlsx", ranking, scheme, "xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Rangordning"]
    head, *cells = ([cell.value for cell in row] for row in sheet)
    book = [dict(zip(head, row, strict=True)) for row in cells]
    snow = next(row for row in book if row["Grupp"] == "Syd" and row["Kategori"] == "snow")
    assert (snow["Antal"], snow["Av"], snow["Andel"], snow["Plats"]) == ("..", "..", "..", None)


def test_a_list_without_some_of_its_numbers() -> None:
    ranking = rank(coded_of(ROWS), SCHEME, question="lost")
    order = ["snow", "rain", "wind", "other"].index
    some = withhold(
        ranking,
        lambda total, name, n: name in ("scheme/snow", "without_cause"),
        lambda row: order(row.category),
    )
    told = show_ranking(some, SCHEME, "paragraph")
    assert told == (
        "Små tal är dolda. Bland dem som visas: På frågan ”Varför inte?” var den vanligaste orsaken ”Regn” (47"
        f" procent av de orsaker som uppgavs). Mindre vanligt var ”Vind” (17 procent). {NO_INTERVAL}\n"
    )
    assert [(row.category, row.rank, row.n) for row in some.rows] == [
        ("rain", 1, 33),
        ("wind", 2, 12),
        ("other", None, 0),
        ("snow", None, None),
    ]
    none = withhold(ranking, lambda total, name, n: name == "scheme", lambda row: order(row.category))
    assert [(row.category, row.n, row.of, row.share) for row in none.rows] == [
        ("other", 0, None, 0.0),
        ("snow", None, None, None),
        ("rain", None, None, None),
        ("wind", None, None, None),
    ]
    assert withhold(ranking, lambda total, name, n: False, lambda row: 0) == ranking


def test_a_group_that_is_too_small_shows_zeros_only(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", coded_of([*ROWS, (0, "Ö", "Ja"), (5, "Ö", "Ja")]))
    ranking, scheme = rank_run(run, by="Region", suppress_below=BELOW)
    told = show_ranking(ranking, scheme, "text").split("Region: ")[4]
    assert told == (
        "Ö\nAndel av de orsaker som uppgavs. Orsaker: .., svar: .., svar utan orsak: ...\n\n"
        "Förekom inte: Snö, Vind\n"
        "Visas inte, då talen är små eller skulle röja små tal: Regn. Platserna gäller de rader som visas.\n\n"
        f"Talen visas inte, då de är små eller skulle röja små tal.\n\n{NO_INTERVAL}\n"
    )


def test_the_pattern_is_kept(run: Path) -> None:
    rank_run(run, by="Region", suppress_below=BELOW)
    manifest = (run / "run.json").read_bytes()
    found = json.loads(manifest)
    assert found["personal_data"] == "masked"
    assert found["suppression"]["columns"] == ["Region", "Stad"]
    names = ["2023/other", "2023/wet", "scheme/rain", "scheme/snow", "scheme/wind"]
    assert found["suppression"]["hidden"] == [
        ["2024", "lost", [["Region", "Syd"]], names],
        ["2024", "lost", [["Region", "Väst"]], names],
    ]
    rank_run(run, by="Stad", lines="2023", base="answers", suppress_below=BELOW)
    assert (run / "run.json").read_bytes() == manifest
    with pytest.raises(InputError) as caught:
        rank_run(run, by="Region", suppress_below=3)
    assert str(caught.value) == (
        f"{run / 'run.json'}: numbers below 5 are hidden in what was shown before, asked for 3;"
        " give --suppress-below 5, or classify the round again"
    )
    with (run / "answers.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("99,2024,lost,rain,x,Nord,Ja\n")
    with pytest.raises(
        InputError, match=r"answers\.csv has changed since it was fixed which numbers are hidden"
    ):
        rank_run(run, by="Region", suppress_below=BELOW)


def kept_in(run: Path) -> dict[str, list[object]]:
    kept: dict[str, list[object]] = json.loads((run / "run.json").read_text(encoding="utf-8"))["suppression"]
    return kept


def test_a_crossing_is_added_to_what_has_been_shown(run: Path) -> None:
    rank_run(run, by="Region", suppress_below=BELOW)
    before = kept_in(run)
    rank_run(run, by="Region", where=["Stad=Nej"], suppress_below=BELOW)
    after = kept_in(run)
    assert after["crossings"] == [["Region", "Stad"]]
    assert [group for group in after["hidden"] if len(group[2]) < 2] == before["hidden"]  # type: ignore[index]
    assert len(after["hidden"]) > len(before["hidden"])


def test_a_crossing_that_gives_numbers_away_is_refused_unless_named_first(tmp_path: Path) -> None:
    rng = random.Random(3)
    towns = ["Ja", "Ja", "Ja", "Nej"]
    rows = [
        (rng.choice([0, 0, 0, 1, 1, 3, 5]), rng.choice(["Nord", "Syd", "Väst"]), rng.choice(towns))
        for _ in range(30)
    ]
    late, early = (write_run(tmp_path / name, coded_of(rows)) for name in ("late", "early"))
    rank_run(late, by="Region", suppress_below=BELOW)
    before = kept_in(late)
    with pytest.raises(InputError) as caught:
        rank_run(late, by="Region", where=["Stad=Nej"], suppress_below=BELOW)
    assert str(caught.value) == (
        "a table by 'Region' and 'Stad' would give away numbers that are hidden in tables fixed before; leave"
        " one column out, or classify the round again and name the table with --crossing the first time"
    )
    assert kept_in(late) == before
    rank_run(early, by="Region", suppress_below=BELOW, crossings=["Region+Stad"])
    fixed = (early / "run.json").read_bytes()
    rank_run(early, by="Region", where=["Stad=Nej"], suppress_below=BELOW)
    assert (early / "run.json").read_bytes() == fixed


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"suppress_below": 1}, "suppress-below is 1, expected 2 or more; 5 hides 1 to 4"),
        (
            {"suppress_below": 5, "weight": "Region"},
            "weight: small numbers cannot be hidden in weighted lists; leave one of both out",
        ),
        ({"crossings": ["Region+Stad"]}, "crossing: expected together with --suppress-below"),
        (
            {"suppress_below": 5, "crossings": ["Region+Län"]},
            "crossing is 'Region+Län', expected 'column+column'; the answers have: Region, Stad",
        ),
    ],
)
def test_refused(run: Path, options: dict[str, object], told: str) -> None:
    with pytest.raises(InputError) as caught:
        rank_run(run, **options)  # type: ignore[arg-type]
    assert str(caught.value) == told


def test_columns_of_ids_and_three_columns_are_refused(tmp_path: Path) -> None:
    coded = [
        CodedAnswer(str(i), "2024", "lost", GIVEN[i % 6], "x", {"Nr": str(i), "A": "1", "B": "1", "C": "1"})
        for i in range(40)
    ]
    run = write_run(tmp_path / "run", coded)
    with pytest.raises(InputError) as caught:
        rank_run(run, by="Nr", suppress_below=5)
    assert str(caught.value) == "column 'Nr' has more than 30 values, too many to hide small numbers"
    with pytest.raises(InputError) as caught:
        rank_run(run, by="A", where=["B=1", "C=1"], suppress_below=5)
    assert str(caught.value) == (
        "by, where: columns are 'B', 'C', 'A', expected at most two where small numbers are hidden"
    )
