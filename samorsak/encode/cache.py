"""Vectors on disk between runs, found again by a keyed hash of their texts; no text is stored.

One SQLite file, for encoders that are slow. Processes may share it; one that cannot use it goes on without.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import platformdirs

from samorsak.errors import InputError
from samorsak.text import nfc

type_vector = npt.NDArray[np.float32]

FILE = "vectors.sqlite3"
FOLDER_VARIABLE = "SAMORSAK_CACHE"
OFF = "off"

LAYOUT = 1
"""Kept in the file's `user_version`."""

WAIT = 10.0
"""Seconds that a process waits for another one's writing."""

_AT_ONCE = 500
"""Keys in one question; SQLite before 3.32 takes 999."""

_TABLES = (
    "CREATE TABLE secret (key BLOB NOT NULL)",
    "CREATE TABLE vectors (text BLOB NOT NULL, encoder BLOB NOT NULL, vector BLOB NOT NULL,"
    " check_sum INTEGER NOT NULL, PRIMARY KEY (text, encoder))",
    f"PRAGMA user_version = {LAYOUT}",
)


@dataclass(frozen=True, slots=True)
class CacheState:
    """What lies in the cache.

    Attributes
    ----------
    file : Path or None
        None where the cache is turned off.
    size : int
        In bytes; 0 where there is no file.
    vectors : int or None
        None where the file cannot be read as a cache.
    """

    file: Path | None
    size: int
    vectors: int | None


class VectorCache:
    """The vectors of one encoder on disk.

    Whatever goes wrong is told once, in one line; from then on nothing is found and nothing kept.

    Parameters
    ----------
    file : Path
        Made by `keep`, readable by its owner only where the system knows modes.
    encoder : sequence of str
        All that decides a vector beside its text: encoder, revision, prefix, normalisation, versions.
    say : callable, optional
        Told why the cache is not used.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     cache = VectorCache(Path(folder) / FILE, ["minilm", "revision 1", "query: "])
    ...     cache.keep({"varsel": np.array([0.6, 0.8], np.float32)})
    ...     found = cache.find(["varsel", "möte"])
    >>> {text: vector.tolist() for text, vector in found.items()}
    {'varsel': [0.6000000238418579, 0.800000011920929]}
    """

    def __init__(self, file: Path, encoder: Sequence[str], say: Callable[[str], None] | None = None) -> None:
        self._file = file
        self._encoder = json.dumps(list(encoder))
        self._say = say
        self._usable = True

    def find(self, texts: Sequence[str]) -> dict[str, type_vector]:
        """Give the vectors that are there and whole, each an ndarray of float32, shape (d,)."""
        found: dict[str, type_vector] = {}

        def look(base: sqlite3.Connection) -> None:
            secret = _secret(base)
            by_key = {_hashed(secret, text): text for text in texts}
            for key, raw, check_sum in _select(base, _hashed(secret, self._encoder), list(by_key)):
                if isinstance(raw, bytes) and key in by_key and zlib.crc32(raw) == check_sum:
                    found[by_key[key]] = np.frombuffer(raw, "<f4").astype(np.float32)

        if texts and self._file.exists():
            self._use(look)
        return found

    def keep(self, vectors: Mapping[str, type_vector]) -> None:
        """Write the vectors of texts, all or none of them."""

        def write(base: sqlite3.Connection) -> None:
            secret = _secret(base)
            encoder = _hashed(secret, self._encoder)
            raw = {text: vector.astype("<f4").tobytes() for text, vector in vectors.items()}
            rows = [(_hashed(secret, text), encoder, value, zlib.crc32(value)) for text, value in raw.items()]
            base.execute("BEGIN IMMEDIATE")
            # replacing mends a damaged row; where two processes write one, either will do
            base.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)
            base.execute("COMMIT")

        if vectors:
            self._use(write)

    def _use(self, work: Callable[[sqlite3.Connection], None]) -> None:
        if not self._usable:
            return
        try:
            with closing(_open(self._file)) as base:
                work(base)
        except (sqlite3.Error, OSError) as error:
            self._usable = False
            if self._say:
                self._say(f"{self._file}: cache not used ({error}); 'samorsak cache clear' empties it")


