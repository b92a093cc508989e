"""What was mended in a text, and what is known to be lost: one row each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from cuttings.pages.joints import JOINT_NONE, SPACE, TEXT_ROLES
from cuttings.pages.labels import RULE, Labels
from cuttings.pages.lines import LexedBatch
from cuttings.pages.markers import Lines
from cuttings.pages.pieces import Pieces

# Cuts that leave the article's text with something taken out of it.
RESIDUE_RULES: Final = [RULE[name] for name in ("advert_glued", "advert_doubled", "residue_tail", "also_read_inline")]


def repairs_of(frame: pl.DataFrame, pieces: Pieces) -> pl.DataFrame:
    """Line breaks taken out of sentences, spaces put between them, and residue taken out of lines."""
    own = frame.with_columns(rule=pl.Series(pieces.rule))
    is_text = pl.col("role").is_in(TEXT_ROLES) & (pl.col("position") >= 0)
    is_same_line = pl.col("line") == pl.col("line").shift(1)
    text = (
        own.filter(is_text)
        .sort("page", "position", "byte_start")
        .with_columns(
            is_same_text=pl.all_horizontal(
                pl.col("position") == pl.col("position").shift(1), pl.col("page") == pl.col("page").shift(1)
            ),
            is_same_line=is_same_line,
            is_parted=is_same_line
            & (pl.col("byte_start") == pl.col("byte_end").shift(1))
            & (pl.col("rule") == RULE["missing_space"]),
        )
        .filter("is_same_text")
    )
    joined = text.filter(~pl.col("is_same_line") & pl.col("joint").is_in([JOINT_NONE, SPACE])).select(
        "page", "position", byte_at="byte_start", kind=pl.lit("link_join"), before=pl.lit("\n"),
        after=pl.when(pl.col("joint") == SPACE).then(pl.lit(" ")).otherwise(pl.lit("")),
    )  # fmt: skip
    parted = text.filter("is_parted").select(
        "page", "position", byte_at="byte_start", kind=pl.lit("missing_space"), before=pl.lit(""), after=pl.lit(" ")
    )
    is_parted_line = np.isin(pieces.line, pieces.line[np.isin(pieces.rule, RESIDUE_RULES)])
    residue = (
        own.filter(pl.Series(is_parted_line))
        .with_columns(
            owner=pl.when(pl.col("position") >= 0).then(pl.col("position")).forward_fill().over(["page", "line"]),
        )
        .filter(pl.col("rule").is_in(RESIDUE_RULES) & pl.col("owner").is_not_null())
        .select(
            "page", position="owner", byte_at="byte_start", kind=pl.lit("residue_cut"), before="text", after=pl.lit(""),
        )
    )  # fmt: skip
    doubled = own.filter((pl.col("rule") == RULE["doubled_line"]) & (pl.col("position") >= 0)).select(
        "page", "position", byte_at="byte_start", kind=pl.lit("doubled_line"), before="text", after=pl.lit(""),
    )  # fmt: skip
    return pl.concat([joined, parted, residue, doubled])


def losses_of(lexed: LexedBatch, lines: Lines, parsed: Sequence[Labels]) -> pl.DataFrame:
    """What is known to be lost and cannot be mended."""
    found = [
        (page, int(lines.page_rows[page]) + i, start, kind, before, labels.position[i])
        for page, labels in enumerate(parsed)
        for i, start, kind, before in labels.losses
        if labels.position[i] >= 0
    ]
    line = np.array([row[1] for row in found], np.int64)
    start = np.array([row[2] for row in found], np.int64)
    at = lexed.byte_offsets(lines.row[line], lines.lead_chars[line] + start)
    return pl.DataFrame(
        {
            "page": [row[0] for row in found],
            "position": [row[5] for row in found],
            "byte_at": at,
            "kind": [row[3] for row in found],
            "before": [row[4] for row in found],
            "after": [None] * len(found),
        },
        schema={
            "page": pl.Int64, "position": pl.Int32, "byte_at": pl.Int64, "kind": pl.String, "before": pl.String,
            "after": pl.String,
        },
    )  # fmt: skip
