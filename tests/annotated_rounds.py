"""Run folders laid out of the annotated seed examples: what people decided, not what a model guesses."""

import json
from pathlib import Path

from samorsak.coded import CodedAnswer, StatementRow
from samorsak.report.files import write_coded, write_statements
from samorsak.scheme import read_scheme

ANNOTATIONS = Path(__file__).parent.parent / "annotations" / "af"


def lay_out(folder: Path, round_: int) -> Path:
    """Write the seed examples of a round as a run folder, without trial or audit."""
    coded, statements = [], []
    for file in sorted(ANNOTATIONS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["round"] != round_:
                continue
            text, found = row["text"], row["statements"]
            categories = tuple(dict.fromkeys(one["category"] for one in found)) or ("no_cause",)
            author = {"Författare": file.stem}
            coded.append(
                CodedAnswer(row["answer_id"], str(round_), row["question"], categories, text, author)
            )
            statements += [
                StatementRow(
                    row["answer_id"],
                    number,
                    one["start"],
                    one["end"],
                    text[one["start"] : one["end"]],
                    one["category"],
                    1.0,
                    "",
                    0.0,
                )
                for number, one in enumerate(found, 1)
            ]
    folder.mkdir(parents=True)
    write_coded(folder / "answers.csv", coded)
    write_statements(folder / "statements.csv", statements)
    scheme = read_scheme("af").model_dump_json(by_alias=True, exclude_defaults=True)
    (folder / "scheme.json").write_text(scheme, encoding="utf-8")
    manifest = {
        "counts": {"rows": len(coded), "cells": len(coded), "answers": len(coded), "dropped": {}},
        "input": {"name": "annotations/af"},
    }
    (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
