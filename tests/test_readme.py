"""What the README and the coding guide ask to copy can be copied."""

import json
import re
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from samorsak.annotations import read_annotations
from samorsak.answers.description import read_description
from samorsak.cli import app
from samorsak.scheme import read_scheme

ROOT = Path(__file__).parent.parent
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "annotations/README.md")}
LINES = sorted(
    {
        line.strip("`")
        for page in PAGES.values()
        for line in [*re.findall("^samorsak .*", page, re.M), *re.findall("`samorsak [a-z]+ [^`]*`", page)]
    }
)
BLOCKS = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
YAML = [text for kind, text in BLOCKS.findall(PAGES["README.md"]) if kind == "yaml"]


@cache
def help_of(*command: str) -> str:
    return CliRunner().invoke(app, [*command, "--help"]).stdout


@pytest.mark.parametrize("line", [line for line in LINES if "COMMAND" not in line])
def test_commands_and_options_exist(line: str) -> None:
    _, command, *rest = shlex.split(line)
    groups = ("scheme", "encoder", "cache", "audit", "annotations", "review")
    path = [command, rest[0]] if command in groups and rest else [command]
    assert CliRunner().invoke(app, [*path, "--help"]).exit_code == 0
    options = [word for word in rest if word.startswith("--")]
    assert [option for option in options if not re.search(rf"^  {option}\b", help_of(*path), re.M)] == []


def test_every_command_has_a_section() -> None:
    commands = re.findall(r"^  (\w+)  ", help_of().partition("Commands:")[2], re.M)
    assert {*re.findall(r"^### (\w+)$", PAGES["README.md"], re.M)} == set(commands)


def test_links_within_the_pages_lead_somewhere() -> None:
    page = PAGES["README.md"]
    anchors = {title.lower().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", page, re.M)}
    for target in re.findall(r"\]\(([^)]+)\)", page):
        assert target[1:] in anchors if target.startswith("#") else (ROOT / target).exists(), target


def test_the_round_description_and_the_python_run(
    samorsak: Callable[..., Result], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    python = dict(BLOCKS.findall(PAGES["README.md"]))["python"]
    described, _ = YAML
    demo = ROOT / "samorsak" / "rounds" / "uppfoljning-2024.xlsx"
    (tmp_path / demo.name).write_bytes(demo.read_bytes())
    (tmp_path / "round.yaml").write_text(described, encoding="utf-8")
    assert "(achieved: 160, missed: 160)" in samorsak("read", "round.yaml").stdout
    exec(compile(python, "README.md", "exec"), {})
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "2024 missed 160"
    assert shown[-2].startswith(
        "På frågan ”Vad bedömer ni vara den eller de främsta orsakerna till uteblivna"
    )


def test_the_closed_questions_are_read(tmp_path: Path) -> None:
    _, closed = YAML
    (tmp_path / "round.yaml").write_text(f"file: round.csv\n{closed}", encoding="utf-8")
    found = read_description(tmp_path / "round.yaml")
    assert [question.kind for question in found.closed.values()] == ["single", "multiple", "matrix"]
    assert found.crosstabs is not None and len(found.crosstabs) == 2


def test_the_annotations_in_the_guide_are_annotations(tmp_path: Path) -> None:
    block = next(text for kind, text in BLOCKS.findall(PAGES["annotations/README.md"]) if kind == "json")
    (tmp_path / "guide.jsonl").write_text(block, encoding="utf-8")
    found = read_annotations([tmp_path / "guide.jsonl"], read_scheme("af"))
    marked = [[a.text[m.start : m.end] for m in a.statements or ()] for a in found]
    assert marked == [["Tidsbrist", "komvux ställde in kursen"], [], []]
    assert [a.categories for a in found] == [None, None, ("low_labour_demand", "unclear_roles")]


def test_the_python_of_the_guide_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    block = next(text for kind, text in BLOCKS.findall(PAGES["annotations/README.md"]) if kind == "python")
    exec(compile(block, "annotations/README.md", "exec"), {})
    shown = capsys.readouterr().out.strip()
    assert f"This prints `{shown}`" in PAGES["annotations/README.md"]
    assert [path.name for path in sorted(Path("my-annotations").glob("*.jsonl"))] == ["kl.jsonl"]


def test_the_guide_counts_the_seed_examples_right() -> None:
    files = sorted((ROOT / "annotations" / "af").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    statements = sum(len(row["statements"]) for row in rows)
    without = sum(not row["statements"] for row in rows)
    guide = " ".join(PAGES["annotations/README.md"].split())
    assert f"{len(rows):,} answers in seven files" in guide
    assert f"with {statements:,} marked statements; {without} answers give no cause" in guide
    assert len(files) == 7


def test_the_guide_names_categories_of_the_scheme() -> None:
    scheme = read_scheme("af")
    known = {c for q in scheme.questions for c in scheme.outcomes(q)}
    named = set(re.findall(r"\| `(\w+)` \|$", PAGES["annotations/README.md"], re.M))
    assert named - known == set()
