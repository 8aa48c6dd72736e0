"""From a scheme, its lexicon and annotations to a model folder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from samorsak.annotations import Annotation, categories_of
from samorsak.bundle import find_model, load_bundle, save_bundle
from samorsak.encode import Encoder
from samorsak.errors import ModelError, TooFewError
from samorsak.pipeline.annotated import read_lessons
from samorsak.pipeline.encoding import open_encoder, reopen_encoder
from samorsak.pipeline.fitting import fit_question
from samorsak.pipeline.material import Entry, Gold, gather
from samorsak.pipeline.model import Model, QuestionModel, from_arrays, to_arrays
from samorsak.pipeline.model_card import render_card
from samorsak.scheme import (
    NO_CAUSE,
    OTHER,
    SCHEMES,
    LexiconEntry,
    Scheme,
    read_lexicon,
    read_scheme,
    scheme_folder,
)

_RULE = re.compile(r"\s*([^:]+): (\w+)\s*")


def train_model(
    scheme: str | Path,
    *,
    lexicon: Sequence[Path] = (),
    annotations: Sequence[Path] = (),
    audits: Sequence[Path] = (),
    out: Path,
    encoder: str | Path | None = None,
    prefix: str = "",
    allow_network: bool = False,
    seed: int = 0,
    say: Callable[[str], None] | None = None,
) -> Path:
    """Train a model and write its folder.

    Parameters
    ----------
    scheme : str or Path
        As for `samorsak.scheme.read_scheme`.
    lexicon : sequence of Path
        Files or folders of entries, besides the `lexicon` folder beside the scheme.
    annotations : sequence of Path
        Files or folders; without any, scheme and lexicon are all there is to learn from. Rows of an audit
        are refused.
    audits : sequence of Path
        Audit files or run folders whose rows must not be learned from, besides those that are found.
    out : Path
        The model folder.
    encoder, prefix, allow_network
        A sentence encoder whose vectors are learned from beside n-grams, as for
        `samorsak.encode.load_encoder`; whoever uses the model needs it, too. N-grams alone where not given.
    seed : int
        Decides how answers are dealt into groups where files do not.
    say : callable, optional
        Told what is being done.

    Returns
    -------
    Path
        `out`.

    Raises
    ------
    SchemeError, AnnotationError
        As the readers do.
    ModelError
        The encoder cannot be loaded.
    TooFewError
        A question has fewer than two outcomes to tell apart.
    """
    found = read_scheme(scheme)
    entries = read_entries(scheme, found, lexicon)
    annotated = read_lessons(annotations, found, audits, say) if annotations else ()
    named = None if encoder is None else open_encoder(encoder, prefix=prefix, allow_network=allow_network)
    model = fit_model(found, entries, annotated, seed, say, named.encoder if named else None)
    name = Path(out).name
    card = _card(name, model, entries, annotated, seed)
    if named:
        card["encoder"] = named.about
    save_bundle(Path(out), to_arrays(model), card, render_card(name, model, card))
    return Path(out)


def read_entries(scheme_path: str | Path, scheme: Scheme, lexicon: Sequence[Path]) -> list[LexiconEntry]:
    """Read a scheme's own lexicon and any more that is named; an entry that stands twice counts once.

    A scheme's own lexicon lies beside it. A scheme that means the same as one in the package (its fingerprint
    says so) has that one's lexicon too, wherever its file lies.
    """
    unique: dict[tuple[str | None, str, str], LexiconEntry] = {}
    for path in dict.fromkeys([*_own_lexicon(scheme_path, scheme), *map(Path, lexicon)]):
        for entry in read_lexicon(path, scheme):
            unique.setdefault((entry.question, entry.category, entry.text.casefold()), entry)
    return list(unique.values())


def _own_lexicon(scheme_path: str | Path, scheme: Scheme) -> list[Path]:
    packaged = sorted(path.parent for path in SCHEMES.glob("*/scheme.yaml"))
    twins = [folder for folder in packaged if read_scheme(folder).fingerprint() == scheme.fingerprint()]
    folders = dict.fromkeys(
        [*(twin / "lexicon" for twin in twins), scheme_folder(scheme_path).parent / "lexicon"]
    )
    return [folder for folder in folders if folder.is_dir()]


def fit_model(
    scheme: Scheme,
    lexicon: Sequence[LexiconEntry],
    annotations: Sequence[Annotation],
    seed: int = 0,
    say: Callable[[str], None] | None = None,
    encoder: Encoder | None = None,
) -> Model:
    """Fit a model for every question of a scheme."""
    questions: dict[str, QuestionModel] = {}
    with threadpool_limits(1):  # with more threads, sums are taken in another order and the last bits differ
        for question in scheme.questions:
            gold = [to_gold(a) for a in annotations if a.question == question]
            entries = entries_of(scheme, question, lexicon)
            if say:
                say(
                    f"{question}: {len(gold)} annotated answers, {len(entries)} entries of scheme and lexicon"
                )
            outcomes = (*scheme.outcomes(question), NO_CAUSE)
            told = {e.category for e in entries} | {c for g in gold for c in g.categories or {NO_CAUSE}}
            if len(told) < 2:
                raise TooFewError(
                    f"question {question!r}: {len(told)} categories have anything to learn from, "
                    "expected two or more; write definitions or lexicon entries, or annotate answers"
                )
            material = gather(outcomes, gold, entries, scheme.language, encoder)
            questions[question] = fit_question(material, seed, tried=True)
    return Model(scheme, questions, encoder)


def to_gold(annotation: Annotation) -> Gold:
    """Reduce an annotation to what a model learns from."""
    marked = annotation.statements
    return Gold(
        annotation.text,
        None if marked is None else tuple((m.start, m.end, m.category) for m in marked),
        categories_of(annotation) - {NO_CAUSE},
        annotation.source,
        annotation.origin == "suggested",
    )


def entries_of(scheme: Scheme, question: str, lexicon: Sequence[LexiconEntry]) -> list[Entry]:
    """Give a question's lexicon entries, and what its labels, definitions and rules say, to learn from."""
    found = [Entry(e.text, e.category, e.kind) for e in lexicon if e.question == question]
    known = set(scheme.outcomes(question))
    rules = list(scheme.borders)
    for name, category in scheme.question(question).categories.items():
        found.append(Entry(category.name(name), name, "label"))
        if category.definition:
            found.append(Entry(category.definition, name, "definition"))
        rules.append(category.excludes or "")
    for outcome in (OTHER, NO_CAUSE):
        residual = scheme.residual.get(outcome)
        if residual and residual.rule and (outcome in known or outcome == NO_CAUSE):
            found.append(Entry(residual.rule, outcome, "definition"))
    for rule in rules:  # "Meeting intervals: regular_meetings." says what belongs to another category
        for part in re.split(r"[.;](?:\s|$)", rule):
            match = _RULE.fullmatch(part)
            if match and match[2] in known:
                found.append(Entry(match[1], match[2], "rule"))
    return found


