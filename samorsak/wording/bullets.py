"""Ranked lists in bullets, as in the published reports, that tell apart no more than is known.

Lists are those of the tiers of `samorsak.wording.lists`. Where ranges of ranks are given, rows whose ranges
overlap, directly or by rows between them, are tied:

==============================  ==========================================================================
tied rows                       said
==============================  ==========================================================================
with the largest among them     all stand in the first list
others                          all stand in the list of the smallest of them
a whole list                    utan säker ordning
some of them below the lists    några av de vanligaste, in place of de vanligaste; the open order, by name
parts of lists                  the open order, by name
all                             none is called the most common
==============================  ==========================================================================

So what stands in a later list is surely less common than all in the lists before. Without ranges nothing is
known but the shares, and they decide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from samorsak.wording.lists import TIERS, Of, key_of, of_phrase, tier_of, told_also
from samorsak.wording.shares import share_phrase
from samorsak.wording.words import Lang, list_phrase, quoted, words_of

_SAID = {  # Swedish, English: {0} the topic, {1} that the order is open
    "topic": (" till {}", " of {}"),
    "topic_chosen": (" på frågan ”{}”", " to the question “{}”"),
    "open": (", utan säker ordning,", ", in no certain order,"),
    "most": ("Den vanligaste orsaken{0} var:", "The most common cause{0} was:"),
    "most+": ("De vanligaste orsakerna{0}{1} var:", "The most common causes{0}{1} were:"),
    "most_chosen": ("Det vanligaste svaret{0} var:", "The most common answer{0} was:"),
    "most_chosen+": ("De vanligaste svaren{0}{1} var:", "The most common answers{0}{1} were:"),
    "some": ("En av de vanligaste orsakerna{0} var:", "One of the most common causes{0} was:"),
    "some+": ("Några av de vanligaste orsakerna{0}{1} var:", "Some of the most common causes{0}{1} were:"),
    "some_chosen": ("Ett av de vanligaste svaren{0} var:", "One of the most common answers{0} was:"),
    "some_chosen+": ("Några av de vanligaste svaren{0}{1} var:", "Some of the commonest answers{0}{1} were:"),
    "given": ("Följande orsak{0} uppgavs:", "This cause{0} was given:"),
    "given+": ("Följande orsaker{0} uppgavs:", "These causes{0} were given:"),
    "given_chosen": ("Följande svar{0} valdes:", "This answer{0} was chosen:"),
    "given_chosen+": ("Följande svar{0} valdes:", "These answers{0} were chosen:"),
    "almost": ("Nästan lika vanligt var:", "Almost as common was:"),
    "almost+": ("Nästan lika vanliga{1} var:", "Almost as common{1} were:"),
    "somewhat": ("Något mindre vanligt var:", "Somewhat less common was:"),
    "somewhat+": ("Något mindre vanliga{1} var:", "Somewhat less common{1} were:"),
    "less": ("Mindre vanligt var:", "Less common was:"),
    "less+": ("Mindre vanliga{1} var:", "Less common{1} were:"),
    "none_first": (
        "Det går inte att säga säkert vilka av dem som är vanligast.",
        "Which of them are the most common cannot be told surely.",
    ),
    "tied": ("Ordningen mellan {} är inte säker.", "The order between {} is not certain."),
    "nothing": ("Ingen orsak{0} uppgavs.", "No cause{0} was given."),
    "nothing_chosen": ("Inget svar{0} valdes.", "No answer{0} was chosen."),
}  # fmt: skip


class Listed(NamedTuple):
    """A row of a ranked list: its label, its share, and the range of its rank where that is known.

    `ranks` is the first and the last rank that the row may have, 1 the most common.
    """

    label: str
    share: float
    ranks: tuple[int, int] | None = None


class Listing(NamedTuple):
    """A lead with its bullets; without any, the lead is a sentence by itself."""

    lead: str
    items: tuple[str, ...] = ()


def cause_bullets(
    rows: Sequence[Listed],
    topic: str = "",
    base: Of = "causes",
    also: Sequence[Listed] = (),
    lang: Lang = "sv",
) -> tuple[Listing, ...]:
    """Tell a ranked list in bullets, as the published reports do.

    Parameters
    ----------
    rows : sequence of Listed
        Ranked. A share of 0 is not told. Where some rows have ranges of ranks, one that has none is tied with
        all.
    topic : str
        What the causes are causes of, or the closed question; may be empty.
    base : {'causes', 'answers', 'respondents'}
        What the shares are a share of.
    also : sequence of Listed
        What stands below the main list. Without rows above, these are the main list.
    lang : {'sv', 'en'}
        Language of the sentences; labels and topic stand as they are.

    Returns
    -------
    tuple of Listing
        A list for each tier, then sentences: the answers given besides, and which order is not certain.

    Raises
    ------
    InputError
        As for `share_phrase`.

    Examples
    --------
    >>> rows = [Listed("Otydliga mål", 0.213, (1, 1)), Listed("För kort tid", 0.149, (2, 2))]
    >>> for listing in cause_bullets(rows, "uteblivna resultat", "answers"):
    ...     print(listing.lead, *listing.items)
    Den vanligaste orsaken till uteblivna resultat var: Otydliga mål (drygt 20 procent av svaren)
    Något mindre vanligt var: För kort tid (ca 15 procent)
    """
    words = words_of(_SAID, lang)
    main, more = ([row for row in given if row.share != 0] for given in (rows, also))
    if not main:
        main, more = more, []
    about = words["topic_chosen" if base == "respondents" else "topic"].format(topic) if topic else ""
    if not main:
        return (Listing(words[key_of("nothing", base, False)].format(about)),)
    groups = _tied([*main, *more])
    told = _tiers(main, groups)
    listings, of = [], f" {of_phrase(base, lang)}"
    for tier, places in told:
        order = words["open"] if len(places) > 1 and places in groups else ""
        lead = words[key_of(tier, base, len(places) > 1)].format(about, order)
        listings.append(Listing(lead, _items([main[place] for place in places], of, lang)))
        of = ""
    sentences = [told_also([(row.label, row.share) for row in more], lang)] if more else []
    if told[0][0] == "given":
        sentences.append(words["none_first"])
    else:
        listed = [places for _, places in told]
        sentences += [
            words["tied"].format(
                list_phrase((quoted([*main, *more][place].label, lang) for place in group), lang)
            )
            for group in groups
            if len(group) > 1 and group[0] < len(main) and group not in listed
        ]
    return (*listings, *map(Listing, sentences))


def _items(rows: Sequence[Listed], of: str, lang: Lang) -> tuple[str, ...]:
    """Labels with their phrases; the first says what the shares are a share of."""
    phrases = [share_phrase(row.share, lang) for row in rows]
    phrases[0] += of
    return tuple(f"{row.label} ({phrase})" for row, phrase in zip(rows, phrases, strict=True))


def _tied(rows: Sequence[Listed]) -> list[list[int]]:
    """Group the places of rows whose ranges of ranks overlap, directly or by others between them."""
    if all(row.ranks is None for row in rows):
        return [[place] for place in range(len(rows))]
    ends = [row.ranks or (1, math.inf) for row in rows]
    groups: list[list[int]] = []
    last = 0.0
    for place in sorted(range(len(rows)), key=lambda place: ends[place]):
        low, high = ends[place]
        if groups and low <= last:
            groups[-1].append(place)
        else:
            groups.append([place])
        last = max(last, high)
    return [sorted(group) for group in groups]


def _tiers(main: Sequence[Listed], groups: Sequence[Sequence[int]]) -> list[tuple[str, list[int]]]:
    """Sort the rows of the main list into lists, tied ones together, and name what each is."""
    top = max(row.share for row in main)
    told: dict[str, list[int]] = {tier: [] for _, tier in TIERS}
    reaches = False
    for group in groups:
        own = [place for place in group if place < len(main)]
        shares = [main[place].share for place in own]
        if own:
            tier = "most" if top in shares else tier_of(min(shares), top)
            told[tier] += own
            reaches |= tier == "most" and len(own) < len(group)
    first = "given" if len(groups) == 1 and len(groups[0]) > 1 else "some" if reaches else "most"
    return [(first if tier == "most" else tier, sorted(own)) for tier, own in told.items() if own]
