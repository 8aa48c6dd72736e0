"""What a report is made of: the coded rounds, and what decides how they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from samorsak.coded import CodedAnswer, natural_order
from samorsak.errors import InputError
from samorsak.pipeline.closed import closed_tables
from samorsak.pipeline.evidence import read_manifest
from samorsak.pipeline.ranking import rank_run
from samorsak.ranking import SCHEME_LINES, RankedRow, Ranking, Total
from samorsak.report.files import read_coded
from samorsak.scheme import Scheme
from samorsak.shares import Base
from samorsak.tables import RoundTables
from samorsak.wording import Lang

SMALL = 5
"""Smaller numbers of groups are hidden in a public report if nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides how a report shows its rounds.

    Attributes
    ----------
    lang : {"sv", "en"}
    lines : str
        ``"scheme"``, or a report of the scheme.
    base : {"causes", "answers"}
    public : bool
        No verbatims, small numbers of groups hidden.
    suppress_below : int or None
        Numbers of groups that are smaller are hidden; of a public report only.
    verbatims : int
        At most so many statements are shown of a category, drawn at random.
    seed : int
        For that draw, and the intervals of associations.
    """

    lang: Lang = "sv"
    lines: str = SCHEME_LINES
    base: Base = "causes"
    public: bool = False
    suppress_below: int | None = None
    verbatims: int = 300
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse small numbers hidden beside the answers that they count.

        Raises
        ------
        InputError
            `suppress_below` and `public` do not go together.
        """
        if self.public and self.suppress_below is None:
            object.__setattr__(self, "suppress_below", SMALL)
        if self.suppress_below is not None and not self.public:
            raise InputError("suppress-below: expected together with --public, which leaves the answers out")


@dataclass(frozen=True, slots=True)
class Material:
    """One coded round.

    Attributes
    ----------
    folder : Path
    rounds : tuple of str
        All rounds that the folder holds.
    ranking : Ranking
        By the base and lines that are asked for.
    tables : RoundTables
    """

    folder: Path
    round: str
    rounds: tuple[str, ...]
    manifest: Mapping[str, Any]
    scheme: Scheme
    coded: tuple[CodedAnswer, ...]
    ranking: Ranking
    tables: RoundTables

    @property
    def audited(self) -> bool:
        """Whether an audit has corrected the shares."""
        return "decided" in self.manifest.get("audit", {})

    @property
    def reviewed(self) -> bool:
        """Whether reviewed answers count as people decided them."""
        return "review" in self.manifest

    def listed(self, question: str) -> tuple[Total, tuple[RankedRow, ...]] | None:
        """Give the ranked list of a question; None where nobody answered it."""
        found = [one for one in self.ranking.lists() if one[0].question == question]
        return found[0] if found and found[0][0].answers else None

    def heading(self, question: str, lang: Lang) -> str:
        """Name an open question: the column it stood in, else its wording."""
        columns = self.manifest.get("input", {}).get("columns", {})
        if lang == "sv" and (column := columns.get(f"text {question}")):
            return str(column)
        return self.scheme.question(question).wording(question, lang)


def read_materials(folder: Path, against: Sequence[Path], settings: Settings) -> tuple[Material, ...]:
    """Read the round that is reported, and those it is compared with, from the latest to the earliest.

    Of a folder with several rounds the latest is reported, and the others are earlier ones.

    Raises
    ------
    InputError
        A folder cannot be read, holds no answers, or a round is there twice.
    SchemeError
        A scheme is damaged, or that of the round that is reported has no such lines.
    """
    first, *own = _read(folder, settings, settings.lines)
    earlier = [one for place in against for one in _read(place, settings, SCHEME_LINES)]
    found = sorted([*own, *earlier], key=lambda one: natural_order(one.round), reverse=True)
    rounds = [one.round for one in (first, *found)]
    for name in rounds:
        if rounds.count(name) > 1:
            raise InputError(
                f"against: round {name!r} is given twice, expected each once; give each round's folder once"
            )
    return (first, *found)


def _read(folder: Path, settings: Settings, lines: str) -> list[Material]:
    """Read each round of a folder, the latest first."""
    coded, manifest = read_coded(folder), read_manifest(folder)
    if not coded:
        raise InputError(f"{folder}: holds no answers, expected a coded round")
    ranking, scheme = rank_run(folder, base=settings.base, lines=lines, lang=settings.lang)
    tables = closed_tables(folder, lines=lines, suppress_below=settings.suppress_below, seed=settings.seed)
    rounds = tuple(one.round for one in tables)
    return [
        Material(
            folder,
            one.round,
            rounds,
            manifest,
            scheme,
            tuple(answer for answer in coded if answer.round == one.round),
            _of_round(ranking, one.round),
            one,
        )
        for one in reversed(tables)
    ]


def _of_round(ranking: Ranking, name: str) -> Ranking:
    rows = tuple(row for row in ranking.rows if row.round == name)
    return replace(ranking, rows=rows, totals=tuple(one for one in ranking.totals if one.round == name))
