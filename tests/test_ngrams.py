"""Word and character n-grams: the same features as scikit-learn's, for stretches of shared texts."""

from collections.abc import Sequence

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from samorsak.encode.ngrams import Ngrams, Words, _lookup, find_words, fit_ngrams
from samorsak.scheme import read_lexicon, read_scheme, scheme_folder
from samorsak.segment import find_pieces

ANSWERS = [
    "Tydliga mål och fasta möten",
    "Otydliga mål, otydliga mål och otydliga roller",
    "Vi hade ont om tid. Tiden räckte inte till möten",
    "Å ena sidan ö, å andra sidan å",
    "e-post 24/7",
    "Möten",
    "möten möten möten",
    "",
]


def words_of(texts: Sequence[str]) -> tuple[Words, np.ndarray, np.ndarray]:
    """Find the words of texts, and the range of each text."""
    pieces = find_pieces(texts)
    stop = np.cumsum(np.bincount(pieces.word_answer, minlength=len(texts)))
    return find_words(pieces.words, pieces.lexemes), np.concatenate([[0], stop[:-1]]).astype(int), stop


def spelled(texts: Sequence[str]) -> list[str]:
    """Write each text's words in lower case with a space between."""
    pieces = find_pieces(texts)
    written: list[list[str]] = [[] for _ in texts]
    for key, i in zip(pieces.words.tolist(), pieces.word_answer.tolist(), strict=True):
        written[i].append(pieces.lexemes[key])
    return list(map(" ".join, written))


def by_sklearn(rare: int = 1) -> tuple[TfidfVectorizer, TfidfVectorizer]:
    plain = {"lowercase": False, "sublinear_tf": True, "min_df": rare}
    return (
        TfidfVectorizer(tokenizer=str.split, token_pattern=None, ngram_range=(1, 2), **plain),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **plain),
    )


def assert_same_columns(ours: sp.csr_matrix, theirs: sp.csr_matrix) -> None:
    """Compare two matrices up to the order of their columns."""
    assert ours.shape == theirs.shape
    ordered = []
    for matrix in (ours, theirs):
        dense = np.round(matrix.toarray().astype(float), 5)
        ordered.append(dense[:, np.lexsort(dense)])
    np.testing.assert_allclose(ordered[0], ordered[1], atol=2e-5)


def test_the_features_are_those_of_scikit_learn() -> None:
    words, first, last = words_of(ANSWERS)
    ngrams = fit_ngrams(words, first, last)
    ours = ngrams.transform(words, first, last)
    assert ours.dtype == np.float32
    assert ngrams.width == ours.shape[1] == len(ngrams.terms) + len(ngrams.grams)
    terms, grams = (vectorizer.fit_transform(spelled(ANSWERS)) for vectorizer in by_sklearn())
    assert_same_columns(ours[:, : len(ngrams.terms)], terms)
    assert_same_columns(ours[:, len(ngrams.terms) :], grams)
    alike = (terms @ terms.T + grams @ grams.T).toarray()  # cosines, summed over both kinds
    np.testing.assert_allclose((ours @ ours.T).toarray(), alike, atol=1e-5)


def test_new_texts_get_the_features_of_scikit_learn() -> None:
    words, first, last = words_of(ANSWERS)
    ngrams = fit_ngrams(words, first, last)
    new = ["Fasta mål med otydliga möten", "xyz", "MÖTEN, tid", "ena tiden"]
    fresh, begin, end = words_of(new)
    ours = ngrams.transform(fresh, begin, end)
    vectorizers = by_sklearn()
    theirs = []
    for vectorizer in vectorizers:
        vectorizer.fit(spelled(ANSWERS))
        theirs.append(vectorizer.transform(spelled(new)))
    alike = sum(block @ block.T for block in theirs).toarray()
    np.testing.assert_allclose((ours @ ours.T).toarray(), alike, atol=1e-5)
    assert ours[1].nnz == 0


def test_stretches_of_one_text() -> None:
    text = "Otydliga mål och ont om tid, otydliga möten"
    words, _, _ = words_of([text])
    spans = [(a, b) for a in range(8) for b in range(a, 9)]
    first, last = np.array(spans).T
    ngrams = fit_ngrams(words, first, last)
    ours = ngrams.transform(words, first, last)
    every = spelled([text])[0].split()
    cut = [" ".join(every[a:b]) for a, b in spans]
    terms, grams = (vectorizer.fit_transform(cut) for vectorizer in by_sklearn())
    assert (terms.shape[1], grams.shape[1]) == (len(ngrams.terms), len(ngrams.grams))
    alike = (terms @ terms.T + grams @ grams.T).toarray()
    np.testing.assert_allclose((ours @ ours.T).toarray(), alike, atol=1e-5)


