"""02-annotate.ipynb, run as an analyst runs it the second day: some answers are decided already."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from test_notebooks import ROOT, shown

from samorsak.annotations import Marked, Store
from samorsak.pipeline.session import Session
from samorsak.pipeline.session_rows import drawn, rows_of
from samorsak.scheme import read_scheme

ROUND = ROOT / "samorsak" / "rounds" / "uppfoljning-2024.yaml"


def run(folder: Path) -> dict[str, str]:
    notebook = nbformat.read(ROOT / "notebooks" / "02-annotate.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(folder)}})
    # libraries open files without naming an encoding, which the tests may make them warn of
    client.execute(env={k: v for k, v in os.environ.items() if k != "PYTHONWARNDEFAULTENCODING"})
    return {cell.id: shown(cell) for cell in notebook.cells if cell.cell_type == "code"}


def test_it_runs_before_anything_is_decided_and_writes_nothing(tmp_path: Path) -> None:
    seen = run(tmp_path)
    assert "AnnotationWidget" in seen["annotera"]
    assert "0 av 40 svar avgjorda, 0 överhoppade" in seen["laget"]
    scheme = read_scheme("af")
    assert seen["kategorier"].count("<tr") == 1 + sum(len(scheme.outcomes(q)) for q in scheme.questions)
    assert list(tmp_path.iterdir()) == []


def test_it_counts_what_was_decided_and_goes_on_from_there(tmp_path: Path) -> None:
    scheme = read_scheme("af")
    store = Store(tmp_path / "annoterat-2024" / "annotations" / "af", scheme)
    rows = drawn(rows_of(ROUND), 40, 1)
    one, other = (Session(rows, scheme, store, name) for name in ("jag", "bo"))
    for place in range(12):
        category = scheme.outcomes(rows[place].question)[0]
        one.decide(place, (Marked(0, len(rows[place].text), category),), flagged=place == 0)
    one.skip(12)
    other.decide(0, ())
    seen = run(tmp_path)
    assert "12 av 40 svar avgjorda, 1 överhoppade" in seen["laget"]
    assert (
        f"{scheme.label(rows[0].question, scheme.outcomes(rows[0].question)[0])}</td>" in seen["kategorier"]
    )
    assert ">12</td>" in seen["kategorier"]
    assert all(name in seen["laget"] for name in ("jag", "bo"))
    assert "Warning" not in "".join(seen.values())
    (out,) = tmp_path.iterdir()
    assert f"/notebooks/{out.name}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_it_draws_forty_answers_question_by_question() -> None:
    questions = [row.question for row in drawn(rows_of(ROUND), 40, 1)]
    assert len(questions) == 40
    assert questions == sorted(questions)
    assert len({*questions}) == 2
