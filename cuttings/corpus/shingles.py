"""Texts as sketches of their shingles: three words in a row, five characters in scripts without spaces.

Letters and digits only, in one case, so that quotes, dashes and line breaks do not tell two texts apart.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from cuttings.corpus.sketch import BINS, I64, U64, Sketch, empty_sketches, mix, sketch
from cuttings.corpus.tokens import batches, hashed_words

WORDS_A_SHINGLE: Final = 3
CHARACTERS_A_SHINGLE: Final = 5
SKETCHED_CHARS: Final = 65_536  # of a longer text the beginning stands for the whole
LEAST_SHINGLES: Final = 20  # shorter texts are captions and notices: alike without being one story
# The texts that are compared: what is not there, or only promised, is alike everywhere.
COMPARED_STATUSES: Final = ("full", "truncated")
# A list, not an array: in an array also a null takes the room of a sketch, and tiny pages by the million have none.
SKETCH_TYPE: Final = pl.List(pl.UInt32)


def sketches(texts: pl.Series) -> pl.Series:
    """One sketch a text as a column, null where the text has fewer than LEAST_SHINGLES shingles."""
    found, counts = sketch_texts(texts)
    is_sketched = counts >= LEAST_SHINGLES
    column = pl.Series(texts.name, found[is_sketched], dtype=pl.Array(pl.UInt32, BINS)).cast(SKETCH_TYPE)
    place = pl.DataFrame({"place": np.cumsum(is_sketched) - 1, "is_sketched": is_sketched})
    return column.gather(place.select(pl.when("is_sketched").then("place")).to_series())


def sketch_texts(texts: pl.Series) -> tuple[Sketch, I64]:
    """One sketch a text and the number of shingles it was made of, repeated ones counted again."""
    sketches = empty_sketches(len(texts))
    counts = np.zeros(len(texts), dtype=np.int64)
    texts = texts.str.head(SKETCHED_CHARS)
    for rows, is_unspaced in batches(texts):
        length = CHARACTERS_A_SHINGLE if is_unspaced else WORDS_A_SHINGLE
        owners, hashes = _shingles(*hashed_words(texts.gather(rows), is_unspaced=is_unspaced), length)
        sketches[rows] = sketch(owners, hashes, len(rows))
        counts[rows] = np.bincount(owners, minlength=len(rows))
    return sketches, counts


def _shingles(owners: I64, words: U64, length: int) -> tuple[I64, U64]:
    """Hashes of every `length` words in a row of one text, with the text number of each."""
    count = max(len(words) - length + 1, 0)
    is_whole = owners[:count] == owners[len(owners) - count :]
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(length):
        hashes = mix(hashes + words[offset : offset + count])
    return owners[:count][is_whole], hashes[is_whole]
