"""A model folder: arrays in safetensors, a card in JSON with check sums, a README. None of it is executed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from samorsak import __version__
from samorsak.errors import ModelError
from samorsak.places import find_place, model_roots

FORMAT = "samorsak-model"
FORMAT_VERSION = 1

CARD = "card.json"
WEIGHTS = "weights.safetensors"
README = "README.md"
_PART = ".part"

Arrays = dict[str, NDArray[Any]]


def save_bundle(
    folder: Path, arrays: Mapping[str, NDArray[Any]], card: Mapping[str, Any], readme: str
) -> dict[str, Any]:
    """Write a model folder; the same model gives the same bytes.

    Everything is first written beside what is there, then put in its place, the card last. Interrupted before
    that, an older model stays whole; in the middle of it, the check sums tell.

    Parameters
    ----------
    folder : Path
        New, empty, or an older model of ours that is replaced.
    arrays : mapping of str to ndarray
        Booleans and numbers up to 64 bits, of any shape.
    card : mapping
        What JSON can hold. `format`, `format_version`, `samorsak` and `sha256` are set here.
    readme : str
        The model card for people, in Markdown.

    Returns
    -------
    dict
        The card as written; ``card["sha256"]["card"]`` stands for the whole model.

    Raises
    ------
    ModelError
        The folder holds something else, or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     card = save_bundle(Path(folder), {"q/weights": np.eye(2)}, {"name": "small"}, "# small")
    ...     arrays, loaded = load_bundle(Path(folder))
    >>> loaded == card, loaded["name"], arrays["q/weights"].tolist()
    (True, 'small', [[1.0, 0.0], [0.0, 1.0]])
    """
    _check_free(folder)
    weights = save({name: _packed(name, array) for name, array in arrays.items()})
    own = {"format": FORMAT, "format_version": FORMAT_VERSION, "samorsak": __version__}
    rest = {key: value for key, value in card.items() if key not in (*own, "sha256")}
    full = json.loads(json.dumps({**own, **rest}, allow_nan=False))
    full["sha256"] = {WEIGHTS: hashlib.sha256(weights).hexdigest()}
    full["sha256"]["card"] = _card_sum(full)
    written = json.dumps(full, ensure_ascii=False, indent=2) + "\n"
    files = {WEIGHTS: weights, README: readme.encode("utf-8"), CARD: written.encode("utf-8")}
    try:
        _replace(folder, files)
    except OSError as error:
        raise ModelError(
            f"{folder}: cannot be written ({error.strerror}); name another folder, or close what uses it"
        ) from None
    return dict(full)


def _check_free(folder: Path) -> None:
    """Refuse to write over what is no model; a damaged one may be replaced."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ModelError(f"{folder}: a file, expected a folder to write the model to; name another")
    there = {path.name.removesuffix(_PART) for path in folder.iterdir()}
    if there <= {WEIGHTS, CARD, README} and there != {README}:
        return
    if not _is_model(folder):
        raise ModelError(f"{folder}: holds other files than a model's, expected a new folder; name another")


def _is_model(folder: Path) -> bool:
    """Say whether a folder has the card of a model, whole or damaged; encoders have cards of their own."""
    try:
        return bool(json.loads((folder / CARD).read_bytes())["format"] == FORMAT)
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return False


def _packed(name: str, array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise ValueError(f"array {name!r} is of {array.dtype}, expected booleans or numbers")
    # safetensors reads the memory as it lies: a transposed array would come back with its numbers in disorder
    ordered = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
    return ordered.reshape(array.shape)


def _replace(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    parts = {folder / f"{name}{_PART}": folder / name for name in files}
    try:
        for part, raw in zip(parts, files.values(), strict=True):
            with part.open("wb") as out:
                out.write(raw)
                out.flush()
                os.fsync(out.fileno())
        for part, place in parts.items():
            part.replace(place)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def _card_sum(card: Mapping[str, Any]) -> str:
    """Hash what the card says, the weights' check sum included; its layout and line breaks do not matter."""
    sums = {name: value for name, value in card["sha256"].items() if name != "card"}
    said = json.dumps({**card, "sha256": sums}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode("ascii")).hexdigest()


def load_bundle(folder: Path) -> tuple[Arrays, dict[str, Any]]:
    """Read a model folder and check that it is whole.

    Parameters
    ----------
    folder : Path
        As `find_model` gives it.

    Returns
    -------
    arrays : dict of str to ndarray
    card : dict
        All of `card.json`.

    Raises
    ------
    ModelError
        Not a model folder, of another format, or damaged; says which file, and what to do.
    """
    card = _read_card(folder)
    place = folder / WEIGHTS
    raw = _read(place)
    if _is_pickle(raw):
        raise ModelError(f"{place}: a pickle or archive, expected safetensors; not opened, train it again")
    if hashlib.sha256(raw).hexdigest() != card["sha256"][WEIGHTS]:
        raise ModelError(_damaged(place, f"{len(raw)} bytes whose check sum is not the one in {CARD}"))
    try:
        return load(raw), card
    except (SafetensorError, ValueError, KeyError):
        raise ModelError(f"{place}: not readable as safetensors; train it again") from None


def _damaged(place: Path, found: str) -> str:
    return f"{place}: damaged ({found}); copy the whole folder again, or train it again"


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"{place}: missing, expected a file of the model; copy the whole folder") from None
    except OSError as error:
        raise ModelError(f"{place}: cannot be read ({error.strerror}); copy the whole folder again") from None


def _is_pickle(raw: bytes) -> bool:
    # The header of safetensors begins at byte 8. Torch zips its pickles, joblib compresses them.
    return raw[8:9] != b"{" and raw.startswith((b"\x80", b"PK\x03\x04", b"\x78", b"\x1f\x8b"))


def _read_card(folder: Path) -> dict[str, Any]:
    if not folder.exists():
        raise ModelError(f"{folder}: no such folder, expected a model; check the spelling, or train one")
    if not folder.is_dir():
        raise ModelError(f"{folder}: a file, expected the folder of a model; give the folder")
    place = folder / CARD
    if not place.exists():
        raise ModelError(f"{folder}: no {CARD} in it, expected the folder of a model; copy the whole folder")
    try:
        card = json.loads(_read(place).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ModelError(_damaged(place, "no JSON")) from None
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ModelError(f"{place}: not the card of a samorsak model; give another folder, or train one")
    version = card.get("format_version")
    if version != FORMAT_VERSION or version is True:
        raise ModelError(
            f"{place}: format_version is {version!r}, this samorsak reads {FORMAT_VERSION}; "
            "train it again, or install the samorsak that made it"
        )
    sums = card.get("sha256")
    if not isinstance(sums, dict) or WEIGHTS not in sums or sums.get("card") != _card_sum(card):
        raise ModelError(_damaged(place, "its check sum is not that of its content"))
    return card


def find_model(name_or_path: str | Path) -> Path:
    """Find a model: a folder, else a name in `./models`, in the package or in the source tree, in this order.

    Parameters
    ----------
    name_or_path : str or Path
        ``"af-causes"``, or a folder.

    Raises
    ------
    ModelError
        There is none; names those there are.
    """
    found = find_place(name_or_path)
    if found is not None:
        return found
    folders = [folder for root in model_roots() if root.is_dir() for folder in root.iterdir()]
    known = {folder.name for folder in folders if _is_model(folder)}
    way_out = f"one of: {', '.join(sorted(known))}" if known else "train one"
    name = str(name_or_path) or "model"
    raise ModelError(f"{name}: no such model; give the folder of a model, or {way_out}")
