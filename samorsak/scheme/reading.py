"""A scheme's YAML file, found, read and checked for what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from samorsak.errors import SchemeError, collected
from samorsak.scheme.model import NO_CAUSE, OTHER, Scheme

SCHEMES = Path(__file__).parent.parent / "schemes"
"""Where the schemes that travel with the package live, one folder each."""


def scheme_folder(name_or_path: str | Path) -> Path:
    """Find a scheme: the name of one in the package, a folder, or a YAML file. Gives the YAML file's path."""
    path = Path(name_or_path)
    if path.is_dir():
        path = path / "scheme.yaml"
    if path.is_file():
        return path
    packaged = SCHEMES / str(name_or_path) / "scheme.yaml"
    if packaged.is_file():
        return packaged
    known = ", ".join(sorted(p.name for p in SCHEMES.iterdir() if (p / "scheme.yaml").is_file()))
    raise SchemeError(f"{name_or_path}: no such scheme; give a YAML file, a folder, or one of: {known}")


def read_scheme(name_or_path: str | Path) -> Scheme:
    """Read and check a scheme.

    Parameters
    ----------
    name_or_path : str or Path
        A YAML file, a folder that holds `scheme.yaml`, or the name of a scheme in the package.

    Raises
    ------
    SchemeError
        The file is not there, is no YAML, or contradicts itself; says where.

    Examples
    --------
    >>> read_scheme("af").outcomes("missed")[:2]
    ('low_labour_demand', 'unclear_goals')
    """
    path = scheme_folder(name_or_path)
    raw, _ = load_yaml(path)
    if not isinstance(raw, Mapping):
        raise SchemeError(f"{path}: found {type(raw).__name__}, expected a mapping with 'questions'")
    try:
        scheme = Scheme.model_validate(raw)
    except ValidationError as error:
        lines = [f"{path} {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise SchemeError(collected(lines, "faults in the scheme")) from None
    problems = list(contradictions(scheme))
    if problems:
        raise SchemeError(collected([f"{path} {problem}" for problem in problems], "faults in the scheme"))
    return scheme


def load_yaml(path: Path) -> tuple[Any, list[int]]:
    """Load a YAML file whose keys are unique; give what it holds, and the line each item of a list begins on.

    Raises
    ------
    SchemeError
        The file is not there, is no YAML, or has a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines = (
            [item.start_mark.line + 1 for item in node.value] if isinstance(node, yaml.SequenceNode) else []
        )
        return parse_yaml(text), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SchemeError(f"{path} line {line}: {error.problem}") from None
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        raise SchemeError(f"{path}: not readable as YAML in utf-8") from None


def parse_yaml(text: str) -> Any:
    """Parse YAML whose keys are unique; raises as yaml does."""
    return yaml.load(text, Loader=_UniqueKeys)


def contradictions(scheme: Scheme) -> Iterator[str]:
    """Find what pydantic can't: clashes between parts that are each well formed."""
    if not scheme.questions:
        yield "questions: found none, expected at least one"
    for unknown in sorted(set(scheme.residual) - {OTHER, NO_CAUSE}):
        yield f"residual: {unknown!r} is neither 'other' nor 'no_cause'"
    for q, question in scheme.questions.items():
        where = f"questions.{q}"
        if not question.categories:
            yield f"{where}: no categories, expected at least one"
        folded: dict[str, str] = {}
        labels: dict[str, str] = {}
        for c, category in question.categories.items():
            if not c.strip() or c != c.strip() or any(mark in c for mark in ";,\n\t"):
                yield f"{where}.{c}: an id has no spaces around it and no ';', ',' or line break"
            if c in scheme.residual or c == NO_CAUSE:
                yield f"{where}.{c}: the id of a residual; give the category another"
            if (twin := folded.setdefault(c.casefold(), c)) != c:
                yield f"{where}.{c}: differs from {twin!r} in upper and lower case only"
            if (twin := labels.setdefault(category.name(c).casefold(), c)) != c:
                yield f"{where}.{c}: has the same label as {twin!r}"
        for report, lines in scheme.lines.items():
            for line in lines:
                if line in question.categories and line not in {
                    v.report.get(report) for v in question.categories.values()
                }:
                    yield f"lines.{report}.{line}: is also a category of {q!r} that is counted elsewhere"
    yield from _wrong_steps(scheme)


_ENDS = {"new": "0-1", "split": "1-n", "merge": "n-1", "rename": "1-1", "move": "1-1"}


def _wrong_steps(scheme: Scheme) -> Iterator[str]:
    for n, step in enumerate(scheme.crosswalk):
        found = "-".join(str(len(ids)) if len(ids) < 2 else "n" for ids in (step.sources, step.targets))
        if found != _ENDS[step.step]:
            yield (
                f"crosswalk.{n}: a {step.step} from {len(step.sources)} to {len(step.targets)} ids, "
                f"expected {_ENDS[step.step].replace('-', ' to ')}"
            )
        if (step.to_question is not None) != (step.step == "move"):
            yield f"crosswalk.{n}: to_question stands in a move, and only there"
        if not step.before < step.after <= scheme.version:
            yield (
                f"crosswalk.{n}: from version {step.before} to {step.after}, expected a step forward "
                f"to at most the scheme's version {scheme.version}"
            )


class _UniqueKeys(yaml.SafeLoader):
    """YAML lets a later key overwrite an earlier one silently; a category written twice is a fault."""


_AS_WRITTEN = {f"tag:yaml.org,2002:{kind}" for kind in ("bool", "float", "int", "null", "timestamp")}
"""What a key is not taken for: `no`, `010` and `2024-01-01` are ids."""


def _mapping(loader: _UniqueKeys, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        if key_node.tag in _AS_WRITTEN:
            key_node.tag = "tag:yaml.org,2002:str"
        key = str(loader.construct_object(key_node, deep=True))
        if key in seen:
            raise yaml.MarkedYAMLError(problem=f"{key!r} stands twice", problem_mark=key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
