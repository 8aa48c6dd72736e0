"""Clusters of a round set against an earlier one's: constructed answers, from two coded rounds to the tables."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save
from test_discovering import DEMAND, FIRST, GOALS, coded, table
from typer.testing import Result

from samorsak.errors import InputError
from samorsak.pipeline.against import discover_changes
from samorsak.pipeline.discovering import discover_clusters
from samorsak.pipeline.kept import ARRAYS, CARD, _card_sum, read_kept
from samorsak.report.files import write_statements
from samorsak.report.turnover import AGAINST_COLUMNS, ASSIGNED_COLUMNS, show_changes_of_clusters

Run = Callable[..., Result]

# constructed: what only one of two rounds speaks of
TRAINS = ["tågen går inte", "inga tåg går", "tågen är inställda", "inställda tåg", "tåg som inte går"]


def said(texts: list[str], category: str, times: int = 2) -> list[tuple[str, str, float]]:
    return [(text, category, 0.9) for text in texts * times]


OLD = [*said(DEMAND, "low_labour_demand"), *said(GOALS, "unclear_goals")]
NEW = [*said(DEMAND, "low_labour_demand"), *said(TRAINS, "other", 3)]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two rounds: goals went, trains came."""
    place = tmp_path_factory.mktemp("rounds")
    for name, statements in (("old", OLD), ("new", NEW)):
        discover_clusters(coded(place / f"coded-{name}", statements), place / name)
    return place / "old", place / "new"


def test_what_came_and_went_is_found(folders: tuple[Path, Path]) -> None:
    (found,) = discover_changes(*folders)
    assert (found.of_old, found.of_new) == (len(OLD), len(NEW))
    fate = {c.verdict: c for c in found.changes}
    assert sorted(fate) == ["gone", "new", "unchanged"]
    assert (fate["new"].old, fate["new"].new, fate["new"].old_cluster) == (0, 15, None)
    assert (fate["gone"].old, fate["gone"].new, fate["gone"].new_cluster) == (16, 0, None)
    assert "tåg" in fate["new"].words
    assert "mål" in fate["gone"].words
    assert fate["new"].low > 0 > fate["gone"].high
    assert fate["unchanged"].low < 0 < fate["unchanged"].high
    assert fate["unchanged"].old_cluster and fate["unchanged"].new_cluster
    assert found.alarm
    assert found.uncovered is not None
    assert (found.uncovered.old, found.uncovered.new) == (0, 15)


def test_the_same_round_has_not_changed(folders: tuple[Path, Path]) -> None:
    (found,) = discover_changes(folders[0], folders[0])
    assert {(c.verdict, c.difference, c.p_adjusted) for c in found.changes} == {("unchanged", 0.0, 1.0)}
    assert all(c.old_cluster == c.new_cluster is not None for c in found.changes)
    assert not found.alarm
    assert [s.old_cluster for s in found.assigned] == [
        int(row["cluster"] or 0) or None for row in table(folders[0] / "clustered.csv")
    ]


def test_tables_and_listing(samorsak: Run, folders: tuple[Path, Path], tmp_path: Path) -> None:
    run, out = folders[1].parent / "coded-new", tmp_path / "out"
    result = samorsak("discover", run, "--against", folders[0], "--out", out)
    assert (result.exit_code, result.stderr) == (0, "")
    rows = table(out / "against.csv")
    assert tuple(rows[0]) == AGAINST_COLUMNS
    assert [row["cluster"] for row in rows] == ["1", "2", "3", "uncovered"]
    assert {row["verdict"] for row in rows} == {"new", "gone", "unchanged", "grown"}
    assigned = table(out / "assigned.csv")
    assert tuple(assigned[0]) == ASSIGNED_COLUMNS
    assert [row["answer_id"] for row in assigned] == [
        row["answer_id"] for row in table(out / "clustered.csv")
    ]
    trains = [row["old_cluster"] for row in assigned[len(DEMAND) * 2 :]]
    assert set(trains) == {""}
    shown = result.stdout.splitlines()
    assert shown.count(FIRST) == 2
    assert "Mot den tidigare omgången: 32 svar då, 31 nu; 3 kluster när de klustras tillsammans." in shown
    assert {"Nya (1)", "Borta (1)", "Utan säker förändring: 1 kluster."} < set(shown)
    assert any(
        line.startswith("LARM: det som inget täcker har ökat, 0,0 % av svaren till 48,4 %") for line in shown
    )
    english = samorsak("discover", run, "--against", folders[0], "--out", out, "--lang", "en").stdout
    assert "ALARM: what nothing covers has grown" in english


