"""Second opinions on the audit of a coded round: what other estimators make of it, side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from threadpoolctl import threadpool_limits

from samorsak.crosscheck import Opinion, disagrees, second_opinions
from samorsak.pipeline.audit_estimate import estimate_audit
from samorsak.pipeline.evidence import read_run_scheme
from samorsak.pipeline.frame import FRAME, audit_of, read_frame
from samorsak.ranking import SCHEME_LINES, Block, blocks, columns_of
from samorsak.report.files import read_coded
from samorsak.report.phrases import by_language
from samorsak.scheme import Scheme
from samorsak.shares import DRAWS, estimate_audited
from samorsak.wording import NO_BREAK, Lang, number, percent

_SAID = {  # Swedish, English
    "asked": ("{}: {}", "{}: {}"),
    "answers": ("Andel av svaren, {} granskade.", "Share of the answers, {} audited."),
    "agree": (
        "Ingen av dem säger emot samorsak.",
        "None of them contradicts samorsak.",
    ),
    "disagree": (
        "Varning: {} säger emot samorsak om {}.",
        "Warning: {} contradicts samorsak on {}.",
    ),
    "judged": (
        "De säger emot varandra där ingenderas andel ligger i den andras 95 %-intervall. PPI++ och QuaPy tar "
        "svaren som ett urval ur fler, så deras intervall är bredare.",
        "They contradict each other where neither's share lies in the other's 95% interval. PPI++ and QuaPy "
        "take the answers as a sample of more, so their intervals are wider.",
    ),
}
_WORDS = by_language(_SAID)


@dataclass(frozen=True, slots=True)
class Crosscheck:
    """What several estimators say of one round and question; the first opinion is ours.

    Attributes
    ----------
    wording : str
        The question as it was put.
    audited : int
    labels : tuple of str, length k
    opinions : tuple of Opinion
        Shares of answers.
    """

    round: str
    question: str
    wording: str
    audited: int
    labels: tuple[str, ...]
    opinions: tuple[Opinion, ...]

    def contradicted(self) -> Iterator[tuple[str, list[str]]]:
        """Give each estimator that contradicts ours, with the labels it does so on."""
        ours, *others = self.opinions
        for other in others:
            if len(where := np.flatnonzero(disagrees(ours, other))):
                yield other.name, [self.labels[j] for j in where]


def crosscheck_audit(
    folder: str | Path,
    audit: str | Path | None = None,
    *,
    lines: str = SCHEME_LINES,
    question: str | None = None,
    lang: Lang = "sv",
    draws: int = DRAWS,
) -> tuple[Crosscheck, ...]:
    """Estimate a round from its audit by several methods. Nothing is written.

    Parameters
    ----------
    folder : str or Path
        A run folder that an audit was drawn from.
    audit : str or Path, optional
        The drawn file with decisions; audit.jsonl of the folder if not given.
    lines, question, lang
        As for `samorsak.ranking.rank`.
    draws : int

    Raises
    ------
    InputError
        As for `samorsak.pipeline.audit_estimate.estimate_audit`, or the extra is not installed.
    AnnotationError, TooFewError
        As for `samorsak.pipeline.audit_estimate.estimate_audit`.
    """
    with TemporaryDirectory() as place:
        audited, _ = estimate_audit(folder, audit, Path(place) / "audited")
        frame = {row.answer_id: row for row in read_frame(audited / FRAME)}
        scheme, coded = read_run_scheme(audited), read_coded(audited)
    checks = []
    for block in blocks(coded, scheme, question=question):
        columns = columns_of(lines, block.question, scheme, lang)
        found = audit_of(block, frame, scheme)
        if columns.line is not None:
            found = found.under(columns.line)
        if not len(found.rows):
            continue
        with threadpool_limits(1):  # with more, the last bits differ
            opinions = second_opinions(found, estimate_audited(found, draws=draws))
        checks.append(_check(block, scheme, len(found.rows), columns.labels, opinions, lang))
    return tuple(checks)


def _check(
    block: Block,
    scheme: Scheme,
    audited: int,
    labels: tuple[str, ...],
    opinions: tuple[Opinion, ...],
    lang: Lang,
) -> Crosscheck:
    wording = scheme.question(block.question).wording(block.question, lang)
    return Crosscheck(block.round, block.question, wording, audited, labels, opinions)


def show_crosschecks(checks: Sequence[Crosscheck], lang: Lang = "sv", width: int = 100) -> str:
    """Show the opinions of a round side by side, and a warning where one contradicts ours."""
    words = _WORDS[lang]
    shown = []
    for check in checks:
        head = textwrap.wrap(words["asked"].format(check.round, check.wording), width)
        head.append(words["answers"].format(number(check.audited, lang=lang)))
        told = [
            words["disagree"].format(name, ", ".join(labels)) for name, labels in check.contradicted()
        ] or [words["agree"]]
        said = " ".join([*told, words["judged"]])
        table = _table(check, lang, width)
        shown.append("\n".join([*head, "", *table, "", *textwrap.wrap(said, width)]))
    return "\n\n\n".join(shown).replace(NO_BREAK, " ") + "\n"


def _table(check: Crosscheck, lang: Lang, width: int) -> list[str]:
    cells = [[_told(o, j, lang) for o in check.opinions] for j in range(len(check.labels))]
    widths = [
        max(len(o.name), *map(len, own))
        for o, own in zip(check.opinions, zip(*cells, strict=True), strict=True)
    ]
    room = max(20, width - sum(widths) - 2 * len(widths))
    labels = min(room, max(map(len, check.labels)))
    names = "  ".join(f"{o.name:>{own}}" for o, own in zip(check.opinions, widths, strict=True))
    lines = [f"{'':<{labels}}  {names}"]
    for label, row in zip(check.labels, cells, strict=True):
        first, *more = textwrap.wrap(label, labels) or [""]
        lines += [
            f"{first:<{labels}}  " + "  ".join(f"{c:>{own}}" for c, own in zip(row, widths, strict=True)),
            *more,
        ]
    return lines


def _told(opinion: Opinion, j: int, lang: Lang) -> str:
    share, low, high = (float(x[j]) for x in (opinion.share, opinion.low, opinion.high))
    if not np.isfinite([share, low, high]).all():
        return "–"
    return f"{percent(share, 1, lang)} ({number(100 * low, 1, lang)}–{number(100 * high, 1, lang)})"
