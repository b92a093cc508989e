"""From labelled lines to tables: segments that tile the page, articles read from them, dates and repairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cuttings.contract import ZONES
from cuttings.pages.agencies import agency
from cuttings.pages.breaks import at_line_ends, on_one_line
from cuttings.pages.bylines import without_source_label
from cuttings.pages.joints import JOINT_NAMES, JOINT_TEXT, TEXT_ROLES, joints_of
from cuttings.pages.labels import PAGE_ZONE, ROLE, Labels
from cuttings.pages.language import languages
from cuttings.pages.lines import LexedBatch
from cuttings.pages.markers import Lines
from cuttings.pages.mentions import mentions_of
from cuttings.pages.pieces import Pieces, piece_bytes, pieces_of, segments_of
from cuttings.pages.repairs import repairs_of
from cuttings.pages.shown import (
    Shown,
    appearances_put_back,
    facts_put_back,
    mentions_put_back,
    repairs_put_back,
    segments_put_back,
)
from cuttings.pages.spans import is_author_mark
from cuttings.pages.sureness import piece_confidence

# Lines of furniture up to so many characters are compared over pages.
TEMPLATE_CHARS: Final = 120
# What an article has one of, by the role of the piece that says it.
_FIELDS: Final = ("title", "standfirst", "byline", "dateline", "source")
_BULLETS: Final = "•·▪‣◦▶►\u00a0 "
_MARKS: Final = "-–—•·*▪|>» \t\u00a0:"
_APPEARANCES: Final[dict[str, type[pl.DataType]]] = {
    "page": pl.Int64, "position": pl.Int32, "zone": pl.String, "title": pl.String, "standfirst": pl.String,
    "byline": pl.String, "dateline": pl.String, "agency": pl.String, "source_name": pl.String, "date_text": pl.String,
    "date_byte_start": pl.Int64, "body": pl.String, "body_status": pl.String, "is_contiguous": pl.Boolean,
    "byte_start": pl.Int64, "byte_end": pl.Int64, "confidence": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CutTables:
    """The tables of a batch; rows ordered by page in input order, then by position or byte."""

    pages: pl.DataFrame
    segments: pl.DataFrame
    appearances: pl.DataFrame
    date_mentions: pl.DataFrame
    repairs: pl.DataFrame
    lines: pl.DataFrame


def read_tables(
    raws: Sequence[bytes], lexed: LexedBatch, lines: Lines, parsed: Sequence[Labels], shown: Mapping[int, Shown]
) -> CutTables:
    """The tables of a batch whose pages have been labelled; those in `shown` as they are shown."""
    ids = pl.Series("page_id", [sha256(raw).hexdigest() for raw in raws], pl.String)
    pieces = pieces_of(lines, parsed)
    byte_start, byte_end = piece_bytes(lexed, lines, pieces)
    page = lines.page[pieces.line]
    sure = piece_confidence(lines, pieces, parsed)
    segments, row_of_piece = segments_of(
        [shown[number].utf8 if number in shown else raw for number, raw in enumerate(raws)],
        lexed, pieces, page=page, sure=sure, byte_start=byte_start, byte_end=byte_end,
    )  # fmt: skip
    joint = joints_of(lines, pieces, byte_start, byte_end)
    text = segments["text"][row_of_piece]
    frame = pl.DataFrame(
        {
            "page": page, "line": pieces.line, "byte_start": byte_start, "byte_end": byte_end, "zone": pieces.zone,
            "role": pieces.role, "position": pieces.position, "joint": joint,
            "text": on_one_line(text) if lexed.is_wrapped else text,
        },
        schema_overrides={"position": pl.Int32, "zone": pl.UInt8, "role": pl.UInt8, "joint": pl.UInt8},
    )  # fmt: skip
    joint_of_segment = np.zeros(len(segments), np.uint8)
    joint_of_segment[row_of_piece] = joint
    mentions = mentions_of(lexed, lines, pieces, frame)
    if shown:
        mentions = mentions_put_back(mentions, shown)
    appearances = _appearances(parsed, pieces, frame, mentions)
    repairs = repairs_of(lexed, lines, parsed, frame, pieces)
    joints = pl.Series("joint", JOINT_NAMES)[joint_of_segment]
    segments.insert_column(segments.get_column_index("rule"), joints)
    if shown:
        lexed = facts_put_back(lexed, shown)
        segments = segments_put_back(segments, shown)
        appearances = appearances_put_back(appearances, shown)
        repairs = repairs_put_back(repairs, segments, shown)
    if shown or lexed.is_wrapped:
        segments, joined = at_line_ends(segments, lexed)
        repairs = pl.concat((repairs, joined)).sort("page", "byte_at", "kind", maintain_order=True)

    def with_id(table: pl.DataFrame) -> pl.DataFrame:
        owners = ids[table["page"].to_numpy()]
        return pl.DataFrame([owners, *(column for column in table.iter_columns() if column.name != "page")])

    return CutTables(
        _pages(ids, lexed, parsed, appearances, languages(lines)), with_id(segments), with_id(appearances),
        with_id(mentions), with_id(repairs), with_id(_template_candidates(frame)),
    )  # fmt: skip


def _appearances(parsed: Sequence[Labels], pieces: Pieces, frame: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """The articles that have a piece, and what their pieces say; ordered by page and position."""
    page, start, end = (frame[name].to_numpy() for name in ("page", "byte_start", "byte_end"))
    own = np.flatnonzero(pieces.position >= 0)
    own = own[np.lexsort((pieces.position[own], page[own]))]
    is_first = (np.diff(page[own], prepend=-1) != 0) | (np.diff(pieces.position[own], prepend=-1) != 0)
    first, number = np.flatnonzero(is_first), np.cumsum(is_first) - 1  # the first piece, and of each piece the article
    keys = list(zip(page[own[first]].tolist(), pieces.position[own[first]].tolist(), strict=True))
    found = {(index, one.position): one for index, labels in enumerate(parsed) for one in labels.articles}
    articles = [found[key] for key in keys]
    fields = _fields(pieces.role[own], frame["text"][own], number, len(keys))
    datelines = [text and text.strip() for text in fields["dateline"]]
    bodies, is_contiguous = _bodies(pieces, frame, own, number, len(keys))
    dated = _dated(mentions)
    dates = [dated.get(key, (False, None, None)) for key in keys]
    return pl.DataFrame(
        {
            "page": page[own[first]],
            "position": pieces.position[own[first]],
            "zone": [ZONES[one.zone] for one in articles],
            "title": [text and text.lstrip(_BULLETS) for text in fields["title"]],
            "standfirst": fields["standfirst"],
            "byline": fields["byline"],
            "dateline": datelines,
            "agency": list(map(agency, datelines, bodies)),
            "source_name": [text and without_source_label(text.strip(_MARKS)) for text in fields["source"]],
            "date_text": [text for _, _, text in dates],
            "date_byte_start": [at for _, at, _ in dates],
            "body": bodies,
            "body_status": [_status_as_read(one.body_status, body) for one, body in zip(articles, bodies, strict=True)],
            "is_contiguous": is_contiguous,
            "byte_start": np.minimum.reduceat(start[own], first),
            "byte_end": np.maximum.reduceat(end[own], first),
            "confidence": [one.confidence for one in articles],
        },
        schema=_APPEARANCES,
    )


def _fields(
    role: NDArray[np.uint8], text: pl.Series, number: NDArray[np.int64], count: int
) -> dict[str, list[str | None]]:
    """By role what the first piece of each of `count` articles says that has it; `number` is the article of a piece."""
    fields: dict[str, list[str | None]] = {name: [None] * count for name in _FIELDS}
    by_role = {ROLE[name]: column for name, column in fields.items()}
    at = np.flatnonzero(np.isin(role, list(by_role)))[::-1]  # what comes first is written last
    for code, k, written in zip(role[at].tolist(), number[at].tolist(), text[at].to_list(), strict=True):
        # A lone "By" is an author only where no name is found.
        if by_role[code][k] is None or not is_author_mark(written):
            by_role[code][k] = written
    return fields


def _bodies(
    pieces: Pieces, frame: pl.DataFrame, own: NDArray[np.int64], number: NDArray[np.int64], count: int
) -> tuple[list[str], NDArray[np.bool_]]:
    """The text of each of `count` articles, and whether nothing foreign stands within; `own` are the pieces of articles
    and `number` the article of each.
    """
    is_text = np.isin(pieces.role[own], TEXT_ROLES)
    at, article = own[is_text], number[is_text]
    first = np.flatnonzero(np.diff(article, prepend=-1))
    last = np.append(first[1:], len(article))[: len(first)] - 1
    is_contiguous = np.ones(count, np.bool_)
    is_contiguous[article[first]] = at[last] - at[first] == last - first
    written = pl.Series(JOINT_TEXT)[frame["joint"].to_numpy()[at]] + frame["text"][at]
    parts = pl.DataFrame({"article": article, "body": written}).group_by("article", maintain_order=True)
    joined = parts.agg(pl.col("body").str.join(""))
    bodies = [""] * count
    for k, body in zip(article[first].tolist(), joined["body"].to_list(), strict=True):
        bodies[k] = body
    return bodies, is_contiguous


def _dated(mentions: pl.DataFrame) -> dict[tuple[int, int], tuple[bool, int | None, str | None]]:
    """The date of each article that has one, by page and position: its first, as that of an update says less."""
    dated: dict[tuple[int, int], tuple[bool, int | None, str | None]] = {}
    for page, at, _, position, text, use in mentions.iter_rows():
        if position is not None and use in ("published", "updated"):
            date = (use != "published", at, text)
            dated[page, position] = min(dated.get((page, position), date), date)
    return dated


def _status_as_read(status: str, body: str) -> str:
    """The status the parse gave, unless the body as read says otherwise: text is never absent, none never full."""
    if body:
        return "full" if status == "absent" else status
    return "absent" if status in ("full", "truncated") else status


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
