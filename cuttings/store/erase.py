"""The disk's part of a `forget`: tombstones, the removal of all that was before, the certificate."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from cuttings.corpus import Tombstones
from cuttings.errors import BusyError
from cuttings.store.disk import make_directory, write_durably
from cuttings.store.garbage import unnamed_bytes
from cuttings.store.layout import Layout
from cuttings.store.publish import drop, locked
from cuttings.store.tombstones import write_tombstones

_PAUSE_SECONDS: Final = 0.1
_ID_DIGITS: Final = 16
_BURIED: Final = "what is to be forgotten may still be there: run the same command again"


def bury(warehouse: Path, tombstones: Tombstones) -> None:
    """Write the tombstones, and remove the reports and caches that may hold what they name.

    Raises BusyError when a run holds the warehouse, StorageError.
    """
    with locked(warehouse, _BURIED) as layout:
        write_tombstones(warehouse, tombstones)
        _remove_reports(layout)
        if layout.cache.exists():
            shutil.rmtree(layout.cache)


def purge(warehouse: Path, contents: Collection[str], wait_seconds: float) -> tuple[list[str], list[str]]:
    """Remove all generations but the published one, and the quarantined bytes with these digests or no name left.

    Returns the ids of the generations and the digests of the bytes. For a generation that a reader holds this waits
    `wait_seconds`, and then raises BusyError that names it; the rest is removed by then.
    """
    give_up_at = time.monotonic() + wait_seconds
    removed: list[str] = []
    with locked(warehouse, _BURIED) as layout:
        _remove_reports(layout)
        current_id = layout.current_id()
        assert current_id is not None
        blobs = [layout.quarantine / digest for digest in sorted(contents)]
        loose = {path for path in blobs if path.exists()} | set(unnamed_bytes(layout, [current_id]))
        for path in sorted(loose):
            path.unlink()
        layout.withdrawn.unlink(missing_ok=True)
        left = [path for path in sorted(layout.generations.iterdir()) if path.name != current_id]
        while left:
            gone = [path for path in left if drop(layout, path)]
            removed += [path.name for path in gone]
            left = [path for path in left if path not in gone]
            if left and time.monotonic() >= give_up_at:
                names = ", ".join(path.name for path in left)
                raise BusyError(
                    f"{warehouse}: a reader still holds the older generation {names}: what is forgotten is no longer "
                    "published and stays out of every run, but this copy remains: end the reader and run the same "
                    "command again, or give --wait"
                )
            if left:
                time.sleep(_PAUSE_SECONDS)
    return removed, sorted(path.name for path in loose)


def certify(warehouse: Path, certificate: Mapping[str, Any]) -> Path:
    """Write a certificate under the digest of its content; return its path."""
    layout = Layout(warehouse)
    certificate_id = hashlib.sha256(json.dumps(certificate, sort_keys=True).encode("ascii")).hexdigest()[:_ID_DIGITS]
    content = {"certificate_id": certificate_id, **certificate}
    path = layout.certificates / f"{certificate_id}.json"
    with locked(warehouse, "everything is removed, only the certificate could not be written"):
        make_directory(layout.certificates)
        write_durably(path, json.dumps(content, indent=1).encode("ascii") + b"\n", mode=0o444)
    return path


def _remove_reports(layout: Layout) -> None:
    """Remove the reports of refused publishes; those of generations go with them."""
    for report in layout.root.glob("refused*"):
        report.unlink()
