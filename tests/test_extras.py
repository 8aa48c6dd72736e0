"""What is said where a library that an extra brings is not there."""

import sys
import tomllib
from pathlib import Path

import pytest

from samorsak.errors import InputError, ModelError
from samorsak.extras import extra

ROOT = Path(__file__).parent.parent


def test_what_is_there_is_imported() -> None:
    with extra("figures", "a picture"):
        import json.decoder as found
    assert found is sys.modules["json.decoder"]


@pytest.mark.parametrize("error", [InputError, ModelError])
def test_a_library_that_is_not_installed(error: type[InputError] | type[ModelError]) -> None:
    with pytest.raises(error) as caught, extra("spss", "r.sav: reading .sav", error):
        import no_such_library.part  # type: ignore[import-not-found] # noqa: F401
    assert str(caught.value) == (
        'r.sav: reading .sav needs no_such_library, which is not installed; pip install "samorsak[spss]"'
    )


def test_a_library_without_the_part_that_is_needed_is_named_itself() -> None:
    with pytest.raises(InputError) as caught, extra("spss", "this"):
        import json.no_such_part  # type: ignore[import-not-found] # noqa: F401
    assert str(caught.value) == 'this needs json, which is not installed; pip install "samorsak[spss]"'


def test_a_library_that_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "damaged_library.py").write_text("from json import no_such_name\n", encoding="utf-8")
    (tmp_path / "nameless_library.py").write_text("raise ImportError('DLL load failed')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError) as caught, extra("spss", "this"):
        import damaged_library  # type: ignore[import-not-found] # noqa: F401
    assert str(caught.value) == 'this needs json, which cannot be loaded; pip install "samorsak[spss]"'
    with pytest.raises(InputError) as caught, extra("spss", "this"):
        import nameless_library  # type: ignore[import-not-found] # noqa: F401
    assert str(caught.value) == 'this needs a library, which cannot be loaded; pip install "samorsak[spss]"'


def test_other_errors_go_their_way() -> None:
    with pytest.raises(ZeroDivisionError), extra("spss", "this"):
        1 / 0  # noqa: B018


@pytest.mark.parametrize("name", ["crosscheck", "discovery", "encoders", "figures", "parquet", "spss"])
def test_the_extras_that_are_named_are_there(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert name in project["optional-dependencies"]
    told = [
        path for path in (ROOT / "samorsak").rglob("*.py") if f'extra("{name}",' in path.read_text("utf-8")
    ]
    assert told
