"""Date texts of a batch of pages: of date lines, of live entries, of an extractor, and of the articles' own text."""

from __future__ import annotations

from itertools import chain
from typing import Final

import numpy as np
import polars as pl

from cuttings import dates
from cuttings.pages.columns import RULE as COLUMN
from cuttings.pages.joints import TEXT_ROLES
from cuttings.pages.labels import ROLE, RULE
from cuttings.pages.lines import LexedBatch
from cuttings.pages.markers import Lines
from cuttings.pages.pieces import Pieces

DATE_ROLES: Final = (ROLE["date"], ROLE["live_entry_time"])
_SCHEMA: Final[dict[str, type[pl.DataType]]] = {
    "page": pl.Int64, "byte_start": pl.Int64, "byte_end": pl.Int64, "position": pl.Int32, "text": pl.String,
    "use": pl.String,
}  # fmt: skip


# A date in a line: the line, the first character and the end, its use, and the article's position or -1.
_Found = tuple[int, int, int, str, int]


def mentions_of(lexed: LexedBatch, lines: Lines, pieces: Pieces, frame: pl.DataFrame) -> pl.DataFrame:
    """One row a date text, in page order: page, byte_start, byte_end, position, text, use.

    `frame` has the pieces' page, byte_start, byte_end and text, a row a piece.
    """
    found = [*_stated(lines, pieces), *_in_text(pieces, frame)]
    line, start, end = (np.array([date[k] for date in found], np.int64) for k in range(3))
    row, lead = np.tile(lines.row[line], 2), np.tile(lines.lead_chars[line], 2)
    byte_start, byte_end = np.split(lexed.byte_offsets(row, lead + np.concatenate([start, end])), 2)
    places = zip(lines.page[line].tolist(), byte_start.tolist(), byte_end.tolist(), strict=True)
    rows = [
        (*place, position if position >= 0 else None, lines.text[i][first:last], use)
        for place, (i, first, last, use, position) in zip(places, found, strict=True)
    ]
    first_at = {row[:3]: row for row in reversed([*rows, *_extractors(pieces, frame)])}
    return pl.DataFrame([first_at[place] for place in sorted(first_at)], schema=_SCHEMA, orient="row")


def _stated(lines: Lines, pieces: Pieces) -> list[_Found]:
    """The dates of date lines and live entries; a line may state when it was published and when it was updated."""
    at = np.flatnonzero(np.isin(pieces.role, DATE_ROLES) & (lines.date_start[pieces.line] >= 0))
    found: list[_Found] = []
    further: dict[int, list[_Found]] = {}
    for i, position, role in zip(
        pieces.line[at].tolist(), pieces.position[at].tolist(), pieces.role[at].tolist(), strict=True
    ):
        live = "live_entry" if role == ROLE["live_entry_time"] else None
        use = live or lines.date_use[i] or "published"
        found.append((i, int(lines.date_start[i]), int(lines.date_end[i]), use, position))
        if i in lines.further_dates and i not in further:
            further[i] = [(i, start, end, live or use, position) for start, end, use in lines.further_dates[i]]
    return [*found, *chain.from_iterable(further.values()), *_in_columns(pieces)]


def _in_columns(pieces: Pieces) -> list[_Found]:
    """The days before the titles of a list."""
    at = np.flatnonzero((pieces.role == ROLE["date"]) & (pieces.rule == RULE[COLUMN]))
    places = (column[at].tolist() for column in (pieces.line, pieces.start, pieces.end, pieces.position))
    return [(i, start, end, "published", position) for i, start, end, position in zip(*places, strict=True)]


def _in_text(pieces: Pieces, frame: pl.DataFrame) -> list[_Found]:
    """The days that the text of an article names. They say nothing of when it was published."""
    at = np.flatnonzero(np.isin(pieces.role, TEXT_ROLES) & (pieces.position >= 0))
    found = dates.inline_spans(frame["text"][at])
    piece = at[found["row"].to_numpy()]
    start = pieces.start[piece] + found["char_start"].to_numpy()
    end = pieces.start[piece] + found["char_end"].to_numpy()
    places = (column.tolist() for column in (pieces.line[piece], start, end, pieces.position[piece]))
    return [
        (i, first, last, use, position) for i, first, last, position, use in zip(*places, found["use"], strict=True)
    ]


def _extractors(pieces: Pieces, frame: pl.DataFrame) -> list[tuple[int, int, int, None, str, str]]:
    """The dates that an extractor wrote before the first line of a page."""
    own = frame[np.flatnonzero(pieces.role == ROLE["extractor"]).tolist()]
    word = len("date ")
    return [
        (page, start + word, end, None, text[word:], "extractor")
        for page, start, end, text in own.select("page", "byte_start", "byte_end", "text").iter_rows()
    ]
