"""Ids by the million as what their digits write: half a byte a digit, where a text takes one and 16 more for its place.

Ids are SHA-256, whole or the first digits, in lower case: as bytes they sort as they do as texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

PAGE_ID_BYTES: Final = 32
# One element an id, of as many bytes as its digits write.
Packed = npt.NDArray[np.bytes_]


def packed(ids: pl.Series, byte_count: int) -> Packed:
    """Ids of twice `byte_count` digits without nulls, in their order. ValueError where one has other characters."""
    raw = ids.str.decode("hex", strict=False)
    if not ((raw.bin.size() == byte_count).all(ignore_nulls=False) or ids.is_empty()):
        raise ValueError(f"{ids.name}: an id is not {2 * byte_count} hexadecimal digits")
    rows = raw.bin.reinterpret(dtype=pl.Array(pl.UInt8, byte_count)).to_numpy()
    return np.ascontiguousarray(rows).reshape(-1).view(f"S{byte_count}")


@dataclass(frozen=True, slots=True)
class HexIds:
    """Distinct ids, ascending."""

    raw: Packed

    @staticmethod
    def ordered(parts: Iterable[Packed], byte_count: int) -> HexIds:
        """The ids of all parts, each of which is in one of them once."""
        return HexIds(np.sort(np.concatenate([np.empty(0, f"S{byte_count}"), *parts])))

    def __len__(self) -> int:
        return len(self.raw)

    def texts(self, places: pl.Series, digits: int | None = None) -> pl.Series:
        """The ids at these places, or their first digits, of an even number; null for null."""
        byte_count = self.raw.itemsize if digits is None else digits // 2
        known = self.raw[places.drop_nulls().to_numpy()]
        rows = known.view(np.uint8).reshape(len(known), self.raw.itemsize)[:, :byte_count]
        buffers = [None, pa.py_buffer(rows.tobytes())]
        raw = pa.FixedSizeBinaryArray.from_buffers(pa.binary(byte_count), len(known), buffers)
        found = pl.Series(places.name, raw, dtype=pl.Binary).bin.encode("hex")
        if not places.null_count():
            return found
        is_known = places.is_not_null()
        rows_of_known = pl.select(pl.when(is_known).then(is_known.cum_sum().cast(pl.Int64) - 1)).to_series()
        return found.gather(rows_of_known).alias(places.name)

    def __getitem__(self, place: int) -> str:
        return self.raw[place : place + 1].tobytes().hex()

    def places(self, ids: pl.Series) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """The place of each id (no nulls), where it is one of these; and whether it is."""
        byte_count = self.raw.itemsize
        decoded = ids.str.decode("hex", strict=False)
        is_id = (decoded.bin.size() == byte_count).fill_null(value=False)
        own = packed(pl.select(pl.when(is_id).then(ids).otherwise(pl.lit("00" * byte_count))).to_series(), byte_count)
        if not len(self.raw):
            return np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=np.bool_)
        places = np.minimum(np.searchsorted(self.raw, own), len(self.raw) - 1)
        return places, (self.raw[places] == own) & is_id.to_numpy()
