"""Vectors on disk: found again, shared between processes, never in the way."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import Result

from samorsak.encode import cache as module
from samorsak.encode.cache import (
    CacheState,
    VectorCache,
    cache_file,
    cache_state,
    clear_cache,
    forget_texts,
)
from samorsak.errors import InputError

Run = Callable[..., Result]

V = np.array([0.6, 0.8], np.float32)
W = np.array([1.0, 0.0], np.float32)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAMORSAK_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept" / "vectors.sqlite3"


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as base:
        found = base.execute(query).fetchall()
        base.commit()
        return found


def found(file: Path, *texts: str, encoder: str = "e") -> dict[str, list[float]]:
    return {text: vector.tolist() for text, vector in VectorCache(file, [encoder]).find(texts).items()}


def test_what_is_kept_is_found_by_its_encoder_only(file: Path) -> None:
    VectorCache(file, ["e"]).keep({"mål": V, "möte": W})
    assert found(file, "ma\u030al", "möten", "möte") == {"ma\u030al": V.tolist(), "möte": W.tolist()}
    assert found(file, "mål", encoder="f") == {}
    VectorCache(file, ["a", "bc"]).keep({"mål": W})
    assert VectorCache(file, ["ab", "c"]).find(["mål"]) == {}


def test_looking_makes_no_file(file: Path) -> None:
    assert found(file, "mål") == {}
    VectorCache(file, ["e"]).keep({})
    assert not file.parent.exists()


def test_more_keys_than_one_question_takes(file: Path) -> None:
    texts = [f"svar {i}" for i in range(2 * module._AT_ONCE + 1)]
    VectorCache(file, ["e"]).keep({text: np.float32([i]) for i, text in enumerate(texts)})
    assert found(file, *texts) == {text: [float(i)] for i, text in enumerate(texts)}


@settings(max_examples=30)
@given(st.dictionaries(st.text(), st.lists(st.floats(width=32, allow_nan=False), min_size=1), max_size=5))
def test_any_text_and_any_vector_come_back(
    tmp_path_factory: pytest.TempPathFactory, kept: dict[str, list[float]]
) -> None:
    file = tmp_path_factory.mktemp("any") / "vectors.sqlite3"
    by_form = {module.nfc(text): values for text, values in kept.items()}
    VectorCache(file, ["e"]).keep({text: np.array(v, np.float32) for text, v in by_form.items()})
    assert found(file, *by_form) == by_form


def test_no_text_and_no_plain_hash_of_one_is_stored(file: Path) -> None:
    VectorCache(file, ["e"]).keep({"Sekretessen hindrar oss": V})
    raw = file.read_bytes()
    text = b"Sekretessen hindrar oss"
    for trace in (text[:8], hashlib.blake2b(text, digest_size=20).digest(), hashlib.sha256(text).digest()):
        assert trace not in raw


def test_two_caches_hash_the_same_text_differently(file: Path, tmp_path: Path) -> None:
    for place in (file, tmp_path / "other" / "vectors.sqlite3"):
        VectorCache(place, ["e"]).keep({"mål": V})
    query = "SELECT text, encoder FROM vectors"
    (one,), (other,) = rows(file, query), rows(tmp_path / "other" / "vectors.sqlite3", query)
    assert not set(one).intersection(other)


def test_only_its_owner_reads_it(file: Path) -> None:
    before = os.umask(0)
    try:
        VectorCache(file, ["e"]).keep({"mål": V})
    finally:
        os.umask(before)
    readable = 0o666 if os.name == "nt" else 0o600  # Windows knows no modes
    assert stat.S_IMODE(file.stat().st_mode) == readable


WRITER = """
import sys
import numpy as np
from pathlib import Path
from samorsak.encode.cache import VectorCache
said = []
cache = VectorCache(Path(sys.argv[1]), ["e"], said.append)
for turn in range(40):
    cache.keep({f"{who} {turn}": np.float32([turn]) for who in (sys.argv[2], "both")})
    assert len(cache.find([f"both {i}" for i in range(turn + 1)])) == turn + 1
