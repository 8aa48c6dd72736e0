"""Every error a user can meet. One line each: where, found, expected, way out."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN = 10
"""How many bad rows a message names before it only counts them."""


class SamorsakError(Exception):
    """Root of the tree; the command line catches it once and exits with 1."""


class InputError(SamorsakError):
    """A round file, a run folder or an option does not hold what was expected."""


class SchemeError(SamorsakError):
    """A scheme, its lexicon or a report's lines contradict themselves."""


class AnnotationError(SamorsakError):
    """An annotation does not fit its text or its scheme."""


class ModelError(SamorsakError):
    """A model folder is damaged, foreign or made for something else."""


class TooFewError(SamorsakError):
    """There is too little material to estimate what was asked for."""


def collected(problems: Sequence[str], what: str) -> str:
    """Join the messages of several bad rows: ten shown, the total said.

    Parameters
    ----------
    problems : sequence of str
        One line each, at least one.
    what : str
        What is bad, in the plural: ``"rows"``.

    Returns
    -------
    str
        The only problem as it stands, else a counted list.

    Examples
    --------
    >>> collected(["a.csv line 2: no text"], "rows")
    'a.csv line 2: no text'
    >>> print(collected(["line 2: no text", "line 3: no id"], "bad rows"))
    2 bad rows:
      line 2: no text
      line 3: no id
    """
    if len(problems) == 1:
        return problems[0]
    shown = [f"  {problem}" for problem in problems[:SHOWN]]
    if len(problems) > SHOWN:
        shown.append(f"  and {len(problems) - SHOWN} more")
    return "\n".join([f"{len(problems)} {what}:", *shown])
