"""A generation that is being built: its tables, what it shares with the one before, and its publication."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from cuttings.contract import TABLES
from cuttings.contract_version import CONTRACT_VERSION
from cuttings.errors import CorruptWarehouseError
from cuttings.store.conservation import Account, check_conservation
from cuttings.store.digests import generation_id
from cuttings.store.disk import make_directory, sha256_of, storage_errors, sync, write_durably, write_synced
from cuttings.store.handing_on import HandedOn
from cuttings.store.large import LargeTable
from cuttings.store.layout import DATABASE_NAME, MANIFEST_NAME, Layout
from cuttings.store.manifest import Digests, FileEntry, Manifest
from cuttings.store.parquet import TableFile, empty_table, scan_table, write_large, write_tables
from cuttings.store.publish import collect_garbage, commit, point_link
from cuttings.store.reuse import NO_LINK, ROWS_FACT, Reuse

if TYPE_CHECKING:
    from cuttings.store.models import Model

# In a manifest: what the database was built by, and how many of its rows are not in the order of their keys.
_DATABASE_FACT: Final = "database"
# A database of which more than this share of the rows was exchanged over time is built from nothing again.
EXCHANGED_RATIO: Final = 0.1
_PUBLISHED: Final = "the new generation is published, only the tidying after it failed"


class Build:
    """A generation that is not published yet; its files go below `directory`."""

    def __init__(self, layout: Layout, digests: Digests, previous: Manifest | None, keep: int) -> None:
        previous_id = previous.generation_id if previous else None
        self._layout = layout
        self._keep = keep
        self._row_counts: dict[Path, int] = {}
        self.digests: Final = digests
        self.previous_id: Final = previous_id
        self.generation_id: Final = _free_id(layout, generation_id(digests, previous_id))
        self.directory: Final = layout.building(self.generation_id)
        self.previous: Final = previous
        self.previous_directory: Final = layout.generation(previous_id) if previous_id else None
        self._database_fact: dict[str, Any] = {}
        self._handed_on: HandedOn | None = None
        self._models: tuple[Model, ...] = ()  # those that the database still lacks
        self._sealed: dict[str, FileEntry] = {}
        self._reuse = Reuse(self.previous_directory, previous, f"{digests.code} {CONTRACT_VERSION}")

    def write_tables(self, tables: Mapping[str, pl.DataFrame | pl.LazyFrame]) -> list[TableFile]:
        """Write tables of the contract; a file with the rows of the previous one's becomes a hard link to it."""
        return self._entered(write_tables(self.directory, tables, self._reuse))

    def write_large(self, name: str, large: LargeTable) -> list[TableFile]:
        """Like `write_tables`, for one table by its keys."""
        return self._entered(write_large(self.directory, name, large, self._reuse))

    def begin_database(self, models_dir: Path, version: str) -> None:
        """Begin the database while the tables are still to be made, where it can be had out of the previous one.

        `version` stands for all that the rows depend on beside the engine: where it is another one, something may be
        to be forgotten, and a file of which rows were only deleted may still hold them.
        """
        self.close()
        entry = self.previous.files.get(DATABASE_NAME) if self.previous else None
        is_of_version = self._last_database.get("version") == self._own_version(version)
        if self.previous_directory and entry and is_of_version and (self.previous_directory / DATABASE_NAME).is_file():
            self._handed_on = HandedOn(
                self.previous_directory / DATABASE_NAME, self.directory / DATABASE_NAME, entry.sha256, models_dir
            )

    def build_database(self, models_dir: Path, version: str) -> None:
        """The DuckDB file of what was written; `audited` adds the models where it comes out of the previous one."""
        # Here, not above: most of what opens a warehouse does not need DuckDB.
        from cuttings.store.database import build_database, update_tables  # noqa: PLC0415

        self._sealed = {}
        if self._handed_on is None:
            self.begin_database(models_dir, version)
        exchanged = self._last_database.get("exchanged_rows", 0)
        is_near = exchanged <= EXCHANGED_RATIO * sum(self._row_counts.values())
        if self.previous_directory and self._handed_on and self._handed_on.is_whole() and is_near:
            self._models = self._handed_on.models()
            exchanged += update_tables(self.directory, TABLES, self.previous_directory)
        else:
            self._models = ()
            build_database(self.directory, TABLES, models_dir)
            exchanged = 0
        self.close()
        self._database_fact = {"version": self._own_version(version), "exchanged_rows": exchanged}

    @contextmanager
    def audited(self) -> Iterator[Path]:
        """A folder whose database has all tables, to be read inside the block.

        Models that are still to be added are, beside what is done in the block. What it reads is then a copy: DuckDB
        lets no other process read a file that it writes, and the tables do not change any more.
        """
        from cuttings.store.database import add_models  # noqa: PLC0415 (as in `build_database`)

        models, self._models = self._models, ()
        if not models:
            yield self.directory
            return
        with (
            tempfile.TemporaryDirectory(prefix=".audited-", dir=self.directory) as folder,
            ThreadPoolExecutor(1) as pool,
        ):
            shutil.copyfile(self.directory / DATABASE_NAME, Path(folder, DATABASE_NAME))
            adding = pool.submit(add_models, self.directory, models)
            yield Path(folder)
            adding.result()

    @contextmanager
    def sealing(self) -> Iterator[None]:
        """Inside the block, and until its end, the files that stood at its begin are sealed beside what else is done.

        They must not change any more: what follows the audit writes only its report.
        """
        paths = _files(self.directory)
        with ThreadPoolExecutor(1) as pool:  # hashing lets other threads run
            sealing = pool.submit(_sealed, self.directory, paths, self._row_counts, self._reuse.linked)
            yield
            self._sealed = sealing.result()

    def close(self) -> None:
        """Leave off what goes on beside; nothing is written after this."""
        if self._handed_on:
            self._handed_on.close()
            self._handed_on = None

    @property
    def _last_database(self) -> Mapping[str, Any]:
        return self.previous.facts.get(_DATABASE_FACT, {}) if self.previous else {}

    def _own_version(self, version: str) -> str:
        return f"{self._reuse.salt} {version}"

    def _entered(self, written: list[TableFile]) -> list[TableFile]:
        self._sealed = {}
        for file in written:
            self._row_counts[file.path] = file.row_count
            if self.previous_directory:
                _share(self.previous_directory / file.path.relative_to(self.directory), file.path)
        return written

    def previous_rows(self, name: str) -> pl.DataFrame:
        """The rows of a table in the previous generation; none when there is none. For `runs` and `checks`."""
        if self.previous_directory is None:
            return empty_table(name)
        rows = scan_table(self.previous_directory, name).drop("captured_on", strict=False).collect()
        if name == "checks" and self._layout.forgotten.exists():
            # The key of a row may be a name, and what is forgotten must not go on in the history.
            rows = rows.with_columns(failing_keys=pl.lit([], rows.schema["failing_keys"]))
        return rows

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
        assert not self._models, "the database lacks its models"
        check_conservation(self.directory, discovered)
        digests = self.digests if inputs_digest is None else replace(self.digests, inputs=inputs_digest)
        sealed = {self.directory / name for name in self._sealed}
        rest = [path for path in _files(self.directory) if path not in sealed]
        files = {**self._sealed, **_sealed(self.directory, rest, self._row_counts, self._reuse.linked)}
        known = {name: digest for name, digest in self._reuse.digests.items() if name in files}
        facts = {**facts, ROWS_FACT: known, _DATABASE_FACT: self._database_fact}
        manifest = Manifest(self.generation_id, self.previous_id, digests, files, facts)
        write_synced(self.directory / MANIFEST_NAME, manifest.to_bytes(), mode=0o444)
        _sync_directories(self.directory)
        os.rename(self.directory, self._layout.generation(self.generation_id))
        sync(self._layout.generations)
        commit(self._layout, self.generation_id)
        with storage_errors(self._layout.root, _PUBLISHED):
            point_link(self._layout)
            collect_garbage(self._layout, self._keep)
        return manifest


