"""Pages too long to be cut whole in a worker's memory: their front is cut, and the rest is kept as it is.

Cutting takes about 1 KiB of memory a line and 25 bytes a byte. The longest page of news has some thousand lines; what
is longer is a file that is no page, or an attack. Its rest becomes segments of zone `page`, role `unknown` and rule
`beyond_cut`, so that the segments of the page still tile it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from hashlib import sha256
from typing import Final

import numpy as np
import polars as pl

from cuttings.pages.decode import decode, decode_as
from cuttings.pages.reading import CutTables

# The front that is cut, in bytes (a multiple of the widest unit of text) and in lines. With the libraries, which take
# 195 MiB, and a rest of 8 MiB, the worst that was found takes 244 MiB in a worker.
CUT_BYTES: Final = 512 * 1024
CUT_LINES: Final = 12_000
# A segment of the rest has so many bytes at most.
REST_BYTES: Final = 1 << 20
RULE: Final = "beyond_cut"

_LF: Final = 0x0A
_CR: Final = 0x0D
_WIDEST_CHARACTER_BYTES: Final = 4


def cut_each(raws: Sequence[bytes], cut: Callable[[Sequence[bytes]], CutTables]) -> CutTables:
    """The tables of `cut` over the pages, of which the long ones are cut one by one, by their front."""
    if not any(map(is_long, raws)):
        return cut(raws)
    parts: list[CutTables] = []
    short: list[bytes] = []
    for raw in raws:
        if is_long(raw):
            parts += [cut(short), _cut_front(raw, cut)] if short else [_cut_front(raw, cut)]
            short = []
        else:
            short.append(raw)
    if short:
        parts.append(cut(short))
    return CutTables(*(pl.concat([getattr(part, field.name) for part in parts]) for field in fields(CutTables)))


def is_long(raw: bytes) -> bool:
    """Whether only the front of a page is cut."""
    return len(raw) > CUT_BYTES or (len(raw) > CUT_LINES and raw.count(b"\n") + raw.count(b"\r") > CUT_LINES)


def _cut_front(raw: bytes, cut: Callable[[Sequence[bytes]], CutTables]) -> CutTables:
    encoding = decode(raw[:CUT_BYTES]).encoding
    end = _end(raw, 0, CUT_BYTES, CUT_LINES, encoding)
    if end == len(raw):
        return cut([raw])  # its pairs of CR and LF were counted twice
    front = cut([raw[:end]])
    rest, is_damaged = _rest(raw, end, encoding, front.segments.height)
    page_id = pl.lit(sha256(raw).hexdigest()).alias("page_id")
    tables = {field.name: getattr(front, field.name).with_columns(page_id) for field in fields(CutTables)}
    tables["pages"] = tables["pages"].with_columns(
        size_bytes=pl.lit(len(raw), pl.Int64), is_damaged=pl.col("is_damaged") | is_damaged
    )
    segments = tables["segments"]
    tables["segments"] = pl.concat([segments, rest.with_columns(page_id).select(segments.columns)])
    return CutTables(**tables)


def _rest(raw: bytes, start: int, encoding: str, first_no: int) -> tuple[pl.DataFrame, bool]:
    """Segments of what follows the front, without their page, and whether characters of it could not be read."""
    rows, is_damaged = [], False
    while start < len(raw):
        end = _end(raw, start, REST_BYTES, None, encoding)
        text = decode_as(raw[start:end], encoding)
        is_blank = not text.utf8.strip()
        rows.append((start, end, "ws" if is_blank else "unknown", text.utf8))
        is_damaged |= text.is_damaged
        start = end
    starts, ends, roles, texts = zip(*rows, strict=True)
    frame = pl.DataFrame(
        {
            "segment_no": pl.Series(range(first_no, first_no + len(rows)), dtype=pl.Int32),
            "byte_start": pl.Series(starts, dtype=pl.Int64),
            "byte_end": pl.Series(ends, dtype=pl.Int64),
            "zone": "page",
            "role": pl.Series(roles, dtype=pl.String),
            "position": pl.Series([None] * len(rows), dtype=pl.Int32),
            "joint": "none",
            "rule": RULE,
            "confidence": 0.5,
            "text": pl.Series(texts, dtype=pl.Binary).cast(pl.String),
        }
    )
    return frame, is_damaged


def _end(raw: bytes, start: int, limit_bytes: int, limit_lines: int | None, encoding: str) -> int:
    """Where a part that begins at `start` ends: behind the last line that is whole within the limits, else anywhere."""
    window = raw[start : start + limit_bytes]
    if limit_lines is None and start + limit_bytes >= len(raw):
        return len(raw)
    unit = {"utf-16": 2, "utf-32": 4}.get(encoding[:6], 1)
    order = ">" if encoding.endswith("be") else "<"
    units = np.frombuffer(window[: len(window) // unit * unit], f"{order}u{unit}")
    ends = np.flatnonzero((units == _LF) | (units == _CR)) + 1
    # A pair of CR and LF is one end: the one between them is left out.
    inner = ends[ends < len(units)]
    ends = np.setdiff1d(ends, inner[(units[inner - 1] == _CR) & (units[inner] == _LF)], assume_unique=True)
    if limit_lines is not None and len(ends) > limit_lines:
        ends = ends[:limit_lines]
    if len(ends) and ends[-1] == len(units) and units[-1] == _CR and start + len(window) < len(raw):
        ends = ends[:-1]  # its LF may follow
    if len(ends):
        return start + int(ends[-1]) * unit
    return start + len(window) - (_unfinished_bytes(raw, start + len(window)) if unit == 1 else 0)


def _unfinished_bytes(raw: bytes, end: int) -> int:
    """Bytes before `end` that begin a character of UTF-8 which goes on behind it; 0 where it is none."""
    for count in range(min(_WIDEST_CHARACTER_BYTES, end)):
        if end < len(raw) and raw[end - count] & 0xC0 != 0x80:
            return count
    return 0
