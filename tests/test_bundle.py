"""A model folder: written whole, found by name, and refused when anything is wrong with it."""

import hashlib
import json
import os
import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
    arrays,
    boolean_dtypes,
    floating_dtypes,
    integer_dtypes,
    unsigned_integer_dtypes,
)
from safetensors.numpy import save

from samorsak import __version__, bundle
from samorsak import places as places_of_models
from samorsak.bundle import find_model, load_bundle, save_bundle
from samorsak.errors import ModelError

ARRAYS = {
    "missed/weights": np.arange(6, dtype=np.float32).reshape(2, 3),
    "missed/terms": np.array([1, 2**63], "u8"),
}
CARD = {"name": "små", "scheme": {"version": 1}, "thresholds": {"missed": 0.1 + 0.2}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_bundle(tmp_path / "m", ARRAYS, CARD, "# små\n")
    return tmp_path / "m"


def error_of(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_bundle(folder)
    return str(caught.value)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_written(folder: Path) -> None:
    files = contents(folder)
    assert sorted(files) == ["README.md", "card.json", "weights.safetensors"]
    assert files["README.md"] == "# små\n".encode()
    card = json.loads(files["card.json"])
    sums = card.pop("sha256")
    assert card == {"format": "samorsak-model", "format_version": 1, "samorsak": __version__, **CARD}
    assert sums["weights.safetensors"] == hashlib.sha256(files["weights.safetensors"]).hexdigest()
    assert b'"name": "sm\xc3\xa5"' in files["card.json"]
    assert b"\r" not in files["card.json"]


def test_what_is_read_is_what_was_written(folder: Path) -> None:
    arrays_read, card = load_bundle(folder)
    assert sorted(arrays_read) == ["missed/terms", "missed/weights"]
    assert arrays_read["missed/weights"].tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert arrays_read["missed/weights"].dtype == np.float32
    assert arrays_read["missed/terms"].tolist() == [1, 2**63]
    assert card["thresholds"] == {"missed": 0.30000000000000004}


def test_the_card_is_given_as_written(tmp_path: Path) -> None:
    card = save_bundle(tmp_path / "m", ARRAYS, {**CARD, 2024: 1, "format_version": 7, "sha256": "x"}, "")
    assert load_bundle(tmp_path / "m")[1] == card
    assert (card["2024"], card["format_version"]) == (1, 1)


def test_the_same_model_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    arrays_read, card = load_bundle(folder)
    save_bundle(tmp_path / "again", dict(reversed(arrays_read.items())), card, "# små\n")
    assert contents(tmp_path / "again") == contents(folder)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3).T,
        np.arange(6)[::2],
        np.arange(3, dtype=">i8"),
        np.array(2.5),
        np.zeros((0, 3)),
        np.array([True, False]),
        np.array([1, 2], np.float16),
    ],
    ids=["transposed", "stepped", "big-endian", "scalar", "empty", "flags", "half"],
)
def test_arrays_as_they_lie_in_memory(tmp_path: Path, array: np.ndarray) -> None:
    save_bundle(tmp_path, {"a": array}, {}, "")
    (found,) = load_bundle(tmp_path)[0].values()
    assert (found.tolist(), found.shape) == (array.tolist(), array.shape)
    assert found.dtype == array.dtype.newbyteorder("=")


NUMBERS = st.one_of(
    boolean_dtypes(), integer_dtypes(), unsigned_integer_dtypes(), floating_dtypes(sizes=(16, 32, 64))
)
NAMES = st.text("aå/😀", max_size=5)


@settings(deadline=None, max_examples=50)  # each example is synced to the disk
@given(st.dictionaries(NAMES, arrays(NUMBERS, array_shapes(max_dims=3)), max_size=4))
def test_any_numbers_come_back(
    tmp_path_factory: pytest.TempPathFactory, drawn: dict[str, np.ndarray]
) -> None:
    folder = tmp_path_factory.mktemp("m")
    save_bundle(folder, drawn, {}, "")
    found, _ = load_bundle(folder)
    assert sorted(found) == sorted(drawn)
    for name, array in drawn.items():
        np.testing.assert_array_equal(found[name], array)


@pytest.mark.parametrize("array", [np.array(["a"]), np.array([None]), np.ones(1, complex)])
def test_arrays_that_are_no_numbers(tmp_path: Path, array: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"^array 'a' is of .*, expected booleans or numbers$"):
        save_bundle(tmp_path / "m", {"a": array}, {}, "")
    assert not (tmp_path / "m").exists()


