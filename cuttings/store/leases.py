"""Reading a generation that cannot be removed under the reader."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cuttings.errors import CorruptWarehouseError, NothingPublishedError, UsageError
from cuttings.store.layout import GENERATION_ID, Layout

# A generation can be removed between reading its id and pinning it; then the pointer has moved, and is read again.
_TRIES: Final = 100
_PAUSE_SECONDS: Final = 0.02


@contextmanager
def pinned(warehouse: Path, generation_id: str | None = None) -> Iterator[Path]:
    """Directory of the published generation, or of the one with this id, kept on the disk while the context is open.

    The lease is a shared lock on its manifest: the kernel frees it when the reader dies. Raises NothingPublishedError
    when there is no generation, CorruptWarehouseError when the published one is not there, UsageError when the one
    asked for is not there.
    """
    fd, directory = take_lease(warehouse, generation_id)
    try:
        yield directory
    finally:
        os.close(fd)


def take_lease(warehouse: Path, wanted_id: str | None = None) -> tuple[int, Path]:
    """Descriptor that holds the lease until it is closed, and the directory of the published or wanted generation."""
    layout = Layout(warehouse)
    if wanted_id is not None:
        return _lease_of(layout, wanted_id)
    generation_id = None
    for _ in range(_TRIES):
        generation_id = layout.current_id()
        if generation_id is None:
            raise NothingPublishedError(
                f"{warehouse}: nothing is published here yet: run `cuttings run SOURCE --warehouse {warehouse}`"
            )
        fd = _lock_shared(layout.manifest(generation_id))
        if fd is not None:
            return fd, layout.generation(generation_id)
        time.sleep(_PAUSE_SECONDS)
    raise CorruptWarehouseError(
        f"{layout.current}: names the generation {generation_id}, which is not in {layout.generations}: restore it "
        "from a backup, or write into CURRENT the name of a generation that is there"
    )


def _lease_of(layout: Layout, generation_id: str) -> tuple[int, Path]:
    fd = _lock_shared(layout.manifest(generation_id)) if GENERATION_ID.fullmatch(generation_id) else None
    if fd is None:
        raise UsageError(f"{layout.generations}: the generation {generation_id!r} is not there, or no longer there")
    return fd, layout.generation(generation_id)


def _lock_shared(manifest: Path) -> int | None:
    """Lock a manifest; None when it is gone, or is being removed."""
    try:
        fd = os.open(manifest, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        still_there = os.stat(manifest)
        if os.path.samestat(still_there, os.fstat(fd)):
            return fd
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(fd)
    return None
