"""What `samorsak discover` keeps of a round, so that a later one can be set against it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from samorsak.cluster import Kept, same_kind
from samorsak.coded import StatementRow
from samorsak.errors import InputError
from samorsak.pipeline.evidence import RUN_FILE, read_manifest
from samorsak.report.clusters import CLUSTERED
from samorsak.report.delimited import read_rows, replacing, write_text
from samorsak.scheme import Scheme

ARRAYS, CARD = "clusters.safetensors", "clusters.json"
"""What the files are called in the folder that `samorsak discover` writes."""

FORMAT, FORMAT_VERSION = "samorsak-clusters", 1
LIBRARIES = ("umap-learn", "hdbscan", "pynndescent", "numba", "scikit-learn", "numpy")
"""What clusters are made with: with other versions they may come out otherwise."""

Ints = NDArray[np.int64]
Card = dict[str, Any]

_ABOUT = {"encoder": dict, "coded_by": dict, "versions": dict, "questions": dict, "sha256": dict}
_KINDS = {
    **{"vectors": "f", "strength": "f", "points": "f", "probability": "f"},
    **{"repeats": "i", "label": "i", "core": "i", "of": "i", "answer": "i", "category": "i"},
    **{"typical": "f", "claimed": "f"},
}
_CLUSTERS = ("vectors", "repeats", "label", "strength", "points", "core")


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """The statements of a question in a round, s of them, m distinct ones, of n answers.

    Attributes
    ----------
    wording : dict of str to str
        The question, by language.
    clusters : Kept
        Of the distinct statements.
    of, answer : ndarray of int64, shape (s,)
        Each statement's place among the distinct ones, and among the answers.
    answers : int
        n; those without a statement, too.
    outcomes : tuple of str, length k
    category : ndarray of int64, shape (s,)
        What the classifier calls each statement, as a place in `outcomes`.
    probability : ndarray of float64, shape (s,)
    typical, claimed : ndarrays of float64, shapes (m, x) and (m, y)
        How typical the distinct statements are of what could cover them, and how the classifier claims them.
    """

    wording: dict[str, str]
    clusters: Kept
    of: Ints
    answer: Ints
    answers: int
    outcomes: tuple[str, ...]
    category: Ints
    probability: NDArray[np.float64]
    typical: NDArray[np.float64]
    claimed: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class KeptRound:
    """A round as `samorsak discover` left it.

    Attributes
    ----------
    encoder : dict
        As `samorsak.pipeline.encoding.Named` says of it.
    coded_by : dict
        Check sums of `scheme` and `model` (None where it is not known), and the scheme's `language`.
    versions : dict of str to str
        Of the libraries that made the clusters.
    questions : dict of str to KeptQuestion
    rows : dict of str to list of dict
        The rows of clustered.csv by question, each by its columns.
    """

    encoder: Card
    coded_by: Card
    versions: dict[str, str]
    questions: dict[str, KeptQuestion]
    rows: dict[str, list[dict[str, str]]]


def keep_question(
    rows: Sequence[StatementRow],
    answers: Sequence[str],
    wording: Mapping[str, str],
    clusters: Kept,
    of: Ints,
    outcomes: Sequence[str],
    typical: NDArray[np.float64],
    claimed: NDArray[np.float64],
) -> KeptQuestion:
    """Put together what is kept of a question; `answers` are the ids of all its answers."""
    place = {answer_id: i for i, answer_id in enumerate(answers)}
    return KeptQuestion(
        wording=dict(wording),
        clusters=clusters,
        of=of,
        answer=np.array([place[row.answer_id] for row in rows], np.int64),
        answers=len(place),
        outcomes=tuple(outcomes),
        category=np.array([outcomes.index(row.category) for row in rows], np.int64),
        probability=np.array([row.probability for row in rows], np.float64),
        typical=typical,
        claimed=claimed,
    )


def library_versions() -> dict[str, str]:
    """Say what clusters are made with here."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def coded_by(folder: Path, scheme: Scheme) -> Card:
    """Say by which scheme and model a round was coded: with others, categories cannot be set side by side."""
    known = (folder / RUN_FILE).is_file()
    sums = read_manifest(folder).get("model", {}).get("sha256") if known else None
    model = sums.get("card") if isinstance(sums, dict) else None
    return {"scheme": scheme.fingerprint(), "model": model, "language": scheme.language}


def write_kept(
    folder: Path, questions: Mapping[str, KeptQuestion], encoder: Mapping[str, Any], coded: Card
) -> None:
    """Write the two files beside clustered.csv, which holds the texts and is bound to them by its check sum.

    Raises
    ------
    InputError
        A file cannot be written.
    """
    raw = save({f"{q}/{name}": array for q, kept in questions.items() for name, array in _arrays(kept)})
    about = {
        name: {
            "wording": q.wording,
            "answers": q.answers,
            "outcomes": list(q.outcomes),
            "settings": dict(q.clusters.settings),
        }
        for name, q in questions.items()
    }
    card: Card = {"format": FORMAT, "format_version": FORMAT_VERSION, "encoder": dict(encoder)}
    card |= {"coded_by": coded, "versions": library_versions(), "questions": about}
    card["sha256"] = {ARRAYS: _sum(raw), CLUSTERED: _sum((folder / CLUSTERED).read_bytes())}
    card["sha256"]["card"] = _card_sum(card)
    with replacing(folder / ARRAYS) as part:
        part.write_bytes(raw)
    write_text(folder / CARD, json.dumps(card, ensure_ascii=False, indent=1) + "\n")