def test_what_is_rare_is_left_out_where_there_is_much() -> None:
    few = ["mål och tid", "mål och möten"] * 49
    for texts, rare in ((few, 1), ([*few, "rent unikt", "mål"], 2)):
        words, first, last = words_of(texts)
        ngrams = fit_ngrams(words, first, last)
        terms, grams = (vectorizer.fit(spelled(texts)) for vectorizer in by_sklearn(rare))
        assert (len(ngrams.terms), len(ngrams.grams)) == (len(terms.idf_), len(grams.idf_))
        np.testing.assert_allclose(np.sort(ngrams.term_idf), np.sort(terms.idf_), rtol=1e-6)
        np.testing.assert_allclose(np.sort(ngrams.gram_idf), np.sort(grams.idf_), rtol=1e-6)


def test_no_two_features_of_the_packaged_lexicon_share_a_hash() -> None:
    entries = read_lexicon(scheme_folder("af").parent / "lexicon", read_scheme("af"))
    texts = [entry.text for entry in entries[::4]]
    words = words_of(texts)[0]
    rows = np.arange(99)  # fewer rows than that from which rare features are left out: everything is kept
    bounds = np.linspace(0, len(words.flow), 100).astype(int)
    ngrams = fit_ngrams(words, bounds[rows], bounds[rows + 1])
    flow = " ".join(spelled(texts)).split()
    joined = [" ".join(flow[bounds[i] : bounds[i + 1]]) for i in rows]
    terms, grams = (vectorizer.fit(joined) for vectorizer in by_sklearn())
    assert (len(ngrams.terms), len(ngrams.grams)) == (len(terms.idf_), len(grams.idf_))


@settings(max_examples=50)
@given(st.lists(st.text(st.sampled_from("måltid ö,.\n1"), max_size=30), min_size=1, max_size=5))
def test_a_row_does_not_hang_on_the_rows_beside_it(texts: list[str]) -> None:
    words, first, last = words_of(ANSWERS)
    ngrams = fit_ngrams(words, first, last)
    together, begin, end = words_of(texts)
    rows = ngrams.transform(together, begin, end)
    weights = np.random.default_rng(0).normal(size=(ngrams.width, 3)).astype(np.float32)
    scores = rows @ weights
    for i, text in enumerate(texts):
        own, a, b = words_of([text])
        alone = ngrams.transform(own, a, b)
        assert alone.toarray().tolist() == rows[i : i + 1].toarray().tolist()  # to the last bit
        assert (alone @ weights).tolist() == scores[i : i + 1].tolist()


@given(st.lists(st.text(max_size=20), max_size=4))
def test_blocks_are_of_unit_length_or_empty(texts: list[str]) -> None:
    words, first, last = words_of([*texts, "mål"])
    ngrams = fit_ngrams(words, first, last)
    rows = ngrams.transform(words, first, last).toarray()
    lengths = np.column_stack(
        [
            np.linalg.norm(rows[:, : len(ngrams.terms)], axis=1),
            np.linalg.norm(rows[:, len(ngrams.terms) :], axis=1),
        ]
    )
    filled = (last > first).astype(float)
    np.testing.assert_allclose(lengths, np.column_stack([filled, filled]), atol=1e-5)


def test_without_words_there_are_no_features() -> None:
    words, first, last = words_of(["", "..."])
    ngrams = fit_ngrams(words, first, last)
    assert ngrams.width == 0
    assert ngrams.transform(words, first, last).shape == (2, 0)


def test_an_empty_vocabulary_knows_nothing() -> None:
    none, empty = np.zeros(0, np.uint64), np.zeros(0, np.float32)
    words, first, last = words_of(["mål och tid"])
    assert Ngrams(none, none, empty, empty).transform(words, first, last).shape == (1, 0)


@pytest.mark.parametrize(("text", "n"), [("a", 3), ("mål", 4 + 3 + 2 + 1), ("mål mål", 4 + 3 + 2 + 1)])
def test_n_grams_of_a_word(text: str, n: int) -> None:
    words, _, _ = words_of([text])
    assert len(words.hashes) == 1
    assert len(words.grams) == len(set(words.grams.tolist())) == n
    assert words.owner.tolist() == [0] * n


KEYS = st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 9), st.integers(2**64 - 9, 2**64 - 1))


@given(st.frozensets(KEYS, max_size=40), st.lists(KEYS, max_size=40))
def test_keys_are_found_where_they_stand(vocabulary: frozenset[int], others: list[int]) -> None:
    ordered = sorted(vocabulary)
    keys = [*others, *ordered]
    found = _lookup(np.array(ordered, np.uint64), np.array(keys, np.uint64))
    assert found.tolist() == [ordered.index(key) if key in vocabulary else -1 for key in keys]
