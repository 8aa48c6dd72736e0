"""What became of clusters between two rounds: against.csv and assigned.csv, and for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samorsak.report.changes import points
from samorsak.report.delimited import write_rows
from samorsak.report.phrases import by_language
from samorsak.turnover import Fate
from samorsak.wording import NO_BREAK, THIN, Lang, number, percent

AGAINST, ASSIGNED = "against.csv", "assigned.csv"
"""What the files are called in the folder that `samorsak discover --against` writes."""

AGAINST_COLUMNS = (
    *("question", "cluster", "old_cluster", "new_cluster", "old", "new", "old_share", "new_share"),
    *("difference", "low", "high", "p", "p_adjusted", "verdict", "words"),
)
ASSIGNED_COLUMNS = ("answer_id", "question", "start", "end", "old_cluster", "strength")

UNCOVERED = "uncovered"
"""Stands in the place of the cluster's number in the row of what nothing covers."""

_ORDER: tuple[Fate, ...] = ("new", "grown", "shrunk", "gone")

_SAID = {  # Swedish, English
    "head": (
        "Mot den tidigare omgången: {} svar då, {} nu; {} kluster när de klustras tillsammans.",
        "Against the earlier round: {} answers then, {} now; {} clusters of both together.",
    ),
    "only_old": ("Frågan finns bara i den tidigare mappen.", "Only the earlier folder has the question."),
    "only_new": ("Frågan finns bara i den nya mappen.", "Only the new folder has the question."),
    "new": ("Nya", "New"),
    "grown": ("Vanligare", "Grown"),
    "shrunk": ("Mindre vanliga", "Shrunk"),
    "gone": ("Borta", "Gone"),
    "unchanged": ("Utan säker förändring: {} kluster.", "Without a certain change: {} clusters."),
    "cluster": ("Kluster {}", "Cluster {}"),
    "then": ("då {}", "{} then"),
    "now": ("nu {}", "{} now"),
    "change": (
        "{} av svaren till {}, {} procentenheter ({} till {})",
        "{} of the answers to {}, {} percentage points ({} to {})",
    ),
    "alarm": ("LARM: det som inget täcker har ökat, {}.", "ALARM: what nothing covers has grown, {}."),
    "calm": (
        "Det som inget täcker har inte säkert ökat: {}.",
        "What nothing covers has not certainly grown: {}.",
    ),
    "other_coding": (
        "Inget larm kan ges: omgångarna är kodade med olika schema eller modell. Koda den tidigare igen med "
        "den nya modellen och kör discover på den.",
        "No alarm can be given: the rounds were coded by different schemes or models. Code the earlier one "
        "again by the new model and run discover on it.",
    ),
    "rebuilt": (
        "De gamla klustren blev inte desamma när de byggdes om ({}): assigned.csv är ungefärlig.",
        "The old clusters did not come out the same when rebuilt ({}): assigned.csv is approximate.",
    ),
    "sure": (
        "Risken för någon felaktig förändring är högst 5 procent per fråga, och lika stor för larmet. "
        "Intervallen för klustren gäller alla på en gång.",
        "The risk of any false change is at most 5 percent per question, and as much for the alarm. The "
        "intervals of the clusters hold all at once.",
    ),
}
_WORDS = by_language(_SAID)


@dataclass(frozen=True, slots=True)
class ClusterChange:
    """A cluster of two rounds taken together, or what nothing covers, and how many answers state it.

    Attributes
    ----------
    cluster : int or None
        From 1, the largest first; None for what nothing covers.
    old_cluster, new_cluster : int or None
        The cluster of that round alone that holds more than half of the round's statements in this one.
    old, new : int
        Numbers of answers.
    old_share, new_share : float
        Of all answers of the round; fractions, as are the next.
    difference, low, high : float
        See `samorsak.turnover.Turnover`.
    p, p_adjusted : float
    verdict : {"new", "grown", "shrunk", "gone", "unchanged"}
    words : tuple of str
    """

    cluster: int | None
    old_cluster: int | None
    new_cluster: int | None
    old: int
    new: int
    old_share: float
    new_share: float
    difference: float
    low: float
    high: float
    p: float
    p_adjusted: float
    verdict: Fate
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssignedStatement:
    """A statement of the new round, and the cluster of the earlier one it falls in (None: in none)."""

    answer_id: str
    start: str
    end: str
    old_cluster: int | None
    strength: float


