"""Real, human-coded English answers (ANES 2008 open-ended codings): sample-F1 on the given train and test splits.

python tests/benchmarks/anes.py FOLDER

FOLDER holds dataset{1,3,10}_{X,y}{train,test}.csv and codebook_dataset*.yaml. Answers are coded as a whole, several
codes each, so that the model learns without marked stretches. Beside it stand a plain tf-idf baseline (word 1-2 and
character 2-5 grams, one logistic regression per code, threshold .5, at least one code) and the score on test answers
that do not stand word for word in training.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union

from samorsak.evaluate import bootstrap, sample_f1
from samorsak.pipeline.deciding import decide
from samorsak.pipeline.fitting import fit_question
from samorsak.pipeline.material import Entry, Gold, gather
from samorsak.scheme import NO_CAUSE

PUBLISHED = {1: 0.55, 3: 0.71, 10: 0.96}


def read(folder: Path, number: int, part: str) -> tuple[list[str], list[frozenset[str]]]:
    """Texts and code sets of one part of a data set."""
    with (folder / f"dataset{number}_X{part}.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["verbatim"] for row in csv.DictReader(file)]
    with (folder / f"dataset{number}_y{part}.csv").open(encoding="utf-8", newline="") as file:
        codes = [
            frozenset(code for code, given in row.items() if given == "1") for row in csv.DictReader(file)
        ]
    return texts, codes


def ours(
    train: tuple[list[str], list[frozenset[str]]], test: list[str], codebook: dict[str, str]
) -> list[set[str]]:
    """Codes of the test answers by samorsak, which learns from the training answers and the codebook."""
    names = sorted({c for codes in train[1] for c in codes} | set(codebook), key=lambda c: (len(c), c))
    gold = [Gold(text, None, codes, "train") for text, codes in zip(*train, strict=True)]
    entries = [Entry(text, code, "definition") for code, text in codebook.items()]
    model = fit_question(gather((*names, NO_CAUSE), gold, entries, "en"), 0)
    return [set(d.categories) - {NO_CAUSE} for d in decide(model, test, "en")]


def baseline(train: tuple[list[str], list[frozenset[str]]], test: list[str]) -> list[set[str]]:
    """Codes of the test answers by tf-idf and one logistic regression per code."""
    names = sorted({c for codes in train[1] for c in codes})
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    )
    model = make_pipeline(
        features, OneVsRestClassifier(LogisticRegression(C=10, class_weight="balanced", max_iter=300))
    )
    model.fit(train[0], [[c in codes for c in names] for codes in train[1]])
    probability = model.predict_proba(test)
    found = []
    for row in probability:
        given = {names[c] for c in np.flatnonzero(row >= 0.5)}
        found.append(given or {names[int(row.argmax())]})
    return found


def matrix(sets: list[set[str]], names: list[str]) -> np.ndarray:
    """Answers by codes, true where given."""
    return np.array([[c in codes for c in names] for codes in sets], bool)


def main(folder: Path) -> None:
    """Print a row per data set."""
    print(
        f"{'set':>4}{'test':>6}{'published':>11}{'baseline':>10}{'samorsak':>10}  95 % interval    unseen texts: n, F1"
    )
    for number in (1, 3, 10):
        train, (texts, gold) = read(folder, number, "train"), read(folder, number, "test")
        book = yaml.safe_load((folder / f"codebook_dataset{number}.yaml").read_text(encoding="utf-8"))
        codebook = {str(code): text for code, text in book["codes"].items()}
        found = ours(
            train, texts, {c: t for c, t in codebook.items() if any(c in codes for codes in train[1])}
        )
        plain = baseline(train, texts)
        names = sorted({c for codes in [*gold, *found, *plain] for c in codes})
        told, given, simple = matrix(list(map(set, gold)), names), matrix(found, names), matrix(plain, names)
        interval = bootstrap(lambda rows, t=told, g=given: sample_f1(t[rows], g[rows]), len(texts), 2000, 0)
        seen = {" ".join(text.lower().split()) for text in train[0]}
        new = np.array([" ".join(text.lower().split()) not in seen for text in texts])
        print(
            f"{number:>4}{len(texts):>6}{PUBLISHED[number]:>11.2f}{sample_f1(told, simple):>10.3f}"
            f"{sample_f1(told, given):>10.3f}  {interval.low:.3f}-{interval.high:.3f}"
            f"{int(new.sum()):>14}, {sample_f1(told[new], given[new]):.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
