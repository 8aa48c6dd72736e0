"""Text into arrays: lexical features, and sentence encoders."""

from samorsak.encode.encoders import Encoder, TransformerEncoder, load_encoder
from samorsak.encode.ngrams import Ngrams, Words, find_words, fit_ngrams

__all__ = ["Encoder", "Ngrams", "TransformerEncoder", "Words", "find_words", "fit_ngrams", "load_encoder"]
