"""Make the static encoder from concepts, a lexicon's texts and, where there is one, a corpus."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from samorsak import __version__
from samorsak.encode.static import Features, Spelled, StaticEncoder, is_static, spell, write_folder
from samorsak.errors import InputError, ModelError, TooFewError
from samorsak.pipeline.concepts import CONCEPTS, read_concepts
from samorsak.pipeline.contrast import Material, train_matrix
from samorsak.pipeline.encoder_card import render_card
from samorsak.text import nfc

type_floats = npt.NDArray[np.float32]
type_ints = npt.NDArray[np.int64]

LEXICONS = Path(__file__).parent.parent / "schemes"
"""The lexicons of the package's schemes lie below; only their texts are used, never their categories."""

SENTENCES = 20_000
"""Sentences drawn from the corpus."""

SHORTEST_SENTENCE, LONGEST_SENTENCE = 6, 40
SHORTEST_TEXT = 4
"""Words of a lexicon's text, at least: a shorter one has no halves to speak of."""

WORDS, GRAMS = 24_000, 36_000
"""Features with a row, at most; with 192 dimensions the folder stays under 25 MB."""

RARE_WORD, RARE_GRAM = 2, 4
"""Features found in fewer texts get no row."""

GRAM_WEIGHT = 0.3
"""What an n-gram weighs beside a word: there are some twenty of them in each."""

WIDE = "world*.yaml"
"""Files of general knowledge: there, concepts that stand side by side share a topic, which is learned too."""