def _free_id(layout: Layout, generation_id: str) -> str:
    """`generation_id`, or another one where a generation of that name stands.

    It stands when it was rolled back from and the same input is published again: no name is ever used for other bytes.
    """
    while layout.generation(generation_id).exists():
        generation_id = hashlib.sha256(generation_id.encode("ascii")).hexdigest()[: len(generation_id)]
    return generation_id


def _files(directory: Path) -> list[Path]:
    """Everything below a directory that is no directory."""
    return sorted(path for path in directory.rglob("*") if not path.is_dir())


def _sealed(
    directory: Path, paths: Iterable[Path], row_counts: Mapping[Path, int], linked: Mapping[str, FileEntry]
) -> dict[str, FileEntry]:
    """Take write permission from files, force them to the disk, and enter each with its digest.

    The bytes of `linked` files were compared with theirs when they were linked.
    """
    files: dict[str, FileEntry] = {}
    for path in paths:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise CorruptWarehouseError(f"{path}: found something that is no file in a generation that is being built")
        if status.st_mode & 0o222:
            path.chmod(stat.S_IMODE(status.st_mode) & ~0o222)
        sync(path)
        name = path.relative_to(directory).as_posix()
        files[name] = linked.get(name) or FileEntry(sha256_of(path), status.st_size, row_counts.get(path))
    return files


def _sync_directories(directory: Path) -> None:
    """Force the directories to the disk, the deepest first."""
    for path, _, _ in os.walk(directory, topdown=False):
        sync(Path(path))


def _share(previous: Path, path: Path) -> None:
    """Replace a file by a hard link to the previous generation's when their bytes are the same."""
    is_same = previous.is_file() and previous.stat().st_size == path.stat().st_size
    if not is_same or previous.samefile(path) or sha256_of(previous) != sha256_of(path):
        return
    aside = path.with_name(f".{path.name}.link")
    try:
        os.link(previous, aside)
    except OSError as error:
        if error.errno in NO_LINK:
            return
        raise
    os.replace(aside, path)
