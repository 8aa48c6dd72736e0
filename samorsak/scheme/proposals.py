"""Proposals for the next version of a scheme, in a YAML file that a person edits and accepts line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from samorsak.errors import SchemeError, collected
from samorsak.scheme.model import Category, Key, Strict
from samorsak.scheme.reading import load_yaml
from samorsak.scheme.writing import as_yaml


class _Proposed(Strict):
    """What every proposal has; `evidence` and `examples` are for the reader and change nothing."""

    accept: bool = False
    question: Key
    evidence: dict[str, Any] = Field({})
    examples: list[str] = Field([])


class New(_Proposed, Category):
    """A category that the scheme lacks."""

    kind: Literal["new"] = "new"
    id: Key


class Split(_Proposed):
    """A category that holds several things; one of the parts may keep its id."""

    kind: Literal["split"] = "split"
    source: Key = Field(alias="from")
    to: dict[Key, Category] = Field(min_length=2)


class Merge(_Proposed, Category):
    """Categories that are one, under an id of theirs or a new one."""

    kind: Literal["merge"] = "merge"
    sources: list[Key] = Field(alias="from", min_length=1)
    to: Key


class Border(_Proposed):
    """A rule between categories, added to the scheme's; a draft may lack it."""

    kind: Literal["border"] = "border"
    between: list[Key] = Field(min_length=2)
    rule: str | None


class Rename(_Proposed):
    """Another id, another label or both; the meaning stays."""

    kind: Literal["rename"] = "rename"
    source: Key = Field(alias="from")
    to: Key | None = None
    label: str | None = None
    label_sv: str | None = None
    label_en: str | None = None


class Move(_Proposed):
    """A category that belongs to another question."""

    kind: Literal["move"] = "move"
    source: Key = Field(alias="from")
    to_question: Key
    to: Key | None = None


Proposal = New | Split | Merge | Border | Rename | Move
_PROPOSAL: TypeAdapter[Proposal] = TypeAdapter(Annotated[Proposal, Field(discriminator="kind")])
_ACCEPT: TypeAdapter[bool] = TypeAdapter(bool)
KINDS = ("new", "split", "merge", "border", "rename", "move")


def read_proposals(path: str | Path) -> dict[int, Proposal]:
    """Read the accepted proposals of a file.

    Of a proposal that is not accepted only `kind` and `accept` are looked at: a draft may be unfinished.

    Returns
    -------
    dict of int to Proposal
        By the line on which each begins.

    Raises
    ------
    SchemeError
        The file is no YAML list, or proposals are not as expected; all of them are named.
    """
    path = Path(path)
    raw, lines = load_yaml(path)
    if not isinstance(raw, list):
        raise SchemeError(f"{path}: found {type(raw).__name__}, expected a list of proposals")
    accepted: dict[int, Proposal] = {}
    problems: list[str] = []
    for line, item in zip(lines, raw, strict=True):
        try:
            if _accepted(item):
                accepted[line] = _PROPOSAL.validate_python(item)
        except ValidationError as error:
            problems += [f"{path} line {line}: {_place(e['loc'])}: {e['msg']}" for e in error.errors()]
        except SchemeError as error:
            problems.append(f"{path} line {line}: {error}")
    if problems:
        raise SchemeError(collected(problems, "faults in the proposals"))
    return accepted


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(map(str, loc[1:]))  # the first is the kind


def _accepted(item: object) -> bool:
    if not isinstance(item, Mapping):
        raise SchemeError(f"found {type(item).__name__}, expected a mapping with 'kind'")
    if item.get("kind") not in KINDS:
        raise SchemeError(f"kind is {item.get('kind')!r}, expected one of: {', '.join(KINDS)}")
    accept = item.get("accept", False)
    try:
        return _ACCEPT.validate_python(accept)
    except ValidationError:
        raise SchemeError(f"accept is {accept!r}, expected yes or no") from None


def proposals_text(proposals: Sequence[Proposal]) -> str:
    """Write proposals as `read_proposals` reads them, a blank line between; fields never set are left out.

    A field that is set to None is written empty, for a person to fill in.

    Examples
    --------
    >>> print(proposals_text([New(question="lost", id="hail", label="Hail", definition=None)]))
    - kind: new
      accept: no
      question: lost
      id: hail
      label: Hail
      definition:
    <BLANKLINE>
    """
    return "\n".join(as_yaml([_fields(proposal)]) for proposal in proposals)


def _fields(proposal: Proposal) -> dict[str, Any]:
    given = proposal.model_dump(by_alias=True, exclude_unset=True)
    first = {"kind": proposal.kind, "accept": proposal.accept, "question": proposal.question}
    naming: dict[str, Any] = {key: given[key] for key in ("id", "from", "to_question", "to") if key in given}
    last: dict[str, Any] = {key: given.pop(key) for key in ("evidence", "examples") if key in given}
    return {**first, **naming, **{k: v for k, v in given.items() if k not in {*first, *naming}}, **last}
