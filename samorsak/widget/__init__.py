"""The notebook widget: answers are read, marked and given categories, each decision saved at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from samorsak.annotations import QueueRow, Store, read_annotations
from samorsak.extras import extra
from samorsak.pipeline.nearest import NearestExamples
from samorsak.pipeline.reading import MaskedRound
from samorsak.pipeline.session import Session
from samorsak.pipeline.session_rows import drawn, is_queue, repeating, rows_of
from samorsak.scheme import Scheme, read_scheme
from samorsak.wording import Lang

__all__ = ["annotate"]


def annotate(
    rows: str | Path | MaskedRound | Iterable[QueueRow],
    scheme: str | Path | Scheme,
    folder: str | Path,
    annotator: str,
    *,
    blind: bool = False,
    examples: Sequence[str | Path] = (),
    n: int | None = None,
    seed: int = 0,
    repeats: float = 0.05,
    lang: Lang = "sv",
) -> Any:
    """Decide about answers in a notebook, by keyboard or mouse.

    Starts at the first row that the annotator has not decided; a notebook that is opened again goes on where
    it was.

    Parameters
    ----------
    rows : str, Path, MaskedRound or iterable of QueueRow
        A queue or an audit's sample (``.jsonl``), the folder of a coded round, a round file or its
        description, an opened round, or rows.
    scheme : str, Path or Scheme
        As for `read_scheme`.
    folder : str or Path
        Where decisions are kept, one file per annotator; each is on disk before the next answer is shown.
    annotator : str
        Letters, digits, ``-`` and ``_``.
    blind : bool
        Show no suggestions; rows of an audit are always blind.
    examples : sequence of str or Path
        Annotations, files or folders, whose nearest statements are shown beside a category.
    n, seed : int
        Draw `n` rows at random; the same seed draws the same. All rows where `n` is not given.
    repeats : float
        Rows of a queue that come back later, as a share of it, to measure the annotator against herself;
        nothing tells which. None of an audit, of drawn rows, or where rows are no queue; see `with_repeats`.
    lang : {'sv', 'en'}
        Language of the interface.

    Returns
    -------
    samorsak.widget.view.AnnotationWidget
        To be the last line of a cell. Its `session` has the rows, and how far it is.

    Raises
    ------
    InputError
        anywidget is not installed, or the rows cannot be read.
    SchemeError, AnnotationError
        Rows, examples or decisions that do not fit the scheme.

    Examples
    --------
    >>> from samorsak.annotations import QueueRow
    >>> rows = [QueueRow(answer_id="1", question="missed", text="Tidsbrist.")]
    >>> annotate(rows, "af", "annotations/af", "kl").session.progress().total
    1
    """
    with extra("notebook", "annotating in a notebook"):
        from samorsak.widget.view import AnnotationWidget
    found = scheme if isinstance(scheme, Scheme) else read_scheme(scheme)
    known = read_annotations([Path(path) for path in examples], found) if examples else ()
    store = Store(Path(folder), found)
    asked = rows_of(rows)
    if n is not None:
        asked = drawn(asked, n, seed)
    elif is_queue(rows):
        asked = repeating(asked, repeats)
    session = Session(asked, found, store, annotator, blind=blind)
    return AnnotationWidget(session, NearestExamples(known, found.language), lang)
