"""Which texts are the same article.

Two appearances are one article when their titles and bodies are equal in compatibility form (NFKC) and lower case,
without white space, control and format characters: how a dump wraps and joins lines does not make another text.
Wording, punctuation, quotes and dashes count: a wire report that two desks edited stays two articles, which `stories`
joins. An appearance without title and body has no text to compare and is an article of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from unicodedata import normalize

import polars as pl

from cuttings.corpus.frames import digest

ARTICLE_ID_DIGITS: Final = 32
# Cannot occur in a canonical text: keeps title "a", body "bc" apart from title "ab", body "c".
_SEPARATOR: Final = b"\x1f"
# White space and controls in ASCII, which NFKC turns other blanks into.
_BLANK_BYTES: Final = bytes([*range(0x21), 0x7F])
# What NFKC leaves: zero-width and other format characters, control characters and separators beyond ASCII.
_FORMAT: Final = r"[\p{Cf}\x{80}-\x{9f}\x{1680}\p{Zl}\p{Zp}]+"
# A fuller body is a better representative.
_STATUS_ORDER: Final = ("full", "truncated", "caption_only", "promo_only", "absent")


def with_article_id(appearances: pl.DataFrame) -> pl.DataFrame:
    """`appearances` (page_id, position, title, body, …) with `article_id`, rows in the same order."""
    texts = appearances.select("title", "body").unique()
    lowered = texts.select(pl.all().fill_null("").str.to_lowercase().str.replace_all(_FORMAT, ""))
    canonical = (_canonical(title, body) for title, body in lowered.iter_rows())
    ids = [sha256(text).hexdigest()[:ARTICLE_ID_DIGITS] if text else None for text in canonical]
    known = texts.with_columns(pl.Series("article_id", ids, dtype=pl.String))
    place = pl.concat_str("page_id", pl.lit(":"), pl.col("position").cast(pl.String))
    own_id = place.map_batches(lambda places: digest(places, ARTICLE_ID_DIGITS), pl.String)
    return appearances.join(
        known, on=("title", "body"), how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(pl.coalesce("article_id", own_id))


def _canonical(title: str, body: str) -> bytes:
    """The bytes that are hashed; empty when there is no text. Every step is one call into C a text."""
    parts = []
    for text in (title, body):
        composed = text if text.isascii() else normalize("NFKC", text)
        composed = text if composed is text else composed.lower()
        parts.append(composed.encode().translate(None, _BLANK_BYTES))
    return _SEPARATOR.join(parts) if any(parts) else b""


def articles(appearances: pl.DataFrame, texts: Sequence[str]) -> pl.DataFrame:
    """One row per article_id, out of keyed appearances with their place, language, publisher_id and captured_at.

    The representative is the appearance with the fullest body, a primary before the others, then by page and position:
    its page_id and position tell where the body is. Of each text (title, byline, …) it has the place of the first
    that prints one.
    """
    ranked = appearances.with_columns(
        pl.col("body_status").cast(pl.Enum(_STATUS_ORDER)).to_physical().alias("status"),
        (pl.col("zone") != "primary").alias("is_appended"),
    ).sort("article_id", "status", "is_appended", "page_id", "position")
    publisher = pl.col("publisher_id").drop_nulls()
    return ranked.group_by("article_id", maintain_order=True).agg(
        *(pl.col("place").filter(pl.col(text)).first().alias(text) for text in texts),
        pl.col("language").drop_nulls().first(),
        pl.when(publisher.n_unique() == 1).then(publisher.first()).alias("publisher_id"),
        pl.col("page_id", "position", "body_status").first(),
        pl.len().cast(pl.Int64).alias("appearance_count"),
        pl.col("captured_at").min().alias("first_captured_at"),
    )