def test_not_a_number_in_the_card(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        save_bundle(tmp_path / "m", {}, {"f1": float("nan")}, "")
    assert not (tmp_path / "m").exists()


# --- where it is written


def test_a_model_is_replaced_and_what_lies_beside_it_stays(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    save_bundle(folder, {"b": np.ones(1)}, {"name": "new"}, "new")
    assert sorted(contents(folder)) == ["README.md", "card.json", "notes.txt", "weights.safetensors"]
    arrays_read, card = load_bundle(folder)
    assert (list(arrays_read), card["name"]) == (["b"], "new")


@pytest.mark.parametrize("names", [["README.md"], ["card.json", "model.pkl"], ["round.csv"]])
def test_other_folders_are_not_written_to(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        save_bundle(tmp_path, ARRAYS, CARD, "")
    assert str(caught.value) == (
        f"{tmp_path}: holds other files than a model's, expected a new folder; name another"
    )
    assert contents(tmp_path) == {name: b"mine" for name in names}


@pytest.mark.parametrize("names", [[], ["card.json"], ["weights.safetensors", "README.md", "card.json.part"]])
def test_a_damaged_model_can_be_trained_again(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("{", encoding="utf-8")
    save_bundle(tmp_path, ARRAYS, CARD, "# små\n")
    assert sorted(contents(tmp_path)) == ["README.md", "card.json", "weights.safetensors"]
    assert load_bundle(tmp_path)[1]["name"] == "små"


def test_writing_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "m").touch()
    with pytest.raises(ModelError) as caught:
        save_bundle(tmp_path / "m", ARRAYS, CARD, "")
    assert str(caught.value) == (
        f"{tmp_path / 'm'}: a file, expected a folder to write the model to; name another"
    )


def test_a_full_disk_leaves_the_older_model_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(folder)

    def full(handle: int) -> None:
        if (folder / "README.md.part").exists():  # the second file
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ModelError) as caught:
        save_bundle(folder, {"b": np.ones(1)}, {"name": "new"}, "new")
    assert str(caught.value) == (
        f"{folder}: cannot be written (No space left on device); name another folder, or close what uses it"
    )
    assert contents(folder) == before


def test_interrupted_between_two_files_the_check_sums_tell(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace

    def interrupted(part: Path, place: Path) -> Path:
        if place.name == "card.json":
            raise KeyboardInterrupt
        return real(part, place)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_bundle(folder, {"b": np.ones(1)}, {"name": "new"}, "new")
    assert sorted(contents(folder)) == ["README.md", "card.json", "weights.safetensors"]
    place = folder / "weights.safetensors"
    assert error_of(folder) == (
        f"{place}: damaged ({place.stat().st_size} bytes whose check sum is not the one in card.json); "
        "copy the whole folder again, or train it again"
    )


# --- what is refused


def test_no_folder(tmp_path: Path) -> None:
    assert error_of(tmp_path / "m") == (
        f"{tmp_path / 'm'}: no such folder, expected a model; check the spelling, or train one"
    )


def test_a_path_that_is_a_file(folder: Path) -> None:
    place = folder / "card.json"
    assert error_of(place) == f"{place}: a file, expected the folder of a model; give the folder"


def test_a_folder_without_a_card(folder: Path) -> None:
    (folder / "card.json").unlink()
    assert error_of(folder) == (
        f"{folder}: no card.json in it, expected the folder of a model; copy the whole folder"
    )


def test_a_folder_without_weights(folder: Path) -> None:
    (folder / "weights.safetensors").unlink()
    assert error_of(folder) == (
        f"{folder / 'weights.safetensors'}: missing, expected a file of the model; copy the whole folder"
    )


def test_a_readme_is_for_people(folder: Path) -> None:
    (folder / "README.md").unlink()
    assert load_bundle(folder)[1]["name"] == "små"


@pytest.mark.parametrize(
    "change", [lambda raw: raw[:-1], lambda raw: raw + b"\0", lambda raw: b"", lambda raw: raw[::-1]]
)
def test_damaged_weights(folder: Path, change: Any) -> None:
    place = folder / "weights.safetensors"
    place.write_bytes(change(place.read_bytes()))
    assert error_of(folder) == (
        f"{place}: damaged ({place.stat().st_size} bytes whose check sum is not the one in card.json); "
        "copy the whole folder again, or train it again"
    )


class _Trap:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("sprung",)


@pytest.mark.parametrize("raw", [pickle.dumps(_Trap()), b"PK\x03\x04" + bytes(20), b"\x78\x9c" + bytes(20)])
def test_a_pickle_in_place_of_the_weights(
    folder: Path, raw: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = folder / "weights.safetensors"
    place.write_bytes(raw)
    assert error_of(folder) == (
        f"{place}: a pickle or archive, expected safetensors; not opened, train it again"
    )
    assert not Path("sprung").exists()


def test_a_header_whose_length_looks_like_a_pickle(tmp_path: Path) -> None:
    array = {"a" * n: np.zeros(1) for n in range(1, 30)}
    for longer in range(400):
        array["a"] = np.zeros(1)
        raw = save({**array, "b" * longer: np.zeros(1)})
        if raw.startswith(b"\x80"):
            break
    save_bundle(tmp_path, {**array, "b" * longer: np.zeros(1)}, {}, "")
    assert (tmp_path / "weights.safetensors").read_bytes().startswith(b"\x80")
    assert len(load_bundle(tmp_path)[0]) == 30


def rewritten(folder: Path, **changed: Any) -> None:
    """A card that is changed and signed anew, as another program might write it."""
    card = {**json.loads((folder / "card.json").read_bytes()), **changed}
    card["sha256"]["card"] = bundle._card_sum(card)
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


def test_foreign_weights_with_a_right_check_sum(folder: Path) -> None:
    place = folder / "weights.safetensors"
    place.write_bytes(b"no safetensors at all")
    rewritten(folder, sha256={"weights.safetensors": hashlib.sha256(place.read_bytes()).hexdigest()})
    assert error_of(folder) == f"{place}: not readable as safetensors; train it again"


@pytest.mark.parametrize("version", [2, 0, "1", None, True])
def test_another_format_version(folder: Path, version: Any) -> None:
    rewritten(folder, format_version=version)
    assert error_of(folder) == (
        f"{folder / 'card.json'}: format_version is {version!r}, this samorsak reads 1; "
        "train it again, or install the samorsak that made it"
    )


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"\0" * 9, b"[" * 100_000])
def test_a_card_that_is_no_json(folder: Path, raw: bytes) -> None:
    (folder / "card.json").write_bytes(raw)
    assert error_of(folder) == (
        f"{folder / 'card.json'}: damaged (no JSON); copy the whole folder again, or train it again"
    )


@pytest.mark.parametrize("raw", [b"[]", b"{}", b'{"format": "other"}', b'{"format_version": 1}', b"3"])
def test_a_foreign_card(folder: Path, raw: bytes) -> None:
    (folder / "card.json").write_bytes(raw)
    assert error_of(folder) == (
        f"{folder / 'card.json'}: not the card of a samorsak model; give another folder, or train one"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"0.30000000000000004", b"0.3"),
        (b'"weights.safetensors"', b'"weights"'),
        (b'"sha256"', b'"sha512"'),
        (b'"card"', b'"cart"'),
    ],
)
def test_a_card_that_was_changed(folder: Path, old: bytes, new: bytes) -> None:
    place = folder / "card.json"
    place.write_bytes(place.read_bytes().replace(old, new))
    assert error_of(folder) == (
        f"{place}: damaged (its check sum is not that of its content); "
        "copy the whole folder again, or train it again"
    )


