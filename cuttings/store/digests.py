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
from cuttings.contract_version import CONTRACT_VERSION
from cuttings.resources import resource_dir
from cuttings.store.manifest import Digests

GENERATION_ID_DIGITS: Final = 16
# The folders of the project that shape the data, beside the package itself.
_RESOURCES: Final = ("sql", "expectations")
# All that a wheel installs inside the package although it is none of it.
_NOT_PACKAGE: Final = frozenset({"sql", "expectations", "flows", "samples", "dashboards", "__pycache__"})
# What a page is cut and prepared by: the rooms that are pure, and what they import.
_CUTTING: Final = ("pages", "dates", "corpus", "contract.py", "rules.py", "cutting.py")
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
    digest.update(_platform())
    return digest.hexdigest()


@cache
def cut_digest() -> str:
    """sha256 of the part of the engine that the cut of a page depends on, and of the libraries and Python under it.

    The pure rooms import nothing but each other, the contract and the words of the rules, so this is all of it.
    """
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parents[1]
    for part in _CUTTING:
        for path in _files(package / part):
            name = path.relative_to(package).as_posix()
            digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    digest.update(_platform())
    return digest.hexdigest()


def config_digest(config: Config) -> str:
    """sha256 of the settings that change a table: not where the warehouse is, nor how large a batch."""
    settings = {
        "captured_at": config.captured_at and config.captured_at.astimezone(UTC).isoformat(),
        "trusts_mtime": config.trusts_mtime,
        "object_bytes": config.limits.object_bytes,
        "archive_bytes": config.limits.archive_bytes,
        "archive_members": config.limits.archive_members,
        "text_fields": config.text_fields,
    }
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def generation_id(digests: Digests, previous_id: str | None) -> str:
    """Identity of a generation: what it is made from and what it follows, first 16 digits of a sha256."""
    parts = [digests.inputs, digests.config, digests.code, CONTRACT_VERSION, previous_id]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:GENERATION_ID_DIGITS]


def _platform() -> bytes:
    libraries = [f"{library}=={version(library)}\n" for library in _LIBRARIES]
    return "".join([*libraries, ".".join(platform.python_version_tuple()[:2])]).encode()


def _files(root: Path) -> Iterator[Path]:
    for path in [root] if root.is_file() else sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        is_hidden = "__pycache__" in parts or any(part.startswith(".") for part in parts)
        if path.is_file() and not is_hidden and _NOT_PACKAGE.isdisjoint(parts[:1]):
            yield path
