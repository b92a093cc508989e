"""Small warehouses for the tests of the inspector: pages of one's own, published without an audit, Parquet only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from cuttings import store
from cuttings.contract import TABLES
from cuttings.corpus import assemble_pages
from cuttings.pages import cut_pages
from cuttings.store.parquet import empty_table

CAPTURED_AT = datetime(2026, 7, 7, 12, 20, tzinfo=UTC)
Tables = dict[str, pl.DataFrame]


def tables_of(pages: Mapping[str, bytes], captured_at: datetime | None = CAPTURED_AT) -> Tables:
    """Every table of the contract for `pages`, by the names of their files; the history is empty."""
    tables = assemble_pages(cut_pages(list(pages.values())), captured_at)
    names = {page_id(raw): name for name, raw in pages.items()}
    tables["files"] = tables["files"].with_columns(source_name=pl.col("page_id").replace_strict(names))
    return {name: tables.get(name, empty_table(name)) for name in TABLES}


def page_id(raw: bytes) -> str:
    """The id of a page."""
    return hashlib.sha256(raw).hexdigest()


def publish(warehouse: Path, tables: Tables, keep: int = 3) -> str:
    """Publish `tables`; return the id of the generation."""
    seed = hashlib.sha256("".join(str(t.hash_rows().sum()) for t in tables.values()).encode()).hexdigest()
    with store.writer(warehouse, keep) as writer, writer.build(store.Digests(seed, "config", "code")) as build:
        build.write_tables(tables)
        sizes = tables["files"].get_column("size_bytes")
        return build.publish(store.Account(len(sizes), int(sizes.sum())), {}).generation_id
