"""Contrastive training of a matrix of features: what belongs together comes close, the rest goes away.

Plain numpy: one matrix, one loss, its gradient by hand. The loss is InfoNCE (van den Oord et al. 2018,
eq. 4), taken in both directions; the step is Adam (Kingma & Ba 2015, algorithm 1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from samorsak.encode.static import unit_rows

type_floats = npt.NDArray[np.float32]
type_ints = npt.NDArray[np.int64]

BATCH = 512
TEXTS = 768
"""Pairs of expressions, and at most this many halved texts, in a step."""

TEMPERATURE = 0.07
RATE = 3e-3
DROPPED = 0.3
"""Share of a word's features that a step does without, so that the others learn to stand in for them."""

MIXED, MIXED_WEIGHT = 0.5, 0.7
"""How often another expression is mixed into one, and what it weighs: answers say more than one thing."""


@dataclass(frozen=True, slots=True)
class Material:
    """What is learned from, all of it over the same u distinct words.

    Attributes
    ----------
    features : csr_matrix of float32, shape (u, f)
        The weighted features of each word.
    expressions : csr_matrix of float32, shape (e, u)
        The words of each expression; those of a concept stand together.
    concepts : ndarray of int64, shape (c + 1,)
        Concept i owns the expressions from ``concepts[i]`` to ``concepts[i + 1]``.
    flow, texts : ndarray of int64, shapes (w,) and (t + 1,)
        Running texts: the words in order, and where each text begins.
    chances : ndarray of float32, shape (t,)
        How likely each text is to be drawn in an epoch.
    """

    features: sp.csr_matrix
    expressions: sp.csr_matrix
    concepts: type_ints
    flow: type_ints
    texts: type_ints
    chances: type_floats


def info_nce(
    left: type_floats, right: type_floats, groups: type_ints, temperature: float = TEMPERATURE
) -> tuple[float, type_floats, type_floats]:
    """Give the loss of pairs and its gradients.

    Parameters
    ----------
    left, right : ndarray of float32, shape (b, d)
        Row i of one belongs with row i of the other; they need not be of unit length.
    groups : ndarray of int64, shape (b,)
        Rows of the same group are never held against each other.

    Returns
    -------
    loss : float
    left_gradient, right_gradient : ndarray of float32, shape (b, d)
    """
    a, b = unit_rows(left), unit_rows(right)
    scores = (a @ b.T) / np.float32(temperature)
    apart = groups[:, None] != groups[None, :]
    np.fill_diagonal(apart, True)
    scores[~apart] = -1e4
    rows, across = _softmax(scores), _softmax(scores.T).T
    chosen = np.arange(len(a)), np.arange(len(a))
    tiny = np.float32(1e-12)
    loss = -float(np.log(rows[chosen] + tiny).mean() + np.log(across[chosen] + tiny).mean()) / 2
    slope: type_floats = rows + across
    slope[chosen] -= 2
    slope /= np.float32(2 * len(a) * temperature)
    toward_b: type_floats = slope @ b
    toward_a: type_floats = slope.T @ a
    return loss, _through_unit(toward_b, a, left), _through_unit(toward_a, b, right)


def _softmax(scores: type_floats) -> type_floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: type_floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _through_unit(gradient: type_floats, unit: type_floats, rows: type_floats) -> type_floats:
    """Carry a gradient back through the scaling to unit length."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    along = np.einsum("ij,ij->i", gradient, unit)[:, None]
    back: type_floats = (gradient - along * unit) / np.maximum(lengths, np.float32(1e-6))
    return back


class _Adam:
    """The optimiser's memory of one matrix, changed in place."""

    def __init__(self, matrix: type_floats) -> None:
        self.matrix = matrix
        self.mean = np.zeros_like(matrix)
        self.square = np.zeros_like(matrix)
        self.steps = 0

    def step(self, gradient: type_floats) -> None:
        self.steps += 1
        first, second = 0.9, 0.999
        self.mean *= np.float32(first)
        self.mean += np.float32(1 - first) * gradient
        gradient *= gradient
        self.square *= np.float32(second)
        self.square += np.float32(1 - second) * gradient
        rate = RATE * np.sqrt(1 - second**self.steps) / (1 - first**self.steps)
        np.sqrt(self.square, out=gradient)
        gradient += np.float32(1e-8)
        np.divide(self.mean, gradient, out=gradient)
        gradient *= np.float32(rate)
        self.matrix -= gradient


