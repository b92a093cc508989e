"""Pages to lines: the batch's text in one buffer, one row a line, every byte accounted for.

A line ends at LF, CRLF or CR and nowhere else: not at NEL, U+2028, form feed or what else `str.splitlines` knows.
The lines of a page and their terminators tile the page after its byte order mark. A page has no empty last line: one
that ends in a terminator has as many lines as terminators. Lines that were wrapped are one, with blanks for their ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from cuttings.pages.decode import DecodedText, begins_char, decode_all, with_spaces
from cuttings.pages.wrapping import wraps

LF: Final = 0x0A
CR: Final = 0x0D
SPACE: Final = 0x20

LINE_SCHEMA: Final = pl.Schema(
    {
        "page_index": pl.UInt32,
        "line_no": pl.UInt32,
        "byte_start": pl.Int64,
        "byte_end": pl.Int64,
        "terminator_bytes": pl.UInt8,
        "text": pl.String,
    }
)


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """One page of a batch: how it was read, and which rows of the batch's lines are its own."""

    size_bytes: int
    encoding: str
    is_damaged: bool
    bom_bytes: int  # the lines begin after the byte order mark
    first_row: int
    line_count: int
    # Byte at which each character of the page begins, and its end at last; None where the text is the raw bytes.
    char_starts: NDArray[np.int64] | None


