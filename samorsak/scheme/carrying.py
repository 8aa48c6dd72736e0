"""The lexicon beside a scheme, carried over to its next version."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from samorsak.scheme.lexicon import question_of, read_lexicon
from samorsak.scheme.model import Scheme, Step


@dataclass(frozen=True, slots=True)
class Carried:
    """A lexicon for the next version.

    Attributes
    ----------
    files : mapping of str to str
        File name to text: every entry with the id that its category has now.
    waiting : mapping of str to str
        Likewise, the entries of split categories whose id is gone, as they were: a person says of each to
        which part it belongs.
    moved, undivided : mapping of Step to int
        How many entries have another id or question by a step, and how many a split left with the parent.
    """

    files: Mapping[str, str]
    waiting: Mapping[str, str]
    moved: Sequence[tuple[Step, int]]
    undivided: Sequence[tuple[Step, int]]


def carry_lexicon(folder: Path, old: Scheme, new: Scheme) -> Carried:
    """Carry the lexicon beside a version over to the next.

    Parameters
    ----------
    folder : Path
        JSON Lines files; entries that no step concerns stay as they are written.
    old, new : Scheme
        A version and the one made of it by `next_version`.

    Raises
    ------
    SchemeError
        The lexicon does not fit the old version.
    """
    read_lexicon(folder, old)  # says what is wrong, and where
    steps = {(s.question, c): s for s in new.crosswalk[len(old.crosswalk) :] for c in s.sources}
    files: dict[str, str] = {}
    waiting: dict[str, str] = {}
    counts: Counter[int] = Counter()
    for path in sorted(folder.glob("*.jsonl")):
        kept, apart = [], []
        text = path.read_text(encoding="utf-8-sig").removesuffix("\n")
        for line in text.split("\n") if text else ():
            entry = json.loads(line) if line.strip() else {}
            question = str(entry.get("question") or (question_of(path.stem, old) if entry else ""))
            category = str(entry.get("category"))
            step = steps.get((question, category))
            if step is None:
                kept.append(line)
                continue
            stays = category in step.targets and step.to_question is None
            counts[id(step)] += step.step == "split" or not stays
            if step.step == "split" and not stays:
                apart.append(json.dumps({**entry, "question": question}, ensure_ascii=False))
            else:
                kept.append(line if stays else _carried(entry, step))
        files[path.name] = "".join(f"{line}\n" for line in kept)
        if apart:
            waiting[path.name] = "".join(f"{line}\n" for line in apart)
    counted = [(s, counts[id(s)]) for s in dict.fromkeys(steps.values()) if counts[id(s)]]
    return Carried(
        files,
        waiting,
        [(s, n) for s, n in counted if s.step != "split"],
        [(s, n) for s, n in counted if s.step == "split"],
    )


def _carried(entry: Mapping[str, object], step: Step) -> str:
    where = {} if step.to_question is None else {"question": step.to_question}
    return json.dumps({**entry, "category": step.targets[0], **where}, ensure_ascii=False)
