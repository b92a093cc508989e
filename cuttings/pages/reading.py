"""From labelled lines to tables: segments that tile the page, articles read from them, dates and repairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from cuttings.contract import BODY_ROLES, ROLES, ZONES
from cuttings.pages.decode import decode
from cuttings.pages.language import languages
from cuttings.pages.lines import LexedBatch
from cuttings.pages.markers import Lines
from cuttings.pages.parse import Labels

JOINT_NAMES: Final = ("none", "space", "line", "paragraph")
JOINT_TEXT: Final = ("", " ", "\n", "\n")
NONE, SPACE, LINE, PARAGRAPH = range(4)
WS: Final = ROLES.index("ws")
PAGE_ZONE: Final = ZONES.index("page")
# Roles whose text is the article's body.
TEXT_ROLES: Final = tuple(ROLES.index(role) for role in (*BODY_ROLES, "dateline", "live_entry_title", "subhead"))
DATE_ROLES: Final = (ROLES.index("date"), ROLES.index("live_entry_time"))
# How sure a cut inside a line is.
CUT_CONFIDENCE: Final = 0.8
# Cuts that leave the article's text with something taken out of it.
RESIDUE_RULES: Final = ("advert_glued", "advert_doubled", "residue_tail", "also_read_inline")


@dataclass(frozen=True, slots=True)
class CutTables:
    """The tables of a batch; rows ordered by page in input order, then by position or byte."""

    pages: pl.DataFrame
    segments: pl.DataFrame
    appearances: pl.DataFrame
    date_mentions: pl.DataFrame
    repairs: pl.DataFrame
    lines: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Parts of lines, in page order: line index, characters of the stripped text, and labels."""

    line: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    zone: NDArray[np.uint8]
    role: NDArray[np.uint8]
    position: NDArray[np.int32]
    rule: NDArray[np.object_]
    confidence: NDArray[np.float64]


def read_tables(raws: Sequence[bytes], lexed: LexedBatch, lines: Lines, parsed: Sequence[Labels]) -> CutTables:
    """The tables of a batch whose pages have been labelled."""
    page_ids = np.array([sha256(raw).hexdigest() for raw in raws], dtype=object)
    pieces = _pieces(lines, parsed)
    byte_start, byte_end = _piece_bytes(lexed, lines, pieces)
    page = lines.page[pieces.line]
    segments, row_of_piece = _segments(raws, lexed, pieces, page=page, byte_start=byte_start, byte_end=byte_end)
    joint = _joints(lines, pieces, byte_start, byte_end)
    text = segments["text"].gather(row_of_piece) if len(row_of_piece) else pl.Series("text", [], pl.String)
    frame = pl.DataFrame(
        {
            "page": page, "line": pieces.line, "byte_start": byte_start, "byte_end": byte_end, "zone": pieces.zone,
            "role": pieces.role, "position": pieces.position, "joint": joint, "text": text,
        },
        schema_overrides={"position": pl.Int32, "zone": pl.UInt8, "role": pl.UInt8, "joint": pl.UInt8},
    )  # fmt: skip
    joint_of_segment = np.full(len(segments), "none", dtype=object)
    joint_of_segment[row_of_piece] = np.array(JOINT_NAMES, dtype=object)[joint]
    mentions = _mentions(lexed, lines, parsed, pieces, frame)
    appearances = _appearances(parsed, frame, mentions)
    repairs = pl.concat([_repairs(frame, pieces), _losses(lexed, lines, parsed)]).sort("page", "byte_at", "kind")
    language = languages(lines)
    ids = pl.Series("page_id", page_ids.tolist(), pl.String)

    def with_id(table: pl.DataFrame) -> pl.DataFrame:
        index = table["page"].to_numpy() if len(table) else np.zeros(0, np.int64)
        return table.drop("page").insert_column(0, ids.gather(index))

    out_segments = with_id(
        segments.with_columns(pl.Series("joint", joint_of_segment.tolist(), pl.String)).select(
            "page",
            "segment_no",
            "byte_start",
            "byte_end",
            "zone",
            "role",
            "position",
            "joint",
            "rule",
            "confidence",
            "text",
        )
    )
    return CutTables(
        _pages(ids, lexed, parsed, appearances, language),
        out_segments, with_id(appearances), with_id(mentions), with_id(repairs),
        with_id(_template_candidates(frame)),
    )  # fmt: skip


