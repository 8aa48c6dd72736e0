"""The main job on the round that travels with the package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from samorsak.pipeline.coding import classify_round

DEMO_ROUND = Path(__file__).parent.parent / "rounds" / "uppfoljning-2024.yaml"
"""Description of the demo round: constructed answers, laid out as such rounds come."""


def run_demo(out: str | Path, progress: Callable[[int, int], None] | None = None) -> Path:
    """Code the demo round with the default model.

    Parameters
    ----------
    out : str or Path
        Folder for the coded round.
    progress : callable, optional
        Told how many answers are coded, and of how many.

    Returns
    -------
    Path
        The folder, as for `samorsak classify`.

    Raises
    ------
    InputError
        The folder cannot be written.
    ModelError
        The default model is missing or damaged.
    """
    return classify_round(DEMO_ROUND, Path(out), progress=progress).out
