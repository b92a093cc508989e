"""What changed from one generation to another: rows by key, and the pages whose cut is another one.

Files that the manifests call equal are not read, so that the work follows the change and not the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from cuttings.contract import HISTORY_TABLES, TABLES, Table
from cuttings.errors import UsageError
from cuttings.store.disk import sha256_of
from cuttings.store.layout import MANIFEST_NAME, PART_GLOB, Layout
from cuttings.store.leases import pinned
from cuttings.store.manifest import read_manifest
from cuttings.store.parquet import empty_table

EXAMPLE_COUNT: Final = 3  # keys shown of each kind of change
PAGE_COUNT: Final = 20  # pages described; the counts are of all


@dataclass(frozen=True, slots=True)
class TableChange:
    """Rows of one table by key. `columns` counts, of the changed rows, in how many each column differs."""

    name: str
    added_count: int
    removed_count: int
    changed_count: int
    columns: Mapping[str, int]
    added: tuple[Mapping[str, Any], ...]
    removed: tuple[Mapping[str, Any], ...]
    changed: tuple[Mapping[str, Any], ...]

    @property
    def is_empty(self) -> bool:
        """Nothing differs."""
        return not (self.added_count or self.removed_count or self.changed_count)


@dataclass(frozen=True, slots=True)
class PageView:
    """What one generation says of a page: titles in page order, bytes by zone."""

    titles: tuple[str | None, ...]
    zone_bytes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PageChange:
    """A page whose titles or zones differ; None on the side where it is not."""

    page_id: str
    source_name: str
    before: PageView | None
    after: PageView | None


@dataclass(frozen=True, slots=True)
class Difference:
    """From one generation to another; `pages` are the first of `page_count`, by name."""

    from_id: str
    to_id: str
    tables: tuple[TableChange, ...]
    page_count: int
    pages: tuple[PageChange, ...]

    @property
    def is_empty(self) -> bool:
        """Every table but the history holds the same rows."""
        return all(table.is_empty for table in self.tables)

    def to_json(self) -> dict[str, Any]:
        """Plain values; instants are left to the caller's encoder."""
        return asdict(self)


def difference(warehouse: Path, before: str | None = None, after: str | None = None) -> Difference:
    """What changed from generation `before` to `after`, each named by the beginning of its id.

    `after` is by default the published one, `before` the one that it follows. Raises UsageError when one is not there.
    """
    layout = Layout(warehouse)
    with pinned(warehouse, after and layout.find_generation(after)) as new:
        before_id = layout.find_generation(before) if before else read_manifest(new / MANIFEST_NAME).previous_id
        if before_id is None or not layout.generation(before_id).is_dir():
            raise UsageError(f"{warehouse}: no generation before {new.name} is kept: name the one to compare it with")
        with pinned(warehouse, before_id) as old:
            return compare(old, new)


def compare(before: Path | None, after: Path, *, from_id: str = "", to_id: str = "") -> Difference:
    """The difference between two directories of generations, of which `after` may still be under construction.

    Without `before` every row is an added one.

    The tables of the history (`runs`, `checks`) differ by nature and are left out. Pin directories of readers first.
    """
    old_files, new_files = _digests(before), _digests(after)
    changes = []
    touched = pl.Series("page_id", [], pl.String)
    for table in TABLES.values():
        if table.name in HISTORY_TABLES:
            continue
        paths = {name for name in old_files.keys() | new_files.keys() if name.startswith(f"{table.name}/")}
        differing = sorted(name for name in paths if old_files.get(name) != new_files.get(name))
        old = _rows(before, table, [name for name in differing if name in old_files])
        new = _rows(after, table, [name for name in differing if name in new_files])
        change, keys = _table_change(table, old, new)
        changes.append(change)
        if table.name in ("pages", "segments", "appearances"):
            touched = pl.concat((touched, keys.get_column("page_id"))).unique()
    page_count, pages = _page_changes(before, after, touched)
    return Difference(
        from_id or (before.name if before else "nothing"), to_id or after.name, tuple(changes), page_count, pages
    )


def _digests(directory: Path | None) -> dict[str, str]:
    """sha256 of each Parquet file by its path in the generation, from the manifest if there is one already."""
    if directory is None:
        return {}
    manifest = directory / MANIFEST_NAME
    if manifest.is_file():
        files = read_manifest(manifest).files
        return {name: entry.sha256 for name, entry in files.items() if name.endswith(".parquet")}
    return {path.relative_to(directory).as_posix(): sha256_of(path) for path in sorted(directory.rglob(PART_GLOB))}