def _pieces(lines: Lines, parsed: Sequence[Labels]) -> _Pieces:
    count = len(lines.text)
    zone = np.frombuffer(b"".join([bytes(p.zone) for p in parsed]), np.uint8)
    role = np.frombuffer(b"".join([bytes(p.role) for p in parsed]), np.uint8)
    position = np.array([v for p in parsed for v in p.position], np.int32)
    rule = np.array([v for p in parsed for v in p.rule], dtype=object)
    confidence = np.array([v for p in parsed for v in p.confidence], np.float64)
    cuts: dict[int, list[tuple[int, int, str, str]]] = {}
    for index, labels in enumerate(parsed):
        base = int(lines.page_rows[index])
        for i, cut in labels.cuts:
            cuts.setdefault(base + i, []).append(cut)
    whole = np.ones(count, bool)
    whole[list(cuts)] = False
    extra: list[tuple[int, int, int, int, int, int, str, float]] = []
    for line, found in cuts.items():
        own = (int(zone[line]), int(role[line]), int(position[line]), str(rule[line]), float(confidence[line]))
        extra += _split(lines.text[line], line, own, sorted(found))
    for line in np.flatnonzero(lines.prefix_chars).tolist():
        length = int(lines.prefix_chars[line])
        extra.append((line, -length, -1, PAGE_ZONE, ROLES.index("extractor"), -1, "extractor_date", 0.95))
    at = np.flatnonzero(whole)
    zeros = np.zeros(len(at), np.int64)
    if not extra:
        return _Pieces(at, zeros, lines.chars[at], zone[at], role[at], position[at], rule[at], confidence[at])
    columns = list(zip(*extra, strict=True))
    piece_line = np.concatenate([at, np.array(columns[0], np.int64)])
    piece_start = np.concatenate([zeros, np.array(columns[1], np.int64)])
    order = np.lexsort((piece_start, piece_line))
    return _Pieces(
        piece_line[order], piece_start[order], np.concatenate([lines.chars[at], np.array(columns[2], np.int64)])[order],
        np.concatenate([zone[at], np.array(columns[3], np.uint8)])[order],
        np.concatenate([role[at], np.array(columns[4], np.uint8)])[order],
        np.concatenate([position[at], np.array(columns[5], np.int32)])[order],
        np.concatenate([rule[at], np.array(columns[6], dtype=object)])[order],
        np.concatenate([confidence[at], np.array(columns[7], np.float64)])[order],
    )  # fmt: skip


def _split(
    text: str, line: int, own: tuple[int, int, int, str, float], cuts: list[tuple[int, int, str, str]]
) -> list[tuple[int, int, int, int, int, int, str, float]]:
    """The parts of a cut line; white space at the edges of a part belongs to none."""
    zone, _, position, _, _ = own
    parts: list[tuple[int, int, int, int, int, int, str, float]] = []

    def add(start: int, end: int, label: tuple[int, int, int, str, float]) -> None:
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if end > start:
            parts.append((line, start, end, *label))

    at = 0
    for start, end, what, why in cuts:
        if start < at:
            continue
        add(at, start, own)
        stays = what in ("dateline", "caption", "source", "date", "byline", "title", "body")
        label = (zone, ROLES.index(what), position) if stays else (PAGE_ZONE, ROLES.index(what), -1)
        add(start, end, (*label, why, CUT_CONFIDENCE))
        at = end
    add(at, len(text), own)
    return parts


