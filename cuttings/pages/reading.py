"""From labelled lines to tables: segments that tile the page, articles read from them, dates and repairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
import polars as pl

from cuttings.contract import ZONES
from cuttings.pages.agencies import agency
from cuttings.pages.joints import JOINT_NAMES, JOINT_TEXT, TEXT_ROLES, joints_of
from cuttings.pages.labels import PAGE_ZONE, ROLE, Labels
from cuttings.pages.language import languages
from cuttings.pages.lines import LexedBatch
from cuttings.pages.markers import Lines
from cuttings.pages.mentions import mentions_of
from cuttings.pages.pieces import piece_bytes, pieces_of, segments_of
from cuttings.pages.repairs import losses_of, repairs_of
from cuttings.pages.sureness import piece_confidence

# Lines of furniture up to so many characters are compared over pages.
TEMPLATE_CHARS: Final = 120


@dataclass(frozen=True, slots=True)
class CutTables:
    """The tables of a batch; rows ordered by page in input order, then by position or byte."""

    pages: pl.DataFrame
    segments: pl.DataFrame
    appearances: pl.DataFrame
    date_mentions: pl.DataFrame
    repairs: pl.DataFrame
    lines: pl.DataFrame


def read_tables(raws: Sequence[bytes], lexed: LexedBatch, lines: Lines, parsed: Sequence[Labels]) -> CutTables:
    """The tables of a batch whose pages have been labelled."""
    ids = pl.Series("page_id", [sha256(raw).hexdigest() for raw in raws], pl.String)
    pieces = pieces_of(lines, parsed)
    byte_start, byte_end = piece_bytes(lexed, lines, pieces)
    page = lines.page[pieces.line]
    sure = piece_confidence(lines, pieces, parsed)
    segments, row_of_piece = segments_of(
        raws, lexed, pieces, page=page, sure=sure, byte_start=byte_start, byte_end=byte_end
    )
    joint = joints_of(lines, pieces, byte_start, byte_end)
    frame = pl.DataFrame(
        {
            "page": page, "line": pieces.line, "byte_start": byte_start, "byte_end": byte_end, "zone": pieces.zone,
            "role": pieces.role, "position": pieces.position, "joint": joint,
            "text": segments["text"].gather(row_of_piece),
        },
        schema_overrides={"position": pl.Int32, "zone": pl.UInt8, "role": pl.UInt8, "joint": pl.UInt8},
    )  # fmt: skip
    joint_of_segment = np.zeros(len(segments), np.uint8)
    joint_of_segment[row_of_piece] = joint
    mentions = mentions_of(lexed, lines, pieces, frame)
    appearances = _appearances(parsed, frame, mentions)
    repairs = pl.concat([repairs_of(frame, pieces), losses_of(lexed, lines, parsed)]).sort("page", "byte_at", "kind")
    joints = pl.Series("joint", JOINT_NAMES).gather(joint_of_segment)
    segments.insert_column(segments.get_column_index("rule"), joints)

    def with_id(table: pl.DataFrame) -> pl.DataFrame:
        return table.select(pl.lit(ids).gather("page").alias("page_id"), pl.exclude("page"))

    return CutTables(
        _pages(ids, lexed, parsed, appearances, languages(lines)), with_id(segments), with_id(appearances),
        with_id(mentions), with_id(repairs), with_id(_template_candidates(frame)),
    )  # fmt: skip


def _appearances(parsed: Sequence[Labels], frame: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    base = pl.DataFrame(
        [
            (index, a.position, ZONES[a.zone], a.body_status, a.confidence)
            for index, labels in enumerate(parsed)
            for a in labels.articles
        ],
        schema={
            "page": pl.Int64,
            "position": pl.Int32,
            "zone": pl.String,
            "body_status": pl.String,
            "confidence": pl.Float64,
        },
        orient="row",
    )
    own = frame.filter(pl.col("position") >= 0)
    keys = ["page", "position"]
    is_text = pl.col("role").is_in(TEXT_ROLES)
    body = (
        own.filter(is_text)
        .with_columns(
            piece=pl.col("joint").replace_strict(range(4), JOINT_TEXT, return_dtype=pl.String) + pl.col("text")
        )
        .group_by(keys, maintain_order=True)
        .agg(body=pl.col("piece").str.join(""))
    )

    def first(role: str, name: str) -> pl.Expr:
        return pl.col("text").filter(pl.col("role") == ROLE[role]).first().alias(name)

    fields = own.group_by(keys, maintain_order=True).agg(
        first("title", "title"), first("standfirst", "standfirst"), first("byline", "byline"),
        first("dateline", "dateline"), first("source", "source_name"),
        pl.col("byte_start").min(), pl.col("byte_end").max(),
    )  # fmt: skip
    dated = (
        mentions.filter(pl.col("position").is_not_null() & pl.col("use").is_in(["published", "updated"]))
        .sort("page", "position", pl.col("use") != "published", "byte_start")
        .group_by(keys, maintain_order=True)
        .agg(date_text=pl.col("text").first(), date_byte_start=pl.col("byte_start").first())
    )
    foreign = _is_contiguous(frame)
    return (
        base.join(fields, on=keys, how="left", maintain_order="left")
        .join(body, on=keys, how="left", maintain_order="left")
        .join(dated, on=keys, how="left", maintain_order="left")
        .join(foreign, on=keys, how="left", maintain_order="left")
        .with_columns(
            pl.col("body").fill_null(""),
            pl.col("is_contiguous").fill_null(True),
            pl.col("title").str.strip_chars_start("•·▪‣◦▶►\u00a0 "),
            pl.col("source_name").str.strip_chars("-–—•·*▪|>» \t\u00a0:"),
            pl.col("dateline").str.strip_chars(),
            agency=agency(pl.col("dateline"), pl.col("body")),
        )
        .with_columns(body_status=_status_as_read())
        .filter(pl.col("byte_start").is_not_null())
        .sort(keys)
        .select(
            "page", "position", "zone", "title", "standfirst", "byline", "dateline", "agency", "source_name",
            "date_text", "date_byte_start", "body", "body_status", "is_contiguous", "byte_start", "byte_end",
            "confidence",
        )
    )  # fmt: skip


def _status_as_read() -> pl.Expr:
    """The status the parse gave, unless the body as read says otherwise: text is never absent, none never full."""
    status, has_text = pl.col("body_status"), pl.col("body") != ""
    return (
        pl.when(has_text & (status == "absent"))
        .then(pl.lit("full"))
        .when(~has_text & status.is_in(("full", "truncated")))
        .then(pl.lit("absent"))
        .otherwise(status)
    )


def _is_contiguous(frame: pl.DataFrame) -> pl.DataFrame:
    """For each article with text, whether nothing foreign stands between its first and last piece of text."""
    texts = frame.with_columns(order=pl.int_range(pl.len(), dtype=pl.Int64)).filter(
        (pl.col("position") >= 0) & pl.col("role").is_in(TEXT_ROLES)
    )
    return texts.group_by(["page", "position"], maintain_order=True).agg(
        is_contiguous=(pl.col("order").max() - pl.col("order").min() + 1) == pl.len()
    )


def _template_candidates(frame: pl.DataFrame) -> pl.DataFrame:
    """Short lines of zone page, for the search of templates over pages."""
    return frame.filter((pl.col("zone") == PAGE_ZONE) & (pl.col("text").str.len_chars() <= TEMPLATE_CHARS)).select(
        "page", line_hash=pl.col("text").str.to_lowercase().hash(0), text="text"
    )


def _pages(
    ids: pl.Series, lexed: LexedBatch, parsed: Sequence[Labels], appearances: pl.DataFrame, language: list[str | None]
) -> pl.DataFrame:
    # Counted where they are published: an article of the parse that no byte belongs to is none.
    on_page = appearances["page"].to_numpy() if len(appearances) else np.zeros(0, np.int64)
    is_primary = (appearances["position"] == 0).to_numpy() if len(appearances) else np.zeros(0, bool)
    primaries = np.bincount(on_page[is_primary], minlength=len(parsed))
    others = np.bincount(on_page[~is_primary], minlength=len(parsed))
    types = [
        "unknown" if p.page_type == "article" and not count else p.page_type
        for p, count in zip(parsed, primaries.tolist(), strict=True)
    ]
    return pl.DataFrame(
        {
            "page_id": ids,
            "size_bytes": [p.size_bytes for p in lexed.pages],
            "encoding": [p.encoding for p in lexed.pages],
            "is_damaged": [p.is_damaged for p in lexed.pages],
            "language": language,
            "page_type": types,
            "dialect": [p.dialect for p in parsed],
            "primary_count": primaries,
            "related_count": others,
            "confidence": [min((a.confidence for a in p.articles), default=0.5) for p in parsed],
        },
        schema_overrides={
            "size_bytes": pl.Int64, "language": pl.String, "primary_count": pl.Int32, "related_count": pl.Int32,
            "confidence": pl.Float64, "encoding": pl.String, "page_type": pl.String, "dialect": pl.String,
            "is_damaged": pl.Boolean,
        },
    )  # fmt: skip
