"""The publish protocol: build aside, check what readers will get, flip one pointer.

    lock  ->  recover  ->  build aside  ->  sync all, manifest, rename  ->  CURRENT  ->  link, collect garbage
                                                                              the one commit point

Killed or failed before the commit point, the published generation is untouched and the next run removes what was left.
After it, the new generation is whole. Of two runs one proceeds, the other gets BusyError before it touches anything.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from cuttings.errors import BusyError, CorruptWarehouseError
from cuttings.store.conservation import Account, check_conservation
from cuttings.store.digests import generation_id
from cuttings.store.disk import make_directory, sha256_of, storage_errors, sync, write_durably, write_synced
from cuttings.store.layout import BUILDING_PREFIX, MANIFEST_NAME, Layout
from cuttings.store.manifest import Digests, FileEntry, Manifest, read_manifest
from cuttings.store.parquet import TableFile, empty_table, scan_table, write_tables

# Generations kept beside those that a reader holds: the published one and the one before it.
KEPT_GENERATIONS: Final = 2
# A hard link that the file system does not offer, or not once more: then the file stays a copy.
_NO_LINK: Final = (errno.EMLINK, errno.EPERM, errno.EXDEV, errno.EOPNOTSUPP, errno.ENOSYS)
_UNTOUCHED: Final = "nothing was published, what was published before is untouched"
_UNKNOWN: Final = "the new generation is in place but may be lost if power fails: run `cuttings verify`, then run again"
_PUBLISHED: Final = "the new generation is published, only the tidying after it failed"


@contextmanager
def writer(warehouse: Path, keep: int = KEPT_GENERATIONS) -> Iterator[Writer]:
    """The one writer of a warehouse, which is created if need be. `keep` generations are left after a publish.

    Raises BusyError at once when another run holds the warehouse, StorageError when the disk refuses.
    """
    layout = Layout(warehouse)
    with storage_errors(warehouse, _UNTOUCHED):
        make_directory(warehouse)
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
            _recover(layout, keep)
            yield Writer(layout, keep)
        finally:
            os.close(fd)  # the kernel also frees the lock of a killed run; the file itself is never removed


class Writer:
    """Holds the lock of a warehouse."""

    def __init__(self, layout: Layout, keep: int) -> None:
        self._layout = layout
        self._keep = keep
        current_id = layout.current_id()
        self.published: Final = None if current_id is None else read_manifest(layout.manifest(current_id))

    def is_current(self, digests: Digests) -> bool:
        """The published generation is what a run over these inputs, configuration and code would give."""
        return self.published is not None and self.published.describes(digests)

    @contextmanager
    def build(self, digests: Digests) -> Iterator[Build]:
        """A new generation, built aside. It is removed at the end unless it was published."""
        previous_id = self.published.generation_id if self.published else None
        build = Build(self._layout, digests, previous_id, self._keep)
        os.mkdir(build.directory)
        try:
            yield build
        finally:
            # Best effort: what cannot be removed now, the next run removes.
            shutil.rmtree(build.directory, ignore_errors=True)


class Build:
    """A generation that is not published yet; its files go below `directory`."""

    def __init__(self, layout: Layout, digests: Digests, previous_id: str | None, keep: int) -> None:
        self._layout = layout
        self._keep = keep
        self._row_counts: dict[Path, int] = {}
        self.digests: Final = digests
        self.previous_id: Final = previous_id
        self.generation_id: Final = generation_id(digests, previous_id)
        self.directory: Final = layout.building(self.generation_id)
        self.previous_directory: Final = layout.generation(previous_id) if previous_id else None

    def write_tables(self, tables: Mapping[str, pl.DataFrame | pl.LazyFrame]) -> list[TableFile]:
        """Write tables of the contract; a file equal to the previous generation's becomes a hard link to it."""
        written = write_tables(self.directory, tables)
        for file in written:
            self._row_counts[file.path] = file.row_count
            if self.previous_directory:
                _share(self.previous_directory / file.path.relative_to(self.directory), file.path)
        return written

    def previous_rows(self, name: str) -> pl.DataFrame:
        """The rows of a table in the previous generation; none when there is none. For `runs` and `checks`."""
        if self.previous_directory is None:
            return empty_table(name)
        return scan_table(self.previous_directory, name).drop("captured_on", strict=False).collect()

    def keep_bytes(self, contents: Iterable[tuple[str, bytes]]) -> int:
        """Keep quarantined bytes under their sha256, each written once; return how many were new."""
        new_count = 0
        for digest, raw in contents:
            make_directory(self._layout.quarantine)
            place = self._layout.quarantine / digest
            if not place.exists():
                write_durably(place, raw, mode=0o444)
                new_count += 1
        return new_count

    def publish(self, discovered: Account, facts: Mapping[str, Any], inputs_digest: str | None = None) -> Manifest:
        """Check the conservation law, make everything durable, and flip the pointer; return the manifest.

        `discovered` is what the sources found. `inputs_digest` replaces the one the build began with, for a run whose
        input changed under it. Raises CheckFailedError when the law does not hold, StorageError when the disk refuses.
        """
        check_conservation(self.directory, discovered)
        digests = self.digests if inputs_digest is None else replace(self.digests, inputs=inputs_digest)
        files = _sealed(self.directory, self._row_counts)
        manifest = Manifest(self.generation_id, self.previous_id, digests, files, facts)
        write_synced(self.directory / MANIFEST_NAME, manifest.to_bytes(), mode=0o444)
        _sync_directories(self.directory)
        os.rename(self.directory, self._layout.generation(self.generation_id))
        sync(self._layout.generations)
        self._commit()
        with storage_errors(self._layout.root, _PUBLISHED):
            _point_link(self._layout)
            _collect(self._layout, self._keep)
        return manifest

    def _commit(self) -> None:
        current = self._layout.current
        aside = self._layout.root / ".CURRENT.tmp"
        write_synced(aside, f"{self.generation_id}\n".encode("ascii"))
        os.replace(aside, current)
        with storage_errors(self._layout.root, _UNKNOWN):
            sync(self._layout.root)


