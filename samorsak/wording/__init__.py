"""Shares, numbers, lists and changes in words, by written rules, in Swedish and English.

Each module states its rules in a table: `shares` when "knappt", "drygt" and "ungefär en femtedel" are said,
`lists` and `bullets` which causes are told as the most common, `distributions` how a closed question was
answered, `changes` when a difference is called one, `associations` which one is called the clearest, and
`remarks` what must be said beside a figure. Nothing said is false: where the figures do not settle it, that
is said.
"""

from samorsak.wording.associations import Associated, association_sentences
from samorsak.wording.bullets import Listed, Listing, cause_bullets
from samorsak.wording.changes import Changed, Verdict, change_sentence, change_sentences, change_verdict
from samorsak.wording.distributions import distribution_paragraph, percent_words
from samorsak.wording.lists import Of, ranking_paragraph
from samorsak.wording.numbers import MINUS, NO_BREAK, THIN, number, percent
from samorsak.wording.remarks import remark_sentence, remark_sentences
from samorsak.wording.shares import fraction_phrase, most_phrase, share_phrase
from samorsak.wording.words import Lang, list_phrase, quoted

__all__ = [
    "MINUS",
    "NO_BREAK",
    "THIN",
    "Associated",
    "Changed",
    "Lang",
    "Listed",
    "Listing",
    "Of",
    "Verdict",
    "association_sentences",
    "cause_bullets",
    "change_sentence",
    "change_sentences",
    "change_verdict",
    "distribution_paragraph",
    "fraction_phrase",
    "list_phrase",
    "most_phrase",
    "number",
    "percent",
    "percent_words",
    "quoted",
    "ranking_paragraph",
    "remark_sentence",
    "remark_sentences",
    "share_phrase",
]
