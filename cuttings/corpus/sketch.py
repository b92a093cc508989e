"""Which sets resemble each other, without comparing every two: one-permutation MinHash and banding.

A set of 64-bit hashes becomes a row of BINS minima. The share of bins in which two rows agree estimates the Jaccard
similarity of their sets (standard error at most 0.045); rows that agree in one whole band are candidates and are then
measured. All of it is a function of the sets and of the order of the rows: callers sort rows by key.

Follows Li, Owen, Zhang, "One permutation hashing" (2012); empty bins borrow from the next filled one for banding only,
never in the estimate.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
Sketch = npt.NDArray[np.uint32]  # (rows, BINS)

# 42 bands of 3: of pairs with similarity 0.5, 99.6 % become candidates, with 0.4, 94 %; with 0.2, 29 %, and then fail.
BANDS: Final = 42
ROWS: Final = 3
BINS: Final = BANDS * ROWS
EMPTY: Final = np.uint32(0xFFFFFFFF)

# Odd 64-bit constants of the splitmix64 finaliser (Steele, Lea, Flood 2014).
_MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2: Final = np.uint64(0x94D049BB133111EB)
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_THREADS: Final = 2
_ROWS_AT_ONCE: Final = 32_768  # rows filled in one step: 32,768 × 126 × some 20 bytes = 80 MB
_KEYS_AT_ONCE: Final = 8_388_608  # keys of bands held at once: 67 MB
_PAIRS_AT_ONCE: Final = 65_536  # rows compared in one step: 65,536 × 126 × 4 bytes twice = 66 MB


def mix(values: U64) -> U64:
    """Spread the bits of each value over the whole word; a bijection."""
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    return values ^ (values >> np.uint64(31))


def empty_sketches(row_count: int) -> Sketch:
    """`row_count` sketches of the empty set."""
    return np.full((row_count, BINS), EMPTY, dtype=np.uint32)


def as_sketches(column: pl.Series) -> Sketch:
    """The rows of a column of sketches without nulls."""
    values = column.explode().to_numpy() if len(column) else np.empty(0, np.uint32)
    rows: Sketch = values.astype(np.uint32, copy=False).reshape(len(column), BINS)
    return rows


def sketch(rows: I64, hashes: U64, row_count: int) -> Sketch:
    """One row of minima per set; `rows` says which set each of `hashes` (well mixed) belongs to."""
    result = empty_sketches(row_count)
    bins = ((hashes >> np.uint64(32)) * np.uint64(BINS)) >> np.uint64(32)
    values = np.minimum((hashes & np.uint64(0xFFFFFFFF)).astype(np.uint32), EMPTY - np.uint32(1))
    np.minimum.at(result.reshape(-1), rows * BINS + bins.astype(np.int64), values)
    return result


def similar_pairs(sketches: Sketch, threshold: float, owners: I64 | None = None) -> tuple[I64, I64]:
    """Row numbers (a, b), a < b, of candidates whose estimated similarity is at least `threshold`.

    `owners` tells which of `sketches` each row has, where many have the same one; without it each has its own.

    Within a band, rows that agree are paired with the first of them and with the one before them: a line of work in the
    number of rows, however many agree.
    """
    row_count = len(sketches) if owners is None else len(owners)

    def band_pairs(key: U64) -> list[I64]:
        order = np.argsort(key, kind="stable")
        agrees = np.flatnonzero(key[order[1:]] == key[order[:-1]]) + 1
        starts = np.arange(row_count)
        starts[agrees] = 0
        first = order[np.maximum.accumulate(starts)[agrees]]
        return [first * row_count + order[agrees], order[agrees - 1] * row_count + order[agrees]]

    pairs = np.empty(0, dtype=np.int64)
    bands_at_once = max(_THREADS, _KEYS_AT_ONCE // max(row_count, 1))
    # NumPy lets other threads run; which of them is done first does not show, as the pairs are sorted.
    with ThreadPoolExecutor(_THREADS) as pool:
        for start in range(0, BANDS, bands_at_once):
            keys = _band_keys(sketches, range(start, min(start + bands_at_once, BANDS)))
            of_rows = keys if owners is None else (key[owners] for key in keys)
            found = [one for both in pool.map(band_pairs, of_rows) for one in both]
            # Sorted, not `np.unique`: since NumPy 2.3 that hashes integers, four times slower on so many.
            pairs = np.sort(np.concatenate((pairs, *found)))
            pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    left, right = np.divmod(pairs, max(row_count, 1))
    if owners is None:
        is_alike = _are_alike(sketches, left, right, threshold)
    else:
        both, place = np.unique(owners[left] * len(sketches) + owners[right], return_inverse=True)
        is_alike = _are_alike(sketches, *np.divmod(both, max(len(sketches), 1)), threshold)[place]
    return left[is_alike], right[is_alike]


def _are_alike(sketches: Sketch, left: I64, right: I64, threshold: float) -> npt.NDArray[np.bool_]:
    is_alike = np.zeros(len(left), dtype=np.bool_)
    for start in range(0, len(left), _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        is_alike[part] = _similarity(sketches[left[part]], sketches[right[part]]) >= threshold
    return is_alike


def _band_keys(sketches: Sketch, bands: range) -> U64:
    """One key a row of each of these bands, (bands, rows); rows that agree in a whole band have the same key."""
    keys = np.zeros((len(bands), len(sketches)), dtype=np.uint64)
    for start in range(0, len(sketches), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        filled = _densified(sketches[rows])
        for key, band in zip(keys, bands, strict=True):
            for column in filled[:, band * ROWS : (band + 1) * ROWS].T:
                key[rows] = mix((key[rows] ^ column) + _STEP)
    return keys


def components(row_count: int, left: I64, right: I64) -> I64:
    """For each row the smallest row it is connected with through the pairs (left, right)."""
    label = np.arange(row_count)
    while True:
        low = np.minimum(label[left], label[right])
        before = label.copy()
        for side in (left, right):
            np.minimum.at(label, label[side], low)
            np.minimum.at(label, side, low)
        label = label[label]  # twice as far in each round: a chain of n rows takes about log n of them
        if np.array_equal(label, before):
            return label


def _densified(sketches: Sketch) -> Sketch:
    """Each empty bin takes the value of the next filled one, cyclically."""
    twice = np.concatenate((sketches, sketches), axis=1)
    place = np.where(twice != EMPTY, np.arange(2 * BINS, dtype=np.int16), np.int16(2 * BINS - 1))
    following = np.minimum.accumulate(place[:, ::-1], axis=1)[:, ::-1][:, :BINS]
    filled: Sketch = twice[np.arange(len(sketches))[:, None], following]
    return filled


def _similarity(left: Sketch, right: Sketch) -> npt.NDArray[np.float64]:
    is_filled = (left != EMPTY) | (right != EMPTY)
    agrees = (left == right) & is_filled
    similarity: npt.NDArray[np.float64] = agrees.sum(axis=1) / np.maximum(is_filled.sum(axis=1), 1)
    return similarity
