"""Lines: they tile any bytes, break at LF, CRLF and CR only, and map characters back to bytes exactly."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.pages.decode import decode, with_spaces
from cuttings.pages.lines import LINE_SCHEMA, LexedBatch, lex
from tests.pages.test_decode import hostile


def page_lines(batch: LexedBatch, page: int) -> pl.DataFrame:
    return batch.lines.filter(pl.col("page_index") == page)


@given(hostile)
@settings(deadline=None)
def test_mark_lines_and_terminators_tile_the_page(raw: bytes) -> None:
    batch = lex([raw])
    at = batch.pages[0].bom_bytes
    for start, end, terminator in batch.lines.select("byte_start", "byte_end", "terminator_bytes").rows():
        assert start == at
        assert start <= end
        assert end + terminator > start
        at = end + terminator
    assert at == (len(raw) if batch.lines.height else batch.pages[0].bom_bytes)


@given(hostile)
@settings(deadline=None)
def test_the_texts_are_the_page_split_at_its_three_line_ends(raw: bytes) -> None:
    pieces = re.split(r"\r\n|\r|\n", with_spaces(decode(raw)).utf8.decode())
    if pieces[-1] == "":
        pieces.pop()
    assert lex([raw]).lines["text"].to_list() == pieces


@given(st.lists(hostile, max_size=6))
@settings(deadline=None)
def test_a_batch_is_its_pages_one_by_one(raws: list[bytes]) -> None:
    batch = lex(raws)
    assert batch.lines.schema == LINE_SCHEMA
    assert len(batch.pages) == len(raws)
    for index, raw in enumerate(raws):
        alone = lex([raw])
        assert page_lines(batch, index).drop("page_index").equals(alone.lines.drop("page_index"))
        assert batch.pages[index].line_count == alone.pages[0].line_count
        assert batch.page_rows[index] == batch.pages[index].first_row


@given(st.lists(hostile, max_size=4))
@settings(max_examples=60, deadline=None)
def test_each_character_is_mapped_to_its_bytes(raws: list[bytes]) -> None:
    batch = lex(raws)
    for row, (page, start, end, text) in enumerate(
        batch.lines.select("page_index", "byte_start", "byte_end", "text").rows()
    ):
        chars = np.arange(len(text) + 1)
        offsets = batch.byte_offsets(np.full(len(chars), row), chars)
        assert offsets[0] == start
        assert offsets[-1] == end
        assert np.all(np.diff(offsets) >= 1)
        read = decode(raws[page])
        if not read.is_damaged:
            pieces = [raws[page][a:b] for a, b in pairwise(offsets.tolist())]
            printed = "".join(piece.decode(read.encoding) for piece in pieces)
            assert text in (printed, printed.replace("\u00a0", " "))
            assert len(printed) == len(pieces)


def test_other_separators_are_text() -> None:
    text = "a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g"
    assert lex([text.encode()]).lines["text"].to_list() == [text]


def test_a_page_that_ends_in_cr_does_not_swallow_the_next_pages_lf() -> None:
    batch = lex([b"one\r", b"\ntwo", b"", b"\r\n"])
    assert batch.lines.select("page_index", "text", "terminator_bytes").rows() == [
        (0, "one", 1), (1, "", 1), (1, "two", 0), (3, "", 2),
    ]  # fmt: skip


def test_terminators_of_wide_text_count_bytes() -> None:
    batch = lex(["\ufeffab\r\nc\n".encode("utf-16-le"), "\ufeffx\n".encode("utf-32-be")])
    assert batch.lines.select("byte_start", "byte_end", "terminator_bytes").rows() == [
        (2, 6, 4),
        (10, 12, 2),
        (4, 8, 4),
    ]


def test_a_character_beyond_its_line_is_an_error() -> None:
    with pytest.raises(IndexError, match="outside of its line"):
        lex([b"ab\n"]).byte_offsets(np.array([0]), np.array([3]))


def test_no_pages_and_empty_pages_have_no_lines() -> None:
    assert lex([]).lines.schema == LINE_SCHEMA
    assert lex([b"", b""]).lines.height == 0
