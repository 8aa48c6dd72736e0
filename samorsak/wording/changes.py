"""Changes between rounds in words: when a difference may be called one.

`change_verdict` decides, p being Holm's with all comparisons in view, the interval 95 percent:

===============  =============================================================================
verdict          when
===============  =============================================================================
not_comparable   what is asked, or counted, is not the same
sure             p is below 0.05, and zero lies outside the interval
alike            else, if the interval lies within 5 percentage points on both sides of zero
unsure           else, also without an interval
===============  =============================================================================

`change_sentence` says:

===============  =============================================================================
verdict          said
===============  =============================================================================
sure             fler, färre: where the number of answers is known to have changed the same way
                 as the share; else en större, en mindre andel
alike            ungefär lika många: where the numbers are known, and at most a tenth apart;
                 else en ungefär lika stor andel
unsure           both shares, and that it cannot be said whether there is a change
not_comparable   that it cannot be said whether there is a change, with the shares there are
===============  =============================================================================

Where a round has a share that the other has not, nothing is compared, whatever the verdict. Shares that
differ surely but round to the same percent are written with as many decimals as show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from samorsak.errors import InputError
from samorsak.wording.distributions import percent_words
from samorsak.wording.lists import Of
from samorsak.wording.numbers import number
from samorsak.wording.words import Lang, list_phrase, quoted, words_of

Verdict = Literal["sure", "alike", "unsure", "not_comparable"]
"""What may be said of a difference."""

_SURE, _ALIKE, _AS_MANY = 0.05, 0.05, 0.1
_MOST_DECIMALS = 9

_SAID = {  # Swedish, English: label, round before, round after, share before, share after
    "respondents": (
        "{how} svarade {0} {2} {than} {1} ({4} mot {3}).",
        "{how} answered {0} in {2} {than} in {1} ({4} against {3}).",
    ),
    "answers": (
        "{how} uppgav {0} {2} {than} {1} ({4} av svaren mot {3}).",
        "{how} gave {0} in {2} {than} in {1} ({4} of the answers against {3}).",
    ),
    "causes": (
        "{0} var {how} av de orsaker som uppgavs {2} {than} {1} ({4} mot {3}).",
        "{0} was {how} of the causes given in {2} {than} in {1} ({4} against {3}).",
    ),
    "more": ("Fler", "More"),
    "fewer": ("Färre", "Fewer"),
    "as_many": ("Ungefär lika många", "About as many"),
    "larger": ("En större andel", "A larger share"),
    "smaller": ("En mindre andel", "A smaller share"),
    "as_large": ("En ungefär lika stor andel", "About as large a share"),
    "larger_part": ("en större del", "a larger part"),
    "smaller_part": ("en mindre del", "a smaller part"),
    "as_large_part": ("en ungefär lika stor del", "about as large a part"),
    "than": ("än", "than"),
    "as": ("som", "as"),
    "unsure": (
        "För {0} var andelen {3} {1} och {4} {2}; det går inte att säga om det är en verklig förändring.",
        "For {0} the share was {3} in {1} and {4} in {2}; whether that is a real change cannot be said.",
    ),
    "unsure+": (
        "För {0} går det inte att säga om det är en verklig förändring mellan {1} och {2}.",
        "For {0} it cannot be said whether there is a real change between {1} and {2}.",
    ),
    "not_comparable": (
        "För {0} går {1}{3} och {2}{4} inte att jämföra.",
        "For {0}, {1}{3} and {2}{4} cannot be compared.",
    ),
    "percent": ("{} procent", "{} percent"),
}  # fmt: skip


class Changed(NamedTuple):
    """A row in two rounds: shares, what may be said of them, and the numbers behind them where known."""

    label: str
    before: float | None
    after: float | None
    verdict: Verdict
    counts: tuple[int, int] | None = None


def change_verdict(
    low: float | None, high: float | None, p: float | None, comparable: bool = True
) -> Verdict:
    """Decide what may be said of a difference of shares.

    Parameters
    ----------
    low, high : float or None
        Its interval, fractions.
    p : float or None
        Of no difference, by Holm's procedure over all that is compared.
    comparable : bool
        The same is asked, and counted, in both rounds.

    Returns
    -------
    {"sure", "alike", "unsure", "not_comparable"}
        By the first rule at the head of this module.

    Examples
    --------
    >>> change_verdict(-0.2, -0.05, 0.001), change_verdict(-0.02, 0.04, 1.0), change_verdict(-0.1, 0.2, 0.8)
    ('sure', 'alike', 'unsure')
    """
    if not comparable:
        return "not_comparable"
    if low is None or high is None:
        return "unsure"
    if p is not None and p < _SURE and not low <= 0 <= high:
        return "sure"
    return "alike" if -_ALIKE <= low <= high <= _ALIKE else "unsure"


def change_sentence(
    label: str,
    before: float | None,
    after: float | None,
    verdict: Verdict,
    rounds: tuple[str, str],
    *,
    base: Of = "respondents",
    counts: tuple[int, int] | None = None,
    lang: Lang = "sv",
) -> str:
    """Tell how a share has changed from one round to another.

    Parameters
    ----------
    label : str
        A level, an option or a cause.
    before, after : float or None
        Shares; None where there is none, or it is withheld.
    verdict : {"sure", "alike", "unsure", "not_comparable"}
        As `change_verdict` decides.
    rounds : tuple of str
        The earlier and the later one.
    base : {'causes', 'answers', 'respondents'}
        What the shares are a share of.
    counts : tuple of int, optional
        The numbers behind the shares; without them none is said to be larger.
    lang : {'sv', 'en'}
        Language.

    Returns
    -------
    str
        By the second rule at the head of this module.

    Raises
    ------
    InputError
        A sure difference is none, a share is outside 0 to 1, or the language is another.

    Examples
    --------
    >>> change_sentence("Samtliga", 0.19, 0.07, "sure", ("2023", "2024"), counts=(38, 13))
    'Färre svarade ”Samtliga” 2024 än 2023 (7 procent mot 19 procent).'
    >>> change_sentence("Inga", 0.1, 0.12, "unsure", ("2023", "2024"), lang="en")
    'For “Inga” the share was 10 percent in 2023 and 12 percent in 2024; whether that is a real change \
cannot be said.'
    """
    words, named = words_of(_SAID, lang), quoted(label, lang)
    if before is None or after is None or verdict == "not_comparable":
        there = ["" if share is None else f" ({percent_words(share, lang)})" for share in (before, after)]
        return words["not_comparable"].format(named, *rounds, *there)
    if verdict == "sure" and before == after:
        raise InputError(f"wording: the share is {before} in both rounds, expected two for a sure change")
    shares = _shares(before, after, verdict == "sure", lang)
    if verdict == "unsure":
        return words["unsure"].format(named, *rounds, *shares)
    how = words[_how(before, after, verdict, None if base == "causes" else counts, base)]
    than = words["as" if verdict == "alike" else "than"]
    return words[base].format(named, *rounds, *shares, how=how, than=than)


def _how(before: float, after: float, verdict: Verdict, counts: tuple[int, int] | None, base: Of) -> str:
    """Choose the comparison: of numbers where they are known and say the same, else of shares."""
    part = "_part" if base == "causes" else ""
    old, new = counts or (0, 0)
    if verdict == "alike":
        return "as_many" if counts and abs(new - old) <= _AS_MANY * max(old, new) else f"as_large{part}"
    if after > before:
        return "more" if counts and new > old else f"larger{part}"
    return "fewer" if counts and new < old else f"smaller{part}"


def _shares(before: float, after: float, apart: bool, lang: Lang) -> list[str]:
    """Write two shares; apart, with as many decimals as it takes to see that they differ."""
    written = [percent_words(share, lang) for share in (before, after)]
    decimals = 1
    while apart and written[0] == written[1] and decimals <= _MOST_DECIMALS:
        numbers = [number(100 * share, decimals, lang) for share in (before, after)]
        written = [words_of(_SAID, lang)["percent"].format(one) for one in numbers]
        decimals += 1
    return written


def change_sentences(
    changes: Iterable[Changed], rounds: tuple[str, str], *, base: Of = "respondents", lang: Lang = "sv"
) -> tuple[str, ...]:
    """Tell the changes of a question: the sure ones, what is alike, then together what cannot be said.

    Raises
    ------
    InputError
        As for `change_sentence`.

    Examples
    --------
    >>> rows = [Changed("A", 0.1, 0.12, "unsure"), Changed("B", 0.3, 0.2, "unsure")]
    >>> change_sentences(rows, ("2023", "2024"))
    ('För ”A” och ”B” går det inte att säga om det är en verklig förändring mellan 2023 och 2024.',)
    """
    return tuple(_each(list(changes), rounds, base, lang))


def _each(changes: list[Changed], rounds: tuple[str, str], base: Of, lang: Lang) -> Iterator[str]:
    def of(row: Changed) -> Verdict:
        return "not_comparable" if row.before is None or row.after is None else row.verdict

    def one(row: Changed) -> str:
        return change_sentence(
            row.label, row.before, row.after, row.verdict, rounds, base=base, counts=row.counts, lang=lang
        )

    yield from (one(row) for verdict in ("sure", "alike") for row in changes if of(row) == verdict)
    together: tuple[tuple[Verdict, str], ...] = (("unsure", "unsure+"), ("not_comparable", "not_comparable"))
    for verdict, said in together:
        rows = [row for row in changes if of(row) == verdict]
        if len(rows) > 1:
            named = list_phrase((quoted(row.label, lang) for row in rows), lang)
            yield words_of(_SAID, lang)[said].format(named, *rounds, "", "")
        else:
            yield from map(one, rows)