def cache_file() -> Path | None:
    """Say where vectors are kept: in the folder that SAMORSAK_CACHE names, else where the system has caches.

    Returns
    -------
    Path or None
        None where SAMORSAK_CACHE is ``off``.
    """
    named = os.environ.get(FOLDER_VARIABLE)
    if named == OFF:
        return None
    return (Path(named) if named else platformdirs.user_cache_path("samorsak", appauthor=False)) / FILE


def cache_state() -> CacheState:
    """Count what lies in the cache; nothing is made or changed."""
    file = cache_file()
    if file is None or not file.exists():
        return CacheState(file, 0, 0)
    vectors = None
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", timeout=WAIT, uri=True)) as base:
            (vectors,) = base.execute("SELECT COUNT(*) FROM vectors").fetchone()
    except sqlite3.Error:
        pass
    return CacheState(file, sum(path.stat().st_size for path in _files(file)), vectors)


def clear_cache() -> CacheState:
    """Remove the cache, its key too, and give the state it had.

    Raises
    ------
    InputError
        It cannot be removed: on Windows, while another run writes to it.
    """
    before = cache_state()
    for path in _files(before.file) if before.file else ():
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(
                f"{path}: cannot be removed ({error.strerror}); end the runs that use it, then try again"
            ) from None
    return before


def forget_texts(texts: Sequence[str]) -> int:
    """Remove the vectors of texts, of every encoder, and say how many they were.

    Only these very texts: the vector of a stretch of an answer is another text's.

    Raises
    ------
    InputError
        The cache cannot be read or written.
    """
    file = cache_file()
    if file is None or not file.exists():
        return 0
    try:
        with closing(_open(file)) as base:
            secret = _secret(base)
            keys = [(_hashed(secret, text),) for text in dict.fromkeys(texts)]
            base.execute("BEGIN IMMEDIATE")
            removed = base.executemany("DELETE FROM vectors WHERE text = ?", keys).rowcount
            base.execute("COMMIT")
            return max(removed, 0)  # -1 where no text was given
    except (sqlite3.Error, OSError) as error:
        raise InputError(f"{file}: not usable ({error}); empty it with 'samorsak cache clear'") from None


def _files(file: Path) -> list[Path]:
    """Name the cache's files that are there: a writer's journal first."""
    return [path for path in (file.with_name(f"{FILE}-journal"), file) if path.exists()]


def _open(file: Path) -> sqlite3.Connection:
    """Open the cache, made if need be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # sqlite3 asks for no mode; its journal takes that of the file
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    base = sqlite3.connect(file, timeout=WAIT, isolation_level=None)
    try:
        base.execute("PRAGMA secure_delete = ON")
        if _layout(base) == 0:
            base.execute("BEGIN IMMEDIATE")
            if _layout(base) == 0:  # no other process was quicker
                for statement in _TABLES:
                    base.execute(statement)
                base.execute("INSERT INTO secret VALUES (?)", (secrets.token_bytes(32),))
            base.execute("COMMIT")
        if (found := _layout(base)) != LAYOUT:
            raise sqlite3.DatabaseError(f"layout {found}, expected {LAYOUT}")
    except BaseException:
        base.close()
        raise
    return base


def _layout(base: sqlite3.Connection) -> int:
    return int(base.execute("PRAGMA user_version").fetchone()[0])


def _secret(base: sqlite3.Connection) -> bytes:
    row = base.execute("SELECT key FROM secret").fetchone()
    if row is None or not isinstance(row[0], bytes):
        raise sqlite3.DatabaseError("its key is gone")
    return row[0]


def _select(
    base: sqlite3.Connection, encoder: bytes, keys: Sequence[bytes]
) -> Iterator[tuple[bytes, object, object]]:
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        yield from base.execute(
            "SELECT text, vector, check_sum FROM vectors"
            f" WHERE encoder = ? AND text IN ({', '.join('?' * len(some))})",
            (encoder, *some),
        )


def _hashed(secret: bytes, text: str) -> bytes:
    """Hash a text so that nobody without the key can test whether it was there."""
    raw = nfc(text).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(raw, digest_size=20, key=secret).digest()
