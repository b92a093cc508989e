"""A page too long to be cut whole: its front is cut, the rest is kept, and the segments tile it all the same."""

from __future__ import annotations

from hashlib import sha256

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings.contract import ROLES
from cuttings.pages import cut_pages, long
from cuttings.pages.decode import decode

TEXTS = st.lists(st.sampled_from(["a", "é", "😀", "\n", "\r\n", "\r", " ", "Title", "\n\n", "x" * 40]), max_size=60)
CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252")


@pytest.fixture(scope="module", autouse=True)
def _small() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long, "CUT_BYTES", 64)
        patch.setattr(long, "CUT_LINES", 4)
        patch.setattr(long, "REST_BYTES", 32)
        yield


@settings(max_examples=60, deadline=None)
@given(
    raw=st.one_of(
        st.builds(lambda parts, codec: "".join(parts).encode(codec, "replace"), TEXTS, st.sampled_from(CODECS)),
        st.binary(max_size=200),
    )
)
def test_segments_tile_it(raw: bytes) -> None:
    raws = [b"short\n", raw, b"another\n"]
    tables = cut_pages(raws)
    assert tables.pages["page_id"].to_list() == [sha256(one).hexdigest() for one in raws]
    assert tables.pages["size_bytes"].to_list() == [len(one) for one in raws]
    segments = tables.segments.filter(pl.col("page_id") == sha256(raw).hexdigest())
    assert segments["segment_no"].to_list() == list(range(segments.height))
    assert [0, *segments["byte_end"]] == [*segments["byte_start"], len(raw)]
    assert set(segments["role"]) <= set(ROLES)
    whole = decode(raw)
    if whole.encoding == "utf-8" and not whole.is_damaged:
        mark = b"\xef\xbb\xbf"
        assert "".join(segments["text"]).encode().removeprefix(mark) == whole.utf8.removeprefix(mark)


def test_the_front_is_cut_as_it_is_alone_and_the_rest_is_named() -> None:
    front = b"Bridge closes\n\nThe bridge is closed.\n\n"
    alone, long_page = cut_pages([front]), cut_pages([front + b"More of it\n" * 9])
    assert long_page.segments.head(alone.segments.height).drop("page_id").equals(alone.segments.drop("page_id"))
    rest = long_page.segments.tail(-alone.segments.height)
    assert set(rest.select("zone", "role", "rule").rows()) == {("page", "unknown", long.RULE)}
    assert rest["text"].str.ends_with("\n").all(), "parts of it end with their lines"
    assert long_page.appearances.drop("page_id").equals(alone.appearances.drop("page_id"))


def test_a_pair_of_line_ends_is_not_torn() -> None:
    raw = b"\r\n".join(b"line %d of it" % number for number in range(40))
    texts = cut_pages([raw]).segments.filter(pl.col("rule") == long.RULE)["text"]
    assert len(texts) > 5
    assert not texts.str.starts_with("\n").any()
