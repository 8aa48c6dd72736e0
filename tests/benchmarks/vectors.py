"""What an encoder's vectors add to the n-grams, by how much else is known: figures of `samorsak evaluate`.

python tests/benchmarks/vectors.py [--encoder models/sv-static] [--train-files 1 2 6] [--lexicon]

The scheme `af` with its annotated answers; without ``--lexicon`` as another survey begins: definitions, rules and a
few files of annotated answers. Each file is coded by models that have not seen it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from samorsak.pipeline.evaluation import evaluate_scheme
from samorsak.scheme import SCHEMES

ANNOTATIONS = Path(__file__).parents[2] / "annotations" / "af"


def write_bare(folder: Path) -> Path:
    """Write the scheme `af` without its lexicon.

    Without the lines of published reports, from which nothing is learned, it is another scheme than the one in the
    package: one that means the same would get that one's lexicon.
    """
    scheme = yaml.safe_load((SCHEMES / "af" / "scheme.yaml").read_text(encoding="utf-8"))
    del scheme["lines"]
    for question in scheme["questions"].values():
        for category in question["categories"].values():
            category.pop("report", None)
    place = folder / "scheme.yaml"
    place.write_text(yaml.safe_dump(scheme, allow_unicode=True), encoding="utf-8")
    return place


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row per question, number of training files, and n-grams without and with vectors."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--encoder", default="models/sv-static")
    parser.add_argument("--prefix", default="")
    parser.add_argument("--train-files", type=int, nargs="+", default=[1, 2, 6])
    parser.add_argument("--lexicon", action="store_true")
    asked = parser.parse_args(arguments)
    print(f"{'question':<10}{'files':>6}  {'vectors':<24}{'micro-F1':>10}{'macro-F1':>10}{'ECE':>7}")
    with TemporaryDirectory() as folder:
        scheme = "af" if asked.lexicon else write_bare(Path(folder))
        for size in asked.train_files:
            for encoder in (None, asked.encoder):
                prefix = asked.prefix if encoder else ""
                found = evaluate_scheme(
                    scheme, annotations=[ANNOTATIONS], train_files=size, encoder=encoder, prefix=prefix
                )
                for question, (point,) in found.questions.items():
                    print(
                        f"{question:<10}{size:>6}  {encoder or '-':<24}{point.mean('micro_f1'):>10.3f}"
                        f"{point.mean('macro_f1'):>10.3f}{point.calibration_error:>7.3f}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
