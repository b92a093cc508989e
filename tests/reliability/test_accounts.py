"""P1 at length: the segments of any page tile it, byte for byte."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import polars as pl
import pytest

from cuttings.pages import cut_pages
from tests.reliability.trials import trials

PIECES = (
    b"\n", b"\r", b"\r\n", b"\n\n\n", b"\x0b", b"\x0c", b"\x85", "\u2028".encode(), b" ", b"\t", "\u00a0".encode(),
    "\u200b".encode(), "\ufeff".encode(), "\u202e".encode(), b"\xff\xfe", b"\xff", b"\xe2\x82", b"\xc0\xaf",
    b"\x00", b"\x1b[31m", "“Quote”".encode(), b"'s", b",", b"Related Articles", b"Comments",
    b"Sponsored Links", b"3 hours ago",
    b"time19-05-2025", b" date 2024-03-08 ", b"5 March 2025, 02:15", b"By Ann Other", b"A title of some words here",
    b"LEIDEN (ANP) - The council met and a decision was taken after a long debate about the price of water and bread.",
    "新しい図書館の設計案を市民が投票で選ぶ。".encode(), "مرحبا بالعالم".encode(), b"Read more...", b"- x", b"#tag",
)  # fmt: skip
BATCH = 250
SEED = 1


def hostile_page(draw: random.Random) -> bytes:
    pieces = [
        draw.choice(PIECES) if draw.random() < 0.9 else draw.randbytes(draw.randrange(12))
        for _ in range(draw.randrange(40))
    ]
    raw = b"".join(pieces)
    if draw.random() < 0.05:
        return raw.decode("utf-8", "replace").encode(
            draw.choice(("utf-16", "utf-16-le", "utf-32", "cp1252")), "replace"
        )
    return raw


@pytest.mark.slow
def test_segments_tile_any_page(record_property: Callable[[str, object], None]) -> None:
    draw, left = random.Random(SEED), trials(BATCH, 100_000)
    record_property("trials", left)
    record_property("seed", SEED)
    while left > 0:
        raws = list({hostile_page(draw) for _ in range(min(BATCH, left))})
        left -= BATCH
        assert untiled(raws) == []


def untiled(raws: list[bytes]) -> list[bytes]:
    """The pages whose bytes are not each in exactly one segment."""
    sizes = pl.DataFrame(
        {"page_id": [sha256(raw).hexdigest() for raw in raws], "size": [len(raw) for raw in raws]},
        schema={"page_id": pl.String, "size": pl.Int64},
    )
    tables = cut_pages(raws)
    found = tables.segments.group_by("page_id", maintain_order=True).agg(
        is_chain=(
            (pl.col("byte_start") == pl.col("byte_end").shift(1, fill_value=0))
            & (pl.col("byte_start") < pl.col("byte_end"))
        ).all(),
        is_numbered=(pl.col("segment_no") == pl.int_range(pl.len())).all(),
        end=pl.col("byte_end").last(),
    )
    judged = sizes.join(found, on="page_id", how="left").select(
        "page_id",
        is_tiled=(pl.col("is_chain") & pl.col("is_numbered") & (pl.col("end") == pl.col("size"))).fill_null(
            pl.col("size") == 0
        ),
    )
    wrong = set(judged.filter(~pl.col("is_tiled"))["page_id"])
    assert tables.pages["size_bytes"].sum() == sum(map(len, raws))
    return [raw for raw in raws if sha256(raw).hexdigest() in wrong]


def test_a_lost_byte_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: segments of which one ends a byte early."""
    honest = cut_pages
    ends = pl.when(pl.col("segment_no") == 0).then(pl.col("byte_end") - 1).otherwise("byte_end")
    monkeypatch.setitem(
        globals(),
        "cut_pages",
        lambda raws: replace(cut := honest(raws), segments=cut.segments.with_columns(byte_end=ends)),
    )
    assert untiled([b"A title\n\nAnd a text of it.\n"])
