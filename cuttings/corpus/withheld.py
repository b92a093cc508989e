"""Pages that are cut but not published: taken out of the frames before the tables are put together.

What other pages teach (templates, dates, stories) is then learned without them, as if they had never been there; their
objects stay in `files`, with the reason, and in `quarantine`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

import polars as pl

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Pages = TypeVar("_Pages", bound="DataclassInstance")


def without_pages(pages: _Pages, page_ids: Collection[str]) -> _Pages:
    """Cut or prepared pages, a dataclass of frames with a page_id each, without these; the others' order stays."""
    if not page_ids:
        return pages
    is_kept = ~pl.col("page_id").is_in(sorted(page_ids))
    return replace(pages, **{part.name: getattr(pages, part.name).filter(is_kept) for part in fields(pages)})


def set_aside(
    files: pl.DataFrame, quarantine: pl.DataFrame, withheld: pl.DataFrame, disposition: str = "quarantined"
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`files` and `quarantine` as the contract has them, when the pages of `withheld` are not published.

    `withheld` has one row a page: page_id, stage, reason, detail. Each object with such a page gets `disposition` and
    the reason, and no page any more; what is known of its capture stays. `bytes_kept_at` of the new rows is null where
    `withheld` has no such column.
    """
    kept_at = "bytes_kept_at" if "bytes_kept_at" in withheld.columns else pl.lit(None, pl.String)
    known = withheld.select("page_id", "stage", pl.col("reason").alias("_reason"), "detail", bytes_kept_at=kept_at)
    concerned = files.join(known, on="page_id", how="inner").select(
        "file_id", "stage", reason="_reason", detail="detail", content_sha256="content_sha256",
        bytes_kept_at="bytes_kept_at",
    )  # fmt: skip
    is_concerned = pl.col("_reason").is_not_null()
    marked = files.join(known.select("page_id", "_reason"), on="page_id", how="left", maintain_order="left")
    return (
        marked.with_columns(
            page_id=pl.when(~is_concerned).then("page_id"),
            disposition=pl.when(is_concerned).then(pl.lit(disposition)).otherwise("disposition"),
            reason=pl.when(is_concerned).then("_reason").otherwise("reason"),
        ).drop("_reason"),
        pl.concat((quarantine, concerned.select(quarantine.columns))).sort("file_id", "stage", "reason"),
    )
