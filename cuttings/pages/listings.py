"""Lists whose items stand on one line each, with their dates: `Title - Source - 3 hours ago`, `10:32 Title`,
`Source · 2d · Title`.

A date within a line is part of a headline as often as not ("Ferry sinks on 3 May"). Where neighbouring lines all have
one of the same form at the same place it is a column of a list: the lines are parted there, and what follows reads
them like any other rail.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import compress, pairwise
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cuttings import dates
from cuttings.pages.lines import LexedBatch

# So many lines in a row make a list.
LEAST_LINES: Final = 3
# So many lines of another form may stand between two of them.
MOST_STRANGERS: Final = 1
# A line of a list has so many characters at most, its date and the name of its source so many, and its title at least.
MOST_LINE_CHARS, MOST_DATE_CHARS, MOST_SOURCE_CHARS, LEAST_TITLE_CHARS = 240, 32, 28, 12
# A date without a mark before or behind it has so many words.
MOST_DATE_WORDS: Final = 5
# Digits stand at the begin of the line, or so near to its end, or between two marks.
_MAY_HOLD: Final = re.compile(r"^\W{0,3}\d|\d\D{0,24}$|\s[|·•–—/-]\s.{0,24}\d.{0,24}\s[|·•–—/-]\s")
_MARK: Final = re.compile(r"\s+(?=[|·•–—/-]\s)")
_MARKS: Final = "|·•–—/- \t\u00a0:"
_WORD: Final = re.compile(r"\S+")
_DIGIT: Final = re.compile(r"\d")


class _Cut(NamedTuple):
    """Where a line is parted, and what makes it alike others: where its date stands and of what form it is."""

    places: tuple[int, ...]
    shape: tuple[str, str]


class _Line(NamedTuple):
    """A line: its row, its page, and its place among the lines that are not blank."""

    row: int
    page: int
    place: int
    text: str


def list_places(lexed: LexedBatch) -> dict[int, set[int]]:
    """The places at which the lines of lists are parted, by their rows."""
    lines = _in_runs(lexed)
    candidates = [list(_candidates(line.text)) for line in lines]
    forms = whole_dates(text for found in candidates for text, _, _ in found)
    cuts = [(line, _best(line.text, found, forms)) for line, found in zip(lines, candidates, strict=True)]
    runs = _runs((line, cut) for line, cut in cuts if cut)
    return {line.row: set(cut.places) for run in runs for line, cut in run}


def mark_items(parted: LexedBatch, listed: Collection[int], rows: NDArray[np.int64]) -> LexedBatch:
    """`parted` with the lines that begin an item, and those of items: each line of a list was one, and another begins
    behind it. `listed` are their rows before any line was parted, `rows` the row of each cut, ascending.
    """
    if not listed:
        return parted
    own = np.array(sorted(listed), np.int64)
    first, behind = own + np.searchsorted(rows, own), own + 1 + np.searchsorted(rows, own + 1)
    lines = [np.arange(a, b) for a, b in zip(first.tolist(), behind.tolist(), strict=True)]
    return replace(parted, item_rows=np.union1d(first, behind), list_rows=np.concatenate(lines))


def _in_runs(lexed: LexedBatch) -> list[_Line]:
    """The lines that may hold a date, so many in a row of a page, blank lines between them left out."""
    text = pl.col("text")
    has_digit = (text.str.len_chars() <= MOST_LINE_CHARS) & text.str.contains(r"\p{Nd}")
    may_hold = lexed.distinct.to_frame("text").select(has_digit).to_series().to_numpy()
    full = np.flatnonzero(lexed.text_bytes)
    page, may = lexed.lines["page_index"].to_numpy()[full], may_hold[lexed.text_no[full]]
    at = np.flatnonzero(_in_row(may, page))
    texts = lexed.lines["text"][full[at]].to_list()
    may[at] = [_MAY_HOLD.search(text) is not None for text in texts]
    is_in_row = _in_row(may, page)[at].tolist()
    lines = map(_Line, full[at].tolist(), page[at].tolist(), at.tolist(), texts)
    return list(compress(lines, is_in_row))


def _in_row(may: NDArray[np.bool_], page: NDArray[np.generic]) -> NDArray[np.bool_]:
    """True for those of the lines marked that stand with so many others in a row on one page."""
    if not len(may):
        return may
    run = np.cumsum(np.concatenate([[True], ~may[1:] | ~may[:-1] | (page[1:] != page[:-1])]))
    return np.asarray(may & (np.bincount(run)[run] >= LEAST_LINES), np.bool_)


def _candidates(text: str) -> Iterator[tuple[str, int, int]]:
    """What may be a date of a line: its fields between marks, its first words and its last ones."""
    bounds = _bounds(text)
    for start, end in pairwise(bounds):
        field = text[start:end].strip(_MARKS)
        if len(bounds) > 2 and len(field) <= MOST_DATE_CHARS and _DIGIT.search(field):
            yield field, start, end
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    for count in range(1, min(MOST_DATE_WORDS, len(words) - 1) + 1):
        head, tail = text[: words[count - 1][1]], text[words[-count][0] :]
        if head[0].isdigit() and len(head) <= MOST_DATE_CHARS:
            yield head.rstrip(_MARKS), 0, words[count][0]
        if len(tail) <= MOST_DATE_CHARS and _DIGIT.search(tail):
            yield tail, words[-count][0], len(text)


def _bounds(text: str) -> list[int]:
    """Where the fields of a line begin, each with the mark before it, and the end of the line."""
    return [0, *(match.end() for match in _MARK.finditer(text)), len(text)]


def whole_dates(texts: Iterable[str]) -> dict[str, str]:
    """Those of some texts that are a date and nothing else, with its form."""
    distinct = list(dict.fromkeys(texts))
    found = dates.spans(pl.Series(distinct, dtype=pl.String))
    return {
        distinct[row]: form
        for row, start, end, form in found.select("row", "char_start", "char_end", "form").iter_rows()
        if start == 0 and end == len(distinct[row])
    }


def _best(text: str, found: list[tuple[str, int, int]], forms: dict[str, str]) -> _Cut | None:
    """How a line is parted at the longest of its dates."""
    dated: dict[str, tuple[int, int, int]] = {}
    for part, start, end in found:  # of one form the shortest: a word more is a filler, "15:38 The"
        if part in forms and (forms[part] not in dated or len(part) < dated[forms[part]][0]):
            dated[forms[part]] = (len(part), start, end)
    if not dated:
        return None
    (_, start, end), form = max((size, form) for form, size in dated.items())
    before, behind = text[:start].strip(_MARKS), text[end:].strip(_MARKS)
    bounds = _bounds(text)
    if not behind and len(before) >= LEAST_TITLE_CHARS:
        source = max((at for at in bounds if 0 < at < start), default=0)
        is_sourced = start in bounds and 0 < start - source <= MOST_SOURCE_CHARS and source >= LEAST_TITLE_CHARS
        return _Cut((source, start) if is_sourced else (start,), ("source last" if is_sourced else "last", form))
    if len(behind) < LEAST_TITLE_CHARS:
        return None
    title = end + len(text[end:]) - len(text[end:].lstrip(_MARKS))
    if not before:
        return _Cut((title,), ("first", form))
    is_sourced = start == bounds[1] and end == bounds[2] and len(before) <= MOST_SOURCE_CHARS
    return _Cut((start, title), ("source first", form)) if is_sourced else None


def _runs(found: Iterable[tuple[_Line, _Cut]]) -> Iterator[list[tuple[_Line, _Cut]]]:
    """Lines in a row that are parted alike, blank lines and one line of another form between two of them left out."""
    run: list[tuple[_Line, _Cut]] = []
    for line, cut in found:
        if run and not _follows(*run[-1], line, cut):
            if len(run) >= LEAST_LINES:
                yield run
            run = []
        run.append((line, cut))
    if len(run) >= LEAST_LINES:
        yield run


def _follows(last: _Line, last_cut: _Cut, line: _Line, cut: _Cut) -> bool:
    is_near = line.page == last.page and line.place - last.place - 1 <= MOST_STRANGERS
    return is_near and cut.shape == last_cut.shape
