"""What the data depends on beside its input: the engine's own files and the settings that change a table."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator
from datetime import UTC
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from cuttings.config import Config
from cuttings.contract import CONTRACT_VERSION
from cuttings.resources import resource_dir
from cuttings.store.manifest import Digests

GENERATION_ID_DIGITS: Final = 16
# The folders of the project that shape the data, beside the package itself.
_RESOURCES: Final = ("sql", "expectations")
# All that a wheel installs inside the package although it is none of it.
_NOT_PACKAGE: Final = frozenset({"sql", "expectations", "flows", "samples", "dashboards", "__pycache__"})
# Libraries whose version decides on bytes or values.
_LIBRARIES: Final = ("polars", "pyarrow", "duckdb", "numpy", "babel")


@cache
def code_digest() -> str:
    """sha256 of the engine: its files, the versions of the libraries that decide on bytes, and that of Python."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parents[1]
    roots = [("cuttings", package), *((name, resource_dir(name)) for name in _RESOURCES)]
    for label, root in roots:
        for path in _files(root):
            name = f"{label}/{path.relative_to(root).as_posix()}"
            digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    for library in _LIBRARIES:
        digest.update(f"{library}=={version(library)}\n".encode())
    digest.update(".".join(platform.python_version_tuple()[:2]).encode())
    return digest.hexdigest()


def config_digest(config: Config) -> str:
    """sha256 of the settings that change a table: not where the warehouse is, nor how large a batch."""
    settings = {
        "captured_at": config.captured_at and config.captured_at.astimezone(UTC).isoformat(),
        "trusts_mtime": config.trusts_mtime,
        "object_bytes": config.limits.object_bytes,
    }
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def generation_id(digests: Digests, previous_id: str | None) -> str:
    """Identity of a generation: what it is made from and what it follows, first 16 digits of a sha256."""
    parts = [digests.inputs, digests.config, digests.code, CONTRACT_VERSION, previous_id]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:GENERATION_ID_DIGITS]


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        is_foreign = parts[0] in _NOT_PACKAGE or "__pycache__" in parts or any(part.startswith(".") for part in parts)
        if path.is_file() and not is_foreign:
            yield path
