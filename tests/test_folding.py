"""Features folded into tokens: frequent words keep their rows, pieces stand in for the others."""

from __future__ import annotations

from itertools import product

import numpy as np

from samorsak.encode.folding import Tokens, choose_tokens, fold
from samorsak.encode.static import StaticEncoder

STEMS, ENDINGS = ("mål", "möte", "avtal", "krav", "stöd"), ("et", "ens", "bok", "tid")


def test_frequent_words_become_tokens_and_every_letter_a_piece() -> None:
    tokens = choose_tokens({"mål": 3, "målet": 2, "mötet": 2, "x": 1}, 2, 2, 2)
    assert tokens.words == ["mål", "målet"]
    starts = [piece for piece in tokens.pieces if not piece.startswith("##")]
    assert starts == ["e", "l", "m", "t", "x", "å", "ö", "måle", "möte"]
    assert [piece for piece in tokens.pieces if piece.startswith("##")][:7] == [f"##{x}" for x in "elmtxåö"]
    assert len(tokens.pieces) == 9 + 9


def test_a_word_never_seen_is_put_together_from_its_parts() -> None:
    rng = np.random.default_rng(0)
    of_stem = dict(zip(STEMS, rng.normal(size=(5, 4)), strict=True))
    of_ending = dict(zip(ENDINGS, rng.normal(size=(4, 4)), strict=True))
    vectors = {a + b: of_stem[a] + of_ending[b] for a, b in product(STEMS, ENDINGS)}
    unseen = vectors.pop("avtalbok")
    words = sorted(vectors)
    tokens = Tokens(words[:3], [*STEMS, *(f"##{ending}" for ending in ENDINGS)])
    order = [*tokens.words, *(word for word in words if word not in tokens.words)]
    names, rows = fold(tokens, order, np.array([vectors[word] for word in order], np.float32))
    assert names[0] == "[UNK]"
    np.testing.assert_array_equal(rows[0], 0)
    encoder = StaticEncoder(names, rows, {})
    for word in tokens.words:
        unit = vectors[word] / np.linalg.norm(vectors[word])
        np.testing.assert_allclose(encoder.encode([word])[0], unit, atol=1e-5)
    near = encoder.encode(["avtalbok"])[0] @ (unseen / np.linalg.norm(unseen))
    assert near > 0.9


def test_nothing_but_whole_words() -> None:
    tokens = choose_tokens({"a": 1.0}, 1, 0, 0)
    names, rows = fold(tokens, ["a"], np.ones((1, 2), np.float32))
    assert names == ["[UNK]", "a", "##a"]
    np.testing.assert_array_equal(rows[:2], [[0, 0], [1, 1]])