def test_the_folder_written_to_is_not_set_against(samorsak: Run, folders: tuple[Path, Path]) -> None:
    before = (folders[0] / "clusters.json").read_bytes()
    result = samorsak(
        "discover", folders[1].parent / "coded-new", "--against", folders[0], "--out", folders[0]
    )
    assert result.exit_code == 2
    assert "is the folder of --out" in result.stderr
    assert (folders[0] / "clusters.json").read_bytes() == before


def test_rounds_coded_by_other_schemes_give_no_alarm(folders: tuple[Path, Path], tmp_path: Path) -> None:
    run = coded(tmp_path / "run", NEW)
    scheme = json.loads((run / "scheme.json").read_text(encoding="utf-8"))
    scheme["questions"]["missed"]["categories"]["regulations"]["label_sv"] = "Lagar"
    scheme["questions"]["missed"]["categories"]["regulations"]["definition"] = "Något annat."
    (run / "scheme.json").write_text(json.dumps(scheme), encoding="utf-8")
    discover_clusters(run, tmp_path / "new")
    (found,) = discover_changes(folders[0], tmp_path / "new")
    assert found.uncovered is None
    assert not found.alarm
    assert "new" in {c.verdict for c in found.changes}


def test_a_question_that_one_round_lacks(folders: tuple[Path, Path], tmp_path: Path) -> None:
    discover_clusters(coded(tmp_path / "run", said(DEMAND, "other"), "achieved"), tmp_path / "new")
    with pytest.raises(InputError) as told:
        discover_changes(folders[0], tmp_path / "new")
    names = f"one of missed ({folders[0]}) and achieved ({tmp_path / 'new'})"
    assert str(told.value) == f"no question is in both rounds: {names}"


@pytest.mark.parametrize("n", [0, 1, 5])
def test_few_statements(folders: tuple[Path, Path], tmp_path: Path, n: int) -> None:
    discover_clusters(coded(tmp_path / "run", said(GOALS[:n], "unclear_goals", 1)), tmp_path / "new")
    if not n:
        with pytest.raises(InputError, match="no question is in both rounds"):
            discover_changes(folders[0], tmp_path / "new")
        return
    (found,) = discover_changes(folders[0], tmp_path / "new")
    assert len(found.assigned) == n
    assert "new" not in {c.verdict for c in found.changes}


def test_answers_without_statements(folders: tuple[Path, Path], tmp_path: Path) -> None:
    run = coded(tmp_path / "run", said(GOALS, "no_cause"))
    write_statements(run / "statements.csv", [])
    discover_clusters(run, tmp_path / "new")
    (found,) = discover_changes(folders[0], tmp_path / "new")
    assert {c.verdict for c in found.changes} == {"gone"}
    assert (found.of_new, found.assigned) == (16, ())
    (found,) = discover_changes(tmp_path / "new", tmp_path / "new")
    assert (found.changes, found.alarm) == ((), False)


def changed(folder: Path, place: Path, change: Callable[[Any, dict[str, Any]], None]) -> Path:
    """Copy a folder with other arrays or another card, and check sums that fit."""
    for path in folder.iterdir():
        (place / path.name).write_bytes(path.read_bytes())
    arrays = load((place / ARRAYS).read_bytes())
    card = json.loads((place / CARD).read_text(encoding="utf-8"))
    change(card, arrays)
    raw = save(arrays)
    (place / ARRAYS).write_bytes(raw)
    card["sha256"][ARRAYS] = hashlib.sha256(raw).hexdigest()
    card["sha256"]["card"] = _card_sum(card)
    (place / CARD).write_text(json.dumps(card), encoding="utf-8")
    return place