def _piece_bytes(lexed: LexedBatch, lines: Lines, pieces: _Pieces) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    row = lines.row[pieces.line]
    byte_start = lexed.lines["byte_start"].to_numpy()[row].copy()
    byte_end = lexed.lines["byte_end"].to_numpy()[row].copy()
    lead = lines.lead_chars[pieces.line]
    partial = (lead > 0) | (pieces.start != 0) | (pieces.end < lines.chars[pieces.line])
    partial |= lines.has_tail[pieces.line]
    at = np.flatnonzero(partial)
    if len(at):
        byte_start[at] = lexed.byte_offsets(row[at], lead[at] + pieces.start[at])
        byte_end[at] = lexed.byte_offsets(row[at], lead[at] + pieces.end[at])
    return byte_start, byte_end


def _segments(
    raws: Sequence[bytes], lexed: LexedBatch, pieces: _Pieces, *, page: NDArray[np.int64],
    byte_start: NDArray[np.int64], byte_end: NDArray[np.int64],
) -> tuple[pl.DataFrame, NDArray[np.int64]]:  # fmt: skip
    """Pieces and the white space between them, tiling each page; and the row of each piece."""
    sizes = np.array([len(raw) for raw in raws], np.int64)
    is_first = np.diff(page, prepend=-1) != 0
    before = np.where(is_first, 0, np.roll(byte_end, 1)) if len(page) else byte_start
    gap = np.flatnonzero(byte_start > before)
    last_end = np.zeros(len(raws), np.int64)
    if len(page):
        last_end[page] = byte_end
    tail = np.flatnonzero(sizes > last_end)
    start = np.concatenate([byte_start, before[gap], last_end[tail]])
    end = np.concatenate([byte_end, byte_start[gap], sizes[tail]])
    index = np.concatenate([page, page[gap], tail])
    ws = len(gap) + len(tail)
    order = np.lexsort((start, index))
    row_of_piece = np.empty(len(order), np.int64)
    row_of_piece[order] = np.arange(len(order))
    row_of_piece = row_of_piece[: len(page)]
    index, start, end = index[order], start[order], end[order]
    firsts = np.searchsorted(index, np.arange(len(raws)))
    segment_no = np.arange(len(index)) - firsts[index] if len(index) else np.zeros(0, np.int64)
    zone = np.concatenate([pieces.zone, np.full(ws, PAGE_ZONE, np.uint8)])[order]
    role = np.concatenate([pieces.role, np.full(ws, WS, np.uint8)])[order]
    position = np.concatenate([pieces.position, np.full(ws, -1, np.int32)])[order]
    rule = np.concatenate([pieces.rule, np.full(ws, "white_space", dtype=object)])[order]
    confidence = np.concatenate([pieces.confidence, np.ones(ws)])[order]
    frame = pl.DataFrame(
        {
            "page": index,
            "segment_no": pl.Series(segment_no, dtype=pl.Int32),
            "byte_start": start,
            "byte_end": end,
            "zone": pl.Series(np.array(ZONES, dtype=object)[zone].tolist(), dtype=pl.String),
            "role": pl.Series(np.array(ROLES, dtype=object)[role].tolist(), dtype=pl.String),
            "position": pl.Series(position, dtype=pl.Int32),
            "rule": pl.Series(rule.tolist(), dtype=pl.String),
            "confidence": confidence,
            "text": _texts(raws, lexed, index, start, end),
        }
    ).with_columns(pl.when(pl.col("position") >= 0).then(pl.col("position")))
    return frame, row_of_piece


