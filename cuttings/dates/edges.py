"""Dates that a flattener glued to other words: `agoThe council`, `Jane Doe12.03.2024`, `3小时前市议会`.

A date is looked for between places where two texts may touch: a change from small to capital letters, a letter at a
digit, the end of a sentence at a letter, a bar; in scripts without capitals behind a word that closes an age. One of its
two ends is such a place; the other may be the line's own end, or a space behind the few words of a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise
from typing import Final

import polars as pl

from cuttings.dates.lexicon import phrases
from cuttings.dates.spans import SCHEMA, candidates, read_spans, spans

# Characters of a line's start and of its end that are searched.
EDGE_CHARS: Final = 96
# The shortest date in bytes (`3分前` has seven), and the longest one with its marks in characters.
LEAST_BYTES: Final = 5
MOST_CHARS: Final = 48
# Words of a source or category that may stand before a date with a space between.
SOURCE_WORDS: Final = 4
# A name of so many words before a date (two characters a word without spaces) is a title of its own.
TITLE_WORDS: Final = 4
# So many ranges of one window are read, at most.
MOST_RANGES: Final = 96
# Forms that say so much that they may touch other words.
_FORMS: Final = r"^(?:num_order|num_ymd|named_[dmy]{3}|month_number(?:_clock)?$|cjk_day|era_day|age|named_day_clock|calendar_day_clock)"
_CLOSING: Final = frozenset('.!?"”»)…')
_BARS: Final = frozenset("|•·")
# From here on scripts have no capitals; from the second on they write no spaces either, and a number touches its words.
_CASELESS_FROM, _SPACELESS_FROM = "\u0590", "\u2e80"


PARTS: Final = SCHEMA | {"part_start": pl.UInt32, "part_end": pl.UInt32}


def edge_spans(texts: pl.Series) -> pl.DataFrame:
    """Full dates and ages that touch other words near the start or the end of a line.

    Columns as in `spans`, and `part_start`, `part_end`: the date with its label, or with a name that is glued to it.
    Ordered by row and place; the parts of a line do not overlap.

    >>> edge_spans(pl.Series(["3 hours agoLONDON (Reuters) - Rain is on its way to the north."])).rows()
    [(0, 0, 11, '3 hours ago', 'published', 'age', 0, 11)]
    """
    rows = [
        (row, shift + start, window[start:end])
        for row, text in enumerate(texts.to_list())
        for shift, window in _windows(text)
        for start, end in _ranges(window, shift == 0, shift + len(window) == len(text))
    ]
    parts = pl.DataFrame(rows, schema={"row": pl.UInt32, "part_start": pl.UInt32, "t": pl.String}, orient="row")
    distinct = parts["t"].unique(maintain_order=True)
    distinct = distinct.gather(candidates(distinct))
    dated = read_spans(distinct, pl.Series([None], dtype=pl.String).new_from_index(0, len(distinct)))
    found = (
        dated.filter(pl.col("form").str.contains(_FORMS))
        .with_columns(t=distinct.gather(dated.filter(pl.col("form").str.contains(_FORMS))["number"]))
        .join(parts, on="t", how="inner")
        .with_columns(
            pl.col("char_start", "char_end") + pl.col("part_start"),
            size=pl.col("char_end") - pl.col("char_start"),
            part_end=pl.col("part_start") + pl.col("t").str.len_chars(),
        )
        # Of parts that overlap the one with the longest date counts, and of those the longest.
        .sort("row", "size", pl.col("part_end") - pl.col("part_start"), "char_start", descending=[False, True, True, False])
    )
    kept: list[dict[str, object]] = []
    taken: list[tuple[int, int]] = []
    last = -1
    for place in found.iter_rows(named=True):
        if place["row"] != last:
            last, taken = place["row"], []
        part = (place["part_start"], place["part_end"])
        if all(part[1] <= start or end <= part[0] or part == (start, end) for start, end in taken):
            taken.append(part)
            kept.append({name: place[name] for name in PARTS})
    every = pl.DataFrame(kept, schema=PARTS).unique(["row", "char_start"], keep="first").sort("row", "char_start")
    return every.filter(~pl.col("row").is_in(_dates_with_a_name(texts, every["row"].unique()).implode()))


def _dates_with_a_name(texts: pl.Series, rows: pl.Series) -> pl.Series:
    """Those of the lines that are nothing but a date, with the name of a source before it at most."""
    own = texts.gather(rows)
    first = spans(own).unique("row", keep="first", maintain_order=True)
    name = own.gather(first["row"]).to_frame("t").select(pl.col("t").str.slice(0, first["char_start"])).to_series()
    words = [sum(max(1, sum(c >= _SPACELESS_FROM for c in word) // 2) for word in text.split()) for text in name.to_list()]
    return rows.gather(first["row"]).filter(pl.Series(words, dtype=pl.Int64) < TITLE_WORDS)


def _windows(text: str) -> Iterator[tuple[int, str]]:
    """The start and the end of a line with their places; a short line is one window."""
    if len(text) <= 2 * EDGE_CHARS:
        yield 0, text
    else:
        yield 0, text[:EDGE_CHARS]
        yield len(text) - EDGE_CHARS, text[-EDGE_CHARS:]


def _ranges(window: str, is_start: bool, is_end: bool) -> Iterator[tuple[int, int]]:
    """The parts of a window that may be dates by where they begin and end."""
    joints = [at for at in range(1, len(window)) if _may_touch(window, at)]
    joints = sorted({*joints, *_behind_ages(window), *(match.end() for match in _openers().finditer(window))})
    if not joints:
        return
    ends = [*joints, len(window)] if is_end else joints
    fixed = [0, *joints] if is_start else joints
    spaced = [
        at for low, high in pairwise([*fixed, len(window)]) for at in islice(_word_starts(window, low, high), SOURCE_WORDS)
    ]
    at_end = len(window) if is_end else -1
    count = 0
    for end in ends:
        for start in sorted({*fixed, *(spaced if end in joints else ())}):
            if end - start <= MOST_CHARS and (start in joints or end in joints) and _may_be_date(window[start:end]):
                if start and window[start - 1] >= _SPACELESS_FROM and not (end == at_end and window[-1].isalnum()):
                    continue  # a number touches its words there, but does not end a line
                count += 1
                if count > MOST_RANGES:
                    return
                yield start, end


def _may_be_date(text: str) -> bool:
    return len(text.encode()) >= LEAST_BYTES and any(map(str.isdigit, text))


def _word_starts(text: str, low: int, high: int) -> Iterator[int]:
    """Where words begin behind a space, between two places."""
    at = text.find(" ", low, high)
    while at >= 0:
        yield at + 1
        at = text.find(" ", at + 1, high)


def _may_touch(text: str, at: int) -> bool:
    """Whether two texts may touch before character `at`: `agoLONDON`, `AMThe`, `end.June`, `Doe12`, `2025标题`; ` |`."""
    before, here = text[at - 1], text[at]
    if here.isupper():
        return before.islower() or before.isdigit() or before in _CLOSING or (
            before.isupper() and text[at + 1 : at + 2].islower()
        )
    if here.isdigit():
        return before.isalpha() or (before in _CLOSING and not (at > 1 and text[at - 2].isdigit()))
    if here.isalpha():
        return here >= _CASELESS_FROM and (before.isdigit() or before in _CLOSING)
    return here == " " and text[at + 1 : at + 2] in _BARS


def _behind_ages(text: str) -> Iterator[int]:
    """Places between two letters without capitals where a word that closes an age ends."""
    if text.isascii():
        return
    for match in _closers().finditer(text):
        at = match.end()
        if at < len(text) and text[at].isalpha():
            yield at


@cache
def _openers() -> re.Pattern[str]:
    """A letter before a word that opens an age: `gesperrtvor 3 Stunden`."""
    words = sorted((word for word in phrases("A") if len(word) > 1 and word.isalpha()), key=len, reverse=True)
    spaced = ("il y a", "πριν από", *words)
    return re.compile(rf"[^\W\d_](?=(?:{'|'.join(map(re.escape, spaced))}) \d)")


@cache
def _closers() -> re.Pattern[str]:
    """The words that close an age in the scripts without capitals, with their units."""
    words = {word for word in phrases("ARe") if word[-1] >= _CASELESS_FROM}
    units = {word for word in phrases("UE") if _CASELESS_FROM <= word[-1] < _SPACELESS_FROM and len(word) > 2}
    return re.compile("|".join(map(re.escape, sorted(words | units, key=len, reverse=True))))
