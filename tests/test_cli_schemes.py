"""`samorsak scheme new`, `check` and `show`."""

from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Run = Callable[..., Result]

NUMBERED = """\
language: en
questions:
  "1":
    text: Why?
    categories:
      301: {label: Money, definition: Too little money., report: {2023: means}}
      302: {label: People, report: {2023: means}}
lines:
  2023:
    means: {label: Means}
"""


def test_a_new_scheme_is_checked_and_shown(samorsak: Run, tmp_path: Path) -> None:
    begun = samorsak("scheme", "new", "mine", "--question", 'why=Why "x"?', "--lang", "en")
    lexicon = Path("mine") / "lexicon" / "why.jsonl"
    assert begun.stdout == f"written: {Path('mine') / 'scheme.yaml'}\nwritten: {lexicon}\n"
    assert (tmp_path / lexicon).read_bytes() == b""
    assert samorsak("scheme", "show", "mine", "--lang", "en").stdout == (
        'why: Why "x"?\n'
        "  lack_of_time   Lack of time\n"
        "  lack_of_staff  Lack of staff\n"
        "  other          Other\n"
        "\n"
    )
    checked = samorsak("scheme", "check", "mine").stdout.splitlines()
    assert checked[0] == f"scheme:      {Path('mine') / 'scheme.yaml'}"
    assert checked[2:] == [
        "reports:     none",
        "question:    why, 2 categories, 0 lexicon entries",
        "warning:     why: no lexicon entry for lack_of_time, lack_of_staff, other, no_cause",
        "warnings:    1",
    ]


def test_check_counts_the_lexicon_it_is_given(samorsak: Run, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(NUMBERED, encoding="utf-8")
    (tmp_path / "1.jsonl").write_text('{"category": 301, "text": "no money"}\n', encoding="utf-8")
    checked = samorsak("scheme", "check", "s.yaml", "--lexicon", "1.jsonl").stdout.splitlines()
    assert checked[2:] == [
        "reports:     2023",
        "question:    1, 2 categories, 1 lexicon entries",
        "warning:     1: no definition for 302",
        "warning:     1: no lexicon entry for 302, no_cause",
        "warning:     1: no residual 'other'; a cause that fits nothing gets a wrong category",
        "warnings:    3",
    ]


def test_show_names_the_lines_of_a_report(samorsak: Run, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(NUMBERED, encoding="utf-8")
    assert samorsak("scheme", "show", "s.yaml", "--lines", "2023").stdout == (
        "1: Why?\n  301  Money  [Means]\n  302  People  [Means]\n\n"
    )
    assert samorsak("scheme", "show", "s.yaml", "--lines", "2022").stderr == (
        "lines is '2022', the scheme has: scheme, 2023\n"
    )


def test_the_scheme_in_the_package_is_whole(samorsak: Run) -> None:
    assert samorsak("scheme", "check").stdout.endswith("warnings:    0\n")


def test_a_scheme_that_clashes_is_one_line(samorsak: Run, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(NUMBERED.replace("302:", "301:"), encoding="utf-8")
    result = samorsak("scheme", "check", "s.yaml")
    assert (result.exit_code, result.stderr) == (1, "s.yaml line 7: '301' stands twice\n")
