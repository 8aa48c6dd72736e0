"""What the tables of closed questions hold: counts, what they are a share of, and what must be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from samorsak.tables.association import Association

Count = int | None
"""A number of respondents; None where it is withheld."""

Kind = Literal["level", "option", "cause", "group"]
"""Levels of a question of one choice, options of one of several, causes of an open question, groups."""


@dataclass(frozen=True, slots=True)
class Option:
    """A level, an option, a cause or a group, with its names for readers."""

    id: str
    label_sv: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that must be said of a table; the words are the report's.

    Attributes
    ----------
    kind : str
        ``"where"`` (a condition), ``"machine_codes"``, ``"no_answers"``, ``"withheld"``, ``"refused"`` (much
        is too small to be shown, or would give hidden numbers away); of a round ``"no_closed_questions"`` and
        ``"not_crossed"`` (nobody answered, or too many groups); between rounds see
        `samorsak.pipeline.closed_changes.compare_closed`.
    about : mapping of str to str or int
    """

    kind: str
    about: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variable:
    """What respondents are sorted by.

    Attributes
    ----------
    name : str
        ``"progress"``, ``"clarity/goals"``, the id of an open question, or a background column.
    options : tuple of Option
        In the order of the scale where `ordered`.
    wording : str
        The question as it was asked, where that is known.
    """

    name: str
    kind: Kind
    label_sv: str
    label_en: str
    options: tuple[Option, ...]
    ordered: bool = False
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The counts of a question in one group of respondents.

    Attributes
    ----------
    group : str
        Value of the background column; empty for all.
    counts : tuple of Count
        Of each level or option.
    answered, missing, filtered : Count
        Who answered, who did not though asked, and who does not meet the question's conditions; their sum is
        the group.
    """

    group: str
    counts: tuple[Count, ...]
    answered: Count
    missing: Count
    filtered: Count

    @property
    def shares(self) -> tuple[float | None, ...]:
        """Shares of those who answered; None where a number is withheld or nobody answered."""
        return tuple(n / self.answered if n is not None and self.answered else None for n in self.counts)


@dataclass(frozen=True, slots=True)
class Distribution:
    """The answers to a closed question, or to a statement of a matrix.

    Attributes
    ----------
    question : Option
        The question; the matrix, where the variable is a statement of one.
    variable : Variable
    where : tuple of str
        Conditions that respondents had to meet.
    group_by : str
        A background column; empty where all are together.
    groups : tuple of Group
    """

    question: Option
    variable: Variable
    where: tuple[str, ...]
    group_by: str
    groups: tuple[Group, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Crosstab:
    """A question by another.

    Attributes
    ----------
    name : str
    rows, by : Variable
    where : tuple of str
    counts : tuple of r tuples of c Counts
        Respondents with an option of the rows, in a group.
    base : tuple of c Counts
        Respondents in each group: what shares are of.
    totals : tuple of r Counts
        Over all groups.
    n, missing, filtered : Count
        Respondents that count, those who lack one of both, and those who do not meet the conditions.
    associations : tuple of Association
        One; or where an answer may have several options or causes one for each row, yes or no by group. Tau-b
        is above zero where those further down one scale are further down the other; for an option or a cause,
        where it is more common further down the scale.
    verdict : Verdict or None
        Over the rows, where each has an association of its own.
    machine : bool
        The causes were coded by a machine, and no audit has corrected them.
    """

    name: str
    rows: Variable
    by: Variable
    where: tuple[str, ...]
    counts: tuple[tuple[Count, ...], ...]
    base: tuple[Count, ...]
    totals: tuple[Count, ...]
    n: Count
    missing: Count
    filtered: Count
    associations: tuple[Association, ...]
    verdict: Verdict | None = None
    machine: bool = False
    remarks: tuple[Remark, ...] = ()

    @property
    def shares(self) -> tuple[tuple[float | None, ...], ...]:
        """Shares of each group; None where a number is withheld or the group is empty."""
        return tuple(
            tuple(n / of if n is not None and of else None for n, of in zip(row, self.base, strict=True))
            for row in self.counts
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which associations of a family are clear, by name; each tuple has the strongest first.

    Attributes
    ----------
    family : str
        What the tables have in common: the rows' name, or a table's.
    clearest : str or None
        The strongest of those told apart from none.
    told, untold : tuple of str
        p by Holm's procedure over the family below 0.05, or not.
    undefined : tuple of str
        Without a value.
    """

    family: str
    clearest: str | None
    told: tuple[str, ...]
    untold: tuple[str, ...]
    undefined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoundTables:
    """All tables of a round.

    Attributes
    ----------
    round : str
    respondents : int
    distributions : tuple of Distribution
        Each closed question, or statement, of all together, then by each background column.
    crosstabs : tuple of Crosstab
    verdicts : tuple of Verdict
        Over crosstabs with the same rows, of one measure and one association each.
    audited : bool
        An audit has corrected the codes of causes.
    """

    round: str
    respondents: int
    distributions: tuple[Distribution, ...]
    crosstabs: tuple[Crosstab, ...]
    verdicts: tuple[Verdict, ...]
    audited: bool
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedChange:
    """A level's share in two rounds.

    Attributes
    ----------
    only : {"before", "after"} or None
        The round that alone has the level.
    before, after : float or None
        Shares of those who answered; None where nobody did, too.
    change, low, high : float or None
        ``after - before``, with its interval, 95 percent.
    p, p_holm : float or None
        Of no change, alone and with all levels of the question in view.
    """

    option: Option
    only: Literal["before", "after"] | None
    before: float | None
    after: float | None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_holm: float | None = None


@dataclass(frozen=True, slots=True)
class ClosedChanges:
    """A closed question in two rounds.

    Attributes
    ----------
    before, after : Distribution
    changes : tuple of ClosedChange
        The levels of the later round, then those that only the earlier one has.
    remarks : tuple of Remark
        What is not the same in both rounds.
    """

    before: Distribution
    after: Distribution
    changes: tuple[ClosedChange, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class ClosedComparison:
    """The closed questions of two rounds.

    Attributes
    ----------
    before, after : str
        The rounds.
    questions : tuple of ClosedChanges
        Those that both have, and the statements of matrices each by itself.
    remarks : tuple of Remark
        Those that one has alone.
    """

    before: str
    after: str
    questions: tuple[ClosedChanges, ...]
    remarks: tuple[Remark, ...] = ()
