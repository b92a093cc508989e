"""What can be said of a line without knowing its language: its counts, its ends, its neighbours, its place on the page.

All features are small whole numbers (0..255), for the lines that are not blank, over all pages of a group at once. A
feature depends on its own page only, and on nothing but integer arithmetic and correctly rounded float operations, so
every machine and every batch gives the same numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl

from cuttings.pages.lines import LexedBatch
from cuttings.pages.measures import (
    BULLET,
    CASELESS,
    CLOSING,
    DIGIT,
    LOWER,
    OPENING,
    PAUSE,
    TERMINAL,
    UPPER,
    Bools,
    Bytes,
    Ints,
    LineMeasures,
    measure,
)  # fmt: skip
from cuttings.pages.page_sums import LENGTH_CAP, PageSums, running_sum
from cuttings.pages.phrases import any_of

# A line that ends a sentence and has this many words is taken as prose; C4 asks for five, a teaser often has more.
PROSE_WORDS: Final = 9
# Words up to which a line is a label, a name or a menu item.
SHORT_WORDS: Final = 4
# Kinds of words that furniture uses, and the longest line in which one is looked for: longer ones are sentences.
FURNITURE_KINDS: Final = ("onward", "social", "legal")
FURNITURE_CHARS: Final = 60
# Lines that are worked on at one go: the arrays of a group stay in the cache.
CHUNK_LINES: Final = 16_384


@cache
def _log_levels() -> Bytes:
    """floor(8 * log2(1 + n)) for n up to LENGTH_CAP, by exact powers."""
    levels = np.zeros(LENGTH_CAP + 1, np.uint8)
    n = 0
    for level in range(1, 97):
        while (1 + n) ** 8 < 2**level:
            n += 1
        levels[n:] = level
    return levels


def _log(values: Ints) -> Bytes:
    return _log_levels().take(values, mode="clip")


def _share(part: Ints, whole: Ints, scale: int = 100) -> Bytes:
    """part / whole in `scale` steps, at most 255; 0 where the whole is 0."""
    ratio = part.astype(np.float32) * np.float32(scale) / np.maximum(whole, 1).astype(np.float32)
    return np.minimum(ratio, np.float32(255)).astype(np.uint8)


# Where each average lies in the two packed sums, its bits, and its steps per unit.
PACKED: Final = {
    "words": (0, 0, 16), "capital": (0, 16, 16), "digits": (0, 32, 16), "prose": (0, 48, 8), "short": (0, 56, 8),
    "commas": (1, 0, 16), "upper": (1, 16, 8), "repeats": (1, 24, 8), "joins": (1, 32, 8),
    "onward": (1, 40, 8), "social": (1, 48, 8), "legal": (1, 56, 8),
}  # fmt: skip
# Windows in lines that are not blank: reach before and after the line, and what is averaged over them.
WINDOWS: Final = {
    "w2": (2, 2, ("words", "prose", "short")),
    "w5": (5, 5, tuple(PACKED)),
    "w12": (12, 12, ("words", "prose", "short", "capital", "digits", "commas", "repeats")),
    "w30": (30, 30, ("words", "prose", "short", "capital", "commas")),
    "b8": (8, 0, ("words", "prose")),
    "a8": (0, 8, ("words", "prose")),
    "b25": (25, 0, ("words", "prose")),
    "a25": (0, 25, ("words", "prose")),
}
# Groups of kinds that mean the same to the model at the first and the last place.
FIRST_KINDS: Final = {"upper": (UPPER,), "lower": (LOWER,), "digit": (DIGIT,), "opening": (OPENING,),
                      "pause": (PAUSE, CLOSING, TERMINAL), "bullet": (BULLET,)}  # fmt: skip
LAST_KINDS: Final = {"letter": (UPPER, LOWER, CASELESS), "digit": (DIGIT,), "terminal": (TERMINAL,), "pause": (PAUSE,)}


@dataclass(frozen=True, slots=True)
class LineFeatures:
    """`matrix[f, k]` is feature `names[f]` of the k-th line that is not blank; `rows[k]` is its row in the batch."""

    names: tuple[str, ...]
    matrix: Bytes
    rows: Ints
    page_rows: Ints  # bounds of the pages within `rows`


def line_features(lexed: LexedBatch, measures: LineMeasures | None = None) -> LineFeatures:
    """The features of all lines that are not blank."""
    m = measures or measure(lexed)
    parts = [columns for _, columns in feature_chunks(lexed, m)]
    rows = np.flatnonzero(~m.is_blank)
    names = tuple(parts[0]) if parts else ()
    chunks = [np.stack(list(columns.values())) for columns in parts]
    matrix = np.concatenate(chunks, axis=1) if chunks else np.zeros((0, 0), np.uint8)
    return LineFeatures(names, matrix, rows, np.searchsorted(rows, lexed.page_rows))


def feature_chunks(lexed: LexedBatch, measures: LineMeasures) -> Iterator[tuple[Ints, dict[str, Bytes]]]:
    """The lines that are not blank, in groups of whole pages that fit the cache: their rows, and their features."""
    rows = np.flatnonzero(~measures.is_blank)
    bounds = np.searchsorted(rows, lexed.page_rows)
    repeats = _repeats(lexed, rows, bounds)
    hits = _furniture_hits(lexed, rows)
    page = 0
    while page < len(bounds) - 1:
        last = int(np.searchsorted(bounds, bounds[page] + CHUNK_LINES, side="right")) - 1
        last = max(last, page + 1)
        first, end = int(bounds[page]), int(bounds[last])
        if end > first:
            mine = rows[first:end]
            pages = PageSums(bounds[page : last + 1] - first)
            step = np.diff(mine, prepend=-1)
            yield mine, _features(measures.of(mine), pages, step, repeats[first:end], hits[:, first:end])
        page = last


def _repeats(lexed: LexedBatch, rows: Ints, bounds: Ints) -> Bools:
    """True for a line whose text stands on its page more than once."""
    if not len(rows):
        return np.zeros(0, np.bool_)
    # The page goes into the number: one column is compared faster than two, and equal texts of two pages must differ.
    page = np.repeat(np.arange(len(bounds) - 1) * len(lexed.distinct), np.diff(bounds))
    return pl.Series(lexed.text_no[rows] + page).is_duplicated().to_numpy()


@cache
def _furniture_words() -> tuple[str, ...]:
    """A pattern of the words of each kind of furniture."""
    stored = json.loads((files("cuttings.pages") / "line_words.json").read_text(encoding="utf-8"))
    return tuple(any_of(stored[kind]) for kind in FURNITURE_KINDS)


def _furniture_hits(lexed: LexedBatch, rows: Ints) -> Bytes:
    """For each kind of furniture word, 1 for a short line that holds one: (kinds, rows)."""
    hits = np.zeros((len(FURNITURE_KINDS), len(lexed.distinct)), np.uint8)
    short = np.flatnonzero((lexed.distinct.str.len_chars() <= FURNITURE_CHARS).to_numpy())
    text = lexed.distinct[short].str.to_lowercase()
    for hit, words in zip(hits, _furniture_words(), strict=True):
        hit[short] = text.str.contains(words).to_numpy()
    return hits[:, lexed.text_no[rows]]


def _features(m: LineMeasures, pages: PageSums, step: Ints, is_repeat: Bools, hits: Bytes) -> dict[str, Bytes]:
    """Features of the lines of some whole pages. `step` is the distance in rows from the line before."""
    ends = m.ends_sentence
    is_head = pages.at == pages.first
    gap_before = np.where(is_head, 0, np.minimum(step - 1, 4)).astype(np.uint8)
    columns = {
        "words": _log(m.words),
        "chars": _log(m.chars),
        "word_chars": _share(m.chars, m.words, 10),
        "sentences": _log(m.sentences),
        "commas": _log(m.commas),
        "comma_ratio": _share(m.commas, m.words),
        "digit_ratio": _share(m.digits, m.chars),
        "upper_ratio": _share(m.uppers, m.letters),
        "capital_ratio": _share(m.uppers, m.words, 50),
        "letter_ratio": _share(m.letters, m.chars),
        "caseless_ratio": _share(m.caseless, m.letters),
        "symbols": _log(m.symbols),
        "gap_before": gap_before,
        "gap_after": pages.shifted(gap_before, 1),
        "ends": ends.astype(np.uint8),
        "repeats": is_repeat.astype(np.uint8),
    }
    columns |= dict(zip(FURNITURE_KINDS, hits, strict=True))
    for place, kinds, groups in (("first", m.first_kind, FIRST_KINDS), ("last", m.last_kind, LAST_KINDS)):
        for name, group in groups.items():
            is_kind = kinds == group[0]
            for kind in group[1:]:
                is_kind |= kinds == kind
            columns[f"{place}_{name}"] = is_kind.astype(np.uint8)

    # The sentence unit: lines that a link has broken are joined where one goes on in lower case or with a pause.
    goes_on = (columns["first_lower"] | columns["first_pause"]).astype(np.bool_)
    joins = goes_on & (pages.shifted(columns["ends"], -1) == 0) & ~is_head
    unit_first = np.flatnonzero(~joins)
    unit = np.cumsum(~joins) - 1
    unit_end = np.append(unit_first[1:], pages.size)
    unit_words = np.add.reduceat(m.words, unit_first)[unit]
    unit_closes = ends[unit_end - 1][unit]
    is_prose = unit_closes & (unit_words >= PROSE_WORDS)
    columns |= {
        "unit_words": _log(unit_words),
        "unit_lines": _log((unit_end - unit_first)[unit]),
        "unit_ends": unit_closes.astype(np.uint8),
        "prose": is_prose.astype(np.uint8),
    }
    for by, side in ((-1, "before"), (1, "after"), (-2, "before2"), (2, "after2")):
        near = ("words", "prose", "unit_words") if abs(by) == 2 else (
            "words", "ends", "prose", "first_lower", "unit_words")  # fmt: skip
        columns |= {f"{name}_{side}": pages.shifted(columns[name], by) for name in near}
    _add_windows(columns, m, pages, joins)
    _add_places(columns, m, pages, is_prose, joins)
    return columns


def _add_windows(columns: dict[str, Bytes], m: LineMeasures, pages: PageSums, joins: Bools) -> None:
    """Means over windows. Several sums share one 64-bit running sum: a window is at most 61 lines of at most 255."""
    is_short = m.words <= SHORT_WORDS
    packed = [
        np.minimum(m.words, 255)
        | columns["capital_ratio"].astype(np.int64) << 16
        | columns["digit_ratio"].astype(np.int64) << 32
        | columns["prose"].astype(np.int64) << 48
        | is_short.astype(np.int64) << 56,
        np.minimum(m.commas, 255)
        | columns["first_upper"].astype(np.int64) << 16
        | columns["repeats"].astype(np.int64) << 24
        | joins.astype(np.int64) << 32
        | columns["onward"].astype(np.int64) << 40
        | columns["social"].astype(np.int64) << 48
        | columns["legal"].astype(np.int64) << 56,
    ]
    running = [running_sum(values) for values in packed]
    for window, (before, after, wanted) in WINDOWS.items():
        low, high = pages.window(before, after)
        span = (high - low).astype(np.float32)
        inside = [sums[high] - sums[low] for sums in running[: 1 + (after == before)]]
        percent, eighths = np.float32(100) / span, np.float32(8) / span
        for name in wanted:
            which, shift, bits = PACKED[name]
            total = (inside[which] >> shift & ((1 << bits) - 1)).astype(np.float32)
            if name in ("words", "commas"):
                columns[f"{name}_{window}"] = _log((total * eighths).astype(np.int32))
            elif bits == 8:
                columns[f"{name}_{window}"] = (total * percent).astype(np.uint8)
            else:
                columns[f"{name}_{window}"] = (total / span).astype(np.uint8)


def _add_places(columns: dict[str, Bytes], m: LineMeasures, pages: PageSums, is_prose: Bools, joins: Bools) -> None:
    """Where the line stands: on the page, and towards the prose of the page."""
    capped = np.minimum(m.words, LENGTH_CAP)
    prose_words = m.words * is_prose
    prose_total = pages.total(prose_words)
    running = running_sum(prose_words)
    prose_before = running[:-1] - running[pages.first]
    columns |= {
        "since_onward": _log(pages.lines_to(columns["onward"] > 0, is_after=False)),
        "until_onward": _log(pages.lines_to(columns["onward"] > 0, is_after=True)),
        "since_social": _log(pages.lines_to(columns["social"] > 0, is_after=False)),
        "until_social": _log(pages.lines_to(columns["social"] > 0, is_after=True)),
        "until_legal": _log(pages.lines_to(columns["legal"] > 0, is_after=True)),
        "since_prose": _log(pages.lines_to(is_prose, is_after=False)),
        "until_prose": _log(pages.lines_to(is_prose, is_after=True)),
        "longest_before": _log(pages.longest_other(capped, is_after=False)),
        "longest_after": _log(pages.longest_other(capped, is_after=True)),
        "prose_before": _log(prose_before),
        "prose_after": _log(prose_total - prose_before - prose_words),
        "prose_place": _share(prose_before, prose_total),
        "place": _share(pages.at - pages.first, pages.count),
        "lines_before": _log(pages.at - pages.first),
        "lines_after": _log(pages.end - pages.at - 1),
        "page_lines": _log(pages.count),
        "page_prose_words": _log(prose_total),
        "page_words": _log(pages.total(m.words) // 4),
        "page_prose": _share(pages.total(is_prose), pages.count),
        "page_gaps": _share(pages.total(columns["gap_before"] > 0), pages.count),
        "page_short": _share(pages.total(m.words <= SHORT_WORDS), pages.count),
        "page_joins": _share(pages.total(joins), pages.count),
    }
