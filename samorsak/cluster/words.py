"""The words that set a cluster apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from samorsak.text import nfc

Ints = NDArray[np.int64]

WORDS = 8
"""Telling words of a cluster, at most."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")  # compounds with a hyphen stay whole


def content_words(
    text: str, stop_words: Collection[str] = (), lemma: Callable[[str], str] = str
) -> Iterator[tuple[str, str]]:
    """Yield the words that say something: lemma, and form as written.

    Digits, single letters, stop words and other forms of a stop word do not.

    Parameters
    ----------
    text : str
    stop_words : collection of str
        In lower case.
    lemma : callable
        From a word in lower case to its lemma; words as written where not given.

    Examples
    --------
    >>> list(content_words("Målen är 3", {"vara"}, {"målen": "mål", "är": "vara"}.get))
    [('mål', 'Målen')]
    """
    for written in _WORD.findall(nfc(text)):
        word = written.lower()
        if len(word) > 1 and word not in stop_words and (base := lemma(word)) not in stop_words:
            yield base, written


def telling_words(
    texts: Sequence[str],
    label: Ints,
    stop_words: Collection[str] = (),
    most: int = WORDS,
    lemma: Callable[[str], str] = str,
) -> list[tuple[str, ...]]:
    """Name the words that set each cluster apart, by class-based tf-idf, the most telling first.

    A word weighs its share of the cluster's words times log(1 + words per cluster / its number everywhere)
    (Grootendorst, arXiv:2203.05794, section 3.3). Forms of one lemma are one word, shown as it is most often
    written; see `content_words` for those that do not count. A word that stands only once in the cluster
    comes behind those that several statements share.

    Parameters
    ----------
    texts : sequence of str, length m
        Every statement, repeated ones as often as they stand.
    label : ndarray of int64, shape (m,)
        As in `Clusters`; statements in no cluster count as one more.
    stop_words, lemma
        As for `content_words`.

    Examples
    --------
    >>> telling_words(["Månadsmöten med af", "månadsmöten", "dyr el"], np.array([0, 0, 1]), {"med"}, 1)
    [('månadsmöten',), ('dyr',)]
    """
    counts: list[Counter[str]] = [Counter() for _ in range(int(label.max(initial=-1)) + 2)]
    forms: dict[str, Counter[str]] = {}
    for text, c in zip(texts, label.tolist(), strict=True):
        for word, written in content_words(text, stop_words, lemma):
            counts[c][word] += 1
            forms.setdefault(word, Counter())[written] += 1
    everywhere = sum(counts, Counter[str]())
    mean = everywhere.total() / len(counts)
    found = []
    for own in counts[:-1]:
        weight = {word: n * log(1 + mean / everywhere[word]) for word, n in own.items()}
        best = sorted(weight, key=lambda word: (own[word] < 2, -weight[word], word))[:most]
        found.append(tuple(_commonest(forms[word]) for word in best))
    return found


def _commonest(forms: Counter[str]) -> str:
    """Give the form that is written most often, then its commonest case; of two alike the lower one."""
    together: Counter[str] = Counter()
    for form, n in forms.items():
        together[form.lower()] += n
    word = min(together, key=lambda form: (-together[form], form))
    cases = [form for form in forms if form.lower() == word]
    return min(cases, key=lambda form: (-forms[form], form.swapcase()))
