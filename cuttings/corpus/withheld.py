"""Pages that are cut but not published: taken out of the frames before the tables are put together.

What other pages teach (templates, dates, stories) is then learned without them, as if they had never been there; their
objects stay in `files`, with the reason, and in `quarantine`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final, TypeVar

import polars as pl

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# The columns of pages to set aside, all text.
WITHHELD: Final = ("page_id", "stage", "reason", "detail", "bytes_kept_at")

_Pages = TypeVar("_Pages", bound="DataclassInstance")


def without_pages(pages: _Pages, page_ids: Collection[str]) -> _Pages:
    """Cut or prepared pages, a dataclass of frames with a page_id each, without these; the others' order stays."""
    if not page_ids:
        return pages
    is_kept = ~pl.col("page_id").is_in(sorted(page_ids))
    return replace(pages, **{part.name: getattr(pages, part.name).filter(is_kept) for part in fields(pages)})


def withheld_pages(rows: Iterable[tuple[str, str, str, str, bool]] = ()) -> pl.DataFrame:
    """Pages to set aside, out of page_id, stage, reason, detail and whether the bytes are kept; in the given order."""
    kept_at = ((*row[:-1], f"quarantine/{row[0]}" if row[-1] else None) for row in rows)
    return pl.DataFrame(list(kept_at), schema=dict.fromkeys(WITHHELD, pl.String), orient="row")


def set_aside(
    files: pl.DataFrame, quarantine: pl.DataFrame, withheld: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`files` and `quarantine` as the contract has them, when the pages of `withheld` are not published.

    `withheld` is as `withheld_pages` gives it. Each object with such a page is quarantined for the reason and has no
    page any more; what is known of its capture stays.
    """
    known = withheld.select("page_id", "stage", pl.col("reason").alias("_reason"), "detail", "bytes_kept_at")
    concerned = files.join(known, on="page_id", how="inner").select(
        "file_id", "stage", reason="_reason", detail="detail", content_sha256="content_sha256",
        bytes_kept_at="bytes_kept_at",
    )  # fmt: skip
    is_concerned = pl.col("_reason").is_not_null()
    marked = files.join(known.select("page_id", "_reason"), on="page_id", how="left", maintain_order="left")
    return (
        marked.with_columns(
            page_id=pl.when(~is_concerned).then("page_id"),
            disposition=pl.when(is_concerned).then(pl.lit("quarantined")).otherwise("disposition"),
            reason=pl.when(is_concerned).then("_reason").otherwise("reason"),
        ).drop("_reason"),
        pl.concat((quarantine, concerned.select(quarantine.columns))).sort("file_id", "stage", "reason"),
    )