WINDOW, ROUNDS = 3, 2
"""Concepts side by side in a text of a topic, and how many such texts begin with each concept."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """Everything the encoder learns from."""

    concepts: dict[str, list[str]]
    topics: list[str]
    lexicon: list[str]
    sentences: list[str]

    @property
    def expressions(self) -> list[str]:
        return [text for expressions in self.concepts.values() for text in expressions]


def build_encoder(
    corpus: Path | None,
    out: Path,
    *,
    lexicon: Sequence[Path] | None = None,
    concepts: Path = CONCEPTS,
    seed: int = 0,
    dimensions: int = 192,
    epochs: int = 20,
    say: Callable[[str], None] | None = None,
) -> Path:
    """Make a static encoder and write its folder; the same sources and seed give the same bytes.

    Parameters
    ----------
    corpus : Path or None
        Plain text in utf-8, a sentence per line; may be packed with xz.
    out : Path
        New, empty, or an older encoder of this kind that is replaced.
    lexicon : sequence of Path, optional
        Lexicon files or folders (JSON Lines with `text`); those of the package's schemes if not given.
    concepts : Path
        A file or folder of concepts.
    seed : int
        Of the start, of what is drawn, and of the order.
    dimensions, epochs : int
        Length of a vector; how often every concept is gone through.
    say : callable, optional
        Told what happens, a line at a time.

    Raises
    ------
    InputError
        A source cannot be read.
    TooFewError
        There are fewer than two concepts.
    ModelError
        `out` holds something else.
    """
    _check_free(out)
    texts = _read_texts(corpus, lexicon, concepts, seed)
    if len(texts.concepts) < 2:
        raise TooFewError(f"{concepts}: {len(texts.concepts)} concept, expected at least 2; give more")
    if say:
        say(_counted(texts))
    with threadpool_limits(1):  # the order of sums in a product of matrices shifts last bits
        encoder = _train(texts, seed, dimensions, epochs, say)
    write_folder(encoder, out, render_card(encoder, None if corpus is None else corpus.name))
    return out


def _check_free(out: Path) -> None:
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not is_static(out)):
        raise ModelError(f"{out}: holds other files than an encoder's; name a new folder")


def _counted(texts: _Texts) -> str:
    return (
        f"{len(texts.concepts):,} concepts with {len(texts.expressions):,} expressions, "
        f"{len(texts.lexicon):,} texts of the lexicon, {len(texts.sentences):,} sentences of the corpus"
    )


def _read_texts(corpus: Path | None, lexicon: Sequence[Path] | None, concepts: Path, seed: int) -> _Texts:
    files = sorted(LEXICONS.glob("*/lexicon")) if lexicon is None else lexicon
    spoken = [text for path in files for text in _read_lexicon(path) if len(text.split()) >= SHORTEST_TEXT]
    sentences = [] if corpus is None else _draw_sentences(corpus, seed)
    return _Texts(read_concepts(concepts), make_topics(concepts, seed), spoken, sentences)


def make_topics(concepts: Path, seed: int) -> list[str]:
    """Make texts from expressions of neighbouring concepts: a file goes from topic to topic."""
    rng = np.random.default_rng(seed)
    texts = []
    for file in sorted(concepts.glob(WIDE)):
        groups = list(read_concepts(file).values())
        for first in range(len(groups) - WINDOW + 1):
            side_by_side = groups[first : first + WINDOW] * 2
            texts += [" ".join(str(rng.choice(group)) for group in side_by_side) for _ in range(ROUNDS)]
    return texts


def _read_lexicon(path: Path) -> list[str]:
    """Read the texts of a lexicon, whatever scheme it belongs to."""
    texts = []
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        try:
            lines = file.read_text(encoding="utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError):
            raise InputError(f"{file}: not readable as JSON Lines in utf-8; check the path") from None
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                texts.append(nfc(str(json.loads(line)["text"])))
            except (ValueError, RecursionError, KeyError, TypeError):
                raise InputError(
                    f"{file} line {number}: no lexicon entry, expected an object with 'text'; correct it"
                ) from None
    return texts


def _draw_sentences(corpus: Path, seed: int) -> list[str]:
    """Draw sentences of a fair length, in random order."""
    try:
        raw = corpus.read_bytes()
        lines = (lzma.decompress(raw) if corpus.suffix == ".xz" else raw).decode("utf-8-sig").split("\n")
    except (OSError, lzma.LZMAError, UnicodeDecodeError):
        raise InputError(f"{corpus}: not readable as text in utf-8, a sentence per line; check it") from None
    fair = [nfc(line.strip()) for line in lines if SHORTEST_SENTENCE <= len(line.split()) <= LONGEST_SENTENCE]
    chosen = np.random.default_rng(seed).permutation(len(fair))[:SENTENCES]
    return [fair[i] for i in chosen]


def _train(
    texts: _Texts, seed: int, dimensions: int, epochs: int, say: Callable[[str], None] | None
) -> StaticEncoder:
    expressions, running = texts.expressions, [*texts.topics, *texts.lexicon, *texts.sentences]
    spelled = spell([*expressions, *running])
    features, weights = _choose_features(spelled)
    weighted = (features.counts(spelled.words) @ sp.diags(weights)).tocsr().astype(np.float32)
    sizes = [len(group) for group in texts.concepts.values()]
    material = Material(
        weighted,
        spelled.members[: len(expressions)],
        np.cumsum([0, *sizes]),
        spelled.words.flow,
        spelled.bounds[len(expressions) :],
        _chances(len(texts.topics) + len(texts.lexicon), len(texts.sentences)),
    )
    matrix = train_matrix(material, dimensions, epochs, seed, say)
    about = {
        "language": "sv",
        "samorsak": __version__,
        "seed": seed,
        "epochs": epochs,
        "sources": {
            "concepts": len(texts.concepts),
            "expressions": len(expressions),
            "lexicon": len(texts.lexicon),
            "sentences": len(texts.sentences),
        },
    }
    encoder = StaticEncoder(features, matrix * weights[:, None], about)
    return _without_common(encoder, texts.lexicon or expressions)


def _without_common(encoder: StaticEncoder, texts: Sequence[str]) -> StaticEncoder:
    """Take out of every row the direction that texts share most (Arora et al. 2017, algorithm 1).

    Fewer texts than dimensions do not show one.
    """
    if len(texts) < encoder.dimensions:
        return encoder
    vectors = encoder.encode(texts).astype(np.float64)
    direction = np.linalg.eigh(vectors.T @ vectors)[1][:, -1:]
    rows = encoder.embedding - (encoder.embedding @ direction) @ direction.T
    return StaticEncoder(encoder.features, rows.astype(np.float32), encoder.about)


def _chances(own: int, sentences: int) -> type_floats:
    """Draw about as many sentences of the corpus as there are texts of our own, where there are any."""
    share = min(1.0, own / sentences) if own and sentences else 1.0
    return np.repeat([1, share], [own, sentences]).astype(np.float32)


def _choose_features(spelled: Spelled) -> tuple[Features, type_floats]:
    """Choose the words and n-grams found in most texts, and weigh them by how few that is (idf)."""
    words = spelled.words
    present = spelled.members
    present.data[:] = 1
    rows = present.shape[0]
    hashes, place = np.unique(words.grams, return_inverse=True)
    spelling = sp.csr_matrix(
        (np.ones(len(place), np.float32), (words.owner, place)), shape=(len(words.hashes), len(hashes))
    )
    whole = _most(words.hashes, np.asarray(present.sum(axis=0)).ravel(), WORDS, RARE_WORD)
    parts = _most(hashes, _texts_with(present, spelling), GRAMS, RARE_GRAM)
    idf = [np.log((1 + rows) / (1 + counts)) for _, counts in (whole, parts)]
    weights = np.concatenate([idf[0], idf[1] * GRAM_WEIGHT]).astype(np.float32)
    return Features(whole[0], parts[0]), weights


def _texts_with(present: sp.csr_matrix, spelling: sp.csr_matrix) -> type_floats:
    """Count the texts that hold each n-gram, some thousands of texts at a time."""
    counts = np.zeros(spelling.shape[1], np.float32)
    for first in range(0, present.shape[0], 5000):
        found = (present[first : first + 5000] @ spelling).tocsr()
        counts += np.bincount(found.indices, minlength=len(counts)).astype(np.float32)
    return counts


def _most(
    hashes: npt.NDArray[np.uint64], counts: type_floats, limit: int, rare: int
) -> tuple[npt.NDArray[np.uint64], type_floats]:
    """Keep the most frequent, by hash where they are equally frequent; sorted by hash."""
    order = np.lexsort((hashes, -counts))[:limit]
    kept = order[counts[order] >= rare]
    kept = kept[np.argsort(hashes[kept])]
    return hashes[kept], counts[kept].astype(np.float32)
