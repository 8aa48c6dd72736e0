"""Time and memory of `samorsak report` as rounds grow, and the size of its page.

python tests/benchmarks/report.py [--respondents 372 29070]

Rounds are the demo round, coded once, with as many respondents drawn from its own: about 640 and 50,000 answers.
Each report is made by a process of its own, loading included: of the round alone, with an earlier round of the same
size beside it, and to be published, with small numbers hidden.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from associations import grown
from speed import ROUND, run

from samorsak.coded import StatementRow
from samorsak.report.files import read_coded, read_statements, write_coded, write_statements

RESPONDENTS = (372, 29_070)


def grown_with_statements(demo: Path, folder: Path, n: int) -> int:
    """Write a run of n respondents drawn from the demo's, with the statements of their answers."""
    answers = grown(demo, folder, n)
    by_id: dict[str, list[StatementRow]] = {}
    for row in read_statements(demo / "statements.csv"):
        by_id.setdefault(row.answer_id, []).append(row)
    of = {(a.question, a.text): by_id.get(a.answer_id, []) for a in read_coded(demo)}
    rows = [
        replace(row, answer_id=answer.answer_id)
        for answer in read_coded(folder)
        for row in of[answer.question, answer.text]
    ]
    write_statements(folder / "statements.csv", rows)
    return answers


def earlier(folder: Path, out: Path) -> Path:
    """Copy a run as that of the year before."""
    out.mkdir()
    for file in folder.iterdir():
        (out / file.name).write_bytes(file.read_bytes())
    write_coded(out / "answers.csv", [replace(one, round="2023") for one in read_coded(folder)])
    closed = (folder / "closed.csv").read_text(encoding="utf-8")
    (out / "closed.csv").write_text(closed.replace(",2024,", ",2023,"), encoding="utf-8", newline="\n")
    return out


def measured(respondents: Sequence[int]) -> Iterator[str]:
    """Make the reports, and give a row of the table for each."""
    yield "| answers | report | s | processor s | MB | page, MB |\n|---|---|---|---|---|---|"
    environment = {**os.environ}
    with TemporaryDirectory() as place:
        demo = Path(place) / "demo"
        run(["classify", str(ROUND), "--out", str(demo)], environment)
        for n in respondents:
            folder = Path(place) / f"coded-{n}"
            answers = grown_with_statements(demo, folder, n)
            before = earlier(folder, Path(place) / f"coded-{n}-before")
            for name, more in (
                ("alone", []),
                ("beside an earlier round", ["--against", str(before)]),
                ("public", ["--public"]),
            ):
                out = Path(place) / f"report-{n}-{len(name)}"
                used = run(["report", str(folder), *more, "--out", str(out)], environment)
                page = (out / "rapport.html").stat().st_size / 1e6
                processor = "–" if used.processor is None else f"{used.processor:.1f}"
                memory = "–" if used.memory is None else f"{used.memory:.0f}"
                yield f"| {answers:,} | {name} | {used.seconds:.1f} | {processor} | {memory} | {page:.2f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--respondents", type=int, nargs="*", default=RESPONDENTS)
    for line in measured(parser.parse_args().respondents):
        print(line, flush=True)


if __name__ == "__main__":
    main()
