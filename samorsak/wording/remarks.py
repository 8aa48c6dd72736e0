"""What must be said beside a figure: what is not the same in two rounds, what is left out, what it rests on.

Between rounds; fields in parentheses, the kinds and fields are those of the tables of closed questions:

===============  ====================================================  =====================================
kind             when                                                  fields
===============  ====================================================  =====================================
only             a question was put in one round alone                 question, round
kind             it was of one choice, now of several, or the reverse
wording          it was reworded                                       before, after
conditions       it was put to others                                  before, after (empty: to all)
level_only       an answer could be chosen in one round alone          label, round
level_wording    an answer was reworded                                before, after
order            the levels stood in another order
line_only        a line of the list is there in one round alone        label, round
scheme           causes are coded by different versions of the scheme  before, after
===============  ====================================================  =====================================

In one round:

====================  =================================================  ==================================
kind                  when                                               fields
====================  =================================================  ==================================
where                 only some are counted                              column, value
machine_codes         causes were coded by a model alone
no_answers            nobody who counts answered
withheld              small numbers are left out                         below
refused               none can be shown
no_closed_questions   the round has none
not_crossed           two questions were not crossed                     rows, by
public                no answer is quoted
sampled               some of the statements are shown                   shown, total
dropped               rows that did not become answers                   read, kept
====================  =================================================  ==================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from samorsak.errors import InputError
from samorsak.wording.numbers import number
from samorsak.wording.words import Lang, list_phrase, quoted, words_of

_SAID = {  # Swedish, English
    "only": ("Frågan {question} ställdes bara {round}.", "The question {question} was put in {round} only."),
    "kind": (
        "Frågan hade ett svar i den ena omgången och flera i den andra; svaren går inte att jämföra.",
        "The question took one answer in one round and several in the other; the answers cannot be compared.",
    ),
    "wording": (
        "Frågan var omformulerad: den löd {before}, sedan {after}. Skillnader kan bero på det.",
        "The question was reworded: it was {before}, then {after}. Differences may be due to that.",
    ),
    "conditions": (
        "Svaren är inte från samma urval: först {before}, sedan {after}. Skillnader kan bero på det.",
        "The answers are not of the same selection: first {before}, then {after}. Differences may be due to "
        "that.",
    ),
    "level_only": (
        "{label} gick bara att svara {round}, så även andelarna för övriga svar kan ha påverkats.",
        "{label} could be answered in {round} only, so the shares of the other answers may be affected too.",
    ),
    "level_wording": (
        "Ett svar var omformulerat: {before}, sedan {after}.",
        "An answer was reworded: {before}, then {after}.",
    ),
    "order": (
        "Svaren stod inte i samma ordning i båda omgångarna.",
        "The answers did not stand in the same order in both rounds.",
    ),
    "line_only": (
        "{label} finns bara i listan för {round}, så det finns inget att jämföra med; i den andra omgången "
        "kan det ha räknats någon annanstans.",
        "{label} is in the list of {round} only, so there is nothing to compare with; in the other round it "
        "may have been counted elsewhere.",
    ),
    "scheme": (
        "Orsakerna är kodade med olika versioner av kategorischemat: {before} och {after}.",
        "The causes are coded by different versions of the scheme: {before} and {after}.",
    ),
    "where": (
        "Bara svarande med {value} på {column} är med.",
        "Only respondents with {value} for {column} are counted.",
    ),
    "machine_codes": (
        "Orsakerna är kodade av en modell, och ingen granskning har rättat dem.",
        "The causes were coded by a model, and no audit has corrected them.",
    ),
    "no_answers": ("Det finns inga svar att räkna.", "There are no answers to count."),
    "withheld": (
        "Antal under {below} visas inte, inte heller tal som skulle röja dem.",
        "Numbers below {below} are not shown, nor are those that would give them away.",
    ),
    "refused": (
        "Inga tal visas: för många är små eller skulle röja små tal.",
        "No numbers are shown: too many are small, or would give small ones away.",
    ),
    "no_closed_questions": (
        "Omgången har inga slutna frågor.",
        "The round has no closed questions.",
    ),
    "not_crossed": (
        "{rows} är inte korsat med {by}: för få svar eller för många grupper.",
        "{rows} is not crossed with {by}: too few answers, or too many groups.",
    ),
    "public": (
        "Rapporten är gjord för att publiceras: inget svar återges ordagrant.",
        "The report is made to be published: no answer is quoted.",
    ),
    "sampled": (
        "{shown} av {total} påståenden visas, slumpvis valda.",
        "{shown} of {total} statements are shown, chosen at random.",
    ),
    "dropped": ("{kept} av {read} rader blev svar.", "{kept} of {read} rows became answers."),
    "everybody": ("alla", "all"),
}  # fmt: skip

_PLAIN = ("round",)  # fields that stand without quotation marks, as numbers do


def remark_sentence(kind: str, about: Mapping[str, str | int] | None = None, lang: Lang = "sv") -> str:
    """Say in words what must be known beside a figure.

    Parameters
    ----------
    kind : str
        One of those at the head of this module.
    about : mapping of str to str or int, optional
        Its fields, as readers know them: labels, no ids. More than it needs may be given.
    lang : {'sv', 'en'}
        Language of the sentence; fields stand as they are.

    Raises
    ------
    InputError
        There is no such kind, it lacks a field, or the language is another.

    Examples
    --------
    >>> remark_sentence("withheld", {"below": 5})
    'Antal under 5 visas inte, inte heller tal som skulle röja dem.'
    >>> remark_sentence("level_only", {"label": "Some", "round": "2024"}, "en")
    '“Some” could be answered in 2024 only, so the shares of the other answers may be affected too.'
    """
    words = words_of(_SAID, lang)
    if kind not in words or kind == "everybody":
        raise InputError(f"wording: kind of remark is {kind!r}, expected one of: {', '.join([*words][:-1])}")
    fields = {name: _field(name, value, lang) for name, value in (about or {}).items()}
    try:
        return words[kind].format(**fields)
    except KeyError as missing:
        raise InputError(f"wording: a remark of kind {kind!r} lacks the field {missing}") from None


def _field(name: str, value: str | int, lang: Lang) -> str:
    if isinstance(value, int):
        return number(value, lang=lang)
    if name in ("before", "after") and not value:
        return words_of(_SAID, lang)["everybody"]
    return value if name in _PLAIN else quoted(value, lang)


def remark_sentences(
    remarks: Iterable[tuple[str, Mapping[str, str | int]]], lang: Lang = "sv"
) -> tuple[str, ...]:
    """Say several of them, each once; what one round has alone is told together.

    Raises
    ------
    InputError
        As for `remark_sentence`.

    Examples
    --------
    >>> new = [("line_only", {"label": label, "round": "2023"}) for label in ("A", "B")]
    >>> remark_sentences([*new, *new])[0].startswith("”A” och ”B” finns bara i listan för 2023")
    True
    """
    together: dict[tuple[str, str], list[str]] = {}
    for kind, about in remarks:
        if kind in ("level_only", "line_only") and "label" in about and "round" in about:
            together.setdefault((kind, str(about["round"])), []).append(str(about["label"]))
        else:
            together.setdefault((remark_sentence(kind, about, lang), ""), [])
    return tuple(_together(*key, labels, lang) if labels else key[0] for key, labels in together.items())


def _together(kind: str, round_: str, labels: Iterable[str], lang: Lang) -> str:
    named = list_phrase((quoted(label, lang) for label in dict.fromkeys(labels)), lang)
    return words_of(_SAID, lang)[kind].format(label=named, round=round_)
