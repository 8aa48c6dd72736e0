"""What the console can show."""

import io
import sys
from typing import Any

import pytest

from samorsak.cli.console import prepare_streams, progress_bar, shows


class Stream(io.TextIOWrapper):
    """A stream in an encoding that is a terminal or not."""

    def __init__(self, encoding: str, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, write_through=True, newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def written(self) -> bytes:
        self.flush()
        buffer: Any = self.buffer
        return bytes(buffer.getvalue())


@pytest.mark.parametrize(
    ("encoding", "terminal", "expected"),
    [
        ("cp850", True, 'å "x" - -5 ? #'.encode("cp850")),
        ("cp1252", True, "å ”x” – -5 ? #".encode("cp1252")),
        ("cp1252", False, "å ”x” – \u22125 ☃ #".encode()),
        ("utf-8", True, "å ”x” – \u22125 ☃ #".encode()),
    ],
)
def test_a_console_gets_what_it_can_show_and_a_file_utf8(
    monkeypatch: pytest.MonkeyPatch, encoding: str, terminal: bool, expected: bytes
) -> None:
    stream = Stream(encoding, terminal)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", io.StringIO())  # cannot be reconfigured: left as it is
    prepare_streams()
    print("å ”x” – \u22125 ☃ #", end="")
    assert stream.written() == expected


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", True), ("cp437", True), ("latin-1", False)])
def test_shows(monkeypatch: pytest.MonkeyPatch, encoding: str, shown: bool) -> None:
    monkeypatch.setattr(sys, "stdout", Stream(encoding, True))
    assert shows("█") is shown


def test_no_progress_bar_where_stderr_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Stream("utf-8", False))
    with progress_bar("Coding") as progress:
        assert progress is None


def test_the_progress_bar_stands_on_stderr_and_follows_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, result = Stream("utf-8", True), io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(sys, "stdout", result)
    with progress_bar("Coding") as progress:
        assert progress is not None
        progress(1000, 4000)
        progress(4000, 4000)
    drawn = stream.written().decode("utf-8")
    assert drawn.index("25%") < drawn.index("100%")
    assert result.getvalue() == ""
