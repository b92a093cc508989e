"""`forgotten.json`: what no run may publish again, as ids, digests and byte ranges, never a text. Made by `forget`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from cuttings.corpus import Tombstones
from cuttings.errors import CorruptWarehouseError
from cuttings.store.disk import write_durably
from cuttings.store.layout import Layout


def read_tombstones(warehouse: Path) -> Tombstones:
    """The tombstones of a warehouse; empty ones where nothing was ever forgotten.

    Raises CorruptWarehouseError when the file is damaged: a run that went on without it would publish what must not be.
    """
    path = Layout(warehouse).forgotten
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Tombstones()
    try:
        content = json.loads(raw)
        if content.pop("sha256") == _digest(content):
            ranges = {page: tuple((start, end) for start, end in places) for page, places in content["ranges"].items()}
            return Tombstones(**{name: frozenset(content[name]) for name in _sets()}, ranges=ranges)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _corrupt(path) from error
    raise _corrupt(path)


def write_tombstones(warehouse: Path, tombstones: Tombstones) -> None:
    """Put the tombstones in their place, durably. Needs the lock."""
    content: dict[str, Any] = {name: sorted(getattr(tombstones, name)) for name in _sets()}
    content["ranges"] = {page: [list(place) for place in places] for page, places in sorted(tombstones.ranges.items())}
    content["sha256"] = _digest(content)
    write_durably(Layout(warehouse).forgotten, json.dumps(content, sort_keys=True, indent=1).encode("ascii") + b"\n")


def with_tombstones(inputs_digest: str, tombstones: Tombstones) -> str:
    """The digest of a run's inputs, the tombstones among them; unchanged where there are none."""
    if not tombstones:
        return inputs_digest
    content: dict[str, Any] = {name: sorted(getattr(tombstones, name)) for name in _sets()}
    content["ranges"] = sorted(tombstones.ranges.items())
    return hashlib.sha256(f"{inputs_digest} {_digest(content)}".encode("ascii")).hexdigest()


def _sets() -> list[str]:
    return [part.name for part in fields(Tombstones) if part.name != "ranges"]


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("ascii")).hexdigest()


def _corrupt(path: Path) -> CorruptWarehouseError:
    return CorruptWarehouseError(
        f"{path}: found other bytes than those that were written, so it is not known what must stay forgotten; nothing "
        "was published: restore this file from a backup"
    )
