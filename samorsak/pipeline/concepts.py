"""The Swedish concepts that travel with the package: groups of expressions that mean nearly the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from samorsak.errors import InputError, collected
from samorsak.text import nfc

CONCEPTS = Path(__file__).parent.parent / "concepts"
"""The package's own, a YAML file for each field."""

FEWEST = 4
"""Expressions in a concept, at least."""


def read_concepts(path: Path = CONCEPTS) -> dict[str, list[str]]:
    """Read a file of concepts, or all files of a folder in the order of their names.

    Returns
    -------
    dict of str to list of str
        The expressions of each concept, in the order of the files.

    Raises
    ------
    InputError
        A file cannot be read as YAML, a name stands twice, or a concept is no list of at least four texts.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "work.yaml"
    ...     _ = file.write_text("varsel: [varsel, varsla, uppsägning, få sparken]", encoding="utf-8")
    ...     read_concepts(file)
    {'varsel': ['varsel', 'varsla', 'uppsägning', 'få sparken']}
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{path}: no YAML files in it, expected concepts; give a folder that holds some")
    concepts: dict[str, list[str]] = {}
    problems: list[str] = []
    for file in files:
        for name, expressions in _pairs(file):
            if name in concepts:
                problems.append(f"{file}: concept {name!r} stands twice; rename one, or join them")
            elif not _is_concept(expressions):
                problems.append(f"{file}: concept {name!r} is no list of at least {FEWEST} texts")
            else:
                concepts[name] = [nfc(expression) for expression in expressions]
    if problems:
        raise InputError(collected(problems, "faults in the concepts"))
    return concepts


def _is_concept(expressions: object) -> bool:
    return (
        isinstance(expressions, list)
        and len(expressions) >= FEWEST
        and all(isinstance(expression, str) and expression.strip() for expression in expressions)
    )


def _pairs(file: Path) -> Iterator[tuple[str, list[str]]]:
    """Give the entries of a file as they stand: a plain load would hide a name that stands twice."""
    try:
        with file.open(encoding="utf-8") as stream:
            root = yaml.compose(stream, yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise InputError(f"{file}: cannot be read as YAML in utf-8; check its quotes and brackets") from None
    if not isinstance(root, yaml.MappingNode):
        raise InputError(f"{file}: no concepts in it, expected lines like 'varsel: [varsel, varsla]'")
    for name, value in root.value:
        items = value.value if isinstance(value, yaml.SequenceNode) else []
        texts = [item.value if item.tag == "tag:yaml.org,2002:str" else "" for item in items]
        yield str(name.value), texts
