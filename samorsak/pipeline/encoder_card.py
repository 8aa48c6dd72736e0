"""The model card of a static encoder: what it is made of, what it is good for, and what not."""

from __future__ import annotations

from samorsak.encode.static import StaticEncoder

_CARD = """\
---
language: sv
license: mit
library_name: sentence-transformers
tags: [sentence-similarity, feature-extraction]
---
# Static Swedish sentence vectors

Short Swedish texts on work, welfare and the public sector into vectors of {dimensions} numbers: a text is
the sum of its tokens ({tokens:,} words and pieces of words), scaled to unit length. No network and no torch
needed.

```python
from samorsak.encode import load_encoder

vectors = load_encoder("models/sv-static").encode(["varsel", "dra ner på personalen"])
```

It is an ordinary folder of sentence-transformers (`StaticEmbedding` and `Normalize`):
`SentenceTransformer("models/sv-static")` gives the same vectors, with or without samorsak.

## Made from

| source | amount | licence |
|---|---|---|
| `samorsak/concepts`, {concepts:,} of them | {expressions:,} expressions | MIT |
| the lexicon of samorsak's schemes: texts, not categories | {lexicon:,} texts | MIT |
| {corpus} | {sentences:,} sentences | {licence} |

No annotated answer is in it, and no category of a scheme. Words are first bags of themselves and their
character n-grams, trained by contrast: two expressions of a concept come together, and two halves of a
text's words; everything else in the batch goes away. What was learned is then folded into tokens. Seed
{seed}, {epochs} epochs. The same sources give the same bytes:

```
samorsak encoder build --corpus FILE --out FOLDER --seed {seed} --epochs {epochs} --dimensions {dimensions}
```

## Limits

- A bag of words: order and negation are seen only as far as words show them; "bra samverkan" and "inte bra
  samverkan" lie close together.
- It knows the words of its sources and what looks like them. A text without a known token gets zeros.
- Made for statements of a few words up to a sentence. For long texts, other fields or other languages take a
  transformer: `load_encoder` opens any sentence-transformers folder.
- Vectors of answers are personal data where the answers are.
"""

_STATUTES = ("the Swedish statute book (SFS)", "free of copyright (9 § upphovsrättslagen)")


def render_card(encoder: StaticEncoder, corpus: str | None) -> str:
    """Write the model card in Markdown.

    Parameters
    ----------
    encoder : StaticEncoder
        As `build_encoder` makes it.
    corpus : str or None
        File name of the corpus; one that begins with ``sfs`` is taken for the statute book.
    """
    about = encoder.about
    name, licence = (corpus or "no corpus", "that of its owner" if corpus else "none")
    if corpus and corpus.startswith("sfs"):
        name, licence = _STATUTES
    return _CARD.format(
        dimensions=encoder.dimensions,
        tokens=len(encoder.places),
        corpus=name,
        licence=licence,
        seed=about["seed"],
        epochs=about["epochs"],
        **about["sources"],
    )
