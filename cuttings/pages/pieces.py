"""From labelled lines to pieces, and from pieces and the white space between them to segments that tile the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cuttings.contract import ROLES, ZONES
from cuttings.pages.decode import decode
from cuttings.pages.labels import PAGE_ZONE, ROLE, RULE, Labels
from cuttings.pages.lines import LexedBatch, strings
from cuttings.pages.markers import Lines
from cuttings.rules import RULES

# What is cut out of a line but belongs to its article.
OWN_ROLES: Final = frozenset(("dateline", "caption", "source", "date", "byline", "title", "body"))


@dataclass(frozen=True, slots=True)
class Pieces:
    """Parts of lines, in page order: line index, characters of the stripped text, and labels."""

    line: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    zone: NDArray[np.uint8]
    role: NDArray[np.uint8]
    position: NDArray[np.int32]
    rule: NDArray[np.uint8]


Row = tuple[int, int, int, int, int, int, int]  # a piece


def pieces_of(lines: Lines, parsed: Sequence[Labels]) -> Pieces:
    """The pieces of a batch whose pages have been labelled: its lines, and the parts of those that are cut."""
    count = len(lines.text)
    zone, role, rule = (
        np.frombuffer(b"".join(column), np.uint8)
        for column in ([p.zone for p in parsed], [p.role for p in parsed], [p.rule for p in parsed])
    )
    position = np.frombuffer(b"".join([p.position.tobytes() for p in parsed]), np.int32)
    cuts: dict[int, list[tuple[int, int, str, str]]] = {}
    for first, labels in zip(lines.page_rows.tolist(), parsed, strict=False):
        for i, cut in labels.cuts:
            cuts.setdefault(first + i, []).append(cut)
    whole = np.ones(count, bool)
    whole[list(cuts)] = False
    extra: list[Row] = []
    for line, found in cuts.items():
        own = (int(zone[line]), int(role[line]), int(position[line]), int(rule[line]))
        extra += _split(lines.text[line], line, own, sorted(found))
    for line in np.flatnonzero(lines.prefix_chars).tolist():
        length = int(lines.prefix_chars[line])
        extra.append((line, -length, -1, PAGE_ZONE, ROLE["extractor"], -1, RULE["extractor_date"]))
    at = np.flatnonzero(whole)
    columns: list[NDArray[Any]] = [
        at, np.zeros(len(at), np.int64), lines.chars[at], zone[at], role[at], position[at], rule[at]
    ]  # fmt: skip
    if extra:
        parts = np.array(extra, np.int64).T
        order = np.lexsort((np.concatenate([columns[1], parts[1]]), np.concatenate([at, parts[0]])))
        columns = [np.concatenate([c, part.astype(c.dtype)])[order] for c, part in zip(columns, parts, strict=True)]
    return Pieces(*columns)


def _split(text: str, line: int, own: tuple[int, int, int, int], cuts: list[tuple[int, int, str, str]]) -> list[Row]:
    """The parts of a cut line; white space at the edges of a part belongs to none. An empty cut parts the line, and
    what follows bears its rule.
    """
    zone, role, position, _ = own
    parts: list[Row] = []

    def add(start: int, end: int, label: tuple[int, int, int, int]) -> None:
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if end > start:
            parts.append((line, start, end, *label))

    at, rest = 0, own
    for start, end, what, why in cuts:
        if start < at:
            continue
        add(at, start, rest)
        at, rest = end, own
        if start == end:
            rest = (zone, role, position, RULE[why])
            continue
        label = (zone, ROLE[what], position) if what in OWN_ROLES else (PAGE_ZONE, ROLE[what], -1)
        add(start, end, (*label, RULE[why]))
    add(at, len(text), rest)
    return parts


def piece_bytes(lexed: LexedBatch, lines: Lines, pieces: Pieces) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    row = lines.row[pieces.line]
    byte_start = lexed.lines["byte_start"].to_numpy()[row].copy()
    byte_end = lexed.lines["byte_end"].to_numpy()[row].copy()
    lead = lines.lead_chars[pieces.line]
    partial = (lead > 0) | (pieces.start != 0) | (pieces.end < lines.chars[pieces.line])
    partial |= lines.has_tail[pieces.line]
    at = np.flatnonzero(partial)
    if len(at):
        chars = np.tile(lead[at], 2) + np.concatenate([pieces.start[at], pieces.end[at]])
        byte_start[at], byte_end[at] = np.split(lexed.byte_offsets(np.tile(row[at], 2), chars), 2)
    return byte_start, byte_end


def segments_of(
    raws: Sequence[bytes], lexed: LexedBatch, pieces: Pieces, *, page: NDArray[np.int64],
    sure: NDArray[np.float64], byte_start: NDArray[np.int64], byte_end: NDArray[np.int64],
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

    def column(values: NDArray[Any], white_space: float) -> NDArray[Any]:
        return np.concatenate([values, np.full(ws, white_space, values.dtype)])[order]

    position = column(pieces.position, -1)
    frame = pl.DataFrame(
        {
            "page": index,
            "segment_no": pl.Series(segment_no, dtype=pl.Int32),
            "byte_start": start,
            "byte_end": end,
            "zone": pl.Series(ZONES)[column(pieces.zone, PAGE_ZONE)],
            "role": pl.Series(ROLES)[column(pieces.role, ROLE["ws"])],
            "position": pl.Series(position, dtype=pl.Int32),
            "rule": pl.Series(list(RULES))[column(pieces.rule, RULE["white_space"])],
            "confidence": column(sure, 1.0),
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
    return strings(b"".join(parts), lengths)
