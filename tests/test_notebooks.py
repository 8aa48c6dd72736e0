"""The notebooks run from the first cell to the last, and are committed as a reader wants to find them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from typer.testing import CliRunner

from samorsak.cli import app

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST = 15

Explored = tuple[Path, dict[str, str]]
"""The folder that a notebook lies in, where it has run, and what each of its cells has shown."""


def cells(path: Path, kind: str) -> list[NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def shown(cell: NotebookNode) -> str:
    """What a run cell shows, as text and as HTML; of pictures the beginning of their bytes."""
    forms = [form for output in cell.outputs for form in output.get("data", {}).values()]
    return "\n".join([output.get("text", "") for output in cell.outputs] + [str(form) for form in forms])


@pytest.fixture(scope="module")
def explored(tmp_path_factory: pytest.TempPathFactory) -> Explored:
    folder = tmp_path_factory.mktemp("tree") / "notebooks"
    folder.mkdir()
    shutil.copytree(ROOT / "annotations" / "af", folder.parent / "annotations" / "af")
    notebook = nbformat.read(ROOT / "notebooks" / "01-explore.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(folder)}})
    # libraries open files without naming an encoding, which the tests may make them warn of
    client.execute(env={k: v for k, v in os.environ.items() if k != "PYTHONWARNDEFAULTENCODING"})
    return folder, {cell.id: shown(cell) for cell in notebook.cells if cell.cell_type == "code"}


def test_the_notebooks_are_found() -> None:
    assert "01-explore.ipynb" in [path.name for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_plain_and_holds_no_results(path: Path) -> None:
    nbformat.validate(nbformat.read(path, as_version=4))
    for cell in cells(path, "code"):
        assert (cell.outputs, cell.execution_count) == ([], None), cell.id
        assert not re.search(r"^\s*(async\s+)?(def|class)\b", cell.source, re.M), cell.id
        assert len(cell.source.splitlines()) <= LONGEST, cell.id


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_commands_in_its_text_exist(path: Path) -> None:
    text = "\n".join(cell.source for cell in cells(path, "markdown"))
    for line in [*re.findall("^samorsak .*", text, re.M), *re.findall("`(samorsak [a-z]+[^`]*)`", text)]:
        _, *words = shlex.split(line)
        command = words[:2] if words[0] in ("scheme", "annotations", "review", "audit") else words[:1]
        told = CliRunner().invoke(app, [*command, "--help"])
        assert told.exit_code == 0, line
        for option in [word for word in words if word.startswith("--")]:
            assert re.search(rf"^  {option}\b", told.stdout, re.M), line


def test_everything_is_written_into_one_folder_that_git_ignores(explored: Explored) -> None:
    folder, _ = explored
    (out,) = folder.iterdir()
    assert f"/notebooks/{out.name}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    found = {path.name for path in (out / "kluster").iterdir()}
    assert {"clusters.csv", "proposals.yaml", "map.html", "map-achieved.png", "map-missed.png"} <= found


def test_the_table_shows_the_clusters_of_both_questions(explored: Explored) -> None:
    folder, seen = explored
    clusters = pd.read_csv(folder / "utforskat-2024" / "kluster" / "clusters.csv")
    table = re.findall(
        r"<td[^>]*>(achieved|missed)</td>" + 2 * r"\s*<td[^>]*>(\d+)</td>", seen["klustertabell"]
    )
    columns = clusters[["question", "cluster", "size"]].astype(str)
    assert table == list(columns.itertuples(index=False, name=None))
    assert set(clusters["question"]) == {"achieved", "missed"}


def test_what_the_other_cells_show(explored: Explored) -> None:
    folder, seen = explored
    out = folder / "utforskat-2024"
    clusters = pd.read_csv(out / "kluster" / "clusters.csv")
    unstable = clusters[clusters["stability"] < 0.6]
    assert f"{len(unstable)} av {len(clusters)} kluster" in seen["osakra"]
    assert seen["osakra"].count("<tr") == 1 + len(unstable)
    read = clusters.query("question == 'missed' and cluster == 2").iloc[0]
    rows = pd.read_csv(out / "kluster" / "clustered.csv").query("question == 'missed' and cluster == 2")
    assert len(rows) == read["size"]
    assert sum(text in seen["lasning"] for text in rows["text"]) >= 6
    assert seen["klustring"].count(" utanför dem") == 2
    assert "Warning" not in "".join(seen.values())
    assert seen["bevistabell"].count("<tr") == 6
    assert seen["kartbild"].count("iVBORw0KGgo") == 2
    assert "- kind: split" in seen["forslagstext"]
    assert "\n  accept: yes" not in (out / "kluster" / "proposals.yaml").read_text(encoding="utf-8")
    assert "Version 1 blev version 2.\nsplit: " in seen["godkann"]
    assert (out / "ovning-schema" / "scheme.yaml").is_file()
