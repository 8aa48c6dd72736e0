"""The schemes of two coded rounds: the same, versions of one, or strangers that only share ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from samorsak.errors import SchemeError
from samorsak.ranking import Columns, Common, common_columns
from samorsak.report.versions import Across
from samorsak.scheme import NO_CAUSE, OTHER, Scheme, crosswalk, descends
from samorsak.wording import Lang

Pair = tuple[Scheme, Scheme]


@dataclass(frozen=True, slots=True)
class Versions:
    """The schemes of the round before and the round after.

    Attributes
    ----------
    schemes : tuple of Scheme
    older : {0, 1} or None
        Which of them is the earlier version; None where ids are all there is to match by.
    common : mapping of str to Common
        By question; empty where ids are all there is.
    """

    schemes: Pair
    older: int | None = None
    common: Mapping[str, Common] | None = None

    def columns(self, side: int) -> dict[str, Columns]:
        """Give what the answers of the round before (0) or after (1) are counted in, by question."""
        return {q: c.older if side == self.older else c.newer for q, c in (self.common or {}).items()}

    def apart(self, question: str) -> frozenset[str]:
        """Name what stands in both and cannot be compared."""
        return self.common[question].apart if self.common else frozenset()

    def across(self, question: str, rounds: tuple[str, str]) -> Across | None:
        """Give what a reader has to know; None where both are coded by one version, or by strangers."""
        if self.older is None or not self.common:
            return None
        (older, old), (newer, new) = ((rounds[i], self.schemes[i]) for i in (self.older, 1 - self.older))
        return Across(older, newer, (old.version, new.version), self.common[question].crossed)

    def check_shared(self, question: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
        """Refuse to compare categories that have nothing to do with each other.

        Raises
        ------
        SchemeError
            Only ids could match, and none but `other` does.
        """
        if self.older is None and not {*before} & {*after} - {OTHER}:
            raise SchemeError(
                f"question {question!r}: the schemes of the two rounds have no category in common and "
                "neither is a version of the other; code both rounds by one scheme, or by versions of one"
            )


def match_versions(before: Scheme, after: Scheme, lang: Lang = "sv") -> Versions:
    """Put two rounds' categories on common lines where one scheme is a later version of the other.

    Raises
    ------
    SchemeError
        As `samorsak.ranking.common_columns`.

    Examples
    --------
    >>> from samorsak.scheme import Rename, next_version
    >>> old = Scheme.model_validate({"questions": {"lost": {"categories": {"wet": {}}}}})
    >>> step = Rename.model_validate({"question": "lost", "from": "wet", "to": "rain"})
    >>> new = next_version(old, {1: step})
    >>> match_versions(new, old).older, match_versions(old, old).older
    (1, None)
    """
    schemes = before, after
    if before.crosswalk != after.crosswalk:
        for older in (0, 1):
            old, new = schemes[older], schemes[1 - older]
            if _akin(old, new):
                shared = [q for q in new.questions if q in old.questions]
                return Versions(schemes, older, {q: common_columns(old, new, q, lang) for q in shared})
    return Versions(schemes)


def _akin(old: Scheme, new: Scheme) -> bool:
    """Any crosswalk goes on from none, so a scheme without steps has to have a category in it, too."""
    return descends(new, old) and any(
        unit.old and unit.new and unit.category not in (OTHER, NO_CAUSE) for unit in crosswalk(old, new).units
    )
