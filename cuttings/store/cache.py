"""Prepared pages of earlier runs, so that a run cuts only what it has not seen: a cache, which may go at any time.

    warehouse/cache/<key>/<shard>/<table>.arrow     rows of some pages, written once
                                 /shard.json        the pages, the digest of each file, its own digest; written last

`key` stands for all that the rows are a function of beside the bytes of their page, which the page_id stands for. A
shard with one wrong bit counts for nothing: it is removed, and its pages are cut again. Needs the warehouse's lock.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from cuttings.corpus import compacted
from cuttings.store.disk import make_directory, sha256_of, storage_errors
from cuttings.store.ids import Ids, PageIds, PageIndex, packed

_SHARD_NAME: Final = "shard.json"
_NAME_DIGITS: Final = 16
_NEW: Final = ".new-"
# A shard of fewer live pages than this share is written anew without the dead.
_LEAST_LIVE_RATIO: Final = 0.5
# Shards of few bytes, such as those of runs after a small change, become one when there are more of them than this. The
# others stay as they were cut: in the order of the tables, so that a slice of a table needs few of them.
_SMALL_BYTES: Final = 128 * 1024
_SMALL_SHARDS: Final = 16
# On the disk, of a shard that others are put into; about five times that in memory.
_SHARD_BYTES: Final = 32 * 1024 * 1024
# In memory, read of shards that are handed out as one part: what each part costs by itself is some 20 ms.
_PART_BYTES: Final = 16 * 1024 * 1024
_HASH_THREADS: Final = 2  # hashing lets other threads run


@dataclass(frozen=True, slots=True)
class _Shard:
    directory: Path
    page_count: int
    digests: Mapping[str, str]


class CutCache:
    """The shards of one key below `directory`, whole ones only; damaged and unfinished ones are removed."""

    def __init__(self, directory: Path, key: str) -> None:
        self._root = directory
        self._directory = directory / key
        self.key: Final = key
        self._shards: list[_Shard] = []
        self._index = PageIndex.empty()
        self._not_indexed: list[Ids] = []  # pages of the last shards
        found = sorted(path for path in self._directory.glob("*") if path.is_dir())
        with ThreadPoolExecutor(_HASH_THREADS) as pool:
            for path, shard in zip(found, pool.map(_whole_shard, found), strict=True):
                if shard is None:
                    _remove(path)
                elif path.name.startswith(_NEW):  # of a run that was killed before it took it
                    self.adopt(path)
                else:
                    self._add(*shard)

    def __contains__(self, page_id: object) -> bool:
        return isinstance(page_id, str) and bool(self.has([page_id])[0])

    def has(self, page_ids: PageIds) -> npt.NDArray[np.bool_]:
        """Which of these pages are in it."""
        return self._indexed().shards_of(packed(page_ids)) >= 0

    @property
    def page_count(self) -> int:
        """Pages in it."""
        return len(self._indexed().page_ids)

    def get(self, table: str, page_ids: PageIds | None = None, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Rows of a table for some pages or all, in no promised order. KeyError when a page is not there."""
        # Each part in memory of its own: some rows of every shard would hold the texts of all rows of every shard.
        parts = [compacted(part[table]) for part in self.parts({table: columns}, page_ids)]
        return pl.concat(parts) if parts else pl.DataFrame()

    def parts(
        self, columns: Mapping[str, Sequence[str] | None], page_ids: PageIds | None = None
    ) -> Iterator[dict[str, pl.DataFrame]]:
        """Like `get`, of several tables, some shards at a time: all rows of a page are in one part."""
        index = self._indexed()
        wanted = index.page_ids if page_ids is None else packed(page_ids)
        owners = index.owners if page_ids is None else index.shards_of(wanted)
        if len(owners) and owners.min() < 0:
            raise KeyError(wanted[owners.argmin()].decode())
        order = np.argsort(owners, kind="stable")
        starts = np.flatnonzero(np.diff(owners[order], prepend=-1))
        held: dict[str, list[pl.DataFrame]] = {table: [] for table in columns}
        held_bytes = 0.0
        for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
            shard, own = self._shards[owners[order[start]]], wanted[order[start:end]]
            for table, names in columns.items():
                rows, read_bytes = _rows(shard, table, own, names)
                held[table].append(rows)
                held_bytes += read_bytes
            if held_bytes >= _PART_BYTES or end == len(order):
                yield {table: pl.concat(frames) for table, frames in held.items()}
                held, held_bytes = {table: [] for table in columns}, 0.0

    def put(self, tables: Mapping[str, pl.DataFrame], page_ids: Collection[str]) -> None:
        """Keep the rows of `page_ids`, where not all are there already; each table has a column page_id."""
        if self.has(list(page_ids)).all():
            return
        own = packed(sorted(page_ids))
        self._add(_write(self._directory / _name(own), tables, page_ids), own)

    def free_directory(self, number: int) -> Path:
        """Where a process of this run may write a shard to be adopted; `number` is its own."""
        make_directory(self._directory)
        return self._directory / f"{_NEW}{number}"

    def adopt(self, directory: Path) -> bool:
        """Take a shard that `write_shard` wrote elsewhere on the same file system; False when it is not whole."""
        whole = _whole_shard(directory)
        if whole is None:
            _remove(directory)
            return False
        shard, page_ids = whole
        place = self._directory / _name(page_ids)
        if place.exists():
            _remove(directory)
            return True
        make_directory(self._directory)
        directory.rename(place)
        self._add(replace(shard, directory=place), page_ids)
        return True

    def forget(self, page_ids: Collection[str]) -> int:
        """Remove every trace of pages; return of how many there was one. What other keys hold is removed altogether."""
        gone = packed(sorted(page_ids))
        # Read once more: the index tells but one of the shards that a page is in.
        touched = [shard for shard in self._shards if np.isin(gone, _page_ids(shard.directory)).any()]
        page_ids_before = self._indexed().page_ids
        is_gone = np.isin(page_ids_before, gone)
        if touched:
            self._rewrite(touched, page_ids_before[~is_gone])
        self.drop_others()
        return int(is_gone.sum())

    def tidy(self, live: PageIds) -> None:
        """Rewrite shards that are mostly dead, join many small ones, and remove those of other keys."""
        with storage_errors(self._root, "the new generation is published, only the tidying of the cache failed"):
            self._tidy(packed(live))

    def _tidy(self, living: Ids) -> None:
        owners = self._indexed().shards_of(living)
        live_counts = np.bincount(owners[owners >= 0], minlength=len(self._shards))
        worn = [
            shard for shard, count in zip(self._shards, live_counts, strict=True)
            if count < _LEAST_LIVE_RATIO * shard.page_count
        ]  # fmt: skip
        small = [shard for shard in self._shards if _size_bytes(shard) < _SMALL_BYTES]
        if len(small) > _SMALL_SHARDS:
            taken = {shard.directory for shard in worn}
            worn += [shard for shard in small if shard.directory not in taken]
        if worn:
            self._rewrite(worn, np.sort(living))
        self.drop_others()

    def drop_others(self) -> None:
        """Remove what was cached under other keys."""
        for path in self._root.glob("*"):
            if path != self._directory:
                _remove(path)

    def _add(self, shard: _Shard, page_ids: Ids) -> None:
        self._shards.append(shard)
        self._not_indexed.append(page_ids)

    def _indexed(self) -> PageIndex:
        if self._not_indexed:
            self._index = self._index.with_shards(self._not_indexed, len(self._shards) - len(self._not_indexed))
            self._not_indexed = []
        return self._index

    def _rewrite(self, worn: Sequence[_Shard], kept: Ids) -> None:
        """Put the kept pages (ascending) of some shards into fewer, as large as memory likes them; remove those."""
        while worn:
            group = _first_up_to(worn, _SHARD_BYTES)
            worn = worn[len(group) :]
            directories = {shard.directory for shard in group}
            index = self._indexed()
            is_of_group = np.array([shard.directory in directories for shard in self._shards], dtype=np.bool_)
            own = index.page_ids[is_of_group[index.owners]]
            page_ids = [page_id.decode() for page_id in own[np.isin(own, kept)]]
            tables = {table: self.get(table, page_ids) for table in group[0].digests} if page_ids else {}
            self._shards = [shard for shard in self._shards if shard.directory not in directories]
            self._index = index.without_shards(is_of_group)
            for shard in group:
                _remove(shard.directory)
            if page_ids:
                self.put(tables, page_ids)


