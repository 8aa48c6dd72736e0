"""What several test modules need: the command line in one call, and a coded round written by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from samorsak.cli import app
from samorsak.coded import CodedAnswer
from samorsak.report.files import write_coded
from samorsak.scheme import Scheme

SCHEME = Scheme.model_validate(
    {
        "residual": {"other": {"label_sv": "Övrigt", "label_en": "Other"}},
        "questions": {
            "lost": {
                "text_sv": "Varför inte?",
                "categories": {
                    "rain": {"label_sv": "Regn", "label_en": "Rain", "report": {2023: "wet"}},
                    "snow": {"label_sv": "Snö", "not": "Hail: rain.", "report": {2023: "wet"}},
                    "wind": {"label_sv": "Vind", "report": {2023: None}},
                },
            },
            "won": {"text_sv": "Varför?", "categories": {"sun": {"label_sv": "Sol"}}},
        },
        "lines": {2023: {"wet": {"label_sv": "Väta"}}},
    }
)

CODED = [
    CodedAnswer("1/lost", "2024", "lost", ("rain", "snow"), "Regn, snö.", {"Region": "Syd"}),
    CodedAnswer("2/lost", "2024", "lost", ("rain",), "=Regn", {"Region": "Nord"}),
    CodedAnswer("3/lost", "2024", "lost", ("other",), "Annat.", {"Region": "Syd"}),
    CodedAnswer("4/lost", "2024", "lost", ("no_cause",), "Vet ej", {"Region": ""}),
    CodedAnswer("1/won", "2024", "won", ("sun",), "Sol.", {"Region": "Syd"}),
]


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """Five coded answers as `samorsak classify` leaves them, without what ranking does not read."""
    folder = tmp_path / "coded"
    folder.mkdir()
    write_coded(folder / "answers.csv", CODED)
    (folder / "scheme.json").write_text(SCHEME.model_dump_json(by_alias=True), encoding="utf-8")
    return folder


@pytest.fixture
def samorsak(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Run the command line in an empty folder: exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str | Path) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="samorsak")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception  # a traceback is never what a user should see
        return result

    return run
