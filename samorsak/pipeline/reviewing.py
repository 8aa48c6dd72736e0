"""Which answers of a coded round a person should look at first, and why: from a run folder to a queue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from samorsak.annotations import Annotation, QueueRow, categories_of
from samorsak.coded import CodedAnswer, StatementRow
from samorsak.encode import Encoder
from samorsak.errors import InputError, ModelError
from samorsak.pipeline.annotated import AUDIT, read_lessons, text_sha256
from samorsak.pipeline.discovering import own_lexicon
from samorsak.pipeline.doubting import Coding, Doubt, border_doubt, doubts_of, second_opinion
from samorsak.pipeline.evidence import read_manifest, read_run_scheme
from samorsak.pipeline.frame import FRAME, read_frame
from samorsak.pipeline.mapped import known_of
from samorsak.pipeline.model import Model
from samorsak.pipeline.nearness import encoder_for
from samorsak.pipeline.probabilities import read_probabilities
from samorsak.pipeline.queue_rows import row_maker
from samorsak.pipeline.training import load_model
from samorsak.report.files import STATEMENTS, read_coded, read_statements
from samorsak.review import Outlook, in_order, look_ahead
from samorsak.scheme import NO_CAUSE, Scheme

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Review:
    """A queue, and what it is expected to find.

    Attributes
    ----------
    rows : tuple of QueueRow
    outlook : Outlook
    decided, audited : int
        Answers left out: a person has decided them, or they are of an audit, which is blind.
    """

    rows: tuple[QueueRow, ...]
    outlook: Outlook
    decided: int
    audited: int


def build_queue(
    folder: str | Path,
    n: int = 50,
    *,
    annotations: Sequence[str | Path] = (),
    lexicon: Sequence[str | Path] | None = None,
    model: str | Path | None = None,
    encoder: str | Path | None = None,
    question: str | None = None,
    say: Callable[[str], None] | None = None,
) -> tuple[QueueRow, ...]:
    """Give the answers of a coded round that a person should look at first; see `review_round`."""
    return review_round(
        folder,
        n,
        annotations=annotations,
        lexicon=lexicon,
        model=model,
        encoder=encoder,
        question=question,
        say=say,
    ).rows


def review_round(
    folder: str | Path,
    n: int = 50,
    *,
    annotations: Sequence[str | Path] = (),
    lexicon: Sequence[str | Path] | None = None,
    model: str | Path | None = None,
    encoder: str | Path | None = None,
    question: str | None = None,
    say: Callable[[str], None] | None = None,
) -> Review:
    """Choose the answers of a coded round where most errors are expected, and say why.

    An error is a category that a coder would not give the answer but the machine did, or the other way round.
    Answers that a person has decided, and those of an audit that was drawn from the folder, are left out.
    Where a person has decided the same text elsewhere, the errors are known.

    Parameters
    ----------
    folder : str or Path
        As `samorsak classify` wrote it.
    n : int
        How many answers; fewer where there are fewer.
    annotations : sequence of str or Path
        What people decided: answers of this round, which are left out, and others; statements are set against
        all of them.
    lexicon : sequence of str or Path, optional
        How people state the categories; that of the scheme in the package if it is the round's own.
    model : str or Path, optional
        The model that coded the round, if not where its name says. Without it, where statements begin and end
        is not doubted.
    encoder : str or Path, optional
        Says what is near what; "sv-static" for Swedish where not given, else character n-grams.
    question : str, optional
        Only this question.
    say : callable, optional
        Told what could not be looked at.

    Raises
    ------
    InputError
        The folder cannot be read, or there is no such question.
    AnnotationError
        Annotations are not by the round's scheme, or of an audit.
    ModelError
        The named model or encoder cannot be loaded, or is not the one that coded the round.
    """
    folder = Path(folder)
    coded, scheme, manifest = read_coded(folder), read_run_scheme(folder), read_manifest(folder)
    if question is not None and question not in scheme.questions:
        raise InputError(f"question is {question!r}, the scheme has: {', '.join(scheme.questions)}")
    audits = [folder] if (folder / AUDIT).exists() else []
    lessons = read_lessons([Path(path) for path in annotations], scheme, audits, say) if annotations else ()
    entries = own_lexicon(scheme, lexicon)
    opened, coder = encoder_for(scheme.language, encoder), _coder(manifest, model, say)
    codings, doubts = [], []
    with threadpool_limits(1):  # with more, sums are taken in another order and the last bits differ
        for name, coding in _codings(folder, coded, scheme, manifest).items():
            if question not in (None, name):
                continue
            known = known_of(name, scheme, entries, lessons)
            found = doubts_of(coding, known, opened)
            if coder is not None:
                found.append(border_doubt(coding, coder.questions[name], scheme.language, coder.encoder))
            codings.append(replace(coding, second=second_opinion(coding, known, opened)))
            doubts.append(found)
        return _queue(codings, doubts, n, lessons, _drawn(folder, manifest), opened)


def _codings(
    folder: Path, coded: Sequence[CodedAnswer], scheme: Scheme, manifest: Mapping[str, Any]
) -> dict[str, Coding]:
    """Lay the round out by question, in the scheme's order."""
    probability = read_probabilities(folder, coded, scheme)
    thresholds = manifest.get("model", {}).get("thresholds", {})
    rows: dict[str, list[StatementRow]] = {answer.answer_id: [] for answer in coded}
    for row in read_statements(folder / STATEMENTS):
        if row.answer_id not in rows:
            raise InputError(
                f"{folder / STATEMENTS}: answer {row.answer_id!r} is not in the round; code it again"
            )
        rows[row.answer_id].append(row)
    found = {}
    for name in scheme.questions:
        if own := [answer for answer in coded if answer.question == name]:
            found[name] = Coding(
                own,
                [row for answer in own for row in rows[answer.answer_id]],
                (*scheme.outcomes(name), NO_CAUSE),
                np.stack([probability[answer.answer_id] for answer in own]),
                float(thresholds.get(name, 0.5)),
            )
    return found