print(said)
"""


def test_processes_write_at_once_and_lose_nothing(file: Path) -> None:
    command = [sys.executable, "-X", "utf8", "-c", WRITER, str(file)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    running = [subprocess.Popen([*command, who], **pipes) for who in ("a", "b", "c")]  # type: ignore[call-overload]
    assert [process.communicate() for process in running] == [("[]\n", "")] * 3
    expected = {f"{who} {i}": [float(i)] for who in ("a", "b", "c", "both") for i in range(40)}
    assert found(file, *expected) == expected
    assert rows(file, "SELECT COUNT(*) FROM secret") == [(1,)]


def test_another_process_is_writing_for_too_long(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    VectorCache(file, ["e"]).keep({"mål": V})
    monkeypatch.setattr(module, "WAIT", 0.01)
    said: list[str] = []
    cache = VectorCache(file, ["e"], said.append)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        cache.keep({"möte": W})
        cache.keep({"möte": W})
        assert cache.find(["mål"]) == {}
    assert said == [f"{file}: cache not used (database is locked); 'samorsak cache clear' empties it"]
    assert found(file, "mål", "möte") == {"mål": V.tolist()}


def test_a_damaged_vector_is_not_found_and_can_be_mended(file: Path) -> None:
    VectorCache(file, ["e"]).keep({"mål": V, "möte": W})
    rows(
        file, "UPDATE vectors SET vector = zeroblob(8) WHERE check_sum = (SELECT MIN(check_sum) FROM vectors)"
    )
    kept = found(file, "mål", "möte")
    assert len(kept) == 1
    VectorCache(file, ["e"]).keep({"mål": V, "möte": W})
    assert found(file, "mål", "möte") == {"mål": V.tolist(), "möte": W.tolist()}
    assert rows(file, "SELECT COUNT(*) FROM vectors") == [(2,)]


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no database": (lambda f: f.write_bytes(b"x" * 5000), "file is not a database"),
    "cut": (lambda f: f.write_bytes(f.read_bytes()[:5000]), "database disk image is malformed"),
    "key gone": (lambda f: rows(f, "DELETE FROM secret"), "its key is gone"),
    "key no bytes": (lambda f: rows(f, "UPDATE secret SET key = 'abc'"), "its key is gone"),
    "newer": (lambda f: rows(f, "PRAGMA user_version = 2"), "layout 2, expected 1"),
    "foreign": (lambda f: rows(f, "PRAGMA user_version = 0"), "table secret already exists"),
    "no table": (lambda f: rows(f, "DROP TABLE vectors"), "no such table: vectors"),
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_damaged_file_is_told_once_and_left_alone(file: Path, how: str) -> None:
    VectorCache(file, ["e"]).keep({f"svar {i}": V for i in range(100)})
    break_it, reason = BREAKS[how]
    break_it(file)
    before = file.read_bytes()
    said: list[str] = []
    cache = VectorCache(file, ["e"], said.append)
    assert cache.find(["svar 1"]) == {}
    cache.keep({"möte": W})
    assert cache.find(["möte"]) == {}
    assert said == [f"{file}: cache not used ({reason}); 'samorsak cache clear' empties it"]
    assert file.read_bytes() == before
    clear_cache()
    VectorCache(file, ["e"]).keep({"möte": W})
    assert found(file, "möte") == {"möte": W.tolist()}


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    said: list[str] = []
    cache = VectorCache(tmp_path / "taken" / "vectors.sqlite3", ["e"], said.append)
    cache.keep({"mål": V})
    cache.keep({"mål": V})
    assert len(said) == 1
    assert said[0].startswith(f"{tmp_path / 'taken' / 'vectors.sqlite3'}: cache not used (")
    VectorCache(tmp_path / "taken" / "vectors.sqlite3", ["e"]).keep({"mål": V})  # nobody to tell


def test_vectors_of_a_text_are_forgotten_whatever_the_encoder(file: Path) -> None:
    assert forget_texts(["mål"]) == 0
    for encoder in ("e", "f"):
        VectorCache(file, [encoder]).keep({"mål": np.full(300, 0.125, np.float32), "möte": W})
    assert forget_texts(["ma\u030al", "ma\u030al", "annat"]) == 2
    assert forget_texts([]) == 0
    assert found(file, "mål", "möte") == {"möte": W.tolist()}
    assert np.full(300, 0.125, "<f4").tobytes() not in file.read_bytes()


def test_forgetting_in_a_damaged_cache_is_an_error(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"x" * 5000)
    with pytest.raises(InputError) as caught:
        forget_texts(["mål"])
    assert str(caught.value) == (
        f"{file}: not usable (file is not a database); empty it with 'samorsak cache clear'"
    )


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMORSAK_CACHE")
    place = cache_file()
    assert place is not None
    assert place == platformdirs.user_cache_path("samorsak", appauthor=False) / "vectors.sqlite3"
    assert place.is_absolute()
    assert "samorsak" in place.parts


def test_its_state(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_state() == CacheState(file, 0, 0)
    VectorCache(file, ["e"]).keep({"mål": V})
    assert cache_state() == CacheState(file, file.stat().st_size, 1)
    file.write_bytes(b"x" * 5000)
    assert cache_state() == CacheState(file, 5000, None)
    monkeypatch.setenv("SAMORSAK_CACHE", "off")
    assert cache_state() == clear_cache() == CacheState(None, 0, 0)
    assert forget_texts(["mål"]) == 0


# --- the command


def test_the_command_shows_and_empties_it(samorsak: Run, file: Path) -> None:
    assert samorsak("cache").stdout == f"cache:   {file}\nvectors: 0\nsize:    0 kB\n"
    assert samorsak("cache", "clear").stdout == f"removed: nothing, no file at {file}\n"
    VectorCache(file, ["e"]).keep({"mål": V, "möte": W})
    size = file.stat().st_size
    assert samorsak("cache").stdout == f"cache:   {file}\nvectors: 2\nsize:    {size / 1000:,.0f} kB\n"
    assert samorsak("cache", "clear").stdout == f"removed: 2 vectors, {size / 1000:,.0f} kB\n"
    assert list(file.parent.iterdir()) == []
    assert samorsak("cache").stdout == f"cache:   {file}\nvectors: 0\nsize:    0 kB\n"


def test_the_command_on_a_damaged_file(samorsak: Run, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"x" * 5000)
    file.with_name("vectors.sqlite3-journal").write_bytes(b"y" * 1000)
    assert samorsak("cache").stdout == f"cache:   {file}\nvectors: not readable\nsize:    6 kB\n"
    assert samorsak("cache", "clear").stdout == "removed: a file that was not readable, 6 kB\n"
    assert list(file.parent.iterdir()) == []


def test_the_command_when_it_is_off(samorsak: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMORSAK_CACHE", "off")
    assert samorsak("cache").stdout == "cache:   off (SAMORSAK_CACHE)\n"
    assert samorsak("cache", "clear").stdout == "removed: nothing, the cache is off (SAMORSAK_CACHE)\n"


def test_a_file_that_is_in_use(samorsak: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    VectorCache(file, ["e"]).keep({"mål": V})

    def held(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", held)
    result = samorsak("cache", "clear")
    assert result.exit_code == 1
    assert result.stderr == (
        f"{file}: cannot be removed (Permission denied); end the runs that use it, then try again\n"
    )
