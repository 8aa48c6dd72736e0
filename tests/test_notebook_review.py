"""03-review.ipynb, run as an analyst runs it on a round and with a scheme of her own; all of it is constructed."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import nbformat
import pytest
from conftest import weather_answers, write_weather
from nbclient import NotebookClient
from test_notebooks import ROOT, shown

from samorsak.annotations import read_annotations
from samorsak.pipeline.evidence import read_manifest
from samorsak.pipeline.fixed import read_fixed
from samorsak.scheme import read_scheme

Run = tuple[Path, dict[str, str]]


def own(setup: str, tree: Path) -> str:
    """Set what the notebook asks to be set for a round of one's own."""
    given = {
        "ROUND": f"Path({(tree / 'round.csv').as_posix()!r})",
        "SCHEME, QUESTION": f"{(tree / 'survey').as_posix()!r}, 'lost'",
        "N": "30",
        "LEARNED": f"sorted(Path({(tree / 'survey' / 'annotations').as_posix()!r}).glob('*.jsonl'))",
        "CURVE": "True",
    }
    for name, value in given.items():
        setup, found = re.subn(rf"^{name} = .*$", lambda _, line=f"{name} = {value}": line, setup, flags=re.M)
        assert found == 1, name
    return setup


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    tree = tmp_path_factory.mktemp("tree")
    survey = write_weather(tree / "survey")
    for path in (survey / "annotations").iterdir():
        path.unlink()
    for question, authors in {"lost": "abc", "won": "ab"}.items():
        for seed, author in enumerate(authors):
            rows = weather_answers(question, 21, seed + 10)
            with (survey / "annotations" / f"{author}.jsonl").open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in rows)
    answers = [(q, row) for q in ("lost", "won") for row in weather_answers(q, 30, 99)]
    lines = [f'{n},2024,{q},"{row["text"]}"' for n, (q, row) in enumerate(answers)]
    (tree / "round.csv").write_text("\n".join(["answer_id,round,question,text", *lines]), encoding="utf-8")
    folder = tree / "notebooks"
    folder.mkdir()
    notebook = nbformat.read(ROOT / "notebooks" / "03-review.ipynb", as_version=4)
    (setup,) = [cell for cell in notebook.cells if cell.id == "forberedelser"]
    setup.source = own(setup.source, tree)
    client = NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(folder)}})
    # libraries open files without naming an encoding, which the tests may make them warn of
    client.execute(env={k: v for k, v in os.environ.items() if k != "PYTHONWARNDEFAULTENCODING"})
    return folder, {cell.id: shown(cell) for cell in notebook.cells if cell.cell_type == "code"}


def test_everything_is_written_into_one_folder_that_git_ignores(run: Run) -> None:
    folder, _ = run
    (out,) = folder.iterdir()
    assert f"/notebooks/{out.name}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert not (out / "annotations").exists()  # nobody has decided anything


def test_it_says_what_the_queue_should_find_and_when_to_stop(run: Run) -> None:
    _, seen = run
    assert "30 av 60 svar i kön" in seen["ko"]
    assert re.search(r"Väntade fel: \d+ i dem, mot \d+ i lika många lottade svar\.", seen["ko"])
    assert re.search(r"Kön lönar sig för de första \d+ svaren\.", seen["ko"])
    assert seen["varfor"].count("<tr") == 11
    assert "AnnotationWidget" in seen["granska"]


def test_practice_decisions_are_named_so_and_kept_apart(run: Run) -> None:
    folder, seen = run
    (out,) = folder.iterdir()
    assert "Övning: 30 exempelbeslut i granskat-2024/ovning/af" in seen["ovning"]
    (log,) = (out / "ovning" / "af").glob("*.jsonl")
    found = read_annotations([log], read_scheme(folder.parent / "survey"))
    assert len(found) == 30
    assert {(a.annotator, a.note) for a in found} == {("ovning", "Övning: ingen har läst svaret.")}


def test_what_was_decided_is_in_the_shares_and_in_the_next_model(run: Run) -> None:
    folder, seen = run
    (out,) = folder.iterdir()
    fixed = read_fixed(out / "granskat", read_manifest(out / "granskat")).values()
    changed = sum(row.machine != row.decided for row in fixed)
    cells = re.findall(r"<td[^>]*>(\w+)</td>", seen["gav"])
    assert sum(int(n) for n in cells[2::4]) == len(fixed) == 30
    assert sum(int(n) for n in cells[3::4]) == changed
    first, second = (
        json.loads((out / name / "card.json").read_text(encoding="utf-8")) for name in ("modell", "modell-2")
    )
    assert first != second
    assert re.search(r"\d+ av 60 svar är kodade på ett annat sätt\.", seen["lar-om"])
    scheme = read_scheme(folder.parent / "survey")
    assert re.search(r"<td[^>]*>1</td>", seen["ordning"])  # a place is a whole number
    assert all(scheme.label("lost", category) in seen["ordning"] for category in scheme.outcomes("lost"))


def test_the_learning_curve_is_drawn_and_nothing_warns(run: Run) -> None:
    _, seen = run
    assert "iVBORw0KGgo" in seen["kurva"]
    assert "Warning" not in "".join(seen.values())
