"""From bytes to rows in the cache, and from the cache to the tables of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from cuttings import corpus, store
from cuttings.contract import TABLES
from cuttings.corpus import PreparedPages, Tombstones
from cuttings.pages import cut_pages
from cuttings.remainder import Remainder


def cut_to_shard(directory: Path, raws: Sequence[bytes], page_ids: Sequence[str], tombstones: Tombstones) -> None:
    """Cut pages and leave their rows in `directory` as a shard of the cache; what a worker does."""
    store.write_shard(directory, cut_batch(raws, tombstones), page_ids)


def cut_batch(raws: Sequence[bytes], tombstones: Tombstones) -> Mapping[str, pl.DataFrame]:
    """The rows of prepared pages by table; none of a page that is forgotten."""
    cut = cut_pages(raws)
    if tombstones:
        left, gone = corpus.without_forgotten(cut, tombstones)
        kept = corpus.without_pages(left, gone)
        cut = replace(kept, **{part.name: corpus.compacted(getattr(kept, part.name)) for part in fields(kept)})
    return frames_of(corpus.prepare(cut))


def frames_of(prepared: PreparedPages) -> dict[str, pl.DataFrame]:
    """The frames by name."""
    return {part.name: getattr(prepared, part.name) for part in fields(PreparedPages)}


def load(scan: Remainder, cache: store.CutCache) -> corpus.KeyedPages:
    """What is known of the pages of `scan` by themselves, out of the cache; their texts stay there.

    Pages that left no row when they were cut are forgotten ones; `scan` is told of them.
    """
    page_ids = scan.page_ids
    if not len(page_ids):
        return corpus.keyed([frames_of(corpus.prepare(cut_pages([])))], list, page_ids)
    lines = (part["lines"] for part in cache.parts({"lines": None}, page_ids))
    found = corpus.keyed(cache.parts(corpus.COLUMNS, page_ids), lambda: lines, page_ids)
    scan.leave_out(found.uncut)
    return found


def large_tables(
    tables: Mapping[str, pl.DataFrame], ids: corpus.Ids, cache: store.CutCache
) -> dict[str, store.LargeTable]:
    """The tables of a run that follow the number of its pages; what they hold of texts is in the cache until they are
    written.

    `tables` are those of `corpus.relate`.
    """
    days = tables["pages"].select("page_id", day=pl.col("captured_at").dt.date())

    def segments(keys: pl.DataFrame) -> pl.DataFrame:
        return corpus.conform("segments", cache.get("segments", keys.get_column("page_id")))

    def table(name: str) -> store.LargeTable:
        keys = tables[name]
        cold = [column.name for column in TABLES[name].columns if column.name not in keys.columns]

        def fetch(rows: pl.DataFrame) -> pl.DataFrame:
            page_ids = rows.get_column("page_id").unique()
            return corpus.completed(name, rows, cache.get(name, page_ids, (*corpus.UNFINISHED[name], *cold)))

        captured_on = keys.select("page_id").join(days, on="page_id", how="left", maintain_order="left")
        weights = _one_for_all(ROW_BYTES, keys.height)
        return store.LargeTable(
            keys, captured_on.get_column("day"), weights, fetch, cache.key, ids.pages,
            partial(corpus.named, name, known=ids), days.get_column("day"),
        )  # fmt: skip

    return {
        "segments": store.LargeTable(
            days.select("page_id"),
            days.get_column("day"),
            tables["pages"].get_column("size_bytes") * SEGMENT_RATIO + PAGE_BYTES,
            segments,
            cache.key,
            ids.pages,
            partial(corpus.named, "segments", known=ids),
        ),
        "articles": _articles(tables["articles"], ids, cache),
        **{name: table(name) for name in ("appearances", "pages", "date_mentions", "repairs")},
    }


def _articles(articles: pl.DataFrame, ids: corpus.Ids, cache: store.CutCache) -> store.LargeTable:
    def with_texts(rows: pl.DataFrame) -> pl.DataFrame:
        shown = [rows.get_column("page_id"), *(rows.get_column(f"{text}_page") for text in corpus.TEXTS)]
        printing = pl.concat([column.alias("page_id") for column in shown]).drop_nulls().unique()
        printed = cache.get("appearances", printing, ("page_id", "position", *corpus.TEXTS))
        bodies = cache.get("texts", shown[0].unique(), ("page_id", "position", "body"))
        return corpus.with_texts(rows, printed, bodies)

    return store.LargeTable(
        articles.select("article_id", pl.exclude("article_id")),
        articles.get_column("first_captured_at").dt.date(),
        articles.get_column("body_bytes") + ROW_BYTES,
        with_texts,
        cache.key,
        ids.articles,
        partial(corpus.named, "articles", known=ids),
    )


def files_table(files: pl.DataFrame, ids: corpus.Ids) -> store.LargeTable:
    """The table `files` out of the files of `Remainder.tables`, their captures resolved."""
    return store.LargeTable(
        files.select("file_id", pl.exclude("file_id")),
        files.get_column("captured_at").dt.date(),
        _one_for_all(ROW_BYTES, files.height),
        partial(corpus.conform, "files"),
        "",
        named=partial(corpus.named, "files", known=ids),
    )


def _one_for_all(weight_bytes: int, height: int) -> pl.Series:
    return pl.Series([weight_bytes], dtype=pl.UInt16).new_from_index(0, height)


# Memory of the segments of a page over its bytes, and of the few that the smallest page has; of a row of another table,
# of an article beside its body: measured on the samples.
SEGMENT_RATIO: Final = 6
PAGE_BYTES: Final = 1_200
ROW_BYTES: Final = 600
