"""Two coded rounds compared: from their run folders to what a reader is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from samorsak.compare import Change, compare
from samorsak.errors import InputError
from samorsak.pipeline.crossing import Versions, match_versions
from samorsak.pipeline.evidence import Estimated, estimates_of, read_run_scheme
from samorsak.pipeline.ranking import by_suffix
from samorsak.ranking import COUNTED, SCHEME_LINES
from samorsak.report.changes import (
    Comparison,
    Side,
    changes_csv,
    changes_markdown,
    changes_text,
    write_changes_workbook,
)
from samorsak.report.delimited import write_text
from samorsak.scheme import OTHER
from samorsak.shares import BASES, BY_TRIAL, DRAWS, Base, count_shares
from samorsak.wording import Lang

ChangeFormat = Literal["text", "markdown", "csv", "xlsx"]
"""The forms a comparison is written in."""

_SUFFIXES: dict[str, ChangeFormat] = {".txt": "text", ".md": "markdown", ".csv": "csv", ".xlsx": "xlsx"}


def compare_runs(
    before: str | Path,
    after: str | Path,
    *,
    base: Base = "causes",
    lines: str = SCHEME_LINES,
    question: str | None = None,
    round_before: str | None = None,
    round_after: str | None = None,
    lang: Lang = "sv",
    draws: int = DRAWS,
) -> tuple[Comparison, ...]:
    """Compare two coded rounds, question by question.

    Parameters
    ----------
    before, after : str or Path
        Folders as `samorsak classify` or `samorsak audit estimate` wrote them; may be the same one.
    base : {"causes", "answers"}
    lines : str
        ``"scheme"`` compares by the ids of categories that both schemes have, and across versions of a scheme
        by its crosswalk (see `samorsak.ranking.common_columns`), in either order; a report's name by its
        lines.
    question : str, optional
        Only this question.
    round_before, round_after : str, optional
        Which round, where a folder holds several.
    lang : {"sv", "en"}
    draws : int

    Returns
    -------
    tuple of Comparison
        For each question of the later round that the earlier one has too. Where one of the rounds has neither
        audit nor trial there is no interval. A category that only one round has is no change.

    Raises
    ------
    InputError
        A folder cannot be read, holds several rounds, or no question is in both.
    SchemeError
        A scheme is damaged, has no such lines, or no category in common with the other.
    """
    if base not in BASES:
        raise InputError(f"base is {base!r}, expected one of: {', '.join(BASES)}")
    paired = pair_runs(
        before, after, lines=lines, round_before=round_before, round_after=round_after, lang=lang, draws=draws
    )
    shared = [name for name in paired.shared if question in (None, name)]
    if not shared:
        asked = f"question is {question!r}, expected" if question else "no question is in both rounds:"
        old, new = ", ".join(paired.before), ", ".join(paired.after)
        raise InputError(f"{asked} one of {old} ({before}) and {new} ({after})")
    return tuple(compare_pair(paired, name, base, lang) for name in shared)


@dataclass(frozen=True, slots=True)
class Paired:
    """What is known of two rounds, counted in what both have.

    Attributes
    ----------
    before, after : mapping of str to Estimated
        By question.
    versions : Versions
    """

    before: Mapping[str, Estimated]
    after: Mapping[str, Estimated]
    versions: Versions

    @property
    def shared(self) -> tuple[str, ...]:
        """Name the questions that both rounds have, in the later one's order."""
        return tuple(name for name in self.after if name in self.before)


def pair_runs(
    before: str | Path,
    after: str | Path,
    *,
    lines: str = SCHEME_LINES,
    round_before: str | None = None,
    round_after: str | None = None,
    lang: Lang = "sv",
    draws: int = DRAWS,
) -> Paired:
    """Read two rounds, and count both on the lines that they have in common.

    Parameters
    ----------
    before, after, lines, round_before, round_after, lang, draws
        As for `compare_runs`.

    Raises
    ------
    InputError
        A folder cannot be read, or holds several rounds of which none is named.
    SchemeError
        A scheme is damaged, or has no such lines.
    """
    schemes = read_run_scheme(before), read_run_scheme(after)
    versions = match_versions(*schemes, lang) if lines == SCHEME_LINES else Versions(schemes)
    sides = []
    for i, (folder, name, option) in enumerate(
        ((before, round_before, "before"), (after, round_after, "after"))
    ):
        found = estimates_of(folder, lines=lines, lang=lang, draws=draws, columns=versions.columns(i))
        sides.append(_of_round(found, name, folder, option))
    old, new = ({one.question: one for one in side} for side in sides)
    return Paired(old, new, versions)


