"""The publish protocol: build aside, check what readers will get, flip one pointer.

    lock  ->  recover  ->  build aside  ->  sync all, manifest, rename  ->  CURRENT  ->  link, collect garbage
                                                                              the one commit point

Killed or failed before the commit point, the published generation is untouched and the next run removes what was left.
After it, the new generation is whole. Of two runs one proceeds, the other gets BusyError before it touches anything.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cuttings.config import KEPT_GENERATIONS
from cuttings.errors import BusyError, CorruptWarehouseError
from cuttings.store.digests import GENERATION_ID_DIGITS
from cuttings.store.disk import make_directory, storage_errors, sync, write_synced
from cuttings.store.layout import BUILDING_PREFIX, MANIFEST_NAME, Layout
from cuttings.store.manifest import Digests, Manifest, read_manifest

if TYPE_CHECKING:
    from cuttings.store.build import Build
    from cuttings.store.cache import CutCache

_UNTOUCHED: Final = "nothing was published, what was published before is untouched"
_UNKNOWN: Final = "the new generation is in place but may be lost if power fails: run `cuttings verify`, then run again"


@contextmanager
def writer(warehouse: Path, keep: int = KEPT_GENERATIONS) -> Iterator[Writer]:
    """The one writer of a warehouse, which is created if need be. `keep` generations are left after a publish.

    Raises BusyError at once when another run holds the warehouse, StorageError when the disk refuses.
    """
    make_warehouse(warehouse)
    with locked(warehouse) as layout, storage_errors(warehouse, _UNTOUCHED):
        _recover(layout, keep)
        yield Writer(layout, keep)


def make_warehouse(warehouse: Path) -> None:
    """Create the folder of a warehouse where it is missing."""
    with storage_errors(warehouse, _UNTOUCHED):
        make_directory(warehouse)


@contextmanager
def locked(warehouse: Path, outcome: str = _UNTOUCHED) -> Iterator[Layout]:
    """The lock of a warehouse that is there, and nothing else: what a killed run left stays. `outcome` as in disk.py.

    Raises BusyError at once when another run holds it, StorageError when the disk refuses.
    """
    layout = Layout(warehouse)
    with storage_errors(warehouse, outcome):
        fd = os.open(layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BusyError(
                    f"{warehouse}: another run is writing here; nothing was touched: wait until it has ended, or name "
                    "another --warehouse"
                ) from error
            make_directory(layout.generations)
            yield layout
        finally:
            os.close(fd)  # the kernel also frees the lock of a killed run; the file itself is never removed


class Writer:
    """Holds the lock of a warehouse."""

    def __init__(self, layout: Layout, keep: int) -> None:
        self._layout = layout
        self._keep = keep
        current_id = layout.current_id()
        self.published: Final = None if current_id is None else read_manifest(layout.manifest(current_id))

    @property
    def published_at_ns(self) -> int:
        """When the published generation became that, by the clock of the file system; 0 when there is none."""
        return self._layout.current.stat().st_mtime_ns if self.published else 0

    def is_current(self, digests: Digests) -> bool:
        """The published generation is what a run over these inputs, configuration and code would give."""
        return self.published is not None and self.published.describes(digests)

    def cache(self, key: str) -> CutCache:
        """The cuts of earlier runs under a key, a digest of all that a cut depends on."""
        from cuttings.store.cache import CutCache  # noqa: PLC0415

        return CutCache(self._layout.cache, key[:GENERATION_ID_DIGITS])

    @contextmanager
    def build(self, digests: Digests) -> Iterator[Build]:
        """A new generation, built aside. It is removed at the end unless it was published."""
        # Here, not above: a look that finds nothing to do must not wait for the libraries of a build.
        from cuttings.store.build import Build  # noqa: PLC0415

        build = Build(self._layout, digests, self.published, self._keep)
        os.mkdir(build.directory)
        try:
            yield build
        finally:
            build.close()
            # Best effort: what cannot be removed now, the next run removes.
            shutil.rmtree(build.directory, ignore_errors=True)


def commit(layout: Layout, generation_id: str) -> None:
    """Publish a generation that is on the disk: replace the pointer, the one commit point. Needs the lock."""
    aside = layout.root / ".CURRENT.tmp"
    write_synced(aside, f"{generation_id}\n".encode("ascii"))
    os.replace(aside, layout.current)
    with storage_errors(layout.root, _UNKNOWN):
        sync(layout.root)


def has_tombstones(warehouse: Path) -> bool:
    """Whether anything was ever forgotten here."""
    return Layout(warehouse).forgotten.exists()


def history(warehouse: Path) -> list[Manifest]:
    """Manifests of the published generation and those before it that are still kept, newest first."""
    return chain(Layout(warehouse))


def _recover(layout: Layout, keep: int) -> None:
    """Remove what a killed run left, and finish what it had begun after its commit."""
    for unfinished in layout.generations.glob(f"{BUILDING_PREFIX}*"):
        shutil.rmtree(unfinished)
    for unfinished in (*layout.root.glob(".*.tmp"), *layout.quarantine.glob(".*.tmp")):
        unfinished.unlink()
    point_link(layout)
    collect_garbage(layout, keep)


def point_link(layout: Layout) -> None:
    """Let the convenience link name the published generation."""
    current_id = layout.current_id()
    if current_id is None:
        return
    target = os.path.join("generations", current_id)
    with suppress(FileNotFoundError):
        if os.readlink(layout.link) == target:
            return
    aside = layout.root / ".current.tmp"
    os.symlink(target, aside)
    os.replace(aside, layout.link)
    sync(layout.root)


def chain(layout: Layout) -> list[Manifest]:
    """The published generation and those it follows, newest first, as far as they are kept.

    CorruptWarehouseError when the published one is missing or damaged: then nothing may be removed.
    """
    manifests: list[Manifest] = []
    generation_id = layout.current_id()
    while generation_id:
        try:
            manifest = read_manifest(layout.manifest(generation_id))
        except (FileNotFoundError, CorruptWarehouseError) as error:
            if manifests:
                break
            raise CorruptWarehouseError(
                f"{layout.manifest(generation_id)}: the published generation is missing or damaged: restore it from a "
                "backup, or move the warehouse away and run again"
            ) from error
        manifests.append(manifest)
        generation_id = manifest.previous_id
    return manifests


def collect_garbage(layout: Layout, keep: int) -> None:
    """Remove every generation but the newest `keep`, those rolled back from, and those that a reader holds."""
    kept = {manifest.generation_id for manifest in chain(layout)[: max(1, keep)]}
    kept |= layout.withdrawn_ids()
    for directory in sorted(layout.generations.iterdir()):
        if directory.name not in kept and not directory.name.startswith(BUILDING_PREFIX):
            drop(layout, directory)
    if layout.withdrawn.exists() and not layout.withdrawn_ids():
        layout.withdrawn.unlink()


def drop(layout: Layout, directory: Path) -> bool:
    """Remove a generation unless a reader holds it; whether it was removed. Needs the lock."""
    try:
        fd = os.open(directory / MANIFEST_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        shutil.rmtree(directory)  # no manifest: it never was a generation
        return True
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False  # a reader holds it; a later run will find it free
    else:
        # Out of sight in one step, so that no reader finds half of it.
        doomed = layout.building(f"removed-{directory.name}")
        os.rename(directory, doomed)
        shutil.rmtree(doomed)
        return True
    finally:
        os.close(fd)