@dataclass(frozen=True, slots=True)
class LexedBatch:
    """A batch of pages as lines.

    `lines` has the columns of LINE_SCHEMA, sorted by page and line; `byte_end` is without the terminator.
    `buffer` is the decoded text of all pages, joined, as UTF-8; line i begins at `line_starts[i]` and has
    `text_bytes[i]` bytes before its terminator. `page_rows[p]:page_rows[p + 1]` are the rows of page p.
    """

    pages: tuple[DecodedPage, ...]
    lines: pl.DataFrame
    buffer: NDArray[np.uint8]
    line_starts: NDArray[np.int64]
    text_bytes: NDArray[np.int64]
    page_rows: NDArray[np.int64]
    char_before: NDArray[np.int64]  # characters of the page before the line, terminators included
    joined_lines: bytes  # the text of all lines without their terminators
    distinct: pl.Series  # the texts of the lines, each once: the furniture of a publisher is on all of its pages
    text_no: NDArray[np.int64]  # which of them each line has
    item_rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # lines that begin an item
    list_rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # lines of such items
    run_on_rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # parts of pages on one line
    is_wrapped: bool = False  # some lines of the text are several of a page, with blanks for their ends

    def byte_offsets(self, rows: NDArray[np.int64], chars: NDArray[np.int64]) -> NDArray[np.int64]:
        """Byte in the page at which character `chars[k]` of line `rows[k]` begins; the length of a line is its end.

        Raises IndexError for a character outside of its line.
        """
        rows, chars = np.asarray(rows, np.int64), np.asarray(chars, np.int64)
        if not len(rows):
            return rows
        return self._in_page(rows, chars, self._bytes_before(rows, chars))

    def _in_page(
        self, rows: NDArray[np.int64], chars: NDArray[np.int64], before: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The bytes of a page where characters begin that have `before[k]` bytes of their line's text before them."""
        result: NDArray[np.int64] = self.lines["byte_start"].to_numpy()[rows] + before
        if any(page.char_starts is not None for page in self.pages):
            page_of = np.searchsorted(self.page_rows, rows, side="right") - 1
            for index in np.unique(page_of).tolist():
                starts = self.pages[index].char_starts
                if starts is not None:
                    mine = page_of == index
                    result[mine] = starts[self.char_before[rows[mine]] + chars[mine]]
        return result

    def _bytes_before(self, rows: NDArray[np.int64], chars: NDArray[np.int64]) -> NDArray[np.int64]:
        """Bytes of the text of line `rows[k]` before its character `chars[k]`. Many may be asked of one line as large
        as a page, so no line is read for each of them. Raises IndexError as `byte_offsets` does.
        """
        first = self.line_starts[rows]
        begins = np.flatnonzero(begins_char(self.buffer))
        rank = np.searchsorted(begins, first)
        chars_in_line = np.searchsorted(begins, first + self.text_bytes[rows]) - rank
        if np.any((chars < 0) | (chars > chars_in_line)):
            raise IndexError("a character position lies outside of its line")
        at = rank + chars
        ends = np.where(at < len(begins), begins[np.minimum(at, len(begins) - 1)], len(self.buffer))
        before: NDArray[np.int64] = ends - first
        return before

    def parted(self, rows: NDArray[np.int64], chars: NDArray[np.int64]) -> LexedBatch:
        """The batch with line `rows[k]` parted before its character `chars[k]`; ordered by row and character, each
        place once and inside of its line. A part that is not the last of its line has no terminator.
        """
        if not len(rows):
            return self
        inner = self._bytes_before(rows, chars)
        inner_byte = self._in_page(rows, chars, inner)
        parts = 1 + np.bincount(rows, minlength=len(self.lines))
        line = np.repeat(np.arange(len(self.lines)), parts)
        is_first = np.diff(line, prepend=-1) != 0
        is_last = np.diff(line, append=len(self.lines)) != 0

        def begun(of_line: NDArray[np.int64], of_part: NDArray[np.int64]) -> NDArray[np.int64]:
            column = of_line[line]
            column[~is_first] = of_part
            return column

        line_starts = begun(self.line_starts, self.line_starts[rows] + inner)
        byte_start = begun(self.lines["byte_start"].to_numpy(), inner_byte)
        line_ends = np.where(is_last, (self.line_starts + self.text_bytes)[line], np.roll(line_starts, -1))
        text_bytes = line_ends - line_starts
        page_rows = np.concatenate([[0], np.cumsum(parts)])[self.page_rows]
        lines = self.lines[line].with_columns(
            byte_start=pl.Series(values=byte_start),
            byte_end=pl.Series(
                values=np.where(is_last, self.lines["byte_end"].to_numpy()[line], np.roll(byte_start, -1))
            ),
            terminator_bytes=pl.Series(
                values=self.lines["terminator_bytes"].to_numpy()[line] * is_last, dtype=pl.UInt8
            ),
            text=strings(self.joined_lines, text_bytes),
        )
        pages = tuple(
            replace(page, first_row=first, line_count=last - first)
            for page, (first, last) in zip(self.pages, pairwise(page_rows.tolist()), strict=True)
        )
        char_before = begun(self.char_before, self.char_before[rows] + chars)
        distinct, text_no = _distinct(lines["text"])
        return replace(
            self, pages=pages, lines=lines, line_starts=line_starts, text_bytes=text_bytes, page_rows=page_rows,
            char_before=char_before, distinct=distinct, text_no=text_no,
        )  # fmt: skip


def lex(raws: Sequence[bytes]) -> LexedBatch:
    """The pages as lines. Each page is read on its own: a batch gives the rows that its pages give one by one."""
    texts = list(map(with_spaces, decode_all(raws)))
    joined = b"".join([text.utf8 for text in texts])
    buffer = np.frombuffer(joined, np.uint8)
    page_sizes = np.array([len(text.utf8) for text in texts], np.int64)
    page_ends = np.cumsum(page_sizes)
    page_starts = page_ends - page_sizes

    is_break = buffer == LF
    if b"\r" in joined:
        is_break |= buffer == CR
    line_ends, terminators = _line_ends(buffer, is_break, page_ends)
    line_starts, page_rows = _rows(line_ends, page_ends)
    text_bytes = line_ends - line_starts - terminators
    wrapped = wraps(joined, line_starts, text_bytes, page_rows)
    if len(wrapped):
        joined = _with_blanks(joined, line_ends[wrapped], terminators[wrapped])
        buffer = np.frombuffer(joined, np.uint8)
        line_ends, terminators = np.delete(line_ends, wrapped), np.delete(terminators, wrapped)
        line_starts, page_rows = _rows(line_ends, page_ends)
        text_bytes = line_ends - line_starts - terminators
    line_counts = np.diff(page_rows)
    page_index = np.repeat(np.arange(len(texts), dtype=np.uint32), line_counts)
    line_no = np.arange(len(line_ends)) - np.repeat(page_rows[:-1], line_counts)

    joined_lines = joined.replace(b"\n", b"").replace(b"\r", b"")
    shift = np.repeat(np.array([text.bom_bytes for text in texts], np.int64) - page_starts, line_counts)
    byte_start = line_starts + shift
    byte_end = byte_start + text_bytes
    terminator_bytes = terminators.astype(np.uint8)

    pages = []
    char_before = np.zeros(len(line_ends), np.int64)
    for index, (raw, text) in enumerate(zip(raws, texts, strict=True)):
        first, last = int(page_rows[index]), int(page_rows[index + 1])
        starts = None
        if text.char_bytes is not None:
            mine = slice(first, last)
            starts = text.char_starts()
            before = _chars_at(text, line_starts[mine] - page_starts[index])
            until = _chars_at(text, line_starts[mine] - page_starts[index] + text_bytes[mine])
            char_before[mine] = before
            byte_start[mine] = starts[before]
            byte_end[mine] = starts[until]
            terminator_bytes[mine] = starts[until + terminators[mine]] - starts[until]
        pages.append(DecodedPage(len(raw), text.encoding, text.is_damaged, text.bom_bytes, first, last - first, starts))
    lines = pl.DataFrame(
        [
            pl.Series("page_index", page_index, pl.UInt32),
            pl.Series("line_no", line_no, pl.UInt32),
            pl.Series("byte_start", byte_start, pl.Int64),
            pl.Series("byte_end", byte_end, pl.Int64),
            pl.Series("terminator_bytes", terminator_bytes, pl.UInt8),
            strings(joined_lines, text_bytes),
        ],
    )
    distinct, text_no = _distinct(lines["text"])
    return LexedBatch(
        tuple(pages), lines, buffer, line_starts, text_bytes, page_rows, char_before, joined_lines, distinct, text_no,
        is_wrapped=len(wrapped) > 0,
    )  # fmt: skip


def _rows(line_ends: NDArray[np.int64], page_ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each line begins in the joined buffer, and which lines each page has."""
    line_starts = np.concatenate([np.zeros(min(1, len(line_ends)), np.int64), line_ends[:-1]])
    page_rows = np.concatenate([[0], np.searchsorted(line_ends, page_ends, side="right")])
    return line_starts, page_rows.astype(np.int64)


def _with_blanks(joined: bytes, ends: NDArray[np.int64], terminators: NDArray[np.int64]) -> bytes:
    """The text with blanks for the terminators that end at `ends`."""
    octets = np.frombuffer(joined, np.uint8).copy()
    octets[ends - 1] = SPACE
    octets[(ends - 2)[terminators > 1]] = SPACE
    return octets.tobytes()


def _distinct(text: pl.Series) -> tuple[pl.Series, NDArray[np.int64]]:
    """The texts, each once in the order in which they come, and the number of each line's text."""
    first = text.to_frame("text").with_row_index().select(pl.col("index").first().over("text"))["index"].to_numpy()
    is_first = first == np.arange(len(first))
    return text.filter(pl.Series(is_first)), (np.cumsum(is_first) - 1)[first]


def _line_ends(
    buffer: NDArray[np.uint8], is_break: NDArray[np.bool_], page_ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """End of each line behind its terminator, and the length of the terminator (0, 1 or 2), in the joined buffer."""
    ends = np.flatnonzero(is_break) + 1
    ends = ends[~_is_split_crlf(buffer, ends, page_ends)]
    # A last line without a terminator ends where its page ends; an empty page has no line.
    open_ends = page_ends[np.diff(page_ends, prepend=0) > 0]
    open_ends = open_ends[~is_break[open_ends - 1]]
    ends = np.sort(np.concatenate([ends, open_ends]), kind="stable")
    last = buffer[ends - 1]
    before = buffer[np.maximum(ends - 2, 0)]
    is_crlf = (last == LF) & (before == CR) & (ends >= 2)
    candidates = np.flatnonzero(is_crlf)
    if len(candidates):
        is_crlf[candidates[np.isin(ends[candidates] - 1, page_ends)]] = False
    return ends, ((last == LF) | (last == CR)) + is_crlf.astype(np.int64)


def _is_split_crlf(
    buffer: NDArray[np.uint8], ends: NDArray[np.int64], page_ends: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """True for the end between CR and LF, unless the page ends there."""
    following = buffer[np.minimum(ends, len(buffer) - 1)] if len(buffer) else np.zeros(0, np.uint8)
    is_split = (buffer[ends - 1] == CR) & (following == LF) & (ends < len(buffer))
    candidates = np.flatnonzero(is_split)
    if len(candidates):
        is_split[candidates[np.isin(ends[candidates], page_ends)]] = False
    return np.asarray(is_split)


@dataclass(frozen=True, slots=True)
class _Arrow:
    """An Arrow array as Polars takes it from any library: taken as one of pyarrow, it would load all of its functions
    for computing, which takes longer than a small batch.
    """

    array: pa.Array

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        capsules: tuple[object, object] = self.array.__arrow_c_array__(requested_schema)
        return capsules


def strings(utf8: bytes, text_bytes: NDArray[np.int64]) -> pl.Series:
    """Texts that stand one behind the other in `utf8`, with so many bytes each."""
    offsets = np.zeros(len(text_bytes) + 1, np.int64)
    np.cumsum(text_bytes, out=offsets[1:])
    array = pa.LargeStringArray.from_buffers(len(text_bytes), pa.py_buffer(offsets), pa.py_buffer(utf8))
    return pl.Series(_Arrow(array)).alias("text")


def _chars_at(text: DecodedText, utf8_at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Characters before each byte of the decoded text."""
    is_lead = begins_char(np.frombuffer(text.utf8, np.uint8))
    counts = np.concatenate([[0], np.cumsum(is_lead, dtype=np.int64)])
    return np.asarray(counts[utf8_at], np.int64)
