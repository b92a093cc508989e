"""Lines that were wrapped, and are one to the cutter: their text without the breaks, and their segments with them.

A segment ends where its line does, as all segments do; the white space between two lines is one of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import polars as pl

from cuttings.pages.joints import TEXT_ROLE_NAMES
from cuttings.pages.lines import LexedBatch
from cuttings.pages.repairs import SCHEMA as REPAIRS

_BREAKS: Final = re.compile(r"([\r\n]+)")
# A word that has its hyphen was broken there, and goes on without a space.
_IS_IN_WORD: Final = re.compile(r"\w-$")
WHITE_SPACE: Final = {
    "zone": "page", "role": "ws", "position": None, "joint": "none", "rule": "white_space", "confidence": 1.0
}  # fmt: skip


def on_one_line(texts: pl.Series) -> pl.Series:
    """The texts with a space for each break, none within a word.

    >>> on_one_line(pl.Series(["a well-\\n  known\\nword"])).to_list()
    ['a well-known word']
    """
    return texts.str.replace_all(r"(\w-)\s*[\r\n]\s*", "${1}").str.replace_all(r"\s*[\r\n]\s*", " ")


def at_line_ends(segments: pl.DataFrame, lexed: LexedBatch) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The segments of a batch, none but white space over the end of a line; and a repair for each break in a text."""
    is_broken = (pl.col("role") != "ws") & pl.col("text").str.contains_any(["\n", "\r"])
    parts: list[dict[str, Any]] = []
    repairs: list[tuple[int, int | None, int, str, str, str]] = []
    for segment in segments.filter(is_broken).iter_rows(named=True):
        is_text = segment["position"] is not None and segment["role"] in TEXT_ROLE_NAMES
        joint = segment["joint"]
        for part in _parts(segment, lexed.pages[segment["page"]].char_starts):
            parts.append(part)
            if part["role"] == "ws":
                joint = "none" if not is_text or _IS_IN_WORD.search(parts[-2]["text"]) else "space"
                continue
            if is_text and part["byte_start"] > segment["byte_start"]:
                written = "" if joint == "none" else " "
                repairs.append((part["page"], part["position"], part["byte_start"], "link_join", "\n", written))
            part["joint"] = joint
    joined = pl.concat((segments.filter(~is_broken), pl.DataFrame(parts, schema=segments.schema)))
    return in_order(joined), pl.DataFrame(repairs, schema=REPAIRS, orient="row")


def in_order(segments: pl.DataFrame) -> pl.DataFrame:
    """The segments of a batch as they stand on its pages, numbered on each."""
    number = pl.int_range(pl.len(), dtype=pl.Int32).over("page").alias("segment_no")
    return segments.sort("page", "byte_start").with_columns(number)


def _parts(segment: dict[str, Any], char_starts: np.ndarray[Any, Any] | None) -> Iterator[dict[str, Any]]:
    """The lines of a segment, and the white space between them."""
    text, byte = segment["text"], segment["byte_start"]
    first = None if char_starts is None else int(np.searchsorted(char_starts, byte))
    at = 0
    for number, end in enumerate(_ends(text)):
        following = byte + len(text[at:end].encode()) if first is None else int(char_starts[first + end])  # type: ignore[index]
        part = {**segment, "byte_start": byte, "byte_end": following, "text": text[at:end]}
        yield {**part, **WHITE_SPACE} if number % 2 else part
        at, byte = end, following


def _ends(text: str) -> Iterator[int]:
    """Where the lines of a text and the white space between them end, in turn."""
    at = 0
    for number, piece in enumerate(_BREAKS.split(text)):
        if number % 2 == 0:
            if number:
                yield at + len(piece) - len(piece.lstrip())
            yield at + len(piece.rstrip())
        at += len(piece)
