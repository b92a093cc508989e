"""Lines to tokens: the lines of a batch that are not blank as columns, among them one class character a line.

A class is what the text of a line says, see `line_texts`, and how sure the line model is of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cuttings.pages.line_texts import OF_TEXT, Further, read_texts
from cuttings.pages.lines import LexedBatch

# A sentence of so many units of which the line model is sure (log-odds) is long text as well: how many words a sentence
# of some length has differs by language.
SURE_SENTENCE_UNITS: Final = 9
SURE_LOG_ODDS: Final = 1.0
# `date 2024-03-08 ` before the text of the first line.
_EXTRACTOR_DATE: Final = re.compile(r"date \d{4}-\d{2}(?:-\d{2})?\s+")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a batch that are not blank, as columns; one entry each, in page order.

    `row` points into `LexedBatch.lines`; `page_rows[p]:page_rows[p + 1]` are the entries of page p. `text` is without
    outer white space, of which `lead_chars` stood before it; `has_tail` is true where there was any. `gap` counts the
    blank lines before. `units` are words, or half characters in scripts without spaces. `prefix_chars` of an
    extractor's own date stand before `text`, on the first line of a page only, and are counted in `lead_chars`.
    `glued` lines may hold interface words that `spans` looks for, those with WORDS_GLUED also adverts; `markup` lines
    left-over tags, style or script. `date_start` and `date_end` are characters of `text`, -1 without; `is_age` lines
    hold an age, as `3 hours ago`; `further_dates` has the start, end and use of what a line states behind its first
    date, by line. A line that `runs_on` stood on one line with the one before.
    """

    row: NDArray[np.int64]
    page: NDArray[np.int64]
    page_rows: NDArray[np.int64]
    text: list[str]
    lead_chars: NDArray[np.int64]
    has_tail: NDArray[np.bool_]
    chars: NDArray[np.int64]
    gap: NDArray[np.int64]
    units: NDArray[np.float64]
    cls: NDArray[np.uint8]
    fold: NDArray[np.uint64]
    is_terminal: NDArray[np.bool_]
    continues: NDArray[np.bool_]
    closes: NDArray[np.bool_]
    is_bullet: NDArray[np.bool_]
    date_start: NDArray[np.int64]
    date_end: NDArray[np.int64]
    date_use: list[str | None]
    is_age: NDArray[np.bool_]
    further_dates: Further
    score: NDArray[np.float32]
    words: NDArray[np.int64]
    prefix_chars: NDArray[np.int64]
    glued: NDArray[np.uint8]
    markup: NDArray[np.bool_]
    listed: NDArray[np.bool_]
    runs_on: NDArray[np.bool_]


def read_lines(lexed: LexedBatch, score: NDArray[np.float32], words: NDArray[np.int64]) -> Lines:
    """The non-blank lines of a batch with their classes; `score` and `words` have an entry for every line."""
    stripped = lexed.distinct.str.strip_chars()
    row = np.flatnonzero((stripped.str.len_bytes() > 0).to_numpy()[lexed.text_no])
    number = lexed.text_no[row]
    page = lexed.lines["page_index"].to_numpy()[row].astype(np.int64)
    page_rows = np.searchsorted(page, np.arange(len(lexed.pages) + 1)).astype(np.int64)
    gap = np.diff(row, prepend=-1) - 1
    firsts = page_rows[:-1][np.diff(page_rows) > 0]
    gap[firsts] = row[firsts] - lexed.page_rows[page[firsts]]
    gap = np.where(np.isin(row, lexed.item_rows), np.maximum(gap, 1), gap)
    edges = pl.DataFrame({"raw": lexed.distinct, "text": stripped}).select(
        lead=(pl.col("raw").str.len_chars() - pl.col("raw").str.strip_chars_start().str.len_chars()).cast(pl.Int64),
        tail=pl.col("raw").str.len_bytes() != pl.col("text").str.len_bytes(),
    )
    lead, has_tail = edges["lead"].to_numpy()[number], edges["tail"].to_numpy()[number]
    text, number, prefix = _without_prefix(stripped, number, firsts)
    found = read_texts(text)
    texts = text.to_list()
    date_use = found.date_use
    numbers = number.tolist()
    cls = found.cls[number]
    is_sure = (score[row] > SURE_LOG_ODDS) & (found.units[number] >= SURE_SENTENCE_UNITS)
    cls[(cls == ord("S")) & is_sure] = ord("B")
    continues = found.continues[number]
    continues[1:] |= found.is_open[number[:-1]] & (page[1:] == page[:-1]) & np.isin(cls[1:], OF_TEXT)
    dated = np.flatnonzero(np.isin(number, list(found.further_dates)))
    further = {line: found.further_dates[numbers[line]] for line in dated.tolist()}
    return Lines(
        row, page, page_rows, [texts[k] for k in numbers], lead + prefix, has_tail | (prefix > 0), found.chars[number],
        gap, found.units[number], cls, found.fold[number], found.is_terminal[number],
        continues, found.closes[number], found.is_bullet[number], found.date_start[number],
        found.date_end[number], [date_use[k] for k in numbers], found.is_age[number], further,
        score[row], words[row], prefix, found.glued[number], found.markup[number], np.isin(row, lexed.list_rows),
        np.isin(row, lexed.run_on_rows),
    )  # fmt: skip


def _without_prefix(
    text: pl.Series, number: NDArray[np.int64], firsts: NDArray[np.int64]
) -> tuple[pl.Series, NDArray[np.int64], NDArray[np.int64]]:
    """The texts, and which of them each line has, without the date that an extractor wrote before the first line of a
    page; and the length of that date.
    """
    prefix = np.zeros(len(number), np.int64)
    at = firsts[text[number[firsts]].str.starts_with("date ").to_numpy()]
    if not len(at):
        return text, number, prefix
    first = text[number[at]].to_list()
    dates_before = [_EXTRACTOR_DATE.match(line) for line in first]
    prefix[at] = [date.end() if date else 0 for date in dates_before]
    rest = [line[end:] for line, end in zip(first, prefix[at].tolist(), strict=True)]
    number[at] = len(text) + np.arange(len(at))
    return text.append(pl.Series(rest, dtype=pl.String)), number, prefix
