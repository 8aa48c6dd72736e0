"""Which written forms are one word, and which words say nothing by themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from samorsak.cluster.reduction import load_library


def lemmatiser(language: str) -> Callable[[str], str]:
    """Give a function from a word in lower case to its lemma, by the word lists and rules of simplemma.

    Compounds that the lists lack stay whole, and a language that it does not know has its words as written.

    Parameters
    ----------
    language : str
        An ISO code.

    Raises
    ------
    InputError
        The extra is not installed.

    Examples
    --------
    >>> lemma = lemmatiser("sv")
    >>> lemma("arbetsgivarna"), lemma("samverkansavtalet"), lemmatiser("tlh")("words")
    ('arbetsgivare', 'samverkansavtalet', 'words')
    """
    simplemma = load_library("simplemma")
    default = load_library("simplemma.strategies").DefaultStrategy(low_memory=True)  # 20 MB, not 110
    found = simplemma.Lemmatizer(lemmatization_strategy=default)

    @cache
    def lemma(word: str) -> str:
        return str(found.lemmatize(word, language)).lower()

    try:
        lemma("a")
    except ValueError:
        return str
    return lemma


@cache
def stop_words(language: str) -> frozenset[str]:
    """Give spaCy's stop words of a language, in lower case; none where it knows none."""
    import spacy

    try:
        return frozenset(spacy.blank(language).Defaults.stop_words)
    except ImportError:
        return frozenset()
