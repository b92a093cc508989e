"""Dates that a flattener glued to other words: `agoThe council`, `Jane Doe12.03.2024`, `3小时前市议会`.

A date is looked for between places where two texts may touch: a change from small to capital letters, a letter at a
digit, the end of a sentence at a letter, a lone bar; in scripts without capitals behind a word that closes an age. One
of its two ends is such a place; the other may be the line's own end, or a space behind the few words of a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, islice, pairwise
from typing import Final

import polars as pl

from cuttings.dates.lexicon import CASELESS_FROM, SPACELESS_FROM, phrases
from cuttings.dates.spans import SCHEMA, DateText, candidates, read_spans, spans

# Characters of a line's start and of its end that are searched; all of a line of twice as many.
EDGE_CHARS: Final = 96
# In a longer line a date begins within so many characters, or ends with the line: else it is part of the text.
HEAD_CHARS: Final = 48
# The shortest date in bytes (`3分前` has seven), and the longest one with its marks in characters.
LEAST_BYTES: Final = 5
MOST_CHARS: Final = 48
# A name of so many words before a date (two characters a word without spaces) is no source but a title.
TITLE_WORDS: Final = 4
# Fewer words behind a date are its label.
LABEL_WORDS: Final = 3
# So many ranges of one window are read, at most.
MOST_RANGES: Final = 96
# Forms that say so much that they may touch other words.
_FORMS: Final = re.compile(
    r"num_order|num_ymd|named_[dmy]{3}|month_number(?:_clock)?$|cjk_day|era_day|age|named_day_clock|calendar_day_clock"
)
_CLOSING: Final = '.!?"”»)…'
# Of a word that opens an age so many last letters are looked up.
OPENER_END: Final = 2
# Behind a word that closes an age a letter that goes on with its sentence: a particle ("30年前の事件", "3天前的"), the
# rest of a longer word ("2天前后", "10日前往", "3 ชั่วโมงก่อนการเลือกตั้ง"), or what follows a day ("10일 전국") or a year.
_GOES_ON: Final = re.compile(
    r"(?:前[ぁ-ん的往来來后後夕锋鋒线線沿所景提进進期列卫衛倒半]|[ぁ-ん]\w|年前\w|[일년월주] ?전\w|ก่อน\w)$"
)
_GOES_ON_CHARS: Final = 4  # the longest of its words
_DIGIT: Final = re.compile(r"\d")
_BAR: Final = re.compile(r" [|•·](?= )")
_SPACED_DIGIT: Final = re.compile(r" \d")
_NO_SPACES_FROM: Final = "\u0e00"  # Thai, and all to its east
# Marks that belong to the number before them.
_MARKS: Final = "年月日时時分秒号號点點週周年년월일시분초"
PARTS: Final = SCHEMA | {"part_start": pl.UInt32, "part_end": pl.UInt32}


def edge_spans(texts: pl.Series) -> pl.DataFrame:
    """Full dates and ages that touch other words near the start or the end of a line.

    Columns as in `spans`, and `part_start`, `part_end`: the date with its label, or with a name that is glued to it.
    Ordered by row and place; parts are equal (one text with two dates) or do not overlap. A line that is nothing but a
    date and the name of a source has none.

    >>> edge_spans(pl.Series(["3 hours agoLONDON (Reuters) - Rain is on its way to the north."])).rows()
    [(0, 0, 11, '3 hours ago', 'published', 'age', 0, 11)]
    """
    rows: dict[str, list[int]] = {}
    for row, line in enumerate(texts.to_list()):
        rows.setdefault(line, []).append(row)
    ranges = [(line, start, line[start:end]) for line in rows for start, end in _ranges(line)]
    dated = _dated(list(dict.fromkeys(part for _, _, part in ranges)))
    parts: dict[str, list[tuple[int, str]]] = {}
    for line, start, part in ranges:
        if part in dated:
            parts.setdefault(line, []).append((start, part))
    kept = {
        line: [
            (start + date.start, start + date.end, *date[3:], start, start + len(part))
            for start, part in _disjoint(own, dated)
            if not _is_labelled(line, start, start + len(part))
            for date in dated[part]
        ]
        for line, own in parts.items()
    }
    sourced = _sourced([line for line, found in kept.items() if found])
    found = [(row, *date) for line, own in kept.items() if line not in sourced for row in rows[line] for date in own]
    return pl.DataFrame(sorted(found, key=lambda date: date[:2]), schema=PARTS, orient="row")


def _dated(texts: list[str]) -> dict[str, list[DateText]]:
    """The texts that are nothing but full dates and ages with a short name at most, with their dates."""
    rows = candidates(pl.Series(texts, dtype=pl.String)).tolist()
    texts = [texts[row] for row in rows]
    dates: dict[str, list[DateText]] = {}
    for date in read_spans(texts, [None] * len(texts)):
        dates.setdefault(texts[date.number], []).append(date)
    return {
        text: found
        for text, found in dates.items()
        if all(_FORMS.match(date.form) for date in found)
        and _words(text[: min(date.start for date in found)]) < TITLE_WORDS
    }


def _disjoint(parts: list[tuple[int, str]], dated: dict[str, list[DateText]]) -> list[tuple[int, str]]:
    """Of parts that overlap the one with the longest dates, and of those the longest, the first."""
    chosen: list[tuple[int, str]] = []
    for start, part in sorted(parts, key=lambda p: (-sum(d.end - d.start for d in dated[p[1]]), -len(p[1]), p[0])):
        if all(start >= other + len(text) or start + len(part) <= other for other, text in chosen):
            chosen.append((start, part))
    return sorted(chosen)


def _is_labelled(line: str, start: int, end: int) -> bool:
    """Whether a line is a date with one or two words behind it, as `12.03.2024Photo`, which say what is dated."""
    return not line[:start].strip() and 0 < _words(line[end:]) < LABEL_WORDS


def _sourced(lines: list[str]) -> set[str]:
    """Those of the lines that are nothing but a date, with the name of a source before it at most."""
    first: dict[int, int] = {}
    for row, start in spans(pl.Series(lines, dtype=pl.String)).select("row", "char_start").iter_rows():
        first.setdefault(row, start)
    return {lines[row] for row, start in first.items() if _words(lines[row][:start]) < TITLE_WORDS}


def _words(text: str) -> int:
    return sum(max(1, sum(c >= _NO_SPACES_FROM for c in word) // 2) for word in text.split())


def _ranges(line: str) -> Iterator[tuple[int, int]]:
    """The parts of a line that may be dates by where they begin and end."""
    if "://" in line:
        return  # the numbers of an address are no date
    if len(line) <= 2 * EDGE_CHARS:
        yield from _window_ranges(line, True, True)
        return
    for start, end in _window_ranges(line[:EDGE_CHARS], True, False):
        if start <= HEAD_CHARS:
            yield start, end
    shift = len(line) - EDGE_CHARS
    for start, end in _window_ranges(line[shift:], False, True):
        if end == EDGE_CHARS:
            yield start + shift, end + shift


def _window_ranges(window: str, is_start: bool, is_end: bool) -> Iterator[tuple[int, int]]:
    if _DIGIT.search(window) is None:
        return
    touching = (match.end() for match in _joints(window.isascii()).finditer(window))
    closing = set(_behind_ages(window))
    joints = {at for at in chain(touching, closing, _before_ages(window)) if at}
    bars = [match.start() for match in _BAR.finditer(window)]
    if len(bars) == 1 and is_start and is_end:
        joints |= set(bars)  # of two texts one may be a date; of more it is a line about one article
    if not joints:
        return
    ends = sorted(
        at for at in {*joints, len(window)} if (at < len(window) or is_end) and not window[at : at + 1].isdigit()
    )
    fixed = {0, *joints} if is_start else joints
    spaced = {
        at
        for low, high in pairwise([*sorted(fixed), len(window)])
        for at in islice(_word_starts(window, low, high), TITLE_WORDS - 1)
    }
    count = 0
    for end in ends:
        for start in sorted(fixed if end in closing or end not in joints else fixed | spaced):
            if 0 < end - start <= MOST_CHARS and (start in joints or end in joints) and _may_be_date(window[start:end]):
                if _is_within_words(window, start, end, end in joints):
                    continue
                count += 1
                if count > MOST_RANGES:
                    return
                yield start, end


def _is_within_words(text: str, start: int, end: int, has_more: bool) -> bool:
    """Whether a number is part of a sentence in a script without spaces, where it touches its words anyway."""
    if start and text[start - 1] >= SPACELESS_FROM:
        return has_more or not text[end - 1].isalnum()
    return has_more and text[start] >= SPACELESS_FROM and text[end - 1] >= SPACELESS_FROM


def _may_be_date(text: str) -> bool:
    return len(text.encode()) >= LEAST_BYTES and _DIGIT.search(text) is not None


def _word_starts(text: str, low: int, high: int) -> Iterator[int]:
    """Where words begin behind a space, between two places."""
    at = text.find(" ", low, high)
    while at >= 0:
        yield at + 1
        at = text.find(" ", at + 1, high)


@cache
def _joints(is_ascii: bool) -> re.Pattern[str]:
    """Places where two texts may touch: `agoLONDON`, `AMThe`, `end.June`, `Doe12`, `2025标题`."""
    basic = [chr(point) for point in range(0x80 if is_ascii else 0x10000) if chr(point).isalpha()]
    capital, small = _in_class(filter(str.isupper, basic)), _in_class(filter(str.islower, basic))
    caseless = _in_class(
        c for c in basic if c >= CASELESS_FROM and not (c.isupper() or c.islower()) and c not in _MARKS
    )
    places = (
        rf"(?<=[{small}])(?=[{capital}])",
        rf"(?<=[^\W_][{_CLOSING}])(?<![{capital}].)(?=[{capital}])",
        rf"(?<=\d)(?=[{capital}][^\W\d_])",
        rf"(?<=[{capital}])(?=[{capital}][{small}])",
        r"(?<=[^\W\d_]{2})(?=\d)",
        rf"(?<=[{_CLOSING}])(?<!\d.)(?=\d)",
        *([rf"(?<=[\d{_CLOSING}])(?=[{caseless}])"] if caseless else ()),
    )
    behind = rf"(?=[{capital}\d{caseless}])"  # of all of them: most places are left at once
    return re.compile(f"{behind}(?:{'|'.join(places)})")


def _in_class(characters: Iterable[str]) -> str:
    """Characters as ranges of a class of a pattern."""
    points = sorted(map(ord, characters))
    if not points:
        return ""
    starts = [point for before, point in pairwise([-2, *points]) if point != before + 1]
    ends = [point for point, behind in pairwise([*points, points[-1] + 2]) if behind != point + 1]
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in zip(starts, ends, strict=True))


def _behind_ages(text: str) -> Iterator[int]:
    """Places between two letters without capitals where a word that closes an age ends."""
    if text.isascii():
        return
    for match in _closers().finditer(text):
        at = match.end()
        if at < len(text) and text[at].isalpha() and not _GOES_ON.search(text, max(0, at - _GOES_ON_CHARS), at + 1):
            yield at


def _before_ages(text: str) -> Iterator[int]:
    """Places behind a letter where a word that opens an age begins: `gesperrtvor 3 Stunden`."""
    for match in _SPACED_DIGIT.finditer(text):
        end = match.start()
        if text[max(0, end - OPENER_END) : end] in _opener_ends() and (head := text[:end]).endswith(_openers()):
            at = end - next(len(word) for word in _openers() if head.endswith(word))
            if at and text[at - 1].isalpha():
                yield at


@cache
def _openers() -> tuple[str, ...]:
    """Words that stand before the number of an age, longer ones first."""
    words = (word for word in phrases("A") if len(word) > 1 and word.replace(" ", "").isalpha())
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _opener_ends() -> frozenset[str]:
    return frozenset(word[-OPENER_END:] for word in _openers())


@cache
def _closers() -> re.Pattern[str]:
    """The words that close an age in the scripts without capitals, with their units."""
    words = {word for word in phrases("ARe") if word[-1] >= CASELESS_FROM}
    units = {word for word in phrases("UE") if CASELESS_FROM <= word[-1] < SPACELESS_FROM and len(word) > 2}
    return re.compile("|".join(map(re.escape, sorted(words | units, key=len, reverse=True))))
