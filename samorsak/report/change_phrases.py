"""The fixed words of changes between rounds, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping

from samorsak.report.phrases import by_language, phrases
from samorsak.wording import Lang

_SAID = {  # Swedish, English
    "changes": ("Förändringar", "Changes"),
    "changed_from": ("Förändring från {} till {}: {}", "Change from {} to {}: {}"),
    "share_causes": ("Andel av de orsaker som uppgavs.", "Share of the causes given."),
    "share_answers": ("Andel av svaren.", "Share of the answers."),
    "made_audited": (
        "skattat ur ett granskat slumpurval, {} granskade svar",
        "estimated from an audited random sample, {} audited answers",
    ),
    "made_audit_alone": (
        "skattat enbart ur ett granskat slumpurval, {} granskade svar",
        "estimated from an audited random sample alone, {} audited answers",
    ),
    "made_modelled": (
        "modellbaserat, förutsätter att svaren liknar seed-exemplen",
        "model based, presumes that the answers are like the seed examples",
    ),
    "made_reviewed": (
        "omlästa svar som fasta värden, i övrigt modellbaserat, förutsätter att svaren liknar seed-exemplen",
        "reviewed answers as fixed values, else model based, presumes that the answers are like the seed "
        "examples",
    ),
    "made_counted": ("räknat av modellen, utan intervall", "counted by the model, without an interval"),
    "answers_in_all": ("(svar: {}).", "(answers: {})."),
    "model_shares": (
        "Modellbaserade andelar är rättade för modellens kända fel och kan skilja sig från de räknade.",
        "Model based shares are corrected for the known errors of the model and may differ from counts.",
    ),
    "other_scheme": (
        "Omgångarna är kodade med olika versioner av schemat: samma id kan betyda olika saker.",
        "The rounds are coded by different versions of the scheme: the same id may mean different things.",
    ),
    "no_intervals": (
        "Minst en av omgångarna saknar intervall, så det går inte att säga om en skillnad är mer än slump "
        "och kodningsfel. Granska båda (samorsak audit).",
        "At least one of the rounds has no interval, so whether a difference is more than chance and errors "
        "of coding cannot be told. Audit both (samorsak audit).",
    ),
    "change_points": ("Förändring", "Change"),
    "points": ("procentenheter", "percentage points"),
    "from_to": ("{} till {}", "{} to {}"),
    "only_here": ("ej jämförbar", "no comparison"),
    "only_in": ("Finns bara i {}: {}.", "Only in {}: {}."),
    "more_common": ("Vanligare {} än {}: {}.", "More common in {} than in {}: {}."),
    "less_common": ("Mindre vanligt {} än {}: {}.", "Less common in {} than in {}: {}."),
    "sure": (
        "Det är säkerställt (*) även när hänsyn tas till att {} jämförelser görs (Holm, 5 procent).",
        "This holds (*) with all {} comparisons in view (Holm, 5 percent).",
    ),
    "none_sure": (
        "Ingen förändring är säkerställd när hänsyn tas till att {} jämförelser görs (Holm, 5 procent).",
        "No change is certain with all {} comparisons in view (Holm, 5 percent).",
    ),
    "sure_if_alike": (
        "Det är säkerställt (*) även när hänsyn tas till att {} jämförelser görs (Holm, 5 procent), men bara "
        "om modellen tar fel lika ofta på svaren från {} som på de svar den prövades på. Det visar bara en "
        "granskning (samorsak audit).",
        "This holds (*) with all {} comparisons in view (Holm, 5 percent), but only if the model errs as "
        "often on the answers of {} as on those it was tried on. Only an audit (samorsak audit) shows "
        "whether it does.",
    ),
    "none_sure_if_alike": (
        "Ingen förändring är säkerställd när hänsyn tas till att {} jämförelser görs (Holm, 5 procent), inte "
        "ens om modellen tar fel lika ofta på svaren från {} som på de svar den prövades på.",
        "No change is certain with all {} comparisons in view (Holm, 5 percent), not even if the model errs "
        "as often on the answers of {} as on those it was tried on.",
    ),
    "each_interval": (
        "Intervallen gäller var för sig, i procentenheter, och omfattar kodningsfel, inte bortfall.",
        "Each interval is for itself, in percentage points, and covers errors of coding, not non-response.",
    ),
    "round_before": ("Omgång före", "Round before"),
    "round_after": ("Omgång efter", "Round after"),
    "method_before": ("Metod före", "Method before"),
    "method_after": ("Metod efter", "Method after"),
    "audited_before": ("Granskade före", "Audited before"),
    "audited_after": ("Granskade efter", "Audited after"),
    "only": ("Bara i", "Only in"),
    "before": ("Andel före", "Share before"),
    "after": ("Andel efter", "Share after"),
    "change": ("Förändring", "Change"),
    "low": ("Intervall från", "Interval from"),
    "high": ("Intervall till", "Interval to"),
    "p": ("p", "p"),
    "p_holm": ("p, Holm", "p, Holm"),
    "crosswalk": ("Mellan versioner", "Across versions"),
}  # fmt: skip
_CHANGES = by_language(_SAID)


def change_phrases(lang: Lang) -> Mapping[str, str]:
    """Give the fixed words of a language, those of lists too.

    Raises
    ------
    InputError
        There are none in that language.

    Examples
    --------
    >>> change_phrases("sv")["points"], change_phrases("en")["share"]
    ('procentenheter', 'Share')
    """
    return {**phrases(lang), **_CHANGES[lang]}
