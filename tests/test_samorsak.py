"""The public interface, and what the project files promise of it."""

import ast
import re
import subprocess
import sys
import tomllib
import typing
from itertools import chain
from pathlib import Path

import pytest

import samorsak

ROOT = Path(__file__).parent.parent


def test_all_is_exact() -> None:
    assert samorsak.__all__ == sorted(samorsak.__all__)
    assert {*samorsak.__all__} == {*samorsak._HOME, "__version__"}
    source = ast.parse((ROOT / "samorsak" / "__init__.py").read_text(encoding="utf-8"))
    seen_by_types = {
        alias.name: node.module
        for guarded in source.body
        if isinstance(guarded, ast.If)
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen_by_types == samorsak._HOME


@pytest.mark.parametrize("name", samorsak.__all__)
def test_every_name_is_there_and_documented(name: str) -> None:
    found = getattr(samorsak, name)
    assert name == "__version__" or found.__doc__
    assert name in dir(samorsak)


def test_public_functions_have_types() -> None:
    for name in samorsak.__all__:
        found = getattr(samorsak, name)
        if callable(found) and not isinstance(found, type):
            assert "return" in found.__annotations__, name
            assert typing.get_type_hints(found), name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = samorsak.nothing  # type: ignore[attr-defined]
    assert str(caught.value) == "module 'samorsak' has no attribute 'nothing'"


def test_importing_it_loads_only_the_standard_library() -> None:
    code = (
        "import samorsak; print(sorted({m.partition('.')[0] for m in sys.modules} - sys.stdlib_module_names))"
    )
    shown = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    assert shown == "['__main__', 'samorsak']\n"


def test_every_dependency_has_one_pinned_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins)
    pinned = {normal(pin.partition("==")[0]) for pin in pins}
    assert len(pinned) == len(pins)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    asked = [*project["build-system"]["requires"], *project["project"]["dependencies"], *chain(*extras)]
    names = {normal(re.split(r"[\[<>=]", requirement)[0]) for requirement in asked} - {"samorsak"}
    assert names - pinned == set()


def normal(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def test_the_package_says_that_it_has_types() -> None:
    assert (ROOT / "samorsak" / "py.typed").read_bytes() == b""