def _texts(
    raws: Sequence[bytes], lexed: LexedBatch, index: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> pl.Series:
    """The text of ranges that tile their pages: one buffer, no copy of its own for any of them."""
    parts: list[bytes] = []
    lengths = end - start
    for number, (raw, decoded) in enumerate(zip(raws, lexed.pages, strict=True)):
        if decoded.char_starts is None:
            parts.append(raw)
            continue
        # Not sound UTF-8: the ranges are cut from the decoded text.
        text = decode(raw).utf8.decode("utf-8")
        mine = np.flatnonzero(index == number)
        at = np.searchsorted(decoded.char_starts, start[mine])
        until = np.searchsorted(decoded.char_starts, end[mine])
        pieces = [text[a:b].encode("utf-8") for a, b in zip(at.tolist(), until.tolist(), strict=True)]
        lengths[mine] = [len(piece) for piece in pieces]
        parts += pieces
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(parts))]
    return pl.Series("text", pa.LargeStringArray.from_buffers(len(lengths), buffers[1], buffers[2]))


def _joints(
    lines: Lines, pieces: _Pieces, byte_start: NDArray[np.int64], byte_end: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """How each piece of text joins to the one before it in its article; `none` for all other pieces."""
    joint = np.zeros(len(pieces.line), np.uint8)
    at = np.flatnonzero(np.isin(pieces.role, TEXT_ROLES) & (pieces.position >= 0))
    if not len(at):
        return joint
    page = lines.page[pieces.line[at]]
    at = at[np.lexsort((byte_start[at], pieces.position[at], page))]
    line = pieces.line[at]
    page = lines.page[line]
    is_first = (np.diff(page, prepend=-1) != 0) | (np.diff(pieces.position[at], prepend=-2) != 0)
    previous = np.roll(line, 1)
    following = np.roll(line, -1)
    following_is_ours = np.roll(~is_first, -1)
    following_is_ours[-1] = False
    same_line = line == previous
    touches = byte_start[at] == np.roll(byte_end[at], 1)
    opens = lines.continues[line]
    closing = lines.closes[line]
    ended = lines.is_terminal[previous]
    is_link = ~ended & ~lines.is_terminal[line] & lines.continues[following] & following_is_ours & (following != line)
    spaceless = lines.units[line] * 3 > lines.chars[line]
    run_on = spaceless & ~ended & (lines.gap[line] == 0)
    kind = np.select(
        [is_first, same_line & touches, same_line, closing, opens & ~(ended & (lines.gap[line] > 0)), is_link, run_on],
        [NONE, NONE, SPACE, NONE, SPACE, SPACE, NONE],
        PARAGRAPH,
    )
    joint[at] = kind
    return joint


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
        return pl.col("text").filter(pl.col("role") == ROLES.index(role)).first().alias(name)

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
            pl.col("source_name").str.strip_chars("-–—•·*▪|>» \t\u00a0:"),
            pl.col("dateline").str.strip_chars(),
            agency=pl.col("dateline").str.extract(r"\(([^()]+)\)", 1),
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


def _mentions(
    lexed: LexedBatch, lines: Lines, parsed: Sequence[Labels], pieces: _Pieces, frame: pl.DataFrame
) -> pl.DataFrame:
    schema = {
        "page": pl.Int64, "byte_start": pl.Int64, "byte_end": pl.Int64, "position": pl.Int32, "text": pl.String,
        "use": pl.String,
    }  # fmt: skip
    at = np.flatnonzero(np.isin(pieces.role, DATE_ROLES) & (lines.date_start[pieces.line] >= 0))
    extractor = np.flatnonzero(pieces.role == ROLES.index("extractor"))
    if not len(at) and not len(extractor):
        return pl.DataFrame(schema=schema)
    line = pieces.line[at]
    row, lead = lines.row[line], lines.lead_chars[line]
    start = lexed.byte_offsets(row, lead + lines.date_start[line])
    end = lexed.byte_offsets(row, lead + lines.date_end[line])
    text = [
        lines.text[i][a:b]
        for i, a, b in zip(line.tolist(), lines.date_start[line].tolist(), lines.date_end[line].tolist(), strict=True)
    ]
    live = pieces.role[at] == ROLES.index("live_entry_time")
    use = [
        "live_entry" if is_live else (lines.date_use[i] or "published")
        for i, is_live in zip(line.tolist(), live.tolist(), strict=True)
    ]
    own = pl.DataFrame(
        {
            "page": lines.page[line],
            "byte_start": start,
            "byte_end": end,
            "position": pieces.position[at],
            "text": text,
            "use": use,
        },
        schema=schema,
    ).with_columns(pl.when(pl.col("position") >= 0).then(pl.col("position")))
    prefix = frame[extractor.tolist()].select(
        "page",
        byte_start=pl.col("byte_start") + len("date "),
        byte_end="byte_end",
        position=pl.lit(None, pl.Int32),
        text=pl.col("text").str.slice(len("date ")),
        use=pl.lit("extractor"),
    )
    return (
        pl.concat([own, prefix])
        .unique(["page", "byte_start", "byte_end"], keep="first")
        .sort("page", "byte_start", "byte_end")
    )


def _repairs(frame: pl.DataFrame, pieces: _Pieces) -> pl.DataFrame:
    """Line breaks taken out of sentences, and residue taken out of lines."""
    own = frame.with_columns(rule=pl.Series(pieces.rule.tolist(), dtype=pl.String))
    is_text = pl.col("role").is_in(TEXT_ROLES) & (pl.col("position") >= 0)
    joined = (
        own.filter(is_text)
        .sort("page", "position", "byte_start")
        .with_columns(
            is_new_line=pl.all_horizontal(
                pl.col("line") != pl.col("line").shift(1),
                pl.col("position") == pl.col("position").shift(1),
                pl.col("page") == pl.col("page").shift(1),
            )
        )
        .filter(pl.col("is_new_line") & pl.col("joint").is_in([NONE, SPACE]))
        .select(
            "page", "position", byte_at="byte_start", kind=pl.lit("link_join"), before=pl.lit("\n"),
            after=pl.when(pl.col("joint") == SPACE).then(pl.lit(" ")).otherwise(pl.lit("")),
        )
    )  # fmt: skip
    residue = (
        own.with_columns(
            owner=pl.when(pl.col("position") >= 0).then(pl.col("position")).forward_fill().over(["page", "line"]),
        )
        .filter(pl.col("rule").is_in(RESIDUE_RULES) & pl.col("owner").is_not_null())
        .select(
            "page", position="owner", byte_at="byte_start", kind=pl.lit("residue_cut"), before="text", after=pl.lit(""),
        )
    )  # fmt: skip
    return pl.concat([joined, residue])


def _losses(lexed: LexedBatch, lines: Lines, parsed: Sequence[Labels]) -> pl.DataFrame:
    """What is known to be lost and cannot be mended."""
    found = [
        (page, int(lines.page_rows[page]) + i, start, kind, before, labels.position[i])
        for page, labels in enumerate(parsed)
        for i, start, kind, before in labels.losses
        if labels.position[i] >= 0
    ]
    line = np.array([row[1] for row in found], np.int64)
    start = np.array([row[2] for row in found], np.int64)
    at = lexed.byte_offsets(lines.row[line], lines.lead_chars[line] + start)
    return pl.DataFrame(
        {
            "page": [row[0] for row in found],
            "position": [row[5] for row in found],
            "byte_at": at,
            "kind": [row[3] for row in found],
            "before": [row[4] for row in found],
            "after": [None] * len(found),
        },
        schema={
            "page": pl.Int64, "position": pl.Int32, "byte_at": pl.Int64, "kind": pl.String, "before": pl.String,
            "after": pl.String,
        },
    )  # fmt: skip


def _template_candidates(frame: pl.DataFrame) -> pl.DataFrame:
    """Short lines of zone page, for the search of templates over pages."""
    return frame.filter((pl.col("zone") == PAGE_ZONE) & (pl.col("text").str.len_chars() <= 120)).select(
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