def _rows(shard: _Shard, table: str, wanted: Ids, columns: Sequence[str] | None) -> tuple[pl.DataFrame, float]:
    """The rows of `wanted` pages of a shard, and the memory they hold: that of all rows, whose texts they share."""
    is_all = len(wanted) == shard.page_count
    needed = None if columns is None else list(dict.fromkeys((*columns, *(() if is_all else ("page_id",)))))
    frame = _read(shard.directory / f"{table}.arrow", needed)
    read_bytes = frame.estimated_size()
    if is_all:
        return frame, read_bytes
    known = pl.Series(wanted).cast(pl.String)
    frame = frame.filter(pl.col("page_id").is_in(known.implode()))
    return frame if columns is None else frame.select(columns), read_bytes


def _read(path: Path, columns: Sequence[str] | None) -> pl.DataFrame:
    """Columns of a file of Arrow, or all. Not by Polars, whose query for each of hundreds of files takes longer."""
    content = pa.py_buffer(path.read_bytes())
    schema = pa.ipc.open_file(content).schema
    fields = None if columns is None else [schema.get_field_index(column) for column in columns]
    options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
    # From the pool that gives freed memory back when it is told to.
    rows = pa.ipc.open_file(content, options=options, memory_pool=pa.system_memory_pool()).read_all()
    return pl.DataFrame(rows if columns is None else rows.select(columns))