@dataclass(frozen=True, slots=True)
class QuestionChanges:
    """What became of the clusters of a question.

    Attributes
    ----------
    question, wording : str
    of_old, of_new : int
        Answers of each round.
    changes : tuple of ClusterChange
    uncovered : ClusterChange or None
        Answers with a statement that nothing covers; None where the rounds were coded differently.
    assigned : tuple of AssignedStatement
    note : {"", "only_old", "only_new"}
        Where it is not empty, the rest is.
    otherwise : str or None
        By which versions of the libraries the old clusters came out otherwise when rebuilt.
    """

    question: str
    wording: str
    of_old: int
    of_new: int
    changes: tuple[ClusterChange, ...] = ()
    uncovered: ClusterChange | None = None
    assigned: tuple[AssignedStatement, ...] = ()
    note: str = ""
    otherwise: str | None = None

    @property
    def alarm(self) -> bool:
        """Say whether statements that nothing covers have grown."""
        return self.uncovered is not None and self.uncovered.verdict == "grown"


def write_changes_of_clusters(out: Path, found: Sequence[QuestionChanges]) -> None:
    """Write against.csv and assigned.csv into a folder that is there; numbers have six decimals.

    Raises
    ------
    InputError
        A file cannot be written.
    """
    write_rows(out / AGAINST, AGAINST_COLUMNS, _against_rows(found))
    write_rows(out / ASSIGNED, ASSIGNED_COLUMNS, _assigned_rows(found))


def _against_rows(found: Sequence[QuestionChanges]) -> Iterator[list[str]]:
    for one in found:
        for c in (*one.changes, *([one.uncovered] if one.uncovered else [])):
            cluster = UNCOVERED if c.cluster is None else str(c.cluster)
            places = ["" if x is None else str(x) for x in (c.old_cluster, c.new_cluster)]
            scores = (c.old_share, c.new_share, c.difference, c.low, c.high, c.p, c.p_adjusted)
            numbers = [str(c.old), str(c.new), *(f"{x:.6f}" for x in scores)]
            yield [one.question, cluster, *places, *numbers, c.verdict, ";".join(c.words)]


def _assigned_rows(found: Sequence[QuestionChanges]) -> Iterator[list[str]]:
    for one in found:
        for s in one.assigned:
            cluster = "" if s.old_cluster is None else str(s.old_cluster)
            yield [s.answer_id, one.question, s.start, s.end, cluster, f"{s.strength:.6f}"]


def show_changes_of_clusters(found: Sequence[QuestionChanges], lang: Lang = "sv", width: int = 100) -> str:
    """Show for each question the alarm, and the clusters that changed."""
    shown = ["\n".join(_lines(one, lang, width)) for one in found]
    return "\n\n\n".join(shown).replace(NO_BREAK, " ").replace(THIN, " ") + "\n"


def _lines(one: QuestionChanges, lang: Lang, width: int) -> Iterator[str]:
    said = _WORDS[lang]
    yield from textwrap.wrap(one.wording, width)
    if one.note:
        yield said[one.note]
        return
    counts = [number(n, lang=lang) for n in (one.of_old, one.of_new, len(one.changes))]
    yield from textwrap.wrap(said["head"].format(*counts), width)
    if one.uncovered is None:
        yield from textwrap.wrap(said["other_coding"], width)
    else:
        told = said["alarm" if one.alarm else "calm"]
        yield from textwrap.wrap(told.format(_change(one.uncovered, lang)), width)
    if one.otherwise is not None:
        yield from textwrap.wrap(said["rebuilt"].format(one.otherwise), width)
    for verdict in _ORDER:
        own = [c for c in one.changes if c.verdict == verdict]
        if own:
            yield from ("", f"{said[verdict]} ({number(len(own), lang=lang)})")
        for c in sorted(own, key=lambda c: -abs(c.difference)):
            yield from _cluster_lines(c, lang, width)
    same = sum(c.verdict == "unchanged" for c in one.changes)
    yield from ("", said["unchanged"].format(number(same, lang=lang)))
    yield from textwrap.wrap(said["sure"], width)


def _cluster_lines(c: ClusterChange, lang: Lang, width: int) -> Iterator[str]:
    said = _WORDS[lang]
    places = [
        said[when].format(x) for when, x in (("then", c.old_cluster), ("now", c.new_cluster)) if x is not None
    ]
    name = said["cluster"].format(c.cluster) + (f" ({', '.join(places)})" if places else "")
    yield from textwrap.wrap(
        f"{name}: {_change(c, lang)}", width, initial_indent="  ", subsequent_indent="    "
    )
    yield from textwrap.wrap(
        ", ".join(c.words), width, initial_indent=" " * 4, subsequent_indent=" " * 4, break_on_hyphens=False
    )


def _change(c: ClusterChange, lang: Lang) -> str:
    shares = [percent(share, 1, lang) for share in (c.old_share, c.new_share)]
    return _WORDS[lang]["change"].format(*shares, *(points(x, lang) for x in (c.difference, c.low, c.high)))