def load_model(
    name_or_path: str | Path, *, encoder: str | Path | None = None, allow_network: bool = False
) -> tuple[Model, Mapping[str, Any]]:
    """Load a model folder, checked, and the encoder it learned with, if any.

    Parameters
    ----------
    encoder : str or Path, optional
        Where that encoder lies, if not where its name in the card says.
    allow_network : bool
        Whether it may be fetched from a hub.

    Returns
    -------
    model : Model
    card : mapping
        What `card.json` says of it.

    Raises
    ------
    ModelError
        It is missing, damaged, foreign, or of another format, or its encoder is missing or another one.
    """
    path = find_model(name_or_path)
    arrays, card = load_bundle(path)
    try:
        learned_with = reopen_encoder(card, path, encoder, allow_network=allow_network)
        scheme = Scheme.model_validate(card["scheme"])
        return from_arrays(arrays, scheme, learned_with), card
    except (KeyError, ValueError, TypeError):
        raise ModelError(f"{path}: not a model that this version can read; train it again") from None


def _card(
    name: str, model: Model, entries: Sequence[LexiconEntry], annotations: Sequence[Annotation], seed: int
) -> dict[str, Any]:
    counted = Counter((a.question, a.source) for a in annotations)
    return {
        "name": name,
        "scheme": model.scheme.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "fingerprint": model.scheme.fingerprint(),
        "language": model.scheme.language,
        "seed": seed,
        "lexicon": dict(sorted(Counter(str(e.question) for e in entries).items())),
        "annotations": {f"{question}/{source}": n for (question, source), n in sorted(counted.items())},
        "thresholds": {q: found.calibration.threshold for q, found in model.questions.items()},
    }
