"""Dates inside running text: days written in full, wherever in a paragraph they stand.

A paragraph is no date line. What it says of "yesterday", of "12 March" or of "three weeks ago" hangs on a time that is
not known (the day it was written, not the day it was fetched), so only a day with its month and its year is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from cuttings.dates.spans import SCHEMA, read_spans

# What stands before a day's first digit or letter; it is part of a match so that a match can be found again.
_BEFORE: Final = r"(?:^|[^\p{L}\p{Nd}.,/:-])"
_NUMBER: Final = r"\p{Nd}{1,2}"
_YEAR: Final = r"\p{Nd}{4}"
_WORD: Final = r"[\p{L}\p{M}']{2,14}"
# Shapes of a day with month and year, the word between being anything: the reader of dates knows the months.
_SHAPES: Final = (
    rf"{_YEAR}[-/.]{_NUMBER}[-/.]{_NUMBER}",
    rf"{_NUMBER}[-/.]{_NUMBER}[-/.]{_YEAR}",
    rf"{_NUMBER}(?:st|nd|rd|th|er|[.ºª°])? (?:of |de |d'|ta' )?{_WORD}[.,]?(?: de| del| of)?,? {_YEAR}",
    rf"{_WORD}\.? {_NUMBER}(?:st|nd|rd|th|\.)?,? {_YEAR}",
    rf"{_YEAR}(?:\.|,| m\.)? ?{_WORD} {_NUMBER}",
)
_WORDED: Final = {
    ". gada ": rf"{_YEAR}\. gada {_NUMBER}\. {_WORD}",
    " tháng ": rf"{_NUMBER} tháng {_NUMBER}(?: năm|,) {_YEAR}",
}
# In Chinese, Japanese and Korean no space parts a day from the words before it.
_EAST_ASIAN: Final = rf"(?:^|\P{{Nd}}){_YEAR} ?[年년] ?{_NUMBER} ?[月월] ?{_NUMBER} ?[日일]"
# One pattern each: joined they outgrow the cache of the regex engine and are forty times as slow. With each pattern go
# words one of which is in all that it matches; without such a word the pattern need not be compiled.
_PATTERNS: Final = (
    *((_BEFORE + shape, ()) for shape in _SHAPES), *((_BEFORE + shape, (word,)) for word, shape in _WORDED.items()),
    (_EAST_ASIAN, ("年", "년")),
)  # fmt: skip
# Forms of a day with its year; the reader's own names, by their beginnings.
_FULL_FORMS: Final = re.compile(r"num_order|num_ymd|named_[dmy]{3}|month_number|cjk_day|era_day")


def inline_spans(texts: pl.Series, language: pl.Series | None = None) -> pl.DataFrame:
    """The full days in running text; columns as in `spans`, `use` being `body`, ordered by row and place.

    >>> inline_spans(pl.Series(["It was sold on 4 March 1997 and, in May 2003, sold again."])).rows()
    [(0, 15, 27, '4 March 1997', 'body', 'named_dmy')]
    """
    languages = pl.Series([None], dtype=pl.String).new_from_index(0, len(texts)) if language is None else language
    lines = pl.DataFrame({"t": texts.cast(pl.String), "l": languages.cast(pl.String)}).with_row_index("row")
    lines = lines.filter(pl.col("t").str.contains(r"\p{Nd}{4}"))
    rows: list[tuple[int, str, str | None, int]] = []
    for pattern, words in _PATTERNS if len(lines) else ():
        found = lines.filter(pl.col("t").str.contains_any(list(words))) if words else lines
        if len(found):
            found = found.filter(pl.col("t").str.contains(pattern))
        if not len(found):
            continue
        for row, text, spoken, matches in found.with_columns(
            pl.col("t").str.extract_all(pattern).alias("m")
        ).iter_rows():
            rows += [(row, day, spoken, start) for start, day in _placed(text, matches)]
    if not rows:
        return pl.DataFrame(schema=SCHEMA)
    schema = {"row": pl.UInt32, "t": pl.String, "l": pl.String, "shift": pl.Int64}
    pieces = pl.DataFrame(rows, schema=schema, orient="row")
    unique = pieces.group_by("t", "l", maintain_order=True).agg("row", "shift")
    dated = read_spans(unique["t"], unique["l"])
    days = dated.filter(pl.col("form").is_in([form for form in dated["form"].unique() if _FULL_FORMS.match(form)]))
    placed = days.join(unique.drop("t").with_row_index("number"), on="number", how="inner").explode("row", "shift")
    return (
        placed.with_columns(pl.col("char_start", "char_end") + pl.col("shift"), use=pl.lit("body"))
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
        .sort("row", "char_start", "char_end", descending=[False, False, True])
        # Of shapes that overlap, the first and longest is the day.
        .filter(pl.col("char_start") >= pl.col("char_end").shift(1, fill_value=0).over("row"))
    )


def _placed(text: str, matches: list[str]) -> Iterator[tuple[int, str]]:
    """Where the matches of one pattern stand, without what stands before the day."""
    at = 0
    for match in matches:
        at = text.index(match, at) + len(match)
        if not text[at : at + 1].isdigit():
            has_before = not match[0].isdigit() and (match[1:5].isdigit() or not match[0].isalnum())
            day = match[1:] if has_before else match
            yield at - len(day), day
