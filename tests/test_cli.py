"""The root command: help, version, exit codes, and what is not imported."""

import subprocess
import sys
from collections.abc import Callable

import pytest
import typer
from typer.testing import CliRunner, Result

import samorsak as package
from samorsak.cli import app
from samorsak.errors import InputError, SamorsakError

Run = Callable[..., Result]

HEAVY = [
    "hdbscan",
    "numba",
    "matplotlib",
    "numpy",
    "openpyxl",
    "pandas",
    "pydantic",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "spacy",
    "torch",
    "transformers",
    "umap",
]
COMMANDS = {
    (): [
        *("demo", "read", "train", "evaluate", "classify", "rank", "compare", "report", "verify"),
        "discover",
        *("audit", "scheme", "annotations", "encoder", "review", "cache"),
    ],
    ("scheme",): ["new", "check", "show", "apply", "diff", "export", "import"],
    ("annotations",): ["check", "merge", "export", "import", "agreement", "forget"],
    ("audit",): ["plan", "draw", "estimate", "crosscheck"],
    ("review",): ["queue", "labels", "export", "import", "apply"],
    ("cache",): ["clear"],
}
LEAVES = [
    ["demo"],
    ["read"],
    ["train"],
    ["evaluate"],
    ["classify"],
    ["rank"],
    ["audit", "plan"],
    ["audit", "draw"],
    ["audit", "estimate"],
    ["audit", "crosscheck"],
    ["compare"],
    ["discover"],
    ["scheme", "new"],
    ["scheme", "check"],
    ["scheme", "show"],
    ["scheme", "apply"],
    ["scheme", "diff"],
    ["annotations", "check"],
    ["annotations", "merge"],
    ["annotations", "export"],
    ["annotations", "import"],
    ["annotations", "forget"],
    ["annotations", "agreement"],
    ["encoder", "build"],
    ["review", "queue"],
    ["review", "labels"],
    ["review", "export"],
    ["review", "import"],
    ["review", "apply"],
    ["cache"],
    ["cache", "clear"],
]


def listed(help_text: str) -> list[str]:
    commands = help_text.partition("Commands:\n")[2].partition("\n\n")[0]
    return [line.split()[0] for line in commands.splitlines() if line[:3].strip() and line.strip()] or [
        line.split()[0] for line in commands.splitlines() if line.startswith("  ") and line[2] != " "
    ]


@pytest.mark.parametrize(("path", "names"), COMMANDS.items())
def test_help_lists_the_commands(samorsak: Run, path: tuple[str, ...], names: list[str]) -> None:
    result = samorsak(*path, "--help")
    assert result.exit_code == 0
    assert listed(result.stdout) == names


@pytest.mark.parametrize("command", LEAVES, ids=" ".join)
def test_every_command_ends_its_help_with_a_line_to_copy(samorsak: Run, command: list[str]) -> None:
    result = samorsak(*command, "--help")
    assert result.exit_code == 0
    *_, heading, line = result.stdout.rstrip().splitlines()
    assert heading == "  Example:"
    assert line.startswith(f"    samorsak {' '.join(command)}")


@pytest.mark.parametrize("arguments", [["-c", "import samorsak.cli"], ["-m", "samorsak.cli", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, check=True, encoding="utf-8"
    ).stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.splitlines()}
    assert "typer" in loaded
    assert sorted(loaded.intersection(HEAVY)) == []


def test_version(samorsak: Run) -> None:
    assert samorsak("--version").stdout == f"samorsak {package.__version__}\n"


def test_without_a_command_it_shows_help(samorsak: Run) -> None:
    result = samorsak()
    assert result.exit_code == 2
    assert result.output.startswith("Usage: samorsak [OPTIONS] COMMAND [ARGS]...\n")


def test_an_unknown_option_is_a_usage_error(samorsak: Run) -> None:
    result = samorsak("rank", "x", "--nothing")
    assert result.exit_code == 2
    assert result.stdout == ""


def test_an_error_is_one_line_on_stderr(samorsak: Run) -> None:
    result = samorsak("read", "no.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "no.csv: no such file; check the folder and the spelling\n"


@pytest.mark.parametrize("error", [SamorsakError, InputError])
def test_only_own_errors_are_caught(error: type[Exception]) -> None:
    nested = typer.Typer(cls=app.info.cls)

    @nested.callback()
    def root() -> None: ...

    @nested.command()
    def own() -> None:
        raise error("where: found, expected")

    @nested.command()
    def foreign() -> None:
        raise ZeroDivisionError

    assert CliRunner().invoke(nested, ["own"]).stderr == "where: found, expected\n"
    assert isinstance(CliRunner().invoke(nested, ["foreign"]).exception, ZeroDivisionError)


def test_a_traceback_shows_no_variables() -> None:
    assert app.pretty_exceptions_enable is False
