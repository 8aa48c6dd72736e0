"""The model card of a trained model, for people; `card.json` holds the same and more for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from samorsak.pipeline.model import Model

_CARD = """\
# {name}

A model of samorsak: for each question the n-gram vocabulary (as hashes: no words of an answer are
in it), linear heads, path weights and calibration. Arrays and JSON only: nothing in the folder is
executed.

## Data

Scheme {scheme}, version {version}, fingerprint {fingerprint}; language {language}.

| question | outcomes | annotated answers | lexicon entries | threshold |
|---|---|---|---|---|
{rows}

{encoder}Definitions and border rules of the scheme were learned from as well.

## Limits

A probability says how likely it is that a coder would give the *answer* that category. It holds
for answers like those the model learned from; only an audit of a round's own answers says how well
it holds there. The model knows no question, category or language but those above.
{tried}

## To make it again

`samorsak train --scheme SCHEME --annotations PATH{options} --seed {seed} --out FOLDER`, with
the same data and versions; `samorsak evaluate` measures how good it is on authors it has not seen.
"""

_ENCODER = """\
Vectors of the encoder {name} ({dimensions} dimensions) were learned from,
too; coding needs the same encoder. The check sum of its weights is {sha256}.

"""

_TRIED = """\
Intervals without an audit rest on how it did on annotated answers that it had not learned from
(of {questions}); they suppose that the answers of a round are like those."""

_UNTRIED = "It was not tried on answers it had not learned from: no intervals without an audit."


def render_card(name: str, model: Model, card: Mapping[str, Any]) -> str:
    """Write the model card in Markdown.

    Parameters
    ----------
    name : str
        Of the model.
    model : Model
    card : mapping
        What `card.json` says.
    """
    about = card.get("encoder")
    tried = ", ".join(question for question, own in model.questions.items() if own.trial is not None)
    return _CARD.format(
        name=name,
        scheme=model.scheme.name or "(unnamed)",
        version=model.scheme.version,
        fingerprint=card["fingerprint"],
        language=model.scheme.language,
        rows="\n".join(_rows(model, card)),
        encoder=_ENCODER.format_map(about) if about else "",
        tried=_TRIED.format(questions=tried) if tried else _UNTRIED,
        options=_options(about) if about else "",
        seed=card["seed"],
    )


def _rows(model: Model, card: Mapping[str, Any]) -> Iterator[str]:
    for question, found in model.questions.items():
        n = sum(n for key, n in card["annotations"].items() if key.startswith(f"{question}/"))
        entries = card["lexicon"].get(question, 0)
        threshold = found.calibration.threshold
        yield f"| {question} | {len(found.outcomes)} | {n} | {entries} | {threshold:.2f} |"


def _options(about: Mapping[str, Any]) -> str:
    """Write the options that name the model's encoder."""
    prefix = f' --prefix "{about["prefix"]}"' if about["prefix"] else ""
    return f" --encoder {about['name']}{prefix}"