def _name(page_ids: Ids) -> str:
    """The name of a shard of these pages, ascending."""
    return hashlib.sha256(b"".join(page_ids.tolist())).hexdigest()[:_NAME_DIGITS]


def _first_up_to(shards: Sequence[_Shard], size_bytes: int) -> Sequence[_Shard]:
    """The first shards that have no more than so many bytes together, at least one."""
    total_bytes = 0
    for count, shard in enumerate(shards):
        total_bytes += _size_bytes(shard)
        if count and total_bytes > size_bytes:
            return shards[:count]
    return shards


def write_shard(directory: Path, tables: Mapping[str, pl.DataFrame], page_ids: Collection[str]) -> None:
    """Write the rows of pages as a shard that a cache of the same key can `adopt`; for a process of its own."""
    _write(directory, tables, page_ids)


def forget_cached(cache_directory: Path) -> None:
    """Remove every cache of a warehouse."""
    _remove(cache_directory)


def _write(directory: Path, tables: Mapping[str, pl.DataFrame], page_ids: Collection[str]) -> _Shard:
    _remove(directory)
    make_directory(directory)
    digests = {}
    for table, rows in tables.items():
        buffer = io.BytesIO()
        rows.write_ipc(buffer, compression="lz4")
        content = buffer.getvalue()
        (directory / f"{table}.arrow").write_bytes(content)
        digests[table] = hashlib.sha256(content).hexdigest()
    described = {"page_ids": sorted(page_ids), "digests": digests}
    (directory / _SHARD_NAME).write_bytes(_sealed(described))
    return _Shard(directory, len(page_ids), digests)


def _page_ids(directory: Path) -> Ids:
    """The pages of a shard, ascending."""
    return packed(sorted(json.loads((directory / _SHARD_NAME).read_bytes())["page_ids"]))


def _whole_shard(directory: Path) -> tuple[_Shard, Ids] | None:
    """The shard in a directory, and its pages, ascending; None when a single bit of it is not as it was written."""
    try:
        raw = (directory / _SHARD_NAME).read_bytes()
        described = json.loads(raw)
        del described["sha256"]
        if _sealed(described) != raw:
            return None
        page_ids = packed(sorted(described["page_ids"]))
        shard = _Shard(directory, len(page_ids), dict(described["digests"]))
        is_whole = all(sha256_of(path) == digest for path, digest in _files(shard))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return (shard, page_ids) if is_whole else None


def _files(shard: _Shard) -> Iterator[tuple[Path, str]]:
    for table, digest in shard.digests.items():
        yield shard.directory / f"{table}.arrow", digest


def _size_bytes(shard: _Shard) -> int:
    return sum(path.stat().st_size for path, _ in _files(shard))


def _sealed(described: Mapping[str, object]) -> bytes:
    digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode("ascii")).hexdigest()
    return json.dumps({**described, "sha256": digest}, sort_keys=True).encode("ascii")


def _remove(path: Path) -> None:
    """Remove a file or folder; of a shard first what makes it one, so that no half of it is ever taken for whole."""
    (path / _SHARD_NAME).unlink(missing_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
