"""Make the static encoder from concepts, a lexicon's texts and, where there is one, a corpus."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from samorsak import __version__
from samorsak.encode.contrast import Material, main_directions, train_matrix
from samorsak.encode.folding import choose_tokens, fold
from samorsak.encode.spelling import choose_features, spell
from samorsak.encode.static import StaticEncoder, is_static, split_words, unit_rows, write_folder
from samorsak.errors import InputError, ModelError, TooFewError
from samorsak.pipeline.concepts import CONCEPTS, read_concepts
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

WORDS, GRAMS = 30_000, 50_000
"""Features that are trained, at most."""

WIDER = 1.5
"""Dimensions in training by those that are kept: the main directions of what was learned."""

TOKENS = 33_000, 2_500, 9_000
"""Words, beginnings of words and pieces inside them; with 128 dimensions the folder stays under 25 MB."""

LONGEST = 30
"""Letters of a word that becomes a token; a longer one is made of pieces."""

CORPUS_WEIGHT = 0.05
"""What a word of the corpus counts when the tokens are chosen."""

WINDOW, ROUNDS = 3, 2
"""Concepts side by side in a file share a topic, which is learned too: so many make a text of it, and so many
texts begin with each concept."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """Everything the encoder learns from."""

    concepts: dict[str, list[str]]
    topics: list[str]
    lexicon: list[str]
    sentences: list[str]
    corpus: Counter[str]

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
    dimensions: int = 128,
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
    lines = [] if corpus is None else _read_corpus(corpus)
    words = Counter(word for line in lines for word in split_words(line))
    return _Texts(read_concepts(concepts), make_topics(concepts, seed), spoken, _draw(lines, seed), words)


def make_topics(concepts: Path, seed: int) -> list[str]:
    """Make texts from expressions of neighbouring concepts: a file goes from topic to topic."""
    rng = np.random.default_rng(seed)
    texts = []
    for file in sorted(concepts.glob("*.yaml")) if concepts.is_dir() else [concepts]:
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


def _read_corpus(corpus: Path) -> list[str]:
    try:
        raw = corpus.read_bytes()
        lines = (lzma.decompress(raw) if corpus.suffix == ".xz" else raw).decode("utf-8-sig").split("\n")
    except (OSError, lzma.LZMAError, UnicodeDecodeError):
        raise InputError(f"{corpus}: not readable as text in utf-8, a sentence per line; check it") from None
    return [nfc(line.strip()) for line in lines]


def _draw(lines: Sequence[str], seed: int) -> list[str]:
    """Draw sentences of a fair length, in random order."""
    fair = [line for line in lines if SHORTEST_SENTENCE <= len(line.split()) <= LONGEST_SENTENCE]
    chosen = np.random.default_rng(seed).permutation(len(fair))[:SENTENCES]
    return [fair[i] for i in chosen]


def _train(
    texts: _Texts, seed: int, dimensions: int, epochs: int, say: Callable[[str], None] | None
) -> StaticEncoder:
    expressions, running = texts.expressions, [*texts.topics, *texts.lexicon, *texts.sentences]
    spelled = spell([*expressions, *running])
    features = choose_features(spelled, WORDS, GRAMS)
    sizes = [len(group) for group in texts.concepts.values()]
    material = Material(
        features.counts(spelled.words),
        spelled.members[: len(expressions)],
        np.cumsum([0, *sizes]),
        spelled.words.flow,
        spelled.bounds[len(expressions) :],
        _chances(len(texts.topics) + len(texts.lexicon), len(texts.sentences)),
    )
    matrix = train_matrix(material, int(dimensions * WIDER), epochs, seed, say)
    vectors = unit_rows(np.asarray(spelled.members @ (material.features @ matrix), np.float32))
    matrix = matrix @ main_directions(vectors, dimensions)
    frequency = _frequency(texts)
    tokens = choose_tokens(frequency, *TOKENS)
    words = [*tokens.words, *sorted(set(frequency) - set(tokens.words))]
    known = spell(words).words
    rows = np.asarray((features.counts(known) @ matrix)[known.flow], np.float32)
    return StaticEncoder(*fold(tokens, words, rows), _about(texts, seed, epochs))


def _frequency(texts: _Texts) -> dict[str, float]:
    """Count words; those of the corpus less, as it speaks another language than people do."""
    counts: Counter[str] = Counter()
    for text in [*texts.expressions, *texts.lexicon]:
        counts.update(split_words(text))
    return {
        word: counts[word] + CORPUS_WEIGHT * texts.corpus[word]
        for word in sorted(counts | texts.corpus)
        if len(word) <= LONGEST
    }


def _about(texts: _Texts, seed: int, epochs: int) -> dict[str, Any]:
    return {
        "language": "sv",
        "samorsak": __version__,
        "seed": seed,
        "epochs": epochs,
        "sources": {
            "concepts": len(texts.concepts),
            "expressions": len(texts.expressions),
            "lexicon": len(texts.lexicon),
            "sentences": len(texts.sentences),
        },
    }


def _chances(own: int, sentences: int) -> type_floats:
    """Draw about as many sentences of the corpus as there are texts of our own, where there are any."""
    share = min(1.0, own / sentences) if own and sentences else 1.0
    return np.repeat([1, share], [own, sentences]).astype(np.float32)
