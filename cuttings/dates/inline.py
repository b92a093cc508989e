"""Dates inside running text: days written in full, wherever in a paragraph they stand.

A paragraph is no date line. What it says of "yesterday", of "12 March" or of "three weeks ago" hangs on a time that is
not known (the day it was written, not the day it was fetched), so only a day with its month and its year is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, pairwise
from typing import Final

import numpy as np
import polars as pl

from cuttings.dates.civil import Ints
from cuttings.dates.spans import SCHEMA, languages_of, read_spans

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
    rows = np.flatnonzero(texts.str.contains(r"\p{Nd}{4}").fill_null(False).to_numpy())
    lines, languages = texts[rows], languages_of(language, rows)
    pieces: dict[tuple[str, str | None], list[tuple[int, int]]] = {}  # what may be a day: its lines, and where in them
    for at, matches in _matches(lines):
        for k, text, own in zip(at.tolist(), lines[at].to_list(), matches, strict=True):
            for start, day in _placed(text, own):
                pieces.setdefault((day, languages[k]), []).append((int(rows[k]), start))
    places = list(pieces.values())
    found = [
        (row, start + date.start, start + date.end, date.text, "body", date.form)
        for date in read_spans([day for day, _ in pieces], [spoken for _, spoken in pieces])
        if _FULL_FORMS.match(date.form)
        for row, start in places[date.number]
    ]
    found.sort(key=lambda day: (day[0], day[1], -day[2]))
    # Of shapes that overlap, the first and longest is the day.
    is_apart = [last[0] != day[0] or last[2] <= day[1] for last, day in pairwise(found)]
    return pl.DataFrame(list(compress(found, [True, *is_apart])), schema=SCHEMA, orient="row")


def _matches(lines: pl.Series) -> Iterator[tuple[Ints, list[list[str]]]]:
    """For each pattern the numbers of the lines that may hold it, and what matches it in each of them."""
    text = pl.col("t").str
    may_hold = lines.to_frame("t").select(
        pl.any_horizontal([text.contains(w, literal=True) for w in words] or [text.contains(pattern)]).alias(pattern)
        for pattern, words in _PATTERNS
    )
    for pattern, _ in _PATTERNS:
        at = np.flatnonzero(may_hold[pattern].to_numpy())
        if len(at):
            yield at, lines[at].str.extract_all(pattern).to_list()


def _placed(text: str, matches: list[str]) -> Iterator[tuple[int, str]]:
    """Where the matches of one pattern stand, without what stands before the day."""
    at = 0
    for match in matches:
        at = text.index(match, at) + len(match)
        if not text[at : at + 1].isdigit():
            has_before = not match[0].isdigit() and (match[1:5].isdigit() or not match[0].isalnum())
            day = match[1:] if has_before else match
            yield at - len(day), day
