"""Publishers behind the source lines that pages print.

A spelling belongs to the publisher that the lexicon knows it under, else to that of its folded form: compatibility
form, lower case, without accents on letters, spaces and punctuation. `India Today on MSN` is India Today.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl

from cuttings.corpus import lexicon
from cuttings.corpus.frames import digest, folded_case

PUBLISHER_ID_DIGITS: Final = 16

# List marks, dashes, icon dots and blanks around a name, and the stop or colon some sites set behind it.
_AROUND: Final = r"^[\s\p{Cf}•·●▪◦‣∙*|>»–—―_:\-]+|[\s\p{Cf}•·●▪◦|<«–—―_:\-]+$"
# An aggregator that says through whom the text came names the publisher first.
_THROUGH: Final = r"(?i)^(\S.*?) (?:on|via) (?:msn|yahoo(?:!? news)?|apple news|google news)$"
# Accents of Latin, Greek and Cyrillic letters; the vowel signs of other scripts are letters of the name.
_ACCENTS: Final = r"[\x{0300}-\x{036f}]+"
_NOT_LETTERS: Final = r"[^\p{L}\p{M}\p{N}+]+"


def alias(source_name: pl.Expr) -> pl.Expr:
    """A printed source line without its bullets; null when nothing is left."""
    bare = source_name.str.replace_all(_AROUND, "").str.replace_all(r"\s+", " ")
    return pl.when(bare.str.contains(r"[\p{L}\p{N}]")).then(bare)


def folded(name: pl.Expr) -> pl.Expr:
    """A name reduced to what spellings of it share."""
    plain = folded_case(name).str.normalize("NFKD").str.replace_all(_ACCENTS, "").str.normalize("NFKC")
    letters = plain.str.replace_all(_NOT_LETTERS, "")
    return pl.when(letters == "").then(plain).otherwise(letters)


@cache
def _known() -> pl.DataFrame:
    """folded, known_name, kind: one row a folded spelling of the lexicon."""
    spellings, names, kinds = lexicon.entries()
    frame = pl.DataFrame({"spelling": spellings, "known_name": names, "kind": kinds})
    return frame.select(folded(pl.col("spelling")).alias("folded"), "known_name", "kind").unique(
        "folded", keep="first", maintain_order=True
    )


def spellings(source_names: pl.Series) -> pl.DataFrame:
    """Every alias in `source_names`: alias, publisher_id, folded, known_name?, kind, printed_count; sorted by alias."""
    through = pl.col("alias").str.replace(_THROUGH, "$1")
    return (
        source_names.drop_nulls()
        .alias("source_name")
        .to_frame()
        .group_by("source_name")
        .agg(pl.len().alias("printed_count"))
        .select(alias(pl.col("source_name")).alias("alias"), "printed_count")
        .drop_nulls("alias")
        .group_by("alias")
        .agg(pl.col("printed_count").sum())
        .with_columns(folded(through).alias("folded"))
        .join(_known(), on="folded", how="left")
        .with_columns(
            folded(pl.coalesce("known_name", through)).alias("publisher_id"),
            pl.col("kind").fill_null("publisher"),
        )
        .with_columns(pl.col("publisher_id").map_batches(lambda names: digest(names, PUBLISHER_ID_DIGITS), pl.String))
        .sort("alias")
    )


def publisher_ids(names: pl.Series) -> pl.Series:
    """The publisher_id of each name that has letters, in the order of the spellings."""
    return spellings(names).get_column("publisher_id")


def tables(spelled: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Publishers and publisher_aliases out of `spellings`.

    A publisher's name is the lexicon's, else the spelling printed most, of equals the first in code point order.
    """
    publishers = (
        spelled.sort(["publisher_id", "printed_count", "alias"], descending=[False, True, False])
        .group_by("publisher_id", maintain_order=True)
        .agg(pl.coalesce("known_name", "alias").first().alias("name"), pl.col("kind").first())
    )
    evidence = (
        pl.when(pl.col("known_name").is_not_null())
        .then(pl.lit("lexicon"))
        .when(pl.col("alias") == pl.col("name"))
        .then(pl.lit("printed"))
        .otherwise(pl.lit("folded"))
    )
    names = publishers.select("publisher_id", "name")
    aliases = spelled.join(names, on="publisher_id", how="left").with_columns(evidence.alias("evidence"))
    return publishers, aliases


def with_publisher_id(appearances: pl.DataFrame, spelled: pl.DataFrame) -> pl.DataFrame:
    """`appearances` with the publisher_id behind source_name; null when no source is printed."""
    return (
        appearances.with_columns(alias(pl.col("source_name")).alias("_alias"))
        .join(spelled.select(pl.col("alias").alias("_alias"), "publisher_id"), on="_alias", how="left")
        .drop("_alias")
    )