def _arrays(q: KeptQuestion) -> list[tuple[str, NDArray[Any]]]:
    own = q.clusters
    found = {"vectors": own.vectors, "repeats": own.repeats, "label": own.label, "strength": own.strength}
    found |= {"points": own.points, "core": own.core}
    found |= {"of": q.of, "answer": q.answer, "category": q.category, "probability": q.probability}
    found |= {"typical": q.typical, "claimed": q.claimed}
    return [(name, np.ascontiguousarray(array)) for name, array in found.items()]


def _sum(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _card_sum(card: Card) -> str:
    """Hash what the card says; its layout does not matter."""
    rest = {**card, "sha256": {name: value for name, value in card["sha256"].items() if name != "card"}}
    return _sum(json.dumps(rest, sort_keys=True).encode("ascii"))


def read_kept(folder: str | Path) -> KeptRound:
    """Read what `samorsak discover` kept of a round, and check that it is whole.

    Raises
    ------
    InputError
        Not such a folder, of another version, or a file of it was changed; says which, and what to do.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; expected one that 'samorsak discover' wrote")
    if not (folder / CARD).is_file():
        raise InputError(f"{folder}: no {CARD} in it; expected a folder that 'samorsak discover' wrote")
    card = _read_card(folder / CARD)
    for name in (ARRAYS, CLUSTERED):
        if _sum(_read(folder / name)) != card["sha256"].get(name):
            raise InputError(f"{folder / name}: {_changed('its check sum')}")
    try:
        arrays = load(_read(folder / ARRAYS))
        questions = {name: _question(name, own, arrays) for name, own in card["questions"].items()}
    except (SafetensorError, ValueError, KeyError, TypeError, IndexError):
        raise InputError(f"{folder / ARRAYS}: {_changed('its content')}") from None
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in questions}
    header, cells = read_rows(folder / CLUSTERED, ("answer_id", "question", "start", "end", "text"))
    for _, row in cells:
        rows.setdefault(row[header.index("question")], []).append(dict(zip(header, row, strict=True)))
    if any(len(rows[name]) != len(q.of) for name, q in questions.items()):
        raise InputError(f"{folder / CLUSTERED}: {_changed('its number of rows')}")
    return KeptRound(card["encoder"], card["coded_by"], card["versions"], questions, rows)


def _changed(what: str) -> str:
    return f"{what} is not the one in {CARD}; run 'samorsak discover' on that round again"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        way_out = "run 'samorsak discover' on that round again"
        raise InputError(f"{path}: no such file, or not readable; {way_out}") from None


def _read_card(path: Path) -> Card:
    try:
        card = json.loads(_read(path).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        card = None
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise InputError(f"{path}: not the clusters of a round; run 'samorsak discover' on that round again")
    if card.get("format_version") != FORMAT_VERSION:
        raise InputError(
            f"{path}: format_version is {card.get('format_version')!r}, this samorsak reads {FORMAT_VERSION};"
            " run 'samorsak discover' on that round again"
        )
    whole = all(isinstance(card.get(name), kind) for name, kind in _ABOUT.items())
    if not whole or card["sha256"].get("card") != _card_sum(card):
        raise InputError(f"{path}: damaged; run 'samorsak discover' on that round again")
    return card


def _question(name: str, about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> KeptQuestion:
    own = {key: arrays[f"{name}/{key}"] for key in _KINDS}
    if any(own[key].dtype.kind != kind for key, kind in _KINDS.items()) or not same_kind(about["settings"]):
        raise ValueError("other kinds of arrays or settings than are written")
    _check_places(own, len(about["outcomes"]), about["answers"])
    return KeptQuestion(
        dict(about["wording"]),
        Kept(**{key: own[key] for key in _CLUSTERS}, settings=about["settings"]),
        own["of"],
        own["answer"],
        about["answers"],
        tuple(about["outcomes"]),
        own["category"],
        own["probability"],
        own["typical"],
        own["claimed"],
    )


def _check_places(own: Mapping[str, NDArray[Any]], outcomes: int, answers: int) -> None:
    limits = {"of": len(own["vectors"]), "answer": answers, "category": outcomes}
    if any(len(own[key]) and not 0 <= own[key].min() <= own[key].max() < n for key, n in limits.items()):
        raise ValueError("a place outside of what it is a place in")
    if any(own[key].ndim != 2 or len(own[key]) != len(own["vectors"]) for key in ("typical", "claimed")):
        raise ValueError("of other statements than there are vectors of")
