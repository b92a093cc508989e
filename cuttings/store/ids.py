"""Ids of pages by the million: fixed bytes one after the other, where a text of Python takes twice as many and a place.

Ids are ASCII, so they sort as bytes as they do as texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cuttings.corpus import HexIds

Ids = npt.NDArray[np.bytes_]
PageIds = Sequence[str] | pl.Series | HexIds
_CHARS_AT_ONCE = 65_536


def packed(ids: PageIds) -> Ids:
    """Ids as bytes of one length, in the same order."""
    starts = range(0, len(ids), _CHARS_AT_ONCE)
    parts: list[npt.NDArray[Any]] = [_some(ids, start, min(start + _CHARS_AT_ONCE, len(ids))) for start in starts]
    return np.concatenate(parts) if parts else np.empty(0, dtype="S1")


def _some(ids: PageIds, start: int, end: int) -> npt.NDArray[Any]:
    if isinstance(ids, HexIds):
        raw = ids.raw[start:end]
        return np.frombuffer(raw.tobytes().hex().encode("ascii"), dtype=f"S{2 * raw.itemsize}")
    return np.array(list(ids[start:end]), dtype=np.bytes_)


@dataclass(frozen=True, slots=True)
class PageIndex:
    """In which of some shards each page is; in the first, where it is in several. `page_ids` are ascending."""

    page_ids: Ids
    owners: npt.NDArray[np.int32]

    @staticmethod
    def empty() -> PageIndex:
        """The index of no shards."""
        return PageIndex(packed([]), np.empty(0, dtype=np.int32))

    def with_shards(self, shards: Sequence[Ids], first_place: int) -> PageIndex:
        """The index with more shards, the first of them at that place, by the ids of their pages."""
        places = np.arange(first_place, first_place + len(shards), dtype=np.int32)
        owners = np.concatenate((self.owners, np.repeat(places, [len(shard) for shard in shards])))
        page_ids, first = np.unique(np.concatenate((self.page_ids, *shards)), return_index=True)
        return PageIndex(page_ids, owners[first])

    def without_shards(self, is_gone: npt.NDArray[np.bool_]) -> PageIndex:
        """The index without some shards, of each of which `is_gone` tells; the others move up."""
        is_left = ~is_gone[self.owners]
        places = (np.cumsum(~is_gone) - 1).astype(np.int32)
        return PageIndex(self.page_ids[is_left], places[self.owners[is_left]])

    def shards_of(self, page_ids: Ids) -> npt.NDArray[np.int32]:
        """The place of the shard of each page; -1 for one that is in none."""
        if not len(self.page_ids):
            return np.full(len(page_ids), -1, dtype=np.int32)
        places = np.minimum(np.searchsorted(self.page_ids, page_ids), len(self.page_ids) - 1)
        return np.where(self.page_ids[places] == page_ids, self.owners[places], np.int32(-1))
