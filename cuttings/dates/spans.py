"""Date texts in lines: which short lines state a publication time, and where in the line it stands."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import polars as pl

from cuttings.dates.lexicon import CASELESS_FROM, SPACELESS_FROM, phrases
from cuttings.dates.reading import read
from cuttings.dates.skeletons import MOST_CHARS, NO_PLAN, clean, find_plans, skeletons

SCHEMA: Final[dict[str, type[pl.DataType]]] = {
    "row": pl.UInt32, "char_start": pl.UInt32, "char_end": pl.UInt32, "text": pl.String, "use": pl.String,
    "form": pl.String,
}  # fmt: skip
# Numbers in the pattern of a date or a clock, or before a mark that follows them in dates only.
_NUMERIC: Final = (
    r"\p{Nd}[./:-]\p{Nd}{1,2}|[0-9]h[0-9]{2}|[0-9] ?[ap]\.?m\b|[0-9] ?(?:年|月|日|시|년|월|일)|\b[0-9]{1,2}[hdwm]$"
)
_NO_DIGIT_CHARS: Final = 60  # "less than a minute ago", with a label and a name
# Forms too weak to stand for a publication time without other words; 1/1 counts pictures.
_WEAK: Final = ("weekday", "month_year", "num_yearless_slash", "num_yearless_dot")


@cache
def _words(classes: str) -> str:
    """A pattern of the words of these classes in any language, of one or two characters only where a word is as short
    as that, or as a word of "ago" before a space: those which hold no other one of them. Polars keeps it compiled; a
    list of words it would compile again for each search, which takes longer than to search a page.
    """
    found = {p.replace(" . ", ".").replace(" - ", "-") for p in phrases(classes) if len(p) > _least_chars(p)}
    found |= {"i\u0307" + p[1:] for p in found if p[0] == "i"}  # what Turkish İ is in small letters
    found |= {f"{p} " for p in phrases("A") if len(p) == 2 and p < CASELESS_FROM} if "A" in classes else set()
    least = min(map(len, found))
    words = sorted(
        word
        for word in found
        if found.isdisjoint(
            word[start:end] for start in range(len(word)) for end in range(start + least, len(word) + (start > 0))
        )
    )
    return "|".join(map(pl.escape_regex, words))


def _least_chars(word: str) -> int:
    return 2 if word < CASELESS_FROM else 1 if word < SPACELESS_FROM else 0


def candidates(texts: pl.Series) -> pl.Series:
    """Which lines are worth parsing: short, with numbers in a date's pattern or with a word of dates."""
    text = pl.col("t")
    is_short = text.str.len_chars() <= MOST_CHARS
    digits = text.str.contains(r"\p{Nd}")
    frame = pl.DataFrame({"t": texts}).with_row_index("row")
    numeric = frame.filter(is_short & digits)
    has_pattern = numeric["t"].str.contains(_NUMERIC)
    worded = frame.filter(is_short & ~digits & (text.str.len_chars() <= _NO_DIGIT_CHARS))
    found = [numeric.filter(has_pattern), _worded(numeric.filter(~has_pattern), "MARCUE"), _worded(worded, "ARCeNw")]
    return pl.concat([part["row"] for part in found]).sort()


def _worded(frame: pl.DataFrame, classes: str) -> pl.DataFrame:
    """The lines with a word of these classes."""
    if not len(frame):
        return frame
    text = pl.col("t")
    lower = (
        pl.when(text.str.len_bytes() > text.str.len_chars())
        .then(text.str.normalize("NFC"))
        .otherwise(text)
        .str.to_lowercase()
    )
    return frame.filter(lower.str.contains(_words(classes)))


def _columns(texts: pl.Series, language: pl.Series | None) -> pl.DataFrame:
    languages = pl.Series([None], dtype=pl.String).new_from_index(0, len(texts)) if language is None else language
    return pl.DataFrame({"t": texts.cast(pl.String), "l": languages.cast(pl.String)}).with_row_index("row")


def spans(texts: pl.Series, language: pl.Series | None = None) -> pl.DataFrame:
    """The date texts of lines that are nothing but dates, labels, separators and a source's name.

    `texts` are short lines. One row for each date: `row` (index into `texts`), `char_start`, `char_end` (characters of
    the line), `text`, `use` (published or updated) and `form`; ordered by row and place. A line that holds anything
    else has no row.

    >>> spans(pl.Series(["Updated: 3 hours ago"])).rows()
    [(0, 9, 20, '3 hours ago', 'updated', 'age')]
    """
    lines = _columns(texts, language)
    unique = lines[candidates(lines["t"])].group_by("t", "l", maintain_order=True).agg(pl.col("row"))
    found = read_spans(unique["t"], unique["l"]).filter(~pl.col("form").is_in(_WEAK))
    rows = unique.with_row_index("number").select("number", "row").explode("row")
    return (
        found.join(rows, on="number", how="inner")
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
        .sort("row", "char_start")
    )


def read_spans(texts: pl.Series, languages: pl.Series) -> pl.DataFrame:
    """The dates of candidate texts that are dates to the last token: `number` (place of the text), span, use, form."""
    cleaned = clean(texts)
    skeleton, digits, starts = skeletons(cleaned)
    index, plans = find_plans(skeleton, languages)
    parts = [
        pl.DataFrame(schema={"number": pl.UInt32, **SCHEMA})
        .drop("row")
        .cast({"char_start": pl.Int64, "char_end": pl.Int64})
    ]
    for place in range(max((len(p) for p in plans), default=0)):
        number = np.flatnonzero(np.array([len(p) > place for p in plans] + [False])[index])
        chosen = [p[min(place, len(p) - 1)] for p in plans]
        number = number[read(index[number], chosen, digits, starts[number]).plan != NO_PLAN]
        spoken = pl.DataFrame(
            {
                "char_start": [p.char_start for p in chosen],
                "char_end": [p.char_end for p in chosen],
                "use": [p.use for p in chosen],
                "form": [p.form for p in chosen],
            }
        )[index[number]]
        numbered = spoken.select(
            pl.Series("number", number, dtype=pl.UInt32),
            "char_start",
            "char_end",
            texts.gather(number).alias("text"),
            "use",
            "form",
        )
        parts.append(numbered)
    size = pl.col("char_end") - pl.col("char_start")
    return pl.concat(parts).with_columns(text=pl.col("text").str.slice(pl.col("char_start"), size))
