"""Date texts in lines: which short lines state a publication time, and where in the line it stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from cuttings.dates.calendars import HAN_YEAR
from cuttings.dates.civil import Ints
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


def candidates(texts: pl.Series) -> Ints:
    """Which lines are worth parsing: short, with numbers in a date's pattern or with a word of dates."""
    text = pl.col("t").str
    shape = texts.to_frame("t").select(
        chars=text.len_chars().fill_null(MOST_CHARS + 1), digit=text.contains(r"\p{Nd}").fill_null(False)
    )
    chars, has_digit = shape["chars"].to_numpy(), shape["digit"].to_numpy()
    numeric = np.flatnonzero((chars <= MOST_CHARS) & has_digit)
    has_pattern = texts[numeric].str.contains(_NUMERIC).to_numpy()
    worded = np.flatnonzero((chars <= _NO_DIGIT_CHARS) & ~has_digit)
    bare = _worded(texts, worded, "ARCeNw", f"|{HAN_YEAR}")
    rows = (numeric[has_pattern], _worded(texts, numeric[~has_pattern], "MARCUE"), bare)
    return np.sort(np.concatenate(rows))


def _worded(texts: pl.Series, rows: Ints, classes: str, more: str = "") -> Ints:
    """Those of some lines with a word of these classes, or `more` of a pattern."""
    if not len(rows):
        return rows
    text = pl.col("t").str
    composed = pl.when(text.len_bytes() > text.len_chars()).then(text.normalize("NFC")).otherwise("t")
    is_worded = (
        texts[rows].to_frame("t").select(composed.str.to_lowercase().str.contains(_words(classes) + more).arg_true())
    )
    return np.asarray(rows[is_worded.to_series().to_numpy()])


class DateText(NamedTuple):
    """A date in one of some texts: the number of the text, its first character and its end, what it is and its form."""

    number: int
    start: int
    end: int
    text: str
    use: str
    form: str


def spans(texts: pl.Series, language: pl.Series | None = None) -> pl.DataFrame:
    """The date texts of lines that are nothing but dates, labels, separators and a source's name.

    `texts` are short lines. One row for each date: `row` (index into `texts`), `char_start`, `char_end` (characters of
    the line), `text`, `use` (published or updated) and `form`; ordered by row and place. A line that holds anything
    else has no row.

    >>> spans(pl.Series(["Updated: 3 hours ago"])).rows()
    [(0, 9, 20, '3 hours ago', 'updated', 'age')]
    """
    rows = candidates(texts)
    lines: dict[tuple[str, str | None], list[int]] = {}
    for row, *line in zip(rows.tolist(), texts[rows].to_list(), languages_of(language, rows), strict=True):
        lines.setdefault((line[0], line[1]), []).append(row)
    owners = list(lines.values())
    read = read_spans([text for text, _ in lines], [language for _, language in lines])
    found = [date for date in read if date.form not in _WEAK]
    # A column repeats its texts: each is read once, and its dates are put at all of its rows.
    own = [owners[date.number] for date in found]
    place = np.repeat(np.arange(len(found)), np.array([len(owner) for owner in own], np.int64))
    row_of = pl.Series("row", list(chain.from_iterable(own)), dtype=pl.UInt32)
    dates = pl.DataFrame([date[1:] for date in found], schema=list(SCHEMA.items())[1:], orient="row")
    return dates[place].with_columns(row_of).select(list(SCHEMA)).sort("row", "char_start", "char_end")


def languages_of(language: pl.Series | None, rows: Ints) -> list[str | None]:
    """The language of some lines."""
    return [None] * len(rows) if language is None else language[rows].to_list()


def read_spans(texts: Sequence[str], languages: Sequence[str | None]) -> list[DateText]:
    """The dates of candidate texts that are dates to the last token; of one with several the first ones first."""
    skeleton, digits, starts = skeletons(clean(texts))
    index, plans = find_plans(skeleton, languages)
    found: list[DateText] = []
    for place in range(max(map(len, plans), default=0)):
        number = np.flatnonzero(np.array([len(p) > place for p in plans] + [False])[index])
        chosen = [p[min(place, len(p) - 1)] for p in plans]
        number = number[read(index[number], chosen, digits, starts[number]).plan != NO_PLAN]
        for k, plan in zip(number.tolist(), map(chosen.__getitem__, index[number].tolist()), strict=True):
            text = texts[k][plan.char_start : plan.char_end]
            found.append(DateText(k, plan.char_start, plan.char_end, text, plan.use, plan.form))
    return found
