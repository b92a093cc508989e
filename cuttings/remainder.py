"""What a scan found, without what is forgotten: the tombstones' place in a run, between the sources and the cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

import polars as pl

from cuttings import corpus, sources, store
from cuttings.contract import CAPTURE_SOURCES, DISPOSITIONS
from cuttings.corpus import Tombstones

# Columns of `files` of a list that is closed, or hardly grows: a number a row in the place of a text.
_CLOSED: Final[Mapping[str, pl.DataType]] = {
    "source_label": pl.Categorical(),
    "captured_from": pl.Enum(CAPTURE_SOURCES),
    "disposition": pl.Enum(DISPOSITIONS),
    "reason": pl.Categorical(),
}


class Remainder:
    """A scan as the steps of a run see it. Without tombstones it is the scan itself.

    Every object is still counted, a forgotten one as refused: the conservation law is about what was discovered.
    """

    def __init__(self, scan: sources.Scan, tombstones: Tombstones) -> None:
        self._scan = scan
        self._tombstones = tombstones
        self._killers: dict[str, str] = {}  # pages that killed the process that cut them, and what it died of
        self._pages_of_sources: set[str] = set()  # pages whose primary turned out to be of a forgotten source

    @property
    def warnings(self) -> tuple[str, ...]:
        """As of the scan."""
        return self._scan.warnings

    @property
    def discovered_count(self) -> int:
        """Objects, as of the scan."""
        return self._scan.discovered_count

    @property
    def discovered_bytes(self) -> int:
        """Their bytes, as of the scan."""
        return self._scan.discovered_bytes

    @property
    def page_count(self) -> int:
        """Distinct pages, as of the scan."""
        return self._scan.page_count

    @property
    def page_bytes(self) -> int:
        """Bytes of the distinct pages, as of the scan."""
        return self._scan.page_bytes

    @property
    def inputs_digest(self) -> str:
        """Of the objects and of the tombstones: what is forgotten changes what a run makes of the same objects."""
        return store.with_tombstones(self._scan.inputs_digest, self._tombstones)

    def tables(self, page_ids: corpus.HexIds, aside: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """`files` and `quarantine` as of the scan; forgotten objects are refused and tell nothing of themselves, and
        those of pages set aside are quarantined.

        A page_id is a place in `page_ids`; content_sha256 is told where the content is no page.
        """
        parts: list[pl.DataFrame] = []
        quarantined: list[pl.DataFrame] = []
        for tables in self._tables():
            files, quarantine = corpus.set_aside(*tables, aside)
            parts.append(_narrow(corpus.numbered("files", files, page_ids)))
            quarantined.append(quarantine)
        return pl.concat(parts, rechunk=True), pl.concat(quarantined)

    def _tables(self) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """Both, of some objects after others, with nothing set aside but what killed its worker."""
        contents = self._contents | self._pages_of_sources
        withheld = _killer_rows(self._killers)
        for files, quarantine in self._scan.tables():
            tables = corpus.set_aside(files, quarantine, withheld) if withheld.height else (files, quarantine)
            if contents or self._tombstones.objects:
                tables = corpus.without_objects(*tables, contents, self._tombstones.objects)
            yield tables

    @property
    def page_ids(self) -> corpus.HexIds:
        """Ids of the distinct pages that are neither forgotten nor killers of their worker."""
        left_out = pl.Series(sorted(self._contents | self._killers.keys()), dtype=pl.String).implode()
        some = (pl.Series(ids, dtype=pl.String) for ids in self._scan.page_ids)
        kept = (ids.filter(~ids.is_in(left_out)) for ids in some)
        return corpus.HexIds.ordered((corpus.packed(ids, corpus.PAGE_ID_BYTES) for ids in kept), corpus.PAGE_ID_BYTES)

    def batches(self, known: sources.Known) -> Iterator[sources.Batch]:
        """The pages that are neither forgotten nor `known`, in batches."""
        for batch in self._scan.batches(known=known):
            pairs = zip(batch.page_ids, batch.raws, strict=True)
            kept = [(page_id, raw) for page_id, raw in pairs if page_id not in self._contents]
            if kept:
                yield sources.Batch([page_id for page_id, _ in kept], [raw for _, raw in kept])

    def quarantined_bytes(self) -> Iterator[tuple[str, bytes]]:
        """As of the scan, without what is forgotten."""
        return (content for content in self._scan.quarantined_bytes() if content[0] not in self._contents)

    def contents(self, page_ids: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """As of the scan."""
        return self._scan.contents(page_ids)

    @property
    def tombstones(self) -> Tombstones:
        """What is forgotten."""
        return self._tombstones

    def set_killers_aside(self, killers: Mapping[str, str]) -> None:
        """Quarantine pages that killed the process that cut them, each with the name of what it died of."""
        self._killers.update(killers)

    @property
    def killers(self) -> list[str]:
        """Ids of the pages that killed the process that cut them."""
        return sorted(self._killers)

    def leave_out(self, page_ids: Iterable[str]) -> None:
        """Take pages whose primary turned out to be of a forgotten source for forgotten."""
        self._pages_of_sources.update(page_ids)

    @cached_property
    def _contents(self) -> frozenset[str]:
        """sha256 of all forgotten bytes: those named, and those that now stand under a forgotten name."""
        if not self._tombstones.objects:
            return self._tombstones.pages
        is_named = pl.col("file_id").is_in(sorted(self._tombstones.objects))
        of_names = (files.filter(is_named).get_column("content_sha256") for files, _ in self._scan.tables())
        return self._tombstones.pages.union(*(found.drop_nulls() for found in of_names))


def _narrow(files: pl.DataFrame) -> pl.DataFrame:
    """`files` as they can be held by the million: what few values are in takes a byte, what a page tells no digest."""
    return files.with_columns(
        pl.when(pl.col("page_id").is_null()).then("content_sha256").alias("content_sha256"),
        *(pl.col(name).cast(kind) for name, kind in _CLOSED.items()),
    )


def _killer_rows(killers: Mapping[str, str]) -> pl.DataFrame:
    detail = "cutting it ended its process; it was tried alone, and the other pages of its batch were cut"
    return corpus.withheld_pages(
        (page_id, "cut", f"worker_died:{reason}", detail, True) for page_id, reason in sorted(killers.items())
    )
