"""Words of many texts at once, on their UTF-8 bytes: counts, and hashes for shingles.

In scripts written without spaces a character stands for a word. One pass of array operations over all the bytes; no
step of it grows faster than they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from cuttings.corpus.sketch import I64, U64, mix

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

_UNSPACED: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_HEAD_CHARS: Final = 500  # the beginning of a text tells its script
_BATCH_BYTES: Final = 1024 * 1024  # text in hand at once; the arrays over it take about 60 times that
_BASE: Final = 0x5851F42D4C957F2D  # odd, so that it has an inverse modulo 2**64

_GAP, _BLANK, _LETTER = 0, 1, 2
_NEWLINE: Final = 0x0A


# A class for each byte; those beyond ASCII count as letters until the punctuation among them is found.
_CLASSES: Final = bytes(
    _LETTER if code > 0x7F or chr(code).isalnum() else _BLANK if code <= 0x20 else _GAP for code in range(256)
)
# Lead bytes and following bytes of punctuation beyond ASCII: no-break space to ¿, U+2000-U+206F, U+3000-U+303F, the
# Arabic comma, semicolon and question mark, the danda, full-width signs.
_PUNCTUATION: Final = (
    (0xC2, 0x80, 0xBF, 2),
    (0xE2, 0x80, 0x81, 3),
    (0xE3, 0x80, 0x80, 3),
    (0xD8, 0x8C, 0x8C, 2),
    (0xD8, 0x9B, 0x9F, 2),
    (0xEF, 0xBC, 0xBC, 3),
)


def word_counts(texts: pl.Series) -> pl.Series:
    """Words of each text: runs between blanks that hold a letter or digit; characters in scripts without spaces."""
    counts = np.zeros(len(texts), dtype=np.int64)
    for rows, is_unspaced in batches(texts):
        data = _joined(texts.gather(rows))
        classes = _classes(data)
        is_letter = classes == _LETTER
        if is_unspaced:
            starts, _ = _tokens(data, is_letter, is_unspaced=True)
        else:
            runs, _ = _runs(classes != _BLANK)
            # The blanks up to the next run add no letter.
            starts = runs[np.logical_or.reduceat(is_letter, runs)] if len(runs) else runs
        counts[rows] = np.bincount(_owners(data, starts), minlength=len(rows))
    return pl.Series(texts.name, counts, dtype=pl.Int64)


def batches(texts: pl.Series) -> Iterator[tuple[I64, bool]]:
    """Row numbers of `texts` in runs of about one batch, each of one kind, and whether its scripts lack spaces."""
    is_unspaced = _is_unspaced(texts)
    sizes = texts.str.len_bytes().to_numpy()
    for kind in (False, True):
        rows = np.flatnonzero(is_unspaced == kind)
        batch = np.cumsum(sizes[rows], dtype=np.int64) // _BATCH_BYTES
        for part in np.split(rows, np.flatnonzero(np.diff(batch)) + 1):
            if len(part):
                yield part, kind


def hashed_words(texts: pl.Series, *, is_unspaced: bool) -> tuple[I64, U64]:
    """The text number and a hash of every word of `texts`, in order; letters and digits only, in lower case."""
    data = _joined(texts.str.to_lowercase())
    starts, ends = _tokens(data, _classes(data) == _LETTER, is_unspaced=is_unspaced)
    # A polynomial hash of any range is a difference of prefix sums, shifted back to the start of the text.
    powers, inverses = _powers(_rounded_up(len(data)))
    sums = np.zeros(len(data) + 1, dtype=np.uint64)
    np.cumsum(data * powers[: len(data)], out=sums[1:])
    return _owners(data, starts), mix((sums[ends] - sums[starts]) * inverses[starts])


def _is_unspaced(texts: pl.Series) -> Flags:
    head = pl.col("text").str.head(_HEAD_CHARS)
    share = head.str.count_matches(_UNSPACED) * 2 > head.str.count_matches(r"\p{L}")
    has_wide = pl.col("text").str.len_bytes() > pl.col("text").str.len_chars()
    frame = texts.alias("text").to_frame().with_row_index()
    wide = frame.filter(has_wide).filter(share).get_column("index").to_numpy()
    flags = np.zeros(len(texts), dtype=np.bool_)
    flags[wide] = True
    return flags


def _joined(texts: pl.Series) -> Bytes:
    """All texts as bytes, each ended by the only newlines there are."""
    lines = (
        texts.alias("text").to_frame().select(pl.col("text").str.replace_all("\n", " ", literal=True).str.join("\n"))
    )
    return np.frombuffer(f"{lines.item()}\n".encode(), dtype=np.uint8)


def _owners(data: Bytes, starts: I64) -> I64:
    """The number of the text that holds each of `starts`."""
    return np.searchsorted(np.flatnonzero(data == _NEWLINE), starts)


def _classes(data: Bytes) -> Bytes:
    classes = np.frombuffer(bytearray(data.tobytes().translate(_CLASSES)), dtype=np.uint8)
    if data.max(initial=0) < 0x80:
        return classes
    for lead, low, high, length in _PUNCTUATION:
        found = np.flatnonzero(data[:-1] == lead)
        found = found[(data[found + 1] >= low) & (data[found + 1] <= high)]
        for offset in range(length):
            classes[found + offset] = _GAP
    return classes


def _tokens(data: Bytes, is_letter: Flags, *, is_unspaced: bool) -> tuple[I64, I64]:
    """Starts and ends of runs of letters; without spaces, every character beyond ASCII is a token of its own."""
    if not is_unspaced:
        return _runs(is_letter)
    is_start = is_letter & (data >= 0xC0)
    is_start[1:] |= is_letter[1:] & ~is_letter[:-1]
    is_start[1:] |= is_letter[1:] & (data[1:] < 0x80) & (data[:-1] >= 0x80)
    is_start[:1] = is_letter[:1]
    is_end = is_letter[:-1] & (~is_letter[1:] | is_start[1:])
    return np.flatnonzero(is_start), np.flatnonzero(is_end) + 1


def _runs(flags: Flags) -> tuple[I64, I64]:
    """Starts and ends of the runs of true; the last flag is false."""
    edges = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    edges = np.concatenate((np.zeros(int(flags[0]), dtype=np.int64), edges))
    return edges[0::2], edges[1::2]


def _rounded_up(size: int) -> int:
    return 1 << max(size - 1, 1).bit_length()


@cache
def _powers(count: int) -> tuple[U64, U64]:
    """The first powers of the base and of its inverse; few lengths occur, each a power of two."""
    factors = np.full(count, _BASE, dtype=np.uint64)
    factors[0] = 1
    inverses = np.full(count, pow(_BASE, -1, 2**64), dtype=np.uint64)
    inverses[0] = 1
    return np.cumprod(factors), np.cumprod(inverses)
