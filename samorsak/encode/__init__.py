"""Text into arrays: lexical features, and sentence encoders."""

from samorsak.encode.encoders import Encoder, TransformerEncoder, load_encoder
from samorsak.encode.ngrams import Ngrams, Words, find_words, fit_ngrams
from samorsak.encode.static import StaticEncoder

__all__ = [
    "Encoder",
    "Ngrams",
    "StaticEncoder",
    "TransformerEncoder",
    "Words",
    "find_words",
    "fit_ngrams",
    "load_encoder",
]