def _rows(directory: Path | None, table: Table, names: list[str]) -> pl.DataFrame:
    """The rows of some files of a table. A column that a generation of an older version lacks is null."""
    paths = [directory / name for name in names] if directory else []
    frames = [pl.scan_parquet([path], glob=False, hive_partitioning=False).collect() for path in paths]
    return pl.concat((empty_table(table.name), *frames), how="diagonal_relaxed").select(
        column.name for column in table.columns
    )


def _table_change(table: Table, old: pl.DataFrame, new: pl.DataFrame) -> tuple[TableChange, pl.DataFrame]:
    """The change of a table, and the keys of all rows that it concerns."""
    key = list(table.key)
    values = [column.name for column in table.columns if column.name not in key]
    added = new.join(old, on=key, how="anti").select(key).sort(key)
    removed = old.join(new, on=key, how="anti").select(key).sort(key)
    both = old.join(new, on=key, how="inner", suffix="\0new")
    differs = both.select(*key, *(pl.col(name).ne_missing(pl.col(f"{name}\0new")).alias(name) for name in values))
    changed = differs.filter(pl.any_horizontal(values)).sort(key) if values else differs.clear()
    counts = changed.select(pl.col(values).sum()).to_dicts()[0] if values and changed.height else {}
    change = TableChange(
        table.name,
        added.height,
        removed.height,
        changed.height,
        {name: count for name, count in counts.items() if count},
        tuple(added.head(EXAMPLE_COUNT).to_dicts()),
        tuple(removed.head(EXAMPLE_COUNT).to_dicts()),
        tuple(
            {**{name: row[name] for name in key}, "columns": [name for name in values if row[name]]}
            for row in changed.head(EXAMPLE_COUNT).to_dicts()
        ),
    )
    return change, pl.concat((added, removed, changed.select(key)))


def _page_changes(before: Path | None, after: Path, page_ids: pl.Series) -> tuple[int, tuple[PageChange, ...]]:
    """Pages whose titles or zones differ: their number, and the first by name."""
    old, new = _page_views(before, page_ids), _page_views(after, page_ids)
    differing = [page_id for page_id in sorted(old.keys() | new.keys()) if old.get(page_id) != new.get(page_id)]
    names = {**_names(after, differing), **_names(before, differing)}
    ordered = sorted(differing, key=lambda page_id: (names.get(page_id, ""), page_id))
    return len(differing), tuple(
        PageChange(page_id, names.get(page_id, ""), old.get(page_id), new.get(page_id))
        for page_id in ordered[:PAGE_COUNT]
    )


def _page_views(directory: Path | None, page_ids: pl.Series) -> dict[str, PageView]:
    is_wanted = pl.col("page_id").is_in(page_ids.implode())
    pages = _scan(directory, "pages").filter(is_wanted).select("page_id").collect()
    titles = (
        _scan(directory, "appearances").filter(is_wanted).sort("page_id", "position").group_by("page_id")
        .agg("title").collect()
    )  # fmt: skip
    zones = (
        _scan(directory, "segments").filter(is_wanted).group_by("page_id", "zone")
        .agg((pl.col("byte_end") - pl.col("byte_start")).sum().alias("bytes")).sort("page_id", "zone").collect()
    )  # fmt: skip
    zone_bytes: dict[str, dict[str, int]] = {page_id: {} for page_id in pages.get_column("page_id")}
    for page_id, zone, byte_count in zones.iter_rows():
        zone_bytes[page_id][zone] = byte_count
    titled = {page_id: tuple(found) for page_id, found in titles.iter_rows()}
    return {page_id: PageView(titled.get(page_id, ()), found) for page_id, found in zone_bytes.items()}


def _names(directory: Path | None, page_ids: list[str]) -> dict[str, str]:
    named = _scan(directory, "files").filter(pl.col("page_id").is_in(page_ids) & (pl.col("disposition") == "loaded"))
    return dict(named.select("page_id", "source_name").collect().iter_rows())


def _scan(directory: Path | None, name: str) -> pl.LazyFrame:
    parts = sorted((directory / name).rglob(PART_GLOB)) if directory else []
    return pl.scan_parquet(parts, glob=False, hive_partitioning=False) if parts else empty_table(name).lazy()
