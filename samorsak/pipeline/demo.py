"""The main job on the round that travels with the package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.reporting import report_run

DEMO_ROUND = Path(__file__).parent.parent / "rounds" / "uppfoljning-2024.yaml"
"""Description of the demo round: constructed answers, laid out as such rounds come."""

REPORT_FOLDER = "report"
"""Where the report of the demo round lies, in the folder of the coded round."""


def run_demo(out: str | Path, progress: Callable[[int, int], None] | None = None) -> Path:
    """Code the demo round with the default model, and write its report by the lines of that year's.

    Parameters
    ----------
    out : str or Path
        Folder for the coded round.
    progress : callable, optional
        Told how many answers are coded, and of how many.

    Returns
    -------
    Path
        The folder, as for `samorsak classify`, with the report in a folder of its own.

    Raises
    ------
    InputError
        The folder cannot be written.
    ModelError
        The default model is missing or damaged.
    """
    folder = classify_round(DEMO_ROUND, Path(out), progress=progress).out
    report_run(folder, out=folder / REPORT_FOLDER, lines="2024")
    return folder
