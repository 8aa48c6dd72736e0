"""Annotations as variables of an SPSS file: 0 and 1 for each category of each question, with their labels."""

from __future__ import annotations

from collections.abc import Sequence

from samorsak.annotations.exchange.rows import KEPT, Exported, answer_fields, counted, kept_fields
from samorsak.annotations.model import Annotation, categories_of
from samorsak.scheme import NO_CAUSE, Scheme
from samorsak.spss import ResponseSet, Variable, given_variables, holds, text_variable

Tables = tuple[list[Variable], list[ResponseSet]]

_LABELS = {
    "sv": ("Svarets id", "Omgång", "Fråga", "Svar"),
    "en": ("Id of the answer", "Round", "Question", "Answer"),
}


def spss_variables(annotations: Sequence[Annotation], scheme: Scheme, lang: str = "sv") -> Exported[Tables]:
    """Lay annotations out as variables and multiple response sets.

    Parameters
    ----------
    annotations : sequence of Annotation
    scheme : Scheme
    lang : {'sv', 'en'}
        Of the labels.

    Returns
    -------
    Exported
        Variables and sets, for `samorsak.spss.write_sav` and `samorsak.spss.sps_text`.

    Examples
    --------
    >>> scheme = Scheme.model_validate({"questions": {"lost": {"categories": {"rain": {"label": "Regn"}}}}})
    >>> done = Annotation("1", "", "lost", "Regn.", None, ("rain",), "a")
    >>> variables, sets = spss_variables([done], scheme).content
    >>> [(variable.name, variable.values) for variable in variables][-2:]
    [('lost_rain', (1,)), ('lost_no_cause', (0,))]
    """
    given = [{**answer_fields(a), **kept_fields(a), "flags": ";".join(a.flags)} for a in annotations]
    variables = [
        text_variable(name, label, [fields.get(name, "") for fields in given])
        for name, label in zip(("answer_id", "round", "question", "text"), _LABELS[lang], strict=True)
    ]
    sets: list[ResponseSet] = []
    for q, question in scheme.questions.items():
        if any(a.question == q for a in annotations):
            found = [categories_of(a) if a.question == q and a.decided else None for a in annotations]
            labels = {c: scheme.label(q, c, lang) for c in (*scheme.outcomes(q), NO_CAUSE)}
            own, of_question = given_variables(q, question.wording(q, lang), labels, found, lang)
            variables += own
            sets += of_question
    kept = [name for name in KEPT if any(fields.get(name) for fields in given)]
    variables += [text_variable(name, name, [str(f.get(name, "")) for f in given]) for name in kept]
    return Exported((variables, sets), tuple(_lost(annotations)))


def _lost(annotations: Sequence[Annotation]) -> list[str]:
    marked = sum(bool(a.statements) for a in annotations)
    cut = sum(not holds(value) for a in annotations for value in (a.answer_id, a.text, a.note))
    said = []
    if marked:
        said.append(
            f"{counted(marked, 'answer')} with marked stretches: the file says which causes, and not where"
        )
    if cut:
        said.append(
            f"{counted(cut, 'text')} with spaces at the end or longer than SPSS holds, cut to 32,767 bytes"
        )
    return said
