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
SKETCH_TYPE: Final = pl.Array(pl.UInt32, BINS)


def sketches(texts: pl.Series) -> pl.Series:
    """One sketch a text as a column, null where the text has fewer than LEAST_SHINGLES shingles."""
    found, counts = sketch_texts(texts)
    column = pl.Series(texts.name, found, dtype=SKETCH_TYPE)
    return column.to_frame().select(pl.when(pl.Series(counts >= LEAST_SHINGLES)).then(pl.first())).to_series()


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
