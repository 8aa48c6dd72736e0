"""Models of the hub, fetched from one that the test runs on this machine."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from samorsak.encode import load_encoder
from samorsak.encode.hub import wanted_files
from samorsak.errors import ModelError

COMMIT = "c0ffee" + 34 * "0"
DECOYS = {
    "onnx/model.onnx": b"o",
    "onnx/config.json": b"{}",
    "pytorch_model.bin": b"b",
    "own.py": b"x",
    "a.h5": b"h",
}


class Hub(BaseHTTPRequestHandler):
    """As much of the hub as fetching one model takes."""

    files: dict[str, bytes]
    asked: list[str]

    def log_message(self, format: str, *args: object) -> None: ...

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.asked.append(path)
        if path.startswith("/api/models/some/model/tree/"):
            told = [{"type": "file", "path": n, "size": len(b), "oid": n} for n, b in self.files.items()]
            self.answer(json.dumps(told).encode())
        elif path.startswith("/api/models/some/model"):
            told = [{"rfilename": name} for name in self.files]
            self.answer(json.dumps({"id": "some/model", "sha": COMMIT, "siblings": told}).encode())
        elif path.startswith("/some/model/resolve/"):
            self.answer(self.files[path.split("/", 5)[5]])
        else:
            self.send_error(404)

    do_HEAD = do_GET

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@pytest.fixture(scope="module")
def hub(tiny: Path) -> Iterator[ThreadingHTTPServer]:
    Hub.files = DECOYS | {
        path.relative_to(tiny).as_posix(): path.read_bytes() for path in tiny.rglob("*") if path.is_file()
    }
    Hub.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


SCRIPT = """
import sys
from samorsak.encode import load_encoder
from samorsak.errors import ModelError
try:
    encoder = load_encoder(sys.argv[1], allow_network=sys.argv[2] == "allowed")
    print(encoder.revision)
except ModelError as error:
    print(error)
assert "torch" not in sys.modules
"""


def tell(hub: ThreadingHTTPServer, home: Path, name: str, permission: str) -> str:
    """Load a model in a process of its own, as the hub's address is read once."""
    environment = os.environ | {
        "HF_ENDPOINT": f"http://127.0.0.1:{hub.server_port}",
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_XET": "1",
        "NO_PROXY": "127.0.0.1",
    }
    for setting in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_CACHE"):
        environment.pop(setting, None)
    Hub.asked.clear()
    command = [sys.executable, "-X", "utf8", "-c", SCRIPT, name, permission]
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_model_is_fetched_with_permission_and_used_without(
    hub: ThreadingHTTPServer, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tell(hub, tmp_path, "some/model", "not").startswith("some/model: no such encoder on this machine;")
    assert Hub.asked == []
    assert tell(hub, tmp_path, "some/model", "allowed") == COMMIT
    fetched = {path.split("/", 5)[5] for path in Hub.asked if "/resolve/" in path}
    assert fetched == {name for name in Hub.files if name not in DECOYS and not name.endswith(".md")}
    assert tell(hub, tmp_path, "some/model", "not") == COMMIT
    assert tell(hub, tmp_path, f"some/model@{COMMIT}", "not") == COMMIT
    assert Hub.asked == []

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    vectors = load_encoder("some/model", cache=False).encode(["mål"])
    np.testing.assert_array_equal(vectors, load_encoder(tiny, cache=False).encode(["mål"]))
    with pytest.raises(ModelError, match="no such encoder on this machine"):
        load_encoder("some/model@another-branch")


def test_a_model_that_the_hub_does_not_have(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    assert tell(hub, tmp_path, "other/model", "allowed") == (
        "other/model: no such folder, and not fetched from the hub (HfHubHTTPError); "
        "check the id and the connection, or give the folder of an encoder"
    )


def test_weights_come_in_one_format() -> None:
    names = [
        "model.safetensors",
        "pytorch_model.bin",
        "2_Dense/pytorch_model.bin",
        "openvino/a.bin",
        "vocab.txt",
    ]
    assert wanted_files(names) == ["model.safetensors", "2_Dense/pytorch_model.bin", "vocab.txt"]
    assert wanted_files(["pytorch_model.bin", "flax_model.msgpack"]) == ["pytorch_model.bin"]
