"""What a page tells by itself, worked out once when it is cut: ids of its articles, sketches of texts, folded lines.

Each page is prepared on its own, so pages prepared in batches, years apart, and all at once give the same rows; what
only many pages show is `relate`'s work. The bodies stand in a frame of their own, which nothing but the writing of the
articles needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from cuttings.corpus import identity, shingles, templates
from cuttings.corpus.frames import CutFrames
from cuttings.corpus.tokens import word_counts

_KEY: Final = ("page_id", "position")


@dataclass(frozen=True, slots=True)
class PreparedPages:
    """Frames of prepared pages.

    `appearances` have their article_id and no body. `texts` has one row an appearance: page_id, position, body,
    body_bytes, word_count and sketch (null where the text is too short to be compared). `lines` are those of
    `templates.folded_lines`. The others are as they were cut.
    """

    pages: pl.DataFrame
    segments: pl.DataFrame
    appearances: pl.DataFrame
    texts: pl.DataFrame
    date_mentions: pl.DataFrame
    repairs: pl.DataFrame
    lines: pl.DataFrame


def prepare(cut: CutFrames) -> PreparedPages:
    """What the pages of `cut` tell, each by itself."""
    appearances = identity.with_article_id(cut.appearances)
    return PreparedPages(
        cut.pages, cut.segments, appearances.drop("body"), _texts(appearances), cut.date_mentions, cut.repairs,
        templates.folded_lines(cut.lines),
    )  # fmt: skip


def _texts(appearances: pl.DataFrame) -> pl.DataFrame:
    bodies = appearances.select(*_KEY, pl.col("body").fill_null(""), "body_status")
    distinct = bodies.select("body").unique()
    measured = distinct.with_columns(
        word_counts(distinct.get_column("body")).alias("word_count"),
        shingles.sketches(distinct.get_column("body")).alias("sketch"),
        pl.col("body").str.len_bytes().cast(pl.Int64).alias("body_bytes"),
    )
    is_compared = pl.col("body_status").is_in(shingles.COMPARED_STATUSES)
    return bodies.join(measured, on="body", how="left", maintain_order="left").select(
        *_KEY, "body", "body_bytes", "word_count", sketch=pl.when(is_compared).then("sketch")
    )