def train_matrix(
    material: Material,
    dimensions: int,
    epochs: int,
    seed: int,
    say: Callable[[str], None] | None = None,
) -> type_floats:
    """Learn a row for each feature.

    Returns
    -------
    ndarray of float32, shape (f, dimensions)
        What a feature adds to a word is its weight times its row.
    """
    rng = np.random.default_rng(seed)
    shape = (material.features.shape[1], dimensions)
    matrix = rng.standard_normal(shape, dtype=np.float32) * np.float32(0.05)
    adam = _Adam(matrix)
    for epoch in range(epochs):
        losses = [
            _step(material, adam, pairs, halves, rng)
            for pairs, halves in zip(*_batches(material, rng), strict=True)
        ]
        if say:
            mean = np.mean(losses, axis=0)
            say(f"epoch {epoch + 1} of {epochs}: loss {mean[0]:.3f} on concepts, {mean[1]:.3f} on texts")
    return matrix


type_pair = tuple[sp.csr_matrix, sp.csr_matrix, type_ints]


def _batches(material: Material, rng: np.random.Generator) -> tuple[list[type_pair], list[type_pair]]:
    """Lay out an epoch: three pairs of each concept, and a part of the texts."""
    count = len(material.concepts) - 1
    order = np.concatenate([rng.permutation(count) for _ in range(3)])
    steps = max(1, len(order) // BATCH)
    texts = rng.permutation(np.flatnonzero(rng.random(len(material.chances)) < material.chances))
    share = min(TEXTS, len(texts) // steps)
    pairs, halves = [], []
    for step in range(steps):
        chosen = order[step * BATCH : (step + 1) * BATCH]
        pairs.append((_drawn(material, chosen, rng), _drawn(material, chosen, rng), chosen))
        mine = texts[step * share : (step + 1) * share]
        halves.append((*_halves(material, mine, rng), np.arange(len(mine))))
    return pairs, halves


def _drawn(material: Material, concepts: type_ints, rng: np.random.Generator) -> sp.csr_matrix:
    """Draw an expression of each concept, and mix another one, of any concept, into some."""
    first, last = material.concepts[concepts], material.concepts[concepts + 1]
    own = material.expressions[rng.integers(first, last)]
    other = material.expressions[rng.integers(material.expressions.shape[0], size=len(concepts))]
    weight = np.where(rng.random(len(concepts)) < MIXED, MIXED_WEIGHT, 0).astype(np.float32)
    return (own + sp.diags(weight) @ other).tocsr()


def _halves(
    material: Material, texts: type_ints, rng: np.random.Generator
) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Deal the words of each text at random into two halves."""
    sides: tuple[list[type_ints], list[type_ints]] = ([], [])
    for text in texts:
        words = rng.permutation(material.flow[material.texts[text] : material.texts[text + 1]])
        sides[0].append(words[: len(words) // 2])
        sides[1].append(words[len(words) // 2 :])
    width = material.features.shape[0]
    return _bags(sides[0], width), _bags(sides[1], width)


def _bags(rows: list[type_ints], width: int) -> sp.csr_matrix:
    bounds = np.cumsum([0, *map(len, rows)])
    words = np.concatenate([np.zeros(0, np.int64), *rows])
    return sp.csr_matrix((np.ones(len(words), np.float32), words, bounds), shape=(len(rows), width))


def _step(
    material: Material, adam: _Adam, pairs: type_pair, halves: type_pair, rng: np.random.Generator
) -> tuple[float, float]:
    """Take one step; gives the loss on the concepts and on the texts."""
    blocks = [pairs[0], pairs[1], halves[0], halves[1]]
    stacked = sp.vstack(blocks, format="csr")
    # a word that stands in many texts of the batch is summed from its n-grams once
    used, columns = np.unique(stacked.indices, return_inverse=True)
    bags = sp.csr_matrix((stacked.data, columns, stacked.indptr), shape=(stacked.shape[0], len(used)))
    features = material.features[used]
    features.data *= rng.random(len(features.data), dtype=np.float32) >= np.float32(DROPPED)
    vectors = bags @ (features @ adam.matrix)
    cuts = np.cumsum([block.shape[0] for block in blocks])[:-1]
    parts = np.split(vectors, cuts)
    concepts, *gradients = info_nce(parts[0], parts[1], pairs[2])
    texts = 0.0
    if len(halves[2]):
        texts, *more = info_nce(parts[2], parts[3], halves[2])
        gradients += more
    else:
        gradients += parts[2:]
    back = bags.T @ np.concatenate(gradients)
    adam.step(np.asarray(features.T @ back, np.float32))
    return concepts, texts


def main_directions(vectors: type_floats, dimensions: int) -> type_floats:
    """Give the directions in which texts differ most, without the one that they share most.

    Leaving out the first follows Arora et al. (2017), algorithm 1; keeping few, Mu & Viswanath (2018).

    Parameters
    ----------
    vectors : ndarray of float32, shape (m, w)

    Returns
    -------
    ndarray of float32, shape (w, dimensions)
        Orthonormal columns; as many as there are where w is not larger.
    """
    wide = vectors.astype(np.float64)
    directions = np.linalg.eigh(wide.T @ wide)[1][:, ::-1]
    kept: type_floats = directions[:, 1 : dimensions + 1].astype(np.float32)
    return kept
