"""What a generation consists of: every file with its sha256 and size, and what it was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cuttings.contract_version import CONTRACT_VERSION
from cuttings.errors import CorruptWarehouseError


@dataclass(frozen=True, slots=True)
class Digests:
    """What the tables are a function of: the objects, the configuration, the engine."""

    inputs: str
    config: str
    code: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a generation; `row_count` is None for what is no table."""

    sha256: str
    size_bytes: int
    row_count: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation. `files` maps paths within it, `facts` is what the run wants to tell (JSON values)."""

    generation_id: str
    previous_id: str | None
    digests: Digests
    files: Mapping[str, FileEntry]
    facts: Mapping[str, Any] = field(default_factory=dict)
    contract_version: int = CONTRACT_VERSION

    def describes(self, digests: Digests) -> bool:
        """A run over these inputs, configuration and code would give this generation again."""
        return self.digests == digests and self.contract_version == CONTRACT_VERSION

    def to_bytes(self) -> bytes:
        """Canonical JSON that ends in its own digest."""
        content = asdict(self)
        return _canonical({**content, "manifest_sha256": hashlib.sha256(_canonical(content)).hexdigest()})

    @classmethod
    def from_bytes(cls, raw: bytes, path: Path) -> Manifest:
        """Parse a manifest; CorruptWarehouseError when a single bit of it is not as it was written."""
        try:
            content = json.loads(raw)
            claimed = content.pop("manifest_sha256")
            is_whole = hashlib.sha256(_canonical(content)).hexdigest() == claimed
            if is_whole and _canonical({**content, "manifest_sha256": claimed}) == raw:
                return cls(
                    **{
                        **content,
                        "digests": Digests(**content["digests"]),
                        "files": {name: FileEntry(**entry) for name, entry in content["files"].items()},
                    }
                )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise _corrupt(path) from error
        raise _corrupt(path)


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file; FileNotFoundError when there is none, CorruptWarehouseError when it is damaged."""
    return Manifest.from_bytes(path.read_bytes(), path)


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, indent=1).encode("ascii") + b"\n"


def _corrupt(path: Path) -> CorruptWarehouseError:
    return CorruptWarehouseError(
        f"{path}: found bytes other than those that were published: restore this generation from a backup, or move the "
        "warehouse away and run again"
    )
