"""Template lines: furniture that repeats across the pages of a site.

A site is the publisher that its pages name, or, where they name none or many (an aggregator), a cluster of pages that
share their short furniture lines. A line is compared in compatibility form and lower case, without white space at its
ends.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from cuttings.corpus.frames import digest, folded_case
from cuttings.corpus.hexes import HexIds
from cuttings.corpus.sketch import components, similar_pairs, sketch

LINE_HASH_DIGITS: Final = 16
CLUSTER_ID_DIGITS: Final = 16
LEAST_PAGES: Final = 3  # two pages may share a line by chance; a template is seen again
LEAST_LINES: Final = 4  # a page with fewer repeated lines says too little about its template
SIMILARITY: Final = 0.4  # Jaccard similarity of the repeated lines of two pages of one site


def folded_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """`page_id`, `text` and `key`, the hash as a number, of every line that says anything."""
    stripped = lines.select("page_id", pl.col("text").str.strip_chars()).filter(pl.col("text") != "")
    spellings = stripped.select("text").unique()
    hashes = digest(spellings.select(folded_case(pl.col("text"))).to_series(), LINE_HASH_DIGITS)
    keys = hashes.str.to_integer(base=16, dtype=pl.UInt64)
    return stripped.join(spellings.with_columns(key=keys), on="text", maintain_order="left")


def site_of_pages(pages: pl.DataFrame, lines: pl.DataFrame, page_ids: HexIds) -> pl.DataFrame:
    """`page_id`, `site` for every page whose site is known.

    `pages` has page_id and publisher_id, `lines` page_id and key; a page_id is a place in `page_ids`.

    The pages of a cluster that name one publisher between them are that publisher's, named or not.
    """
    named = pages.select("page_id", pl.col("publisher_id").cast(pl.String))
    clustered = named.join(_clusters(lines, page_ids), on="page_id", how="left")
    publisher = pl.col("publisher_id").drop_nulls()
    agreed = pl.when(publisher.n_unique() == 1).then(publisher.first())
    site = (
        pl.when(pl.col("cluster").is_null())
        .then("publisher_id")
        .otherwise(pl.coalesce(agreed.over("cluster"), "cluster"))
    )
    return clustered.select("page_id", site.alias("site")).drop_nulls("site").sort("page_id")


def template_lines(lines: pl.DataFrame, sites: pl.DataFrame, captures: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Lines on at least LEAST_PAGES pages of a site; `captures` has page_id and captured_at.

    `lines` has page_id, key and text, which is a place in `texts`, ascending.
    """
    site_pages = sites.group_by("site").agg(pl.len().alias("site_page_count"))
    placed = lines.join(sites, on="page_id")
    repeated = (
        placed.group_by("site", "key")
        .agg(pl.col("page_id").n_unique().cast(pl.Int64).alias("page_count"))
        .filter(pl.col("page_count") >= LEAST_PAGES)
    )
    spelled = (
        placed.join(repeated, on=("site", "key"))
        .join(captures.select("page_id", "captured_at"), on="page_id", how="left")
        .group_by("site", "key", "text")
        .agg(
            pl.col("page_count").first(),
            pl.col("page_id").n_unique().alias("spelled_count"),
            pl.col("captured_at").min().alias("first_seen"),
            pl.col("captured_at").max().alias("last_seen"),
        )
        .sort(["site", "key", "spelled_count", "text"], descending=[False, False, True, False])
    )
    found = (
        spelled.group_by("site", "key", maintain_order=True)
        .agg(
            pl.col("text", "page_count").first(),
            pl.col("first_seen").min(),
            pl.col("last_seen").max(),
        )
        .join(site_pages, on="site", maintain_order="left")
        .with_columns((pl.col("page_count") / pl.col("site_page_count")).alias("share"))
    )
    hashes = [f"{key:0{LINE_HASH_DIGITS}x}" for key in found.get_column("key")]
    return found.with_columns(
        pl.Series("line_hash", hashes, dtype=pl.String), texts.gather(found.get_column("text")).alias("text")
    )


def _clusters(lines: pl.DataFrame, page_ids: HexIds) -> pl.DataFrame:
    """`page_id`, `cluster` of pages whose repeated lines are alike; the cluster is named after its smallest page_id."""
    pages = lines.select("page_id").unique().sort("page_id").with_row_index("page")
    repeated = (
        lines.join(pages, on="page_id")
        .select("page", "key")
        .unique()
        .filter(pl.len().over("key") > 1)
        .filter(pl.len().over("page") >= LEAST_LINES)
        .sort("page")
    )
    # Most pages of a site have the very same lines: one sketch for all of them. As hashes, their keys tell one.
    sets = repeated.group_by("page", maintain_order=True).agg(lines=pl.col("key").bitwise_xor())
    ids = pages.get_column("page_id").gather(sets.get_column("page"))
    _, shown_by, owners = np.unique(sets.get_column("lines").to_numpy(), return_index=True, return_inverse=True)
    shown = sets[shown_by].select("page", row=pl.int_range(pl.len(), dtype=pl.Int64))
    distinct = repeated.join(shown, on="page")
    sketches = sketch(distinct.get_column("row").to_numpy(), distinct.get_column("key").to_numpy(), len(shown))
    first = components(len(ids), *similar_pairs(sketches, SIMILARITY, owners.astype(np.int64)))
    names = page_ids.texts(ids.gather(first)).str.head(CLUSTER_ID_DIGITS)
    frame = pl.DataFrame({"page_id": ids, "cluster": names})
    return frame.filter(pl.len().over("cluster") > 1)