def choose_answers(
    codings: Sequence[Coding],
    encoder: Encoder,
    n: int,
    open_to: NDArray[np.bool_] | None = None,
    known: Floats | None = None,
) -> tuple[NDArray[np.int64], Floats]:
    """Choose answers to read among those of all questions.

    Parameters
    ----------
    codings : sequence of Coding
    encoder : Encoder
        Says which answers say the same.
    n : int
    open_to : ndarray of bool, optional
        Answers that may be chosen, counted over the questions; all where not given.
    known : ndarray, optional
        Errors of answers of which they are known, as the same text was decided elsewhere; else not a number.

    Returns
    -------
    chosen : ndarray of int64, shape (q,)
        Places of the answers, counted over the questions, in the order to read them.
    expected : ndarray, shape (n,)
        Errors expected of every answer.
    """
    texts = [answer.text for coding in codings for answer in coding.answers]
    expected = np.concatenate([np.zeros(0), *(coding.expected for coding in codings)])
    expected = expected if known is None else np.where(np.isnan(known), expected, known)
    places = np.arange(len(texts)) if open_to is None else np.flatnonzero(open_to)
    vectors = encoder.encode([texts[i] for i in places.tolist()])
    return places[in_order(expected[places], vectors, n)], expected


def _queue(
    codings: Sequence[Coding],
    doubts: Sequence[Sequence[Doubt]],
    n: int,
    lessons: Sequence[Annotation],
    drawn: frozenset[str],
    encoder: Encoder,
) -> Review:
    answers = [answer for coding in codings for answer in coding.answers]
    shas = [text_sha256(answer.text) for answer in answers]
    decided = {(a.round, a.question, a.answer_id) for a in lessons if a.decided}
    done = np.array(
        [any((r, a.question, a.answer_id) in decided for r in (a.round, "")) for a in answers], bool
    )
    blind = np.array([sha in drawn for sha in shas], bool) & ~done
    settled = {(a.question, text_sha256(a.text)): categories_of(a) for a in lessons if a.decided}
    said = [settled.get((a.question, sha)) for a, sha in zip(answers, shas, strict=True)]
    known = np.array(
        [
            np.nan if s is None else len(_causes(s) ^ _causes(a.categories))
            for a, s in zip(answers, said, strict=True)
        ]
    )
    open_to = ~done & ~blind
    chosen, expected = choose_answers(codings, encoder, n, open_to, known)
    rows: list[QueueRow] = []
    told = [(c, i) for c, coding in enumerate(codings) for i in range(len(coding.answers))]
    makers = [row_maker(coding, own) for coding, own in zip(codings, doubts, strict=True)]
    for at in chosen.tolist():
        c, i = told[at]
        elsewhere = said[at] if known[at] > 0 else None
        rows.append(makers[c](i, float(expected[at]), elsewhere))
    queued = np.searchsorted(np.flatnonzero(open_to), chosen)
    return Review(tuple(rows), look_ahead(expected[open_to], queued), int(done.sum()), int(blind.sum()))


def _causes(categories: Iterable[str]) -> frozenset[str]:
    return frozenset(categories) - {NO_CAUSE}


def _drawn(folder: Path, manifest: Mapping[str, Any]) -> frozenset[str]:
    """Give the texts of the answers that an audit drew; an equal text would tell what is thought of it."""
    if "audit" not in manifest:
        return frozenset()
    return frozenset(row.text_sha256 for row in read_frame(folder / FRAME) if row.place is not None)


def _coder(
    manifest: Mapping[str, Any], name: str | Path | None, say: Callable[[str], None] | None
) -> Model | None:
    """Load the model that coded the round; None where it is not here and was not named."""
    about = manifest.get("model", {})
    try:
        found, card = load_model(name or about.get("name") or "")
    except ModelError:
        if name is not None:
            raise
        found = None
    if found is not None and card.get("sha256") == about.get("sha256"):
        return found
    if name is not None:
        raise ModelError(f"{name}: not the model that coded the round; name that one, or leave --model out")
    if say:
        say("the model that coded the round is not here: borders are not doubted; name it with --model")
    return None


def show_review(review: Review) -> str:
    """Say what is in a queue, what reading it should find, and when to stop."""
    o = review.outlook
    lines = [f"{o.queued} of {o.answers} answers queued"]
    if review.decided:
        lines.append(f"left out: {review.decided} decided already")
    if review.audited:
        lines.append(f"left out: {review.audited} of the audit, which stays blind")
    if o.queued:
        lines.append(
            f"expected: {o.found:.1f} wrong categories in these {o.queued}, "
            f"{o.at_random * o.queued:.1f} in as many read at random"
        )
        lines.append(
            f"left after them: {o.left:.2f} an answer. Stop where a row expects fewer than "
            f"{o.at_random:.2f}, what an answer read at random has: after {o.enough}"
        )
    return "\n".join(lines)
