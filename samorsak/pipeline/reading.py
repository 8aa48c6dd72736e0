"""A round file in, with personal data masked: the door through which every command takes answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from samorsak.answers import Answer, Closed, Round, read_round, write_answers
from samorsak.answers.closed import respondent_of
from samorsak.answers.respondents import masked_levels
from samorsak.errors import InputError
from samorsak.privacy import KINDS, mask
from samorsak.report.delimited import replacing


@dataclass(frozen=True, slots=True)
class MaskedRound:
    """A round as the rest of the toolkit may see it.

    Attributes
    ----------
    round : Round
        Texts and background values have words in brackets for personal data, unless it was to be kept.
    masked : mapping of str to int
        Finds per kind, those of a background that several answers share counted once; kinds without a find
        are left out.
    personal_ids : int
        Answers whose id looks like personal data. An id is never changed, as rows are found again by it.
    """

    round: Round
    masked: Mapping[str, int]
    personal_ids: int


def open_round(
    path: str | Path,
    *,
    text: Mapping[str, str] | None = None,
    id_column: str | None = None,
    round_name: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    keep_personal_data: bool = False,
) -> MaskedRound:
    """Read a round file or a round description, and mask personal data in it.

    Parameters
    ----------
    path, text, id_column, round_name, sheet, encoding, delimiter
        As for `samorsak.answers.read_round`.
    keep_personal_data : bool
        Leave texts and background values as they are.

    Returns
    -------
    MaskedRound

    Raises
    ------
    InputError
        For whatever keeps a row from being read.
    """
    round_ = read_round(
        path,
        text=text,
        id_column=id_column,
        round_name=round_name,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
    )
    if keep_personal_data:
        return MaskedRound(round_, {}, 0)
    return mask_round(round_)


def mask_round(round_: Round) -> MaskedRound:
    """Mask personal data in the texts and background values of a round.

    The id column that a wide round keeps among its background stays as it is: it is part of every answer_id.
    """
    masking = _Masking(round_.columns["answer_id"] if round_.layout == "wide" else None)
    answers = tuple(masking.answer(answer) for answer in round_.answers)
    closed = masking.closed(round_.closed, round_.answers) if round_.closed else None
    counts = {kind: masking.counts[kind] for kind in KINDS if masking.counts[kind]}
    personal_ids = sum(bool(mask(answer.answer_id).counts) for answer in answers)
    return MaskedRound(replace(round_, answers=answers, closed=closed), counts, personal_ids)


def write_long(path: str | Path, opened: MaskedRound, source: str | Path) -> None:
    """Write a round as the canonical long CSV, whole or not at all.

    Raises
    ------
    InputError
        The file cannot be written, or is the file that was read.
    """
    path, source = Path(path), Path(source)
    for own in (source, source.with_name(opened.round.name)):
        if path.exists() and own.exists() and path.samefile(own):
            raise InputError(f"{path}: is the round that was read, expected another file for --out")
    with replacing(path) as part:
        write_answers(part, opened.round.answers)


class _Masking:
    """Masks answers one by one; what stands in thousands of rows is looked at once."""

    def __init__(self, id_column: str | None) -> None:
        self.id_column = id_column
        self.counts: Counter[str] = Counter()
        self._values: dict[str, tuple[str, Mapping[str, int]]] = {}
        self._shared: Mapping[str, str] | None = None
        self._own: Mapping[str, str] = {}

    def answer(self, answer: Answer) -> Answer:
        """Mask text and background; an answer without finds comes back as it is."""
        masked = mask(answer.text)
        self.counts.update(masked.counts)
        # The answers of a wide row follow each other and share one mapping: masked once, counted once.
        if answer.background is not self._shared:
            self._shared, self._own = answer.background, self._background(answer.background)
        if not masked.counts and self._own is answer.background:
            return answer
        return replace(answer, text=masked.text, background=self._own)

    def closed(self, closed: Closed, answers: Sequence[Answer]) -> Closed:
        """Mask the background of respondents and levels that the file gave; what answers had is counted."""
        column = closed.respondent_column
        wrote = {
            (a.round, respondent_of(a.answer_id, a.question, a.background.get(column or ""))) for a in answers
        }
        counted = Counter(self.counts)
        respondents = []
        for respondent in closed.respondents:
            background = self._background(respondent.background)
            if (respondent.round, respondent.respondent_id) in wrote:
                self.counts = Counter(counted)  # counted with the answers
            counted = Counter(self.counts)
            respondents.append(replace(respondent, background=background))
        levels = {level for question in closed.questions.values() for level in question.levels}
        masked = {level: found.text for level in sorted(levels) if (found := mask(level)).counts}
        closed = replace(closed, respondents=tuple(respondents))
        return masked_levels(closed, masked) if masked else closed

    def _background(self, background: Mapping[str, str]) -> Mapping[str, str]:
        changed = {}
        for name, value in background.items():
            if value not in self._values:
                found = mask(value)
                self._values[value] = found.text, found.counts
            text, counts = self._values[value]
            if counts and not self._is_id(name):
                self.counts.update(counts)
                changed[name] = text
        return {**background, **changed} if changed else background

    def _is_id(self, name: str) -> bool:
        # In a wide file whose id column is called answer_id, the background calls it "answer_id (file)".
        return self.id_column is not None and name.removesuffix(" (file)") == self.id_column