def history(warehouse: Path) -> list[Manifest]:
    """Manifests of the published generation and those before it that are still kept, newest first."""
    return _chain(Layout(warehouse))


def _sealed(directory: Path, row_counts: Mapping[Path, int]) -> dict[str, FileEntry]:
    """Take write permission from every file, force it to the disk, and enter it with its digest."""
    files: dict[str, FileEntry] = {}
    for path in sorted(path for path in directory.rglob("*") if not path.is_dir()):
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise CorruptWarehouseError(f"{path}: found something that is no file in a generation that is being built")
        if status.st_mode & 0o222:
            path.chmod(stat.S_IMODE(status.st_mode) & ~0o222)
        sync(path)
        files[path.relative_to(directory).as_posix()] = FileEntry(sha256_of(path), status.st_size, row_counts.get(path))
    return files


def _sync_directories(directory: Path) -> None:
    """Force the directories to the disk, the deepest first."""
    for path, _, _ in os.walk(directory, topdown=False):
        sync(Path(path))


def _share(previous: Path, path: Path) -> None:
    """Replace a file by a hard link to the previous generation's when their bytes are the same."""
    is_same = previous.is_file() and previous.stat().st_size == path.stat().st_size
    if not is_same or sha256_of(previous) != sha256_of(path):
        return
    aside = path.with_name(f".{path.name}.link")
    try:
        os.link(previous, aside)
    except OSError as error:
        if error.errno in _NO_LINK:
            return
        raise
    os.replace(aside, path)


def _recover(layout: Layout, keep: int) -> None:
    """Remove what a killed run left, and finish what it had begun after its commit."""
    for unfinished in layout.generations.glob(f"{BUILDING_PREFIX}*"):
        shutil.rmtree(unfinished)
    for unfinished in (*layout.root.glob(".*.tmp"), *layout.quarantine.glob(".*.tmp")):
        unfinished.unlink()
    _point_link(layout)
    _collect(layout, keep)


def _point_link(layout: Layout) -> None:
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


def _chain(layout: Layout) -> list[Manifest]:
    """The published generation and those it follows, as far as they are kept.

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


def _collect(layout: Layout, keep: int) -> None:
    """Remove every generation but the newest `keep` and those that a reader holds."""
    kept = {manifest.generation_id for manifest in _chain(layout)[: max(1, keep)]}
    for directory in sorted(layout.generations.iterdir()):
        if directory.name not in kept and not directory.name.startswith(BUILDING_PREFIX):
            _drop(layout, directory)


def _drop(layout: Layout, directory: Path) -> None:
    try:
        fd = os.open(directory / MANIFEST_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        shutil.rmtree(directory)  # no manifest: it never was a generation
        return
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # a reader holds it; a later run will find it free
    else:
        # Out of sight in one step, so that no reader finds half of it.
        doomed = layout.building(f"removed-{directory.name}")
        os.rename(directory, doomed)
        shutil.rmtree(doomed)
    finally:
        os.close(fd)