def test_other_encoders_are_refused(folders: tuple[Path, Path], tmp_path: Path) -> None:
    def change(card: Any, arrays: dict[str, Any]) -> None:
        card["encoder"] |= {"name": "another", "sha256": "0" * 64}

    with pytest.raises(InputError) as told:
        discover_changes(changed(folders[0], tmp_path, change), folders[1])
    own = json.loads((folders[1] / CARD).read_text(encoding="utf-8"))["encoder"]["sha256"][:12]
    assert str(told.value) == (
        f"{tmp_path}: vectors are of another (check sum 000000000000), those of {folders[1]} of sv-static (check "
        f"sum {own}), expected one encoder and prefix; run 'samorsak discover' on one of the rounds again"
    )


def test_clusters_that_come_out_otherwise_are_said_to(folders: tuple[Path, Path], tmp_path: Path) -> None:
    def change(card: Any, arrays: dict[str, Any]) -> None:
        arrays["missed/core"] = np.where(arrays["missed/core"] == 0, -1, arrays["missed/core"])
        card["versions"]["hdbscan"] = "0.1"

    found = discover_changes(changed(folders[0], tmp_path, change), folders[1])
    assert found[0].otherwise is not None
    assert found[0].otherwise.startswith("hdbscan 0.1 -> ")
    shown = show_changes_of_clusters(found)
    assert "De gamla klustren blev inte desamma när de byggdes om (hdbscan 0.1 -> " in shown


def test_settings_of_a_stranger_are_not_called(folders: tuple[Path, Path], tmp_path: Path) -> None:
    def change(card: Any, arrays: dict[str, Any]) -> None:
        card["questions"]["missed"]["settings"]["memory"] = "elsewhere"

    with pytest.raises(InputError, match="its content is not the one"):
        read_kept(changed(folders[0], tmp_path, change))


@pytest.mark.parametrize("name", ["typical", "claimed"])
def test_arrays_of_other_statements_are_refused(
    folders: tuple[Path, Path], tmp_path: Path, name: str
) -> None:
    def change(card: Any, arrays: dict[str, Any]) -> None:
        arrays[f"missed/{name}"] = arrays[f"missed/{name}"][1:]

    with pytest.raises(InputError, match="its content is not the one"):
        read_kept(changed(folders[0], tmp_path, change))


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("clusters.safetensors", "its check sum is not the one in clusters.json"),
        ("clustered.csv", "its check sum is not the one in clusters.json"),
        ("clusters.json", "damaged"),
    ],
)
def test_a_changed_file_is_told(folders: tuple[Path, Path], tmp_path: Path, file: str, told: str) -> None:
    for path in folders[0].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    raw = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(
        raw.replace(b'"answers": 32', b'"answers": 33') if file.endswith("json") else raw + b" "
    )
    with pytest.raises(InputError) as found:
        read_kept(tmp_path)
    assert str(found.value) == f"{tmp_path / file}: {told}; run 'samorsak discover' on that round again"


@pytest.mark.parametrize("there", [False, True])
def test_no_folder_of_discover(
    samorsak: Run, folders: tuple[Path, Path], tmp_path: Path, there: bool
) -> None:
    place = tmp_path / "x"
    if there:
        place.mkdir()
    result = samorsak(
        "discover", folders[1].parent / "coded-new", "--against", place, "--out", tmp_path / "out"
    )
    what = "no clusters.json in it" if there else "no such folder"
    assert result.stderr == f"{place}: {what}; expected one that 'samorsak discover' wrote\n".replace(
        "expected one", "expected a folder" if there else "expected one"
    )
    assert (result.exit_code, (tmp_path / "out").exists()) == (1, False)


def test_both_rounds_may_change_places(folders: tuple[Path, Path], tmp_path: Path) -> None:
    def copied(name: str, folder: Path) -> Path:
        (tmp_path / name).mkdir()
        for path in folder.iterdir():
            (tmp_path / name / path.name).write_bytes(path.read_bytes())
        return tmp_path / name

    old, new = (copied(name, folder) for name, folder in zip(("old", "new"), folders, strict=True))
    (there,), (back,) = discover_changes(old, new), discover_changes(new, old)
    assert [(c.old, c.new) for c in there.changes] == [(c.new, c.old) for c in back.changes]
    assert [c.p for c in there.changes] == pytest.approx([c.p for c in back.changes])
    with (new / "against.csv").open(encoding="utf-8", newline="") as file:
        assert [row["words"] for row in csv.DictReader(file)][:-1] == [
            ";".join(c.words) for c in back.changes
        ]