def test_line_breaks_that_git_changed_do_no_harm(folder: Path) -> None:
    place = folder / "card.json"
    place.write_bytes(b"\xef\xbb\xbf" + place.read_bytes().replace(b"\n", b"\r\n"))
    assert load_bundle(folder)[1]["name"] == "små"


def test_a_card_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> bytes:
        if path.name == "card.json":
            raise PermissionError(13, "Permission denied")
        return b""

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert error_of(folder) == (
        f"{folder / 'card.json'}: cannot be read (Permission denied); copy the whole folder again"
    )


# --- where it is found


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A working folder, an installed package and a source tree, each without models yet."""
    found = {name: tmp_path / name for name in ("work", "package", "source")}
    for place in found.values():
        place.mkdir()
    (found["source"] / "pyproject.toml").touch()
    monkeypatch.chdir(found["work"])
    monkeypatch.setattr(places_of_models, "PACKAGED", found["package"])
    monkeypatch.setattr(places_of_models, "SOURCE_TREE", found["source"])
    return found


def model(folder: Path) -> Path:
    save_bundle(folder, ARRAYS, CARD, "")
    return folder


def test_the_order_of_places(places: dict[str, Path]) -> None:
    in_order = [Path("m"), Path("models/m"), places["package"] / "m", places["source"] / "models" / "m"]
    for path in in_order:
        model(path)
    for path in in_order:
        assert find_model("m") == path
        shutil.rmtree(path)


def test_a_path_is_taken_as_it_stands(places: dict[str, Path]) -> None:
    path = model(places["work"] / "elsewhere" / "m")
    assert find_model(path) == path
    assert find_model("elsewhere/m") == Path("elsewhere/m")


def test_no_such_model_among_others(places: dict[str, Path]) -> None:
    model(Path("models/b"))
    model(places["package"] / "a")
    model(places["source"] / "models" / "c")
    (places["package"] / "sv-static").mkdir()
    (places["package"] / "encoder").mkdir()
    (places["package"] / "encoder" / "card.json").write_text('{"format": "samorsak-static-encoder"}', "utf-8")
    with pytest.raises(ModelError) as caught:
        find_model("af")
    assert str(caught.value) == "af: no such model; give the folder of a model, or one of: a, b, c"


@pytest.mark.parametrize(("name", "shown"), [("af", "af"), ("", "model")])
def test_no_models_at_all(places: dict[str, Path], name: str, shown: str) -> None:
    with pytest.raises(ModelError) as caught:
        find_model(name)
    assert str(caught.value) == f"{shown}: no such model; give the folder of a model, or train one"


def test_beside_an_installed_package_lie_the_models_of_others(places: dict[str, Path]) -> None:
    model(places["source"] / "models" / "m")
    (places["source"] / "pyproject.toml").unlink()
    with pytest.raises(ModelError) as caught:
        find_model("m")
    assert str(caught.value) == "m: no such model; give the folder of a model, or train one"
