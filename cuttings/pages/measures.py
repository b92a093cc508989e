"""Plain counts of every line, read from the bytes of a whole batch at once.

Each pair of neighbouring bytes looks up what its second byte adds to its line: a word begins, a capital, a full stop.
Several 16-bit counters share one 64-bit number, so one lookup and one sum a block serve four counts.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings.pages.lines import LexedBatch

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

# Bytes that are counted at one go: small enough for the cache, and four 16-bit counters cannot overflow.
BLOCK_BYTES: Final = 32_768
# Kinds of the first and the last visible character of a line.
OTHER, UPPER, LOWER, CASELESS, DIGIT, OPENING, CLOSING, TERMINAL, PAUSE, BULLET = range(10)

# Bytes between words: ASCII control characters and the space. NUL is a character that nobody sees, not a space.
IS_SPACE: Final = (np.arange(256) <= 0x20) & (np.arange(256) != 0)
# What is not visible: Unicode spaces, zero-width and direction marks, and the control characters that end no line.
BLANKS: Final = " \t\v\f\u00a0\u200b\u200e\u200f\u2002\u2003\u2009\u202f\u2028\u2029\u3000\ufeff\x1c\x1d\x1e\x1f\x85\0"
# Bytes that such a character begins and ends with; a line with another first and last byte needs no trimming.
MAY_BEGIN_BLANK: Final = np.isin(np.arange(256), [character.encode()[0] for character in BLANKS])
MAY_END_BLANK: Final = np.isin(np.arange(256), [character.encode()[-1] for character in BLANKS])

# Counters by table; the last table is for scripts without case or without spaces, and is read only where they occur.
COUNTERS: Final = (
    ("words", "chars", "uppers", "letters"),
    ("digits", "sentences", "commas", "symbols"),
    ("wide", "narrow", "caseless"),
)
# Lead bytes of those scripts, from Hebrew to Hangul; the one between them is that of quotes and dashes.
FIRST_RARE, LAST_RARE, NOT_RARE = 0xD6, 0xED, 0xE2


@dataclass(frozen=True, slots=True)
class LineMeasures:
    """Counts of every line of a batch, blank ones included, one array a measure.

    `words` are runs between spaces; in scripts without spaces a wide character counts as six tenths of a word and a
    Thai, Lao, Khmer or Burmese one as a quarter. `tokens` counts such characters whole, as shingle measures do.
    """

    words: Ints
    tokens: Ints
    chars: Ints
    uppers: Ints
    letters: Ints
    digits: Ints
    sentences: Ints  # sentence ends before the last one of the line
    commas: Ints
    symbols: Ints
    caseless: Ints  # letters of scripts without case
    indent: Ints  # spaces before the first visible character
    is_blank: Bools
    first_kind: Bytes
    last_kind: Bytes  # of the last visible character
    end_kind: Bytes  # of the last one that is no closing quote or bracket

    def of(self, rows: Ints) -> LineMeasures:
        """The measures of some lines."""
        return LineMeasures(*(getattr(self, field.name)[rows] for field in fields(self)))

    @property
    def ends_sentence(self) -> Bools:
        return np.asarray(self.end_kind == TERMINAL)


@cache
def _kinds() -> Bytes:
    """Kind of each code point of the basic plane."""
    kinds = np.zeros(0x10000, np.uint8)
    by_category = {
        "Lu": UPPER, "Lt": UPPER, "Ll": LOWER, "Lo": CASELESS, "Lm": CASELESS, "Mn": CASELESS, "Mc": CASELESS,
        "Nd": DIGIT, "Ps": OPENING, "Pi": OPENING, "Pe": CLOSING, "Pf": CLOSING,
    }  # fmt: skip
    kinds[:] = [by_category.get(category, OTHER) for category in map(unicodedata.category, map(chr, range(0x10000)))]
    for kind, characters in (
        (TERMINAL, ".!?…。！？｡؟۔।॥։።෴‽⁇⁈⁉"),
        (PAUSE, ",;:،؛、，；：–—"),
        (OPENING, "\"'“‘„‚«「『（《〈¿¡"),
        (CLOSING, "”’»」』）》〉"),
        (BULLET, "•·●▪◦‣∙*-−|>›»#@/+=~_<©®↑→←▶►×✓"),
    ):
        kinds[[ord(character) for character in characters]] = kind
    # A closing guillemet is also the arrow of a link; at an end it is read as the quote.
    kinds[ord("»")] = CLOSING
    return kinds


@cache
def _counter_tables() -> tuple[NDArray[np.uint64], ...]:
    """For each pair of neighbouring bytes, four counters of 16 bits: what the second one adds to its line."""
    before, byte = np.divmod(np.arange(65_536), 256)
    pair = before * 256 + byte
    starts_char = (byte & 0xC0) != 0x80
    latin_case = (before == 0xC4) | (before == 0xC5)
    lowers = (
        ((byte >= 0x61) & (byte <= 0x7A))
        | ((before == 0xC3) & (byte >= 0xA0) & (byte <= 0xBF))
        | (latin_case & (byte % 2 == 1) & ~starts_char)
        | ((before == 0xD0) & (byte >= 0xB0) & (byte <= 0xBF))
        | ((before == 0xD1) & ~starts_char)
        | ((before == 0xCE) & (byte >= 0xAC) & (byte <= 0xBF))
        | ((before == 0xCF) & ~starts_char)
    )
    uppers = (
        ((byte >= 0x41) & (byte <= 0x5A))
        | ((before == 0xC3) & (byte >= 0x80) & (byte <= 0x9E))
        | (latin_case & (byte % 2 == 0) & ~starts_char)
        | ((before == 0xD0) & (byte >= 0x80) & (byte <= 0xAF))
        | ((before == 0xCE) & (byte >= 0x86) & (byte <= 0xAB))
    )
    stop_before = np.isin(before, [0x2E, 0x21, 0x3F, 0x22, 0x29]) & (byte == 0x20)
    wide = ((before >= 0xE4) & (before <= 0xE9) & ~starts_char) | ((before == 0xE3) & (byte >= 0x81) & (byte <= 0xBF))
    narrow = np.isin(pair, [0xE0B8, 0xE0B9, 0xE0BA, 0xE0BB, 0xE180, 0xE181, 0xE182, 0xE19E, 0xE19F])
    caseless = (
        ((before >= 0xD6) & (before <= 0xDF) & ~starts_char)
        | ((before == 0xE0) & ~starts_char)
        | ((before >= 0xEA) & (before <= 0xED) & ~starts_char)
        | wide
    )
    columns = {
        "words": IS_SPACE[before] & ~IS_SPACE[byte],
        "chars": starts_char & (byte != 0x0A) & (byte != 0x0D),
        "uppers": uppers,
        "letters": lowers | uppers | caseless,
        "digits": (byte >= 0x30) & (byte <= 0x39),
        # Full stops of other scripts by their last two bytes: 。 ！ ？ ؟ ۔ ।
        "sentences": stop_before | np.isin(pair, [0x8082, 0xBC81, 0xBC9F, 0xD89F, 0xDB94, 0xA5A4]),
        "commas": (byte == 0x2C) | np.isin(pair, [0xBC8C, 0x8081, 0xD88C]),
        "symbols": np.isin(byte, [ord(character) for character in "|<>{}[]_=#@*~^\\+/"]),
        "wide": wide,
        "narrow": narrow,
        "caseless": caseless,
    }
    tables = []
    for names in COUNTERS:
        packed = np.zeros(65_536, np.uint64)
        for field, name in enumerate(names):
            packed |= columns[name].astype(np.uint64) << np.uint64(16 * field)
        tables.append(packed)
    return tuple(tables)


def measure(lexed: LexedBatch) -> LineMeasures:
    """Counts of every line; one pass over the bytes, and one over the lines that begin or end unusually."""
    counts = _count(lexed)
    starts, ends, indent = _visible(lexed)
    is_blank = starts >= ends
    last_of = np.maximum(ends, 1)
    first_kind = _kind_at(lexed.buffer, np.minimum(starts, max(len(lexed.buffer) - 1, 0)))
    last_kind, last_start = _kind_before(lexed.buffer, last_of)
    end_kind = last_kind.copy()
    for _ in range(2):  # a quote and a bracket may both close after the full stop
        closes = np.flatnonzero(((end_kind == CLOSING) | (end_kind == OPENING)) & (last_start > starts))
        end_kind[closes], last_start[closes] = _kind_before(lexed.buffer, last_start[closes])
    words = counts["words"] + (counts["wide"] * 6 + 5) // 10 + counts["narrow"] // 4
    for kind in (first_kind, last_kind, end_kind):
        kind[is_blank] = OTHER
    return LineMeasures(
        words=words, tokens=counts["words"] + counts["wide"] + counts["narrow"], chars=counts["chars"],
        uppers=counts["uppers"], letters=counts["letters"], digits=counts["digits"], sentences=counts["sentences"],
        commas=counts["commas"], symbols=counts["symbols"], caseless=counts["caseless"],
        indent=indent, is_blank=is_blank, first_kind=first_kind, last_kind=last_kind, end_kind=end_kind,
    )  # fmt: skip


def _count(lexed: LexedBatch) -> dict[str, Ints]:
    buffer, line_starts = lexed.buffer, lexed.line_starts
    size = len(buffer)
    if size == 0:
        return {name: np.zeros(0, np.int64) for names in COUNTERS for name in names}
    borders = np.arange(0, size, BLOCK_BYTES)
    # Cells: the lines, cut again where a block ends.
    inner = borders[line_starts[np.searchsorted(line_starts, borders).clip(max=len(line_starts) - 1)] != borders]
    cells = np.sort(np.concatenate([line_starts, inner]), kind="stable")
    first_cell = np.searchsorted(cells, borders)
    tables = _counter_tables()
    sums = np.zeros((len(tables), len(cells)), np.uint64)
    page_starts = line_starts[lexed.page_rows[:-1][np.diff(lexed.page_rows) > 0]]
    for block, start in enumerate(borders.tolist()):
        end = min(start + BLOCK_BYTES, size)
        pair = buffer[start:end].astype(np.uint16)
        pair[1:] |= pair[:-1] << 8
        pair[0] |= int(buffer[start - 1]) << 8 if start else 0x0A00
        low, high = np.searchsorted(page_starts, [start, end])
        # What stands before a page is a line break, whatever page the batch has there.
        heads = page_starts[low:high]
        pair[heads - start] = buffer[heads] | np.uint16(0x0A00)
        mine = slice(first_cell[block], first_cell[block + 1] if block + 1 < len(borders) else len(cells))
        within = cells[mine] - start
        octets = buffer[start:end]
        has_rare = bool(((octets >= FIRST_RARE) & (octets <= LAST_RARE) & (octets != NOT_RARE)).any())
        for table, row in zip(tables[: 2 + has_rare], sums[: 2 + has_rare], strict=True):
            np.add.reduceat(table.take(pair, mode="clip"), within, out=row[mine])
    first_of_line = np.searchsorted(cells, line_starts)
    is_whole = len(cells) == len(line_starts)
    counts = {}
    for names, packed in zip(COUNTERS, sums, strict=True):
        for field, name in enumerate(names):
            values = (packed >> np.uint64(16 * field) & np.uint64(0xFFFF)).astype(np.int64)
            counts[name] = values if is_whole else np.add.reduceat(values, first_of_line)
    return counts


def _visible(lexed: LexedBatch) -> tuple[Ints, Ints, Ints]:
    """First and last visible byte of each line in the joined buffer, and the bytes that stand before the first."""
    starts = lexed.line_starts.copy()
    ends = starts + lexed.text_bytes
    filled = np.flatnonzero(ends > starts)
    head, tail = lexed.buffer[starts[filled]], lexed.buffer[ends[filled] - 1]
    odd = filled[MAY_BEGIN_BLANK[head] | MAY_END_BLANK[tail]]
    if len(odd):
        text = lexed.lines["text"][odd]
        stripped = text.str.strip_chars_start(BLANKS)
        head_bytes = (text.str.len_bytes() - stripped.str.len_bytes()).to_numpy().astype(np.int64)
        body_bytes = stripped.str.strip_chars_end(BLANKS).str.len_bytes().to_numpy().astype(np.int64)
        starts[odd] += head_bytes
        ends[odd] = starts[odd] + body_bytes
    return starts, ends, starts - lexed.line_starts


def _kind_at(buffer: Bytes, at: Ints) -> Bytes:
    """Kind of the character that begins at each byte; OTHER above the basic plane."""
    if not len(buffer):
        return np.zeros(len(at), np.uint8)
    lead = buffer[at]
    kinds = _kinds()
    result = kinds[:128].take(lead, mode="clip")
    beyond = np.flatnonzero(lead >= 0x80)
    where = at[beyond]
    b0, b1, b2 = (buffer.take(where + step, mode="clip").astype(np.int64) for step in range(3))
    point = np.where(b0 < 0xE0, (b0 & 0x1F) << 6 | b1 & 0x3F, (b0 & 0x0F) << 12 | (b1 & 0x3F) << 6 | b2 & 0x3F)
    result[beyond] = np.where(b0 < 0xF0, kinds[point], OTHER)
    return result


def _kind_before(buffer: Bytes, end: Ints) -> tuple[Bytes, Ints]:
    """Kind of the character that ends at each byte, and where it begins."""
    begins = end - 1
    if len(buffer):
        beyond = np.flatnonzero(buffer[begins] >= 0x80)
        where = begins[beyond]
        for _ in range(3):
            where = where - ((buffer[where] & 0xC0) == 0x80)
        begins[beyond] = where
    return _kind_at(buffer, begins), begins
