"""From bytes to rows in the cache, and from the cache to the tables of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Final

import polars as pl

from cuttings import corpus, store
from cuttings.corpus import PreparedPages, Tombstones
from cuttings.pages import cut_pages
from cuttings.remainder import Remainder

# The columns of texts that stay in memory: all but the bodies.
_MEASURES: Final = ("page_id", "position", "body_bytes", "word_count", "sketch")


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


def load(scan: Remainder, cache: store.CutCache) -> PreparedPages:
    """The pages of `scan` out of the cache, without segments and bodies, which are fetched when they are written.

    Pages that left no row when they were cut are forgotten ones; `scan` is told of them.
    """
    page_ids = scan.page_ids
    if not page_ids:
        nothing = corpus.prepare(cut_pages([]))
        return replace(nothing, texts=nothing.texts.select(_MEASURES))
    frames = {part.name: cache.get(part.name, page_ids) for part in fields(PreparedPages) if part.name not in _LARGE}
    texts = cache.get("texts", page_ids, _MEASURES)
    found = set(frames["pages"].get_column("page_id"))
    scan.leave_out([page_id for page_id in page_ids if page_id not in found])
    return PreparedPages(**frames, segments=store.empty_table("segments"), texts=texts)


_LARGE: Final = ("segments", "texts")


def large_tables(tables: Mapping[str, pl.DataFrame], cache: store.CutCache) -> dict[str, store.LargeTable]:
    """`segments` and `articles` of a run, their texts left in the cache until they are written.

    `tables` are those of `corpus.relate`.
    """
    pages, articles = tables["pages"], tables["articles"]

    def segments(keys: pl.DataFrame) -> pl.DataFrame:
        return corpus.conform("segments", cache.get("segments", keys.get_column("page_id").to_list()))

    def with_bodies(keys: pl.DataFrame) -> pl.DataFrame:
        page_ids = keys.get_column("page_id").unique().to_list()
        return corpus.with_bodies(keys, cache.get("texts", page_ids, ("page_id", "position", "body")))

    return {
        "segments": store.LargeTable(
            pages.select("page_id"),
            pages.get_column("captured_at").dt.date(),
            pages.get_column("size_bytes") * SEGMENT_RATIO,
            segments,
            cache.key,
        ),
        "articles": store.LargeTable(
            articles.select("article_id", pl.exclude("article_id")),
            articles.get_column("first_captured_at").dt.date(),
            articles.get_column("body_bytes") + ARTICLE_BYTES,
            with_bodies,
            cache.key,
        ),
    }


# Memory of the segments of a page over its bytes, and of an article beside its body: measured on the samples.
SEGMENT_RATIO: Final = 6
ARTICLE_BYTES: Final = 400
