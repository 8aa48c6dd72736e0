"""Where models and encoders lie: a folder, else a name in one of three places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

PACKAGED = Path(__file__).parent / "models"
"""Where the models that travel with the wheel live, one folder each."""

SOURCE_TREE = Path(__file__).parent.parent
"""Holds the same models in `models` when the package runs from its source tree."""


def model_roots() -> Iterator[Path]:
    """Give the folders that hold models by name: `./models`, the package's, the source tree's."""
    yield Path("models")
    yield PACKAGED
    if (SOURCE_TREE / "pyproject.toml").is_file():  # else this is site-packages, and its models are others'
        yield SOURCE_TREE / "models"


def find_place(name_or_path: str | Path) -> Path | None:
    """Find what a user named: the path as it stands, else a name in `model_roots`, in this order.

    Examples
    --------
    >>> find_place("sv-static").name
    'sv-static'
    >>> find_place("no-such-model") is None
    True
    """
    name = str(name_or_path)
    candidates = [Path(name), *(root / name for root in model_roots())]
    return next((path for path in candidates if name and path.exists()), None)
