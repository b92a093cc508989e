"""Pages with the marks of Markdown, with entities or with escapes: cut as they are shown, and put back on their bytes.

The cutter reads what a reader would see. Each of its characters knows where it stands on the page, so that the segments
tile the page as it is, and what an article's text shows otherwise than it is written is a row of `repairs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cuttings.pages.breaks import WHITE_SPACE, in_order
from cuttings.pages.decode import char_sizes, decode
from cuttings.pages.escapes import has_escapes, unescaped
from cuttings.pages.joints import TEXT_ROLE_NAMES
from cuttings.pages.lines import DecodedPage, LexedBatch
from cuttings.pages.markers import Lines
from cuttings.pages.marks import HEADINGS, Edit, apart, edits_of, marks_of
from cuttings.pages.repairs import SCHEMA as REPAIRS

Ints = NDArray[np.int64]
# What shows nothing: pictures, whose words are no text, and what a tool wrote.
_PARTS: Final = re.compile(r"\s+|\S(?:[^\n]*\S)?")
_PICTURE: Final = re.compile(r"\W*!\[")
_BYTE_ORDER_MARK: Final = "\ufeff"
_SPACES: Final = np.array([*(point for point in range(0x3001) if chr(point).isspace()), ord(_BYTE_ORDER_MARK)])
_BY_ITSELF: Final = {**WHITE_SPACE, "rule": "mark_only"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it is shown. Character k of it stands for `begins[k]` to `ends[k]` of the page's text; a segment that
    begins with it begins at `bounds[k]`, as marks belong to the words that they touch.
    """

    utf8: bytes
    facts: DecodedPage
    text: str  # the page as it is written
    edits: list[Edit]
    char_starts: Ints  # byte of the page at which each character of its text begins, and its end
    shown_starts: Ints  # byte of `utf8` at which each character shown begins, and its end
    begins: Ints
    ends: Ints
    bounds: Ints

    def at_bounds(self, places: Ints) -> Ints:
        """The bytes of the page at which segments begin or end that do so at bytes of `utf8`."""
        return self.char_starts[self.bounds[np.searchsorted(self.shown_starts, places)]]

    def at_characters(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """The bytes of the page where the characters stand that are between bytes of `utf8`."""
        first, last = np.searchsorted(self.shown_starts, starts), np.searchsorted(self.shown_starts, ends) - 1
        return self.char_starts[self.begins[first]], self.char_starts[self.ends[last]]


def show(raw: bytes) -> Shown | None:
    """The page as it is shown; None where that is as it is written."""
    decoded = decode(raw) if b"\0" in raw else None  # UTF-16; elsewhere the marks are the bytes of ASCII
    written = raw if decoded is None else decoded.utf8
    is_markdown, has_entities = marks_of(written)
    is_escaped = has_escapes(written)
    if not is_markdown and not has_entities and not is_escaped:
        return None
    decoded = decoded or decode(raw)
    text, char_starts = decoded.utf8.decode("utf-8"), decoded.char_starts()
    if decoded.bom_bytes:
        text, char_starts = _BYTE_ORDER_MARK + text, np.append(0, char_starts)
    edits = edits_of(text, is_markdown=is_markdown, has_entities=has_entities)
    escapes = [*unescaped(text)] if is_escaped else []  # no repairs: a letter written otherwise is that letter
    shown, begins, ends = _characters(text, apart([*escapes, *edits]))
    if not shown.strip():
        return None
    is_space = np.isin(np.frombuffer(shown.encode("utf-32-le"), "<u4"), _SPACES)
    opens = np.append(True, is_space[:-1]) & ~is_space
    bounds = np.where(opens, np.append(0, ends[:-1]), begins)
    bounds[0] = 0
    facts = DecodedPage(
        len(raw), decoded.encoding, decoded.is_damaged, decoded.bom_bytes, 0, 0,
        None if decoded.char_bytes is None else decoded.char_starts(),
    )  # fmt: skip
    utf8 = shown.encode()
    shown_starts = np.cumsum(np.append(0, char_sizes(utf8)), dtype=np.int64)
    return Shown(utf8, facts, text, edits, char_starts, shown_starts, begins, ends, np.append(bounds, len(text)))


def _characters(text: str, edits: Sequence[Edit]) -> tuple[str, Ints, Ints]:
    """What is shown, and where each character of it begins and ends in the text."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []  # of the characters that stand for others
    at = 0
    for start, end, shown in edits:
        parts += text[at:start], shown
        places += [(start, end)] * len(shown)
        at = end
    parts.append(text[at:])
    depth = np.zeros(len(text) + 1, np.int64)
    np.add.at(depth, np.array([edit.start for edit in edits], np.int64), 1)
    np.subtract.at(depth, np.array([edit.end for edit in edits], np.int64), 1)
    kept = np.flatnonzero(np.cumsum(depth)[:-1] == 0)
    begun, ended = np.array(places, np.int64).reshape(-1, 2).T
    # What is put between two characters comes before the second of them.
    begins, ends = np.concatenate([begun, kept]), np.concatenate([ended, kept + 1])
    order = np.argsort(begins, kind="stable")
    return "".join(parts), begins[order], ends[order]


def headings_of(lexed: LexedBatch, lines: Lines, shown: Mapping[int, Shown]) -> dict[int, frozenset[int]]:
    """The lines of each page that are written as headings of the first level."""
    found = {}
    starts = lexed.lines["byte_start"].to_numpy()[lines.row]
    for number, page in shown.items():
        first, last = lines.page_rows[number : number + 2]
        written = np.array([match.start() for match in HEADINGS.finditer(page.text)], np.int64)
        places = page.shown_starts[np.searchsorted(page.begins, written)]
        found[number] = frozenset(np.flatnonzero(np.isin(starts[first:last], places)).tolist())
    return found


def facts_put_back(lexed: LexedBatch, shown: Mapping[int, Shown]) -> LexedBatch:
    """The batch with what is known of its pages as they are written."""
    pages = [
        replace(shown[number].facts, first_row=page.first_row, line_count=page.line_count) if number in shown else page
        for number, page in enumerate(lexed.pages)
    ]
    return replace(lexed, pages=tuple(pages))


def segments_put_back(segments: pl.DataFrame, shown: Mapping[int, Shown]) -> pl.DataFrame:
    """The segments of a batch on the bytes of its pages; what shows nothing is a segment of its own."""
    parts = [segments.filter(~pl.col("page").is_in(list(shown)))]
    for number, page in shown.items():
        own = segments.filter(pl.col("page") == number)
        start, end = (page.at_bounds(own[name].to_numpy()) for name in ("byte_start", "byte_end"))
        first, last = (np.searchsorted(page.char_starts, places).tolist() for places in (start, end))
        placed = own.with_columns(
            byte_start=pl.Series(start), byte_end=pl.Series(end),
            text=pl.Series([page.text[a:b] for a, b in zip(first, last, strict=True)], dtype=pl.String),
        ).filter(pl.col("byte_start") < pl.col("byte_end"))  # fmt: skip
        is_mixed = (pl.col("role") == "ws") & (pl.col("text").str.strip_chars() != "")
        split = [part for row in placed.filter(is_mixed).iter_rows(named=True) for part in _parts(row, page)]
        parts += placed.filter(~is_mixed), pl.DataFrame(split, schema=segments.schema)
    return in_order(pl.concat(parts))


def _parts(row: dict[str, Any], page: Shown) -> Iterator[dict[str, Any]]:
    """White space that holds marks, and the marks, which are no white space."""
    first = int(np.searchsorted(page.char_starts, row["byte_start"]))
    for match in _PARTS.finditer(row["text"]):
        label = {} if match[0].isspace() else _BY_ITSELF
        if label:
            label = {**label, "role": "alt_text" if _PICTURE.match(match[0]) else "extractor"}
        start, end = (int(page.char_starts[first + at]) for at in match.span())
        yield {**row, **label, "byte_start": start, "byte_end": end, "text": match[0]}


def mentions_put_back(mentions: pl.DataFrame, shown: Mapping[int, Shown]) -> pl.DataFrame:
    """The dates of a batch on the bytes of its pages."""
    numbers = mentions["page"].to_numpy()
    start, end = mentions["byte_start"].to_numpy().copy(), mentions["byte_end"].to_numpy().copy()
    for number, page in shown.items():
        own = numbers == number
        start[own], end[own] = page.at_characters(start[own], end[own])
    return mentions.with_columns(byte_start=pl.Series(start), byte_end=pl.Series(end))


def appearances_put_back(appearances: pl.DataFrame, shown: Mapping[int, Shown]) -> pl.DataFrame:
    """The articles of a batch on the bytes of its pages."""
    return _at_bounds(appearances, shown, "byte_start", "byte_end")


def repairs_put_back(repairs: pl.DataFrame, segments: pl.DataFrame, shown: Mapping[int, Shown]) -> pl.DataFrame:
    """The repairs of a batch on the bytes of its pages, and one for each mark within the text of its `segments`."""
    is_text = pl.col("position").is_not_null() & pl.col("role").is_in(TEXT_ROLE_NAMES)
    rows: list[tuple[int, int, int, str, str, str]] = []
    for number, page in shown.items():
        texts = segments.filter(is_text & (pl.col("page") == number))
        starts, ends, positions = (texts[name].to_list() for name in ("byte_start", "byte_end", "position"))
        marks = [edit for edit in page.edits if page.text[edit.start] not in "\r\n"]  # those are put back as line ends
        at = page.char_starts[np.array([edit.start for edit in marks], np.int64)]
        within = np.searchsorted(starts, at, side="right") - 1
        for mark, byte, text in zip(marks, at.tolist(), within.tolist(), strict=True):
            if text >= 0 and byte < ends[text]:
                before = page.text[mark.start : mark.end]
                kind = "residue_cut" if before else "missing_space"
                rows.append((number, positions[text], byte, kind, before, mark.shown))
    marked = pl.DataFrame(rows, schema=REPAIRS, orient="row")
    placed = _at_bounds(repairs, shown, "byte_at")
    return pl.concat((placed, marked)).unique(("page", "byte_at", "kind"), keep="first", maintain_order=True)


def _at_bounds(table: pl.DataFrame, shown: Mapping[int, Shown], *names: str) -> pl.DataFrame:
    numbers = table["page"].to_numpy()
    placed = {name: table[name].to_numpy().copy() for name in names}
    for number, page in shown.items():
        own = numbers == number
        for column in placed.values():
            column[own] = page.at_bounds(column[own])
    return table.with_columns(pl.Series(name, column) for name, column in placed.items())
