"""Date texts of a batch of pages: of date lines, of live entries, of an extractor, and of the articles' own text."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cuttings import dates
from cuttings.pages.joints import TEXT_ROLES
from cuttings.pages.labels import ROLE
from cuttings.pages.lines import LexedBatch
from cuttings.pages.markers import Lines
from cuttings.pages.pieces import Pieces

DATE_ROLES: Final = (ROLE["date"], ROLE["live_entry_time"])
_SCHEMA: Final[dict[str, type[pl.DataType]]] = {
    "page": pl.Int64, "byte_start": pl.Int64, "byte_end": pl.Int64, "position": pl.Int32, "text": pl.String,
    "use": pl.String,
}  # fmt: skip


def mentions_of(lexed: LexedBatch, lines: Lines, pieces: Pieces, frame: pl.DataFrame) -> pl.DataFrame:
    """One row a date text, in page order: page, byte_start, byte_end, position, text, use.

    `frame` has the pieces' page, byte_start, byte_end and text, a row a piece.
    """
    found = pl.concat(
        [_stated(lexed, lines, pieces), _extractors(pieces, frame), _in_text(lexed, lines, pieces, frame)]
    )
    return found.unique(["page", "byte_start", "byte_end"], keep="first", maintain_order=True).sort(
        "page", "byte_start", "byte_end"
    )


def _stated(lexed: LexedBatch, lines: Lines, pieces: Pieces) -> pl.DataFrame:
    """The dates of date lines and live entries; a line may state when it was published and when it was updated."""
    at = np.flatnonzero(np.isin(pieces.role, DATE_ROLES) & (lines.date_start[pieces.line] >= 0))
    line = pieces.line[at]
    stated = pl.DataFrame(
        {
            "line": line,
            "start": lines.date_start[line],
            "end": lines.date_end[line],
            "use": pl.Series([lines.date_use[i] or "published" for i in line.tolist()], dtype=pl.String),
            "position": pieces.position[at],
            "is_live": pieces.role[at] == ROLE["live_entry_time"],
        }
    )
    owners = stated.select("line", "position", "is_live").unique("line", keep="first", maintain_order=True)
    further = lines.further_dates.join(owners, on="line", how="inner", maintain_order="left")
    every = pl.concat([stated, further.select(stated.columns)])
    use = pl.when("is_live").then(pl.lit("live_entry")).otherwise("use")
    return _rows(lexed, lines, every.with_columns(use=use))


def _in_text(lexed: LexedBatch, lines: Lines, pieces: Pieces, frame: pl.DataFrame) -> pl.DataFrame:
    """The days that the text of an article names. They say nothing of when it was published."""
    at = np.flatnonzero(np.isin(pieces.role, TEXT_ROLES) & (pieces.position >= 0))
    found = dates.inline_spans(frame["text"][at])
    piece = at[found["row"].to_numpy()]
    return _rows(
        lexed,
        lines,
        pl.DataFrame(
            {
                "line": pieces.line[piece],
                "start": pieces.start[piece] + found["char_start"].to_numpy(),
                "end": pieces.start[piece] + found["char_end"].to_numpy(),
                "use": found["use"],
                "position": pieces.position[piece],
            }
        ),
    )


def _extractors(pieces: Pieces, frame: pl.DataFrame) -> pl.DataFrame:
    """The dates that an extractor wrote before the first line of a page."""
    return frame[np.flatnonzero(pieces.role == ROLE["extractor"]).tolist()].select(
        "page",
        byte_start=pl.col("byte_start") + len("date "),
        byte_end="byte_end",
        position=pl.lit(None, pl.Int32),
        text=pl.col("text").str.slice(len("date ")),
        use=pl.lit("extractor"),
    )


def _rows(lexed: LexedBatch, lines: Lines, found: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table for dates at characters `start` to `end` of lines."""
    line = found["line"].to_numpy().astype(np.int64)

    def byte_at(name: str) -> NDArray[np.int64]:
        return lexed.byte_offsets(lines.row[line], lines.lead_chars[line] + found[name].to_numpy().astype(np.int64))

    places = zip(line.tolist(), found["start"].to_list(), found["end"].to_list(), strict=True)
    return pl.DataFrame(
        {
            "page": lines.page[line],
            "byte_start": byte_at("start"),
            "byte_end": byte_at("end"),
            "position": found["position"],
            "text": [lines.text[i][a:b] for i, a, b in places],
            "use": found["use"],
        },
        schema=_SCHEMA,
    ).with_columns(pl.when(pl.col("position") >= 0).then(pl.col("position")))
