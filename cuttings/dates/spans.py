"""Date texts in lines: which short lines state a publication time, and where in the line it stands."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import polars as pl

from cuttings.dates.lexicon import phrases
from cuttings.dates.reading import read
from cuttings.dates.skeletons import MOST_CHARS, NO_PLAN, clean, find_plans, skeletons

SCHEMA: Final[dict[str, type[pl.DataType]]] = {
    "row": pl.UInt32, "char_start": pl.UInt32, "char_end": pl.UInt32, "text": pl.String, "use": pl.String,
    "form": pl.String,
}  # fmt: skip
# Numbers in the pattern of a date or a clock, or before a mark that follows them in dates only.
_NUMERIC: Final = r"[0-9][./:-][0-9]{1,2}|[0-9]h[0-9]{2}|[0-9] ?[ap]\.?m\b|[0-9] ?(?:年|月|日|시|년|월|일)"
_NO_DIGIT_CHARS: Final = 60  # "less than a minute ago", with a label and a name
# Forms too weak to stand for a publication time without other words; 1/1 counts pictures.
_WEAK: Final = ("weekday", "month_year", "num_yearless_slash", "num_yearless_dot")
# Forms that say so much that they may touch the words of a longer line.
_EDGE_FORMS: Final = r"^(?:num_order|num_ymd|named_[dmy]{3}|month_number(?:_clock)?$|cjk_day|era_day|age)"
_EDGE_CHARS: Final = 64  # of a line's start or end that are searched
_CLOSING: Final = frozenset('.!?"”»)')
_PARTS: Final = (" |", " •", " ·")


@cache
def _words(classes: str) -> list[str]:
    """Words of these classes in any language; of one or two characters only where a word is as short as that."""
    found = {p.replace(" . ", ".") for p in phrases(classes) if len(p) > 2 or p > "\u2e80"}
    return sorted(found)


def _candidates(texts: pl.Series) -> pl.Series:
    """Which lines are worth parsing: short, with numbers in a date's pattern or with a word of dates."""
    text = pl.col("t")
    lower = (
        pl.when(text.str.len_bytes() > text.str.len_chars())
        .then(text.str.normalize("NFC"))
        .otherwise(text)
        .str.to_lowercase()
    )
    is_short = text.str.len_chars() <= MOST_CHARS
    digits = text.str.contains(r"\p{Nd}")
    frame = pl.DataFrame({"t": texts}).with_row_index("row")
    numeric = frame.filter(is_short & digits)
    numeric = numeric.filter(text.str.contains(_NUMERIC) | lower.str.contains_any(_words("MARCUE")))
    worded = frame.filter(is_short & ~digits & (text.str.len_chars() <= _NO_DIGIT_CHARS))
    worded = worded.filter(lower.str.contains_any(_words("ARCeNw")))
    return pl.concat([numeric["row"], worded["row"]]).sort()


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
    unique = lines[_candidates(lines["t"])].group_by("t", "l", maintain_order=True).agg(pl.col("row"))
    found = read_spans(unique["t"], unique["l"]).filter(~pl.col("form").is_in(_WEAK))
    rows = unique.with_row_index("number").select("number", "row").explode("row")
    return (
        found.join(rows, on="number", how="inner")
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
        .sort("row", "char_start")
    )


def edge_spans(texts: pl.Series, language: pl.Series | None = None) -> pl.DataFrame:
    """Full dates and ages that touch the first or the last word of a longer line; columns as in `spans`.

    >>> edge_spans(pl.Series(["3 hours agoLONDON (Reuters) - Rain is on its way to the north."])).rows()
    [(0, 0, 11, '3 hours ago', 'published', 'age')]
    """
    lines = _columns(texts, language)
    head, tail = pl.col("t").str.head(_EDGE_CHARS), pl.col("t").str.tail(_EDGE_CHARS)
    first = lines.filter(
        head.str.contains(r"\p{Nd}") & head.str.contains(r"[\p{Ll}\p{Lo}\p{Nd}]\p{Lu}| [|•·]|\p{Lu}\p{Lu}\p{Ll}")
    )
    last = lines.filter(
        tail.str.contains(r"\p{Nd}") & tail.str.contains(r"[\p{L}.!?\"”»)]\p{Nd}|[\p{Ll}.!?\"”»)]\p{Lu}")
    )
    pieces = pl.concat([_pieces(first, at_start=True), _pieces(last, at_start=False)])
    pieces = pieces[_candidates(pieces["t"])]
    found = read_spans(pieces["t"], pieces["l"]).filter(
        pl.col("form").str.contains(_EDGE_FORMS) & pl.col("text").str.contains(r"\p{Nd}")
    )
    whole = found.join(pieces.drop("t").with_row_index("number"), on="number", how="inner")
    touches = pl.when("at_start").then(pl.col("char_end") == pl.col("size")).otherwise(pl.col("char_start") == 0)
    # Of the pieces of one edge that are dates the longest counts.
    best = whole.filter(touches).filter(pl.col("size") == pl.col("size").max().over("row", "at_start"))
    short = lines[best["row"].unique().sort()]
    stated = spans(short["t"], short["l"])["row"].unique()  # lines that are nothing but a date
    placed = (
        best.filter(~pl.col("row").is_in(short["row"].gather(stated).implode()))
        .with_columns(pl.col("char_start", "char_end") + pl.col("shift"))
        .sort("row", "char_start", "at_start", descending=[False, False, True])
    )
    return placed.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()).unique(
        ["row", "char_start"], keep="first", maintain_order=True
    )


def _pieces(lines: pl.DataFrame, at_start: bool) -> pl.DataFrame:
    """The starts (or ends) of lines up to each place where a date may touch the next word."""
    rows: list[tuple[int, str, str | None, int, int, bool]] = []
    for row, text, language in lines.select("row", "t", "l").iter_rows():
        shift = 0 if at_start else max(0, len(text) - _EDGE_CHARS)
        window = text[:_EDGE_CHARS] if at_start else text[shift:]
        for at in range(_LEAST_EDGE_CHARS, len(window) - 1) if at_start else range(1, len(window) - _LEAST_EDGE_CHARS):
            if (_may_end if at_start else _may_begin)(window, at):
                piece = window[:at] if at_start else window[at:]
                rows.append((row, piece, language, 0 if at_start else shift + at, len(piece), at_start))
    schema = {"row": pl.UInt32, "t": pl.String, "l": pl.String, "shift": pl.Int64, "size": pl.Int64}
    return pl.DataFrame(rows, schema=schema | {"at_start": pl.Boolean}, orient="row").filter(
        pl.col("t").str.contains(r"\p{Nd}")
    )


def _may_end(text: str, at: int) -> bool:
    """Whether a date may end at a place: a capital touches it (`agoLONDON`, `2025The`, `AMThe`), or a bar follows."""
    before, here = text[at - 1], text[at]
    if here.isupper():
        return before.islower() or before.isdigit() or (before.isupper() and text[at + 1 : at + 2].islower())
    return text[at : at + 2] in _PARTS


def _may_begin(text: str, at: int) -> bool:
    """Whether a date may begin at a place: it touches a word or the end of a sentence (`end3 hours`, `end.June`)."""
    before, here = text[at - 1], text[at]
    if here.isdigit():
        return before.isalpha() or before in _CLOSING
    return here.isupper() and (before.islower() or before in _CLOSING)


_LEAST_EDGE_CHARS: Final = 5  # the shortest full dates: 1日前 stands in no running text


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
