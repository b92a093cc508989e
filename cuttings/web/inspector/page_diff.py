"""One page in two generations: the labels, titles and dates that differ.

The bytes of the page are the same in both, its id says so; what differs is what was read in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import duckdb

from cuttings.web.generation import OpenGeneration
from cuttings.web.inspector.rows import fetch

SHOWN_BLOCKS: Final = 300  # differing stretches of one page
SHOWN_FIELDS: Final = 300  # values of its articles and dates
SHOWN_CHARS: Final = 600  # of a stretch

_PIECES: Final = """
select byte_start, byte_end, zone, role, position, rule, confidence, text
from segments where page_id = $page_id order by segment_no
"""
_ARTICLES: Final = """
select position, zone, title, source_name, date_text, published_at, published_earliest_at, published_latest_at,
    body_status
from appearances where page_id = $page_id order by position
"""
_DATES: Final = """
select byte_start, byte_end, text, use, instant_at, earliest_at, latest_at, precision
from date_mentions where page_id = $page_id order by byte_start, byte_end
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment of one side."""

    byte_start: int
    byte_end: int
    zone: str
    role: str
    position: int | None
    rule: str
    confidence: float
    text: str

    @property
    def label(self) -> tuple[int, int, str, str, int | None]:
        """What has to be equal on both sides."""
        return (self.byte_start, self.byte_end, self.zone, self.role, self.position)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of bytes that both sides cut at its ends, and differently within."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The bytes, decoded."""
        return "".join(piece.text for piece in (self.after or self.before))


@dataclass(frozen=True, slots=True)
class Field:
    """One value that differs: of which article or date, what, before and after."""

    of: str
    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class PageDifference:
    """One page on both sides; `is_before` and `is_after` say where it is at all, the counts how much differs."""

    is_before: bool
    is_after: bool
    blocks: tuple[Block, ...]
    block_count: int
    equal_count: int
    fields: tuple[Field, ...]
    field_count: int


@dataclass(frozen=True, slots=True)
class _Article:
    position: int
    zone: str
    title: str | None
    source: str | None
    date_text: str | None
    published: datetime | None
    earliest: datetime | None
    latest: datetime | None
    body: str


@dataclass(frozen=True, slots=True)
class _Date:
    byte_start: int
    byte_end: int
    text: str
    use: str
    point: datetime | None
    earliest: datetime | None
    latest: datetime | None
    precision: str


def compare_page(before: OpenGeneration, after: OpenGeneration, page_id: str) -> PageDifference:
    """One page on both sides."""
    with closing(before.connection()) as old, closing(after.connection()) as new:
        pieces = [fetch(side, Piece, _PIECES, {"page_id": page_id}) for side in (old, new)]
        is_here = [_has(side, page_id) for side in (old, new)]
        blocks = list(_blocks(*pieces)) if all(is_here) else []
        values = [*_article_fields(old, new, page_id), *_date_fields(old, new, page_id)] if all(is_here) else []
        differing = [block for block in blocks if _labels(block.before) != _labels(block.after)]
        return PageDifference(
            is_before=is_here[0],
            is_after=is_here[1],
            blocks=tuple(differing[:SHOWN_BLOCKS]),
            block_count=len(differing),
            equal_count=len(blocks) - len(differing),
            fields=tuple(values[:SHOWN_FIELDS]),
            field_count=len(values),
        )


def _has(connection: duckdb.DuckDBPyConnection, page_id: str) -> bool:
    return bool(connection.execute("select 1 from pages where page_id = $id", {"id": page_id}).fetchall())


def _labels(pieces: Sequence[Piece]) -> list[tuple[int, int, str, str, int | None]]:
    return [piece.label for piece in pieces]


def _blocks(before: Sequence[Piece], after: Sequence[Piece]) -> Iterator[Block]:
    """The shortest stretches that both tilings cut at both ends.

    >>> piece = lambda start, end: Piece(start, end, "page", "ws", None, "", 1.0, "")
    >>> after = [piece(0, 2), piece(2, 3), piece(3, 5)]
    >>> [(len(block.before), len(block.after)) for block in _blocks([piece(0, 2), piece(2, 5)], after)]
    [(1, 1), (1, 2)]
    """
    i = j = 0
    while i < len(before) and j < len(after):
        first, second = i, j
        i, j = i + 1, j + 1
        while before[i - 1].byte_end != after[j - 1].byte_end:
            if before[i - 1].byte_end < after[j - 1].byte_end:
                i += 1
            else:
                j += 1
        yield Block(tuple(before[first:i]), tuple(after[second:j]))


def _article_fields(old: duckdb.DuckDBPyConnection, new: duckdb.DuckDBPyConnection, page_id: str) -> Iterator[Field]:
    sides = [
        {row.position: row for row in fetch(side, _Article, _ARTICLES, {"page_id": page_id})} for side in (old, new)
    ]
    for position in sorted(sides[0].keys() | sides[1].keys()):
        of = "primary" if position == 0 else f"article {position}"
        yield from _fields(of, "title", sides[0].get(position), sides[1].get(position), ("position",))


def _date_fields(old: duckdb.DuckDBPyConnection, new: duckdb.DuckDBPyConnection, page_id: str) -> Iterator[Field]:
    sides = [
        {(row.byte_start, row.byte_end): row for row in fetch(side, _Date, _DATES, {"page_id": page_id})}
        for side in (old, new)
    ]
    for place in sorted(sides[0].keys() | sides[1].keys()):
        before, after = sides[0].get(place), sides[1].get(place)
        shown = after or before
        assert shown is not None  # the place came from one of them
        yield from _fields(f"“{shown.text}”", "text", before, after, ("byte_start", "byte_end"))


def _fields(of: str, main: str, before: Any, after: Any, key: tuple[str, ...]) -> Iterator[Field]:
    """The values that differ; a side that is not there is told by its `main` value alone."""
    if before is None or after is None:
        yield Field(
            of, main, before and (getattr(before, main) or "untitled"), after and (getattr(after, main) or "untitled")
        )
        return
    for field in fields(before):
        was, now = getattr(before, field.name), getattr(after, field.name)
        if field.name not in key and was != now:
            yield Field(of, field.name, was, now)
