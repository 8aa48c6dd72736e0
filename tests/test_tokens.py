"""spaCy's tokens, found faster than it finds them."""

from functools import cache

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from samorsak.scheme import read_lexicon, read_scheme, scheme_folder
from samorsak.segment.tokens import tokenizer

SIGNS = "aåÅz1.,:;-–'’\"()/%§€+&_ \n"


plain = cache(spacy.blank)


def tokens(text: str, language: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Give form and lower-case form of each token: ours, and those of spaCy as it comes."""
    docs = tokenizer(language).tokenizer(text), plain(language).tokenizer(text)
    ours, theirs = ([(token.text, token.lower_) for token in doc] for doc in docs)
    return ours, theirs


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_lexicon_is_cut_as_spacy_cuts_it(language: str) -> None:
    entries = read_lexicon(scheme_folder("af").parent / "lexicon", read_scheme("af"))
    ours, theirs = tokens("\n".join(entry.text for entry in entries), language)
    assert len(ours) > 40_000
    assert ours == theirs


@given(st.lists(st.text(st.sampled_from(SIGNS), max_size=12), max_size=5).map(" ".join))
def test_signs_are_cut_as_spacy_cuts_them(text: str) -> None:
    ours, theirs = tokens(text, "sv")
    assert ours == theirs
