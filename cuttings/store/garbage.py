"""Removing what nobody needs any more: older generations that no reader holds, bytes that no generation speaks of."""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cuttings.config import KEPT_GENERATIONS
from cuttings.errors import NothingPublishedError
from cuttings.store.layout import BUILDING_PREFIX, MANIFEST_NAME, Layout
from cuttings.store.parquet import scan_table
from cuttings.store.publish import chain, drop, locked

_UNTOUCHED: Final = "what is published is untouched"


@dataclass(frozen=True, slots=True)
class Collected:
    """What was removed, or would be; `freed_bytes` does not count what a kept generation shares by hard links."""

    generations: tuple[str, ...]
    leased: tuple[str, ...]
    unfinished_count: int
    quarantine_count: int
    freed_bytes: int


def collect(warehouse: Path, keep: int = KEPT_GENERATIONS, *, is_dry: bool = False) -> Collected:
    """Remove all generations but the newest `keep` of the published line, and quarantined bytes no kept one names.

    A generation that a reader holds stays and is listed in `leased`. With `is_dry` nothing is removed. Raises BusyError
    when a run holds the warehouse, NothingPublishedError, StorageError.
    """
    if Layout(warehouse).current_id() is None:
        raise NothingPublishedError(f"{warehouse}: nothing is published here, so there is nothing to remove")
    with locked(warehouse, _UNTOUCHED) as layout:
        kept = {manifest.generation_id for manifest in chain(layout)[: max(1, keep)]}
        old = [path for path in sorted(layout.generations.iterdir()) if path.name not in kept]
        free = [path for path in old if not is_leased(path)]
        leased = tuple(path.name for path in old if path not in free)
        loose = unnamed_bytes(layout, [*kept, *leased])
        freed_bytes = _only_in(free) + sum(path.stat().st_size for path in loose)
        if not is_dry:
            for path in free:
                drop(layout, path)
            for path in loose:
                path.unlink()
            if layout.withdrawn.exists():
                layout.withdrawn.unlink()
        unfinished = [path.name for path in free if path.name.startswith(BUILDING_PREFIX)]
    return Collected(
        tuple(path.name for path in free if path.name not in unfinished),
        leased,
        len(unfinished),
        len(loose),
        freed_bytes,
    )


def is_leased(directory: Path) -> bool:
    """A reader holds this generation."""
    try:
        fd = os.open(directory / MANIFEST_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def unnamed_bytes(layout: Layout, generation_ids: Iterable[str]) -> list[Path]:
    """Files of the quarantine that the table `quarantine` of none of these generations names."""
    named: set[str] = set()
    for generation_id in generation_ids:
        kept_at = scan_table(layout.generation(generation_id), "quarantine").select("bytes_kept_at").collect()
        named.update(kept_at.get_column("bytes_kept_at").drop_nulls())
    return [path for path in sorted(layout.quarantine.glob("*")) if f"quarantine/{path.name}" not in named]


def drop_unnamed_bytes(warehouse: Path) -> int:
    """Remove the quarantined bytes that no generation on the disk names; how many files. Raises BusyError."""
    with locked(warehouse, _UNTOUCHED) as layout:
        loose = unnamed_bytes(layout, layout.generation_ids())
        for path in loose:
            path.unlink()
    return len(loose)


def _only_in(directories: Iterable[Path]) -> int:
    """Bytes that are freed when these folders are removed: of files without a further link elsewhere."""
    links: Counter[tuple[int, int]] = Counter()
    sizes: dict[tuple[int, int], tuple[int, int]] = {}
    for status in _files(directories):
        identity = (status.st_dev, status.st_ino)
        links[identity] += 1
        sizes[identity] = (status.st_nlink, status.st_size)
    return sum(size for identity, (link_count, size) in sizes.items() if links[identity] == link_count)


def _files(directories: Iterable[Path]) -> Iterator[os.stat_result]:
    for directory in directories:
        for path in directory.rglob("*"):
            if not path.is_dir():
                yield path.lstat()