def _of_round(
    found: Sequence[Estimated], name: str | None, folder: str | Path, option: str
) -> list[Estimated]:
    rounds = list(dict.fromkeys(one.round for one in found))
    if name is None and len(rounds) > 1:
        raise InputError(f"{folder}: rounds are {', '.join(rounds)}, expected one; name it with --{option}")
    if name is not None and name not in rounds:
        raise InputError(f"{option}: round is {name!r}, {folder} has: {', '.join(rounds)}")
    return [one for one in found if name in (None, one.round)]


def compare_pair(paired: Paired, question: str, base: Base, lang: Lang = "sv") -> Comparison:
    """Compare the answers of two rounds to a question that both have.

    Raises
    ------
    SchemeError
        Only ids could match the categories of both, and none but `other` does.
    """
    old, new, versions = paired.before[question], paired.after[question], paired.versions
    if new.lines == SCHEME_LINES:
        versions.check_shared(new.question, old.ids, new.ids)
    apart, across = versions.apart(new.question), versions.across(new.question, (old.round, new.round))
    if old.estimate is not None and new.estimate is not None:
        changes = compare((old.ids, old.estimate), (new.ids, new.estimate), base, apart=apart)
        refused = _refused(old) | _refused(new)
        changes = tuple(_without_interval(c) if c.category in refused else c for c in changes)
    else:
        changes = _counted(old, new, base, apart)
    changes = tuple(sorted(changes, key=_place))
    notes = ["model_shares"] if not {_method(old), _method(new)}.isdisjoint(BY_TRIAL) else []
    earlier, later = versions.schemes
    if across is None and earlier.fingerprint() != later.fingerprint():
        notes.append("other_scheme")
    labels = dict(zip((*old.ids, *new.ids), (*old.labels, *new.labels), strict=True))
    wording = later.question(new.question).wording(new.question, lang)
    left, right = (
        Side(one.round, len(one.given), _method(one), 0 if one.estimate is None else one.estimate.audited)
        for one in (old, new)
    )
    return Comparison(
        new.question, wording, base, new.lines, left, right, changes, labels, tuple(notes), across
    )


def _place(change: Change) -> tuple[bool, bool, float]:
    """Sort by the later share, `other` behind, what only the earlier round has last."""
    return change.after is None, change.category == OTHER, -(change.after or change.before or 0)


def _method(one: Estimated) -> str:
    return COUNTED if one.estimate is None else one.estimate.method


def _refused(one: Estimated) -> set[str]:
    """Name the categories of which the model's errors allow to say nothing."""
    return set() if one.estimate is None else {one.ids[j] for j in np.flatnonzero(one.estimate.refused)}


def _without_interval(change: Change) -> Change:
    return Change(change.category, change.only, change.before, change.after, change.change)


def _counted(old: Estimated, new: Estimated, base: Base, apart: Collection[str]) -> tuple[Change, ...]:
    """Subtract shares where one of the rounds has no interval, so that the change has none."""
    was, now = (dict(zip(one.ids, _shares(one, base), strict=True)) for one in (old, new))
    both = [
        Change(c, None, was[c], share, None if c in apart else share - was[c])
        if c in was
        else Change(c, "after", None, share)
        for c, share in now.items()
    ]
    return (*both, *(Change(c, "before", share, None) for c, share in was.items() if c not in now))


def _shares(one: Estimated, base: Base) -> list[float]:
    found = count_shares(one.given, base).share if one.estimate is None else one.estimate.share(base)
    shares: list[float] = found.tolist()
    return shares


def change_format_of(path: Path) -> ChangeFormat:
    """Tell from a file's suffix in which form a comparison is written to it.

    Raises
    ------
    InputError
        The suffix says nothing.

    Examples
    --------
    >>> change_format_of(Path("change.md"))
    'markdown'
    """
    return by_suffix(path, _SUFFIXES)


def show_changes(
    comparisons: Sequence[Comparison], form: ChangeFormat = "text", *, lang: Lang = "sv", width: int = 100
) -> str:
    """Give comparisons as text in one of the forms.

    Raises
    ------
    InputError
        The form is no text.
    """
    if form == "csv":
        return changes_csv(comparisons)
    if form == "markdown":
        return changes_markdown(comparisons, lang)
    if form == "text":
        return changes_text(comparisons, lang, width)
    raise InputError(f"format is {form!r}, expected one of: {', '.join(get_args(ChangeFormat)[:-1])}")


def write_changes(
    path: Path, comparisons: Sequence[Comparison], form: ChangeFormat, *, lang: Lang = "sv"
) -> None:
    """Write comparisons to a file, whole or not at all.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    if form == "xlsx":
        write_changes_workbook(path, comparisons, lang)
    else:
        write_text(path, show_changes(comparisons, form, lang=lang))
