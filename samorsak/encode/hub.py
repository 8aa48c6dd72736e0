"""Models of the Hugging Face hub: the copy on this machine, and the fetching of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

_READ = (".json", ".txt", ".model", ".safetensors", ".bin", ".jinja")
"""Endings of what sentence-transformers reads."""

_FOREIGN = {"onnx", "openvino"}
"""Folders with the same weights for other libraries."""


def find_copy(repository: str, revision: str | None) -> Path | None:
    """Find the copy of a hub model on this machine, without the network; None where there is none."""
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError
    except ImportError:
        return None
    try:
        found = snapshot_download(
            repository, revision=revision, allow_patterns=["modules.json"], local_files_only=True
        )
    except (HFValidationError, LocalEntryNotFoundError):
        return None
    return Path(found)


def fetch(repository: str, revision: str | None) -> Path:
    """Fetch the newest version of a hub model, or the revision asked for, and give its folder."""
    from huggingface_hub import HfApi, snapshot_download

    names = HfApi().list_repo_files(repository, revision=revision)
    return Path(snapshot_download(repository, revision=revision, allow_patterns=wanted_files(names)))


def wanted_files(names: Sequence[str]) -> list[str]:
    """Choose the files that are needed: no code, no other library's weights, none in two formats.

    Examples
    --------
    >>> wanted_files(["modules.json", "model.safetensors", "pytorch_model.bin", "onnx/model.onnx", "m.py"])
    ['modules.json', 'model.safetensors']
    """
    paths = [PurePosixPath(name) for name in names]
    safe = {path.parent for path in paths if path.suffix == ".safetensors"}
    return [
        str(path)
        for path in paths
        if path.suffix in _READ
        and not _FOREIGN.intersection(path.parts)
        and not (path.suffix == ".bin" and path.parent in safe)
    ]


@contextmanager
def no_network() -> Iterator[None]:
    """Let the hub's library refuse every request, whoever makes it, and draw no bars.

    Beside `local_files_only`, which sentence-transformers did not always heed when it looked for the base
    model of a local folder (its issue 3199). The environment's HF_HUB_OFFLINE is read on import only.
    """
    from huggingface_hub import constants
    from transformers.utils import logging

    before, bars = constants.HF_HUB_OFFLINE, logging.is_progress_bar_enabled()
    constants.HF_HUB_OFFLINE = True
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
